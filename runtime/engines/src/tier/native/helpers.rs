//! The functions of the runtime that native code calls. What they are given and return is said by [`Helper`].

use crate::direct::poll;
use crate::tier::{Running, frames};
use runtime_core::{CodeUnit, Runtime};
use vm_api::engine::backend::{Completion, Helper};
use vm_api::engine::{CodeIndex, FeedbackSlot, FrameId, Language, Thread};
use vm_api::heap::{Object, ShapeIndex, Value};

/// Address of a helper.
pub(super) fn address<L: Language>(helper: Helper) -> u64 {
    let f = match helper {
        Helper::AllocSlow => alloc_slow::<L> as *const (),
        Helper::BoxWord => box_word::<L> as *const (),
        Helper::BarrierSlow => barrier_slow as *const (),
        Helper::ElementSlow => element_slow as *const (),
        Helper::WeakRead => weak_read as *const (),
        Helper::Poll => poll_slow::<L> as *const (),
        Helper::Invoke => invoke::<L> as *const (),
        Helper::Finish => finish::<L> as *const (),
        Helper::Trace => trace::<L> as *const (),
        Helper::Floor => floor as *const (),
        Helper::Pow => pow as *const (),
    };
    f as u64
}

pub(super) extern "C" fn alloc_slow<L: Language>(thread: &Thread, shape: u32, words: u32) -> u64 {
    match thread.heap().alloc(ShapeIndex(shape), words as usize) {
        Ok(object) => object.address(),
        Err(_) => {
            thread.raise(L::out_of_memory(thread));
            0
        }
    }
}

pub(super) extern "C" fn box_word<L: Language>(thread: &Thread, x: i64) -> u64 {
    L::box_word(thread, x).bits()
}

pub(super) extern "C" fn barrier_slow(thread: &Thread, object: u64) {
    thread.heap().barrier(Object::of(Value::from_bits(object)));
}

pub(super) extern "C" fn element_slow(thread: &Thread, array: u64, slot_address: u64) {
    let array = Object::of(Value::from_bits(array));
    thread.heap().element_barrier(array, slot_address);
}

pub(super) extern "C" fn weak_read(thread: &Thread, object: u64) {
    thread.heap().weak_read(Object::of(Value::from_bits(object)));
}

pub(super) extern "C" fn poll_slow<L: Language>(thread: &Thread) -> u64 {
    poll::<L>(Runtime::of(thread)).is_ok().into()
}

/// # Safety
/// As [`Helper::Invoke`] says.
unsafe extern "C" fn invoke<L: Language>(
    thread: &Thread,
    code: u64,
    vector: *mut FeedbackSlot,
    registers: *mut Value,
    arguments: u32,
) -> Value {
    let runtime = Runtime::of(thread);
    let unit = runtime.unit(CodeIndex(code as u32));
    let feedback = if vector.is_null() { unit.feedback } else { vector };
    debug_assert_eq!(arguments, unit.arguments(), "a call with the wrong number of registers");
    // SAFETY: function and arguments stand there, above all that is live.
    let result = unsafe { runtime.call_placed(unit, feedback, registers, arguments) }.unwrap_or(Value::EMPTY);
    let running = runtime.tier_state::<Running<L>>();
    if running.forces_leaving() {
        running.leaving.leave(runtime, runtime.current.get());
    }
    result
}

/// # Safety
/// As [`Helper::Finish`] says.
unsafe extern "C" fn finish<L: Language>(thread: &Thread, status: u64, word: u64, registers: *mut Value) -> Value {
    let runtime = Runtime::of(thread);
    let record = runtime.frame_top.get().wrapping_sub(1);
    // SAFETY: the record that the call pushed.
    let caller = unsafe { (*record).state };
    if status == Completion::REFUSED {
        runtime.frame_top.set(record);
        runtime.current.set(caller);
        // SAFETY: what refuses names itself; function and arguments stand there, above all that is live.
        return unsafe {
            let unit = &*(word as *const CodeUnit);
            runtime.call_placed(unit, unit.feedback, registers, unit.arguments())
        }
        .unwrap_or(Value::EMPTY);
    }
    let running = runtime.tier_state::<Running<L>>();
    // SAFETY: the status of code that was left, and its frame.
    unsafe { running.tier().go_on_for(runtime, running, Completion { status, word }, registers, caller) }
}

unsafe extern "C" fn trace<L: Language>(thread: &Thread, code: u32, position: u32, offset: u32) -> Value {
    let runtime = Runtime::of(thread);
    let registers = runtime.current.registers.get().wrapping_add(offset as usize);
    // SAFETY: the site's state is written, and its innermost frame is this one.
    unsafe { frames::trace::<L>(runtime, CodeIndex(code), position, FrameId(registers as usize), registers) }
}

extern "C" fn floor(x: f64) -> f64 {
    x.floor()
}

extern "C" fn pow(x: f64, y: f64) -> f64 {
    x.powf(y)
}
