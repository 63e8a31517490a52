//! Square roots, correctly rounded.

use super::convert::{from_binary, to_bigint};
use super::limbs::{self, Limbs, increment, shift_left, shift_right, to_u128, trailing_zeros};
use super::multiply::mul;
use super::round::{check_nans, finalize};
use super::{Context, Dec, Env, Res, Rounding, invalid, status};
use python_numbers::bigint;

/// The root of the largest square that is not larger, and whether they are the same.
fn integer_root(n: &[u64], env: &mut Env<'_>) -> Res<(Limbs, bool)> {
    if let Some(n) = to_u128(n) {
        let root = n.isqrt();
        return Ok((limbs::from_u128(root), root * root == n));
    }
    let root = bigint::isqrt(to_bigint(false, n, env)?.as_int(), env.poll)?;
    let root = from_binary(&root.magnitude, env)?;
    let square = mul(&root, &root, env)?;
    let exact = square[..] == *n;
    Ok((root, exact))
}
pub(crate) fn sqrt(a: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    if let Some(nan) = check_nans(&[a], cx, env)? {
        return Ok(nan);
    }
    let ideal = a.exp >> 1;
    if a.is_zero() {
        return finalize(Dec::zero(a.negative, ideal), cx, env);
    }
    if a.negative {
        return Ok(invalid(env, status::INVALID_OPERATION));
    }
    if a.is_infinite() {
        return Ok(a.clone());
    }
    let cx = &cx.rounding(Rounding::HalfEven);
    // An exact root has no more digits than its square.
    if super::quotient::is_long(cx.prec) && a.digits() < cx.prec {
        let (root, signals) = env.apart(|env| unfitted(a, &cx.with_prec(a.digits()), env))?;
        if signals & status::INEXACT == 0 {
            return finalize(root, cx, env);
        }
    }
    let root = unfitted(a, cx, env)?;
    finalize(root, cx, env)
}
/// A root with a digit more than the precision, whose last digit shows whether it is exact (INEXACT is signaled if not).
fn unfitted(a: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    let ideal = a.exp >> 1;
    let odd = a.exp & 1;
    let digits = a.digits() + odd;
    // Half as many digits as the square.
    let shift = cx.prec + 1 - (digits + 1) / 2;
    let places = odd + 2 * shift;
    let (square, cut) = if places >= 0 {
        (shift_left(&a.limbs, places, env)?, 0)
    } else {
        let mut square = env.copy(&a.limbs, 0)?;
        let cut = shift_right(&mut square, -places);
        (square, cut)
    };
    let (mut root, exact) = integer_root(&square, env)?;
    let mut exp = ideal - shift;
    if exact && cut == 0 {
        if exp < ideal {
            let zeros = trailing_zeros(&root).min(ideal - exp);
            shift_right(&mut root, zeros);
            exp += zeros;
        } else if exp > ideal {
            root = shift_left(&root, exp - ideal, env)?;
            exp = ideal;
        }
    } else {
        if limbs::digit(&root, 0).is_multiple_of(5) {
            increment(&mut root);
        }
        env.status |= status::INEXACT;
    }
    Ok(Dec::new(false, root, exp))
}
