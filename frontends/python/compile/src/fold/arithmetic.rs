//! Numbers. Integers up to 127 bits are computed; larger ones are left to run time.

use python_syntax::ast::{self, Operator};
use vm_code::Constant;

/// Bits of a folded product, power or shift.
const MAX_BITS: u32 = 128;
/// Floats hold integers exactly up to here.
const EXACT: i128 = 1 << 53;

/// A literal beyond 64 bits.
pub(super) fn big_int(literal: ast::BigInt<'_>) -> Constant {
    let mut digits: Vec<u32> = Vec::new();
    if literal.radix.is_power_of_two() {
        // Such literals may have any length, so this must not take quadratic time.
        let (mut low, mut bits) = (0u64, 0);
        for &digit in literal.digits.as_bytes().iter().rev() {
            low |= u64::from((digit as char).to_digit(literal.radix).unwrap_or(0)) << bits;
            bits += literal.radix.trailing_zeros();
            if bits >= 32 {
                digits.push(low as u32);
                low >>= 32;
                bits -= 32;
            }
        }
        digits.push(low as u32);
        while digits.last() == Some(&0) {
            digits.pop();
        }
        return Constant::BigInt { negative: literal.negative, digits: digits.into() };
    }
    // Several source digits at once: as many as keep the multiplier within 32 bits.
    let group = 9;
    for chunk in literal.digits.as_bytes().chunks(group) {
        let value = chunk.iter().fold(0, |value: u64, &digit| {
            value * u64::from(literal.radix) + u64::from((digit as char).to_digit(literal.radix).unwrap_or(0))
        });
        let factor = u64::from(literal.radix).pow(chunk.len() as u32);
        let mut carry = value;
        for digit in &mut digits {
            carry += u64::from(*digit) * factor;
            *digit = carry as u32;
            carry >>= 32;
        }
        if carry != 0 {
            digits.push(carry as u32);
        }
    }
    Constant::BigInt { negative: literal.negative, digits: digits.into() }
}

fn integer(value: i128) -> Constant {
    if let Ok(value) = i64::try_from(value) {
        return Constant::Int(value);
    }
    let magnitude = value.unsigned_abs();
    let mut digits: Vec<u32> = (0..4).map(|at| (magnitude >> (32 * at)) as u32).collect();
    while digits.last() == Some(&0) {
        digits.pop();
    }
    Constant::BigInt { negative: value < 0, digits: digits.into() }
}

/// A number in the widest form that the operators need.
#[derive(Clone, Copy)]
enum Number {
    Int(i128),
    Float(f64),
    Complex(f64, f64),
}

fn number(value: &Constant) -> Option<Number> {
    match value {
        Constant::Bool(value) => Some(Number::Int(i128::from(*value))),
        Constant::Int(value) => Some(Number::Int(i128::from(*value))),
        Constant::BigInt { negative, digits } => {
            if digits.len() > 4 {
                return None;
            }
            let magnitude = digits.iter().rev().fold(0u128, |value, &digit| value << 32 | u128::from(digit));
            let magnitude = i128::try_from(magnitude).ok()?;
            Some(Number::Int(if *negative { -magnitude } else { magnitude }))
        }
        Constant::Float(value) => Some(Number::Float(*value)),
        Constant::Complex(real, imaginary) => Some(Number::Complex(*real, *imaginary)),
        _ => None,
    }
}

pub(super) fn positive(value: &Constant) -> Option<Constant> {
    match number(value)? {
        Number::Int(value) => Some(integer(value)),
        _ => Some(value.clone()),
    }
}

pub(super) fn negative(value: &Constant) -> Option<Constant> {
    if let Constant::BigInt { negative, digits } = value {
        // -(2^63) is the one that becomes smaller.
        if **digits == [0, 0x8000_0000] && !negative {
            return Some(Constant::Int(i64::MIN));
        }
        return Some(Constant::BigInt { negative: !negative, digits: digits.clone() });
    }
    Some(match number(value)? {
        Number::Int(value) => integer(value.checked_neg()?),
        Number::Float(value) => Constant::Float(-value),
        Number::Complex(real, imaginary) => Constant::Complex(-real, -imaginary),
    })
}

/// `~value`. Of a bool it is left to run time, where it is deprecated.
pub(super) fn invert(value: &Constant) -> Option<Constant> {
    match (value, number(value)?) {
        (Constant::Bool(_), _) => None,
        (_, Number::Int(value)) => Some(integer(!value)),
        _ => None,
    }
}

pub(super) fn binary(op: Operator, left: &Constant, right: &Constant) -> Option<Constant> {
    use Number::{Complex, Float, Int};
    if let (Constant::Bool(a), Constant::Bool(b)) = (left, right) {
        match op {
            Operator::BitOr => return Some(Constant::Bool(a | b)),
            Operator::BitXor => return Some(Constant::Bool(a ^ b)),
            Operator::BitAnd => return Some(Constant::Bool(a & b)),
            _ => {}
        }
    }
    match (number(left)?, number(right)?) {
        (Int(a), Int(b)) => int_binary(op, a, b),
        (Float(a), Float(b)) => float_binary(op, a, b),
        (Int(a), Float(b)) if a.abs() <= EXACT => float_binary(op, a as f64, b),
        (Float(a), Int(b)) if b.abs() <= EXACT => float_binary(op, a, b as f64),
        (Complex(a, b), Complex(c, d)) => complex_binary(op, (a, b), (c, d)),
        (Complex(a, b), Float(c)) => complex_binary(op, (a, b), (c, 0.0)),
        (Float(a), Complex(c, d)) => complex_binary(op, (a, 0.0), (c, d)),
        (Complex(a, b), Int(c)) if c.abs() <= EXACT => complex_binary(op, (a, b), (c as f64, 0.0)),
        (Int(a), Complex(c, d)) if a.abs() <= EXACT => complex_binary(op, (a as f64, 0.0), (c, d)),
        _ => None,
    }
}

fn bits(value: i128) -> u32 {
    128 - value.unsigned_abs().leading_zeros()
}

fn int_binary(op: Operator, a: i128, b: i128) -> Option<Constant> {
    let floor_div = || {
        let quotient = a.checked_div(b)?;
        Some(if a % b != 0 && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
    };
    let value = match op {
        Operator::Add => a.checked_add(b)?,
        Operator::Sub => a.checked_sub(b)?,
        Operator::Mult if bits(a) + bits(b) <= MAX_BITS => a.checked_mul(b)?,
        Operator::FloorDiv => floor_div()?,
        Operator::Mod => a.checked_sub(floor_div()?.checked_mul(b)?)?,
        Operator::Div if b != 0 && a.abs() <= EXACT && b.abs() <= EXACT => {
            return Some(Constant::Float(a as f64 / b as f64));
        }
        Operator::Pow if b < 0 && a.abs() <= EXACT && -b <= EXACT => return float_binary(op, a as f64, b as f64),
        Operator::Pow => {
            let exponent = u32::try_from(b).ok()?;
            if a != 0 && bits(a).checked_mul(exponent)? > MAX_BITS {
                return None;
            }
            a.checked_pow(exponent)?
        }
        Operator::LShift => {
            let shift = u32::try_from(b).ok()?;
            if a == 0 {
                0
            } else if bits(a).checked_add(shift)? < MAX_BITS {
                a << shift
            } else {
                return None;
            }
        }
        Operator::RShift => a >> u32::try_from(b).ok()?.min(127),
        Operator::BitOr => a | b,
        Operator::BitXor => a ^ b,
        Operator::BitAnd => a & b,
        Operator::Mult | Operator::Div | Operator::MatMult => return None,
    };
    Some(integer(value))
}

/// Quotient and remainder as Python defines them for floats: the remainder has the divisor's sign.
fn float_divmod(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder != 0.0 {
        if (b < 0.0) != (remainder < 0.0) {
            remainder += b;
            quotient -= 1.0;
        }
    } else {
        remainder = 0.0f64.copysign(b);
    }
    if quotient != 0.0 {
        let floor = quotient.floor();
        quotient = if quotient - floor > 0.5 { floor + 1.0 } else { floor };
    } else {
        quotient = 0.0f64.copysign(a / b);
    }
    (quotient, remainder)
}

fn float_binary(op: Operator, a: f64, b: f64) -> Option<Constant> {
    let value = match op {
        Operator::Add => a + b,
        Operator::Sub => a - b,
        Operator::Mult => a * b,
        Operator::Div if b != 0.0 => a / b,
        Operator::FloorDiv if b != 0.0 => float_divmod(a, b).0,
        Operator::Mod if b != 0.0 => float_divmod(a, b).1,
        Operator::Pow => {
            // Complex results, division by zero and overflow are for run time.
            let finite = a.is_finite() && b.is_finite();
            if !finite || (a == 0.0 && b < 0.0) || (a < 0.0 && b.fract() != 0.0) {
                return None;
            }
            Some(a.powf(b)).filter(|value| value.is_finite())?
        }
        _ => return None,
    };
    Some(Constant::Float(value))
}

fn complex_binary(op: Operator, (a, b): (f64, f64), (c, d): (f64, f64)) -> Option<Constant> {
    match op {
        Operator::Add => Some(Constant::Complex(a + c, b + d)),
        Operator::Sub => Some(Constant::Complex(a - c, b - d)),
        Operator::Mult => Some(Constant::Complex(a * c - b * d, a * d + b * c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(value: i64) -> Constant {
        Constant::Int(value)
    }

    /// The results are those of the language reference: floor division and modulo agree with the divisor's sign.
    #[test]
    fn integers_divide_towards_minus_infinity() {
        for (a, b, quotient, remainder) in
            [(7, 2, 3, 1), (-7, 2, -4, 1), (7, -2, -4, -1), (-7, -2, 3, -1), (6, 3, 2, 0)]
        {
            assert_eq!(binary(Operator::FloorDiv, &int(a), &int(b)), Some(int(quotient)));
            assert_eq!(binary(Operator::Mod, &int(a), &int(b)), Some(int(remainder)));
        }
        assert_eq!(binary(Operator::Mod, &int(1), &int(0)), None);
        assert_eq!(binary(Operator::Mod, &Constant::Float(-1.0), &int(3)), Some(Constant::Float(2.0)));
        assert_eq!(binary(Operator::FloorDiv, &Constant::Float(-1.0), &int(3)), Some(Constant::Float(-1.0)));
    }

    #[test]
    fn limits_are_cpythons() {
        let two = int(2);
        assert_eq!(
            binary(Operator::Pow, &two, &int(64)),
            Some(Constant::BigInt { negative: false, digits: [0, 0, 1].into() })
        );
        assert_eq!(binary(Operator::Pow, &two, &int(65)), None);
        assert_eq!(binary(Operator::LShift, &int(1), &int(1000)), None);
        assert_eq!(binary(Operator::LShift, &int(0), &int(1000)), Some(int(0)));
        assert_eq!(binary(Operator::Pow, &int(0), &int(-1)), None);
        assert_eq!(binary(Operator::Pow, &Constant::Float(-8.0), &Constant::Float(0.5)), None);
    }

    #[test]
    fn minus_the_smallest_is_small() {
        let literal = big_int(ast::BigInt { negative: false, radix: 10, digits: "9223372036854775808" });
        assert_eq!(literal, Constant::BigInt { negative: false, digits: [0, 0x8000_0000].into() });
        assert_eq!(negative(&literal), Some(int(i64::MIN)));
        // 0x12345678_9abcdef0_123456 in 32-bit digits, the lowest first.
        let hexadecimal = big_int(ast::BigInt { negative: false, radix: 16, digits: "123456789abcdef0123456" });
        assert_eq!(
            hexadecimal,
            Constant::BigInt { negative: false, digits: [0xf012_3456, 0x789a_bcde, 0x12_3456].into() }
        );
    }
}
