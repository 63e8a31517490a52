//! The serialised form of a code: what caches and frozen libraries hold.
//!
//! # The form, version 2
//!
//! Numbers are unsigned LEB128 varints; signed ones are zigzag-coded first. A word is four bytes, the lowest first.
//!
//! ```text
//! file        "PrBc" version fingerprint(8 bytes) ends ends texts codes
//! ends        count (a word), then where each text (code) ends, counted from the first one's beginning (words)
//! texts       one behind the other; codes refer to them by index
//! codes       one behind the other: inner codes before the outer one that refers to them, in the order in which it does,
//!             each with those inside it before it; the outermost last. So what is inside a code is the range of
//!             codes before it, and every code but the outermost is referred to exactly once
//! code        name qualified_name source first_line flags extra
//!             positional positional_only keyword_only variadic|keywords<<1 registers
//!             variables cells caught free names constants        lists with their count, as extra is; the register caught + 1, or 0
//!             instruction count, then each instruction: opcode, used fields in the order a b c d, slot
//!             positions, exceptions, suspensions
//! position    0: the same as before; 1: none; otherwise 2 + zigzag(line - last line), end_line - line,
//!             column, zigzag(end_column - column)
//! exception   start, end - start, handler - end, register
//! suspension  count and registers (differences) of the live list, then of the dirty list
//! slot        zigzag(slot - number of slots before)
//! ```
//!
//! The kinds of feedback slots are those of the instructions that own them. The fingerprint is a hash of the opcode table,
//! so that what another build of the language wrote is refused and not misread.
//!
//! # Trust
//!
//! [`read`] returns or fails on any bytes: counts are checked against what is left before anything is allocated, nothing
//! recurses, and the code takes at most some fixed multiple of the input's memory. What it returns may still be nonsense;
//! [`load`] also verifies, and is what everybody but a test should call, or [`open`], which does both for the outermost code
//! and leaves the others until they are asked for.

mod constants;
mod deferred;
mod fingerprint;
mod input;
mod read;
mod tables;
mod write;

pub use deferred::{Deferred, Header, OpcodeSet, open, open_own};
pub use fingerprint::fingerprint;
pub use read::{load, read};
pub(crate) use write::header;
pub use write::write;

use crate::verify::VerifyError;

const MAGIC: [u8; 4] = *b"PrBc";
/// Version of the form; changes whenever the form does.
pub const FORMAT_VERSION: u32 = 3;

/// Why bytes are no code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LoadError {
    /// The bytes are not of this form at all.
    Magic,
    /// They are of another version of the form.
    Version(u64),
    /// They were written with another opcode table.
    Fingerprint,
    /// They are damaged; the message says what does not fit.
    Malformed(&'static str),
    /// The code they describe is not well-formed.
    Refused(VerifyError),
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LoadError::Magic => f.write_str("not serialised bytecode"),
            LoadError::Version(version) => write!(f, "serialised bytecode of version {version}, not {FORMAT_VERSION}"),
            LoadError::Fingerprint => f.write_str("serialised bytecode of another set of opcodes"),
            LoadError::Malformed(what) => write!(f, "damaged serialised bytecode: {what}"),
            LoadError::Refused(e) => write!(f, "damaged serialised bytecode: {e}"),
        }
    }
}

impl std::error::Error for LoadError {}
