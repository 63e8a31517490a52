//! Numbers as JSON has them: where they end, and what they are.

use python_numbers::bigint::{ParseError, from_str};
use python_numbers::float;
use python_objects::{Py, R, Value};
use python_text::Unit;

/// Digits that always fit a machine word.
const SMALL: usize = 18;

/// Where a number ends, and whether it has a fraction or an exponent.
pub(super) struct Extent {
    pub(super) end: usize,
    pub(super) is_float: bool,
}

fn digit<U: Unit>(text: &[U], at: usize) -> Option<u32> {
    let c = text.get(at)?.point();
    (u32::from(b'0')..=u32::from(b'9')).contains(&c).then(|| c - u32::from(b'0'))
}
fn behind_digits<U: Unit>(py: Py<'_>, text: &[U], mut at: usize) -> R<usize> {
    while digit(text, at).is_some() {
        at += 1;
        if at & 0xFFFF == 0 {
            py.check_interrupt()?;
        }
    }
    Ok(at)
}
/// The number that begins at `start`; `None` if there is none. A point or an `e` without digits is not part of it.
pub(super) fn extent<U: Unit>(py: Py<'_>, text: &[U], start: usize) -> R<Option<Extent>> {
    let is = |at: usize, c: u8| text.get(at).is_some_and(|u| u.point() == u32::from(c));
    let first = start + usize::from(is(start, b'-'));
    let mut end = match digit(text, first) {
        None => return Ok(None),
        Some(0) => first + 1,
        Some(_) => behind_digits(py, text, first + 1)?,
    };
    let mut is_float = false;
    if is(end, b'.') && digit(text, end + 1).is_some() {
        end = behind_digits(py, text, end + 2)?;
        is_float = true;
    }
    if is(end, b'e') || is(end, b'E') {
        let digits = end + 1 + usize::from(is(end + 1, b'-') || is(end + 1, b'+'));
        if digit(text, digits).is_some() {
            end = behind_digits(py, text, digits + 1)?;
            is_float = true;
        }
    }
    Ok(Some(Extent { end, is_float }))
}
/// The text of a number as bytes.
fn bytes<U: Unit>(text: &[U]) -> Vec<u8> {
    text.iter().map(|c| c.point() as u8).collect()
}
/// What `float(text)` gives.
pub(super) fn float_of<U: Unit>(py: Py<'_>, text: &[U]) -> R {
    let parsed = match U::wrap(text) {
        python_text::Units::One(text) => float::parse(text),
        _ => float::parse(&bytes(text)),
    };
    match parsed {
        Ok(f) => Ok(Value::float(f)),
        Err(_) => py.value_error("could not convert string to float"),
    }
}
/// What `int(text)` gives.
pub(super) fn int_of<U: Unit>(py: Py<'_>, text: &[U]) -> R {
    let (negative, digits) = match text {
        [sign, digits @ ..] if sign.point() == u32::from(b'-') => (true, digits),
        _ => (false, text),
    };
    if digits.len() <= SMALL {
        let n = digits.iter().fold(0, |n, c| n * 10 + i64::from(c.point() - u32::from(b'0')));
        return py.int(if negative { -n } else { n });
    }
    let limit = py.digits_limit();
    match from_str(&bytes(text), 10, limit, py.poller()) {
        Ok(i) => py.int_from(i.as_int()),
        Err(ParseError::TooManyDigits(digits)) => py.value_error(&format!(
            "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; use sys.set_int_max_str_digits() to increase the limit"
        )),
        Err(ParseError::Failed(e)) => Err(py.int_error(e)),
        Err(ParseError::Base | ParseError::Invalid) => py.value_error("invalid literal for int() with base 10"),
    }
}
