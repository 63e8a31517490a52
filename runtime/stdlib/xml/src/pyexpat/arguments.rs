//! Arguments that are texts.

use python_objects::{Py, R, Value, string};

fn refuse<T>(py: Py<'_>, v: Value, what: &str, wanted: &str) -> R<T> {
    py.type_error(&format!("{what} must be {wanted}, not {}", py.class_name(v)))
}
/// A string or None. `what` names it in messages.
pub(super) fn text(py: Py<'_>, v: Value, what: &str) -> R<Option<String>> {
    match string::exact_or_payload(py, v) {
        Some(s) => stdlib_core::support::utf8(py, s).map(Some),
        None if v == Value::NONE || v.is_empty() => Ok(None),
        None => refuse(py, v, what, "str or None"),
    }
}
/// A string.
pub(super) fn required(py: Py<'_>, v: Value, what: &str) -> R<String> {
    match string::exact_or_payload(py, v) {
        Some(s) => stdlib_core::support::utf8(py, s),
        None => refuse(py, v, what, "str"),
    }
}
