//! Runs the programs in `tests/programs`, and on demand the public test suite, on the interpreter. Every engine and every
//! collector runs them in `runtime/engines`.

use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

use lox::Lox;
use lox::run::{compile_source, run, start};
use lox::state::State;
use lox::suite::{Expectations, Outcome, RUNTIME_ERROR, run_suite, test_files};
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

/// Compiles and runs a program on a VM of its own, with the semantics of `L`: those of Lox, or a variation. Also tells
/// how many allocations were counted.
fn execute<L: Language>(create: Create, options: HeapOptions, path: &Path, source: &str) -> (Outcome, u64) {
    let output = Shared::default();
    let state = State::new(Box::new(output.clone()));
    let mut allocations = 0;
    let ended = compile_source(source, &path.to_string_lossy()).and_then(|script| {
        let base = 0u64;
        let heap = Heap::new(create(&options), options, &raw const base as u64);
        let runtime = runtime_engines::new_runtime::<L>(heap, None, RuntimeOptions::default()).expect("memory");
        // SAFETY: the state is dropped after the runtime.
        let ended = unsafe { start(&runtime.thread, &state) }.and_then(|()| run(&runtime.thread, &script));
        allocations = runtime.heap().stress().allocations();
        ended
    });
    let (stderr, exit_code) = match ended {
        Ok(()) => (String::new(), 0),
        Err(failure) => (failure.to_string(), failure.exit_code()),
    };
    let stdout = String::from_utf8_lossy(&output.0.borrow()).into_owned();
    (Outcome { stdout, stderr, exit_code }, allocations)
}

fn programs_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs")
}

fn check<L: Language>(dir: &Path, least: usize) {
    let mut run =
        |path: &Path, source: &str| execute::<L>(gc_generational::create, HeapOptions::default(), path, source).0;
    let report = run_suite(dir, &mut run).expect("readable tests");
    for (path, problems) in &report.failures {
        eprintln!("{}\n    {}", path.display(), problems.join("\n    "));
    }
    let (passed, failed) = (report.passed, report.failures.len());
    assert!(failed == 0, "{failed} of {} failed", passed + failed);
    assert!(passed >= least, "only {passed} tests in {}", dir.display());
    println!("{passed} tests, {} expectations", report.expectations);
}

#[test]
fn programs() {
    check::<Lox>(&programs_folder(), 50);
}

#[test]
fn programs_without_fast_paths() {
    check::<NoFastPaths<Lox>>(&programs_folder(), 50);
}

/// The public suite is not part of this repository: `LOX_SUITE` says where its folder `test` is.
#[test]
#[ignore = "needs LOX_SUITE"]
fn public_suite() {
    let dir = std::env::var_os("LOX_SUITE").expect("LOX_SUITE names the suite's folder `test`");
    check::<Lox>(Path::new(&dir), 240);
    check::<NoFastPaths<Lox>>(Path::new(&dir), 240);
}

const COLLECTORS: [(&str, Create); 5] = [
    ("none", gc_none::create),
    ("marksweep", gc_marksweep::create),
    ("semispace", gc_semispace::create),
    ("generational", gc_generational::create),
    ("satb", gc_satb::create),
];

#[test]
fn a_full_heap_ends_the_program_with_an_error() {
    let programs = [
        "class Node { init(next) { this.next = next; } } var list; while (true) list = Node(list);",
        "var text = \"x\"; while (true) text = text + text;",
        "fun keep(f) { fun g() { return f; } return g; } var f; while (true) f = keep(f);",
        "class Wide {} fun grow(w) { w.a = 1; w.b = w; w.c = w; w.d = w; w.e = w; w.f = w; return w; }\n\
         var last; while (true) { var w = grow(Wide()); w.a = last; last = w; }",
    ];
    for (name, create) in COLLECTORS {
        for source in programs {
            let options = HeapOptions { limit: 16 << 20, ..HeapOptions::default() };
            let (outcome, _) = execute::<Lox>(create, options, Path::new("full.lox"), source);
            assert_eq!(outcome.exit_code, RUNTIME_ERROR, "{name}: {source}\n{}", outcome.stderr);
            assert!(outcome.stderr.starts_with("Out of memory.\n[line "), "{name}: {source}\n{}", outcome.stderr);
        }
    }
}

/// Shapes are a table of fixed size, and each class takes one for good.
#[test]
fn too_many_classes_end_the_program_with_an_error() {
    let source = "\nfor (;;) {\n  class A {}\n}";
    let (outcome, _) = execute::<Lox>(gc_marksweep::create, HeapOptions::default(), Path::new("classes.lox"), source);
    assert_eq!(outcome.stderr, "Too many classes.\n[line 3] in script\n");
}

/// Each program on each collector with one collection at a random allocation, then with a few dozen spread over the run,
/// again and again for about `PRISM_STRESS_SECONDS`.
#[test]
#[ignore = "stress"]
fn stress_programs() {
    let seconds = std::env::var("PRISM_STRESS_SECONDS").ok().and_then(|seconds| seconds.parse().ok()).unwrap_or(30);
    let end = Instant::now() + Duration::from_secs(seconds);
    let files = test_files(&programs_folder()).expect("readable tests");
    // A fixed sequence (Knuth's MMIX constants): what fails once fails again.
    let mut random = 1_u64;
    let mut runs = 0;
    while Instant::now() < end {
        for path in &files {
            let source = std::fs::read_to_string(path).expect("readable test");
            let Some(expected) = Expectations::read(&source) else { continue };
            // A full stack that is looked through at each step of a collection takes minutes.
            if path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"overflow_")) {
                continue;
            }
            for (name, create) in COLLECTORS {
                let run = |stress| {
                    let options = HeapOptions { stress, verify_post: true, poison: true, ..HeapOptions::default() };
                    let (outcome, allocations) = execute::<Lox>(create, options, path, &source);
                    let problems = expected.check(&outcome).join("\n    ");
                    assert!(problems.is_empty(), "{name} {stress:?} {}:\n    {problems}", path.display());
                    allocations
                };
                let allocations = run(Stress::Count).max(1);
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                run(Stress::Once((random >> 16) % allocations));
                run(Stress::Budget { collections: 20 + (random >> 40) % 20, allocations });
                runs += 1;
                if Instant::now() >= end {
                    println!("{runs} runs");
                    return;
                }
            }
        }
    }
}
