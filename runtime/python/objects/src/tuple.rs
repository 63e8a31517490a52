//! `tuple`: a value array. Instances of subclasses are boxes: a dictionary, the exact tuple, then slots.

use crate::kind::{Kind, shape};
use crate::py::{Py, R};
use vm_api::heap::{Object, Value};

/// The items of an exact tuple, read one by one (they may move).
#[inline]
pub fn items(t: Object) -> impl DoubleEndedIterator<Item = Value> + ExactSizeIterator {
    (0..t.length()).map(move |i| t.element(i))
}

impl Py<'_> {
    /// A tuple of these values.
    #[inline]
    pub fn tuple(self, items: &[Value]) -> R<Value> {
        if items.is_empty() {
            return Ok(self.empty_tuple());
        }
        let t = self.alloc_array(shape::TUPLE, items.len())?;
        for (i, v) in items.iter().enumerate() {
            t.init(2 + i, *v);
        }
        Ok(t.value())
    }
    /// A fresh tuple of `length` (not 0) items, all EMPTY: to be filled with `init` before anything can collect, or with
    /// barriers.
    #[inline]
    pub fn new_tuple(self, length: usize) -> R<Object> {
        if length == 0 {
            return Ok(Object::of(self.empty_tuple()));
        }
        self.alloc_array(shape::TUPLE, length)
    }
    /// A tuple of `count` values that `get` yields. `get` must not collect.
    #[inline]
    pub fn tuple_with(self, count: usize, get: impl Fn(usize) -> Value) -> R<Value> {
        let t = self.new_tuple(count)?;
        self.in_pieces(count, |from, to| (from..to).for_each(|i| t.init(2 + i, get(i))))?;
        Ok(t.value())
    }
    /// The exact tuple of a value of kind `TUPLE`: itself, or what an instance of a subclass holds.
    #[inline]
    pub fn as_tuple(self, v: Value) -> Option<Object> {
        let o = Object::from_value(v)?;
        if o.shape() == shape::TUPLE {
            return Some(o);
        }
        (self.object_kind(o) == Kind::TUPLE).then(|| Object::of(crate::instance::payload(o)))
    }
    /// `t[start:end]` of an exact tuple.
    pub fn tuple_slice(self, t: Object, start: usize, end: usize) -> R<Value> {
        if start == 0 && end == t.length() {
            return Ok(t.value());
        }
        self.tuple_with(end - start, |i| t.element(start + i))
    }
}
