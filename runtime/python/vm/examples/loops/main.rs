//! Loops for counting and timing the interpreter (`.ci/callgrind.txt`, ARCHITECTURE.md): `loops NAME ITERATIONS [ENGINE]`.
//!
//! The body of each loop is one thing that programs do all day. The collector is the one that never collects, so that the
//! counts are the interpreter's. Each loop checks its own result. ENGINE is `direct`, the interpreter that `prism` is built
//! of, or `hand`, a `match` loop written by hand for the few opcodes of the loops `add`, `attribute`, `index` and `call`:
//! what it is faster by is what writing semantics over a machine costs. With the environment variable `PRISM_TIME` set,
//! the time of the loop alone is printed.

mod hand;

use std::process::ExitCode;
use std::time::Instant;

use python_objects::settings::Settings;
use python_objects::{Object, Py, R, Value, py::root};
use python_semantics::Python;
use python_vm::{Interpreter, Program};
use runtime_core::{EngineHooks, Runtime, RuntimeOptions};
use vm_api::engine::Language;
use vm_api::heap::{Heap, HeapOptions};

/// Name, what stands before the loop, its body, in which `i` is the number of the iteration and `s` the result, and what the
/// result must be.
const LOOPS: &[(&str, &str, &str, &str)] = &[
    ("add", "", "s = s + i", "n * (n - 1) // 2"),
    ("float", "x = 0.5", "s = s + x", "n * 0.5"),
    ("attribute", "p = Point()", "s = s + p.x", "n"),
    ("store", "p = Point()", "p.x = i", "(n - 1 - p.x)"),
    ("index", "l = [1, 2, 3]", "s = s + l[1]", "n * 2"),
    ("call", "", "s = f(s)", "n"),
    ("method", "p = Point()", "s = p.next(s)", "n"),
    ("branch", "", "if i < n: s = s + 1", "n"),
    ("range", "", "pass", "0"),
    ("tuple", "t = (1, 2)", "a, b = t; s = s + b", "n * 2"),
    ("allocate", "", "s = (s, i)[1]", "n - 1"),
    ("generator", "", "s = s + next(g)", "n"),
    ("builtin", "t = (1, 2)", "s = s + len(t)", "n * 2"),
];

const PREAMBLE: &str = "
class Point:
    def __init__(self):
        self.x = 1
    def next(self, x):
        return x + 1
def f(x):
    return x + 1
def generate(n):
    for i in range(n):
        yield 1
";

/// The loop as a function `timed(n)`. That of the generator iterates over one, which is resumed by the loop itself.
fn source(before: &str, name: &str, body: &str, result: &str) -> String {
    let (iterable, body) = if name == "generator" { ("generate(n)", "s = s + i") } else { ("range(n)", body) };
    format!(
        "{PREAMBLE}
def timed(n):
    {before}
    s = 0
    for i in {iterable}:
        {body}
    return s if s == {result} else None
"
    )
}

fn runtime(engine: &str, heap: Box<Heap>, options: RuntimeOptions) -> Result<Box<Runtime>, String> {
    let run = match engine {
        "direct" => return python_semantics::new_runtime(heap, None, options).map_err(|error| error.to_string()),
        "hand" => hand::run,
        _ => return Err(format!("no engine is called {engine}")),
    };
    let hooks = EngineHooks {
        run,
        stack_overflow: Python::stack_overflow,
        left: Python::left,
        ended: Python::ended,
        complete: Python::complete,
        opcodes: Python::OPCODES,
        suspended: Python::SUSPENDED,
    };
    Runtime::new(heap, hooks, Python::hidden_code(), None, options).map_err(|error| error.to_string())
}

/// Calls `timed` of the module that the source made; what it returns.
fn call(py: Py<'_>, iterations: i64) -> R<Option<Value>> {
    let modules = Object::of(py.root(root::MODULES));
    let name = py.str("__main__")?;
    let Some(main) = py.dict_get(modules, name)?.and_then(Object::from_value) else { return Ok(None) };
    let Some(timed) = py.module_item(main, "timed")? else { return Ok(None) };
    hand::check(py, timed);
    let began = Instant::now();
    let result = py.call(timed, &[Value::int(iterations)])?;
    if std::env::var_os("PRISM_TIME").is_some() {
        println!("{:.4}", began.elapsed().as_nanos() as f64 / iterations as f64);
    }
    Ok(Some(result))
}

fn execute(source: String, iterations: i64, engine: &str) -> Result<(), String> {
    let options = HeapOptions { limit: 16 << 30, ..HeapOptions::default() };
    let stack_base = 0u64;
    let heap = Heap::new(gc_none::create(&options), options, &raw const stack_base as u64);
    let runtime = runtime(engine, heap, RuntimeOptions::default())?;
    let settings = Settings { hash_seed: Some(0), ..Settings::default() };
    let interpreter = Interpreter::with_runtime(runtime, settings)?;
    if interpreter.run(&Program::Command(source)) != 0 {
        return Err("the program failed".to_owned());
    }
    match call(interpreter.py(), iterations) {
        Ok(Some(result)) if result != Value::NONE => Ok(()),
        Ok(_) => Err("the loop computed something else".to_owned()),
        Err(_) => Err("the loop raised".to_owned()),
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, iterations, engine) = match arguments.as_slice() {
        [name, iterations] => (name, iterations, "direct"),
        [name, iterations, engine] => (name, iterations, engine.as_str()),
        _ => {
            eprintln!("usage: loops NAME ITERATIONS [direct | hand]");
            return ExitCode::from(2);
        }
    };
    let found = LOOPS.iter().find(|(known, ..)| known == name);
    let (Some((_, before, body, result)), Ok(iterations)) = (found, iterations.parse()) else {
        eprintln!("loops: no loop is called {name}, or {iterations} is no number");
        return ExitCode::from(2);
    };
    let before = if before.is_empty() { "pass" } else { before };
    match execute(source(before, name, body, result), iterations, engine) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("loops {name}: {message}");
            ExitCode::FAILURE
        }
    }
}
