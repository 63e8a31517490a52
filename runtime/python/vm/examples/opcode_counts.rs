//! Counts what a program executes: `opcode_counts TABLE SCRIPT [ARGUMENT…]`.
//!
//! Writes a line for each opcode to TABLE, most executed first: its name, how often it was executed, and how often a stub
//! was called for it. An opcode that is executed much and mostly by its stub wants a fast path. The counting engine exists
//! in this program only; it is the interpreter over a machine that passes every operation on.

use std::fmt::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use python_compile::opcodes::OPCODES;
use python_objects::state::Settings;
use python_semantics::Python;
use python_vm::{Interpreter, Program};
use runtime_core::RuntimeOptions;
use vm_api::code::{Instruction, OpcodeInfo};
use vm_api::engine::{
    After, CodeIndex, Cond, FixedCallStub, FixedStub, FloatOp, HiddenCode, HiddenId, IntOp, Language, Machine, R, Stub,
    SuspendedFrame, Thread, WindowCallStub, WindowStub,
};
use vm_api::heap::{Heap, HeapOptions, ShapeIndex, Value};

/// Per opcode: executions, stub calls.
static COUNTS: [[AtomicU64; 2]; 512] = [const { [const { AtomicU64::new(0) }; 2] }; 512];

/// Python, counted.
struct Counted;

impl Language for Counted {
    const NAME: &'static str = Python::NAME;
    const OPCODES: &'static [OpcodeInfo] = Python::OPCODES;

    #[inline(always)]
    fn exec<M: Machine>(m: &M, i: &Instruction) -> R {
        COUNTS[usize::from(i.op)][0].fetch_add(1, Relaxed);
        Python::exec(&Counting(m, i.op), i)
    }
    fn stubs() -> &'static [Stub] {
        Python::stubs()
    }
    fn hidden_code() -> Vec<HiddenCode> {
        Python::hidden_code()
    }
    fn stack_overflow(thread: &Thread) -> Value {
        Python::stack_overflow(thread)
    }
    fn out_of_memory(thread: &Thread) -> Value {
        Python::out_of_memory(thread)
    }
    fn trace(thread: &Thread, exception: Value, code: CodeIndex, at: u32, function: Value) -> Value {
        Python::trace(thread, exception, code, at, function)
    }
    fn left(thread: &Thread, callee: Value) {
        Python::left(thread, callee);
    }
    fn poll(thread: &Thread) -> R {
        Python::poll(thread)
    }
}

/// The machine behind it, and the opcode that executes.
struct Counting<'m, M>(&'m M, u16);

impl<M> Counting<'_, M> {
    fn stub_called(&self) {
        COUNTS[usize::from(self.1)][1].fetch_add(1, Relaxed);
    }
}

macro_rules! pass_on {
    ($($name:ident($($operand:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        $(fn $name(&self, $($operand: $type),*) $(-> $result)? {
            self.0.$name($($operand),*)
        })*
    };
}

macro_rules! count_and_pass_on {
    ($($name:ident($($operand:ident: $type:ty),*) -> $result:ty;)*) => {
        $(fn $name(&self, $($operand: $type),*) -> $result {
            self.stub_called();
            self.0.$name($($operand),*)
        })*
    };
}

impl<M: Machine> Machine for Counting<'_, M> {
    type Val = M::Val;
    type Int = M::Int;
    type Flt = M::Flt;
    type Bool = M::Bool;
    type Ptr = M::Ptr;
    type Code = M::Code;

    count_and_pass_on! {
        stub(s: &'static FixedStub, arguments: [M::Val; 3], immediate: i32, feedback: u32) -> R<M::Val>;
        stub_window(s: &'static WindowStub, base: u16, count: u16, immediate: i32, feedback: u32) -> R<M::Val>;
        call_stub(s: &'static WindowCallStub, base: u16, count: u16, immediate: i32, dst: u16, feedback: u32) -> R;
        call_stub_fixed(s: &'static FixedCallStub, arguments: [M::Val; 3], immediate: i32, dst: u16, feedback: u32) -> R;
    }

    pass_on! {
        suspend(stub: &'static FixedStub, frame: &'static SuspendedFrame, suspension: u32) -> R;
        resume(stub: &'static FixedCallStub, frame: &'static SuspendedFrame, code: M::Code, suspended: M::Val, sent: M::Val, dst: u16, feedback: u32) -> R;
        get(r: u16) -> M::Val;
        set(r: u16, v: M::Val);
        constant(k: i32) -> M::Val;
        function() -> M::Val;
        root(i: u32) -> M::Val;
        test(c: M::Bool) -> bool;
        spec(c: M::Bool, feedback: u32, bit: u32) -> bool;
        rare(c: M::Bool, feedback: u32, bit: u32) -> bool;
        expect(x: M::Int, feedback: u32) -> M::Int;
        known(x: M::Int) -> Option<i64>;
        assume(root: u32);
        jump(d: i32);
        loop_back(d: i32) -> R;
        ret(v: M::Val) -> R;
        raise(exception: M::Val) -> R;
        invoke(code: M::Code, base: u16, arguments: u16, dst: u16, after: After) -> R;
        invoke_with(code: M::Code, callee: M::Val, arguments: &[M::Val], dst: u16, after: After) -> R;
        hidden(id: HiddenId, arguments: &[M::Val], dst: u16, feedback: u32, after: After) -> R;
        code(index: M::Int) -> M::Code;
        simple_parameters(code: M::Code) -> M::Int;
        is_int(v: M::Val) -> M::Bool;
        both_int(v: M::Val, w: M::Val) -> M::Bool;
        is_float(v: M::Val) -> M::Bool;
        both_float(v: M::Val, w: M::Val) -> M::Bool;
        is_object(v: M::Val) -> M::Bool;
        is_bool(v: M::Val) -> M::Bool;
        same(v: M::Val, w: M::Val) -> M::Bool;
        is_word(v: M::Val, bits: u64) -> M::Bool;
        word(bits: u64) -> M::Val;
        int(v: M::Val) -> M::Int;
        float(v: M::Val) -> M::Flt;
        ptr(v: M::Val) -> M::Ptr;
        boolean(v: M::Val) -> M::Bool;
        make_int(i: M::Int) -> M::Val;
        make_float(f: M::Flt) -> M::Val;
        make_bool(b: M::Bool) -> M::Val;
        make_object(p: M::Ptr) -> M::Val;
        int_const(i: i64) -> M::Int;
        float_const(f: f64) -> M::Flt;
        bool_const(b: bool) -> M::Bool;
        int_arith(op: IntOp, x: M::Int, y: M::Int) -> (M::Int, M::Bool);
        int_op(op: IntOp, x: M::Int, y: M::Int) -> M::Int;
        int_cmp(c: Cond, x: M::Int, y: M::Int) -> M::Bool;
        int_fits(x: M::Int) -> M::Bool;
        float_op(op: FloatOp, x: M::Flt, y: M::Flt) -> M::Flt;
        float_cmp(c: Cond, x: M::Flt, y: M::Flt) -> M::Bool;
        int_to_float(x: M::Int) -> M::Flt;
        float_to_int(x: M::Flt) -> M::Int;
        not(b: M::Bool) -> M::Bool;
        bool_to_int(b: M::Bool) -> M::Int;
        shape(p: M::Ptr) -> M::Int;
        load_word(p: M::Ptr, offset: u32) -> M::Int;
        load(p: M::Ptr, offset: u32) -> M::Val;
        load_at(p: M::Ptr, offset: M::Int) -> M::Val;
        load_u8(p: M::Ptr, offset: M::Int) -> M::Int;
        load_u16(p: M::Ptr, offset: M::Int) -> M::Int;
        load_u32(p: M::Ptr, offset: M::Int) -> M::Int;
        load_element(array: M::Ptr, i: M::Int) -> M::Val;
        store_word(p: M::Ptr, offset: u32, x: M::Int);
        store(p: M::Ptr, offset: u32, v: M::Val);
        store_at(p: M::Ptr, offset: M::Int, v: M::Val);
        store_element(array: M::Ptr, i: M::Int, v: M::Val);
        set_shape(p: M::Ptr, shape: M::Int);
        alloc(shape: ShapeIndex, words: u32) -> R<M::Ptr>;
        init(p: M::Ptr, offset: u32, v: M::Val);
        init_word(p: M::Ptr, offset: u32, x: M::Int);
        cached_shape(feedback: u32) -> M::Int;
        cached_payload(feedback: u32) -> M::Int;
        cached_value(feedback: u32) -> M::Val;
    }
}

fn table() -> String {
    let read = |n: &AtomicU64| n.load(Relaxed);
    let mut rows: Vec<_> = OPCODES.iter().zip(&COUNTS).map(|(info, [e, s])| (read(e), read(s), info.name)).collect();
    rows.sort_unstable_by(|x, y| y.cmp(x));
    let mut out = String::new();
    for (executed, stubs, name) in rows {
        let _ = writeln!(out, "{name}\t{executed}\t{stubs}");
    }
    out
}

fn run(script: &str, arguments: Vec<String>) -> Result<u8, String> {
    let options = HeapOptions::default();
    let stack_base = 0u64;
    let heap = Heap::new(gc_generational::create(&options), options, &raw const stack_base as u64);
    let native_limit = &raw const stack_base as u64 - (6 << 20);
    let options = RuntimeOptions { native_limit, ..RuntimeOptions::default() };
    let runtime = runtime_engines::new_runtime::<Counted>(heap, None, options)
        .map_err(|error| format!("no memory for the stacks: {error}"))?;
    let folder = std::path::Path::new(script).parent().map_or_else(String::new, |p| p.display().to_string());
    let settings = Settings { path: vec![folder], arguments, hash_seed: Some(0), ..Settings::default() };
    let interpreter = Interpreter::with_runtime(runtime, native_limit, settings)?;
    Ok(interpreter.run(&Program::Script(script.into())))
}

fn main() -> ExitCode {
    assert!(OPCODES.len() <= COUNTS.len(), "room for every opcode");
    let mut arguments = std::env::args().skip(1);
    let (Some(place), Some(script)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: opcode_counts TABLE SCRIPT [ARGUMENT…]");
        return ExitCode::from(2);
    };
    let rest = std::iter::once(script.clone()).chain(arguments).collect();
    let ended = run(&script, rest);
    if let Err(error) = std::fs::write(&place, table()) {
        eprintln!("opcode_counts: cannot write {place}: {error}");
        return ExitCode::FAILURE;
    }
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(message) => {
            eprintln!("opcode_counts: {message}");
            ExitCode::FAILURE
        }
    }
}
