//! What the modules of this crate have in common: types with fields that are values, and calls that many methods make.

use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Object, Py, R, TypeSpec, Value, dict, int, string, tuple};

/// An instance of `spec`'s type, or of the class derived from it that `__new__` was given, with these fields.
pub(crate) fn make(py: Py<'_>, class: Value, spec: &'static TypeSpec, fields: &[Value]) -> R {
    let o = py.new_native_of(class, spec)?;
    for (i, v) in fields.iter().enumerate() {
        o.init(1 + i, *v);
    }
    Ok(o.value())
}

/// `__iter__` of iterators.
pub(crate) fn identity(_: Py<'_>, args: Args<'_>) -> R {
    Ok(args.at(0))
}

/// `__class_getitem__`
pub(crate) fn class_getitem(py: Py<'_>, args: Args<'_>) -> R {
    py.generic_alias(args.at(0), args.at(1))
}

/// The class of an object.
pub(crate) fn class_value(py: Py<'_>, o: Object) -> Value {
    py.class_of(o.value()).value()
}

/// Attribute `name` of `builtins`.
pub(crate) fn builtin(py: Py<'_>, name: &str) -> R {
    let symbol = py.intern(name)?;
    match dict::get_symbol(py, Object::of(py.root(root::BUILTINS_DICT)), symbol) {
        Some(v) => Ok(v),
        None => py.err(Exc::NameError, &format!("name '{name}' is not defined")),
    }
}

/// Writes `, argument` for each argument and `, key=value` for each keyword argument, as the `repr` of a call shows them.
pub(crate) fn push_arguments(py: Py<'_>, arguments: Object, keywords: Option<Object>, out: &mut Vec<u8>) -> R<()> {
    for v in tuple::items(arguments) {
        out.extend_from_slice(b", ");
        py.repr_into(v, out)?;
    }
    let Some(keywords) = keywords else { return Ok(()) };
    let mut i = 0;
    while let Some((at, key, value)) = dict::next_entry(keywords, i) {
        i = at + 1;
        out.extend_from_slice(b", ");
        // A state that was set may have keys of any type.
        match string::exact_or_payload(py, key) {
            Some(key) => string::push_wtf8(key, out),
            None => string::push_wtf8(py.str_of(key)?, out),
        }
        out.push(b'=');
        py.repr_into(value, out)?;
    }
    Ok(())
}

/// `(iter, (empty,))`, which pickling makes an exhausted iterator of.
pub(crate) fn exhausted(py: Py<'_>, empty: Value) -> R {
    let (iter, args) = (builtin(py, "iter")?, py.tuple(&[empty])?);
    py.tuple(&[iter, args])
}

/// `v.__setstate__(state)`
pub(crate) fn set_state(py: Py<'_>, v: Value, state: Value) -> R<()> {
    py.call_method(v, sym::SETSTATE, &[state]).map(|_| ())
}

/// The items of a state that must be a tuple of this length.
pub(crate) fn state_items(py: Py<'_>, v: Value, length: usize) -> R<Object> {
    match py.as_tuple(v) {
        Some(t) if t.length() == length => Ok(t),
        Some(t) => py.type_error(&format!("function takes exactly {length} arguments ({} given)", t.length())),
        None => py.type_error("state is not a tuple"),
    }
}

/// An index of C's `Py_ssize_t`, from a state or an argument.
pub(crate) fn size(py: Py<'_>, v: Value) -> R<i64> {
    py.index_i64(v)
}

/// Is it a number in the sense of C's `PyNumber_Check`?
pub(crate) fn is_number(py: Py<'_>, v: Value) -> bool {
    matches!(py.kind(v), Kind::INT | Kind::BOOL | Kind::FLOAT | Kind::COMPLEX)
        || [sym::INDEX, sym::INT, sym::FLOAT].iter().any(|s| py.special(v, *s).is_some())
}

/// Is it exactly the integer 1?
pub(crate) fn is_one(py: Py<'_>, v: Value) -> bool {
    !v.is_bool() && py.exact_int(v).and_then(int::to_i64) == Some(1)
}
