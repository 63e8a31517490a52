//! Signed arithmetic: sums, products, floor division, shifts, order.

use std::cmp::Ordering;

use super::divide::divide_into;
use super::limbs;
use super::multiply::multiply_into;
use super::power::power;
use super::square::square;
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
    let mut sum = BigInt::default();
    add_into(&mut sum, left, right)?;
    Ok(sum)
}

/// `left - right`.
pub fn sub(left: Int, right: Int) -> Result<BigInt, Error> {
    let mut difference = BigInt::default();
    sub_into(&mut difference, left, right)?;
    Ok(difference)
}

/// `sum = left + right`, in the memory that the sum has.
pub fn add_into(sum: &mut BigInt, left: Int, right: Int) -> Result<(), Error> {
    add_signed(sum, left, right.negative, right.magnitude)
}

/// `difference = left - right`, in the memory that the difference has.
pub fn sub_into(difference: &mut BigInt, left: Int, right: Int) -> Result<(), Error> {
    add_signed(difference, left, !right.negative, right.magnitude)
}

/// Adds a magnitude with a sign; the sign of a zero does not matter here.
fn add_signed(sum: &mut BigInt, left: Int, negative: bool, magnitude: &[u64]) -> Result<(), Error> {
    if left.negative == negative || left.is_zero() {
        limbs::add_into(&mut sum.magnitude, left.magnitude, magnitude)?;
        sum.negative = negative && !sum.magnitude.is_empty();
        return Ok(());
    }
    match limbs::compare(left.magnitude, magnitude) {
        Ordering::Equal => {
            sum.magnitude.clear();
            sum.negative = false;
            Ok(())
        }
        Ordering::Greater => {
            sum.negative = left.negative;
            limbs::sub_into(&mut sum.magnitude, left.magnitude, magnitude)
        }
        Ordering::Less => {
            sum.negative = negative;
            limbs::sub_into(&mut sum.magnitude, magnitude, left.magnitude)
        }
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
pub fn mul(left: Int, right: Int, poll: &dyn Poll) -> Result<BigInt, Error> {
    let mut product = BigInt::default();
    mul_into(&mut product, left, right, poll)?;
    Ok(product)
}

/// `product = left * right`, in the memory that the product has.
pub fn mul_into(product: &mut BigInt, left: Int, right: Int, poll: &dyn Poll) -> Result<(), Error> {
    let work = &mut Work::new(poll);
    if std::ptr::eq(left.magnitude, right.magnitude) && left.magnitude.len() > 1 {
        product.magnitude = square(left.magnitude, work)?;
    } else {
        multiply_into(&mut product.magnitude, left.magnitude, right.magnitude, work)?;
    }
    product.negative = left.negative != right.negative && !product.magnitude.is_empty();
    Ok(())
}

/// `divmod(left, right)`: the quotient rounds down, the remainder has the divisor's sign.
pub fn divmod(left: Int, right: Int, poll: &dyn Poll) -> Result<(BigInt, BigInt), Error> {
    divmod_work(left, right, &mut Work::new(poll))
}

/// `quotient, remainder = divmod(left, right)`, in the memory that they have.
pub fn divmod_into(
    quotient: &mut BigInt,
    remainder: &mut BigInt,
    left: Int,
    right: Int,
    poll: &dyn Poll,
) -> Result<(), Error> {
    floor_divide(quotient, remainder, left, right, &mut Work::new(poll))
}

pub(crate) fn divmod_work(left: Int, right: Int, work: &mut Work) -> Result<(BigInt, BigInt), Error> {
    let (mut quotient, mut remainder) = (BigInt::default(), BigInt::default());
    floor_divide(&mut quotient, &mut remainder, left, right, work)?;
    Ok((quotient, remainder))
}

fn floor_divide(
    quotient: &mut BigInt,
    remainder: &mut BigInt,
    left: Int,
    right: Int,
    work: &mut Work,
) -> Result<(), Error> {
    if right.is_zero() {
        return Err(Error::ZeroDivision);
    }
    divide_into(&mut quotient.magnitude, &mut remainder.magnitude, left.magnitude, right.magnitude, work)?;
    let negative = left.negative != right.negative;
    if negative && !remainder.magnitude.is_empty() {
        if limbs::increment(&mut quotient.magnitude) {
            quotient.magnitude.push(1);
        }
        remainder.magnitude = limbs::sub(right.magnitude, &remainder.magnitude)?;
    }
    quotient.negative = negative && !quotient.magnitude.is_empty();
    remainder.negative = right.negative && !remainder.magnitude.is_empty();
    Ok(())
}

/// `left // right`.
pub fn floor_div(left: Int, right: Int, poll: &dyn Poll) -> Result<BigInt, Error> {
    divmod(left, right, poll).map(|(quotient, _)| quotient)
}

/// `left % right`.
pub fn modulo(left: Int, right: Int, poll: &dyn Poll) -> Result<BigInt, Error> {
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

/// `round(value, -places)`: the nearest multiple of 10 ** `places`, the even one of two.
pub fn round_to_places(value: Int, places: u64, poll: &dyn Poll) -> Result<BigInt, Error> {
    // With more places than digits, even half the power is more than the value.
    if value.is_zero() || u128::from(places) > super::size::decimal_digits(value) + 1 {
        return Ok(BigInt::default());
    }
    let work = &mut Work::new(poll);
    let power = power(BigInt::from_i64(10).as_int(), places, work)?;
    let (quotient, remainder) = divmod_work(value, power.as_int(), work)?;
    let twice = shl(remainder.as_int(), 1)?;
    let up = match compare(twice.as_int(), power.as_int()) {
        Ordering::Less => false,
        Ordering::Equal => quotient.as_int().is_odd(),
        Ordering::Greater => true,
    };
    let below = sub(value, remainder.as_int())?;
    if up { add(below.as_int(), power.as_int()) } else { Ok(below) }
}
