//! The memory of one heap: a reservation cut into blocks, with everything that is known about them.

use crate::block::{BLOCK_BYTES, BLOCK_SHIFT, Kind, PAGE_BYTES};
use crate::cards::CardTable;
use crate::mapping::Mapping;
use crate::marks::MarkBits;
use std::ops::Range;
use vm_heap::header::Header;
use vm_heap::options::POISON;

/// A large object of so many bytes gets huge pages.
const HUGE_BYTES: u64 = 32 << 20;

/// Number of a block within its reservation.
pub type Block = u32;

/// How much of the reservation a search for a free extent looks through before it takes untouched memory instead.
const SEARCH: usize = 8192;

/// Blocks, their kinds, side metadata.
pub struct Memory {
    /// Keeps the reservation alive.
    mapping: Mapping,
    base: u64,
    /// Of the blocks that were ever used, which are the first ones. It has room for all, so that it never moves; what has not
    /// been reached takes no memory.
    kinds: Vec<Kind>,
    /// Large object: number of blocks in the head, distance to the head in a tail. Otherwise live bytes at last marking.
    info: Vec<u32>,
    /// Bytes of the objects in a block that was swept and from which nothing has been handed out since; otherwise 0.
    swept: Vec<u32>,
    /// Is the block's memory known to be zero?
    zero: Vec<bool>,
    /// Free blocks among those, newest last; may name blocks that were taken as part of an extent since.
    free: Vec<Block>,
    /// Where the next search for an extent begins.
    hint: usize,
    /// Fresh memory below this address has its pages already.
    prepared: u64,
    held: usize,
    /// Mark bits of the whole reservation.
    pub marks: MarkBits,
    /// Cards of the whole reservation.
    pub cards: CardTable,
}

impl Memory {
    /// Reserves address space for a heap with this limit in bytes: some times the limit, so that large objects find
    /// contiguous blocks and copies their place. Where the system gives less, the heap fills up sooner; at worst it has
    /// no block at all and every allocation fails.
    pub fn new(limit: usize) -> Memory {
        let wanted = (limit as u64).saturating_mul(3).saturating_add(64 << 20).min(1 << 46);
        let mut blocks = wanted >> BLOCK_SHIFT;
        loop {
            if let Some(memory) = Memory::with_blocks(blocks as usize) {
                return memory;
            }
            blocks /= 2;
        }
    }
    /// `None` if the system refuses; never for 0 blocks.
    fn with_blocks(blocks: usize) -> Option<Memory> {
        let bytes = (blocks as u64) << BLOCK_SHIFT;
        let mapping = Mapping::new(if blocks == 0 { 0 } else { (bytes + BLOCK_BYTES) as usize })?;
        // A base of 0 is never dereferenced: there are no blocks then.
        let base = mapping.start().next_multiple_of(BLOCK_BYTES);
        Some(Memory {
            base,
            prepared: base,
            kinds: Vec::with_capacity(blocks),
            info: vec![0; blocks],
            swept: vec![0; blocks],
            zero: vec![false; blocks],
            free: Vec::new(),
            hint: 0,
            held: 0,
            marks: MarkBits::new(base, bytes)?,
            cards: CardTable::new(base, bytes)?,
            mapping,
        })
    }
    /// Bytes that taken blocks are charged with.
    pub fn held(&self) -> usize {
        self.held
    }
    /// Address of a block.
    #[inline(always)]
    pub fn start(&self, block: Block) -> u64 {
        self.base + ((block as u64) << BLOCK_SHIFT)
    }
    /// End of a block.
    #[inline(always)]
    pub fn end(&self, block: Block) -> u64 {
        self.start(block) + BLOCK_BYTES
    }
    /// The block of an address inside the reservation.
    #[inline(always)]
    pub fn block_of(&self, address: u64) -> Block {
        ((address - self.base) >> BLOCK_SHIFT) as Block
    }
    /// Addresses that have ever belonged to an object, the end included (a one-past-end pointer may be there).
    pub fn used_range(&self) -> (u64, u64) {
        (self.base, self.start(self.kinds.len() as Block))
    }
    /// Does the address lie in a block that was ever used?
    #[inline(always)]
    pub fn contains(&self, address: u64) -> bool {
        address.wrapping_sub(self.base) < (self.kinds.len() as u64) << BLOCK_SHIFT
    }
    /// Blocks that were ever used.
    pub fn blocks(&self) -> Range<Block> {
        0..self.kinds.len() as Block
    }
    /// Kind of a block; [`Kind::Free`] past the end.
    #[inline(always)]
    pub fn kind(&self, block: Block) -> Kind {
        self.kinds.get(block as usize).copied().unwrap_or(Kind::Free)
    }
    /// Kind of the block at `address`, which must lie in the reservation.
    #[inline(always)]
    pub fn kind_at(&self, address: u64) -> Kind {
        self.kinds[((address - self.base) >> BLOCK_SHIFT) as usize]
    }
    /// Changes the kind of a taken block.
    #[inline(always)]
    pub fn set_kind(&mut self, block: Block, kind: Kind) {
        self.kinds[block as usize] = kind;
    }
    /// Live bytes of a block that is no large object's.
    #[inline(always)]
    pub fn live(&self, block: Block) -> u32 {
        self.info[block as usize]
    }
    /// Replaces the live bytes of a block that is no large object's.
    pub fn set_live(&mut self, block: Block, bytes: u32) {
        self.info[block as usize] = bytes;
    }
    /// Adds to the live bytes of the block at `address`, which is no large object's.
    #[inline(always)]
    pub fn add_live(&mut self, address: u64, bytes: u32) {
        self.info[((address - self.base) >> BLOCK_SHIFT) as usize] += bytes;
    }
    /// Notes that the block holds objects of so many bytes and fillers.
    pub fn note_swept(&mut self, block: Block, bytes: u64) {
        self.swept[block as usize] = bytes as u32;
    }
    /// Notes that objects come into the block at `address`.
    pub fn note_handed_out(&mut self, address: u64) {
        self.swept[((address - self.base) >> BLOCK_SHIFT) as usize] = 0;
    }
    /// After a marking that has counted live bytes: is each object of the block live? Only says so of blocks that hold what was in
    /// them when they were swept.
    pub fn all_lives(&self, block: Block) -> bool {
        let live = self.info[block as usize];
        live != 0 && live == self.swept[block as usize]
    }

    /// Takes a free block; `None` when the reservation is used up. Its memory is arbitrary.
    pub fn take(&mut self, kind: Kind) -> Option<Block> {
        let block = loop {
            match self.free.pop() {
                Some(b) if self.kinds[b as usize] == Kind::Free => break b,
                Some(_) => {}
                None => {
                    let b = self.kinds.len();
                    *self.zero.get_mut(b)? = true;
                    self.kinds.push(Kind::Free);
                    break b as Block;
                }
            }
        };
        self.kinds[block as usize] = kind;
        self.info[block as usize] = 0;
        self.swept[block as usize] = 0;
        self.held += BLOCK_BYTES as usize;
        Some(block)
    }
    /// Has the system give the pages of up to `step` of the next `ahead` fresh blocks, as far as they have none: little by little
    /// while the program runs, so that a collection that fills fresh memory need not wait for each page.
    pub fn prepare(&mut self, ahead: usize, step: usize) {
        let bytes = |blocks: usize| (blocks as u64) << BLOCK_SHIFT;
        let fresh = self.used_range().1;
        let from = self.prepared.max(fresh);
        let goal = fresh.saturating_add(bytes(ahead)).min(self.base + bytes(self.info.len()));
        let to = from.saturating_add(bytes(step)).min(goal);
        if from < to {
            self.mapping.populate(from, to);
            self.prepared = to;
        }
    }
    /// Gives a block back; its mark bits must be clear.
    pub fn release(&mut self, block: Block, poison: bool) {
        debug_assert!(self.marks.next(self.start(block), self.end(block)).is_none(), "marks in a free block");
        self.held -= BLOCK_BYTES as usize;
        self.forget(block);
        if poison {
            fill_words(self.start(block), self.end(block), POISON);
        }
    }
    fn forget(&mut self, block: Block) {
        self.kinds[block as usize] = Kind::Free;
        self.zero[block as usize] = false;
        self.free.push(block);
        if self.free.len() > self.info.len().max(64) * 2 {
            self.free =
                (0..self.kinds.len() as Block).rev().filter(|b| self.kinds[*b as usize] == Kind::Free).collect();
        }
    }
    /// Zeroes a taken block, unless it is known to be zero, and notes that it is about to be written.
    pub fn zero_block(&mut self, block: Block) {
        if !std::mem::take(&mut self.zero[block as usize]) {
            fill_words(self.start(block), self.end(block), 0);
        }
    }
    /// Bytes that a large object of `bytes` is charged with.
    pub fn large_charge(bytes: u64) -> usize {
        bytes.next_multiple_of(PAGE_BYTES) as usize
    }
    /// Takes contiguous blocks for one object of `bytes`, zeroed. Returns the first; `None` when there is no place.
    pub fn take_extent(&mut self, bytes: u64, kind: Kind) -> Option<Block> {
        let n = usize::try_from(bytes.div_ceil(BLOCK_BYTES)).ok()?;
        let all = self.info.len();
        if n > all {
            return None;
        }
        let first = self
            .find_extent(n, self.hint, SEARCH)
            .or_else(|| {
                let fresh = self.kinds.len();
                (n <= all - fresh).then_some(fresh)
            })
            .or_else(|| self.find_extent(n, 0, usize::MAX))?;
        let used = self.kinds.len();
        if first + n > used {
            self.zero[used..first + n].fill(true);
            self.kinds.resize(first + n, Kind::Free);
        }
        self.hint = first + n;
        for i in 0..n {
            self.kinds[first + i] = if i == 0 { kind } else { Kind::LargeTail };
            self.info[first + i] = if i == 0 { n as u32 } else { i as u32 };
            let (from, to) = (self.start((first + i) as Block), self.end((first + i) as Block));
            if !std::mem::take(&mut self.zero[first + i]) {
                fill_words(from, to.min(self.start(first as Block) + bytes), 0);
            }
        }
        self.held += Memory::large_charge(bytes);
        if bytes >= HUGE_BYTES {
            let start = self.start(first as Block);
            self.mapping.prefer_huge_pages(start, start + bytes);
        }
        Some(first as Block)
    }
    /// `n` free blocks in a row that were all used before, from `from` on, among the next `budget` blocks.
    fn find_extent(&self, n: usize, from: usize, budget: usize) -> Option<usize> {
        let to = self.kinds.len().min(from.saturating_add(budget));
        let mut run = 0;
        for b in from..to {
            run = if self.kinds[b] == Kind::Free { run + 1 } else { 0 };
            if run == n {
                return Some(b + 1 - n);
            }
        }
        None
    }
    /// Number of blocks of the large object that begins in `head`.
    pub fn extent(&self, head: Block) -> u32 {
        self.info[head as usize]
    }
    /// First block of the large object that `block` belongs to.
    pub fn head_of(&self, block: Block) -> Block {
        if self.kinds[block as usize] == Kind::LargeTail { block - self.info[block as usize] } else { block }
    }
    /// Gives the blocks of a large object of `bytes` back, and its pages to the system if they are many.
    pub fn release_extent(&mut self, head: Block, bytes: u64, poison: bool) {
        let n = self.extent(head);
        let (from, to) = (self.start(head), self.start(head + n));
        self.held -= Memory::large_charge(bytes);
        let discarded = !poison && n >= 4 && self.mapping.discard(from, to);
        if poison {
            fill_words(from, from + bytes, POISON);
        }
        for b in (head..head + n).rev() {
            self.forget(b);
            self.zero[b as usize] = discarded;
        }
        self.hint = self.hint.min(head as usize);
    }
    /// Gives the pages of free blocks back to the system, except for `keep` of those used last.
    pub fn trim(&mut self, keep: usize) {
        let surplus = self.free.len().saturating_sub(keep);
        let mut i = 0;
        while i < surplus {
            let b = self.free[i];
            i += 1;
            if self.kinds[b as usize] == Kind::Free && !self.zero[b as usize] {
                self.zero[b as usize] = self.mapping.discard(self.start(b), self.end(b));
            }
        }
    }
}

/// Fills `from..to` (word-aligned, in a reservation, no object that anyone uses) with a word.
pub fn fill_words(from: u64, to: u64, word: u64) {
    debug_assert!(from <= to && (from | to) & 7 == 0);
    // SAFETY: callers own the range: it belongs to a block or an extent of their reservation, which is mapped
    // readable and writable, and holds no object that is used.
    let words = unsafe { std::slice::from_raw_parts_mut(from as *mut u64, ((to - from) / 8) as usize) };
    words.fill(word);
}

/// Makes `from..to` a filler (nothing if empty), poisoned behind its header when asked.
pub fn fill_gap(from: u64, to: u64, poison: bool) {
    if from < to {
        if poison {
            fill_words(from, to, POISON);
        }
        crate::list::object_at(from).set_header(Header::filler(((to - from) / 8) as u32));
    }
}
