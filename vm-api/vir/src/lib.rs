//! VIR: the intermediate representation between front halves and backends.
//!
//! An SSA control-flow graph with block parameters whose operations mirror those of `Machine`, the trait in which instruction
//! semantics are written. A front half (`Build`, `Record`) makes a [`Unit`]; a backend compiles it.
//!
//! ```text
//! unit.rs        Unit, blocks, terminators, frame states, calls: dense arrays
//! inst.rs        the instruction table: enum, names, types, effects
//! entity.rs      index types, value types, guard reasons
//! arithmetic.rs  operators and what they compute
//! text/          the text form
//! canonical.rs   canonical numbering
//! cfg.rs         orders and dominators; liveness.rs: live values; declared.rs: where frames in memory stand
//! jump_threading.rs   branches past empty blocks
//! verify/        the verifier
//! eval/          the reference evaluator
//! filetest.rs    `.vir` files that say what they expect; fuzz.rs: what a fuzz target runs
//! ```
//!
//! # Invariants
//!
//! * Object pointers stand in cells ([`CellInfo`]), never in instructions; the collector visits the cells.
//! * A [`Type::Ptr`] does not live across anything that may collect.
//! * A guard's frame state holds at a [`Inst::State`] with no effect between it and the guard.
//! * Exceptions are pending in the thread while a result is `EMPTY`; control flow tests for it ([`Inst::Ok`]).

pub mod arithmetic;
mod canonical;
pub mod cfg;
mod declared;
pub mod entity;
pub mod eval;
pub mod filetest;
pub mod fuzz;
pub mod inst;
mod jump_threading;
pub mod liveness;
pub mod text;
pub mod unit;
pub mod verify;

pub use arithmetic::{Cond, FloatOp, IntOp, floor_divide};
pub use declared::{declared_states, declared_states_after};
pub use entity::{
    BlockId, CellId, CodeRef, FeedbackRef, FloatBits, InvokeId, Reason, Ref, StateId, StubCallId, StubId, Type,
    VectorRef,
};
pub use inst::{Facts, Inst};
pub use text::{ParseError, parse};
pub use unit::{
    Block, Callee, CellInfo, FrameState, Invoke, List, Resume, StubCall, StubOperands, StubUse, Terminator, Unit,
    UnitKind,
};
pub use verify::{Problem, Problems, verify};
pub use vm_code::Effects;
