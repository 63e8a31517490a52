//! How large a result becomes, known before the work: upper bounds in bits, tight to a few bits.

use super::{Int, bit_length};

/// Bits of `left + right` or `left - right`, at most.
pub fn add_bits(left: Int, right: Int) -> u128 {
    u128::from(bit_length(left).max(bit_length(right))) + 1
}

/// Bits of `left * right`, at most.
pub fn mul_bits(left: Int, right: Int) -> u128 {
    if left.is_zero() || right.is_zero() {
        return 0;
    }
    u128::from(bit_length(left)) + u128::from(bit_length(right))
}

/// Bits of `value << count`.
pub fn shl_bits(value: Int, count: u64) -> u128 {
    if value.is_zero() { 0 } else { u128::from(bit_length(value)) + u128::from(count) }
}

/// Bits of `base ** exponent`, at most; 2 % above the truth or nearer for bases above 2, exact for powers of two.
pub fn pow_bits(base: Int, exponent: u64) -> u128 {
    let (&[.., top], false) = (base.magnitude, exponent == 0) else { return 1 };
    let bits = bit_length(base);
    let power_of_two = top.is_power_of_two() && base.magnitude.iter().rev().skip(1).all(|&limb| limb == 0);
    if power_of_two {
        return u128::from(bits - 1) * u128::from(exponent) + 1;
    }
    // In 1/256 bits, rounded up: the logarithm of the top 53 bits, and of the limbs below as if they were all ones.
    let leading = if base.magnitude.len() == 1 {
        top as f64
    } else {
        let next = base.magnitude[base.magnitude.len() - 2];
        (u128::from(top) << 64 | u128::from(next)) as f64 / 2f64.powi(64)
    };
    let below = (base.magnitude.len() as u128 - 1) * 64 * 256;
    let logarithm = (leading.log2() * 256.0).ceil() as u128 + 1 + below;
    (logarithm.saturating_mul(u128::from(exponent)) >> 8) + 1
}

/// Bits of the factorial of `n`, at most (Stirling).
pub fn factorial_bits(n: u64) -> u128 {
    if n < 2 {
        return 1;
    }
    let n = n as f64;
    (n * (n.log2() - std::f64::consts::LOG2_E) + n.log2() * 0.5 + 4.0).ceil() as u128
}

/// Bits of `math.perm(n, k)`, at most; loose where `k` is near `n`.
pub fn perm_bits(n: Int, k: u64) -> u128 {
    u128::from(bit_length(n)).saturating_mul(u128::from(k)) + 1
}

/// Bits of `math.comb(n, k)`, at most, for the smaller of `k` and `n - k`.
pub fn comb_bits(n: Int, k: u64) -> u128 {
    // n ** k / k!, the factorial rounded down.
    perm_bits(n, k).saturating_sub(factorial_bits(k).saturating_sub(8))
}

/// Decimal digits of the number, exact or one too many.
pub fn decimal_digits(value: Int) -> u128 {
    // 0.30102999566398119521 < log10(2) < 0.30102999566398119522, in units of 2^-64.
    u128::from(bit_length(value)) * 5_553_023_288_523_357_133 / (1 << 64) + 1
}
