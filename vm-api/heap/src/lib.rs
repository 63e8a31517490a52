//! The heap contract: what a value is, what an object looks like in memory, and what a collector must do.
//!
//! Everything above (languages, engines, compilers) and below (collectors) meets here. The crate holds data
//! formats and traits plus the few inlined fast paths that every user of the heap shares; it holds no policy
//! and no collector.
//!
//! # Invariants
//!
//! * A [`Value`] is one 64-bit word; a heap pointer is its own bits ([`value`]). The all-zero word is
//!   [`Value::EMPTY`], and freshly allocated memory is zeroed, so a new object never shows garbage.
//! * Every object begins with one [`header`] word whose shape index leads to its [`layout`]; a collector needs
//!   nothing else to size and trace it.
//! * The two write barriers of [`Heap`] run **before** every store of a `Value` into an object that was
//!   allocated before the last safepoint; no safepoint lies between barrier and store.
//! * Native code may hold `Value`s in locals (native stacks are scanned conservatively and what they reach is
//!   pinned), never in Rust-heap memory: [`RootedVec`], [`Global`] and heap objects are the ways.
//! * Language code never runs inside a collection; finalizers and weak-reference callbacks are queued
//!   ([`Heap::take_pending`]) and run by the language at its next safepoint.
//!
//! The crate is written for 64-bit little-endian targets with 47/48-bit user addresses (x86-64, AArch64).

pub mod audit;
mod bulk;
pub mod collector;
pub mod events;
pub mod fast;
pub mod hashing;
pub mod header;
pub mod heap;
pub mod identity;
pub mod layout;
pub mod object;
pub mod options;
mod registering;
mod reserve;
pub mod roots;
pub mod stress;
pub mod unreachable;
pub mod value;

pub use collector::{
    AllocRequest, CollectKind, Collector, CollectorDescriptor, GcContext, OutOfMemory, Pending, Trigger,
};
pub use fast::MutatorFast;
pub use header::{Header, ShapeIndex};
pub use heap::{CollectorStats, Heap};
pub use layout::{Layout, LayoutTable};
pub use object::Object;
pub use options::HeapOptions;
pub use roots::{Global, RootScope, RootSource, RootedVec, SlotVisitor};
pub use unreachable::{Census, Unreached};
pub use value::Value;
