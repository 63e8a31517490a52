//! Leaving a unit: the interpreter's frames are made from a frame state.

use crate::build::teach;
use crate::tier::Installed;
use runtime_core::{CodeUnit, Entered, Frame, FrameKind, Runtime, State};
use std::cell::Cell;
use vm_api::code::Instruction;
use vm_api::engine::{CodeIndex, FrameId, FrameView, Language, Spot};
use vm_api::heap::Value;
use vm_api::vir::eval::{Leave, Trap};
use vm_api::vir::{FrameState, Reason, Resume, StateId};

/// A unit that is left.
pub(super) struct Left<'t> {
    pub(super) runtime: &'t Runtime,
    pub(super) installed: &'t Installed,
    /// The unit's own frame.
    pub(super) frame: State,
    /// Nothing required it.
    pub(super) forced: bool,
}

impl Left<'_> {
    /// Pushes the records of the frames of `leave` and says what to go on with. `write` completes the registers of one of them in
    /// memory; its state, which stands at the instruction of its position.
    pub(super) fn make_frames(
        &self,
        leave: Leave,
        write: &mut dyn FnMut(StateId) -> Result<State, Trap>,
    ) -> Result<Entered, Trap> {
        let unit = self.installed.unit();
        self.installed.logged.exit(self.runtime, unit, &leave, self.forced);
        let mut frames: Vec<StateId> = unit.frames(leave.state).map(|(id, _)| id).collect();
        frames.reverse();
        self.note_observed();
        for (depth, id) in frames.iter().enumerate() {
            let frame = *unit.state(*id);
            let mut state = write(*id)?;
            // SAFETY: the record that the frame returns through was there or has just been pushed.
            unsafe { self.runtime.note_caught(state) };
            let last = depth + 1 == frames.len();
            let (register, kind) = match frame.resume {
                Resume::Execute if last => {
                    if !self.forced {
                        learn(state, leave.reason);
                    }
                    return Ok(Entered::Continue(state));
                }
                Resume::Execute => return Err(Trap::Refused("a caller that does not wait")),
                Resume::Result { register } => (register, FrameKind::Next),
                Resume::Again { register } => (register, FrameKind::Again),
            };
            match leave.result {
                // What the innermost frame waited for is here.
                Some(v) if last && !v.is_empty() => {
                    // SAFETY: the register is one of the frame's.
                    unsafe { *state.registers.add(usize::from(register)) = v };
                    if kind == FrameKind::Next {
                        state.pc = state.pc.wrapping_add(1);
                    }
                    return Ok(Entered::Continue(state));
                }
                // It waits, in the end for an exception.
                _ => {
                    if last {
                        // SAFETY: the frame's registers are in memory, and nobody else uses them.
                        unsafe { clear_results(&*state.unit, frame.position as usize, state.registers) };
                    }
                    state.pc = state.pc.wrapping_add(1);
                    // What it called is the next frame, or has ended.
                    let kind = match frames.get(depth + 1) {
                        Some(callee) => {
                            let offset = unit.state(*callee).offset as usize;
                            self.runtime.kind_for(kind, self.frame.registers.wrapping_add(offset))
                        }
                        None => kind,
                    };
                    if !self.runtime.push_frame(Frame::new(state, register, kind)) {
                        return Err(Trap::StackOverflow);
                    }
                }
            }
        }
        Ok(Entered::Raised)
    }

    /// The record that the unit's own frame returns through says whether it is observed.
    fn note_observed(&self) {
        let top = self.runtime.frame_top.get().wrapping_sub(1);
        // SAFETY: the frame was entered by pushing its caller's record.
        unsafe { (*top).kind = self.runtime.kind_for((*top).kind, self.frame.registers) };
    }
}

/// Where a frame of a unit that runs in the frame at `base` stands: at the instruction of its position.
pub(super) fn state_of<'r>(runtime: &'r Runtime, base: State, frame: &FrameState) -> (State, &'r CodeUnit) {
    let unit = runtime.unit(CodeIndex(frame.code.0));
    let state = State {
        unit,
        pc: unit.instructions.wrapping_add(frame.position as usize),
        registers: base.registers.wrapping_add(frame.offset as usize),
        feedback: runtime.vector(frame.feedback),
    };
    (state, unit)
}

/// Which frame it is that will stand so far above the unit's own when the unit is left.
pub(super) fn id_at(base: State, offset: u32) -> FrameId {
    FrameId(base.registers.wrapping_add(offset as usize) as usize)
}

/// The pending exception leaves an instruction of a unit, or is caught there: the language is told, and if it leaves a frame that will not
/// be resumed, too. Without one, a frame returns that has caught some. Returns what the frame keeps of exceptions that it has caught.
///
/// # Safety
/// The unit is at a call. The registers are roots with the values of those of `frame`, the innermost, with its function before them.
#[inline(always)]
pub(super) unsafe fn trace<L: Language>(
    runtime: &Runtime,
    code: CodeIndex,
    position: u32,
    frame: FrameId,
    registers: *mut Value,
) -> Value {
    let (thread, unit) = (&runtime.thread, runtime.unit(code));
    // SAFETY: the caller's; Cell has its content's layout.
    let (function, cells) = unsafe {
        let cells = std::slice::from_raw_parts(registers.cast::<Cell<Value>>(), unit.registers as usize);
        (&*registers.sub(1).cast::<Cell<Value>>(), cells)
    };
    let spot = Spot { frame, code, at: position, function: function.get() };
    let mut view = FrameView { spot, code: &unit.code, registers: cells, compiled: true };
    let exception = thread.take_exception();
    if exception.is_empty() {
        L::ended(thread, &view);
        return Value::EMPTY;
    }
    let caught = unit.catches(position);
    thread.raise(L::trace(thread, exception, &view, caught));
    if caught {
        return unit.code.caught.map_or(Value::EMPTY, |r| cells[usize::from(r)].get());
    }
    // What traces may have moved it.
    view.spot.function = function.get();
    if runtime.is_observed(frame) {
        runtime.forget_observed(frame);
        L::ended(thread, &view);
    }
    if unit.suspends {
        L::left(thread, function.get());
    }
    Value::EMPTY
}

/// Tells the slot of the instruction at which a guard failed.
fn learn(state: State, reason: Reason) {
    // SAFETY: the state stands at an instruction of its unit, whose slot (if any) lies in the frame's vector.
    unsafe {
        let slot = (*state.pc).feedback;
        if slot != Instruction::NO_FEEDBACK {
            teach(state.feedback.add(slot as usize), reason);
        }
    }
}

/// Empties the temporaries that live behind an instruction and not before it. One that has failed has not written them, while a record
/// that waits shows them but for one.
///
/// # Safety
/// Nobody else may use the words of the frame.
unsafe fn clear_results(unit: &CodeUnit, at: usize, registers: *mut Value) {
    let liveness = unit.liveness();
    let (before, behind) = (liveness.live_in(at), liveness.live_out(at));
    for r in behind.iter().filter(|r| u32::from(*r) >= unit.clear_to && !before.contains(*r)) {
        // SAFETY: the caller's; temporaries lie in the frame.
        unsafe { *registers.add(usize::from(r)) = Value::EMPTY };
    }
}

/// Empties the named variables of a frame that are not in `listed`, which is ascending.
///
/// # Safety
/// Nobody else may use the words of the frame.
pub(super) unsafe fn clear_unlisted(unit: &CodeUnit, registers: *mut Value, listed: impl Iterator<Item = u16>) {
    let mut listed = listed.peekable();
    for r in 0..unit.clear_to {
        if listed.next_if(|l| u32::from(*l) == r).is_none() {
            // SAFETY: the caller's; named variables lie in the frame.
            unsafe { *registers.add(r as usize) = Value::EMPTY };
        }
    }
}
