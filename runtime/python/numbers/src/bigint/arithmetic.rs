//! Signed arithmetic: sums, products, floor division, shifts, order.

use std::cmp::Ordering;

use super::divide::divide;
use super::limbs;
use super::multiply::multiply;
use super::{BigInt, Error, Int, Poll, Work};

/// Compares by value.
#[inline]
pub fn compare(left: Int, right: Int) -> Ordering {
    match (left.negative, right.negative) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => limbs::compare(left.magnitude, right.magnitude),
        (true, true) => limbs::compare(right.magnitude, left.magnitude),
    }
}

/// `left + right`.
pub fn add(left: Int, right: Int) -> Result<BigInt, Error> {
    add_signed(left, right.negative, right.magnitude)
}

/// `left - right`.
pub fn sub(left: Int, right: Int) -> Result<BigInt, Error> {
    add_signed(left, !right.negative, right.magnitude)
}

/// Adds a magnitude with a sign; the sign of a zero does not matter here.
fn add_signed(left: Int, negative: bool, magnitude: &[u64]) -> Result<BigInt, Error> {
    if left.negative == negative || left.is_zero() {
        let sum = limbs::add(left.magnitude, magnitude)?;
        let negative = negative && !sum.is_empty();
        return Ok(BigInt { negative, magnitude: sum });
    }
    match limbs::compare(left.magnitude, magnitude) {
        Ordering::Equal => Ok(BigInt::default()),
        Ordering::Greater => Ok(BigInt { negative: left.negative, magnitude: limbs::sub(left.magnitude, magnitude)? }),
        Ordering::Less => Ok(BigInt { negative, magnitude: limbs::sub(magnitude, left.magnitude)? }),
    }
}

/// `-value`.
pub fn neg(value: Int) -> Result<BigInt, Error> {
    let magnitude = limbs::copy_with_room(value.magnitude, 0)?;
    Ok(BigInt { negative: !value.negative && !magnitude.is_empty(), magnitude })
}

/// `abs(value)`.
pub fn abs(value: Int) -> Result<BigInt, Error> {
    Ok(BigInt { negative: false, magnitude: limbs::copy_with_room(value.magnitude, 0)? })
}

/// `left * right`.
pub fn mul(left: Int, right: Int, poll: &mut Poll) -> Result<BigInt, Error> {
    let magnitude = multiply(left.magnitude, right.magnitude, &mut Work::new(poll))?;
    Ok(BigInt { negative: left.negative != right.negative && !magnitude.is_empty(), magnitude })
}

/// `divmod(left, right)`: the quotient rounds down, the remainder has the divisor's sign.
pub fn divmod(left: Int, right: Int, poll: &mut Poll) -> Result<(BigInt, BigInt), Error> {
    divmod_work(left, right, &mut Work::new(poll))
}

pub(crate) fn divmod_work(left: Int, right: Int, work: &mut Work) -> Result<(BigInt, BigInt), Error> {
    if right.is_zero() {
        return Err(Error::ZeroDivision);
    }
    let (mut quotient, mut remainder) = divide(left.magnitude, right.magnitude, work)?;
    let negative = left.negative != right.negative;
    if negative && !remainder.is_empty() {
        if limbs::increment(&mut quotient) {
            quotient.push(1);
        }
        remainder = limbs::sub(right.magnitude, &remainder)?;
    }
    Ok((
        BigInt { negative: negative && !quotient.is_empty(), magnitude: quotient },
        BigInt { negative: right.negative && !remainder.is_empty(), magnitude: remainder },
    ))
}

/// `left // right`.
pub fn floor_div(left: Int, right: Int, poll: &mut Poll) -> Result<BigInt, Error> {
    divmod(left, right, poll).map(|(quotient, _)| quotient)
}

/// `left % right`.
pub fn modulo(left: Int, right: Int, poll: &mut Poll) -> Result<BigInt, Error> {
    if let [limb] = *right.magnitude {
        let rest = limbs::LimbDivisor::new(limb).remainder(left.magnitude);
        let rest = if rest != 0 && left.negative != right.negative { limb - rest } else { rest };
        return Ok(BigInt::new(right.negative, vec![rest]));
    }
    divmod(left, right, poll).map(|(_, remainder)| remainder)
}

/// `value << count`. Only memory bounds it: see [`super::size::shl_bits`].
pub fn shl(value: Int, count: u64) -> Result<BigInt, Error> {
    if value.is_zero() {
        return Ok(BigInt::default());
    }
    let whole = usize::try_from(count / 64).map_err(|_| Error::Memory)?;
    let length = whole.checked_add(value.magnitude.len() + 1).ok_or(Error::Memory)?;
    let mut magnitude = limbs::zeros(length)?;
    let (shifted, top) = magnitude[whole..].split_at_mut(value.magnitude.len());
    top[0] = limbs::shl_bits(shifted, value.magnitude, (count % 64) as u32);
    limbs::trim(&mut magnitude);
    Ok(BigInt { negative: value.negative, magnitude })
}

/// `value >> count`, rounding down.
pub fn shr(value: Int, count: u64) -> Result<BigInt, Error> {
    let whole = usize::try_from(count / 64).unwrap_or(usize::MAX);
    let lost = value.negative && limbs::any_below(value.magnitude, count);
    let mut magnitude = match value.magnitude.get(whole..) {
        Some(kept) => limbs::copy_with_room(kept, 1)?,
        None => Vec::new(),
    };
    limbs::shr_assign_bits(&mut magnitude, (count % 64) as u32);
    limbs::trim(&mut magnitude);
    if lost && limbs::increment(&mut magnitude) {
        magnitude.push(1);
    }
    Ok(BigInt { negative: value.negative && !magnitude.is_empty(), magnitude })
}
