//! Blocks: the unit in which memory changes its owner.

/// log2 of [`BLOCK_BYTES`].
pub const BLOCK_SHIFT: u32 = 15;
/// Size and alignment of a block.
pub const BLOCK_BYTES: u64 = 1 << BLOCK_SHIFT;
/// Objects of more bytes than this get blocks of their own, unless they fit what is left of the allocation buffer.
pub const LARGE_BYTES: usize = 16 << 10;
/// Physical memory comes in pages; a large object is charged whole pages, not whole blocks, since the rest of its last
/// block is never touched.
pub const PAGE_BYTES: u64 = 4096;

/// What a block is used for. Collectors use the kinds they need and give them the meaning below.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// Nobody's.
    Free,
    /// Objects allocated since the last collection (and pinned ones older than that).
    Eden,
    /// An eden block under collection with pinned (marked) objects.
    EdenPinned,
    /// Objects that survived one collection.
    Survivor,
    /// A block under collection with pinned (marked) objects that are old from now on.
    Tenuring,
    /// An old block under collection that is nearly empty: its objects move out, except pinned (marked) ones.
    Sparse,
    /// During a collection: copies that stay young (or simply stay, without generations).
    To,
    /// First block of a large object that no collection has seen yet.
    LargeYoung,
    /// Objects and fillers, allocated in free runs; all are live or new since the last marking.
    Runs,
    /// As `Runs`, but only the marked objects are there; the rest waits to be swept.
    Unswept,
    /// First block of a large object.
    Large,
    /// A further block of a large object.
    LargeTail,
}

impl Kind {
    /// Does a young collection look at objects in such a block?
    #[inline(always)]
    pub const fn is_young(self) -> bool {
        matches!(self, Kind::Eden | Kind::EdenPinned | Kind::Survivor | Kind::To | Kind::LargeYoung)
    }
    /// Is this the first block of a large object?
    #[inline(always)]
    pub const fn is_large(self) -> bool {
        matches!(self, Kind::Large | Kind::LargeYoung)
    }
    /// The kind of a block under collection once an object in it is pinned: one that has lived through a collection is old.
    pub const fn pinned(self) -> Kind {
        match self {
            Kind::Eden => Kind::EdenPinned,
            Kind::Survivor => Kind::Tenuring,
            other => other,
        }
    }
}
