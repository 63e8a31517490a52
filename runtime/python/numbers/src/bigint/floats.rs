//! Between integers and floats: conversions, exact comparison, correctly rounded division.

use std::cmp::Ordering;

use super::divide::divide;
use super::limbs;
use super::{BigInt, Error, Int, Poll, Work, compare, shl};
use crate::float::ldexp;

/// The nearest float, ties to even; `None` where that is beyond the largest.
pub fn to_f64(value: Int) -> Option<f64> {
    match *value.magnitude {
        [] => Some(0.0),
        // The conversion of the machine rounds half to even.
        [limb] => Some(if value.negative { -(limb as f64) } else { limb as f64 }),
        _ => {
            let (fraction, exponent) = frexp(value)?;
            let float = ldexp(fraction, exponent);
            float.is_finite().then_some(float)
        }
    }
}

/// `(fraction, exponent)` with `fraction * 2 ** exponent` nearest to the value, and 0.5 <= |fraction| < 1.
///
/// `None` only where the exponent itself overflows, which no memory is large enough for.
pub fn frexp(value: Int) -> Option<(f64, i64)> {
    let bits = limbs::bit_length(value.magnitude);
    if bits == 0 {
        return Some((0.0, 0));
    }
    // The top 64 bits, the lowest of them also standing for whatever is lost below.
    let top = match bits.checked_sub(64) {
        None => value.magnitude[0] << (64 - bits),
        Some(below) => limbs::window(value.magnitude, below) | u64::from(limbs::any_below(value.magnitude, below)),
    };
    let fraction = ldexp(top as f64, -64);
    let (fraction, carry) = if fraction == 1.0 { (0.5, 1) } else { (fraction, 0) };
    let exponent = i64::try_from(bits).ok()? + carry;
    Some((if value.negative { -fraction } else { fraction }, exponent))
}

/// The integer that a finite float truncates to; `None` for infinities and NaN.
pub fn from_f64(value: f64) -> Option<BigInt> {
    if !value.is_finite() {
        return None;
    }
    let bits = value.abs().to_bits();
    let exponent = (bits >> 52) as i64 - 1075;
    let mantissa = bits & ((1 << 52) - 1) | 1 << 52;
    if exponent < -52 {
        return Some(BigInt::default());
    }
    if exponent <= 0 {
        return Some(BigInt::new(value < 0.0, vec![mantissa >> -exponent]));
    }
    let mut magnitude = vec![0; exponent as usize / 64];
    let wide = u128::from(mantissa) << (exponent % 64);
    magnitude.extend([wide as u64, (wide >> 64) as u64]);
    Some(BigInt::new(value < 0.0, magnitude))
}

/// Compares with a float by exact value; `None` for NaN.
pub fn compare_f64(left: Int, right: f64) -> Option<Ordering> {
    if right.is_nan() {
        return None;
    }
    if right.is_infinite() {
        return Some(if right > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    if let Some(small) = left.to_i64() {
        // A float of at least 2^63 settles it; a smaller one truncates to a machine integer exactly.
        if right >= 9_223_372_036_854_775_808.0 {
            return Some(Ordering::Less);
        }
        if right < -9_223_372_036_854_775_808.0 {
            return Some(Ordering::Greater);
        }
        let whole = right.trunc();
        return Some(
            small.cmp(&(whole as i64)).then_with(|| 0.0.partial_cmp(&(right - whole)).unwrap_or(Ordering::Equal)),
        );
    }
    // No machine integer, so at least 2^63 in magnitude: a float that large has no fraction.
    let whole = from_f64(right)?;
    Some(compare(left, whole.as_int()).then_with(|| 0.0.partial_cmp(&right.fract()).unwrap_or(Ordering::Equal)))
}

/// `left / right`, correctly rounded, ties to even.
///
/// [`Error::ZeroDivision`], or [`Error::Overflow`] where the quotient is beyond the largest float.
pub fn true_div(left: Int, right: Int, poll: &dyn Poll) -> Result<f64, Error> {
    const EXACT: u64 = 1 << 53;
    if right.is_zero() {
        return Err(Error::ZeroDivision);
    }
    let negative = left.negative != right.negative;
    let sign = |quotient: f64| if negative { -quotient } else { quotient };
    if left.is_zero() {
        return Ok(sign(0.0));
    }
    if let ([dividend @ ..=EXACT], [divisor @ ..=EXACT]) = (left.magnitude, right.magnitude) {
        return Ok(sign(*dividend as f64 / *divisor as f64));
    }
    let difference = i128::from(limbs::bit_length(left.magnitude)) - i128::from(limbs::bit_length(right.magnitude));
    if difference > 1024 {
        return Err(Error::Overflow);
    }
    if difference < -1076 {
        return Ok(sign(0.0));
    }
    // Scale so that the quotient has 63 or 64 bits or, where the result is subnormal, its bits down to 2^-1076.
    let scale = (difference - 63).max(-1076) as i64;
    let (dividend, divisor) = if scale <= 0 {
        (shl(left.abs(), scale.unsigned_abs())?, None)
    } else {
        (
            BigInt { negative: false, magnitude: limbs::copy_with_room(left.magnitude, 0)? },
            Some(shl(right.abs(), scale as u64)?),
        )
    };
    let divisor = divisor.as_ref().map_or(right.magnitude, |divisor| &divisor.magnitude);
    let (quotient, remainder) = divide(&dividend.magnitude, divisor, &mut Work::new(poll))?;
    let mut bits = match *quotient {
        [] => 0u128,
        [low] => u128::from(low),
        [low, high, ..] => u128::from(high) << 64 | u128::from(low),
    };
    // Round at the last bit that the result has: 53 bits, but none below 2^-1074.
    let drop = (128 - bits.leading_zeros() as i64 - 53).max(-1074 - scale);
    if drop > 0 {
        let sticky = !remainder.is_empty() || bits & ((1 << (drop - 1)) - 1) != 0;
        let half = bits >> (drop - 1) & 1 == 1;
        bits >>= drop;
        if half && (sticky || bits & 1 == 1) {
            bits += 1;
        }
    }
    let exponent = scale + drop.max(0);
    let quotient = ldexp(bits as f64, exponent);
    if quotient.is_infinite() { Err(Error::Overflow) } else { Ok(sign(quotient)) }
}
