//! What each instruction means. Written once: the interpreter and the compilers are instantiations of it.

use crate::opcode::*;
use crate::run::{NOT_A_NUMBER, NOT_A_TRUTH, OUT_OF_MEMORY, STACK_OVERFLOW, State};
use std::fmt::Write;
use vm_api::code::{Effects, Instruction, OpcodeInfo, StubInfo};
use vm_api::engine::{
    After, Cond, Context, FeedbackSlot, FixedStub, FloatOp, FrameView, HiddenCode, IntOp, Language, Machine, R, Stub,
    StubPair, SuspendedFrame, Thread, bit,
};
use vm_api::heap::{ShapeIndex, Value};

/// The shape of functions, the only objects: one word beside the header, the index of the code.
pub const FUNCTION: ShapeIndex = ShapeIndex(ShapeIndex::FIRST.0);
/// Offset of that word in bytes.
const FUNCTION_CODE: u32 = 8;

/// The language, for engines.
pub struct Tally;

impl Language for Tally {
    const NAME: &'static str = "tally";
    const OPCODES: &'static [OpcodeInfo] = OPCODES;
    const SUSPENDED: Option<&'static SuspendedFrame> = None;

    #[inline(always)]
    fn exec<M: Machine>(m: &M, i: &Instruction) -> R {
        match i.op {
            CONSTANT => m.set(i.a, m.constant(i.d)),
            MOVE => m.set(i.a, m.get(i.b)),
            ADD => arithmetic(m, i, IntOp::Add, FloatOp::Add, &ADD_SLOW)?,
            SUBTRACT => arithmetic(m, i, IntOp::Sub, FloatOp::Sub, &SUBTRACT_SLOW)?,
            MULTIPLY => arithmetic(m, i, IntOp::Mul, FloatOp::Mul, &MULTIPLY_SLOW)?,
            LESS => less(m, i)?,
            JUMP_UNLESS => {
                let condition = m.get(i.a);
                if m.test(m.not(m.is_bool(condition))) {
                    return m.raise(m.word(NOT_A_TRUTH.bits()));
                }
                if !m.test(m.boolean(condition)) {
                    m.jump(i.d);
                }
            }
            LOOP => m.loop_back(i.d)?,
            CALL => return call(m, i),
            RETURN => return m.ret(m.get(i.a)),
            PRINT => _ = m.stub(&PRINT_VALUE, [m.get(i.a), nothing(m), nothing(m)], 0, Instruction::NO_FEEDBACK)?,
            _ => unreachable!("engines run verified code"),
        }
        Ok(())
    }

    fn stubs() -> &'static [Stub] {
        STUBS
    }
    fn hidden_code() -> Vec<HiddenCode> {
        // No operation calls back into the program halfway.
        Vec::new()
    }
    fn keeps_shape(_: ShapeIndex) -> bool {
        true
    }
    fn own_words(_: ShapeIndex) -> &'static [u32] {
        &[]
    }
    fn pairs() -> &'static [StubPair] {
        &[]
    }
    fn stack_overflow(_: &Thread) -> Value {
        STACK_OVERFLOW
    }
    fn out_of_memory(_: &Thread) -> Value {
        OUT_OF_MEMORY
    }
    fn trace(thread: &Thread, exception: Value, frame: &FrameView<'_>, _: bool) -> Value {
        state(thread).trace.borrow_mut().push(frame.code.positions[frame.spot.at as usize].line);
        exception
    }
    fn ended(_: &Thread, _: &FrameView<'_>) {
        unreachable!("nobody observes frames");
    }
    fn left(_: &Thread, _: Value) {
        unreachable!("no code suspends");
    }
    fn complete(_: &Thread, _: Context, _: Value) -> R<Value> {
        unreachable!("no stub prepares calls");
    }
    fn poll(_: &Thread) -> R {
        // No finalizers, no weak references, no signals.
        Ok(())
    }
}

/// An operand that a stub does not use.
#[inline(always)]
fn nothing<M: Machine>(m: &M) -> M::Val {
    m.word(Value::EMPTY.bits())
}

/// `a` = `b` op `c`: two fast paths, and a stub for everything else.
#[inline(always)]
fn arithmetic<M: Machine>(m: &M, i: &Instruction, int: IntOp, float: FloatOp, slow: &'static FixedStub) -> R {
    let (a, b) = (m.get(i.b), m.get(i.c));
    if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        let (result, overflow) = m.int_arith(int, m.int(a), m.int(b));
        if !m.rare(overflow, i.feedback, bit::RARE) {
            m.set(i.a, m.make_int(result));
            return Ok(());
        }
    } else if m.spec(m.both_float(a, b), i.feedback, bit::FLOAT) {
        m.set(i.a, m.make_float(m.float_op(float, m.float(a), m.float(b))));
        return Ok(());
    }
    m.set(i.a, m.stub(slow, [a, b, nothing(m)], 0, i.feedback)?);
    Ok(())
}

#[inline(always)]
fn less<M: Machine>(m: &M, i: &Instruction) -> R {
    let (a, b) = (m.get(i.b), m.get(i.c));
    let result = if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        m.make_bool(m.int_cmp(Cond::Lt, m.int(a), m.int(b)))
    } else if m.spec(m.both_float(a, b), i.feedback, bit::FLOAT) {
        m.make_bool(m.float_cmp(Cond::Lt, m.float(a), m.float(b)))
    } else {
        m.stub(&LESS_SLOW, [a, b, nothing(m)], 0, i.feedback)?
    };
    m.set(i.a, result);
    Ok(())
}

/// Calls function `d`, which the compiler has counted the arguments for. It is a root of the language, so collectors see it.
#[inline(always)]
fn call<M: Machine>(m: &M, i: &Instruction) -> R {
    let function = m.root(i.d as u32);
    let code = m.code(m.expect(m.int(m.load(m.ptr(function), FUNCTION_CODE)), i.feedback));
    m.set(i.b, function);
    m.invoke(code, i.b, i.c, i.a, After::Next)
}

// Slow paths: right for all operands.

/// Declares the stubs, and their table.
macro_rules! stubs {
    ($($name:ident $text:literal $effects:ident = $function:expr;)*) => {
        $(static $name: FixedStub = FixedStub {
            info: StubInfo { name: $text, effects: Effects::$effects },
            function: {
                extern "C" fn enter(thread: &Thread, slot: *mut FeedbackSlot, a: Value, b: Value, _: Value, _: i32) -> Value {
                    // SAFETY: engines pass null or a live slot, which is the stub's alone until it returns.
                    if let Some(slot) = unsafe { slot.as_mut() } && !a.both_int(b) {
                        slot.bits |= bit::OTHER;
                    }
                    $function(thread, a, b)
                }
                enter
            },
        };)*
        static STUBS: &[Stub] = &[$(Stub::Fixed(&$name)),*];
    };
}

stubs! {
    ADD_SLOW "add_slow" ALLOCATES = |thread, a, b| compute(thread, a, b, |x, y| Value::float(x + y));
    SUBTRACT_SLOW "subtract_slow" ALLOCATES = |thread, a, b| compute(thread, a, b, |x, y| Value::float(x - y));
    MULTIPLY_SLOW "multiply_slow" ALLOCATES = |thread, a, b| compute(thread, a, b, |x, y| Value::float(x * y));
    LESS_SLOW "less_slow" ALLOCATES = |thread, a, b| compute(thread, a, b, |x, y| Value::bool(x < y));
    PRINT_VALUE "print_value" WRITES = print;
}

/// A number as a double, whatever represents it.
fn number(v: Value) -> Option<f64> {
    if v.is_int() {
        Some(v.as_int() as f64)
    } else if v.is_float() {
        Some(v.as_float())
    } else {
        None
    }
}

fn compute(thread: &Thread, a: Value, b: Value, result: fn(f64, f64) -> Value) -> Value {
    match (number(a), number(b)) {
        (Some(x), Some(y)) => result(x, y),
        _ => {
            thread.raise(NOT_A_NUMBER);
            Value::EMPTY
        }
    }
}

fn print(thread: &Thread, v: Value, _: Value) -> Value {
    let mut output = state(thread).output.borrow_mut();
    // Writing to a string does not fail.
    _ = match number(v) {
        Some(number) => writeln!(output, "{number}"),
        None => writeln!(output, "{}", v.as_bool()),
    };
    Value::NONE
}

fn state(thread: &Thread) -> &State {
    // SAFETY: `run` set it, of this type, before anything of this language ran on the thread.
    unsafe { thread.language() }
}
