//! Division of magnitudes: by a limb, by columns (Knuth's algorithm D with a reciprocal of the top two limbs), and
//! recursively above (Burnikel and Ziegler, "Fast recursive division", 1998).

use std::cmp::Ordering;

use super::limbs::{self, LimbDivisor, PairDivisor};
use super::multiply::multiply;
use super::{Error, Work};

/// Limbs of a divisor from which the recursive method pays.
const RECURSIVE: usize = 80;

/// Limbs of a divisor that is shifted on the stack.
const SHORT: usize = 32;

/// Quotient and remainder, normalised; the divisor is not zero.
pub(crate) fn divide(dividend: &[u64], divisor: &[u64], work: &mut Work) -> Result<(Vec<u64>, Vec<u64>), Error> {
    let (mut quotient, mut remainder) = (Vec::new(), Vec::new());
    divide_into(&mut quotient, &mut remainder, dividend, divisor, work)?;
    Ok((quotient, remainder))
}

/// Writes quotient and remainder, normalised; the divisor is not zero.
pub(crate) fn divide_into(
    quotient: &mut Vec<u64>,
    remainder: &mut Vec<u64>,
    dividend: &[u64],
    divisor: &[u64],
    work: &mut Work,
) -> Result<(), Error> {
    if limbs::compare(dividend, divisor) == Ordering::Less {
        quotient.clear();
        return limbs::copy_into(remainder, dividend, 0);
    }
    if let [limb] = *divisor {
        work.spend(dividend.len())?;
        limbs::copy_into(quotient, dividend, 1)?;
        let rest = LimbDivisor::new(limb).divide(quotient);
        limbs::trim(quotient);
        limbs::copy_into(remainder, limbs::trimmed(&[rest]), 0)?;
        return Ok(());
    }
    if divisor.len() >= RECURSIVE && dividend.len() - divisor.len() >= RECURSIVE / 2 {
        return divide_blocks(quotient, remainder, dividend, divisor, work);
    }
    // Shift so that the divisor's top bit is set; the dividend gets a limb more.
    let shift = divisor.last().map_or(0, |top| top.leading_zeros());
    limbs::zeros_into(remainder, dividend.len() + 1)?;
    let (low, top) = remainder.split_at_mut(dividend.len());
    top[0] = limbs::shl_bits(low, dividend, shift);
    let (mut on_stack, mut allocated) = ([0; SHORT], Vec::new());
    let shifted = match on_stack.get_mut(..divisor.len()) {
        Some(short) => short,
        None => {
            limbs::zeros_into(&mut allocated, divisor.len())?;
            &mut allocated
        }
    };
    limbs::shl_bits(shifted, divisor, shift);
    limbs::zeros_into(quotient, remainder.len() - divisor.len())?;
    columns(quotient, remainder, shifted, work)?;
    remainder.truncate(divisor.len());
    limbs::shr_assign_bits(remainder, shift);
    limbs::trim(remainder);
    limbs::trim(quotient);
    Ok(())
}

/// Algorithm D: leaves the remainder in the low limbs of `rest`.
///
/// The divisor has two limbs or more and its top bit set; the highest limbs of `rest`, as many as the divisor has, are
/// less than the divisor; the quotient has the difference of the lengths.
fn columns(quotient: &mut [u64], rest: &mut [u64], divisor: &[u64], work: &mut Work) -> Result<(), Error> {
    let length = divisor.len();
    let (high, low) = (divisor[length - 1], divisor[length - 2]);
    let pair = PairDivisor::new(high, low);
    for index in (0..quotient.len()).rev() {
        work.spend(length)?;
        let window = &mut rest[index..=index + length];
        let (top, next) = (window[length], window[length - 1]);
        let mut digit =
            if top == high && next == low { u64::MAX } else { pair.quotient(top, next, window[length - 2]) };
        if digit != 0 {
            let borrow = limbs::sub_mul(&mut window[..length], divisor, digit);
            if borrow > top {
                digit -= 1;
                limbs::add_assign(&mut window[..length], divisor);
            }
            // What is left is less than the divisor, so nothing remains here.
            window[length] = 0;
        }
        quotient[index] = digit;
    }
    Ok(())
}

/// The recursive method for any lengths: the dividend in blocks of the divisor's padded length.
fn divide_blocks(
    quotient: &mut Vec<u64>,
    remainder: &mut Vec<u64>,
    dividend: &[u64],
    divisor: &[u64],
    work: &mut Work,
) -> Result<(), Error> {
    // The divisor's length becomes a small number times a power of two, so that halving goes down to columns.
    let halvings = (divisor.len() / RECURSIVE).max(1).ilog2() + 1;
    let unit = divisor.len().div_ceil(1 << halvings);
    let length = unit << halvings;
    let pad = length - divisor.len();
    let shift = divisor.last().map_or(0, |top| top.leading_zeros());
    let mut padded_divisor = limbs::zeros(length)?;
    limbs::shl_bits(&mut padded_divisor[pad..], divisor, shift);
    // One limb more than shifting needs, so that the highest block is less than the divisor.
    let blocks = (dividend.len() + pad + 1).div_ceil(length).max(2);
    limbs::zeros_into(remainder, blocks * length)?;
    let shifted = &mut remainder[pad..=pad + dividend.len()];
    let (low, top) = shifted.split_at_mut(dividend.len());
    top[0] = limbs::shl_bits(low, dividend, shift);
    let mut quotient_blocks = blocks - 1;
    if remainder[quotient_blocks * length..].iter().rev().ge(padded_divisor.iter().rev()) {
        quotient_blocks = blocks;
        remainder.try_reserve_exact(length).map_err(|_| Error::Memory)?;
        remainder.resize((blocks + 1) * length, 0);
    }
    limbs::zeros_into(quotient, quotient_blocks * length)?;
    for (index, digits) in quotient.chunks_exact_mut(length).enumerate().rev() {
        two_by_one(digits, &mut remainder[index * length..(index + 2) * length], &padded_divisor, work)?;
    }
    remainder.truncate(length);
    remainder.drain(..pad);
    limbs::shr_assign_bits(remainder, shift);
    limbs::trim(remainder);
    limbs::trim(quotient);
    Ok(())
}

/// Divides 2n limbs by n limbs; the high half of `rest` is less than the divisor. The remainder stays in its low half,
/// the high half becomes zero.
fn two_by_one(quotient: &mut [u64], rest: &mut [u64], divisor: &[u64], work: &mut Work) -> Result<(), Error> {
    let length = divisor.len();
    if !length.is_multiple_of(2) || length < RECURSIVE {
        return columns(quotient, rest, divisor, work);
    }
    let half = length / 2;
    let (low, high) = quotient.split_at_mut(half);
    three_by_two(high, &mut rest[half..], divisor, work)?;
    three_by_two(low, &mut rest[..3 * half], divisor, work)
}

/// Divides 3n limbs by 2n limbs to n limbs of quotient; the higher 2n limbs of `rest` are less than the divisor. The
/// remainder stays in the lower 2n limbs, the others become zero.
fn three_by_two(quotient: &mut [u64], rest: &mut [u64], divisor: &[u64], work: &mut Work) -> Result<(), Error> {
    let half = quotient.len();
    let (divisor_low, divisor_high) = divisor.split_at(half);
    if rest[2 * half..].iter().rev().ge(divisor_high.iter().rev()) {
        // The high limbs are equal then: the quotient is at most all ones, and rest - ones * high = rest - B*high + high.
        quotient.fill(u64::MAX);
        limbs::sub_assign(&mut rest[2 * half..], divisor_high);
        limbs::add_assign(&mut rest[half..], divisor_high);
    } else {
        two_by_one(quotient, &mut rest[half..], divisor_high, work)?;
    }
    let product = multiply(limbs::trimmed(quotient), limbs::trimmed(divisor_low), work)?;
    let mut negative = limbs::sub_assign(rest, &product);
    while negative {
        limbs::decrement(quotient);
        negative = !limbs::add_assign(rest, divisor);
    }
    Ok(())
}
