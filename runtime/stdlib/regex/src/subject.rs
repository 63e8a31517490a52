//! What patterns are matched against.

use crate::engine::{Failure, Found, Matcher, Mode};
use crate::pattern;
use python_objects::{Args, Object, Py, R, Value, bytes, string};
use python_text::Units;
use vm_api::heap::OutOfMemory;

/// A string, or the bytes of a bytes-like object: those that can change are copied.
pub(crate) struct Subject {
    /// Of kind `STR` or `BYTES`, exact.
    pub(crate) content: Object,
    is_bytes: bool,
}

impl Subject {
    /// The content of a value: TypeError unless it has one.
    pub(crate) fn new(py: Py<'_>, v: Value) -> R<Subject> {
        if let Some(content) = string::exact_or_payload(py, v) {
            return Ok(Subject { content, is_bytes: false });
        }
        if let Some(content) = py.as_bytes(v) {
            return Ok(Subject { content, is_bytes: true });
        }
        match py.bytes_like(v) {
            Some(copy) => Ok(Subject { content: py.bytes(&copy)?, is_bytes: true }),
            None => py.type_error(&format!("expected string or bytes-like object, got '{}'", py.class_name(v))),
        }
    }
    /// The same, for matching with a pattern: TypeError unless both are of text or both of bytes.
    pub(crate) fn for_pattern(py: Py<'_>, p: Object, v: Value) -> R<Subject> {
        let subject = Subject::new(py, v)?;
        match (p.get(pattern::word::IS_BYTES), subject.is_bytes) {
            (Value::FALSE, true) => py.type_error("cannot use a string pattern on a bytes-like object"),
            (Value::TRUE, false) => py.type_error("cannot use a bytes pattern on a string-like object"),
            _ => Ok(subject),
        }
    }
    pub(crate) fn is_bytes(&self) -> bool {
        self.is_bytes
    }
    pub(crate) fn units<'u>(&self) -> Units<'u> {
        if self.is_bytes { Units::One(bytes::slice(self.content)) } else { string::units(self.content) }
    }
    pub(crate) fn length(&self) -> usize {
        self.units().len()
    }
    /// A part as a string or `bytes`; what of the range lies outside is left off.
    pub(crate) fn part(&self, py: Py<'_>, start: usize, end: usize) -> R {
        let n = self.length();
        let (start, end) = (start.min(n), end.min(n).max(start.min(n)));
        if (start, end) == (0, n) {
            return Ok(self.content.value());
        }
        match self.units() {
            Units::One(units) if self.is_bytes => Ok(py.bytes(&units[start..end])?.value()),
            _ => Ok(py.substring(self.content, start, end)?.value()),
        }
    }
    /// The subject of a method that takes it with two positions, and these within it. The positions must be numbers first.
    pub(crate) fn with_bounds(py: Py<'_>, p: Object, args: Args<'_>) -> R<(Subject, (usize, usize))> {
        let position = |i: usize, default: i64| args.opt(i).map_or(Ok(default), |v| py.index_i64(v));
        let (start, end) = (position(2, 0)?, position(3, i64::MAX)?);
        let subject = Subject::for_pattern(py, p, args.at(1))?;
        let within = |position: i64| position.clamp(0, subject.length() as i64) as usize;
        let bounds = (within(start), within(end));
        Ok((subject, bounds))
    }
}

/// Prepares searches with a pattern in the first `end` units of a subject.
pub(crate) fn matcher<'p, 'u>(py: Py<'_>, p: Object, subject: &Subject, end: usize) -> R<Matcher<'p, 'u>> {
    Matcher::new(pattern::program(p), subject.units().slice(0..end)).map_err(|_| py.out_of_memory(OutOfMemory))
}

/// Looks for a match; signal handlers may run meanwhile and raise.
pub(crate) fn find(py: Py<'_>, m: &mut Matcher<'_, '_>, mode: Mode, from: usize, advance: bool) -> R<Option<Found>> {
    let mut stop = None;
    let mut poll = || {
        stop = py.poll().err();
        stop.is_some()
    };
    let found = m.find(mode, from, advance, &mut poll);
    match (found, stop) {
        (Ok(found), _) => Ok(found),
        (Err(Failure::Interrupted), Some(stop)) => Err(stop),
        (Err(_), _) => Err(py.out_of_memory(OutOfMemory)),
    }
}
