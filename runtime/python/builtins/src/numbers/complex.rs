//! `complex`.

use super::{binary_methods, power_methods, unary_methods};
use crate::wrappers::{COMPARISONS, HASH, REPR, document, new_class, wrong_self};
use python_numbers::complex::{self, Complex};
use python_numbers::unicode::to_ascii;
use python_objects::kind::{class, special};
use python_objects::operator::BinaryOp;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, number, string};

fn parts(py: Py<'_>, v: Value) -> Option<Complex> {
    py.as_complex(v).map(|(re, im)| Complex::new(re, im))
}

/// The exact complex number of an instance.
fn exact(py: Py<'_>, v: Value) -> R<Option<Value>> {
    match py.as_complex(v) {
        Some((re, im)) => py.complex(re, im).map(Some),
        None => Ok(None),
    }
}

/// A number of any built-in type as a complex one.
fn operand(py: Py<'_>, v: Value) -> R<Option<Value>> {
    if let Some(c) = exact(py, v)? {
        return Ok(Some(c));
    }
    if let Some(f) = py.as_float(v) {
        return py.complex(f, 0.0).map(Some);
    }
    match py.as_int(v) {
        Some(i) => {
            let f = py.int_as_real(i)?;
            py.complex(f, 0.0).map(Some)
        }
        None => Ok(None),
    }
}

fn operate(py: Py<'_>, op: BinaryOp, a: Value, b: Value) -> R {
    let Some(x) = operand(py, a)? else { return Ok(special::NOT_IMPLEMENTED) };
    let Some(y) = operand(py, b)? else { return Ok(special::NOT_IMPLEMENTED) };
    Ok(number::binary(py, op, x, y)?.unwrap_or(special::NOT_IMPLEMENTED))
}

fn power(py: Py<'_>, a: Value, b: Value, modulus: Option<Value>) -> R {
    if modulus.is_some() {
        return py.value_error("complex modulo");
    }
    operate(py, BinaryOp::Pow, a, b)
}

static BINARY: &[Native] = binary_methods! { operate;
    "__add__" "__radd__" Add;
    "__sub__" "__rsub__" Sub;
    "__mul__" "__rmul__" Mul;
    "__truediv__" "__rtruediv__" TrueDiv;
};

static UNARY: &[Native] = unary_methods! { exact;
    "__neg__" Neg;
    "__pos__" Pos;
};

static POWER: &[Native] = power_methods!(power);

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, real=0, imag=0", new, "Create and return a new object."),
    Native::wrapper("__bool__", "self, /", truth, "True if self else False"),
    Native::wrapper("__abs__", "self, /", abs, "abs(self)"),
    Native::method("conjugate", "self, /", conjugate, "Return the complex conjugate of its argument."),
    Native::method("__complex__", "self, /", value, "Convert this value to exact type complex."),
    Native::method("__getnewargs__", "self, /", new_arguments, ""),
    Native::method(
        "__format__",
        "self, format_spec, /",
        crate::string::object_format,
        "Convert to a string according to format_spec.",
    ),
    Native::member("real", |py, a| Ok(Value::float(this(py, a)?.real)), "the real part of a complex number"),
    Native::member("imag", |py, a| Ok(Value::float(this(py, a)?.imaginary)), "the imaginary part of a complex number"),
];

fn this(py: Py<'_>, args: Args<'_>) -> R<Complex> {
    match parts(py, args.at(0)) {
        Some(c) => Ok(c),
        None => wrong_self(py, args.at(0)),
    }
}

fn value(py: Py<'_>, args: Args<'_>) -> R {
    let c = this(py, args)?;
    py.complex(c.real, c.imaginary)
}

fn truth(py: Py<'_>, args: Args<'_>) -> R {
    let c = this(py, args)?;
    Ok(Value::bool(c.real != 0.0 || c.imaginary != 0.0))
}

fn abs(py: Py<'_>, args: Args<'_>) -> R {
    match complex::abs(this(py, args)?) {
        Ok(f) => Ok(Value::float(f)),
        Err(_) => py.err(Exc::OverflowError, "absolute value too large"),
    }
}

fn conjugate(py: Py<'_>, args: Args<'_>) -> R {
    let c = this(py, args)?;
    py.complex(c.real, -c.imaginary)
}

fn new_arguments(py: Py<'_>, args: Args<'_>) -> R {
    let c = this(py, args)?;
    py.tuple(&[Value::float(c.real), Value::float(c.imaginary)])
}

/// One part of the two that `complex()` takes: a number, complex itself or not.
enum Part {
    Real(f64),
    Complex(Complex),
}

fn part(py: Py<'_>, v: Value, refused: &str) -> R<Part> {
    if let Some(c) = parts(py, v) {
        return Ok(Part::Complex(c));
    }
    let by_method = if py.as_float(v).is_some() { py.float_by_method(v)? } else { None };
    let real = match by_method {
        Some(f) => Some(f),
        None => py.real_or_none(v)?,
    };
    match real {
        Some(f) => Ok(Part::Real(f)),
        None => py.type_error(&format!("{refused}, not '{}'", py.class_name(v))),
    }
}

/// What `__complex__` of an object answers, if its class has one.
fn by_method(py: Py<'_>, v: Value) -> R<Option<Value>> {
    if py.as_complex(v).is_some_and(|_| py.root(class::COMPLEX) == py.class_of(v).value()) {
        return Ok(Some(v));
    }
    match py.call_special(v, sym::COMPLEX, &[])? {
        None => Ok(None),
        Some(r) if py.as_complex(r).is_some() => {
            if py.class_of(r) != py.builtin_class(class::COMPLEX) {
                py.strict_subclass("__complex__", "non-complex", r, "complex")?;
            }
            Ok(Some(r))
        }
        Some(r) => py.type_error(&format!("__complex__ returned non-complex (type {})", py.class_name(r))),
    }
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = new_class(py, args.at(0), class::COMPLEX)?;
    let (real, imaginary) = (args.opt(1), args.opt(2));
    if let Some(s) = real.and_then(|v| string::exact_or_payload(py, v)) {
        if imaginary.is_some() {
            return py.type_error("complex() can't take second arg if first is a string");
        }
        return from_text(py, class, s);
    }
    if imaginary.is_some_and(|v| string::exact_or_payload(py, v).is_some()) {
        return py.type_error("complex() second arg can't be a string");
    }
    let first = match real {
        None => Part::Real(0.0),
        Some(v) => {
            let v = by_method(py, v)?.unwrap_or(v);
            if imaginary.is_none() && py.root(class::COMPLEX) == class.value() && py.class_of(v) == class {
                return Ok(v);
            }
            part(py, v, "complex() first argument must be a string or a number")?
        }
    };
    let second = match imaginary {
        None => None,
        Some(v) => Some(part(py, v, "complex() second argument must be a number")?),
    };
    let c = match (first, second) {
        (Part::Real(re), None) => Complex::new(re, 0.0),
        (Part::Complex(c), None) => c,
        (Part::Real(re), Some(Part::Real(im))) => Complex::new(re, im),
        (Part::Complex(c), Some(Part::Real(im))) => Complex::new(c.real, im + c.imaginary),
        (Part::Real(re), Some(Part::Complex(c))) => Complex::new(re - c.imaginary, c.real),
        (Part::Complex(a), Some(Part::Complex(b))) => Complex::new(a.real - b.imaginary, b.real + a.imaginary),
    };
    let exact = py.complex(c.real, c.imaginary)?;
    py.box_instance(class, exact)
}

fn from_text(py: Py<'_>, class: Object, s: Object) -> R {
    match complex::parse(&to_ascii(string::code_points(s))) {
        Ok(c) => {
            let exact = py.complex(c.real, c.imaginary)?;
            py.box_instance(class, exact)
        }
        Err(_) => py.value_error("complex() arg is a malformed string"),
    }
}

pub(super) fn install(py: Py<'_>) -> R<()> {
    let class = py.builtin_class(class::COMPLEX);
    document(py, class::COMPLEX, "A complex number from a real part and an imaginary part, or from a text of both.")?;
    for table in [METHODS, BINARY, POWER, UNARY, COMPARISONS, HASH, REPR] {
        py.add_methods(class, table)?;
    }
    Ok(())
}
