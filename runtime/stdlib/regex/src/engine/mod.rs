//! The matching engine, on plain code units: knows no values and no heap.
//!
//! [`assemble`] checks the words that Lib/re/_compiler.py makes and translates them into a [`Program`]: words again, so that
//! a heap object can hold them as bytes, but with absolute targets and numbered slots. A [`Matcher`] runs a program by
//! backtracking with an explicit stack. No words can make it read outside of the program or the subject, and neither
//! the pattern's nesting nor the subject's length uses native stack.

mod assemble;
mod case;
mod charset;
mod matcher;
mod program;
mod search;
#[cfg(test)]
mod tests;

pub use assemble::assemble;
pub use matcher::{Failure, Matcher};
pub use program::Program;
pub use search::{Found, Mode};

/// Stands for a position that is not set.
pub const UNSET: usize = usize::MAX;
