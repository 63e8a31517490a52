//! Stubs: the named slow paths, as native functions with declared effects.
//!
//! A stub is declared as a `static`, so that its address is its identity and the interpreter's call of it is direct. The
//! sentinel for "an exception is pending" is [`Value::EMPTY`], which no stub returns otherwise.

use crate::feedback::FeedbackSlot;
use crate::thread::Thread;
use vm_code::StubInfo;
use vm_heap::Value;

/// Native function of a [`FixedStub`]: thread, feedback slot (null without one), three operands, immediate.
pub type FixedFn = unsafe extern "C" fn(&Thread, *mut FeedbackSlot, Value, Value, Value, i32) -> Value;

/// Native function of a [`WindowStub`]: thread, feedback slot, registers, their number, immediate. The registers are roots
/// and are updated while the stub runs: re-read them after anything that may collect.
pub type WindowFn = unsafe extern "C" fn(&Thread, *mut FeedbackSlot, *const Value, usize, i32) -> Value;

/// A stub with up to three operands; unused ones are passed as `EMPTY`.
pub struct FixedStub {
    /// Facts.
    pub info: StubInfo,
    /// Code.
    pub function: FixedFn,
}

/// A stub over a window of registers.
pub struct WindowStub {
    /// Facts.
    pub info: StubInfo,
    /// Code.
    pub function: WindowFn,
}

/// Either kind, for tables.
#[derive(Clone, Copy)]
pub enum Stub {
    /// Fixed operands.
    Fixed(&'static FixedStub),
    /// A window.
    Window(&'static WindowStub),
}

impl Stub {
    /// Facts.
    pub fn info(&self) -> &'static StubInfo {
        match self {
            Stub::Fixed(s) => &s.info,
            Stub::Window(s) => &s.info,
        }
    }
}
