//! Every test of the kit over every collector. A new collector is a line in the table below.

mod backends;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use vm_heap::stress::Stress;
use vm_testkit::Create;
use vm_testkit::model::{heap_ops, heap_ops_with};
use vm_testkit::programs::{PROGRAMS, run};

macro_rules! collectors {
    ($($name:ident => $create:path;)+) => {
        /// Every collector's constructor, by name.
        const COLLECTORS: &[(&str, Create)] = &[$((stringify!($name), $create)),+];
        $(mod $name {
            #[test]
            fn passes_the_conformance_suite() {
                vm_testkit::conformance::collector_conformance($create);
            }
            #[test]
            fn agrees_with_the_model() {
                super::agrees_with_the_model($create);
            }
            #[test]
            fn answers_do_not_depend_on_when_it_collects() {
                super::answers_do_not_depend_on_collections($create);
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
fn the_table_names_each_collector_as_it_names_itself() {
    for (name, create) in COLLECTORS {
        assert_eq!(vm_testkit::conformance::descriptor(*create).name, *name);
    }
}

/// Random programs, shrunk when one fails: the same ones each time, unless `PROPTEST_RNG_SEED` says otherwise, and as many
/// as `PROPTEST_CASES` says.
fn agrees_with_the_model(create: Create) {
    let mut config = ProptestConfig { max_shrink_iters: 2000, failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 40;
    }
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let programs = proptest::collection::vec(any::<u8>(), 0..1200);
    let result = runner.run(&programs, |data| {
        heap_ops_with(create, &data);
        Ok(())
    });
    if let Err(e) = result {
        panic!("{e}");
    }
}

/// The driver that fuzz targets call takes anything.
#[test]
fn heap_ops_runs_random_bytes_on_every_collector() {
    let collectors: Vec<Create> = COLLECTORS.iter().map(|(_, create)| *create).collect();
    heap_ops(&collectors, &[]);
    heap_ops(&collectors, &[0xFF; 64]);
    let mut state = 0x853C_49E6_748F_EA9Bu64;
    for round in 0..8 {
        let data: Vec<u8> = (0..400 + round * 100)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (state >> 40) as u8
            })
            .collect();
        heap_ops(&collectors, &data);
    }
}

/// One collection at each allocation in turn, then schedules of many.
fn answers_do_not_depend_on_collections(create: Create) {
    for program in PROGRAMS {
        let (expected, allocations) = run(create, *program, Stress::Count);
        assert_eq!(run(gc_none::create, *program, Stress::Off).0, expected, "{}", program.0);
        assert!(allocations > 50, "{} allocates too little to test anything", program.0);
        for k in 0..allocations {
            let (answer, _) = run(create, *program, Stress::Once(k));
            assert_eq!(answer, expected, "{} with --gc-stress=once:{k}", program.0);
        }
        for stress in [Stress::Alloc(1), Stress::Alloc(3), Stress::Safepoint(1), Stress::Random(1), Stress::Random(2)] {
            assert_eq!(run(create, *program, stress).0, expected, "{} with {stress:?}", program.0);
        }
    }
}
