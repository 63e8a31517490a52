//! `--gc=generational`: the default. A copying nursery with aging, a mark-region old generation, two write barriers.
//!
//! # Spaces
//!
//! | space | blocks | an object leaves it by |
//! | --- | --- | --- |
//! | eden | bump-allocated, in holes around pinned objects first | being copied to a survivor block, or dying |
//! | survivors | copies that lived through one collection | being promoted by the next one that finds it |
//! | tenured | free runs ([`gc_toolkit::runs`]) | dying: marked and swept by full collections; or moving, out of a sparse block |
//! | large | one object an extent; young until its first collection | dying |
//!
//! A **minor** collection ([`Scavenge`](scavenge)) copies what lives in eden and survivors, with the remembered set as
//! roots: its work is proportional to survivors. A **full** one is a single tracing that evacuates all that is young
//! into the tenured space and marks everything there, except in blocks of which little was in use when it began, where the space
//! is fragmented: their objects are moved together, and the blocks are free (option `compaction`).
//!
//! How much is allocated between minor collections, and whether survivors age, follows what is found to survive
//! ([`Sizing`](sizing); options `nursery` and `promotion_age`). Minor collections look at the roots that were written lately
//! ([`vm_heap::RootScope::Young`]).
//!
//! # Barriers and the remembered set
//! The mask is always [`UNLOGGED`](barrier::UNLOGGED). Invariant, outside collections: *an old object that holds a
//! reference to a young one either has a clear collector byte and stands in the remembered set, or is a large value array
//! and the card of the slot is 0 and stands in the card log.* Young objects have a clear byte, so stores into them never
//! take the slow path. The invariant is suspended during a collection, which empties both logs, and re-establishes it
//! object by object as it scans (aging and pinning leave old-to-young references behind).
//!
//! # Pinning
//! By object. A pinned young object stays where it is. The first time, its block goes back to eden with everything around it
//! evacuated, and allocation reuses the holes; the object moves at the next collection that does not pin it. An object that
//! is pinned again, or that was a survivor, grows old as others do: its block goes over to the tenured space, where what is
//! around it is free. (What native code holds for long would stay young otherwise, and with an event loop all the old tasks
//! that refer to it would be in the remembered set.)
//!
//! # Literature
//! Ungar 1984 (generation scavenging), Hosking and Hudson 1993 (cards and remembered sets), Blackburn and McKinley 2008
//! (mark-region with opportunistic evacuation), Bartlett 1988 (mostly-copying), Shahriyar et al. 2014 (conservative roots by object).
//!
//! May import `vm-heap` and `gc-toolkit`.

mod barrier;
mod collect;
mod collector;
mod scavenge;
mod sizing;

pub use collector::{DESCRIPTOR, create};
