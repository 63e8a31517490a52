//! `strip`, `lstrip`, `rstrip`: the range that is left.

use std::ops::Range;

use crate::{Alphabet, Interrupted, Units, Work};

/// Which ends to strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    Left,
    Right,
    Both,
}

/// What is left when code points that fit are taken off the ends.
fn strip_by(
    text: Units<'_>,
    ends: Ends,
    fits: impl Fn(u32) -> bool,
    work: &mut Work,
) -> Result<Range<usize>, Interrupted> {
    let start = match ends {
        Ends::Right => 0,
        _ => text.position(|point| !fits(point), work)?.unwrap_or(text.len()),
    };
    let end = match ends {
        Ends::Left => text.len(),
        _ => {
            let last = text.slice(start..text.len()).rposition(|point| !fits(point), work)?;
            last.map_or(start, |last| start + last + 1)
        }
    };
    Ok(start..end)
}

/// What is left when white space is taken off the ends.
///
/// # Errors
/// If that was interrupted.
pub fn strip_space(
    text: Units<'_>,
    ends: Ends,
    alphabet: Alphabet,
    work: &mut Work,
) -> Result<Range<usize>, Interrupted> {
    strip_by(text, ends, |point| alphabet.is_space(point), work)
}

/// What is left when the characters of a set are taken off the ends.
///
/// # Errors
/// If that was interrupted.
pub fn strip(text: Units<'_>, ends: Ends, set: Units<'_>, work: &mut Work) -> Result<Range<usize>, Interrupted> {
    let set = CharSet::new(set);
    strip_by(text, ends, |point| set.contains(point), work)
}

/// A set of code points: a bit for each below 256, a sorted list of the others.
struct CharSet {
    low: [u64; 4],
    high: Vec<u32>,
}

impl CharSet {
    fn new(members: Units<'_>) -> Self {
        let mut set = CharSet { low: [0; 4], high: Vec::new() };
        for point in members.points() {
            match set.low.get_mut(point as usize / 64) {
                Some(word) => *word |= 1 << (point % 64),
                None => set.high.push(point),
            }
        }
        set.high.sort_unstable();
        set
    }

    fn contains(&self, point: u32) -> bool {
        match self.low.get(point as usize / 64) {
            Some(word) => word >> (point % 64) & 1 == 1,
            None => self.high.binary_search(&point).is_ok(),
        }
    }
}
