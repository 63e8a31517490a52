//! From a program to a running one.

use crate::compile::compile;
use crate::semantics::FUNCTION;
use std::cell::RefCell;
use vm_api::code::Constant;
use vm_api::engine::Thread;
use vm_api::heap::{Layout, RootedVec, Value};

/// What the language keeps beside its thread.
#[derive(Default)]
pub struct State {
    /// What was printed.
    pub output: RefCell<String>,
    /// The lines that an exception passed, innermost first.
    pub trace: RefCell<Vec<u32>>,
}

/// Exceptions are constants: making one needs no memory.
pub const NOT_A_NUMBER: Value = Value::special(1);
/// See [`NOT_A_NUMBER`].
pub const NOT_A_TRUTH: Value = Value::special(2);
/// See [`NOT_A_NUMBER`].
pub const STACK_OVERFLOW: Value = Value::special(3);
/// See [`NOT_A_NUMBER`].
pub const OUT_OF_MEMORY: Value = Value::special(4);

/// Runs a program on a fresh thread, whose runtime is one for [`Tally`](crate::Tally).
///
/// # Errors
/// What is wrong with the program, or what it raised and where.
///
/// # Safety
/// `state` must outlive the thread.
pub unsafe fn run(thread: &Thread, state: &State, source: &str) -> Result<(), String> {
    let codes = compile(source)?;
    // SAFETY: the caller's; `semantics` asks for the same type.
    unsafe { thread.set_language((&raw const *state).cast_mut().cast()) };
    let heap = thread.heap();
    let registered = heap.register_shape(Layout::Values { words: 2 });
    assert_eq!(registered, Some(FUNCTION), "the first shape of a fresh heap");
    // A root for each function: calls name them by number.
    thread.init_roots(codes.len(), 0);
    let mut installed = Vec::new();
    for (number, code) in codes.iter().enumerate() {
        let constants = RootedVec::new(heap);
        code.constants.iter().for_each(|constant| constants.push(link(constant)));
        let index = constants.with(|constants| thread.ops().install(thread, code.clone(), constants));
        let function = heap.alloc(FUNCTION, 2).map_err(|_| "out of memory")?;
        function.init(1, Value::int(i64::from(index.0)));
        thread.set_root(number as u32, function.value());
        installed.push(index);
    }
    match thread.ops().call(thread, installed[0], thread.root(0), &[]) {
        Ok(_) => Ok(()),
        Err(_) => Err(report(thread, state)),
    }
}

/// What a constant is on this heap.
fn link(constant: &Constant) -> Value {
    match constant {
        Constant::Int(number) => Value::int(*number),
        Constant::Float(number) => Value::float(*number),
        other => unreachable!("the compiler makes no {other:?}"),
    }
}

/// The text of the pending exception, with the lines that it passed.
fn report(thread: &Thread, state: &State) -> String {
    let what = match thread.take_exception() {
        NOT_A_NUMBER => "an operand is no number",
        NOT_A_TRUTH => "a condition is no comparison",
        STACK_OVERFLOW => "calls nest too deep",
        OUT_OF_MEMORY => "out of memory",
        other => unreachable!("{other:?} was raised"),
    };
    let lines = state.trace.take();
    let innermost: Vec<String> = lines.iter().take(3).map(|line| format!("line {line}")).collect();
    format!("{what}: {}", innermost.join(", "))
}
