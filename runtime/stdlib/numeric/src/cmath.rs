//! `cmath`: functions of complex numbers.

use python_numbers::cmath::{self as functions, CmathError};
use python_numbers::complex::{self, Complex, ComplexError};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, Value};

/// A function of one number, by the function on plain data of the same name.
macro_rules! of_one {
    ($name:ident, $doc:literal) => {
        Native::function(stringify!($name), "z, /", |py, args| of_one(py, args, functions::$name), $doc)
    };
}
static FUNCTIONS: &[Native] = &[
    of_one!(acos, "Return the arc cosine of z."),
    of_one!(acosh, "Return the inverse hyperbolic cosine of z."),
    of_one!(asin, "Return the arc sine of z."),
    of_one!(asinh, "Return the inverse hyperbolic sine of z."),
    of_one!(atan, "Return the arc tangent of z."),
    of_one!(atanh, "Return the inverse hyperbolic tangent of z."),
    of_one!(cos, "Return the cosine of z."),
    of_one!(cosh, "Return the hyperbolic cosine of z."),
    of_one!(exp, "Return e to the power of z."),
    of_one!(log10, "Return the logarithm of z to base 10."),
    of_one!(sin, "Return the sine of z."),
    of_one!(sinh, "Return the hyperbolic sine of z."),
    of_one!(sqrt, "Return the square root of z."),
    of_one!(tan, "Return the tangent of z."),
    of_one!(tanh, "Return the hyperbolic tangent of z."),
    Native::function("isclose", "a, b, *, rel_tol=1e-09, abs_tol=0.0", isclose, "Are two numbers close to each other?"),
    Native::function(
        "isfinite",
        "z, /",
        |py, args| test(py, args, f64::is_finite, true),
        "Are both parts of z finite?",
    ),
    Native::function("isinf", "z, /", |py, args| test(py, args, f64::is_infinite, false), "Is a part of z infinite?"),
    Native::function("isnan", "z, /", |py, args| test(py, args, f64::is_nan, false), "Is a part of z not a number?"),
    Native::function(
        "log",
        "z, base=<unrepresentable>, /",
        log,
        "Return the logarithm of z, to the base e or a given one.",
    ),
    Native::function("phase", "z, /", phase, "Return the angle of z, between -pi and pi."),
    Native::function("polar", "z, /", polar, "Return length and angle of z."),
    Native::function("rect", "r, phi, /", rect, "Return the number with this length and this angle."),
];

pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    let d = py.module_dict(m);
    py.dict_set_text(d, "__doc__", py.str("Mathematical functions of complex numbers.")?)?;
    py.add_functions(m, FUNCTIONS)?;
    for (name, value) in [
        ("pi", std::f64::consts::PI),
        ("e", std::f64::consts::E),
        ("tau", std::f64::consts::TAU),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ] {
        py.dict_set_text(d, name, Value::float(value))?;
    }
    py.dict_set_text(d, "infj", py.complex(0.0, f64::INFINITY)?)?;
    py.dict_set_text(d, "nanj", py.complex(0.0, f64::NAN)?)
}

/// The number that an argument is, or says that it is.
fn argument(py: Py<'_>, v: Value) -> R<Complex> {
    if let Some((real, imaginary)) = py.as_complex(v) {
        return Ok(Complex { real, imaginary });
    }
    if let Some(r) = py.call_special(v, sym::COMPLEX, &[])? {
        let Some((real, imaginary)) = py.as_complex(r) else {
            return py.type_error(&format!("__complex__ returned non-complex (type {})", py.class_name(r)));
        };
        if py.class_of(r) != py.builtin_class(python_objects::kind::class::COMPLEX) {
            py.strict_subclass("__complex__", "non-complex", r, "complex")?;
        }
        return Ok(Complex { real, imaginary });
    }
    Ok(Complex { real: py.real(v)?, imaginary: 0.0 })
}
#[cold]
fn error<T>(py: Py<'_>, e: CmathError) -> R<T> {
    match e {
        CmathError::Domain => py.value_error("math domain error"),
        CmathError::Range => py.err(Exc::OverflowError, "math range error"),
    }
}
fn result(py: Py<'_>, r: Result<Complex, CmathError>) -> R {
    match r {
        Ok(z) => py.complex(z.real, z.imaginary),
        Err(e) => error(py, e),
    }
}
fn of_one(py: Py<'_>, args: Args<'_>, f: fn(Complex) -> Result<Complex, CmathError>) -> R {
    result(py, f(argument(py, args.at(0))?))
}
fn test(py: Py<'_>, args: Args<'_>, f: fn(f64) -> bool, both: bool) -> R {
    let z = argument(py, args.at(0))?;
    let (real, imaginary) = (f(z.real), f(z.imaginary));
    Ok(Value::bool(if both { real && imaginary } else { real || imaginary }))
}
fn log(py: Py<'_>, args: Args<'_>) -> R {
    let z = argument(py, args.at(0))?;
    let Some(base) = args.opt(1) else { return result(py, functions::log(z)) };
    // With a base, the logarithm of zero is an infinity.
    match functions::log(argument(py, base)?).map(|of_base| complex::div(functions::logarithm(z), of_base)) {
        Ok(Ok(z)) => py.complex(z.real, z.imaginary),
        Ok(Err(_)) => error(py, CmathError::Domain),
        Err(e) => error(py, e),
    }
}
fn phase(py: Py<'_>, args: Args<'_>) -> R {
    let z = argument(py, args.at(0))?;
    Ok(Value::float(z.imaginary.atan2(z.real)))
}
fn polar(py: Py<'_>, args: Args<'_>) -> R {
    let z = argument(py, args.at(0))?;
    match complex::abs(z) {
        Ok(length) => py.tuple(&[Value::float(length), Value::float(z.imaginary.atan2(z.real))]),
        Err(ComplexError::Overflow) => error(py, CmathError::Range),
        Err(_) => error(py, CmathError::Domain),
    }
}
fn rect(py: Py<'_>, args: Args<'_>) -> R {
    let (length, phase) = (py.real(args.at(0))?, py.real(args.at(1))?);
    result(py, functions::rect(length, phase))
}
fn isclose(py: Py<'_>, args: Args<'_>) -> R {
    let (a, b) = (argument(py, args.at(0))?, argument(py, args.at(1))?);
    let tolerance = |i: usize, default: f64| args.opt(i).map_or(Ok(default), |v| py.real(v));
    let (relative, absolute) = (tolerance(2, 1e-9)?, tolerance(3, 0.0)?);
    if relative < 0.0 || absolute < 0.0 {
        return py.value_error("tolerances must be non-negative");
    }
    if a.real == b.real && a.imaginary == b.imaginary {
        return Ok(Value::TRUE);
    }
    if [a, b].iter().any(|z| z.real.is_infinite() || z.imaginary.is_infinite()) {
        return Ok(Value::FALSE);
    }
    let length = |z: Complex| z.real.hypot(z.imaginary);
    let apart = length(complex::sub(a, b));
    Ok(Value::bool(apart <= relative * length(b) || apart <= relative * length(a) || apart <= absolute))
}
