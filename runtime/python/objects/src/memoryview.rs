//! `memoryview`: a window on the bytes of a `bytes` or `bytearray`, as items of a format.
//!
//! Views of one dimension may leave items out (a stride); those of others lie in one piece, in C's order. A view does not
//! keep a bytearray from being resized, as CPython's would until it is collected: here nobody knows when that is. Instead
//! each access checks that what it reaches is still there.

use crate::kind::{Kind, shape};
use crate::py::{Py, R};
use crate::{bytes, string};
use vm_api::heap::{Object, Value};

/// Words of a view.
pub mod word {
    /// What is viewed: an exact `bytes` or a bytearray; None when released.
    pub const BASE: usize = 1;
    /// Raw: where the first item is.
    pub const START: usize = 2;
    /// Raw: how many bytes all items have together.
    pub const LENGTH: usize = 3;
    /// Raw: bytes from one item to the next, signed.
    pub const STRIDE: usize = 4;
    /// The format, a string; EMPTY for `B`.
    pub const FORMAT: usize = 5;
    /// Whether it is read-only, though the base is not.
    pub const READONLY: usize = 6;
    /// Tuple of the dimensions' lengths; EMPTY: one dimension.
    pub const SHAPE: usize = 7;
    /// Raw: the hash, which outlives the release; 0: not computed.
    pub const HASH: usize = 8;
    /// The object that gave the view, where it is not the base.
    pub const EXPORTER: usize = 9;
    /// Words in all.
    pub const WORDS: usize = 10;
}

/// Size in bytes of an item of a native format; `None` for what is none.
pub fn item_size(format: char) -> Option<usize> {
    Some(match format {
        'c' | 'b' | 'B' | '?' => 1,
        'h' | 'H' | 'e' => 2,
        'i' | 'I' | 'f' => 4,
        'l' | 'L' | 'q' | 'Q' | 'n' | 'N' | 'd' | 'P' => 8,
        _ => return None,
    })
}

/// What is viewed; `None` when released.
pub fn base(view: Object) -> Option<Object> {
    Object::from_value(view.get(word::BASE))
}
/// The format's character.
pub fn format(view: Object) -> char {
    match Object::from_value(view.get(word::FORMAT)) {
        Some(s) => string::code_points(s).next_back().and_then(char::from_u32).unwrap_or('B'),
        None => 'B',
    }
}
/// Bytes of all items together.
pub fn byte_length(view: Object) -> usize {
    view.word(word::LENGTH) as usize
}
/// Size of an item.
pub fn size(view: Object) -> usize {
    // Arrays of characters have items of four bytes; nothing can be cast to them.
    item_size(format(view)).unwrap_or(if format(view) == 'u' { 4 } else { 1 })
}
/// How many items there are in all dimensions together.
pub fn count(view: Object) -> usize {
    byte_length(view) / size(view)
}
/// Do the items lie one behind the other?
pub fn is_contiguous(view: Object) -> bool {
    count(view) <= 1 || view.word(word::STRIDE) as i64 == size(view) as i64
}

impl Py<'_> {
    /// A view of bytes of an exact `bytes` or a bytearray: `length` of them from `start` on, as items of `format` (a string,
    /// or EMPTY for `B`), of which there are a whole number.
    pub fn new_memoryview(self, base: Object, start: usize, length: usize, format: Value, readonly: bool) -> R<Object> {
        let o = self.alloc(shape::MEMORYVIEW, word::WORDS)?;
        o.init(word::BASE, base.value());
        o.set_word(word::START, start as u64);
        o.set_word(word::LENGTH, length as u64);
        o.init(word::FORMAT, format);
        o.init(word::READONLY, Value::bool(readonly));
        o.set_word(word::STRIDE, size(o) as u64);
        Ok(o)
    }
    /// Is writing through the view refused?
    pub fn memoryview_readonly(self, view: Object) -> bool {
        view.get(word::READONLY) == Value::TRUE || base(view).is_none_or(|b| self.object_kind(b) != Kind::BYTEARRAY)
    }
    /// Where in the base item `i` (in the order of the items) begins.
    pub fn memoryview_offset(self, view: Object, i: usize) -> i64 {
        view.word(word::START) as i64 + i as i64 * view.word(word::STRIDE) as i64
    }
    /// The bytes of the base in a range; `None` if they are not there (any more).
    fn base_range(self, view: Object, start: i64, length: usize) -> Option<Vec<u8>> {
        let (base, start) = (base(view)?, usize::try_from(start).ok()?);
        let end = start.checked_add(length)?;
        match self.object_kind(base) {
            Kind::BYTEARRAY => self.bytearray_range(base, start, end),
            _ => bytes::slice(base).get(start..end).map(<[u8]>::to_vec),
        }
    }
    /// The bytes of item `i`; `None` if they are not there (any more).
    pub fn memoryview_item(self, view: Object, i: usize) -> Option<Vec<u8>> {
        self.base_range(view, self.memoryview_offset(view, i), size(view))
    }
    /// A copy of all items' bytes; `None` if they are not there (any more).
    pub fn memoryview_content(self, view: Object) -> Option<Vec<u8>> {
        if is_contiguous(view) {
            return self.base_range(view, view.word(word::START) as i64, byte_length(view));
        }
        let mut all = Vec::with_capacity(byte_length(view));
        self.push_items(view, 0, count(view), &mut all).then_some(all)
    }
    /// The same for one that may be long: looks for an interrupt now and then.
    pub fn memoryview_long_content(self, view: Object) -> R<Option<Vec<u8>>> {
        if is_contiguous(view) {
            return Ok(self.memoryview_content(view));
        }
        let mut all = Vec::with_capacity(byte_length(view));
        let mut there = true;
        self.in_pieces(count(view), |from, to| there = there && self.push_items(view, from, to, &mut all))?;
        Ok(there.then_some(all))
    }
    /// Appends the bytes of items; false if they are not all there (any more).
    fn push_items(self, view: Object, from: usize, to: usize, all: &mut Vec<u8>) -> bool {
        let Some(base) = base(view) else { return false };
        let n = size(view);
        let content = match self.object_kind(base) {
            Kind::BYTEARRAY => bytes::array_buffer(base).map_or(&[][..], |buffer| {
                // SAFETY: the buffer is a leaf, which nothing writes to before this returns.
                unsafe { &buffer.bytes()[..bytes::array_length(base)] }
            }),
            _ => bytes::slice(base),
        };
        (from..to).all(|i| {
            let item = usize::try_from(self.memoryview_offset(view, i)).ok();
            let item = item.and_then(|at| content.get(at..at + n));
            item.map(|item| all.extend_from_slice(item)).is_some()
        })
    }
    /// Overwrites item `i`; false if it is not there (any more) or read-only.
    pub fn memoryview_write(self, view: Object, i: usize, item: &[u8]) -> bool {
        let Some(base) = base(view).filter(|_| !self.memoryview_readonly(view)) else { return false };
        let at = self.memoryview_offset(view, i);
        let inside = at >= 0 && at as usize + item.len() <= bytes::array_length(base);
        if inside {
            self.bytearray_write(base, at as usize, item);
        }
        inside
    }
}
