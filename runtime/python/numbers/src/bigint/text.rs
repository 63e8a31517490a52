//! Integers as text.
//!
//! Radices that are powers of two take bits; others divide by halves: the value is split by powers of the radix whose
//! exponents double, so the cost is that of a few divisions of the full size.

use super::divide::divide;
use super::limbs::{self, LimbDivisor};
use super::square::square;
use super::{Error, Int, Poll, Work, size};

/// Limbs up to which digits come by dividing by one limb.
const LEAF: usize = 24;

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// The largest power of a radix that fits a limb.
#[derive(Clone, Copy)]
pub(super) struct Chunk {
    pub(super) radix: u64,
    /// Digits of the chunk.
    pub(super) digits: usize,
    /// The radix to that power.
    pub(super) power: u64,
}

impl Chunk {
    pub(super) fn new(radix: u32) -> Chunk {
        let radix = u64::from(radix);
        let (mut digits, mut power) = (1, radix);
        while let Some(next) = power.checked_mul(radix) {
            (digits, power) = (digits + 1, next);
        }
        Chunk { radix, digits, power }
    }
}

/// Digits in the radix, 2 to 36, in lower case and with a minus sign for negative numbers, without a prefix.
///
/// # Panics
/// For another radix.
pub fn to_string(value: Int, radix: u32, poll: &dyn Poll) -> Result<String, Error> {
    assert!((2..=36).contains(&radix), "radix {radix}");
    let work = &mut Work::new(poll);
    if let (&[] | &[_], 10) = (value.magnitude, radix) {
        let limb = value.magnitude.first().copied().unwrap_or(0);
        return Ok(format!("{}{limb}", if value.negative { "-" } else { "" }));
    }
    // The place of a sign, and digits with leading zeros.
    let mut text =
        if radix.is_power_of_two() { by_bits(value, radix, work)? } else { by_division(value, radix, work)? };
    let zeros = text.iter().take_while(|&&digit| digit == b'0').count();
    let mut start = zeros.min(text.len() - 1);
    if value.negative {
        start -= 1;
        text[start] = b'-';
    }
    text.drain(..start);
    Ok(String::from_utf8(text).expect("digits are ASCII"))
}

/// Decimal digits, as `str`; [`Error::TooManyDigits`] where there are more than `max_digits`, unless that is 0.
pub fn to_decimal(value: Int, max_digits: usize, poll: &dyn Poll) -> Result<String, Error> {
    // Refused before the work where it is certain, after it otherwise.
    if max_digits != 0 && size::decimal_digits(value) > max_digits as u128 + 1 {
        return Err(Error::TooManyDigits);
    }
    let text = to_string(value, 10, poll)?;
    if max_digits != 0 && text.len() - usize::from(value.negative) > max_digits {
        return Err(Error::TooManyDigits);
    }
    Ok(text)
}

/// Room for a sign and so many digits, all zero.
fn room(length: u128) -> Result<Vec<u8>, Error> {
    let length = usize::try_from(length + 1).map_err(|_| Error::Memory)?;
    let mut digits = Vec::new();
    digits.try_reserve_exact(length).map_err(|_| Error::Memory)?;
    digits.resize(length, b'0');
    Ok(digits)
}

/// A place for the sign and digits of some bits each, from the highest down.
fn by_bits(value: Int, radix: u32, work: &mut Work) -> Result<Vec<u8>, Error> {
    let bits = u64::from(radix.trailing_zeros());
    let length = limbs::bit_length(value.magnitude).div_ceil(bits);
    let mut digits = room(u128::from(length))?;
    for (index, digit) in (0..length).rev().zip(&mut digits[1..]) {
        work.spend(1)?;
        let value = limbs::window(value.magnitude, index * bits) & u64::from(radix - 1);
        *digit = DIGITS[value as usize];
    }
    Ok(digits)
}

/// A place for the sign and digits with leading zeros.
fn by_division(value: Int, radix: u32, work: &mut Work) -> Result<Vec<u8>, Error> {
    let chunk = Chunk::new(radix);
    // One digit more than a limb's worth is certainly more than a limb.
    let mut digits = room(value.magnitude.len() as u128 * (chunk.digits as u128 + 1))?;
    // Powers of the radix, each the square of the one before, up to half the value's length.
    let mut powers = Vec::new();
    if value.magnitude.len() > LEAF {
        let mut power = vec![chunk.power];
        while power.len() * 2 <= value.magnitude.len() + 1 {
            let next = square(&power, work)?;
            powers.push(std::mem::replace(&mut power, next));
        }
    }
    split(value.magnitude, &mut digits[1..], chunk, &powers, work)?;
    Ok(digits)
}

/// Fills `digits` from the right; the value needs no more of them.
fn split(value: &[u64], digits: &mut [u8], chunk: Chunk, powers: &[Vec<u64>], work: &mut Work) -> Result<(), Error> {
    let level = powers.iter().rposition(|power| power.len() * 2 <= value.len() + 1);
    let (true, Some(level)) = (value.len() > LEAF, level) else {
        return leaf(value, digits, chunk, work);
    };
    let (high, low) = divide(value, &powers[level], work)?;
    let (high_digits, low_digits) = digits.split_at_mut(digits.len() - (chunk.digits << level));
    split(&low, low_digits, chunk, powers, work)?;
    split(&high, high_digits, chunk, powers, work)
}

/// Digits of a short value, a limb's worth at a time.
fn leaf(value: &[u64], digits: &mut [u8], chunk: Chunk, work: &mut Work) -> Result<(), Error> {
    let (mut on_stack, mut allocated) = ([0; LEAF], Vec::new());
    let rest = match on_stack.get_mut(..value.len()) {
        Some(short) => {
            short.copy_from_slice(value);
            short
        }
        None => {
            limbs::copy_into(&mut allocated, value, 0)?;
            &mut allocated
        }
    };
    let mut length = rest.len();
    let divisor = LimbDivisor::new(chunk.power);
    let mut slots = digits.iter_mut().rev();
    while length > 0 {
        work.spend(length)?;
        let mut part = divisor.divide(&mut rest[..length]);
        length = limbs::trimmed(&rest[..length]).len();
        for slot in slots.by_ref().take(chunk.digits) {
            let (quotient, digit) =
                if chunk.radix == 10 { (part / 10, part % 10) } else { (part / chunk.radix, part % chunk.radix) };
            *slot = DIGITS[digit as usize];
            part = quotient;
        }
    }
    Ok(())
}
