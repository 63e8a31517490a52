//! `split`, `rsplit`, `splitlines`: the ranges of the pieces, one after the other.
//!
//! A limit of splits (`maxsplit`) is `usize::MAX` for none, which is what a negative one means.

use std::borrow::Cow;
use std::ops::Range;

use python_algorithms::work::{Interrupted, Work};

use crate::Alphabet;
use crate::search::{Pattern, RPattern};
use crate::unicode::is_line_break;
use crate::units::{Unit, Units};

/// The next piece, or that there is none.
pub type Piece = Result<Option<Range<usize>>, Interrupted>;

/// The pieces of a text, in turn.
pub trait Pieces {
    /// The next one.
    ///
    /// # Errors
    /// If the search for it was interrupted.
    fn next(&mut self, work: &mut Work) -> Piece;
}

impl<F: FnMut(&mut Work) -> Piece> Pieces for F {
    fn next(&mut self, work: &mut Work) -> Piece {
        self(work)
    }
}

/// One for each width of the text.
enum Widths<A, B, C> {
    One(A),
    Two(B),
    Four(C),
}

impl<A: Pieces, B: Pieces, C: Pieces> Pieces for Widths<A, B, C> {
    fn next(&mut self, work: &mut Work) -> Piece {
        match self {
            Widths::One(pieces) => pieces.next(work),
            Widths::Two(pieces) => pieces.next(work),
            Widths::Four(pieces) => pieces.next(work),
        }
    }
}

/// The pieces between occurrences of a separator, from the left.
///
/// `None` for an empty separator ("empty separator", a ValueError).
pub fn split<'a>(text: Units<'a>, separator: Units<'a>, most: usize) -> Option<impl Pieces + 'a> {
    (!separator.is_empty()).then(|| match text {
        Units::One(units) => Widths::One(FromLeft::new(units, separator, most)),
        Units::Two(units) => Widths::Two(FromLeft::new(units, separator, most)),
        Units::Four(units) => Widths::Four(FromLeft::new(units, separator, most)),
    })
}

/// The same from the right, the last first.
pub fn rsplit<'a>(text: Units<'a>, separator: Units<'a>, most: usize) -> Option<impl Pieces + 'a> {
    (!separator.is_empty()).then(|| match text {
        Units::One(units) => Widths::One(FromRight::new(units, separator, most)),
        Units::Two(units) => Widths::Two(FromRight::new(units, separator, most)),
        Units::Four(units) => Widths::Four(FromRight::new(units, separator, most)),
    })
}

struct FromLeft<'a, U: Unit> {
    text: &'a [U],
    search: Needle<'a, U>,
    length: usize,
    /// Where the next piece begins, until the last has been given.
    from: Option<usize>,
    most: usize,
}

/// The separator's search, prepared where it can be kept without referring to its own struct.
enum Needle<'a, U: Unit> {
    /// It does not fit the text's width, so it does not occur.
    Absent,
    Borrowed(Pattern<'a, U>),
    /// Of another width than the text, and longer than a unit.
    Widened(Vec<U>),
}

impl<'a, U: Unit> FromLeft<'a, U> {
    fn new(text: &'a [U], separator: Units<'a>, most: usize) -> Self {
        let search = match separator.with_width(text) {
            None => Needle::Absent,
            Some(units) if units.len() == 1 => Needle::Borrowed(Pattern::Unit(units[0])),
            Some(Cow::Borrowed(units)) => Needle::Borrowed(Pattern::new(units)),
            Some(Cow::Owned(units)) => Needle::Widened(units),
        };
        FromLeft { text, search, length: separator.len(), from: Some(0), most }
    }
}

impl<U: Unit> Pieces for FromLeft<'_, U> {
    fn next(&mut self, work: &mut Work) -> Piece {
        let Some(from) = self.from else { return Ok(None) };
        let rest = &self.text[from..];
        let found = match &self.search {
            _ if self.most == 0 => None,
            Needle::Absent => None,
            Needle::Borrowed(pattern) => pattern.find(rest, work)?,
            Needle::Widened(units) => Pattern::new(units).find(rest, work)?,
        };
        Ok(Some(match found {
            Some(offset) => {
                self.most -= 1;
                self.from = Some(from + offset + self.length);
                from..from + offset
            }
            None => {
                self.from = None;
                from..self.text.len()
            }
        }))
    }
}

struct FromRight<'a, U: Unit> {
    text: &'a [U],
    /// `None` if it does not fit the text's width.
    separator: Option<Cow<'a, [U]>>,
    /// Where the next piece ends, until the last has been given.
    to: Option<usize>,
    most: usize,
}

impl<'a, U: Unit> FromRight<'a, U> {
    fn new(text: &'a [U], separator: Units<'a>, most: usize) -> Self {
        FromRight { text, separator: separator.with_width(text), to: Some(text.len()), most }
    }
}

impl<U: Unit> Pieces for FromRight<'_, U> {
    fn next(&mut self, work: &mut Work) -> Piece {
        let Some(to) = self.to else { return Ok(None) };
        // Preparing a search takes time in the separator's length, which each piece but one goes with.
        let found = match &self.separator {
            Some(separator) if self.most > 0 => {
                let found = RPattern::new(separator).find(&self.text[..to], work)?;
                found.map(|at| (at, at + separator.len()))
            }
            _ => None,
        };
        Ok(Some(match found {
            Some((start, end)) => {
                self.most -= 1;
                self.to = Some(start);
                end..to
            }
            None => {
                self.to = None;
                0..to
            }
        }))
    }
}

/// The words between stretches of white space (`split()` without separator), from the left. After `most` splits the
/// rest is the last word, white space at its end included.
pub fn split_words(text: Units<'_>, alphabet: Alphabet, most: usize) -> impl Pieces {
    let (mut from, mut most) = (0, most);
    move |work: &mut Work| {
        let rest = text.slice(from..text.len());
        let Some(blank) = rest.position(|point| !alphabet.is_space(point), work)? else { return Ok(None) };
        let start = from + blank;
        let end = if most == 0 {
            text.len()
        } else {
            most -= 1;
            let length = text.slice(start..text.len()).position(|point| alphabet.is_space(point), work)?;
            length.map_or(text.len(), |length| start + length)
        };
        from = end;
        Ok(Some(start..end))
    }
}

/// The words from the right (`rsplit()`), the last first.
pub fn rsplit_words(text: Units<'_>, alphabet: Alphabet, most: usize) -> impl Pieces {
    let (mut to, mut most) = (text.len(), most);
    move |work: &mut Work| {
        let Some(last) = text.slice(0..to).rposition(|point| !alphabet.is_space(point), work)? else {
            return Ok(None);
        };
        let end = last + 1;
        let start = if most == 0 {
            0
        } else {
            most -= 1;
            let blank = text.slice(0..end).rposition(|point| alphabet.is_space(point), work)?;
            blank.map_or(0, |last| last + 1)
        };
        to = start;
        Ok(Some(start..end))
    }
}

/// The lines, with their ends if `keep_ends`. A carriage return and a line feed end one line together; `bytes`
/// (the ASCII alphabet) have no other ends.
pub fn split_lines(text: Units<'_>, alphabet: Alphabet, keep_ends: bool) -> impl Pieces {
    let mut from = 0;
    let ends_line = move |point| match alphabet {
        Alphabet::Unicode => is_line_break(point),
        Alphabet::Ascii => matches!(point, 10 | 13),
    };
    move |work: &mut Work| {
        if from >= text.len() {
            return Ok(None);
        }
        let start = from;
        let (end, next) = match text.slice(start..text.len()).position(ends_line, work)? {
            None => (text.len(), text.len()),
            Some(length) => {
                let end = start + length;
                let both = text.get(end) == Some(13) && text.get(end + 1) == Some(10);
                (end, end + if both { 2 } else { 1 })
            }
        };
        from = next;
        Ok(Some(start..if keep_ends { next } else { end }))
    }
}
