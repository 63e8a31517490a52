//! `repr` of `str` and `bytes`, `ascii()`, `bytes.hex` and `bytes.fromhex`.

use crate::unicode::is_printable;
use crate::{TextBuilder, Units};

const HEX: &[u8; 16] = b"0123456789abcdef";

/// Adds `\xhh`, `\uhhhh` or `\Uhhhhhhhh`.
pub fn push_escape(point: u32, out: &mut TextBuilder) {
    let (letter, digits) = match point {
        0..0x100 => (b'x', 2),
        0x100..0x1_0000 => (b'u', 4),
        _ => (b'U', 8),
    };
    out.push_units(Units::One(&[b'\\', letter]));
    for digit in (0..digits).rev() {
        out.push(HEX[(point >> (4 * digit) & 0xF) as usize].into());
    }
}

/// Single quotes, unless only double ones save escaping.
fn quote_for(text: Units<'_>) -> u32 {
    let (mut single, mut double) = (false, false);
    for point in text.points() {
        single |= point == u32::from('\'');
        double |= point == u32::from('"');
    }
    u32::from(if single && !double { '"' } else { '\'' })
}

/// Adds what has an escape of its own; false for what has not.
fn push_quoted(point: u32, quote: u32, out: &mut TextBuilder) -> bool {
    match char::from_u32(point) {
        Some('\n') => out.push_str("\\n"),
        Some('\r') => out.push_str("\\r"),
        Some('\t') => out.push_str("\\t"),
        Some('\\') => out.push_str("\\\\"),
        _ if point == quote => {
            out.push_str("\\");
            out.push(quote);
        }
        Some(' '..='~') => out.push(point),
        _ => return false,
    }
    true
}

/// `repr` of a `str`.
pub fn push_repr(text: Units<'_>, out: &mut TextBuilder) {
    let quote = quote_for(text);
    out.push(quote);
    for point in text.points() {
        if !push_quoted(point, quote, out) {
            if is_printable(point) {
                out.push(point);
            } else {
                push_escape(point, out);
            }
        }
    }
    out.push(quote);
}

/// `repr` of `bytes`.
pub fn push_bytes_repr(bytes: &[u8], out: &mut TextBuilder) {
    let quote = quote_for(Units::One(bytes));
    out.push_str("b");
    out.push(quote);
    for &byte in bytes {
        if !push_quoted(byte.into(), quote, out) {
            push_escape(byte.into(), out);
        }
    }
    out.push(quote);
}

/// What `ascii()` makes of a `repr`: escapes for all that is not ASCII.
pub fn push_ascii(repr: Units<'_>, out: &mut TextBuilder) {
    if repr.is_ascii() {
        out.push_units(repr);
        return;
    }
    for point in repr.points() {
        if point < 0x80 {
            out.push(point);
        } else {
            push_escape(point, out);
        }
    }
}

/// `bytes.hex`, with a separator after each group of so many bytes: groups count from the right, or from the left for
/// a negative count.
pub fn push_hex(bytes: &[u8], separator: Option<(u8, isize)>, out: &mut TextBuilder) {
    let (separator, group) = separator.unwrap_or((0, 0));
    let size = group.unsigned_abs();
    for (index, &byte) in bytes.iter().enumerate() {
        let place = if group > 0 { bytes.len() - index } else { index };
        if size > 0 && index > 0 && place % size == 0 {
            out.push(separator.into());
        }
        out.push(HEX[usize::from(byte >> 4)].into());
        out.push(HEX[usize::from(byte & 0xF)].into());
    }
}

/// `bytes.fromhex`: pairs of digits, white space between them.
///
/// # Errors
/// The index that a ValueError names: "non-hexadecimal number found in fromhex() arg at position N".
pub fn parse_hex(text: Units<'_>) -> Result<Vec<u8>, usize> {
    // What is not ASCII is found first, wherever it stands.
    if !text.is_ascii() {
        return Err(text.points().position(|point| point >= 0x80).unwrap_or_default());
    }
    let digit = |index: usize| {
        let point = text.get(index).ok_or(index)?;
        char::from_u32(point).and_then(|c| c.to_digit(16)).map(|digit| digit as u8).ok_or(index)
    };
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut index = 0;
    while let Some(point) = text.get(index) {
        if matches!(point, 9..=13 | 32) {
            index += 1;
        } else {
            bytes.push(digit(index)? << 4 | digit(index + 1)?);
            index += 2;
        }
    }
    Ok(bytes)
}
