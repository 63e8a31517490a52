//! Quotients and remainders.

use super::divide::divide;
use super::limbs::{self, increment, shift_left, shift_right, trailing_zeros};
use super::round::{check_nans, finalize};
use super::{Context, Dec, Env, Limbs, Res, invalid, status};
use std::cmp::Ordering;

/// Digits beyond which it is worth asking first whether a quotient or root is exact, and short.
const LONG: i64 = 10_000;

pub(crate) fn div(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    let negative = a.negative != b.negative;
    if a.is_special() || b.is_special() {
        if let Some(nan) = check_nans(&[a, b], cx, env)? {
            return Ok(nan);
        }
        return Ok(match (a.is_infinite(), b.is_infinite()) {
            (true, true) => invalid(env, status::INVALID_OPERATION),
            (true, false) => Dec::infinity(negative),
            _ => {
                env.status |= status::CLAMPED;
                Dec::zero(negative, cx.etiny())
            }
        });
    }
    if b.is_zero() {
        return Ok(by_zero(a, negative, env));
    }
    // An exact quotient has at most so many digits.
    let bound = a.digits() + 4 * b.digits();
    if cx.prec > LONG && bound < cx.prec {
        let (quotient, signals) = env.apart(|env| fraction(a, b, &cx.with_prec(bound), env))?;
        if signals & status::INEXACT == 0 {
            return finalize(quotient, cx, env);
        }
    }
    let quotient = fraction(a, b, cx, env)?;
    finalize(quotient, cx, env)
}
fn by_zero(a: &Dec, negative: bool, env: &mut Env<'_>) -> Dec {
    if a.is_zero() {
        return invalid(env, status::DIVISION_UNDEFINED);
    }
    env.status |= status::DIVISION_BY_ZERO;
    Dec::infinity(negative)
}
/// A quotient with a digit more than the precision, whose last digit shows whether it is exact (INEXACT is signaled if not).
fn fraction(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    let ideal = a.exp - b.exp;
    let shift = b.digits() - a.digits() + cx.prec + 1;
    let mut exp = ideal - shift;
    let negative = a.negative != b.negative;
    if a.limbs.is_empty() {
        return Ok(Dec::zero(negative, ideal));
    }
    let shifted;
    let (quotient, rest) = if shift > 0 {
        shifted = shift_left(&a.limbs, shift, env)?;
        divide(&shifted, &b.limbs, env)?
    } else {
        shifted = shift_left(&b.limbs, -shift, env)?;
        divide(&a.limbs, &shifted, env)?
    };
    let mut quotient = quotient;
    if !rest.is_empty() {
        if limbs::digit(&quotient, 0).is_multiple_of(5) {
            increment(&mut quotient);
        }
        env.status |= status::INEXACT;
    } else if exp < ideal {
        let zeros = trailing_zeros(&quotient).min(ideal - exp);
        shift_right(&mut quotient, zeros);
        exp += zeros;
    }
    Ok(Dec::new(negative, quotient, exp))
}
/// Integer quotient and remainder of finite numbers, not yet fitted; `None`: the quotient is too long.
fn whole(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res<Option<(Limbs, Limbs, i64)>> {
    let ideal = a.exp.min(b.exp);
    if a.limbs.is_empty() {
        return Ok(Some((Limbs::new(), Limbs::new(), ideal)));
    }
    let difference = a.adjusted() - b.adjusted();
    if difference < 0 {
        return Ok(Some((Limbs::new(), shift_left(&a.limbs, a.exp - ideal, env)?, ideal)));
    }
    if difference > cx.prec {
        return Ok(None);
    }
    let shifted;
    let (quotient, rest) = if a.exp >= b.exp {
        shifted = shift_left(&a.limbs, a.exp - ideal, env)?;
        divide(&shifted, &b.limbs, env)?
    } else {
        shifted = shift_left(&b.limbs, b.exp - ideal, env)?;
        divide(&a.limbs, &shifted, env)?
    };
    if limbs::digits(&quotient) > cx.prec {
        return Ok(None);
    }
    Ok(Some((quotient, rest, ideal)))
}
/// `a // b`, rounded towards zero.
pub(crate) fn div_int(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    let negative = a.negative != b.negative;
    if a.is_special() || b.is_special() {
        if let Some(nan) = check_nans(&[a, b], cx, env)? {
            return Ok(nan);
        }
        return Ok(match (a.is_infinite(), b.is_infinite()) {
            (true, true) => invalid(env, status::INVALID_OPERATION),
            (true, false) => Dec::infinity(negative),
            _ => Dec::zero(negative, 0),
        });
    }
    if b.is_zero() {
        return Ok(by_zero(a, negative, env));
    }
    match whole(a, b, cx, env)? {
        Some((quotient, ..)) => finalize(Dec::new(negative, quotient, 0), cx, env),
        None => Ok(invalid(env, status::DIVISION_IMPOSSIBLE)),
    }
}
/// What is left, with the sign of `a`.
pub(crate) fn rem(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(special) = special_rest(a, b, cx, env)? {
        return Ok(special);
    }
    match whole(a, b, cx, env)? {
        Some((_, rest, exp)) => finalize(Dec::new(a.negative, rest, exp), cx, env),
        None => Ok(invalid(env, status::DIVISION_IMPOSSIBLE)),
    }
}
fn special_rest(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res<Option<Dec>> {
    if let Some(nan) = check_nans(&[a, b], cx, env)? {
        return Ok(Some(nan));
    }
    Ok(if a.is_infinite() {
        Some(invalid(env, status::INVALID_OPERATION))
    } else if b.is_infinite() {
        Some(finalize(a.clone(), cx, env)?)
    } else if b.is_zero() {
        let condition = if a.is_zero() { status::DIVISION_UNDEFINED } else { status::INVALID_OPERATION };
        Some(invalid(env, condition))
    } else {
        None
    })
}
pub(crate) fn div_mod(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res<(Dec, Dec)> {
    let negative = a.negative != b.negative;
    if a.is_special() || b.is_special() {
        if let Some(nan) = check_nans(&[a, b], cx, env)? {
            return Ok((nan.clone(), nan));
        }
        if !a.is_infinite() {
            return Ok((Dec::zero(negative, 0), finalize(a.clone(), cx, env)?));
        }
        let rest = invalid(env, status::INVALID_OPERATION);
        return Ok((if b.is_infinite() { Dec::nan() } else { Dec::infinity(negative) }, rest));
    }
    if b.is_zero() {
        if a.is_zero() {
            return Ok((invalid(env, status::DIVISION_UNDEFINED), Dec::nan()));
        }
        env.status |= status::DIVISION_BY_ZERO | status::INVALID_OPERATION;
        return Ok((Dec::infinity(negative), Dec::nan()));
    }
    match whole(a, b, cx, env)? {
        Some((quotient, rest, exp)) => {
            let quotient = finalize(Dec::new(negative, quotient, 0), cx, env)?;
            Ok((quotient, finalize(Dec::new(a.negative, rest, exp), cx, env)?))
        }
        None => Ok((invalid(env, status::DIVISION_IMPOSSIBLE), Dec::nan())),
    }
}
/// What is left beside the nearest multiple of `b`.
pub(crate) fn rem_near(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(special) = special_rest(a, b, cx, env)? {
        return Ok(special);
    }
    let ideal = a.exp.min(b.exp);
    if a.is_zero() {
        return finalize(Dec::zero(a.negative, ideal), cx, env);
    }
    let difference = a.adjusted() - b.adjusted();
    if difference > cx.prec {
        return Ok(invalid(env, status::DIVISION_IMPOSSIBLE));
    }
    if difference < -1 {
        let limbs = shift_left(&a.limbs, a.exp - ideal, env)?;
        return finalize(Dec::new(a.negative, limbs, ideal), cx, env);
    }
    let dividend = shift_left(&a.limbs, a.exp - ideal, env)?;
    let divisor = shift_left(&b.limbs, b.exp - ideal, env)?;
    let (mut quotient, mut rest) = divide(&dividend, &divisor, env)?;
    let twice = limbs::add(&rest, &rest, env)?;
    let order = limbs::compare(&twice, &divisor);
    let mut negative = a.negative;
    if order == Ordering::Greater || order == Ordering::Equal && limbs::is_odd(&quotient) {
        rest = limbs::sub(&divisor, &rest, env)?;
        negative = !negative;
        increment(&mut quotient);
    }
    if limbs::digits(&quotient) > cx.prec {
        return Ok(invalid(env, status::DIVISION_IMPOSSIBLE));
    }
    finalize(Dec::new(negative, rest, ideal), cx, env)
}
pub(super) const fn is_long(prec: i64) -> bool {
    prec > LONG
}
