//! Square roots, factorials, permutations, combinations of integers.

use super::divide::divide;
use super::limbs;
use super::multiply::multiply;
use super::{BigInt, Error, Int, Poll, Work, shl, shr, sub};

/// `math.isqrt`: the largest integer whose square is not above the value. [`Error::Negative`] below zero.
///
/// The method is that of Mark Dickinson's proof ("Adaptive isqrt"): each step doubles the correct bits of a root that is
/// off by less than one, and works only on as many bits as are correct.
pub fn isqrt(value: Int, poll: &dyn Poll) -> Result<BigInt, Error> {
    if value.negative {
        return Err(Error::Negative);
    }
    if let Some(small) = value.to_u64() {
        return Ok(BigInt::from_u64(small.isqrt()));
    }
    let work = &mut Work::new(poll);
    let half = (limbs::bit_length(value.magnitude) - 1) / 2;
    let mut step = half.ilog2() + 1;
    let mut done;
    // The first bits by the machine.
    loop {
        step -= 1;
        done = half >> step;
        if done > 15 || step == 0 {
            break;
        }
    }
    let leading = shr(value, 2 * (half - done))?.to_u64().unwrap_or(u64::MAX);
    let mut root = vec![leading.isqrt()];
    while step > 0 {
        step -= 1;
        let before = done;
        done = half >> step;
        let part = shr(value, 2 * half + 1 - before - done)?;
        let (quotient, _) = divide(&part.magnitude, &root, work)?;
        let shifted = shl(Int { negative: false, magnitude: &root }, done - before - 1)?;
        root = limbs::add(&shifted.magnitude, &quotient)?;
    }
    let square = multiply(&root, &root, work)?;
    if limbs::compare(&square, value.magnitude).is_gt() {
        limbs::decrement(&mut root);
    }
    Ok(BigInt::new(false, root))
}

/// `math.factorial`; how large it becomes says [`super::size::factorial_bits`].
///
/// The odd part is a product over the ranges (n/2^(i+1), n/2^i] of their odd numbers, each range in one more factor
/// than the one above it (Luschny's "binary split").
pub fn factorial(n: u64, poll: &dyn Poll) -> Result<BigInt, Error> {
    let work = &mut Work::new(poll);
    let (mut inner, mut outer) = (vec![1], vec![1]);
    if n > 2 {
        for bit in (0..n.ilog2()).rev() {
            // Odd numbers above n >> (bit + 1), to n >> bit.
            let first = ((n >> bit >> 1) + 1) | 1;
            let last = ((n >> bit) - 1) | 1;
            if first <= last {
                inner = multiply(&inner, &odd_product(first, last, work)?, work)?;
            }
            outer = multiply(&outer, &inner, work)?;
        }
    }
    let odd = BigInt { negative: false, magnitude: outer };
    shl(odd.as_int(), n - u64::from(n.count_ones()))
}

/// The product of the odd numbers from `first` to `last`, both odd.
fn odd_product(first: u64, last: u64, work: &mut Work) -> Result<Vec<u64>, Error> {
    let count = (last - first) / 2 + 1;
    if u64::from(64 - last.leading_zeros()).saturating_mul(count) <= 64 {
        work.spend(count as usize)?;
        return Ok(vec![(0..count).map(|index| first + 2 * index).product()]);
    }
    if count == 2 {
        work.spend(1)?;
        return multiply(&[first], &[last], work);
    }
    let middle = first + count / 2 * 2;
    let low = odd_product(first, middle - 2, work)?;
    multiply(&low, &odd_product(middle, last, work)?, work)
}

/// `math.perm(n, k)`. [`Error::Negative`] where either is, [`Error::Overflow`] where `k` needs more than 63 bits.
pub fn perm(n: Int, k: Int, poll: &dyn Poll) -> Result<BigInt, Error> {
    if n.negative || k.negative {
        return Err(Error::Negative);
    }
    if limbs::compare(n.magnitude, k.magnitude).is_lt() {
        return Ok(BigInt::default());
    }
    let k = k.to_i64().ok_or(Error::Overflow)?;
    Ok(BigInt::new(false, falling_product(n, k as u64, &mut Work::new(poll))?))
}

/// `n * (n - 1) * … * (n - k + 1)`, which are not negative.
fn falling_product(n: Int, k: u64, work: &mut Work) -> Result<Vec<u64>, Error> {
    work.spend(1 + n.magnitude.len())?;
    match (k, n.to_u64()) {
        (0, _) => return Ok(vec![1]),
        (1, _) => return limbs::copy_with_room(n.magnitude, 0),
        (_, Some(small)) if u64::from(64 - small.leading_zeros()).saturating_mul(k) <= 64 => {
            return Ok(vec![(0..k).map(|index| small - index).product()]);
        }
        _ => {}
    }
    let first = k / 2;
    let rest = sub(n, BigInt::from_u64(first).as_int())?;
    let low = falling_product(n, first, work)?;
    multiply(&low, &falling_product(rest.as_int(), k - first, work)?, work)
}

/// `math.comb(n, k)`. [`Error::Negative`] where either is, [`Error::Overflow`] where the smaller of `k` and `n - k`
/// needs more than 63 bits.
pub fn comb(n: Int, k: Int, poll: &dyn Poll) -> Result<BigInt, Error> {
    if n.negative || k.negative {
        return Err(Error::Negative);
    }
    if limbs::compare(n.magnitude, k.magnitude).is_lt() {
        return Ok(BigInt::default());
    }
    let other = sub(n, k)?;
    let k = if limbs::compare(&other.magnitude, k.magnitude).is_lt() { other.as_int() } else { k };
    let k = k.to_i64().ok_or(Error::Overflow)?;
    Ok(BigInt::new(false, combinations(n, k as u64, &mut Work::new(poll))?))
}

/// By halves: C(n, k) = C(n, j) * C(n - j, k - j) / C(k, j).
fn combinations(n: Int, k: u64, work: &mut Work) -> Result<Vec<u64>, Error> {
    work.spend(1 + n.magnitude.len())?;
    match (k, n.to_u64()) {
        (0, _) => return Ok(vec![1]),
        (1, _) => return limbs::copy_with_room(n.magnitude, 0),
        (_, Some(small)) if k <= 40 => {
            if let Some(result) = small_combinations(small, k) {
                return Ok(vec![result]);
            }
        }
        _ => {}
    }
    let first = k / 2;
    let rest = sub(n, BigInt::from_u64(first).as_int())?;
    let left = combinations(n, first, work)?;
    let product = multiply(&left, &combinations(rest.as_int(), k - first, work)?, work)?;
    let divisor = combinations(Int { negative: false, magnitude: &[k] }, first, work)?;
    divide(&product, &divisor, work).map(|(quotient, _)| quotient)
}

/// Where every step fits a machine word.
fn small_combinations(n: u64, k: u64) -> Option<u64> {
    (0..k).try_fold(1u64, |product, index| {
        let next = u128::from(product) * u128::from(n - index) / u128::from(index + 1);
        u64::try_from(next).ok()
    })
}
