//! Japan: Shift JIS, code page 932 and EUC-JP, over JIS X 0208 and 0212 and over JIS X 0213.

use crate::jisx0213::{self, Code, Edition, Points};
use crate::maps::{CP932, JISX0208, JISX0212, of_shift_jis, to_shift_jis};
use crate::multibyte::{Bytes, Fault, Multibyte, Plain, Step, put, put_code, second};
use python_text::TextBuilder;

pub(crate) static CODECS: &[&dyn Multibyte] = &[
    &Plain { name: "shift_jis", encode: encode_sjis, decode: decode_sjis, own_ascii: false },
    &Plain { name: "cp932", encode: encode_cp932, decode: decode_cp932, own_ascii: false },
    &Plain { name: "euc_jp", encode: encode_euc, decode: decode_euc, own_ascii: false },
    &Plain {
        name: "shift_jis_2004",
        encode: |c, next, whole, out| encode_sjisx(c, next, whole, out, Edition::Of2004),
        decode: |input, out| decode_sjisx(input, out, Edition::Of2004),
        own_ascii: true,
    },
    &Plain {
        name: "euc_jis_2004",
        encode: |c, next, whole, out| encode_eucx(c, next, whole, out, Edition::Of2004),
        decode: |input, out| decode_eucx(input, out, Edition::Of2004),
        own_ascii: false,
    },
    &Plain {
        name: "euc_jisx0213",
        encode: |c, next, whole, out| encode_eucx(c, next, whole, out, Edition::Of2000),
        decode: |input, out| decode_eucx(input, out, Edition::Of2000),
        own_ascii: false,
    },
    &Plain {
        name: "shift_jisx0213",
        encode: |c, next, whole, out| encode_sjisx(c, next, whole, out, Edition::Of2000),
        decode: |input, out| decode_sjisx(input, out, Edition::Of2000),
        own_ascii: true,
    },
];

/// Halfwidth katakana are one byte, with the high bit, this far from Unicode's.
const KATAKANA: u32 = 0xFEC0;
const YEN: u32 = 0xA5;
const OVERLINE: u32 = 0x203E;
/// Shifts to katakana and to JIS X 0212 in EUC.
const SS2: u8 = 0x8E;
const SS3: u8 = 0x8F;

/// The byte of halfwidth katakana.
pub(crate) fn katakana_byte(c: u32) -> Option<u8> {
    (0xFF61..=0xFF9F).contains(&c).then(|| (c - KATAKANA) as u8)
}
/// The other way.
pub(crate) fn katakana(byte: u8) -> Option<u32> {
    (0xA1..=0xDF).contains(&byte).then(|| KATAKANA + u32::from(byte))
}
/// The byte of the two characters that JIS X 0201 has in the place of ASCII's.
pub(crate) fn roman_byte(c: u32) -> Option<u8> {
    match c {
        YEN => Some(b'\\'),
        OVERLINE => Some(b'~'),
        _ => None,
    }
}
/// What a byte below 0x80 is in JIS X 0201.
pub(crate) fn roman(byte: u8) -> u32 {
    match byte {
        b'\\' => YEN,
        b'~' => OVERLINE,
        _ => byte.into(),
    }
}

fn put_byte(byte: u8, out: &mut Bytes) -> Step {
    out.put(&[byte]);
    Ok(1)
}
fn is_sjis_trail(trail: u8) -> bool {
    matches!(trail, 0x40..=0x7E | 0x80..=0xFC)
}

fn encode_sjis(c: u32, _: Option<u32>, _: bool, out: &mut Bytes) -> Step {
    match katakana_byte(c).or(roman_byte(c)) {
        Some(byte) => put_byte(byte, out),
        None => put_code(JISX0208.encode(c).map(to_shift_jis), out),
    }
}
fn decode_sjis(input: &[u8], out: &mut TextBuilder) -> Step {
    match input[0] {
        byte @ 0xA1..=0xDF => put(katakana(byte), 1, out),
        lead @ (0x81..=0x9F | 0xE0..=0xFC) => {
            let trail = second(input)?;
            let cell = Some((lead, trail)).filter(|_| is_sjis_trail(trail)).map(|_| of_shift_jis(lead, trail));
            let cell = cell.filter(|(row, _)| *row < 94);
            put(cell.and_then(|(row, column)| JISX0208.decode(row + 0xA1, column + 0xA1)), 2, out)
        }
        _ => Err(Fault::Illegal(1)),
    }
}

/// Code points of bytes that Microsoft left undefined, and the bytes.
const UNDEFINED: [(u32, u8); 4] = [(0xF8F0, 0xA0), (0xF8F1, 0xFD), (0xF8F2, 0xFE), (0xF8F3, 0xFF)];
/// The program's own characters: ten rows of 188.
const USER: std::ops::Range<u32> = 0xE000..0xE758;

fn encode_cp932(c: u32, _: Option<u32>, _: bool, out: &mut Bytes) -> Step {
    if c == 0x80 {
        return put_byte(0x80, out);
    }
    if let Some(byte) = katakana_byte(c).or(UNDEFINED.iter().find(|(point, _)| *point == c).map(|(_, byte)| *byte)) {
        return put_byte(byte, out);
    }
    if USER.contains(&c) {
        let (row, column) = ((c - USER.start) / 188, (c - USER.start) % 188);
        out.put(&[0xF0 + row as u8, column as u8 + if column < 63 { 0x40 } else { 0x41 }]);
        return Ok(1);
    }
    put_code(CP932.encode(c), out)
}
fn decode_cp932(input: &[u8], out: &mut TextBuilder) -> Step {
    let lead = input[0];
    if lead == 0x80 {
        return put(Some(0x80), 1, out);
    }
    if let Some(c) = katakana(lead).or(UNDEFINED.iter().find(|(_, byte)| *byte == lead).map(|(c, _)| *c)) {
        return put(Some(c), 1, out);
    }
    let trail = second(input)?;
    if (0xF0..0xFA).contains(&lead) {
        let column = u32::from(trail.wrapping_sub(if trail < 0x80 { 0x40 } else { 0x41 }));
        let c = USER.start + u32::from(lead - 0xF0) * 188 + column;
        return put(Some(c).filter(|_| is_sjis_trail(trail)), 2, out);
    }
    put(CP932.decode(lead, trail), 2, out)
}

fn encode_euc(c: u32, _: Option<u32>, _: bool, out: &mut Bytes) -> Step {
    if let Some(byte) = katakana_byte(c) {
        out.put(&[SS2, byte]);
    } else if let Some(byte) = roman_byte(c) {
        out.put(&[byte]);
    } else if let Some(code) = JISX0208.encode(c) {
        out.put_code(code);
    } else {
        let code = JISX0212.encode(c).ok_or(Fault::Illegal(1))?;
        out.put(&[SS3]);
        out.put_code(code);
    }
    Ok(1)
}
fn decode_euc(input: &[u8], out: &mut TextBuilder) -> Step {
    match input[0] {
        SS2 => put(katakana(second(input)?), 2, out),
        SS3 => {
            let [_, row, column] = *input.first_chunk::<3>().ok_or(Fault::Incomplete)?;
            put(JISX0212.decode(row, column), 3, out)
        }
        row => put(JISX0208.decode(row, second(input)?), 2, out),
    }
}

fn put_points(found: Result<Points, Fault>, n: usize, out: &mut TextBuilder) -> Step {
    let (first, second) = found?;
    out.push(first);
    if let Some(second) = second {
        out.push(second);
    }
    Ok(n)
}

/// What EUC takes for a fullwidth character, and Shift JIS for ASCII's: code points and codes of JIS X 0213.
const WIDE_TILDE: (u32, u16) = (0xFF5E, 0xA2B2);
const WIDE_BACKSLASH: (u32, u16) = (0xFF3C, 0xA1C0);

fn encode_eucx(c: u32, next: Option<u32>, whole: bool, out: &mut Bytes, edition: Edition) -> Step {
    if let Some(byte) = katakana_byte(c) {
        out.put(&[SS2, byte]);
        return Ok(1);
    }
    if c == WIDE_TILDE.0 {
        out.put_code(WIDE_TILDE.1);
        return Ok(1);
    }
    let (code, n) = jisx0213::encode(c, next, whole, edition)?;
    match code {
        Code::Plane1(code) => out.put_code(code),
        Code::Plane2(code) | Code::Supplement(code) => {
            out.put(&[SS3]);
            out.put_code(code);
        }
    }
    Ok(n)
}
fn decode_eucx(input: &[u8], out: &mut TextBuilder, edition: Edition) -> Step {
    match input[0] {
        SS2 => put(katakana(second(input)?), 2, out),
        SS3 => {
            let [_, row, column] = *input.first_chunk::<3>().ok_or(Fault::Incomplete)?;
            let found = jisx0213::decode_2(row, column, edition);
            put_points(found.or_else(|| Some((JISX0212.decode(row, column)?, None))).ok_or(Fault::Illegal(1)), 3, out)
        }
        row => match (row, second(input)?) {
            (row, column) if u16::from_be_bytes([row, column]) == WIDE_TILDE.1 => put(Some(WIDE_TILDE.0), 2, out),
            (row, column) => put_points(jisx0213::decode_1(row, column, edition), 2, out),
        },
    }
}

/// Where Shift JIS has the rows of plane 2 that there are, behind those of plane 1: pairs of rows share a first byte.
const PLANE_2: [u8; 26] =
    [1, 8, 3, 4, 5, 12, 13, 14, 15, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94];

fn encode_sjisx(c: u32, next: Option<u32>, whole: bool, out: &mut Bytes, edition: Edition) -> Step {
    let single = if c < 0x80 && roman(c as u8) == c { Some(c as u8) } else { roman_byte(c).or(katakana_byte(c)) };
    if let Some(byte) = single {
        return put_byte(byte, out);
    }
    if c == u32::from(b'\\') {
        out.put_code(to_shift_jis(WIDE_BACKSLASH.1));
        return Ok(1);
    }
    let (code, n) = jisx0213::encode(c, next, whole, edition)?;
    match code {
        Code::Plane1(code) if code == WIDE_BACKSLASH.1 => return Err(Fault::Illegal(1)),
        Code::Plane1(code) => out.put_code(to_shift_jis(code)),
        Code::Plane2(code) => {
            let [row, column] = code.to_be_bytes();
            let at = PLANE_2.iter().position(|r| *r == row - 0xA0).ok_or(Fault::Illegal(1))? as u8;
            out.put_code(to_shift_jis_beyond(at, column - 0xA1));
        }
        Code::Supplement(_) => return Err(Fault::Illegal(1)),
    }
    Ok(n)
}
/// The code of a row behind the 94 of plane 1.
fn to_shift_jis_beyond(at: u8, column: u8) -> u16 {
    let trail = column + if at & 1 == 1 { 94 } else { 0 };
    u16::from_be_bytes([(at >> 1) + 0xF0, trail + if trail < 63 { 0x40 } else { 0x41 }])
}
fn decode_sjisx(input: &[u8], out: &mut TextBuilder, edition: Edition) -> Step {
    match input[0] {
        byte @ ..=0x7F => put(Some(roman(byte)), 1, out),
        byte @ 0xA1..=0xDF => put(katakana(byte), 1, out),
        lead @ (0x81..=0x9F | 0xE0..=0xFC) => {
            let trail = second(input)?;
            if !is_sjis_trail(trail) {
                return Err(Fault::Illegal(1));
            }
            let (row, column) = of_shift_jis(lead, trail);
            let found = match row.checked_sub(94) {
                None => jisx0213::decode_1(row + 0xA1, column + 0xA1, edition),
                Some(at) => {
                    let row = PLANE_2.get(usize::from(at));
                    let found = row.and_then(|r| jisx0213::decode_2(r + 0xA0, column + 0xA1, edition));
                    found.ok_or(Fault::Illegal(1))
                }
            };
            match found {
                Ok((c, _)) if c == WIDE_BACKSLASH.0 => put(Some(b'\\'.into()), 2, out),
                found => put_points(found, 2, out),
            }
        }
        _ => Err(Fault::Illegal(1)),
    }
}
