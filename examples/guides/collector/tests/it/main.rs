//! The guide's collector against the conformance suite, and under a Lox program.

use lox::Lox;
use lox::run::{compile_source, run, start};
use lox::state::State;
use runtime_core::RuntimeOptions;
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use vm_heap::stress::Stress;
use vm_heap::{Heap, HeapOptions};
use vm_testkit::conformance::collector_conformance;
use vm_testkit::model::heap_ops_with;
use vm_testkit::programs::{self, PROGRAMS};

#[test]
fn passes_the_conformance_suite() {
    collector_conformance(guide_collector::create);
}

#[test]
fn agrees_with_the_model_of_a_heap() {
    let mut state = 0x853C_49E6_748F_EA9Bu64;
    for round in 0..40 {
        let program: Vec<u8> = (0..300 + round * 20)
            .map(|_| {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                (state >> 40) as u8
            })
            .collect();
        heap_ops_with(guide_collector::create, &program);
    }
}

#[test]
fn answers_do_not_depend_on_when_it_collects() {
    for program in PROGRAMS {
        let (expected, allocations) = programs::run(guide_collector::create, *program, Stress::Count);
        for k in 0..allocations {
            let (answer, _) = programs::run(guide_collector::create, *program, Stress::Once(k));
            assert_eq!(answer, expected, "{} with --gc-stress=once:{k}", program.0);
        }
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

/// Allocates more than twenty times as much as the heap may hold.
const PROGRAM: &str = "
    class Node { init(value, next) { this.value = value; this.next = next; } }
    var total = 0;
    for (var round = 0; round < 400; round = round + 1) {
        var list = nil;
        for (var i = 0; i < 4000; i = i + 1) list = Node(i, list);
        while (list != nil) { total = total + list.value; list = list.next; }
    }
    print total;
";

#[test]
fn a_program_runs_in_less_memory_than_it_allocates() {
    let options = HeapOptions { limit: 4 << 20, nursery: Some(1 << 20), verify_post: true, ..HeapOptions::default() };
    let base = 0u64;
    let heap = Heap::new(guide_collector::create(&options), options, &raw const base as u64);
    let output = Shared::default();
    let state = State::new(Box::new(output.clone()));
    let runtime = runtime_engines::new_runtime::<Lox>(heap, None, RuntimeOptions::default()).expect("memory");
    let script = compile_source(PROGRAM, "list.lox").expect("a program");
    // SAFETY: the state is dropped after the runtime.
    unsafe { start(&runtime.thread, &state) }.expect("room");
    run(&runtime.thread, &script).expect("it ends well");
    assert_eq!(String::from_utf8_lossy(&output.0.borrow()), "3.1992e+09\n");
    let stats = runtime.heap().stats();
    assert!(stats.allocated_bytes > 64 << 20 && stats.full > 20, "{stats:?}");
}
