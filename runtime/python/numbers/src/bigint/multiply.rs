//! Multiplication: by columns for small operands, Karatsuba's method above, and a transform for large ones.

use std::ops::Range;

use super::{Error, Work};
use super::{limbs, transform};

/// Limbs from which Karatsuba's method pays.
const KARATSUBA: usize = 48;

/// Limbs of the shorter operand for which the transform pays, and for which its memory is bearable: 100 MB at the most.
/// Karatsuba's method cuts larger operands down to these.
pub(super) const TRANSFORM: Range<usize> = 1500..1 << 19;

/// The product, normalised.
pub(crate) fn multiply(left: &[u64], right: &[u64], work: &mut Work) -> Result<Vec<u64>, Error> {
    let mut product = Vec::new();
    multiply_into(&mut product, left, right, work)?;
    Ok(product)
}

/// `product = left * right`, normalised.
pub(crate) fn multiply_into(product: &mut Vec<u64>, left: &[u64], right: &[u64], work: &mut Work) -> Result<(), Error> {
    let (long, short) = if left.len() < right.len() { (right, left) } else { (left, right) };
    match *short {
        [] => product.clear(),
        [limb] => {
            limbs::copy_into(product, long, 1)?;
            let carry = limbs::mul_assign_limb(product, limb, 0);
            if carry != 0 {
                product.push(carry);
            }
            work.spend(long.len())?;
        }
        _ => {
            limbs::zeros_into(product, long.len() + short.len())?;
            fill(product, long, short, work)?;
            limbs::trim(product);
        }
    }
    Ok(())
}

/// `target = long * short`; the target has the sum of both lengths, the second operand is not longer nor empty.
fn fill(target: &mut [u64], long: &[u64], short: &[u64], work: &mut Work) -> Result<(), Error> {
    if short.len() < KARATSUBA {
        return columns(target, long, short, work);
    }
    let length = short.len();
    if TRANSFORM.contains(&length) && long.len() < 3 * length {
        return transform::multiply_into(target, long, short, work);
    }
    let mut scratch = limbs::zeros(scratch_length(length))?;
    if long.len() == length {
        return karatsuba(target, long, short, &mut scratch, work);
    }
    // Blocks of the longer operand, each as long as the shorter one.
    let mut part = limbs::zeros(2 * length)?;
    target.fill(0);
    for (index, block) in long.chunks(length).enumerate() {
        let part = &mut part[..block.len() + length];
        if block.len() == length {
            karatsuba(part, block, short, &mut scratch, work)?;
        } else {
            fill(part, short, block, work)?;
        }
        limbs::add_assign(&mut target[index * length..], part);
    }
    Ok(())
}

/// The method of columns; writes every limb of the target.
fn columns(target: &mut [u64], long: &[u64], short: &[u64], work: &mut Work) -> Result<(), Error> {
    let length = long.len();
    target[length] = limbs::mul_limb(&mut target[..length], long, short[0], 0);
    let (pairs, single) = short[1..].as_chunks::<2>();
    for (index, &[low, high]) in pairs.iter().enumerate() {
        work.spend(2 * length)?;
        let target = &mut target[2 * index + 1..2 * index + length + 3];
        limbs::add_mul_two(target, long, low, high);
    }
    if let [limb] = *single {
        let index = short.len() - 1;
        target[index + length] = limbs::add_mul(&mut target[index..index + length], long, limb);
    }
    Ok(work.spend(2 * length)?)
}

/// Scratch space for Karatsuba's method on operands of `length` limbs: about n + n/2 + n/4 + …, twice.
pub(super) fn scratch_length(length: usize) -> usize {
    2 * length + 256
}

/// Karatsuba's method in its subtractive form, on two operands of one length.
fn karatsuba(
    target: &mut [u64],
    left: &[u64],
    right: &[u64],
    scratch: &mut [u64],
    work: &mut Work,
) -> Result<(), Error> {
    let length = left.len();
    if length < KARATSUBA {
        return columns(target, left, right, work);
    }
    if TRANSFORM.contains(&length) {
        return transform::multiply_into(target, left, right, work);
    }
    let half = length.div_ceil(2);
    let (left_low, left_high) = left.split_at(half);
    let (right_low, right_high) = right.split_at(half);
    let (middle, scratch) = scratch.split_at_mut(2 * half);
    // The differences lie in the target until the outer products go there.
    let negative = {
        let (first, second) = target.split_at_mut(half);
        let second = &mut second[..half];
        let negative = difference(first, left_low, left_high) != difference(second, right_low, right_high);
        karatsuba(middle, first, second, scratch, work)?;
        negative
    };
    let (low, high) = target.split_at_mut(2 * half);
    karatsuba(low, left_low, right_low, scratch, work)?;
    karatsuba(high, left_high, right_high, scratch, work)?;
    // middle = low + high - (left difference) * (right difference), in one limb more.
    let sum = &mut scratch[..2 * half + 1];
    sum[..2 * half].copy_from_slice(low);
    sum[2 * half] = 0;
    limbs::add_assign(sum, high);
    if negative {
        limbs::add_assign(sum, middle);
    } else {
        limbs::sub_assign(sum, middle);
    }
    let sum = limbs::trimmed(sum);
    limbs::add_assign(&mut target[half..], sum);
    Ok(())
}

/// `target = |low - high|` where `high` may be one limb shorter; gives whether the difference was negative.
pub(super) fn difference(target: &mut [u64], low: &[u64], high: &[u64]) -> bool {
    if low.len() == high.len() {
        return limbs::sub_absolute(target, low, high);
    }
    if low[high.len()] == 0 {
        target[high.len()] = 0;
        return limbs::sub_absolute(&mut target[..high.len()], &low[..high.len()], high);
    }
    target.copy_from_slice(low);
    limbs::sub_assign(target, high);
    false
}
