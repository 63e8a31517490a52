//! Units in machine code: installing, entering, and what happens when they are left.

mod activations;
mod helpers;
mod install;

pub(super) use activations::Activations;
pub(super) use install::{Code, NativeUnit};

use super::frames::{Left, clear_unlisted, state_of};
use super::{JitTier, Kept, Ran, Running};
use runtime_core::{Runtime, State};
use vm_api::engine::backend::Completion;
use vm_api::engine::{Language, Thread};
use vm_api::heap::Value;
use vm_api::vir::eval::Leave;
use vm_api::vir::{Reason, Resume};

/// The entry of native code; see [`vm_api::engine::backend`].
pub(super) type EntryFn = unsafe extern "C" fn(&Thread, *mut Value) -> Completion;

impl<L: Language> JitTier<L> {
    /// Runs the frame at `state` in a unit.
    pub(super) fn run_native(&self, runtime: &Runtime, state: State, installed: &Kept, native: &NativeUnit) -> Ran {
        let here = 0u8;
        if (&raw const here as u64) < runtime.thread.native_limit() + u64::from(native.stack) {
            return Ran::Full;
        }
        let activations = &runtime.tier_state::<Running<L>>().activations;
        let frame = State { pc: std::ptr::null(), ..state };
        runtime.current.set(frame);
        activations.push(runtime, frame, installed);
        // SAFETY: installed code keeps to the convention, the frame is live and has room for the unit's extent.
        let completion = unsafe { (native.entry)(&runtime.thread, state.registers) };
        let observed = activations.pop(runtime);
        if completion.status == 0 {
            let v = Value::from_bits(completion.word);
            return if v.is_empty() { Ran::Raised } else { Ran::Returned(v) };
        }
        let exit = native.exits[completion.status as usize - 1];
        // Only after a call does the innermost frame wait, for what is here.
        let waits = native.unit.state(exit.state).resume != Resume::Execute;
        let result = waits.then(|| Value::from_bits(completion.word));
        let countdown = self.code.as_ref().is_some_and(Code::restart_countdown);
        let forced = countdown || observed || exit.reason == Reason::Invalidated;
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
