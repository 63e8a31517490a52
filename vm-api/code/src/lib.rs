//! Register bytecode as data: what a front end produces and every engine reads.
//!
//! The container is language-neutral. A language declares its opcodes as one table of [`OpcodeInfo`]; from that table
//! come the verifier, liveness, the text form and the serialised form, so none of them knows a language.
//!
//! # Invariants
//!
//! * A [`Code`] is immutable once made; feedback and quickening state live beside it, one slot per entry of its feedback
//!   schema.
//! * Instructions are 16 bytes wide; a jump's target is `index of the next instruction + d`.
//! * The registers of a callee's window lie at or above the call's window base, and nothing live lies above it.
//! * A [`Code`] that came from outside (a cache, a text, a fuzzer) is used only after the verifier accepted it.
//!
//! # Contents
//!
//! [`Builder`] makes codes, [`verify`](verify::verify) says whether engines may run them, [`Liveness`] analyses them.

pub mod builder;
pub mod code;
pub mod constant;
pub mod definitions;
mod flow;
pub mod fuzzing;
pub mod instruction;
pub mod liveness;
pub mod opcode;
pub mod positions;
pub mod registers;
pub mod serial;
pub mod stub;
mod suspension;
pub mod text;
mod text_encoding;
pub mod verify;

pub use builder::{BuildError, Builder, Label};
pub use code::{Code, ExceptionEntry, Parameters, Position, Suspension};
pub use constant::{Constant, MAX_NESTING};
pub use instruction::Instruction;
pub use liveness::{Liveness, TooComplex};
pub use opcode::{Immediate, OpcodeInfo, Operand, SlotKind};
pub use positions::Positions;
pub use registers::Registers;
pub use stub::{Effects, StubInfo};
pub use verify::{Fault, VerifyError, settle, verify};
