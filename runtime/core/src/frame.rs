//! Frames: where execution stands, and what is saved to come back to.

use crate::unit::CodeUnit;
use std::cell::Cell;
use vm_api::code::Instruction;
use vm_api::engine::{FeedbackSlot, FrameId};
use vm_api::heap::Value;

/// Where execution stands in a frame.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct State {
    /// The running unit; null outside of any frame.
    pub unit: *const CodeUnit,
    /// The next instruction: the one that is executing is before it. Null: the frame runs compiled code, which keeps its
    /// own registers; in memory stand the function and, at a call, what its tier knows to have been written.
    pub pc: *const Instruction,
    /// Register 0. The word before it is the running function.
    pub registers: *mut Value,
    /// Slot 0 of the feedback vector in use. In a frame that runs compiled code, what its tier says there of where it stands.
    pub feedback: *mut FeedbackSlot,
}

impl State {
    /// Which frame it is.
    pub fn id(&self) -> FrameId {
        FrameId(self.registers as usize)
    }
    /// Outside of any frame.
    pub const NOWHERE: State = State {
        unit: std::ptr::null(),
        pc: std::ptr::null(),
        registers: std::ptr::null_mut(),
        feedback: std::ptr::null_mut(),
    };
    /// The registers of the frame.
    ///
    /// # Safety
    /// The state is that of a live frame with its registers in memory, which is not left while they are looked at.
    pub unsafe fn cells<'f>(self) -> &'f [Cell<Value>] {
        // SAFETY: the caller's; the unit lives as long as the runtime, and Cell has its content's layout.
        unsafe { std::slice::from_raw_parts(self.registers.cast(), (*self.unit).registers as usize) }
    }
}

/// A [`State`] whose words are read and written one by one.
#[derive(Debug)]
#[repr(C)]
pub struct Current {
    /// See [`State::unit`]. While the interpreter runs, always that of the running frame.
    pub unit: Cell<*const CodeUnit>,
    /// See [`State::pc`].
    pub pc: Cell<*const Instruction>,
    /// See [`State::registers`].
    pub registers: Cell<*mut Value>,
    /// See [`State::feedback`]. While the interpreter runs, always that of the running frame.
    pub feedback: Cell<*mut FeedbackSlot>,
}

impl Current {
    pub(crate) fn nowhere() -> Current {
        let State { unit, pc, registers, feedback } = State::NOWHERE;
        Current {
            unit: Cell::new(unit),
            pc: Cell::new(pc),
            registers: Cell::new(registers),
            feedback: Cell::new(feedback),
        }
    }
    /// All of it.
    #[inline(always)]
    pub fn get(&self) -> State {
        State {
            unit: self.unit.get(),
            pc: self.pc.get(),
            registers: self.registers.get(),
            feedback: self.feedback.get(),
        }
    }
    /// Sets all of it.
    #[inline(always)]
    pub fn set(&self, state: State) {
        self.unit.set(state.unit);
        self.pc.set(state.pc);
        self.registers.set(state.registers);
        self.feedback.set(state.feedback);
    }
}

/// How an activation begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Start {
    /// With the state's next instruction.
    Next,
    /// The same, in a frame that has begun elsewhere: compiled code was left for it.
    Left,
    /// With the pending exception, raised by the instruction before that one; at a code's beginning, before any.
    Raising,
}

/// Why a frame waits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[repr(u8)]
pub enum FrameKind {
    /// It called; the result goes to `destination` and the next instruction runs.
    Next,
    /// It called; the result replaces `destination` and the executing instruction runs again.
    Again,
    /// As `Next`, but the result goes through the language's completion first. The callee's frame stands on the context:
    /// its words lie directly below the callee's function.
    Completed,
    /// It is inside a stub that started a nested activation, or in compiled code that called: the innermost frame of that
    /// activation returns to native code. Also the bottom of the stack, with a null unit.
    Activation,
    /// As `Next`, in a suspended frame that was resumed only to pass on what another one gives, and has not run: its function
    /// object still holds all of it, and of its registers on the stack none is written but the function. See
    /// [`Runtime::load_delegating`](crate::Runtime::load_delegating).
    Delegating,
    /// As `Next`; when the callee's frame ends, the language is told.
    ObservedNext,
    /// As `Again`, and the same.
    ObservedAgain,
    /// As `Completed`, and the same.
    ObservedCompleted,
    /// As `Activation`, and the same.
    ObservedActivation,
}

impl FrameKind {
    /// The same, the callee not observed.
    #[inline]
    pub fn plain(self) -> FrameKind {
        match self {
            FrameKind::Next | FrameKind::ObservedNext => FrameKind::Next,
            FrameKind::Again | FrameKind::ObservedAgain => FrameKind::Again,
            FrameKind::Completed | FrameKind::ObservedCompleted => FrameKind::Completed,
            FrameKind::Activation | FrameKind::ObservedActivation => FrameKind::Activation,
            FrameKind::Delegating => FrameKind::Delegating,
        }
    }
    /// The same, the callee observed. One that delegates is loaded before.
    pub fn observed(self) -> FrameKind {
        debug_assert!(self != FrameKind::Delegating, "its registers are not there");
        match self.plain() {
            FrameKind::Next => FrameKind::ObservedNext,
            FrameKind::Again => FrameKind::ObservedAgain,
            FrameKind::Completed => FrameKind::ObservedCompleted,
            _ => FrameKind::ObservedActivation,
        }
    }
    /// Is the callee observed?
    #[inline]
    pub fn is_observed(self) -> bool {
        self >= FrameKind::ObservedNext
    }
}

/// A waiting frame.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct Frame {
    /// Where it stands.
    pub state: State,
    /// Register for the result.
    pub destination: u16,
    /// Why it waits.
    pub kind: FrameKind,
    /// A collection has seen nothing young in its registers, which nobody writes to while it waits, nor in those of the frames
    /// below. False in a record that is pushed: so a frame that has run since is shown again, and returning costs nothing. (A
    /// stack barrier that is found out about afterwards; compare Cheng, Harper and Lee, "Generational stack collection and
    /// profile-driven pretenuring", 1998.)
    pub settled: bool,
}

impl Frame {
    /// A record as it is pushed.
    #[inline(always)]
    pub fn new(state: State, destination: u16, kind: FrameKind) -> Frame {
        Frame { state, destination, kind, settled: false }
    }
}
