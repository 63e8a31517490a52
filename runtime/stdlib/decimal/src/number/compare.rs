//! Order: by value, in total, and the larger and smaller of two.

use super::limbs::{self, shift_left};
use super::round::{check_nans, finalize};
use super::{Context, Dec, Env, Kind, Res};
use std::cmp::Ordering;

/// Of finite or infinite numbers, without their signs.
pub(crate) fn magnitude_order(a: &Dec, b: &Dec, env: &mut Env<'_>) -> Res<Ordering> {
    match (a.is_infinite(), b.is_infinite()) {
        (false, false) => {}
        (a, b) => return Ok(a.cmp(&b)),
    }
    match (a.limbs.is_empty(), b.limbs.is_empty()) {
        (false, false) => {}
        (a, b) => return Ok(b.cmp(&a)),
    }
    let order = a.adjusted().cmp(&b.adjusted());
    if order.is_ne() || a.exp == b.exp {
        return Ok(order.then_with(|| limbs::compare(&a.limbs, &b.limbs)));
    }
    // Both begin with the same digit: alignment makes none longer than the other.
    Ok(if a.exp > b.exp {
        limbs::compare(&shift_left(&a.limbs, a.exp - b.exp, env)?, &b.limbs)
    } else {
        limbs::compare(&a.limbs, &shift_left(&b.limbs, b.exp - a.exp, env)?)
    })
}
/// Of what is no NaN.
pub(crate) fn order(a: &Dec, b: &Dec, env: &mut Env<'_>) -> Res<Ordering> {
    if a.is_zero() && b.is_zero() {
        return Ok(Ordering::Equal);
    }
    let sign = |d: &Dec| {
        if d.is_zero() {
            0
        } else if d.negative {
            -1
        } else {
            1
        }
    };
    let signs = sign(a).cmp(&sign(b));
    if signs.is_ne() {
        return Ok(signs);
    }
    let order = magnitude_order(a, b, env)?;
    Ok(if a.negative { order.reverse() } else { order })
}
/// -1, 0 or 1, or NaN; any NaN signals if `signal`.
pub(crate) fn compare(a: &Dec, b: &Dec, signal: bool, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(nan) = check_nans(&[a, b], cx, env)? {
        if signal {
            env.status |= super::status::INVALID_OPERATION;
        }
        return Ok(nan);
    }
    Ok(of_order(order(a, b, env)?))
}
fn of_order(order: Ordering) -> Dec {
    Dec::from_i64(order as i64)
}
/// The order of all representations.
pub(crate) fn total_order(a: &Dec, b: &Dec, env: &mut Env<'_>) -> Res<Ordering> {
    if a.negative != b.negative {
        return Ok(b.negative.cmp(&a.negative));
    }
    let order = if a.is_nan() || b.is_nan() {
        let rank = |d: &Dec| match d.kind {
            Kind::Quiet => 2,
            Kind::Signaling => 1,
            _ => 0,
        };
        rank(a).cmp(&rank(b)).then_with(|| limbs::compare(&a.limbs, &b.limbs))
    } else {
        magnitude_order(a, b, env)?.then(if a.is_infinite() { Ordering::Equal } else { a.exp.cmp(&b.exp) })
    };
    Ok(if a.negative { order.reverse() } else { order })
}
pub(crate) fn compare_total(a: &Dec, b: &Dec, magnitude: bool, env: &mut Env<'_>) -> Res {
    Ok(of_order(if magnitude { total_order(&a.abs(), &b.abs(), env)? } else { total_order(a, b, env)? }))
}
/// The larger (or smaller) one, by magnitude or not. A quiet NaN gives way to a number.
pub(crate) fn extreme(a: &Dec, b: &Dec, larger: bool, magnitude: bool, cx: &Context, env: &mut Env<'_>) -> Res {
    let quiet = |x: &Dec, y: &Dec| x.kind == Kind::Quiet && !y.is_nan();
    if quiet(a, b) || quiet(b, a) {
        return finalize(if a.is_nan() { b.clone() } else { a.clone() }, cx, env);
    }
    if let Some(nan) = check_nans(&[a, b], cx, env)? {
        return Ok(nan);
    }
    let mut found = if magnitude { magnitude_order(a, b, env)? } else { order(a, b, env)? };
    if found.is_eq() {
        found = total_order(a, b, env)?;
    }
    let first = if larger { found.is_gt() } else { found.is_lt() };
    finalize(if first { a.clone() } else { b.clone() }, cx, env)
}
