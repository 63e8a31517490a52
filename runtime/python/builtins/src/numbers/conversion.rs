//! `int(v)`, `int(v, base)`, `float(v)`: numbers from anything.

use python_numbers::bigint::{ParseError, from_str};
use python_numbers::unicode::to_ascii;
use python_objects::string::code_points;
use python_objects::{Exc, Kind, Py, R, Value};

/// The ASCII text of a string, or the content of a bytes-like value, that a number may stand in.
fn numeric_text(py: Py<'_>, v: Value) -> Option<Vec<u8>> {
    match python_objects::string::exact_or_payload(py, v) {
        Some(s) => Some(to_ascii(code_points(s))),
        None => py.bytes_like(v),
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
    let poll = py.poller();
    let limit = py.digits_limit();
    match from_str(text, base, limit, poll) {
        Ok(i) => py.int_from(i.as_int()),
        Err(ParseError::Base) => py.value_error("int() base must be >= 2 and <= 36, or 0"),
        Err(ParseError::Invalid) => {
            let repr = py.repr(shown)?;
            let short = py.substring(repr, 0, python_objects::string::length(repr).min(200))?;
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
    let is_exact_str = python_objects::Object::from_value(v).is_some_and(python_objects::string::is_exact);
    if !is_exact_str {
        if py.as_float(v).is_some()
            && let Some(f) = py.float_by_method(v)?
        {
            return Ok(f);
        }
        if let Some(f) = py.real_or_none(v)? {
            return Ok(f);
        }
    }
    if let Some(s) = python_objects::string::exact_or_payload(py, v) {
        return float_from_text(py, &to_ascii(code_points(s)), v);
    }
    match py.bytes_like(v) {
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
