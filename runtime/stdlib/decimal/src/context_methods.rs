//! Operations as methods of `Context`: what they compute is fitted into it.

use crate::argument::{rounded, small_operand, strict};
use crate::context::{CONTEXT, read, run, run_with_logarithm};
use crate::decimal::make;
use crate::decimal_methods::{Question, Unary, class_of, is_normal, is_subnormal, same};
use crate::number::text::Style;
use crate::number::{Dec, arithmetic, power, quotient, scale, small};
use crate::operators::{Binary, OfSmall, fitted, shown};
use python_objects::{Args, Native, Object, Py, R, Value};

pub(crate) static METHODS: &[Native] = &[
    Native::method("abs", "self, x, /", |py, a| unary(py, a, arithmetic::abs), "The absolute value, rounded."),
    Native::method("add", "self, x, y, /", |py, a| quick(py, a, arithmetic::add, small::add), "x + y"),
    Native::method("subtract", "self, x, y, /", |py, a| quick(py, a, arithmetic::sub, small::sub), "x - y"),
    Native::method("multiply", "self, x, y, /", |py, a| quick(py, a, arithmetic::mul, small::mul), "x * y"),
    Native::method("divide", "self, x, y, /", |py, a| quick(py, a, quotient::div, small::div), "x / y"),
    Native::method("divide_int", "self, x, y, /", |py, a| binary(py, a, quotient::div_int), "x // y"),
    Native::method("remainder", "self, x, y, /", |py, a| binary(py, a, quotient::rem), "x % y"),
    Native::method(
        "quantize",
        "self, x, y, /",
        |py, a| quick(py, a, scale::quantize, small::quantize),
        "x with the exponent of y.",
    ),
    Native::method("divmod", "self, x, y, /", divmod, "Quotient and remainder."),
    Native::method("fma", "self, x, y, z, /", fma, "x * y + z, rounded once."),
    Native::method("power", "self, /, a, b, modulo=None", pow, "a ** b, or that modulo a number."),
    Native::method(
        "plus",
        "self, x, /",
        |py, a| unary(py, a, |d, cx, env| arithmetic::plus(d, false, cx, env)),
        "The number, rounded.",
    ),
    Native::method(
        "minus",
        "self, x, /",
        |py, a| unary(py, a, |d, cx, env| arithmetic::plus(d, true, cx, env)),
        "The number with the other sign, rounded.",
    ),
    Native::method("canonical", "self, x, /", canonical, "The number itself."),
    Native::method(
        "is_canonical",
        "self, x, /",
        |py, a| canonical(py, a).map(|_| Value::TRUE),
        "True: every number is.",
    ),
    Native::method("copy_decimal", "self, x, /", |py, a| changed(py, a, |d| d), "The number itself."),
    Native::method("copy_abs", "self, x, /", |py, a| changed(py, a, |d| d.abs()), "The number without its sign."),
    Native::method("copy_negate", "self, x, /", |py, a| changed(py, a, negated), "The number with the other sign."),
    Native::method("radix", "self, /", |py, _| make(py, &Dec::from_i64(10)), "10"),
    Native::method("is_normal", "self, x, /", |py, a| in_range(py, a, is_normal), "Is it normal in this context?"),
    Native::method(
        "is_subnormal",
        "self, x, /",
        |py, a| in_range(py, a, is_subnormal),
        "Is it subnormal in this context?",
    ),
    Native::method("number_class", "self, x, /", number_class, "What kind of number it is, as text."),
    Native::method("same_quantum", "self, x, y, /", same_quantum, "Have both the same exponent?"),
    Native::method(
        "to_integral_exact",
        "self, x, /",
        |py, a| unary(py, a, |d, cx, env| scale::to_integral(d, cx.round, true, cx, env)),
        "Round to an integer, and signal what that changes.",
    ),
    Native::method("to_integral", "self, x, /", to_integral_value, "Round to an integer."),
    Native::method("to_integral_value", "self, x, /", to_integral_value, "Round to an integer."),
    Native::method("to_sci_string", "self, x, /", |py, a| text(py, a, Style::Scientific), "The number as text."),
    Native::method(
        "to_eng_string",
        "self, x, /",
        |py, a| text(py, a, Style::Engineering),
        "The number as text, with an exponent that is a multiple of three.",
    ),
    Native::method("create_decimal", "self, num='0', /", create, "A number, rounded."),
    Native::method("create_decimal_from_float", "self, f, /", create_from_float, "A float as a number, rounded."),
    Native::method(
        "_apply",
        "self, x, /",
        |py, a| unary(py, a, |d, cx, env| crate::number::round::finalize(d.clone(), cx, env)),
        "",
    ),
];

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &CONTEXT)
}
pub(crate) fn unary(py: Py<'_>, args: Args<'_>, f: Unary) -> R {
    let context = this(py, args)?;
    let a = strict(py, args.at(1))?;
    let result = run_with_logarithm(py, context, |cx, env| f(&a, cx, env))?;
    make(py, &result)
}
pub(crate) fn binary(py: Py<'_>, args: Args<'_>, f: Binary) -> R {
    let context = this(py, args)?;
    let (a, b) = (strict(py, args.at(1))?, strict(py, args.at(2))?);
    let result = run(py, context, |cx, env| f(&a, &b, cx, env))?;
    make(py, &result)
}
/// The same for an operation that has a way for small numbers.
#[inline]
fn quick(py: Py<'_>, args: Args<'_>, f: Binary, of_small: OfSmall) -> R {
    if let (Some(a), Some(b)) = (small_operand(py, args.at(1)), small_operand(py, args.at(2))) {
        let context = this(py, args)?;
        if let Some(result) = of_small(&a, &b, &read(context)) {
            return fitted(py, context, &result);
        }
    }
    binary(py, args, f)
}
pub(crate) fn question(py: Py<'_>, args: Args<'_>, f: Question) -> R {
    this(py, args)?;
    let a = strict(py, args.at(1))?;
    Ok(Value::bool(f(&a)))
}
fn in_range(py: Py<'_>, args: Args<'_>, f: fn(&Dec, &crate::number::Context) -> bool) -> R {
    let context = this(py, args)?;
    let a = strict(py, args.at(1))?;
    Ok(Value::bool(f(&a, &read(context))))
}
fn changed(py: Py<'_>, args: Args<'_>, f: fn(Dec) -> Dec) -> R {
    this(py, args)?;
    let a = strict(py, args.at(1))?;
    make(py, &f(a))
}
fn negated(d: Dec) -> Dec {
    let negative = !d.negative;
    d.with_sign(negative)
}
fn canonical(py: Py<'_>, args: Args<'_>) -> R {
    if py.of_kind(args.at(1), crate::decimal::DECIMAL.kind).is_none() {
        return py.type_error("argument must be a Decimal");
    }
    Ok(args.at(1))
}
fn divmod(py: Py<'_>, args: Args<'_>) -> R {
    let context = this(py, args)?;
    let (a, b) = (strict(py, args.at(1))?, strict(py, args.at(2))?);
    let (q, r) = run(py, context, |cx, env| quotient::div_mod(&a, &b, cx, env))?;
    let (q, r) = (make(py, &q)?, make(py, &r)?);
    py.tuple(&[q, r])
}
fn fma(py: Py<'_>, args: Args<'_>) -> R {
    let context = this(py, args)?;
    let (a, b, c) = (strict(py, args.at(1))?, strict(py, args.at(2))?, strict(py, args.at(3))?);
    let result = run(py, context, |cx, env| arithmetic::fma(&a, &b, &c, cx, env))?;
    make(py, &result)
}
fn pow(py: Py<'_>, args: Args<'_>) -> R {
    let context = this(py, args)?;
    let (a, b) = (strict(py, args.at(1))?, strict(py, args.at(2))?);
    let modulus = args.some(3).map(|v| strict(py, v)).transpose()?;
    let result = run_with_logarithm(py, context, |cx, env| match &modulus {
        Some(modulus) => power::pow_mod(&a, &b, modulus, cx, env),
        None => power::pow(&a, &b, cx, env),
    })?;
    make(py, &result)
}
fn number_class(py: Py<'_>, args: Args<'_>) -> R {
    let context = this(py, args)?;
    let a = strict(py, args.at(1))?;
    py.str(class_of(&a, &read(context)))
}
fn same_quantum(py: Py<'_>, args: Args<'_>) -> R {
    this(py, args)?;
    let (a, b) = (strict(py, args.at(1))?, strict(py, args.at(2))?);
    Ok(Value::bool(same(&a, &b)))
}
fn to_integral_value(py: Py<'_>, args: Args<'_>) -> R {
    unary(py, args, |a, cx, env| scale::to_integral(a, cx.round, false, cx, env))
}
fn text(py: Py<'_>, args: Args<'_>, style: Style) -> R {
    let context = this(py, args)?;
    let a = strict(py, args.at(1))?;
    let text = shown(py, &a, style, context)?;
    py.str(&text)
}
fn create(py: Py<'_>, args: Args<'_>) -> R {
    let context = this(py, args)?;
    let d = match args.opt(1) {
        Some(v) => rounded(py, v, context)?,
        None => Dec::zero(false, 0),
    };
    make(py, &d)
}
fn create_from_float(py: Py<'_>, args: Args<'_>) -> R {
    let context = this(py, args)?;
    let d = crate::argument::float_or_int(py, args.at(1))?;
    let result = run(py, context, |cx, env| crate::number::round::finalize(d, cx, env))?;
    make(py, &result)
}
