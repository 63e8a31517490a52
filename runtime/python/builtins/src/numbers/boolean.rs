//! `bool`.

use super::binary_methods;
use crate::wrappers::{REPR, document, new_class};
use python_objects::kind::{class, special};
use python_objects::operator::BinaryOp;
use python_objects::{Args, Native, Py, R, Value, number};

fn operate(py: Py<'_>, op: BinaryOp, a: Value, b: Value) -> R {
    if a.is_bool() && b.is_bool() {
        return Ok(number::binary(py, op, a, b)?.unwrap_or(special::NOT_IMPLEMENTED));
    }
    match (py.as_int(a), py.as_int(b)) {
        (Some(x), Some(y)) => number::ints(py, op, x, y),
        _ => Ok(special::NOT_IMPLEMENTED),
    }
}

static BINARY: &[Native] = binary_methods! { operate;
    "__and__" "__rand__" And;
    "__xor__" "__rxor__" Xor;
    "__or__" "__ror__" Or;
};

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, x=False, /", new, "Create and return a new object."),
    Native::wrapper("__invert__", "self, /", invert, "~self"),
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    new_class(py, args.at(0), class::BOOL)?;
    match args.opt(1) {
        Some(v) => Ok(Value::bool(py.truth(v)?)),
        None => Ok(Value::FALSE),
    }
}

fn invert(py: Py<'_>, args: Args<'_>) -> R {
    let message = "Bitwise inversion '~' on bool is deprecated. This returns the bitwise inversion of the underlying int \
                   object and is usually not what you expect from negating a bool. Use the 'not' operator for boolean \
                   negation or ~int(x) if you really want the bitwise inversion of the underlying int.";
    crate::warnings::warn(py, python_objects::Exc::DeprecationWarning, message, 1)?;
    match py.as_int(args.at(0)) {
        Some(i) => py.unary(python_objects::operator::UnaryOp::Invert, i),
        None => crate::wrappers::wrong_self(py, args.at(0)),
    }
}

pub(super) fn install(py: Py<'_>) -> R<()> {
    let class = py.builtin_class(class::BOOL);
    document(py, class::BOOL, "True if the argument is true, else False: the only two instances.")?;
    for table in [METHODS, BINARY, REPR] {
        py.add_methods(class, table)?;
    }
    Ok(())
}
