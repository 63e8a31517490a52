//! What tests of components share: a mock VM without a language, and a conformance suite for collectors.
//!
//! | module | holds |
//! | --- | --- |
//! | [`backend`] | what every backend must pass: `.vir` files, random units on objects |
//! | [`mock`] | a heap with a shadow stack, weak roots and a native-word area, and one shape of each layout |
//! | [`conformance`] | checks that every collector must pass, each a function of the collector's constructor |
//! | [`model`] | heap programs made of bytes, run against a collector and a plain model of the object graph |
//! | [`programs`] | deterministic mutators whose answer must not depend on when collections happen |
//! | [`watched`] | any language on a machine that is watched, or refuses every optional fast path |
//!
//! The library names no concrete collector; its test binary runs everything over all of them. A new collector gets all
//! of it by a line in `tests/it/main.rs`.
//!
//! May import `vm-api`'s crates only.

pub mod backend;
pub mod conformance;
pub mod mock;
pub mod model;
pub mod programs;
pub mod watched;

pub use watched::NoFastPaths;

use vm_heap::{Collector, HeapOptions};

/// A collector's constructor.
pub type Create = fn(&HeapOptions) -> Box<dyn Collector>;
