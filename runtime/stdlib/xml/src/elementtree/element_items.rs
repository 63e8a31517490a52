//! Elements as sequences of their children.

use super::element::{self, as_element, check_child, child};
use super::element_methods::this;
use super::kept;
use python_builtins::warnings::warn;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, list};

pub(super) static METHODS: &[Native] = &[
    Native::wrapper("__len__", "self, /", length, "Return len(self)."),
    Native::wrapper("__bool__", "self, /", truth, "True if self else False"),
    Native::wrapper("__getitem__", "self, key, /", get_item, "Return self[key]."),
    Native::wrapper("__setitem__", "self, key, value, /", set_item, "Set self[key] to value."),
    Native::wrapper("__delitem__", "self, key, /", delete_item, "Delete self[key]."),
];

fn length(py: Py<'_>, args: Args<'_>) -> R {
    py.int_usize(element::length(this(py, args)?))
}
fn truth(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let message = "Testing an element's truth value will raise an exception in future versions.  \
                   Use specific 'len(elem)' or 'elem is not None' test instead.";
    warn(py, Exc::DeprecationWarning, message, 1)?;
    Ok(Value::bool(element::length(o) > 0))
}

/// What a subscript means.
enum Key {
    Index(i64),
    Slice(python_objects::slice::Bounds),
}
/// Runs Python code.
fn key(py: Py<'_>, v: Value) -> R<Key> {
    if let Some(slice) = py.as_slice(v) {
        return py.slice_bounds(slice).map(Key::Slice);
    }
    if py.as_int(v).is_none() && py.special(v, sym::INDEX).is_none() {
        return py.type_error("element indices must be integers");
    }
    py.index_fitting(v, Exc::IndexError).map(Key::Index)
}
/// The place of a child by its index, from the end if it is negative.
fn place(py: Py<'_>, o: Object, i: i64, message: &str) -> R<usize> {
    py.checked_index(i, element::length(o), message)
}
fn get_item(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    match key(py, args.at(1))? {
        Key::Index(i) => {
            let i = place(py, o, i, "child index out of range")?;
            Ok(child(o, i).map_or(Value::NONE, Object::value))
        }
        Key::Slice(bounds) => {
            let selected = bounds.fit(element::length(o));
            if selected.step == 1 {
                let range = selected.range();
                return element::children(py, o, range.start, range.end).map(Object::value);
            }
            let l = py.new_list(selected.count)?;
            for c in selected.indices().map_while(|i| child(o, i)) {
                py.list_push(l, c.value())?;
            }
            Ok(l.value())
        }
    }
}
fn set_item(py: Py<'_>, args: Args<'_>) -> R {
    let (o, v) = (this(py, args)?, args.at(2));
    match key(py, args.at(1))? {
        Key::Index(i) => {
            let i = place(py, o, i, "child assignment index out of range")?;
            check_child(py, v)?;
            element::set(py, o, i, v);
        }
        Key::Slice(bounds) => {
            let items = sequence(py, v)?;
            let (selected, n) = (bounds.fit(element::length(o)), list::length(items));
            if selected.step != 1 && n != selected.count {
                let count = selected.count;
                return py
                    .value_error(&format!("attempt to assign sequence of size {n} to extended slice of size {count}"));
            }
            for i in 0..n {
                check_child(py, list::item(items, i))?;
            }
            if selected.step == 1 {
                let range = selected.range();
                element::splice(py, o, range.start, range.end, Some(items))?;
            } else {
                for (i, at) in selected.indices().enumerate() {
                    element::set(py, o, at, list::item(items, i));
                }
            }
        }
    }
    Ok(Value::NONE)
}
fn delete_item(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    match key(py, args.at(1))? {
        Key::Index(i) => {
            let i = place(py, o, i, "child assignment index out of range")?;
            element::splice(py, o, i, i + 1, None)?;
        }
        Key::Slice(bounds) => {
            let selected = bounds.fit(element::length(o));
            let step = selected.step.unsigned_abs() as usize;
            let ends = selected.count.checked_sub(1).map(|last| (selected.at(0), selected.at(last)));
            if let Some((a, b)) = ends {
                let (first, last) = (a.min(b), a.max(b));
                if step == 1 {
                    element::splice(py, o, first, last + 1, None)?;
                } else {
                    element::retain(py, o, |i| i < first || i > last || !(i - first).is_multiple_of(step));
                }
            }
        }
    }
    Ok(Value::NONE)
}

/// The items of an iterable, as a list that nobody changes.
pub(super) fn sequence(py: Py<'_>, v: Value) -> R<Object> {
    if let Some(o) = as_element(py, v).filter(|o| kept::get(py).is_ok_and(|kept| o.shape() == kept.element_shape)) {
        return element::children(py, o, 0, element::length(o));
    }
    let items = py.new_list(0)?;
    let filled = py.extend_list(items, v);
    match py.caught(filled, Exc::Exception)? {
        Some(()) => Ok(items),
        // CPython says so whatever went wrong.
        None => py.type_error(&format!("expected sequence, not \"{}\"", py.class_name(v))),
    }
}
