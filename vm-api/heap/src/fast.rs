//! The part of a thread that the interpreter and every compiler read and write inline.

/// Allocation and barrier state of the mutator, at fixed offsets: the thread that uses the heap, one at a time.
///
/// Allocation: `p = cursor; if p + size > limit { slow } cursor = p + size`, then a header with `new_gc_byte`.
/// Barriers: see [`crate::Heap::barrier`] and [`crate::Heap::element_barrier`].
#[repr(C)]
#[derive(Debug)]
pub struct MutatorFast {
    /// Next free byte. Memory from here to `limit` is zeroed.
    pub cursor: u64,
    /// End of the current allocation buffer; 0 forces the slow path.
    pub limit: u64,
    /// Card table, biased: the card of address `a` is the byte at `cards + (a >> CARD_SHIFT)`.
    pub cards: u64,
    /// Nonzero: the thread must call its safepoint at the next poll.
    pub poll: u32,
    /// Barrier mask: an object whose collector byte shares a bit with it takes the slow path before a store.
    /// 0 for collectors (and phases) that need no barrier.
    pub mask: u8,
    /// Collector byte of new objects.
    pub new_gc_byte: u8,
    /// Nonzero while the collector must hear of objects that are read out of weak words ([`crate::Heap::weak_read`]).
    pub weak_reads: u8,
    /// Free for alignment.
    pub reserved: u8,
}

/// log2 of the bytes that one card covers.
pub const CARD_SHIFT: u32 = 9;

/// Byte offsets of the fields of [`MutatorFast`], for compilers.
pub mod offset {
    use super::MutatorFast;
    /// Of `cursor`.
    pub const CURSOR: u32 = std::mem::offset_of!(MutatorFast, cursor) as u32;
    /// Of `limit`.
    pub const LIMIT: u32 = std::mem::offset_of!(MutatorFast, limit) as u32;
    /// Of `cards`.
    pub const CARDS: u32 = std::mem::offset_of!(MutatorFast, cards) as u32;
    /// Of `poll`.
    pub const POLL: u32 = std::mem::offset_of!(MutatorFast, poll) as u32;
    /// Of `mask`.
    pub const MASK: u32 = std::mem::offset_of!(MutatorFast, mask) as u32;
    /// Of `new_gc_byte`.
    pub const NEW_GC_BYTE: u32 = std::mem::offset_of!(MutatorFast, new_gc_byte) as u32;
    /// Of `weak_reads`.
    pub const WEAK_READS: u32 = std::mem::offset_of!(MutatorFast, weak_reads) as u32;
}

impl MutatorFast {
    /// A state in which every allocation takes the slow path and no store does.
    pub const fn empty() -> MutatorFast {
        MutatorFast { cursor: 0, limit: 0, cards: 0, poll: 0, mask: 0, new_gc_byte: 0, weak_reads: 0, reserved: 0 }
    }
}
