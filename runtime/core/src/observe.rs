//! Frames on the stack that somebody observes: found by their registers' address, which no two of them share.
//!
//! The record that a frame returns through says that it is observed ([`FrameKind::is_observed`]), so that others cost
//! nothing. Frames of compiled code have no record of their own; the tier asks [`Runtime::is_observed`] where it writes them
//! for the interpreter. A frame in which the language has noted that an exception was caught ([`vm_api::code::Code::caught`]) counts as
//! observed in the interpreter; compiled code says itself that it ends, and is not left for it.

use crate::frame::{Frame, FrameKind, State};
use crate::runtime::Runtime;
use vm_api::engine::{FrameId, FrameView, InspectFrame, Spot};
use vm_api::heap::Value;

impl Runtime {
    /// Is the frame one that somebody observes?
    #[inline]
    pub fn is_observed(&self, frame: FrameId) -> bool {
        // Mostly those that are observed are far out.
        let observed = self.observed.borrow();
        observed.last().is_some_and(|last| *last >= frame) && observed.binary_search(&frame).is_ok()
    }
    /// Does anybody observe any frame?
    #[inline]
    pub fn observes(&self) -> bool {
        !self.observed.borrow().is_empty()
    }
    /// How a record waits for the frame with these registers, if it waits as `kind` says.
    pub fn kind_for(&self, kind: FrameKind, callee: *mut Value) -> FrameKind {
        if self.is_observed(FrameId(callee as usize)) { kind.observed() } else { kind.plain() }
    }
    pub(crate) fn observe_frame(&self, frame: FrameId) {
        let found = self.observed.borrow().binary_search(&frame);
        let Err(at) = found else { return };
        self.observed.borrow_mut().insert(at, frame);
        if let (Some(tier), true) = (self.tier(), self.current.pc.get().is_null()) {
            tier.leave_frame(self, self.current.get(), Some(frame));
        }
        let mut callee = self.current.get().id();
        let (mut top, mut record) = (self.frame_top.get(), None);
        self.each_frame(|waiting| {
            top = top.wrapping_sub(1);
            if callee == frame {
                record = Some(top);
                return false;
            }
            if let (Some(tier), true) = (self.tier(), waiting.state.pc.is_null() && !waiting.state.unit.is_null()) {
                tier.leave_frame(self, waiting.state, Some(frame));
            }
            callee = waiting.state.id();
            true
        });
        if let Some(record) = record {
            // SAFETY: a record between base and top, which nobody else looks at now.
            unsafe {
                self.load_delegating(record);
                (*record).kind = (*record).kind.observed();
                // Records above it may be settled.
                self.frame_written.set(true);
            }
        }
    }
    /// The record that the frame at `state` returns through, which is on top, says that it is observed if an exception was caught in it.
    ///
    /// # Safety
    /// The state is that of a live frame with its registers in memory, entered by pushing that record.
    pub unsafe fn note_caught(&self, state: State) {
        // SAFETY: the caller's.
        unsafe {
            let unit = &*state.unit;
            if let Some(r) = unit.code.caught
                && !(*state.registers.add(usize::from(r))).is_empty()
            {
                let top = self.frame_top.get().wrapping_sub(1);
                (*top).kind = (*top).kind.observed();
            }
        }
    }
    /// The innermost frame, which is compiled code's, is left; the engine tells the language.
    pub fn forget_observed(&self, frame: FrameId) {
        self.observed.borrow_mut().retain(|observed| *observed < frame);
        if frame == self.current.get().id() {
            let top = self.frame_top.get().wrapping_sub(1);
            // SAFETY: a unit's own frame was entered by pushing its caller's record, which is on top; one that is inlined has none.
            unsafe { (*top).kind = (*top).kind.plain() };
        }
    }
    /// All compiled code on the stack is left when what it calls is done.
    pub(crate) fn leave_compiled(&self) {
        let Some(tier) = self.tier() else { return };
        let leave = |state: State| {
            if state.pc.is_null() && !state.unit.is_null() {
                tier.leave_frame(self, state, None);
            }
        };
        leave(self.current.get());
        self.each_frame(|waiting| {
            leave(waiting.state);
            true
        });
    }
    pub(crate) fn inspect_frame(&self, frame: FrameId, f: InspectFrame<'_>) -> bool {
        let mut found = None;
        let mut look = |state: State| {
            if state.unit.is_null() || std::ptr::eq(state.unit, self.gap(state.registers).unit) {
                return true;
            }
            found = match self.tier() {
                Some(tier) if state.pc.is_null() => tier.reveal_frame(self, state, frame),
                _ => (state.id() == frame).then_some(state),
            };
            found.is_none()
        };
        if look(self.current.get()) {
            self.each_record(|record| {
                // SAFETY: between base and top all records are written, and nobody else looks at them now.
                unsafe {
                    if (*record).state.id() == frame {
                        self.load_delegating(record);
                    }
                    look((*record).state)
                }
            });
        }
        let Some(state) = found else { return false };
        // `f` may write to it.
        self.frame_written.set(true);
        // SAFETY: the state is that of a live frame whose registers are in memory, function before them.
        unsafe {
            let unit = &*state.unit;
            f(unit.index, unit.begun(state.pc).unwrap_or(0), *state.registers.sub(1), state.cells());
        }
        true
    }
    /// Tells the language that the frame at `state`, which returns through the record at `top`, ends.
    ///
    /// # Safety
    /// The state is that of a live frame with its registers in memory.
    #[cold]
    #[inline(never)]
    pub unsafe fn end_frame(&self, top: *mut Frame, state: State) {
        // Frames beyond it, if there are any left, are gone as well.
        self.observed.borrow_mut().retain(|frame| *frame < state.id());
        // SAFETY: the caller's, and as in `inspect_frame`.
        unsafe {
            (*top).kind = (*top).kind.plain();
            let unit = &*state.unit;
            let (at, function) = (unit.begun(state.pc).unwrap_or(0), *state.registers.sub(1));
            let spot = Spot { frame: state.id(), code: unit.index, at, function };
            let view = FrameView { spot, code: &unit.code, registers: state.cells(), compiled: false };
            (self.hooks.ended)(&self.thread, &view);
        }
    }
}
