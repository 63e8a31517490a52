//! The rule at the end of a zone's file: which times it has after the last transition (the `TZ` of POSIX). Plain numbers.

use crate::calendar::Day;

/// When a year's summer time begins or ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Date {
    /// Month, week (5: the last) and day of the week (0: Sunday).
    Weekday(i32, i32, i32),
    /// Day of the year from 1 on, without leap days.
    Julian(i32),
    /// Day of the year, with them.
    OfYear(i32),
}
/// With the second of the day, by the clock before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Change {
    date: Date,
    second: i64,
}
impl Change {
    /// Seconds since 1970 as the clock before shows them.
    fn in_year(self, year: i32) -> i64 {
        let first = Day { year, month: 1, day: 1 };
        let days = match self.date {
            // From 1 on as CPython reads it: 0 is the last day of the year before.
            Date::OfYear(day) => i64::from(day - 1),
            Date::Julian(day) => {
                let leap = Day { year, month: 3, day: 1 }.day_of_year() == 61;
                i64::from(day - 1) + i64::from(leap && day >= 60)
            }
            Date::Weekday(month, week, weekday) => {
                let begin = Day { year, month, day: 1 };
                let length = if month == 12 {
                    31
                } else {
                    Day { year, month: month + 1, day: 1 }.day_of_year() - begin.day_of_year()
                };
                // Of Monday 0 and of Sunday 0.
                let first_of_month = (begin.weekday() + 1) % 7;
                let mut day = (weekday - first_of_month).rem_euclid(7) + 7 * (week - 1);
                if day >= length {
                    day -= 7;
                }
                i64::from(begin.day_of_year() - 1 + day)
            }
        };
        first.seconds() + days * 86_400 + self.second
    }
}

/// A time that a zone has: offset in seconds, and name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Kind {
    pub(super) offset: i64,
    pub(super) saving: i64,
    pub(super) name: String,
}
/// The rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Rule {
    pub(super) standard: Kind,
    summer: Option<(Kind, Change, Change)>,
}

impl Rule {
    /// Is there one time only?
    pub(super) fn is_fixed(&self) -> bool {
        self.summer.is_none()
    }
    pub(super) fn fixed(standard: Kind) -> Rule {
        Rule { standard, summer: None }
    }
    /// The time at a moment that clocks show so.
    pub(super) fn at_local(&self, shown: i64, year: i32, fold: bool) -> &Kind {
        let Some((summer, begin, end)) = &self.summer else { return &self.standard };
        let (mut begin, mut end) = (begin.in_year(year), end.in_year(year));
        let ahead = summer.offset - self.standard.offset;
        // With fold the one after, in a gap and where a time is repeated.
        if fold == (ahead >= 0) {
            end -= ahead;
        } else {
            begin += ahead;
        }
        let is_summer = if begin < end { begin <= shown && shown < end } else { !(end <= shown && shown < begin) };
        if is_summer { summer } else { &self.standard }
    }
    /// The time at a moment, and whether clocks show it for the second time.
    pub(super) fn at_utc(&self, seconds: i64, year: i32) -> (&Kind, bool) {
        let Some((summer, begin, end)) = &self.summer else { return (&self.standard, false) };
        let begin = begin.in_year(year) - self.standard.offset;
        let end = end.in_year(year) - summer.offset;
        let is_summer =
            if begin < end { begin <= seconds && seconds < end } else { !(end <= seconds && seconds < begin) };
        let ahead = summer.offset - self.standard.offset;
        // Where the clock is set back.
        let back = if ahead > 0 { end } else { begin };
        let fold = (back..back + ahead.abs()).contains(&seconds);
        (if is_summer { summer } else { &self.standard }, fold)
    }

    /// Reads one; `None`: it is wrong.
    pub(super) fn parse(text: &str) -> Option<Rule> {
        let mut reader = Reader { rest: text };
        let name = reader.name()?;
        let standard = Kind { offset: -reader.offset()?, saving: 0, name };
        if reader.rest.is_empty() {
            return Some(Rule { standard, summer: None });
        }
        let name = reader.name()?;
        let offset = if reader.rest.starts_with(',') { standard.offset + 3600 } else { -reader.offset()? };
        let summer = Kind { offset, saving: offset - standard.offset, name };
        if !reader.take(',') {
            return None;
        }
        let begin = reader.change()?;
        if !reader.take(',') {
            return None;
        }
        let end = reader.change()?;
        reader.rest.is_empty().then_some(Rule { standard, summer: Some((summer, begin, end)) })
    }
}

struct Reader<'a> {
    rest: &'a str,
}
impl Reader<'_> {
    fn take(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
    fn name(&mut self) -> Option<String> {
        let (name, rest) = if let Some(rest) = self.rest.strip_prefix('<') {
            rest.split_once('>')?
        } else {
            let end = self.rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(self.rest.len());
            self.rest.split_at(end)
        };
        let valid = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '-';
        self.rest = rest;
        (!name.is_empty() && name.chars().all(valid)).then(|| name.to_owned())
    }
    /// A number of so many digits at most, and of so many at least.
    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        if !(least..=most).contains(&digits) {
            return None;
        }
        let (digits, rest) = self.rest.split_at(digits);
        self.rest = rest;
        digits.parse().ok()
    }
    /// `[+-]h[:mm[:ss]]`, in seconds.
    fn clock(&mut self, most_hours: i64, digits: usize) -> Option<i64> {
        let negative = self.take('-');
        if !negative {
            self.take('+');
        }
        let hours = self.number(1, digits)?;
        let mut seconds = hours * 3600;
        if self.take(':') {
            seconds += self.number(2, 2)? * 60;
            if self.take(':') {
                seconds += self.number(2, 2)?;
            }
        }
        (hours <= most_hours).then_some(if negative { -seconds } else { seconds })
    }
    fn offset(&mut self) -> Option<i64> {
        self.clock(24, 3)
    }
    fn change(&mut self) -> Option<Change> {
        let within = |n: Option<i64>, from: i64, to: i64| n.filter(|n| (from..=to).contains(n)).map(|n| n as i32);
        let date = if self.take('M') {
            let month = within(self.number(1, 2), 1, 12)?;
            let week = if self.take('.') { within(self.number(1, 1), 1, 5)? } else { return None };
            let weekday = if self.take('.') { within(self.number(1, 1), 0, 6)? } else { return None };
            Date::Weekday(month, week, weekday)
        } else if self.take('J') {
            Date::Julian(within(self.number(1, 3), 1, 365)?)
        } else {
            Date::OfYear(within(self.number(1, 3), 0, 365)?)
        };
        let second = if self.take('/') { self.clock(167, 3)? } else { 2 * 3600 };
        Some(Change { date, second })
    }
}
