//! Tests of the semantics as a whole.

mod opcodes;
mod probe;
