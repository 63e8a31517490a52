//! What the heap's fast paths and collections cost, by collector: `cargo bench -p vm-testkit [FILTER]`.
//!
//! Times of a thousand operations each, so that the measuring loop does not count; those of collections are of one.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
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

/// Operations in a measurement.
const MANY: usize = 1000;

fn vm(create: Create) -> MockVm {
    MockVm::new(create, HeapOptions { limit: 8 << 30, ..HeapOptions::default() })
}

fn node(vm: &MockVm) -> Object {
    vm.heap.alloc(vm.shapes.node, NODE_WORDS).expect("room")
}

/// Nodes of 32 bytes that die at once: the bump path, refills and the collections that they cause. The collector that never
/// collects gets a new heap before its limit.
fn allocation(c: &mut Criterion) {
    let mut group = c.benchmark_group("allocate a thousand nodes");
    for (name, create) in COLLECTORS {
        let mut heap = vm(*create);
        let mut used = 0;
        group.bench_function(*name, |b| {
            b.iter(|| {
                used += 8 * NODE_WORDS * MANY;
                if *name == "none" && used > 4 << 30 {
                    (heap, used) = (vm(*create), 0);
                }
                for _ in 0..MANY {
                    black_box(node(&heap));
                }
            });
        });
    }
}

/// Stores into old objects; the slow path is taken once, if at all.
fn barriers(c: &mut Criterion) {
    let mut group = c.benchmark_group("store a thousand times");
    for (name, create) in COLLECTORS {
        let vm = vm(*create);
        let (old, large) = (vm.push(vm.numbered(1)), vm.push(vm.array(10_000)));
        vm.every_kind();
        let (object, array, value) = (vm.object(old), vm.object(large), vm.get(old));
        group.bench_function(format!("{name}/without barrier"), |b| {
            b.iter(|| (0..MANY).for_each(|_| black_box(object).set_word(1, value.bits())));
        });
        group.bench_function(format!("{name}/object barrier"), |b| {
            b.iter(|| (0..MANY).for_each(|_| vm.heap.store(black_box(object), 1, value)));
        });
        group.bench_function(format!("{name}/element barrier"), |b| {
            b.iter(|| (0..MANY).for_each(|i| vm.heap.store_element(black_box(array), i, value)));
        });
    }
}

/// Collections of a heap with a million old nodes and some young ones that live.
fn collections(c: &mut Criterion) {
    let mut group = c.benchmark_group("collect");
    group.sample_size(10).measurement_time(Duration::from_secs(2));
    for (name, create) in COLLECTORS.iter().filter(|(name, _)| *name != "none") {
        let vm = vm(*create);
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
            if *name == "generational" {
                group.bench_function(format!("{name}/minor, {survivors} survivors"), |b| {
                    b.iter_batched(prepare, |()| vm.minor(), BatchSize::PerIteration);
                });
            }
        }
        vm.set(young, Value::NONE);
        group.bench_function(format!("{name}/full, a million nodes"), |b| b.iter(|| vm.full()));
    }
}

criterion_group!(benches, allocation, barriers, collections);
criterion_main!(benches);
