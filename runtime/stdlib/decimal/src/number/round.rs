//! Fitting a number into a context: overflow, underflow, clamping, rounding, and the conditions that they signal.

use super::limbs::{self, Cut, digits, increment, shift_left, shift_right};
use super::{Context, Dec, Env, Kind, Res, Rounding, status};

/// Is a number of this sign rounded away from zero, when this was cut off?
pub(crate) fn rounds_up(round: Rounding, d: &Dec, cut: Cut) -> bool {
    match round {
        _ if cut == 0 => false,
        Rounding::Down => false,
        Rounding::Up => true,
        Rounding::Ceiling => !d.negative,
        Rounding::Floor => d.negative,
        Rounding::HalfUp => cut >= 5,
        Rounding::HalfDown => cut > 5,
        Rounding::HalfEven => cut > 5 || cut == 5 && limbs::is_odd(&d.limbs),
        Rounding::ZeroFiveUp => matches!(limbs::digit(&d.limbs, 0), 0 | 5),
    }
}
/// A result, fitted.
#[inline]
pub(crate) fn finalize(d: Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    match d.kind {
        Kind::Finite => {}
        Kind::Infinite => return Ok(d),
        _ => return fix_nan(d, cx, env),
    }
    let have = d.digits();
    let adjusted = d.exp + have - 1;
    if have <= cx.prec && adjusted <= cx.emax && adjusted >= cx.emin && !(cx.clamp && d.exp > cx.etop()) {
        return Ok(d);
    }
    let mut d = d;
    check_exponent(&mut d, cx, env)?;
    if d.is_finite() {
        check_digits(&mut d, cx, env)?;
    }
    Ok(d)
}
/// A payload has as many digits as fit.
pub(crate) fn fix_nan(mut d: Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    let most = cx.prec - i64::from(cx.clamp);
    if !d.limbs.is_empty() && d.digits() > most {
        d.limbs = limbs::low_digits(&d.limbs, most, env)?;
    }
    Ok(d)
}
/// Digits beyond the precision are rounded.
pub(crate) fn check_digits(d: &mut Dec, cx: &Context, env: &mut Env<'_>) -> Res<()> {
    let excess = d.digits() - cx.prec;
    if excess > 0 {
        let cut = shift_right(&mut d.limbs, excess);
        d.exp += excess;
        env.status |= status::ROUNDED | if cut > 0 { status::INEXACT } else { 0 };
        apply(d, cut, cx, env)?;
    }
    Ok(())
}
/// Rounds after a cut; a carry may lengthen the number, which is fitted again.
pub(crate) fn apply(d: &mut Dec, cut: Cut, cx: &Context, env: &mut Env<'_>) -> Res<()> {
    if rounds_up(cx.round, d, cut) {
        increment(&mut d.limbs);
        if d.digits() > cx.prec {
            shift_right(&mut d.limbs, 1);
            d.exp += 1;
            check_exponent(d, cx, env)?;
        }
    }
    Ok(())
}
fn check_exponent(d: &mut Dec, cx: &Context, env: &mut Env<'_>) -> Res<()> {
    let adjusted = d.adjusted();
    let is_zero = d.limbs.is_empty();
    if adjusted > cx.emax {
        if is_zero {
            d.exp = if cx.clamp { cx.etop() } else { cx.emax };
            env.status |= status::CLAMPED;
            return Ok(());
        }
        let largest = match cx.round {
            Rounding::Down | Rounding::ZeroFiveUp => true,
            Rounding::Ceiling => d.negative,
            Rounding::Floor => !d.negative,
            _ => false,
        };
        *d = if largest { largest_of(d.negative, cx, env)? } else { Dec::infinity(d.negative) };
        env.status |= status::OVERFLOW | status::INEXACT | status::ROUNDED;
    } else if cx.clamp && d.exp > cx.etop() {
        let shift = d.exp - cx.etop();
        d.limbs = shift_left(&d.limbs, shift, env)?;
        d.exp -= shift;
        env.status |= status::CLAMPED;
        if !is_zero && adjusted < cx.emin {
            env.status |= status::SUBNORMAL;
        }
    } else if adjusted < cx.emin {
        let etiny = cx.etiny();
        if is_zero {
            if d.exp < etiny {
                d.exp = etiny;
                env.status |= status::CLAMPED;
            }
            return Ok(());
        }
        env.status |= status::SUBNORMAL;
        if d.exp < etiny {
            let cut = shift_right(&mut d.limbs, etiny - d.exp);
            d.exp = etiny;
            if rounds_up(cx.round, d, cut) {
                increment(&mut d.limbs);
            }
            env.status |= status::ROUNDED;
            if cut > 0 {
                env.status |= status::INEXACT | status::UNDERFLOW;
                if d.limbs.is_empty() {
                    env.status |= status::CLAMPED;
                }
            }
        }
    }
    Ok(())
}
/// The largest finite number of a context.
pub(crate) fn largest_of(negative: bool, cx: &Context, env: &mut Env<'_>) -> Res {
    let mut limbs = limbs::power_of_ten(cx.prec, env)?;
    limbs::decrement(&mut limbs);
    Ok(Dec::new(negative, limbs, cx.etop()))
}
/// The first NaN of operands, signaling ones first, as the result; `None`: there is none.
pub(crate) fn check_nans(operands: &[&Dec], cx: &Context, env: &mut Env<'_>) -> Res<Option<Dec>> {
    let signaling = operands.iter().find(|d| d.is_signaling());
    let Some(nan) = signaling.or_else(|| operands.iter().find(|d| d.is_nan())) else { return Ok(None) };
    if signaling.is_some() {
        env.status |= status::INVALID_OPERATION;
    }
    let quiet = Dec { kind: Kind::Quiet, exp: 0, ..(*nan).clone() };
    fix_nan(quiet, cx, env).map(Some)
}
/// A coefficient made as long as the precision by zeros behind it.
pub(crate) fn padded(d: Dec, cx: &Context, env: &mut Env<'_>) -> Res {
    let missing = cx.prec - digits(&d.limbs);
    if missing <= 0 {
        return Ok(d);
    }
    let limbs = shift_left(&d.limbs, missing, env)?;
    Ok(Dec::new(d.negative, limbs, d.exp - missing))
}
