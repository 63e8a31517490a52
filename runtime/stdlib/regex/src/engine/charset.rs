//! Character sets: a bitmap of the first 256 characters, made once, then the compiler's own words.

use super::case::{CATEGORIES, category, upper};
use super::program::{Program, code};

/// Words of the bitmap before the set's own.
pub(super) const BITMAP: usize = 8;

/// Length of the set at the beginning of the words, its FAILURE included; `None` if it is none.
pub(super) fn check(words: &[u32]) -> Option<usize> {
    let mut i = 0;
    loop {
        let op = *words.get(i)?;
        i += 1;
        match op {
            code::FAILURE => return Some(i),
            code::NEGATE => {}
            code::LITERAL => i += 1,
            code::RANGE | code::RANGE_UNI_IGNORE => i += 2,
            code::CHARSET => i += 8,
            code::CATEGORY => {
                if *words.get(i)? >= CATEGORIES {
                    return None;
                }
                i += 1;
            }
            code::BIGCHARSET => {
                let blocks = *words.get(i)?;
                let map = words.get(i + 1..i + 65)?;
                if map.iter().any(|w| w.to_le_bytes().iter().any(|b| u32::from(*b) >= blocks)) {
                    return None;
                }
                i = i.checked_add(65 + (blocks as usize).checked_mul(8)?)?;
            }
            _ => return None,
        }
        if i > words.len() {
            return None;
        }
    }
}

/// Is the character in the set whose words, which were checked, `word` reads?
pub(super) fn contains(word: impl Fn(usize) -> u32, c: u32) -> bool {
    let (mut i, mut found) = (0, true);
    let bit = |start: usize, c: u32| word(start + (c as usize >> 5)) >> (c & 31) & 1 == 1;
    loop {
        let op = word(i);
        i += 1;
        let hit = match op {
            code::NEGATE => {
                found = !found;
                false
            }
            code::LITERAL => {
                i += 1;
                word(i - 1) == c
            }
            code::RANGE => {
                i += 2;
                (word(i - 2)..=word(i - 1)).contains(&c)
            }
            code::RANGE_UNI_IGNORE => {
                i += 2;
                let range = word(i - 2)..=word(i - 1);
                range.contains(&c) || range.contains(&upper(c))
            }
            code::CATEGORY => {
                i += 1;
                category(word(i - 1), c)
            }
            code::CHARSET => {
                i += 8;
                c < 256 && bit(i - 8, c)
            }
            code::BIGCHARSET => {
                let (map, blocks) = (i + 1, word(i) as usize);
                i += 65 + blocks * 8;
                c < 0x1_0000 && {
                    let block = word(map + (c as usize >> 10)).to_le_bytes()[(c >> 8 & 3) as usize];
                    bit(map + 64 + usize::from(block) * 8, c & 255)
                }
            }
            _ => return !found,
        };
        if hit {
            return found;
        }
    }
}

/// Adds a set that was checked; returns its place.
pub(super) fn add(words: &[u32], out: &mut Vec<u32>) -> u32 {
    let start = out.len();
    let mut bitmap = [0; BITMAP];
    for c in 0..256 {
        if contains(|i| words[i], c) {
            bitmap[c as usize >> 5] |= 1 << (c & 31);
        }
    }
    out.extend(bitmap);
    out.extend(words);
    start as u32
}

/// Is the character in the set at this place of a program?
#[inline]
pub(super) fn test(program: Program<'_>, set: usize, c: u32) -> bool {
    if c < 256 {
        return program.word(set + (c as usize >> 5)) >> (c & 31) & 1 == 1;
    }
    contains(|i| program.word(set + BITMAP + i), c)
}
