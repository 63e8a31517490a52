//! Built-in functions on numbers and characters, and those that convert to text.

use python_objects::native::Intrinsic;
use python_objects::operator::BinaryOp;
use python_objects::symbol::sym;
use python_objects::{Args, Kind, Native, Object, Py, R, Value, int, string};

static FUNCTIONS: &[Native] = &[
    Native::function("abs", "x, /", abs, "Return the absolute value of the argument.").in_place(Intrinsic::Abs),
    Native::function(
        "ascii",
        "obj, /",
        |py, a| Ok(py.ascii(a.at(0))?.value()),
        "The repr of an object with escapes for what is not ASCII.",
    ),
    Native::function(
        "bin",
        "number, /",
        |py, a| digits(py, a.at(0), 2, "0b"),
        "Return the binary representation of an integer.\n\n>>> bin(-10)\n'-0b1010'",
    ),
    Native::function("chr", "i, /", chr, "The string of one character that has this number.").in_place(Intrinsic::Chr),
    Native::function(
        "divmod",
        "x, y, /",
        |py, a| py.binary(BinaryOp::DivMod, a.at(0), a.at(1)),
        "Return the tuple (x//y, x%y).",
    ),
    Native::function(
        "format",
        "value, format_spec='', /",
        format,
        "Return type(value).__format__(value, format_spec).",
    ),
    Native::function(
        "hash",
        "obj, /",
        |py, a| py.int(py.hash(a.at(0))?),
        "Return the hash value for the given object.",
    ),
    Native::function(
        "hex",
        "number, /",
        |py, a| digits(py, a.at(0), 16, "0x"),
        "Return the hexadecimal representation of an integer.\n\n>>> hex(-1000)\n'-0x3e8'",
    ),
    Native::function(
        "oct",
        "number, /",
        |py, a| digits(py, a.at(0), 8, "0o"),
        "Return the octal representation of an integer.\n\n>>> oct(420)\n'0o644'",
    ),
    Native::function("ord", "c, /", ord, "Return the number of a character.").in_place(Intrinsic::Ord),
    Native::function("pow", "base, exp, mod=None", pow, "base**exp, or base**exp % mod for integers."),
    Native::function(
        "repr",
        "obj, /",
        |py, a| Ok(py.repr_object(a.at(0))?.value()),
        "Return the canonical string representation of the object.",
    ),
    Native::function("round", "number, ndigits=None", round, "Round a number to a given precision in decimal digits."),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    super::add(py, FUNCTIONS)
}

fn abs(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    if v.is_int() {
        return py.int(v.as_int().abs());
    }
    if v.is_float() {
        return Ok(Value::float(v.as_float().abs()));
    }
    match py.call_special(v, sym::ABS, &[])? {
        Some(r) => Ok(r),
        None => py.type_error(&format!("bad operand type for abs(): '{}'", py.class_name(v))),
    }
}

fn digits(py: Py<'_>, v: Value, radix: u32, prefix: &str) -> R {
    let i = py.index(v)?;
    let sign = if int::is_negative(i) { "-" } else { "" };
    py.str(&format!("{sign}{prefix}{}", py.int_digits(i, radix)?))
}

fn chr(py: Py<'_>, args: Args<'_>) -> R {
    let i = py.index_i32(args.at(0))?;
    match u32::try_from(i).ok().filter(|c| *c < 0x11_0000) {
        Some(c) => Ok(py.character(c)?.value()),
        None => py.value_error("chr() arg not in range(0x110000)"),
    }
}

fn ord(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    let length = if let Some(s) = string::exact_or_payload(py, v) {
        if string::length(s) == 1 {
            return Ok(Value::int(i64::from(string::at(s, 0))));
        }
        string::length(s)
    } else if matches!(py.kind(v), Kind::BYTES | Kind::BYTEARRAY)
        && let Some(content) = py.content_of(v)
    {
        if let [byte] = *content {
            return Ok(Value::int(i64::from(byte)));
        }
        content.len()
    } else {
        return py.type_error(&format!("ord() expected string of length 1, but {} found", py.class_name(v)));
    };
    py.type_error(&format!("ord() expected a character, but string of length {length} found"))
}

fn format(py: Py<'_>, args: Args<'_>) -> R {
    let spec = match args.opt(1) {
        None => Object::of(py.root(python_objects::py::root::EMPTY_STRING)),
        Some(v) => match string::exact_or_payload(py, v) {
            Some(s) => s,
            None => {
                return py.type_error(&format!("format() argument 2 must be str, not {}", py.class_name(v)));
            }
        },
    };
    Ok(py.format_value(args.at(0), spec)?.value())
}

fn pow(py: Py<'_>, args: Args<'_>) -> R {
    match args.some(2) {
        None => py.binary(BinaryOp::Pow, args.at(0), args.at(1)),
        Some(m) => py.power_modulo(args.at(0), args.at(1), m),
    }
}

fn round(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    let r = match args.some(1) {
        None => py.call_special(v, sym::ROUND, &[])?,
        Some(digits) => py.call_special(v, sym::ROUND, &[digits])?,
    };
    match r {
        Some(r) => Ok(r),
        None => py.type_error(&format!("type {} doesn't define __round__ method", py.class_name(v))),
    }
}
