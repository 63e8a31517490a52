//! A reference to a heap object, and raw access to its words.
//!
//! An [`Object`] is a bare address: like a [`Value`], it may live on the native stack but not in Rust-heap memory.
//! Loads and stores are relaxed atomics (plain moves on x86-64 and AArch64), which is what lets a concurrent marker
//! read while the program writes. Stores here are **raw**: they run no barrier. Use [`crate::Heap::store`] and
//! [`crate::Heap::store_element`] unless the object is fresh or the word holds no value.

use crate::header::{GC_BYTE_OFFSET, Header, ShapeIndex, flag};
use crate::layout::{Layout, LayoutTable};
use crate::value::Value;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

/// Address of an object's header.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Object(u64);

impl Object {
    /// The object at `address`.
    ///
    /// # Safety
    /// `address` must be that of a live object's header in some heap of this process, and the result must not be
    /// used after that object has died or moved.
    #[inline(always)]
    pub const unsafe fn from_address(address: u64) -> Object {
        Object(address)
    }
    /// The object of a value that [`is_object`](Value::is_object); `None` otherwise.
    #[inline(always)]
    pub fn from_value(v: Value) -> Option<Object> {
        if v.is_object() { Some(Object(v.bits())) } else { None }
    }
    /// The object of a value that is known to be one (debug-checked).
    #[inline(always)]
    pub fn of(v: Value) -> Object {
        debug_assert!(v.is_object(), "{v:?} is no object");
        Object(v.bits())
    }
    /// The address of the header.
    #[inline(always)]
    pub const fn address(self) -> u64 {
        self.0
    }
    /// The object as a value.
    #[inline(always)]
    pub const fn value(self) -> Value {
        Value::from_bits(self.0)
    }
    #[inline(always)]
    fn word_cell(self, index: usize) -> &'static AtomicU64 {
        // SAFETY: the address is a live object's (from_address's contract, or a value read from the heap or a root),
        // callers pass an index inside it, and every access to heap words is atomic. The 'static is private to
        // this module: no reference outlives the expression it is used in.
        unsafe { &*((self.0 as *const AtomicU64).add(index)) }
    }
    #[inline(always)]
    fn gc_cell(self) -> &'static AtomicU8 {
        // SAFETY: as above; the collector byte is byte 4 of the header word.
        unsafe { &*((self.0 + GC_BYTE_OFFSET as u64) as *const AtomicU8) }
    }
    /// The header word.
    #[inline(always)]
    pub fn header(self) -> Header {
        Header(self.word_cell(0).load(Relaxed))
    }
    /// Replaces the header word.
    #[inline(always)]
    pub fn set_header(self, h: Header) {
        self.word_cell(0).store(h.0, Relaxed);
    }
    /// The shape index.
    #[inline(always)]
    pub fn shape(self) -> ShapeIndex {
        self.header().shape()
    }
    /// Changes the shape index alone. The new shape's layout must size and trace the object as the old one did,
    /// or describe what the object already holds.
    #[inline(always)]
    pub fn set_shape(self, shape: ShapeIndex) {
        // SAFETY: the low half of the header word is the shape index, naturally aligned.
        unsafe { &*(self.0 as *const std::sync::atomic::AtomicU32) }.store(shape.0, Relaxed);
    }
    /// The collector byte.
    #[inline(always)]
    pub fn gc_byte(self) -> u8 {
        self.gc_cell().load(Relaxed)
    }
    /// Replaces the collector byte.
    #[inline(always)]
    pub fn set_gc_byte(self, b: u8) {
        self.gc_cell().store(b, Relaxed);
    }
    /// The header flags.
    #[inline(always)]
    pub fn flags(self) -> u16 {
        self.header().flags()
    }
    /// Sets and clears header flags.
    pub fn change_flags(self, set: u16, clear: u16) {
        let h = self.header();
        self.set_header(h.with_flags(h.flags() & !clear | set));
    }
    /// Word `index` as raw bits; 0 is the header.
    #[inline(always)]
    pub fn word(self, index: usize) -> u64 {
        self.word_cell(index).load(Relaxed)
    }
    /// Replaces word `index` without a barrier.
    #[inline(always)]
    pub fn set_word(self, index: usize, bits: u64) {
        self.word_cell(index).store(bits, Relaxed);
    }
    /// Word `index` as a value.
    #[inline(always)]
    pub fn get(self, index: usize) -> Value {
        Value::from_bits(self.word(index))
    }
    /// Stores a value without a barrier: only into objects allocated since the last safepoint.
    #[inline(always)]
    pub fn init(self, index: usize, v: Value) {
        self.set_word(index, v.bits());
    }
    /// The length word of a variable-size object.
    #[inline(always)]
    pub fn length(self) -> usize {
        self.word(1) as usize
    }
    /// Element `i` of a value array (debug-checked against its length).
    #[inline(always)]
    pub fn element(self, i: usize) -> Value {
        debug_assert!(i < self.length());
        self.get(Layout::FIRST_ELEMENT + i)
    }
    /// Size in words, header and appended identity included.
    pub fn size_words(self, layouts: &LayoutTable) -> usize {
        layouts.object_words(self.header(), self.word(1))
    }
    /// Address of the payload of a [`Layout::LeafArray`].
    #[inline(always)]
    pub fn bytes_address(self) -> *mut u8 {
        (self.0 + 16) as *mut u8
    }
    /// The payload of a [`Layout::LeafArray`].
    ///
    /// # Safety
    /// The object must have that layout, and nothing may write to it while the slice lives. The caller's own use of
    /// the slice keeps the object in place only as long as its address (interior ones count) is on the native stack.
    #[inline(always)]
    pub unsafe fn bytes<'a>(self) -> &'a [u8] {
        // SAFETY: the caller's.
        unsafe { std::slice::from_raw_parts(self.bytes_address(), self.length()) }
    }
    /// Calls `f` with the word index of each strong value of the object, in order; weak words are left out and
    /// reported by the return value.
    #[inline]
    pub fn each_slot(self, layouts: &LayoutTable, mut f: impl FnMut(usize)) -> Weakness {
        match layouts.layout(self.shape()) {
            Layout::Leaf { .. } | Layout::LeafArray => Weakness::None,
            Layout::Values { words } => {
                (1..words as usize).for_each(f);
                Weakness::None
            }
            Layout::ValueArray => {
                (2..2 + self.length()).for_each(f);
                Weakness::None
            }
            Layout::Bitmap { mut bits, .. } => {
                while bits != 0 {
                    f(bits.trailing_zeros() as usize);
                    bits &= bits - 1;
                }
                Weakness::None
            }
            Layout::Weak { words } => {
                (2..words as usize).for_each(f);
                Weakness::FirstWord
            }
            Layout::WeakArray => Weakness::AllElements,
        }
    }
    /// The identity number appended to the object, if it is.
    pub fn appended_identity(self, layouts: &LayoutTable) -> Option<u64> {
        (self.flags() & flag::IDENTITY_APPENDED != 0).then(|| self.word(self.size_words(layouts) - 1))
    }
}

/// Which words of an object are weak.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weakness {
    /// None.
    None,
    /// Word 1 ([`Layout::Weak`]).
    FirstWord,
    /// All elements ([`Layout::WeakArray`]).
    AllElements,
}

impl std::fmt::Debug for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Object({:#x})", self.0)
    }
}
