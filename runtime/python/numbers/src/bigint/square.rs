//! Squares, which need half the products: each pair of different limbs once, doubled.

use super::limbs;
use super::{Error, Work, multiply, transform};

/// Limbs from which Karatsuba's method pays.
const KARATSUBA: usize = 64;

/// The square, normalised.
pub(crate) fn square(value: &[u64], work: &mut Work) -> Result<Vec<u64>, Error> {
    let mut target = limbs::zeros(2 * value.len())?;
    let length = value.len();
    if multiply::TRANSFORM.contains(&length) {
        transform::multiply_into(&mut target, value, value, work)?;
    } else {
        let mut scratch = if length < KARATSUBA { Vec::new() } else { limbs::zeros(multiply::scratch_length(length))? };
        square_into(&mut target, value, &mut scratch, work)?;
    }
    limbs::trim(&mut target);
    Ok(target)
}

/// Writes every limb of the target, which is twice as long.
fn square_into(target: &mut [u64], value: &[u64], scratch: &mut [u64], work: &mut Work) -> Result<(), Error> {
    let length = value.len();
    if length < KARATSUBA {
        columns(target, value);
        return Ok(work.spend(length * length)?);
    }
    if multiply::TRANSFORM.contains(&length) {
        return transform::multiply_into(target, value, value, work);
    }
    let half = length.div_ceil(2);
    let (low, high) = value.split_at(half);
    let (middle, scratch) = scratch.split_at_mut(2 * half);
    multiply::difference(&mut target[..half], low, high);
    square_into(middle, &target[..half], scratch, work)?;
    let (target_low, target_high) = target.split_at_mut(2 * half);
    square_into(target_low, low, scratch, work)?;
    square_into(target_high, high, scratch, work)?;
    // 2 * low * high = low^2 + high^2 - (low - high)^2.
    let sum = &mut scratch[..2 * half + 1];
    sum[..2 * half].copy_from_slice(target_low);
    sum[2 * half] = 0;
    limbs::add_assign(sum, target_high);
    limbs::sub_assign(sum, middle);
    limbs::add_assign(&mut target[half..], limbs::trimmed(sum));
    Ok(())
}

/// By columns: the products of different limbs, doubled, and the squares.
fn columns(target: &mut [u64], value: &[u64]) {
    let Some((&first, rest)) = value.split_first() else { return };
    let length = value.len();
    target[0] = 0;
    target[length] = limbs::mul_limb(&mut target[1..length], rest, first, 0);
    for index in 1..length - 1 {
        let (place, rest) = (2 * index + 1, &value[index + 1..]);
        target[index + length] = limbs::add_mul(&mut target[place..index + length], rest, value[index]);
    }
    target[2 * length - 1] = 0;
    let (mut doubled, mut carry) = (0, 0);
    for (pair, &limb) in target.chunks_exact_mut(2).zip(value) {
        let (low, high) = limb.carrying_mul(limb, carry);
        let sum = (u128::from(high) << 64 | u128::from(low)) + u128::from(pair[0] << 1 | doubled);
        let (sum, overflow) = sum.overflowing_add(u128::from(pair[1] << 1 | pair[0] >> 63) << 64);
        doubled = pair[1] >> 63;
        (pair[0], pair[1]) = (sum as u64, (sum >> 64) as u64);
        carry = u64::from(overflow);
    }
}
