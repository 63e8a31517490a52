//! The object header: one word in front of every heap object.
//!
//! | bits | field | who writes it |
//! | --- | --- | --- |
//! | 0..32 | shape index: one compare guards type, layout and attribute offsets | the language |
//! | 32..40 | collector byte: barrier and age bits; a new object's comes from [`crate::MutatorFast`] | the collector |
//! | 40..48 | lock byte: reserved for threads without a global lock; zero today | nobody yet |
//! | 48..64 | flags ([`flag`]) | heap and language |
//!
//! Shape index 0 is [`FORWARDED`](ShapeIndex::FORWARDED) (the object moved; word 1 holds its new address) and 1 is
//! [`FILLER`](ShapeIndex::FILLER) (unused space in a parsable block; the upper 32 bits hold its size in words).

/// Index of a shape in the [`crate::LayoutTable`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(transparent)]
pub struct ShapeIndex(pub u32);

impl ShapeIndex {
    /// Only during a collection: the object has moved, its second word is the new address.
    pub const FORWARDED: ShapeIndex = ShapeIndex(0);
    /// Unused space in a parsable block. Its size in words stands in the header's upper half.
    pub const FILLER: ShapeIndex = ShapeIndex(1);
    /// First index that languages may register.
    pub const FIRST: ShapeIndex = ShapeIndex(2);
}

/// Byte offset of the shape index within an object.
pub const SHAPE_OFFSET: u32 = 0;
/// Byte offset of the collector byte within an object.
pub const GC_BYTE_OFFSET: u32 = 4;

/// Header flags.
pub mod flag {
    /// The identity number was handed out and stands in the side table, keyed by address.
    pub const IDENTITY_IN_TABLE: u16 = 1;
    /// The identity number stands in a word appended to the object (never together with `IDENTITY_IN_TABLE`).
    pub const IDENTITY_APPENDED: u16 = 2;
    /// The object wants its finalizer run; cleared when it is queued, so that it runs once.
    pub const FINALIZABLE: u16 = 4;
    /// The language keeps weak references to this object (its own business; collectors ignore it).
    pub const HAS_WEAKREFS: u16 = 8;
    /// First flag that a language may use for itself; those above it too.
    pub const LANGUAGE: u16 = 16;
}

/// The header word, as a value.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Header(pub u64);

impl Header {
    /// Header of a new object.
    #[inline(always)]
    pub const fn new(shape: ShapeIndex, gc_byte: u8) -> Header {
        Header(shape.0 as u64 | (gc_byte as u64) << 32)
    }
    /// Header of `words` words of unused space (at least 1).
    pub const fn filler(words: u32) -> Header {
        Header(ShapeIndex::FILLER.0 as u64 | (words as u64) << 32)
    }
    /// The shape index.
    #[inline(always)]
    pub const fn shape(self) -> ShapeIndex {
        ShapeIndex(self.0 as u32)
    }
    /// The collector byte.
    #[inline(always)]
    pub const fn gc_byte(self) -> u8 {
        (self.0 >> 32) as u8
    }
    /// The flags.
    #[inline(always)]
    pub const fn flags(self) -> u16 {
        (self.0 >> 48) as u16
    }
    /// Size of a filler in words.
    pub const fn filler_words(self) -> u32 {
        (self.0 >> 32) as u32
    }
    /// The same header with another collector byte.
    #[must_use]
    pub const fn with_gc_byte(self, byte: u8) -> Header {
        Header(self.0 & !(0xFF << 32) | (byte as u64) << 32)
    }
    /// The same header with other flags.
    #[must_use]
    pub const fn with_flags(self, flags: u16) -> Header {
        Header(self.0 & !(0xFFFF << 48) | (flags as u64) << 48)
    }
}

impl std::fmt::Debug for Header {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Header(shape {}, gc {:#x}, flags {:#x})", self.shape().0, self.gc_byte(), self.flags())
    }
}
