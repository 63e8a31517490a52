//! Values of number literals.

use super::{Failed, Parse, Parser};
use crate::ast::Constant;

/// Decimal digits CPython converts; more are refused, as converting takes quadratic time there.
const MAX_DECIMAL_DIGITS: usize = 4300;

/// A literal CPython refuses although its form is right.
#[derive(Debug)]
pub(crate) enum NumberError {
    /// Too many decimal digits: how many.
    TooManyDigits(usize),
}

/// Splits an integer literal without underscores into radix and digits.
pub(crate) fn int_literal(text: &str) -> Result<(u32, &str), NumberError> {
    let radix = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => {
            if text.len() > MAX_DECIMAL_DIGITS {
                return Err(NumberError::TooManyDigits(text.len()));
            }
            return Ok((10, text));
        }
    };
    Ok((radix, &text[2..]))
}

impl Parser<'_> {
    /// The value of the NUMBER token under way.
    pub(super) fn number_value(&mut self) -> Parse<Constant> {
        let token = *self.token();
        let bytes = self.bytes(&token);
        if bytes.len() <= 18 && bytes.iter().all(u8::is_ascii_digit) {
            let value = bytes.iter().fold(0i64, |value, digit| value * 10 + i64::from(digit - b'0'));
            return Ok(Constant::Int(value));
        }
        let text: String = bytes.iter().filter(|&&byte| byte != b'_').map(|&byte| char::from(byte)).collect();
        if let Some(digits) = text.strip_suffix(['j', 'J']) {
            return Ok(Constant::Complex(0.0, digits.parse().map_err(|_| Failed)?));
        }
        let prefixed = matches!(bytes, [b'0', b'x' | b'X' | b'o' | b'O' | b'b' | b'B', ..]);
        if !prefixed && text.contains(['.', 'e', 'E']) {
            return Ok(Constant::Float(text.parse().map_err(|_| Failed)?));
        }
        let (radix, digits) = int_literal(&text).map_err(|_| Failed)?;
        Ok(self.ast.add_int(digits, radix))
    }
}
