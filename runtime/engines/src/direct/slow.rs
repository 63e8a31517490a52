//! What `Direct` calls: slow paths, and what is too long to stand in every handler. They take the runtime and values, never
//! the machine; see the module above.

use runtime_core::{CodeUnit, Entered, Frame, FrameKind, Runtime, State, context_slots, suspended};
use vm_api::engine::stub::WindowFn;
use vm_api::engine::{FeedbackSlot, FixedFn, Language, R, Stop, SuspendedFrame, Thread};
use vm_api::heap::{Object, Value};

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

/// Tells that the frame at `state` returns through the record at `top`.
#[cold]
#[inline(never)]
pub(super) fn end_frame(runtime: &Runtime, top: *mut Frame, state: State) {
    runtime.current.set(state);
    // SAFETY: an engine's state is that of its frame, whose registers are in memory.
    unsafe { runtime.end_frame(top, state) }
}

/// Suspends the frame at `state`, and those that stand ready to pass on what it gives: the innermost record is then that of
/// the one who gets `v`.
#[inline(never)]
pub(super) fn suspend(runtime: &Runtime, frame: &SuspendedFrame, mut state: State, mut suspension: u32, v: Value) {
    // SAFETY: the state is that of the running frame; records are those of live frames, whose units are installed and whose
    // functions stand before their registers. What executes `suspend` is a frame of the layout. Behind a `test`, which falls
    // through, verified code has an instruction.
    unsafe {
        loop {
            suspended::save(runtime.heap(), frame, state, suspension);
            let Some(delegation) = &frame.delegation else { return };
            let top = runtime.frame_top.get().wrapping_sub(1);
            let Frame { state: waiting, destination, kind } = *top;
            if kind != FrameKind::Next || waiting.pc.is_null() || (*waiting.pc).op != delegation.test {
                return;
            }
            let next = &*waiting.pc.add(1);
            if next.op != delegation.suspend
                || next.b != destination
                || !is_settled(frame, Object::of(*waiting.registers.sub(1)))
            {
                return;
            }
            runtime.frame_top.set(top);
            *waiting.registers.add(usize::from(destination)) = v;
            state = State { pc: waiting.pc.add(2), ..waiting };
            suspension = next.d as u32;
        }
    }
}

/// Enters the frame of `code` that `object` holds, which does not run, from the frame at `state`, and the frames that it
/// delegates to: the innermost is then the current one. False: there was no room, nothing changed.
#[inline(never)]
pub(super) fn resume(
    runtime: &Runtime,
    frame: &SuspendedFrame,
    state: State,
    mut code: *const CodeUnit,
    mut object: Object,
    sent: Value,
    mut destination: u16,
) -> bool {
    // One by one: as a whole it would be read back from memory while its words are still being written.
    let State { mut unit, mut pc, mut registers, mut feedback } = state;
    let (mut entered, mut back) = (false, pc);
    // SAFETY: the state is that of the running frame: its unit is installed, the window begins above it; a frame's end is
    // compared with the limit before it is written to. Instructions that follow one another, or that one jumps to, are the
    // code's. Objects of the layout hold indices of installed codes.
    unsafe {
        loop {
            let inner = registers.add((*unit).registers as usize + 1);
            let end = inner.wrapping_add((*code).registers as usize + 2);
            let record = Frame { state: State { unit, pc, registers, feedback }, destination, kind: FrameKind::Next };
            if end > runtime.register_limit || !runtime.push_frame(record) {
                // The frame that delegates finds that out by itself.
                pc = back;
                break;
            }
            entered = true;
            (unit, registers, feedback) = (code, inner, (*code).feedback);
            pc = suspended::load(frame, &*unit, registers, object, Some(sent));
            let (Some(delegation), true) = (&frame.delegation, pc != (*unit).instructions) else { break };
            let at = &*pc.sub(1);
            if at.op != delegation.suspend || (*pc).op != delegation.back {
                break;
            }
            back = pc;
            let head = &*pc.wrapping_offset(1 + (*pc).d as isize);
            let Some(delegate) = Object::from_value(*registers.add(usize::from(head.b))) else { break };
            if head.op != delegation.resume
                || head.c != at.a
                || !frame.shapes.contains(&delegate.shape())
                || delegate.word(frame.state as usize / 8) != frame.suspended
                || !is_settled(frame, delegate)
            {
                break;
            }
            pc = std::ptr::from_ref(head).add(1);
            let index = suspended::code_of(frame, delegate).0 as usize;
            code = *runtime.unit_table.get().add(index);
            (object, destination) = (delegate, head.a);
        }
    }
    runtime.current.set(State { unit, pc, registers, feedback });
    entered
}

/// May the engine suspend and resume the frame of this object?
#[inline(always)]
fn is_settled(frame: &SuspendedFrame, object: Object) -> bool {
    frame.settled.iter().all(|at| object.get(*at as usize / 8).is_empty())
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
