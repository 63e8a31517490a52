//! `float.hex` and `float.fromhex`.

use super::parse::trim;
use super::scale::ldexp;

/// Why a text is no hexadecimal float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// It has another form.
    Invalid,
    /// It is beyond the largest float.
    Overflow,
}

/// `value.hex()`.
pub fn hex(value: f64) -> String {
    if !value.is_finite() {
        return super::repr(value);
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = value.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let (whole, exponent) = match bits >> 52 & 0x7FF {
        0 => (0, -1022),
        biased => (1, biased as i32 - 1023),
    };
    format!("{sign}0x{whole}.{fraction:013x}p{exponent:+}")
}

/// `float.fromhex(text)`, correctly rounded. The text is ASCII; white space around it is ignored.
pub fn fromhex(text: &[u8]) -> Result<f64, HexError> {
    let text = trim(text);
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let value = if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
        f64::INFINITY
    } else if rest.eq_ignore_ascii_case(b"nan") {
        f64::NAN
    } else {
        magnitude(rest)?
    };
    Ok(if negative { -value } else { value })
}

/// Hexadecimal digits with an optional prefix, point and binary exponent.
fn magnitude(text: &[u8]) -> Result<f64, HexError> {
    let text = match text {
        [b'0', b'x' | b'X', rest @ ..] => rest,
        _ => text,
    };
    let run = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let (whole, rest) = text.split_at(run(text));
    let (fraction, rest) = match rest {
        [b'.', rest @ ..] => rest.split_at(run(rest)),
        _ => (&rest[..0], rest),
    };
    if whole.is_empty() && fraction.is_empty() {
        return Err(HexError::Invalid);
    }
    let exponent = match rest {
        [] => 0,
        [b'p' | b'P', rest @ ..] => decimal_exponent(rest).ok_or(HexError::Invalid)?,
        _ => return Err(HexError::Invalid),
    };
    // The first 64 bits that are not zero, the last of them also standing for what follows.
    let mut bits = 0u64;
    let mut dropped = 0i64;
    for digit in whole.iter().chain(fraction).map(|&byte| char::from(byte).to_digit(16).map_or(0, u64::from)) {
        if bits >> 60 == 0 {
            bits = bits << 4 | digit;
        } else {
            dropped += 1;
            bits |= u64::from(digit != 0);
        }
    }
    if bits == 0 {
        return Ok(0.0);
    }
    let scale = (dropped - fraction.len() as i64).saturating_mul(4).saturating_add(exponent);
    let value = rounded(bits, scale);
    if value.is_infinite() { Err(HexError::Overflow) } else { Ok(value) }
}

/// A sign and decimal digits; what is beyond any float's reach counts as far beyond.
fn decimal_exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let magnitude =
        digits.iter().fold(0i64, |value, &byte| value.saturating_mul(10).saturating_add(i64::from(byte - b'0')));
    Some(if negative { -magnitude } else { magnitude })
}

/// `bits * 2 ** scale`, rounded once, half to even.
fn rounded(bits: u64, scale: i64) -> f64 {
    let length = i64::from(64 - bits.leading_zeros());
    let Some(top) = scale.checked_add(length) else { return f64::INFINITY };
    // A subnormal result has fewer bits than 53: round to those here, so that the scaling is exact.
    let keep = if top < -1021 { 53 - (-1021 - top) } else { 53 };
    if keep < 0 {
        return 0.0;
    }
    let drop = length - keep;
    if drop <= 0 {
        return ldexp(bits as f64, scale);
    }
    let wide = u128::from(bits);
    let (mut kept, lost) = (wide >> drop, wide & ((1 << drop) - 1));
    let half = 1u128 << (drop - 1);
    if lost > half || lost == half && kept & 1 == 1 {
        kept += 1;
    }
    ldexp(kept as f64, scale + drop)
}
