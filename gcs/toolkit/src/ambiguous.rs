//! From words to objects: what an ambiguous word points to, into, or one past the end of.
//!
//! Nothing records where small objects begin, so a block must be walked from its start. The words are sorted first and
//! each block with candidates is walked once, whatever their number: the cost is that of reading the words plus that of
//! one pass over the touched blocks.

use crate::block::Kind;
use crate::list::ObjectList;
use crate::memory::{Block, Memory};
use crate::parse::Walk;
use vm_heap::{LayoutTable, Object, RootSource};

/// Words that may point into the heap.
#[derive(Default)]
pub struct Candidates(Vec<u64>);

impl Candidates {
    /// Adds a word if it lies in the heap's used range.
    #[inline]
    pub fn add(&mut self, (low, high): (u64, u64), word: u64) {
        if word >= low && word <= high {
            self.0.push(word);
        }
    }
    /// Adds the words of all ambiguous ranges.
    pub fn add_ranges(&mut self, memory: &Memory, roots: &mut dyn RootSource) {
        let used = memory.used_range();
        if used.0 == used.1 {
            return;
        }
        roots.ambiguous(&mut |low, high| {
            let mut at = low;
            while at < high {
                // SAFETY: the root source vouches for the range: mapped, word-aligned stack or table memory of the
                // stopped thread. Volatile, since the words are other frames' locals.
                let word = unsafe { std::ptr::read_volatile(at as *const u64) };
                self.add(used, word);
                at += 8;
            }
        });
    }
    /// Pushes every object that a candidate points to, into or one past the end of; some twice.
    pub fn resolve(mut self, memory: &Memory, layouts: &LayoutTable, found: &mut ObjectList) {
        self.0.sort_unstable();
        self.0.dedup();
        let words = &self.0;
        let (mut i, mut done) = (0, None);
        while i < words.len() {
            let block = memory.block_of(words[i]);
            if words[i] == memory.start(block) && block > 0 && done != Some(block - 1) {
                resolve_in(memory, layouts, block - 1, &words[i..=i], found);
            }
            let beyond = i + words[i..].partition_point(|w| *w < memory.end(block));
            let one_past = (words.get(beyond) == Some(&memory.end(block))) as usize;
            resolve_in(memory, layouts, block, &words[i..beyond + one_past], found);
            done = Some(block);
            i = beyond;
        }
    }
}

/// Resolves sorted words against one block; words may equal the block's end.
fn resolve_in(memory: &Memory, layouts: &LayoutTable, block: Block, words: &[u64], found: &mut ObjectList) {
    let block = match memory.kind(block) {
        Kind::Free => return,
        _ => memory.head_of(block),
    };
    let mut k = 0;
    for (object, bytes) in Walk::new(memory, layouts, block) {
        let (start, end) = (object.address(), object.address() + bytes);
        while k < words.len() && words[k] < start {
            k += 1;
        }
        if k == words.len() {
            return;
        }
        if words[k] <= end {
            found.push(object);
        }
        // A word equal to the end may be the next object's start as well.
        while k < words.len() && words[k] < end {
            k += 1;
        }
    }
}

/// The object that `address` points to or into, else the one that it is one past the end of.
pub fn find_object(memory: &Memory, layouts: &LayoutTable, address: u64) -> Option<Object> {
    let (low, high) = memory.used_range();
    if address < low || address > high || low == high {
        return None;
    }
    let mut found = ObjectList::new();
    let mut candidates = Candidates::default();
    candidates.add((low, high), address);
    candidates.resolve(memory, layouts, &mut found);
    // Resolution goes upwards, so the containing object comes after the one that ends here.
    found.last().copied()
}
