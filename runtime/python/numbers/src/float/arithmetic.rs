//! The operators on floats where Python's differ from the machine's, and the hash.

use crate::bigint::{self, BigInt, HASH_MODULUS};

use super::scale::frexp;

/// `x // y` and `x % y`; `None` for division by zero. The remainder has the divisor's sign, that of a zero too.
pub fn divmod(x: f64, y: f64) -> Option<(f64, f64)> {
    if y == 0.0 {
        return None;
    }
    let mut remainder = x % y;
    // Exact but for rounding, and so almost an integer.
    let mut quotient = (x - remainder) / y;
    if remainder == 0.0 {
        remainder = 0f64.copysign(y);
    } else if (y < 0.0) != (remainder < 0.0) {
        remainder += y;
        quotient -= 1.0;
    }
    let floor = if quotient == 0.0 {
        // The sign of the true quotient.
        0f64.copysign(x / y)
    } else {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    };
    Some((floor, remainder))
}

/// `x // y`; `None` for division by zero.
pub fn floor_div(x: f64, y: f64) -> Option<f64> {
    divmod(x, y).map(|(quotient, _)| quotient)
}

/// `x % y`; `None` for division by zero.
#[inline]
pub fn modulo(x: f64, y: f64) -> Option<f64> {
    if y == 0.0 {
        return None;
    }
    let remainder = x % y;
    Some(if remainder == 0.0 {
        0f64.copysign(y)
    } else if (y < 0.0) != (remainder < 0.0) {
        remainder + y
    } else {
        remainder
    })
}

/// Why a power has no float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowError {
    /// Zero to a negative power.
    ZeroDivision,
    /// Beyond the largest float.
    Overflow,
    /// A negative base and an exponent that is no integer: the result is complex.
    Complex,
}

/// `x ** y`.
pub fn pow(x: f64, y: f64) -> Result<f64, PowError> {
    if y == 0.0 || x == 1.0 {
        return Ok(1.0);
    }
    if x.is_nan() || y.is_nan() {
        return Ok(if x.is_nan() { x } else { y });
    }
    let odd = (y.abs() % 2.0) == 1.0;
    if y.is_infinite() {
        let magnitude = x.abs();
        return Ok(match magnitude == 1.0 {
            true => 1.0,
            false if (y > 0.0) == (magnitude > 1.0) => f64::INFINITY,
            false => 0.0,
        });
    }
    if x.is_infinite() {
        let magnitude = if y > 0.0 { f64::INFINITY } else { 0.0 };
        return Ok(if odd { magnitude.copysign(x) } else { magnitude });
    }
    if x == 0.0 {
        return match y < 0.0 {
            true => Err(PowError::ZeroDivision),
            false => Ok(if odd { x } else { 0.0 }),
        };
    }
    if x < 0.0 && y != y.floor() {
        return Err(PowError::Complex);
    }
    let magnitude = match x.abs() {
        1.0 => 1.0,
        base => base.powf(y),
    };
    if magnitude.is_infinite() {
        return Err(PowError::Overflow);
    }
    Ok(if x < 0.0 && odd { -magnitude } else { magnitude })
}

/// `float.as_integer_ratio`: numerator and positive denominator in lowest terms; `None` for infinities and NaN.
pub fn as_integer_ratio(value: f64) -> Option<(BigInt, BigInt)> {
    if !value.is_finite() {
        return None;
    }
    if value == 0.0 {
        return Some((BigInt::default(), BigInt::from_i64(1)));
    }
    let (fraction, exponent) = frexp(value);
    let mantissa = (fraction.abs() * 9_007_199_254_740_992.0) as u64;
    let zeros = mantissa.trailing_zeros();
    let exponent = i64::from(exponent) - 53 + i64::from(zeros);
    let odd = BigInt::new(value < 0.0, vec![mantissa >> zeros]);
    let shift = |number: BigInt| bigint::shl(number.as_int(), exponent.unsigned_abs()).ok();
    if exponent >= 0 { Some((shift(odd)?, BigInt::from_i64(1))) } else { Some((odd, shift(BigInt::from_i64(1))?)) }
}

/// `hash(value)`, the same as that of an equal integer; `None` for NaN, whose hash is that of its object's identity.
pub fn hash(value: f64) -> Option<i64> {
    if value.is_nan() {
        return None;
    }
    if value.is_infinite() {
        return Some(if value > 0.0 { 314_159 } else { -314_159 });
    }
    if value == 0.0 {
        return Some(0);
    }
    // The value is an integer below 2^53 times a power of two, and powers of two rotate the 61 bits of a residue.
    let (fraction, exponent) = frexp(value);
    let mantissa = (fraction.abs() * 9_007_199_254_740_992.0) as u64;
    let rotation = (i64::from(exponent) - 53).rem_euclid(61) as u32;
    let residue =
        if rotation == 0 { mantissa } else { mantissa << rotation & HASH_MODULUS | mantissa >> (61 - rotation) };
    let hash = if value < 0.0 { -(residue as i64) } else { residue as i64 };
    Some(if hash == -1 { -2 } else { hash })
}
