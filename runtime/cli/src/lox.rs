//! Lox programs and the Lox test suite on the chosen collector and engine.

use crate::native_stack::NativeStack;
use crate::options::Options;
use crate::session::Session;
use lox::run::Failure;
use lox::state::State;
use lox::suite::{Outcome, run_suite};
use lox::{Lox, run};
use runtime_compose::{JitEntry, JitOptions};
use runtime_core::{Runtime, RuntimeOptions};
use runtime_engines::JitLog;
use std::cell::RefCell;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;
use vm_api::engine::Language;
use vm_api::heap::Heap;
use vm_api::heap::stress::Stress;

/// Runs the program in a file; returns the exit code.
///
/// # Errors
/// The file cannot be read, or the VM not be set up.
pub(crate) fn run_file(path: &Path, session: &mut Session, machine: &Machine) -> Result<u8, String> {
    let source = read(path)?;
    let name = path.display().to_string();
    let output = Box::new(session.output.clone());
    let failure =
        execute(&source, &name, output, session.heap(session.stress()), machine, |heap| session.finish(heap))?;
    let Some(failure) = failure else { return Ok(0) };
    // If standard error is closed there is nobody to tell; the exit code says it too.
    _ = write!(io::stderr(), "{failure}");
    Ok(failure.exit_code() as u8)
}

/// Prints the bytecode of the program in a file; returns the exit code.
///
/// # Errors
/// The file cannot be read or standard output not be written.
pub(crate) fn print_code(path: &Path) -> Result<u8, String> {
    match run::compile_source(&read(path)?, &path.display().to_string()) {
        Ok(code) => crate::command::print(&vm_api::code::text::print(&code, <Lox as Language>::OPCODES)),
        Err(failure) => {
            _ = write!(io::stderr(), "{failure}");
            Ok(failure.exit_code() as u8)
        }
    }
}

/// Runs every test below `folder` and prints what failed; returns the exit code.
///
/// # Errors
/// The folder cannot be read, or the VM not be set up.
pub(crate) fn run_tests(
    folder: &Path,
    uncounted_budget: Option<u64>,
    session: &mut Session,
    machine: &Machine,
) -> Result<u8, String> {
    let mut problem = None;
    let report = run_suite(folder, &mut |path, source| {
        run_test(path, source, uncounted_budget, session, machine).unwrap_or_else(|error| {
            problem.get_or_insert(error);
            Outcome::default()
        })
    })
    .map_err(|error| format!("cannot read the tests below {}: {error}", folder.display()))?;
    if let Some(problem) = problem {
        return Err(problem);
    }
    let mut out = String::new();
    for (path, problems) in &report.failures {
        out += &format!("FAILED {}\n", path.display());
        problems.iter().for_each(|problem| out += &format!("    {problem}\n"));
    }
    out +=
        &format!("{} passed, {} failed, {} expectations\n", report.passed, report.failures.len(), report.expectations);
    crate::command::print(&out)?;
    if report.passed + report.failures.len() == 0 {
        return Err(format!("no tests below {}", folder.display()));
    }
    Ok(u8::from(!report.failures.is_empty()))
}

/// Runs one test; under a budget that is still without a total, first to count its allocations.
fn run_test(
    path: &Path,
    source: &str,
    uncounted_budget: Option<u64>,
    session: &mut Session,
    machine: &Machine,
) -> Result<Outcome, String> {
    let name = path.display().to_string();
    let mut stress = session.stress();
    if let Some(collections) = uncounted_budget {
        let mut allocations = 1;
        execute(source, &name, Box::new(io::sink()), session.heap(Stress::Count), machine, |heap| {
            allocations = heap.stress().allocations().max(1);
            Ok(())
        })?;
        stress = Stress::Budget { collections, allocations };
    }
    let stdout = Captured::default();
    let output = Box::new(stdout.clone());
    let failure = execute(source, &name, output, session.heap(stress), machine, |heap| session.finish(heap))?;
    Ok(Outcome {
        stdout: String::from_utf8_lossy(&stdout.0.borrow()).into_owned(),
        stderr: failure.as_ref().map(ToString::to_string).unwrap_or_default(),
        exit_code: failure.map_or(0, |failure| failure.exit_code()),
    })
}

/// Where the VM runs and on what engine.
pub(crate) struct Machine {
    stack: NativeStack,
    jit: &'static JitEntry,
    options: JitOptions,
    log: Option<Rc<JitLog>>,
}

impl Machine {
    /// From the options.
    pub(crate) fn new(options: &Options, stack: NativeStack, session: &Session) -> Machine {
        Machine { stack, jit: options.jit, options: options.jit_options(), log: session.jit_log.clone() }
    }

    fn runtime(&self, heap: Box<Heap>) -> Result<Box<Runtime>, String> {
        let options = RuntimeOptions { native_limit: self.stack.limit, ..RuntimeOptions::default() };
        let tier = self.jit.tier::<Lox>(heap.descriptor(), self.options, self.log.clone());
        let tier = tier.map_err(|error| format!("no memory for code: {error}"))?;
        let runtime = runtime_engines::new_runtime::<Lox>(heap, tier, options)
            .map_err(|error| format!("cannot map the VM's stacks: {error}"))?;
        crate::session::watch(runtime.heap());
        Ok(runtime)
    }
}

/// Runs a program to its end on a fresh runtime; `ended` sees the heap then.
fn execute(
    source: &str,
    name: &str,
    output: Box<dyn Write>,
    heap: Box<Heap>,
    machine: &Machine,
    ended: impl FnOnce(&Heap) -> Result<(), String>,
) -> Result<Option<Failure>, String> {
    let script = match run::compile_source(source, name) {
        Ok(script) => script,
        Err(failure) => return ended(&heap).map(|()| Some(failure)),
    };
    // Dropped in the other order: the state outlives the runtime.
    let state = State::new(output);
    let runtime = machine.runtime(heap)?;
    // SAFETY: the state is declared before the runtime, whose thread it thus outlives, and never moved.
    let outcome = unsafe { run::start(&runtime.thread, &state) }.and_then(|()| run::run(&runtime.thread, &script));
    ended(runtime.heap()).map(|()| outcome.err())
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("can't open file '{}': {error}", path.display()))
}

/// Output that is kept.
#[derive(Clone, Default)]
struct Captured(Rc<RefCell<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
