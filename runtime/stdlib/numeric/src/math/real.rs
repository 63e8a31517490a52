//! Functions of one or two real numbers.

use python_numbers::math::{self, Logarithm, MathError};
use python_numbers::{bigint, float};
use python_objects::native::Intrinsic;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Py, R, Symbol, Value, int};

/// `ValueError: math domain error`
#[cold]
fn domain<T>(py: Py<'_>) -> R<T> {
    py.value_error("math domain error")
}
/// `OverflowError: math range error`
#[cold]
fn range<T>(py: Py<'_>) -> R<T> {
    py.err(Exc::OverflowError, "math range error")
}
fn checked(py: Py<'_>, r: Result<f64, MathError>) -> R {
    match r {
        Ok(f) => Ok(Value::float(f)),
        Err(MathError::Domain) => domain(py),
        Err(MathError::Range) => range(py),
    }
}

/// Functions of one number without a value outside their domain.
#[inline]
fn unary(py: Py<'_>, args: Args<'_>, f: fn(f64) -> f64, overflows: bool) -> R {
    let x = py.real(args.at(0))?;
    let r = f(x);
    if r.is_finite() {
        return Ok(Value::float(r));
    }
    if r.is_nan() && !x.is_nan() {
        return domain(py);
    }
    if r.is_infinite() && x.is_finite() {
        return if overflows { range(py) } else { domain(py) };
    }
    Ok(Value::float(r))
}
/// Functions of one number that know their errors.
fn checked_unary(py: Py<'_>, args: Args<'_>, f: fn(f64) -> Result<f64, MathError>) -> R {
    let x = py.real(args.at(0))?;
    checked(py, f(x))
}
/// Functions of one number that have a value for each.
fn total(py: Py<'_>, args: Args<'_>, f: fn(f64) -> f64) -> R {
    Ok(Value::float(f(py.real(args.at(0))?)))
}
fn test(py: Py<'_>, args: Args<'_>, f: fn(f64) -> bool) -> R {
    Ok(Value::bool(f(py.real(args.at(0))?)))
}
fn both(py: Py<'_>, args: Args<'_>) -> R<(f64, f64)> {
    Ok((py.real(args.at(0))?, py.real(args.at(1))?))
}

fn log(py: Py<'_>, args: Args<'_>) -> R {
    let x = logarithm(py, Logarithm::Natural, args.at(0))?;
    let Some(base) = args.opt(1) else { return Ok(Value::float(x)) };
    let base = logarithm(py, Logarithm::Natural, base)?;
    if base == 0.0 {
        return py.err(Exc::ZeroDivisionError, "float division by zero");
    }
    Ok(Value::float(x / base))
}
fn logarithm(py: Py<'_>, which: Logarithm, v: Value) -> R<f64> {
    let r = match py.as_int(v) {
        Some(i) => int::with_operand(i, |i| math::log_of_int(which, i)),
        None => {
            let x = py.real(v)?;
            match x {
                _ if x.is_nan() || x == f64::INFINITY => Ok(x),
                _ if x > 0.0 => Ok(match which {
                    Logarithm::Natural => x.ln(),
                    Logarithm::Binary => x.log2(),
                    Logarithm::Decimal => x.log10(),
                }),
                _ => Err(MathError::Domain),
            }
        }
    };
    match r {
        Ok(f) => Ok(f),
        Err(MathError::Domain) => domain(py),
        Err(MathError::Range) => range(py),
    }
}
fn log2(py: Py<'_>, args: Args<'_>) -> R {
    logarithm(py, Logarithm::Binary, args.at(0)).map(Value::float)
}
fn log10(py: Py<'_>, args: Args<'_>) -> R {
    logarithm(py, Logarithm::Decimal, args.at(0)).map(Value::float)
}

fn pow(py: Py<'_>, args: Args<'_>) -> R {
    let (x, y) = both(py, args)?;
    let r = x.powf(y);
    if r.is_finite() || !x.is_finite() || !y.is_finite() {
        return Ok(Value::float(r));
    }
    if r.is_nan() || x == 0.0 { domain(py) } else { range(py) }
}
fn fmod(py: Py<'_>, args: Args<'_>) -> R {
    let (x, y) = both(py, args)?;
    let r = x % y;
    if r.is_nan() && !x.is_nan() && !y.is_nan() {
        return domain(py);
    }
    Ok(Value::float(r))
}
fn remainder(py: Py<'_>, args: Args<'_>) -> R {
    let (x, y) = both(py, args)?;
    checked(py, math::remainder(x, y))
}
fn atan2(py: Py<'_>, args: Args<'_>) -> R {
    let (y, x) = both(py, args)?;
    Ok(Value::float(y.atan2(x)))
}
fn copysign(py: Py<'_>, args: Args<'_>) -> R {
    let (x, y) = both(py, args)?;
    Ok(Value::float(x.copysign(y)))
}
fn frexp(py: Py<'_>, args: Args<'_>) -> R {
    let (fraction, exponent) = float::frexp(py.real(args.at(0))?);
    py.tuple(&[Value::float(fraction), Value::int(i64::from(exponent))])
}
fn ldexp(py: Py<'_>, args: Args<'_>) -> R {
    let x = py.real(args.at(0))?;
    let Some(exponent) = py.as_int(args.at(1)) else {
        return py.type_error("Expected an int as second argument to ldexp.");
    };
    let exponent = int::to_i64(exponent).unwrap_or(if int::is_negative(exponent) { i64::MIN } else { i64::MAX });
    checked(py, math::checked_ldexp(x, exponent))
}
fn modf(py: Py<'_>, args: Args<'_>) -> R {
    let x = py.real(args.at(0))?;
    let whole = x.trunc();
    let fraction = if x.is_infinite() { 0.0 } else { x - whole };
    py.tuple(&[Value::float(fraction.copysign(x)), Value::float(whole)])
}
fn nextafter(py: Py<'_>, args: Args<'_>) -> R {
    let (x, y) = both(py, args)?;
    let steps = match args.some(2) {
        None => {
            // One step of C's function: zero has the sign of where it came from.
            let next = math::nextafter(x, y, 1);
            return Ok(Value::float(if next == 0.0 && x != y { next.copysign(x) } else { next }));
        }
        Some(v) => {
            let n = py.index(v)?;
            if int::is_negative(n) {
                return py.value_error("steps must be a non-negative integer");
            }
            int::with_operand(n, |n| n.to_u64()).unwrap_or(u64::MAX)
        }
    };
    Ok(Value::float(math::nextafter(x, y, steps)))
}
fn isclose(py: Py<'_>, args: Args<'_>) -> R {
    let (a, b) = both(py, args)?;
    let tolerance = |i: usize, default: f64| args.opt(i).map_or(Ok(default), |v| py.real(v));
    let (relative, absolute) = (tolerance(2, 1e-9)?, tolerance(3, 0.0)?);
    if relative < 0.0 || absolute < 0.0 {
        return py.value_error("tolerances must be non-negative");
    }
    let close = if a == b {
        true
    } else if a.is_infinite() || b.is_infinite() {
        false
    } else {
        let difference = (b - a).abs();
        difference <= (relative * b).abs() || difference <= (relative * a).abs() || difference <= absolute
    };
    Ok(Value::bool(close))
}

/// `floor` and `ceil`: of a float at once, of others by their special method.
fn rounded(py: Py<'_>, v: Value, method: Symbol, f: fn(f64) -> f64) -> R {
    if !v.is_float()
        && let Some(r) = py.call_special(v, method, &[])?
    {
        return Ok(r);
    }
    py.int_from_f64(f(py.real(v)?))
}
fn floor(py: Py<'_>, args: Args<'_>) -> R {
    rounded(py, args.at(0), sym::FLOOR, f64::floor)
}
fn ceil(py: Py<'_>, args: Args<'_>) -> R {
    rounded(py, args.at(0), sym::CEIL, f64::ceil)
}
fn trunc(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    if v.is_float() {
        return py.int_from_f64(v.as_float());
    }
    match py.call_special(v, sym::TRUNC, &[])? {
        Some(r) => Ok(r),
        None => py.type_error(&format!("type {} doesn't define __trunc__ method", py.class_name(v))),
    }
}
fn factor_of_degrees(x: f64) -> f64 {
    x * (180.0 / std::f64::consts::PI)
}
fn factor_of_radians(x: f64) -> f64 {
    x * (std::f64::consts::PI / 180.0)
}
fn fabs(py: Py<'_>, args: Args<'_>) -> R {
    total(py, args, f64::abs)
}
fn isqrt(py: Py<'_>, args: Args<'_>) -> R {
    let n = py.index(args.at(0))?;
    if int::is_negative(n) {
        return py.value_error("isqrt() argument must be nonnegative");
    }
    let poll = py.poller();
    py.int_result(int::with_operand(n, |n| bigint::isqrt(n, poll)))
}

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function(
        "acos",
        "x, /",
        |py, a| unary(py, a, f64::acos, false),
        "Return the arc cosine (measured in radians) of x.\n\nThe result is between 0 and pi.",
    ),
    Native::function(
        "acosh",
        "x, /",
        |py, a| unary(py, a, math::acosh, false),
        "Return the inverse hyperbolic cosine of x.",
    ),
    Native::function(
        "asin",
        "x, /",
        |py, a| unary(py, a, f64::asin, false),
        "Return the arc sine (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2.",
    ),
    Native::function(
        "asinh",
        "x, /",
        |py, a| unary(py, a, math::asinh, false),
        "Return the inverse hyperbolic sine of x.",
    ),
    Native::function(
        "atan",
        "x, /",
        |py, a| unary(py, a, f64::atan, false),
        "Return the arc tangent (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2.",
    ),
    Native::function(
        "atan2",
        "y, x, /",
        atan2,
        "Return the arc tangent (measured in radians) of y/x.\n\nUnlike atan(y/x), the signs of both x and y are considered.",
    ),
    Native::function(
        "atanh",
        "x, /",
        |py, a| unary(py, a, math::atanh, false),
        "Return the inverse hyperbolic tangent of x.",
    ),
    Native::function("cbrt", "x, /", |py, a| unary(py, a, f64::cbrt, false), "Return the cube root of x."),
    Native::function(
        "ceil",
        "x, /",
        ceil,
        "Return the ceiling of x as an Integral.\n\nThis is the smallest integer >= x.",
    ),
    Native::function(
        "copysign",
        "x, y, /",
        copysign,
        "Return a float with the magnitude (absolute value) of x but the sign of y.",
    ),
    Native::function(
        "cos",
        "x, /",
        |py, a| unary(py, a, f64::cos, false),
        "Return the cosine of x (measured in radians).",
    ),
    Native::function("cosh", "x, /", |py, a| unary(py, a, f64::cosh, true), "Return the hyperbolic cosine of x."),
    Native::function(
        "degrees",
        "x, /",
        |py, a| total(py, a, factor_of_degrees),
        "Convert angle x from radians to degrees.",
    ),
    Native::function("erf", "x, /", |py, a| total(py, a, math::erf), "Error function at x."),
    Native::function("erfc", "x, /", |py, a| total(py, a, math::erfc), "Complementary error function at x."),
    Native::function("exp", "x, /", |py, a| unary(py, a, f64::exp, true), "Return e raised to the power of x."),
    Native::function("exp2", "x, /", |py, a| unary(py, a, f64::exp2, true), "Return 2 raised to the power of x."),
    Native::function("expm1", "x, /", |py, a| unary(py, a, f64::exp_m1, true), "Return exp(x)-1."),
    Native::function("fabs", "x, /", fabs, "Return the absolute value of the float x."),
    Native::function(
        "floor",
        "x, /",
        floor,
        "Return the floor of x as an Integral.\n\nThis is the largest integer <= x.",
    ),
    Native::function("fmod", "x, y, /", fmod, "Return fmod(x, y), according to platform C."),
    Native::function("frexp", "x, /", frexp, "Return the mantissa and exponent of x, as pair (m, e)."),
    Native::function("gamma", "x, /", |py, a| checked_unary(py, a, math::gamma), "Gamma function at x."),
    Native::function(
        "isclose",
        "a, b, *, rel_tol=1e-09, abs_tol=0.0",
        isclose,
        "Determine whether two floating point numbers are close in value.",
    ),
    Native::function(
        "isfinite",
        "x, /",
        |py, a| test(py, a, f64::is_finite),
        "Return True if x is neither an infinity nor a NaN, and False otherwise.",
    ),
    Native::function(
        "isinf",
        "x, /",
        |py, a| test(py, a, f64::is_infinite),
        "Return True if x is a positive or negative infinity, and False otherwise.",
    ),
    Native::function(
        "isnan",
        "x, /",
        |py, a| test(py, a, f64::is_nan),
        "Return True if x is a NaN (not a number), and False otherwise.",
    ),
    Native::function("isqrt", "n, /", isqrt, "Return the integer part of the square root of the input."),
    Native::function("ldexp", "x, i, /", ldexp, "Return x * (2**i)."),
    Native::function(
        "lgamma",
        "x, /",
        |py, a| checked_unary(py, a, math::lgamma),
        "Natural logarithm of absolute value of Gamma function at x.",
    ),
    Native::function(
        "log",
        "x, base=math.e, /",
        log,
        "log(x, [base=math.e])\nReturn the logarithm of x to the given base.",
    ),
    Native::function("log10", "x, /", log10, "Return the base 10 logarithm of x."),
    Native::function(
        "log1p",
        "x, /",
        |py, a| unary(py, a, f64::ln_1p, false),
        "Return the natural logarithm of 1+x (base e).",
    ),
    Native::function("log2", "x, /", log2, "Return the base 2 logarithm of x."),
    Native::function("modf", "x, /", modf, "Return the fractional and integer parts of x."),
    Native::function(
        "nextafter",
        "x, y, /, *, steps=None",
        nextafter,
        "Return the floating-point value the given number of steps after x towards y.",
    ),
    Native::function("pow", "x, y, /", pow, "Return x**y (x to the power of y)."),
    Native::function(
        "radians",
        "x, /",
        |py, a| total(py, a, factor_of_radians),
        "Convert angle x from degrees to radians.",
    ),
    Native::function("remainder", "x, y, /", remainder, "Difference between x and the closest integer multiple of y."),
    Native::function(
        "sin",
        "x, /",
        |py, a| unary(py, a, f64::sin, false),
        "Return the sine of x (measured in radians).",
    ),
    Native::function("sinh", "x, /", |py, a| unary(py, a, f64::sinh, true), "Return the hyperbolic sine of x."),
    Native::function("sqrt", "x, /", |py, a| unary(py, a, f64::sqrt, false), "Return the square root of x.")
        .in_place(Intrinsic::Sqrt),
    Native::function(
        "tan",
        "x, /",
        |py, a| unary(py, a, f64::tan, false),
        "Return the tangent of x (measured in radians).",
    ),
    Native::function("tanh", "x, /", |py, a| unary(py, a, f64::tanh, false), "Return the hyperbolic tangent of x."),
    Native::function("trunc", "x, /", trunc, "Truncates the Real x to the nearest Integral toward 0."),
    Native::function(
        "ulp",
        "x, /",
        |py, a| total(py, a, math::ulp),
        "Return the value of the least significant bit of the float x.",
    ),
];
