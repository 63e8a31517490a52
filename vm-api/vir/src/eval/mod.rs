//! The reference evaluator: slow, and what every backend is tested against.
//!
//! A [`Program`] is a verified unit with a place for each value. Tagged values stand in **slots** that the environment owns and
//! shows to the collector as precise roots; before anything that may collect, the slots of values that do not live across it
//! are emptied, so that wrong liveness is found out by a moving collector. Raw words stand in an array that no collector sees.
//!
//! All that reaches outside of the unit goes through the [`Environment`]: memory, calls, feedback, exceptions, leaving. A
//! [`Sandbox`] is one without a heap, for tests and fuzzing. What a program must not do (untag the wrong tag, divide by zero,
//! read outside of an object where that can be known) is a [`Trap`]: a fault of whoever made the unit, not of the program that
//! it was made from.

mod environment;
mod memory;
mod program;
mod run;
pub mod sandbox;

pub use environment::{Arguments, Environment, Leave, Site, Store, Width};
pub use memory::{EvalStack, HeapMemory};
pub use program::Program;
pub use run::{evaluate, evaluate_from, evaluate_verified};
pub use sandbox::{Observed, Sandbox};

use crate::entity::{BlockId, Reason, Ref, StateId};
use vm_heap::Value;

/// How an evaluation ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The unit's own frame returned.
    Return(Value),
    /// It left with the pending exception.
    Exception,
    /// It left for the interpreter; the environment has been told ([`Environment::leave_for`]).
    Exit {
        /// Where.
        state: StateId,
        /// Why.
        reason: Reason,
    },
}

/// Why an evaluation could not go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trap {
    /// The steps that the environment allows are used up.
    Fuel,
    /// The environment wants it to end.
    Interrupted,
    /// No room for the slots, or too many nested evaluations.
    StackOverflow,
    /// Not as many arguments as entry parameters.
    ArgumentCount,
    /// An operand has another tag than the operation relies on.
    Tag(Ref),
    /// An operand is out of the range that the operation relies on.
    Range(Ref),
    /// An access outside of any object, or an allocation of the wrong size.
    Memory(u64),
    /// Control reached what was said to be unreachable.
    Unreachable(BlockId),
    /// The environment has no such thing.
    Refused(&'static str),
}

impl std::fmt::Display for Trap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Trap::Fuel => f.write_str("out of steps"),
            Trap::Interrupted => f.write_str("interrupted"),
            Trap::StackOverflow => f.write_str("stack overflow"),
            Trap::ArgumentCount => f.write_str("wrong number of arguments"),
            Trap::Tag(v) => write!(f, "{v}: wrong tag"),
            Trap::Range(v) => write!(f, "{v}: out of range"),
            Trap::Memory(address) => write!(f, "bad access at {address:#x}"),
            Trap::Unreachable(b) => write!(f, "{b} reached its unreachable end"),
            Trap::Refused(what) => write!(f, "refused: {what}"),
        }
    }
}

impl std::error::Error for Trap {}
