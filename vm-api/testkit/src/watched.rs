//! A language on a machine that passes everything on, so that something may watch it: what is refused, what is counted.
//!
//! Handlers promise that what follows an optional fast path is right for every operand, and stubs that they are total. Any
//! engine may refuse any fast path, so a program must do the same when all are refused: [`NoFastPaths`] is where that is
//! tested.

use std::marker::PhantomData;
use vm_code::{Instruction, OpcodeInfo};
use vm_engine::{
    After, Cond, Context, FixedCallStub, FixedStub, FloatOp, FrameView, HiddenCode, HiddenId, IntOp, Language, Machine,
    R, Reached, Spot, Stepping, Stub, StubPair, SuspendedFrame, Thread, WindowCallStub, WindowStub,
};
use vm_heap::{ShapeIndex, Value};

/// What watches the execution of an instruction.
pub trait Watch {
    /// The instruction begins.
    fn begin(i: &Instruction) -> Self;
    /// May fast paths that are optional be taken? Otherwise every `spec` is false.
    fn allows_fast_paths(&self) -> bool;
    /// A stub is called.
    fn stub_called(&self);
}

/// Refuses every optional fast path.
pub struct Refuse;

impl Watch for Refuse {
    #[inline(always)]
    fn begin(_: &Instruction) -> Refuse {
        Refuse
    }
    #[inline(always)]
    fn allows_fast_paths(&self) -> bool {
        false
    }
    #[inline(always)]
    fn stub_called(&self) {}
}

/// `L` without fast paths.
pub type NoFastPaths<L> = Watched<L, Refuse>;

/// `L`, each of whose instructions `W` watches.
pub struct Watched<L, W>(PhantomData<(L, W)>);

impl<L: Language, W: Watch + 'static> Language for Watched<L, W> {
    const NAME: &'static str = L::NAME;
    const OPCODES: &'static [OpcodeInfo] = L::OPCODES;
    const SUSPENDED: Option<&'static SuspendedFrame> = L::SUSPENDED;

    #[inline(always)]
    fn exec<M: Machine>(m: &M, i: &Instruction) -> R {
        L::exec(&Passing(m, W::begin(i)), i)
    }
    fn stubs() -> &'static [Stub] {
        L::stubs()
    }
    fn hidden_code() -> Vec<HiddenCode> {
        L::hidden_code()
    }
    fn keeps_shape(shape: ShapeIndex) -> bool {
        L::keeps_shape(shape)
    }
    fn own_words(shape: ShapeIndex) -> &'static [u32] {
        L::own_words(shape)
    }
    fn pairs() -> &'static [StubPair] {
        L::pairs()
    }
    fn stack_overflow(thread: &Thread) -> Value {
        L::stack_overflow(thread)
    }
    fn out_of_memory(thread: &Thread) -> Value {
        L::out_of_memory(thread)
    }
    fn trace(thread: &Thread, exception: Value, frame: &FrameView<'_>, caught: bool) -> Value {
        L::trace(thread, exception, frame, caught)
    }
    fn ended(thread: &Thread, frame: &FrameView<'_>) {
        L::ended(thread, frame);
    }
    fn left(thread: &Thread, callee: Value) {
        L::left(thread, callee);
    }
    fn complete(thread: &Thread, context: Context, result: Value) -> R<Value> {
        L::complete(thread, context, result)
    }
    fn step(thread: &Thread, spot: Spot, reached: Reached) -> R<Stepping> {
        L::step(thread, spot, reached)
    }
    fn stepped(thread: &Thread, spot: Spot, called: Value) -> R {
        L::stepped(thread, spot, called)
    }
    fn step_raised(thread: &Thread, exception: Value, spot: Spot, leaves: bool) -> Value {
        L::step_raised(thread, exception, spot, leaves)
    }
    fn poll(thread: &Thread) -> R {
        L::poll(thread)
    }
}

/// The machine behind it, and what watches.
struct Passing<'m, M, W>(&'m M, W);

/// Methods that the machine inside answers.
macro_rules! passed_on {
    ($(fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        $(#[inline(always)] fn $name(&self, $($argument: $type),*) $(-> $result)? { self.0.$name($($argument),*) })*
    };
}
/// The same for those that call stubs.
macro_rules! passed_on_and_told {
    ($(fn $name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        $(#[inline(always)] fn $name(&self, $($argument: $type),*) -> $result {
            self.1.stub_called();
            self.0.$name($($argument),*)
        })*
    };
}

impl<M: Machine, W: Watch> Machine for Passing<'_, M, W> {
    type Val = M::Val;
    type Int = M::Int;
    type Flt = M::Flt;
    type Bool = M::Bool;
    type Ptr = M::Ptr;
    type Code = M::Code;
    type Entry = M::Entry;

    #[inline(always)]
    fn spec(&self, c: M::Bool, feedback: u32, bit: u32) -> bool {
        self.1.allows_fast_paths() && self.0.spec(c, feedback, bit)
    }

    #[inline(always)]
    fn cached(&self, shape: M::Int, feedback: u32) -> Option<M::Entry> {
        if self.1.allows_fast_paths() { self.0.cached(shape, feedback) } else { None }
    }

    passed_on! {
        fn get(r: u16) -> M::Val;
        fn set(r: u16, v: M::Val);
        fn constant(k: i32) -> M::Val;
        fn function() -> M::Val;
        fn root(i: u32) -> M::Val;
        fn set_root(i: u32, v: M::Val);
        fn test(c: M::Bool) -> bool;
        fn rare(c: M::Bool, feedback: u32, bit: u32) -> bool;
        fn expect(x: M::Int, feedback: u32) -> M::Int;
        fn known(x: M::Int) -> Option<i64>;
        fn assume(root: u32);
        fn jump(d: i32);
        fn loop_back(d: i32) -> R;
        fn ret(v: M::Val) -> R;
        fn meet(place: u32) -> R;
        fn meet_with(place: u32, x: M::Int) -> R<M::Int>;
        fn raise(exception: M::Val) -> R;
        fn invoke(code: M::Code, base: u16, arguments: u16, dst: u16, after: After) -> R;
        fn invoke_with(code: M::Code, callee: M::Val, arguments: &[M::Val], dst: u16, after: After) -> R;
        fn hidden(id: HiddenId, arguments: &[M::Val], dst: u16, feedback: u32, after: After) -> R;
        fn code(index: M::Int) -> M::Code;
        fn simple_parameters(code: M::Code) -> M::Int;
        fn is_int(v: M::Val) -> M::Bool;
        fn both_int(v: M::Val, w: M::Val) -> M::Bool;
        fn is_float(v: M::Val) -> M::Bool;
        fn both_float(v: M::Val, w: M::Val) -> M::Bool;
        fn is_object(v: M::Val) -> M::Bool;
        fn is_bool(v: M::Val) -> M::Bool;
        fn same(v: M::Val, w: M::Val) -> M::Bool;
        fn is_word(v: M::Val, bits: u64) -> M::Bool;
        fn word(bits: u64) -> M::Val;
        fn int(v: M::Val) -> M::Int;
        fn float(v: M::Val) -> M::Flt;
        fn ptr(v: M::Val) -> M::Ptr;
        fn boolean(v: M::Val) -> M::Bool;
        fn make_int(i: M::Int) -> M::Val;
        fn make_float(f: M::Flt) -> M::Val;
        fn make_bool(b: M::Bool) -> M::Val;
        fn make_object(p: M::Ptr) -> M::Val;
        fn int_const(i: i64) -> M::Int;
        fn float_const(f: f64) -> M::Flt;
        fn bool_const(b: bool) -> M::Bool;
        fn int_arith(op: IntOp, x: M::Int, y: M::Int) -> (M::Int, M::Bool);
        fn int_op(op: IntOp, x: M::Int, y: M::Int) -> M::Int;
        fn int_cmp(c: Cond, x: M::Int, y: M::Int) -> M::Bool;
        fn int_fits(x: M::Int) -> M::Bool;
        fn float_op(op: FloatOp, x: M::Flt, y: M::Flt) -> M::Flt;
        fn float_cmp(c: Cond, x: M::Flt, y: M::Flt) -> M::Bool;
        fn int_to_float(x: M::Int) -> M::Flt;
        fn float_to_int(x: M::Flt) -> M::Int;
        fn not(b: M::Bool) -> M::Bool;
        fn bool_to_int(b: M::Bool) -> M::Int;
        fn shape(p: M::Ptr) -> M::Int;
        fn load_word(p: M::Ptr, offset: u32) -> M::Int;
        fn load(p: M::Ptr, offset: u32) -> M::Val;
        fn load_at(p: M::Ptr, offset: M::Int) -> M::Val;
        fn load_u8(p: M::Ptr, offset: M::Int) -> M::Int;
        fn load_u16(p: M::Ptr, offset: M::Int) -> M::Int;
        fn load_u32(p: M::Ptr, offset: M::Int) -> M::Int;
        fn load_float(p: M::Ptr, offset: M::Int) -> M::Flt;
        fn load_element(array: M::Ptr, i: M::Int) -> M::Val;
        fn store_word(p: M::Ptr, offset: u32, x: M::Int);
        fn store(p: M::Ptr, offset: u32, v: M::Val);
        fn store_at(p: M::Ptr, offset: M::Int, v: M::Val);
        fn store_float(p: M::Ptr, offset: M::Int, x: M::Flt);
        fn store_element(array: M::Ptr, i: M::Int, v: M::Val);
        fn set_shape(p: M::Ptr, shape: M::Int);
        fn alloc(shape: ShapeIndex, words: u32) -> R<M::Ptr>;
        fn init(p: M::Ptr, offset: u32, v: M::Val);
        fn init_word(p: M::Ptr, offset: u32, x: M::Int);
        fn cached_shape(feedback: u32) -> M::Int;
        fn cached_payload(feedback: u32) -> M::Int;
        fn cached_value(feedback: u32) -> M::Val;
        fn entry_payload(entry: M::Entry) -> M::Int;
        fn entry_value(entry: M::Entry) -> M::Val;
        fn suspend(suspension: u32, v: M::Val) -> R;
        fn resume(
            stub: &'static FixedCallStub, code: M::Code, suspended: M::Val, sent: M::Val, dst: u16, feedback: u32
        ) -> R;
    }

    passed_on_and_told! {
        fn stub(s: &'static FixedStub, arguments: [M::Val; 3], immediate: i32, feedback: u32) -> R<M::Val>;
        fn stub_window(s: &'static WindowStub, base: u16, count: u16, immediate: i32, feedback: u32) -> R<M::Val>;
        fn call_stub(
            s: &'static WindowCallStub, base: u16, count: u16, immediate: i32, dst: u16, feedback: u32
        ) -> R;
        fn call_stub_fixed(
            s: &'static FixedCallStub, arguments: [M::Val; 3], immediate: i32, dst: u16, feedback: u32
        ) -> R;
    }
}
