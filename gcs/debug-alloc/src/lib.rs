//! A global allocator that knows every live Rust block, and finds values that were kept in one.
//!
//! Native code must not keep a `Value` in Rust-heap memory: no collection finds or updates it there. A lexical rule
//! (`cargo xtask tidy`) refuses the obvious cases; this finds the others when they happen. After a moving collection it
//! looks through all live blocks of the collecting thread for words that are addresses in memory which the collection
//! has emptied, and names the blocks.
//!
//! ```
//! #[global_allocator]
//! static ALLOCATOR: gc_debug_alloc::DebugAllocator = gc_debug_alloc::DebugAllocator;
//!
//! /// Panics with a report after the first collection that leaves a stale address.
//! fn hunt(heap: &vm_heap::Heap) {
//!     gc_debug_alloc::watch(heap);
//! }
//! # fn main() {}
//! ```
//!
//! # Naming the allocation site
//! Capturing a backtrace at each allocation would cost a hundred times the allocation. Each block carries a serial
//! number of its thread instead; programs on this VM are deterministic, so a second run with [`trap`] (or
//! `PRISM_ALLOC_TRAP=N`) on the number that the report gives captures the backtrace of that one allocation.
//!
//! # What is left out
//! Blocks allocated inside the heap, its collector or a root source ([`vm_heap::audit`]): those are updated, except for
//! spare capacity. Reported words may also be spare capacity, of a container that held a value for a short time; such
//! a container is a mistake too, waiting for a collection at another moment.
//!
//! The allocator is a crate beside the collectors because it belongs to neither contract nor test kit: `prism` built
//! with its feature `debug-alloc` links it too. It costs 64 bytes and a lock for each block, so nothing else links it.

mod list;
mod report;

pub use report::{StaleWord, scan, trap, trapped_backtrace, watch};

use list::Header;
use std::alloc::{GlobalAlloc, Layout, System};

/// The allocator: the system's, with a header in front of each block.
pub struct DebugAllocator;

/// Bytes in front of a block of this alignment.
const fn prefix(align: usize) -> usize {
    if align > Header::BYTES { align } else { Header::BYTES }
}

/// The layout of a block with its header.
fn outer(layout: Layout) -> Option<Layout> {
    let align = if layout.align() < 16 { 16 } else { layout.align() };
    Layout::from_size_align(prefix(layout.align()).checked_add(layout.size())?, align).ok()
}

// SAFETY: every block is one of the system allocator's, with room in front for the header; the address handed out is
// aligned since the prefix is a multiple of the alignment (both are powers of two and the prefix is the larger).
unsafe impl GlobalAlloc for DebugAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(whole) = outer(layout) else { return std::ptr::null_mut() };
        // SAFETY: a layout of nonzero size.
        let block = unsafe { System.alloc(whole) };
        if block.is_null() {
            return block;
        }
        // SAFETY: the prefix is part of the block.
        let user = unsafe { block.add(prefix(layout.align())) };
        // SAFETY: the block's part behind the prefix. What an earlier block held here is not found again.
        unsafe { user.write_bytes(0, layout.size()) };
        // SAFETY: a header fits between the block's start and `user`, aligned to 16.
        unsafe { list::link(user, layout.size()) };
        user
    }

    unsafe fn dealloc(&self, user: *mut u8, layout: Layout) {
        let Some(whole) = outer(layout) else { return };
        // SAFETY: `user` came from `alloc` with this layout, so its header is linked and its block begins a prefix below.
        unsafe {
            list::unlink(user);
            System.dealloc(user.sub(prefix(layout.align())), whole);
        }
    }
}
