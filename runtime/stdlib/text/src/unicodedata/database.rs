//! What is known of characters, in Unicode 15.0 and in 3.2, which internationalized domain names still go by.

use super::tables_decompositions::{CORRECTIONS, ENTRIES, EXCLUDED, TAGS};
use super::tables_numbers::NUMBERS;
use super::tables_old::OLD_RUNS;
use super::tables_parts::PARTS;
use super::tables_properties::{BIDIRECTIONAL, CATEGORIES, RECORDS, RUNS, WIDTHS};
use std::collections::HashMap;

/// Which version of Unicode is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Version {
    Current,
    Old,
}

/// Category, bidirectional class, width, combining class, mirrored.
fn record(version: Version, point: u32) -> &'static (u8, u8, u8, u8, u8) {
    let runs: &[u32] = if version == Version::Current { &RUNS } else { &OLD_RUNS };
    let next = runs.partition_point(|run| run >> 9 <= point);
    let run = next.checked_sub(1).map_or(0, |i| runs[i]);
    &RECORDS[(run & 511) as usize]
}
pub(super) fn category(version: Version, point: u32) -> &'static str {
    CATEGORIES[usize::from(record(version, point).0)]
}
pub(super) fn bidirectional(version: Version, point: u32) -> &'static str {
    BIDIRECTIONAL[usize::from(record(version, point).1)]
}
pub(super) fn east_asian_width(version: Version, point: u32) -> &'static str {
    WIDTHS[usize::from(record(version, point).2)]
}
pub(super) fn combining(version: Version, point: u32) -> u8 {
    record(version, point).3
}
pub(super) fn mirrored(version: Version, point: u32) -> u8 {
    record(version, point).4
}
pub(super) fn is_assigned(version: Version, point: u32) -> bool {
    category(version, point) != "Cn"
}

pub(super) fn numeric(version: Version, point: u32) -> Option<f64> {
    let next = NUMBERS.partition_point(|(first, ..)| *first <= point);
    let (first, count, value, step) = NUMBERS[next.checked_sub(1)?];
    let i = point - first;
    (i < u32::from(count) && is_assigned(version, point)).then(|| value + f64::from(i) * step)
}
/// The value of a digit. Its table has no versions.
pub(super) fn digit(point: u32) -> Option<u8> {
    python_text::unicode::digit_value(point)
}
pub(super) fn decimal(version: Version, point: u32) -> Option<u8> {
    match (version, point) {
        // These counted as decimal digits once.
        (Version::Old, 0xb2 | 0xb3 | 0xb9 | 0x1369..=0x1371 | 0x2070 | 0x2074..=0x2089) => digit(point),
        (Version::Old, _) if !is_assigned(version, point) => None,
        _ => python_text::unicode::decimal_value(point),
    }
}

/// Where the parts of each entry begin, computed when this crate is compiled.
static STARTS: [u16; ENTRIES.len()] = {
    assert!(PARTS.len() < 1 << 16);
    let (mut starts, mut i, mut at) = ([0; ENTRIES.len()], 0, 0);
    while i < ENTRIES.len() {
        starts[i] = at as u16;
        at += (ENTRIES[i] & 31) as usize;
        i += 1;
    }
    starts
};
/// Number of the kind of decomposition (0: canonical), and the parts. Not of Hangul syllables, which follow a rule.
pub(super) fn decomposition(version: Version, point: u32) -> Option<(usize, &'static [u32])> {
    let i = ENTRIES.binary_search_by_key(&point, |entry| entry >> 10).ok()?;
    if version == Version::Old && !is_assigned(version, point) {
        return None;
    }
    let (start, entry) = (usize::from(STARTS[i]), ENTRIES[i]);
    Some(((entry >> 5 & 31) as usize, &PARTS[start..start + (entry & 31) as usize]))
}
/// The name of a kind of decomposition.
pub(super) fn tag(number: usize) -> &'static str {
    TAGS[number]
}
/// What a character decomposed to before that was corrected.
pub(super) fn correction(point: u32) -> Option<u32> {
    CORRECTIONS.iter().find(|(from, _)| *from == point).map(|(_, to)| *to)
}
/// What pairs of characters are composed to.
pub(super) fn compositions() -> HashMap<(u32, u32), u32> {
    let pairs = ENTRIES.iter().zip(&STARTS).filter(|(entry, _)| *entry & 1023 == 2);
    pairs
        .map(|(entry, start)| ((PARTS[usize::from(*start)], PARTS[usize::from(*start) + 1]), entry >> 10))
        .filter(|(_, point)| EXCLUDED.binary_search(point).is_err())
        .collect()
}

/// A character's name. None has changed since it was given.
pub(super) fn name(version: Version, point: u32) -> Option<String> {
    // The names of Tangut ideographs and components do not count.
    if !is_assigned(version, point) || matches!(point, 0x17000..=0x187f7 | 0x18d00..=0x18d08) {
        return None;
    }
    unicode_names2::name(char::from_u32(point)?).map(|name| name.to_string())
}
/// The character of a name or (in the current version) an alias.
pub(super) fn character(version: Version, name: &str) -> Option<u32> {
    let point = u32::from(python_text::unicode::character_named(name)?);
    if !is_assigned(version, point) {
        return None;
    }
    let own = self::name(version, point);
    let own = own.as_deref();
    if own == Some(name) {
        return Some(point);
    }
    // Computed names are matched as they stand, others whatever the case.
    let is_computed =
        own.is_some_and(|own| own.starts_with("CJK UNIFIED IDEOGRAPH-") || own.starts_with("HANGUL SYLLABLE "));
    let is_name = own.is_some_and(|own| own.eq_ignore_ascii_case(name));
    let is_known = match version {
        Version::Old => is_name,
        Version::Current => own.is_some() || category(version, point) == "Cc",
    };
    (is_known && !is_computed).then_some(point)
}
