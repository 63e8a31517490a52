//! `int.to_bytes` and `int.from_bytes`.

use super::limbs;
use super::{BigInt, Error, Int};

/// Which byte stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// The least significant.
    Little,
    /// The most significant.
    Big,
}

/// The number in exactly `length` bytes.
///
/// [`Error::Negative`] for a negative number unless `signed`, [`Error::Overflow`] where it does not fit.
pub fn to_bytes(value: Int, length: usize, order: ByteOrder, signed: bool) -> Result<Vec<u8>, Error> {
    if value.negative && !signed {
        return Err(Error::Negative);
    }
    let bits = limbs::bit_length(value.magnitude);
    let power_of_two = value.negative && !limbs::any_below(value.magnitude, bits - 1);
    // A sign bit, except that -2^n needs one bit less than 2^n.
    let needed = if signed && bits != 0 { bits + u64::from(!power_of_two) } else { bits };
    if needed > (length as u64).saturating_mul(8) {
        return Err(Error::Overflow);
    }
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).map_err(|_| Error::Memory)?;
    let mut borrow = value.negative;
    let mask = if value.negative { u64::MAX } else { 0 };
    for &limb in value.magnitude {
        let digit;
        (digit, borrow) = limb.borrowing_sub(0, borrow);
        let room = (length - bytes.len()).min(8);
        bytes.extend_from_slice(&(digit ^ mask).to_le_bytes()[..room]);
    }
    bytes.resize(length, mask as u8);
    if order == ByteOrder::Big {
        bytes.reverse();
    }
    Ok(bytes)
}

/// The number that the bytes hold.
pub fn from_bytes(bytes: &[u8], order: ByteOrder, signed: bool) -> Result<BigInt, Error> {
    let length = bytes.len().div_ceil(8);
    let mut magnitude = limbs::zeros(length)?;
    let top = match order {
        ByteOrder::Little => bytes.last(),
        ByteOrder::Big => bytes.first(),
    };
    let negative = signed && top.is_some_and(|byte| byte & 0x80 != 0);
    let fill = if negative { 0xFF } else { 0 };
    for (index, limb) in magnitude.iter_mut().enumerate() {
        let mut word = [fill; 8];
        let start = index * 8;
        let end = (start + 8).min(bytes.len());
        match order {
            ByteOrder::Little => word[..end - start].copy_from_slice(&bytes[start..end]),
            ByteOrder::Big => {
                let source = bytes[bytes.len() - end..bytes.len() - start].iter().rev();
                word.iter_mut().zip(source).for_each(|(target, &byte)| *target = byte);
            }
        }
        *limb = u64::from_le_bytes(word);
        if negative {
            *limb = !*limb;
        }
    }
    if negative && limbs::increment(&mut magnitude) {
        magnitude.push(1);
    }
    limbs::trim(&mut magnitude);
    Ok(BigInt { negative, magnitude })
}
