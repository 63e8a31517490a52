//! Logarithms of integers that may be beyond the floats.

use crate::bigint::{self, Int};

use super::MathError;

/// Which logarithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Logarithm {
    /// `math.log`.
    Natural,
    /// `math.log2`.
    Binary,
    /// `math.log10`.
    Decimal,
}

impl Logarithm {
    fn of(self, x: f64) -> f64 {
        match self {
            Logarithm::Natural => x.ln(),
            Logarithm::Binary => x.log2(),
            Logarithm::Decimal => x.log10(),
        }
    }
}

/// The logarithm of a positive integer; a domain error for others.
pub fn log_of_int(logarithm: Logarithm, value: Int) -> Result<f64, MathError> {
    if value.negative || value.is_zero() {
        return Err(MathError::Domain);
    }
    if let Some(float) = bigint::to_f64(value) {
        return Ok(logarithm.of(float));
    }
    let (fraction, exponent) = bigint::frexp(value).ok_or(MathError::Range)?;
    Ok(logarithm.of(fraction) + logarithm.of(2.0) * exponent as f64)
}
