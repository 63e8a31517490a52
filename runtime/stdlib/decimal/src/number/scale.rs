//! Operations on the exponent and the places of digits.

use super::limbs::{self, increment, shift_left, shift_right, trailing_zeros};
use super::round::{apply, check_nans, finalize, rounds_up};
use super::{Context, Dec, Env, Res, Rounding, invalid, status};

/// The number with this exponent, rounded; the digits may become more than the precision.
fn with_exponent(a: &Dec, exp: i64, round: Rounding, env: &mut Env<'_>) -> Res {
    let mut d = a.clone();
    let difference = a.exp - exp;
    if difference >= 0 {
        d.limbs = shift_left(&d.limbs, difference, env)?;
    } else {
        let cut = shift_right(&mut d.limbs, -difference);
        if rounds_up(round, &d, cut) {
            increment(&mut d.limbs);
        }
        env.status |= status::ROUNDED | if cut > 0 { status::INEXACT } else { 0 };
    }
    d.exp = exp;
    Ok(d)
}
/// `a` with the exponent of `b`.
pub(crate) fn quantize(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if a.is_special() || b.is_special() {
        if let Some(nan) = check_nans(&[a, b], cx, env)? {
            return Ok(nan);
        }
        return Ok(if a.is_infinite() && b.is_infinite() {
            a.clone()
        } else {
            invalid(env, status::INVALID_OPERATION)
        });
    }
    if b.exp > cx.emax || b.exp < cx.etiny() {
        return Ok(invalid(env, status::INVALID_OPERATION));
    }
    if a.is_zero() {
        return finalize(Dec::zero(a.negative, b.exp), cx, env);
    }
    if a.digits() + a.exp - b.exp > cx.prec {
        return Ok(invalid(env, status::INVALID_OPERATION));
    }
    let (d, signals) = env.apart(|env| with_exponent(a, b.exp, cx.round, env))?;
    if d.adjusted() > cx.emax || d.digits() > cx.prec {
        return Ok(invalid(env, status::INVALID_OPERATION));
    }
    env.status |= signals;
    finalize(d, cx, env)
}
/// `a` with this exponent and as many digits as that needs.
pub(crate) fn rescale(a: &Dec, exp: i64, cx: &Context, env: &mut Env<'_>) -> Res {
    if a.is_special() {
        return Ok(a.clone());
    }
    if a.limbs.is_empty() {
        return Ok(Dec::zero(a.negative, exp));
    }
    with_exponent(a, exp, cx.round, env)
}
/// Rounded to so many digits.
pub(crate) fn round_to(a: &Dec, digits: i64, cx: &Context, env: &mut Env<'_>) -> Res {
    let mut d = a.clone();
    let excess = d.digits() - digits;
    if excess > 0 {
        let cut = shift_right(&mut d.limbs, excess);
        d.exp += excess;
        apply(&mut d, cut, &Context { prec: digits, round: cx.round, ..Context::MAX }, env)?;
    }
    Ok(d)
}
/// Without zeros at the end.
pub(crate) fn reduce(a: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(nan) = check_nans(&[a], cx, env)? {
        return Ok(nan);
    }
    let mut d = finalize(a.clone(), cx, env)?;
    if d.is_infinite() {
        return Ok(d);
    }
    if d.is_zero() {
        return Ok(Dec::zero(d.negative, 0));
    }
    let most = if cx.clamp { cx.etop() } else { cx.emax };
    let zeros = trailing_zeros(&d.limbs).min(most - d.exp);
    if zeros > 0 {
        shift_right(&mut d.limbs, zeros);
        d.exp += zeros;
    }
    Ok(d)
}
/// Rounded to an integer; `exact` signals what that changes.
pub(crate) fn to_integral(a: &Dec, round: Rounding, exact: bool, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(nan) = check_nans(&[a], cx, env)? {
        return Ok(nan);
    }
    if a.is_infinite() || a.exp >= 0 {
        return Ok(a.clone());
    }
    if a.is_zero() {
        return Ok(Dec::zero(a.negative, 0));
    }
    let (d, signals) = env.apart(|env| with_exponent(a, 0, round, env))?;
    if exact {
        env.status |= signals;
    }
    Ok(d)
}
/// The exponent of the highest digit.
pub(crate) fn logb(a: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(nan) = check_nans(&[a], cx, env)? {
        return Ok(nan);
    }
    if a.is_infinite() {
        return Ok(Dec::infinity(false));
    }
    if a.is_zero() {
        env.status |= status::DIVISION_BY_ZERO;
        return Ok(Dec::infinity(true));
    }
    finalize(Dec::from_i64(a.adjusted()), cx, env)
}
pub(crate) fn scaleb(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(nan) = check_nans(&[a, b], cx, env)? {
        return Ok(nan);
    }
    let most = 2 * (cx.emax + cx.prec);
    // An exponent of zero only: 1.0 is no integer here.
    let Some(n) = b.to_i64().filter(|n| b.exp == 0 && n.abs() <= most) else {
        return Ok(invalid(env, status::INVALID_OPERATION));
    };
    if a.is_infinite() {
        return Ok(a.clone());
    }
    finalize(Dec { exp: (a.exp + n).clamp(-2 * super::HUGE, 2 * super::HUGE), ..a.clone() }, cx, env)
}
/// Digits moved to the left (or right, if `b` is negative) within the precision.
pub(crate) fn shift(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    let n = match places(a, b, cx, env)? {
        Ok(n) => n,
        Err(special) => return Ok(special),
    };
    let mut d = a.clone();
    if n >= 0 {
        let low = limbs::low_digits(&d.limbs, cx.prec - n, env)?;
        d.limbs = shift_left(&low, n, env)?;
    } else {
        d.limbs = limbs::low_digits(&d.limbs, cx.prec, env)?;
        shift_right(&mut d.limbs, -n);
    }
    Ok(d)
}
pub(crate) fn rotate(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    let n = match places(a, b, cx, env)? {
        Ok(n) => n,
        Err(special) => return Ok(special),
    };
    let left = if n < 0 { n + cx.prec } else { n };
    let mut high = limbs::low_digits(&a.limbs, cx.prec, env)?;
    let low = limbs::low_digits(&high, cx.prec - left, env)?;
    shift_right(&mut high, cx.prec - left);
    let low = shift_left(&low, left, env)?;
    Ok(Dec { limbs: limbs::add(&low, &high, env)?, ..a.clone() })
}
/// How many places to move digits by; else the result.
fn places(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res<Result<i64, Dec>> {
    if let Some(nan) = check_nans(&[a, b], cx, env)? {
        return Ok(Err(nan));
    }
    match b.to_i64().filter(|n| b.exp == 0 && n.abs() <= cx.prec) {
        Some(_) if a.is_infinite() => Ok(Err(a.clone())),
        Some(n) => Ok(Ok(n)),
        None => Ok(Err(invalid(env, status::INVALID_OPERATION))),
    }
}
