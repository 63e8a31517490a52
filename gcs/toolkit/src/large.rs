//! Large objects: each in blocks of its own, never moved.

use crate::block::Kind;
use crate::memory::{Block, Memory};

/// A set of large objects.
#[derive(Default)]
pub struct LargeSpace {
    /// First block and size in bytes of each.
    objects: Vec<(Block, u64)>,
    bytes: usize,
}

impl LargeSpace {
    /// Bytes that the objects are charged with.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
    /// Zeroed memory for an object; `None` when the reservation has no extent that long. The limit is the caller's.
    pub fn alloc(&mut self, memory: &mut Memory, bytes: u64, kind: Kind) -> Option<u64> {
        let head = memory.take_extent(bytes, kind)?;
        self.adopt(head, bytes);
        Some(memory.start(head))
    }
    /// Adds an object that another space held.
    pub fn adopt(&mut self, head: Block, bytes: u64) {
        self.objects.push((head, bytes));
        self.bytes += Memory::large_charge(bytes);
    }
    /// Empties the set; the caller decides about each object.
    pub fn take_all(&mut self) -> Vec<(Block, u64)> {
        self.bytes = 0;
        std::mem::take(&mut self.objects)
    }
    /// Frees the objects whose mark is clear, and clears the marks of the others.
    pub fn sweep(&mut self, memory: &mut Memory, poison: bool) {
        for (head, bytes) in self.take_all() {
            let at = memory.start(head);
            if memory.marks.get(at) {
                memory.marks.clear(at);
                self.adopt(head, bytes);
            } else {
                memory.release_extent(head, bytes, poison);
            }
        }
    }
}
