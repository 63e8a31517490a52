//! `set` and `frozenset`: open addressing in the order that CPython's tables have, which iteration shows.
//!
//! Words: how many live, how many slots were ever used, the mask (0: no table yet), raw; the keys (EMPTY: never used, a
//! special: deleted); their hashes; the frozenset's own hash or the pop finger, raw.

use crate::kind::{Kind, shape, special};
use crate::py::{Py, R};
pub use python_algorithms::set_table::LINEAR_PROBES;
use python_algorithms::set_table::{MIN_SLOTS, Probe, slots_after_add};
use vm_api::heap::{Object, ShapeIndex, Value};

const USED: usize = 1;
const FILL: usize = 2;
const MASK: usize = 3;
const KEYS: usize = 4;
const HASHES: usize = 5;
/// The frozenset's hash (0: not computed), or the finger of `set.pop`.
pub const EXTRA: usize = 6;
/// Words of a set.
pub const WORDS: usize = 7;

/// Byte offsets for compiled code.
pub mod offset {
    /// Of the number of live items, raw.
    pub const USED: u32 = 8;
    /// Of the mask, raw.
    pub const MASK: u32 = 24;
    /// Of the array of keys.
    pub const KEYS: u32 = 32;
    /// Of their hashes.
    pub const HASHES: u32 = 40;
    /// Within the hashes: of the first, 64 bits.
    pub const FIRST_HASH: u32 = 16;
}

/// Number of items.
#[inline(always)]
pub fn length(s: Object) -> usize {
    s.word(USED) as usize
}
/// Slots ever used.
pub fn fill(s: Object) -> usize {
    s.word(FILL) as usize
}
/// Number of slots: iteration goes over these.
#[inline(always)]
pub fn slots(s: Object) -> usize {
    if s.get(KEYS).is_empty() { 0 } else { s.word(MASK) as usize + 1 }
}
/// The item in slot `i`, if there is one.
#[inline(always)]
pub fn item(s: Object, i: usize) -> Option<Value> {
    let v = Object::of(s.get(KEYS)).element(i);
    (!v.is_empty() && v != special::DUMMY).then_some(v)
}
/// The hash of the item in slot `i`.
#[inline(always)]
pub fn item_hash(s: Object, i: usize) -> i64 {
    hash_at(Object::of(s.get(HASHES)), i)
}
fn hash_at(hashes: Object, i: usize) -> i64 {
    debug_assert!(i * 8 < hashes.length());
    // SAFETY: there is a hash for each slot.
    unsafe { *hashes.bytes_address().cast::<i64>().add(i) }
}
fn set_hash_at(hashes: Object, i: usize, hash: i64) {
    debug_assert!(i * 8 < hashes.length());
    // SAFETY: as above.
    unsafe { *hashes.bytes_address().cast::<i64>().add(i) = hash }
}
/// The next item at or after slot `i`: its slot and the item.
#[inline]
pub fn next_item(s: Object, mut i: usize) -> Option<(usize, Value)> {
    let n = slots(s);
    while i < n {
        if let Some(v) = item(s, i) {
            return Some((i, v));
        }
        i += 1;
    }
    None
}

impl Py<'_> {
    /// An empty set or frozenset.
    pub fn new_set(self, shape: ShapeIndex) -> R<Object> {
        self.alloc(shape, WORDS)
    }
    /// Makes the table anew with `n` slots (a power of two).
    pub fn set_resize(self, s: Object, n: usize) -> R<()> {
        let keys = self.new_array(n)?;
        let hashes = self.new_leaf(n.saturating_mul(8))?;
        let old = slots(s);
        let take = |i: usize| {
            if let Some(v) = item(s, i) {
                let hash = item_hash(s, i);
                let mut probe = Probe::new(hash, n - 1);
                while !keys.element(probe.slot()).is_empty() {
                    probe.advance();
                }
                self.heap().store_element(keys, probe.slot(), v);
                set_hash_at(hashes, probe.slot(), hash);
            }
        };
        self.in_pieces(old, |from, to| (from..to).for_each(take))?;
        self.store(s, KEYS, keys.value());
        self.store(s, HASHES, hashes.value());
        s.set_word(MASK, n as u64 - 1);
        s.set_word(FILL, s.word(USED));
        Ok(())
    }
    /// The slot of `key`, or the slot where it would go: the last deleted one on the way, or else the free one at its end.
    /// May run `__eq__`.
    fn set_search(self, s: Object, key: Value, hash: i64) -> R<Result<usize, usize>> {
        'again: loop {
            let keys_value = s.get(KEYS);
            let Some(keys) = Object::from_value(keys_value) else { return Ok(Err(0)) };
            let hashes = Object::of(s.get(HASHES));
            let mut probe = Probe::new(hash, s.word(MASK) as usize);
            let mut deleted = None;
            loop {
                let i = probe.slot();
                let k = keys.element(i);
                if k.is_empty() {
                    return Ok(Err(deleted.unwrap_or(i)));
                }
                if k == special::DUMMY {
                    deleted = Some(i);
                } else if hash_at(hashes, i) == hash {
                    if k == key {
                        return Ok(Ok(i));
                    }
                    let same = match self.quick_equal(k, key) {
                        Some(same) => same,
                        None => {
                            let same = self.equal(k, key)?;
                            if s.get(KEYS) != keys_value || keys.element(i) != k {
                                continue 'again;
                            }
                            same
                        }
                    };
                    if same {
                        return Ok(Ok(i));
                    }
                }
                probe.advance();
            }
        }
    }
    /// Is `key` in the set? May run `__hash__` and `__eq__`.
    pub fn set_contains(self, s: Object, key: Value) -> R<bool> {
        let hash = self.hash(key)?;
        self.set_contains_hashed(s, key, hash)
    }
    /// The same with the hash known.
    pub fn set_contains_hashed(self, s: Object, key: Value, hash: i64) -> R<bool> {
        if length(s) == 0 {
            return Ok(false);
        }
        Ok(self.set_search(s, key, hash)?.is_ok())
    }
    /// Adds an item; was it new?
    pub fn set_add(self, s: Object, key: Value) -> R<bool> {
        let hash = self.hash(key)?;
        self.set_add_hashed(s, key, hash)
    }
    /// The same with the hash known.
    pub fn set_add_hashed(self, s: Object, key: Value, hash: i64) -> R<bool> {
        if s.get(KEYS).is_empty() {
            self.set_resize(s, MIN_SLOTS)?;
        }
        match self.set_search(s, key, hash)? {
            Ok(_) => Ok(false),
            // A comparison emptied the set.
            Err(_) if s.get(KEYS).is_empty() => self.set_add_hashed(s, key, hash),
            Err(i) => {
                let keys = Object::of(s.get(KEYS));
                let was_deleted = keys.element(i) == special::DUMMY;
                self.heap().store_element(keys, i, key);
                set_hash_at(Object::of(s.get(HASHES)), i, hash);
                s.set_word(USED, s.word(USED) + 1);
                if was_deleted {
                    return Ok(true);
                }
                s.set_word(FILL, s.word(FILL) + 1);
                if let Some(n) = slots_after_add(fill(s), length(s), s.word(MASK) as usize) {
                    self.set_resize(s, n)?;
                }
                Ok(true)
            }
        }
    }
    /// Removes an item; was it there?
    pub fn set_discard(self, s: Object, key: Value) -> R<bool> {
        let hash = self.hash(key)?;
        self.set_discard_hashed(s, key, hash)
    }
    /// The same with the hash known.
    pub fn set_discard_hashed(self, s: Object, key: Value, hash: i64) -> R<bool> {
        if length(s) == 0 {
            return Ok(false);
        }
        match self.set_search(s, key, hash)? {
            Ok(i) => {
                self.set_remove_slot(s, i);
                Ok(true)
            }
            Err(_) => Ok(false),
        }
    }
    /// Removes the item in slot `i`.
    pub fn set_remove_slot(self, s: Object, i: usize) {
        self.heap().store_element(Object::of(s.get(KEYS)), i, special::DUMMY);
        s.set_word(USED, s.word(USED) - 1);
    }
    /// Empties the set.
    pub fn set_clear(self, s: Object) {
        self.store(s, KEYS, Value::EMPTY);
        self.store(s, HASHES, Value::EMPTY);
        for w in [USED, FILL, MASK, EXTRA] {
            s.set_word(w, 0);
        }
    }
    /// Gives `target` the contents of `source`, which is not used any more.
    pub fn set_take(self, target: Object, source: Object) {
        for w in [KEYS, HASHES] {
            self.store(target, w, source.get(w));
        }
        for w in [USED, FILL, MASK] {
            target.set_word(w, source.word(w));
        }
    }
    /// Adds the items of another set, as CPython merges tables. May run `__eq__`.
    pub fn set_merge(self, s: Object, other: Object) -> R<()> {
        use python_algorithms::set_table::merge_slots;
        if length(other) == 0 || s == other {
            return Ok(());
        }
        if s.get(KEYS).is_empty() {
            self.set_resize(s, MIN_SLOTS)?;
        }
        if let Some(n) = merge_slots(fill(s), length(s), s.word(MASK) as usize, length(other)) {
            self.set_resize(s, n)?;
        }
        if fill(s) == 0 && slots(s) == slots(other) && fill(other) == length(other) {
            let (keys, hashes) = (Object::of(s.get(KEYS)), Object::of(s.get(HASHES)));
            let take = |i: usize| {
                if let Some(v) = item(other, i) {
                    self.heap().store_element(keys, i, v);
                    set_hash_at(hashes, i, item_hash(other, i));
                }
            };
            if let Err(stop) = self.in_pieces(slots(other), |from, to| (from..to).for_each(take)) {
                // What is there is not counted.
                self.set_clear(s);
                return Err(stop);
            }
            s.set_word(USED, other.word(USED));
            s.set_word(FILL, other.word(USED));
            return Ok(());
        }
        let mut i = 0;
        while let Some((at, v)) = next_item(other, i) {
            let hash = item_hash(other, at);
            self.set_add_hashed(s, v, hash)?;
            i = at + 1;
            if i & 0xFFF == 0 {
                self.poll()?;
            }
        }
        Ok(())
    }
    /// A value of kind `SET` or `FROZENSET` (subclasses included).
    #[inline]
    pub fn as_any_set(self, v: Value) -> Option<Object> {
        Object::from_value(v).filter(|o| {
            let kind = self.object_kind(*o);
            kind == Kind::SET || kind == Kind::FROZENSET
        })
    }
    /// An empty set with no table, of the built-in class.
    pub fn empty_set(self) -> R<Object> {
        self.new_set(shape::SET)
    }
}
