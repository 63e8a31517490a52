//! The VM proper, for any language and any engine: installed codes, frames, the register stack, roots.
//!
//! An engine (`runtime/engines`) drives; this crate owns what outlives a drive. The pieces:
//!
//! * [`CodeUnit`]: an installed code with its constants and feedback, at a fixed address.
//! * [`Frame`] and [`State`]: what is saved when control leaves a frame, and where it stands now.
//! * [`Tier`]: where engines beyond the interpreter plug in.
//! * [`Vm`]: what threads share: heap, installed codes, feedback, the tier, the global lock. Shows all of it to the
//!   collector, with what its threads hold ([`roots`]).
//! * [`Runtime`]: one thread, with its register stack and frames; what stubs see of it is `RuntimeOps`. [`threads`] has
//!   how threads begin, take turns, and end.
//!
//! # Invariants
//!
//! * A frame's registers begin at `registers`; the running function is in the word before them.
//! * Named variables hold a value (or `EMPTY`) from entry on and are always roots; temporaries are roots exactly where
//!   liveness says so, so a dead temporary keeps nothing alive and stale words are never looked at.
//! * Before anything that may collect, raise or call, the engine writes its [`State`] to [`Runtime::current`].

pub mod frame;
mod linking;
mod lock;
pub mod memory;
mod observe;
mod ops;
mod prepared;
mod recent;
pub mod roots;
pub mod runtime;
pub mod suspended;
pub mod threads;
pub mod tier;
pub mod unit;
pub mod vm;

pub use frame::{Current, Frame, FrameKind, Start, State};
pub use linking::{EntryFn, stack_lowering};
pub use prepared::context_slots;
pub use runtime::{EngineHooks, Runtime, RuntimeOptions, WINDOW_RESERVE};
pub use threads::THREAD_NAME;
pub use tier::{CompiledFrame, Entered, Tier};
pub use unit::CodeUnit;
pub use vm::Vm;
