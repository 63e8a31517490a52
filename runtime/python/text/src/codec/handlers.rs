//! The error handlers that CPython builds in, all but `namereplace`.

use std::fmt::Write;

use super::{Codec, CodecError, wide};
use crate::repr::push_escape;
use crate::{TextBuilder, Units};

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Handler {
    /// Nothing: it is raised.
    Strict,
    Ignore,
    Replace,
    BackslashReplace,
    SurrogateEscape,
    SurrogatePass,
    /// Encoding only; decoding has no such handler (a TypeError: "don't know how to handle UnicodeDecodeError in
    /// error callback"), and [`super::decode`] takes it as strict.
    XmlCharRefReplace,
}

impl Handler {
    /// The handler of a name; programs may have registered others.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "strict" => Handler::Strict,
            "ignore" => Handler::Ignore,
            "replace" => Handler::Replace,
            "backslashreplace" => Handler::BackslashReplace,
            "surrogateescape" => Handler::SurrogateEscape,
            "surrogatepass" => Handler::SurrogatePass,
            "xmlcharrefreplace" => Handler::XmlCharRefReplace,
            _ => return None,
        })
    }
}

/// Adds what an encoding handler returned: bytes as they are, text encoded. False, with nothing added, if it cannot
/// stand in this encoding: then the error is raised.
pub fn push_replacement(codec: Codec, replacement: Replacement<'_>, out: &mut TextBuilder) -> bool {
    match replacement {
        Replacement::Bytes(bytes) => {
            let whole = bytes.len() % codec.unit() == 0;
            if whole {
                out.push_units(Units::One(bytes));
            }
            whole
        }
        Replacement::Text(text) => {
            // Only ASCII may stand for what cannot be encoded, but for the 256 characters of Latin-1.
            let fits = text.is_ascii() || codec == Codec::Latin1 && text.max() < 0x100;
            if fits {
                for point in text.points() {
                    match codec {
                        Codec::Utf16(order) => wide::push_point_16(point, order, out),
                        Codec::Utf32(order) => wide::push_32(point, order, out),
                        _ => out.push(point),
                    }
                }
            }
            fits
        }
    }
}

/// What an encoding handler may return.
#[derive(Clone, Copy, Debug)]
pub enum Replacement<'a> {
    Bytes(&'a [u8]),
    Text(Units<'a>),
}

/// What a handler makes of an error of encoding.
pub(super) enum Made {
    /// Text, to be encoded.
    Text(TextBuilder<'static>),
    Bytes(Vec<u8>),
}

/// Puts in, by `put`, what stands for an error of encoding, and says where to go on, or what is to be raised: the error
/// without the bytes that `surrogateescape` found at its beginning. `codec` is none for a table (whose error stays whole).
pub(super) fn encode(
    handler: Handler,
    codec: Option<Codec>,
    text: Units<'_>,
    error: CodecError,
    out: &mut TextBuilder,
    put: impl FnOnce(Made, &mut TextBuilder) -> bool,
) -> Result<usize, CodecError> {
    let bad = text.slice(error.start..error.end);
    if make(handler, codec, bad).is_some_and(|made| put(made, out)) {
        return Ok(error.end);
    }
    let smuggled = match handler {
        Handler::SurrogateEscape if codec.is_some() => {
            bad.points().position(|point| !(0xDC80..0xDD00).contains(&point))
        }
        _ => None,
    };
    Err(CodecError { start: error.start + smuggled.unwrap_or(0), ..error })
}

/// `None` if the error is to be raised.
fn make(handler: Handler, codec: Option<Codec>, bad: Units<'_>) -> Option<Made> {
    let mut made = TextBuilder::new();
    match handler {
        Handler::Strict => return None,
        Handler::Ignore => {}
        Handler::Replace => made.push_repeated(u32::from('?'), bad.len()),
        Handler::BackslashReplace => bad.points().for_each(|point| push_escape(point, &mut made)),
        Handler::XmlCharRefReplace => {
            for point in bad.points() {
                // Writing to a builder does not fail.
                let _ = write!(made, "&#{point};");
            }
        }
        Handler::SurrogateEscape => {
            for point in bad.points() {
                match point {
                    0xDC80..0xDD00 => made.push(point - 0xDC00),
                    _ => return None,
                }
            }
            return Some(Made::Bytes(made.finish_bytes().ok()?));
        }
        Handler::SurrogatePass => {
            for point in bad.points() {
                match (codec?, point) {
                    (Codec::Utf8, 0xD800..0xE000) => made.push_units(Units::One(&[
                        0xED,
                        0x80 | (point >> 6 & 0x3F) as u8,
                        0x80 | (point & 0x3F) as u8,
                    ])),
                    (Codec::Utf16(order), 0xD800..0xE000) => wide::push_point_16(point, order, &mut made),
                    (Codec::Utf32(order), 0xD800..0xE000) => wide::push_32(point, order, &mut made),
                    _ => return None,
                }
            }
            return Some(Made::Bytes(made.finish_bytes().ok()?));
        }
    }
    Some(Made::Text(made))
}

/// Puts in what stands for an error of decoding, and says where to go on; `None` if it is to be raised.
pub(super) fn decode(
    handler: Handler,
    codec: Option<Codec>,
    bytes: &[u8],
    error: CodecError,
    out: &mut TextBuilder,
) -> Option<usize> {
    let CodecError { start, end, .. } = error;
    let bad = bytes.get(start..end)?;
    match handler {
        Handler::Strict | Handler::XmlCharRefReplace => None,
        Handler::Ignore => Some(end),
        Handler::Replace => {
            out.push(0xFFFD);
            Some(end)
        }
        Handler::BackslashReplace => {
            bad.iter().for_each(|&byte| push_escape(byte.into(), out));
            Some(end)
        }
        Handler::SurrogateEscape => {
            // ASCII bytes are never smuggled, so the decoder goes on at the first.
            let escaped = bad.iter().take(4).take_while(|byte| !byte.is_ascii());
            let count = escaped.clone().count();
            escaped.for_each(|&byte| out.push(0xDC00 + u32::from(byte)));
            (count > 0).then_some(start + count)
        }
        Handler::SurrogatePass => {
            let rest = &bytes[start..];
            let (point, length) = match codec? {
                Codec::Utf8 => match *rest {
                    [0xED, second @ 0xA0..0xC0, third @ 0x80..0xC0, ..] => {
                        (0xD000 | u32::from(second & 0x3F) << 6 | u32::from(third & 0x3F), 3)
                    }
                    _ => return None,
                },
                Codec::Utf16(order) => (u32::from(wide::unit_16(*rest.first_chunk()?, order)), 2),
                Codec::Utf32(order) => (wide::unit_32(*rest.first_chunk()?, order), 4),
                _ => return None,
            };
            (0xD800..0xE000).contains(&point).then(|| {
                out.push(point);
                start + length
            })
        }
    }
}
