//! Numbers from and to text.

use super::convert::{from_digits, to_digits};
use super::round::finalize;
use super::{Context, Dec, Env, HUGE, Kind, Res, invalid, status};

/// How a number is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Style {
    /// With an exponent only where that is far from 0.
    Scientific,
    /// The same, exponents being multiples of three.
    Engineering,
    /// Always with an exponent.
    Exponent,
    /// Never with one.
    Fixed,
}

/// The number that the text is, fitted into the context; ConversionSyntax for anything else.
pub(crate) fn parse(text: &[u8], cx: &Context, env: &mut Env<'_>) -> Res {
    match read(text, env)? {
        Some(d) if d.is_nan() => {
            if !d.limbs.is_empty() && d.digits() > cx.prec - i64::from(cx.clamp) {
                return Ok(invalid(env, status::CONVERSION_SYNTAX));
            }
            Ok(d)
        }
        Some(d) => finalize(d, cx, env),
        None => Ok(invalid(env, status::CONVERSION_SYNTAX)),
    }
}
fn read(text: &[u8], env: &mut Env<'_>) -> Res<Option<Dec>> {
    let (negative, rest) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let is_word = |word: &str| rest.eq_ignore_ascii_case(word.as_bytes());
    if is_word("inf") || is_word("infinity") {
        return Ok(Some(Dec::infinity(negative)));
    }
    let (kind, payload) = match rest {
        [b's' | b'S', rest @ ..] => (Kind::Signaling, Some(rest)),
        rest => (Kind::Quiet, Some(rest)),
    };
    if let Some([b'n' | b'N', b'a' | b'A', b'n' | b'N', payload @ ..]) = payload {
        if !payload.iter().all(u8::is_ascii_digit) {
            return Ok(None);
        }
        return Ok(Some(Dec { negative, kind, exp: 0, limbs: from_digits(payload, env)? }));
    }
    let end = rest.iter().position(|c| matches!(c, b'e' | b'E')).unwrap_or(rest.len());
    let (number, exponent) = rest.split_at(end);
    let exponent = match exponent {
        [] => 0,
        [_, exponent @ ..] => match read_exponent(exponent) {
            Some(exponent) => exponent,
            None => return Ok(None),
        },
    };
    let point = number.iter().position(|c| *c == b'.');
    let places = point.map_or(0, |p| number.len() - p - 1) as i64;
    let joined;
    let digits = match point {
        None => number,
        Some(p) => {
            joined = [&number[..p], &number[p + 1..]].concat();
            &joined
        }
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Ok(None);
    }
    Ok(Some(Dec::new(negative, from_digits(digits, env)?, (exponent - places).clamp(-2 * HUGE, 2 * HUGE))))
}
/// Exponents beyond all limits are cut.
fn read_exponent(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let magnitude = digits.iter().fold(0i64, |n, c| (n.saturating_mul(10)).saturating_add(i64::from(c - b'0')));
    let magnitude = magnitude.min(2 * HUGE);
    Some(if negative { -magnitude } else { magnitude })
}
/// Sign, then `Infinity`, `NaN` or the number; digits before the point in [`Style::Exponent`] are `point`.
pub(crate) fn to_text(d: &Dec, style: Style, capitals: bool, point: i64, env: &mut Env<'_>) -> Res<String> {
    let mut text = String::new();
    if d.negative {
        text.push('-');
    }
    match d.kind {
        Kind::Infinite => {
            text.push_str("Infinity");
            return Ok(text);
        }
        Kind::Quiet => text.push_str("NaN"),
        Kind::Signaling => text.push_str("sNaN"),
        Kind::Finite => {}
    }
    if d.is_nan() {
        if !d.limbs.is_empty() {
            let digits = to_digits(&d.limbs, env)?;
            text.push_str(std::str::from_utf8(&digits).unwrap_or_default());
        }
        return Ok(text);
    }
    let digits = to_digits(&d.limbs, env)?;
    let digits = std::str::from_utf8(&digits).unwrap_or_default();
    let length = digits.len() as i64;
    let left = d.exp + length;
    let dot = match style {
        Style::Fixed => left,
        _ if d.exp <= 0 && left > -6 && style != Style::Exponent => left,
        Style::Engineering if d.limbs.is_empty() => (left + 1).rem_euclid(3) - 1,
        Style::Engineering => (left - 1).rem_euclid(3) + 1,
        _ => point,
    };
    let zeros = |text: &mut String, count: i64, env: &mut Env<'_>| -> Res<()> {
        let count = usize::try_from(count).map_err(|_| super::Error::Memory)?;
        env.room(count / 8)?;
        text.try_reserve(count).map_err(|_| super::Error::Memory)?;
        text.extend(std::iter::repeat_n('0', count));
        Ok(())
    };
    if dot <= 0 {
        text.push_str("0.");
        zeros(&mut text, -dot, env)?;
        text.push_str(digits);
    } else if dot >= length {
        text.push_str(digits);
        zeros(&mut text, dot - length, env)?;
    } else {
        text.push_str(&digits[..dot as usize]);
        text.push('.');
        text.push_str(&digits[dot as usize..]);
    }
    if dot != left || style == Style::Exponent {
        let e = if capitals { 'E' } else { 'e' };
        text.push_str(&format!("{e}{:+}", left - dot));
    }
    Ok(text)
}
