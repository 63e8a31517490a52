//! Where matches are looked for.

use super::UNSET;
use super::charset;
use super::matcher::{Failure, Matcher};
use super::program::header;
use python_text::{Unit, Units};

/// What counts as a match.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// One that begins at the start.
    Match,
    /// One that begins at the start and ends at the end.
    Full,
    /// The first from the start on.
    Search,
}

/// A match.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    pub start: usize,
    pub end: usize,
    /// Spans of the groups from 1 on.
    pub groups: Vec<Option<(usize, usize)>>,
    /// The group that was closed last.
    pub last: Option<usize>,
}

impl Matcher<'_, '_> {
    /// Looks for a match from `from` on; with `advance`, an empty one at `from` does not count. The poll is asked now and
    /// then; true ends the search.
    pub fn find(
        &mut self,
        mode: Mode,
        from: usize,
        advance: bool,
        poll: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Found>, Failure> {
        match self.units {
            Units::One(units) => self.find_in(units, mode, from, advance, poll),
            Units::Two(units) => self.find_in(units, mode, from, advance, poll),
            Units::Four(units) => self.find_in(units, mode, from, advance, poll),
        }
    }
    fn find_in<U: Unit>(
        &mut self,
        units: &[U],
        mode: Mode,
        from: usize,
        advance: bool,
        poll: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Found>, Failure> {
        self.reset();
        if from > units.len() || units.len() - from < self.program.number(header::LEAST) {
            return Ok(None);
        }
        let found = match mode {
            Mode::Search => self.search(units, from, advance, poll)?,
            _ => self.run(units, from, mode == Mode::Full, advance, poll)?.map(|end| (from, end)),
        };
        Ok(found.map(|(start, end)| {
            let n = self.program.groups();
            let last = Some(self.slots[n * 2]).filter(|g| *g != UNSET);
            Found { start, end, groups: (1..=n).map(|g| self.group(g)).collect(), last }
        }))
    }
    fn search<U: Unit>(
        &mut self,
        units: &[U],
        from: usize,
        advance: bool,
        poll: &mut dyn FnMut() -> bool,
    ) -> Result<Option<(usize, usize)>, Failure> {
        let program = self.program;
        let (prefix, first) = (program.number(header::PREFIX), program.number(header::FIRST));
        let last = units.len() - program.number(header::LEAST).min(units.len());
        if program.word(header::ANCHORED) == 1 {
            // At a later place than the beginning nothing can match.
            return Ok(self.run(units, from, false, advance, poll)?.map(|end| (from, end)));
        }
        if prefix > 0 {
            let Some(needle) =
                (0..prefix).map(|i| U::from_point(program.word(header::LENGTH + i))).collect::<Option<Vec<U>>>()
            else {
                return Ok(None);
            };
            let finder = if prefix > 1 { Some(U::finder(&needle)) } else { None };
            let mut at = from;
            loop {
                let rest = &units[at.min(units.len())..];
                let found = match &finder {
                    Some(finder) => U::find_with(finder, rest),
                    None => U::find_unit(rest, needle[0]),
                };
                let Some(found) = found else { return Ok(None) };
                at += found;
                if let Some(end) = self.run(units, at, false, advance && at == from, poll)? {
                    return Ok(Some((at, end)));
                }
                at += 1;
            }
        }
        let mut at = from;
        loop {
            if first != 0 {
                let rest = &units[at.min(units.len())..];
                let Some(n) = rest.iter().position(|u| charset::test(program, first, u.point())) else {
                    return Ok(None);
                };
                at += n;
            }
            if at > last {
                return Ok(None);
            }
            if let Some(end) = self.run(units, at, false, advance && at == from, poll)? {
                return Ok(Some((at, end)));
            }
            at += 1;
        }
    }
}
