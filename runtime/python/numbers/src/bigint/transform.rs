//! Products of large operands by a number-theoretic transform: convolution modulo p = 2^64 - 2^32 + 1.
//!
//! The operands are cut into digits of some twenty bits, few enough that no coefficient of the product reaches p; the
//! coefficients, with carries, are the product. Modulo this prime a 128-bit product is reduced by shifts and sums (2^64 is
//! 2^32 - 1, 2^96 is -1), and it has roots of unity of order 2^32 and 3.
//!
//! The transform divides polynomials: modulo x^2m - r^2 becomes modulo x^m - r and x^m + r, down to points, with one root
//! for a whole block; no permutation is needed, since the inverse takes the same steps back. Halves are finished one after
//! the other, so that all but the first steps work in the cache. Lengths are 2^k or 3 * 2^k.

use super::{Error, Work};

const P: u64 = 0xFFFF_FFFF_0000_0001;

/// 2^64 modulo the prime.
const EPSILON: u64 = 0xFFFF_FFFF;

/// Generates all numbers prime to p.
const GENERATOR: u64 = 7;

/// Elements of a block that lies in the first-level cache.
const BLOCK: usize = 1 << 11;

#[inline(always)]
fn add(a: u64, b: u64) -> u64 {
    // a - (p - b): no sum beyond 64 bits.
    let (difference, borrow) = a.overflowing_sub(P - b);
    if borrow { difference.wrapping_add(P) } else { difference }
}

#[inline(always)]
fn sub(a: u64, b: u64) -> u64 {
    let (difference, borrow) = a.overflowing_sub(b);
    if borrow { difference.wrapping_add(P) } else { difference }
}

/// The product, less than p, of any two words.
#[inline(always)]
fn mul(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let (low, high) = (product as u64, (product >> 64) as u64);
    // low + 2^64 * middle + 2^96 * top = low + (2^32 - 1) * middle - top.
    let (top, middle) = (high >> 32, high & EPSILON);
    let (part, borrow) = low.overflowing_sub(top);
    let part = if borrow { part.wrapping_sub(EPSILON) } else { part };
    let (sum, carry) = part.overflowing_add((middle << 32) - middle);
    let sum = if carry { sum.wrapping_add(EPSILON) } else { sum };
    if sum >= P { sum - P } else { sum }
}

fn power(base: u64, mut exponent: u64) -> u64 {
    let (mut result, mut square) = (1, base);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = mul(result, square);
        }
        square = mul(square, square);
        exponent >>= 1;
    }
    result
}

/// The roots of the blocks: number i is the root of order 2^(k+2) to the i's bits, k of them, reversed.
fn block_roots(count: usize) -> Result<Vec<u64>, Error> {
    let mut roots = Vec::new();
    roots.try_reserve_exact(count).map_err(|_| Error::Memory)?;
    roots.push(1);
    while roots.len() < count {
        let root = power(GENERATOR, (P - 1) / (4 * roots.len() as u64));
        for index in 0..roots.len() {
            roots.push(mul(roots[index], root));
        }
    }
    Ok(roots)
}

/// One block to its two halves.
#[inline(always)]
fn split(block: &mut [u64], root: u64) {
    let (left, right) = block.split_at_mut(block.len() / 2);
    for (low, high) in left.iter_mut().zip(right) {
        let turned = mul(*high, root);
        (*low, *high) = (add(*low, turned), sub(*low, turned));
    }
}

/// Two halves to their block, times two; the root is that of the inverse with its sign changed.
#[inline(always)]
fn join(block: &mut [u64], root: u64) {
    let (left, right) = block.split_at_mut(block.len() / 2);
    for (low, high) in left.iter_mut().zip(right) {
        (*low, *high) = (add(*low, *high), mul(sub(*high, *low), root));
    }
}

/// The place of the negated inverse of a block's root: the bits below the highest one, inverted.
#[inline(always)]
fn inverse_place(index: usize) -> usize {
    match index.checked_ilog2() {
        None => 0,
        Some(top) => index ^ ((1 << top) - 1),
    }
}

/// Block number `index` of its length down to points.
fn forward(block: &mut [u64], index: usize, roots: &[u64], work: &mut Work) -> Result<(), Error> {
    if block.len() > BLOCK {
        work.spend(block.len())?;
        split(block, roots[index]);
        let (left, right) = block.split_at_mut(block.len() / 2);
        forward(left, 2 * index, roots, work)?;
        return forward(right, 2 * index + 1, roots, work);
    }
    work.spend(8 * block.len())?;
    let (mut length, mut first) = (block.len(), index);
    while length > 1 {
        for (place, part) in block.chunks_exact_mut(length).enumerate() {
            split(part, roots[first + place]);
        }
        (length, first) = (length / 2, 2 * first);
    }
    Ok(())
}

/// The steps of [`forward`] back; every value comes out times the block's length.
fn backward(block: &mut [u64], index: usize, roots: &[u64], work: &mut Work) -> Result<(), Error> {
    let root = |index: usize| if index == 0 { P - 1 } else { roots[inverse_place(index)] };
    if block.len() > BLOCK {
        let (left, right) = block.split_at_mut(block.len() / 2);
        backward(left, 2 * index, roots, work)?;
        backward(right, 2 * index + 1, roots, work)?;
        join(block, root(index));
        return Ok(work.spend(block.len())?);
    }
    work.spend(8 * block.len())?;
    let mut length = 2;
    while length <= block.len() {
        let first = index * (block.len() / length);
        for (place, part) in block.chunks_exact_mut(length).enumerate() {
            join(part, root(first + place));
        }
        length *= 2;
    }
    Ok(())
}

/// A length, and what all transforms of it need.
struct Plan {
    /// A power of two, or three times one.
    length: usize,
    roots: Vec<u64>,
}

impl Plan {
    /// For products of so many digits.
    fn new(digits: usize) -> Result<Plan, Error> {
        let power = digits.next_power_of_two();
        let length = if power / 4 * 3 >= digits && power >= 16 { power / 4 * 3 } else { power };
        Ok(Plan { length, roots: block_roots((1 << length.trailing_zeros()) / 2)? })
    }

    /// The third of the length where that is a multiple of three.
    fn third(&self) -> Option<usize> {
        (!self.length.is_power_of_two()).then_some(self.length / 3)
    }

    /// The root of order three, and that whose power of a third of the length it is.
    fn thirds(third: usize) -> (u64, u64) {
        (power(GENERATOR, (P - 1) / 3), power(GENERATOR, (P - 1) / (3 * third as u64)))
    }

    fn forward(&self, values: &mut [u64], work: &mut Work) -> Result<(), Error> {
        let Some(third) = self.third() else { return forward(values, 0, &self.roots, work) };
        let (omega, theta) = Plan::thirds(third);
        let omega_square = mul(omega, omega);
        let (first, rest) = values.split_at_mut(third);
        let (second, last) = rest.split_at_mut(third);
        // Modulo x^m - 1, x^m - w and x^m - w^2; the last two are turned so that they become x^m - 1 as well.
        let (mut turn, mut turn_square) = (1, 1);
        let theta_square = mul(theta, theta);
        for ((a, b), c) in first.iter_mut().zip(second.iter_mut()).zip(last.iter_mut()) {
            let (x, y, z) = (*a, *b, *c);
            *a = add(x, add(y, z));
            *b = mul(turn, add(x, add(mul(y, omega), mul(z, omega_square))));
            *c = mul(turn_square, add(x, add(mul(y, omega_square), mul(z, omega))));
            (turn, turn_square) = (mul(turn, theta), mul(turn_square, theta_square));
        }
        work.spend(values.len())?;
        values.chunks_exact_mut(third).try_for_each(|part| forward(part, 0, &self.roots, work))
    }

    fn backward(&self, values: &mut [u64], work: &mut Work) -> Result<(), Error> {
        let Some(third) = self.third() else { return backward(values, 0, &self.roots, work) };
        values.chunks_exact_mut(third).try_for_each(|part| backward(part, 0, &self.roots, work))?;
        let (omega, theta) = Plan::thirds(third);
        let omega_square = mul(omega, omega);
        let (first, rest) = values.split_at_mut(third);
        let (second, last) = rest.split_at_mut(third);
        let theta = power(theta, P - 2);
        let theta_square = mul(theta, theta);
        let (mut turn, mut turn_square) = (1, 1);
        for ((a, b), c) in first.iter_mut().zip(second.iter_mut()).zip(last.iter_mut()) {
            let (x, y, z) = (*a, mul(*b, turn), mul(*c, turn_square));
            *a = add(x, add(y, z));
            *b = add(x, add(mul(y, omega_square), mul(z, omega)));
            *c = add(x, add(mul(y, omega), mul(z, omega_square)));
            (turn, turn_square) = (mul(turn, theta), mul(turn_square, theta_square));
        }
        Ok(work.spend(values.len())?)
    }
}

/// Bits of a digit such that sums of `count` products of two stay below 2^63.
fn digit_bits(bits: u64) -> u64 {
    (1..=28)
        .rev()
        .find(|&width| 2 * width + u64::from((bits / width + 1).next_power_of_two().ilog2()) <= 63)
        .unwrap_or(1)
}

/// The operand's digits, as many as its bits fill.
fn digits(operand: &[u64], width: u64) -> Result<Vec<u64>, Error> {
    let mut values = Vec::new();
    values.try_reserve_exact((operand.len() * 64).div_ceil(width as usize)).map_err(|_| Error::Memory)?;
    let mask = (1 << width) - 1;
    let (mut held, mut count) = (0u128, 0);
    for &limb in operand {
        held |= u128::from(limb) << count;
        count += 64;
        while count >= width {
            values.push(held as u64 & mask);
            held >>= width;
            count -= width;
        }
    }
    if count > 0 {
        values.push(held as u64);
    }
    Ok(values)
}

/// The convolution of two rows of numbers, or of one with itself, with zeros behind it. The sums of products that it
/// consists of must be below 2^63.
pub fn convolve(mut left: Vec<u64>, right: Option<Vec<u64>>, work: &mut Work) -> Result<Vec<u64>, Error> {
    let plan = Plan::new(left.len() + right.as_ref().map_or(left.len(), Vec::len))?;
    let fill = |values: &mut Vec<u64>| -> Result<(), Error> {
        values.try_reserve_exact(plan.length - values.len()).map_err(|_| Error::Memory)?;
        values.resize(plan.length, 0);
        Ok(())
    };
    fill(&mut left)?;
    plan.forward(&mut left, work)?;
    // The inverse transform multiplies by the length.
    let scale = power(plan.length as u64, P - 2);
    match right {
        None => {
            for value in &mut left {
                *value = mul(mul(*value, *value), scale);
            }
        }
        Some(mut right) => {
            fill(&mut right)?;
            plan.forward(&mut right, work)?;
            for (value, other) in left.iter_mut().zip(right) {
                *value = mul(mul(*value, other), scale);
            }
        }
    }
    plan.backward(&mut left, work)?;
    Ok(left)
}

/// `target = left * right`, every limb of it; the target has the sum of both lengths.
pub(super) fn multiply_into(target: &mut [u64], left: &[u64], right: &[u64], work: &mut Work) -> Result<(), Error> {
    let width = digit_bits(left.len().min(right.len()) as u64 * 64);
    let others = if std::ptr::eq(left, right) { None } else { Some(digits(right, width)?) };
    let values = convolve(digits(left, width)?, others, work)?;
    // Coefficients are below 2^63 and overlap.
    let (mut held, mut place) = (0u128, 0);
    let mut slots = target.iter_mut();
    for value in values {
        held += u128::from(value) << place;
        place += width;
        if place >= 64 {
            if let Some(slot) = slots.next() {
                *slot = held as u64;
            }
            held >>= 64;
            place -= 64;
        }
    }
    for slot in slots {
        *slot = held as u64;
        held >>= 64;
    }
    Ok(())
}
