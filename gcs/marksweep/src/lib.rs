//! `--gc=marksweep`: stop-the-world marking, lazy sweeping into free runs.
//!
//! # Algorithm
//! Mark everything reachable with a work list; free the blocks and large objects without a mark; leave the other blocks
//! to be swept when allocation wants their gaps ([`gc_toolkit::runs`]). Nothing moves, so an ambiguous root costs no
//! more than a precise one, there is no copy reserve, and no barrier.
//!
//! # Invariant
//! Between collections a block is either swept (it parses, no marks) or unswept (only marked objects count).
//!
//! May import `vm-heap` and `gc-toolkit`.

mod collector;
mod mark;

pub use collector::{DESCRIPTOR, create};
