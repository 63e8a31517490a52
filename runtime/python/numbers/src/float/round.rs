//! `round(x)` and `round(x, ndigits)`.

/// Why a float cannot be rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundError {
    /// The result is beyond the largest float.
    Overflow,
}

/// The nearest integer, ties to even, as a float: what `round(x)` converts to an integer.
pub fn round_half_even(value: f64) -> f64 {
    value.round_ties_even()
}

/// The float nearest to the exact value rounded to so many decimal digits after the point (before it, where negative),
/// ties to even.
pub fn round_to_digits(value: f64, digits: i64) -> Result<f64, RoundError> {
    // Beyond 323 digits nothing is cut off, 309 or more before the point leave nothing.
    if !value.is_finite() || digits > 323 || value == 0.0 {
        return Ok(value);
    }
    if digits < -308 {
        return Ok(0f64.copysign(value));
    }
    let text = match usize::try_from(digits) {
        Ok(digits) => format!("{value:.digits$}"),
        Err(_) => round_before_point(value, digits.unsigned_abs() as usize),
    };
    // The standard library writes what it reads.
    let rounded: f64 = text.parse().unwrap_or(value);
    if rounded.is_infinite() { Err(RoundError::Overflow) } else { Ok(rounded) }
}

/// The decimal text of the value rounded to a multiple of 10 ** `places`.
fn round_before_point(value: f64, places: usize) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    let whole = format!("{:.0}", value.abs().trunc());
    // A zero in front takes a carry, and is there when all digits go.
    let padded = format!("{whole:0>width$}", width = places + 1);
    let (kept, lost) = padded.split_at(padded.len() - places);
    let (first, below) = lost.split_at(1);
    let below = below.bytes().any(|digit| digit != b'0') || value.fract() != 0.0;
    let even = kept.bytes().last().is_none_or(|digit| digit % 2 == 0);
    let up = match first.bytes().next() {
        Some(b'5') => below || !even,
        first => first > Some(b'5'),
    };
    let mut kept = kept.as_bytes().to_vec();
    if up {
        let nines = kept.iter().rev().take_while(|&&digit| digit == b'9').count();
        let length = kept.len();
        kept[length - nines..].fill(b'0');
        match length.checked_sub(nines + 1) {
            Some(index) => kept[index] += 1,
            None => kept.insert(0, b'1'),
        }
    }
    let kept: String = kept.into_iter().map(char::from).collect();
    format!("{sign}{kept}e{places}")
}
