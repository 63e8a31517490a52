//! Units in machine code: installing, entering, and what happens when they are left.

mod helpers;
mod install;
mod keeping;
pub(super) mod stands;

pub(super) use install::{Code, NativeUnit};
pub(super) use keeping::AVAILABLE as KEEPS_REGISTERS;
pub(super) use stands::Leaving;

use super::frames::{Left, clear_unlisted, state_of};
use super::{JitTier, Kept, Ran, Running, end_observed};
use crate::direct::opaque;
use install::ExitPoint;
use runtime_core::{Entered, FrameKind, Runtime, State};
use vm_api::engine::backend::Completion;
use vm_api::engine::{CodeIndex, Language};
use vm_api::heap::Value;
use vm_api::vir::eval::Leave;
use vm_api::vir::{Reason, Resume};

impl<L: Language> JitTier<L> {
    /// See [`Tier::finish`](runtime_core::Tier::finish).
    #[cold]
    #[inline(never)]
    pub(super) fn finish_native(
        &self,
        runtime: &Runtime,
        running: &Running<L>,
        state: State,
        caller: State,
        completion: Completion,
    ) -> Value {
        if completion.status != 0 {
            // SAFETY: it was left, and its caller's record is on top.
            return unsafe { self.go_on_for(runtime, running, completion, state.registers, caller) };
        }
        running.leaving.ended(state.registers);
        let top = runtime.frame_top.get().wrapping_sub(1);
        // SAFETY: the record that the call pushed.
        if unsafe { (*top).kind } != FrameKind::Activation {
            end_observed(runtime, state);
        }
        runtime.frame_top.set(top);
        runtime.current.set(caller);
        Value::from_bits(completion.word)
    }

    /// Runs the frame at `state` in a unit.
    #[inline(always)]
    pub(super) fn run_native(&self, runtime: &Runtime, running: &Running<L>, state: State, native: &NativeUnit) -> Ran {
        // One by one: as a whole the state would be read back while its words are still being written.
        runtime.current.unit.set(opaque(state.unit));
        runtime.current.pc.set(std::ptr::null());
        runtime.current.registers.set(opaque(state.registers).cast_mut());
        runtime.current.feedback.set(std::ptr::from_ref(&*native.entered).cast_mut().cast());
        // SAFETY: installed code keeps to the convention, the frame is live and above all others.
        let completion = unsafe { (native.entry)(&runtime.thread, state.registers, state.unit) };
        if completion.status == 0 {
            running.leaving.ended(state.registers);
            let v = Value::from_bits(completion.word);
            return if v.is_empty() { Ran::Raised } else { Ran::Returned(v) };
        }
        if completion.status == Completion::REFUSED {
            // As it was: the interpreter goes on with it.
            runtime.current.set(state);
            return Ran::Full;
        }
        let (_, entered, forced) = self.leave_native(runtime, running, state, completion);
        Ran::Left { entered, forced }
    }
    /// Goes on for native code that other native code called and that was left; its result.
    ///
    /// # Safety
    /// The completion is that of code in the frame with these registers; the record on top is its caller's.
    #[cold]
    #[inline(never)]
    pub(super) unsafe fn go_on_for(
        &self,
        runtime: &Runtime,
        running: &Running<L>,
        completion: Completion,
        registers: *mut Value,
        caller: State,
    ) -> Value {
        // SAFETY: the caller's.
        let code = unsafe { code_of(completion) };
        let unit = runtime.unit(code);
        let state = State { unit, pc: unit.instructions, registers, feedback: unit.feedback };
        let (installed, entered, forced) = self.leave_native(runtime, running, state, completion);
        self.entries.note_exit(unit, None, &installed, forced, self.scans.get());
        // SAFETY: the caller's.
        unsafe { runtime.go_on(entered, caller) }.unwrap_or(Value::EMPTY)
    }
    /// Makes the interpreter's frames of a unit that was left; the unit, what to go on with, and whether nothing required it.
    #[cold]
    #[inline(never)]
    fn leave_native(
        &self,
        runtime: &Runtime,
        running: &Running<L>,
        state: State,
        completion: Completion,
    ) -> (Kept, Entered, bool) {
        // SAFETY: a status that is an exit's; its unit has just run.
        let (exit, installed) = unsafe {
            let point = &*(completion.status as *const ExitPoint);
            (point.exit, stands::kept(point.installed.get()))
        };
        let native = stands::native_of(&installed);
        let observed = running.leaving.has_left(state.registers);
        // Only after a call does the innermost frame wait, for what is here.
        let waits = native.unit.state(exit.state).resume != Resume::Execute;
        let result = waits.then(|| Value::from_bits(completion.word));
        let countdown = self.code.as_ref().is_some_and(Code::restart_countdown);
        let ends = exit.reason == Reason::Ends;
        let hot = exit.reason == Reason::Hot;
        let forced = countdown || observed || ends || hot || exit.reason == Reason::Invalidated && native.is_left();
        let left = Left { runtime, installed: &installed, frame: state, forced };
        let made = left.make_frames(Leave { state: exit.state, reason: exit.reason, result }, &mut |id| {
            let frame = native.unit.state(id);
            let (state, code) = state_of(runtime, state, frame);
            if !native.unit.registers_in_memory {
                let listed = native.unit.registers_of(id).iter().map(|(r, _)| *r);
                // SAFETY: the frame lies in the unit's extent, which is the unit's until it is left.
                unsafe { clear_unlisted(code, state.registers, listed) };
            }
            Ok(state)
        });
        match made {
            Ok(entered) => {
                if let (true, Entered::Continue(state)) = (hot, &entered) {
                    self.heat_used_up(runtime, *state, &installed);
                }
                (installed, entered, forced)
            }
            Err(trap) => panic!("{trap} on leaving\n{}", native.unit),
        }
    }
}

/// The code whose unit was left.
///
/// # Safety
/// The status is that of an exit of a unit that has just run.
unsafe fn code_of(completion: Completion) -> CodeIndex {
    // SAFETY: the caller's.
    let installed = unsafe { &*(*(completion.status as *const ExitPoint)).installed.get() };
    CodeIndex(installed.unit().code.0)
}
