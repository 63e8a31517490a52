//! Runs the programs in `tests/programs`, and on demand the public test suite, in every configuration there is.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;

use lox::Lox;
use lox::run::{compile_source, run, start};
use lox::state::State;
use lox::suite::{Outcome, Report, run_suite};
use runtime_core::RuntimeOptions;
use vm_engine::Language;
use vm_heap::{Heap, HeapOptions};
use vm_testkit::NoFastPaths;

mod bump;

/// Output that can be looked at afterwards.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Compiles and runs a program on a VM of its own, with the semantics of `L`: those of Lox, or a variation.
fn execute<L: Language>(path: &Path, source: &str) -> Outcome {
    let output = Shared::default();
    let state = State::new(Box::new(output.clone()));
    let ended = compile_source(source, &path.to_string_lossy()).and_then(|script| {
        let base = 0u64;
        let heap = Heap::new(Box::new(bump::Bump::default()), HeapOptions::default(), &raw const base as u64);
        let runtime = runtime_engines::new_runtime::<L>(heap, None, RuntimeOptions::default()).expect("memory");
        // SAFETY: the state is dropped after the runtime.
        unsafe { start(&runtime.thread, &state) }.and_then(|()| run(&runtime.thread, &script))
    });
    let (stderr, exit_code) = match ended {
        Ok(()) => (String::new(), 0),
        Err(failure) => (failure.to_string(), failure.exit_code()),
    };
    let stdout = String::from_utf8_lossy(&output.0.borrow()).into_owned();
    Outcome { stdout, stderr, exit_code }
}

fn check<L: Language>(dir: &Path, least: usize) -> Report {
    let report = run_suite(dir, &mut execute::<L>).expect("readable tests");
    for (path, problems) in &report.failures {
        eprintln!("{}\n    {}", path.display(), problems.join("\n    "));
    }
    assert!(
        report.failures.is_empty(),
        "{} of {} failed",
        report.failures.len(),
        report.passed + report.failures.len()
    );
    assert!(report.passed >= least, "only {} tests in {}", report.passed, dir.display());
    report
}

fn check_programs<L: Language>() {
    check::<L>(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs"), 50);
}

/// The public suite is not part of this repository: `LOX_SUITE` says where its folder `test` is.
fn check_public_suite<L: Language>() {
    let dir = std::env::var_os("LOX_SUITE").expect("LOX_SUITE names the suite's folder `test`");
    let report = check::<L>(Path::new(&dir), 240);
    println!("{} tests, {} expectations", report.passed, report.expectations);
}

#[test]
fn programs() {
    check_programs::<Lox>();
}

#[test]
fn programs_without_fast_paths() {
    check_programs::<NoFastPaths<Lox>>();
}

#[test]
#[ignore = "needs LOX_SUITE"]
fn public_suite() {
    check_public_suite::<Lox>();
}

#[test]
#[ignore = "needs LOX_SUITE"]
fn public_suite_without_fast_paths() {
    check_public_suite::<NoFastPaths<Lox>>();
}
