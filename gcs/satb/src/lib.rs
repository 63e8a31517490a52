//! `--gc=satb`: incremental snapshot-at-the-beginning marking (Yuasa 1990), in deterministic steps.
//!
//! # Algorithm
//! A cycle begins with one short pause that shades all roots. From then on the barrier keeps the *snapshot*: before a
//! reference that was in the heap at that time is overwritten, it is shaded. Marking proceeds in steps at safepoints and
//! slow allocations, paced by allocation alone, so that a run can be repeated exactly. When no gray object is left, one
//! last pause does weak references and finalizers; sweeping is lazy, into free runs ([`gc_toolkit::runs`]). Nothing moves.
//! Objects allocated during a cycle survive it.
//!
//! # The collector byte
//! Two bits alternate. Between cycles every object has exactly the bit `unlogged`. A cycle's barrier mask is that bit; an
//! object that has been scanned, by the marker or by the barrier on the program's behalf (all of its old fields are
//! shaded *before* the byte changes), or that is new, has the other one. So the byte answers both "must the barrier log
//! this?" and "has the marker been here?", and at the end of a cycle no byte must be reset: the bits change their roles.
//!
//! Large value arrays keep their byte until all of their cards are scanned; each card alternates likewise.
//!
//! # Invariant
//! Every object that was reachable when the cycle began, or was allocated since, is marked when it ends. Values that
//! become reachable by reading something weak are shaded on reading ([`vm_heap::Heap::weak_read`]).
//!
//! # When something is dead
//! A cycle judges as of its snapshot, and the language hears of it at the cycle's end: a weak reference that was reachable at
//! the snapshot gets its callback although the program may have dropped it since, as if the collection had happened at the
//! snapshot. That is in the nature of the algorithm: whether it was dropped, only another marking could tell. A full
//! collection does that marking, and leaves all such decisions to it.
//!
//! May import `vm-heap` and `gc-toolkit`.

mod collector;
mod cycle;
mod marking;

pub use collector::{DESCRIPTOR, create};
