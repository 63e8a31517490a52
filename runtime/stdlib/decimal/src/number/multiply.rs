//! Products: by columns, by halves (Karatsuba), and by a number-theoretic transform, as they grow.

use super::env::{Env, Error};
use super::limbs::{BASE, DIGITS, Limbs, POWERS, add, add_assign, by_base, sub_assign, trim, trimmed};
use python_numbers::bigint::convolve;

/// Limbs of the shorter operand from which on each way is taken.
const HALVES: usize = 40;
const TRANSFORM: usize = 800;
/// Decimal digits of an element of a transform: sums of products of them stay below 2^63 for all lengths that fit memory.
const PIECE: usize = 6;
/// The longest operands that this holds for, in limbs.
const LONGEST: usize = 2_000_000;

/// `a * b`
pub(crate) fn mul(a: &[u64], b: &[u64], env: &mut Env<'_>) -> Result<Limbs, Error> {
    if a.is_empty() || b.is_empty() {
        return Ok(Limbs::new());
    }
    let mut product = env.zeros(a.len() + b.len())?;
    into(&mut product, a, b, env)?;
    trim(&mut product);
    Ok(product)
}
/// The product into zeros of the sum of both lengths.
fn into(target: &mut [u64], a: &[u64], b: &[u64], env: &mut Env<'_>) -> Result<(), Error> {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    if short.len() < HALVES {
        if long.len() > 4 {
            env.work.spend(long.len() * short.len())?;
        }
        columns(target, long, short);
        return Ok(());
    }
    if short.len() >= TRANSFORM && long.len() <= LONGEST && long.len() < 4 * short.len() {
        return transform(target, long, short, env);
    }
    if long.len() > short.len() + short.len() / 2 {
        // In pieces as long as the shorter one.
        for (i, piece) in long.chunks(short.len()).enumerate() {
            let part = mul(trimmed(piece), short, env)?;
            add_assign(&mut target[i * short.len()..], &part);
        }
        return Ok(());
    }
    halves(target, long, short, env)
}
/// Column by column: one division by the base for each.
fn columns(target: &mut [u64], long: &[u64], short: &[u64]) {
    let (mut low, mut high) = (0u128, 0u64);
    for (k, limb) in target.iter_mut().enumerate() {
        let from = (k + 1).saturating_sub(long.len());
        for j in from..short.len().min(k + 1) {
            let (sum, carry) = low.overflowing_add(u128::from(short[j]) * u128::from(long[k - j]));
            low = sum;
            high += u64::from(carry);
        }
        let (top, rest) = by_base(u128::from(high) << 64 | low >> 64);
        let (bottom, rest) = by_base(u128::from(rest) << 64 | u128::from(low as u64));
        *limb = rest;
        low = u128::from(top) << 64 | u128::from(bottom);
        high = 0;
    }
}
/// (a1 B + a0)(b1 B + b0) by three products.
fn halves(target: &mut [u64], a: &[u64], b: &[u64], env: &mut Env<'_>) -> Result<(), Error> {
    let half = a.len().div_ceil(2);
    let (a0, a1) = (trimmed(&a[..half]), &a[half..]);
    let (b0, b1) = (trimmed(&b[..half.min(b.len())]), b.get(half..).unwrap_or(&[]));
    let (low, high) = (mul(a0, b0, env)?, mul(a1, b1, env)?);
    let (left, right) = (add(a0, a1, env)?, add(b0, b1, env)?);
    let mut middle = mul(&left, &right, env)?;
    sub_assign(&mut middle, &low);
    sub_assign(&mut middle, &high);
    target[..low.len()].copy_from_slice(&low);
    target[2 * half..2 * half + high.len()].copy_from_slice(&high);
    add_assign(&mut target[half..], trimmed(&middle));
    Ok(())
}
/// The digits in pieces, the lowest first.
fn pieces(limbs: &[u64], env: &Env<'_>) -> Result<Vec<u64>, Error> {
    let mut pieces = Vec::new();
    let count = (limbs.len() * DIGITS).div_ceil(PIECE);
    env.room(count)?;
    pieces.try_reserve_exact(count).map_err(|_| Error::Memory)?;
    let unit = u128::from(POWERS[PIECE]);
    let (mut held, mut have) = (0u128, 0);
    for limb in limbs {
        held += u128::from(*limb) * u128::from(POWERS[have]);
        have += DIGITS;
        while have >= PIECE {
            pieces.push((held % unit) as u64);
            held /= unit;
            have -= PIECE;
        }
    }
    if have > 0 {
        pieces.push(held as u64);
    }
    Ok(pieces)
}
fn transform(target: &mut [u64], a: &[u64], b: &[u64], env: &mut Env<'_>) -> Result<(), Error> {
    let left = pieces(a, env)?;
    let right = if std::ptr::eq(a, b) { None } else { Some(pieces(b, env)?) };
    let coefficients = convolve(left, right, &mut env.work)?;
    let unit = POWERS[PIECE];
    // What is below 10^19 is complete; sums of coefficients carry on.
    let (mut limb, mut have, mut carry, mut at) = (0u128, 0, 0u64, 0);
    for coefficient in coefficients {
        let value = u128::from(coefficient) + u128::from(carry);
        let piece = (value % u128::from(unit)) as u64;
        carry = (value / u128::from(unit)) as u64;
        limb += u128::from(piece) * u128::from(POWERS[have]);
        have += PIECE;
        if have >= DIGITS {
            if let Some(slot) = target.get_mut(at) {
                *slot = (limb % u128::from(BASE)) as u64;
            }
            limb /= u128::from(BASE);
            have -= DIGITS;
            at += 1;
        }
    }
    if let Some(slot) = target.get_mut(at) {
        *slot = limb as u64;
    }
    Ok(())
}
