//! Leaving a unit: the interpreter's frames are made from a frame state.

use super::environment::Evaluation;
use crate::build::teach;
use runtime_core::{Entered, Frame, FrameKind, State};
use vm_api::code::Instruction;
use vm_api::engine::Language;
use vm_api::heap::Value;
use vm_api::vir::eval::{Leave, Site, Trap};
use vm_api::vir::{Reason, Resume, StateId};

impl<L: Language> Evaluation<'_, L> {
    /// Writes the frames of `leave` to the register and frame stacks; what to go on with.
    pub(super) fn make_frames(&mut self, site: &Site<'_>, leave: Leave) -> Result<Entered, Trap> {
        let unit = site.program.unit();
        let mut frames: Vec<StateId> = unit.frames(leave.state).map(|(id, _)| id).collect();
        frames.reverse();
        self.note_observed();
        for (depth, id) in frames.iter().enumerate() {
            let frame = *unit.state(*id);
            // SAFETY: the tier checked on entry that the unit's whole extent is free on the register stack, and that the
            // frame stack has room for its frames.
            unsafe {
                let mut state = self.write_frame(site, *id)?;
                let last = depth + 1 == frames.len();
                let (register, kind) = match frame.resume {
                    Resume::Execute if last => {
                        if !self.forced.get() {
                            self.learn(state, leave.reason);
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
                        *state.registers.add(usize::from(register)) = v;
                        if kind == FrameKind::Next {
                            state.pc = state.pc.add(1);
                        }
                        return Ok(Entered::Continue(state));
                    }
                    // It waits, in the end for an exception.
                    _ => {
                        state.pc = state.pc.add(1);
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
        }
        Ok(Entered::Raised)
    }

    /// The record that the unit's own frame returns through says whether it is observed.
    fn note_observed(&self) {
        let top = self.runtime.frame_top.get().wrapping_sub(1);
        // SAFETY: the frame was entered by pushing its caller's record.
        unsafe { (*top).kind = self.runtime.kind_for((*top).kind, self.frame.registers) };
    }

    /// Writes one frame to the register stack; its state, which stands at the instruction of its position.
    ///
    /// # Safety
    /// Nobody else may use the words of the frame, which lies in the unit's extent.
    pub(super) unsafe fn write_frame(&self, site: &Site<'_>, id: StateId) -> Result<State, Trap> {
        let unit = site.program.unit();
        let frame = *unit.state(id);
        let code = self.runtime.unit(vm_api::engine::CodeIndex(frame.code.0));
        let feedback = self.runtime.vector(frame.feedback);
        // SAFETY: the caller's; registers in a frame state lie within their frame.
        unsafe {
            let registers = self.frame.registers.add(frame.offset as usize);
            *registers.sub(1) = site.value(self, frame.function)?;
            if !unit.registers_in_memory {
                for r in 0..code.clear_to {
                    *registers.add(r as usize) = Value::EMPTY;
                }
                for (r, v) in unit.registers_of(id) {
                    *registers.add(usize::from(*r)) = site.value(self, *v)?;
                }
            }
            Ok(State { unit: code, pc: code.instructions.add(frame.position as usize), registers, feedback })
        }
    }

    /// Tells the slot of the instruction at which a guard failed.
    fn learn(&self, state: State, reason: Reason) {
        // SAFETY: the state stands at an instruction of its unit, whose slot (if any) lies in the frame's vector.
        unsafe {
            let slot = (*state.pc).feedback;
            if slot != Instruction::NO_FEEDBACK {
                teach(state.feedback.add(slot as usize), reason);
            }
        }
    }
}
