//! Sets of registers as rows of 64-bit words.

use std::borrow::Cow;
use std::ops::Range;

/// Words that a set over `registers` registers takes.
pub(crate) fn words(registers: usize) -> usize {
    registers.div_ceil(64)
}

/// The bits of word `word` that lie in `range`.
fn mask(range: &Range<usize>, word: usize) -> u64 {
    let low = range.start.saturating_sub(word * 64).min(64);
    let high = range.end.saturating_sub(word * 64).min(64);
    let below = |n: usize| if n == 64 { u64::MAX } else { (1 << n) - 1 };
    below(high) & !below(low)
}

fn touched(row: usize, range: &Range<usize>) -> Range<usize> {
    if range.is_empty() { 0..0 } else { (range.start / 64).min(row)..range.end.div_ceil(64).min(row) }
}

/// Adds `range`; what lies outside the row is left out. Nearly all ranges are of one register.
#[inline]
pub(crate) fn insert(row: &mut [u64], range: Range<usize>) {
    if range.len() == 1 {
        if let Some(word) = row.get_mut(range.start / 64) {
            *word |= 1 << (range.start % 64);
        }
        return;
    }
    for w in touched(row.len(), &range) {
        row[w] |= mask(&range, w);
    }
}

/// Takes `range` out.
#[inline]
pub(crate) fn remove(row: &mut [u64], range: Range<usize>) {
    if range.len() == 1 {
        if let Some(word) = row.get_mut(range.start / 64) {
            *word &= !(1 << (range.start % 64));
        }
        return;
    }
    for w in touched(row.len(), &range) {
        row[w] &= !mask(&range, w);
    }
}

/// Adds all of `other`; was anything new?
pub(crate) fn union(row: &mut [u64], other: &[u64]) -> bool {
    let mut changed = false;
    for (a, b) in row.iter_mut().zip(other) {
        changed |= *b & !*a != 0;
        *a |= *b;
    }
    changed
}

/// Adds all of `other` but `register`; was anything new?
pub(crate) fn union_without(row: &mut [u64], other: &[u64], register: usize) -> bool {
    let mut changed = false;
    for (w, (a, b)) in row.iter_mut().zip(other).enumerate() {
        let b = *b & !mask(&(register..register + 1), w);
        changed |= b & !*a != 0;
        *a |= b;
    }
    changed
}

/// The lowest register of `row` in `range`.
pub(crate) fn first_in(row: &[u64], range: Range<usize>) -> Option<usize> {
    touched(row.len(), &range).find_map(|w| {
        let bits = row[w] & mask(&range, w);
        (bits != 0).then(|| w * 64 + bits.trailing_zeros() as usize)
    })
}

/// A set of registers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Registers<'a> {
    pub(crate) row: Cow<'a, [u64]>,
}

impl Registers<'_> {
    /// Is `register` among them?
    pub fn contains(&self, register: u16) -> bool {
        let r = usize::from(register);
        self.row.get(r / 64).is_some_and(|w| w >> (r % 64) & 1 != 0)
    }
    /// The registers, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        self.row.iter().enumerate().flat_map(|(w, &bits)| {
            let mut bits = bits;
            std::iter::from_fn(move || {
                (bits != 0).then(|| {
                    let bit = bits.trailing_zeros();
                    bits &= bits - 1;
                    (w * 64) as u16 + bit as u16
                })
            })
        })
    }
    /// The set as words, the lowest register first.
    pub fn words(&self) -> &[u64] {
        &self.row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_across_words() {
        let mut row = vec![0; 3];
        insert(&mut row, 60..130);
        assert_eq!(row, [0xF << 60, u64::MAX, 3]);
        remove(&mut row, 64..128);
        assert_eq!(row, [0xF << 60, 0, 3]);
        assert_eq!(first_in(&row, 64..200), Some(128));
        insert(&mut row, 150..400);
        assert_eq!(
            Registers { row: row.into() }.iter().filter(|&r| r > 63).take(3).collect::<Vec<_>>(),
            [128, 129, 150]
        );
    }

    #[test]
    fn empty_ranges_touch_nothing() {
        let mut row = vec![0; 1];
        insert(&mut row, 64..64);
        insert(&mut row, 5..5);
        assert_eq!(row, [0]);
        assert_eq!(first_in(&[u64::MAX], 3..3), None);
    }
}
