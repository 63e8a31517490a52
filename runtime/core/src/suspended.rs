//! Suspended frames: writing one into its object, and onto the register stack again, as the language's layout says.

use crate::frame::{Frame, FrameKind, State};
use crate::runtime::Runtime;
use crate::unit::CodeUnit;
use vm_api::code::Instruction;
use vm_api::engine::{CodeIndex, SuspendedFrame};
use vm_api::heap::{Heap, Object, Value};

/// The index of the code whose frame an object holds.
#[inline(always)]
pub fn code_of(frame: &SuspendedFrame, suspended: Object) -> CodeIndex {
    CodeIndex(suspended.get(frame.code as usize / 8).as_int() as u32)
}

/// Writes the frame at `state` into its function object.
///
/// # Safety
/// The state must be that of a live frame with its registers in memory whose instruction suspends with this number, its function an
/// object of that layout.
#[inline(always)]
pub unsafe fn save(heap: &Heap, frame: &SuspendedFrame, state: State, suspension: u32) {
    // SAFETY: the caller's.
    unsafe {
        let unit = &*state.unit;
        let suspended = Object::of(*state.registers.sub(1));
        let array = Object::of(suspended.get(frame.registers as usize / 8));
        for r in &unit.code.suspensions[suspension as usize].dirty {
            heap.store_element(array, usize::from(*r), *state.registers.add(usize::from(*r)));
        }
        suspended.set_word(frame.position as usize / 8, u64::from(unit.executing(state.pc)) + 1);
        suspended.set_word(frame.state as usize / 8, frame.suspended);
    }
}

/// Writes the frame that object `suspended` holds, or begins with, to `registers`; the instruction that it goes on with.
///
/// Where nothing is `sent`, an exception is about to be raised: until it is caught the frame stands at its suspending
/// instruction, whose operands are roots, though they died there and were not kept. They are `EMPTY` then.
///
/// # Safety
/// The object must hold a frame of `unit` that does not run, and there must be room for it.
#[inline(always)]
pub unsafe fn load(
    frame: &SuspendedFrame,
    unit: &CodeUnit,
    registers: *mut Value,
    suspended: Object,
    sent: Option<Value>,
) -> *const Instruction {
    let array = Object::of(suspended.get(frame.registers as usize / 8));
    let position = suspended.word(frame.position as usize / 8) as usize;
    suspended.set_word(frame.state as usize / 8, frame.running);
    // SAFETY: the caller's; registers that a verified code names are within its frame.
    unsafe {
        *registers.sub(1) = suspended.value();
        let Some(before) = position.checked_sub(1) else {
            for r in 0..unit.clear_to as usize {
                *registers.add(r) = array.element(r);
            }
            return unit.instructions;
        };
        let at = &*unit.instructions.add(before);
        if sent.is_none() {
            for r in unit.clear_to..unit.registers {
                *registers.add(r as usize) = Value::EMPTY;
            }
        }
        for r in &unit.code.suspensions[at.d as usize].live {
            *registers.add(usize::from(*r)) = array.element(usize::from(*r));
        }
        if let Some(sent) = sent {
            *registers.add(usize::from(at.a)) = sent;
        }
        unit.instructions.add(position)
    }
}

impl Runtime {
    /// How the language's objects hold suspended frames.
    ///
    /// # Panics
    /// They do not.
    #[inline(always)]
    pub fn layout(&self) -> &'static SuspendedFrame {
        self.hooks.suspended.expect("a language whose codes suspend says how")
    }
    /// Writes a frame that waits as [`FrameKind::Delegating`] to its registers, if the record's does: then it waits as
    /// [`FrameKind::Next`], as if it had been resumed like any other and had come to this instruction. What it has sent on is gone
    /// from the register where it was, which died.
    ///
    /// # Safety
    /// A record between base and top, which nobody else looks at.
    #[cold]
    #[inline(never)]
    pub unsafe fn load_delegating(&self, record: *mut Frame) {
        // SAFETY: the caller's; the function of such a record is an object of the layout.
        unsafe {
            if (*record).kind != FrameKind::Delegating {
                return;
            }
            let State { unit, registers, .. } = (*record).state;
            load(self.layout(), &*unit, registers, Object::of(*registers.sub(1)), Some(Value::EMPTY));
            (*record).kind = FrameKind::Next;
            // No collection has been shown these registers.
            (*record).settled = false;
        }
    }
}
