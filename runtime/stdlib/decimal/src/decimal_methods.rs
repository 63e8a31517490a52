//! Methods of `Decimal` by name. Most take a context, the current one if there is none.

use crate::argument::{small_operand, strict};
use crate::context::{self, run, run_with_logarithm};
use crate::decimal::{make, this};
use crate::number::text::Style;
use crate::number::{
    Context, Dec, Env, Kind, Res, arithmetic, compare, exponential, logic, quotient, root, scale, small,
};
use crate::operators::{Binary, as_integer_ratio, as_tuple, fitted, shown};
use python_objects::{Args, Native, Py, R, Value};

pub(crate) type Unary = fn(&Dec, &Context, &mut Env<'_>) -> Res;

/// Operations by name, for both types: of one operand, and of two.
macro_rules! operations {
    (
        unary { $($one:literal $one_function:path, $one_text:literal;)* }
        binary { $($two:literal $two_function:path, $two_text:literal;)* }
    ) => {
        /// Those of `Decimal`.
        pub(crate) static IN_CONTEXT: &[Native] = &[
            $(Native::method($one, "self, /, context=None", |py, args| unary(py, args, $one_function), $one_text),)*
            $(Native::method($two, "self, /, other, context=None", |py, args| binary(py, args, $two_function), $two_text),)*
        ];
        /// Those of `Context`.
        pub(crate) static OF_CONTEXT: &[Native] = &[
            $(Native::method($one, "self, x, /", |py, args| crate::context_methods::unary(py, args, $one_function), $one_text),)*
            $(Native::method($two, "self, x, y, /", |py, args| crate::context_methods::binary(py, args, $two_function), $two_text),)*
        ];
    };
}
operations! {
    unary {
        "exp" exponential::exp, "e to the power of the number, correctly rounded.";
        "ln" exponential::ln, "The natural logarithm, correctly rounded.";
        "log10" exponential::log10, "The logarithm to base 10, correctly rounded.";
        "logb" scale::logb, "The exponent of the number's highest digit.";
        "logical_invert" logic::invert, "Every digit of a number of zeros and ones inverted.";
        "next_minus" next_minus, "The largest number of the context that is smaller.";
        "next_plus" next_plus, "The smallest number of the context that is larger.";
        "normalize" scale::reduce, "The number without zeros at its end.";
        "sqrt" root::sqrt, "The square root, correctly rounded.";
    }
    binary {
        "compare" compare_quietly, "Compare by value: -1, 0 or 1, or NaN.";
        "compare_signal" compare_signal, "Compare by value; any NaN signals.";
        "compare_total" compare_total, "Compare in the order of all representations.";
        "compare_total_mag" compare_total_mag, "The same without signs.";
        "copy_sign" copy_sign, "The first number with the sign of the second.";
        "logical_and" logical_and, "Digits that are 1 in both.";
        "logical_or" logical_or, "Digits that are 1 in one of them.";
        "logical_xor" logical_xor, "Digits that are 1 in exactly one of them.";
        "max" max, "The larger one; a quiet NaN gives way.";
        "max_mag" max_mag, "The one with the larger absolute value.";
        "min" min, "The smaller one; a quiet NaN gives way.";
        "min_mag" min_mag, "The one with the smaller absolute value.";
        "next_toward" arithmetic::next_toward, "The next number of the context in the direction of the second.";
        "remainder_near" quotient::rem_near, "What is left beside the nearest multiple.";
        "rotate" scale::rotate, "Digits rotated within the precision.";
        "scaleb" scale::scaleb, "The first number with its exponent changed by the second.";
        "shift" scale::shift, "Digits shifted within the precision.";
    }
}

fn next_minus(a: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    arithmetic::next(a, false, cx, env)
}
fn next_plus(a: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    arithmetic::next(a, true, cx, env)
}
fn compare_quietly(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    compare::compare(a, b, false, cx, env)
}
fn compare_signal(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    compare::compare(a, b, true, cx, env)
}
fn compare_total(a: &Dec, b: &Dec, _: &Context, env: &mut Env<'_>) -> Res {
    compare::compare_total(a, b, false, env)
}
fn compare_total_mag(a: &Dec, b: &Dec, _: &Context, env: &mut Env<'_>) -> Res {
    compare::compare_total(a, b, true, env)
}
fn copy_sign(a: &Dec, b: &Dec, _: &Context, _: &mut Env<'_>) -> Res {
    Ok(a.clone().with_sign(b.negative))
}
fn logical_and(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    logic::binary(a, b, |x, y| x & y, cx, env)
}
fn logical_or(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    logic::binary(a, b, |x, y| x | y, cx, env)
}
fn logical_xor(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    logic::binary(a, b, |x, y| x ^ y, cx, env)
}
fn max(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    compare::extreme(a, b, true, false, cx, env)
}
fn max_mag(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    compare::extreme(a, b, true, true, cx, env)
}
fn min(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    compare::extreme(a, b, false, false, cx, env)
}
fn min_mag(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    compare::extreme(a, b, false, true, cx, env)
}

fn unary(py: Py<'_>, args: Args<'_>, f: Unary) -> R {
    let a = this(py, args)?;
    let context = context::argument(py, args.opt(1))?;
    let result = run_with_logarithm(py, context, |cx, env| f(&a, cx, env))?;
    make(py, &result)
}
fn binary(py: Py<'_>, args: Args<'_>, f: Binary) -> R {
    let a = this(py, args)?;
    let context = context::argument(py, args.opt(2))?;
    let b = strict(py, args.at(1))?;
    let result = run(py, context, |cx, env| f(&a, &b, cx, env))?;
    make(py, &result)
}

/// Questions without a context: also those of `Context`, about its argument.
pub(crate) type Question = fn(&Dec) -> bool;
macro_rules! questions {
    ($($name:literal $function:expr, $text:literal;)*) => {
        /// Those of `Context`.
        pub(crate) static QUESTIONS_OF_CONTEXT: &[Native] = &[
            $(Native::method($name, "self, x, /", |py, args| crate::context_methods::question(py, args, $function), $text),)*
        ];
        const QUESTIONS: &[(&str, Question)] = &[$(($name, $function),)*];
    };
}
questions! {
    "is_finite" Dec::is_finite, "Is it a finite number?";
    "is_infinite" Dec::is_infinite, "Is it an infinity?";
    "is_nan" Dec::is_nan, "Is it a NaN?";
    "is_qnan" |d| d.kind == Kind::Quiet, "Is it a quiet NaN?";
    "is_signed" |d| d.negative, "Has it a negative sign?";
    "is_snan" Dec::is_signaling, "Is it a signaling NaN?";
    "is_zero" Dec::is_zero, "Is it zero?";
}
fn ask(py: Py<'_>, args: Args<'_>, name: &str) -> R {
    let d = this(py, args)?;
    Ok(Value::bool(QUESTIONS.iter().any(|(n, f)| *n == name && f(&d))))
}
pub(crate) static METHODS: &[Native] = &[
    Native::method("is_canonical", "self, /", |_, _| Ok(Value::TRUE), "True: every number is."),
    Native::method("is_finite", "self, /", |py, args| ask(py, args, "is_finite"), "Is it a finite number?"),
    Native::method("is_infinite", "self, /", |py, args| ask(py, args, "is_infinite"), "Is it an infinity?"),
    Native::method("is_nan", "self, /", |py, args| ask(py, args, "is_nan"), "Is it a NaN?"),
    Native::method("is_qnan", "self, /", |py, args| ask(py, args, "is_qnan"), "Is it a quiet NaN?"),
    Native::method("is_signed", "self, /", |py, args| ask(py, args, "is_signed"), "Has it a negative sign?"),
    Native::method("is_snan", "self, /", |py, args| ask(py, args, "is_snan"), "Is it a signaling NaN?"),
    Native::method("is_zero", "self, /", |py, args| ask(py, args, "is_zero"), "Is it zero?"),
    Native::method(
        "is_normal",
        "self, /, context=None",
        |py, args| in_range(py, args, is_normal),
        "Is it finite, not zero and not subnormal?",
    ),
    Native::method(
        "is_subnormal",
        "self, /, context=None",
        |py, args| in_range(py, args, is_subnormal),
        "Is its exponent below Emin?",
    ),
    Native::method("adjusted", "self, /", adjusted, "The exponent of the highest digit; 0 of what is not finite."),
    Native::method(
        "as_integer_ratio",
        "self, /",
        as_integer_ratio,
        "Numerator and denominator in lowest terms, as integers.",
    ),
    Native::method("as_tuple", "self, /", as_tuple, "Sign, digits and exponent."),
    Native::method("canonical", "self, /", |_, args| Ok(args.at(0)), "The number itself."),
    Native::method("conjugate", "self, /", |_, args| Ok(args.at(0)), "The number itself."),
    Native::method("copy_abs", "self, /", |py, args| make(py, &this(py, args)?.abs()), "The number without its sign."),
    Native::method("copy_negate", "self, /", copy_negate, "The number with the other sign."),
    Native::method("radix", "self, /", |py, _| make(py, &Dec::from_i64(10)), "10"),
    Native::method("number_class", "self, /, context=None", number_class, "What kind of number it is, as text."),
    Native::method("fma", "self, /, other, third, context=None", fma, "self * other + third, rounded once."),
    Native::method(
        "quantize",
        "self, /, exp, rounding=None, context=None",
        quantize,
        "The number rounded to the exponent of another.",
    ),
    Native::method("same_quantum", "self, /, other, context=None", same_quantum, "Have both the same exponent?"),
    Native::method("to_integral", "self, /, rounding=None, context=None", to_integral_value, "Round to an integer."),
    Native::method(
        "to_integral_exact",
        "self, /, rounding=None, context=None",
        |py, args| integral(py, args, true),
        "Round to an integer, and signal what that changes.",
    ),
    Native::method(
        "to_integral_value",
        "self, /, rounding=None, context=None",
        to_integral_value,
        "Round to an integer.",
    ),
    Native::method(
        "to_eng_string",
        "self, /, context=None",
        to_eng_string,
        "The number as text, with an exponent that is a multiple of three.",
    ),
];
pub(crate) fn is_normal(d: &Dec, cx: &Context) -> bool {
    d.is_finite() && !d.is_zero() && d.adjusted() >= cx.emin
}
pub(crate) fn is_subnormal(d: &Dec, cx: &Context) -> bool {
    d.is_finite() && !d.is_zero() && d.adjusted() < cx.emin
}
fn in_range(py: Py<'_>, args: Args<'_>, f: fn(&Dec, &Context) -> bool) -> R {
    let d = this(py, args)?;
    let context = context::argument(py, args.opt(1))?;
    Ok(Value::bool(f(&d, &context::read(context))))
}
fn adjusted(py: Py<'_>, args: Args<'_>) -> R {
    let d = this(py, args)?;
    py.int(if d.is_finite() { d.adjusted() } else { 0 })
}
fn copy_negate(py: Py<'_>, args: Args<'_>) -> R {
    let d = this(py, args)?;
    let negative = !d.negative;
    make(py, &d.with_sign(negative))
}
/// The name of a number's class.
pub(crate) fn class_of(d: &Dec, cx: &Context) -> &'static str {
    match (d.kind, d.negative) {
        (Kind::Signaling, _) => "sNaN",
        (Kind::Quiet, _) => "NaN",
        (Kind::Infinite, true) => "-Infinity",
        (Kind::Infinite, false) => "+Infinity",
        (Kind::Finite, true) if d.is_zero() => "-Zero",
        (Kind::Finite, false) if d.is_zero() => "+Zero",
        (Kind::Finite, true) if is_subnormal(d, cx) => "-Subnormal",
        (Kind::Finite, false) if is_subnormal(d, cx) => "+Subnormal",
        (Kind::Finite, true) => "-Normal",
        (Kind::Finite, false) => "+Normal",
    }
}
fn number_class(py: Py<'_>, args: Args<'_>) -> R {
    let d = this(py, args)?;
    let context = context::argument(py, args.opt(1))?;
    py.str(class_of(&d, &context::read(context)))
}
fn fma(py: Py<'_>, args: Args<'_>) -> R {
    let a = this(py, args)?;
    let context = context::argument(py, args.opt(3))?;
    let (b, c) = (strict(py, args.at(1))?, strict(py, args.at(2))?);
    let result = run(py, context, |cx, env| arithmetic::fma(&a, &b, &c, cx, env))?;
    make(py, &result)
}
fn quantize(py: Py<'_>, args: Args<'_>) -> R {
    let context = context::argument(py, args.opt(3))?;
    let round = args.some(2).map(|v| context::rounding_argument(py, v)).transpose()?;
    if let (Some(a), Some(b)) = (small_operand(py, args.at(0)), small_operand(py, args.at(1))) {
        let cx = context::read(context);
        if let Some(result) = small::quantize(&a, &b, &cx.rounding(round.unwrap_or(cx.round))) {
            return fitted(py, context, &result);
        }
    }
    let a = this(py, args)?;
    let b = strict(py, args.at(1))?;
    let result = run(py, context, |cx, env| scale::quantize(&a, &b, &cx.rounding(round.unwrap_or(cx.round)), env))?;
    make(py, &result)
}
/// Are both of one exponent, or of one kind?
pub(crate) fn same(a: &Dec, b: &Dec) -> bool {
    match (a.is_special(), b.is_special()) {
        (false, false) => a.exp == b.exp,
        _ => a.is_nan() && b.is_nan() || a.is_infinite() && b.is_infinite(),
    }
}
fn same_quantum(py: Py<'_>, args: Args<'_>) -> R {
    let a = this(py, args)?;
    context::argument(py, args.opt(2))?;
    let b = strict(py, args.at(1))?;
    Ok(Value::bool(same(&a, &b)))
}
fn to_integral_value(py: Py<'_>, args: Args<'_>) -> R {
    integral(py, args, false)
}
fn integral(py: Py<'_>, args: Args<'_>, exact: bool) -> R {
    let a = this(py, args)?;
    let context = context::argument(py, args.opt(2))?;
    let round = args.some(1).map(|v| context::rounding_argument(py, v)).transpose()?;
    let result = run(py, context, |cx, env| scale::to_integral(&a, round.unwrap_or(cx.round), exact, cx, env))?;
    make(py, &result)
}
fn to_eng_string(py: Py<'_>, args: Args<'_>) -> R {
    let d = this(py, args)?;
    let context = context::argument(py, args.opt(1))?;
    let text = shown(py, &d, Style::Engineering, context)?;
    py.str(&text)
}
