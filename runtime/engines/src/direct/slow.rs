//! What `Direct` calls: slow paths, and what is too long to stand in every handler. They take the runtime and values, never
//! the machine; see the module above.

use super::count_down;
use runtime_core::{CodeUnit, Entered, Frame, FrameKind, Runtime, State, context_slots, suspended};
use vm_api::code::Instruction;
use vm_api::engine::stub::WindowFn;
use vm_api::engine::{CodeIndex, Delegation, ENTER, FeedbackSlot, FixedFn, Language, R, Stop, SuspendedFrame, Thread};
use vm_api::heap::{Object, Value};

#[cold]
#[inline(never)]
pub(super) fn offer_entry(runtime: &Runtime, state: State) -> Entered {
    runtime.current.set(state);
    if not_now(runtime, state) {
        return Entered::Interpret;
    }
    runtime.tier().map_or(Entered::Interpret, |tier| left(runtime, state, tier.enter(runtime, state)))
}

#[cold]
#[inline(never)]
pub(super) fn offer_back_edge(runtime: &Runtime, state: State) -> Entered {
    runtime.current.set(state);
    if not_now(runtime, state) {
        return Entered::Interpret;
    }
    runtime.tier().map_or(Entered::Interpret, |tier| left(runtime, state, tier.back_edge(runtime, state)))
}

/// Where the frame at `state` has been run and the thread has begun to step meanwhile, the loop stops as if something had been
/// raised, which is not pending.
fn left(runtime: &Runtime, state: State, entered: Entered) -> Entered {
    if !runtime.stepping.get() {
        // SAFETY: the state is that of a frame that was live; its function still stands in front of its registers.
        unsafe {
            if let Entered::Returned(v) = entered
                && (*state.unit).suspends
            {
                let frame = runtime.layout();
                let object = Object::of(*state.registers.sub(1));
                // The language's stub may have suspended it, which passes nothing on: then something is not settled.
                if object.word(frame.state as usize / 8) == frame.suspended
                    && is_settled(frame, object)
                    && frame.settled_root.is_none_or(|root| runtime.thread.root(root).is_empty())
                {
                    pass_on(runtime, frame, v);
                }
            }
        }
        return entered;
    }
    match entered {
        Entered::Continue(state) => runtime.left.set(state),
        Entered::Returned(v) => {
            runtime.left.set(state);
            runtime.aside.set(v);
        }
        entered => return entered,
    }
    Entered::Raised
}

/// A thread that steps enters no compiled code; it will be asked again.
fn not_now(runtime: &Runtime, state: State) -> bool {
    if runtime.stepping.get() {
        // SAFETY: the state is that of a live frame.
        unsafe { &*state.unit }.countdown.set(1);
        return true;
    }
    false
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

/// The same, where the interpreter polls.
#[cold]
#[inline(never)]
pub(crate) fn poll_between<L: Language>(runtime: &Runtime) -> R {
    runtime.safepoint_of_interpreter();
    L::poll(&runtime.thread)
}

/// The same where the fast loop polls: it stops if the thread steps, with nothing pending.
#[cold]
#[inline(never)]
pub(super) fn poll_or_stop<L: Language>(runtime: &Runtime) -> R {
    poll_between::<L>(runtime)?;
    if runtime.stepping.get() { Err(Stop) } else { Ok(()) }
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

/// Writes the frame at `state` into its function object.
#[inline(never)]
pub(crate) fn suspend(runtime: &Runtime, frame: &SuspendedFrame, state: State, suspension: u32) {
    // SAFETY: the state is that of the running frame, which is of the layout.
    unsafe { suspended::save(runtime.heap(), frame, state, suspension) }
}

/// See [`Runtime::loaded`].
#[inline(never)]
pub(super) fn loaded(runtime: &Runtime, state: State) -> State {
    // SAFETY: called for frames that have just been entered.
    unsafe { runtime.loaded(state) }
}

/// The running frame has been suspended with `v`: so are those that would only pass it on.
#[inline(always)]
pub(super) fn pass_on(runtime: &Runtime, frame: &'static SuspendedFrame, v: Value) {
    if let Some(delegation) = &frame.delegation
        && is_passed_on(runtime, delegation)
    {
        suspend_waiting(runtime, frame, delegation, v);
    }
}

/// Does the frame that waits for the running one stand ready to pass on what it gives?
#[inline(always)]
fn is_passed_on(runtime: &Runtime, delegation: &Delegation) -> bool {
    // SAFETY: below a frame that runs there is a record; a waiting frame that is interpreted stands at an instruction.
    unsafe {
        let waiting = runtime.frame_top.get().wrapping_sub(1);
        let (kind, pc) = ((*waiting).kind, (*waiting).state.pc);
        kind == FrameKind::Delegating || (kind == FrameKind::Next && !pc.is_null() && (*pc).op == delegation.test)
    }
}

/// Suspends the frames that stand ready to pass on `v`, which the running one gives: the innermost record is then that of the
/// one who gets it.
#[inline(never)]
fn suspend_waiting(runtime: &Runtime, frame: &'static SuspendedFrame, delegation: &Delegation, v: Value) {
    while is_passed_on(runtime, delegation) {
        let top = runtime.frame_top.get().wrapping_sub(1);
        // SAFETY: records are those of live frames, whose units are installed and whose functions stand before their
        // registers. Behind a `test`, which falls through, verified code has an instruction. What executes `suspend` is a
        // frame of the layout, and so is one that delegates.
        unsafe {
            if (*top).kind == FrameKind::Delegating {
                let object = Object::of(*(*top).state.registers.sub(1));
                if !is_settled(frame, object) {
                    return;
                }
                // It has not run, so that all the rest is as its object holds it.
                runtime.frame_top.set(top);
                object.set_word(frame.state as usize / 8, frame.suspended);
                continue;
            }
            let Frame { state: waiting, destination, .. } = *top;
            let next = &*waiting.pc.add(1);
            if next.op != delegation.suspend
                || next.b != destination
                || !is_settled(frame, Object::of(*waiting.registers.sub(1)))
            {
                return;
            }
            runtime.frame_top.set(top);
            *waiting.registers.add(usize::from(destination)) = v;
            suspended::save(runtime.heap(), frame, State { pc: waiting.pc.add(2), ..waiting }, next.d as u32);
            let below = top.wrapping_sub(1);
            if (*below).kind.is_observed() {
                end_frame(runtime, below, waiting);
            }
        }
    }
}

/// Makes the frame of `unit` that `object` holds, or the innermost of those that it delegates to, the current one, with its registers
/// from `registers` on. Is it to be offered to the tier? Then it is not loaded.
///
/// # Safety
/// The object must hold a frame of `unit` that does not run; there must be room for it, and its caller's record must have been
/// pushed.
#[inline(never)]
pub(super) unsafe fn resume(
    runtime: &Runtime,
    frame: &'static SuspendedFrame,
    unit: &CodeUnit,
    registers: *mut Value,
    object: Object,
    sent: Value,
) -> bool {
    // SAFETY: the caller's; an object's position is that of an instruction of its code.
    unsafe {
        let pc = unit.instructions.add(object.word(frame.position as usize / 8) as usize);
        let mut state = State { unit, pc, registers, feedback: unit.feedback };
        let mut innermost = object;
        if let Some(delegation) = &frame.delegation
            && is_passing_on(pc, delegation)
        {
            (state, innermost) = resume_delegates(runtime, frame, delegation, state, object);
        }
        let unit = &*state.unit;
        let offers = count_down(unit);
        if offers {
            std::hint::cold_path();
            *state.registers.sub(1) = innermost.value();
            *state.registers = sent;
            state.pc = unit.instructions;
        } else {
            state.pc = suspended::load(frame, unit, state.registers, innermost, Some(sent));
        }
        runtime.current.set(state);
        offers
    }
}

/// Does a frame that has just been resumed, and goes on at `pc`, stand where it passes on what another one gives?
///
/// # Safety
/// `pc` must be an instruction of verified code.
#[inline(always)]
unsafe fn is_passing_on(pc: *const Instruction, delegation: &Delegation) -> bool {
    // SAFETY: the caller's; a back edge leads to an instruction of the code.
    unsafe { (*pc).op == delegation.back && (*pc.wrapping_offset(1 + (*pc).d as isize)).op == delegation.resume }
}

/// Pushes the records of the frames that the frame at `state` delegates to, whose `object` is being resumed: the place of the innermost,
/// and its object. Those before it only wait ([`FrameKind::Delegating`]): whatever else there is to do with them is done when somebody
/// looks at their registers, which mostly nobody does. Where it delegates to nobody or there is no room, which it will find out, it is
/// itself the innermost.
#[inline(never)]
fn resume_delegates(
    runtime: &Runtime,
    frame: &'static SuspendedFrame,
    delegation: &Delegation,
    state: State,
    mut object: Object,
) -> (State, Object) {
    let State { mut unit, mut pc, mut registers, mut feedback } = state;
    // SAFETY: the state is that of the running frame: its unit is installed, the window begins above it; a frame's end is
    // compared with the limit before it is written to. Instructions that follow one another, or that one jumps to, are the
    // code's. Objects of the layout hold indices of installed codes, and all registers that are live where they go on.
    unsafe {
        let mut index = suspended::code_of(frame, object);
        while pc >= (*unit).instructions.wrapping_add(3) {
            let (head, test, at) = (pc.sub(3), pc.sub(2), pc.sub(1));
            // Whom it delegates to is read here, so that nothing has to wait for what follows but to see that it is so.
            let Instruction { a: taken, b: given, c: inner, .. } = *at;
            // It goes on here again, with nothing done but to pass on.
            if (*at).op != delegation.suspend
                || (*pc).op != delegation.back
                || pc.wrapping_offset(1 + (*pc).d as isize) != head
                || (*head).op != delegation.resume
                || ((*head).a, (*head).b, (*head).c) != (given, inner, taken)
                || (*test).op != delegation.test
                || (*test).a != given
            {
                break;
            }
            let held = Object::of(object.get(frame.registers as usize / 8)).element(usize::from(inner));
            let Some(delegate) = Object::from_value(held) else { break };
            if !frame.shapes.contains(&delegate.shape())
                || delegate.word(frame.state as usize / 8) != frame.suspended
                || !is_settled(frame, delegate)
            {
                break;
            }
            // In a recursion it is the same one, which is then at hand.
            let next = suspended::code_of(frame, delegate);
            let code = if next == index { unit } else { unit_of(runtime, next) };
            let above = registers.add((*unit).registers as usize + 1);
            let end = above.wrapping_add((*code).registers as usize + 2);
            let waiting = State { unit, pc: test, registers, feedback };
            if end > runtime.register_limit || !runtime.push_frame(Frame::new(waiting, given, FrameKind::Delegating)) {
                break;
            }
            *registers.sub(1) = object.value();
            object.set_word(frame.state as usize / 8, frame.running);
            (unit, registers, feedback) = (code, above, (*code).feedback);
            pc = (*unit).instructions.add(delegate.word(frame.position as usize / 8) as usize);
            (object, index) = (delegate, next);
        }
    }
    (State { unit, pc, registers, feedback }, object)
}

/// The unit of an installed code. A call, so that a processor guesses whether it comes to this and does not wait.
///
/// # Safety
/// The code must be installed.
#[inline(never)]
unsafe fn unit_of(runtime: &Runtime, code: CodeIndex) -> *const CodeUnit {
    // SAFETY: the caller's.
    unsafe { *runtime.unit_table.get().add(code.0 as usize) }
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

/// Calls a call stub. If the thread steps when it comes back with a result, that is put aside, and the answer is as if a frame
/// were to be entered: so the loop stops with this instruction.
///
/// # Safety
/// That of the stub.
#[cold]
#[inline(never)]
pub(super) unsafe extern "C" fn cold_fixed_call(
    runtime: &Runtime,
    slot: *mut FeedbackSlot,
    a: Value,
    b: Value,
    c: Value,
    immediate: i32,
    stub: FixedFn,
) -> Value {
    // SAFETY: the caller's.
    put_aside(runtime, unsafe { stub(&runtime.thread, slot, a, b, c, immediate) })
}

/// The same.
///
/// # Safety
/// That of the stub.
#[cold]
#[inline(never)]
pub(super) unsafe extern "C" fn cold_window_call(
    runtime: &Runtime,
    slot: *mut FeedbackSlot,
    window: *const Value,
    count: usize,
    immediate: i32,
    stub: WindowFn,
) -> Value {
    // SAFETY: the caller's.
    put_aside(runtime, unsafe { stub(&runtime.thread, slot, window, count, immediate) })
}

#[inline(always)]
fn put_aside(runtime: &Runtime, result: Value) -> Value {
    if !runtime.stepping.get() || result.is_empty() || result == ENTER {
        return result;
    }
    runtime.aside.set(result);
    ENTER
}
