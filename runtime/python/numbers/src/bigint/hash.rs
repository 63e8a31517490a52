//! The hash of integers: the value modulo the Mersenne prime 2^61 - 1, so that equal numbers of all types hash alike.

use super::Int;

/// The prime, `sys.hash_info.modulus`.
pub const HASH_MODULUS: u64 = (1 << 61) - 1;

/// `hash(value)`; never -1.
pub fn hash(value: Int) -> i64 {
    let residue = value.magnitude.iter().rev().fold(0, |residue, &limb| push_limb(residue, limb));
    finish(residue, value.negative)
}

/// `residue * 2^64 + limb` modulo the prime: 2^64 is 8 there, and 2^61 is 1.
#[inline]
fn push_limb(residue: u64, limb: u64) -> u64 {
    let sum = (residue << 3 & HASH_MODULUS | residue >> 58) + (limb & HASH_MODULUS) + (limb >> 61);
    let sum = (sum & HASH_MODULUS) + (sum >> 61);
    if sum >= HASH_MODULUS { sum - HASH_MODULUS } else { sum }
}

/// `hash(value)` of a machine integer.
#[inline]
pub fn hash_i64(value: i64) -> i64 {
    finish(value.unsigned_abs() % HASH_MODULUS, value < 0)
}

#[inline]
fn finish(residue: u64, negative: bool) -> i64 {
    match (residue as i64, negative) {
        (1, true) => -2,
        (residue, true) => -residue,
        (residue, false) => residue,
    }
}
