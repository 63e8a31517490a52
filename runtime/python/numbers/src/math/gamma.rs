//! The gamma function and its logarithm by Lanczos' approximation with g = 6.0246… and 13 terms, as in Boost and CPython.

use std::f64::consts::PI;

use super::MathError;

const G: f64 = 6.024_680_040_776_73;
const G_MINUS_HALF: f64 = 5.524_680_040_776_73;

/// Coefficients of the rational function, lowest power first. The denominator is x(x+1)…(x+11).
const NUMERATOR: [f64; 13] = [
    23_531_376_880.410_76,
    42_919_803_642.649_1,
    35_711_959_237.355_67,
    17_921_034_426.037_21,
    6_039_542_586.352_028,
    1_439_720_407.311_721_6,
    248_874_557.862_054_17,
    31_426_415.585_400_194,
    2_876_370.628_935_372_5,
    186_056.265_395_223_48,
    8_071.672_002_365_816,
    210.824_277_751_579_36,
    2.506_628_274_631_000_2,
];
const DENOMINATOR: [f64; 13] = [
    0.0,
    39_916_800.0,
    120_543_840.0,
    150_917_976.0,
    105_258_076.0,
    45_995_730.0,
    13_339_535.0,
    2_637_558.0,
    357_423.0,
    32_670.0,
    1_925.0,
    66.0,
    1.0,
];

/// Lanczos' sum for positive arguments.
fn lanczos_sum(x: f64) -> f64 {
    let pairs = NUMERATOR.iter().zip(&DENOMINATOR);
    let (numerator, denominator) = if x < 5.0 {
        pairs.rev().fold((0.0, 0.0), |(n, d), (&a, &b)| (n * x + a, d * x + b))
    } else {
        // As a function of 1/x, so that high powers do not overflow.
        pairs.fold((0.0, 0.0), |(n, d), (&a, &b)| (n / x + a, d / x + b))
    };
    numerator / denominator
}

/// The sine of pi times a finite number, without the error that rounding pi makes near multiples.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let sine = match (2.0 * y).round() as i32 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        // Not -sin(pi * (y - 1)), which is -0 at 1.
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1f64.copysign(x) * sine
}

/// `math.gamma`.
pub fn gamma(x: f64) -> Result<f64, MathError> {
    if !x.is_finite() {
        return if x == f64::NEG_INFINITY { Err(MathError::Domain) } else { Ok(x) };
    }
    if x == 0.0 {
        return Err(MathError::Domain);
    }
    if x == x.floor() {
        if x < 0.0 {
            return Err(MathError::Domain);
        }
        // Factorials of up to 22 are exact.
        if x <= 23.0 {
            return Ok((1..x as u32).fold(1.0, |product, factor| product * f64::from(factor)));
        }
    }
    let size = x.abs();
    if size < 1e-20 {
        let value = 1.0 / x;
        return if value.is_infinite() { Err(MathError::Range) } else { Ok(value) };
    }
    if size > 200.0 {
        return if x < 0.0 { Ok(0.0 / sin_pi(x)) } else { Err(MathError::Range) };
    }
    let y = size + G_MINUS_HALF;
    // The rounding error of that sum.
    let error = if size > G_MINUS_HALF { (y - size) - G_MINUS_HALF } else { (y - G_MINUS_HALF) - size };
    let correction = error * G / y;
    // The power in two steps where it alone would overflow.
    let (power, steps) = if size < 140.0 { (y.powf(size - 0.5), 1) } else { (y.powf(size / 2.0 - 0.25), 2) };
    let value = if x < 0.0 {
        let value = -PI / sin_pi(size) / size * y.exp() / lanczos_sum(size);
        (0..steps).fold(value - correction * value, |value, _| value / power)
    } else {
        let value = lanczos_sum(size) / y.exp();
        (0..steps).fold(value + correction * value, |value, _| value * power)
    };
    if value.is_infinite() { Err(MathError::Range) } else { Ok(value) }
}

/// `math.lgamma`.
pub fn lgamma(x: f64) -> Result<f64, MathError> {
    const LOG_PI: f64 = 1.144_729_885_849_400_2;
    if !x.is_finite() {
        return Ok(if x.is_nan() { x } else { f64::INFINITY });
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { Err(MathError::Domain) } else { Ok(0.0) };
    }
    let size = x.abs();
    if size < 1e-20 {
        return Ok(-size.ln());
    }
    let mut value = lanczos_sum(size).ln() - G;
    value += (size - 0.5) * ((size + G - 0.5).ln() - 1.0);
    if x < 0.0 {
        value = LOG_PI - sin_pi(size).abs().ln() - size.ln() - value;
    }
    if value.is_infinite() { Err(MathError::Range) } else { Ok(value) }
}
