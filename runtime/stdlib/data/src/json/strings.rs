//! Strings as JSON writes them, and back.

use super::string_argument;
use python_objects::string::{self, Units};
use python_objects::{Args, Object, Py, R};
use python_text::{TextBuilder, Unit};

/// Units between two looks at whether to stop.
const BLOCK: usize = 1 << 16;

/// How characters beyond ASCII are written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// By their numbers; so is what ASCII cannot print.
    Ascii,
    /// As they are.
    Plain,
}

pub(super) fn encode(py: Py<'_>, args: Args<'_>, form: Form) -> R {
    let s = string_argument(py, args.at(0))?;
    Ok(py.text_with(|out| push_quoted(s, form, out))?.value())
}

/// Appends a string with its quotes.
pub(super) fn push_quoted(s: Object, form: Form, out: &mut TextBuilder) {
    out.push(u32::from(b'"'));
    match string::units(s) {
        Units::One(u) => push_escaped(u, form, out),
        Units::Two(u) => push_escaped(u, form, out),
        Units::Four(u) => push_escaped(u, form, out),
    }
    out.push(u32::from(b'"'));
}
fn push_escaped<U: Unit>(units: &[U], form: Form, out: &mut TextBuilder) {
    for block in units.chunks(BLOCK) {
        if out.refuses() {
            return;
        }
        let mut rest = block;
        while let Some(plain) = rest.iter().position(|c| needs_escape(c.point(), form)) {
            if plain > 0 {
                out.push_units(U::wrap(&rest[..plain]));
            }
            push_escape(rest[plain].point(), out);
            rest = &rest[plain + 1..];
        }
        if !rest.is_empty() {
            out.push_units(U::wrap(rest));
        }
    }
}
#[inline(always)]
fn needs_escape(c: u32, form: Form) -> bool {
    c < 0x20 || c == u32::from(b'"') || c == u32::from(b'\\') || form == Form::Ascii && c > 0x7E
}
fn push_escape(c: u32, out: &mut TextBuilder) {
    let letter = match c {
        0x22 | 0x5C => c as u8,
        0x08 => b'b',
        0x09 => b't',
        0x0A => b'n',
        0x0C => b'f',
        0x0D => b'r',
        0..0x1_0000 => return push_unit(c, out),
        _ => {
            let c = c - 0x1_0000;
            push_unit(0xD800 | c >> 10, out);
            return push_unit(0xDC00 | c & 0x3FF, out);
        }
    };
    out.push_units(Units::One(&[b'\\', letter]));
}
fn push_unit(unit: u32, out: &mut TextBuilder) {
    let digit = |shift: u32| b"0123456789abcdef"[(unit >> shift & 15) as usize];
    out.push_units(Units::One(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]));
}

/// What is wrong with a string, and where.
pub(super) enum Wrong {
    /// It has no end.
    Unterminated,
    /// A control character, in strict texts.
    Control(usize),
    /// A backslash before a character that means nothing.
    Escape(usize),
    /// `\u` (the index is that of the `u`) without four digits.
    Number(usize),
}
/// The value of a string, as far as nothing is wrong with it.
pub(super) enum Scanned {
    /// The units from the start to this index, just as they stand there.
    Plain(usize),
    /// A string that was put together, and the index behind the last quote.
    Built(Object, usize),
    Wrong(Wrong),
}

/// The index of the next quote, backslash or (in strict texts) control character from `at` on.
#[inline]
fn next_special<U: Unit>(py: Py<'_>, text: &[U], mut at: usize, strict: bool) -> R<Option<usize>> {
    let is_special = |c: &U| {
        let c = c.point();
        c == u32::from(b'"') || c == u32::from(b'\\') || c < 0x20 && strict
    };
    loop {
        let block = &text[at..text.len().min(at + BLOCK)];
        if let Some(i) = block.iter().position(is_special) {
            return Ok(Some(at + i));
        }
        at += block.len();
        if at == text.len() {
            return Ok(None);
        }
        py.check_interrupt()?;
    }
}
/// The string whose first character is at `start`.
#[inline]
pub(super) fn scan<U: Unit>(py: Py<'_>, text: &[U], start: usize, strict: bool) -> R<Scanned> {
    match next_special(py, text, start, strict)? {
        Some(i) if text[i].point() == u32::from(b'"') => Ok(Scanned::Plain(i)),
        found => scan_escaped(py, text, start, found, strict),
    }
}
fn scan_escaped<U: Unit>(py: Py<'_>, text: &[U], start: usize, mut special: Option<usize>, strict: bool) -> R<Scanned> {
    let mut out = py.text_builder();
    let mut from = start;
    loop {
        let Some(i) = special else { return Ok(Scanned::Wrong(Wrong::Unterminated)) };
        out.push_units(U::wrap(&text[from..i]));
        match text[i].point() {
            0x22 => return Ok(Scanned::Built(py.finish_text(out)?, i + 1)),
            0x5C => match escape(text, i + 1) {
                Ok((c, behind)) => {
                    out.push(c);
                    from = behind;
                }
                Err(wrong) => return Ok(Scanned::Wrong(wrong)),
            },
            _ => return Ok(Scanned::Wrong(Wrong::Control(i))),
        }
        if let Some(reason) = out.refusal() {
            return Err(py.refused(reason));
        }
        special = next_special(py, text, from, strict)?;
    }
}
/// The character that stands behind a backslash, and the index behind it.
fn escape<U: Unit>(text: &[U], at: usize) -> Result<(u32, usize), Wrong> {
    let c = match text.get(at).map(|c| c.point()) {
        None => return Err(Wrong::Unterminated),
        Some(c @ (0x22 | 0x5C | 0x2F)) => c,
        Some(0x62) => 0x08,
        Some(0x66) => 0x0C,
        Some(0x6E) => 0x0A,
        Some(0x72) => 0x0D,
        Some(0x74) => 0x09,
        Some(0x75) => {
            let high = unit(text, at + 1).ok_or(Wrong::Number(at))?;
            let is_escape = |i: usize, c: u8| text.get(i).is_some_and(|u| u.point() == u32::from(c));
            // Half of a pair takes the other half with it; without one it stays as it is.
            if (0xD800..0xDC00).contains(&high)
                && is_escape(at + 5, b'\\')
                && is_escape(at + 6, b'u')
                && let Some(low @ 0xDC00..0xE000) = unit(text, at + 7)
            {
                return Ok((0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00), at + 11));
            }
            return Ok((high, at + 5));
        }
        Some(_) => return Err(Wrong::Escape(at - 1)),
    };
    Ok((c, at + 1))
}
/// The number of four digits, behind which something must stand.
fn unit<U: Unit>(text: &[U], at: usize) -> Option<u32> {
    let digits = text.get(at..at + 5)?;
    digits[..4].iter().try_fold(0, |n, c| Some(n << 4 | char::from_u32(c.point())?.to_digit(16)?))
}
