//! The guide's JIT against the `.vir` files, random units, and under a Lox program.

use guide_jit::Lean;
use lox::Lox;
use lox::run::{compile_source, run, start};
use lox::state::State;
use runtime_core::{RuntimeOptions, Tier};
use runtime_engines::{JitTier, TierOptions};
use std::cell::RefCell;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use vm_api::heap::stress::Stress;
use vm_api::heap::{Heap, HeapOptions};
use vm_testkit::backend::{EvalRunner, agrees_on, load, run_cases};
use vm_testkit::mock::checked;

fn runner(stress: Stress) -> EvalRunner<Lean> {
    let options = HeapOptions { stress, nursery: Some(64 << 10), ..checked(8 << 20) };
    EvalRunner { backend: Lean, create: gc_semispace::create, options, allocations: 0 }
}

fn folder(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../vm-api").join(path)
}

#[test]
fn the_test_files_pass() {
    let cases = load(&folder("testkit/vir")).expect("test files");
    let tally = run_cases(&cases, &mut runner(Stress::Alloc(1)), &|_, _| true).unwrap_or_else(|e| panic!("{e}"));
    assert!(tally.passed >= 8 && tally.unsupported == 0, "{tally:?}");
}

#[test]
fn random_units_agree_with_the_evaluator() {
    let mut state = 0x853C_49E6_748F_EA9Bu64;
    for _ in 0..200 {
        let bytes: Vec<u8> = (0..120)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (state >> 40) as u8
            })
            .collect();
        assert_eq!(agrees_on(&bytes, &mut runner(Stress::Alloc(3))), Ok(true));
    }
}

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

const PROGRAM: &str = "
    fun fib(n) { if (n < 2) return n; return fib(n - 1) + fib(n - 2); }
    print fib(18);
    var sum = 0;
    for (var i = 0; i < 5000; i = i + 1) sum = sum + i / 2;
    print sum;
";

#[test]
fn a_program_runs_compiled() {
    for deopt_every in [None, Some(3)] {
        let options = HeapOptions::default();
        let base = 0u64;
        let heap = Heap::new(gc_generational::create(&options), options, &raw const base as u64);
        let tier_options = TierOptions { threshold: 2, deopt_every, ..TierOptions::default() };
        let tier = JitTier::<Lox>::new(Box::new(Lean), heap.descriptor(), tier_options).expect("memory");
        let stats = tier.stats();
        let tier: Box<dyn Tier> = Box::new(tier);
        let output = Shared::default();
        let state = State::new(Box::new(output.clone()));
        let native_limit = &raw const base as u64 - (1 << 20);
        let options = RuntimeOptions { native_limit, ..RuntimeOptions::default() };
        let runtime = runtime_engines::new_runtime::<Lox>(heap, Some(tier), options).expect("memory");
        let script = compile_source(PROGRAM, "fib.lox").expect("a program");
        // SAFETY: the state is dropped after the runtime.
        unsafe { start(&runtime.thread, &state) }.expect("room");
        run(&runtime.thread, &script).expect("it ends well");
        assert_eq!(String::from_utf8_lossy(&output.0.borrow()), "2584\n6.24875e+06\n");
        assert!(stats.get().entered > 2 && stats.get().bailouts == 0, "{:?}", stats.get());
    }
}
