//! UTF-7 (RFC 2152): ASCII stands for itself; all else is UTF-16 in base 64 between a `+` and what is no digit of base 64.
//!
//! All of the RFC's direct and optionally direct characters are written as they are, as CPython does.

use crate::TextBuilder;
use crate::units::Units;

type DecodeResult = Result<usize, (usize, usize, &'static str)>;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn digit(byte: u8) -> Option<u32> {
    Some(match byte {
        b'A'..=b'Z' => u32::from(byte - b'A'),
        b'a'..=b'z' => u32::from(byte - b'a') + 26,
        b'0'..=b'9' => u32::from(byte - b'0') + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    })
}

/// Is a character written as it is?
fn is_direct(point: u32) -> bool {
    matches!(point, 0x09 | 0x0A | 0x0D | 0x20..=0x7D) && !matches!(point, 0x2B | 0x5C)
}

/// Bits on their way from units of 16 to digits of 6, or back.
#[derive(Default)]
struct Bits {
    value: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        self.value = self.value << count | value;
        self.count += count;
    }
    /// The oldest bits, if there are so many.
    fn take(&mut self, count: u32) -> Option<u32> {
        let left = self.count.checked_sub(count)?;
        let taken = self.value >> left;
        self.value &= (1 << left) - 1;
        self.count = left;
        Some(taken)
    }
}

pub(super) fn encode(text: Units<'_>, from: usize, out: &mut TextBuilder) {
    let put = |value: u32, out: &mut TextBuilder| out.push(DIGITS[(value & 63) as usize].into());
    let mut shifted: Option<Bits> = None;
    let finish = |bits: Bits, out: &mut TextBuilder| {
        if bits.count > 0 {
            put(bits.value << (6 - bits.count), out);
        }
    };
    for point in text.slice(from..text.len()).points() {
        if out.refuses() {
            return;
        }
        if is_direct(point) {
            if let Some(bits) = shifted.take() {
                finish(bits, out);
                // Other characters end the base 64 by being none of its digits.
                if u8::try_from(point).is_ok_and(|byte| digit(byte).is_some() || byte == b'-') {
                    out.push(u32::from('-'));
                }
            }
            out.push(point);
            continue;
        }
        if shifted.is_none() && point == u32::from('+') {
            out.push_str("+-");
            continue;
        }
        let bits = shifted.get_or_insert_with(|| {
            out.push(u32::from('+'));
            Bits::default()
        });
        let halves = match point.checked_sub(0x1_0000) {
            Some(beyond) => [Some(0xD800 | beyond >> 10), Some(0xDC00 | beyond & 0x3FF)],
            None => [Some(point), None],
        };
        for unit in halves.into_iter().flatten() {
            bits.push(unit, 16);
            while let Some(value) = bits.take(6) {
                put(value, out);
            }
        }
    }
    if let Some(bits) = shifted {
        finish(bits, out);
        out.push(u32::from('-'));
    }
}

pub(super) fn decode(bytes: &[u8], from: usize, complete: bool, out: &mut TextBuilder) -> DecodeResult {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        if out.refuses() {
            return Ok(at);
        }
        match (byte, bytes.get(at + 1)) {
            (b'+', Some(b'-')) => {
                out.push(u32::from('+'));
                at += 2;
            }
            (b'+', Some(&next)) if digit(next).is_none() => return Err((at, at + 2, "ill-formed sequence")),
            (b'+', _) => match shifted(bytes, at, complete, out)? {
                Some(next) => at = next,
                None => return Ok(at),
            },
            (0..0x80, _) => {
                out.push(byte.into());
                at += 1;
            }
            _ => return Err((at, at + 1, "unexpected special character")),
        }
    }
    Ok(at)
}

/// Decodes base 64 behind the `+` at `start`: the index behind it, or `None` if more input must come.
fn shifted(
    bytes: &[u8],
    start: usize,
    complete: bool,
    out: &mut TextBuilder,
) -> Result<Option<usize>, (usize, usize, &'static str)> {
    let (mut bits, mut high, mut at) = (Bits::default(), None::<u32>, start + 1);
    // Nothing of an unfinished sequence may be put out if its rest comes later.
    let mut held = TextBuilder::new();
    let end = loop {
        let Some(&byte) = bytes.get(at) else { break None };
        let Some(value) = digit(byte) else { break Some(byte) };
        bits.push(value, 6);
        at += 1;
        let Some(unit) = bits.take(16) else { continue };
        match (high.take(), unit) {
            (Some(first), 0xDC00..0xE000) => {
                held.push(0x1_0000 + ((first & 0x3FF) << 10 | unit & 0x3FF));
                continue;
            }
            (Some(first), _) => held.push(first),
            (None, _) => {}
        }
        match unit {
            0xD800..0xDC00 => high = Some(unit),
            _ => held.push(unit),
        }
    };
    if end.is_none() && !complete {
        return Ok(None);
    }
    let put = |out: &mut TextBuilder, held: TextBuilder| {
        if let Ok(text) = held.finish() {
            out.push_units(text.units());
        }
    };
    let wrong = match end {
        None if high.is_some() || bits.count >= 6 || bits.value != 0 => Some((at, "unterminated shift sequence")),
        Some(_) if bits.count >= 6 => Some((at + 1, "partial character in shift sequence")),
        Some(_) if bits.value != 0 => Some((at + 1, "non-zero padding bits in shift sequence")),
        _ => None,
    };
    if let Some((stop, reason)) = wrong {
        put(out, held);
        return Err((start, stop, reason));
    }
    if let (Some(first), Some(0..0x80)) = (high, end) {
        held.push(first);
    }
    put(out, held);
    Ok(Some(at + usize::from(end == Some(b'-'))))
}
