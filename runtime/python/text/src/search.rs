//! Search for a sequence of wide units: the two-way algorithm (Crochemore and Perrin, "Two-way string-matching",
//! 1991), linear in the worst case, with constant space. Bytes have `memchr`'s.

use python_algorithms::work::{BLOCK, Interrupted, Work};

use crate::Unit;

/// A prepared search for a needle of two or more units, from the right if `REVERSED`: the mirrored needle in the
/// mirrored text.
#[derive(Clone, Debug)]
pub struct TwoWay<'n, U, const REVERSED: bool> {
    needle: &'n [U],
    /// The needle's critical factorization: its left part's length.
    left: usize,
    /// How far to go on after the right part matched.
    step: usize,
    /// Whether `step` is the needle's period, so that a matched prefix need not be compared again.
    periodic: bool,
}

/// The unit at an index, counted from the end if reversed.
#[inline]
fn at<U: Copy, const REVERSED: bool>(units: &[U], index: usize) -> U {
    if REVERSED { units[units.len() - 1 - index] } else { units[index] }
}

impl<'n, U: Unit, const REVERSED: bool> TwoWay<'n, U, REVERSED> {
    pub(crate) fn new(needle: &'n [U]) -> Self {
        let length = needle.len();
        let (first, second) = (Self::maximal_suffix(needle, false), Self::maximal_suffix(needle, true));
        let (left, period) = if first.0 > second.0 { first } else { second };
        let unit = |index| at::<U, REVERSED>(needle, index);
        let periodic = left + period <= length && (0..left).all(|index| unit(index) == unit(index + period));
        let step = if periodic { period } else { left.max(length - left) + 1 };
        TwoWay { needle, left, step, periodic }
    }

    /// Where the greatest suffix begins, in the order of units or the opposite one, and its period.
    fn maximal_suffix(needle: &[U], opposite: bool) -> (usize, usize) {
        let unit = |index| at::<U, REVERSED>(needle, index);
        // The suffix at `next` is compared with the best so far; `offset` units of theirs are equal.
        let (mut best, mut next, mut offset, mut period) = (0, 1, 0, 1);
        while next + offset < needle.len() {
            let (a, b) = (unit(next + offset), unit(best + offset));
            if a == b {
                if offset + 1 == period {
                    next += period;
                    offset = 0;
                } else {
                    offset += 1;
                }
            } else if (a < b) != opposite {
                next += offset + 1;
                offset = 0;
                period = next - best;
            } else {
                best = next;
                next += 1;
                (offset, period) = (0, 1);
            }
        }
        (best, period)
    }

    /// The place of the first occurrence from the side that the search begins at.
    pub(crate) fn find(&self, text: &[U]) -> Option<usize> {
        let length = self.needle.len();
        let same =
            |index: usize, from: usize| at::<U, REVERSED>(self.needle, index) == at::<U, REVERSED>(text, from + index);
        let mut from = 0;
        // How much of the needle's beginning is known to match at `from`.
        let mut known = 0;
        while from + length <= text.len() {
            if !REVERSED && known == 0 && text[from + self.left] != self.needle[self.left] {
                // The comparison begins there: on to where it does not fail at once.
                from += U::find_unit(&text[from + self.left..], self.needle[self.left])?;
                if from + length > text.len() {
                    return None;
                }
            }
            let mut right = self.left.max(known);
            while right < length && same(right, from) {
                right += 1;
            }
            if right < length {
                from += right - self.left + 1;
                known = 0;
                continue;
            }
            let mut left = self.left;
            while left > known && same(left - 1, from) {
                left -= 1;
            }
            if left <= known {
                return Some(if REVERSED { text.len() - from - length } else { from });
            }
            from += self.step;
            known = if self.periodic { length - self.step } else { 0 };
        }
        None
    }
}

/// How much of a text is searched between two questions whether to go on, where neighbouring parts share `overlap` units.
fn window(overlap: usize) -> usize {
    (16 * BLOCK).max(8 * overlap)
}

/// What to search for, at the width of the text.
#[derive(Clone, Debug)]
pub(crate) enum Pattern<'n, U: Unit> {
    Empty,
    Unit(U),
    Units(U::Finder<'n>, usize),
}

impl<'n, U: Unit> Pattern<'n, U> {
    pub(crate) fn new(needle: &'n [U]) -> Self {
        match *needle {
            [] => Pattern::Empty,
            [unit] => Pattern::Unit(unit),
            _ => Pattern::Units(U::finder(needle), needle.len()),
        }
    }

    /// The first occurrence; that of nothing is at the beginning.
    ///
    /// # Errors
    /// If the search was interrupted.
    #[inline]
    pub(crate) fn find(&self, text: &[U], work: &mut Work) -> Result<Option<usize>, Interrupted> {
        if let Pattern::Empty = self {
            return Ok(Some(0));
        }
        let overlap = self.length() - 1;
        let mut from = 0;
        loop {
            let to = text.len().min(from + window(overlap));
            if let Some(found) = self.find_within(&text[from..to]) {
                work.spend(found + overlap + 1)?;
                return Ok(Some(from + found));
            }
            work.spend(to - from)?;
            if to == text.len() {
                return Ok(None);
            }
            from = to - overlap;
        }
    }

    fn length(&self) -> usize {
        match self {
            Pattern::Empty => 0,
            Pattern::Unit(_) => 1,
            Pattern::Units(_, length) => *length,
        }
    }

    fn find_within(&self, text: &[U]) -> Option<usize> {
        match self {
            Pattern::Empty => Some(0),
            Pattern::Unit(unit) => U::find_unit(text, *unit),
            Pattern::Units(finder, length) if *length <= text.len() => U::find_with(finder, text),
            Pattern::Units(..) => None,
        }
    }
}

/// [`Pattern`] from the right.
#[derive(Clone, Debug)]
pub(crate) enum RPattern<'n, U: Unit> {
    Empty,
    Unit(U),
    Units(U::RFinder<'n>, usize),
}

impl<'n, U: Unit> RPattern<'n, U> {
    pub(crate) fn new(needle: &'n [U]) -> Self {
        match *needle {
            [] => RPattern::Empty,
            [unit] => RPattern::Unit(unit),
            _ => RPattern::Units(U::rfinder(needle), needle.len()),
        }
    }

    /// The last occurrence; that of nothing is at the end.
    ///
    /// # Errors
    /// If the search was interrupted.
    #[inline]
    pub(crate) fn find(&self, text: &[U], work: &mut Work) -> Result<Option<usize>, Interrupted> {
        let overlap = match self {
            RPattern::Empty => return Ok(Some(text.len())),
            RPattern::Unit(_) => 0,
            RPattern::Units(_, length) => length - 1,
        };
        let mut to = text.len();
        loop {
            let from = to.saturating_sub(window(overlap));
            if let Some(found) = self.find_within(&text[from..to]) {
                work.spend(to - (from + found))?;
                return Ok(Some(from + found));
            }
            work.spend(to - from)?;
            if from == 0 {
                return Ok(None);
            }
            to = from + overlap;
        }
    }

    fn find_within(&self, text: &[U]) -> Option<usize> {
        match self {
            RPattern::Empty => Some(text.len()),
            RPattern::Unit(unit) => U::rfind_unit(text, *unit),
            RPattern::Units(finder, length) if *length <= text.len() => U::rfind_with(finder, text),
            RPattern::Units(..) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use python_algorithms::work::UNINTERRUPTED;

    fn naive<U: Unit>(text: &[U], needle: &[U]) -> (Option<usize>, Option<usize>) {
        let mut places = (0..(text.len() + 1).saturating_sub(needle.len()))
            .filter(|&from| &text[from..from + needle.len()] == needle);
        let first = places.next();
        (first, places.last().or(first))
    }

    /// All needles of two letters up to length 6 in all texts up to length 9, and periodic ones in long texts.
    #[test]
    fn agrees_with_the_definition() {
        let word = |bits: u32, length: u32| -> Vec<u16> { (0..length).map(|bit| (bits >> bit & 1) as u16).collect() };
        for needle_length in 2..=6 {
            for needle in (0..1 << needle_length).map(|bits| word(bits, needle_length)) {
                for length in 0..=9 {
                    for text in (0..1 << length).map(|bits| word(bits, length)) {
                        let work = &mut Work::new(UNINTERRUPTED);
                        let found = (Pattern::new(&needle).find(&text, work), RPattern::new(&needle).find(&text, work));
                        let found = (found.0.unwrap_or_default(), found.1.unwrap_or_default());
                        assert_eq!(found, naive(&text, &needle), "{needle:?} in {text:?}");
                    }
                }
            }
        }
        let mut state = 1u64;
        let mut random = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        for _ in 0..4000 {
            let period = random(7) + 1;
            let piece: Vec<u32> = (0..period).map(|_| random(3) as u32).collect();
            let length = random(40) + 2;
            let mut needle: Vec<u32> = piece.iter().copied().cycle().take(length as usize).collect();
            let mut text: Vec<u32> = piece.iter().copied().cycle().take(random(200) as usize).collect();
            for _ in 0..random(4) {
                let place = random(length) as usize;
                needle[place] = random(3) as u32;
            }
            for _ in 0..random(6).min(text.len() as u64) {
                let place = random(text.len() as u64) as usize;
                text[place] = random(3) as u32;
            }
            let work = &mut Work::new(UNINTERRUPTED);
            let found = (Pattern::new(&needle).find(&text, work), RPattern::new(&needle).find(&text, work));
            let found = (found.0.unwrap_or_default(), found.1.unwrap_or_default());
            assert_eq!(found, naive(&text, &needle), "{needle:?} in {text:?}");
        }
    }
}
