//! The attributes `persistent_id` and `persistent_load`: a function that programs set, of a pickler or an unpickler.

use python_objects::{Exc, Object, Py, R, Value};

/// What stands in the word; AttributeError if nothing was set.
pub(crate) fn get(py: Py<'_>, o: Object, word: usize, name: &str) -> R {
    match o.get(word) {
        v if v.is_empty() => py.err(Exc::AttributeError, name),
        v => Ok(v),
    }
}

/// Sets it; `v` is EMPTY if it is to be deleted, which it cannot be.
pub(crate) fn set(py: Py<'_>, o: Object, word: usize, name: &str, v: Value) -> R {
    if v.is_empty() {
        return py.type_error("attribute deletion is not supported");
    }
    if !py.is_callable(v) {
        return py.type_error(&format!("{name} must be a callable taking one argument"));
    }
    py.store(o, word, v);
    Ok(Value::NONE)
}
