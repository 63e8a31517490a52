//! Free-run allocation: a non-moving space that is allocated by bumping through the gaps between live objects.
//!
//! Marking leaves a block's live objects marked; sweeping, which happens lazily when memory is wanted, makes each gap
//! between them one filler and offers those of at least [`MIN_HOLE_BYTES`] as allocation buffers. So the bump fast path
//! serves a mark-sweep space too (compare Immix's lines, Blackburn and McKinley, PLDI 2008, with runs of exact size).

use crate::block::{BLOCK_BYTES, Kind};
use crate::bump::{Buffer, CopyBuffer, KEEP_BYTES, MEDIUM_BYTES, MIN_HOLE_BYTES};
use crate::cards::UNLOGGED;
use crate::gray::fetch_range;
use crate::memory::{Block, Memory};
use crate::parse::{Walk, bump, close_buffer, open_buffer, sweep_block};
use vm_heap::{LayoutTable, MutatorFast, Object};

/// How many holes before one is used it is brought into the cache.
const HOLES_FETCHED: usize = 4;
/// Holes looked at for one object before blocks are swept.
const HOLES_TRIED: usize = 32;
/// Blocks swept for one object of the program's before a fresh block is taken. For copies none are: a collection is not to wait.
const BLOCKS_TRIED: usize = 4;

/// How hard a hole is looked for.
#[derive(Clone, Copy)]
enum Effort {
    /// Among the holes that are known.
    Known,
    /// A few blocks may be swept.
    Some,
    /// At every hole, and every block is swept, before giving up.
    Thorough,
}

/// Holes that a collection rarely uses up: at least a nursery's worth; and blocks swept at a time for them.
const ENOUGH_HOLES: usize = 2048;
const SWEPT_AHEAD: usize = 4;

/// Moving objects pays if at least this part of the space's memory is gained.
const FRAGMENTED: usize = 16;

/// The space.
#[derive(Default)]
pub struct RunSpace {
    /// All blocks of the space, of kind [`Kind::Runs`] or [`Kind::Unswept`].
    pub blocks: Vec<Block>,
    unswept: Vec<Block>,
    holes: Vec<(u64, u64)>,
    overflow: Buffer,
    used: usize,
}

/// What the space needs to know to sweep and grow.
pub struct RunContext<'a> {
    /// The heap's memory.
    pub memory: &'a mut Memory,
    /// Sizes the live objects.
    pub layouts: &'a LayoutTable,
    /// Poison gaps.
    pub poison: bool,
}

impl RunSpace {
    /// Bytes live at the last marking plus bytes handed out since.
    pub fn used(&self) -> usize {
        self.used
    }
    /// Counts a buffer's unused rest back.
    pub fn give_back(&mut self, bytes: u64) {
        self.used -= bytes as usize;
    }
    /// Takes one fresh block.
    pub fn grow(&mut self, memory: &mut Memory) -> Option<Block> {
        let block = memory.take(Kind::Runs)?;
        // Arrays in here are logged whole: their cards must always say "look at the object".
        memory.cards.fill(memory.start(block), memory.end(block), UNLOGGED);
        self.blocks.push(block);
        Some(block)
    }
    /// Sweeps one block if any is left; false if none.
    fn sweep_one(&mut self, cx: &mut RunContext<'_>) -> bool {
        let Some(block) = self.unswept.pop() else { return false };
        let holes = &mut self.holes;
        let live = sweep_block(cx.memory, cx.layouts, block, cx.poison, &mut |from, to| {
            if to - from >= MIN_HOLE_BYTES {
                holes.push((from, to));
            }
        });
        cx.memory.note_swept(block, live);
        cx.memory.set_kind(block, Kind::Runs);
        true
    }
    /// Takes out a hole of at least `bytes`.
    fn hole(&mut self, cx: &mut RunContext<'_>, bytes: u64, effort: Effort) -> Option<(u64, u64)> {
        let (holes_tried, blocks_tried) = match effort {
            Effort::Known => (HOLES_TRIED, 0),
            Effort::Some => (HOLES_TRIED, BLOCKS_TRIED),
            Effort::Thorough => (usize::MAX, usize::MAX),
        };
        let fits = |(from, to): &(u64, u64)| to - from >= bytes;
        let mut place = self.holes.iter().enumerate().rev().take(holes_tried).find(|(_, h)| fits(h)).map(|(i, _)| i);
        for _ in 0..blocks_tried {
            if place.is_some() {
                break;
            }
            let known = self.holes.len();
            if !self.sweep_one(cx) {
                break;
            }
            place = self.holes[known..].iter().rposition(fits).map(|i| known + i);
        }
        let (from, to) = self.holes.swap_remove(place?);
        // Holes are where nobody has been for long, and the next ones are likely the next to be filled.
        if let Some((soon, _)) = self.holes.len().checked_sub(HOLES_FETCHED).map(|n| self.holes[n]) {
            fetch_range(soon, soon + MIN_HOLE_BYTES);
        }
        cx.memory.note_handed_out(from);
        self.used += (to - from) as usize;
        Some((from, to))
    }
    /// Memory for an object of at most a block that missed the thread's buffer: the buffer moves to the next free run,
    /// or to a fresh block if `may_take` allows it. A buffer that was opened is shown to `opened`.
    pub fn refill(
        &mut self,
        cx: &mut RunContext<'_>,
        fast: &mut MutatorFast,
        bytes: u64,
        may_take: &dyn Fn(&Memory) -> bool,
        opened: &mut dyn FnMut(u64, u64),
    ) -> Option<u64> {
        if bytes > MEDIUM_BYTES && fast.limit.saturating_sub(fast.cursor) > KEEP_BYTES {
            return self.medium(cx, bytes, may_take, opened);
        }
        let (run, zero) = match self.hole(cx, bytes, Effort::Some) {
            Some(run) => (run, false),
            None if may_take(cx.memory) => {
                let block = self.grow(cx.memory)?;
                self.used += (cx.memory.end(block) - cx.memory.start(block)) as usize;
                cx.memory.zero_block(block);
                ((cx.memory.start(block), cx.memory.end(block)), true)
            }
            None => (self.hole(cx, bytes, Effort::Thorough)?, false),
        };
        self.give_back(close_buffer(fast, cx.poison));
        open_buffer(fast, run.0, run.1, zero);
        opened(run.0, run.1);
        bump(fast, bytes)
    }
    fn medium(
        &mut self,
        cx: &mut RunContext<'_>,
        bytes: u64,
        may_take: &dyn Fn(&Memory) -> bool,
        opened: &mut dyn FnMut(u64, u64),
    ) -> Option<u64> {
        if let Some(at) = self.overflow.take_zeroed(bytes) {
            return Some(at);
        }
        let run = match self.hole(cx, bytes, Effort::Some) {
            Some(run) => run,
            None if may_take(cx.memory) => {
                let block = self.grow(cx.memory)?;
                self.used += (cx.memory.end(block) - cx.memory.start(block)) as usize;
                (cx.memory.start(block), cx.memory.end(block))
            }
            None => self.hole(cx, bytes, Effort::Thorough)?,
        };
        self.close();
        self.overflow.open(run.0, run.1);
        opened(run.0, run.1);
        self.overflow.take_zeroed(bytes)
    }
    /// Gives up the overflow range (it parses).
    pub fn close(&mut self) {
        let (from, to) = self.overflow.close();
        self.used -= (to - from) as usize;
        if to - from >= MIN_HOLE_BYTES {
            self.holes.push((from, to));
        }
    }
    /// Room for a copy of `bytes`; fresh blocks are taken as needed, so `None` only when the reservation is used up.
    #[inline]
    pub fn room(&mut self, cx: &mut RunContext<'_>, buffer: &mut CopyBuffer, bytes: u64) -> Option<u64> {
        if let Some(at) = buffer.take(bytes) {
            return Some(at);
        }
        self.room_slow(cx, buffer, bytes)
    }
    #[cold]
    fn room_slow(&mut self, cx: &mut RunContext<'_>, buffer: &mut CopyBuffer, bytes: u64) -> Option<u64> {
        let run = match self.hole(cx, bytes, Effort::Known) {
            Some(run) => run,
            None => {
                let block = self.grow(cx.memory)?;
                self.used += (cx.memory.end(block) - cx.memory.start(block)) as usize;
                (cx.memory.start(block), cx.memory.end(block))
            }
        };
        let mut fresh = CopyBuffer::new(run.0, run.1);
        let at = fresh.take(bytes);
        if fresh.left() > buffer.left() {
            std::mem::swap(buffer, &mut fresh);
        }
        self.end_copies(&mut fresh);
        at
    }
    /// Ends a copy buffer.
    pub fn end_copies(&mut self, buffer: &mut CopyBuffer) {
        let (from, to) = buffer.close();
        self.used -= (to - from) as usize;
        if to - from >= MIN_HOLE_BYTES {
            self.holes.push((from, to));
        }
    }
    /// Takes over a block of another space with the marked objects in it. What is between them is free, and shown to `gap`.
    pub fn adopt(&mut self, cx: &mut RunContext<'_>, block: Block, gap: &mut dyn FnMut(u64, u64)) {
        let holes = &mut self.holes;
        let live = sweep_block(cx.memory, cx.layouts, block, cx.poison, &mut |from, to| {
            gap(from, to);
            if to - from >= MIN_HOLE_BYTES {
                holes.push((from, to));
            }
        });
        cx.memory.cards.fill(cx.memory.start(block), cx.memory.end(block), UNLOGGED);
        cx.memory.note_swept(block, live);
        cx.memory.set_kind(block, Kind::Runs);
        self.blocks.push(block);
        self.used += live as usize;
    }

    /// Sweeps a few blocks ahead of demand, for collectors that want short pauses.
    pub fn sweep_some(&mut self, cx: &mut RunContext<'_>, blocks: usize) {
        for _ in 0..blocks {
            if !self.sweep_one(cx) {
                return;
            }
        }
    }
    /// The same, faster while fewer than [`ENOUGH_HOLES`] are known: copies get none by sweeping.
    pub fn sweep_ahead(&mut self, cx: &mut RunContext<'_>) {
        self.sweep_some(cx, if self.holes.len() < ENOUGH_HOLES { SWEPT_AHEAD } else { 1 });
    }
    /// Before a marking: nothing may be left unswept, live bytes count from 0. Holes stay usable.
    pub fn begin_marking(&mut self, cx: &mut RunContext<'_>) {
        while self.sweep_one(cx) {}
        self.blocks.iter().for_each(|b| cx.memory.set_live(*b, 0));
    }
    /// Before a marking, after [`RunSpace::begin_marking`], all buffers closed: blocks of which less than so many percent are in use
    /// leave the space, sparsest first, as long as no more than `budget` bytes are in them. They become [`Kind::Sparse`]: whoever
    /// marks moves their objects, and gives back or [`adopt`](RunSpace::adopt)s what is left of them. None if the space as a whole
    /// is hardly fragmented.
    pub fn take_sparse(&mut self, memory: &mut Memory, percent: u8, budget: usize) -> Vec<Block> {
        // Until the marking begins, what counts live bytes counts those in use: all that is no hole.
        self.blocks.iter().for_each(|b| memory.set_live(*b, BLOCK_BYTES as u32));
        for (from, to) in &self.holes {
            let block = memory.block_of(*from);
            memory.set_live(block, memory.live(block) - (to - from) as u32);
        }
        let bound = BLOCK_BYTES as usize * usize::from(percent) / 100;
        let in_use = |block: &Block| memory.live(*block) as usize;
        let mut sparse: Vec<Block> = self.blocks.iter().copied().filter(|b| in_use(b) < bound).collect();
        sparse.sort_by_key(in_use);
        let mut bytes = 0;
        sparse.retain(|b| {
            bytes += in_use(b);
            bytes <= budget
        });
        let gain: usize = sparse.iter().map(|b| BLOCK_BYTES as usize - in_use(b)).sum();
        if gain < self.blocks.len() * BLOCK_BYTES as usize / FRAGMENTED {
            sparse.clear();
        }
        sparse.iter().for_each(|b| memory.set_kind(*b, Kind::Sparse));
        self.blocks.iter().for_each(|b| memory.set_live(*b, 0));
        if !sparse.is_empty() {
            self.blocks.retain(|b| memory.kind(*b) != Kind::Sparse);
            self.holes.retain(|(from, _)| memory.kind_at(*from) != Kind::Sparse);
        }
        sparse
    }
    /// After a marking, all buffers closed: frees the blocks without live objects, leaves the others to be swept. Where nothing has
    /// died since the block was swept, nothing is to be swept: such a block keeps its holes.
    pub fn end_marking(&mut self, cx: &mut RunContext<'_>) {
        self.close();
        self.used = 0;
        let (unswept, used) = (&mut self.unswept, &mut self.used);
        self.blocks.retain(|b| {
            let live = cx.memory.live(*b);
            if live == 0 {
                cx.memory.release(*b, cx.poison);
                return false;
            }
            *used += live as usize;
            if cx.memory.all_lives(*b) {
                let marked = |(object, _): (Object, u64)| cx.memory.marks.get(object.address());
                debug_assert!(Walk::new(cx.memory, cx.layouts, *b).all(marked), "a dead object counted as live");
                cx.memory.marks.clear_range(cx.memory.start(*b), cx.memory.end(*b));
            } else {
                cx.memory.set_kind(*b, Kind::Unswept);
                unswept.push(*b);
            }
            true
        });
        self.holes.retain(|(from, _)| cx.memory.kind_at(*from) == Kind::Runs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::list::object_at;
    use crate::memory::fill_gap;
    use vm_heap::{Header, Layout};

    const WORDS: u64 = 4;

    #[test]
    fn only_what_has_changed_is_swept() {
        let (mut memory, mut layouts, mut space) = (Memory::new(1 << 20), LayoutTable::new(), RunSpace::default());
        let shape = layouts.register(Layout::Leaf { words: WORDS as u32 }).expect("room for a shape");
        let mut cx = RunContext { memory: &mut memory, layouts: &layouts, poison: false };
        let block = space.grow(cx.memory).expect("a block");
        let start = cx.memory.start(block);
        let object = |n: u64| start + n * 2 * WORDS * 8;
        // Ten objects with gaps between them, the last one large enough to be a hole.
        for n in 0..10 {
            object_at(object(n)).set_header(Header::new(shape, 0));
            fill_gap(object(n) + WORDS * 8, if n < 9 { object(n + 1) } else { cx.memory.end(block) }, false);
        }
        space.used = BLOCK_BYTES as usize;
        let mut marking = |space: &mut RunSpace, live: u64, taken: bool| {
            space.begin_marking(&mut cx);
            assert_eq!(cx.memory.kind(block), Kind::Runs);
            if taken {
                let (from, to) = space.hole(&mut cx, WORDS * 8, Effort::Some).expect("the hole behind the last object");
                object_at(from).set_header(Header::new(shape, 0));
                fill_gap(from + WORDS * 8, to, false);
            }
            for n in 0..live {
                assert!(cx.memory.marks.set(object(n)));
                cx.memory.add_live(object(n), WORDS as u32 * 8);
            }
            space.end_marking(&mut cx);
            assert_eq!(space.used(), (live * WORDS * 8) as usize);
            cx.memory.kind(block)
        };
        assert_eq!(marking(&mut space, 10, false), Kind::Unswept, "it was never swept");
        for _ in 0..3 {
            assert_eq!(marking(&mut space, 10, false), Kind::Runs);
            assert_eq!(space.holes.len(), 1, "the hole is still there");
        }
        assert_eq!(marking(&mut space, 9, false), Kind::Unswept, "one has died");
        assert_eq!(marking(&mut space, 9, false), Kind::Runs);
        assert_eq!(marking(&mut space, 9, true), Kind::Unswept, "one has come and died");
        assert_eq!(marking(&mut space, 9, false), Kind::Runs);
    }
}
