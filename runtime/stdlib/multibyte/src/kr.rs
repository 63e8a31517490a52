//! Korea: KS X 1001 as EUC-KR, code page 949, and Johab, whose codes are made of a syllable's letters.

use crate::maps::{CP949, KSX1001};
use crate::multibyte::{Bytes, Fault, Multibyte, Plain, Step, put, put_code, second};
use python_text::TextBuilder;

pub(crate) static CODECS: &[&dyn Multibyte] = &[
    &Plain { name: "euc_kr", encode: encode_euc, decode: decode_euc, own_ascii: false },
    &Plain {
        name: "cp949",
        encode: |c, _, _, out| put_code(CP949.encode(c), out),
        decode: |input, out| put(CP949.decode(input[0], second(input)?), 2, out),
        own_ascii: false,
    },
    &Plain { name: "johab", encode: encode_johab, decode: decode_johab, own_ascii: false },
];

/// The first syllable in Unicode, and the last.
const SYLLABLES: std::ops::RangeInclusive<u32> = 0xAC00..=0xD7A3;
/// The first letter in Unicode's block of compatibility: those of the table below count from here, and so does row 4 of KS X
/// 1001.
const LETTERS: u32 = 0x3131;
/// A syllable's initial consonants, as letters.
const INITIALS: [u8; 19] = [0, 1, 3, 6, 7, 8, 16, 17, 18, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29];
/// The first vowel, as a letter; the others follow.
const VOWELS: u8 = 30;
const VOWEL_COUNT: u8 = 21;
/// Final consonants, as letters; the first one, none, is the filler of KS X 1001 there.
const FINALS: [u8; 28] =
    [FILLER, 0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 25, 26, 27, 28, 29];
const FILLER: u8 = 51;
/// Letters of KS X 1001: row and first column.
const ROW: u8 = 0xA4;
const COLUMN: u8 = 0xA1;

/// The numbers of a syllable's letters.
fn parts(syllable: u32) -> [u8; 3] {
    let n = syllable - SYLLABLES.start();
    [n / 588, n / 28 % 21, n % 28].map(|n| n as u8)
}
fn syllable([initial, vowel, last]: [u8; 3]) -> u32 {
    SYLLABLES.start() + u32::from(initial) * 588 + u32::from(vowel) * 28 + u32::from(last)
}
fn position(of: u8, letters: &[u8]) -> Option<u8> {
    letters.iter().position(|letter| *letter == of).map(|i| i as u8)
}

/// Syllables that KS X 1001 lacks are spelled out: a filler, and three letters of which one may be another filler.
fn encode_euc(c: u32, _: Option<u32>, _: bool, out: &mut Bytes) -> Step {
    if let Some(code) = KSX1001.encode(c) {
        out.put_code(code);
    } else if SYLLABLES.contains(&c) {
        let [initial, vowel, last] = parts(c);
        let letters = [FILLER, INITIALS[usize::from(initial)], VOWELS + vowel, FINALS[usize::from(last)]];
        for letter in letters {
            out.put(&[ROW, COLUMN + letter]);
        }
    } else {
        return Err(Fault::Illegal(1));
    }
    Ok(1)
}

fn decode_euc(input: &[u8], out: &mut TextBuilder) -> Step {
    let trail = second(input)?;
    if (input[0], trail) != (ROW, COLUMN + FILLER) {
        return put(KSX1001.decode(input[0], trail), 2, out);
    }
    let spelled = input.first_chunk::<8>().ok_or(Fault::Incomplete)?;
    let letter = |i: usize| if spelled[i] == ROW { spelled[i + 1].checked_sub(COLUMN) } else { None };
    let made = (|| {
        let initial = position(letter(2)?, &INITIALS)?;
        let vowel = letter(4)?.checked_sub(VOWELS).filter(|vowel| *vowel < VOWEL_COUNT)?;
        Some(syllable([initial, vowel, position(letter(6)?, &FINALS)?]))
    })();
    put(made, 8, out)
}

/// Johab's numbers, of five bits each, begin at the filler; vowels leave some out, and so do finals.
const INITIAL_FILLER: u8 = 1;
const VOWEL_FILLER: u8 = 2;
const FINAL_FILLER: u8 = 1;
const fn vowel_bits(vowel: u8) -> u8 {
    match vowel {
        0..5 => vowel + 3,
        5..11 => vowel + 5,
        11..17 => vowel + 7,
        _ => vowel + 9,
    }
}
const fn final_bits(last: u8) -> u8 {
    if last < 17 { last + 1 } else { last + 2 }
}

fn encode_johab(c: u32, _: Option<u32>, _: bool, out: &mut Bytes) -> Step {
    let bits =
        |initial: u8, vowel: u8, last: u8| 0x8000 | u16::from(initial) << 10 | u16::from(vowel) << 5 | u16::from(last);
    if SYLLABLES.contains(&c) {
        let [initial, vowel, last] = parts(c);
        out.put_code(bits(initial + 2, vowel_bits(vowel), final_bits(last)));
        return Ok(1);
    }
    if let Some(letter) = c.checked_sub(LETTERS).filter(|letter| *letter < u32::from(FILLER)) {
        let letter = letter as u8;
        out.put_code(if letter >= VOWELS {
            bits(INITIAL_FILLER, vowel_bits(letter - VOWELS), FINAL_FILLER)
        } else if let Some(initial) = position(letter, &INITIALS) {
            bits(initial + 2, VOWEL_FILLER, FINAL_FILLER)
        } else {
            bits(INITIAL_FILLER, VOWEL_FILLER, position(letter, &FINALS).map_or(FINAL_FILLER, final_bits))
        });
        return Ok(1);
    }
    let [row, column] = KSX1001.encode(c).ok_or(Fault::Illegal(1))?.to_be_bytes();
    // Two rows share a first byte. Those between are the syllables.
    let row = match row {
        0xA1..=0xAC => row - 0xA1 + 0xB2,
        0xCA..=0xFD => row - 0xCA + 0xC0,
        _ => return Err(Fault::Illegal(1)),
    };
    let column = column - 0xA1 + if row & 1 == 1 { 94 } else { 0 };
    out.put(&[(row >> 1) + 0x80, if column < 78 { column + 0x31 } else { column + 0x43 }]);
    Ok(1)
}

fn decode_johab(input: &[u8], out: &mut TextBuilder) -> Step {
    let (lead, trail) = (input[0], second(input)?);
    if lead < 0xD8 {
        let code = u16::from_be_bytes([lead, trail]);
        let bits = |shift: u16| (code >> shift & 0x1F) as u8;
        return put(johab_hangul(bits(10), bits(5), bits(0)), 2, out);
    }
    let column = match trail {
        0x31..=0x7E => trail - 0x31,
        0x91..=0xFE => trail - 0x43,
        _ => return Err(Fault::Illegal(1)),
    };
    let row = match lead {
        // Row 4, whose letters have codes above.
        0xDA if (0xA1..=0xD3).contains(&trail) => return Err(Fault::Illegal(1)),
        0xD9..=0xDE => (lead - 0xD9) * 2,
        0xE0..=0xF9 => (lead - 0xE0) * 2 + 41,
        _ => return Err(Fault::Illegal(1)),
    };
    let (row, column) = if column < 94 { (row, column) } else { (row + 1, column - 94) };
    put(KSX1001.decode(row + 0xA1, column + 0xA1), 2, out)
}

fn johab_hangul(initial: u8, vowel: u8, last: u8) -> Option<u32> {
    // `None`: the filler. The others count from 0; of finals, from 1.
    let initial = match initial {
        INITIAL_FILLER => None,
        2..=20 => Some(initial - 2),
        _ => return None,
    };
    let vowel = match vowel {
        VOWEL_FILLER => None,
        _ => Some((0..VOWEL_COUNT).find(|v| vowel_bits(*v) == vowel)?),
    };
    let last = match last {
        FINAL_FILLER => None,
        _ => Some((1..FINALS.len() as u8).find(|f| final_bits(*f) == last)?),
    };
    let letter = |letter: u8| Some(LETTERS + u32::from(letter));
    match (initial, vowel, last) {
        (Some(initial), Some(vowel), last) => Some(syllable([initial, vowel, last.unwrap_or(0)])),
        (Some(initial), None, None) => letter(INITIALS[usize::from(initial)]),
        (None, Some(vowel), None) => letter(VOWELS + vowel),
        (None, None, Some(last)) => letter(FINALS[usize::from(last)]),
        (None, None, None) => Some(0x3000),
        _ => None,
    }
}
