//! `float`.

use super::conversion::float_from;
use super::{binary_methods, power_methods, unary_methods};
use crate::wrappers::{COMPARISONS, HASH, REPR, document, new_class, no_keywords_to_new, wrong_self};
use python_numbers::float::{self, HexError};
use python_objects::kind::{class, special};
use python_objects::operator::BinaryOp;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, int, number, string};

/// The exact float of an instance.
#[expect(clippy::unnecessary_wraps, reason = "the tables' macros take it with its like")]
fn exact(py: Py<'_>, v: Value) -> R<Option<Value>> {
    Ok(py.as_float(v).map(Value::float))
}

/// A float or integer as a float.
fn operand(py: Py<'_>, v: Value) -> R<Option<f64>> {
    if let Some(f) = py.as_float(v) {
        return Ok(Some(f));
    }
    match py.as_int(v) {
        Some(i) => py.int_as_real(i).map(Some),
        None => Ok(None),
    }
}

fn operate(py: Py<'_>, op: BinaryOp, a: Value, b: Value) -> R {
    let Some(x) = operand(py, a)? else { return Ok(special::NOT_IMPLEMENTED) };
    let Some(y) = operand(py, b)? else { return Ok(special::NOT_IMPLEMENTED) };
    Ok(number::binary(py, op, Value::float(x), Value::float(y))?.unwrap_or(special::NOT_IMPLEMENTED))
}

fn power(py: Py<'_>, a: Value, b: Value, modulus: Option<Value>) -> R {
    if modulus.is_some() {
        return py.type_error("pow() 3rd argument not allowed unless all arguments are integers");
    }
    operate(py, BinaryOp::Pow, a, b)
}

static BINARY: &[Native] = binary_methods! { operate;
    "__add__" "__radd__" Add;
    "__sub__" "__rsub__" Sub;
    "__mul__" "__rmul__" Mul;
    "__mod__" "__rmod__" Mod;
    "__divmod__" "__rdivmod__" DivMod;
    "__floordiv__" "__rfloordiv__" FloorDiv;
    "__truediv__" "__rtruediv__" TrueDiv;
};

static UNARY: &[Native] = unary_methods! { exact;
    "__neg__" Neg;
    "__pos__" Pos;
};

static POWER: &[Native] = power_methods!(power);

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, x=0, /, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__abs__", "self, /", |py, a| Ok(Value::float(this(py, a)?.abs())), "abs(self)"),
    Native::wrapper("__bool__", "self, /", |py, a| Ok(Value::bool(this(py, a)? != 0.0)), "True if self else False"),
    Native::wrapper("__int__", "self, /", truncate, "int(self)"),
    Native::wrapper("__float__", "self, /", value, "float(self)"),
    Native::method("__trunc__", "self, /", truncate, "Return the Integral closest to x between 0 and x."),
    Native::method("__floor__", "self, /", |py, a| whole(py, a, f64::floor), "Return the floor as an Integral."),
    Native::method("__ceil__", "self, /", |py, a| whole(py, a, f64::ceil), "Return the ceiling as an Integral."),
    Native::method("__round__", "self, ndigits=None, /", round, "Round to the nearest integer, or to so many digits."),
    Native::method("conjugate", "self, /", value, "Return self, the complex conjugate of any float."),
    Native::method(
        "as_integer_ratio",
        "self, /",
        as_integer_ratio,
        "A pair of integers whose ratio is exactly the float.\n\n>>> (0.375).as_integer_ratio()\n(3, 8)\n>>> (-4.0).as_integer_ratio()\n(-4, 1)",
    ),
    Native::method("is_integer", "self, /", is_integer, "Return True if the float is an integer."),
    Native::method(
        "hex",
        "self, /",
        hex,
        "Return a hexadecimal representation of a floating-point number.\n\n>>> (-0.75).hex()\n'-0x1.8000000000000p-1'",
    ),
    Native::class_method(
        "fromhex",
        "type, string, /",
        from_hex,
        "Create a float from a hexadecimal string.\n\n>>> float.fromhex('0x1.8p3')\n12.0\n>>> float.fromhex('-ff')\n-255.0",
    ),
    Native::method("__getnewargs__", "self, /", |py, a| py.tuple(&[Value::float(this(py, a)?)]), ""),
    Native::class_method(
        "__getformat__",
        "type, typestr, /",
        get_format,
        "How floats are represented: for CPython's own tests.",
    ),
    Native::method(
        "__format__",
        "self, format_spec, /",
        crate::string::object_format,
        "Formats the float according to format_spec.",
    ),
    Native::getter("real", value, "the real part of a complex number"),
    Native::getter("imag", |_, _| Ok(Value::float(0.0)), "the imaginary part of a complex number"),
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = new_class(py, args.at(0), class::FLOAT)?;
    no_keywords_to_new(py, class, class::FLOAT, args, 2)?;
    let f = match args.opt(1) {
        Some(v) => float_from(py, v)?,
        None => 0.0,
    };
    py.box_instance(class, Value::float(f))
}

fn this(py: Py<'_>, args: Args<'_>) -> R<f64> {
    match py.as_float(args.at(0)) {
        Some(f) => Ok(f),
        None => wrong_self(py, args.at(0)),
    }
}

fn value(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::float(this(py, args)?))
}

fn truncate(py: Py<'_>, args: Args<'_>) -> R {
    py.int_from_f64(this(py, args)?)
}

fn whole(py: Py<'_>, args: Args<'_>, f: fn(f64) -> f64) -> R {
    py.int_from_f64(f(this(py, args)?))
}

fn round(py: Py<'_>, args: Args<'_>) -> R {
    let f = this(py, args)?;
    let Some(digits) = args.some(1) else { return py.int_from_f64(float::round_half_even(f)) };
    let digits = py.index(digits)?;
    let digits = int::to_i64(digits).unwrap_or(if int::is_negative(digits) { i64::MIN } else { i64::MAX });
    match float::round_to_digits(f, digits) {
        Ok(f) => Ok(Value::float(f)),
        Err(_) => py.err(Exc::OverflowError, "rounded value too large to represent"),
    }
}

fn as_integer_ratio(py: Py<'_>, args: Args<'_>) -> R {
    let f = this(py, args)?;
    match float::as_integer_ratio(f) {
        Some((numerator, denominator)) => {
            let (n, d) = (py.int_from(numerator.as_int())?, py.int_from(denominator.as_int())?);
            py.tuple(&[n, d])
        }
        None if f.is_nan() => py.value_error("cannot convert NaN to integer ratio"),
        None => py.err(Exc::OverflowError, "cannot convert Infinity to integer ratio"),
    }
}

fn is_integer(py: Py<'_>, args: Args<'_>) -> R {
    let f = this(py, args)?;
    Ok(Value::bool(f.is_finite() && f.floor() == f))
}

fn hex(py: Py<'_>, args: Args<'_>) -> R {
    py.str(&float::hex(this(py, args)?))
}

/// The text in ASCII: digits of other scripts are none here.
fn ascii(s: Object) -> Vec<u8> {
    string::code_points(s).map(|c| u8::try_from(c).ok().filter(u8::is_ascii).unwrap_or(b'?')).collect()
}

fn from_hex(py: Py<'_>, args: Args<'_>) -> R {
    let Some(s) = string::exact_or_payload(py, args.at(1)) else {
        return py.type_error("bad argument type for built-in operation");
    };
    let f = match float::fromhex(&ascii(s)) {
        Ok(f) => Value::float(f),
        Err(HexError::Overflow) => {
            return py.err(Exc::OverflowError, "hexadecimal value too large to represent as a float");
        }
        Err(_) => return py.value_error("invalid hexadecimal floating-point string"),
    };
    if args.at(0) == py.root(class::FLOAT) { Ok(f) } else { py.call(args.at(0), &[f]) }
}

fn get_format(py: Py<'_>, args: Args<'_>) -> R {
    match string::exact_or_payload(py, args.at(1)) {
        Some(s) if string::is(s, "double") || string::is(s, "float") => py.str("IEEE, little-endian"),
        Some(_) => py.value_error("__getformat__() argument 1 must be 'double' or 'float'"),
        None => py.type_error(&format!("__getformat__() argument must be str, not {}", py.class_name(args.at(1)))),
    }
}

pub(super) fn install(py: Py<'_>) -> R<()> {
    let class = py.builtin_class(class::FLOAT);
    document(py, class::FLOAT, "A floating-point number from a number or a text.")?;
    for table in [METHODS, BINARY, POWER, UNARY, COMPARISONS, HASH, REPR] {
        py.add_methods(class, table)?;
    }
    Ok(())
}
