//! Layouts: how a collector sizes and traces an object, from its shape index alone.
//!
//! Sizes are in words of 8 bytes and include the header. Variable-size layouts keep their length in word 1 as a
//! raw (untagged) number that never changes after allocation. An object whose identity number is appended is one
//! word longer than its layout says ([`Object::size_words`](crate::Object::size_words) accounts for it).

use crate::header::{Header, ShapeIndex, flag};
use crate::object::Object;
use crate::value::Value;

/// Shape of memory behind a header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// `words` words (header included), no values.
    Leaf { words: u32 },
    /// Word 1 is the payload's size in bytes; the payload begins at word 2. No values.
    LeafArray,
    /// `words` words (header included), all but the header values.
    Values { words: u32 },
    /// Word 1 is the number of values; they begin at word 2.
    ValueArray,
    /// `words` words (header included, at most 64): bit `i` of `bits` says that word `i` is a value. Bit 0 is clear.
    Bitmap { words: u32, bits: u64 },
    /// `words` words: word 1 is a weak reference (set to [`Value::EMPTY`] when its target dies, and the object is
    /// queued as [`crate::Pending::cleared`]), the words from 2 on are ordinary values.
    Weak { words: u32 },
    /// Word 1 is the number of slots, which begin at word 2; each is weak and becomes [`Layout::DEAD_SLOT`] when its
    /// target dies. For intern tables and caches.
    WeakArray,
}

impl Layout {
    /// What a dead slot of a [`Layout::WeakArray`] holds: not [`Value::EMPTY`], so that open-addressing probes go on.
    pub const DEAD_SLOT: Value = Value::special(u32::MAX >> 4);

    /// Word index of the first element of the variable-size layouts.
    pub const FIRST_ELEMENT: usize = 2;

    /// Size in words for a given length word (ignored by fixed-size layouts), header included.
    #[inline]
    pub const fn size_words(self, length: u64) -> usize {
        match self {
            Layout::Leaf { words }
            | Layout::Values { words }
            | Layout::Bitmap { words, .. }
            | Layout::Weak { words } => words as usize,
            Layout::LeafArray => 2 + (length as usize).div_ceil(8),
            Layout::ValueArray | Layout::WeakArray => 2 + length as usize,
        }
    }
    /// Does word 1 hold a raw length?
    pub const fn is_variable(self) -> bool {
        matches!(self, Layout::LeafArray | Layout::ValueArray | Layout::WeakArray)
    }
}

/// One entry of the [`LayoutTable`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LayoutEntry {
    /// The layout.
    pub layout: Layout,
}

/// The table from shape index to layout. Its address never changes; entries are added, never changed, except that
/// [`LayoutTable::release`] gives an index back when the language knows that no object has it any more.
pub struct LayoutTable {
    entries: Vec<LayoutEntry>,
    free: Vec<u32>,
    settled: Vec<Settled>,
}

/// Objects of `shape` whose word `word` holds `value`, which is raw or no object, have nothing left to finalize.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Settled {
    shape: ShapeIndex,
    word: usize,
    value: u64,
}

impl LayoutTable {
    /// Most shapes a heap may have at one time.
    pub const CAPACITY: usize = 1 << 20;

    /// An empty table; indices 0 and 1 are taken (see [`ShapeIndex`]).
    pub fn new() -> LayoutTable {
        let mut entries = Vec::with_capacity(LayoutTable::CAPACITY);
        let unused = LayoutEntry { layout: Layout::Leaf { words: 1 } };
        entries.push(unused);
        entries.push(unused);
        LayoutTable { entries, free: Vec::new(), settled: Vec::new() }
    }
    /// Registers a shape with this layout; `None` when the table is full.
    pub fn register(&mut self, layout: Layout) -> Option<ShapeIndex> {
        if let Layout::Bitmap { words, bits } = layout {
            assert!(words <= 64 && bits & 1 == 0 && (words == 64 || bits >> words == 0), "bad bitmap layout");
        }
        assert!(layout.is_variable() || layout.size_words(0) >= 2, "an object needs room for a forwarding address");
        let entry = LayoutEntry { layout };
        if let Some(i) = self.free.pop() {
            self.entries[i as usize] = entry;
            return Some(ShapeIndex(i));
        }
        if self.entries.len() == LayoutTable::CAPACITY {
            return None;
        }
        self.entries.push(entry);
        Some(ShapeIndex(self.entries.len() as u32 - 1))
    }
    /// Gives an index back.
    pub fn release(&mut self, shape: ShapeIndex) {
        assert!(shape.0 >= ShapeIndex::FIRST.0);
        self.settled.retain(|s| s.shape != shape);
        self.free.push(shape.0);
    }
    /// From now on, objects of this shape whose word `word` holds `value` are not finalized. For what ends by itself far more
    /// often than it is abandoned (a frame that can be suspended): such an object dies without being queued, and its users
    /// need not take it off any list when it ends. An object keeps the value once it has it, or is made finalizable anew.
    ///
    /// Collectors compare bits, so that the value must not be an object's address.
    pub fn settle(&mut self, shape: ShapeIndex, word: usize, value: u64) {
        let is_object = Value::from_bits(value).is_object();
        let fits = match self.layout(shape) {
            Layout::Bitmap { words, bits } => word < words as usize && (bits >> word & 1 == 0 || !is_object),
            Layout::Leaf { words } => word < words as usize,
            Layout::Values { words } => word < words as usize && !is_object,
            _ => false,
        };
        assert!(fits && word > 0, "not a word of the layout that can hold this");
        self.settled.push(Settled { shape, word, value });
    }
    /// Is the object's finalizer to be queued when it becomes unreachable?
    #[inline]
    pub fn awaits_finalizer(&self, object: Object) -> bool {
        let holds = |s: &Settled| s.shape == object.shape() && object.word(s.word) == s.value;
        object.flags() & flag::FINALIZABLE != 0 && !self.settled.iter().any(holds)
    }
    /// The layout of a registered shape.
    #[inline(always)]
    pub fn layout(&self, shape: ShapeIndex) -> Layout {
        self.entries[shape.0 as usize].layout
    }
    /// The layout, or `None` for an index that was never registered: for verifiers, which see corrupt headers.
    pub fn get(&self, shape: ShapeIndex) -> Option<Layout> {
        if shape.0 < ShapeIndex::FIRST.0 { None } else { self.entries.get(shape.0 as usize).map(|e| e.layout) }
    }
    /// Number of indices in use or released.
    pub fn len(&self) -> usize {
        self.entries.len()
    }
    /// Never: indices 0 and 1 are always taken.
    pub fn is_empty(&self) -> bool {
        false
    }
    /// Words that an object with this header and length word takes, appended identity included.
    #[inline]
    pub fn object_words(&self, header: Header, length: u64) -> usize {
        let appended = (header.flags() & flag::IDENTITY_APPENDED != 0) as usize;
        self.layout(header.shape()).size_words(length) + appended
    }
}

impl Default for LayoutTable {
    fn default() -> Self {
        LayoutTable::new()
    }
}
