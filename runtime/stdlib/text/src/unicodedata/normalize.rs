//! The four normal forms (UAX 15).

use super::database::{self, Version};
use python_algorithms::work::{Interrupted, Work};
use std::collections::HashMap;

/// A normal form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Form {
    pub(super) composed: bool,
    pub(super) compatible: bool,
}

const FIRST_SYLLABLE: u32 = 0xac00;
const FIRST_LEAD: u32 = 0x1100;
const FIRST_VOWEL: u32 = 0x1161;
/// One before the first trailing consonant.
const NO_TRAIL: u32 = 0x11a7;
const LEADS: u32 = 19;
const VOWELS: u32 = 21;
const TRAILS: u32 = 28;

/// Appends what a character decomposes to in the end.
fn decompose(version: Version, form: Form, point: u32, out: &mut Vec<u32>) {
    let syllable = point.wrapping_sub(FIRST_SYLLABLE);
    if syllable < LEADS * VOWELS * TRAILS {
        out.push(FIRST_LEAD + syllable / (VOWELS * TRAILS));
        out.push(FIRST_VOWEL + syllable / TRAILS % VOWELS);
        if !syllable.is_multiple_of(TRAILS) {
            out.push(NO_TRAIL + syllable % TRAILS);
        }
        return;
    }
    if version == Version::Old
        && let Some(corrected) = database::correction(point)
    {
        out.push(corrected);
        return;
    }
    match database::decomposition(version, point) {
        // Decompositions are a few levels deep.
        Some((kind, parts)) if kind == 0 || form.compatible => {
            for part in parts {
                decompose(version, form, *part, out);
            }
        }
        _ => out.push(point),
    }
}
/// Classes have no versions here: what has got one since then is ordered by it.
fn combining(point: u32) -> u8 {
    database::combining(Version::Current, point)
}
/// Sorts the marks behind each starter by their class; those of the same class stay in order.
fn order(text: &mut [u32], work: &mut Work<'_>) -> Result<(), Interrupted> {
    let mut i = 0;
    while i < text.len() {
        work.spend(1)?;
        if combining(text[i]) == 0 {
            i += 1;
            continue;
        }
        let length = text[i..].iter().take_while(|c| combining(**c) != 0).count();
        if length > 1 {
            work.spend(length)?;
            text[i..i + length].sort_by_cached_key(|c| combining(*c));
        }
        i += length;
    }
    Ok(())
}
fn pair(pairs: &HashMap<(u32, u32), u32>, first: u32, second: u32) -> Option<u32> {
    let (lead, vowel) = (first.wrapping_sub(FIRST_LEAD), second.wrapping_sub(FIRST_VOWEL));
    if lead < LEADS && vowel < VOWELS {
        return Some(FIRST_SYLLABLE + (lead * VOWELS + vowel) * TRAILS);
    }
    let (syllable, trail) = (first.wrapping_sub(FIRST_SYLLABLE), second.wrapping_sub(NO_TRAIL));
    if syllable < LEADS * VOWELS * TRAILS && syllable % TRAILS == 0 && (1..TRAILS).contains(&trail) {
        return Some(first + trail);
    }
    pairs.get(&(first, second)).copied()
}
/// Composes each starter with the marks behind it that nothing blocks.
fn compose(text: &[u32], pairs: &HashMap<(u32, u32), u32>, work: &mut Work<'_>) -> Result<Vec<u32>, Interrupted> {
    let mut out: Vec<u32> = Vec::with_capacity(text.len());
    // Where the last starter stands, and the class of what came last behind it.
    let (mut starter, mut last) = (None, 0);
    for &c in text {
        work.spend(1)?;
        let class = combining(c);
        if let Some(at) = starter {
            let next_to_it = out.len() == at + 1;
            if (next_to_it || last < class && last != 0)
                && let Some(composed) = pair(pairs, out[at], c)
            {
                out[at] = composed;
                continue;
            }
        }
        if class == 0 {
            starter = Some(out.len());
        }
        last = class;
        out.push(c);
    }
    Ok(out)
}
/// The normal form of a text.
pub(super) fn normalize(
    version: Version,
    form: Form,
    text: impl Iterator<Item = u32>,
    pairs: &HashMap<(u32, u32), u32>,
    work: &mut Work<'_>,
) -> Result<Vec<u32>, Interrupted> {
    let mut out = Vec::new();
    for c in text {
        work.spend(1)?;
        decompose(version, form, c, &mut out);
    }
    order(&mut out, work)?;
    if form.composed { compose(&out, pairs, work) } else { Ok(out) }
}
