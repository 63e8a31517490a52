//! What compiled code sees of a thread's stacks: where the words lie by which it says where it stands, and by which it calls other
//! code without asking the runtime.

use crate::frame::{Current, Frame, FrameKind, State};
use crate::runtime::Runtime;
use crate::unit::CodeUnit;
use std::mem::offset_of;
use vm_api::engine::Thread;
use vm_api::engine::backend::{Completion, StackLowering};
use vm_api::engine::thread::offset;
use vm_api::heap::Value;

impl Runtime {
    /// Calls the entry of the unit whose frame is written at `state` as compiled code would. `None`: it may not be entered now, and nothing
    /// has happened. `EMPTY` with the exception pending.
    #[inline]
    pub(crate) fn call_entry(&self, state: State) -> Option<Value> {
        // SAFETY: a written frame's unit is installed.
        let unit = unsafe { &*state.unit };
        let tier = self.tier()?;
        if unit.compiled.get().is_null() || state.feedback != unit.feedback || self.stepping.get() {
            return None;
        }
        let caller = self.current.get();
        if !self.push_frame(Frame::new(caller, 0, FrameKind::Activation)) {
            return None;
        }
        // Where it stands it says itself; that it is compiled code it takes for granted.
        self.current.pc.set(std::ptr::null());
        // SAFETY: installed code keeps to the convention; the frame is above all others, its caller's record pushed.
        let completion = unsafe { (unit.entry.get())(&self.thread, state.registers, unit) };
        let refused = completion.status == Completion::REFUSED;
        if !refused && (completion.status != 0 || self.observes()) {
            return Some(tier.finish(self, state, caller, completion));
        }
        self.frame_top.set(self.frame_top.get().wrapping_sub(1));
        self.current.set(caller);
        if refused { None } else { Some(Value::from_bits(completion.word)) }
    }
}

/// An entry of compiled code; see [`vm_api::engine::backend`].
pub type EntryFn = unsafe extern "C" fn(&Thread, *mut Value, *const CodeUnit) -> Completion;

/// The entry of a unit that has no compiled code which may be called.
pub(crate) unsafe extern "C" fn refuse(_: &Thread, _: *mut Value, unit: *const CodeUnit) -> Completion {
    Completion { status: Completion::REFUSED, word: unit as u64 }
}

const fn at(offset: usize) -> u32 {
    offset as u32
}

/// The stacks of a [`Runtime`], for code that may push so many records. `linked`: do calls go to entries?
pub const fn stack_lowering(records: u32, linked: bool) -> StackLowering {
    let current = at(offset_of!(Runtime, current));
    let bytes = at(size_of::<Frame>());
    StackLowering {
        current_unit: current + at(offset_of!(Current, unit)),
        current_registers: current + at(offset_of!(Current, registers)),
        // Compiled code says there where it stands.
        current_site: current + at(offset_of!(Current, feedback)),
        frame_top: at(offset_of!(Runtime, frame_top)),
        frame_limit: at(offset_of!(Runtime, frame_limit)),
        register_limit: at(offset_of!(Runtime, register_limit)),
        native_limit: offset::NATIVE_LIMIT,
        entry_fast: offset::FAST,
        units: at(offset_of!(Runtime, unit_table)),
        record_unit: at(offset_of!(Frame, state.unit)),
        record_pc: at(offset_of!(Frame, state.pc)),
        record_registers: at(offset_of!(Frame, state.registers)),
        record_site: at(offset_of!(Frame, state.feedback)),
        record_kind: at(offset_of!(Frame, destination)),
        record_kind_bits: u32::from_le_bytes([0, 0, FrameKind::Activation as u8, 0]),
        record_bytes: bytes,
        record_room: records * bytes,
        unit_entry: at(offset_of!(CodeUnit, entry)),
        unit_simple_parameters: at(offset_of!(CodeUnit, simple_parameters)),
        linked,
    }
}

// The 32 bits of a record's kind are its destination, its kind, and whether it is settled.
const _: () = assert!(
    offset_of!(Frame, kind) == offset_of!(Frame, destination) + 2
        && offset_of!(Frame, settled) == offset_of!(Frame, destination) + 3
        && offset_of!(Runtime, thread) == 0
        && cfg!(target_endian = "little")
);
