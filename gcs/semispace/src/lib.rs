//! `--gc=semispace`: Cheney's copying collector (CACM 1970) over blocks instead of two fixed halves.
//!
//! # Algorithm
//! All blocks of the space are condemned; what the roots reach is copied to fresh blocks; the condemned blocks are free
//! again. "To-space" is whatever blocks were free, so the reserve that the limit keeps for copies is as large as the
//! space, but is address space, not memory, between collections.
//!
//! # Exceptions
//! * A pinned object (see [`gc_toolkit::roots`]) stays. Its block is kept, everything around it was evacuated and
//!   becomes holes for allocation. It moves at the next collection that does not pin it.
//! * Large objects never move; they are marked.
//! * If no room for a copy can be had (the reservation is used up), the object is pinned where it is.
//!
//! May import `vm-heap` and `gc-toolkit`. [`evacuate`] is the algorithm's inner part: what happens to a reached object.

mod collector;
mod evacuate;

pub use collector::{DESCRIPTOR, create};
