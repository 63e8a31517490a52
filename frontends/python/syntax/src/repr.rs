//! Values as Python's `repr` prints them.

use std::fmt::Write;

use crate::ast::{BigInt, PyStr};
use crate::unicode::is_printable;

/// Decimal digits beyond which Python refuses to convert an integer to text.
const MAX_DECIMAL_DIGITS: usize = 4300;

/// `repr` of a string: single quotes unless only double ones save escaping.
pub fn write_str(out: &mut String, value: PyStr<'_>) {
    let bytes = value.as_wtf8();
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    out.push(quote);
    for point in value.code_points() {
        match char::from_u32(point) {
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\\') => out.push_str("\\\\"),
            Some(c) if c == quote => {
                out.push('\\');
                out.push(c);
            }
            Some(c) if is_printable(point) => out.push(c),
            _ => {
                // Writing to a String does not fail.
                let _ = match point {
                    0..0x100 => write!(out, "\\x{point:02x}"),
                    0x100..0x10000 => write!(out, "\\u{point:04x}"),
                    _ => write!(out, "\\U{point:08x}"),
                };
            }
        }
    }
    out.push(quote);
}

/// `repr` of bytes.
pub fn write_bytes(out: &mut String, value: &[u8]) {
    let quote = if value.contains(&b'\'') && !value.contains(&b'"') { '"' } else { '\'' };
    out.push('b');
    out.push(quote);
    for &byte in value {
        match byte {
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b'\\' => out.push_str("\\\\"),
            _ if char::from(byte) == quote => {
                out.push('\\');
                out.push(quote);
            }
            b' '..=b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push(quote);
}

/// The shortest digits that read back as `value`, in Python's form; `dot_zero` adds `.0` to what looks like an
/// integer.
fn write_double(out: &mut String, value: f64, dot_zero: bool) {
    if value.is_nan() {
        out.push_str("nan");
        return;
    }
    if value.is_infinite() {
        out.push_str(if value < 0.0 { "-inf" } else { "inf" });
        return;
    }
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let negative = mantissa.starts_with('-');
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    if negative {
        out.push('-');
    }
    if !(-4..16).contains(&exponent) {
        out.push_str(&digits[..1]);
        if digits.len() > 1 {
            out.push('.');
            out.push_str(&digits[1..]);
        }
        let _ = write!(out, "e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    } else if exponent < 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', (-exponent - 1) as usize));
        out.push_str(&digits);
    } else {
        let whole = exponent as usize + 1;
        if digits.len() > whole {
            let _ = write!(out, "{}.{}", &digits[..whole], &digits[whole..]);
        } else {
            out.push_str(&digits);
            out.extend(std::iter::repeat_n('0', whole - digits.len()));
            if dot_zero {
                out.push_str(".0");
            }
        }
    }
}

/// `repr` of a float.
pub fn write_float(out: &mut String, value: f64) {
    write_double(out, value, true);
}

/// `repr` of a complex number without a real part.
pub fn write_imaginary(out: &mut String, value: f64) {
    write_double(out, value, false);
    out.push('j');
}

/// `repr` of a complex number.
pub fn write_complex(out: &mut String, real: f64, imaginary: f64) {
    if real == 0.0 && real.is_sign_positive() {
        return write_imaginary(out, imaginary);
    }
    out.push('(');
    write_double(out, real, false);
    if !imaginary.is_sign_negative() {
        out.push('+');
    }
    write_imaginary(out, imaginary);
    out.push(')');
}

/// `repr` of a large integer. Where Python refuses for its length (beyond 4300 decimal digits), hexadecimal.
pub fn write_big_int(out: &mut String, value: BigInt<'_>) {
    if value.negative {
        out.push('-');
    }
    let bits_per_digit = match value.radix {
        16 => 4,
        8 => 3,
        2 => 1,
        _ => {
            out.push_str(value.digits);
            return;
        }
    };
    // 4300 decimal digits are 14285 bits.
    let limit = 14_285 / bits_per_digit;
    if value.digits.len() <= limit {
        let decimal = to_decimal(value);
        if decimal.len() <= MAX_DECIMAL_DIGITS {
            out.push_str(&decimal);
            return;
        }
    }
    let prefix = match value.radix {
        16 => "0x",
        8 => "0o",
        _ => "0b",
    };
    out.push_str(prefix);
    out.push_str(value.digits);
}

/// Schoolbook conversion; the length is bounded by the caller.
fn to_decimal(value: BigInt<'_>) -> String {
    const BASE: u64 = 1_000_000_000;
    let mut limbs: Vec<u64> = vec![0];
    for digit in value.digits.chars().filter_map(|digit| digit.to_digit(value.radix)) {
        let mut carry = u64::from(digit);
        for limb in &mut limbs {
            let next = *limb * u64::from(value.radix) + carry;
            *limb = next % BASE;
            carry = next / BASE;
        }
        if carry > 0 {
            limbs.push(carry);
        }
    }
    let mut text = String::new();
    for (index, limb) in limbs.iter().rev().enumerate() {
        let _ = if index == 0 { write!(text, "{limb}") } else { write!(text, "{limb:09}") };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Facts of `repr` in Python's documentation of `float`, `str` and `bytes`.
    #[test]
    fn floats() {
        let cases = [
            (0.0, "0.0"),
            (0.1, "0.1"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (5e-324, "5e-324"),
            (123456.789, "123456.789"),
            (f64::INFINITY, "inf"),
        ];
        for (value, expected) in cases {
            let mut out = String::new();
            write_float(&mut out, value);
            assert_eq!(out, expected);
        }
        let mut out = String::new();
        write_imaginary(&mut out, 2.0);
        assert_eq!(out, "2j");
    }

    #[test]
    fn strings() {
        let cases = [
            ("it's", "\"it's\""),
            ("a\"b'", "'a\"b\\''"),
            ("\u{7f}\u{ad}é\u{2028}\u{e0001}", "'\\x7f\\xadé\\u2028\\U000e0001'"),
        ];
        for (value, expected) in cases {
            let mut out = String::new();
            write_str(&mut out, value.into());
            assert_eq!(out, expected);
        }
        let mut out = String::new();
        write_bytes(&mut out, b"\x00'\"\xff\t");
        assert_eq!(out, "b'\\x00\\'\"\\xff\\t'");
    }

    #[test]
    fn big_integers() {
        let mut out = String::new();
        write_big_int(&mut out, BigInt { negative: false, radix: 16, digits: "10000000000000000" });
        assert_eq!(out, "18446744073709551616");
    }
}
