//! ISO 2022: sets of characters that escape sequences designate, in seven bits.
//!
//! The state's first bytes are the sets in G0 to G3, by the last byte of their escape sequences (with the high bit for sets
//! of two bytes); then comes a byte of flags.

use crate::jisx0213::{self, Code, Edition, Points};
use crate::jp::{katakana, katakana_byte, roman, roman_byte};
use crate::maps::{GB2312, JISX0208, JISX0212, KSX1001, Map};
use crate::multibyte::{Bytes, Fault, Multibyte, State, Step, second};
use python_text::TextBuilder;
use std::sync::LazyLock;

pub(crate) static CODECS: &[&dyn Multibyte] = &[
    &Iso2022 { name: "iso2022_kr", shifts: true, single_shift: false, long_escape: false, sets: &[KSX1001_G1] },
    &japanese("iso2022_jp", false, &[JISX0208_SET, ROMAN, JISX0208_OLD]),
    &japanese("iso2022_jp_1", false, &[JISX0208_SET, JISX0212_SET, ROMAN, JISX0208_OLD]),
    &japanese(
        "iso2022_jp_2",
        true,
        &[JISX0208_SET, JISX0212_SET, KSX1001_G0, GB2312_SET, ROMAN, JISX0208_OLD, LATIN_1, GREEK],
    ),
    &japanese("iso2022_jp_2004", false, &[PAIRS_2004, JISX0208_SET, PLANE_1_2004, PLANE_2_2004]),
    &japanese("iso2022_jp_3", false, &[PAIRS_2000, JISX0208_SET, PLANE_1_2000, PLANE_2_2000]),
    &japanese("iso2022_jp_ext", false, &[JISX0208_SET, JISX0212_SET, ROMAN, KATAKANA, JISX0208_OLD]),
];

struct Iso2022 {
    name: &'static str,
    /// Is G1 used, which SO and SI shift to and back?
    shifts: bool,
    /// Is G2 used, by a shift for one character?
    single_shift: bool,
    /// Is the long escape sequence known that announces a revision of JIS X 0208?
    long_escape: bool,
    /// What it may designate. An encoder takes the first that has a character.
    sets: &'static [Set],
}
const fn japanese(name: &'static str, single_shift: bool, sets: &'static [Set]) -> Iso2022 {
    Iso2022 { name, shifts: false, single_shift, long_escape: true, sets }
}

/// A set of characters that can be designated.
#[derive(Clone, Copy)]
struct Set {
    /// The last byte of its escape sequence, with the high bit if it is of two bytes.
    mark: u8,
    /// Which of G0 to G3 it is put into.
    plane: u8,
    content: Content,
}
#[derive(Clone, Copy)]
enum Content {
    /// 94 by 94 of a table.
    Double(&'static LazyLock<Map>),
    Roman,
    Katakana,
    /// The code points of two characters of a plane of JIS X 0213, its others, and the other plane.
    Pairs(Edition),
    Plane1(Edition),
    Plane2(Edition),
    /// Read by a single shift only.
    Latin1,
    Greek,
}

const ASCII: u8 = b'B';
const fn set(mark: u8, plane: u8, content: Content) -> Set {
    Set { mark, plane, content }
}
const fn double(mark: u8, map: &'static LazyLock<Map>) -> Set {
    set(mark | 0x80, 0, Content::Double(map))
}
const JISX0208_SET: Set = double(b'B', &JISX0208);
const JISX0208_OLD: Set = double(b'@', &JISX0208);
const JISX0212_SET: Set = double(b'D', &JISX0212);
const GB2312_SET: Set = double(b'A', &GB2312);
const KSX1001_G0: Set = double(b'C', &KSX1001);
const KSX1001_G1: Set = Set { plane: 1, ..KSX1001_G0 };
const ROMAN: Set = set(b'J', 0, Content::Roman);
const KATAKANA: Set = set(b'I', 0, Content::Katakana);
const PAIRS_2000: Set = set(b'O' | 0x80, 0, Content::Pairs(Edition::Of2000));
const PLANE_1_2000: Set = set(b'O' | 0x80, 0, Content::Plane1(Edition::Of2000));
const PLANE_2_2000: Set = set(b'P' | 0x80, 0, Content::Plane2(Edition::Of2000));
const PAIRS_2004: Set = set(b'Q' | 0x80, 0, Content::Pairs(Edition::Of2004));
const PLANE_1_2004: Set = set(b'Q' | 0x80, 0, Content::Plane1(Edition::Of2004));
const PLANE_2_2004: Set = set(b'P' | 0x80, 0, Content::Plane2(Edition::Of2004));
const LATIN_1: Set = set(b'A', 2, Content::Latin1);
const GREEK: Set = set(b'F', 2, Content::Greek);

/// The byte of the flags in the state, and the flags.
const FLAGS: usize = 4;
const SHIFTED: u8 = 1;
/// Within an escape sequence that is none of ISO 2022: it is passed on.
const FOREIGN_ESCAPE: u8 = 2;

const ESC: u8 = 0x1B;
const SO: u8 = 0x0E;
const SI: u8 = 0x0F;
/// Bytes within which an escape sequence must end.
const LONGEST_ESCAPE: usize = 16;

impl Set {
    fn width(self) -> usize {
        if self.mark & 0x80 != 0 { 2 } else { 1 }
    }
    /// The code of a character, and how many code points it is; `None` if it is not in the set.
    fn encode(self, c: u32, next: Option<u32>, whole: bool) -> Result<Option<(u16, usize)>, Fault> {
        let one = |found: Option<u16>| Ok(found.map(|code| (code, 1)));
        match self.content {
            Content::Double(map) => one(map.encode(c)),
            Content::Roman => one(roman_byte(c).map(u16::from)),
            Content::Katakana => one(katakana_byte(c).map(u16::from)),
            Content::Latin1 | Content::Greek => Ok(None),
            Content::Pairs(edition) | Content::Plane1(edition) | Content::Plane2(edition) => {
                match jisx0213::encode(c, next, whole, edition) {
                    Ok(found) => Ok(match (self.content, found) {
                        (Content::Pairs(_), (Code::Plane1(code), 2)) => Some((code, 2)),
                        (Content::Plane1(_), (Code::Plane1(code), n)) => Some((code, n)),
                        (Content::Plane2(_), (Code::Plane2(code), n)) => Some((code, n)),
                        _ => None,
                    }),
                    Err(Fault::Illegal(_)) => Ok(None),
                    Err(fault) => Err(fault),
                }
            }
        }
    }
    /// The character that a code without high bits has.
    fn decode(self, code: &[u8]) -> Option<Points> {
        let (first, second) = (code[0] | 0x80, code.last().copied().unwrap_or_default());
        // A byte with the high bit has none in these sets.
        let column = if second < 0x80 { second | 0x80 } else { second & 0x7F };
        match self.content {
            Content::Double(map) => Some((map.decode(first, column)?, None)),
            Content::Roman => Some((roman(code[0]), None)),
            Content::Katakana => Some((katakana(first)?, None)),
            Content::Pairs(edition) | Content::Plane1(edition) => jisx0213::decode_1(first, column, edition).ok(),
            // As CPython, which does not decode here what the edition of 2000 has otherwise.
            Content::Plane2(_) => jisx0213::decode_2(first, column, Edition::Of2004),
            Content::Latin1 | Content::Greek => None,
        }
    }
}

/// ISO 8859-7, as of 1987.
fn greek(byte: u8) -> Option<u32> {
    match byte {
        0xA1 => Some(0x2018),
        0xA2 => Some(0x2019),
        0xAF => Some(0x2015),
        ..0xA1 | 0xA3 | 0xA6..=0xA9 | 0xAB..=0xAD | 0xB0..=0xB3 | 0xB7 | 0xBB | 0xBD => Some(byte.into()),
        0xB4..=0xD1 | 0xD3..=0xFE => Some(u32::from(byte) + 0x2D0),
        _ => None,
    }
}

fn ends_escape(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte == b'@'
}

impl Iso2022 {
    /// Takes in an escape sequence.
    fn designate(&self, state: &mut State, input: &[u8]) -> Step {
        let mut i = 1;
        let length = loop {
            if i >= LONGEST_ESCAPE {
                return Err(Fault::Illegal(1));
            }
            match input.get(i) {
                None => return Err(Fault::Incomplete),
                Some(byte) if ends_escape(*byte) => break i + 1,
                Some(b'&') if self.long_escape && input.get(i + 1) == Some(&b'@') => i += 3,
                Some(_) => i += 1,
            }
        };
        let (plane, mark) = match *input.get(..length).unwrap_or_default() {
            [_, b'$', mark] => (0, mark | 0x80),
            [_, b'(', mark] => (0, mark),
            [_, b')', mark] => (1, mark),
            [_, b'.', mark] if self.single_shift => (2, mark),
            [_, b'$', b'(', mark] => (0, mark | 0x80),
            [_, b'$', b')', mark] => (1, mark | 0x80),
            [_, _, _, ESC, b'$', b'B'] if self.long_escape => (0, b'B' | 0x80),
            _ => return Err(Fault::Illegal(length)),
        };
        if mark != ASCII && self.sets.iter().all(|set| set.mark != mark) {
            return Err(Fault::Illegal(length));
        }
        state.0[plane] = mark;
        Ok(length)
    }
    /// A character of G2.
    fn shifted(&self, state: &State, input: &[u8], out: &mut TextBuilder) -> Step {
        let byte = *input.get(2).ok_or(Fault::Incomplete)?;
        let found = match state.0[2] {
            mark if mark == LATIN_1.mark => (byte < 0x80).then(|| u32::from(byte) + 0x80),
            mark if mark == GREEK.mark => greek(byte ^ 0x80),
            ASCII => (byte < 0x80).then(|| byte.into()),
            _ => return Err(Fault::Internal),
        };
        out.push(found.ok_or(Fault::Illegal(3))?);
        Ok(3)
    }
}

impl Multibyte for Iso2022 {
    fn name(&self) -> &'static str {
        self.name
    }
    fn keeps_ascii(&self) -> bool {
        false
    }
    fn encoder_start(&self) -> State {
        State([ASCII, ASCII, 0, 0, 0, 0, 0, 0])
    }
    fn decoder_start(&self) -> State {
        State([ASCII, ASCII, ASCII, 0, 0, 0, 0, 0])
    }
    fn encode(&self, state: &mut State, c: u32, next: Option<u32>, whole: bool, out: &mut Bytes) -> Step {
        if c < 0x80 {
            if state.0[0] != ASCII {
                out.put(&[ESC, b'(', ASCII]);
                state.0[0] = ASCII;
            }
            if state.0[FLAGS] & SHIFTED != 0 {
                out.put(&[SI]);
                state.0[FLAGS] &= !SHIFTED;
            }
            out.put(&[c as u8]);
            return Ok(1);
        }
        for set in self.sets {
            let Some((code, n)) = set.encode(c, next, whole)? else { continue };
            let mark = set.mark & 0x7F;
            if set.plane == 0 {
                if state.0[FLAGS] & SHIFTED != 0 {
                    out.put(&[SI]);
                    state.0[FLAGS] &= !SHIFTED;
                }
                if state.0[0] != set.mark {
                    match set.width() {
                        1 => out.put(&[ESC, b'(', mark]),
                        _ if set.mark == JISX0208_SET.mark => out.put(&[ESC, b'$', mark]),
                        _ => out.put(&[ESC, b'$', b'(', mark]),
                    }
                }
            } else {
                if state.0[1] != set.mark {
                    match set.width() {
                        1 => out.put(&[ESC, b')', mark]),
                        _ => out.put(&[ESC, b'$', b')', mark]),
                    }
                }
                if state.0[FLAGS] & SHIFTED == 0 {
                    out.put(&[SO]);
                    state.0[FLAGS] |= SHIFTED;
                }
            }
            state.0[usize::from(set.plane)] = set.mark;
            match set.width() {
                1 => out.put(&[code as u8 & 0x7F]),
                _ => out.put_code(code & 0x7F7F),
            }
            return Ok(n);
        }
        Err(Fault::Illegal(1))
    }
    fn finish(&self, state: &mut State, out: &mut Bytes) {
        if state.0[FLAGS] & SHIFTED != 0 {
            out.put(&[SI]);
            state.0[FLAGS] &= !SHIFTED;
        }
        if state.0[0] != ASCII {
            out.put(&[ESC, b'(', ASCII]);
            state.0[0] = ASCII;
        }
    }
    fn decode(&self, state: &mut State, input: &[u8], out: &mut TextBuilder) -> Step {
        let byte = input[0];
        let pass = |out: &mut TextBuilder| {
            out.push(byte.into());
            Ok(1)
        };
        if state.0[FLAGS] & FOREIGN_ESCAPE != 0 {
            if ends_escape(byte) {
                state.0[FLAGS] &= !FOREIGN_ESCAPE;
            }
            return pass(out);
        }
        match byte {
            ESC => match second(input)? {
                b'(' | b')' | b'$' | b'.' | b'&' => return self.designate(state, input),
                b'N' if self.single_shift => return self.shifted(state, input, out),
                _ => {
                    state.0[FLAGS] |= FOREIGN_ESCAPE;
                    return pass(out);
                }
            },
            SI if self.shifts => {
                state.0[FLAGS] &= !SHIFTED;
                return Ok(1);
            }
            SO if self.shifts => {
                state.0[FLAGS] |= SHIFTED;
                return Ok(1);
            }
            b'\n' => {
                state.0[FLAGS] &= !SHIFTED;
                return pass(out);
            }
            ..0x20 => return pass(out),
            0x80.. => return Err(Fault::Illegal(1)),
            _ => {}
        }
        let mark = state.0[usize::from(state.0[FLAGS] & SHIFTED != 0)];
        if mark == ASCII {
            return pass(out);
        }
        let set = self.sets.iter().find(|set| set.mark == mark).ok_or(Fault::Internal)?;
        let code = input.get(..set.width()).ok_or(Fault::Incomplete)?;
        let (first, second) = set.decode(code).ok_or(Fault::Illegal(set.width()))?;
        out.push(first);
        if let Some(second) = second {
            out.push(second);
        }
        Ok(set.width())
    }
    fn restart(&self, state: &mut State) {
        state.0[0] = ASCII;
        state.0[FLAGS] &= !SHIFTED;
    }
}
