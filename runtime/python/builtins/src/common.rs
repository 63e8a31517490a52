//! What the built-in types' tables share: comparison, hash and representation as methods, over the native answers.

use python_objects::compare::CompareOp;
use python_objects::{Args, Native, Object, Py, R, Value};

/// Methods that most built-in types have as they are: what the type itself answers, whatever a subclass overrides.
pub(crate) static COMPARISON: &[Native] = &[
    Native::wrapper("__lt__", "self, value, /", |py, a| compare(py, CompareOp::Lt, a), "Return self<value."),
    Native::wrapper("__le__", "self, value, /", |py, a| compare(py, CompareOp::Le, a), "Return self<=value."),
    Native::wrapper("__eq__", "self, value, /", |py, a| compare(py, CompareOp::Eq, a), "Return self==value."),
    Native::wrapper("__ne__", "self, value, /", |py, a| compare(py, CompareOp::Ne, a), "Return self!=value."),
    Native::wrapper("__gt__", "self, value, /", |py, a| compare(py, CompareOp::Gt, a), "Return self>value."),
    Native::wrapper("__ge__", "self, value, /", |py, a| compare(py, CompareOp::Ge, a), "Return self>=value."),
];

fn compare(py: Py<'_>, op: CompareOp, args: Args<'_>) -> R {
    py.native_compare(op, args.at(0), args.at(1))
}

/// The type's own hash.
pub(crate) static HASH: &[Native] = &[Native::wrapper("__hash__", "self, /", hash, "Return hash(self).")];

fn hash(py: Py<'_>, args: Args<'_>) -> R {
    match py.native_hash(args.at(0))? {
        Some(h) => py.int(h),
        None => wrong_self(py, args.at(0)),
    }
}

/// The type's own representation.
pub(crate) static REPR: &[Native] = &[Native::wrapper("__repr__", "self, /", repr, "Return repr(self).")];

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let mut out = Vec::new();
    py.native_repr_into(args.at(0), &mut out)?;
    Ok(py.str_from_wtf8(&out)?.value())
}

/// A method was called with something that is not of its class: calls check that, so it takes a broken class to get here.
#[cold]
pub(crate) fn wrong_self<T>(py: Py<'_>, v: Value) -> R<T> {
    py.type_error(&format!("method does not apply to a '{}' object", py.class_name(v)))
}

/// Items of a tuple as a value.
pub(crate) fn pair(py: Py<'_>, a: Value, b: Value) -> R {
    py.tuple(&[a, b])
}

/// The class argument of `__new__`.
pub(crate) fn class_argument(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match args.opt(0).and_then(|c| py.is_class(c).then(|| Object::of(c))) {
        Some(class) => Ok(class),
        None => py.type_error("__new__(X): X is not a type object"),
    }
}

/// `__new__` of a built-in type: TypeError unless the class is derived from it.
pub(crate) fn checked_class(py: Py<'_>, args: Args<'_>, builtin: u32) -> R<Object> {
    let name = py.builtin_name(builtin);
    let Some(class) = args.opt(0).filter(|c| py.is_class(*c)).map(Object::of) else {
        return py.type_error(&format!(
            "{name}.__new__(X): X is not a type object ({})",
            args.opt(0).map_or_else(String::new, |v| py.class_name(v))
        ));
    };
    if !py.is_subclass(class, py.builtin_class(builtin)) {
        let given = python_objects::class::name(py, class);
        return py.type_error(&format!("{name}.__new__({given}): {given} is not a subtype of {name}"));
    }
    Ok(class)
}
