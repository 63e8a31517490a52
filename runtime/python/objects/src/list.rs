//! `list`: a length and an array with room to spare.
//!
//! Elements beyond the length are EMPTY, so that the collector keeps nothing for them.

use crate::kind::{Kind, shape};
use crate::py::{Py, R};
use vm_api::heap::{Layout, Object, OutOfMemory, Value};

const LENGTH: usize = 1;
const ITEMS: usize = 2;
/// Words of a list.
pub const WORDS: u32 = 3;
/// Byte offsets for compiled code.
pub mod offset {
    /// Of the raw length.
    pub const LENGTH: u32 = 8;
    /// Of the array.
    pub const ITEMS: u32 = 16;
}

/// Number of items.
#[inline(always)]
pub fn length(l: Object) -> usize {
    l.word(LENGTH) as usize
}
/// Item `i`, which must be in range.
#[inline(always)]
pub fn item(l: Object, i: usize) -> Value {
    debug_assert!(i < length(l));
    Object::of(l.get(ITEMS)).element(i)
}
/// Item `i`, if the list is (still) so long.
#[inline(always)]
pub fn get(l: Object, i: usize) -> Option<Value> {
    (i < length(l)).then(|| item(l, i))
}
/// The array behind the list.
#[inline(always)]
pub fn array(l: Object) -> Object {
    Object::of(l.get(ITEMS))
}
/// What holds the items: an array, or EMPTY. Whatever adds items to a full list or empties it replaces it.
pub fn storage(l: Object) -> Value {
    l.get(ITEMS)
}
/// How many items fit without growing.
pub fn capacity(l: Object) -> usize {
    Object::from_value(l.get(ITEMS)).map_or(0, Object::length)
}

impl Py<'_> {
    /// An empty list with room for `capacity` items.
    #[inline]
    pub fn new_list(self, capacity: usize) -> R<Object> {
        let items = if capacity == 0 { Value::EMPTY } else { self.new_array(capacity)?.value() };
        let l = self.alloc(shape::LIST, WORDS as usize)?;
        l.init(ITEMS, items);
        Ok(l)
    }
    /// A list of these values.
    pub fn list(self, items: &[Value]) -> R<Value> {
        let l = self.new_list(items.len())?;
        for (i, v) in items.iter().enumerate() {
            self.heap().store_element(array(l), i, *v);
        }
        l.set_word(LENGTH, items.len() as u64);
        Ok(l.value())
    }
    /// Makes room for `extra` more items. An array that grows is copied (CPython's is mostly extended where it lies), so
    /// small ones grow by half, great ones by a quarter.
    pub fn list_reserve(self, l: Object, extra: usize) -> R<()> {
        let (n, old) = (length(l), capacity(l));
        let needed =
            n.checked_add(extra).filter(|n| *n < 1 << 40).ok_or(OutOfMemory).map_err(|e| self.out_of_memory(e))?;
        if needed <= old {
            return Ok(());
        }
        let with_spare = (needed + (needed >> if needed < 1 << 12 { 1 } else { 2 }) + 6) & !3;
        let room = match extra {
            1 => with_spare,
            // What fills an empty list often stays as it is.
            _ if old == 0 => needed,
            _ if extra > with_spare - needed => (needed + 3) & !3,
            _ => with_spare,
        };
        let larger = self.new_array(room)?;
        if n > 0 {
            self.copy_elements(array(l), 0, larger, 0, n)?;
        }
        self.store(l, ITEMS, larger.value());
        Ok(())
    }
    /// Copies elements to another array, however many.
    #[inline]
    pub fn copy_elements(self, source: Object, from: usize, target: Object, to: usize, count: usize) -> R<()> {
        self.in_pieces(count, |a, b| self.heap().copy_elements(source, from + a, target, to + a, b - a))
    }
    /// Appends an item.
    #[inline]
    pub fn list_push(self, l: Object, v: Value) -> R<()> {
        let n = length(l);
        if n == capacity(l) {
            self.list_reserve(l, 1)?;
        }
        self.heap().store_element(array(l), n, v);
        l.set_word(LENGTH, n as u64 + 1);
        Ok(())
    }
    /// Appends the items of an array from `from` to `to`.
    pub fn list_push_elements(self, l: Object, source: Object, from: usize, to: usize) -> R<()> {
        if from == to {
            return Ok(());
        }
        self.list_reserve(l, to - from)?;
        let n = length(l);
        self.copy_elements(source, from, array(l), n, to - from)?;
        l.set_word(LENGTH, (n + to - from) as u64);
        Ok(())
    }
    /// `l[i] = v`, in range.
    #[inline]
    pub fn list_set(self, l: Object, i: usize, v: Value) {
        debug_assert!(i < length(l));
        self.heap().store_element(array(l), i, v);
    }
    /// `l.insert(i, v)`, `i` at most the length.
    #[inline]
    pub fn list_insert(self, l: Object, i: usize, v: Value) -> R<()> {
        let n = length(l);
        if n == capacity(l) {
            self.list_reserve(l, 1)?;
        }
        self.heap().insert_element(array(l), i, n, v);
        l.set_word(LENGTH, n as u64 + 1);
        Ok(())
    }
    /// Removes the items from `from` to `to`.
    pub fn list_remove_range(self, l: Object, from: usize, to: usize) {
        let n = length(l);
        if from == to {
            return;
        }
        let items = array(l);
        if to < n {
            self.heap().move_elements(items, to, from, n - to);
        }
        let rest = n - (to - from);
        for i in rest..n {
            self.heap().store_element(items, i, Value::EMPTY);
        }
        l.set_word(LENGTH, rest as u64);
    }
    /// Removes and returns item `i`, in range.
    #[inline]
    pub fn list_pop(self, l: Object, i: usize) -> Value {
        let n = length(l);
        let v = self.heap().remove_element(array(l), i, n);
        l.set_word(LENGTH, n as u64 - 1);
        v
    }
    /// Empties the list.
    pub fn list_clear(self, l: Object) {
        self.store(l, ITEMS, Value::EMPTY);
        l.set_word(LENGTH, 0);
    }
    /// Gives the list another array, of whose elements the first `length` count.
    pub fn list_replace(self, l: Object, items: Value, length: usize) {
        self.store(l, ITEMS, items);
        l.set_word(LENGTH, length as u64);
    }
    /// A list of the items from `from` to `to` of an array.
    pub fn list_of_elements(self, source: Object, from: usize, to: usize) -> R<Object> {
        let l = self.new_list(to - from)?;
        if from < to {
            self.copy_elements(source, from, array(l), 0, to - from)?;
        }
        l.set_word(LENGTH, (to - from) as u64);
        Ok(l)
    }
    /// A list of `count` elements of an array, those up to index `last`, in reverse order.
    pub fn list_of_reversed(self, source: Object, last: usize, count: usize) -> R<Object> {
        let l = self.new_list(count)?;
        if count > 0 {
            let copy = |a, b| self.heap().copy_reversed(source, last - a, array(l), a, b - a);
            self.in_pieces(count, copy)?;
        }
        l.set_word(LENGTH, count as u64);
        Ok(l)
    }
    /// A list of the elements of an array with these indices, of which there are `count`.
    pub fn list_of_chosen(self, source: Object, count: usize, indices: impl Iterator<Item = usize>) -> R<Object> {
        let l = self.new_list(count)?;
        if count > 0 {
            let items = array(l);
            self.heap().range_barrier(items, 0, count);
            for (n, i) in indices.take(count).enumerate() {
                items.set_word(Layout::FIRST_ELEMENT + n, source.element(i).bits());
            }
        }
        l.set_word(LENGTH, count as u64);
        Ok(l)
    }
    /// A tuple of a list's items.
    pub fn list_to_tuple(self, l: Object) -> R<Value> {
        let n = length(l);
        if n == 0 { Ok(self.empty_tuple()) } else { self.tuple_with(n, |i| item(l, i)) }
    }
    /// The list of a value of kind `LIST` (subclasses included).
    #[inline]
    pub fn as_list(self, v: Value) -> Option<Object> {
        self.of_kind(v, Kind::LIST)
    }
}
