//! Runs the programs in `tests/programs`, and on demand the public test suite, on every collector.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

use lox::Lox;
use lox::run::{compile_source, run, start};
use lox::state::State;
use lox::suite::{Expectations, Outcome, run_suite, test_files};
use runtime_core::RuntimeOptions;
use vm_engine::Language;
use vm_heap::stress::Stress;
use vm_heap::{Heap, HeapOptions};
use vm_testkit::{Create, NoFastPaths};

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

/// A collector and how it is driven.
#[derive(Clone)]
struct Configuration {
    create: Create,
    options: HeapOptions,
}

/// Compiles and runs a program on a VM of its own, with the semantics of `L`: those of Lox, or a variation.
fn execute<L: Language>(configuration: &Configuration, path: &Path, source: &str) -> Outcome {
    let output = Shared::default();
    let state = State::new(Box::new(output.clone()));
    let ended = compile_source(source, &path.to_string_lossy()).and_then(|script| {
        let base = 0u64;
        let Configuration { create, options } = configuration.clone();
        let heap = Heap::new(create(&options), options, &raw const base as u64);
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

fn check<L: Language>(configuration: &Configuration, dir: &Path, least: usize) {
    let report = run_suite(dir, &mut |path, source| execute::<L>(configuration, path, source)).expect("readable tests");
    for (path, problems) in &report.failures {
        eprintln!("{}\n    {}", path.display(), problems.join("\n    "));
    }
    let (passed, failed) = (report.passed, report.failures.len());
    assert!(failed == 0, "{failed} of {} failed", passed + failed);
    assert!(passed >= least, "only {passed} tests in {}", dir.display());
    println!("{passed} tests, {} expectations", report.expectations);
}

fn check_programs<L: Language>(create: Create, options: HeapOptions) {
    check::<L>(&Configuration { create, options }, &programs_folder(), 50);
}

fn programs_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs")
}

/// The public suite is not part of this repository: `LOX_SUITE` says where its folder `test` is.
fn check_public_suite<L: Language>(create: Create, options: HeapOptions) {
    let dir = std::env::var_os("LOX_SUITE").expect("LOX_SUITE names the suite's folder `test`");
    check::<L>(&Configuration { create, options }, Path::new(&dir), 240);
}

/// Runs the programs with collections at random allocations, seed after seed, for about `PRISM_STRESS_SECONDS`.
fn stress_programs(create: Create) {
    let seconds = std::env::var("PRISM_STRESS_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(30);
    let (started, mut runs) = (Instant::now(), 0);
    let files = test_files(&programs_folder()).expect("readable tests");
    for seed in 1.. {
        let stress = Stress::Random(seed);
        let options = HeapOptions { stress, verify_post: true, poison: true, ..HeapOptions::default() };
        let configuration = Configuration { create, options };
        for path in &files {
            if started.elapsed() > Duration::from_secs(seconds) {
                println!("{runs} runs, up to seed {seed}");
                assert!(runs > 0, "no time for anything");
                return;
            }
            let source = std::fs::read_to_string(path).expect("readable test");
            let Some(expected) = Expectations::read(&source) else { continue };
            let problems = expected.check(&execute::<Lox>(&configuration, path, &source));
            assert!(problems.is_empty(), "seed {seed}, {}:\n    {}", path.display(), problems.join("\n    "));
            runs += 1;
        }
    }
}

macro_rules! collectors {
    ($($name:ident => $create:path;)+) => {
        $(mod $name {
            use super::*;

            #[test]
            fn programs() {
                check_programs::<Lox>($create, HeapOptions::default());
            }
            #[test]
            #[ignore = "stress"]
            fn stress_programs() {
                super::stress_programs($create);
            }
            #[test]
            #[ignore = "needs LOX_SUITE"]
            fn public_suite() {
                check_public_suite::<Lox>($create, HeapOptions::default());
            }
        })+
    };
}

collectors! {
    none => gc_none::create;
    marksweep => gc_marksweep::create;
    semispace => gc_semispace::create;
    generational => gc_generational::create;
    satb => gc_satb::create;
}

#[test]
fn programs_without_fast_paths() {
    check_programs::<NoFastPaths<Lox>>(gc_generational::create, HeapOptions::default());
}

#[test]
#[ignore = "needs LOX_SUITE"]
fn public_suite_without_fast_paths() {
    check_public_suite::<NoFastPaths<Lox>>(gc_generational::create, HeapOptions::default());
}
