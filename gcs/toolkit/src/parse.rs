//! Walking blocks object by object, and sweeping a block by its mark bits.

use crate::block::Kind;
use crate::list::object_at;
use crate::memory::{Block, Memory, fill_gap, fill_words};
use vm_heap::header::Header;
use vm_heap::{LayoutTable, MutatorFast, Object, ShapeIndex};

/// The objects of one block, in address order, each with its size in bytes. For a large object's head that one object;
/// for free blocks and tails none. Ends early at something that is no object: see [`Walk::corrupt`].
pub struct Walk<'a> {
    memory: &'a Memory,
    layouts: &'a LayoutTable,
    at: u64,
    end: u64,
    marked_only: bool,
    large: bool,
    corrupt: Option<u64>,
}

impl<'a> Walk<'a> {
    /// The objects of `block`. The thread's allocation buffer must be parsable ([`with_parsable`]).
    pub fn new(memory: &'a Memory, layouts: &'a LayoutTable, block: Block) -> Walk<'a> {
        let kind = memory.kind(block);
        let at = memory.start(block);
        let end = match kind {
            Kind::Free | Kind::LargeTail => at,
            _ => memory.end(block),
        };
        Walk { memory, layouts, at, end, marked_only: kind == Kind::Unswept, large: kind.is_large(), corrupt: None }
    }
    /// The objects between two addresses of a linearly parsable block.
    pub fn range(memory: &'a Memory, layouts: &'a LayoutTable, from: u64, to: u64) -> Walk<'a> {
        Walk { memory, layouts, at: from, end: to, marked_only: false, large: false, corrupt: None }
    }
    /// The address at which the walk ended although the block did not.
    pub fn corrupt(&self) -> Option<u64> {
        self.corrupt
    }
    fn fail(&mut self) -> Option<(Object, u64)> {
        self.corrupt = Some(self.at);
        self.at = self.end;
        None
    }
}

impl Iterator for Walk<'_> {
    type Item = (Object, u64);

    #[inline]
    fn next(&mut self) -> Option<(Object, u64)> {
        while self.at < self.end {
            if self.marked_only {
                self.at = self.memory.marks.next(self.at, self.end).unwrap_or(self.end);
                if self.at == self.end {
                    return None;
                }
            }
            let object = object_at(self.at);
            let header = object.header();
            if header.shape() == ShapeIndex::FILLER && !self.large {
                let bytes = header.filler_words() as u64 * 8;
                if bytes == 0 || bytes > self.end - self.at {
                    return self.fail();
                }
                self.at += bytes;
                continue;
            }
            if self.layouts.get(header.shape()).is_none() {
                return self.fail();
            }
            let bytes = object.size_words(self.layouts) as u64 * 8;
            if bytes > self.end - self.at && !self.large {
                return self.fail();
            }
            self.at = if self.large { self.end } else { self.at + bytes };
            return Some((object, bytes));
        }
        None
    }
}

/// Runs `f` while a filler stands in the thread's allocation buffer, so that its block parses.
pub fn with_parsable<T>(fast: &MutatorFast, f: impl FnOnce() -> T) -> T {
    fill_gap(fast.cursor, fast.limit.max(fast.cursor), false);
    let result = f();
    if fast.cursor < fast.limit {
        // The memory of the buffer must be zero for the objects that come.
        object_at(fast.cursor).set_header(Header(0));
    }
    result
}

/// Ends the thread's allocation buffer: the rest becomes a filler. Returns the bytes that were left.
pub fn close_buffer(fast: &mut MutatorFast, poison: bool) -> u64 {
    let left = fast.limit.saturating_sub(fast.cursor);
    fill_gap(fast.cursor, fast.limit.max(fast.cursor), poison);
    fast.cursor = 0;
    fast.limit = 0;
    left
}

/// Gives the thread a zeroed buffer.
pub fn open_buffer(fast: &mut MutatorFast, from: u64, to: u64, already_zero: bool) {
    debug_assert!(fast.cursor >= fast.limit, "the old buffer was not closed");
    if !already_zero {
        fill_words(from, to, 0);
    }
    fast.cursor = from;
    fast.limit = to;
}

/// Takes `bytes` out of the thread's buffer if they fit.
#[inline]
pub fn bump(fast: &mut MutatorFast, bytes: u64) -> Option<u64> {
    let at = fast.cursor;
    if bytes <= fast.limit.saturating_sub(at) {
        fast.cursor = at + bytes;
        Some(at)
    } else {
        None
    }
}

/// Turns everything between the marked objects of a block into fillers, clears the bits, and shows each gap (coalesced,
/// in address order) to `gap`. Looks at no header but those of marked objects.
pub fn sweep_block(
    memory: &Memory,
    layouts: &LayoutTable,
    block: Block,
    poison: bool,
    gap: &mut dyn FnMut(u64, u64),
) -> u64 {
    let (start, end) = (memory.start(block), memory.end(block));
    let (mut at, mut live) = (start, 0);
    let mut close = |from: u64, to: u64| {
        if from < to {
            fill_gap(from, to, poison);
            gap(from, to);
        }
    };
    while let Some(a) = memory.marks.next(at, end) {
        close(at, a);
        let bytes = object_at(a).size_words(layouts) as u64 * 8;
        live += bytes;
        at = a + bytes;
    }
    close(at, end);
    memory.marks.clear_range(start, end);
    live
}

/// Calls `f` with every object of the heap. Panics on a corrupt block, which only a bug leaves behind.
pub fn each_object(memory: &Memory, layouts: &LayoutTable, f: &mut dyn FnMut(Object)) {
    for block in memory.blocks() {
        let mut walk = Walk::new(memory, layouts, block);
        walk.by_ref().for_each(|(object, _)| f(object));
        if let Some(at) = walk.corrupt() {
            panic!("heap corruption: no object at {at:#x} in a block of kind {:?}", memory.kind(block));
        }
    }
}
