//! Quotients: digit by digit (Knuth's algorithm D) for short ones, by halves (Burnikel and Ziegler, "Fast recursive
//! division", 1998) for long ones, so that they cost a few products of their size.

use super::env::{Env, Error};
use super::limbs::{BASE, Limbs, add, by_base, compare, decrement, div_assign_limb, from_u128, mul_assign_limb};
use super::limbs::{sub, sub_assign, to_u128, trim, trimmed};
use super::multiply::mul;
use std::cmp::Ordering;

/// Limbs of the divisor and the quotient below which digits come one by one.
const SHORT: usize = 80;

/// Quotient and remainder; the divisor is not zero.
pub(crate) fn divide(a: &[u64], b: &[u64], env: &mut Env<'_>) -> Result<(Limbs, Limbs), Error> {
    if compare(a, b) == Ordering::Less {
        return Ok((Limbs::new(), env.copy(a, 0)?));
    }
    if let (Some(a), Some(b)) = (to_u128(a), to_u128(b)) {
        return Ok((from_u128(a / b), from_u128(a % b)));
    }
    if let [divisor] = *b {
        let mut quotient = env.copy(a, 0)?;
        env.work.spend(4 * a.len())?;
        let rest = div_assign_limb(&mut quotient, divisor);
        trim(&mut quotient);
        return Ok((quotient, from_u128(rest.into())));
    }
    // With a divisor whose highest limb is at least half of the base, estimates are off by two at most.
    let scale = BASE / (b[b.len() - 1] + 1);
    let mut divisor = env.copy(b, 0)?;
    mul_assign_limb(&mut divisor, scale, 0);
    let mut rest = env.copy(a, 1)?;
    let top = mul_assign_limb(&mut rest, scale, 0);
    rest.push(top);
    let (quotient, mut rest) = if b.len() < SHORT || a.len() - b.len() < SHORT {
        let quotient = schoolbook(&mut rest, &divisor, env)?;
        trim(&mut rest);
        (quotient, rest)
    } else {
        trim(&mut rest);
        long(&rest, &divisor, env)?
    };
    div_assign_limb(&mut rest, scale);
    trim(&mut rest);
    Ok((quotient, rest))
}
/// Divides in place; what is left of `a` is the remainder. `b` has two limbs or more and is scaled, and the highest limbs
/// of `a`, as many as `b` has, are less than it.
fn schoolbook(a: &mut [u64], b: &[u64], env: &mut Env<'_>) -> Result<Limbs, Error> {
    let n = b.len();
    if a.len() <= n {
        return Ok(Limbs::new());
    }
    let mut quotient = env.zeros(a.len() - n)?;
    let (first, second) = (u128::from(b[n - 1]), u128::from(b[n - 2]));
    let base = u128::from(BASE);
    for j in (0..quotient.len()).rev() {
        env.work.spend(n)?;
        let top = u128::from(a[j + n]) * base + u128::from(a[j + n - 1]);
        let (mut estimate, mut rest) = (top / first, top % first);
        while estimate >= base || estimate * second > rest * base + u128::from(a[j + n - 2]) {
            estimate -= 1;
            rest += first;
            if rest >= base {
                break;
            }
        }
        if estimate == 0 {
            continue;
        }
        let (mut carry, mut borrow) = (0u64, 0u64);
        let part = &mut a[j..=j + n];
        for (limb, other) in part.iter_mut().zip(b) {
            let (high, low) = by_base(estimate * u128::from(*other) + u128::from(carry));
            let (difference, under) = limb.overflowing_sub(low + borrow);
            *limb = if under { difference.wrapping_add(BASE) } else { difference };
            (carry, borrow) = (high, u64::from(under));
        }
        let (difference, under) = part[n].overflowing_sub(carry + borrow);
        part[n] = difference;
        if under {
            estimate -= 1;
            part[n] = 0;
            super::limbs::add_assign(&mut part[..n], b);
        }
        quotient[j] = estimate as u64;
    }
    trim(&mut quotient);
    Ok(quotient)
}
/// A long dividend in parts as long as the divisor.
fn long(a: &[u64], b: &[u64], env: &mut Env<'_>) -> Result<(Limbs, Limbs), Error> {
    let n = b.len();
    let parts = a.len().div_ceil(n);
    let mut quotient = env.zeros(parts * n)?;
    let mut rest = Limbs::new();
    for i in (0..parts).rev() {
        let dividend = joined(&rest, &a[i * n..a.len().min((i + 1) * n)], n, env)?;
        let (part, left) = two_by_one(&dividend, b, env)?;
        quotient[i * n..i * n + part.len()].copy_from_slice(&part);
        rest = left;
    }
    trim(&mut quotient);
    Ok((quotient, rest))
}
/// `high * BASE**n + low`
fn joined(high: &[u64], low: &[u64], n: usize, env: &mut Env<'_>) -> Result<Limbs, Error> {
    let mut all = env.copy(trimmed(low), n.saturating_sub(low.len()) + high.len() + 1)?;
    if !high.is_empty() {
        all.resize(n, 0);
        all.extend_from_slice(high);
    }
    Ok(all)
}
/// `a / b` where `a < b * BASE**b.len()`.
fn two_by_one(a: &[u64], b: &[u64], env: &mut Env<'_>) -> Result<(Limbs, Limbs), Error> {
    let n = b.len();
    if compare(a, b) == Ordering::Less {
        return Ok((Limbs::new(), env.copy(a, 0)?));
    }
    if n < SHORT || a.len() - n < SHORT {
        let mut rest = env.copy(a, 1)?;
        rest.push(0);
        let quotient = schoolbook(&mut rest, b, env)?;
        trim(&mut rest);
        return Ok((quotient, rest));
    }
    if n % 2 == 1 {
        let (a, b) = (joined(a, &[], 1, env)?, joined(b, &[], 1, env)?);
        let (quotient, mut rest) = two_by_one(&a, &b, env)?;
        if !rest.is_empty() {
            rest.remove(0);
        }
        return Ok((quotient, rest));
    }
    let half = n / 2;
    let (low, high) = a.split_at(half);
    let (q1, rest) = three_by_two(high, b, half, env)?;
    let low = joined(&rest, low, half, env)?;
    let (q0, rest) = three_by_two(&low, b, half, env)?;
    Ok((joined(&q1, &q0, half, env)?, rest))
}
/// `a / b` for three and two halves.
fn three_by_two(a: &[u64], b: &[u64], half: usize, env: &mut Env<'_>) -> Result<(Limbs, Limbs), Error> {
    if compare(a, b) == Ordering::Less {
        return Ok((Limbs::new(), env.copy(a, 0)?));
    }
    let (b0, b1) = (trimmed(&b[..half]), &b[half..]);
    let (low, high) = a.split_at(half);
    // The estimate by the divisor's upper half.
    let (mut quotient, rest) = if compare(high.get(half..).unwrap_or(&[]), b1) == Ordering::Less {
        two_by_one(high, b1, env)?
    } else {
        let mut all = Limbs::new();
        env.room(half)?;
        all.resize(half, BASE - 1);
        // high - (BASE**half - 1) * b1
        let shifted = joined(b1, &[], half, env)?;
        let rest = sub(high, &shifted, env)?;
        (all, add(&rest, b1, env)?)
    };
    let mut rest = joined(&rest, low, half, env)?;
    let product = mul(&quotient, b0, env)?;
    while compare(&rest, &product) == Ordering::Less {
        decrement(&mut quotient);
        rest = add(&rest, b, env)?;
    }
    sub_assign(&mut rest, &product);
    trim(&mut rest);
    Ok((quotient, rest))
}
