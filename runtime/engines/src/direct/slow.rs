//! What `Direct` calls: slow paths, and what is too long to stand in every handler. They take the runtime and values, never
//! the machine; see the module above.

use runtime_core::{CodeUnit, Entered, Runtime, State, context_slots};
use vm_api::code::Instruction;
use vm_api::engine::stub::WindowFn;
use vm_api::engine::{FeedbackSlot, FixedFn, Language, R, Stop, SuspendedFrame, Thread};
use vm_api::heap::{Heap, Object, Value};

#[cold]
#[inline(never)]
pub(super) fn offer_entry(runtime: &Runtime, state: State) -> Entered {
    runtime.current.set(state);
    runtime.tier().map_or(Entered::Interpret, |tier| tier.enter(runtime, state))
}

#[cold]
#[inline(never)]
pub(super) fn offer_back_edge(runtime: &Runtime, state: State) -> Entered {
    runtime.current.set(state);
    runtime.tier().map_or(Entered::Interpret, |tier| tier.back_edge(runtime, state))
}

#[cold]
#[inline(never)]
pub(super) fn overflow<L: Language>(runtime: &Runtime) -> Stop {
    let e = L::stack_overflow(&runtime.thread);
    runtime.thread.raise(e)
}

#[cold]
#[inline(never)]
pub(super) fn out_of_memory<L: Language>(runtime: &Runtime) -> Stop {
    let e = L::out_of_memory(&runtime.thread);
    runtime.thread.raise(e)
}

#[cold]
#[inline(never)]
pub(crate) fn poll<L: Language>(runtime: &Runtime) -> R {
    runtime.safepoint();
    L::poll(&runtime.thread)
}

#[cold]
#[inline(never)]
pub(super) fn record_expectation(slot: *mut FeedbackSlot, x: i64) {
    // SAFETY: a live slot of the running frame's vector.
    unsafe { (*slot).fill(x as u64, Value::EMPTY) }
}

/// Completes the result of the frame that was at `callee`, whose caller still waits.
#[inline(never)]
pub(super) fn complete<L: Language>(runtime: &Runtime, callee: *mut Value, result: Value) -> R<Value> {
    runtime.current.set(runtime.gap(callee));
    // SAFETY: the callee's caller waited to complete, so its frame stood on a context; nothing was written there since.
    L::complete(&runtime.thread, unsafe { context_slots(callee).read() }, result)
}

/// Writes the frame at `state` into its function object.
#[inline(never)]
pub(super) fn suspend(heap: &Heap, frame: &SuspendedFrame, state: State, suspension: u32) {
    // SAFETY: the state is that of the running frame: its unit is installed, its function stands before its registers.
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
/// # Safety
/// The object must hold a suspended frame of `unit`, and there must be room for it.
#[inline(never)]
pub(super) unsafe fn resume(
    frame: &SuspendedFrame,
    unit: &CodeUnit,
    registers: *mut Value,
    suspended: Value,
    sent: Value,
) -> *const Instruction {
    let object = Object::of(suspended);
    let array = Object::of(object.get(frame.registers as usize / 8));
    let position = object.word(frame.position as usize / 8) as usize;
    object.set_word(frame.state as usize / 8, frame.running);
    // SAFETY: the caller's; registers that a verified code names are within its frame.
    unsafe {
        *registers.sub(1) = suspended;
        let Some(before) = position.checked_sub(1) else {
            for r in 0..unit.clear_to as usize {
                *registers.add(r) = array.element(r);
            }
            return unit.instructions;
        };
        let at = &*unit.instructions.add(before);
        for r in &unit.code.suspensions[at.d as usize].live {
            *registers.add(usize::from(*r)) = array.element(usize::from(*r));
        }
        *registers.add(usize::from(at.a)) = sent;
        unit.instructions.add(position)
    }
}

/// Calls a stub: one jump. The optimizer takes what leads to a call of a cold function for rare, and spills registers there
/// instead of on fast paths.
///
/// # Safety
/// That of the stub.
#[cold]
#[inline(never)]
pub(super) unsafe extern "C" fn cold_fixed(
    thread: &Thread,
    slot: *mut FeedbackSlot,
    a: Value,
    b: Value,
    c: Value,
    immediate: i32,
    stub: FixedFn,
) -> Value {
    // SAFETY: the caller's.
    unsafe { stub(thread, slot, a, b, c, immediate) }
}

/// The same.
///
/// # Safety
/// That of the stub.
#[cold]
#[inline(never)]
pub(super) unsafe extern "C" fn cold_window(
    thread: &Thread,
    slot: *mut FeedbackSlot,
    window: *const Value,
    count: usize,
    immediate: i32,
    stub: WindowFn,
) -> Value {
    // SAFETY: the caller's.
    unsafe { stub(thread, slot, window, count, immediate) }
}
