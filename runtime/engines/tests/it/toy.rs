//! A language with what Lox lacks: operators that call back into the program halfway (hidden code, both ways of taking the
//! result), exceptions that are caught, calls that native code prepares, generators. Values are integers, floats, truth
//! values, functions, generators, and boxes: a box holds a value, a function that adds, and a function that tells its truth.

mod stubs;

pub(crate) use stubs::END;

use std::cell::RefCell;
use std::sync::Arc;
use stubs::*;
use vm_api::code::builder::Builder;
use vm_api::code::code::code_flag::HIDDEN;
use vm_api::code::{
    Code, Constant, Effects, Immediate as I, Instruction, OpcodeInfo, Operand as O, Parameters, Position,
    SlotKind as S, StubInfo,
};
use vm_api::engine::{
    After, CodeIndex, Cond, Context, FeedbackSlot, FixedStub, FloatOp, FrameView, HiddenCode, HiddenId, IntOp,
    Language, Machine, R, Stub, StubPair, SuspendedFrame, Thread, WindowStub, bit,
};
use vm_api::heap::{Heap, Layout, Object, ShapeIndex, Value};

pub(crate) struct Toy;

/// What the language keeps beside its thread: the places that exceptions passed.
#[derive(Default)]
pub(crate) struct ToyState {
    pub(crate) trace: RefCell<Vec<(u32, u32)>>,
}

const FUNCTION: ShapeIndex = ShapeIndex(ShapeIndex::FIRST.0);
const BOX: ShapeIndex = ShapeIndex(ShapeIndex::FIRST.0 + 1);
/// Of a function: its code. Of a box: its value.
const FIRST_FIELD: u32 = 8;
/// The same as a word index.
const CODE_OF: usize = 1;
/// Of a box.
const ADDER: u32 = 16;
const TRUTH: u32 = 24;

/// Raised where an operand does not fit.
pub(crate) const TYPE_ERROR: Value = Value::special(100);
/// Raised when frames or memory are used up.
pub(crate) const EXHAUSTED: Value = Value::special(101);

macro_rules! opcodes {
    ($($name:ident $text:literal [$a:expr, $b:expr, $c:expr] $immediate:expr, $slot:expr, $ends:expr, $raises:expr;)*) => {
        #[allow(clippy::upper_case_acronyms, non_camel_case_types, reason = "the variants only number the constants")]
        #[repr(u16)]
        enum Number { $($name),* }
        $(pub(crate) const $name: u16 = Number::$name as u16;)*
        static OPCODES: &[OpcodeInfo] = &[$(OpcodeInfo {
            name: $text, operands: [$a, $b, $c], immediate: $immediate, slot: $slot, ends: $ends, raises: $raises,
            skips_next: false,
        }),*];
    };
}

opcodes! {
    CONSTANT "constant" [O::Write, O::Unused, O::Unused] I::Constant, S::None, false, false;
    MOVE "move" [O::Write, O::Read, O::Unused] I::Unused, S::None, false, false;
    ADD "add" [O::Write, O::Read, O::Read] I::Unused, S::Operands, false, true;
    LESS "less" [O::Write, O::Read, O::Read] I::Unused, S::Operands, false, true;
    JUMP_UNLESS "jump_unless" [O::ReadWrite, O::Unused, O::Unused] I::Branch, S::Operands, false, true;
    JUMP "jump" [O::Unused, O::Unused, O::Unused] I::Jump, S::None, true, false;
    LOOP "loop" [O::Unused, O::Unused, O::Unused] I::LoopBack, S::None, true, true;
    CALL "call" [O::Write, O::Window { extra: 1 }, O::Count] I::Unused, S::Call, false, true;
    RETURN "return" [O::Read, O::Unused, O::Unused] I::Unused, S::None, true, false;
    RAISE "raise" [O::Read, O::Unused, O::Unused] I::Unused, S::None, true, true;
    FIELD "field" [O::Write, O::Read, O::Number] I::Unused, S::None, false, true;
    JUMP_IF_NONE "jump_if_none" [O::Read, O::Unused, O::Unused] I::Branch, S::None, false, false;
    MAKE_BOX "make_box" [O::Write, O::WindowRead { extra: 0 }, O::Count] I::Unused, S::None, false, true;
    TYPE_FAILURE "type_failure" [O::Unused, O::Unused, O::Unused] I::Unused, S::None, true, true;
    CALL_FILLED "call_filled" [O::Write, O::WindowRead { extra: 1 }, O::Count] I::Unused, S::None, false, true;
    CALL_ADDING "call_adding" [O::Write, O::WindowRead { extra: 1 }, O::Count] I::Unused, S::None, false, true;
    GENERATE "generate" [O::Write, O::WindowRead { extra: 1 }, O::Count] I::Unused, S::None, false, true;
    YIELD "yield" [O::Write, O::Read, O::Unused] I::Suspension, S::None, false, true;
    PASS_ON "pass_on" [O::Write, O::Read, O::Read] I::Suspension, S::None, false, true;
    FINISH "finish" [O::Unused, O::Unused, O::Unused] I::Unused, S::None, true, false;
    NEXT "next" [O::Write, O::Read, O::Read] I::Unused, S::None, false, true;
    THROW "throw" [O::Write, O::Read, O::Read] I::Unused, S::None, false, true;
    JUMP_IF_END "jump_if_end" [O::Read, O::Unused, O::Unused] I::Branch, S::None, false, false;
    TIMES_SCALE "times_scale" [O::Write, O::Read, O::Unused] I::Unused, S::Shape, false, true;
    SET_SCALE "set_scale" [O::Read, O::Unused, O::Unused] I::Unused, S::None, false, true;
    FRAMES "frames" [O::Write, O::Unused, O::Unused] I::Unused, S::None, false, true;
    SUM_VARIABLES "sum_variables" [O::Write, O::Unused, O::Unused] I::Unused, S::None, false, true;
}

const HIDDEN_ADD: HiddenId = HiddenId(0);
const HIDDEN_TRUTH: HiddenId = HiddenId(1);

const fn info(name: &'static str, effects: Effects) -> StubInfo {
    StubInfo { name, effects }
}

unsafe extern "C" fn add_slow(thread: &Thread, _: *mut FeedbackSlot, a: Value, b: Value, _: Value, _: i32) -> Value {
    let number = |v: Value| {
        if v.is_int() {
            Some(v.as_int() as f64)
        } else if v.is_float() {
            Some(v.as_float())
        } else {
            None
        }
    };
    match (number(a), number(b)) {
        _ if a.both_int(b) => {
            let sum = a.as_int() + b.as_int();
            Value::try_int(sum).unwrap_or(Value::float(sum as f64))
        }
        (Some(x), Some(y)) => Value::float(x + y),
        // Only the program knows: hidden code is wanted.
        _ if a.is_object() => Value::NONE,
        _ => {
            thread.raise(TYPE_ERROR);
            Value::EMPTY
        }
    }
}
static ADD_SLOW: FixedStub = FixedStub { info: info("add_slow", Effects::ALLOCATES), function: add_slow };

unsafe extern "C" fn less_slow(thread: &Thread, _: *mut FeedbackSlot, a: Value, b: Value, _: Value, _: i32) -> Value {
    if a.both_int(b) {
        return Value::bool(a.as_int() < b.as_int());
    }
    thread.raise(TYPE_ERROR);
    Value::EMPTY
}
static LESS_SLOW: FixedStub = FixedStub { info: info("less_slow", Effects::ALLOCATES), function: less_slow };

unsafe extern "C" fn field(thread: &Thread, _: *mut FeedbackSlot, a: Value, _: Value, _: Value, which: i32) -> Value {
    match Object::from_value(a).filter(|o| o.shape() == BOX) {
        Some(o) => o.get(which as usize),
        None => {
            thread.raise(TYPE_ERROR);
            Value::EMPTY
        }
    }
}
static FIELD_OF: FixedStub = FixedStub { info: info("field_of", Effects::ALLOCATES), function: field };

unsafe extern "C" fn make_box(
    thread: &Thread,
    _: *mut FeedbackSlot,
    window: *const Value,
    count: usize,
    _: i32,
) -> Value {
    assert_eq!(count, 3);
    match thread.heap().alloc(BOX, 4) {
        Ok(o) => {
            for i in 0..3 {
                // SAFETY: the window has three registers, re-read after the allocation.
                o.init(1 + i, unsafe { *window.add(i) });
            }
            o.value()
        }
        Err(_) => {
            thread.raise(EXHAUSTED);
            Value::EMPTY
        }
    }
}
static MAKE_BOX_OF: WindowStub = WindowStub { info: info("make_box_of", Effects::ALLOCATES), function: make_box };

static STUBS: &[Stub] = &[
    Stub::Fixed(&ADD_SLOW),
    Stub::Fixed(&LESS_SLOW),
    Stub::Fixed(&FIELD_OF),
    Stub::Window(&MAKE_BOX_OF),
    Stub::WindowCall(&CALL_FILLED_OF),
    Stub::WindowCall(&CALL_ADDING_OF),
    Stub::Window(&GENERATE_OF),
    Stub::FixedCall(&RESUME),
    Stub::FixedCall(&THROW_INTO),
    Stub::Fixed(&SCALE_SLOW),
    Stub::Fixed(&SET_SCALE_TO),
    Stub::Fixed(&FRAMES_OF),
    Stub::Fixed(&SUM_VARIABLES_OF),
];

#[inline(always)]
fn nothing<M: Machine>(m: &M) -> M::Val {
    m.word(Value::NONE.bits())
}

/// `a` times the scale: by adding it so many times, where the slot says how many and the engine knows it.
#[inline(always)]
fn times_scale<M: Machine>(m: &M, i: &Instruction) -> R {
    let x = m.get(i.b);
    let filled = m.int_cmp(Cond::Eq, m.cached_shape(i.feedback), m.int_const(1));
    if m.spec(filled, i.feedback, bit::CACHED) {
        m.assume(VERSION);
        let times = m.cached_payload(i.feedback);
        if let Some(times) = m.known(times)
            && times < 8
            && m.test(m.is_int(x))
        {
            let mut sum = m.int_const(0);
            for _ in 0..times {
                sum = m.int_op(IntOp::Add, sum, m.int(x));
            }
            if m.test(m.int_fits(sum)) {
                m.set(i.a, m.make_int(sum));
                return Ok(());
            }
        }
    }
    m.set(i.a, m.stub(&SCALE_SLOW, [x, nothing(m), nothing(m)], 0, i.feedback)?);
    Ok(())
}

impl Language for Toy {
    const NAME: &'static str = "toy";
    const OPCODES: &'static [OpcodeInfo] = OPCODES;
    const SUSPENDED: Option<&'static SuspendedFrame> = Some(&FRAME);

    #[inline(always)]
    fn exec<M: Machine>(m: &M, i: &Instruction) -> R {
        match i.op {
            CONSTANT => m.set(i.a, m.constant(i.d)),
            MOVE => m.set(i.a, m.get(i.b)),
            ADD => {
                let (a, b) = (m.get(i.b), m.get(i.c));
                if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
                    let (sum, over) = m.int_arith(IntOp::Add, m.int(a), m.int(b));
                    if !m.rare(over, i.feedback, bit::RARE) {
                        m.set(i.a, m.make_int(sum));
                        return Ok(());
                    }
                } else if m.spec(m.both_float(a, b), i.feedback, bit::FLOAT) {
                    m.set(i.a, m.make_float(m.float_op(FloatOp::Add, m.float(a), m.float(b))));
                    return Ok(());
                } else if m.spec(m.is_object(a), i.feedback, bit::OBJECT) {
                    return m.hidden(HIDDEN_ADD, &[a, b], i.a, i.feedback, After::Next);
                }
                let r = m.stub(&ADD_SLOW, [a, b, nothing(m)], 0, i.feedback)?;
                if m.test(m.is_word(r, Value::NONE.bits())) {
                    return m.hidden(HIDDEN_ADD, &[a, b], i.a, i.feedback, After::Next);
                }
                m.set(i.a, r);
            }
            LESS => {
                let (a, b) = (m.get(i.b), m.get(i.c));
                let r = if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
                    m.make_bool(m.int_cmp(Cond::Lt, m.int(a), m.int(b)))
                } else {
                    m.stub(&LESS_SLOW, [a, b, nothing(m)], 0, i.feedback)?
                };
                m.set(i.a, r);
            }
            JUMP_UNLESS => {
                let v = m.get(i.a);
                if m.spec(m.is_bool(v), i.feedback, bit::INT) {
                    if !m.test(m.boolean(v)) {
                        m.jump(i.d);
                    }
                } else if m.test(m.is_object(v)) {
                    return m.hidden(HIDDEN_TRUTH, &[v], i.a, i.feedback, After::Again);
                } else if m.test(m.not(m.is_bool(v))) {
                    return m.raise(m.word(TYPE_ERROR.bits()));
                } else if !m.test(m.boolean(v)) {
                    m.jump(i.d);
                }
            }
            JUMP => m.jump(i.d),
            LOOP => m.loop_back(i.d)?,
            CALL => {
                let callee = m.get(i.b);
                if m.rare(m.not(m.is_object(callee)), i.feedback, bit::RARE) {
                    return m.raise(m.word(TYPE_ERROR.bits()));
                }
                let p = m.ptr(callee);
                let is_function = m.int_cmp(Cond::Eq, m.shape(p), m.int_const(i64::from(FUNCTION.0)));
                if m.rare(m.not(is_function), i.feedback, bit::RARE) {
                    return m.raise(m.word(TYPE_ERROR.bits()));
                }
                let code = m.code(m.expect(m.int(m.load(p, FIRST_FIELD)), i.feedback));
                let fits = m.int_cmp(Cond::Eq, m.simple_parameters(code), m.int_const(i64::from(i.c)));
                if m.test(m.not(fits)) {
                    return m.raise(m.word(TYPE_ERROR.bits()));
                }
                return m.invoke(code, i.b, i.c, i.a, After::Next);
            }
            RETURN => return m.ret(m.get(i.a)),
            RAISE => return m.raise(m.get(i.a)),
            FIELD => {
                m.set(i.a, m.stub(&FIELD_OF, [m.get(i.b), nothing(m), nothing(m)], i32::from(i.c), NO_SLOT)?);
            }
            JUMP_IF_NONE => {
                if m.test(m.is_word(m.get(i.a), Value::NONE.bits())) {
                    m.jump(i.d);
                }
            }
            MAKE_BOX => m.set(i.a, m.stub_window(&MAKE_BOX_OF, i.b, i.c, 0, NO_SLOT)?),
            TYPE_FAILURE => return m.raise(m.word(TYPE_ERROR.bits())),
            CALL_FILLED => return m.call_stub(&CALL_FILLED_OF, i.b, i.c + 1, 0, i.a, NO_SLOT),
            CALL_ADDING => return m.call_stub(&CALL_ADDING_OF, i.b, i.c + 1, 0, i.a, NO_SLOT),
            GENERATE => m.set(i.a, m.stub_window(&GENERATE_OF, i.b, i.c + 1, 0, NO_SLOT)?),
            YIELD | PASS_ON => return m.suspend(i.d as u32, m.get(i.b)),
            FINISH => {
                m.store_word(m.ptr(m.function()), FRAME.state, m.int_const(FINISHED as i64));
                return m.ret(m.word(END.bits()));
            }
            NEXT => {
                let (g, sent) = (m.get(i.b), m.get(i.c));
                if m.test(m.is_object(g)) {
                    let p = m.ptr(g);
                    // A lower state: it never ran.
                    let suspended = m.int_const(FRAME.suspended as i64);
                    if m.test(m.int_cmp(Cond::Eq, m.shape(p), m.int_const(i64::from(GENERATOR.0))))
                        && m.test(m.int_cmp(Cond::Le, m.load_word(p, FRAME.state), suspended))
                    {
                        let code = m.code(m.int(m.load(p, FIRST_FIELD)));
                        return m.resume(&RESUME, code, g, sent, i.a, NO_SLOT);
                    }
                }
                return m.call_stub_fixed(&RESUME, [g, sent, nothing(m)], 0, i.a, NO_SLOT);
            }
            THROW => return m.call_stub_fixed(&THROW_INTO, [m.get(i.b), m.get(i.c), nothing(m)], 0, i.a, NO_SLOT),
            JUMP_IF_END => {
                if m.test(m.is_word(m.get(i.a), END.bits())) {
                    m.jump(i.d);
                }
            }
            TIMES_SCALE => return times_scale(m, i),
            SET_SCALE => {
                m.stub(&SET_SCALE_TO, [m.get(i.a), nothing(m), nothing(m)], 0, NO_SLOT)?;
            }
            FRAMES => m.set(i.a, m.stub(&FRAMES_OF, [nothing(m), nothing(m), nothing(m)], 0, NO_SLOT)?),
            SUM_VARIABLES => m.set(i.a, m.stub(&SUM_VARIABLES_OF, [nothing(m), nothing(m), nothing(m)], 0, NO_SLOT)?),
            other => unreachable!("opcode {other}"),
        }
        Ok(())
    }

    fn stubs() -> &'static [Stub] {
        STUBS
    }
    fn hidden_code() -> Vec<HiddenCode> {
        vec![hidden_add(), hidden_truth()]
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
        EXHAUSTED
    }
    fn out_of_memory(_: &Thread) -> Value {
        EXHAUSTED
    }
    fn ended(_: &Thread, _: &FrameView<'_>) {
        unreachable!("the toy observes no frames");
    }
    fn trace(thread: &Thread, exception: Value, frame: &FrameView<'_>, _: bool) -> Value {
        // SAFETY: the tests set a ToyState.
        unsafe { thread.language::<ToyState>() }.trace.borrow_mut().push((frame.spot.code.0, frame.spot.at));
        // As languages that make traceback entries do.
        let _ = thread.heap().alloc(BOX, 4);
        exception
    }
    fn left(_: &Thread, callee: Value) {
        finish(callee);
    }
    fn complete(thread: &Thread, context: Context, result: Value) -> R<Value> {
        complete(thread, context, result)
    }
    fn poll(_: &Thread) -> R {
        Ok(())
    }
}

const NO_SLOT: u32 = Instruction::NO_FEEDBACK;

/// An assembler with the toy's conveniences.
pub(crate) struct Toyer(pub(crate) Builder<'static>);

impl Toyer {
    pub(crate) fn new(name: &str, parameters: &[&str]) -> Toyer {
        let mut b = Builder::new(OPCODES, name, "toy");
        b.parameters(Parameters { positional: parameters.len() as u16, ..Parameters::default() });
        b.position(Position { line: 1, end_line: 1, column: 0, end_column: 0 });
        for p in parameters {
            b.variable(p);
        }
        Toyer(b)
    }
    pub(crate) fn local(&mut self, name: &str, initial: Constant) -> u16 {
        let r = self.0.variable(name);
        self.load(r, initial);
        r
    }
    pub(crate) fn load(&mut self, r: u16, c: Constant) {
        let d = self.0.constant(c);
        self.0.emit(CONSTANT, r, 0, 0, d);
    }
    /// Calls the function in `f` with registers as arguments.
    pub(crate) fn call(&mut self, dst: u16, f: u16, arguments: &[u16]) {
        self.windowed(CALL, dst, f, arguments);
    }
    /// Loops while `i < n`, adding 1 to `i` (with `one`) after the body.
    pub(crate) fn count(&mut self, i: u16, n: u16, one: u16, body: impl FnOnce(&mut Toyer)) {
        let (head, end) = (self.0.bound_label(), self.0.label());
        let t = self.0.temporary();
        self.0.emit(LESS, t, i, n, 0);
        self.0.jump(JUMP_UNLESS, t, 0, 0, end);
        self.0.release_to(t);
        body(self);
        self.0.emit(ADD, i, i, one, 0);
        self.0.jump(LOOP, 0, 0, 0, head);
        self.0.bind(end);
    }
    pub(crate) fn add(&mut self, dst: u16, a: u16, b: u16) {
        self.0.emit(ADD, dst, a, b, 0);
    }
    pub(crate) fn ret(&mut self, r: u16) {
        self.0.emit(RETURN, r, 0, 0, 0);
    }
    pub(crate) fn raise(&mut self, r: u16) {
        self.0.emit(RAISE, r, 0, 0, 0);
    }
    /// One operand in `a`, one or two sources.
    pub(crate) fn op(&mut self, op: u16, a: u16, b: u16, c: u16) {
        self.0.emit(op, a, b, c, 0);
    }
    /// `op` over a window with a callee and arguments.
    pub(crate) fn windowed(&mut self, op: u16, dst: u16, f: u16, arguments: &[u16]) {
        let window = self.0.temporaries(1 + arguments.len());
        self.0.emit(MOVE, window, f, 0, 0);
        for (i, a) in arguments.iter().enumerate() {
            self.0.emit(MOVE, window + 1 + i as u16, *a, 0, 0);
        }
        self.0.emit(op, dst, window, arguments.len() as u16, 0);
        self.0.release_to(window);
    }
    /// Runs `body` for each value of a generator, in `v`, sending `sent` for each.
    pub(crate) fn each(&mut self, v: u16, generator: u16, sent: u16, body: impl FnOnce(&mut Toyer)) {
        let (head, end) = (self.0.bound_label(), self.0.label());
        self.0.emit(NEXT, v, generator, sent, 0);
        self.0.jump(JUMP_IF_END, v, 0, 0, end);
        body(self);
        self.0.jump(LOOP, 0, 0, 0, head);
        self.0.bind(end);
    }
    pub(crate) fn value_of(&mut self, dst: u16, r: u16) {
        self.0.emit(FIELD, dst, r, 1, 0);
    }
    pub(crate) fn adder_of(&mut self, dst: u16, r: u16) {
        self.0.emit(FIELD, dst, r, (ADDER / 8) as u16, 0);
    }
    pub(crate) fn make_box(&mut self, dst: u16, value: u16, adder: u16, truth: u16) {
        let window = self.0.temporaries(3);
        for (i, r) in [value, adder, truth].into_iter().enumerate() {
            self.0.emit(MOVE, window + i as u16, r, 0, 0);
        }
        self.0.emit(MAKE_BOX, dst, window, 3, 0);
        self.0.release_to(window);
    }
    /// Runs `then` if the value in `r` is true.
    pub(crate) fn when(&mut self, r: u16, then: impl FnOnce(&mut Toyer)) {
        let (t, end) = (self.0.temporary(), self.0.label());
        self.0.emit(MOVE, t, r, 0, 0);
        self.0.jump(JUMP_UNLESS, t, 0, 0, end);
        self.0.release_to(t);
        then(self);
        self.0.bind(end);
    }
    pub(crate) fn when_less(&mut self, a: u16, b: u16, then: impl FnOnce(&mut Toyer)) {
        let t = self.0.temporary();
        self.0.emit(LESS, t, a, b, 0);
        let end = self.0.label();
        self.0.jump(JUMP_UNLESS, t, 0, 0, end);
        self.0.release_to(t);
        then(self);
        self.0.bind(end);
    }
    /// Runs `body`; an exception goes to `handler` in `caught`.
    pub(crate) fn catch(&mut self, caught: u16, body: impl FnOnce(&mut Toyer), handler: impl FnOnce(&mut Toyer)) {
        let (on_exception, end) = (self.0.label(), self.0.label());
        let region = self.0.begin_region(on_exception, caught);
        body(self);
        self.0.end_region(region);
        self.0.jump(JUMP, 0, 0, 0, end);
        self.0.bind(on_exception);
        handler(self);
        self.0.bind(end);
    }
    pub(crate) fn finish(self) -> Arc<Code> {
        Arc::new(self.0.finish().expect("a valid toy code"))
    }
}

/// `a + b` for an object `a`: its adder called with both, if it has one.
fn hidden_add() -> HiddenCode {
    let mut t = Toyer::new("+", &["a", "b"]);
    t.0.add_flags(HIDDEN);
    let f = t.0.temporary();
    let none = t.0.label();
    t.0.emit(FIELD, f, 0, (ADDER / 8) as u16, 0);
    t.0.jump(JUMP_IF_NONE, f, 0, 0, none);
    t.call(f, f, &[0, 1]);
    t.ret(f);
    t.0.bind(none);
    t.0.emit(TYPE_FAILURE, 0, 0, 0, 0);
    t.finish()
}

/// The truth of a box: what its function says, or true. What that says may be a box again.
fn hidden_truth() -> HiddenCode {
    let mut t = Toyer::new("bool", &["a"]);
    t.0.add_flags(HIDDEN);
    let f = t.0.temporary();
    let (none, no) = (t.0.label(), t.0.label());
    t.0.emit(FIELD, f, 0, (TRUTH / 8) as u16, 0);
    t.0.jump(JUMP_IF_NONE, f, 0, 0, none);
    t.call(f, f, &[0]);
    t.0.jump(JUMP_UNLESS, f, 0, 0, no);
    t.0.bind(none);
    t.load(f, Constant::Bool(true));
    t.ret(f);
    t.0.bind(no);
    t.load(f, Constant::Bool(false));
    t.ret(f);
    t.finish()
}

pub(crate) fn register_shapes(heap: &Heap) {
    assert_eq!(heap.register_shape(Layout::Values { words: 2 }), Some(FUNCTION));
    assert_eq!(heap.register_shape(Layout::Values { words: 4 }), Some(BOX));
    assert_eq!(heap.register_shape(GENERATOR_LAYOUT), Some(GENERATOR));
    assert_eq!(heap.register_shape(Layout::ValueArray), Some(ARRAY));
}

/// Sets the roots: a scale of 3.
pub(crate) fn init_roots(thread: &Thread) {
    thread.init_roots(2, 0);
    thread.set_root(SCALE, Value::int(3));
    thread.set_root(VERSION, Value::int(0));
}

/// A function object of an installed code.
pub(crate) fn function(heap: &Heap, code: CodeIndex) -> Value {
    let o = heap.alloc(FUNCTION, 2).expect("memory");
    o.init(1, Value::int(i64::from(code.0)));
    o.value()
}
