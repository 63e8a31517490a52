//! `int(v)`, `int(v, base)`, `float(v)`: numbers from anything.

use python_numbers::bigint::{ParseError, from_str, short_from_str};
use python_numbers::unicode::to_ascii;
use python_objects::{Exc, Kind, Object, Py, R, Value, string};
use std::borrow::Cow;

/// The ASCII text of a string, or the content of a bytes-like value, that a number may stand in.
fn numeric_text<'t>(py: Py<'t>, v: Value) -> Option<Cow<'t, [u8]>> {
    match string::exact_or_payload(py, v) {
        Some(s) => Some(ascii_text(s)),
        None => py.bytes_like(v).map(Cow::Owned),
    }
}
/// The ASCII text of a string: it stays in place as long as a pointer to it is on the native stack.
fn ascii_text<'a>(s: Object) -> Cow<'a, [u8]> {
    match string::ascii(s) {
        Some(text) => Cow::Borrowed(text.as_bytes()),
        None => Cow::Owned(to_ascii(string::code_points(s))),
    }
}

/// `int(v)`, an exact integer. Runs Python code.
pub(super) fn int_from(py: Py<'_>, v: Value) -> R {
    if let Some(i) = py.int_of_number(v)? {
        return Ok(i);
    }
    match numeric_text(py, v) {
        Some(text) => int_from_text(py, &text, 10, v),
        None => py.type_error(&format!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            py.class_name(v)
        )),
    }
}

/// `int(v, base)`, an exact integer.
pub(super) fn int_with_base(py: Py<'_>, v: Value, base: Value) -> R {
    let base = py.index_clamped(base)?;
    if base != 0 && !(2..=36).contains(&base) {
        return py.value_error("int() base must be >= 2 and <= 36, or 0");
    }
    let text = match py.kind(v) {
        Kind::STR | Kind::BYTES | Kind::BYTEARRAY => numeric_text(py, v),
        _ => None,
    };
    match text {
        Some(text) => int_from_text(py, &text, base as u32, v),
        None => py.type_error("int() can't convert non-string with explicit base"),
    }
}

/// The integer that a text says; `shown` is the program's value for the message.
fn int_from_text(py: Py<'_>, text: &[u8], base: u32, shown: Value) -> R {
    if let Some(i) = short_from_str(text, base) {
        return py.int(i);
    }
    let poll = py.poller();
    let limit = py.digits_limit();
    match from_str(text, base, limit, poll) {
        Ok(i) => py.int_from(i.as_int()),
        Err(ParseError::Base) => py.value_error("int() base must be >= 2 and <= 36, or 0"),
        Err(ParseError::Invalid) => {
            let repr = py.repr(shown)?;
            let short = py.substring(repr, 0, string::length(repr).min(200))?;
            Err(py.error_quoting(Exc::ValueError, &format!("invalid literal for int() with base {base}: "), short, ""))
        }
        Err(ParseError::TooManyDigits(digits)) => py.value_error(&format!(
            "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; use sys.set_int_max_str_digits() to increase the limit"
        )),
        Err(ParseError::Failed(e)) => Err(py.int_error(e)),
    }
}

/// `float(v)`. Runs Python code.
pub(super) fn float_from(py: Py<'_>, v: Value) -> R<f64> {
    if v.is_float() {
        return Ok(v.as_float());
    }
    // Subclasses of `float` and `str` may say something else than they hold.
    if let Some(s) = Object::from_value(v).filter(|o| string::is_exact(*o)) {
        return float_from_text(py, &ascii_text(s), v);
    }
    if py.as_float(v).is_some()
        && let Some(f) = py.float_by_method(v)?
    {
        return Ok(f);
    }
    if let Some(f) = py.real_or_none(v)? {
        return Ok(f);
    }
    match numeric_text(py, v) {
        Some(text) => float_from_text(py, &text, v),
        None => py.err(
            Exc::TypeError,
            &format!("float() argument must be a string or a real number, not '{}'", py.class_name(v)),
        ),
    }
}

fn float_from_text(py: Py<'_>, text: &[u8], shown: Value) -> R<f64> {
    match python_numbers::float::parse(text) {
        Ok(f) => Ok(f),
        Err(_) => {
            let repr = py.repr(shown)?;
            Err(py.error_quoting(Exc::ValueError, "could not convert string to float: ", repr, ""))
        }
    }
}
