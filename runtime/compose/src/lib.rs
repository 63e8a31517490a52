//! The registry: which collectors and JITs this build has, by the names that `--gc=` and `--jit=` use.
//!
//! This is the one crate that names concrete components, each behind a Cargo feature of its own, so that every other
//! crate is written against the contracts. Adding a component is one feature, one optional dependency and one line of a
//! table here. The crate compiles with any set of features, none included: what a build lacks, its tables do not list.
//!
//! May import the contracts, the engines, and every component.

mod collectors;
mod jits;

pub use collectors::{COLLECTORS, CollectorEntry, collector, default_collector};
pub use jits::{JITS, JitEntry, JitOptions, fastest_jit, jit, no_jit};
