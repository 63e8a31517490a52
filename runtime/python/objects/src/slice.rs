//! Slices as bounds within a sequence: `s[start:stop:step]` for a sequence of a known length.
//!
//! Evaluating a slice's parts may run Python code (`__index__`), which may change the sequence: so bounds are taken first
//! ([`Py::slice_bounds`]), the length is read after that, and then they are fitted to it ([`Bounds::fit`]).

use crate::int;
use crate::kind::Kind;
use crate::py::{Py, R};
use crate::symbol::sym;
use vm_api::heap::{Object, Value};

/// A slice's parts as machine words, clamped to their range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    start: i64,
    stop: i64,
    step: i64,
}

/// What a slice selects from a sequence: `count` indices from `start` on, `step` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Selection {
    /// First index. For a negative step that selects nothing it may be -1.
    pub start: i64,
    /// Where it ends, not included; -1 is possible for a negative step.
    pub stop: i64,
    /// Distance; never 0.
    pub step: i64,
    /// How many.
    pub count: usize,
}

impl Selection {
    /// What `start:stop:step` selects from a sequence of this length if all are small integers or None, the step not 0.
    #[inline]
    pub fn of_integers(start: Value, stop: Value, step: Value, length: usize) -> Option<Selection> {
        Selection::within(start, stop, step, length)
            .or_else(|| Bounds::of_integers(start, stop, step).map(|bounds| bounds.fit(length)))
    }
    /// The same where it goes one by one and the bounds lie within the sequence, as nearly all do: little to do, and nothing called.
    #[inline(always)]
    pub fn within(start: Value, stop: Value, step: Value, length: usize) -> Option<Selection> {
        const BACK: Value = Value::int(-1);
        const ON: Value = Value::int(1);
        let n = length as i64;
        Some(match step {
            Value::NONE | ON => {
                let (start, stop) = (index(start, 0, n + 1)?, index(stop, n, n + 1)?);
                Selection { start, stop, step: 1, count: (stop - start).max(0) as usize }
            }
            BACK => {
                let (start, stop) = (index(start, n - 1, n)?, index(stop, -1, n)?);
                Selection { start, stop, step: -1, count: (start - stop).max(0) as usize }
            }
            _ => return None,
        })
    }
    /// Index number `i` of those selected (`i` below the count).
    #[inline]
    pub fn at(self, i: usize) -> usize {
        (self.start + i as i64 * self.step) as usize
    }
    /// The indices selected, in order.
    pub fn indices(self) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator {
        (0..self.count).map(move |i| self.at(i))
    }
    /// For a step of 1: the range selected. An empty selection is a place to insert at.
    #[inline]
    pub fn range(self) -> std::ops::Range<usize> {
        let start = self.start.max(0) as usize;
        start..start + self.count
    }
}

/// A bound that is None, or a small integer below `limit` and not negative.
#[inline(always)]
fn index(v: Value, none: i64, limit: i64) -> Option<i64> {
    // All that is not such an integer has higher bits.
    let i = v.bits() ^ Value::int(0).bits();
    match v {
        Value::NONE => Some(none),
        _ if i < limit as u64 => Some(i as i64),
        _ => None,
    }
}

impl Bounds {
    /// The bounds `start:stop:step` if all are small integers or None, the step not 0.
    #[inline]
    pub fn of_integers(start: Value, stop: Value, step: Value) -> Option<Bounds> {
        let bound = |v: Value, none: i64| match v {
            Value::NONE => Some(none),
            v if v.is_int() => Some(v.as_int()),
            _ => None,
        };
        let step = bound(step, 1).filter(|step| *step != 0)?;
        let (low, high) = if step < 0 { (i64::MAX, i64::MIN) } else { (0, i64::MAX) };
        Some(Bounds { start: bound(start, low)?, stop: bound(stop, high)?, step })
    }
    /// The selection from a sequence of this length.
    #[inline]
    pub fn fit(self, length: usize) -> Selection {
        let (n, step) = (length as i64, self.step);
        let (low, high) = if step < 0 { (-1, n - 1) } else { (0, n) };
        let fitted = |i: i64| if i < 0 { (i.saturating_add(n)).max(low) } else { i.min(high) };
        let (start, stop) = (fitted(self.start), fitted(self.stop));
        let count = match step {
            1 => (stop - start).max(0),
            -1 => (start - stop).max(0),
            ..0 if stop < start => (start - stop - 1) / -step + 1,
            0.. if start < stop => (stop - start - 1) / step + 1,
            _ => 0,
        };
        Selection { start, stop, step, count: count as usize }
    }
}

impl Py<'_> {
    /// The bounds of a slice object. Runs Python code; ValueError for a step of 0.
    pub fn slice_bounds(self, slice: Object) -> R<Bounds> {
        let step = match slice.get(3) {
            Value::NONE => 1,
            v => self.slice_index(v)?.max(-i64::MAX),
        };
        if step == 0 {
            return self.value_error("slice step cannot be zero");
        }
        let start = match slice.get(1) {
            Value::NONE if step < 0 => i64::MAX,
            Value::NONE => 0,
            v => self.slice_index(v)?,
        };
        let stop = match slice.get(2) {
            Value::NONE if step < 0 => i64::MIN,
            Value::NONE => i64::MAX,
            v => self.slice_index(v)?,
        };
        Ok(Bounds { start, stop, step })
    }
    /// The selection of a slice object from a sequence that Python code cannot change.
    pub fn slice_indices(self, slice: Object, length: usize) -> R<Selection> {
        Ok(self.slice_bounds(slice)?.fit(length))
    }
    /// The slice object of a subscript; `None` if it is something else.
    #[inline]
    pub fn as_slice(self, v: Value) -> Option<Object> {
        self.of_kind(v, Kind::SLICE)
    }
    /// A bound, clamped to the range of words: of a slice, or of the likes of `str.find(sub, start, end)`. Runs Python code.
    pub fn slice_index(self, v: Value) -> R<i64> {
        if v.is_int() {
            return Ok(v.as_int());
        }
        if self.as_int(v).is_none() && self.special(v, sym::INDEX).is_none() {
            return self.type_error("slice indices must be integers or None or have an __index__ method");
        }
        let i = self.index(v)?;
        Ok(int::to_i64(i).unwrap_or(if int::is_negative(i) { i64::MIN } else { i64::MAX }))
    }
    /// The bounds of methods that take `start` and `end` as slices do (EMPTY and None: all), fitted to the length: a start
    /// beyond the length stays, so that callers can tell it.
    pub fn sub_bounds(self, start: Value, end: Value, length: usize) -> R<(usize, usize)> {
        let n = length as i64;
        let bound = |v: Value, default: i64| -> R<i64> {
            if v.is_empty() || v == Value::NONE { Ok(default) } else { self.slice_index(v) }
        };
        let (start, end) = (bound(start, 0)?, bound(end, i64::MAX)?);
        let from_end = |i: i64| if i < 0 { i.saturating_add(n).max(0) } else { i };
        Ok((from_end(start) as usize, from_end(end.min(n)) as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(start: i64, stop: i64, step: i64, n: usize) -> Vec<usize> {
        Bounds { start, stop, step }.fit(n).indices().collect()
    }

    #[test]
    fn selections_are_those_of_python() {
        // From CPython 3.12: list(range(n))[start:stop:step].
        assert_eq!(selected(0, i64::MAX, 1, 3), [0, 1, 2]);
        assert_eq!(selected(-2, i64::MAX, 1, 5), [3, 4]);
        assert_eq!(selected(i64::MAX, i64::MIN, -1, 3), [2, 1, 0]);
        assert_eq!(selected(4, 0, -2, 5), [4, 2]);
        assert_eq!(selected(-100, 100, 3, 7), [0, 3, 6]);
        assert_eq!(selected(3, 1, 1, 5), [0usize; 0]);
        assert_eq!(selected(i64::MAX, i64::MIN, -i64::MAX, 3), [2]);
        assert_eq!(selected(0, i64::MAX, i64::MAX, 3), [0]);
        assert_eq!(selected(0, i64::MAX, 1, 0), [0usize; 0]);
        assert_eq!(selected(i64::MAX, i64::MIN, -1, 0), [0usize; 0]);
    }

    #[test]
    fn integers_select_what_they_select_as_bounds() {
        let ints = [i64::from(i32::MIN), -7, -6, -5, -2, -1, 0, 1, 2, 4, 5, 6, 7, i64::from(i32::MAX)];
        let bounds: Vec<Option<i64>> = ints.into_iter().map(Some).chain([None]).collect();
        let value = |i: Option<i64>| i.map_or(Value::NONE, Value::int);
        for (n, start, stop, step) in (0..6).flat_map(|n| {
            let bounds = &bounds;
            bounds.iter().flat_map(move |start| {
                bounds.iter().flat_map(move |stop| bounds.iter().map(move |step| (n, *start, *stop, *step)))
            })
        }) {
            let plainly = match step {
                Some(0) => None,
                _ => {
                    let back = step.is_some_and(|step| step < 0);
                    let (low, high) = if back { (i64::MAX, i64::MIN) } else { (0, i64::MAX) };
                    let bounds =
                        Bounds { start: start.unwrap_or(low), stop: stop.unwrap_or(high), step: step.unwrap_or(1) };
                    Some(bounds.fit(n))
                }
            };
            let selection = Selection::of_integers(value(start), value(stop), value(step), n);
            assert_eq!(selection, plainly, "{start:?}:{stop:?}:{step:?} of {n}");
        }
        let others = [Value::TRUE, Value::FALSE, Value::EMPTY, Value::from_bits(0), Value::from_bits(1 << 20)];
        for other in others.into_iter().chain([0.0, 1.0, -1.0, 1e-310, f64::NAN].map(Value::float)) {
            for n in [0, 3, 1 << 30] {
                for step in [Value::NONE, Value::int(-1), Value::int(2)] {
                    assert_eq!(Selection::of_integers(other, Value::NONE, step, n), None);
                    assert_eq!(Selection::of_integers(Value::int(0), other, step, n), None);
                }
            }
        }
    }

    #[test]
    fn an_empty_selection_is_a_place_to_insert() {
        assert_eq!(Bounds { start: 2, stop: 1, step: 1 }.fit(5).range(), 2..2);
        assert_eq!(Bounds { start: 9, stop: 9, step: 1 }.fit(5).range(), 5..5);
    }
}
