//! Coefficients: limbs of 19 decimal digits, the lowest first, the highest not zero; zero has none.
//!
//! Why decimal limbs and not the binary ones of `python_numbers`: rounding, aligning, counting digits and printing are
//! most of what decimal arithmetic does, and with them each is a pass over the limbs instead of a multiplication or a
//! division; products of up to 38 digits stay in registers either way. 10^19 is the largest power in 64 bits and has
//! the highest bit set, so that dividing by it is two multiplications (Möller and Granlund, "Improved division by
//! invariant integers", 2011).

use super::env::{Env, Error};
use smallvec::SmallVec;
use std::cmp::Ordering;

/// Limbs; up to four lie within.
pub(crate) type Limbs = SmallVec<[u64; 4]>;
pub(crate) const BASE: u64 = 10_000_000_000_000_000_000;
/// Digits of a limb.
pub(crate) const DIGITS: usize = 19;
/// 2^128 / BASE - 2^64
const RECIPROCAL: u64 = (u128::MAX / BASE as u128 - (1 << 64)) as u64;
pub(crate) const POWERS: [u64; 20] = {
    let (mut powers, mut i) = ([1; 20], 1);
    while i < 20 {
        powers[i] = powers[i - 1] * 10;
        i += 1;
    }
    powers
};

/// Quotient and remainder of `value / BASE`; `value < BASE * 2^64`.
#[inline(always)]
pub(super) fn by_base(value: u128) -> (u64, u64) {
    let (high, low) = ((value >> 64) as u64, value as u64);
    let estimate = u128::from(RECIPROCAL) * u128::from(high) + value;
    let (mut quotient, fraction) = (((estimate >> 64) as u64).wrapping_add(1), estimate as u64);
    let mut rest = low.wrapping_sub(quotient.wrapping_mul(BASE));
    if rest > fraction {
        quotient = quotient.wrapping_sub(1);
        rest = rest.wrapping_add(BASE);
    }
    if rest >= BASE {
        quotient = quotient.wrapping_add(1);
        rest -= BASE;
    }
    (quotient, rest)
}

#[inline]
pub(crate) fn trim(limbs: &mut Limbs) {
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
}
#[inline]
pub(super) fn trimmed(mut limbs: &[u64]) -> &[u64] {
    while let [rest @ .., 0] = limbs {
        limbs = rest;
    }
    limbs
}
/// From any number.
pub(crate) fn from_u128(value: u128) -> Limbs {
    let mut limbs = Limbs::new();
    let mut rest = value;
    while rest > 0 {
        limbs.push((rest % u128::from(BASE)) as u64);
        rest /= u128::from(BASE);
    }
    limbs
}
/// The number, if it has at most two limbs.
pub(crate) fn to_u128(limbs: &[u64]) -> Option<u128> {
    match *limbs {
        [] => Some(0),
        [low] => Some(low.into()),
        [low, high] => Some(u128::from(high) * u128::from(BASE) + u128::from(low)),
        _ => None,
    }
}
/// Digits; zero has one.
#[inline]
pub(crate) fn digits(limbs: &[u64]) -> i64 {
    match limbs.last() {
        None => 1,
        Some(top) => (limbs.len() as i64 - 1) * DIGITS as i64 + i64::from(top.ilog10()) + 1,
    }
}
/// Digit number `at`, from the lowest on.
pub(crate) fn digit(limbs: &[u64], at: usize) -> u8 {
    limbs.get(at / DIGITS).map_or(0, |limb| (limb / POWERS[at % DIGITS] % 10) as u8)
}
/// Zeros at the end; none of zero.
pub(crate) fn trailing_zeros(limbs: &[u64]) -> i64 {
    let Some(first) = limbs.iter().position(|l| *l != 0) else { return 0 };
    let (mut limb, mut count) = (limbs[first], first as i64 * DIGITS as i64);
    while limb % 10 == 0 {
        limb /= 10;
        count += 1;
    }
    count
}
/// Is it odd?
pub(crate) fn is_odd(limbs: &[u64]) -> bool {
    limbs.first().is_some_and(|l| l & 1 == 1)
}
#[inline]
pub(crate) fn compare(a: &[u64], b: &[u64]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.iter().rev().cmp(b.iter().rev()))
}
/// `limbs += 1`
pub(crate) fn increment(limbs: &mut Limbs) {
    for limb in limbs.iter_mut() {
        if *limb < BASE - 1 {
            *limb += 1;
            return;
        }
        *limb = 0;
    }
    limbs.push(1);
}
/// `limbs -= 1`; it is not zero.
pub(crate) fn decrement(limbs: &mut Limbs) {
    for limb in limbs.iter_mut() {
        if *limb > 0 {
            *limb -= 1;
            break;
        }
        *limb = BASE - 1;
    }
    trim(limbs);
}
/// `target += addend`, which is not longer; the carry out.
#[inline]
pub(super) fn add_assign(target: &mut [u64], addend: &[u64]) -> bool {
    let mut carry = 0;
    let (low, high) = target.split_at_mut(addend.len());
    for (limb, other) in low.iter_mut().zip(addend) {
        // Less than 2^65: the overflow counts.
        let (sum, over) = limb.overflowing_add(other + carry);
        let is_over = over || sum >= BASE;
        *limb = if is_over { sum.wrapping_sub(BASE) } else { sum };
        carry = u64::from(is_over);
    }
    for limb in high {
        if carry == 0 {
            return false;
        }
        carry = u64::from(*limb == BASE - 1);
        *limb = if carry == 1 { 0 } else { *limb + 1 };
    }
    carry == 1
}
/// `target -= other`, which is not longer; the borrow out.
#[inline]
pub(super) fn sub_assign(target: &mut [u64], other: &[u64]) -> bool {
    let mut borrow = 0;
    let (low, high) = target.split_at_mut(other.len());
    for (limb, other) in low.iter_mut().zip(other) {
        let (difference, under) = limb.overflowing_sub(other + borrow);
        *limb = if under { difference.wrapping_add(BASE) } else { difference };
        borrow = u64::from(under);
    }
    for limb in high {
        if borrow == 0 {
            return false;
        }
        borrow = u64::from(*limb == 0);
        *limb = if borrow == 1 { BASE - 1 } else { *limb - 1 };
    }
    borrow == 1
}
/// `a + b`
pub(crate) fn add(a: &[u64], b: &[u64], env: &mut Env<'_>) -> Result<Limbs, Error> {
    let (longer, shorter) = if a.len() < b.len() { (b, a) } else { (a, b) };
    let mut sum = env.copy(longer, 1)?;
    if add_assign(&mut sum, shorter) {
        sum.push(1);
    }
    Ok(sum)
}
/// `a - b`, which is not negative.
pub(crate) fn sub(a: &[u64], b: &[u64], env: &mut Env<'_>) -> Result<Limbs, Error> {
    let mut difference = env.copy(a, 0)?;
    sub_assign(&mut difference, b);
    trim(&mut difference);
    Ok(difference)
}
/// `target = target * factor + carry`; the limb that goes out.
#[inline]
pub(super) fn mul_assign_limb(target: &mut [u64], factor: u64, mut carry: u64) -> u64 {
    for limb in target {
        (carry, *limb) = by_base(u128::from(*limb) * u128::from(factor) + u128::from(carry));
    }
    carry
}
/// Divides by a limb in place; the remainder.
pub(super) fn div_assign_limb(target: &mut [u64], divisor: u64) -> u64 {
    let mut rest = 0u64;
    for limb in target.iter_mut().rev() {
        if rest == 0 {
            (rest, *limb) = (*limb % divisor, *limb / divisor);
            continue;
        }
        let value = u128::from(rest) * u128::from(BASE) + u128::from(*limb);
        // Less than the base, since the rest is less than the divisor.
        *limb = (value / u128::from(divisor)) as u64;
        rest = (value % u128::from(divisor)) as u64;
    }
    rest
}
/// `a * 10**count`
pub(crate) fn shift_left(a: &[u64], count: i64, env: &mut Env<'_>) -> Result<Limbs, Error> {
    if a.is_empty() {
        return Ok(Limbs::new());
    }
    let count = usize::try_from(count).map_err(|_| Error::Memory)?;
    let (whole, part) = (count / DIGITS, count % DIGITS);
    let mut result = env.zeros(whole.checked_add(a.len()).ok_or(Error::Memory)?)?;
    result[whole..].copy_from_slice(a);
    if part > 0 {
        let top = mul_assign_limb(&mut result[whole..], POWERS[part], 0);
        if top > 0 {
            result.push(top);
        }
    }
    Ok(result)
}
/// What rounding needs to know of the digits that were cut off: the first of them, made 1 or 6 where it was 0 or 5 and not
/// all behind it are zeros.
pub(crate) type Cut = u8;
/// `a / 10**count` in place, and what was cut off.
pub(crate) fn shift_right(a: &mut Limbs, count: i64) -> Cut {
    if count <= 0 || a.is_empty() {
        return 0;
    }
    let have = digits(a);
    if count > have {
        a.clear();
        return 1;
    }
    let count = count as usize;
    let first = digit(a, count - 1);
    let (whole, part) = (count / DIGITS, count % DIGITS);
    let below = count - 1;
    let sticky = first.is_multiple_of(5)
        && (a[..below / DIGITS].iter().any(|l| *l != 0) || !a[below / DIGITS].is_multiple_of(POWERS[below % DIGITS]));
    let length = a.len();
    if part == 0 {
        a.copy_within(whole.., 0);
    } else {
        let (divisor, factor) = (POWERS[part], POWERS[DIGITS - part]);
        for i in whole..length {
            let high = a.get(i + 1).map_or(0, |l| l % divisor);
            a[i - whole] = a[i] / divisor + high * factor;
        }
    }
    a.truncate(length - whole);
    trim(a);
    first + u8::from(sticky)
}
/// The lowest digits.
pub(crate) fn low_digits(a: &[u64], count: i64, env: &mut Env<'_>) -> Result<Limbs, Error> {
    let count = usize::try_from(count).unwrap_or(0);
    if count >= a.len() * DIGITS {
        return env.copy(a, 0);
    }
    let (whole, part) = (count / DIGITS, count % DIGITS);
    let mut low = env.copy(&a[..=whole], 0)?;
    low[whole] %= POWERS[part];
    trim(&mut low);
    Ok(low)
}
/// `10**count`
pub(crate) fn power_of_ten(count: i64, env: &mut Env<'_>) -> Result<Limbs, Error> {
    shift_left(&[1], count, env)
}
/// Is it a power of ten?
pub(crate) fn is_power_of_ten(a: &[u64]) -> bool {
    trailing_zeros(a) + 1 == digits(a) && a.last().is_some_and(|top| POWERS.contains(top))
}
