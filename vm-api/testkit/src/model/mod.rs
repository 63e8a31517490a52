//! Heap programs made of bytes, run against a collector and against a plain model of the object graph.
//!
//! [`heap_ops`] interprets any byte string as a program: allocations of every layout, stores, loads, weak references,
//! finalizers, identities, pins, native words, collections of either kind. After collections and now and then in between,
//! the heap and the model are compared in lock step: everything that the model reaches must be there with its contents,
//! sharing and identity; what it does not reach may be gone, and must be after a full collection. Fuzz targets, property
//! tests and replayed crashes all call the same function.

mod compare;
mod driver;
mod graph;

pub use driver::{heap_ops, heap_ops_with};
