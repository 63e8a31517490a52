//! Greatest common divisors by Lehmer's method (Knuth, volume 2, algorithm 4.5.2 L).

use super::arithmetic::divmod_work;
use super::divide::divide;
use super::limbs;
use super::multiply::multiply;
use super::{BigInt, Error, Int, Poll, Work};

/// `math.gcd` of two numbers; never negative.
pub fn gcd(left: Int, right: Int, poll: &dyn Poll) -> Result<BigInt, Error> {
    let magnitude = gcd_magnitudes(left.magnitude, right.magnitude, &mut Work::new(poll))?;
    Ok(BigInt { negative: false, magnitude })
}

/// `math.lcm` of two numbers; never negative.
pub fn lcm(left: Int, right: Int, poll: &dyn Poll) -> Result<BigInt, Error> {
    if left.is_zero() || right.is_zero() {
        return Ok(BigInt::default());
    }
    let work = &mut Work::new(poll);
    let divisor = gcd_magnitudes(left.magnitude, right.magnitude, work)?;
    let divisor = Int { negative: false, magnitude: &divisor };
    let (part, _) = divmod_work(left.abs(), divisor, work)?;
    Ok(BigInt { negative: false, magnitude: multiply(&part.magnitude, right.magnitude, work)? })
}

fn gcd_magnitudes(left: &[u64], right: &[u64], work: &mut Work) -> Result<Vec<u64>, Error> {
    let mut large = limbs::copy_with_room(left, 0)?;
    let mut small = limbs::copy_with_room(right, 0)?;
    if limbs::compare(&large, &small).is_lt() {
        std::mem::swap(&mut large, &mut small);
    }
    while small.len() > 1 {
        work.spend(4 * large.len())?;
        // The top 62 bits of the larger, and the bits of the smaller at the same place.
        let below = limbs::bit_length(&large) - 62;
        let matrix = simulate(limbs::window(&large, below) as i64, limbs::window(&small, below) as i64);
        let Some([a, b, c, d]) = matrix else {
            let (_, rest) = divide(&large, &small, work)?;
            large = std::mem::replace(&mut small, rest);
            continue;
        };
        // (large, small) = (a*large - b*small, d*small - c*large), both less than before and not negative.
        small.resize(large.len(), 0);
        let (mut first, mut second) = (0i128, 0i128);
        for (x, y) in large.iter_mut().zip(&mut small) {
            let (left, right) = (i128::from(*x), i128::from(*y));
            // Factors below 2^31 times limbs below 2^64, and carries below 2^33: far from 2^127.
            first += a * left - b * right;
            second += d * right - c * left;
            (*x, *y) = (first as u64, second as u64);
            first >>= 64;
            second >>= 64;
        }
        limbs::trim(&mut large);
        limbs::trim(&mut small);
        if limbs::compare(&large, &small).is_lt() {
            std::mem::swap(&mut large, &mut small);
        }
    }
    let Some(&last) = small.first() else { return Ok(large) };
    // The larger may still be long: one division makes both machine words.
    let (mut x, mut y) = (last, limbs::LimbDivisor::new(last).remainder(&large));
    while y != 0 {
        (x, y) = (y, x % y);
    }
    Ok(vec![x])
}

/// Euclid's algorithm on leading bits, as long as the quotients are certain: the factors `[a, b, c, d]` with which the
/// full numbers become `(a*large - b*small, d*small - c*large)`; none where the first quotient is already in doubt.
fn simulate(mut x: i64, mut y: i64) -> Option<[i128; 4]> {
    // x and y stand for large and small with the magnitudes of the factors so far: x = a*large - b*small and
    // y = d*small - c*large after an even number of steps, with the signs swapped after an odd one.
    let (mut a, mut b, mut c, mut d) = (1i64, 0i64, 0i64, 1i64);
    let mut even = true;
    while y != c {
        let quotient = (x + (a - 1)) / (y - c);
        let (next, rest) = (b + quotient * d, x - quotient * y);
        if next > rest {
            break;
        }
        (x, y) = (y, rest);
        (a, b, c, d) = (d, c, next, a + quotient * c);
        even = !even;
    }
    let [a, b, c, d] = [a, b, c, d].map(i128::from);
    match (b, even) {
        (0, _) => None,
        (_, true) => Some([a, b, c, d]),
        // Odd: (a*small - b*large, d*large - c*small).
        (_, false) => Some([-b, -a, -d, -c]),
    }
}
