//! Lox programs on every engine: the interpreter, and the evaluator with forced deoptimization, from the first call on and
//! after warm-up, with and without inlining and speculation.

mod hidden;
mod suspend;
mod toy;

use jit_cranelift::Cranelift;
use jit_eval::Evaluator;
use jit_template::Template;
use lox::Lox;
use lox::run::{compile_source, run, start};
use lox::state::State;
use lox::suite::{Outcome, run_suite};
use runtime_core::{RuntimeOptions, Tier};
use runtime_engines::build::{BuildOptions, Mode};
use runtime_engines::{JitTier, Stage, TierOptions, TierStats};
use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use vm_api::engine::Language;
use vm_api::heap::stress::Stress;
use vm_api::heap::{Collector, Heap, HeapOptions};
use vm_testkit::NoFastPaths;

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

type Create = fn(&HeapOptions) -> Box<dyn Collector>;

const COLLECTORS: [(&str, Create); 5] = [
    ("none", gc_none::create),
    ("marksweep", gc_marksweep::create),
    ("semispace", gc_semispace::create),
    ("generational", gc_generational::create),
    ("satb", gc_satb::create),
];

/// What a program runs on.
#[derive(Clone)]
struct Configuration {
    create: Create,
    heap: HeapOptions,
    /// `None`: the interpreter alone.
    eval: Option<TierOptions>,
    backend: NewStages,
    execute: Execute,
}

/// A tier with these stages.
fn tier<L: Language>(stages: NewStages, heap: &Heap, options: TierOptions) -> JitTier<L> {
    JitTier::staged(stages(&options), heap.descriptor(), options).expect("memory for code")
}

/// The stages of a tier with these options.
type NewStages = fn(&TierOptions) -> Vec<Stage>;

fn evaluator(options: &TierOptions) -> Vec<Stage> {
    vec![Stage::only(Arc::new(Evaluator), options)]
}
fn cranelift(options: &TierOptions) -> Vec<Stage> {
    vec![Stage::only(Arc::new(Cranelift::new()), options)]
}
fn template(options: &TierOptions) -> Vec<Stage> {
    vec![Stage::only(Arc::new(Template), options)]
}
/// First the one, then the other.
fn both(options: &TierOptions) -> Vec<Stage> {
    let mut stages = template(options);
    stages[0].mode = Mode::Baseline;
    stages.append(&mut cranelift(options));
    stages
}

/// Every backend: their code runs behind the same tier.
const BACKENDS: &[(&str, NewStages)] =
    &[("eval", evaluator), ("cranelift", cranelift), ("template", template), ("both", both)];

/// [`execute`] for one language.
type Execute = fn(&Path, &str, &Configuration, &mut TierStats) -> Outcome;

/// Runs a program in a VM of its own, with the semantics of `L`: those of Lox, or a variation.
fn execute<L: Language>(path: &Path, source: &str, on: &Configuration, totals: &mut TierStats) -> Outcome {
    counted::<L>(path, source, on, totals).0
}

/// The same with a few collections spread over the program's allocations, which a first run counts, checked and poisoned.
fn execute_stressed(path: &Path, source: &str, on: &Configuration, totals: &mut TierStats) -> Outcome {
    let counting = HeapOptions { stress: Stress::Count, ..HeapOptions::default() };
    let plain = Configuration { create: gc_none::create, heap: counting, eval: None, ..on.clone() };
    let (_, allocations) = counted::<Lox>(path, source, &plain, &mut TierStats::default());
    let stress = Stress::Budget { collections: 12, allocations: allocations.max(1) };
    // Each collection is verified, from all roots, which may be a deep stack's: not many more of them than are forced.
    let nursery = Some(8 << 20);
    let heap = HeapOptions { stress, nursery, verify_post: true, poison: true, ..HeapOptions::default() };
    counted::<Lox>(path, source, &Configuration { heap, ..on.clone() }, totals).0
}

/// Runs a program; its outcome and, where the stress mode counts them, its allocations.
fn counted<L: Language>(path: &Path, source: &str, on: &Configuration, totals: &mut TierStats) -> (Outcome, u64) {
    let mut allocations = 0;
    let output = Shared::default();
    let state = State::new(Box::new(output.clone()));
    let ended = compile_source(source, &path.to_string_lossy()).and_then(|script| {
        let base = 0u64;
        let heap = Heap::new((on.create)(&on.heap), on.heap.clone(), &raw const base as u64);
        let tier = on.eval.map(|options| tier::<L>(on.backend, &heap, options));
        let stats = tier.as_ref().map(JitTier::stats);
        let tier = tier.map(|t| Box::new(t) as Box<dyn Tier>);
        let native_limit = &raw const base as u64 - (NATIVE_STACK - (1 << 20));
        let options = RuntimeOptions { native_limit, ..RuntimeOptions::default() };
        let runtime = runtime_engines::new_runtime::<L>(heap, tier, options).expect("memory");
        // SAFETY: the state is dropped after the runtime.
        let ended = unsafe { start(&runtime.thread, &state) }.and_then(|()| run(&runtime.thread, &script));
        allocations = runtime.heap().stress().allocations();
        if let Some(stats) = stats.map(|s| s.get()) {
            totals.built += stats.built;
            totals.entered += stats.entered;
            totals.exits += stats.exits;
            totals.forced += stats.forced;
            totals.bailouts += stats.bailouts;
        }
        ended
    });
    let (stderr, exit_code) = match ended {
        Ok(()) => (String::new(), 0),
        Err(failure) => (failure.to_string(), failure.exit_code()),
    };
    let stdout = String::from_utf8_lossy(&output.0.borrow()).into_owned();
    (Outcome { stdout, stderr, exit_code }, allocations)
}

/// Calls from compiled code nest natively.
const NATIVE_STACK: u64 = 1 << 30;

/// Runs the suite on a thread with a large stack.
fn suite(backend: NewStages, eval: Option<TierOptions>) -> TierStats {
    suite_on(Configuration {
        create: gc_generational::create,
        heap: HeapOptions::default(),
        eval,
        backend,
        execute: execute::<Lox>,
    })
}

fn suite_on(on: Configuration) -> TierStats {
    let thread = std::thread::Builder::new().stack_size(NATIVE_STACK as usize);
    let handle = thread.spawn(move || suite_here(&on)).expect("a thread");
    handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn suite_here(on: &Configuration) -> TierStats {
    let mut totals = TierStats::default();
    let mut dirs = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontends/lox/tests/programs")];
    dirs.extend(std::env::var_os("LOX_SUITE").map(PathBuf::from));
    for dir in dirs {
        let report =
            run_suite(&dir, &mut |path, source| (on.execute)(path, source, on, &mut totals)).expect("readable");
        for (path, problems) in &report.failures {
            eprintln!("{}\n    {}", path.display(), problems.join("\n    "));
        }
        assert!(report.failures.is_empty(), "{} failed", report.failures.len());
        assert!(report.passed >= 50);
    }
    totals
}

#[test]
fn interpreter() {
    suite(evaluator, None);
}

fn each_backend(f: impl Fn(NewStages)) {
    for (name, backend) in BACKENDS {
        eprintln!("{name}");
        f(*backend);
    }
}

#[test]
fn backends_after_warm_up() {
    each_backend(|backend| {
        let totals = suite(backend, Some(TierOptions::default()));
        assert!(totals.built > 100 && totals.entered > totals.built, "{totals:?}");
        assert_eq!(totals.bailouts, 0, "{totals:?}");
    });
}

/// What runs when is not the same in each run, but what comes out is.
#[test]
fn backends_at_work_while_the_program_runs() {
    for create in [gc_generational::create, gc_semispace::create] {
        each_backend(|backend| {
            let eval = Some(TierOptions { background: true, ..TierOptions::default() });
            let heap = HeapOptions::default();
            let totals = suite_on(Configuration { create, heap, eval, backend, execute: execute::<Lox> });
            assert!(totals.built > 0, "{totals:?}");
        });
    }
}

#[test]
fn backends_from_the_first_call() {
    each_backend(|backend| {
        let totals = suite(backend, Some(TierOptions { threshold: 1, ..TierOptions::default() }));
        assert!(totals.exits > 0, "{totals:?}");
    });
}

#[test]
fn backends_under_forced_deoptimization() {
    each_backend(|backend| {
        for deopt_every in [1, 3, 7] {
            let options = TierOptions { threshold: 1, deopt_every: Some(deopt_every), ..TierOptions::default() };
            let totals = suite(backend, Some(options));
            assert!(totals.forced > 100, "{totals:?}");
        }
    });
}

#[test]
fn backends_that_leave_after_calls() {
    each_backend(|backend| {
        for invalidate_every in [1, 3] {
            let invalidate_every = Some(invalidate_every);
            let totals = suite(backend, Some(TierOptions { threshold: 1, invalidate_every, ..TierOptions::default() }));
            assert!(totals.forced > 100, "{totals:?}");
        }
    });
}

#[test]
fn backends_without_inlining() {
    let build = BuildOptions { inline_depth: 0, ..BuildOptions::default() };
    each_backend(|backend| {
        _ = suite(backend, Some(TierOptions { build, deopt_every: Some(3), ..TierOptions::default() }))
    });
}

/// Every optional fast path is refused: what remains must be right for every operand.
#[test]
fn backends_without_fast_paths() {
    for mode in [Mode::Speculative, Mode::Baseline] {
        let build = BuildOptions { mode, ..BuildOptions::default() };
        each_backend(|backend| {
            suite_on(Configuration {
                create: gc_generational::create,
                heap: HeapOptions::default(),
                eval: Some(TierOptions { threshold: 1, build, ..TierOptions::default() }),
                backend,
                execute: execute::<NoFastPaths<Lox>>,
            });
        });
    }
}

#[test]
fn backends_of_baseline_units() {
    let build = BuildOptions { mode: Mode::Baseline, ..BuildOptions::default() };
    each_backend(|backend| {
        let totals = suite(backend, Some(TierOptions { threshold: 1, build, ..TierOptions::default() }));
        assert_eq!(totals.bailouts, 0, "{totals:?}");
        assert!(totals.exits > 100, "{totals:?}");
        let build = BuildOptions { speculate: false, ..build };
        let totals = suite(backend, Some(TierOptions { threshold: 1, build, ..TierOptions::default() }));
        assert_eq!((totals.exits, totals.bailouts), (0, 0), "these units do not speculate: {totals:?}");
    });
}

#[test]
fn every_collector_under_stress_interpreted() {
    for (name, create) in COLLECTORS {
        eprintln!("{name}");
        let heap = HeapOptions::default();
        suite_on(Configuration { create, heap, eval: None, backend: evaluator, execute: execute_stressed });
    }
}

/// Speculative units on each collector, and baseline ones with guards and without in turn; several stages have baseline units anyway.
fn every_collector_under_stress(backend: NewStages) {
    let is_staged = backend(&TierOptions::default()).len() > 1;
    for (n, (name, create)) in COLLECTORS.into_iter().enumerate() {
        for (mode, speculate) in [(Mode::Speculative, true), (Mode::Baseline, n % 2 == 0)] {
            if mode == Mode::Baseline && is_staged {
                continue;
            }
            eprintln!("{name} {mode:?} {speculate}");
            let build = BuildOptions { mode, speculate, ..BuildOptions::default() };
            let eval = Some(TierOptions { threshold: 1, deopt_every: Some(3), build, ..TierOptions::default() });
            let heap = HeapOptions::default();
            suite_on(Configuration { create, heap, eval, backend, execute: execute_stressed });
        }
    }
}

#[test]
fn every_collector_under_stress_evaluated() {
    every_collector_under_stress(evaluator);
}

#[test]
fn every_collector_under_stress_in_native_code() {
    each_backend(|backend| {
        if backend(&TierOptions::default()).iter().all(|stage| stage.backend.capabilities().native) {
            every_collector_under_stress(backend);
        }
    });
}
