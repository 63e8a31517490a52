//! Escapes as in literals of `bytes`: `codecs.escape_decode` and `codecs.escape_encode`, which old pickles need.

use std::fmt::Write;

use super::Handler;
use crate::error::Error;
use crate::{TextBuilder, Units};

/// Replaces escapes by the bytes they mean. The handler (strict, `Replace` or `Ignore`) is for `\x` without two digits;
/// for what means nothing see [`super::first_invalid_escape`].
///
/// # Errors
/// A ValueError.
pub fn decode_bytes_escapes(bytes: &[u8], handler: Handler, out: &mut TextBuilder) -> Result<(), Error> {
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        out.push_units(Units::One(&rest[..plain]));
        at += plain;
        if at == bytes.len() {
            break;
        }
        let Some(&letter) = bytes.get(at + 1) else { return Err(Error::value("Trailing \\ in string")) };
        let start = at;
        at += 2;
        match letter {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(letter.into()),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b't' => out.push(9),
            b'n' => out.push(10),
            b'v' => out.push(11),
            b'f' => out.push(12),
            b'r' => out.push(13),
            b'0'..=b'7' => {
                let mut value = u32::from(letter - b'0');
                for _ in 0..2 {
                    if let Some(digit @ b'0'..=b'7') = bytes.get(at) {
                        value = value << 3 | u32::from(digit - b'0');
                        at += 1;
                    }
                }
                out.push(value & 0xFF);
            }
            b'x' => {
                let digit = |index: usize| bytes.get(index).and_then(|&byte| char::from(byte).to_digit(16));
                match (digit(at), digit(at + 1)) {
                    (Some(high), Some(low)) => {
                        out.push(high << 4 | low);
                        at += 2;
                        continue;
                    }
                    (Some(_), None) => at += 1,
                    _ => {}
                }
                match handler {
                    Handler::Replace => out.push(u32::from('?')),
                    Handler::Ignore => {}
                    _ => return Err(Error::value(&format!("invalid \\x escape at position {start}"))),
                }
            }
            _ => {
                // The letter may be anything but a backslash, so it comes with what follows.
                out.push(u32::from('\\'));
                at -= 1;
            }
        }
    }
    Ok(())
}

/// Escapes what is not printable ASCII, backslashes and single quotes.
pub fn encode_bytes_escapes(bytes: &[u8], out: &mut TextBuilder) {
    for &byte in bytes {
        match byte {
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\\' => out.push_str("\\\\"),
            b'\'' => out.push_str("\\'"),
            b' '..=b'~' => out.push(byte.into()),
            _ => {
                // Writing to a builder does not fail.
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
}
