//! What code calls: stubs and helpers. None unwinds, since each is `extern "C"`: a panic ends the process with a message.

use crate::surroundings::{Surroundings, Thread};
use vm_api::engine::backend::{Completion, Helper};
use vm_api::engine::{FeedbackSlot, bit};
use vm_api::heap::{CollectKind, Object, ShapeIndex, Trigger, Value};
use vm_api::vir::eval::HeapMemory;
use vm_api::vir::eval::sandbox::{StubResult, answer, box_word as word_value, call_stub, describe};
use vm_api::vir::{CodeRef, StateId, VectorRef};

type Slot = *mut FeedbackSlot;
type FixedFn = unsafe extern "C" fn(&Thread<'_>, Slot, Value, Value, Value, i32) -> Value;
type WindowFn = unsafe extern "C" fn(&Thread<'_>, Slot, *const Value, usize, i32) -> Value;

/// Stub `N` of the unit's table, with three operands.
unsafe extern "C" fn fixed<const N: usize>(
    thread: &Thread<'_>,
    slot: Slot,
    a: Value,
    b: Value,
    c: Value,
    immediate: i32,
) -> Value {
    // SAFETY: the slot is one of the run's.
    unsafe { stub(thread, N, slot, &[a, b, c], immediate) }
}

/// Stub `N` of the unit's table, with a window.
unsafe extern "C" fn window<const N: usize>(
    thread: &Thread<'_>,
    slot: Slot,
    operands: *const Value,
    count: usize,
    immediate: i32,
) -> Value {
    // SAFETY: code passes so many operands in memory that stays where it is; scanned conservatively, they do not change.
    unsafe { stub(thread, N, slot, std::slice::from_raw_parts(operands, count), immediate) }
}

/// As many stubs as a unit may use.
const STUBS: usize = 8;
const FIXED: [FixedFn; STUBS] =
    [fixed::<0>, fixed::<1>, fixed::<2>, fixed::<3>, fixed::<4>, fixed::<5>, fixed::<6>, fixed::<7>];
const WINDOW: [WindowFn; STUBS] =
    [window::<0>, window::<1>, window::<2>, window::<3>, window::<4>, window::<5>, window::<6>, window::<7>];

/// The function of the language's stub `number`, if the unit uses it and has not too many.
pub(crate) fn stub_address(surroundings: &Surroundings<'_>, number: u32) -> Option<u64> {
    let stubs = &surroundings.unit.stubs;
    let i = stubs.iter().position(|s| s.number == number)?;
    Some(if stubs[i].window { *WINDOW.get(i)? as usize as u64 } else { *FIXED.get(i)? as usize as u64 })
}

/// # Safety
/// `slot` is null or alive.
unsafe fn stub(thread: &Thread<'_>, i: usize, slot: Slot, operands: &[Value], immediate: i32) -> Value {
    let run = thread.surroundings;
    let stub = &run.unit.stubs[i];
    let effects = stub.effects;
    // Others cannot look at frames.
    let state = if effects.collects || effects.runs_language { thread.site_state() } else { None };
    // SAFETY: the caller's.
    if unsafe { slot.as_ref() }.is_some_and(|s| s.bits & bit::OTHER == 0) {
        run.problem("the slot of a stub does not say that the stub ran");
    }
    run.suspend(state, |_| false);
    run.call_event(&format!("stub {} {immediate}", stub.name), operands);
    match call_stub(&stub.name, immediate, operands.iter().copied()) {
        StubResult::Value(v) => v,
        StubResult::Raise(e) => {
            thread.exception.set(e);
            Value::EMPTY
        }
        StubResult::Invalidate => {
            run.valid.set(0);
            Value::NONE
        }
        StubResult::Collect => {
            let kind = if immediate == 0 { CollectKind::Full } else { CollectKind::Minor };
            run.vm.heap.collect(kind, Trigger::Explicit);
            operands.first().copied().unwrap_or(Value::NONE)
        }
    }
}

/// Address of a helper.
pub(crate) fn helper_address(helper: Helper) -> u64 {
    let address = match helper {
        Helper::AllocSlow => alloc_slow as *const (),
        Helper::BoxWord => box_word as *const (),
        Helper::BarrierSlow => barrier_slow as *const (),
        Helper::ElementSlow => element_slow as *const (),
        Helper::WeakRead => weak_read as *const (),
        Helper::Poll => poll as *const (),
        Helper::Invoke => invoke as *const (),
        Helper::Finish => finish as *const (),
        Helper::Trace => trace as *const (),
        Helper::Floor => floor as *const (),
        Helper::Pow => pow as *const (),
    };
    address as u64
}

extern "C" fn alloc_slow(thread: &Thread<'_>, shape: u32, words: u32) -> u64 {
    let run = thread.surroundings;
    run.suspend(thread.site_state(), |_| false);
    run.slow_allocations.set(run.slow_allocations.get() + 1);
    match (HeapMemory { heap: &run.vm.heap }).alloc(ShapeIndex(shape), words) {
        Ok(Ok(address)) => address,
        Ok(Err(_)) => {
            thread.exception.set(Value::int(-1));
            0
        }
        Err(trap) => {
            run.problem(trap.to_string());
            thread.exception.set(Value::int(-1));
            0
        }
    }
}

extern "C" fn box_word(thread: &Thread<'_>, x: i64) -> Value {
    thread.surroundings.suspend(thread.site_state(), |_| false);
    word_value(x)
}

fn object(run: &Surroundings<'_>, address: u64) -> Option<Object> {
    let found = Object::from_value(run.check(Value::from_bits(address)));
    if found.is_none() {
        run.problem(format!("{address:#x} is no object"));
    }
    found
}

extern "C" fn barrier_slow(thread: &Thread<'_>, address: u64) {
    let run = thread.surroundings;
    if let Some(o) = object(run, address) {
        run.vm.heap.barrier(o);
    }
}

extern "C" fn element_slow(thread: &Thread<'_>, address: u64, slot: u64) {
    let run = thread.surroundings;
    if let Some(o) = object(run, address) {
        let inside = slot > address && slot < address + 8 * o.size_words(run.vm.heap.layouts()) as u64;
        if inside { run.vm.heap.element_barrier(o, slot) } else { run.problem("an element outside of its array") }
    }
}

extern "C" fn weak_read(thread: &Thread<'_>, address: u64) {
    let run = thread.surroundings;
    if let Some(o) = object(run, address) {
        run.vm.heap.weak_read(o);
    }
}

extern "C" fn poll(thread: &Thread<'_>) -> u64 {
    let run = thread.surroundings;
    run.suspend(thread.site_state(), |_| false);
    run.event("poll".into());
    run.vm.poll();
    request_poll(run);
    1
}

/// Has code call [`poll`] at the next poll: the sandbox observes each.
pub(crate) fn request_poll(run: &Surroundings<'_>) {
    // SAFETY: the heap's inline state, of which nobody holds a reference.
    unsafe { (*run.vm.heap.fast()).poll = 1 };
}

extern "C" fn invoke(thread: &Thread<'_>, code: u64, vector: Slot, registers: *const Value, arguments: u32) -> Value {
    let run = thread.surroundings;
    if vector.is_null() {
        run.problem("a call that could be linked is not");
    }
    if !vector.is_null() && !run.unit.invokes.iter().any(|i| run.vector(i.feedback) == vector as u64) {
        run.problem("no such feedback vector");
    }
    invoked(thread, code, registers, arguments as usize, thread.site_state())
}

/// Codes whose entries run: a linked call of one returns at once. Those of others refuse.
const RUNNING: [unsafe extern "C" fn(&Thread<'_>, *const Value) -> Completion; 4] =
    [run::<0>, run::<2>, run::<4>, run::<6>];

/// The entry of the unit of a code.
pub(crate) fn linked_entry(code: u32) -> u64 {
    let running = if code.is_multiple_of(2) { RUNNING.get(code as usize / 2) } else { None };
    running.map_or(refuse as *const () as u64, |f| *f as *const () as u64)
}

/// How many arguments the invoke of a unit has that calls the frame at `offset`.
fn arguments_at(run: &Surroundings<'_>, registers: *const Value) -> usize {
    let offset = run.window(registers, 0).unwrap_or(0);
    let call = run.unit.invokes.iter().find(|i| i.offset as usize == offset && i.feedback == VectorRef::NONE);
    call.map_or(0, |i| i.arguments.len.max(i.in_place.into()) as usize)
}

unsafe extern "C" fn run<const CODE: u32>(thread: &Thread<'_>, registers: *const Value) -> Completion {
    let count = arguments_at(thread.surroundings, registers);
    let word = invoked(thread, CODE.into(), registers, count, thread.record_state());
    Completion { status: 0, word: word.bits() }
}

extern "C" fn refuse(_: &Thread<'_>, _: *const Value, unit: u64) -> Completion {
    Completion { status: Completion::REFUSED, word: unit }
}

extern "C" fn finish(thread: &Thread<'_>, status: u64, word: u64, registers: *const Value) -> Value {
    let run = thread.surroundings;
    let Some(code) = run.code_of(word).filter(|_| status == Completion::REFUSED) else {
        run.problem("a linked call is finished with another completion than it had");
        return Value::NONE;
    };
    let count = arguments_at(run, registers);
    let word = invoked(thread, code.into(), registers, count, thread.record_state());
    thread.pop_record();
    word
}

/// Answers a call from a site with this state.
fn invoked(thread: &Thread<'_>, code: u64, registers: *const Value, count: usize, state: Option<StateId>) -> Value {
    let run = thread.surroundings;
    let (Ok(code), Some(offset)) = (u32::try_from(code), run.window(registers, count)) else {
        run.problem("no such code, or a frame outside of the unit's memory");
        return Value::NONE;
    };
    let function = run.check(run.word(offset));
    // They stay here, where they are roots, when what they were in is dead.
    let mut values = [Value::EMPTY; 16];
    if count > values.len() {
        run.problem("so many arguments");
        return Value::NONE;
    }
    values.iter_mut().zip(0..count).for_each(|(v, i)| *v = run.word(offset + 1 + i));
    let values = &values[..count];
    run.suspend(state, |at| (offset..=offset + count).contains(&at));
    let code = CodeRef(code);
    run.call_event(&format!("invoke {code} {} + {offset}", describe(function)), values);
    answer(&code.to_string(), values.iter().copied())
}

extern "C" fn trace(thread: &Thread<'_>, code: u32, position: u32, offset: u32) -> Value {
    let run = thread.surroundings;
    let state = thread.site_state();
    run.suspend(state, |_| false);
    match state.map(|state| run.unit.state(state)) {
        Some(frame) if (frame.code, frame.position, frame.offset) == (CodeRef(code), position, offset) => {
            run.event(format!("trace {} {position}", frame.code));
        }
        _ => run.problem("an exception is traced in another frame than that of the site"),
    }
    Value::int(i64::from(position))
}

extern "C" fn floor(x: f64) -> f64 {
    x.floor()
}

extern "C" fn pow(x: f64, y: f64) -> f64 {
    x.powf(y)
}
