//! The reference evaluator against the test files and random units, on every collector, with collections everywhere.

use crate::COLLECTORS;
use jit_eval::Evaluator;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use std::path::{Path, PathBuf};
use vm_heap::HeapOptions;
use vm_heap::stress::Stress;
use vm_testkit::Create;
use vm_testkit::backend::{EvalRunner, agrees_on, load, run_cases};
use vm_testkit::mock::checked;

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn runner(create: Create, stress: Stress) -> EvalRunner<Evaluator> {
    let options = HeapOptions { stress, nursery: Some(64 << 10), ..checked(8 << 20) };
    EvalRunner { backend: Evaluator, create, options, allocations: 0 }
}

/// Files that work on objects pass in the sandbox too.
#[test]
fn heap_files_pass_in_the_sandbox() {
    let cases = load(&folder("vir")).expect("test files");
    let failures: Vec<String> = cases.iter().filter_map(|(_, c)| c.check().err()).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(cases.len() >= 8);
}

#[test]
fn heap_files_pass_on_every_collector() {
    let cases = load(&folder("vir")).expect("test files");
    for (name, create) in COLLECTORS {
        let mut counting = runner(*create, Stress::Count);
        let tally = run_cases(&cases, &mut counting, &|_, _| true).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(tally.passed >= 8 && tally.unsupported == 0, "{tally:?}");
        assert!(counting.allocations > 80, "only {} allocations", counting.allocations);
        let schedules = [Stress::Alloc(1), Stress::Alloc(2), Stress::Safepoint(1), Stress::Random(7)];
        // The largest file allocates 60 objects in one run.
        for stress in schedules.into_iter().chain((0..64).map(Stress::Once)) {
            let result = run_cases(&cases, &mut runner(*create, stress), &|_, _| true);
            result.unwrap_or_else(|e| panic!("{name} with {stress:?}: {e}"));
        }
    }
}

/// The files of VIR's own tests, without those whose shapes or memory are the sandbox's.
#[test]
fn the_files_of_vir_pass_on_a_heap() {
    let cases = load(&folder("../vir/tests/files")).expect("test files");
    let suits = |unit: &vm_vir::Unit, _: &str| !unit.insts.iter().any(|i| matches!(i, vm_vir::Inst::Alloc(..)));
    for (name, create) in COLLECTORS {
        let tally = run_cases(&cases, &mut runner(*create, Stress::Alloc(1)), &suits);
        let tally = tally.unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(tally.passed > 100, "{tally:?}");
    }
}

/// Random programs, shrunk when one fails: the same ones each time, unless `PROPTEST_RNG_SEED` says otherwise, and as many
/// as `PROPTEST_CASES` says.
#[test]
fn random_units_agree_with_the_sandbox() {
    let mut config = ProptestConfig { max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 25;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let schedules = [Stress::Off, Stress::Alloc(1), Stress::Alloc(3), Stress::Random(1), Stress::Safepoint(1)];
    let strategy = (prop::collection::vec(any::<u8>(), 0..120), 0..64u64);
    let result = TestRunner::new(config).run(&strategy, |(data, once)| {
        for (name, create) in COLLECTORS {
            for stress in schedules.into_iter().chain([Stress::Once(once)]) {
                let agrees = agrees_on(&data, &mut runner(*create, stress));
                prop_assert_eq!(agrees, Ok(true), "{} with {:?}", name, stress);
            }
        }
        Ok(())
    });
    if let Err(e) = result {
        panic!("{e}");
    }
}
