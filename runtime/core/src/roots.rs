//! What a VM and its threads show to the collector.
//!
//! A young collection is shown what may be young: of codes what [`crate::recent`] has noted, of a stack the frames that have run
//! since a collection saw them last, or that held something young then ([`settled`](crate::Frame::settled)).

use crate::frame::{FrameKind, State};
use crate::prepared::context_slots;
use crate::runtime::Runtime;
use crate::unit::CodeUnit;
use crate::vm::Vm;
use vm_api::engine::FeedbackSlot;
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
    /// Its function holds it: nothing but that is there.
    Held,
}

/// Shows the live registers of one frame; says whether one must be shown again.
///
/// # Safety
/// `state` must be that of a live frame.
unsafe fn frame_slots(rt: &Runtime, mut state: State, view: View, visitor: &mut dyn SlotVisitor) -> bool {
    if state.unit.is_null() {
        return false;
    }
    if let (true, Some(tier)) = (state.pc.is_null(), rt.tier()) {
        state.pc = tier.compiled_frame(rt, state).pc;
        if state.pc.is_null() {
            return tier.frame_slots(rt, state, visitor);
        }
    }
    let mut again = false;
    // SAFETY: the frame is live, so its unit is installed, and register -1 (the function) up to the frame's size are
    // words of the register stack; named variables hold values from entry on, temporaries where they are live.
    unsafe {
        let unit = &*state.unit;
        let mut show = |r: isize| again |= visitor.slot(&mut *state.registers.offset(r));
        show(-1);
        if view == View::Held {
            return again;
        }
        let named = unit.clear_to;
        (0..named as isize).for_each(&mut show);
        // Before its first instruction a frame holds nothing but named variables.
        let Some(at) = unit.begun(state.pc) else { return again };
        let liveness = unit.liveness();
        let (live, but) = match view {
            View::Executing | View::Held => (liveness.live_in(at as usize), None),
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
    again
}

/// Shows the frames of a thread: the current one, and those that wait, as far as they are to be seen.
///
/// # Safety
/// Inside a collection.
unsafe fn stack_slots(rt: &Runtime, scope: RootScope, visitor: &mut dyn SlotVisitor) {
    let current = rt.current.get();
    // A frame that was written to while it waited is settled no more, and nor are those above it.
    let all = rt.frame_written.replace(false) || scope == RootScope::All;
    // SAFETY: the current frame is live, and so are those of the records, which nothing else uses inside a collection.
    unsafe {
        frame_slots(rt, current, View::Executing, visitor);
        let mut callee = current.registers;
        // The lowest record that must be shown again: those above cannot be settled before it is.
        let mut lowest = None;
        rt.each_record(|record| {
            let f = *record;
            if f.settled && !all {
                return false;
            }
            let view = match f.kind.plain() {
                FrameKind::Activation => View::Executing,
                FrameKind::Next | FrameKind::Completed => View::Called(f.destination),
                FrameKind::Delegating => View::Held,
                _ => View::Again(f.destination),
            };
            let mut again = false;
            // While an exception leaves the callee, nobody stands there any more, and nothing will be completed.
            if f.kind.plain() == FrameKind::Completed && !callee.is_null() {
                (*context_slots(callee)).iter_mut().for_each(|slot| again |= visitor.slot(slot));
            }
            again |= frame_slots(rt, f.state, view, visitor);
            (*record).settled = true;
            if again {
                lowest = Some(record);
            }
            callee = f.state.registers;
            true
        });
        if let Some(lowest) = lowest {
            rt.each_record(|record| {
                (*record).settled = false;
                record != lowest
            });
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
        if let Some(tier) = rt.tier() {
            tier.thread_slots(rt, scope, visitor);
        }
        stack_slots(rt, scope, visitor);
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
            let mut show = |unit: &CodeUnit| {
                unit.constant_cells().iter_mut().fold(false, |again, cell| visitor.slot(cell) | again)
            };
            match scope {
                RootScope::All => {
                    vm.recent().set_units(vm.units().filter(|unit| show(unit)).map(|unit| unit.index));
                }
                RootScope::Young => vm.recent().retain_units(|index| show(vm.unit(index))),
            }
        }
        if let Some(tier) = vm.tier() {
            tier.slots(scope, visitor);
        }
        vm.threads().for_each(|thread| thread_slots(thread, scope, visitor));
    }

    fn weak_slots(&mut self, scope: RootScope, visitor: &mut dyn SlotVisitor) {
        let vm = self.vm();
        if let Some(tier) = vm.tier() {
            tier.weak_slots(scope, visitor);
        }
        if scope == RootScope::Young {
            // SAFETY: slots live as long as the VM, and inside a collection nothing else uses them.
            vm.recent().retain_slots(|slot| visit_weak(unsafe { &mut (*slot).value }, visitor));
            return;
        }
        vm.recent().forget_slots();
        let mut show = |slot: &mut FeedbackSlot| {
            if visit_weak(&mut slot.value, visitor) {
                vm.recent().note_slot(slot);
            }
        };
        for unit in vm.units() {
            // SAFETY: inside a collection nothing else uses the unit.
            unsafe { unit.feedback_slots() }.iter_mut().for_each(&mut show);
        }
        vm.each_hidden_feedback(show);
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

fn visit_weak(value: &mut Value, visitor: &mut dyn SlotVisitor) -> bool {
    value.is_object() && visitor.slot(value)
}
