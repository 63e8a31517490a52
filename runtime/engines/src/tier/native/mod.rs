//! Units in machine code: installing, entering, and what happens when they are left.

mod activations;
mod helpers;
mod install;

pub(super) use activations::Activations;
pub(super) use install::{Code, NativeUnit};

use super::frames::{Left, clear_unlisted, state_of};
use super::{JitTier, Kept, Ran, Running, Runs, compiled, end_observed};
use crate::direct::opaque;
use runtime_core::{Frame, FrameKind, Runtime, State};
use vm_api::engine::backend::Completion;
use vm_api::engine::{Language, Thread};
use vm_api::heap::Value;
use vm_api::vir::eval::Leave;
use vm_api::vir::{Reason, Resume};

/// The entry of native code; see [`vm_api::engine::backend`].
pub(super) type EntryFn = unsafe extern "C" fn(&Thread, *mut Value) -> Completion;

impl<L: Language> JitTier<L> {
    /// Runs the frame at `state`, which native code has placed above all that is live, if there is code for it that may be entered
    /// now. `EMPTY` with the exception pending.
    #[inline]
    pub(super) fn call_native(&self, runtime: &Runtime, running: &Running<L>, state: State) -> Option<Value> {
        // SAFETY: a placed frame's unit is installed.
        let unit = unsafe { &*state.unit };
        let installed = compiled(unit)?;
        // SAFETY: the inline state of this thread.
        let polls = unsafe { (&raw const (*runtime.thread.fast).poll).read_volatile() } != 0;
        if state.feedback != unit.feedback || polls || runtime.stepping.get() || state.pc != unit.instructions {
            return None;
        }
        let Runs::Native(native) = &installed.runs else { return None };
        let end = state.registers.wrapping_add(native.unit.extent as usize + 2);
        if end > runtime.register_limit || !runtime.has_frame_room(self.options.build.inline_depth as usize + 2) {
            return None;
        }
        let caller = runtime.current.get();
        let pushed = runtime.push_frame(Frame::new(caller, 0, FrameKind::Activation));
        debug_assert!(pushed, "there is room for more than one");
        let ran = self.run_native(runtime, running, state, &installed, native);
        let top = runtime.frame_top.get().wrapping_sub(1);
        let result = match ran {
            Ran::Returned(v) => Some(v),
            Ran::Raised => Some(Value::EMPTY),
            Ran::Full => None,
            Ran::Left { entered, forced } => {
                self.entries.note_exit(unit, None, &installed, forced);
                // SAFETY: the record was pushed above.
                return Some(unsafe { runtime.go_on(entered, caller) }.unwrap_or(Value::EMPTY));
            }
        };
        // SAFETY: the record that was pushed above.
        if unsafe { (*top).kind } != FrameKind::Activation {
            end_observed(runtime, state);
        }
        runtime.frame_top.set(top);
        runtime.current.set(caller);
        result
    }

    /// Runs the frame at `state` in a unit.
    #[inline(always)]
    pub(super) fn run_native(
        &self,
        runtime: &Runtime,
        running: &Running<L>,
        state: State,
        installed: &Kept,
        native: &NativeUnit,
    ) -> Ran {
        let here = 0u8;
        if (&raw const here as u64) < runtime.thread.native_limit() + u64::from(native.stack) {
            return Ran::Full;
        }
        // One by one: as a whole the state would be read back while its words are still being written.
        runtime.current.unit.set(opaque(state.unit));
        runtime.current.pc.set(std::ptr::null());
        runtime.current.registers.set(opaque(state.registers).cast_mut());
        runtime.current.feedback.set(opaque(state.feedback).cast_mut());
        running.activations.push(runtime, state.registers, installed);
        // SAFETY: installed code keeps to the convention, the frame is live and has room for the unit's extent.
        let completion = unsafe { (native.entry)(&runtime.thread, state.registers) };
        let observed = running.activations.pop(runtime);
        if completion.status == 0 {
            let v = Value::from_bits(completion.word);
            return if v.is_empty() { Ran::Raised } else { Ran::Returned(v) };
        }
        self.leave_native(runtime, state, native, completion, observed)
    }
    /// Makes the interpreter's frames of a unit that was left.
    #[cold]
    #[inline(never)]
    fn leave_native(
        &self,
        runtime: &Runtime,
        state: State,
        native: &NativeUnit,
        completion: Completion,
        observed: bool,
    ) -> Ran {
        let exit = native.exits[completion.status as usize - 1];
        // Only after a call does the innermost frame wait, for what is here.
        let waits = native.unit.state(exit.state).resume != Resume::Execute;
        let result = waits.then(|| Value::from_bits(completion.word));
        let countdown = self.code.as_ref().is_some_and(Code::restart_countdown);
        let forced = countdown || observed || (waits && exit.reason == Reason::Invalidated);
        let left = Left { runtime, unit: &native.unit, frame: state, forced };
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
            Ok(entered) => Ran::Left { entered, forced },
            Err(trap) => panic!("{trap} on leaving\n{}", native.unit),
        }
    }
}
