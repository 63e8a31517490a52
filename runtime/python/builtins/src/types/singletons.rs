//! `NoneType`, `ellipsis` and `NotImplementedType`: the types of objects of which there is one each.

use python_objects::kind::{class as builtin, special};
use python_objects::native::{Native, variadic};
use python_objects::{Args, Exc, Object, Py, R, Value, dict};

static NONE: &[Native] = &[
    Native::static_method("__new__", "*args, **kwargs", new_none, "Create and return a new object."),
    Native::wrapper("__bool__", "self, /", |_, _| Ok(Value::FALSE), "True if self else False"),
    Native::wrapper("__repr__", "self, /", |py, _| py.str("None"), "Return repr(self)."),
];
static ELLIPSIS: &[Native] = &[
    Native::static_method("__new__", "*args, **kwargs", new_ellipsis, "Create and return a new object."),
    Native::method("__reduce__", "self, /", |py, _| py.str("Ellipsis"), ""),
    Native::wrapper("__repr__", "self, /", |py, _| py.str("Ellipsis"), "Return repr(self)."),
];
static NOT_IMPLEMENTED: &[Native] = &[
    Native::static_method("__new__", "*args, **kwargs", new_not_implemented, "Create and return a new object."),
    Native::wrapper("__bool__", "self, /", not_implemented_bool, "True if self else False"),
    Native::method("__reduce__", "self, /", |py, _| py.str("NotImplemented"), ""),
    Native::wrapper("__repr__", "self, /", |py, _| py.str("NotImplemented"), "Return repr(self)."),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::NONE), NONE)?;
    py.add_methods(py.builtin_class(builtin::ELLIPSIS), ELLIPSIS)?;
    py.add_methods(py.builtin_class(builtin::NOT_IMPLEMENTED), NOT_IMPLEMENTED)
}

/// The one object of a type, if `__new__` got its class and no arguments.
fn the_one(py: Py<'_>, args: Args<'_>, class: u32, it: Value) -> R {
    let mut given = variadic(args, 0);
    let name = py.builtin_name(class);
    match given.next() {
        None => return py.type_error(&format!("{name}.__new__(): not enough arguments")),
        Some(first) if first != py.root(class) => {
            py.class_argument(first, class)?;
        }
        Some(_) => {}
    }
    if given.len() > 0 || Object::from_value(args.at(1)).is_some_and(|d| dict::length(d) > 0) {
        return py.type_error(&format!("{name} takes no arguments"));
    }
    Ok(it)
}
fn new_none(py: Py<'_>, args: Args<'_>) -> R {
    the_one(py, args, builtin::NONE, Value::NONE)
}
fn new_ellipsis(py: Py<'_>, args: Args<'_>) -> R {
    the_one(py, args, builtin::ELLIPSIS, special::ELLIPSIS)
}
fn new_not_implemented(py: Py<'_>, args: Args<'_>) -> R {
    the_one(py, args, builtin::NOT_IMPLEMENTED, special::NOT_IMPLEMENTED)
}

fn not_implemented_bool(py: Py<'_>, _: Args<'_>) -> R {
    crate::warnings::warn(py, Exc::DeprecationWarning, "NotImplemented should not be used in a boolean context", 1)?;
    Ok(Value::TRUE)
}
