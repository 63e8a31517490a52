//! The inverse hyperbolic functions, by the formulas of fdlibm (Sun Microsystems 1993), which C libraries use: Rust's own
//! round differently.

use std::f64::consts::LN_2;

/// Below, the function is the identity in double precision.
const TINY: f64 = 1.0 / (1u64 << 28) as f64;
/// Above, the logarithm's argument is `2 * x` in double precision.
const LARGE: f64 = (1u64 << 28) as f64;

/// `math.asinh`.
pub fn asinh(x: f64) -> f64 {
    let a = x.abs();
    if !x.is_finite() || a < TINY {
        return x;
    }
    let r = if a > LARGE {
        a.ln() + LN_2
    } else if a > 2.0 {
        (2.0 * a + 1.0 / ((a * a + 1.0).sqrt() + a)).ln()
    } else {
        let square = a * a;
        (a + square / (1.0 + (1.0 + square).sqrt())).ln_1p()
    };
    r.copysign(x)
}

/// `math.acosh`; NaN below 1.
pub fn acosh(x: f64) -> f64 {
    if x.is_nan() || x < 1.0 {
        f64::NAN
    } else if x >= LARGE {
        if x.is_infinite() { x } else { x.ln() + LN_2 }
    } else if x == 1.0 {
        0.0
    } else if x > 2.0 {
        (2.0 * x - 1.0 / (x + (x * x - 1.0).sqrt())).ln()
    } else {
        let above = x - 1.0;
        (above + (2.0 * above + above * above).sqrt()).ln_1p()
    }
}

/// `math.atanh`; NaN beyond 1, infinite at 1.
pub fn atanh(x: f64) -> f64 {
    let a = x.abs();
    if x.is_nan() || a > 1.0 {
        return f64::NAN;
    }
    if a == 1.0 {
        return f64::INFINITY.copysign(x);
    }
    if a < TINY {
        return x;
    }
    let twice = a + a;
    let r = if a < 0.5 { 0.5 * (twice + twice * a / (1.0 - a)).ln_1p() } else { 0.5 * (twice / (1.0 - a)).ln_1p() };
    r.copysign(x)
}
