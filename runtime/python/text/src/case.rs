//! `upper`, `lower`, `title`, `capitalize`, `swapcase`, `casefold`.

use crate::unicode::{Mapped, fold, is_case_ignorable, is_cased, is_lower, is_upper, to_lower, to_title, to_upper};
use crate::{Alphabet, TextBuilder, Unit, Units};

/// A change of case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    Upper,
    Lower,
    Title,
    Capitalize,
    Swap,
    /// For comparison without regard to case; as `Lower` in ASCII.
    Fold,
}

const CAPITAL_SIGMA: u32 = 0x3A3;

/// Adds the text in another case. The ASCII alphabet (`bytes`) leaves all beyond 127 as it is.
pub fn change_case(text: Units<'_>, case: Case, alphabet: Alphabet, out: &mut TextBuilder) {
    match text {
        Units::One(bytes) if alphabet == Alphabet::Ascii || bytes.is_ascii() => change_ascii(bytes, case, out),
        Units::One(units) => change_unicode(units, case, out),
        Units::Two(units) => change_unicode(units, case, out),
        Units::Four(units) => change_unicode(units, case, out),
    }
}

fn change_ascii(bytes: &[u8], case: Case, out: &mut TextBuilder) {
    // In blocks, so that no second buffer of the whole length is needed.
    let mut block = [0; 256];
    let mut at = Place::Beginning;
    for part in bytes.chunks(block.len()) {
        let block = &mut block[..part.len()];
        block.copy_from_slice(part);
        at = change_part(block, case, at);
        out.push_units(Units::One(block));
        if out.refuses() {
            return;
        }
    }
}

/// Where in a text a part of it begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Beginning,
    AfterLetter,
    AfterOther,
}

/// Changes the case of ASCII letters in place; says where what follows begins.
fn change_part(part: &mut [u8], case: Case, at: Place) -> Place {
    match case {
        Case::Upper => part.make_ascii_uppercase(),
        Case::Lower | Case::Fold => part.make_ascii_lowercase(),
        Case::Capitalize => {
            part.make_ascii_lowercase();
            if at == Place::Beginning
                && let [first, ..] = part
            {
                first.make_ascii_uppercase();
            }
        }
        Case::Swap => {
            for byte in &mut *part {
                if byte.is_ascii_alphabetic() {
                    *byte ^= 0x20;
                }
            }
        }
        Case::Title => {
            let mut after_letter = at == Place::AfterLetter;
            for byte in &mut *part {
                *byte = if after_letter { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
                after_letter = byte.is_ascii_alphabetic();
            }
        }
    }
    if part.last().is_some_and(u8::is_ascii_alphabetic) { Place::AfterLetter } else { Place::AfterOther }
}

/// Changes the case of ASCII letters in place. Not interruptible: for short texts.
pub fn change_short_ascii(text: &mut [u8], case: Case) {
    change_part(text, case, Place::Beginning);
}

fn change_unicode<U: Unit>(units: &[U], case: Case, out: &mut TextBuilder) {
    let mut after_cased = false;
    for (index, unit) in units.iter().enumerate() {
        let point = unit.point();
        let lower = || {
            if point == CAPITAL_SIGMA { lower_sigma(units, index) } else { to_lower(point) }
        };
        let mapped: Mapped = match case {
            Case::Upper => to_upper(point),
            Case::Lower => lower(),
            Case::Fold => fold(point),
            Case::Capitalize => {
                if index == 0 {
                    to_title(point)
                } else {
                    lower()
                }
            }
            Case::Swap => {
                if is_upper(point) {
                    lower()
                } else if is_lower(point) {
                    to_upper(point)
                } else {
                    Mapped::from(point)
                }
            }
            Case::Title => {
                let mapped = if after_cased { lower() } else { to_title(point) };
                after_cased = is_cased(point);
                mapped
            }
        };
        mapped.points().iter().for_each(|&point| out.push(point));
        if out.refuses() {
            return;
        }
    }
}

/// Capital sigma is final behind a cased letter and not before one, case-ignorable characters aside.
fn lower_sigma<U: Unit>(units: &[U], index: usize) -> Mapped {
    // No sigma is ignorable, so a text's sigmas look at disjoint stretches (but for both sides of one).
    let cased = |point: Option<u32>| point.is_some_and(is_cased);
    let counts = |point: &u32| !is_case_ignorable(*point);
    let behind = units[..index].iter().rev().map(|unit| unit.point()).find(counts);
    let before = units[index + 1..].iter().map(|unit| unit.point()).find(counts);
    Mapped::from(if cased(behind) && !cased(before) { 0x3C2 } else { 0x3C3 })
}
