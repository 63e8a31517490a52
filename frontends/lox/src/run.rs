//! From a source text to a running program.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use vm_code::{Code, Constant};
use vm_engine::{CodeIndex, Thread};
use vm_heap::{OutOfMemory, RootedVec, Value};

use crate::compile::{SCRIPT, compile};
use crate::format::text;
use crate::object::*;
use crate::parser::{CompileError, parse};
use crate::state::State;
use crate::suite::{COMPILE_ERROR, RUNTIME_ERROR};

/// The root that holds the exception for a full heap.
pub const OUT_OF_MEMORY: u32 = 0;
/// The root that holds the exception for a full stack.
pub const STACK_OVERFLOW: u32 = 1;
const ROOTS: usize = 2;

/// Why a program did not end well. It prints as its standard error.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// It is no program.
    Compile(Vec<CompileError>),
    /// It failed when it ran: the message, then the calls it was in, innermost first.
    Runtime(String),
}

impl Failure {
    /// The exit code that goes with it.
    pub fn exit_code(&self) -> i32 {
        match self {
            Failure::Compile(_) => COMPILE_ERROR,
            Failure::Runtime(_) => RUNTIME_ERROR,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Compile(errors) => errors.iter().try_for_each(|error| writeln!(f, "{error}")),
            Failure::Runtime(text) => f.write_str(text),
        }
    }
}

impl From<OutOfMemory> for Failure {
    fn from(_: OutOfMemory) -> Failure {
        Failure::Runtime("Out of memory.\n".to_owned())
    }
}

/// Compiles a source text. `name` says where it comes from.
pub fn compile_source(source: &str, name: &str) -> Result<Arc<Code>, Failure> {
    let program = parse(source).map_err(Failure::Compile)?;
    compile(&program, name).map_err(Failure::Compile)
}

/// Makes a fresh thread ready for Lox. Call it once, before [`run`].
///
/// # Safety
/// `state` must outlive the thread.
pub unsafe fn start(thread: &Thread, state: &State) -> Result<(), Failure> {
    // SAFETY: the caller's; `object::state` asks for the same type.
    unsafe { thread.set_language((&raw const *state).cast_mut().cast()) };
    let heap = thread.heap();
    register_shapes(heap);
    thread.init_roots(ROOTS, 0);
    thread.set_root(OUT_OF_MEMORY, new_string(heap, &[b"Out of memory."])?.value());
    thread.set_root(STACK_OVERFLOW, new_string(heap, &[b"Stack overflow."])?.value());
    let clock = state.global(thread, "clock")?;
    let native = heap.alloc(NATIVE, 2)?;
    set_field(heap, clock, GLOBAL_VALUE, native.value());
    Ok(())
}

/// Runs a compiled program to its end.
pub fn run(thread: &Thread, script: &Arc<Code>) -> Result<(), Failure> {
    let (heap, state) = (thread.heap(), state(thread));
    let index = link(thread, script)?;
    let closure = heap.alloc_array(CLOSURE, 1)?;
    closure.init(CLOSURE_CODE as usize / 8, Value::int(i64::from(index.0)));
    state.trace.take();
    let outcome = thread.ops().call(thread, index, closure.value(), &[closure.value()]);
    let flushed = state.output.borrow_mut().flush();
    match (outcome, flushed) {
        (Err(_), _) => Err(Failure::Runtime(report(thread))),
        (Ok(_), Err(error)) => Err(Failure::Runtime(format!("Could not print: {error}.\n"))),
        (Ok(_), Ok(())) => Ok(()),
    }
}

/// Installs a code and those nested in it, whose depth the parser bounds.
fn link(thread: &Thread, code: &Arc<Code>) -> Result<CodeIndex, OutOfMemory> {
    let constants = RootedVec::new(thread.heap());
    for constant in &code.constants {
        constants.push(link_constant(thread, constant)?);
    }
    Ok(constants.with(|constants| thread.ops().install(thread, code.clone(), constants)))
}

/// What a constant is on this heap: literals themselves, names of properties (`Bytes`) symbols, names of globals (in a
/// `Tuple`) the globals, codes their indices.
fn link_constant(thread: &Thread, constant: &Constant) -> Result<Value, OutOfMemory> {
    let name = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(match constant {
        Constant::None => Value::NONE,
        Constant::Bool(value) => Value::bool(*value),
        Constant::Int(value) => Value::int(*value),
        Constant::Float(value) => Value::float(*value),
        Constant::Str(text) => new_string(thread.heap(), &[text])?.value(),
        Constant::Bytes(symbol) => state(thread).symbol(&name(symbol)).value(),
        Constant::Code(code) => Value::int(i64::from(link(thread, code)?.0)),
        Constant::Tuple(parts) => match &**parts {
            [Constant::Str(global)] => state(thread).global(thread, &name(global))?.value(),
            _ => unreachable!("the compiler makes no other tuples"),
        },
        other => unreachable!("the compiler makes no {other:?}"),
    })
}

/// The text of the pending error, with the calls it left.
fn report(thread: &Thread) -> String {
    let message = match kind(thread.take_exception()) {
        Kind::String(message) => text(message),
        other => unreachable!("{other:?} was raised"),
    };
    let mut report = message + "\n";
    let (calls, more) = state(thread).trace.take();
    for (index, at) in calls {
        let code = thread.ops().code(thread, index);
        let line = code.positions.get(at as usize).map_or(0, |position| position.line);
        let parentheses = if code.flags & SCRIPT == 0 { "()" } else { "" };
        _ = writeln!(report, "[line {line}] in {}{parentheses}", code.name);
    }
    if more > 0 {
        _ = writeln!(report, "({more} more calls)");
    }
    report
}
