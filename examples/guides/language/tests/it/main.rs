//! Programs on every engine, with collections everywhere.

use guide_jit::Lean;
use guide_language::Tally;
use guide_language::run::{State, run};
use jit_cranelift::Cranelift;
use jit_eval::Evaluator;
use jit_template::Template;
use runtime_core::{RuntimeOptions, Tier};
use runtime_engines::build::{BuildOptions, Mode};
use runtime_engines::{JitTier, TierOptions};
use vm_api::engine::{Backend, Language};
use vm_api::heap::stress::Stress;
use vm_api::heap::{Heap, HeapOptions};
use vm_testkit::{Create, NoFastPaths};

/// What compiles, and how its units are built.
type Compiler = (&'static str, fn() -> Box<dyn Backend>, Mode);

const COMPILERS: &[Compiler] = &[
    ("eval", || Box::new(Evaluator), Mode::Speculative),
    ("lean", || Box::new(Lean), Mode::Speculative),
    ("cranelift", || Box::new(Cranelift::new()), Mode::Speculative),
    ("template", || Box::new(Template), Mode::Baseline),
];

/// Runs a program; what it printed and how it ended, and how many units were entered.
fn execute<L: Language>(
    source: &str,
    create: Create,
    stress: Stress,
    compiler: Option<Compiler>,
) -> (String, Result<(), String>, u64) {
    let state = State::default();
    let base = 0u64;
    let options = HeapOptions { stress, verify_post: true, ..HeapOptions::default() };
    let heap = Heap::new(create(&options), options, &raw const base as u64);
    let mut stats = None;
    let tier = compiler.map(|(_, backend, mode)| {
        let build = BuildOptions { mode, ..BuildOptions::default() };
        let options = TierOptions { threshold: 2, build, ..TierOptions::default() };
        let tier = JitTier::<L>::new(backend(), heap.descriptor(), options).expect("memory for code");
        stats = Some(tier.stats());
        Box::new(tier) as Box<dyn Tier>
    });
    let native_limit = &raw const base as u64 - (1 << 20);
    let options = RuntimeOptions { native_limit, ..RuntimeOptions::default() };
    let runtime = runtime_engines::new_runtime::<L>(heap, tier, options).expect("memory");
    // SAFETY: the state is dropped after the runtime.
    let ended = unsafe { run(&runtime.thread, &state, source) };
    let entered = stats.map_or(0, |stats| stats.get().entered);
    (state.output.take(), ended, entered)
}

const PROGRAM: &str = "
    fn fib(n) { if n < 2 { return n } return fib(n - 1) + fib(n - 2) }
    fn power(x, n) {
        let result = 1
        while 0 < n { let result = result * x let n = n - 1 }
        return result
    }
    print fib(15)
    print power(2, 10)
    print power(2, 60) < power(2.5, 60)
    print power(1.5, 3) + 1
";
const PRINTED: &str = "610\n1024\ntrue\n4.375\n";

#[test]
fn a_program_prints_the_same_on_every_engine() {
    let collectors: [(&str, Create); 3] = [
        ("generational", gc_generational::create),
        ("semispace", gc_semispace::create),
        ("blocks", guide_collector::create),
    ];
    for (collector, create) in collectors {
        for stress in [Stress::Off, Stress::Safepoint(7)] {
            let (printed, ended, _) = execute::<Tally>(PROGRAM, create, stress, None);
            assert_eq!((printed.as_str(), ended), (PRINTED, Ok(())), "{collector}, the interpreter");
            for compiler in COMPILERS {
                let (printed, ended, entered) = execute::<Tally>(PROGRAM, create, stress, Some(*compiler));
                assert_eq!((printed.as_str(), ended), (PRINTED, Ok(())), "{collector}, {}", compiler.0);
                assert!(entered > 0, "{} has compiled nothing", compiler.0);
            }
        }
    }
}

/// Stubs are right for all operands: also where there is no fast path before them.
#[test]
fn a_program_prints_the_same_without_fast_paths() {
    let (printed, ended, _) = execute::<NoFastPaths<Tally>>(PROGRAM, gc_generational::create, Stress::Off, None);
    assert_eq!((printed.as_str(), ended), (PRINTED, Ok(())));
}

#[test]
fn what_a_program_does_wrong_is_told_with_the_lines() {
    let ended = |source: &str| {
        let interpreted = execute::<Tally>(source, gc_generational::create, Stress::Off, None);
        for compiler in COMPILERS {
            let compiled = execute::<Tally>(source, gc_generational::create, Stress::Off, Some(*compiler));
            assert_eq!((compiled.0, &compiled.1), (interpreted.0.clone(), &interpreted.1), "{}", compiler.0);
        }
        interpreted.1.expect_err("it is wrong")
    };
    assert_eq!(ended("let x = 1\nprint x + (x < 2)"), "an operand is no number: line 2");
    assert_eq!(ended("fn f(x) {\nif x { print 1 }\n}\nprint f(1)"), "a condition is no comparison: line 2, line 4");
    assert_eq!(ended("fn f(x) { return f(x + 1) }\nprint f(0)"), "calls nest too deep: line 1, line 1, line 1");
    assert_eq!(ended("print y"), "line 1: there is no variable y");
    assert_eq!(ended("fn f(x) { return x }\nprint f(1, 2)"), "line 2: f does not take 2 arguments");
    assert_eq!(ended(&"(".repeat(1000)), "line 1: a statement begins with a word");
    assert_eq!(ended(&format!("print {}", "(".repeat(1000))), "line 1: it nests too deep");
}
