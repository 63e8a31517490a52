//! Encodings of `str` as bytes: UTF-8, UTF-7, ASCII, Latin-1, UTF-16, UTF-32, Python's escapes, tables.
//!
//! [`encode_step`] and [`decode_step`] go on until something cannot be converted, and say where, in CPython's terms of
//! start, end and reason; then an error handler decides what stands for it and where to go on. [`encode`] and
//! [`decode`] do that with the handlers built in; for those that a program registered the caller loops:
//!
//! 1. a step; if it is `Ok`, that was all;
//! 2. call the handler with the error; it gives a replacement and a position;
//! 3. put the replacement in ([`push_replacement`] for encoding; any text for decoding);
//! 4. a step from the position.
//!
//! Bytes in the making are a [`TextBuilder`]'s one-byte units.

mod bytes_escape;
mod charmap;
mod escape;
mod handlers;
mod narrow;
mod utf7;
mod utf8;
mod wide;

pub use bytes_escape::{decode_bytes_escapes, encode_bytes_escapes};
pub use charmap::{EncodingTable, decode_table, decode_table_step};
pub use escape::{Escapes, first_invalid_escape};
pub use handlers::{Handler, Replacement, push_replacement};

use handlers::Made;

use crate::{TextBuilder, Units};

/// The order of the bytes of a wide unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// Little-endian behind a byte order mark, which is written, and may say otherwise when read.
    Marked,
    Little,
    Big,
}

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    Utf8,
    /// RFC 2152: ASCII, and UTF-16 in base 64; encoding cannot fail.
    Utf7,
    Ascii,
    Latin1,
    Utf16(ByteOrder),
    Utf32(ByteOrder),
    /// As in literals of `str`; encoding cannot fail.
    UnicodeEscape,
    /// As in raw literals of long ago: `\u` and `\U` only; encoding cannot fail.
    RawUnicodeEscape,
}

impl Codec {
    /// The name that errors give.
    pub fn name(self) -> &'static str {
        match self {
            Codec::Utf8 => "utf-8",
            Codec::Utf7 => "utf7",
            Codec::Ascii => "ascii",
            Codec::Latin1 => "latin-1",
            Codec::Utf16(ByteOrder::Marked) => "utf-16",
            Codec::Utf16(ByteOrder::Little) => "utf-16-le",
            Codec::Utf16(ByteOrder::Big) => "utf-16-be",
            Codec::Utf32(ByteOrder::Marked) => "utf-32",
            Codec::Utf32(ByteOrder::Little) => "utf-32-le",
            Codec::Utf32(ByteOrder::Big) => "utf-32-be",
            Codec::UnicodeEscape => "unicodeescape",
            Codec::RawUnicodeEscape => "rawunicodeescape",
        }
    }

    /// Bytes of a code unit.
    fn unit(self) -> usize {
        match self {
            Codec::Utf16(_) => 2,
            Codec::Utf32(_) => 4,
            _ => 1,
        }
    }

    /// The codec for what stands behind a byte order mark at the beginning of `bytes`, and the mark's length; without
    /// one, little-endian. Codecs that have no mark are returned as they are.
    #[must_use]
    pub fn resolve(self, bytes: &[u8]) -> (Self, usize) {
        match self {
            Codec::Utf16(ByteOrder::Marked) => match bytes {
                [0xFF, 0xFE, ..] => (Codec::Utf16(ByteOrder::Little), 2),
                [0xFE, 0xFF, ..] => (Codec::Utf16(ByteOrder::Big), 2),
                _ => (Codec::Utf16(ByteOrder::Little), 0),
            },
            Codec::Utf32(ByteOrder::Marked) => match bytes {
                [0xFF, 0xFE, 0, 0, ..] => (Codec::Utf32(ByteOrder::Little), 4),
                [0, 0, 0xFE, 0xFF, ..] => (Codec::Utf32(ByteOrder::Big), 4),
                _ => (Codec::Utf32(ByteOrder::Little), 0),
            },
            _ => (self, 0),
        }
    }
}

/// What could not be converted: the attributes of a `UnicodeEncodeError` or `UnicodeDecodeError`, whose other one is
/// the whole input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodecError {
    pub encoding: &'static str,
    /// Index of the first code point or byte.
    pub start: usize,
    /// One beyond the last.
    pub end: usize,
    pub reason: &'static str,
}

/// Encodes from the code point at `from` on, until the end or an error. A byte order mark is not written.
///
/// # Errors
/// What cannot be encoded.
pub fn encode_step(codec: Codec, text: Units<'_>, from: usize, out: &mut TextBuilder) -> Result<(), CodecError> {
    let found = match codec {
        Codec::Utf8 => utf8::encode(text, from, out),
        Codec::Utf7 => {
            utf7::encode(text, from, out);
            Ok(())
        }
        Codec::Ascii => narrow::encode(text, from, 0x80, out),
        Codec::Latin1 => narrow::encode(text, from, 0x100, out),
        Codec::Utf16(order) => wide::encode_16(text, from, order, out),
        Codec::Utf32(order) => wide::encode_32(text, from, order, out),
        Codec::UnicodeEscape => {
            escape::encode(text, from, out);
            Ok(())
        }
        Codec::RawUnicodeEscape => {
            escape::encode_raw(text, from, out);
            Ok(())
        }
    };
    // What is refused has no errors of its own.
    if out.refuses() {
        return Ok(());
    }
    found.map_err(|(start, end)| CodecError {
        encoding: codec.name(),
        start,
        end,
        reason: match codec {
            Codec::Ascii => "ordinal not in range(128)",
            Codec::Latin1 => "ordinal not in range(256)",
            _ => "surrogates not allowed",
        },
    })
}

/// Encodes a whole text, the byte order mark included.
///
/// # Errors
/// What cannot be encoded and the handler does not replace.
pub fn encode(codec: Codec, text: Units<'_>, handler: Handler, out: &mut TextBuilder) -> Result<(), CodecError> {
    match codec {
        Codec::Utf16(ByteOrder::Marked) => out.push_units(Units::One(&[0xFF, 0xFE])),
        Codec::Utf32(ByteOrder::Marked) => out.push_units(Units::One(&[0xFF, 0xFE, 0, 0])),
        _ => {}
    }
    let mut from = 0;
    while let Err(error) = encode_step(codec, text, from, out) {
        let put = |made: Made, out: &mut TextBuilder| match &made {
            Made::Text(made) => push_replacement(codec, Replacement::Text(made.units()), out),
            Made::Bytes(made) => push_replacement(codec, Replacement::Bytes(made), out),
        };
        from = handlers::encode(handler, Some(codec), text, error, out, put)?;
    }
    Ok(())
}

/// Decodes from the byte at `from` on, until the end or an error, and says how far it came: if the input is not
/// `complete`, a character cut off at its end is left.
///
/// # Errors
/// What is no character. Reasons and positions are CPython's.
pub fn decode_step(
    codec: Codec,
    bytes: &[u8],
    from: usize,
    complete: bool,
    out: &mut TextBuilder,
) -> Result<usize, CodecError> {
    let from = from.min(bytes.len());
    let found = match codec {
        Codec::Utf8 => utf8::decode(bytes, from, complete, out),
        Codec::Utf7 => utf7::decode(bytes, from, complete, out),
        Codec::Ascii => narrow::decode_ascii(bytes, from, out),
        Codec::Latin1 => {
            out.push_units(Units::One(&bytes[from..]));
            Ok(bytes.len())
        }
        Codec::Utf16(order) => wide::decode_16(bytes, from, order, complete, out),
        Codec::Utf32(order) => wide::decode_32(bytes, from, order, complete, out),
        Codec::UnicodeEscape => escape::decode(bytes, from, complete, out),
        Codec::RawUnicodeEscape => escape::decode_raw(bytes, from, complete, out),
    };
    if out.refuses() {
        return Ok(bytes.len());
    }
    found.map_err(|(start, end, reason)| {
        // A mark that says nothing is little-endian by then.
        let codec = codec.resolve(&[]).0;
        CodecError { encoding: codec.name(), start, end, reason }
    })
}

/// Decodes bytes, a byte order mark included, and says how many it used (all, if they are `complete`).
///
/// # Errors
/// What is no character and the handler does not replace.
pub fn decode(
    codec: Codec,
    bytes: &[u8],
    handler: Handler,
    complete: bool,
    out: &mut TextBuilder,
) -> Result<usize, CodecError> {
    let (codec, mut from) = codec.resolve(bytes);
    loop {
        match decode_step(codec, bytes, from, complete, out) {
            Ok(used) => return Ok(used),
            Err(error) => from = handlers::decode(handler, Some(codec), bytes, error, out).ok_or(error)?,
        }
    }
}
