//! Floats to decimal text: what `repr` and the format codes print, without the sign.

use std::fmt::Write;

/// The format codes, in lower case; upper case is the caller's (only `e`, `inf` and `nan` have letters).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormatCode {
    /// `e`: always an exponent, so many digits after the point.
    Exponent,
    /// `f` (and `%` after multiplying by 100): never an exponent, so many digits after the point.
    Fixed,
    /// `g` and `n`: so many significant digits, an exponent for large and small values.
    General,
    /// `r`: the shortest digits that read back as the same float; ignores the precision.
    Repr,
}

/// How a number is laid out beyond its code and precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The alternate form (`#`): always a point, and `g` keeps trailing zeros.
    pub alternate: bool,
    /// At least one digit after the point where there is no exponent (`1.0`).
    pub point_zero: bool,
}

/// No double has more significant decimal digits than 767, nor more digits than 1074 after the point.
const MOST_DIGITS: usize = 1100;

/// `repr(value)`, with sign.
pub fn repr(value: f64) -> String {
    let mut text = format(value, FormatCode::Repr, 0, Layout { alternate: false, point_zero: true });
    if value.is_sign_negative() && !value.is_nan() {
        text.insert(0, '-');
    }
    text
}

/// The text of `abs(value)`, as CPython's `PyOS_double_to_string` without its sign: `inf` and `nan` too.
///
/// The text has as many characters as the precision says: the caller refuses what memory does not hold, and CPython refuses
/// more than 2^31 - 1.
pub fn format(value: f64, code: FormatCode, precision: usize, layout: Layout) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return "inf".to_owned();
    }
    let value = value.abs();
    match code {
        FormatCode::Fixed => fixed(value, precision, layout),
        FormatCode::Exponent => {
            let (digits, exponent) = significant(value, precision.saturating_add(1));
            with_exponent(&digits, exponent, precision.saturating_add(1), layout)
        }
        FormatCode::General => {
            let precision = precision.max(1);
            let (digits, exponent) = significant(value, precision);
            // As wide as the precision, so 1e16 for a point's digit too where that is asked for.
            let limit = i64::try_from(precision).unwrap_or(i64::MAX) - i64::from(layout.point_zero);
            let width = if layout.alternate { precision } else { 0 };
            if exponent < -4 || i64::from(exponent) >= limit {
                with_exponent(&digits, exponent, width, layout)
            } else {
                positional(&digits, exponent, width, layout)
            }
        }
        FormatCode::Repr => {
            let (digits, exponent) = shortest(value);
            if (-4..16).contains(&exponent) {
                positional(&digits, exponent, 0, layout)
            } else {
                with_exponent(&digits, exponent, 0, layout)
            }
        }
    }
}

/// Of `d.ddde±x`, the digits without trailing zeros and the exponent of the first.
fn split_exponent(mut text: String) -> (String, i32) {
    let mut exponent = 0;
    if let Some(place) = text.rfind('e') {
        exponent = text[place + 1..].parse().unwrap_or(0);
        text.truncate(place);
    }
    if text.len() > 1 {
        text.remove(1);
        let length = text.trim_end_matches('0').len();
        text.truncate(length.max(1));
    }
    (text, exponent)
}

/// The shortest digits that read back as the value; where two are equally near, those that end in an even digit.
fn shortest(value: f64) -> (String, i32) {
    let mut text = String::with_capacity(24);
    // Writing to a string does not fail.
    let _ = write!(text, "{value:e}");
    let (digits, exponent) = split_exponent(text);
    // The standard library's choice between two is not Python's. Two are equally near only where the exact value has one
    // decimal more, a five; so its lowest bit is two to minus that many decimals.
    let decimals = digits.len() as i32 - 1 - exponent;
    if decimals < 1 || lowest_bit(value) != -(decimals + 1) {
        return (digits, exponent);
    }
    let below = format!("{value:.*}", decimals as usize + 1);
    match below.as_bytes() {
        [.., last, b'5'] => {
            let even = last + (last - b'0') % 2;
            let (kept, _) = digits.split_at(digits.len() - 1);
            let chosen = format!("{kept}{}", char::from(even));
            // Below a power of two floats lie closer: what is as near may be another float's.
            let reads_back = format!("{chosen}e{}", exponent + 1 - chosen.len() as i32).parse() == Ok(value.abs());
            (if reads_back { chosen } else { digits }, exponent)
        }
        _ => (digits, exponent),
    }
}

/// The exponent of the lowest bit that is set; the value is not zero or has no bit.
fn lowest_bit(value: f64) -> i32 {
    let bits = value.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i32;
    let mantissa = bits & ((1 << 52) - 1) | if exponent == 0 { 0 } else { 1 << 52 };
    exponent.max(1) - 1075 + mantissa.trailing_zeros() as i32
}

/// So many significant digits, exactly rounded; trailing zeros away.
fn significant(value: f64, digits: usize) -> (String, i32) {
    let digits = digits.clamp(1, MOST_DIGITS);
    split_exponent(format!("{value:.*e}", digits - 1))
}

/// Fixed notation, exactly rounded.
fn fixed(value: f64, precision: usize, layout: Layout) -> String {
    let shown = precision.min(MOST_DIGITS);
    let mut text = format!("{value:.shown$}");
    text.extend(std::iter::repeat_n('0', precision - shown));
    if precision == 0 && layout.alternate {
        text.push('.');
    }
    if precision == 0 && layout.point_zero {
        text.push_str(if layout.alternate { "0" } else { ".0" });
    }
    text
}

/// `d.ddde±xx` with at least `width` digits.
fn with_exponent(digits: &str, exponent: i32, width: usize, layout: Layout) -> String {
    let (first, rest) = digits.split_at(1);
    let mut text = String::with_capacity(digits.len().max(width) + 6);
    text.push_str(first);
    if rest.is_empty() && width <= 1 {
        if layout.alternate {
            text.push('.');
        }
    } else {
        text.push('.');
        text.push_str(rest);
        text.extend(std::iter::repeat_n('0', width.saturating_sub(digits.len())));
    }
    // Writing to a string does not fail.
    let _ = write!(text, "e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.unsigned_abs());
    text
}

/// Without an exponent, with at least `width` significant digits.
fn positional(digits: &str, exponent: i32, width: usize, layout: Layout) -> String {
    let mut text = String::with_capacity(digits.len().max(width) + 8);
    let zeros = |count: usize| std::iter::repeat_n('0', count);
    let padding = width.saturating_sub(digits.len());
    let Ok(exponent) = usize::try_from(exponent) else {
        text.push_str("0.");
        text.extend(zeros(exponent.unsigned_abs() as usize - 1));
        text.push_str(digits);
        text.extend(zeros(padding));
        return text;
    };
    let whole = exponent + 1;
    if digits.len() > whole {
        let (before, after) = digits.split_at(whole);
        text.push_str(before);
        text.push('.');
        text.push_str(after);
        text.extend(zeros(padding));
        return text;
    }
    text.push_str(digits);
    text.extend(zeros(whole - digits.len()));
    let after = width.saturating_sub(whole);
    if after > 0 || layout.alternate || layout.point_zero {
        text.push('.');
        text.extend(zeros(if layout.point_zero { after.max(1) } else { after }));
    }
    text
}
