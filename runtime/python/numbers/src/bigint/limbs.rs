//! Loops over limbs: the slices are little-endian magnitudes of any length, and no function here knows of signs.
//!
//! Everything larger is built of these. They are written so that LLVM keeps the carry in registers; division never
//! divides 128 by 64 bits in a loop but multiplies by a reciprocal (Möller and Granlund, "Improved division by
//! invariant integers", 2011).

use std::cmp::Ordering;

use super::Error;

/// `length` limbs of zero; fails instead of aborting where the allocator refuses.
pub(crate) fn zeros(length: usize) -> Result<Vec<u64>, Error> {
    let mut limbs = Vec::new();
    zeros_into(&mut limbs, length)?;
    Ok(limbs)
}

/// Makes the target empty, with room for so many limbs.
#[inline]
pub(crate) fn reserve(target: &mut Vec<u64>, length: usize) -> Result<(), Error> {
    target.clear();
    if target.capacity() < length { target.try_reserve_exact(length).map_err(|_| Error::Memory) } else { Ok(()) }
}

/// A copy with room for `spare` more limbs.
pub(crate) fn copy_with_room(source: &[u64], spare: usize) -> Result<Vec<u64>, Error> {
    let mut limbs = Vec::new();
    copy_into(&mut limbs, source, spare)?;
    Ok(limbs)
}

/// Makes the target a copy with room for `spare` more limbs.
#[inline]
pub(crate) fn copy_into(target: &mut Vec<u64>, source: &[u64], spare: usize) -> Result<(), Error> {
    reserve(target, source.len() + spare)?;
    target.extend_from_slice(source);
    Ok(())
}

/// Makes the target so many limbs of zero.
#[inline]
pub(crate) fn zeros_into(target: &mut Vec<u64>, length: usize) -> Result<(), Error> {
    reserve(target, length)?;
    target.resize(length, 0);
    Ok(())
}

/// The slice without high zero limbs.
#[inline]
pub(crate) fn trimmed(mut limbs: &[u64]) -> &[u64] {
    while let [rest @ .., 0] = limbs {
        limbs = rest;
    }
    limbs
}

/// Takes high zero limbs away.
#[inline]
pub(crate) fn trim(limbs: &mut Vec<u64>) {
    let length = trimmed(limbs).len();
    limbs.truncate(length);
}

/// Compares two normalised magnitudes.
#[inline]
pub(crate) fn compare(left: &[u64], right: &[u64]) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.iter().rev().cmp(right.iter().rev()))
}

/// Bits of a normalised magnitude: 0 for zero.
#[inline]
pub(crate) fn bit_length(limbs: &[u64]) -> u64 {
    match limbs.last() {
        None => 0,
        Some(top) => limbs.len() as u64 * 64 - u64::from(top.leading_zeros()),
    }
}

/// Whether any of the lowest `bits` bits is set.
pub(crate) fn any_below(limbs: &[u64], bits: u64) -> bool {
    let whole = usize::try_from(bits / 64).unwrap_or(usize::MAX);
    if whole >= limbs.len() {
        return limbs.iter().any(|&limb| limb != 0);
    }
    limbs[..whole].iter().any(|&limb| limb != 0) || limbs[whole] & ((1 << (bits % 64)) - 1) != 0
}

/// The 64 bits that begin at bit `position`.
#[inline]
pub(crate) fn window(limbs: &[u64], position: u64) -> u64 {
    let index = usize::try_from(position / 64).unwrap_or(usize::MAX);
    let low = limbs.get(index).copied().unwrap_or(0);
    match position % 64 {
        0 => low,
        shift => {
            low >> shift | index.checked_add(1).and_then(|next| limbs.get(next)).copied().unwrap_or(0) << (64 - shift)
        }
    }
}

/// Takes a step for each pair of limbs, four at a time, so that LLVM makes a chain of carries of each four.
#[inline(always)]
fn pairwise(target: &mut [u64], other: &[u64], mut step: impl FnMut(&mut u64, u64)) {
    let (target_fours, target_rest) = target.as_chunks_mut::<4>();
    let (other_fours, other_rest) = other.as_chunks::<4>();
    for ([a, b, c, d], &[e, f, g, h]) in target_fours.iter_mut().zip(other_fours) {
        step(a, e);
        step(b, f);
        step(c, g);
        step(d, h);
    }
    for (a, &e) in target_rest.iter_mut().zip(other_rest) {
        step(a, e);
    }
}

/// `target += addend`, which is not longer; gives the carry out.
#[inline]
pub(crate) fn add_assign(target: &mut [u64], addend: &[u64]) -> bool {
    let (low, high) = target.split_at_mut(addend.len());
    let mut carry = false;
    pairwise(low, addend, |limb, other| (*limb, carry) = limb.carrying_add(other, carry));
    carry && increment(high)
}

/// Adds one; gives the carry out.
#[inline]
pub(crate) fn increment(limbs: &mut [u64]) -> bool {
    for limb in limbs {
        let carry;
        (*limb, carry) = limb.overflowing_add(1);
        if !carry {
            return false;
        }
    }
    true
}

/// `target -= subtrahend`, which is not longer; gives the borrow out.
#[inline]
pub(crate) fn sub_assign(target: &mut [u64], subtrahend: &[u64]) -> bool {
    let (low, high) = target.split_at_mut(subtrahend.len());
    let mut borrow = false;
    pairwise(low, subtrahend, |limb, other| (*limb, borrow) = limb.borrowing_sub(other, borrow));
    borrow && decrement(high)
}

/// Takes one away; gives the borrow out.
#[inline]
pub(crate) fn decrement(limbs: &mut [u64]) -> bool {
    for limb in limbs {
        let borrow;
        (*limb, borrow) = limb.overflowing_sub(1);
        if !borrow {
            return false;
        }
    }
    true
}

/// `sum = left + right`.
pub(crate) fn add_into(sum: &mut Vec<u64>, left: &[u64], right: &[u64]) -> Result<(), Error> {
    let (longer, shorter) = if left.len() < right.len() { (right, left) } else { (left, right) };
    copy_into(sum, longer, 1)?;
    if add_assign(sum, shorter) {
        sum.push(1);
    }
    Ok(())
}

/// `left + right` as a new magnitude.
pub(crate) fn add(left: &[u64], right: &[u64]) -> Result<Vec<u64>, Error> {
    let mut sum = Vec::new();
    add_into(&mut sum, left, right)?;
    Ok(sum)
}

/// `difference = larger - smaller`, normalised; the first operand is not less than the second.
pub(crate) fn sub_into(difference: &mut Vec<u64>, larger: &[u64], smaller: &[u64]) -> Result<(), Error> {
    copy_into(difference, larger, 0)?;
    sub_assign(difference, smaller);
    trim(difference);
    Ok(())
}

/// `larger - smaller` as a new magnitude.
pub(crate) fn sub(larger: &[u64], smaller: &[u64]) -> Result<Vec<u64>, Error> {
    let mut difference = Vec::new();
    sub_into(&mut difference, larger, smaller)?;
    Ok(difference)
}

/// `target = |left - right|` for slices of one length; gives whether the difference was negative.
pub(crate) fn sub_absolute(target: &mut [u64], left: &[u64], right: &[u64]) -> bool {
    let negative = left.iter().rev().lt(right.iter().rev());
    let (larger, smaller) = if negative { (right, left) } else { (left, right) };
    let mut borrow = false;
    for ((limb, &left), &right) in target.iter_mut().zip(larger).zip(smaller) {
        (*limb, borrow) = left.borrowing_sub(right, borrow);
    }
    negative
}

/// `target = factor * multiplier + carry`; gives the limb that goes out. Slices of one length.
#[inline]
pub(crate) fn mul_limb(target: &mut [u64], factor: &[u64], multiplier: u64, mut carry: u64) -> u64 {
    for (limb, &other) in target.iter_mut().zip(factor) {
        (*limb, carry) = other.carrying_mul(multiplier, carry);
    }
    carry
}

/// `target = target * multiplier + carry`; gives the limb that goes out.
#[inline]
pub(crate) fn mul_assign_limb(target: &mut [u64], multiplier: u64, mut carry: u64) -> u64 {
    for limb in target {
        (*limb, carry) = limb.carrying_mul(multiplier, carry);
    }
    carry
}

/// `target += factor * multiplier`; gives the limb that goes out. Slices of one length.
#[inline]
pub(crate) fn add_mul(target: &mut [u64], factor: &[u64], multiplier: u64) -> u64 {
    let mut carry = 0;
    pairwise(target, factor, |limb, other| (*limb, carry) = other.carrying_mul_add(multiplier, *limb, carry));
    carry
}

/// `target += factor * (low + 2^64 * high)`, where the target is two limbs longer, whose old values do not count.
///
/// Two independent chains of carries, which a processor works on at the same time.
#[inline]
pub(crate) fn add_mul_two(target: &mut [u64], factor: &[u64], low: u64, high: u64) {
    let length = factor.len();
    let (mut low_carry, mut high_carry, mut before) = (0, 0, 0u64);
    pairwise(&mut target[..length], factor, |limb, other| {
        let part;
        (part, low_carry) = other.carrying_mul_add(low, *limb, low_carry);
        (*limb, high_carry) = before.carrying_mul_add(high, part, high_carry);
        before = other;
    });
    (target[length], target[length + 1]) = before.carrying_mul_add(high, low_carry, high_carry);
}

/// `target -= factor * multiplier`; gives the limb that is borrowed. Slices of one length.
#[inline]
pub(crate) fn sub_mul(target: &mut [u64], factor: &[u64], multiplier: u64) -> u64 {
    let mut carry = 0;
    pairwise(target, factor, |limb, other| {
        let (low, high) = other.carrying_mul(multiplier, carry);
        let borrow;
        (*limb, borrow) = limb.overflowing_sub(low);
        // The product's high limb is at most 2^64 - 2 whenever its low limb is not zero.
        carry = high + u64::from(borrow);
    });
    carry
}

/// `target = source << shift` for `shift < 64`; gives the bits that go out. Slices of one length.
#[inline]
pub(crate) fn shl_bits(target: &mut [u64], source: &[u64], shift: u32) -> u64 {
    if shift == 0 {
        target.copy_from_slice(source);
        return 0;
    }
    let mut out = 0;
    for (limb, &other) in target.iter_mut().zip(source) {
        *limb = other << shift | out;
        out = other >> (64 - shift);
    }
    out
}

/// `limbs >>= shift` for `shift < 64`, in place.
#[inline]
pub(crate) fn shr_assign_bits(limbs: &mut [u64], shift: u32) {
    if shift == 0 {
        return;
    }
    let mut above = 0;
    for limb in limbs.iter_mut().rev() {
        let other = *limb;
        *limb = other >> shift | above;
        above = other << (64 - shift);
    }
}

/// A divisor of one limb with its reciprocal.
#[derive(Clone, Copy)]
pub(crate) struct LimbDivisor {
    /// Shifted so that its top bit is set.
    divisor: u64,
    inverse: u64,
    shift: u32,
}

impl LimbDivisor {
    /// For a divisor that is not zero.
    pub(crate) fn new(divisor: u64) -> LimbDivisor {
        let shift = divisor.leading_zeros();
        let divisor = divisor << shift;
        LimbDivisor { divisor, inverse: reciprocal(divisor), shift }
    }

    /// Divides `high:low` by the shifted divisor, which is more than `high`.
    #[inline]
    fn step(self, high: u64, low: u64) -> (u64, u64) {
        let product = u128::from(self.inverse) * u128::from(high) + (u128::from(high) << 64 | u128::from(low));
        let fraction = product as u64;
        let mut quotient = ((product >> 64) as u64).wrapping_add(1);
        let mut rest = low.wrapping_sub(quotient.wrapping_mul(self.divisor));
        if rest > fraction {
            quotient = quotient.wrapping_sub(1);
            rest = rest.wrapping_add(self.divisor);
        }
        if rest >= self.divisor {
            quotient = quotient.wrapping_add(1);
            rest -= self.divisor;
        }
        (quotient, rest)
    }

    /// `limbs /= divisor` in place; gives the remainder.
    pub(crate) fn divide(self, limbs: &mut [u64]) -> u64 {
        let mut rest = 0;
        let mut above = 0;
        if self.shift == 0 {
            for limb in limbs.iter_mut().rev() {
                (*limb, rest) = self.step(rest, *limb);
            }
            return rest;
        }
        // The dividend, shifted on the fly, is one limb longer: the quotient comes one limb late.
        let mut slots = limbs.iter_mut().rev();
        let Some(mut slot) = slots.next() else { return 0 };
        rest += *slot >> (64 - self.shift);
        above += *slot << self.shift;
        for next in slots {
            let low = above | *next >> (64 - self.shift);
            above = *next << self.shift;
            (*slot, rest) = self.step(rest, low);
            slot = next;
        }
        (*slot, rest) = self.step(rest, above);
        rest >> self.shift
    }

    /// The remainder alone.
    pub(crate) fn remainder(self, limbs: &[u64]) -> u64 {
        let mut rest = 0;
        if self.shift == 0 {
            for &limb in limbs.iter().rev() {
                rest = self.step(rest, limb).1;
            }
            return rest;
        }
        let mut above = 0;
        for (index, &limb) in limbs.iter().rev().enumerate() {
            let low = above | limb >> (64 - self.shift);
            above = limb << self.shift;
            rest = if index == 0 { low } else { self.step(rest, low).1 };
        }
        self.step(rest, above).1 >> self.shift
    }
}

/// `(2^128 - 1) / divisor - 2^64` for a divisor with its top bit set.
#[inline]
fn reciprocal(divisor: u64) -> u64 {
    ((u128::from(!divisor) << 64 | u128::from(u64::MAX)) / u128::from(divisor)) as u64
}

/// The two highest limbs of a divisor whose top bit is set, with their reciprocal: divides three limbs by two.
#[derive(Clone, Copy)]
pub(crate) struct PairDivisor {
    divisor: u128,
    inverse: u64,
}

impl PairDivisor {
    pub(crate) fn new(high: u64, low: u64) -> PairDivisor {
        let mut inverse = reciprocal(high);
        let mut product = high.wrapping_mul(inverse).wrapping_add(low);
        if product < low {
            inverse = inverse.wrapping_sub(1);
            if product >= high {
                inverse = inverse.wrapping_sub(1);
                product = product.wrapping_sub(high);
            }
            product = product.wrapping_sub(high);
        }
        let more = u128::from(inverse) * u128::from(low);
        let (product, overflow) = product.overflowing_add((more >> 64) as u64);
        let divisor = u128::from(high) << 64 | u128::from(low);
        if overflow {
            inverse = inverse.wrapping_sub(1);
            if u128::from(product) << 64 | u128::from(more as u64) >= divisor {
                inverse = inverse.wrapping_sub(1);
            }
        }
        PairDivisor { divisor, inverse }
    }

    /// The quotient of three limbs, the higher two of which are less than the divisor.
    #[inline]
    pub(crate) fn quotient(self, high: u64, middle: u64, low: u64) -> u64 {
        let estimate =
            (u128::from(self.inverse) * u128::from(high)).wrapping_add(u128::from(high) << 64 | u128::from(middle));
        let mut quotient = (estimate >> 64) as u64;
        let fraction = estimate as u64;
        let top = middle.wrapping_sub(quotient.wrapping_mul((self.divisor >> 64) as u64));
        let product = u128::from(self.divisor as u64) * u128::from(quotient);
        let mut rest = (u128::from(top) << 64 | u128::from(low)).wrapping_sub(product).wrapping_sub(self.divisor);
        quotient = quotient.wrapping_add(1);
        if (rest >> 64) as u64 >= fraction {
            quotient = quotient.wrapping_sub(1);
            rest = rest.wrapping_add(self.divisor);
        }
        if rest >= self.divisor {
            quotient = quotient.wrapping_add(1);
        }
        quotient
    }
}
