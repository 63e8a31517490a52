//! The engine contracts: how a language says what its instructions mean, once, and how engines run it.
//!
//! ```text
//!   Language::exec<M: Machine>(m, instruction)        semantics, written once
//!        |                 |                |
//!     Direct            Build            Record       instantiations of Machine (runtime/engines)
//!   interprets        emits VIR     does both
//! ```
//!
//! * [`Machine`]: the operations a handler may use. [`Language`]: opcode table, handlers, hidden code, hooks.
//! * [`Thread`]: what a stub sees of the running thread. [`Stub`]: a named slow path with declared effects.
//! * [`Backend`]: a compiler's back half, from VIR to code.
//! * [`FeedbackSlot`]: what handlers and stubs record beside the code.
//!
//! # Rules for handlers
//!
//! * Deterministic functions of the machine and the instruction, without unbounded loops: tests first, then at most one
//!   effect, then the result. A guard after an effect is refused by the emitter, always.
//! * A call of language code ([`Machine::invoke`], [`Machine::hidden`], [`Machine::call_stub`]) is the handler's last action.
//! * No operation between reading a [`Machine::Ptr`] and its last use may collect.
//! * Stubs are total: right for every operand, not only for those the fast path leaves over.

pub mod backend;
pub mod feedback;
pub mod language;
pub mod machine;
pub mod stub;
pub mod suspended;
pub mod thread;

pub use backend::{Backend, Bailout, Capabilities, CompileEnv, CompileOptions, CompiledCode, NativeCode};
pub use feedback::{FeedbackSlot, bit};
pub use language::{FrameView, HiddenCode, HiddenId, Language, Reached, Spot, Stepping, WordLayout};
pub use machine::{After, Cond, FloatOp, IntOp, Machine, R, Stop};
pub use stub::{
    ENTER, FixedCallStub, FixedFn, FixedStub, ShortForm, ShortOperand, Stub, StubPair, WindowCallStub, WindowStub,
};
pub use suspended::{Delegation, SuspendedFrame};
pub use thread::{
    CallArguments, CodeIndex, Context, FrameId, InspectFrame, LOCAL_ROOT, RuntimeOps, Thread, VisitFrame,
    WantedCollection,
};
