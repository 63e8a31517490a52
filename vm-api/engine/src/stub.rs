//! Stubs: the named slow paths, as native functions with declared effects.
//!
//! A stub is declared as a `static`, so that its address is its identity and the interpreter's call of it is direct. The
//! sentinel for "an exception is pending" is [`Value::EMPTY`], which no stub returns otherwise.
//!
//! *Call stubs* are slow paths that end in running language code: a call whose arguments must be sorted first, the
//! resumption of a suspended frame. They come as a pair of functions, so that the interpreter need not recurse natively:
//! `prepare` may make the callee's frame ready and return [`ENTER`]; `function` runs it in a nested activation. Most often
//! `function` is `thread.complete(prepare(…))` ([`Thread::complete`]).

use crate::feedback::FeedbackSlot;
use crate::thread::Thread;
use vm_code::StubInfo;
use vm_heap::{ShapeIndex, Value};

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

/// Two stubs of which the second may take what the first makes, and one that does the work of both.
///
/// `both` is given the operands of `second`, without the one that is the first's result, and behind them those of `first`. Either it
/// does what the two would have done one after the other and returns `TRUE`, or it does nothing and returns `FALSE`. It neither collects
/// nor raises. `first` has no other effect than to allocate what it makes, which is of shape `made` where `both` does something.
pub struct StubPair {
    /// Makes something.
    pub first: &'static WindowStub,
    /// Shape of what it makes, which objects keep.
    pub made: ShapeIndex,
    /// Takes it.
    pub second: &'static WindowStub,
    /// As this operand.
    pub operand: usize,
    /// Does both.
    pub both: &'static WindowStub,
    /// Do both where the operands are of a certain form.
    pub short: &'static [ShortForm],
}

/// What `both` of a [`StubPair`] does for operands of which only three vary: they need not go through memory. The first form that fits
/// is taken.
pub struct ShortForm {
    /// What the operands of `both` are.
    pub operands: &'static [ShortOperand],
    /// Is given the three that are [`ShortOperand::Given`], in their order; answers as `both`.
    pub stub: &'static FixedStub,
}

/// An operand of `both` in a [`ShortForm`].
#[derive(Clone, Copy)]
pub enum ShortOperand {
    /// Any value.
    Given,
    /// The same as another operand, by its number.
    Same(usize),
    /// This value, no object.
    Is(Value),
}

/// What `prepare` of a call stub returns when it has prepared a frame that is to be entered: a word that no language uses.
pub const ENTER: Value = Value::special(u32::MAX);

/// A call stub with up to three operands; see the module header.
pub struct FixedCallStub {
    /// Facts. The effects must be [`vm_code::Effects::ANY`].
    pub info: StubInfo,
    /// As `function`, or returns [`ENTER`] directly after a successful `prepare_*` of [`crate::RuntimeOps`].
    pub prepare: FixedFn,
    /// Does everything and returns the result.
    pub function: FixedFn,
}

/// A call stub over a window of registers; see the module header.
pub struct WindowCallStub {
    /// Facts. The effects must be [`vm_code::Effects::ANY`].
    pub info: StubInfo,
    /// As `function`, or returns [`ENTER`] directly after a successful `prepare_*` of [`crate::RuntimeOps`].
    pub prepare: WindowFn,
    /// Does everything and returns the result.
    pub function: WindowFn,
}

/// Any kind, for tables.
#[derive(Clone, Copy)]
pub enum Stub {
    /// Fixed operands.
    Fixed(&'static FixedStub),
    /// A window.
    Window(&'static WindowStub),
    /// A call stub with fixed operands.
    FixedCall(&'static FixedCallStub),
    /// A call stub over a window.
    WindowCall(&'static WindowCallStub),
}

impl Stub {
    /// Facts.
    pub fn info(&self) -> &'static StubInfo {
        match self {
            Stub::Fixed(s) => &s.info,
            Stub::Window(s) => &s.info,
            Stub::FixedCall(s) => &s.info,
            Stub::WindowCall(s) => &s.info,
        }
    }
    /// Does it take a window of registers?
    pub fn takes_window(&self) -> bool {
        matches!(self, Stub::Window(_) | Stub::WindowCall(_))
    }
}
