//! UTF-16 and UTF-32. [`ByteOrder::Marked`] is little-endian here; marks are the caller's.

use super::ByteOrder;
use crate::TextBuilder;
use crate::units::{Unit, Units, each_width};

type DecodeResult = Result<usize, (usize, usize, &'static str)>;

fn bytes_16(unit: u16, order: ByteOrder) -> [u8; 2] {
    if order == ByteOrder::Big { unit.to_be_bytes() } else { unit.to_le_bytes() }
}

fn bytes_32(unit: u32, order: ByteOrder) -> [u8; 4] {
    if order == ByteOrder::Big { unit.to_be_bytes() } else { unit.to_le_bytes() }
}

/// The one or two units of a code point.
fn halves(point: u32) -> (u16, Option<u16>) {
    match point.checked_sub(0x1_0000) {
        None => (point as u16, None),
        Some(high) => (0xD800 + (high >> 10 & 0x3FF) as u16, Some(0xDC00 + (high & 0x3FF) as u16)),
    }
}

/// A code point as it stands, surrogates included.
pub(super) fn push_point_16(point: u32, order: ByteOrder, out: &mut TextBuilder) {
    let (first, second) = halves(point);
    out.push_units(Units::One(&bytes_16(first, order)));
    if let Some(second) = second {
        out.push_units(Units::One(&bytes_16(second, order)));
    }
}

pub(super) fn push_32(unit: u32, order: ByteOrder, out: &mut TextBuilder) {
    out.push_units(Units::One(&bytes_32(unit, order)));
}

/// Encodes by `put`, which writes a code point and says how many bytes that took; the error is one surrogate.
fn encode<U: Unit>(
    units: &[U],
    from: usize,
    out: &mut TextBuilder,
    put: impl Fn(u32, &mut [u8; 4]) -> usize,
) -> Result<(), (usize, usize)> {
    let rest = units.get(from..).unwrap_or_default();
    // In blocks, each made on the side.
    for (block_index, block) in rest.chunks(256).enumerate() {
        let (mut bytes, mut length) = ([0; 4 * 256], 0);
        let mut error = None;
        for (offset, unit) in block.iter().enumerate() {
            let (Some(place), false) = (bytes[length..].first_chunk_mut(), (0xD800..0xE000).contains(&unit.point()))
            else {
                let start = from + block_index * 256 + offset;
                error = Some((start, start + 1));
                break;
            };
            length += put(unit.point(), place);
        }
        out.push_units(Units::One(&bytes[..length]));
        if let Some(error) = error {
            return Err(error);
        }
        if out.refuses() {
            break;
        }
    }
    Ok(())
}

pub(super) fn encode_16(
    text: Units<'_>,
    from: usize,
    order: ByteOrder,
    out: &mut TextBuilder,
) -> Result<(), (usize, usize)> {
    each_width!(text, units => encode(units, from, out, |point, bytes| {
        let (first, second) = halves(point);
        bytes[..2].copy_from_slice(&bytes_16(first, order));
        match second {
            None => 2,
            Some(second) => {
                bytes[2..].copy_from_slice(&bytes_16(second, order));
                4
            }
        }
    }))
}

pub(super) fn encode_32(
    text: Units<'_>,
    from: usize,
    order: ByteOrder,
    out: &mut TextBuilder,
) -> Result<(), (usize, usize)> {
    each_width!(text, units => encode(units, from, out, |point, bytes| {
        *bytes = bytes_32(point, order);
        4
    }))
}

pub(super) fn unit_16(bytes: [u8; 2], order: ByteOrder) -> u16 {
    if order == ByteOrder::Big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
}

pub(super) fn unit_32(bytes: [u8; 4], order: ByteOrder) -> u32 {
    if order == ByteOrder::Big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
}

pub(super) fn decode_16(
    bytes: &[u8],
    from: usize,
    order: ByteOrder,
    complete: bool,
    out: &mut TextBuilder,
) -> DecodeResult {
    let mut at = from;
    while let Some((&first, rest)) = bytes[at..].split_first_chunk::<2>().filter(|_| !out.refuses()) {
        let unit = u32::from(unit_16(first, order));
        match unit {
            0xD800..0xDC00 => {
                let Some(&second) = rest.first_chunk::<2>() else {
                    let end = (at, bytes.len(), "unexpected end of data");
                    return if complete { Err(end) } else { Ok(at) };
                };
                let second = u32::from(unit_16(second, order));
                if !(0xDC00..0xE000).contains(&second) {
                    return Err((at, at + 2, "illegal UTF-16 surrogate"));
                }
                out.push(0x1_0000 + ((unit - 0xD800) << 10) + (second - 0xDC00));
                at += 4;
            }
            0xDC00..0xE000 => return Err((at, at + 2, "illegal encoding")),
            _ => {
                out.push(unit);
                at += 2;
            }
        }
    }
    if at == bytes.len() || !complete { Ok(at) } else { Err((at, bytes.len(), "truncated data")) }
}

pub(super) fn decode_32(
    bytes: &[u8],
    from: usize,
    order: ByteOrder,
    complete: bool,
    out: &mut TextBuilder,
) -> DecodeResult {
    let mut at = from;
    while let Some(&unit) = bytes[at..].first_chunk::<4>().filter(|_| !out.refuses()) {
        match unit_32(unit, order) {
            0xD800..0xE000 => return Err((at, at + 4, "code point in surrogate code point range(0xd800, 0xe000)")),
            0x11_0000.. => return Err((at, at + 4, "code point not in range(0x110000)")),
            point => out.push(point),
        }
        at += 4;
    }
    if at == bytes.len() || !complete { Ok(at) } else { Err((at, bytes.len(), "truncated data")) }
}
