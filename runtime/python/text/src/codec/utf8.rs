//! UTF-8, which has no surrogates.

use crate::TextBuilder;
use crate::units::{Unit, Units, each_width};

/// Encodes until a stretch of surrogates, which is the error.
pub(super) fn encode(text: Units<'_>, from: usize, out: &mut TextBuilder) -> Result<(), (usize, usize)> {
    if let Units::One(bytes) = text
        && bytes.is_ascii()
    {
        out.push_units(text.slice(from..bytes.len()));
        return Ok(());
    }
    each_width!(text, units => encode_units(units, from, out))
}

fn encode_units<U: Unit>(units: &[U], from: usize, out: &mut TextBuilder) -> Result<(), (usize, usize)> {
    let rest = units.get(from..).unwrap_or_default();
    // In blocks, each made on the side.
    for (block_index, block) in rest.chunks(256).enumerate() {
        let (mut bytes, mut length) = ([0; 4 * 256], 0);
        for (offset, unit) in block.iter().enumerate() {
            let Some(c) = char::from_u32(unit.point()) else {
                out.push_units(Units::One(&bytes[..length]));
                let start = from + block_index * 256 + offset;
                let others = units[start..].iter().take_while(|unit| char::from_u32(unit.point()).is_none());
                return Err((start, start + others.count()));
            };
            length += c.encode_utf8(&mut bytes[length..]).len();
        }
        out.push_units(Units::One(&bytes[..length]));
        if out.refuses() {
            break;
        }
    }
    Ok(())
}

pub(super) fn decode(
    bytes: &[u8],
    from: usize,
    complete: bool,
    out: &mut TextBuilder,
) -> Result<usize, (usize, usize, &'static str)> {
    let rest = &bytes[from..];
    let error = match std::str::from_utf8(rest) {
        Ok(text) => {
            out.push_str(text);
            return Ok(bytes.len());
        }
        Err(error) => error,
    };
    let (good, bad) = rest.split_at(error.valid_up_to());
    // The part that was found valid.
    out.push_str(std::str::from_utf8(good).unwrap_or_default());
    let start = from + good.len();
    // Surrogates are invalid by their second byte; where more is to come, a handler may want to see the third.
    let half_surrogate = matches!(bad, [0xED, 0xA0..=0xBF, ..]);
    match error.error_len() {
        _ if half_surrogate && bad.len() == 2 && !complete => Ok(start),
        None if !complete => Ok(start),
        None => Err((start, bytes.len(), "unexpected end of data")),
        Some(length) => {
            let reason = match bad {
                [0x80..0xC2 | 0xF5.., ..] => "invalid start byte",
                _ => "invalid continuation byte",
            };
            Err((start, start + length, reason))
        }
    }
}
