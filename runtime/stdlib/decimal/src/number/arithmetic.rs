//! Sums and products.

use super::compare::magnitude_order;
use super::limbs::{self, shift_left};
use super::multiply;
use super::round::{check_nans, finalize};
use super::{Context, Dec, Env, Res, Rounding, invalid, status};
use std::cmp::Ordering;

pub(crate) fn add(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    sum(a, b, b.negative, cx, env)
}
pub(crate) fn sub(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    sum(a, b, !b.negative, cx, env)
}
/// `a + b`, where `b` has this sign.
fn sum(a: &Dec, b: &Dec, negative: bool, cx: &Context, env: &mut Env<'_>) -> Res {
    if a.is_special() || b.is_special() {
        if let Some(nan) = check_nans(&[a, b], cx, env)? {
            return Ok(nan);
        }
        return Ok(match (a.is_infinite(), b.is_infinite()) {
            (true, true) if a.negative != negative => invalid(env, status::INVALID_OPERATION),
            (true, _) => Dec::infinity(a.negative),
            _ => Dec::infinity(negative),
        });
    }
    let (mut big, mut small, mut big_sign, mut small_sign) = (a, b, a.negative, negative);
    if big.exp < small.exp {
        (big, small, big_sign, small_sign) = (small, big, small_sign, big_sign);
    }
    // The one with the larger exponent is aligned; what is far below the result's last digit only says that it is there.
    let (tiny, aligned);
    let mut exp = small.exp;
    let mut big_limbs = &big.limbs;
    let mut small_limbs = &small.limbs;
    if big.exp != small.exp && !big.limbs.is_empty() {
        let have = big.digits();
        let last = big.exp - 1 + if have > cx.prec { 0 } else { have - cx.prec - 1 };
        if small.adjusted() < last {
            tiny = limbs::from_u128(u128::from(!small.limbs.is_empty()));
            small_limbs = &tiny;
            exp = last;
        }
        aligned = shift_left(big_limbs, big.exp - exp, env)?;
        big_limbs = &aligned;
    }
    let result = if big_sign == small_sign {
        Dec::new(big_sign, limbs::add(big_limbs, small_limbs, env)?, exp)
    } else {
        match limbs::compare(big_limbs, small_limbs) {
            Ordering::Equal => Dec::zero(cx.round == Rounding::Floor, exp),
            Ordering::Greater => Dec::new(big_sign, limbs::sub(big_limbs, small_limbs, env)?, exp),
            Ordering::Less => Dec::new(small_sign, limbs::sub(small_limbs, big_limbs, env)?, exp),
        }
    };
    finalize(result, cx, env)
}
/// The product before it is fitted: of finite ones.
pub(crate) fn exact_product(a: &Dec, b: &Dec, env: &mut Env<'_>) -> Res {
    Ok(Dec::new(a.negative != b.negative, multiply::mul(&a.limbs, &b.limbs, env)?, a.exp + b.exp))
}
/// The product if one of them is special.
fn special_product(a: &Dec, b: &Dec, env: &mut Env<'_>) -> Dec {
    if a.is_zero() || b.is_zero() {
        return invalid(env, status::INVALID_OPERATION);
    }
    Dec::infinity(a.negative != b.negative)
}
pub(crate) fn mul(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if a.is_special() || b.is_special() {
        return match check_nans(&[a, b], cx, env)? {
            Some(nan) => Ok(nan),
            None => Ok(special_product(a, b, env)),
        };
    }
    let product = exact_product(a, b, env)?;
    finalize(product, cx, env)
}
/// `a * b + c`, rounded once.
pub(crate) fn fma(a: &Dec, b: &Dec, c: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    let product = if a.is_special() || b.is_special() {
        let (product, signals) = env.apart(|env| mul(a, b, cx, env))?;
        env.status |= signals;
        if signals != 0 {
            return Ok(product);
        }
        product
    } else {
        exact_product(a, b, env)?
    };
    add(&product, c, cx, env)
}
/// `0 + a`, and `0 - a`: a zero is positive, unless rounding is towards the floor.
pub(crate) fn plus(a: &Dec, negate: bool, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(nan) = check_nans(&[a], cx, env)? {
        return Ok(nan);
    }
    let negative = a.negative != negate && (!a.is_zero() || cx.round == Rounding::Floor);
    finalize(a.clone().with_sign(negative), cx, env)
}
pub(crate) fn abs(a: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    plus(a, a.negative && !a.is_nan(), cx, env)
}
/// The next number of the context above (or below).
pub(crate) fn next(a: &Dec, up: bool, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(nan) = check_nans(&[a], cx, env)? {
        return Ok(nan);
    }
    if a.is_infinite() {
        return if a.negative == up { super::round::largest_of(a.negative, cx, env) } else { Ok(a.clone()) };
    }
    let cx = &cx.rounding(if up { Rounding::Ceiling } else { Rounding::Floor });
    let (result, _) = env.apart(|env| {
        let fitted = finalize(a.clone(), cx, env)?;
        // Was it between two, so is the upper one the next.
        if magnitude_order(&fitted, a, env)? != Ordering::Equal {
            return Ok(fitted);
        }
        let tiny = Dec::small(!up, 1, cx.etiny() - 1);
        add(a, &tiny, cx, env)
    })?;
    Ok(result)
}
/// The next number of the context towards another.
pub(crate) fn next_toward(a: &Dec, b: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(nan) = check_nans(&[a, b], cx, env)? {
        return Ok(nan);
    }
    let order = super::compare::order(a, b, env)?;
    if order == Ordering::Equal {
        return Ok(a.clone().with_sign(b.negative));
    }
    let result = next(a, order == Ordering::Less, cx, env)?;
    if result.is_infinite() {
        env.status |= status::OVERFLOW | status::ROUNDED | status::INEXACT;
    } else if result.adjusted() < cx.emin {
        env.status |= status::UNDERFLOW | status::SUBNORMAL | status::ROUNDED | status::INEXACT;
        if result.is_zero() {
            env.status |= status::CLAMPED;
        }
    }
    Ok(result)
}
