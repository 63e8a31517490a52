//! Memory for machine code.
//!
//! An [`Arena`] is one reserved region from which blocks of code are installed and freed. Code is written through one mapping and
//! executed through another of the same memory, so that no address is ever writable and executable, and so that installing
//! does not take the right to execute from code that runs meanwhile (`region.rs`, which also says where it is otherwise). Free memory is a list in order of addresses (`free_list.rs`); what was freed is filled with
//! instructions that trap, so that a stale pointer into it ends at once and not in other code. `cache.rs` makes new code visible
//! to the instruction fetch of machines that need to be told.
//!
//! The arena knows nothing of what it holds: relocations are applied by who installs. When a block may be freed is its owner's
//! business too: no thread may be in it, or come back to it.
//!
//! # Fork
//!
//! Memory that is mapped twice has to be shared memory, so a forked child would see, and could change, its parent's code. Hence
//! [`Arena::before_fork`] makes a copy in the parent, which the child then adopts ([`Arena::after_fork`]), at the same addresses,
//! before it runs, installs or frees code. The copy is made before the fork because the parent may free code right after it, and
//! the child may have frames in that.
//!
//! May import `libc` only.

mod cache;
mod free_list;
mod region;

use free_list::FreeList;
pub use region::ForkCopy;
use region::Region;
use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Blocks begin at multiples of this, and their lengths are multiples of it.
const GRANULE: usize = 16;

/// Installed code. Given back by [`Arena::free`].
#[must_use = "code that nobody frees takes memory as long as its arena"]
#[derive(Debug, PartialEq, Eq)]
pub struct CodeBlock {
    /// Where it is executed.
    pub address: u64,
    /// In bytes, as it was asked for.
    pub len: usize,
}

/// How an arena's memory is mapped (`region.rs`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mapping {
    /// As suits the system.
    #[default]
    Best,
    /// As memory of no file.
    Anonymous,
}

/// There is no room within the budget, or no piece of memory long enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full {
    /// Bytes that were asked for.
    pub wanted: usize,
    /// Bytes in use.
    pub used: usize,
}

impl std::fmt::Display for Full {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no room for {} bytes of code: {} are in use", self.wanted, self.used)
    }
}

impl std::error::Error for Full {}

/// See the crate's description.
#[derive(Debug)]
pub struct Arena {
    region: Region,
    budget: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    free: FreeList,
    /// Offset and length of each block, rounded.
    blocks: BTreeMap<usize, usize>,
    used: usize,
    /// No block ever reached further than this.
    high_water: usize,
}

impl Arena {
    /// Reserves `reserve` bytes of addresses, of which blocks may take `budget` at most. Memory is taken as it is written.
    ///
    /// # Errors
    /// The system refuses the memory, or the right to execute it.
    pub fn new(reserve: usize, budget: usize, mapping: Mapping) -> io::Result<Arena> {
        let region = Region::new(reserve, mapping)?;
        let free = FreeList::new(region.len());
        let state = State { free, blocks: BTreeMap::new(), used: 0, high_water: 0 };
        Ok(Arena { region, budget: budget.min(reserve), state: Mutex::new(state) })
    }
    fn state(&self) -> MutexGuard<'_, State> {
        // What `fix` does when it panics cannot leave the lists half changed: they are changed before and after it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Copies `bytes` to a block that begins at a multiple of `alignment`, a power of two and at most a page. `fix` then changes
    /// them, before they can be executed: it is given the block's memory and the address that it is executed at.
    ///
    /// # Errors
    /// [`Full`]: free something, or do without.
    pub fn install(
        &self,
        bytes: &[u8],
        alignment: u32,
        fix: &mut dyn FnMut(&mut [u8], u64),
    ) -> Result<CodeBlock, Full> {
        let mut state = self.state();
        let full = Full { wanted: bytes.len(), used: state.used };
        let alignment = alignment as usize;
        assert!(alignment.is_power_of_two() && alignment <= region::PAGE, "alignment {alignment}");
        let room = bytes.len().max(1).checked_next_multiple_of(GRANULE).ok_or(full)?;
        if room > self.budget - state.used {
            return Err(full);
        }
        let offset = state.free.take(room, alignment.max(GRANULE)).ok_or(full)?;
        state.used += room;
        state.high_water = state.high_water.max(offset + room);
        state.blocks.insert(offset, room);
        let address = self.region.address(offset);
        self.region.write(offset, room, &mut |memory| {
            let (code, rest) = memory.split_at_mut(bytes.len());
            code.copy_from_slice(bytes);
            fix(code, address);
            cache::fill_with_traps(rest);
        });
        Ok(CodeBlock { address, len: bytes.len() })
    }
    /// The bytes of a block, as they are executed.
    pub fn bytes<'a>(&'a self, block: &'a CodeBlock) -> &'a [u8] {
        let inside = self.region.offset(block.address).is_some_and(|offset| block.len <= self.region.len() - offset);
        assert!(inside, "{block:?} is no block of this arena");
        // SAFETY: within the mapping that is executed, which may be read, too. Blocks are written when they are made and when they are freed,
        // which takes the block.
        unsafe { std::slice::from_raw_parts(block.address as *const u8, block.len) }
    }
    /// Takes a block back. Nothing may run in it or come back to it.
    pub fn free(&self, block: CodeBlock) {
        let mut state = self.state();
        let offset = self.region.offset(block.address);
        let found = offset.and_then(|offset| Some((offset, state.blocks.remove(&offset)?)));
        let Some((offset, room)) = found else {
            debug_assert!(false, "{block:?} is no block of this arena");
            return;
        };
        self.region.write(offset, room, &mut |memory| cache::fill_with_traps(memory));
        state.used -= room;
        state.free.give(offset, room);
    }
    /// Bytes of all blocks, with what rounding adds.
    pub fn used(&self) -> usize {
        self.state().used
    }
    /// What they may be at most.
    pub fn budget(&self) -> usize {
        self.budget
    }
    /// Is this an address of the arena's, as far as execution is concerned?
    pub fn contains(&self, address: u64) -> bool {
        self.region.offset(address).is_some()
    }

    /// What the child of a fork will need. To be called right before the fork, and dropped in the parent after it.
    ///
    /// # Errors
    /// The system refuses the memory for a copy; then the process must not fork.
    pub fn before_fork(&self) -> io::Result<ForkCopy> {
        let state = self.state();
        self.region.copy(state.high_water)
    }
    /// In the child, first of all: the arena's memory becomes the child's own, as it was at `before_fork`, where it was.
    ///
    /// # Errors
    /// The system refuses; then the child must end without running or freeing any code.
    pub fn after_fork(&self, copy: ForkCopy) -> io::Result<()> {
        let _state = self.state();
        self.region.adopt(copy)
    }
}

#[cfg(test)]
mod tests;
