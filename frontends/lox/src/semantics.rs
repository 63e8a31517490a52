//! What each instruction means: written once, for the interpreter and for every compiler.
//!
//! A handler is generic over the [`Machine`] it runs on. `spec` marks a fast path that an engine may leave out, `rare` a
//! case that it may assume away until it happens, `test` a plain branch; all of them just return the condition when the
//! program is interpreted. What remains goes to a stub ([`crate::stub`]).

use vm_code::{Instruction, OpcodeInfo};
use vm_engine::{
    After, Cond, Context, FixedStub, FloatOp, FrameView, HiddenCode, IntOp, Language, Machine, R, Stub, StubPair,
    SuspendedFrame, Thread, bit,
};
use vm_heap::{ShapeIndex, Value};

use crate::object::*;
use crate::opcode::{OPCODES, Op};
use crate::run::{OUT_OF_MEMORY, STACK_OVERFLOW};
use crate::stub::*;

/// The language, for engines.
pub struct Lox;

impl Language for Lox {
    const NAME: &'static str = "lox";
    const OPCODES: &'static [OpcodeInfo] = OPCODES;
    const SUSPENDED: Option<&'static SuspendedFrame> = None;

    #[inline(always)]
    fn exec<M: Machine>(m: &M, i: &Instruction) -> R {
        // SAFETY: engines run verified code, whose opcodes are those of the table.
        match unsafe { Op::of(i.op) } {
            Op::LoadConstant => m.set(i.a, m.constant(i.d)),
            Op::Move => m.set(i.a, m.get(i.b)),
            Op::Add => arithmetic(m, i, IntOp::Add, FloatOp::Add, &ADD)?,
            Op::Subtract => arithmetic(m, i, IntOp::Sub, FloatOp::Sub, &SUBTRACT)?,
            Op::Multiply => arithmetic(m, i, IntOp::Mul, FloatOp::Mul, &MULTIPLY)?,
            Op::Divide => divide(m, i)?,
            Op::Negate => negate(m, i)?,
            Op::Not => m.set(i.a, m.make_bool(m.not(truth(m, m.get(i.b), i.feedback)?))),
            Op::Equal => m.set(i.a, m.make_bool(equal(m, m.get(i.b), m.get(i.c), i.feedback)?)),
            Op::Less => m.set(i.a, m.make_bool(less(m, m.get(i.b), m.get(i.c), i.feedback)?)),
            Op::LessEqual => m.set(i.a, m.make_bool(m.not(less(m, m.get(i.c), m.get(i.b), i.feedback)?))),
            Op::Jump => m.jump(i.d),
            Op::Loop => m.loop_back(i.d)?,
            Op::JumpIf => branch(m, i, truth(m, m.get(i.a), i.feedback)?),
            Op::JumpIfEqual => branch(m, i, equal(m, m.get(i.a), m.get(i.b), i.feedback)?),
            Op::JumpIfLess => branch(m, i, less(m, m.get(i.a), m.get(i.b), i.feedback)?),
            Op::DefineGlobal => m.store(m.ptr(m.constant(i.d)), GLOBAL_VALUE, m.get(i.a)),
            Op::GetGlobal => get_global(m, i)?,
            Op::SetGlobal => set_global(m, i)?,
            Op::NewCell => new_cell(m, i)?,
            Op::GetCell => m.set(i.a, m.load(m.ptr(m.get(i.b)), CELL_VALUE)),
            Op::SetCell => m.store(m.ptr(m.get(i.a)), CELL_VALUE, m.get(i.b)),
            Op::GetCapture => m.set(i.a, m.load(m.ptr(captured_cell(m, i)), CELL_VALUE)),
            Op::SetCapture => m.store(m.ptr(captured_cell(m, i)), CELL_VALUE, m.get(i.a)),
            Op::GetCaptureCell => m.set(i.a, captured_cell(m, i)),
            Op::Closure => closure(m, i)?,
            Op::Call => call(m, i, m.get(i.b), Site::Speculates(i.feedback))?,
            Op::Invoke => invoke(m, i)?,
            Op::SuperInvoke => super_invoke(m, i)?,
            Op::Return => m.ret(m.get(i.a))?,
            Op::GetProperty => get_property(m, i)?,
            Op::SetProperty => set_property(m, i)?,
            Op::GetSuper => stub_to(m, i, &BIND_SUPER, [m.get(i.b), m.get(i.c), m.constant(i.d)], 0)?,
            Op::Class => stub_to(m, i, &NEW_CLASS, [m.constant(i.d), nothing(m), nothing(m)], 0)?,
            Op::Inherit => run_stub(m, &INHERIT, [m.get(i.a), m.get(i.b), nothing(m)])?,
            Op::Method => run_stub(m, &ADD_METHOD, [m.get(i.a), m.get(i.b), m.constant(i.d)])?,
            Op::Print => run_stub(m, &PRINT, [m.get(i.a), nothing(m), nothing(m)])?,
        }
        Ok(())
    }

    fn stubs() -> &'static [Stub] {
        STUBS
    }
    fn hidden_code() -> Vec<HiddenCode> {
        // No operation of Lox calls back into the language halfway.
        Vec::new()
    }
    fn keeps_shape(shape: ShapeIndex) -> bool {
        shape.0 < INSTANCE.0
    }
    fn own_words(_: ShapeIndex) -> &'static [u32] {
        &[]
    }
    fn pairs() -> &'static [StubPair] {
        &[]
    }
    fn stack_overflow(thread: &Thread) -> Value {
        thread.root(STACK_OVERFLOW)
    }
    fn out_of_memory(thread: &Thread) -> Value {
        thread.root(OUT_OF_MEMORY)
    }
    fn trace(thread: &Thread, exception: Value, frame: &FrameView<'_>, _: bool) -> Value {
        state(thread).add_trace(frame.spot.code, frame.spot.at);
        exception
    }
    fn ended(_: &Thread, _: &FrameView<'_>) {
        unreachable!("Lox observes no frames");
    }
    fn left(_thread: &Thread, _callee: Value) {
        unreachable!("no code of Lox suspends");
    }
    fn complete(_thread: &Thread, _context: Context, _result: Value) -> R<Value> {
        unreachable!("Lox prepares no calls");
    }
    fn poll(_thread: &Thread) -> R {
        // Lox has neither finalizers nor weak references nor signals.
        Ok(())
    }
}

// Small parts.

/// An operand that a stub does not use.
#[inline(always)]
fn nothing<M: Machine>(m: &M) -> M::Val {
    m.word(Value::EMPTY.bits())
}

/// Runs a stub for its effect.
#[inline(always)]
fn run_stub<M: Machine>(m: &M, stub: &'static FixedStub, operands: [M::Val; 3]) -> R {
    m.stub(stub, operands, 0, Instruction::NO_FEEDBACK)?;
    Ok(())
}

/// Runs a stub for its result, which goes to `a`.
#[inline(always)]
fn stub_to<M: Machine>(m: &M, i: &Instruction, stub: &'static FixedStub, operands: [M::Val; 3], immediate: i32) -> R {
    m.set(i.a, m.stub(stub, operands, immediate, Instruction::NO_FEEDBACK)?);
    Ok(())
}

#[inline(always)]
fn is_shape<M: Machine>(m: &M, p: M::Ptr, shape: ShapeIndex) -> M::Bool {
    m.int_cmp(Cond::Eq, m.shape(p), m.int_const(i64::from(shape.0)))
}

#[inline(always)]
fn branch<M: Machine>(m: &M, i: &Instruction, condition: M::Bool) {
    if m.test(condition) == (i.c != 0) {
        m.jump(i.d);
    }
}

// Operators. Numbers are doubles; whole ones are small integers as long as no one can tell.

/// Both operands as doubles, unless both are integers or one is no number.
#[inline(always)]
fn floats<M: Machine>(m: &M, a: M::Val, b: M::Val, feedback: u32) -> Option<(M::Flt, M::Flt)> {
    if m.spec(m.both_float(a, b), feedback, bit::FLOAT) {
        Some((m.float(a), m.float(b)))
    } else if m.spec(m.is_float(a), feedback, bit::SECOND) && m.spec(m.is_int(b), feedback, bit::SECOND) {
        Some((m.float(a), m.int_to_float(m.int(b))))
    } else if m.spec(m.is_int(a), feedback, bit::THIRD) && m.spec(m.is_float(b), feedback, bit::THIRD) {
        Some((m.int_to_float(m.int(a)), m.float(b)))
    } else {
        None
    }
}

#[inline(always)]
fn arithmetic<M: Machine>(m: &M, i: &Instruction, int: IntOp, float: FloatOp, slow: &'static FixedStub) -> R {
    let (a, b) = (m.get(i.b), m.get(i.c));
    if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        let (result, overflow) = m.int_arith(int, m.int(a), m.int(b));
        if !m.rare(overflow, i.feedback, bit::RARE) && !needs_zero_sign(m, i, int, result) {
            m.set(i.a, m.make_int(result));
            return Ok(());
        }
    } else if let Some((x, y)) = floats(m, a, b, i.feedback) {
        m.set(i.a, m.make_float(m.float_op(float, x, y)));
        return Ok(());
    }
    m.set(i.a, m.stub(slow, [a, b, nothing(m)], 0, i.feedback)?);
    Ok(())
}

/// Is this a product that may be `-0`, which integers lack?
#[inline(always)]
fn needs_zero_sign<M: Machine>(m: &M, i: &Instruction, int: IntOp, result: M::Int) -> bool {
    int == IntOp::Mul && m.rare(m.int_cmp(Cond::Eq, result, m.int_const(0)), i.feedback, bit::RARE)
}

#[inline(always)]
fn divide<M: Machine>(m: &M, i: &Instruction) -> R {
    let (a, b) = (m.get(i.b), m.get(i.c));
    let operands = if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        Some((m.int_to_float(m.int(a)), m.int_to_float(m.int(b))))
    } else {
        floats(m, a, b, i.feedback)
    };
    if let Some((x, y)) = operands {
        m.set(i.a, m.make_float(m.float_op(FloatOp::Div, x, y)));
        return Ok(());
    }
    m.set(i.a, m.stub(&DIVIDE, [a, b, nothing(m)], 0, i.feedback)?);
    Ok(())
}

#[inline(always)]
fn negate<M: Machine>(m: &M, i: &Instruction) -> R {
    let a = m.get(i.b);
    if m.spec(m.is_int(a), i.feedback, bit::INT) {
        let (zero, x) = (m.int_const(0), m.int(a));
        let (result, overflow) = m.int_arith(IntOp::Sub, zero, x);
        if !m.rare(overflow, i.feedback, bit::RARE) && !m.rare(m.int_cmp(Cond::Eq, x, zero), i.feedback, bit::RARE) {
            m.set(i.a, m.make_int(result));
            return Ok(());
        }
    } else if m.spec(m.is_float(a), i.feedback, bit::FLOAT) {
        let x = m.float(a);
        m.set(i.a, m.make_float(m.float_op(FloatOp::Neg, x, x)));
        return Ok(());
    }
    m.set(i.a, m.stub(&NEGATE, [a, nothing(m), nothing(m)], 0, i.feedback)?);
    Ok(())
}

#[inline(always)]
fn less<M: Machine>(m: &M, a: M::Val, b: M::Val, feedback: u32) -> R<M::Bool> {
    if m.spec(m.both_int(a, b), feedback, bit::INT) {
        return Ok(m.int_cmp(Cond::Lt, m.int(a), m.int(b)));
    }
    if let Some((x, y)) = floats(m, a, b, feedback) {
        return Ok(m.float_cmp(Cond::Lt, x, y));
    }
    Ok(m.boolean(m.stub(&LESS, [a, b, nothing(m)], 0, feedback)?))
}

#[inline(always)]
fn equal<M: Machine>(m: &M, a: M::Val, b: M::Val, feedback: u32) -> R<M::Bool> {
    if m.spec(m.both_int(a, b), feedback, bit::INT) {
        return Ok(m.int_cmp(Cond::Eq, m.int(a), m.int(b)));
    }
    if m.spec(m.both_float(a, b), feedback, bit::FLOAT) {
        return Ok(m.float_cmp(Cond::Eq, m.float(a), m.float(b)));
    }
    if m.spec(m.is_word(b, Value::NONE.bits()), feedback, bit::SECOND) {
        return Ok(m.is_word(a, Value::NONE.bits()));
    }
    if m.spec(m.is_object(a), feedback, bit::OBJECT) && m.spec(m.is_object(b), feedback, bit::OBJECT) {
        // Equal strings may be two objects.
        if m.test(m.not(is_shape(m, m.ptr(a), STRING))) {
            return Ok(m.same(a, b));
        }
    }
    Ok(m.boolean(m.stub(&EQUAL, [a, b, nothing(m)], 0, feedback)?))
}

/// Whether a value counts as true: all but `nil` and `false`.
#[inline(always)]
fn truth<M: Machine>(m: &M, v: M::Val, feedback: u32) -> R<M::Bool> {
    if m.spec(m.is_bool(v), feedback, bit::INT) {
        return Ok(m.boolean(v));
    }
    if m.spec(m.is_object(v), feedback, bit::OBJECT) {
        return Ok(m.bool_const(true));
    }
    if m.spec(m.is_word(v, Value::NONE.bits()), feedback, bit::SECOND) {
        return Ok(m.bool_const(false));
    }
    Ok(m.boolean(m.stub(&TRUTH, [v, nothing(m), nothing(m)], 0, feedback)?))
}

// Variables.

#[inline(always)]
fn get_global<M: Machine>(m: &M, i: &Instruction) -> R {
    let global = m.constant(i.d);
    let value = m.load(m.ptr(global), GLOBAL_VALUE);
    if m.rare(m.is_word(value, Value::EMPTY.bits()), i.feedback, bit::RARE) {
        return stub_to(m, i, &UNDEFINED, [global, nothing(m), nothing(m)], 0);
    }
    m.set(i.a, value);
    Ok(())
}

#[inline(always)]
fn set_global<M: Machine>(m: &M, i: &Instruction) -> R {
    let global = m.constant(i.d);
    let old = m.load(m.ptr(global), GLOBAL_VALUE);
    if m.rare(m.is_word(old, Value::EMPTY.bits()), i.feedback, bit::RARE) {
        return run_stub(m, &UNDEFINED, [global, nothing(m), nothing(m)]);
    }
    m.store(m.ptr(global), GLOBAL_VALUE, m.get(i.a));
    Ok(())
}

#[inline(always)]
fn new_cell<M: Machine>(m: &M, i: &Instruction) -> R {
    let value = m.get(i.b);
    let cell = m.alloc(CELL, 2)?;
    m.init(cell, CELL_VALUE, value);
    m.set(i.a, m.make_object(cell));
    Ok(())
}

#[inline(always)]
fn captured_cell<M: Machine>(m: &M, i: &Instruction) -> M::Val {
    m.load(m.ptr(m.function()), CLOSURE_CELLS + 8 * i.d as u32)
}

#[inline(always)]
fn closure<M: Machine>(m: &M, i: &Instruction) -> R {
    let count = u32::from(i.c);
    let closure = m.alloc(CLOSURE, CLOSURE_WORDS + count)?;
    // The length of a value array: the code index and the cells.
    m.init_word(closure, 8, m.int_const(i64::from(count) + 1));
    m.init(closure, CLOSURE_CODE, m.constant(i.d));
    for cell in 0..i.c {
        m.init(closure, CLOSURE_CELLS + 8 * u32::from(cell), m.get(i.b + cell));
    }
    m.set(i.a, m.make_object(closure));
    Ok(())
}

// Calls. The window is that of `crate::opcode`.

/// Whether a call may speculate on its callee, recording what it finds in this slot, or is on a slow path already, where
/// nothing may be assumed any more.
#[derive(Clone, Copy)]
enum Site {
    Speculates(u32),
    Plain,
}

impl Site {
    #[inline(always)]
    fn seldom<M: Machine>(self, m: &M, condition: M::Bool, bit: u32) -> bool {
        match self {
            Site::Speculates(feedback) => m.rare(condition, feedback, bit),
            Site::Plain => m.test(condition),
        }
    }
    #[inline(always)]
    fn expect<M: Machine>(self, m: &M, x: M::Int) -> M::Int {
        match self {
            Site::Speculates(feedback) => m.expect(x, feedback),
            Site::Plain => x,
        }
    }
}

/// Calls any value with the arguments in the window.
#[inline(always)]
fn call<M: Machine>(m: &M, i: &Instruction, callee: M::Val, site: Site) -> R {
    if !site.seldom(m, m.not(m.is_object(callee)), bit::OTHER) {
        let p = m.ptr(callee);
        if !site.seldom(m, m.not(is_shape(m, p, CLOSURE)), bit::OBJECT) {
            return enter(m, i, callee, callee, site);
        }
        if !site.seldom(m, m.not(is_shape(m, p, CLASS)), bit::SECOND) {
            return construct(m, i, callee, site);
        }
        if !site.seldom(m, m.not(is_shape(m, p, BOUND_METHOD)), bit::THIRD) {
            return enter(m, i, m.load(p, BOUND_CLOSURE), m.load(p, BOUND_RECEIVER), site);
        }
    }
    stub_to(m, i, &CALL_OTHER, [callee, nothing(m), nothing(m)], 0)
}

#[inline(always)]
fn code_of<M: Machine>(m: &M, closure: M::Val) -> M::Int {
    m.int(m.load(m.ptr(closure), CLOSURE_CODE))
}

/// Calls a closure with a receiver.
#[inline(always)]
fn enter<M: Machine>(m: &M, i: &Instruction, closure: M::Val, receiver: M::Val, site: Site) -> R {
    let code = m.code(site.expect(m, code_of(m, closure)));
    if m.test(wrong_arity(m, i, code)) {
        return stub_to(m, i, &ARITY, [closure, nothing(m), nothing(m)], i32::from(i.c));
    }
    m.set(i.b, receiver);
    invoke_window(m, i, code, closure)
}

#[inline(always)]
fn wrong_arity<M: Machine>(m: &M, i: &Instruction, code: M::Code) -> M::Bool {
    m.int_cmp(Cond::Ne, m.simple_parameters(code), m.int_const(i64::from(i.c) + 1))
}

/// Calls `code`, of `closure`, with the receiver and the arguments in the window.
#[inline(always)]
fn invoke_window<M: Machine>(m: &M, i: &Instruction, code: M::Code, closure: M::Val) -> R {
    m.set(i.b - 1, closure);
    m.invoke(code, i.b - 1, i.c + 1, i.a, After::Next)
}

/// Makes an instance, and calls its `init` if there is one.
#[inline(always)]
fn construct<M: Machine>(m: &M, i: &Instruction, class: M::Val, site: Site) -> R {
    let p = m.ptr(class);
    let (init, shape) = (m.load(p, CLASS_INIT), m.int(m.load(p, CLASS_SHAPE)));
    if m.test(m.is_word(init, Value::EMPTY.bits())) {
        if i.c != 0 {
            return stub_to(m, i, &ARITY, [class, nothing(m), nothing(m)], i32::from(i.c));
        }
        m.set(i.a, new_instance(m, class, shape)?);
        return Ok(());
    }
    let code = m.code(site.expect(m, code_of(m, init)));
    if m.test(wrong_arity(m, i, code)) {
        return stub_to(m, i, &ARITY, [init, nothing(m), nothing(m)], i32::from(i.c));
    }
    m.set(i.b, new_instance(m, class, shape)?);
    invoke_window(m, i, code, init)
}

#[inline(always)]
fn new_instance<M: Machine>(m: &M, class: M::Val, shape: M::Int) -> R<M::Val> {
    let instance = m.alloc(INSTANCE, INSTANCE_WORDS)?;
    m.init(instance, INSTANCE_CLASS, class);
    m.set_shape(instance, shape);
    Ok(m.make_object(instance))
}

#[inline(always)]
fn invoke<M: Machine>(m: &M, i: &Instruction) -> R {
    let receiver = m.get(i.b);
    if has_cached_shape(m, receiver, i.feedback) {
        return invoke_cached(m, i);
    }
    let method = m.stub(&FIND_METHOD, [receiver, m.constant(i.d), nothing(m)], 0, i.feedback)?;
    if m.test(is_shape(m, m.ptr(method), CELL)) {
        return call(m, i, m.load(m.ptr(method), CELL_VALUE), Site::Plain);
    }
    enter(m, i, method, receiver, Site::Plain)
}

#[inline(always)]
fn super_invoke<M: Machine>(m: &M, i: &Instruction) -> R {
    let superclass = m.get(i.b + 1 + i.c);
    let shape = m.int(m.load(m.ptr(superclass), CLASS_SHAPE));
    if m.spec(m.int_cmp(Cond::Eq, shape, m.cached_shape(i.feedback)), i.feedback, bit::CACHED) {
        return invoke_cached(m, i);
    }
    let method = m.stub(&FIND_SUPER, [superclass, m.constant(i.d), nothing(m)], 0, i.feedback)?;
    enter(m, i, method, m.get(i.b), Site::Plain)
}

/// Calls the method in the inline cache, whose payload is the index of its code.
#[inline(always)]
fn invoke_cached<M: Machine>(m: &M, i: &Instruction) -> R {
    let (method, code) = (m.cached_value(i.feedback), m.code(m.cached_payload(i.feedback)));
    if m.test(wrong_arity(m, i, code)) {
        return stub_to(m, i, &ARITY, [method, nothing(m), nothing(m)], i32::from(i.c));
    }
    invoke_window(m, i, code, method)
}

// Properties. The payload of their inline caches is a place (`crate::object::field_place`) or `METHOD`.

#[inline(always)]
fn has_cached_shape<M: Machine>(m: &M, v: M::Val, feedback: u32) -> bool {
    m.spec(m.is_object(v), feedback, bit::CACHED)
        && m.spec(m.int_cmp(Cond::Eq, m.shape(m.ptr(v)), m.cached_shape(feedback)), feedback, bit::CACHED)
}

#[inline(always)]
fn is_inside<M: Machine>(m: &M, place: M::Int) -> M::Bool {
    m.int_cmp(Cond::ULt, place, m.int_const(i64::from(INSTANCE_BYTES)))
}

/// Array and index of a field that is not inside its instance.
#[inline(always)]
fn overflow<M: Machine>(m: &M, instance: M::Ptr, place: M::Int) -> (M::Ptr, M::Int) {
    let index = m.int_op(IntOp::Sub, place, m.int_const(i64::from(INSTANCE_BYTES)));
    (m.ptr(m.load(instance, INSTANCE_OVERFLOW)), index)
}

#[inline(always)]
fn get_property<M: Machine>(m: &M, i: &Instruction) -> R {
    let receiver = m.get(i.b);
    if !has_cached_shape(m, receiver, i.feedback) {
        m.set(i.a, m.stub(&GET_PROPERTY, [receiver, m.constant(i.d), nothing(m)], 0, i.feedback)?);
        return Ok(());
    }
    let (p, place) = (m.ptr(receiver), m.cached_payload(i.feedback));
    let value = if m.test(is_inside(m, place)) {
        m.load_at(p, place)
    } else if m.test(m.int_cmp(Cond::Eq, place, m.int_const(i64::from(METHOD)))) {
        let method = m.cached_value(i.feedback);
        let bound = m.alloc(BOUND_METHOD, BOUND_WORDS)?;
        m.init(bound, BOUND_RECEIVER, receiver);
        m.init(bound, BOUND_CLOSURE, method);
        m.make_object(bound)
    } else {
        let (array, index) = overflow(m, p, place);
        m.load_element(array, index)
    };
    m.set(i.a, value);
    Ok(())
}

#[inline(always)]
fn set_property<M: Machine>(m: &M, i: &Instruction) -> R {
    let (receiver, value) = (m.get(i.a), m.get(i.b));
    if !has_cached_shape(m, receiver, i.feedback) {
        m.stub(&SET_PROPERTY, [receiver, m.constant(i.d), value], 0, i.feedback)?;
        return Ok(());
    }
    let (p, place, next) = (m.ptr(receiver), m.cached_payload(i.feedback), m.cached_value(i.feedback));
    if m.test(m.is_int(next)) {
        // The field is new: the instance changes its shape.
        m.store_at(p, place, value);
        m.set_shape(p, m.int(next));
    } else if m.test(is_inside(m, place)) {
        m.store_at(p, place, value);
    } else {
        let (array, index) = overflow(m, p, place);
        m.store_element(array, index, value);
    }
    Ok(())
}
