//! Complex numbers: pairs of floats with CPython's arithmetic, so that rounding and special values agree to the bit.

use crate::float::{self, FormatCode, Layout};

/// A complex number.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Complex {
    /// The real part.
    pub real: f64,
    /// The imaginary part.
    pub imaginary: f64,
}

/// Why an operation has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplexError {
    /// Division by zero, zero to a negative or complex power, or a power whose angle is infinite.
    ZeroDivision,
    /// Beyond the largest float.
    Overflow,
}

/// The text is no complex number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseComplexError;

impl Complex {
    /// From its parts.
    pub fn new(real: f64, imaginary: f64) -> Complex {
        Complex { real, imaginary }
    }

    fn is_infinite(self) -> bool {
        self.real.is_infinite() || self.imaginary.is_infinite()
    }
}

/// `left + right`.
pub fn add(left: Complex, right: Complex) -> Complex {
    Complex::new(left.real + right.real, left.imaginary + right.imaginary)
}

/// `left - right`.
pub fn sub(left: Complex, right: Complex) -> Complex {
    Complex::new(left.real - right.real, left.imaginary - right.imaginary)
}

/// `-value`.
pub fn neg(value: Complex) -> Complex {
    Complex::new(-value.real, -value.imaginary)
}

/// `left * right`, by the schoolbook's formula.
pub fn mul(left: Complex, right: Complex) -> Complex {
    Complex::new(
        left.real * right.real - left.imaginary * right.imaginary,
        left.real * right.imaginary + left.imaginary * right.real,
    )
}

/// `left / right`, scaled by the divisor's larger part (Smith 1962).
pub fn div(left: Complex, right: Complex) -> Result<Complex, ComplexError> {
    let (real, imaginary) = (right.real.abs(), right.imaginary.abs());
    if real >= imaginary {
        if real == 0.0 {
            return Err(ComplexError::ZeroDivision);
        }
        let ratio = right.imaginary / right.real;
        let divisor = right.real + right.imaginary * ratio;
        return Ok(Complex::new(
            (left.real + left.imaginary * ratio) / divisor,
            (left.imaginary - left.real * ratio) / divisor,
        ));
    }
    if imaginary >= real {
        let ratio = right.real / right.imaginary;
        let divisor = right.real * ratio + right.imaginary;
        return Ok(Complex::new(
            (left.real * ratio + left.imaginary) / divisor,
            (left.imaginary * ratio - left.real) / divisor,
        ));
    }
    // Not comparable: a part is NaN.
    Ok(Complex::new(f64::NAN, f64::NAN))
}

/// `base ** exponent`: by squaring for integer exponents up to 100, in polar form otherwise.
pub fn pow(base: Complex, exponent: Complex) -> Result<Complex, ComplexError> {
    let power = if exponent.imaginary == 0.0 && exponent.real == exponent.real.floor() && exponent.real.abs() <= 100.0 {
        integer_power(base, exponent.real as i32)?
    } else {
        polar_power(base, exponent)?
    };
    if power.is_infinite() { Err(ComplexError::Overflow) } else { Ok(power) }
}

fn integer_power(base: Complex, exponent: i32) -> Result<Complex, ComplexError> {
    const ONE: Complex = Complex { real: 1.0, imaginary: 0.0 };
    let mut power = ONE;
    let mut square = base;
    let mut rest = exponent.unsigned_abs();
    while rest > 0 {
        if rest & 1 == 1 {
            power = mul(power, square);
        }
        rest >>= 1;
        square = mul(square, square);
    }
    if exponent > 0 { Ok(power) } else { div(ONE, power) }
}

fn polar_power(base: Complex, exponent: Complex) -> Result<Complex, ComplexError> {
    if base.real == 0.0 && base.imaginary == 0.0 {
        let undefined = exponent.imaginary != 0.0 || exponent.real < 0.0;
        return if undefined { Err(ComplexError::ZeroDivision) } else { Ok(Complex::default()) };
    }
    let magnitude = base.real.hypot(base.imaginary);
    let mut length = magnitude.powf(exponent.real);
    let angle = base.imaginary.atan2(base.real);
    let mut phase = angle * exponent.real;
    if exponent.imaginary != 0.0 {
        length /= (angle * exponent.imaginary).exp();
        phase += exponent.imaginary * magnitude.ln();
    }
    // The C library's sine of infinity is a domain error, which CPython reports as it reports zero's.
    if phase.is_infinite() {
        return Err(ComplexError::ZeroDivision);
    }
    Ok(Complex::new(length * phase.cos(), length * phase.sin()))
}

/// `abs(value)`.
pub fn abs(value: Complex) -> Result<f64, ComplexError> {
    if value.is_infinite() {
        return Ok(f64::INFINITY);
    }
    if value.real.is_nan() || value.imaginary.is_nan() {
        return Ok(f64::NAN);
    }
    let length = value.real.hypot(value.imaginary);
    if length.is_infinite() { Err(ComplexError::Overflow) } else { Ok(length) }
}

/// `hash(value)`; `of_nan` is the hash of the object's identity, which a part that is NaN has.
pub fn hash(value: Complex, of_nan: i64) -> i64 {
    /// `sys.hash_info.imag`.
    const IMAGINARY: i64 = 1_000_003;
    let part = |part: f64| float::hash(part).unwrap_or(of_nan);
    let hash = part(value.real).wrapping_add(IMAGINARY.wrapping_mul(part(value.imaginary)));
    if hash == -1 { -2 } else { hash }
}

/// `repr(value)`.
pub fn repr(value: Complex) -> String {
    let part = |part: f64| {
        let sign = if part.is_sign_negative() && !part.is_nan() { "-" } else { "" };
        format!("{sign}{}", float::format(part, FormatCode::Repr, 0, Layout::default()))
    };
    let imaginary = part(value.imaginary);
    if value.real == 0.0 && value.real.is_sign_positive() {
        return format!("{imaginary}j");
    }
    let plus = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({}{plus}{imaginary}j)", part(value.real))
}

/// The number that the text says, by the rules of `complex()`: ASCII, as [`crate::unicode::to_ascii`] makes it.
pub fn parse(text: &[u8]) -> Result<Complex, ParseComplexError> {
    let stripped;
    let text = if text.contains(&b'_') {
        stripped = float::without_underscores(text).ok_or(ParseComplexError)?;
        &stripped
    } else {
        text
    };
    let text = float::trim(text);
    let text = match text {
        [b'(', inner @ .., b')'] => float::trim(inner),
        _ => text,
    };
    let (first, rest) = number(text);
    match (first, rest) {
        (Some(value), []) => Ok(Complex::new(value, 0.0)),
        (Some(value), [b'j' | b'J']) => Ok(Complex::new(0.0, value)),
        (Some(real), [b'+' | b'-', ..]) => Ok(Complex::new(real, unit(rest)?)),
        (Some(_), _) => Err(ParseComplexError),
        (None, rest) => Ok(Complex::new(0.0, unit(rest)?)),
    }
}

/// A number at the beginning, and the text after it.
fn number(text: &[u8]) -> (Option<f64>, &[u8]) {
    match float::scan_number(text) {
        Some((value, length)) => (Some(value), &text[length..]),
        None => (None, text),
    }
}

/// An imaginary part to the end: a number or only a sign, and `j`.
fn unit(text: &[u8]) -> Result<f64, ParseComplexError> {
    let (value, rest) = match (number(text), text) {
        ((Some(value), rest), _) => (value, rest),
        (_, [b'-', rest @ ..]) => (-1.0, rest),
        (_, [b'+', rest @ ..]) => (1.0, rest),
        _ => (1.0, text),
    };
    match rest {
        [b'j' | b'J'] => Ok(value),
        _ => Err(ParseComplexError),
    }
}
