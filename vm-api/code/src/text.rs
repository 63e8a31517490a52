//! The text form of a code: what `prism --dis` prints, and what tests write.
//!
//! [`print()`] and [`parse`] are inverse: `parse(print(code)) == code` for every complete code that the verifier accepts, and
//! `print(parse(text)) == text` for every text that [`print()`] made. (Of a code that the verifier refuses the listing shows
//! what it can; it is for the eye.) [`parse`] does not verify.
//!
//! # The form
//!
//! ```text
//! code 0 "choose"                      each nested code is a section of its own; the outermost is 0
//!   qualified "choose"
//!   source "choose.lox"
//!   line 1
//!   flags 0x1                          absent: 0
//!   parameters 2 1 0 variadic keywords positional, of them positional-only, keyword-only; absent: none
//!   registers 6
//!   variables "x" "y" "z" ".caught"    absent, as everything below, if empty
//!   cells r1
//!   caught r3                          the variable for what was caught; in no code that suspends, as this one does
//!   free "z"
//!   names
//!     n0 "print"
//!   constants
//!     k0 float 0.1
//!     k1 (int 1, code 1)
//!   extra
//!     str "documentation"
//!   exceptions
//!     L0 L2 L3 r5                      from, to, handler, register of the exception
//!   suspensions
//!     s0 live r0 r1 dirty r1
//!   instructions
//!   L0:
//!       0  get_name         r3, n0, f0:shape              ; 1:0-1:5  # "print"
//!       1  call             r3, r3.., 2, f1:call          ; 1:0-1:9
//! ```
//!
//! Operands are those of the opcode's row, in the order `a b c d`, without the unused ones: `r` registers, `r..` windows,
//! `n` names, `k` constants, `v` variables of enclosing functions, `s` suspension points, `L` labels, plain numbers; then
//! the feedback slot with its kind. The position stands behind `;` (nothing: none). From `#` to the end of the line is
//! comment. Floats are shortest decimals that read back exactly; `nan` carries its bits. Text is quoted, with Rust's
//! escapes, surrogates as `\u{d800}`.

mod constants;
mod parse;
mod print;
mod tokens;

pub use parse::{ParseError, parse};
pub use print::print;

use crate::opcode::SlotKind;

/// Kinds of feedback slots by name.
const KINDS: [(SlotKind, &str); 5] = [
    (SlotKind::None, "none"),
    (SlotKind::Operands, "operands"),
    (SlotKind::Shape, "shape"),
    (SlotKind::Call, "call"),
    (SlotKind::Branch, "branch"),
];
