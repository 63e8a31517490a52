//! `bytes` (hash, then the bytes) and `bytearray` (length, buffer, number of exports).

use crate::exception::Exc;
use crate::kind::{Kind, shape};
use crate::py::{Py, R, root};
use python_algorithms::siphash;
use vm_api::heap::{Object, Value};

const HASH: usize = 2;
/// Bytes before the payload proper.
const FIELDS: usize = 8;
/// Where compiled code finds what `bytes` hold: byte offsets from the header.
pub mod offset {
    use super::FIELDS;

    /// The size of the payload, which counts [`EMPTY`] more than there are bytes.
    pub const SIZE: u32 = 8;
    /// The size of an empty one's payload.
    pub const EMPTY: i64 = FIELDS as i64;
    /// The bytes.
    pub const CONTENT: u32 = 16 + FIELDS as u32;
}
/// Words of a bytearray.
const LENGTH: usize = 1;
const BUFFER: usize = 2;
/// Raw: how many operations that run Python code rely on the length.
const LOCKS: usize = 3;

/// The kind of `array.array`: its content is a bytearray, so that it is bytes-like everywhere.
pub const NATIVE_ARRAY: Kind = Kind::extension("array", "array");
/// Word of an `array.array` that holds its content.
pub const NATIVE_ARRAY_CONTENT: usize = 1;
/// What compiled code knows of an `array.array` and of the bytearray with its content: byte offsets from the header, and codes.
pub mod array_offset {
    use super::{LENGTH, NATIVE_ARRAY_CONTENT};
    /// Of an array's content.
    pub const CONTENT: u32 = 8 * NATIVE_ARRAY_CONTENT as u32;
    /// Of an array's raw code: what its items are.
    pub const CODE: u32 = 16;
    /// Of the raw number of bytes of the content.
    pub const BYTES: u32 = 8 * LENGTH as u32;
    /// Of the buffer of the content.
    pub const BUFFER: u32 = 8 * super::BUFFER as u32;
    /// Of the bytes of a buffer.
    pub const FIRST: u32 = 16;
    /// The code of an array of doubles.
    pub const DOUBLES: u32 = 12;
    /// The code of an array of C's ints.
    pub const INTS: u32 = 5;
}

/// The bytes of an exact `bytes`. They stay in place as long as a pointer to them is on the native stack.
#[inline]
pub fn slice<'a>(b: Object) -> &'a [u8] {
    // SAFETY: the payload holds so many bytes and never changes.
    unsafe { std::slice::from_raw_parts(b.bytes_address().add(FIELDS), b.length() - FIELDS) }
}
/// CPython's hash.
pub fn hash(py: Py<'_>, b: Object) -> i64 {
    if b.word(HASH) == 0 {
        b.set_word(HASH, siphash::hash_bytes(py.state().hash_key, slice(b)) as u64);
    }
    b.word(HASH) as i64
}
/// Length of a bytearray.
pub fn array_length(b: Object) -> usize {
    b.word(LENGTH) as usize
}
/// The buffer of a bytearray, a leaf, and how many of its bytes count.
pub fn array_buffer(b: Object) -> Option<Object> {
    Object::from_value(b.get(BUFFER))
}

impl Py<'_> {
    /// `bytes` with this content.
    pub fn bytes(self, content: &[u8]) -> R<Object> {
        match *content {
            [] if !self.root(root::EMPTY_BYTES).is_empty() => return Ok(Object::of(self.root(root::EMPTY_BYTES))),
            [b] => {
                if let Some(o) = Object::from_value(self.root(root::SINGLE_BYTES))
                    .and_then(|t| Object::from_value(t.element(usize::from(b))))
                {
                    return Ok(o);
                }
            }
            _ => {}
        }
        let o = self.alloc_array(shape::BYTES, FIELDS.saturating_add(content.len()))?;
        self.fill(o, FIELDS, content)?;
        Ok(o)
    }
    /// `bytes` of so many zeros.
    pub fn bytes_zeroed(self, length: usize) -> R<Object> {
        match length {
            0 | 1 => self.bytes(&[0][..length]),
            _ => self.alloc_array(shape::BYTES, FIELDS.saturating_add(length)),
        }
    }
    /// `bytes` with one content behind another.
    pub fn bytes_joined(self, first: &[u8], second: &[u8]) -> R<Object> {
        if first.is_empty() || second.is_empty() {
            return self.bytes(if first.is_empty() { second } else { first });
        }
        let o = self.alloc_array(shape::BYTES, FIELDS.saturating_add(first.len()).saturating_add(second.len()))?;
        self.fill(o, FIELDS, first)?;
        self.fill(o, FIELDS + first.len(), second)?;
        Ok(o)
    }
    /// This content so many times.
    pub fn bytes_repeated(self, content: &[u8], times: usize) -> R<Object> {
        let all = content.len().saturating_mul(times);
        match all {
            0 | 1 => return self.bytes(&content[..all]),
            _ if times == 1 => return self.bytes(content),
            _ => {}
        }
        let o = self.alloc_array(shape::BYTES, FIELDS.saturating_add(all))?;
        self.fill_repeated(o, FIELDS, content, times)?;
        Ok(o)
    }
    /// Copies bytes into a fresh leaf, from byte `at` of its payload on.
    fn fill(self, o: Object, at: usize, content: &[u8]) -> R<()> {
        assert!(content.len() <= o.length() - at);
        // SAFETY: there is room; the object is fresh, so that nobody else sees it.
        let to = unsafe { std::slice::from_raw_parts_mut(o.bytes_address().add(at), content.len()) };
        self.in_pieces(content.len(), |a, b| to[a..b].copy_from_slice(&content[a..b]))
    }
    /// The same with bytes that are repeated.
    fn fill_repeated(self, o: Object, at: usize, content: &[u8], times: usize) -> R<()> {
        let all = content.len() * times;
        assert!(all <= o.length() - at);
        // SAFETY: as in `fill`.
        let to = unsafe { std::slice::from_raw_parts_mut(o.bytes_address().add(at), all) };
        if let [byte] = *content {
            return self.in_pieces(all, |a, b| to[a..b].fill(byte));
        }
        to[..content.len()].copy_from_slice(content);
        // What is there is copied behind itself, in whole repetitions, so long as the processor keeps it at hand.
        let mut done = content.len();
        while done < all {
            let n = done.min(content.len().max(1 << 16) / content.len() * content.len()).min(all - done);
            to.copy_within(..n, done);
            done += n;
            self.check_interrupt()?;
        }
        Ok(())
    }
    /// `bytes` of a length, filled by `fill`, which must not use the heap.
    pub fn bytes_with(self, length: usize, fill: impl FnOnce(&mut [u8])) -> R<Object> {
        let o = self.alloc_array(shape::BYTES, FIELDS.saturating_add(length))?;
        // SAFETY: the fresh object has room; nobody else sees it.
        fill(unsafe { std::slice::from_raw_parts_mut(o.bytes_address().add(FIELDS), length) });
        Ok(o)
    }
    /// The exact `bytes` of a value of kind `BYTES`.
    pub fn as_bytes(self, v: Value) -> Option<Object> {
        let o = Object::from_value(v)?;
        if o.shape() == shape::BYTES {
            return Some(o);
        }
        (self.object_kind(o) == Kind::BYTES).then(|| Object::of(crate::instance::payload(o)))
    }
    /// A `bytearray` with this content.
    pub fn bytearray(self, content: &[u8]) -> R<Object> {
        self.bytearray_repeated(content, 1)
    }
    /// A `bytearray` with this content so many times.
    pub fn bytearray_repeated(self, content: &[u8], times: usize) -> R<Object> {
        let o = self.bytearray_zeroed(content.len().saturating_mul(times))?;
        if let Some(buffer) = array_buffer(o) {
            self.fill_repeated(buffer, 0, content, times)?;
        }
        Ok(o)
    }
    /// A `bytearray` of so many zeros.
    pub fn bytearray_zeroed(self, length: usize) -> R<Object> {
        let buffer = if length == 0 { Value::EMPTY } else { self.new_leaf(length)?.value() };
        let o = self.alloc(shape::BYTEARRAY, 4)?;
        o.init(BUFFER, buffer);
        o.set_word(LENGTH, length as u64);
        Ok(o)
    }
    /// Gives a `bytearray` the content of another, which nobody else has.
    pub fn bytearray_adopt(self, b: Object, fresh: Object) -> R<()> {
        self.check_unlocked(b, fresh.word(LENGTH) as usize)?;
        self.store(b, BUFFER, fresh.get(BUFFER));
        b.set_word(LENGTH, fresh.word(LENGTH));
        Ok(())
    }
    /// Runs `f` while a `bytearray` cannot change its length; any other value is none of its business.
    pub fn bytearray_locked<T>(self, v: Value, f: impl FnOnce() -> R<T>) -> R<T> {
        let Some(b) = self.of_kind(v, Kind::BYTEARRAY) else { return f() };
        b.set_word(LOCKS, b.word(LOCKS) + 1);
        let r = f();
        b.set_word(LOCKS, b.word(LOCKS) - 1);
        r
    }
    fn check_unlocked(self, b: Object, new: usize) -> R<()> {
        if b.word(LOCKS) > 0 && new != array_length(b) {
            return self.err(Exc::BufferError, "Existing exports of data: object cannot be re-sized");
        }
        Ok(())
    }
    /// A copy of the content of a `bytearray`.
    pub fn bytearray_content(self, b: Object) -> Vec<u8> {
        match array_buffer(b) {
            // SAFETY: the buffer is a leaf of at least the length; the copy ends before anything writes to it.
            Some(buffer) => unsafe { buffer.bytes()[..array_length(b)].to_vec() },
            None => Vec::new(),
        }
    }
    /// The same for one that may be long: looks for an interrupt now and then.
    pub fn bytearray_long_content(self, b: Object) -> R<Vec<u8>> {
        let mut all = Vec::with_capacity(array_length(b));
        if let Some(buffer) = array_buffer(b) {
            // SAFETY: as in `bytearray_content`.
            self.in_pieces(array_length(b), |from, to| all.extend_from_slice(unsafe { &buffer.bytes()[from..to] }))?;
        }
        Ok(all)
    }
    /// A copy of the bytes in a range, if there are so many.
    pub fn bytearray_range(self, b: Object, from: usize, to: usize) -> Option<Vec<u8>> {
        if from > to || to > array_length(b) {
            return None;
        }
        match array_buffer(b) {
            // SAFETY: as in `bytearray_content`.
            Some(buffer) => unsafe { Some(buffer.bytes()[from..to].to_vec()) },
            None => Some(Vec::new()),
        }
    }
    /// Byte `i`, in range.
    pub fn bytearray_get(self, b: Object, i: usize) -> u8 {
        assert!(i < array_length(b));
        // SAFETY: in range of the buffer.
        array_buffer(b).map_or(0, |buffer| unsafe { *buffer.bytes_address().add(i) })
    }
    /// `N` bytes of a `bytearray` from `at` on, in range.
    #[inline]
    pub fn bytearray_read<const N: usize>(self, b: Object, at: usize) -> [u8; N] {
        assert!(at.checked_add(N).is_some_and(|end| end <= array_length(b)));
        match array_buffer(b) {
            // SAFETY: in range of the buffer, which has no alignment to keep.
            Some(buffer) => unsafe { buffer.bytes_address().add(at).cast::<[u8; N]>().read_unaligned() },
            None => [0; N],
        }
    }
    /// Overwrites bytes from `at` on, in range.
    pub fn bytearray_write(self, b: Object, at: usize, content: &[u8]) {
        assert!(at + content.len() <= array_length(b));
        if let Some(buffer) = array_buffer(b) {
            // SAFETY: in range of the buffer; `content` is not borrowed from it (callers copy first).
            unsafe { std::ptr::copy(content.as_ptr(), buffer.bytes_address().add(at), content.len()) };
        }
    }
    /// Replaces the bytes from `from` to `to`. Views do not forbid it: see `crate::memoryview`.
    pub fn bytearray_splice(self, b: Object, from: usize, to: usize, content: &[u8]) -> R<()> {
        let n = array_length(b);
        let new = n - (to - from) + content.len();
        self.check_unlocked(b, new)?;
        let rest = from + content.len();
        match array_buffer(b).filter(|old| old.length() >= new) {
            // SAFETY: both ranges lie within the buffer, which is at least `new` and at least `n` long.
            Some(buffer) => unsafe {
                let p = buffer.bytes_address();
                std::ptr::copy(p.add(to), p.add(rest), n - to);
            },
            None if new == 0 => {}
            None => {
                let spare = if new < 9 { 3 } else { 6 };
                let larger = self.new_leaf(new + (new >> 3) + spare)?;
                if let Some(old) = array_buffer(b) {
                    // SAFETY: what is copied lies within the old content and the new length; they are different objects.
                    unsafe {
                        let (p, q) = (old.bytes_address(), larger.bytes_address());
                        std::ptr::copy_nonoverlapping(p, q, from);
                        std::ptr::copy_nonoverlapping(p.add(to), q.add(rest), n - to);
                    }
                }
                self.store(b, BUFFER, larger.value());
            }
        }
        b.set_word(LENGTH, new as u64);
        self.bytearray_write(b, from, content);
        Ok(())
    }
    /// A copy of the content of any bytes-like value; `None` if it is none.
    pub fn bytes_like(self, v: Value) -> Option<Vec<u8>> {
        if let Some(b) = self.as_bytes(v) {
            return Some(slice(b).to_vec());
        }
        let o = Object::from_value(v)?;
        match self.object_kind(o) {
            Kind::BYTEARRAY => Some(self.bytearray_content(o)),
            Kind::MEMORYVIEW => self.memoryview_content(o),
            NATIVE_ARRAY => self.bytes_like(o.get(NATIVE_ARRAY_CONTENT)),
            _ => None,
        }
    }
}
