//! `repr` of `str` and `bytes`, `ascii()`, `bytes.hex` and `bytes.fromhex`.

use python_algorithms::work::BLOCK;

use crate::TextBuilder;
use crate::unicode::is_printable;
use crate::units::{Unit, Units, each_width};

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
fn quote_for<U: Unit>(units: &[U]) -> u32 {
    let has = |quote: u8| U::from_point(quote.into()).is_some_and(|quote| U::find_unit(units, quote).is_some());
    u32::from(if has(b'\'') && !has(b'"') { '"' } else { '\'' })
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
        _ => return false,
    }
    true
}

/// `printable` is asked about what is not ASCII.
fn push_repr_units<U: Unit>(units: &[U], printable: impl Fn(u32) -> bool, out: &mut TextBuilder) {
    let quote = quote_for(units);
    let plain = |unit: &U| {
        let point = unit.point();
        if point < 0x7F { point >= 0x20 && point != quote && point != u32::from('\\') } else { printable(point) }
    };
    out.push(quote);
    let mut rest = units;
    loop {
        let block = &rest[..rest.len().min(BLOCK)];
        let length = block.iter().position(|unit| !plain(unit)).unwrap_or(block.len());
        let (before, behind) = rest.split_at(length);
        out.push_units(U::wrap(before));
        if out.refuses() {
            return;
        }
        if length == BLOCK {
            rest = behind;
            continue;
        }
        let Some((unit, behind)) = behind.split_first() else { break };
        let point = unit.point();
        if !push_quoted(point, quote, out) {
            push_escape(point, out);
        }
        rest = behind;
    }
    out.push(quote);
}

/// `repr` of a `str`.
pub fn push_repr(text: Units<'_>, out: &mut TextBuilder) {
    each_width!(text, units => push_repr_units(units, is_printable, out));
}

/// `repr` of `bytes`.
pub fn push_bytes_repr(bytes: &[u8], out: &mut TextBuilder) {
    out.push_str("b");
    push_repr_units(bytes, |_| false, out);
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
        if out.refuses() {
            return;
        }
    }
}

/// `bytes.hex`, with a separator after each group of so many bytes: groups count from the right, or from the left for
/// a negative count.
pub fn push_hex(bytes: &[u8], separator: Option<(u8, isize)>, out: &mut TextBuilder) {
    let Some((separator, group)) = separator.filter(|&(_, group)| group != 0) else {
        push_digits(bytes, out);
        return;
    };
    let size = group.unsigned_abs();
    // Groups counted from the right leave what is short to the left.
    let short = if group > 0 { bytes.len() % size } else { 0 };
    let (first, rest) = bytes.split_at(short);
    push_digits(first, out);
    for (index, group) in rest.chunks(size).enumerate() {
        if index > 0 || short > 0 {
            out.push(separator.into());
        }
        push_digits(group, out);
        if out.refuses() {
            return;
        }
    }
}

/// Two digits for each byte.
fn push_digits(bytes: &[u8], out: &mut TextBuilder) {
    let digits = |byte: &u8| [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 0xF)]];
    for block in bytes.chunks(BLOCK) {
        let Some(made) = out.bytes_mut(2 * block.len()) else { return };
        made.extend(block.iter().flat_map(digits));
    }
}

/// `bytes.fromhex`: adds a byte for each pair of digits; white space between them.
///
/// # Errors
/// The index that a ValueError names: "non-hexadecimal number found in fromhex() arg at position N".
pub fn parse_hex(text: Units<'_>, out: &mut TextBuilder) -> Result<(), usize> {
    // What is not ASCII is found first, wherever it stands.
    if !text.is_ascii() {
        return Err(text.points().position(|point| point >= 0x80).unwrap_or_default());
    }
    let digit = |index: usize| {
        let point = text.get(index).ok_or(index)?;
        char::from_u32(point).and_then(|c| c.to_digit(16)).ok_or(index)
    };
    let mut index = 0;
    while let Some(point) = text.get(index).filter(|_| !out.refuses()) {
        if matches!(point, 9..=13 | 32) {
            index += 1;
        } else {
            out.push(digit(index)? << 4 | digit(index + 1)?);
            index += 2;
        }
    }
    Ok(())
}
