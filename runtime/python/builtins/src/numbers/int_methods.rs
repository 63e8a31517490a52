//! `int`: the methods that are no operators.

use super::int::{this, value};
use python_numbers::bigint::{self, ByteOrder, Error};
use python_objects::kind::class;
use python_objects::operator::BinaryOp;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, int, number, string};

static METHODS: &[Native] = &[
    Native::method("conjugate", "self, /", value, "Returns self, the complex conjugate of any int."),
    Native::method(
        "bit_length",
        "self, /",
        bit_length,
        "Number of bits necessary to represent self in binary.\n\n>>> (1000).bit_length()\n10\n>>> (0).bit_length()\n0",
    ),
    Native::method(
        "bit_count",
        "self, /",
        bit_count,
        "Number of ones in the binary representation of the absolute value.\n\n>>> (0b10110).bit_count()\n3\n>>> (-7).bit_count()\n3",
    ),
    Native::method(
        "to_bytes",
        "self, /, length=1, byteorder='big', *, signed=False",
        to_bytes,
        "Return an array of bytes representing an integer.",
    ),
    Native::class_method(
        "from_bytes",
        "type, /, bytes, byteorder='big', *, signed=False",
        from_bytes,
        "Return the integer represented by the given array of bytes.",
    ),
    Native::method(
        "as_integer_ratio",
        "self, /",
        as_integer_ratio,
        "The integer and 1, whose ratio it is.\n\n>>> (-6).as_integer_ratio()\n(-6, 1)",
    ),
    Native::method("is_integer", "self, /", |_, _| Ok(Value::TRUE), "True, for duck typing with float."),
    Native::method("__trunc__", "self, /", value, "Truncating an Integral returns itself."),
    Native::method("__floor__", "self, /", value, "Flooring an Integral returns itself."),
    Native::method("__ceil__", "self, /", value, "Ceiling of an Integral returns itself."),
    Native::method(
        "__round__",
        "self, ndigits=None, /",
        round,
        "Rounding an Integral returns itself, or a multiple of a power of ten.",
    ),
    Native::method("__getnewargs__", "self, /", |py, a| py.tuple(&[this(py, a)?]), ""),
    Native::method(
        "__format__",
        "self, format_spec, /",
        crate::string::object_format,
        "Convert to a string according to format_spec.",
    ),
    Native::method("__sizeof__", "self, /", size, "Returns size in memory, in bytes."),
    Native::getter("real", value, "the real part of a complex number"),
    Native::getter("imag", |_, _| Ok(Value::int(0)), "the imaginary part of a complex number"),
    Native::getter("numerator", value, "the numerator of a rational number in lowest terms"),
    Native::getter("denominator", |_, _| Ok(Value::int(1)), "the denominator of a rational number in lowest terms"),
];

fn bit_length(py: Py<'_>, args: Args<'_>) -> R {
    py.int_u64(int::with_operand(this(py, args)?, bigint::bit_length))
}

fn bit_count(py: Py<'_>, args: Args<'_>) -> R {
    py.int_u64(int::with_operand(this(py, args)?, bigint::bit_count))
}

fn as_integer_ratio(py: Py<'_>, args: Args<'_>) -> R {
    py.tuple(&[this(py, args)?, Value::int(1)])
}

fn size(py: Py<'_>, args: Args<'_>) -> R {
    // As CPython counts: digits of 30 bits behind a header of three words.
    let bits = int::with_operand(this(py, args)?, bigint::bit_length);
    py.int_u64(24 + 4 * bits.div_ceil(30).max(1))
}

/// The argument `byteorder`.
fn byte_order(py: Py<'_>, v: Option<Value>, function: &str) -> R<ByteOrder> {
    let Some(v) = v else { return Ok(ByteOrder::Big) };
    match string::exact_or_payload(py, v) {
        Some(s) if string::is(s, "big") => Ok(ByteOrder::Big),
        Some(s) if string::is(s, "little") => Ok(ByteOrder::Little),
        Some(_) => py.value_error("byteorder must be either 'little' or 'big'"),
        None => py.type_error(&format!("{function}() argument 'byteorder' must be str, not {}", py.class_name(v))),
    }
}

fn to_bytes(py: Py<'_>, args: Args<'_>) -> R {
    let i = this(py, args)?;
    let length = match args.opt(1) {
        Some(v) => py.index_i64(v)?,
        None => 1,
    };
    let order = byte_order(py, args.opt(2), "to_bytes")?;
    let signed = match args.opt(3) {
        Some(v) => py.truth(v)?,
        None => false,
    };
    let Ok(length) = usize::try_from(length) else {
        return py.value_error("length argument must be non-negative");
    };
    py.check_bits((length as u128) * 8)?;
    match int::with_operand(i, |i| bigint::to_bytes(i, length, order, signed)) {
        Ok(content) => Ok(py.bytes(&content)?.value()),
        Err(Error::Negative) => py.err(Exc::OverflowError, "can't convert negative int to unsigned"),
        Err(Error::Overflow) => py.err(Exc::OverflowError, "int too big to convert"),
        Err(e) => Err(py.int_error(e)),
    }
}

fn from_bytes(py: Py<'_>, args: Args<'_>) -> R {
    let order = byte_order(py, args.opt(2), "from_bytes")?;
    let signed = match args.opt(3) {
        Some(v) => py.truth(v)?,
        None => false,
    };
    let content = crate::bytes::bytes_from_object(py, args.at(1))?;
    let i = py.int_result(bigint::from_bytes(&content, order, signed))?;
    if args.at(0) == py.root(class::INT) { Ok(i) } else { py.call(args.at(0), &[i]) }
}

/// `round(i, ndigits)`: to the nearest multiple of a power of ten, ties to the even one.
fn round(py: Py<'_>, args: Args<'_>) -> R {
    let i = this(py, args)?;
    // None is not taken for "not given" here.
    let Some(digits) = args.opt(1) else { return Ok(i) };
    let digits = py.index(digits)?;
    if !int::is_negative(digits) {
        return Ok(i);
    }
    // Beyond the number's own digits, all round to zero, however large the power.
    let most = int::with_operand(i, bigint::size::decimal_digits) + 1;
    match int::to_i64(digits) {
        Some(d) if u128::from(d.unsigned_abs()) <= most => {
            let power = number::ints(py, BinaryOp::Pow, Value::int(10), py.int(-d)?)?;
            let pair = number::ints(py, BinaryOp::DivMod, i, power)?;
            let (quotient, rest) = (Object::of(pair).element(0), Object::of(pair).element(1));
            let twice = number::ints(py, BinaryOp::Mul, rest, Value::int(2))?;
            let order = int::with_operands(twice, power, bigint::compare);
            let odd = int::with_operand(quotient, |q| q.is_odd());
            let down = number::ints(py, BinaryOp::Sub, i, rest)?;
            if order.is_gt() || order.is_eq() && odd { number::ints(py, BinaryOp::Add, down, power) } else { Ok(down) }
        }
        _ => Ok(Value::int(0)),
    }
}

pub(super) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(class::INT), METHODS)
}
