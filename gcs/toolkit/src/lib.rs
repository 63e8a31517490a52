//! What collectors share: mechanism without policy.
//!
//! A collector of this workspace is an *algorithm* (when to collect, in which order) above *policies* (what a space
//! does with an object that is reached: copy it, mark it, leave it) above the *mechanisms* in here:
//!
//! | module | holds |
//! | --- | --- |
//! | [`mapping`], [`memory`] | one address-space reservation a heap, cut into 32 KB blocks of a [`Kind`] each |
//! | [`marks`], [`cards`] | side metadata: one bit a word, one byte a card |
//! | [`parse`] | walking a block object by object; sweeping one by its mark bits into fillers |
//! | [`ambiguous`], [`roots`] | which objects native words point to; precise, weak and pending roots |
//! | [`bump`], [`runs`], [`large`] | the three kinds of spaces: fresh blocks, free runs of old blocks, one object an extent |
//! | [`scan`], [`gray`], [`weak`], [`copy`] | the tracing loop and its work list, weak references and finalizers, moving one object |
//! | [`limit`], [`pause`], [`verify`] | the hard limit, events, the checker |
//!
//! # Invariants
//!
//! * **Blocks parse.** A block of a parsable kind holds, from its first word to its last, objects and fillers without a
//!   gap. Two exceptions: the thread's allocation buffer (`cursor..limit`, zeroed; [`parse::with_parsable`] puts a filler
//!   there while somebody walks) and blocks of kind [`Kind::Unswept`], in which only marked objects count: their gaps
//!   may hold dead objects of shapes that are gone.
//! * **What was found dead cannot be found again.** After a full collection no dead object can be resolved from an
//!   ambiguous word: it has become a filler, its block is free, or it is unmarked in an unswept block. So a stale word
//!   on a native stack never revives an object whose referents were freed.
//! * **Mark bits are clear** in every block that is neither unswept nor under collection. Sweeping clears them.
//! * **Free blocks have no readers**: their contents are arbitrary (zero if [`Memory`] says so, poison when asked).
//!
//! May import `vm-heap` and `libc`; nothing in here knows a language or a concrete collector.

pub mod ambiguous;
pub mod block;
pub mod bump;
pub mod cards;
pub mod copy;
pub mod gray;
pub mod large;
pub mod limit;
pub mod list;
pub mod mapping;
pub mod marks;
pub mod memory;
pub mod parse;
pub mod pause;
pub mod roots;
pub mod runs;
pub mod scan;
pub mod unreached;
pub mod verify;
pub mod weak;

pub use block::{BLOCK_BYTES, Kind, LARGE_BYTES};
pub use gray::GrayList;
pub use list::{Finalizables, ObjectList};
pub use memory::Memory;
