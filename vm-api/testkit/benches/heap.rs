//! What the heap's fast paths and collections cost, by collector: `cargo bench -p vm-testkit [FILTER]`.
//!
//! Written on the standard library alone: a bench framework would bring more crates into every check of the workspace than
//! all else together. Each line shows the fastest and the median of the runs; the fastest is what a busy machine
//! disturbs least.

use std::hint::black_box;
use std::time::{Duration, Instant};
use vm_heap::{HeapOptions, Object, Value};
use vm_testkit::Create;
use vm_testkit::mock::{MockVm, NODE_WORDS};

const COLLECTORS: &[(&str, Create)] = &[
    ("none", gc_none::create),
    ("marksweep", gc_marksweep::create),
    ("semispace", gc_semispace::create),
    ("generational", gc_generational::create),
    ("satb", gc_satb::create),
];

/// Runs of one measurement.
const RUNS: usize = 25;

/// Measures `run` (after `prepare`, which is not measured) and prints nanoseconds for each of `items`.
fn measure(filter: Option<&str>, name: &str, items: u32, mut prepare: impl FnMut(), mut run: impl FnMut()) {
    if filter.is_some_and(|f| !name.contains(f)) {
        return;
    }
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            prepare();
            let began = Instant::now();
            run();
            began.elapsed()
        })
        .collect();
    times.sort_unstable();
    let each = |t: Duration| t.as_nanos() as f64 / f64::from(items);
    println!("{name:<60} {:>12.2} ns fastest {:>12.2} ns median", each(times[0]), each(times[RUNS / 2]));
}

fn vm(create: Create) -> MockVm {
    MockVm::new(create, HeapOptions { limit: 8 << 30, ..HeapOptions::default() })
}

fn node(vm: &MockVm) -> Object {
    vm.heap.alloc(vm.shapes.node, NODE_WORDS).expect("room")
}

/// Nodes of 32 bytes that die at once: the bump path, refills and the collections that they cause.
fn allocation(filter: Option<&str>, name: &str, create: Create) {
    let vm = vm(create);
    let run = || {
        for _ in 0..200_000 {
            black_box(node(&vm));
        }
    };
    measure(filter, &format!("{name}: allocate a node"), 200_000, || {}, run);
}

/// Stores into old objects; the slow path is taken once, if at all.
fn barriers(filter: Option<&str>, name: &str, create: Create) {
    let vm = vm(create);
    let (old, large) = (vm.push(vm.numbered(1)), vm.push(vm.array(10_000)));
    vm.every_kind();
    let (object, array, value) = (vm.object(old), vm.object(large), vm.get(old));
    let plain = || (0..10_000).for_each(|_| black_box(object).set_word(1, value.bits()));
    measure(filter, &format!("{name}: store without barrier"), 10_000, || {}, plain);
    let stores = || (0..10_000).for_each(|_| vm.heap.store(black_box(object), 1, value));
    measure(filter, &format!("{name}: store"), 10_000, || {}, stores);
    let elements = || (0..10_000).for_each(|i| vm.heap.store_element(black_box(array), i, value));
    measure(filter, &format!("{name}: store into a large array"), 10_000, || {}, elements);
}

/// Collections of a heap with a million old nodes and some young ones that live.
fn collections(filter: Option<&str>, name: &str, create: Create) {
    let vm = vm(create);
    let head = vm.push(Value::NONE);
    for i in 0..1_000_000 {
        let link = vm.node(vm.get(head), Value::NONE, i).expect("room");
        vm.set(head, link);
    }
    vm.every_kind();
    let young = vm.push(Value::NONE);
    for survivors in [100, 10_000] {
        let prepare = || {
            vm.minor();
            vm.minor();
            vm.set(young, Value::NONE);
            for i in 0..survivors {
                let link = vm.node(vm.get(young), Value::NONE, i).expect("room");
                vm.set(young, link);
            }
        };
        if name == "generational" {
            let title = format!("{name}: minor collection, {survivors} survivors");
            measure(filter, &title, 1, prepare, || vm.minor());
        }
    }
    vm.set(young, Value::NONE);
    measure(filter, &format!("{name}: full collection, a million nodes"), 1, || {}, || vm.full());
}

fn main() {
    // Cargo passes `--bench`; anything else is a filter.
    let filter = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    let filter = filter.as_deref();
    for (name, create) in COLLECTORS {
        allocation(filter, name, *create);
        barriers(filter, name, *create);
        if *name != "none" {
            collections(filter, name, *create);
        }
    }
}
