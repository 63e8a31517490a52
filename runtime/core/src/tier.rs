//! Where engines beyond the interpreter plug in: asked when a code has been entered or looped often enough.

use crate::frame::State;
use crate::runtime::Runtime;
use std::any::Any;
use std::io;
use vm_api::code::Instruction;
use vm_api::engine::backend::Completion;
use vm_api::engine::{FrameId, VisitFrame};
use vm_api::heap::Value;
use vm_api::heap::roots::{RootScope, SlotVisitor};

/// What became of a frame that was offered to a tier.
#[derive(Clone, Copy, Debug)]
pub enum Entered {
    /// Nothing: interpret it from where it stands.
    Interpret,
    /// It ran and returned this. Its caller's record has not been popped.
    Returned(Value),
    /// It ran, and an exception is pending that the innermost waiting frame's callee raised: the frame itself, which recorded
    /// it by the language's `trace`, so that its caller's record is on top; or what one of its calls called, after it left
    /// compiled code, so that the records of the frames that wait have been pushed.
    Raised,
    /// It ran and left compiled code: go on interpreting here. The records of waiting frames have been pushed.
    Continue(State),
}

/// What is known of the frame that compiled code runs in.
#[derive(Clone, Copy, Debug)]
pub struct CompiledFrame {
    /// Where its registers are in memory: the next instruction, as in [`State::pc`]. Null if they are not.
    pub pc: *const Instruction,
    /// The first word above all that the code has on the register stack.
    pub top: *mut Value,
}

/// A policy with its compiled code.
///
/// The interpreter decrements [`CodeUnit::countdown`](crate::CodeUnit::countdown) at each entry and back edge and asks when it
/// reaches zero; the tier sets it anew.
pub trait Tier {
    /// A thread begins: what the tier keeps for it, which [`Runtime::tier_state`] gives.
    fn attach(&self) -> Box<dyn Any>;
    /// A frame was entered: its parameters and cleared variables are in memory, its caller's record is on top. Of code that suspends only
    /// what is sent is, in register 0, and the function, which holds the rest.
    fn enter(&self, runtime: &Runtime, state: State) -> Entered;
    /// Compiled code in the frame at `state`, whose entry was called with a record of `caller` on top, completed so, having run: what
    /// `caller` gets, whose record is popped, and which is the current state again. `EMPTY` with the exception pending.
    fn finish(&self, runtime: &Runtime, state: State, caller: State, completion: Completion) -> Value;
    /// A frame takes a back edge: `state` stands at the loop's head.
    fn back_edge(&self, runtime: &Runtime, state: State) -> Entered;
    /// A code was installed: sets its countdown.
    fn installed(&self, unit: &crate::CodeUnit);
    /// What is known of the frame at `state`, whose `pc` is null.
    fn compiled_frame(&self, runtime: &Runtime, state: State) -> CompiledFrame;
    /// Shows the frames of the compiled code that runs in the frame at `state`, whose `pc` is null: which (that of their
    /// registers in memory, were the code left), code, executing instruction, running function; innermost first, as long as `f` says so. Says whether to go on. Where the code stands
    /// in nothing that runs language code, only its own frame is known, without a place (0).
    fn walk(&self, runtime: &Runtime, state: State, f: VisitFrame<'_>) -> bool;
    /// Writes the registers of the innermost of these frames to memory, where they stay until anything runs, without making
    /// them roots. `None` where nothing that runs language code is executing.
    fn reveal(&self, runtime: &Runtime, state: State) -> Option<State>;
    /// The same for any of these frames.
    fn reveal_frame(&self, runtime: &Runtime, state: State, frame: FrameId) -> Option<State>;
    /// Has the compiled code left for the interpreter when what it calls is done, if one of its frames is this one, or in any case.
    fn leave_frame(&self, runtime: &Runtime, state: State, frame: Option<FrameId>);
    /// Shows the values that compiled code mentions. As `RootSource::slots`.
    fn slots(&self, scope: RootScope, visitor: &mut dyn SlotVisitor);
    /// Shows the values that a thread's running compiled code holds beside its frames.
    fn thread_slots(&self, runtime: &Runtime, scope: RootScope, visitor: &mut dyn SlotVisitor);
    /// Shows what the frames of the compiled code that runs in the frame at `state`, whose `pc` is null, hold in memory, where
    /// [`Tier::compiled_frame`] knows no instruction. Says whether one of the values must be shown again.
    fn frame_slots(&self, runtime: &Runtime, state: State, visitor: &mut dyn SlotVisitor) -> bool;
    /// See [`RuntimeOps::before_fork`](vm_api::engine::RuntimeOps::before_fork).
    ///
    /// # Errors
    /// As said there.
    fn before_fork(&self) -> io::Result<()>;
    /// After it, in the child or in the parent.
    fn after_fork(&self, in_child: bool);
    /// Shows weak ones. As `RootSource::weak_slots`.
    fn weak_slots(&self, scope: RootScope, visitor: &mut dyn SlotVisitor);
}
