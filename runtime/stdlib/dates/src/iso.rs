//! Reading what ISO 8601 writes: dates, weeks, times of day with offsets. On characters, as plain numbers.

use crate::calendar::{Day, SECOND};

/// A date as it is written: its numbers need not be a date's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Date {
    pub(crate) year: i32,
    pub(crate) month: i32,
    pub(crate) day: i32,
}

/// An offset as it is written, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Offset {
    None,
    Micros(i64),
}

struct Reader<'a> {
    rest: &'a [u32],
}
impl Reader<'_> {
    fn digits(&mut self, count: usize) -> Option<i32> {
        let (found, rest) = self.rest.split_at_checked(count)?;
        let n = found.iter().try_fold(0, |n, c| Some(n * 10 + char::from_u32(*c)?.to_digit(10)? as i32))?;
        self.rest = rest;
        Some(n)
    }
    fn take(&mut self, c: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == u32::from(c) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }
    fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }
}
fn is(text: &[u32], at: usize, c: u8) -> bool {
    text.get(at) == Some(&u32::from(c))
}
fn is_digit(text: &[u32], at: usize) -> bool {
    text.get(at).is_some_and(|c| (u32::from(b'0')..=u32::from(b'9')).contains(c))
}

/// A date, all of the text. Wrong weeks are refused, wrong months and days left to the caller.
pub(crate) fn date(text: &[u32]) -> Option<Date> {
    let mut reader = Reader { rest: text };
    let year = reader.digits(4)?;
    let separated = reader.take(b'-');
    if reader.take(b'W') {
        let week = reader.digits(2)?;
        let day = if reader.is_empty() {
            1
        } else {
            if separated && !reader.take(b'-') {
                return None;
            }
            reader.digits(1)?
        };
        let Day { year, month, day } = Day::from_iso(year, week, day).ok()?;
        return reader.is_empty().then_some(Date { year, month, day });
    }
    let month = reader.digits(2)?;
    if separated && !reader.take(b'-') {
        return None;
    }
    let day = reader.digits(2)?;
    reader.is_empty().then_some(Date { year, month, day })
}

/// Hour, minute, second, microsecond: all of the text. What is left out is 0.
fn clock(text: &[u32]) -> Option<[i32; 4]> {
    let (mut reader, mut fields) = (Reader { rest: text }, [0; 4]);
    let mut separated = false;
    for i in 0..3 {
        fields[i] = reader.digits(2)?;
        if reader.is_empty() {
            return Some(fields);
        }
        if reader.take(b'.') || reader.take(b',') {
            return fraction(reader.rest).map(|n| [fields[0], fields[1], fields[2], n]);
        }
        match i {
            0 => separated = reader.take(b':'),
            1 if separated && !reader.take(b':') => return None,
            _ => {}
        }
        // A separator has something behind it.
        if reader.is_empty() {
            return None;
        }
    }
    None
}
/// Digits behind a point as microseconds; what is smaller is left out.
fn fraction(text: &[u32]) -> Option<i32> {
    let mut n = 0;
    for i in 0..text.len().max(6) {
        let digit = match text.get(i) {
            Some(c) => char::from_u32(*c)?.to_digit(10)? as i32,
            None => 0,
        };
        if i < 6 {
            n = n * 10 + digit;
        }
    }
    (!text.is_empty()).then_some(n)
}

/// A time of day with its offset: all of the text.
pub(crate) fn time(text: &[u32]) -> Option<([i32; 4], Offset)> {
    let zone = text.iter().position(|c| [b'+', b'-', b'Z'].iter().any(|sign| u32::from(*sign) == *c));
    let Some(at) = zone else { return Some((clock(text)?, Offset::None)) };
    let fields = clock(&text[..at])?;
    if is(text, at, b'Z') {
        return (at + 1 == text.len()).then_some((fields, Offset::Micros(0)));
    }
    let [hour, minute, second, micros] = clock(&text[at + 1..])?.map(i64::from);
    let offset = ((hour * 60 + minute) * 60 + second) * SECOND + micros;
    Some((fields, Offset::Micros(if is(text, at, b'-') { -offset } else { offset })))
}

/// How long the date is with which the text begins, before one character that separates and a time.
pub(crate) fn date_length(text: &[u32]) -> Option<usize> {
    if text.len() < 7 {
        return None;
    }
    if text.len() == 7 {
        return Some(7);
    }
    Some(if is(text, 4, b'-') {
        if !is(text, 5, b'W') {
            10
        } else if is(text, 8, b'-') {
            // A day of the week, or the separator before an hour.
            match text.len() {
                9 => return None,
                _ if is_digit(text, 10) => 8,
                _ => 10,
            }
        } else {
            8
        }
    } else if is(text, 4, b'W') {
        // With or without the day of the week: a time has an even number of digits.
        let end = (7..text.len()).find(|at| !is_digit(text, *at)).unwrap_or(text.len());
        match end {
            _ if end < 9 => end,
            _ if end % 2 == 0 => 7,
            _ => 8,
        }
    } else {
        8
    })
}
