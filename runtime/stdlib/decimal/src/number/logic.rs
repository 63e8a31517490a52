//! Digit by digit logic on numbers of zeros and ones.

use super::convert::{from_digits, to_digits};
use super::{Context, Dec, Env, Res, invalid, status};

/// The digits of an operand, or `None` if it is no operand of logic.
fn operand(a: &Dec, env: &mut Env<'_>) -> Res<Option<Vec<u8>>> {
    if a.is_special() || a.negative || a.exp != 0 {
        return Ok(None);
    }
    let digits = to_digits(&a.limbs, env)?;
    Ok(Some(digits).filter(|d| d.iter().all(|c| matches!(c, b'0' | b'1'))))
}
/// What of the digits is within the precision.
fn result(digits: &[u8], cx: &Context, env: &mut Env<'_>) -> Res {
    let excess = digits.len().saturating_sub(usize::try_from(cx.prec).unwrap_or(usize::MAX));
    Ok(Dec::new(false, from_digits(&digits[excess..], env)?, 0))
}
/// Applies `f` to the digits.
pub(crate) fn binary(a: &Dec, b: &Dec, f: fn(u8, u8) -> u8, cx: &Context, env: &mut Env<'_>) -> Res {
    let (Some(mut x), Some(mut y)) = (operand(a, env)?, operand(b, env)?) else {
        return Ok(invalid(env, status::INVALID_OPERATION));
    };
    if x.len() < y.len() {
        std::mem::swap(&mut x, &mut y);
    }
    let skipped = x.len() - y.len();
    for (i, c) in x.iter_mut().enumerate() {
        let other = if i < skipped { b'0' } else { y[i - skipped] };
        *c = b'0' + f(*c - b'0', other - b'0');
    }
    result(&x, cx, env)
}
/// Every digit of the precision, inverted.
pub(crate) fn invert(a: &Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    let Some(x) = operand(a, env)? else { return Ok(invalid(env, status::INVALID_OPERATION)) };
    let length = usize::try_from(cx.prec).map_err(|_| super::Error::Memory)?.max(x.len());
    env.room(length / 8)?;
    let mut digits = Vec::new();
    digits.try_reserve_exact(length).map_err(|_| super::Error::Memory)?;
    digits.resize(length - x.len(), b'1');
    digits.extend(x.iter().map(|c| b'0' + b'1' - c));
    result(&digits, cx, env)
}
