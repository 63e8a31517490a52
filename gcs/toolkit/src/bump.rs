//! Fresh blocks that are filled from one end to the other: nurseries and half spaces.

use crate::block::Kind;
use crate::memory::{Block, Memory, fill_gap, fill_words};
use crate::parse::{bump, close_buffer, open_buffer};
use vm_heap::MutatorFast;

/// Requests of more bytes than this do not end an allocation buffer that has more room left than [`KEEP_BYTES`].
pub const MEDIUM_BYTES: u64 = 512;
/// What is worth keeping of a buffer.
pub const KEEP_BYTES: u64 = 2048;
/// Gaps of fewer bytes stay fillers: a buffer of a few objects costs more than it gives.
pub const MIN_HOLE_BYTES: u64 = 256;

/// A range that is used up from below. A filler stands at `cursor`, so that its block parses at any time.
#[derive(Clone, Copy, Default, Debug)]
pub struct Buffer {
    cursor: u64,
    limit: u64,
}

impl Buffer {
    /// Ends the old range and begins a new one.
    pub fn open(&mut self, from: u64, to: u64) {
        *self = Buffer { cursor: from, limit: to };
        fill_gap(from, to, false);
    }
    /// Takes `bytes`, not zeroed, if they are there.
    #[inline]
    pub fn take(&mut self, bytes: u64) -> Option<u64> {
        let at = self.cursor;
        if bytes > self.limit - at {
            return None;
        }
        self.cursor = at + bytes;
        fill_gap(self.cursor, self.limit, false);
        Some(at)
    }
    /// Takes `bytes` and zeroes them.
    pub fn take_zeroed(&mut self, bytes: u64) -> Option<u64> {
        let at = self.take(bytes)?;
        fill_words(at, at + bytes, 0);
        Some(at)
    }
    /// What is left, given up: it is a filler already.
    pub fn close(&mut self) -> (u64, u64) {
        let rest = (self.cursor, self.limit);
        *self = Buffer::default();
        rest
    }
}

/// Blocks of one kind, filled in order, and holes around objects that stayed in place.
pub struct BumpSpace {
    kind: Kind,
    /// All blocks of the space.
    pub blocks: Vec<Block>,
    /// Gaps of blocks that hold pinned objects; they are fillers until used.
    pub holes: Vec<(u64, u64)>,
    /// For objects that miss a buffer worth keeping.
    overflow: Buffer,
    /// Bytes handed to buffers since the caller last set it to 0.
    pub handed_out: usize,
}

impl BumpSpace {
    /// An empty space of blocks of this kind.
    pub const fn new(kind: Kind) -> BumpSpace {
        BumpSpace {
            kind,
            blocks: Vec::new(),
            holes: Vec::new(),
            overflow: Buffer { cursor: 0, limit: 0 },
            handed_out: 0,
        }
    }
    fn grow(&mut self, memory: &mut Memory, may_take: &dyn Fn(&Memory) -> bool) -> Option<Block> {
        if !may_take(memory) {
            return None;
        }
        let block = memory.take(self.kind)?;
        self.blocks.push(block);
        Some(block)
    }
    /// Memory for an object of at most a block that missed the thread's buffer: refills the buffer from a hole or, if
    /// `may_take` allows it, a fresh block.
    pub fn refill(
        &mut self,
        memory: &mut Memory,
        fast: &mut MutatorFast,
        bytes: u64,
        poison: bool,
        may_take: &dyn Fn(&Memory) -> bool,
    ) -> Option<u64> {
        if bytes > MEDIUM_BYTES && fast.limit.saturating_sub(fast.cursor) > KEEP_BYTES {
            if let Some(at) = self.overflow.take_zeroed(bytes) {
                return Some(at);
            }
            let block = self.grow(memory, may_take)?;
            self.handed_out += (memory.end(block) - memory.start(block)) as usize;
            let rest = self.overflow.close();
            if rest.1 - rest.0 >= MIN_HOLE_BYTES {
                self.holes.push(rest);
                self.handed_out -= (rest.1 - rest.0) as usize;
            }
            self.overflow.open(memory.start(block), memory.end(block));
            return self.overflow.take_zeroed(bytes);
        }
        if let Some(i) = self.holes.iter().rposition(|(from, to)| to - from >= bytes) {
            let (from, to) = self.holes.swap_remove(i);
            close_buffer(fast, poison);
            self.handed_out += (to - from) as usize;
            open_buffer(fast, from, to, false);
            return bump(fast, bytes);
        }
        let block = self.grow(memory, may_take)?;
        close_buffer(fast, poison);
        let (from, to) = (memory.start(block), memory.end(block));
        self.handed_out += (to - from) as usize;
        memory.zero_block(block);
        open_buffer(fast, from, to, true);
        bump(fast, bytes)
    }
    /// Gives up the overflow range (it parses); before a collection.
    pub fn close(&mut self) {
        self.overflow.close();
    }
    /// Room for a copy of `bytes`, in a fresh block if need be; `None` only when the reservation is used up. `buffer`
    /// is the collection's.
    #[inline]
    pub fn room(&mut self, memory: &mut Memory, buffer: &mut CopyBuffer, bytes: u64) -> Option<u64> {
        if let Some(at) = buffer.take(bytes) {
            return Some(at);
        }
        self.room_slow(memory, buffer, bytes)
    }
    #[cold]
    fn room_slow(&mut self, memory: &mut Memory, buffer: &mut CopyBuffer, bytes: u64) -> Option<u64> {
        let block = memory.take(self.kind)?;
        self.blocks.push(block);
        let (from, to) = (memory.start(block), memory.end(block));
        // The bigger rest is kept: a medium object must not waste most of a block.
        let mut fresh = CopyBuffer { cursor: from, limit: to };
        let at = fresh.take(bytes);
        if fresh.left() > buffer.left() {
            std::mem::swap(buffer, &mut fresh);
        }
        fresh.close();
        at
    }
    /// Takes over the blocks of another space as blocks of this one's kind.
    pub fn absorb(&mut self, memory: &mut Memory, other: &mut BumpSpace) {
        for block in other.blocks.drain(..) {
            memory.set_kind(block, self.kind);
            self.blocks.push(block);
        }
        self.holes.append(&mut other.holes);
    }
}

/// A bump range for copies: no fillers while it is in use, so nothing may parse its block before [`CopyBuffer::close`].
#[derive(Clone, Copy, Default, Debug)]
pub struct CopyBuffer {
    cursor: u64,
    limit: u64,
}

impl CopyBuffer {
    /// A range that must belong to the caller.
    pub fn new(from: u64, to: u64) -> CopyBuffer {
        CopyBuffer { cursor: from, limit: to }
    }
    /// Bytes left.
    #[inline(always)]
    pub fn left(&self) -> u64 {
        self.limit - self.cursor
    }
    /// Takes `bytes` if they are there.
    #[inline(always)]
    pub fn take(&mut self, bytes: u64) -> Option<u64> {
        let at = self.cursor;
        if bytes > self.limit - at {
            return None;
        }
        self.cursor = at + bytes;
        Some(at)
    }
    /// Puts a filler into the rest, so that its block parses until more is taken.
    pub fn fill(&self) {
        fill_gap(self.cursor, self.limit, false);
    }
    /// Makes the rest a filler and returns it.
    pub fn close(&mut self) -> (u64, u64) {
        let rest = (self.cursor, self.limit);
        fill_gap(rest.0, rest.1, false);
        *self = CopyBuffer::default();
        rest
    }
}
