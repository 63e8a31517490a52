//! Coefficients from and to binary integers and digits.

use super::env::{Env, Error};
use super::limbs::{BASE, DIGITS, Limbs, by_base, trim};
use python_numbers::bigint::{self, BigInt, Int};

/// Limbs up to which conversion is limb by limb.
const SHORT: usize = 64;

/// From a magnitude in binary limbs.
pub(crate) fn from_binary(magnitude: &[u64], env: &mut Env<'_>) -> Result<Limbs, Error> {
    if let [low] = *magnitude {
        return Ok(super::limbs::from_u128(low.into()));
    }
    if magnitude.len() > SHORT {
        env.room(magnitude.len())?;
        let text = bigint::to_string(Int { negative: false, magnitude }, 10, env.poll)?;
        return from_digits(text.as_bytes(), env);
    }
    let mut limbs = env.zeros(0)?;
    for binary in magnitude.iter().rev() {
        // limbs * 2^64 + binary
        let mut carry = *binary;
        for limb in limbs.iter_mut() {
            (carry, *limb) = by_base(u128::from(*limb) << 64 | u128::from(carry));
        }
        if carry >= BASE {
            limbs.push(carry - BASE);
            carry = 1;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    Ok(limbs)
}
/// As a magnitude in binary limbs.
pub(crate) fn to_binary(limbs: &[u64], env: &mut Env<'_>) -> Result<Vec<u64>, Error> {
    if limbs.len() > SHORT {
        let text = to_digits(limbs, env)?;
        return bigint::from_str(&text, 10, 0, env.poll).map(|i| i.magnitude).map_err(|e| match e {
            bigint::ParseError::Failed(e) => e.into(),
            _ => Error::Memory,
        });
    }
    let mut binary: Vec<u64> = Vec::with_capacity(limbs.len());
    for limb in limbs.iter().rev() {
        let mut carry = *limb;
        for word in &mut binary {
            let value = u128::from(*word) * u128::from(BASE) + u128::from(carry);
            (*word, carry) = (value as u64, (value >> 64) as u64);
        }
        if carry > 0 {
            binary.push(carry);
        }
    }
    Ok(binary)
}
/// The integer `±limbs`.
pub(crate) fn to_bigint(negative: bool, limbs: &[u64], env: &mut Env<'_>) -> Result<BigInt, Error> {
    Ok(BigInt::new(negative, to_binary(limbs, env)?))
}
/// From digits in ASCII.
pub(crate) fn from_digits(text: &[u8], env: &mut Env<'_>) -> Result<Limbs, Error> {
    let text = &text[text.iter().take_while(|c| **c == b'0').count()..];
    let mut limbs = env.zeros(text.len().div_ceil(DIGITS))?;
    for (limb, part) in limbs.iter_mut().zip(text.rchunks(DIGITS)) {
        *limb = part.iter().fold(0, |n, c| n * 10 + u64::from(c - b'0'));
    }
    trim(&mut limbs);
    Ok(limbs)
}
/// As digits in ASCII; zero is one digit.
pub(crate) fn to_digits(limbs: &[u64], env: &mut Env<'_>) -> Result<Vec<u8>, Error> {
    let count = super::limbs::digits(limbs) as usize;
    env.room(count / 8)?;
    let mut text = Vec::new();
    text.try_reserve_exact(count).map_err(|_| Error::Memory)?;
    text.resize(count, b'0');
    for (part, limb) in text.rchunks_mut(DIGITS).zip(limbs) {
        let mut limb = *limb;
        for digit in part.iter_mut().rev() {
            *digit = b'0' + (limb % 10) as u8;
            limb /= 10;
        }
    }
    env.work.spend(count)?;
    Ok(text)
}
