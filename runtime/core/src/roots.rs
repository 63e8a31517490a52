//! What the runtime shows to the collector.

use crate::frame::{FrameKind, State};
use crate::prepared::context_slots;
use crate::runtime::Runtime;
use vm_api::heap::Value;
use vm_api::heap::roots::{RootScope, RootSource, SlotVisitor};

/// The root source of a [`Runtime`]: a separate object, so that the collector's exclusive borrow is not of the runtime
/// itself, which stubs share.
pub struct RuntimeRoots {
    pub(crate) runtime: *const Runtime,
}

impl RuntimeRoots {
    fn runtime(&self) -> &Runtime {
        // SAFETY: the runtime owns this object and sets the pointer to itself when it is placed.
        unsafe { &*self.runtime }
    }
}

/// How the registers of a frame are to be seen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    /// The executing instruction has not completed: what it reads is live.
    Executing,
    /// It called and will complete with a result in this register: what is live after it, the register aside.
    Called(u16),
    /// It called and will run again with this register replaced.
    Again(u16),
}

/// Shows the live registers of one frame.
///
/// # Safety
/// `state` must be that of a live frame.
unsafe fn frame_slots(state: State, view: View, visitor: &mut dyn SlotVisitor) {
    if state.unit.is_null() {
        return;
    }
    // SAFETY: the frame is live, so its unit is installed, and register -1 (the function) up to the frame's size are
    // words of the register stack; named variables hold values from entry on, temporaries where they are live.
    unsafe {
        let unit = &*state.unit;
        let mut show = |r: isize| visitor.slot(&mut *state.registers.offset(r));
        show(-1);
        if state.pc.is_null() {
            return;
        }
        let named = unit.clear_to;
        (0..named as isize).for_each(|r| {
            show(r);
        });
        // Before its first instruction a frame holds nothing but named variables.
        let Some(at) = unit.begun(state.pc) else { return };
        let liveness = unit.liveness();
        let (live, but) = match view {
            View::Executing => (liveness.live_in(at as usize), None),
            View::Again(r) => (liveness.live_in(at as usize), Some(r)),
            View::Called(r) => (liveness.live_out(at as usize), Some(r)),
        };
        for r in live.iter() {
            if u32::from(r) >= named && Some(r) != but {
                show(r as isize);
            }
        }
        // The callee may still raise into a handler of this frame, which sees the registers as they are, the destination
        // among them.
        if let (Some(_), Some(entry)) = (but, unit.code.handler(at)) {
            for r in liveness.live_in(entry.handler as usize).iter() {
                let shown = u32::from(r) < named || (live.contains(r) && Some(r) != but);
                if !shown && r != entry.register {
                    show(r as isize);
                }
            }
        }
    }
}

impl RootSource for RuntimeRoots {
    fn slots(&mut self, scope: RootScope, visitor: &mut dyn SlotVisitor) {
        let rt = self.runtime();
        debug_assert!(
            rt.prepared.get().unit.is_null(),
            "a collection between the preparation of a frame and its entry"
        );
        // SAFETY: inside a collection nothing else touches these cells; addresses are those of live storage.
        unsafe {
            visitor.slot(&mut *rt.thread.exception_slot());
            visitor.slot(&mut *rt.result.as_ptr());
            let (roots, count) = rt.thread.roots();
            for i in 0..count {
                visitor.slot(&mut *roots.add(i));
            }
            for unit in rt.units() {
                for cell in unit.constant_cells() {
                    visitor.slot(cell);
                }
            }
            if let Some(tier) = rt.tier() {
                tier.slots(scope, visitor);
            }
            frame_slots(rt.current.get(), View::Executing, visitor);
            let mut callee = rt.current.get().registers;
            rt.each_frame(|f| {
                let view = match f.kind {
                    FrameKind::Activation => View::Executing,
                    FrameKind::Next | FrameKind::Completed => View::Called(f.destination),
                    FrameKind::Again => View::Again(f.destination),
                };
                // While an exception leaves the callee, nobody stands there any more, and nothing will be completed.
                if f.kind == FrameKind::Completed && !callee.is_null() {
                    (*context_slots(callee)).iter_mut().for_each(|slot| {
                        visitor.slot(slot);
                    });
                }
                frame_slots(f.state, view, visitor);
                callee = f.state.registers;
                true
            });
        }
    }

    fn weak_slots(&mut self, scope: RootScope, visitor: &mut dyn SlotVisitor) {
        let rt = self.runtime();
        // SAFETY: as above.
        unsafe {
            for unit in rt.units() {
                for slot in unit.feedback_slots() {
                    visit_weak(&mut slot.value, visitor);
                }
            }
            if let Some(tier) = rt.tier() {
                tier.weak_slots(scope, visitor);
            }
            rt.each_hidden_feedback(|slot| visit_weak(&mut slot.value, visitor));
        }
    }

    fn ambiguous(&mut self, _range: &mut dyn FnMut(u64, u64)) {}
}

fn visit_weak(value: &mut Value, visitor: &mut dyn SlotVisitor) {
    if value.is_object() {
        visitor.slot(value);
    }
}
