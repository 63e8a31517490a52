//! Functions of complex numbers: the elementary ones with W. Kahan's branch cuts (signed zeros tell the sides of a cut),
//! and what C99's annex G says of infinities and NaN.
//!
//! The circular functions are the hyperbolic ones, turned by a quarter: sin z = -i sinh iz.

use crate::complex::Complex;
use std::f64::consts::{FRAC_PI_2, LN_2};

/// Why a function has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CmathError {
    /// `ValueError: math domain error`
    Domain,
    /// `OverflowError: math range error`
    Range,
}
type Result = std::result::Result<Complex, CmathError>;

/// Beyond this, squares and sums of parts overflow.
const LARGE: f64 = f64::MAX / 4.0;
/// Beyond this, squares do.
const LARGE_ROOT: f64 = 6.703_903_964_971_298e153;
/// Beyond this, `exp` comes near to overflow.
const LARGE_LOGARITHM: f64 = 708.0;

fn c(real: f64, imaginary: f64) -> Complex {
    Complex { real, imaginary }
}
/// `i * z`
fn turned(z: Complex) -> Complex {
    c(-z.imaginary, z.real)
}
/// `-i * z`
fn turned_back(z: Complex) -> Complex {
    c(z.imaginary, -z.real)
}
/// A magnitude with the sign of a number; NaN has none.
fn sign_of(magnitude: f64, number: f64) -> f64 {
    if number.is_nan() { magnitude } else { magnitude.copysign(number) }
}
/// A result of finite operands: OverflowError if it is not finite.
fn in_range(z: Complex) -> Result {
    if z.real.is_infinite() || z.imaginary.is_infinite() { Err(CmathError::Range) } else { Ok(z) }
}
fn is_finite(z: Complex) -> bool {
    z.real.is_finite() && z.imaginary.is_finite()
}
/// A function's value where its imaginary part would be the sine or cosine of an infinity.
fn turning_endlessly(z: Complex, value: Complex) -> Result {
    if z.imaginary.is_infinite() { Err(CmathError::Domain) } else { Ok(value) }
}
/// `length * (cos phase + i sin phase)` for an infinite length or one of zero, and a finite phase.
fn in_direction(length: f64, phase: f64) -> Complex {
    if phase == 0.0 { c(length, length.signum() * phase) } else { c(length * phase.cos(), length * phase.sin()) }
}

/// The principal square root: with a real part that is not negative.
pub fn sqrt(z: Complex) -> Result {
    let (x, y) = (z.real, z.imaginary);
    if y.is_infinite() {
        return Ok(c(f64::INFINITY, y));
    }
    if x.is_infinite() {
        return Ok(match (x > 0.0, y.is_nan()) {
            (true, true) => c(x, y),
            (true, false) => c(x, 0.0_f64.copysign(y)),
            (false, true) => c(y, f64::INFINITY),
            (false, false) => c(0.0, f64::INFINITY.copysign(y)),
        });
    }
    if x.is_nan() || y.is_nan() {
        return Ok(c(f64::NAN, f64::NAN));
    }
    if x == 0.0 && y == 0.0 {
        return Ok(c(0.0, y));
    }
    // Scaled by a power of four, so that neither the sum overflows nor small parts lose bits.
    let small = x.abs() < f64::MIN_POSITIVE && y.abs() < f64::MIN_POSITIVE;
    let (scale, unscale) = if small { (2f64.powi(53), 2f64.powi(-27)) } else { (0.125, 1.0) };
    let (ax, ay) = (x.abs() * scale, y.abs() * scale);
    let sum = ax + ax.hypot(ay);
    let s = if small { sum.sqrt() * unscale } else { 2.0 * sum.sqrt() };
    let d = y.abs() / (2.0 * s);
    Ok(if x >= 0.0 { c(s, d.copysign(y)) } else { c(d, s.copysign(y)) })
}

pub fn exp(z: Complex) -> Result {
    let (x, y) = (z.real, z.imaginary);
    if !is_finite(z) {
        return match x {
            _ if x.is_nan() => Ok(if y == 0.0 { c(x, y) } else { c(x, x) }),
            f64::NEG_INFINITY if y.is_finite() => Ok(in_direction(0.0, y)),
            f64::NEG_INFINITY => Ok(c(0.0, 0.0)),
            f64::INFINITY if y.is_finite() => Ok(in_direction(x, y)),
            f64::INFINITY => turning_endlessly(z, c(x, f64::NAN)),
            _ => turning_endlessly(z, c(f64::NAN, f64::NAN)),
        };
    }
    in_range(if x > LARGE_LOGARITHM {
        let length = (x - 1.0).exp();
        c(length * y.cos() * std::f64::consts::E, length * y.sin() * std::f64::consts::E)
    } else {
        let length = x.exp();
        c(length * y.cos(), length * y.sin())
    })
}

pub fn sinh(z: Complex) -> Result {
    let (x, y) = (z.real, z.imaginary);
    if !is_finite(z) {
        // Odd, and real parts have the sign of the real part.
        let nan = f64::NAN;
        return if x.is_nan() {
            Ok(c(nan, if y == 0.0 { y } else { nan }))
        } else if y.is_finite() {
            let direction = in_direction(f64::INFINITY, y.abs());
            Ok(c(direction.real * x.signum(), direction.imaginary.copysign(direction.imaginary * y.signum())))
        } else {
            let real = if x == 0.0 || x.is_infinite() { x.abs() } else { nan };
            turning_endlessly(z, c(real, nan))
        };
    }
    in_range(if x.abs() > LARGE_LOGARITHM {
        let near = x - 1.0_f64.copysign(x);
        c(y.cos() * near.sinh() * std::f64::consts::E, y.sin() * near.cosh() * std::f64::consts::E)
    } else {
        c(y.cos() * x.sinh(), y.sin() * x.cosh())
    })
}

pub fn cosh(z: Complex) -> Result {
    let (x, y) = (z.real, z.imaginary);
    if !is_finite(z) {
        // Even: the imaginary part has the signs of both.
        let nan = f64::NAN;
        return if x.is_nan() {
            Ok(c(nan, if y == 0.0 { 0.0 } else { nan }))
        } else if y.is_finite() {
            let direction = in_direction(f64::INFINITY, y);
            Ok(c(direction.real, direction.imaginary * x.signum()))
        } else if x.is_infinite() {
            turning_endlessly(z, c(f64::INFINITY, nan))
        } else {
            turning_endlessly(z, c(nan, if x == 0.0 { 0.0 } else { nan }))
        };
    }
    in_range(if x.abs() > LARGE_LOGARITHM {
        let near = x - 1.0_f64.copysign(x);
        c(y.cos() * near.cosh() * std::f64::consts::E, y.sin() * near.sinh() * std::f64::consts::E)
    } else {
        c(y.cos() * x.cosh(), y.sin() * x.sinh())
    })
}

pub fn tanh(z: Complex) -> Result {
    let (x, y) = (z.real, z.imaginary);
    if !is_finite(z) {
        return if x.is_infinite() {
            let imaginary = if y.is_finite() { y.sin() * y.cos() } else { 0.0 };
            Ok(c(1.0_f64.copysign(x), 0.0_f64.copysign(imaginary)))
        } else if x.is_nan() {
            Ok(c(x, if y == 0.0 { y } else { f64::NAN }))
        } else {
            turning_endlessly(z, c(f64::NAN, f64::NAN))
        };
    }
    if x.abs() > LARGE_LOGARITHM {
        return Ok(c(1.0_f64.copysign(x), 4.0 * y.sin() * y.cos() * (-2.0 * x.abs()).exp()));
    }
    let (tx, ty, cx) = (x.tanh(), y.tan(), 1.0 / x.cosh());
    let both = tx * ty;
    let denominator = 1.0 + both * both;
    Ok(c(tx * (1.0 + ty * ty) / denominator, ty / denominator * cx * cx))
}

/// ln |z| for parts so large that they are halved first.
fn logarithm_of_large(z: Complex) -> f64 {
    (z.real / 2.0).hypot(z.imaginary / 2.0).ln() + 2.0 * LN_2
}
fn is_large(z: Complex) -> bool {
    z.real.abs() > LARGE || z.imaginary.abs() > LARGE
}

pub fn acos(z: Complex) -> Result {
    let (x, y) = (z.real, z.imaginary);
    if !is_finite(z) {
        return Ok(if x.is_infinite() || y.is_infinite() {
            let imaginary = if y.is_nan() { f64::INFINITY } else { -f64::INFINITY.copysign(y) };
            c(y.abs().atan2(x), imaginary)
        } else {
            c(if x == 0.0 { FRAC_PI_2 } else { f64::NAN }, f64::NAN)
        });
    }
    if is_large(z) {
        let imaginary = logarithm_of_large(z).copysign(-y);
        return Ok(c(y.abs().atan2(x), imaginary));
    }
    let (s1, s2) = (sqrt(c(1.0 - x, -y))?, sqrt(c(1.0 + x, y))?);
    Ok(c(2.0 * s1.real.atan2(s2.real), crate::math::asinh(s2.real * s1.imaginary - s2.imaginary * s1.real)))
}

pub fn acosh(z: Complex) -> Result {
    let (x, y) = (z.real, z.imaginary);
    if !is_finite(z) {
        return Ok(if x.is_infinite() || y.is_infinite() {
            c(f64::INFINITY, y.atan2(x))
        } else {
            c(f64::NAN, f64::NAN)
        });
    }
    if is_large(z) {
        return Ok(c(logarithm_of_large(z), y.atan2(x)));
    }
    let (s1, s2) = (sqrt(c(x - 1.0, y))?, sqrt(c(x + 1.0, y))?);
    Ok(c(crate::math::asinh(s1.real * s2.real + s1.imaginary * s2.imaginary), 2.0 * s1.imaginary.atan2(s2.real)))
}

pub fn asinh(z: Complex) -> Result {
    let (x, y) = (z.real, z.imaginary);
    if !is_finite(z) {
        return Ok(if x.is_infinite() || y.is_infinite() {
            c(sign_of(f64::INFINITY, x), y.atan2(x.abs()))
        } else {
            c(f64::NAN, if y == 0.0 { y } else { f64::NAN })
        });
    }
    if is_large(z) {
        return Ok(c(logarithm_of_large(z).copysign(x), y.atan2(x.abs())));
    }
    let (s1, s2) = (sqrt(c(1.0 + y, -x))?, sqrt(c(1.0 - y, x))?);
    Ok(c(
        crate::math::asinh(s1.real * s2.imaginary - s2.real * s1.imaginary),
        y.atan2(s1.real * s2.real - s1.imaginary * s2.imaginary),
    ))
}

pub fn atanh(z: Complex) -> Result {
    let (x, y) = (z.real, z.imaginary);
    if !is_finite(z) {
        return Ok(if y.is_infinite() {
            c(sign_of(0.0, x), FRAC_PI_2.copysign(y))
        } else if x.is_infinite() {
            c(0.0_f64.copysign(x), if y.is_nan() { y } else { FRAC_PI_2.copysign(y) })
        } else {
            c(if x == 0.0 { x } else { f64::NAN }, f64::NAN)
        });
    }
    // Odd: of the right half of the plane.
    if x.is_sign_negative() {
        let value = atanh(c(-x, -y))?;
        return Ok(c(-value.real, -value.imaginary));
    }
    let ay = y.abs();
    if x > LARGE_ROOT || ay > LARGE_ROOT {
        let h = (x / 2.0).hypot(y / 2.0);
        return Ok(c(x / 4.0 / h / h, FRAC_PI_2.copysign(y)));
    }
    if x == 1.0 && ay < f64::MIN_POSITIVE.sqrt() {
        if ay == 0.0 {
            return Err(CmathError::Domain);
        }
        return Ok(c(-(ay.sqrt() / ay.hypot(2.0).sqrt()).ln(), (2.0_f64.atan2(-ay) / 2.0).copysign(y)));
    }
    let off = 1.0 - x;
    Ok(c((4.0 * x / (off * off + ay * ay)).ln_1p() / 4.0, -(-2.0 * y).atan2(off * (1.0 + x) - ay * ay) / 2.0))
}

pub fn log(z: Complex) -> Result {
    if z.real == 0.0 && z.imaginary == 0.0 { Err(CmathError::Domain) } else { Ok(logarithm(z)) }
}
/// The same; of zero, minus infinity.
pub fn logarithm(z: Complex) -> Complex {
    let (x, y) = (z.real, z.imaginary);
    if !is_finite(z) {
        let real = if x.is_infinite() || y.is_infinite() { f64::INFINITY } else { f64::NAN };
        return c(real, y.atan2(x));
    }
    let (ax, ay) = (x.abs(), y.abs());
    let real = if is_large(z) {
        (ax / 2.0).hypot(ay / 2.0).ln() + LN_2
    } else if ax < f64::MIN_POSITIVE && ay < f64::MIN_POSITIVE {
        let scale = 2f64.powi(53);
        (ax * scale).hypot(ay * scale).ln() - 53.0 * LN_2
    } else {
        let h = ax.hypot(ay);
        // Near the unit circle the logarithm of the length would lose what is beside 1.
        if (0.71..=1.73).contains(&h) {
            let (more, less) = if ax > ay { (ax, ay) } else { (ay, ax) };
            ((more - 1.0) * (more + 1.0) + less * less).ln_1p() / 2.0
        } else {
            h.ln()
        }
    };
    c(real, y.atan2(x))
}

pub fn log10(z: Complex) -> Result {
    let value = log(z)?;
    Ok(c(value.real / std::f64::consts::LN_10, value.imaginary / std::f64::consts::LN_10))
}
pub fn cos(z: Complex) -> Result {
    cosh(turned(z))
}
pub fn sin(z: Complex) -> Result {
    sinh(turned(z)).map(turned_back)
}
pub fn tan(z: Complex) -> Result {
    tanh(turned(z)).map(turned_back)
}
pub fn asin(z: Complex) -> Result {
    asinh(turned(z)).map(turned_back)
}
pub fn atan(z: Complex) -> Result {
    atanh(turned(z)).map(turned_back)
}

/// From polar coordinates.
pub fn rect(length: f64, phase: f64) -> Result {
    if length.is_finite() && phase.is_finite() {
        // Without a multiplication by the sine of zero, which would lose the sign of a length.
        return Ok(if phase == 0.0 {
            c(length, length * phase)
        } else {
            c(length * phase.cos(), length * phase.sin())
        });
    }
    if phase.is_infinite() && length != 0.0 && !length.is_nan() {
        return Err(CmathError::Domain);
    }
    Ok(if length.is_infinite() && phase.is_finite() {
        in_direction(length, phase)
    } else if length == 0.0 {
        c(0.0, 0.0)
    } else if length.is_nan() && phase == 0.0 {
        c(length, 0.0)
    } else if length.is_infinite() {
        c(f64::INFINITY, f64::NAN)
    } else {
        c(f64::NAN, f64::NAN)
    })
}
