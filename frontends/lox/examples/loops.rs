//! Loops for counting the interpreter's instructions (`.ci/callgrind.txt`): `loops NAME ITERATIONS`.
//!
//! The body of each loop is one thing that programs do all day. The collector is the one that never collects, so that the
//! counts are the interpreter's. A loop prints its result, so that a wrong one shows.

use std::process::ExitCode;

use lox::Lox;
use lox::run::{compile_source, run, start};
use lox::state::State;
use runtime_core::RuntimeOptions;
use vm_heap::{Heap, HeapOptions};

/// Name, what stands before the loop, and its body, in which `i` is the number of the iteration and `s` the result.
const LOOPS: &[(&str, &str, &str)] = &[
    ("add", "", "s = s + i;"),
    ("float", "var x = 0.5;", "s = s + x;"),
    ("field", "class Point {} var p = Point(); p.x = 1;", "s = s + p.x; p.x = i;"),
    ("call", "fun f(x) { return x; }", "s = s + f(i);"),
    ("method", "class Counter { get(x) { return x; } } var c = Counter();", "s = s + c.get(i);"),
    ("closure", "var f; { var k = 1; fun g() { return k; } f = g; }", "s = s + f();"),
    ("allocate", "class Point { init(x) { this.x = x; } }", "s = s + Point(i).x;"),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [name, iterations] = arguments.as_slice() else {
        eprintln!("usage: loops NAME ITERATIONS");
        return ExitCode::from(2);
    };
    let Some((_, before, body)) = LOOPS.iter().find(|(known, _, _)| known == name) else {
        eprintln!("loops: no loop is called {name}");
        return ExitCode::from(2);
    };
    let source = format!(
        "fun main() {{ {before} var s = 0; for (var i = 0; i < {iterations}; i = i + 1) {{ {body} }} print s; }} main();"
    );
    match execute(&source) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn execute(source: &str) -> Result<(), String> {
    let state = State::new(Box::new(std::io::stdout()));
    let script = compile_source(source, "loops").map_err(|failure| failure.to_string())?;
    let options = HeapOptions::default();
    let stack_base = 0u64;
    let heap = Heap::new(gc_none::create(&options), options, &raw const stack_base as u64);
    let runtime = runtime_engines::new_runtime::<Lox>(heap, None, RuntimeOptions::default())
        .map_err(|error| format!("no memory for the stacks: {error}"))?;
    // SAFETY: the state is dropped after the runtime.
    unsafe { start(&runtime.thread, &state) }.map_err(|failure| failure.to_string())?;
    run(&runtime.thread, &script).map_err(|failure| failure.to_string())
}
