//! `int`: construction and operators.

use super::conversion::{int_from, int_with_base};
use super::{binary_methods, power_methods, unary_methods};
use crate::wrappers::{COMPARISONS, HASH, document, new_class, wrong_self};
use python_objects::kind::{class, special};
use python_objects::operator::BinaryOp;
use python_objects::{Args, Native, Object, Py, R, Value, int, number};

/// The exact integer of an instance.
#[expect(clippy::unnecessary_wraps, reason = "the tables' macros take it with its like")]
fn exact(py: Py<'_>, v: Value) -> R<Option<Value>> {
    Ok(py.as_int(v))
}

fn operate(py: Py<'_>, op: BinaryOp, a: Value, b: Value) -> R {
    match (py.as_int(a), py.as_int(b)) {
        (Some(x), Some(y)) => number::ints(py, op, x, y),
        _ => Ok(special::NOT_IMPLEMENTED),
    }
}

fn power(py: Py<'_>, a: Value, b: Value, modulus: Option<Value>) -> R {
    let (Some(x), Some(y)) = (py.as_int(a), py.as_int(b)) else { return Ok(special::NOT_IMPLEMENTED) };
    match modulus {
        None => number::ints(py, BinaryOp::Pow, x, y),
        Some(m) => match py.as_int(m) {
            Some(m) => number::pow_mod(py, x, y, m),
            None => Ok(special::NOT_IMPLEMENTED),
        },
    }
}

static BINARY: &[Native] = binary_methods! { operate;
    "__add__" "__radd__" Add;
    "__sub__" "__rsub__" Sub;
    "__mul__" "__rmul__" Mul;
    "__mod__" "__rmod__" Mod;
    "__divmod__" "__rdivmod__" DivMod;
    "__floordiv__" "__rfloordiv__" FloorDiv;
    "__truediv__" "__rtruediv__" TrueDiv;
    "__lshift__" "__rlshift__" LShift;
    "__rshift__" "__rrshift__" RShift;
    "__and__" "__rand__" And;
    "__xor__" "__rxor__" Xor;
    "__or__" "__ror__" Or;
};

static UNARY: &[Native] = unary_methods! { exact;
    "__neg__" Neg;
    "__pos__" Pos;
    "__invert__" Invert;
};

static POWER: &[Native] = power_methods!(power);

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, x=0, /, base=10", new, "Create and return a new object."),
    Native::wrapper("__bool__", "self, /", truth, "True if self else False"),
    Native::wrapper("__int__", "self, /", value, "int(self)"),
    Native::wrapper("__index__", "self, /", value, "Return self converted to an integer, for use as an index."),
    Native::wrapper("__float__", "self, /", float, "float(self)"),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__abs__", "self, /", abs, "abs(self)"),
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = new_class(py, args.at(0), class::INT)?;
    let exact = match (args.opt(1), args.opt(2)) {
        (None, None) => Value::int(0),
        (None, Some(_)) => return py.type_error("int() missing string argument"),
        (Some(v), None) => int_from(py, v)?,
        (Some(v), Some(base)) => int_with_base(py, v, base)?,
    };
    py.box_instance(class, exact)
}

/// The exact integer of the first argument.
pub(super) fn this(py: Py<'_>, args: Args<'_>) -> R {
    match py.as_int(args.at(0)) {
        Some(i) => Ok(i),
        None => wrong_self(py, args.at(0)),
    }
}

/// Of the exact integer: `int.__repr__(True)` is `1`.
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.repr(this(py, args)?)?.value())
}

fn truth(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(!int::is_zero(this(py, args)?)))
}

pub(super) fn value(py: Py<'_>, args: Args<'_>) -> R {
    this(py, args)
}

fn float(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::float(py.int_as_real(this(py, args)?)?))
}

fn abs(py: Py<'_>, args: Args<'_>) -> R {
    let i = this(py, args)?;
    py.int_result(int::with_operand(i, python_numbers::bigint::abs))
}

pub(super) fn install(py: Py<'_>) -> R<()> {
    let class: Object = py.builtin_class(class::INT);
    document(
        py,
        class::INT,
        "An integer from a number, or from a text in a base: of 10, unless it is given.\n\n>>> int(-3.9)\n-3\n>>> int(' 1_000 ')\n1000\n>>> int('ff', 16)\n255\n>>> int('0b101', base=0)\n5",
    )?;
    for table in [METHODS, BINARY, POWER, UNARY, COMPARISONS, HASH] {
        py.add_methods(class, table)?;
    }
    Ok(())
}
