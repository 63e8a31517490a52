//! Feedback: what handlers and stubs record beside the code, and emitters consume.

use crate::thread::Thread;
use vm_heap::Value;

/// Bits of [`FeedbackSlot::bits`]. What is recorded inline by [`crate::Machine::spec`] is said by [`RECORDED`](bit::RECORDED);
/// the rest is recorded by stubs.
pub mod bit {
    /// Small integers. Not recorded: a slot without other bits is taken to have seen only these.
    pub const INT: u32 = 1;
    /// Floats.
    pub const FLOAT: u32 = 2;
    /// Objects, on a path of their own.
    pub const OBJECT: u32 = 4;
    /// Anything else: the stub ran with operands for which there is no fast path. (Not where it has filled the inline cache since:
    /// then there is one now.)
    pub const OTHER: u32 = 8;
    /// Overflow, out of range, or whatever the handler calls rare.
    pub const RARE: u32 = 16;
    /// The inline cache is filled; its key and value are valid.
    pub const CACHED: u32 = 32;
    /// The inline cache was refilled: more than one key was seen.
    pub const POLYMORPHIC: u32 = 64;
    /// Too many keys: stubs no longer refill.
    pub const MEGAMORPHIC: u32 = 128;
    /// Second optional path of a handler, for its own meaning.
    pub const SECOND: u32 = 256;
    /// Third optional path.
    pub const THIRD: u32 = 512;
    /// Fourth optional path.
    pub const FOURTH: u32 = 1024;
    /// Fifth optional path.
    pub const FIFTH: u32 = 2048;
    /// Sixth optional path.
    pub const SIXTH: u32 = 4096;
    /// Seventh optional path.
    pub const SEVENTH: u32 = 8192;
    /// Eighth optional path.
    pub const EIGHTH: u32 = 16384;
    /// Ninth optional path.
    pub const NINTH: u32 = 32768;
    /// Bits that `spec` records when the condition holds.
    pub const RECORDED: u32 = FLOAT | OBJECT | SECOND | THIRD | FOURTH | FIFTH | SIXTH | SEVENTH | EIGHTH | NINTH;

    /// Does `spec` record this? Not what several paths share, which is named by the bits of all of them.
    #[inline(always)]
    pub const fn is_recorded(bit: u32) -> bool {
        bit & RECORDED != 0 && bit.is_power_of_two()
    }
}

/// One slot. Its `value` is a weak root: the VM shows it to the collector, which clears it when the object dies. There are as many
/// slots as programs have code, so the VM must be told of those that get an object ([`note_cached`](crate::RuntimeOps::note_cached)): a young collection looks at no others.
#[repr(C)]
#[derive(Debug)]
pub struct FeedbackSlot {
    /// [`bit`]s.
    pub bits: u32,
    /// Refills so far, or whatever the stub counts.
    pub count: u32,
    /// Inline cache key: shape index in the upper half, payload (such as a byte offset) in the lower. One word, so that a
    /// reader never sees half of an update. For [`crate::Machine::expect`], the expected number.
    pub key: u64,
    /// Cached object, weak; `EMPTY` if none.
    pub value: Value,
    /// Address of a vector that the runtime owns, null if none yet: the feedback of hidden code called from here, or the
    /// [`FURTHER`](FeedbackSlot::FURTHER) further entries of the inline cache, whose other fields are not used. An opcode has
    /// the one or the other.
    pub hidden: *mut FeedbackSlot,
}

impl FeedbackSlot {
    /// Key of an empty cache: its upper half is no shape's index and no version.
    pub const NO_KEY: u64 = (u32::MAX as u64) << 32;
    /// A slot that has seen nothing.
    pub const EMPTY: FeedbackSlot = FeedbackSlot {
        bits: 0,
        count: 0,
        key: FeedbackSlot::NO_KEY,
        value: Value::EMPTY,
        hidden: std::ptr::null_mut(),
    };
    /// Entries of an inline cache beyond the slot's own ([`crate::Machine::cached`]).
    pub const FURTHER: usize = 3;
    /// Refills after which a site counts as megamorphic.
    pub const MOST_REFILLS: u32 = 8;

    /// Makes a key.
    pub const fn make_key(shape: u32, payload: u32) -> u64 {
        (shape as u64) << 32 | payload as u64
    }
    /// Empties the inline cache: it has seen no key. The other bits and the hidden feedback stay.
    pub fn flush(&mut self) {
        self.bits &= !(bit::CACHED | bit::POLYMORPHIC | bit::MEGAMORPHIC);
        self.count = 0;
        self.key = FeedbackSlot::NO_KEY;
        self.value = Value::EMPTY;
    }
    /// Adds an entry to the inline cache, or replaces that with the key's upper half: in the slot itself or among its further
    /// entries, which are made when the first of them is needed. When all are taken, the site is megamorphic.
    pub fn add(&mut self, thread: &Thread, key: u64, value: Value) {
        if self.bits & bit::CACHED == 0 || self.key >> 32 == key >> 32 {
            self.bits |= bit::CACHED;
            self.set(thread, key, value);
            return;
        }
        if self.hidden.is_null() {
            self.hidden = thread.ops().further_entries(thread);
        }
        // SAFETY: the runtime made so many, which live as long as this one; slots are exclusively ours while a stub fills them.
        let entries = unsafe { std::slice::from_raw_parts_mut(self.hidden, FeedbackSlot::FURTHER) };
        match entries.iter_mut().find(|e| e.key == FeedbackSlot::NO_KEY || e.key >> 32 == key >> 32) {
            Some(entry) => {
                self.bits |= bit::POLYMORPHIC;
                entry.set(thread, key, value);
            }
            None => self.bits |= bit::MEGAMORPHIC,
        }
    }
    /// The inline cache's further entries, if it has any.
    pub fn further(&self) -> &[FeedbackSlot] {
        if self.hidden.is_null() || self.bits & bit::POLYMORPHIC == 0 {
            return &[];
        }
        // SAFETY: a slot that caches by more than one key has so many.
        unsafe { std::slice::from_raw_parts(self.hidden, FeedbackSlot::FURTHER) }
    }
    fn set(&mut self, thread: &Thread, key: u64, value: Value) {
        self.bits &= !bit::OTHER;
        (self.key, self.value) = (key, value);
        if value.is_object() {
            thread.ops().note_cached(thread, self);
        }
    }
    /// The same as [`FeedbackSlot::fill`] for any value.
    pub fn cache(&mut self, thread: &Thread, key: u64, value: Value) {
        self.fill(key, Value::EMPTY);
        self.set(thread, key, value);
    }
    /// Fills the inline cache with a value that is no object.
    pub fn fill(&mut self, key: u64, value: Value) {
        debug_assert!(!value.is_object(), "a cached object that the VM is not told of");
        if self.bits & bit::CACHED != 0 && self.key != key {
            self.count += 1;
            self.bits |= bit::POLYMORPHIC;
            if self.count > FeedbackSlot::MOST_REFILLS {
                self.bits |= bit::MEGAMORPHIC;
            }
        }
        self.bits = (self.bits & !bit::OTHER) | bit::CACHED;
        self.key = key;
        self.value = value;
    }
}
