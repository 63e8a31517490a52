//! The Lox language of *Crafting Interpreters* (Robert Nystrom): the proof that nothing in `vm-api` is Python-shaped,
//! the first program of every component, and the first lesson in how a language is put on this platform.
//!
//! Read in this order: [`scanner`] (text to tokens), [`parser`] (tokens to a tree, with [`scope`] deciding what each
//! name means), [`ast`] (the tree). [`suite`] runs tests whose expectations stand in comments.
//!
//! The language is that of the book's bytecode compiler, error texts and limits included, so that its public test
//! suite applies. Deviations: the limit of 256 constants counts literals, not names; calls may nest deeper than 64;
//! source is UTF-8; nesting is limited instead of overflowing the native stack.

pub mod ast;
pub mod compile;
pub mod format;
pub mod object;
pub mod opcode;
pub mod parser;
pub mod run;
pub mod scanner;
pub mod scope;
pub mod semantics;
pub mod state;
pub mod stub;
pub mod suite;

pub use semantics::Lox;
