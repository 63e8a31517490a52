//! Bitwise operations, as if the numbers were in two's complement with endless sign bits.

use super::limbs;
use super::{BigInt, Error, Int};

/// Bits of the magnitude, as `int.bit_length`.
#[inline]
pub fn bit_length(value: Int) -> u64 {
    limbs::bit_length(value.magnitude)
}

/// Set bits of the magnitude, as `int.bit_count`.
pub fn bit_count(value: Int) -> u64 {
    value.magnitude.iter().map(|limb| u64::from(limb.count_ones())).sum()
}

/// `~value`, which is `-value - 1`.
pub fn invert(value: Int) -> Result<BigInt, Error> {
    let mut magnitude = limbs::copy_with_room(value.magnitude, 1)?;
    if value.negative {
        limbs::decrement(&mut magnitude);
        limbs::trim(&mut magnitude);
        return Ok(BigInt { negative: false, magnitude });
    }
    if limbs::increment(&mut magnitude) {
        magnitude.push(1);
    }
    Ok(BigInt { negative: true, magnitude })
}

/// `left & right`.
pub fn and(left: Int, right: Int) -> Result<BigInt, Error> {
    if !left.negative && !right.negative {
        let both = left.magnitude.iter().zip(right.magnitude);
        return collect(false, left.magnitude.len().min(right.magnitude.len()), both.map(|(a, b)| a & b));
    }
    combine(left, right, left.negative && right.negative, |a, b| a & b)
}

/// `left | right`.
pub fn or(left: Int, right: Int) -> Result<BigInt, Error> {
    combine(left, right, left.negative || right.negative, |a, b| a | b)
}

/// `left ^ right`.
pub fn xor(left: Int, right: Int) -> Result<BigInt, Error> {
    combine(left, right, left.negative != right.negative, |a, b| a ^ b)
}

/// The limbs of the two's complement: for a negative number those of `magnitude - 1`, inverted.
fn complement(value: Int) -> impl Iterator<Item = u64> {
    let mut borrow = value.negative;
    let mask = if value.negative { u64::MAX } else { 0 };
    let limbs = value.magnitude.iter().map(move |&limb| {
        let digit;
        (digit, borrow) = limb.borrowing_sub(0, borrow);
        digit ^ mask
    });
    limbs.chain(std::iter::repeat(mask))
}

/// Applies an operation limb by limb; `negative` is the sign that it gives to the operands' signs.
fn combine(left: Int, right: Int, negative: bool, operation: impl Fn(u64, u64) -> u64) -> Result<BigInt, Error> {
    let length = left.magnitude.len().max(right.magnitude.len());
    let both = complement(left).zip(complement(right)).take(length);
    collect(negative, length, both.map(|(a, b)| operation(a, b)))
}

/// From the limbs of a two's complement of the given sign.
fn collect(negative: bool, length: usize, source: impl Iterator<Item = u64>) -> Result<BigInt, Error> {
    let mut magnitude = Vec::new();
    magnitude.try_reserve_exact(length + 1).map_err(|_| Error::Memory)?;
    if negative {
        magnitude.extend(source.map(|limb| !limb));
        if limbs::increment(&mut magnitude) {
            magnitude.push(1);
        }
    } else {
        magnitude.extend(source);
    }
    limbs::trim(&mut magnitude);
    Ok(BigInt { negative, magnitude })
}
