//! Operators of `Decimal`, and its conversions to other types.

use crate::argument::{operand, small_operand};
use crate::context::{self, run, run_quietly, run_with_logarithm};
use crate::decimal::{make, make_small, this};
use crate::number::convert::{to_bigint, to_digits};
use crate::number::limbs::{self, shift_left, shift_right};
use crate::number::small::{self, Fitted, Small};
use crate::number::{Context, Dec, Env, Kind, Res, Rounding, arithmetic, power, quotient, scale, text};
use crate::{compare, format, signals};
use python_objects::compare::CompareOp;
use python_objects::kind::special;
use python_objects::{Args, Exc, Native, Object, Py, R, Value};

pub(crate) type Binary = fn(&Dec, &Dec, &Context, &mut Env<'_>) -> Res;
/// The same for small numbers.
pub(crate) type OfSmall = fn(&Small, &Small, &Context) -> Fitted;
/// For operations that have no such way.
pub(crate) const GENERAL: OfSmall = |_, _, _| None;

/// The table of operators with their reflections, and other methods.
macro_rules! table {
    ($($name:literal, $reflected:literal, $function:path, $small:path, $text:literal, $back:literal;)* others $($other:expr,)*) => {
        &[
            $(
                Native::wrapper($name, "self, value, /", |py, args| binary(py, args, false, $function, $small), $text),
                Native::wrapper($reflected, "self, value, /", |py, args| binary(py, args, true, $function, $small), $back),
            )*
            $($other,)*
        ]
    };
}
pub(crate) static METHODS: &[Native] = table! {
    "__add__", "__radd__", arithmetic::add, small::add, "Return self+value.", "Return value+self.";
    "__sub__", "__rsub__", arithmetic::sub, small::sub, "Return self-value.", "Return value-self.";
    "__mul__", "__rmul__", arithmetic::mul, small::mul, "Return self*value.", "Return value*self.";
    "__truediv__", "__rtruediv__", quotient::div, small::div, "Return self/value.", "Return value/self.";
    "__floordiv__", "__rfloordiv__", quotient::div_int, GENERAL, "Return self//value.", "Return value//self.";
    "__mod__", "__rmod__", quotient::rem, GENERAL, "Return self%value.", "Return value%self.";
    others
    Native::wrapper("__divmod__", "self, value, /", |py, args| divmod(py, args, false), "Return divmod(self, value)."),
    Native::wrapper("__rdivmod__", "self, value, /", |py, args| divmod(py, args, true), "Return divmod(value, self)."),
    Native::wrapper("__pow__", "self, value, mod=None, /", |py, args| pow(py, args, false), "Return pow(self, value, mod)."),
    Native::wrapper("__rpow__", "self, value, mod=None, /", |py, args| pow(py, args, true), "Return pow(value, self, mod)."),
    Native::wrapper("__neg__", "self, /", |py, args| unary(py, args, |d, cx, env| arithmetic::plus(d, true, cx, env)), "-self"),
    Native::wrapper("__pos__", "self, /", |py, args| unary(py, args, |d, cx, env| arithmetic::plus(d, false, cx, env)), "+self"),
    Native::wrapper("__abs__", "self, /", |py, args| unary(py, args, arithmetic::abs), "abs(self)"),
    Native::wrapper("__bool__", "self, /", |py, args| Ok(Value::bool(!this(py, args)?.is_zero())), "True if self else False"),
    Native::wrapper("__int__", "self, /", |py, args| to_int(py, args, Rounding::Down), "int(self)"),
    Native::wrapper("__float__", "self, /", to_float, "float(self)"),
    Native::wrapper("__hash__", "self, /", compare::hash, "Return hash(self)."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__str__", "self, /", to_str, "Return str(self)."),
    Native::wrapper("__eq__", "self, value, /", |py, args| compare::rich(py, args, CompareOp::Eq), "Return self==value."),
    Native::wrapper("__ne__", "self, value, /", |py, args| compare::rich(py, args, CompareOp::Ne), "Return self!=value."),
    Native::wrapper("__lt__", "self, value, /", |py, args| compare::rich(py, args, CompareOp::Lt), "Return self<value."),
    Native::wrapper("__le__", "self, value, /", |py, args| compare::rich(py, args, CompareOp::Le), "Return self<=value."),
    Native::wrapper("__gt__", "self, value, /", |py, args| compare::rich(py, args, CompareOp::Gt), "Return self>value."),
    Native::wrapper("__ge__", "self, value, /", |py, args| compare::rich(py, args, CompareOp::Ge), "Return self>=value."),
    Native::method("__trunc__", "self, /", |py, args| to_int(py, args, Rounding::Down), ""),
    Native::method("__floor__", "self, /", |py, args| to_int(py, args, Rounding::Floor), ""),
    Native::method("__ceil__", "self, /", |py, args| to_int(py, args, Rounding::Ceiling), ""),
    Native::method("__round__", "self, ndigits=None, /", round, ""),
    Native::method("__complex__", "self, /", to_complex, ""),
    Native::method("__copy__", "self, /", |_, args| Ok(args.at(0)), ""),
    Native::method("__deepcopy__", "self, memo, /", |_, args| Ok(args.at(0)), ""),
    Native::method("__reduce__", "self, /", reduce, ""),
    Native::method("__format__", "self, format_spec, override=None, /", format::format, ""),
    Native::method("__sizeof__", "self, /", size, ""),
    Native::getter("real", |_, args| Ok(args.at(0)), ""),
    Native::getter("imag", |py, _| make(py, &Dec::zero(false, 0)), ""),
};

#[inline]
fn binary(py: Py<'_>, args: Args<'_>, reflected: bool, f: Binary, of_small: OfSmall) -> R {
    let (a, b) = if reflected { (args.at(1), args.at(0)) } else { (args.at(0), args.at(1)) };
    if let (Some(a), Some(b)) = (small_operand(py, a), small_operand(py, b)) {
        let context = context::current(py)?;
        if let Some(result) = of_small(&a, &b, &context::read(context)) {
            return fitted(py, context, &result);
        }
    }
    general(py, args, reflected, f)
}
/// A small result, its conditions signaled.
#[inline]
pub(crate) fn fitted(py: Py<'_>, context: Object, (result, conditions): &(Small, u32)) -> R {
    signals::signal(py, context, *conditions)?;
    make_small(py, result)
}
#[inline(never)]
fn general(py: Py<'_>, args: Args<'_>, reflected: bool, f: Binary) -> R {
    let (Some(a), Some(b)) = (operand(py, args.at(0))?, operand(py, args.at(1))?) else {
        return Ok(special::NOT_IMPLEMENTED);
    };
    let context = context::current(py)?;
    let (a, b) = if reflected { (b, a) } else { (a, b) };
    let result = run(py, context, |cx, env| f(&a, &b, cx, env))?;
    make(py, &result)
}
fn unary(py: Py<'_>, args: Args<'_>, f: crate::decimal_methods::Unary) -> R {
    let a = this(py, args)?;
    let context = context::current(py)?;
    let result = run(py, context, |cx, env| f(&a, cx, env))?;
    make(py, &result)
}
fn divmod(py: Py<'_>, args: Args<'_>, reflected: bool) -> R {
    let (Some(a), Some(b)) = (operand(py, args.at(0))?, operand(py, args.at(1))?) else {
        return Ok(special::NOT_IMPLEMENTED);
    };
    let context = context::current(py)?;
    let (a, b) = if reflected { (b, a) } else { (a, b) };
    let (q, r) = run(py, context, |cx, env| quotient::div_mod(&a, &b, cx, env))?;
    let (q, r) = (make(py, &q)?, make(py, &r)?);
    py.tuple(&[q, r])
}
fn pow(py: Py<'_>, args: Args<'_>, reflected: bool) -> R {
    let (Some(a), Some(b)) = (operand(py, args.at(0))?, operand(py, args.at(1))?) else {
        return Ok(special::NOT_IMPLEMENTED);
    };
    let (a, b) = if reflected { (b, a) } else { (a, b) };
    let modulus = match args.some(2) {
        None => None,
        Some(v) => match operand(py, v)? {
            Some(d) => Some(d),
            None => return Ok(special::NOT_IMPLEMENTED),
        },
    };
    let context = context::current(py)?;
    let result = run_with_logarithm(py, context, |cx, env| match &modulus {
        Some(modulus) => power::pow_mod(&a, &b, modulus, cx, env),
        None => power::pow(&a, &b, cx, env),
    })?;
    make(py, &result)
}

/// An integer of a finite number.
fn integer(py: Py<'_>, d: &Dec, round: Rounding) -> R {
    let cx = Context::MAX;
    let (i, _) = run_quietly(py, &cx, |cx, env| {
        let whole = scale::to_integral(d, round, false, cx, env)?;
        let limbs = shift_left(&whole.limbs, whole.exp, env)?;
        to_bigint(d.negative, &limbs, env)
    })?;
    py.int_from(i.as_int())
}
fn to_int(py: Py<'_>, args: Args<'_>, round: Rounding) -> R {
    let d = this(py, args)?;
    match d.kind {
        Kind::Finite => integer(py, &d, round),
        Kind::Infinite => py.err(Exc::OverflowError, "cannot convert Infinity to integer"),
        _ => py.value_error("cannot convert NaN to integer"),
    }
}
fn to_f64(py: Py<'_>, d: &Dec) -> R<f64> {
    Ok(match d.kind {
        Kind::Signaling => return py.value_error("cannot convert signaling NaN to float"),
        Kind::Quiet if d.negative => -f64::NAN,
        Kind::Quiet => f64::NAN,
        _ => {
            let (text, _) = run_quietly(py, &Context::MAX, |_, env| {
                // A float needs some 770 digits at most; what is behind them only says that it is there.
                let mut d = d.clone();
                let excess = d.digits() - 800;
                if excess > 0 {
                    let cut = shift_right(&mut d.limbs, excess);
                    d.exp += excess;
                    if cut > 0 && limbs::digit(&d.limbs, 0).is_multiple_of(5) {
                        limbs::increment(&mut d.limbs);
                    }
                }
                text::to_text(&d, text::Style::Exponent, true, 1, env)
            })?;
            // Beyond the range it is infinite or zero.
            text.replace("Infinity", "inf").parse().unwrap_or(f64::NAN)
        }
    })
}
fn to_float(py: Py<'_>, args: Args<'_>) -> R {
    let f = to_f64(py, &this(py, args)?)?;
    Ok(Value::float(f))
}
fn to_complex(py: Py<'_>, args: Args<'_>) -> R {
    let f = to_f64(py, &this(py, args)?)?;
    py.complex(f, 0.0)
}
fn round(py: Py<'_>, args: Args<'_>) -> R {
    let Some(places) = args.opt(1) else { return to_int(py, args, Rounding::HalfEven) };
    let Some(i) = py.as_int(places) else { return py.type_error("optional arg must be an integer") };
    let Some(places) = python_objects::int::to_i64(i) else {
        return py.err(Exc::OverflowError, "Python int too large to convert to C ssize_t");
    };
    let d = this(py, args)?;
    let context = context::current(py)?;
    let result = run(py, context, |cx, env| {
        scale::quantize(
            &d,
            &Dec::small(false, 1, places.saturating_neg().clamp(-crate::number::HUGE, crate::number::HUGE)),
            cx,
            env,
        )
    })?;
    make(py, &result)
}
/// As `str()` shows it.
pub(crate) fn shown(py: Py<'_>, d: &Dec, style: text::Style, context: Object) -> R<String> {
    let capitals = context::capitals(context);
    let (text, _) = run_quietly(py, &Context::MAX, |_, env| text::to_text(d, style, capitals, 1, env))?;
    Ok(text)
}
fn to_str(py: Py<'_>, args: Args<'_>) -> R {
    let d = this(py, args)?;
    let text = shown(py, &d, text::Style::Scientific, context::current(py)?)?;
    py.str(&text)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let d = this(py, args)?;
    let text = shown(py, &d, text::Style::Scientific, context::current(py)?)?;
    py.str(&format!("Decimal('{text}')"))
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let text = py.str_of(args.at(0))?;
    let arguments = py.tuple(&[text.value()])?;
    py.tuple(&[py.class_of(args.at(0)).value(), arguments])
}
fn size(py: Py<'_>, args: Args<'_>) -> R {
    // As much as CPython's objects take: four limbs lie within them.
    let limbs = this(py, args)?.limbs.len();
    py.int_usize(104 + if limbs > 4 { 8 * limbs } else { 0 })
}
/// Numerator and denominator in lowest terms.
pub(crate) fn as_integer_ratio(py: Py<'_>, args: Args<'_>) -> R {
    let d = this(py, args)?;
    match d.kind {
        Kind::Finite => {}
        Kind::Infinite => return py.err(Exc::OverflowError, "cannot convert Infinity to integer ratio"),
        _ => return py.value_error("cannot convert NaN to integer ratio"),
    }
    if d.is_zero() {
        return py.tuple(&[Value::int(0), Value::int(1)]);
    }
    let cx = Context::MAX;
    let ((top, bottom), _) = run_quietly(py, &cx, |_, env| {
        let d = scale::reduce(&d, &Context::MAX, env)?;
        let top = shift_left(&d.limbs, d.exp.max(0), env)?;
        let bottom = shift_left(&[1], (-d.exp).max(0), env)?;
        let (top, bottom) = (to_bigint(d.negative, &top, env)?, to_bigint(false, &bottom, env)?);
        let common = python_numbers::bigint::gcd(top.as_int(), bottom.as_int(), env.poll)?;
        let part = |i: &python_numbers::bigint::BigInt| {
            python_numbers::bigint::floor_div(i.as_int(), common.as_int(), env.poll)
        };
        Ok((part(&top)?, part(&bottom)?))
    })?;
    let (top, bottom) = (py.int_from(top.as_int())?, py.int_from(bottom.as_int())?);
    py.tuple(&[top, bottom])
}
/// `DecimalTuple(sign, digits, exponent)`
pub(crate) fn as_tuple(py: Py<'_>, args: Args<'_>) -> R {
    let d = this(py, args)?;
    let digits = match d.kind {
        Kind::Infinite => b"0".to_vec(),
        Kind::Quiet | Kind::Signaling if d.limbs.is_empty() => Vec::new(),
        _ => run_quietly(py, &Context::MAX, |_, env| to_digits(&d.limbs, env))?.0,
    };
    let row = py.new_tuple(digits.len())?;
    for (i, digit) in digits.iter().enumerate() {
        py.heap().store_element(row, i, Value::int(i64::from(digit - b'0')));
    }
    let exponent = match d.kind {
        Kind::Finite => py.int(d.exp)?,
        Kind::Infinite => py.str("F")?,
        Kind::Quiet => py.str("n")?,
        Kind::Signaling => py.str("N")?,
    };
    let class = py.kept(crate::kept::get(py)?.tuple);
    py.call(class, &[Value::int(d.negative.into()), row.value(), exponent])
}
