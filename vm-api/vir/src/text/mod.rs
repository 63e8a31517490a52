//! The text form of units: readable, and it parses back.
//!
//! One statement a line; `;` begins a comment. A unit is
//!
//! ```text
//! unit "add" code1 fv0 registers 2 extent 4 function
//! stub0 = 3 binary_add fixed collects runs_language writes raises
//! cell0 = strong "len"
//! fs0 = code1 fv0 at 3 execute + 0 v2 {r0: v0, r1: v1}
//! block0(v0: tagged r0, v1: tagged r1):
//!   v2 = function
//!   state fs0
//!   v4 = both_int v0, v1
//!   guard v4, true, speculation, fs0
//!   v6 = stub binary_add(v0, v1, v2) imm 5 fv0[3] fs0
//!   return v6
//! ```
//!
//! The first line names the unit, its code and feedback vector (or `none`), the registers of its frame and of all its frames,
//! and its kind (`function` or `osr POSITION`); `in_memory` at its end says that registers are in memory. Stubs, cells and
//! frame states are declared before the blocks, in order. Frame states read: `in fsN` for the caller if there is one, code,
//! vector, position, `execute`, `result rN` or `again rN`, `+ OFFSET`, function, registers.
//!
//! The first block is the entry. Numbers of values and blocks are free: parsing numbers them anew in the order of the text, as
//! [`crate::Unit::canonical`] does.

mod lexer;
mod operand;
mod parse;
mod print;

pub use lexer::ParseError;
pub use parse::parse;
