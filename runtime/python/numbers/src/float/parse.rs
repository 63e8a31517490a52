//! Decimal text to floats, by the rules of `float()`.

use crate::unicode::is_ascii_space;

/// The text is no float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseFloatError;

/// Significant digits that can decide how a double rounds: 767, and any later one that is not zero counts as one more.
const DECIDING: usize = 800;

/// The float that the text says, with white space around it, underscores between digits, `inf`, `infinity` and `nan` in
/// any case; what is too large becomes infinite, what is too small zero.
///
/// The text is ASCII, as [`crate::unicode::to_ascii`] makes it of other text; any other byte is no digit.
pub fn parse(text: &[u8]) -> Result<f64, ParseFloatError> {
    let text = trim(text);
    let stripped;
    let text = if text.contains(&b'_') {
        stripped = without_underscores(text).ok_or(ParseFloatError)?;
        &stripped
    } else {
        text
    };
    match scan_number(text) {
        Some((value, length)) if length == text.len() => Ok(value),
        _ => Err(ParseFloatError),
    }
}

/// White space away at both ends.
pub(crate) fn trim(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_ascii_space(*first)
    {
        text = rest;
    }
    while let [rest @ .., last] = text
        && is_ascii_space(*last)
    {
        text = rest;
    }
    text
}

/// The text without its underscores, each of which must stand between two digits.
pub(crate) fn without_underscores(text: &[u8]) -> Option<Vec<u8>> {
    let digit = |index: Option<usize>| index.and_then(|index| text.get(index)).is_some_and(u8::is_ascii_digit);
    let well = text
        .iter()
        .enumerate()
        .all(|(index, &byte)| byte != b'_' || digit(index.checked_sub(1)) && digit(index.checked_add(1)));
    well.then(|| text.iter().copied().filter(|&byte| byte != b'_').collect())
}

/// The longest number at the text's beginning, with its length in bytes.
pub(crate) fn scan_number(text: &[u8]) -> Option<(f64, usize)> {
    let (negative, start) = match text.first() {
        Some(b'-') => (true, 1),
        Some(b'+') => (false, 1),
        _ => (false, 0),
    };
    let rest = &text[start..];
    let (value, length) = word(rest).or_else(|| decimal(rest))?;
    Some((if negative { -value } else { value }, start + length))
}

fn word(text: &[u8]) -> Option<(f64, usize)> {
    if !text.first().is_some_and(u8::is_ascii_alphabetic) {
        return None;
    }
    let words = [(&b"infinity"[..], f64::INFINITY), (b"inf", f64::INFINITY), (b"nan", f64::NAN)];
    words.into_iter().find_map(|(word, value)| {
        let head = text.get(..word.len())?;
        head.eq_ignore_ascii_case(word).then_some((value, word.len()))
    })
}

/// Digits with an optional point and an optional exponent.
fn decimal(text: &[u8]) -> Option<(f64, usize)> {
    let run = |from: usize| text[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = run(0);
    let mut end = whole;
    let mut after = 0;
    if text.get(end) == Some(&b'.') {
        after = run(end + 1);
        end += 1 + after;
    }
    if whole + after == 0 {
        return None;
    }
    let mantissa_end = end;
    let mut exponent = 0i64;
    if let Some(b'e' | b'E') = text.get(end) {
        let (negative, start) = match text.get(end + 1) {
            Some(b'-') => (true, end + 2),
            Some(b'+') => (false, end + 2),
            _ => (false, end + 1),
        };
        // Without digits, the letter is not part of the number.
        if let length @ 1.. = text.get(start..).map_or(0, |_| run(start)) {
            let digits = &text[start..start + length];
            let magnitude = digits
                .iter()
                .fold(0i64, |value, &byte| value.saturating_mul(10).saturating_add(i64::from(byte - b'0')));
            exponent = if negative { -magnitude } else { magnitude };
            end = start + length;
        }
    }
    let mantissa = &text[..mantissa_end];
    let value = match exactly(mantissa, after, exponent) {
        Some(value) => value,
        None => to_double(mantissa, whole, exponent)?,
    };
    Some((value, end))
}

/// The powers of ten that are doubles.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// The number if digits (so many of them behind the point) and power of ten are doubles both: one operation rounds it.
/// (W. D. Clinger, "How to read floating point numbers accurately", 1990.)
fn exactly(mantissa: &[u8], after: usize, exponent: i64) -> Option<f64> {
    // Fifteen digits and a point.
    if mantissa.len() > 16 || mantissa.len() == 16 && !mantissa.contains(&b'.') {
        return None;
    }
    let place = exponent.checked_sub(after as i64)?;
    let power = *POWERS.get(usize::try_from(place.unsigned_abs()).ok()?)?;
    let digits = mantissa
        .iter()
        .filter(|byte| **byte != b'.')
        .fold(0u64, |value, &byte| value * 10 + u64::from(byte.wrapping_sub(b'0')));
    let digits = digits as f64;
    Some(if place < 0 { digits / power } else { digits * power })
}

/// Rounds a mantissa with `whole` digits before its point.
fn to_double(mantissa: &[u8], whole: usize, exponent: i64) -> Option<f64> {
    let short = mantissa.len() <= DECIDING && exponent.abs() < 10_000;
    if short {
        // The common case; the standard library reads ASCII digits, a point and an exponent as they are.
        let text = std::str::from_utf8(mantissa).ok()?;
        if exponent == 0 {
            return text.parse().ok();
        }
        return format!("{text}e{exponent}").parse().ok();
    }
    // Long mantissas and exponents may cancel: move the point behind the first digit that is not zero.
    let digits = mantissa.iter().copied().filter(u8::is_ascii_digit);
    let zeros = digits.clone().take_while(|&digit| digit == b'0').count();
    let mut kept: Vec<u8> = digits.clone().skip(zeros).take(DECIDING).collect();
    if kept.is_empty() {
        return Some(0.0);
    }
    if digits.skip(zeros + DECIDING).any(|digit| digit != b'0') {
        kept.push(b'1');
    }
    // 0.ddd * 10 ** place
    let place = exponent.saturating_add(whole as i64).saturating_sub(zeros as i64);
    if place > 400 {
        return Some(f64::INFINITY);
    }
    if place < -400 {
        return Some(0.0);
    }
    let digits = std::str::from_utf8(&kept).ok()?;
    format!("0.{digits}e{place}").parse().ok()
}
