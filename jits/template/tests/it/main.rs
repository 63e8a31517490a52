//! Native code against the test files and random units, on every collector, with collections everywhere.

mod code;
mod pressure;
mod speed;

use jit_template::Template;
use jit_testkit::NativeRunner;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use std::path::{Path, PathBuf};
use vm_api::heap::stress::Stress;
use vm_api::heap::value::{INT_MAX, INT_MIN};
use vm_api::heap::{HeapOptions, Value};
use vm_api::vir::{Inst, Unit};
use vm_testkit::Create;
use vm_testkit::backend::{agrees_on, arithmetic_agrees_on, load, run_cases};
use vm_testkit::mock::checked;

const COLLECTORS: &[(&str, Create)] = &[
    ("none", gc_none::create),
    ("marksweep", gc_marksweep::create),
    ("semispace", gc_semispace::create),
    ("generational", gc_generational::create),
    ("satb", gc_satb::create),
];

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vm-api").join(path)
}

fn options(stress: Stress) -> HeapOptions {
    HeapOptions { stress, nursery: Some(64 << 10), ..checked(8 << 20) }
}

fn runner(create: Create, stress: Stress) -> NativeRunner<Template> {
    NativeRunner::new(Template, create, options(stress))
}

/// What this backend's code can be asked: no allocation whose shape is the sandbox's, no integers of any word, and nothing that no program
/// may do.
fn on_a_heap(unit: &Unit, expected: &str) -> bool {
    let is_asked = |i: &Inst| !matches!(i, Inst::Alloc(..) | Inst::WordArith(..));
    !expected.starts_with("trap") && unit.insts.iter().all(is_asked)
}

#[test]
fn the_files_of_vir_pass() {
    let cases = load(&folder("vir/tests/files")).expect("test files");
    for (name, create) in COLLECTORS {
        let mut runner = runner(*create, Stress::Alloc(1));
        let tally = run_cases(&cases, &mut runner, &on_a_heap).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(tally.passed > 100 && tally.unsupported == 0, "{tally:?}");
    }
}

#[test]
fn files_about_registers_pass() {
    let cases = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files")).expect("test files");
    for (name, create) in COLLECTORS {
        let mut runner = runner(*create, Stress::Alloc(1));
        let tally = run_cases(&cases, &mut runner, &|_, _| true).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(tally.passed >= 29 && tally.unsupported == 0, "{tally:?}");
    }
}

#[test]
fn heap_files_pass_on_every_collector() {
    let cases = load(&folder("testkit/vir")).expect("test files");
    for (name, create) in COLLECTORS {
        let mut runner = runner(*create, Stress::Count);
        let tally = run_cases(&cases, &mut runner, &|_, _| true).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(tally.passed >= 8 && tally.unsupported == 0, "{tally:?}");
        assert!(runner.allocations > 80, "only {} allocations", runner.allocations);
        let schedules = [Stress::Off, Stress::Alloc(1), Stress::Alloc(2), Stress::Safepoint(1), Stress::Random(7)];
        // The largest file allocates 60 objects in one run.
        for stress in schedules.into_iter().chain((0..64).map(Stress::Once)) {
            runner.options = options(stress);
            let result = run_cases(&cases, &mut runner, &|_, _| true);
            result.unwrap_or_else(|e| panic!("{name} with {stress:?}: {e}"));
        }
    }
}

/// A collector that needs no barriers gets code without them.
#[test]
fn code_without_barriers_runs_where_none_are_needed() {
    let cases = load(&folder("testkit/vir")).expect("test files");
    for create in [gc_none::create as Create, gc_marksweep::create, gc_semispace::create] {
        let mut runner = runner(create, Stress::Alloc(1));
        runner.barriers = false;
        let tally = run_cases(&cases, &mut runner, &|_, _| true).unwrap_or_else(|e| panic!("{e}"));
        assert!(tally.passed >= 8);
    }
}

/// Tests random things, shrunk when one fails: the same ones each time, unless `PROPTEST_RNG_SEED` says otherwise, and as many
/// as `PROPTEST_CASES` says, else `cases`.
fn random<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let mut config = ProptestConfig { max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    if let Err(e) = TestRunner::new(config).run(&strategy, test) {
        panic!("{e}");
    }
}

#[test]
fn random_units_agree_with_the_evaluator() {
    let schedules = [Stress::Off, Stress::Alloc(1), Stress::Alloc(3), Stress::Random(1), Stress::Safepoint(1)];
    random(40, (prop::collection::vec(any::<u8>(), 0..120), 0..64u64), |(data, once)| {
        let mut runner = runner(gc_none::create, Stress::Off);
        for (name, create) in COLLECTORS {
            runner.create = *create;
            for stress in schedules.into_iter().chain([Stress::Once(once)]) {
                runner.options = options(stress);
                prop_assert_eq!(agrees_on(&data, &mut runner), Ok(true), "{} with {:?}", name, stress);
            }
        }
        Ok(())
    });
}

#[test]
fn random_arithmetic_agrees_with_the_evaluator() {
    let numbers = prop::collection::vec(any::<u32>(), 0..200);
    let ints = prop_oneof![Just(INT_MIN), Just(INT_MAX), -3..3i64, INT_MIN..INT_MAX];
    random(1000, (numbers, ints, any::<f64>(), any::<bool>()), |(numbers, x, y, z)| {
        let arguments = [Value::int(x), Value::float(if y.is_nan() { f64::NAN } else { y }), Value::bool(z)];
        let mut runner = runner(gc_none::create, Stress::Off);
        prop_assert_eq!(arithmetic_agrees_on(&numbers, false, arguments, &mut runner), Ok(true));
        Ok(())
    });
}
