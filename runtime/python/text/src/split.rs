//! `split`, `rsplit`, `splitlines`: iterators over the ranges of the pieces.
//!
//! A limit of splits (`maxsplit`) is `usize::MAX` for none, which is what a negative one means.

use std::borrow::Cow;
use std::ops::Range;

use crate::Alphabet;
use crate::search::{Pattern, RPattern};
use crate::unicode::is_line_break;
use crate::units::{Unit, Units, each_width};

/// The pieces of a text between occurrences of a separator, from the left.
///
/// `None` for an empty separator ("empty separator", a ValueError).
pub fn split<'a>(text: Units<'a>, separator: Units<'a>, most: usize) -> Option<Split<'a>> {
    if separator.is_empty() {
        return None;
    }
    Some(Split(match text {
        Units::One(units) => Widths::One(Pieces::new(units, separator, most)),
        Units::Two(units) => Widths::Two(Pieces::new(units, separator, most)),
        Units::Four(units) => Widths::Four(Pieces::new(units, separator, most)),
    }))
}

/// Iterator of [`split`].
#[derive(Clone, Debug)]
pub struct Split<'a>(Widths<Pieces<'a, u8>, Pieces<'a, u16>, Pieces<'a, u32>>);

/// One for each width.
#[derive(Clone, Debug)]
enum Widths<A, B, C> {
    One(A),
    Two(B),
    Four(C),
}

impl Iterator for Split<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        match &mut self.0 {
            Widths::One(pieces) => pieces.next(),
            Widths::Two(pieces) => pieces.next(),
            Widths::Four(pieces) => pieces.next(),
        }
    }
}

#[derive(Clone, Debug)]
struct Pieces<'a, U: Unit> {
    text: &'a [U],
    search: Needle<'a, U>,
    length: usize,
    /// Where the next piece begins, until the last has been given.
    from: Option<usize>,
    most: usize,
}

/// The separator's search, prepared where it can be kept without referring to this struct itself.
#[derive(Clone, Debug)]
enum Needle<'a, U: Unit> {
    /// It does not fit the text's width, so it does not occur.
    Absent,
    Unit(U),
    Borrowed(Pattern<'a, U>),
    /// Of another width than the text.
    Widened(Vec<U>),
}

impl<'a, U: Unit> Pieces<'a, U> {
    fn new(text: &'a [U], separator: Units<'a>, most: usize) -> Self {
        let search = match separator.with_width(text) {
            None => Needle::Absent,
            Some(units) if units.len() == 1 => Needle::Unit(units[0]),
            Some(Cow::Borrowed(units)) => Needle::Borrowed(Pattern::new(units)),
            Some(Cow::Owned(units)) => Needle::Widened(units),
        };
        Pieces { text, search, length: separator.len(), from: Some(0), most }
    }

    fn next(&mut self) -> Option<Range<usize>> {
        let from = self.from?;
        let rest = &self.text[from..];
        let found = if self.most == 0 {
            None
        } else {
            match &self.search {
                Needle::Absent => None,
                Needle::Unit(unit) => U::find_unit(rest, *unit),
                Needle::Borrowed(pattern) => pattern.find(rest),
                Needle::Widened(units) => Pattern::new(units).find(rest),
            }
        };
        Some(match found {
            Some(offset) => {
                self.most -= 1;
                self.from = Some(from + offset + self.length);
                from..from + offset
            }
            None => {
                self.from = None;
                from..self.text.len()
            }
        })
    }
}

/// The pieces from the right, the last first; `None` for an empty separator.
pub fn rsplit<'a>(text: Units<'a>, separator: Units<'a>, most: usize) -> Option<RSplit<'a>> {
    if separator.is_empty() {
        return None;
    }
    Some(RSplit(match text {
        Units::One(units) => Widths::One(RPieces::new(units, separator, most)),
        Units::Two(units) => Widths::Two(RPieces::new(units, separator, most)),
        Units::Four(units) => Widths::Four(RPieces::new(units, separator, most)),
    }))
}

/// Iterator of [`rsplit`].
#[derive(Clone, Debug)]
pub struct RSplit<'a>(Widths<RPieces<'a, u8>, RPieces<'a, u16>, RPieces<'a, u32>>);

impl Iterator for RSplit<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        match &mut self.0 {
            Widths::One(pieces) => pieces.next(),
            Widths::Two(pieces) => pieces.next(),
            Widths::Four(pieces) => pieces.next(),
        }
    }
}

#[derive(Clone, Debug)]
struct RPieces<'a, U: Unit> {
    text: &'a [U],
    /// `None` if it does not fit the text's width.
    separator: Option<Cow<'a, [U]>>,
    /// Where the next piece ends, until the last has been given.
    to: Option<usize>,
    most: usize,
}

impl<'a, U: Unit> RPieces<'a, U> {
    fn new(text: &'a [U], separator: Units<'a>, most: usize) -> Self {
        RPieces { text, separator: separator.with_width(text), to: Some(text.len()), most }
    }

    fn next(&mut self) -> Option<Range<usize>> {
        let to = self.to?;
        // Preparing a search takes time in the separator's length, which each piece but one goes with.
        let found = match &self.separator {
            Some(separator) if self.most > 0 => {
                RPattern::new(separator).find(&self.text[..to]).map(|at| (at, at + separator.len()))
            }
            _ => None,
        };
        Some(match found {
            Some((start, end)) => {
                self.most -= 1;
                self.to = Some(start);
                end..to
            }
            None => {
                self.to = None;
                0..to
            }
        })
    }
}

/// The words between stretches of white space (`split()` without separator), from the left. After `most` splits the
/// rest is the last word, white space at its end included.
pub fn split_words(text: Units<'_>, alphabet: Alphabet, most: usize) -> impl Iterator<Item = Range<usize>> {
    let (mut from, mut most) = (0, most);
    std::iter::from_fn(move || {
        let start = from + position(text.slice(from..text.len()), |point| !alphabet.is_space(point))?;
        let end = if most == 0 {
            text.len()
        } else {
            most -= 1;
            let length = position(text.slice(start..text.len()), |point| alphabet.is_space(point));
            length.map_or(text.len(), |length| start + length)
        };
        from = end;
        Some(start..end)
    })
}

/// The words from the right (`rsplit()`), the last first.
pub fn rsplit_words(text: Units<'_>, alphabet: Alphabet, most: usize) -> impl Iterator<Item = Range<usize>> {
    let (mut to, mut most) = (text.len(), most);
    std::iter::from_fn(move || {
        let end = rposition(text.slice(0..to), |point| !alphabet.is_space(point))? + 1;
        let start = if most == 0 {
            0
        } else {
            most -= 1;
            rposition(text.slice(0..end), |point| alphabet.is_space(point)).map_or(0, |last| last + 1)
        };
        to = start;
        Some(start..end)
    })
}

/// The lines, with their ends if `keep_ends`. A carriage return and a line feed end one line together; `bytes`
/// (the ASCII alphabet) have no other ends.
pub fn split_lines(text: Units<'_>, alphabet: Alphabet, keep_ends: bool) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    let ends_line = move |point| match alphabet {
        Alphabet::Unicode => is_line_break(point),
        Alphabet::Ascii => matches!(point, 10 | 13),
    };
    std::iter::from_fn(move || {
        if from >= text.len() {
            return None;
        }
        let start = from;
        let (end, next) = match position(text.slice(start..text.len()), ends_line) {
            None => (text.len(), text.len()),
            Some(length) => {
                let end = start + length;
                let both = text.get(end) == Some(13) && text.get(end + 1) == Some(10);
                (end, end + if both { 2 } else { 1 })
            }
        };
        from = next;
        Some(start..if keep_ends { next } else { end })
    })
}

fn position(text: Units<'_>, fits: impl Fn(u32) -> bool) -> Option<usize> {
    each_width!(text, units => units.iter().position(|&unit| fits(unit.point())))
}

fn rposition(text: Units<'_>, fits: impl Fn(u32) -> bool) -> Option<usize> {
    each_width!(text, units => units.iter().rposition(|&unit| fits(unit.point())))
}
