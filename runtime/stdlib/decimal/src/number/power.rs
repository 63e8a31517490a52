//! Powers.

use super::arithmetic::mul;
use super::compare::magnitude_order;
use super::convert::{from_binary, to_bigint};
use super::exponential::real_power;
use super::limbs::{self, shift_left};
use super::quotient::div;
use super::round::{check_nans, finalize, padded};
use super::{Context, Dec, Env, HUGE, Res, Rounding, invalid, status};
use python_numbers::bigint;
use std::cmp::Ordering;

pub(crate) fn pow(base: &Dec, exponent: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(nan) = check_nans(&[base, exponent], cx, env)? {
        return Ok(nan);
    }
    let integer = exponent.is_integer();
    let negative = integer && base.negative && exponent.is_odd();
    if base.is_zero() {
        return Ok(if exponent.is_zero() {
            invalid(env, status::INVALID_OPERATION)
        } else if exponent.negative {
            Dec::infinity(negative)
        } else {
            Dec::zero(negative, 0)
        });
    }
    if base.negative && (!integer || exponent.is_infinite()) {
        return Ok(invalid(env, status::INVALID_OPERATION));
    }
    if exponent.is_infinite() {
        return Ok(match magnitude_order(base, &Dec::one(), env)? {
            Ordering::Equal => {
                env.status |= status::INEXACT | status::ROUNDED;
                padded(Dec::one(), cx, env)?
            }
            order if (order == Ordering::Greater) == exponent.negative => Dec::zero(negative, 0),
            _ => Dec::infinity(negative),
        });
    }
    if base.is_infinite() {
        return Ok(if exponent.is_zero() {
            Dec::one().with_sign(negative)
        } else if exponent.negative {
            Dec::zero(negative, 0)
        } else {
            Dec::infinity(negative)
        });
    }
    if exponent.is_zero() {
        return Ok(Dec::one().with_sign(negative));
    }
    if magnitude_order(base, &Dec::one(), env)? == Ordering::Equal {
        return power_of_one(base, exponent, integer, negative, cx, env);
    }
    if let Some(exp) = out_of_range(base, exponent, cx, env)? {
        return finalize(Dec::small(negative, 1, exp), cx, env);
    }
    let result = if integer {
        integer_power(base, exponent, negative, cx, env)?
    } else {
        let (result, signals) = env.apart(|env| real_power(base, exponent, cx, env))?;
        env.status |= signals & status::ERRORS | status::INEXACT | status::ROUNDED;
        if result.is_finite() && magnitude_order(&result, &Dec::one(), env)? == Ordering::Equal {
            padded(Dec::one(), cx, env)?
        } else {
            result
        }
    };
    // For the roundings that stop at the largest number.
    let result = if result.is_infinite() { Dec::small(negative, 1, HUGE) } else { result };
    finalize(result, cx, env)
}
/// Is the result by its size alone beyond the context? Then an exponent that is, too.
fn out_of_range(base: &Dec, exponent: &Dec, cx: &Context, env: &mut Env<'_>) -> Res<Option<i64>> {
    let length = |n: i64| i64::from(n.unsigned_abs().max(1).ilog10()) + 1;
    let adjusted = base.adjusted();
    // The exponent of ten of the logarithm, at least.
    let logarithm = match adjusted {
        1.. => length(adjusted) - 1,
        ..=-2 => length(adjusted + 1) - 1,
        _ => {
            let wide = &Context::MAX;
            let (distance, _) = env.apart(|env| super::arithmetic::sub(&base.abs(), &Dec::one(), wide, env))?;
            distance.adjusted() - if adjusted == 0 { 2 } else { 1 }
        }
    };
    let grows = (adjusted < 0) == exponent.negative;
    let most = length(if grows { cx.emax } else { cx.etiny() });
    if logarithm + exponent.adjusted() <= most {
        return Ok(None);
    }
    Ok(Some(if grows { HUGE } else { cx.etiny() - 1 }))
}
/// ±1 with as many zeros behind the point as are due.
fn power_of_one(base: &Dec, exponent: &Dec, integer: bool, negative: bool, cx: &Context, env: &mut Env<'_>) -> Res {
    let most = cx.prec - 1;
    let zeros = if !integer {
        env.status |= status::INEXACT | status::ROUNDED;
        most
    } else if exponent.negative {
        return Ok(Dec::one().with_sign(negative));
    } else {
        let places = exponent.to_i64().and_then(|n| n.checked_mul(-base.exp));
        if base.exp == 0 {
            0
        } else if let Some(places) = places.filter(|places| *places <= most) {
            places
        } else {
            env.status |= status::ROUNDED;
            most
        }
    };
    Ok(Dec::new(negative, shift_left(&[1], zeros, env)?, -zeros))
}
/// By squaring, from the exponent's highest bit down.
fn integer_power(base: &Dec, exponent: &Dec, negative: bool, cx: &Context, env: &mut Env<'_>) -> Res {
    let mut cx = Context { round: Rounding::HalfEven, clamp: false, ..*cx };
    cx.prec = cx.prec.saturating_add(exponent.digits() + exponent.exp + 2);
    let inverse;
    let base = if exponent.negative {
        cx.prec += 1;
        let before = env.status;
        inverse = div(&Dec::one(), base, &cx, env)?;
        if env.status & !before & status::ERRORS != 0 {
            return Ok(Dec::nan());
        }
        &inverse
    } else {
        base
    };
    let mut limbs = env.copy(&exponent.limbs, 0)?;
    if exponent.exp < 0 {
        limbs::shift_right(&mut limbs, -exponent.exp);
    } else {
        limbs = shift_left(&limbs, exponent.exp, env)?;
    }
    let bits = to_bigint(false, &limbs, env)?;
    let mut result = base.clone();
    let count = bits.magnitude.len() * 64 - bits.magnitude.last().map_or(0, |l| l.leading_zeros()) as usize;
    for i in (0..count.saturating_sub(1)).rev() {
        result = mul(&result, &result, &cx, env)?;
        if bits.magnitude[i / 64] >> (i % 64) & 1 == 1 {
            result = mul(&result, base, &cx, env)?;
        }
        if result.is_special() || result.is_zero() {
            break;
        }
    }
    Ok(result.with_sign(negative))
}
/// `base ** exponent % modulus`, of integers.
pub(crate) fn pow_mod(base: &Dec, exponent: &Dec, modulus: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(nan) = check_nans(&[base, exponent, modulus], cx, env)? {
        return Ok(nan);
    }
    let all_integers = [base, exponent, modulus].iter().all(|d| d.is_integer());
    let fits = modulus.is_finite() && modulus.adjusted() < cx.prec;
    if !all_integers
        || exponent.negative && !exponent.is_zero()
        || modulus.is_zero()
        || !fits
        || base.is_zero() && exponent.is_zero()
    {
        return Ok(invalid(env, status::INVALID_OPERATION));
    }
    let negative = base.negative && exponent.is_odd();
    let modulus = to_bigint(false, &whole(modulus, env)?, env)?;
    // A large exponent of ten is not written out: it is a power by itself.
    let mut power = to_bigint(false, &coefficient(base, env)?, env)?;
    if base.exp > 0 {
        let tens = bigint::pow_mod(
            bigint::IntBuffer::from(10).as_int(),
            integer(base.exp).as_int(),
            modulus.as_int(),
            env.poll,
        )?;
        let product = bigint::mul(power.as_int(), tens.as_int(), env.poll)?;
        power = bigint::modulo(product.as_int(), modulus.as_int(), env.poll)?;
    }
    let first = to_bigint(false, &coefficient(exponent, env)?, env)?;
    let mut result = bigint::pow_mod(power.as_int(), first.as_int(), modulus.as_int(), env.poll)?;
    for _ in 0..exponent.exp.max(0) {
        env.work.spend(modulus.magnitude.len() * 64)?;
        result = bigint::pow_mod(result.as_int(), bigint::IntBuffer::from(10).as_int(), modulus.as_int(), env.poll)?;
    }
    Ok(Dec::new(negative, from_binary(&result.magnitude, env)?, 0))
}
fn integer(n: i64) -> bigint::IntBuffer {
    bigint::IntBuffer::from(n)
}
/// The digits of an integer before its exponent, if that is positive.
fn coefficient(d: &Dec, env: &mut Env<'_>) -> Res<super::Limbs> {
    let mut limbs = env.copy(&d.limbs, 0)?;
    limbs::shift_right(&mut limbs, -d.exp);
    Ok(limbs)
}
fn whole(d: &Dec, env: &mut Env<'_>) -> Res<super::Limbs> {
    if d.exp > 0 { shift_left(&d.limbs, d.exp, env) } else { coefficient(d, env) }
}
