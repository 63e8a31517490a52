//! The drivers of [`Machine`](vm_api::engine::Machine), generic over a language.
//!
//! * [`direct`]: the interpreter.
//!
//! A binary instantiates each driver for a language once, in one crate: the interpreter's loop with all handlers
//! inlined is big.

pub mod direct;
pub mod interpreter;

pub use direct::Direct;
pub use interpreter::new_runtime;
