//! The drivers of [`Machine`](vm_api::engine::Machine), generic over a language.
//!
//! * [`direct`]: the machine that executes; [`interpreter`]: its loop.
//! * [`step`]: the machine that executes in threads whose language is asked before each instruction, and its loop.
//! * [`build`](mod@build): the machine that emits VIR.
//! * [`tier`]: the tier that has a backend compile it, and runs what comes back.
//!
//! A binary instantiates each driver for a language once, in one crate: the interpreter's loop with all handlers
//! inlined is big.

pub mod build;
pub mod direct;
pub mod interpreter;
mod step;
pub mod tier;

pub use direct::Direct;
pub use interpreter::new_runtime;
pub use tier::{JitLog, JitTier, PerfDump, PerfMap, Profilers, Stage, TierOptions, TierStats};
