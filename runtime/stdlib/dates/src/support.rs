//! What the types have in common: comparisons as tables, fields of objects, calls of other modules.

use crate::calendar::{Day, WrongDate};
use python_objects::compare::CompareOp;
use python_objects::{Exc, Object, Py, R, Value};
use std::cmp::Ordering;

/// The six comparisons of a type, by one function.
macro_rules! comparisons {
    ($compare:ident) => {
        &[
            Native::wrapper(
                "__lt__",
                "self, value, /",
                |py, args| $compare(py, args, CompareOp::Lt),
                "Return self<value.",
            ),
            Native::wrapper(
                "__le__",
                "self, value, /",
                |py, args| $compare(py, args, CompareOp::Le),
                "Return self<=value.",
            ),
            Native::wrapper(
                "__eq__",
                "self, value, /",
                |py, args| $compare(py, args, CompareOp::Eq),
                "Return self==value.",
            ),
            Native::wrapper(
                "__ne__",
                "self, value, /",
                |py, args| $compare(py, args, CompareOp::Ne),
                "Return self!=value.",
            ),
            Native::wrapper(
                "__gt__",
                "self, value, /",
                |py, args| $compare(py, args, CompareOp::Gt),
                "Return self>value.",
            ),
            Native::wrapper(
                "__ge__",
                "self, value, /",
                |py, args| $compare(py, args, CompareOp::Ge),
                "Return self>=value.",
            ),
        ]
    };
}
pub(crate) use comparisons;

pub(crate) fn holds(op: CompareOp, order: Ordering) -> R {
    Ok(Value::bool(op.holds(order)))
}
/// The answer for two that are different and have no order; `None`: there is none.
pub(crate) fn unequal(op: CompareOp) -> Option<Value> {
    match op {
        CompareOp::Eq => Some(Value::FALSE),
        CompareOp::Ne => Some(Value::TRUE),
        _ => None,
    }
}

/// A number in a field. (One that nothing has filled counts as 0.)
pub(crate) fn number(o: Object, word: usize) -> i64 {
    let v = o.get(word);
    if v.is_int() { v.as_int() } else { 0 }
}
/// A value in a field, or None.
pub(crate) fn field(o: Object, word: usize) -> Value {
    Some(o.get(word)).filter(|v| !v.is_empty()).unwrap_or(Value::NONE)
}

/// Attribute `name` of module `module`, called.
pub(crate) fn call_module(py: Py<'_>, module: &str, name: &str, args: &[Value]) -> R {
    let module = stdlib_core::import_module(py, module)?;
    let f = py.get_attribute_text(module.value(), name)?;
    py.call(f, args)
}
/// Attribute `name` of an object, called.
pub(crate) fn call_method(py: Py<'_>, v: Value, name: &str, args: &[Value]) -> R {
    let name = py.intern(name)?;
    py.call_method(v, name, args)
}

/// The day of these numbers.
pub(crate) fn day(py: Py<'_>, year: i32, month: i32, day: i32) -> R<Day> {
    match Day::new(year, month, day) {
        Ok(day) => Ok(day),
        Err(WrongDate::Year) => py.value_error(&format!("year {year} is out of range")),
        Err(WrongDate::Month) => py.value_error("month must be in 1..12"),
        Err(WrongDate::Day) => py.value_error("day is out of range for month"),
    }
}
/// The time of day of hour, minute, second and microsecond.
pub(crate) fn time_of_day(py: Py<'_>, fields: [i32; 4]) -> R<i64> {
    for (n, (most, name)) in fields.iter().zip([(23, "hour"), (59, "minute"), (59, "second"), (999_999, "microsecond")])
    {
        if !(0..=most).contains(n) {
            return py.value_error(&format!("{name} must be in 0..{most}"));
        }
    }
    Ok(crate::calendar::time_of(fields))
}
pub(crate) fn fold(py: Py<'_>, v: Option<Value>) -> R<bool> {
    match v.map_or(Ok(0), |v| py.index_i32(v))? {
        0 => Ok(false),
        1 => Ok(true),
        _ => py.value_error("fold must be either 0 or 1"),
    }
}
#[cold]
pub(crate) fn out_of_range<T>(py: Py<'_>) -> R<T> {
    py.err(Exc::OverflowError, "date value out of range")
}
/// Years, months and days are given in full.
pub(crate) fn missing<T>(py: Py<'_>, name: &str, position: usize) -> R<T> {
    py.type_error(&format!("function missing required argument '{name}' (pos {position})"))
}

/// The bytes of a state that pickles have, as bytes or (from Python 2) as a string of characters below 256. `what`: the type
/// for the message about other characters, where CPython has one.
pub(crate) fn state<const N: usize>(
    py: Py<'_>,
    v: Value,
    what: Option<&str>,
    is_sane: fn(&[u8; N]) -> bool,
) -> R<Option<[u8; N]>> {
    use python_objects::{bytes, string};
    if let Some(b) = py.as_bytes(v) {
        return Ok(<[u8; N]>::try_from(bytes::slice(b)).ok().filter(is_sane));
    }
    let Some(s) = string::exact_or_payload(py, v).filter(|s| string::length(*s) == N) else { return Ok(None) };
    let mut found = [0; N];
    let mut other = false;
    for (b, c) in found.iter_mut().zip(string::code_points(s)) {
        match u8::try_from(c) {
            Ok(c) => *b = c,
            Err(_) => other = true,
        }
    }
    if !is_sane(&found) {
        return Ok(None);
    }
    match what {
        Some(what) if other => py.value_error(&format!(
            "Failed to encode latin1 string when unpickling a {what} object. pickle.load(data, encoding='latin1') is assumed."
        )),
        _ => Ok(Some(found).filter(|_| !other)),
    }
}
