//! Tally, the language of `docs/writing-a-language.md`, which quotes this crate.
//!
//! A program is a list of functions and statements; what stands outside functions runs. Values are numbers and the results
//! of comparisons.
//!
//! ```text
//! fn fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }
//! let i = 0
//! while i < 10 { print fib(i) let i = i + 1 }
//! ```
//!
//! | module | holds |
//! | --- | --- |
//! | [`opcode`] | the instruction set |
//! | [`syntax`] | text to tokens, tokens to functions |
//! | [`compile`] | functions to bytecode |
//! | [`semantics`] | what each instruction means, written once for all engines |
//! | [`run`] | from a program to a running one |
//!
//! May import `vm-api`'s crates only.

pub mod compile;
pub mod opcode;
pub mod run;
pub mod semantics;
pub mod syntax;

pub use semantics::Tally;
