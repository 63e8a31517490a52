//! `base ** exponent`.

use super::limbs;
use super::multiply::multiply;
use super::square::square;
use super::{BigInt, Error, Int, Poll, Work, shl};

/// `base ** exponent`; how large that becomes says [`super::size::pow_bits`].
pub fn pow(base: Int, exponent: u64, poll: &dyn Poll) -> Result<BigInt, Error> {
    power(base, exponent, &mut Work::new(poll))
}

pub(crate) fn power(base: Int, exponent: u64, work: &mut Work) -> Result<BigInt, Error> {
    if exponent == 0 {
        return Ok(BigInt::from_i64(1));
    }
    if base.is_zero() {
        return Ok(BigInt::default());
    }
    let negative = base.negative && exponent % 2 == 1;
    // Factors of two become a shift at the end.
    let zeros = trailing_zeros(base.magnitude);
    let odd = super::shr(base.abs(), zeros)?.magnitude;
    let shift = zeros.checked_mul(exponent).ok_or(Error::Memory)?;
    let magnitude = if odd == [1] { odd } else { odd_power(&odd, exponent, work)? };
    let power = BigInt { negative, magnitude };
    if shift == 0 { Ok(power) } else { shl(power.as_int(), shift) }
}

/// From the exponent's highest bit down: square, and multiply where the bit is set.
fn odd_power(base: &[u64], exponent: u64, work: &mut Work) -> Result<Vec<u64>, Error> {
    let mut power = limbs::copy_with_room(base, 0)?;
    for bit in (0..exponent.ilog2()).rev() {
        power = square(&power, work)?;
        if exponent >> bit & 1 == 1 {
            power = multiply(&power, base, work)?;
        }
    }
    Ok(power)
}

/// Low zero bits of a magnitude that is not zero.
pub(crate) fn trailing_zeros(magnitude: &[u64]) -> u64 {
    let whole = magnitude.iter().take_while(|&&limb| limb == 0).count();
    whole as u64 * 64 + magnitude.get(whole).map_or(0, |limb| u64::from(limb.trailing_zeros()))
}
