//! Powers and inverses to a modulus.

use super::arithmetic::divmod_work;
use super::divide::divide;
use super::limbs;
use super::multiply::multiply;
use super::square::square;
use super::{BigInt, Error, Int, Poll, Work, sub};

/// Bits of the exponent that one multiplication takes.
const WINDOW: u64 = 5;

/// `pow(base, exponent, modulus)`: the result has the modulus's sign.
///
/// [`Error::ZeroDivision`] for a modulus of zero, [`Error::NotInvertible`] for a negative exponent where the base has
/// no inverse.
pub fn pow_mod(base: Int, exponent: Int, modulus: Int, poll: &dyn Poll) -> Result<BigInt, Error> {
    let work = &mut Work::new(poll);
    if modulus.is_zero() {
        return Err(Error::ZeroDivision);
    }
    if *modulus.magnitude == [1] {
        return Ok(BigInt::default());
    }
    let base =
        if exponent.negative { inverse(base, modulus.abs(), work)? } else { divmod_work(base, modulus.abs(), work)?.1 };
    let power = power_mod(&base.magnitude, exponent.magnitude, modulus.magnitude, work)?;
    let power = BigInt { negative: false, magnitude: power };
    // A floor modulus: with a negative one the result lies between it and zero.
    if modulus.negative && !power.as_int().is_zero() { super::add(power.as_int(), modulus) } else { Ok(power) }
}

/// The inverse of `value` for `modulus`, with the modulus's sign.
///
/// [`Error::ZeroDivision`] for a modulus of zero, [`Error::NotInvertible`] where there is none.
pub fn inverse_mod(value: Int, modulus: Int, poll: &dyn Poll) -> Result<BigInt, Error> {
    let minus_one = Int { negative: true, magnitude: &[1] };
    pow_mod(value, minus_one, modulus, poll)
}

/// From the exponent's highest bits down, five at a time; the base is reduced, the modulus above one.
fn power_mod(base: &[u64], exponent: &[u64], modulus: &[u64], work: &mut Work) -> Result<Vec<u64>, Error> {
    let bits = limbs::bit_length(exponent);
    let reduce = |product: Vec<u64>, work: &mut Work| divide(&product, modulus, work).map(|(_, rest)| rest);
    let window = if bits > 64 { WINDOW } else { 1 };
    let mut table = vec![vec![1], base.to_vec()];
    while table.len() < 1 << window {
        let next = multiply(&table[table.len() - 1], base, work)?;
        table.push(reduce(next, work)?);
    }
    let mut power = vec![1];
    for index in (0..bits.div_ceil(window)).rev() {
        let digit = limbs::window(exponent, index * window) & ((1 << window) - 1);
        for _ in 0..window {
            power = reduce(square(&power, work)?, work)?;
        }
        if digit != 0 {
            power = reduce(multiply(&power, &table[digit as usize], work)?, work)?;
        }
    }
    Ok(power)
}

/// Euclid's extended algorithm; the modulus is positive, the result not negative and less.
fn inverse(value: Int, modulus: Int, work: &mut Work) -> Result<BigInt, Error> {
    let mut rest = divmod_work(value, modulus, work)?.1;
    let mut divisor = BigInt { negative: false, magnitude: limbs::copy_with_room(modulus.magnitude, 0)? };
    // rest = factor * value and divisor = other * value, for the modulus.
    let (mut factor, mut other) = (BigInt::from_i64(1), BigInt::default());
    while !divisor.as_int().is_zero() {
        let (quotient, remainder) = divmod_work(rest.as_int(), divisor.as_int(), work)?;
        let product = multiply(&quotient.magnitude, &other.magnitude, work)?;
        let product =
            BigInt { negative: quotient.negative != other.negative && !product.is_empty(), magnitude: product };
        let next = sub(factor.as_int(), product.as_int())?;
        (factor, other) = (other, next);
        (rest, divisor) = (divisor, remainder);
    }
    if rest.magnitude != [1] {
        return Err(Error::NotInvertible);
    }
    Ok(divmod_work(factor.as_int(), modulus, work)?.1)
}
