//! Numbers from Python's values: strings, integers, floats, tuples.

use crate::context::{self, run, run_quietly};
use crate::decimal::{DECIMAL, load_small, number};
use crate::number::convert::from_binary;
use crate::number::small::Small;
use crate::number::{Context, Dec, limbs, status, text};
use crate::signals::signal;
use python_numbers::unicode;
use python_objects::{Object, Py, R, Value, int, string, tuple};

/// `Decimal(v)`, exactly.
pub(crate) fn exact(py: Py<'_>, v: Value, context: Object) -> R<Dec> {
    match any(py, v, context)? {
        Some(d) => Ok(d),
        None => unsupported(py, v),
    }
}
fn any(py: Py<'_>, v: Value, context: Object) -> R<Option<Dec>> {
    if let Some(d) = number(py, v) {
        return Ok(Some(d));
    }
    if let Some(s) = string::exact_or_payload(py, v) {
        return from_string(py, s, context, true).map(Some);
    }
    if let Some(i) = py.as_int(v) {
        return from_int(py, i).map(Some);
    }
    if let Some(items) = sequence(py, v) {
        let text = tuple_text(py, items)?;
        return from_text(py, &text, context, true).map(Some);
    }
    if let Some(f) = py.as_float(v) {
        signal(py, context, status::FLOAT_OPERATION)?;
        return from_f64(py, f).map(Some);
    }
    Ok(None)
}
pub(crate) fn unsupported<T>(py: Py<'_>, v: Value) -> R<T> {
    py.type_error(&format!("conversion from {} to Decimal is not supported", py.class_name(v)))
}
/// `Context.create_decimal`: rounded.
pub(crate) fn rounded(py: Py<'_>, v: Value, context: Object) -> R<Dec> {
    if let Some(s) = string::exact_or_payload(py, v) {
        return from_string(py, s, context, false);
    }
    if let Some(items) = sequence(py, v) {
        let text = tuple_text(py, items)?;
        return from_text(py, &text, context, false);
    }
    let d = exact(py, v, context)?;
    if d.is_nan() {
        if !d.limbs.is_empty() && d.digits() > context::read(context).prec - i64::from(context::read(context).clamp) {
            signal(py, context, status::CONVERSION_SYNTAX)?;
            return Ok(Dec::nan());
        }
        return Ok(d);
    }
    run(py, context, |cx, env| crate::number::round::finalize(d, cx, env))
}
/// An integer, exactly.
#[inline]
pub(crate) fn from_int(py: Py<'_>, i: Value) -> R<Dec> {
    if let Some(small) = int::to_i64(i) {
        return Ok(Dec::from_i64(small));
    }
    let (negative, magnitude) = int::with_operand(i, |i| (i.negative, i.magnitude.to_vec()));
    let (limbs, _) = run_quietly(py, &Context::MAX, |_, env| from_binary(&magnitude, env))?;
    Ok(Dec::new(negative, limbs, 0))
}
/// A float, exactly.
pub(crate) fn from_f64(py: Py<'_>, f: f64) -> R<Dec> {
    let negative = f.is_sign_negative();
    if f.is_nan() {
        return Ok(Dec::nan().with_sign(negative));
    }
    if f.is_infinite() {
        return Ok(Dec::infinity(negative));
    }
    let bits = f.abs().to_bits();
    let (exponent, fraction) = ((bits >> 52) as i64, bits & ((1 << 52) - 1));
    let (mut mantissa, mut exponent) =
        if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    if mantissa == 0 {
        return Ok(Dec::zero(negative, 0));
    }
    let zeros = mantissa.trailing_zeros();
    mantissa >>= zeros;
    exponent += i64::from(zeros);
    // m / 2^k is m * 5^k / 10^k.
    let factor = if exponent < 0 { 5u64 } else { 2 };
    let (limbs, _) = run_quietly(py, &Context::MAX, |_, env| {
        let mut limbs = limbs::from_u128(mantissa.into());
        for _ in 0..exponent.unsigned_abs() {
            limbs = crate::number::arithmetic::exact_product(
                &Dec::new(false, limbs, 0),
                &Dec::small(false, factor, 0),
                env,
            )?
            .limbs;
        }
        Ok(limbs)
    })?;
    Ok(Dec::new(negative, limbs, exponent.min(0)))
}
/// The argument of `from_float`.
pub(crate) fn float_or_int(py: Py<'_>, v: Value) -> R<Dec> {
    if let Some(i) = py.as_int(v) {
        return from_int(py, i);
    }
    match py.as_float(v) {
        Some(f) => from_f64(py, f),
        None => py.type_error("argument must be int or float"),
    }
}
/// The same of small numbers and exact integers; `None`: it may be another one.
#[inline]
pub(crate) fn small_operand(py: Py<'_>, v: Value) -> Option<Small> {
    if v.is_int() { Some(Small::from_i64(v.as_int())) } else { py.of_kind(v, DECIMAL.kind).and_then(load_small) }
}
/// What an operator takes beside decimals: integers. `None`: anything else.
#[inline]
pub(crate) fn operand(py: Py<'_>, v: Value) -> R<Option<Dec>> {
    if let Some(d) = number(py, v) {
        return Ok(Some(d));
    }
    match py.as_int(v) {
        Some(i) => from_int(py, i).map(Some),
        None => Ok(None),
    }
}
/// The same for a method, which takes nothing else.
pub(crate) fn strict(py: Py<'_>, v: Value) -> R<Dec> {
    match operand(py, v)? {
        Some(d) => Ok(d),
        None => unsupported(py, v),
    }
}

fn from_string(py: Py<'_>, s: Object, context: Object, exact: bool) -> R<Dec> {
    // As ASCII: digits of any script count. White space around and underscores are taken where the conversion is exact.
    let mut text = Vec::with_capacity(string::length(s));
    let points: &mut dyn Iterator<Item = u32> = &mut string::code_points(s);
    let mut wrong = false;
    for c in points {
        match c {
            0x5F if exact => {}
            0..0x80 => text.push(c as u8),
            _ => match unicode::decimal_digit(c) {
                Some(digit) => text.push(b'0' + digit as u8),
                None if unicode::is_space(c) => text.push(b' '),
                None => wrong = true,
            },
        }
    }
    if wrong {
        text.clear();
    }
    let is_space = |c: &u8| c.is_ascii_whitespace() || matches!(c, 0x0B | 0x1C..=0x1F);
    if !exact {
        return from_text(py, &text, context, exact);
    }
    let start = text.iter().take_while(|c| is_space(c)).count();
    let end = text.len() - text.iter().rev().take_while(|c| is_space(c)).count();
    from_text(py, text.get(start..end).unwrap_or(&[]), context, exact)
}
fn from_text(py: Py<'_>, text: &[u8], context: Object, exact: bool) -> R<Dec> {
    if !exact {
        return run(py, context, |cx, env| text::parse(text, cx, env));
    }
    let (mut d, mut conditions) = run_quietly(py, &Context::MAX, |cx, env| text::parse(text, cx, env))?;
    if conditions & (status::INEXACT | status::ROUNDED | status::CLAMPED) != 0 {
        (d, conditions) = (Dec::nan(), status::INVALID_OPERATION);
    }
    signal(py, context, conditions & status::ERRORS)?;
    Ok(d)
}

/// A tuple or list, as a tuple.
fn sequence(py: Py<'_>, v: Value) -> Option<Object> {
    match py.as_tuple(v) {
        Some(t) => Some(t),
        None => py.as_list(v).and_then(|l| py.list_to_tuple(l).ok()).and_then(Object::from_value),
    }
}
/// Sign, digits and exponent as text.
fn tuple_text(py: Py<'_>, t: Object) -> R<Vec<u8>> {
    if t.length() != 3 {
        return py.value_error("argument must be a sequence of length 3");
    }
    let sign = py.as_int(t.element(0)).and_then(int::to_i64).filter(|s| matches!(s, 0 | 1));
    let Some(sign) = sign else { return py.value_error("sign must be an integer with the value 0 or 1") };
    let mut out = if sign == 1 { b"-".to_vec() } else { Vec::new() };
    let exponent = t.element(2);
    let mut places = None;
    let mut infinite = false;
    match string::exact_or_payload(py, exponent) {
        Some(s) if string::is(s, "F") => {
            out.extend_from_slice(b"Inf");
            infinite = true;
        }
        Some(s) if string::is(s, "n") => out.extend_from_slice(b"NaN"),
        Some(s) if string::is(s, "N") => out.extend_from_slice(b"sNaN"),
        Some(_) => {
            return py.value_error("string argument in the third position must be 'F', 'n' or 'N'");
        }
        None => match py.as_int(exponent) {
            Some(i) => {
                places = Some(int::to_i64(i).map_or_else(
                    || py.err(python_objects::Exc::OverflowError, "Python int too large to convert to C ssize_t"),
                    Ok,
                )?)
            }
            None => return py.value_error("exponent must be an integer"),
        },
    }
    let Some(digits) = sequence(py, t.element(1)) else {
        return py.value_error("coefficient must be a tuple of digits");
    };
    if infinite {
        return Ok(out);
    }
    if digits.length() == 0 && places.is_some() {
        out.push(b'0');
    }
    for digit in tuple::items(digits) {
        match py.as_int(digit).and_then(int::to_i64).filter(|d| (0..=9).contains(d)) {
            Some(digit) => out.push(b'0' + digit as u8),
            None => return py.value_error("coefficient must be a tuple of digits"),
        }
    }
    if let Some(places) = places {
        out.extend_from_slice(format!("E{places}").as_bytes());
    }
    Ok(out)
}
