//! Text to integers, by the rules of `int()`.

use super::limbs;
use super::multiply::multiply;
use super::square::square;
use super::text::Chunk;
use super::{BigInt, Error, Poll, Work};
use crate::unicode::is_ascii_space;
use python_algorithms::work::BLOCK;

/// Digits up to which a value comes by multiplying by one limb: the chunks of this many.
const LEAF: usize = 48;

/// Why a text is not an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// The base is neither 0 nor 2 to 36.
    Base,
    /// No integer literal of the base.
    Invalid,
    /// More decimal digits than the limit: so many.
    TooManyDigits(usize),
    /// The allocator refused, or the poll said to stop.
    Failed(Error),
}

impl From<Error> for ParseError {
    fn from(error: Error) -> ParseError {
        ParseError::Failed(error)
    }
}

/// The integer that the text says, with sign, underscores, white space around it and a prefix that agrees with the base;
/// base 0 takes the prefix's base.
///
/// The text is ASCII, as [`crate::unicode::to_ascii`] makes it of other text; any other byte is no digit. In bases that
/// are no powers of two, no more than `max_digits` digits are converted, unless that is 0.
pub fn from_str(text: &[u8], base: u32, max_digits: usize, poll: &dyn Poll) -> Result<BigInt, ParseError> {
    if base == 1 || base > 36 {
        return Err(ParseError::Base);
    }
    let spaces = text.iter().take_while(|&&byte| is_ascii_space(byte)).count();
    let text = &text[spaces..];
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let prefixed = match text {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    let (radix, only_zero) = match (base, prefixed, text) {
        (0, 0, [b'0', ..]) => (10, true),
        (0, 0, _) => (10, false),
        (0, _, _) => (prefixed, false),
        _ => (base, false),
    };
    let text = if prefixed == radix {
        // One underscore may follow the prefix.
        let text = &text[2..];
        text.strip_prefix(b"_").unwrap_or(text)
    } else {
        text
    };
    let work = &mut Work::new(poll);
    let (digits, rest) = scan(text, radix, work)?;
    // In CPython's order: what follows the digits as far as C reads it, the limit, and then a NUL with what follows that.
    let mut rest = rest.iter().skip_while(|&&byte| is_ascii_space(byte));
    let next = rest.next();
    if digits.is_empty() || next.is_some_and(|&byte| byte != 0) {
        return Err(ParseError::Invalid);
    }
    if !radix.is_power_of_two() && max_digits != 0 && digits.len() > max_digits {
        return Err(ParseError::TooManyDigits(digits.len()));
    }
    if next.is_some() {
        return Err(ParseError::Invalid);
    }
    if only_zero && digits.iter().any(|&digit| digit != 0) {
        return Err(ParseError::Invalid);
    }
    let magnitude =
        if radix.is_power_of_two() { by_bits(&digits, radix, work)? } else { by_product(&digits, radix, work)? };
    Ok(BigInt::new(negative, magnitude))
}

/// The integer that a short text in digits says, if it has a sign and white space around it at most: what [`from_str`] says of
/// most texts.
pub fn short_from_str(text: &[u8], base: u32) -> Option<i64> {
    // So many digits of base 36 are less than 2 ** 63.
    const MOST: usize = 12;
    if !(2..=36).contains(&base) {
        return None;
    }
    let (negative, digits) = match text.trim_ascii() {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > MOST {
        return None;
    }
    let mut value = 0i64;
    for &byte in digits {
        value = value * i64::from(base) + i64::from(char::from(byte).to_digit(base)?);
    }
    Some(if negative { -value } else { value })
}

/// The values of the digits, and the text after them. An underscore stands between two digits only.
fn scan<'a>(text: &'a [u8], radix: u32, work: &mut Work) -> Result<(Vec<u8>, &'a [u8]), ParseError> {
    let mut digits = Vec::new();
    let mut after_underscore = true;
    for (index, &byte) in text.iter().enumerate() {
        if index % BLOCK == 0 {
            work.spend(BLOCK).map_err(Error::from)?;
        }
        if byte == b'_' {
            if after_underscore {
                return Err(ParseError::Invalid);
            }
            after_underscore = true;
            continue;
        }
        match char::from(byte).to_digit(radix) {
            Some(digit) => {
                if digits.len() == digits.capacity() {
                    digits.try_reserve(digits.len() + 16).map_err(|_| Error::Memory)?;
                }
                digits.push(digit as u8);
                after_underscore = false;
            }
            None if after_underscore => return Err(ParseError::Invalid),
            None => return Ok((digits, &text[index..])),
        }
    }
    if after_underscore { Err(ParseError::Invalid) } else { Ok((digits, &[])) }
}

/// Digits of some bits each.
fn by_bits(digits: &[u8], radix: u32, work: &mut Work) -> Result<Vec<u64>, Error> {
    let bits = radix.trailing_zeros() as usize;
    let mut magnitude = limbs::zeros((digits.len() * bits).div_ceil(64))?;
    for (index, &digit) in digits.iter().rev().enumerate() {
        work.spend(1)?;
        let position = index * bits;
        let wide = u128::from(digit) << (position % 64);
        magnitude[position / 64] |= wide as u64;
        if let (high @ 1.., Some(next)) = ((wide >> 64) as u64, magnitude.get_mut(position / 64 + 1)) {
            *next |= high;
        }
    }
    limbs::trim(&mut magnitude);
    Ok(magnitude)
}

/// By halves: the high digits times a power of the radix, plus the low digits.
fn by_product(digits: &[u8], radix: u32, work: &mut Work) -> Result<Vec<u64>, Error> {
    let chunk = Chunk::new(radix);
    // Powers for 1, 2, 4, … leaves of digits.
    let mut powers: Vec<Vec<u64>> = Vec::new();
    let mut length = chunk.digits * LEAF;
    while length < digits.len() {
        let next = match powers.last() {
            Some(last) => square(last, work)?,
            None => (1..LEAF).try_fold(vec![chunk.power], |power, _| multiply(&power, &[chunk.power], work))?,
        };
        powers.push(next);
        length *= 2;
    }
    join(digits, chunk, &powers, work)
}

fn join(digits: &[u8], chunk: Chunk, powers: &[Vec<u64>], work: &mut Work) -> Result<Vec<u64>, Error> {
    let Some((power, powers)) = powers.split_last() else { return leaf(digits, chunk, work) };
    let low_length = (chunk.digits * LEAF) << powers.len();
    let Some(high_length) = digits.len().checked_sub(low_length) else { return join(digits, chunk, powers, work) };
    let (high, low) = digits.split_at(high_length);
    let high = join(high, chunk, powers, work)?;
    let low = join(low, chunk, powers, work)?;
    let mut sum = multiply(&high, power, work)?;
    if sum.is_empty() {
        return Ok(low);
    }
    // The low part is less than the power, so no longer than a product by it.
    if limbs::add_assign(&mut sum, &low) {
        sum.push(1);
    }
    Ok(sum)
}

/// A limb's worth of digits at a time.
fn leaf(digits: &[u8], chunk: Chunk, work: &mut Work) -> Result<Vec<u64>, Error> {
    let mut value = Vec::with_capacity(digits.len() / chunk.digits + 2);
    let (first, rest) = digits.split_at(digits.len() % chunk.digits);
    let number = |digits: &[u8]| digits.iter().fold(0, |value, &digit| value * chunk.radix + u64::from(digit));
    value.push(number(first));
    for part in rest.chunks_exact(chunk.digits) {
        work.spend(value.len())?;
        let carry = limbs::mul_assign_limb(&mut value, chunk.power, number(part));
        if carry != 0 {
            value.push(carry);
        }
    }
    limbs::trim(&mut value);
    Ok(value)
}
