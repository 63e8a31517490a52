//! Operations on finite numbers of up to 38 digits whose exact results have no more: in registers.
//!
//! Most numbers of most programs are so. Each operation is that of the general arithmetic and gives the same result and
//! the same conditions, or `None`: then the general one is to say. It declines whatever is not plain: results that are too
//! long, exponents at the limits, what is an error.

use super::limbs::BASE;
use super::{Context, Rounding, status};
use std::cmp::Ordering;

/// Most digits.
const DIGITS: i64 = 38;
/// Powers of ten.
const POWERS: [u128; DIGITS as usize + 1] = {
    let (mut powers, mut i) = ([1; DIGITS as usize + 1], 1);
    while i < powers.len() {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

/// `(-1)**negative * coefficient * 10**exp`; the coefficient is below `10**38`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Small {
    pub(crate) negative: bool,
    pub(crate) exp: i64,
    pub(crate) coefficient: u128,
}
/// A result and its conditions.
pub(crate) type Fitted = Option<(Small, u32)>;

impl Small {
    pub(crate) fn from_i64(n: i64) -> Small {
        Small { negative: n < 0, exp: 0, coefficient: n.unsigned_abs().into() }
    }
    /// From up to two limbs.
    #[inline]
    pub(crate) fn from_limbs(negative: bool, exp: i64, low: u64, high: u64) -> Small {
        Small { negative, exp, coefficient: u128::from(high) * u128::from(BASE) + u128::from(low) }
    }
    /// The limbs, and how many of them there are.
    #[inline]
    pub(crate) fn limbs(&self) -> ([u64; 2], usize) {
        if let Ok(low) = u64::try_from(self.coefficient)
            && low < BASE
        {
            return ([low, 0], usize::from(low != 0));
        }
        // The quotient is below the base, as the coefficient has no more than 38 digits.
        let (high, low) = super::limbs::by_base(self.coefficient);
        ([low, high], 2)
    }
}

/// Digits; zero has one.
#[inline]
fn digits(coefficient: u128) -> i64 {
    // log10(2) is a little more than 1233 / 4096: off by one at most, which the power tells.
    let estimate = ((128 - coefficient.leading_zeros() as usize) * 1233) >> 12;
    match POWERS.get(estimate) {
        Some(power) => estimate as i64 + i64::from(coefficient >= *power || estimate == 0),
        None => estimate as i64,
    }
}
/// `coefficient * 10**count`, if that is certainly below `2**127`.
#[inline]
fn scaled(coefficient: u128, count: i64) -> Option<u128> {
    if coefficient == 0 || count == 0 {
        return Some(coefficient);
    }
    let power = POWERS.get(usize::try_from(count).ok()?)?;
    // n bits times m bits are n + m bits at most.
    (coefficient.leading_zeros() + power.leading_zeros() > 128).then(|| coefficient * power)
}
#[inline]
fn divided(a: u128, b: u128) -> (u128, u128) {
    match (u64::try_from(a), u64::try_from(b)) {
        (Ok(a), Ok(b)) => ((a / b).into(), (a % b).into()),
        _ => {
            let quotient = a / b;
            (quotient, a - quotient * b)
        }
    }
}
/// Divides by `10**count`, rounds, and says with which conditions.
#[inline]
fn rounded(negative: bool, coefficient: u128, count: i64, round: Rounding) -> Option<(u128, u32)> {
    let power = *POWERS.get(usize::try_from(count).ok()?)?;
    let (quotient, rest) = divided(coefficient, power);
    if rest == 0 {
        return Some((quotient, status::ROUNDED));
    }
    let half = rest.cmp(&(power / 2));
    let up = match round {
        Rounding::Down => false,
        Rounding::Up => true,
        Rounding::Ceiling => !negative,
        Rounding::Floor => negative,
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfDown => half.is_gt(),
        Rounding::HalfEven => half.is_gt() || half.is_eq() && quotient & 1 == 1,
        Rounding::ZeroFiveUp => quotient.is_multiple_of(5),
    };
    Some((quotient + u128::from(up), status::ROUNDED | status::INEXACT))
}
/// A result, fitted.
#[inline]
fn fitted(negative: bool, exp: i64, coefficient: u128, cx: &Context) -> Fitted {
    let have = digits(coefficient);
    let adjusted = exp + have - 1;
    // One that is rounded up may become ten times as large.
    if adjusted < cx.emin || adjusted >= cx.emax {
        return None;
    }
    if have <= cx.prec {
        let fits = have <= DIGITS && !(cx.clamp && exp > cx.etop());
        return fits.then_some((Small { negative, exp, coefficient }, 0));
    }
    let largest = *POWERS.get(usize::try_from(cx.prec).ok()?)?;
    let excess = have - cx.prec;
    let (mut coefficient, conditions) = rounded(negative, coefficient, excess, cx.round)?;
    let mut exp = exp + excess;
    if coefficient == largest {
        coefficient /= 10;
        exp += 1;
    }
    Some((Small { negative, exp, coefficient }, conditions))
}

#[inline]
pub(crate) fn add(a: &Small, b: &Small, cx: &Context) -> Fitted {
    sum(a, b, b.negative, cx)
}
#[inline]
pub(crate) fn sub(a: &Small, b: &Small, cx: &Context) -> Fitted {
    sum(a, b, !b.negative, cx)
}
/// `a + b`, where `b` has this sign.
#[inline]
fn sum(a: &Small, b: &Small, negative: bool, cx: &Context) -> Fitted {
    let exp = a.exp.min(b.exp);
    let (x, y) = (scaled(a.coefficient, a.exp - exp)?, scaled(b.coefficient, b.exp - exp)?);
    if a.negative == negative {
        return fitted(negative, exp, x + y, cx);
    }
    match x.cmp(&y) {
        Ordering::Equal => fitted(cx.round == Rounding::Floor, exp, 0, cx),
        Ordering::Greater => fitted(a.negative, exp, x - y, cx),
        Ordering::Less => fitted(negative, exp, y - x, cx),
    }
}
#[inline]
pub(crate) fn mul(a: &Small, b: &Small, cx: &Context) -> Fitted {
    if a.coefficient != 0 && a.coefficient.leading_zeros() + b.coefficient.leading_zeros() < 128 {
        return None;
    }
    fitted(a.negative != b.negative, a.exp + b.exp, a.coefficient * b.coefficient, cx)
}
/// Takes up to `most` zeros away from the end; how many they were.
fn strip(coefficient: &mut u128, most: i64) -> i64 {
    let mut count = 0;
    for step in [16, 8, 4, 2, 1] {
        while count + step <= most {
            let (quotient, rest) = divided(*coefficient, POWERS[step as usize]);
            if rest != 0 {
                break;
            }
            (*coefficient, count) = (quotient, count + step);
        }
    }
    count
}
pub(crate) fn div(a: &Small, b: &Small, cx: &Context) -> Fitted {
    let (negative, ideal) = (a.negative != b.negative, a.exp - b.exp);
    if b.coefficient == 0 {
        return None;
    }
    if a.coefficient == 0 {
        return fitted(negative, ideal, 0, cx);
    }
    // A digit more than the precision shows how to round, if it is no 0 or 5 where there is a rest.
    let shift = digits(b.coefficient) - digits(a.coefficient) + cx.prec + 1;
    let (mut quotient, rest) = divided(scaled(a.coefficient, shift.max(0))?, scaled(b.coefficient, (-shift).max(0))?);
    let mut exp = ideal - shift;
    if rest != 0 {
        quotient += u128::from(quotient.is_multiple_of(5));
    } else if exp < ideal {
        exp += strip(&mut quotient, ideal - exp);
    }
    let (result, conditions) = fitted(negative, exp, quotient, cx)?;
    Some((result, conditions | if rest != 0 { status::INEXACT } else { 0 }))
}
/// `a` with the exponent of `b`.
pub(crate) fn quantize(a: &Small, b: &Small, cx: &Context) -> Fitted {
    let shift = a.exp - b.exp;
    let (coefficient, conditions) = if a.coefficient == 0 {
        (0, 0)
    } else if shift >= 0 {
        (scaled(a.coefficient, shift)?, 0)
    } else {
        rounded(a.negative, a.coefficient, -shift, cx.round)?
    };
    let have = digits(coefficient);
    let adjusted = b.exp + have - 1;
    let fits = have <= cx.prec.min(DIGITS) && adjusted >= cx.emin && adjusted <= cx.emax;
    let plain = fits && b.exp >= cx.etiny() && !(cx.clamp && b.exp > cx.etop());
    plain.then_some((Small { negative: a.negative, exp: b.exp, coefficient }, conditions))
}
/// The order by value.
#[inline]
pub(crate) fn order(a: &Small, b: &Small) -> Option<Ordering> {
    let exp = a.exp.min(b.exp);
    let (x, y) = (scaled(a.coefficient, a.exp - exp)?, scaled(b.coefficient, b.exp - exp)?);
    Some(match (a.negative && x != 0, b.negative && y != 0) {
        (false, false) => x.cmp(&y),
        (true, true) => y.cmp(&x),
        (a, b) => b.cmp(&a),
    })
}
