//! The codecs of Python's own escapes: `unicode_escape` and `raw_unicode_escape`. Bytes beyond ASCII are Latin-1.

use crate::repr::push_escape;
use crate::units::{Unit, Units, each_width};
use crate::{TextBuilder, unicode};

type DecodeResult = Result<usize, (usize, usize, &'static str)>;

/// Nothing is left out: all that is not printable ASCII is escaped, and the backslash.
pub(super) fn encode(text: Units<'_>, from: usize, out: &mut TextBuilder) {
    for point in text.slice(from..text.len()).points() {
        match point {
            0x09 => out.push_str("\\t"),
            0x0A => out.push_str("\\n"),
            0x0D => out.push_str("\\r"),
            0x5C => out.push_str("\\\\"),
            0x20..0x7F => out.push(point),
            _ => push_escape(point, out),
        }
        if out.refuses() {
            return;
        }
    }
}

/// Escapes what is no byte, but no backslash.
pub(super) fn encode_raw(text: Units<'_>, from: usize, out: &mut TextBuilder) {
    each_width!(text, units => {
        for unit in units.get(from..).unwrap_or_default() {
            match unit.point() {
                point @ 0..0x100 => out.push(point),
                point => push_escape(point, out),
            }
            if out.refuses() {
                return;
            }
        }
    });
}

/// The hexadecimal number of `count` digits from an index on, or where it breaks off: at a byte that is no digit, or
/// at the end.
fn hexadecimal(bytes: &[u8], from: usize, count: usize) -> Result<u32, usize> {
    (from..from + count).try_fold(0, |value: u32, index| {
        let digit = bytes.get(index).and_then(|&byte| char::from(byte).to_digit(16)).ok_or(index)?;
        Ok(value << 4 | digit)
    })
}

/// Whose escapes: `str` has more of them than `bytes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escapes {
    Text,
    Bytes,
}

/// The place of the first escape that means nothing (it stays as it is): a DeprecationWarning "invalid escape sequence
/// '\c'", or "invalid octal escape sequence '\ooo'" for an octal one above 0o377, which means its code point.
pub fn first_invalid_escape(bytes: &[u8], escapes: Escapes) -> Option<(usize, bool)> {
    let mut at = 0;
    loop {
        at += memchr::memchr(b'\\', bytes.get(at..)?)?;
        match bytes.get(at + 1)? {
            b'4'..=b'7' if matches!(bytes.get(at + 2..at + 4), Some([b'0'..=b'7', b'0'..=b'7'])) => {
                return Some((at, true));
            }
            b'\n' | b'\\' | b'\'' | b'"' | b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'0'..=b'7' | b'x' => {
                at += 2
            }
            b'u' | b'U' | b'N' if escapes == Escapes::Text => at += 2,
            _ => return Some((at, false)),
        }
    }
}

pub(super) fn decode(bytes: &[u8], from: usize, complete: bool, out: &mut TextBuilder) -> DecodeResult {
    let mut at = from;
    loop {
        let rest = &bytes[at..];
        let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        out.push_units(Units::One(&rest[..plain]));
        at += plain;
        if at == bytes.len() || out.refuses() {
            return Ok(at);
        }
        let start = at;
        let failed = |at: usize, message| {
            if at >= bytes.len() && !complete { Ok(start) } else { Err((start, at.min(bytes.len()), message)) }
        };
        let Some(&letter) = bytes.get(at + 1) else { return failed(at + 1, "\\ at end of string") };
        at += 2;
        let simple = match letter {
            b'\n' => continue,
            b'\\' | b'\'' | b'"' => letter,
            b'a' => 7,
            b'b' => 8,
            b't' => 9,
            b'n' => 10,
            b'v' => 11,
            b'f' => 12,
            b'r' => 13,
            b'0'..=b'7' => {
                let mut value = u32::from(letter - b'0');
                for _ in 0..2 {
                    if let Some(digit @ b'0'..=b'7') = bytes.get(at) {
                        value = value << 3 | u32::from(digit - b'0');
                        at += 1;
                    }
                }
                out.push(value);
                continue;
            }
            b'x' | b'u' | b'U' => {
                let (count, message) = match letter {
                    b'x' => (2, "truncated \\xXX escape"),
                    b'u' => (4, "truncated \\uXXXX escape"),
                    _ => (8, "truncated \\UXXXXXXXX escape"),
                };
                match hexadecimal(bytes, at, count) {
                    Ok(point @ 0..0x11_0000) => out.push(point),
                    Ok(_) => return Err((start, at + count, "illegal Unicode character")),
                    Err(index) => return failed(index, message),
                }
                at += count;
                continue;
            }
            b'N' => {
                let malformed = "malformed \\N character escape";
                if bytes.get(at) != Some(&b'{') {
                    return failed(at, malformed);
                }
                let name = &bytes[at + 1..];
                let Some(length) = memchr::memchr(b'}', name) else { return failed(bytes.len(), malformed) };
                if length == 0 {
                    return Err((start, at + 1, malformed));
                }
                at += length + 2;
                let named = std::str::from_utf8(&name[..length]).ok().and_then(unicode::character_named);
                match named {
                    Some(c) => out.push(c.into()),
                    None => return Err((start, at, "unknown Unicode character name")),
                }
                continue;
            }
            _ => {
                out.push(u32::from('\\'));
                letter
            }
        };
        out.push(simple.into());
    }
}

pub(super) fn decode_raw(bytes: &[u8], from: usize, complete: bool, out: &mut TextBuilder) -> DecodeResult {
    let mut at = from;
    loop {
        let rest = &bytes[at..];
        let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        out.push_units(Units::One(&rest[..plain]));
        at += plain;
        if out.refuses() {
            return Ok(at);
        }
        let start = at;
        let (count, message) = match bytes[at..] {
            [] => return Ok(at),
            [_] if !complete => return Ok(start),
            [_, b'u', ..] => (4, "truncated \\uXXXX escape"),
            [_, b'U', ..] => (8, "truncated \\UXXXXXXXX escape"),
            [_, ..] => {
                // With what follows, which may be a backslash.
                let length = 2.min(bytes.len() - at);
                out.push_units(Units::One(&bytes[at..at + length]));
                at += length;
                continue;
            }
        };
        match hexadecimal(bytes, at + 2, count) {
            Ok(point @ 0..0x11_0000) => out.push(point),
            Ok(_) => return Err((start, at + 2 + count, "\\Uxxxxxxxx out of range")),
            Err(index) if index >= bytes.len() && !complete => return Ok(start),
            Err(index) => return Err((start, index.min(bytes.len()), message)),
        }
        at += 2 + count;
    }
}
