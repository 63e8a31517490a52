//! The drivers of [`Machine`](vm_api::engine::Machine), generic over a language.
//!
//! * [`direct`]: the machine that executes; [`interpreter`]: its loop.
//! * [`step`]: the machine that executes in threads whose language is asked before each instruction, and its loop.
//! * [`build`](mod@build): the machine that emits VIR.
//! * [`eval`]: the tier that evaluates it.
//!
//! A binary instantiates each driver for a language once, in one crate: the interpreter's loop with all handlers
//! inlined is big.

pub mod build;
pub mod direct;
pub mod eval;
pub mod interpreter;
mod step;

pub use direct::Direct;
pub use eval::{EvalOptions, EvalTier};
pub use interpreter::new_runtime;
