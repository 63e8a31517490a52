//! Counts what a program executes: `opcode_counts TABLE SCRIPT [ARGUMENT…]`.
//!
//! Writes a line for each opcode to TABLE, most executed first: its name, how often it was executed, and how often a stub
//! was called for it. An opcode that is executed much and mostly by its stub wants a fast path. The counting engine exists
//! in this program only; it is the interpreter over a machine that passes every operation on.

use std::fmt::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use python_compile::opcodes::OPCODES;
use python_objects::settings::Settings;
use python_semantics::Python;
use python_vm::{Interpreter, Program};
use runtime_core::RuntimeOptions;
use vm_api::code::Instruction;
use vm_api::heap::{Heap, HeapOptions};
use vm_testkit::watched::{Watch, Watched};

/// Per opcode: executions, stub calls.
static COUNTS: [[AtomicU64; 2]; 512] = [const { [const { AtomicU64::new(0) }; 2] }; 512];

/// Counts an instruction, and the stubs that are called for it.
struct Count(usize);

impl Watch for Count {
    fn begin(i: &Instruction) -> Count {
        let opcode = usize::from(i.op);
        COUNTS[opcode][0].fetch_add(1, Relaxed);
        Count(opcode)
    }
    fn allows_fast_paths(&self) -> bool {
        true
    }
    fn stub_called(&self) {
        COUNTS[self.0][1].fetch_add(1, Relaxed);
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
    let runtime = runtime_engines::new_runtime::<Watched<Python, Count>>(heap, None, options)
        .map_err(|error| format!("no memory for the stacks: {error}"))?;
    let folder = std::path::Path::new(script).parent().map_or_else(String::new, |p| p.display().to_string());
    let settings = Settings {
        path: vec![folder.into()],
        arguments: arguments.into_iter().map(Into::into).collect(),
        hash_seed: Some(0),
        ..Settings::default()
    };
    let interpreter = Interpreter::with_runtime(runtime, settings)?;
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
