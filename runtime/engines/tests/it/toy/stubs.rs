//! The toy's call stubs: calls that fill in missing arguments, objects that suspend, and what depends on a version.
//!
//! A generator holds its code, an array with its frame's registers, the position to go on at, and its state. While it is suspended the
//! array holds what `Suspension` says; its running function is the generator itself.

use super::{BOX, CODE_OF, EXHAUSTED, FUNCTION, JUMP_IF_END, LOOP, NEXT, PASS_ON, TYPE_ERROR, info};
use std::cell::Cell;
use vm_api::code::{Code, Effects};
use vm_api::engine::{
    CallArguments, CodeIndex, Context, Delegation, ENTER, FeedbackSlot, FixedCallStub, FixedStub, R, Stop,
    SuspendedFrame, Thread, WindowCallStub, WindowStub,
};
use vm_api::heap::{Layout, Object, ShapeIndex, Value};

pub(super) const GENERATOR: ShapeIndex = ShapeIndex(ShapeIndex::FIRST.0 + 2);
pub(super) const ARRAY: ShapeIndex = ShapeIndex(ShapeIndex::FIRST.0 + 3);
/// What a generator's resumption gives when it has come to its end.
pub(crate) const END: Value = Value::special(102);

/// Words of a generator.
const CODE: usize = 1;
const REGISTERS: usize = 2;
const POSITION: usize = 3;
const STATE: usize = 4;
/// All of them; position and state are raw.
pub(super) const GENERATOR_LAYOUT: Layout = Layout::Bitmap { words: 5, bits: 1 << CODE | 1 << REGISTERS };
/// States.
const RUNNING: u64 = 2;
pub(super) const FINISHED: u64 = 3;
pub(super) static FRAME: SuspendedFrame = SuspendedFrame {
    registers: 8 * REGISTERS as u32,
    position: 8 * POSITION as u32,
    state: 8 * STATE as u32,
    suspended: 1,
    running: RUNNING,
    shapes: &[GENERATOR],
    code: 8 * CODE as u32,
    settled: &[],
    settled_root: None,
    delegation: Some(Delegation { resume: NEXT, test: JUMP_IF_END, suspend: PASS_ON, back: LOOP }),
};

/// The roots: a number that `SCALE` multiplies by, and the version of what slots know about it.
pub(super) const SCALE: u32 = 0;
pub(super) const VERSION: u32 = 1;

/// The end of a stub that raises.
fn done(result: R<Value>) -> Value {
    result.unwrap_or(Value::EMPTY)
}

fn of_shape(thread: &Thread, v: Value, shape: ShapeIndex) -> R<Object> {
    Object::from_value(v).filter(|o| o.shape() == shape).ok_or_else(|| thread.raise(TYPE_ERROR))
}

fn code_of(thread: &Thread, function: Object) -> (CodeIndex, std::sync::Arc<Code>) {
    let index = CodeIndex(function.get(CODE_OF).as_int() as u32);
    (index, thread.ops().code(thread, index).clone())
}

/// Calls a function with the arguments in the window, and `NONE` for those that are missing; what is no function is the
/// result itself.
unsafe extern "C" fn call_filled(
    thread: &Thread,
    _: *mut FeedbackSlot,
    window: *const Value,
    count: usize,
    _: i32,
) -> Value {
    // SAFETY: the window has `count` registers.
    let window = unsafe { std::slice::from_raw_parts(window, count) };
    let Ok(function) = of_shape(thread, window[0], FUNCTION) else {
        thread.take_exception();
        return window[0];
    };
    let (index, code) = code_of(thread, function);
    let wanted = code.parameters.registers();
    let given = &window[1..];
    let mut arguments = [Value::NONE; 4];
    if given.len() > wanted || wanted > arguments.len() {
        thread.raise(TYPE_ERROR);
        return Value::EMPTY;
    }
    arguments[..given.len()].copy_from_slice(given);
    done(thread.ops().prepare_call(thread, index, window[0], CallArguments::plain(&arguments[..wanted])))
}

/// Calls the function after the box in the window; completed by adding what is in the box.
unsafe extern "C" fn call_adding(
    thread: &Thread,
    _: *mut FeedbackSlot,
    window: *const Value,
    count: usize,
    _: i32,
) -> Value {
    // SAFETY: the window has `count` registers.
    let window = unsafe { std::slice::from_raw_parts(window, count) };
    let prepare = || {
        of_shape(thread, window[0], BOX)?;
        let (index, code) = code_of(thread, of_shape(thread, window[1], FUNCTION)?);
        if code.parameters.registers() != count - 2 {
            return Err(thread.raise(TYPE_ERROR));
        }
        let context = [Value::NONE, Value::int(7), window[0], window[1]];
        thread.ops().prepare_completed(thread, index, window[1], CallArguments::plain(&window[2..]), &context)
    };
    done(prepare())
}
unsafe extern "C" fn call_adding_wholly(
    thread: &Thread,
    slot: *mut FeedbackSlot,
    window: *const Value,
    count: usize,
    immediate: i32,
) -> Value {
    // SAFETY: the caller's.
    thread.complete(unsafe { call_adding(thread, slot, window, count, immediate) })
}
pub(super) static CALL_ADDING_OF: WindowCallStub =
    WindowCallStub { info: info("call_adding_of", Effects::ANY), prepare: call_adding, function: call_adding_wholly };

/// Adds the result to what is in the box. Allocates, so that a collector sees the caller as it is now.
pub(super) fn complete(thread: &Thread, context: Context, result: Value) -> R<Value> {
    assert_eq!(context[..2], [Value::NONE, Value::int(7)]);
    of_shape(thread, context[3], FUNCTION)?;
    if !result.is_int() {
        return Err(thread.raise(TYPE_ERROR));
    }
    thread.heap().alloc(BOX, 4).map_err(|_| thread.raise(EXHAUSTED))?;
    let content = Object::of(context[2]).get(1);
    Ok(Value::int(content.as_int() + result.as_int()))
}
unsafe extern "C" fn call_filled_wholly(
    thread: &Thread,
    slot: *mut FeedbackSlot,
    window: *const Value,
    count: usize,
    immediate: i32,
) -> Value {
    // SAFETY: the caller's.
    thread.complete(unsafe { call_filled(thread, slot, window, count, immediate) })
}
pub(super) static CALL_FILLED_OF: WindowCallStub =
    WindowCallStub { info: info("call_filled_of", Effects::ANY), prepare: call_filled, function: call_filled_wholly };

/// A generator of the function in the window, with arguments.
unsafe extern "C" fn generate(
    thread: &Thread,
    _: *mut FeedbackSlot,
    window: *const Value,
    count: usize,
    _: i32,
) -> Value {
    let make = || -> R<Value> {
        // SAFETY: the window has `count` registers, re-read after each allocation.
        let at = |i: usize| unsafe { *window.add(i) };
        let (index, code) = code_of(thread, of_shape(thread, at(0), FUNCTION)?);
        if code.parameters.registers() != count - 1 || code.suspensions.is_empty() {
            return Err(thread.raise(TYPE_ERROR));
        }
        let full = |_| -> Stop { thread.raise(EXHAUSTED) };
        let length = usize::from(code.registers);
        let array = thread.heap().alloc(ARRAY, 2 + length).map_err(full)?;
        array.set_word(1, length as u64);
        for i in 1..count {
            array.init(1 + i, at(i));
        }
        // `array` is on the native stack, which is scanned.
        let generator = thread.heap().alloc(GENERATOR, 5).map_err(full)?;
        generator.init(CODE, Value::int(i64::from(index.0)));
        generator.init(REGISTERS, array.value());
        Ok(generator.value())
    };
    done(make())
}
pub(super) static GENERATE_OF: WindowStub =
    WindowStub { info: info("generate_of", Effects::ALLOCATES), function: generate };

/// Prepares a generator's frame with a sent value, or to raise; `END` if it is finished.
fn wake(thread: &Thread, generator: Value, sent: Option<Value>) -> R<Value> {
    let object = of_shape(thread, generator, GENERATOR)?;
    match object.word(STATE) {
        FINISHED => Ok(END),
        RUNNING => Err(thread.raise(TYPE_ERROR)),
        _ => thread.ops().prepare_resume(thread, generator, sent),
    }
}

unsafe extern "C" fn resume(
    thread: &Thread,
    _: *mut FeedbackSlot,
    generator: Value,
    sent: Value,
    _: Value,
    _: i32,
) -> Value {
    done(wake(thread, generator, Some(sent)))
}
unsafe extern "C" fn resume_wholly(
    thread: &Thread,
    slot: *mut FeedbackSlot,
    generator: Value,
    sent: Value,
    unused: Value,
    immediate: i32,
) -> Value {
    // SAFETY: the caller's.
    thread.complete(unsafe { resume(thread, slot, generator, sent, unused, immediate) })
}
pub(super) static RESUME: FixedCallStub =
    FixedCallStub { info: info("resume", Effects::ANY), prepare: resume, function: resume_wholly };

/// Raises an exception in a generator, or here if it is finished.
unsafe extern "C" fn throw(
    thread: &Thread,
    _: *mut FeedbackSlot,
    generator: Value,
    exception: Value,
    _: Value,
    _: i32,
) -> Value {
    let thrown = wake(thread, generator, None).and_then(|prepared| {
        thread.raise(exception);
        if prepared == ENTER { thread.ops().run_prepared_raising(thread) } else { Err(Stop) }
    });
    done(thrown)
}
pub(super) static THROW_INTO: FixedCallStub =
    FixedCallStub { info: info("throw_into", Effects::ANY), prepare: throw, function: throw };

/// Marks a generator that will not be resumed.
pub(super) fn finish(generator: Value) {
    Object::of(generator).set_word(STATE, FINISHED);
}

/// A number times the scale; fills the slot with the scale if it is a small one.
unsafe extern "C" fn scale(thread: &Thread, slot: *mut FeedbackSlot, x: Value, _: Value, _: Value, _: i32) -> Value {
    if !x.is_int() {
        thread.raise(TYPE_ERROR);
        return Value::EMPTY;
    }
    let by = thread.root(SCALE).as_int();
    // SAFETY: the instruction has a slot.
    unsafe { (*slot).fill(FeedbackSlot::make_key(1, by as u32), Value::EMPTY) };
    Value::int(x.as_int() * by)
}
pub(super) static SCALE_SLOW: FixedStub = FixedStub { info: info("scale_slow", Effects::ALLOCATES), function: scale };

/// Sets the scale.
unsafe extern "C" fn set_scale(thread: &Thread, _: *mut FeedbackSlot, to: Value, _: Value, _: Value, _: i32) -> Value {
    thread.set_root(SCALE, to);
    thread.set_root(VERSION, Value::int(thread.root(VERSION).as_int() + 1));
    thread.ops().flush_caches(thread);
    Value::NONE
}
pub(super) static SET_SCALE_TO: FixedStub =
    FixedStub { info: info("set_scale_to", Effects::WRITES), function: set_scale };

/// Number of frames on the stack, and the sum of their positions times 1000.
unsafe extern "C" fn frames(thread: &Thread, _: *mut FeedbackSlot, _: Value, _: Value, _: Value, _: i32) -> Value {
    let mut sum = 0;
    thread.ops().walk_frames(thread, &mut |code, at, callee| {
        assert_eq!(Object::of(callee).get(CODE_OF), Value::int(i64::from(code.0)), "the function runs its code");
        sum += 1 + 1000 * i64::from(at);
        true
    });
    Value::int(sum)
}
pub(super) static FRAMES_OF: FixedStub = FixedStub { info: info("frames_of", Effects::ANY), function: frames };

/// Sum of the integers in the running frame's named variables.
unsafe extern "C" fn sum_variables(
    thread: &Thread,
    _: *mut FeedbackSlot,
    _: Value,
    _: Value,
    _: Value,
    _: i32,
) -> Value {
    let mut sum = None;
    thread.ops().current_frame(thread, &mut |index, _, _, registers| {
        let named = thread.ops().code(thread, index).variables.len();
        sum = Some(registers[..named].iter().map(Cell::get).filter(|v| v.is_int()).map(Value::as_int).sum());
    });
    Value::int(sum.expect("a frame is running"))
}
pub(super) static SUM_VARIABLES_OF: FixedStub =
    FixedStub { info: info("sum_variables_of", Effects::ANY), function: sum_variables };
