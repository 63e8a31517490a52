//! Algorithms of the `math` module that are Python's own and not the C library's.
//!
//! Where CPython calls the C library (`exp`, `sin`, `pow`, `cbrt`, …), so does the standard library of Rust, and the
//! module itself needs nothing from here; the error functions, which that lacks, are here.

mod error_function;
mod gamma;
mod hyperbolic;
mod logarithm;
mod norm;
mod sums;

pub use error_function::{erf, erfc};
pub use gamma::{gamma, lgamma};
pub use hyperbolic::{acosh, asinh, atanh};
pub use logarithm::{Logarithm, log_of_int};
pub use norm::{dist, hypot};
pub use sums::{Fsum, FsumError, ProductSum, sumprod};

use crate::float;
pub use float::{frexp, ldexp, nextafter, ulp};

/// Why a function has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MathError {
    /// `ValueError("math domain error")`.
    Domain,
    /// `OverflowError("math range error")`.
    Range,
}

/// `math.remainder` (IEEE 754): `x` minus the nearest multiple of `y`, the even one of two; always exact.
pub fn remainder(x: f64, y: f64) -> Result<f64, MathError> {
    if x.is_nan() {
        return Ok(x);
    }
    if y.is_nan() {
        return Ok(y);
    }
    if x.is_infinite() || y == 0.0 {
        return Err(MathError::Domain);
    }
    if y.is_infinite() {
        return Ok(x);
    }
    let (size, modulus) = (x.abs(), y.abs());
    let rest = size % modulus;
    // Against half the modulus, without halving, which may round: the other side's distance is exact where it matters.
    let other = modulus - rest;
    let magnitude = if rest < other {
        rest
    } else if rest > other {
        -other
    } else {
        // A tie: `rest` is half the modulus, and size - rest a multiple of it; even if half of that is one, too.
        rest - 2.0 * ((0.5 * (size - rest)) % modulus)
    };
    Ok(1f64.copysign(x) * magnitude)
}

/// `math.ldexp` for finite values: an infinite result is a range error.
pub fn checked_ldexp(value: f64, exponent: i64) -> Result<f64, MathError> {
    let scaled = ldexp(value, exponent);
    if scaled.is_infinite() && value.is_finite() { Err(MathError::Range) } else { Ok(scaled) }
}
