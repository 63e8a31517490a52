//! What a VM and its threads show to the collector.

use crate::frame::{FrameKind, State};
use crate::prepared::context_slots;
use crate::runtime::Runtime;
use crate::vm::Vm;
use vm_api::heap::Value;
use vm_api::heap::roots::{RootScope, RootSource, SlotVisitor};

/// The root source of a [`Vm`]: a separate object, so that the collector's exclusive borrow is not of the VM itself, which
/// its threads share.
pub struct VmRoots {
    pub(crate) vm: *const Vm,
}

impl VmRoots {
    fn vm(&self) -> &Vm {
        // SAFETY: the VM owns this object and sets the pointer to itself when it is placed.
        unsafe { &*self.vm }
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

/// Shows what one thread holds beside its native stack.
fn thread_slots(rt: &Runtime, scope: RootScope, visitor: &mut dyn SlotVisitor) {
    debug_assert!(rt.prepared.get().unit.is_null(), "a collection between the preparation of a frame and its entry");
    // SAFETY: inside a collection nothing else touches these cells; addresses are those of live storage.
    unsafe {
        visitor.slot(&mut *rt.thread.exception_slot());
        visitor.slot(&mut *rt.result.as_ptr());
        visitor.slot(&mut *rt.aside.as_ptr());
        visitor.slot(&mut *rt.argument.as_ptr());
        let (roots, count) = rt.thread.local_roots();
        for i in 0..count {
            visitor.slot(&mut *roots.add(i));
        }
        if let (Some(tier), Some(own)) = (rt.tier(), rt.any_tier_state()) {
            tier.thread_slots(own, scope, visitor);
        }
        frame_slots(rt.current.get(), View::Executing, visitor);
        let mut callee = rt.current.get().registers;
        rt.each_frame(|f| {
            let view = match f.kind.plain() {
                FrameKind::Activation => View::Executing,
                FrameKind::Next | FrameKind::Completed => View::Called(f.destination),
                _ => View::Again(f.destination),
            };
            // While an exception leaves the callee, nobody stands there any more, and nothing will be completed.
            if f.kind.plain() == FrameKind::Completed && !callee.is_null() {
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

impl RootSource for VmRoots {
    fn slots(&mut self, scope: RootScope, visitor: &mut dyn SlotVisitor) {
        let vm = self.vm();
        // SAFETY: inside a collection nothing else touches these cells; addresses are those of live storage.
        unsafe {
            if let Some(first) = vm.threads().next() {
                let (roots, count) = first.thread.roots();
                for i in 0..count {
                    visitor.slot(&mut *roots.add(i));
                }
            }
            for unit in vm.units() {
                for cell in unit.constant_cells() {
                    visitor.slot(cell);
                }
            }
        }
        if let Some(tier) = vm.tier() {
            tier.slots(scope, visitor);
        }
        vm.threads().for_each(|thread| thread_slots(thread, scope, visitor));
    }

    fn weak_slots(&mut self, scope: RootScope, visitor: &mut dyn SlotVisitor) {
        let vm = self.vm();
        for unit in vm.units() {
            // SAFETY: inside a collection nothing else uses the unit.
            for slot in unsafe { unit.feedback_slots() } {
                visit_weak(&mut slot.value, visitor);
            }
        }
        if let Some(tier) = vm.tier() {
            tier.weak_slots(scope, visitor);
        }
        vm.each_hidden_feedback(|slot| visit_weak(&mut slot.value, visitor));
    }

    /// The native stacks of the threads that wait for their turn, or for something outside. (That of the thread that
    /// collects is the heap's to show: it knows where it was called.)
    fn ambiguous(&mut self, range: &mut dyn FnMut(u64, u64)) {
        for thread in self.vm().threads() {
            let (low, high) = (thread.parked.get(), thread.stack_base.get());
            if low != 0 && high != 0 {
                range(low & !7, high & !7);
            }
        }
    }
}

fn visit_weak(value: &mut Value, visitor: &mut dyn SlotVisitor) {
    if value.is_object() {
        visitor.slot(value);
    }
}
