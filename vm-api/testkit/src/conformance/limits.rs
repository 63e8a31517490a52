//! The hard limit: refused allocations leave a heap that goes on.

use super::descriptor;
use crate::Create;
use crate::mock::{MockVm, NODE_WORDS, checked};
use vm_heap::events::Event;
use vm_heap::{HeapOptions, Object, OutOfMemory, Value};

const LIMIT: usize = 8 << 20;

fn small(create: Create) -> MockVm {
    // Verification of a full heap at every attempt would take the time of all other checks together.
    MockVm::new(create, HeapOptions { verify_pre: false, verify_post: false, log: true, ..checked(LIMIT) })
}

/// Pushes nodes onto the list in slot 0 until the heap is full; how many there are then.
fn fill(vm: &MockVm) -> usize {
    let mut n = 0;
    loop {
        match vm.node(vm.get(0), Value::NONE, n as i64) {
            Ok(node) => vm.set(0, node),
            Err(OutOfMemory) => return n,
        }
        n += 1;
        assert!(n <= LIMIT / (8 * NODE_WORDS), "more bytes than the limit");
    }
}

pub(super) fn full_heap_refuses_and_goes_on(create: Create) {
    let vm = small(create);
    vm.push(Value::NONE);
    for round in 0..3 {
        let n = fill(&vm);
        // A copying collector needs room for the copies; nobody may need more than three times the objects' size.
        assert!(n > LIMIT / (8 * NODE_WORDS) / 3 || round > 0, "full after {n} nodes");
        let (mut at, mut count) = (vm.get(0), 0);
        while let Some(o) = Object::from_value(at) {
            count += 1;
            assert_eq!(o.get(3), Value::int((n - count) as i64));
            at = o.get(1);
        }
        assert_eq!(count, n, "the list is whole although the heap is full");
        assert!(vm.heap.alloc_array(vm.shapes.array, 1 << 20).is_err(), "a large object in a full heap");
        assert!(vm.heap.with_events(|log| log.recent().any(|e| matches!(e, Event::OutOfMemory { .. }))));
        vm.set(0, Value::NONE);
        if !descriptor(create).collects {
            return;
        }
        vm.full();
        vm.heap.verify().expect("a heap that was full and is empty again");
        assert!(vm.heap.stats().used_bytes < LIMIT / 8, "{:?}", vm.heap.stats());
    }
}

pub(super) fn refusal_leaves_room(create: Create) {
    let vm = small(create);
    vm.push(Value::NONE);
    vm.push(Value::NONE);
    for round in 0..2 {
        fill(&vm);
        // What does the telling and the tidying up, all of it alive.
        for i in 0..1000 {
            let node = vm.node(vm.get(1), Value::NONE, i).unwrap_or_else(|_| panic!("node {i} in round {round}"));
            vm.set(1, node);
        }
        if !descriptor(create).collects {
            return;
        }
        vm.set(0, Value::NONE);
        vm.full();
        vm.set(1, Value::NONE);
    }
}

pub(super) fn what_must_not_fail_passes_the_limit(create: Create) {
    let vm = small(create);
    vm.push(Value::NONE);
    vm.push(Value::NONE);
    for round in 0..2 {
        // Twice: the first refusal gives out what is kept back.
        fill(&vm);
        fill(&vm);
        let limit = vm.heap.options().limit;
        for i in 0..10_000 {
            let node = vm.heap.beyond_limit(|| vm.heap.beyond_limit(|| vm.node(vm.get(1), Value::NONE, i)));
            vm.set(1, node.unwrap_or_else(|_| panic!("node {i} in round {round}")));
        }
        assert_eq!(vm.heap.options().limit, limit);
        assert!(vm.heap.alloc_array(vm.shapes.array, 1 << 16).is_err(), "the limit holds again");
        let mut at = vm.get(1);
        for i in (0..10_000).rev() {
            let o = Object::from_value(at).expect("all of them");
            assert_eq!(o.get(3), Value::int(i));
            at = o.get(1);
        }
        if !descriptor(create).collects {
            return;
        }
        vm.set(0, Value::NONE);
        vm.full();
        vm.heap.verify().expect("a heap that was beyond its limit");
        vm.set(1, Value::NONE);
    }
}

pub(super) fn external_bytes_count(create: Create) {
    let vm = small(create);
    vm.push(Value::NONE);
    assert_eq!(vm.heap.charge_external(LIMIT + 1), Err(OutOfMemory));
    vm.heap.charge_external(LIMIT / 2).expect("half of an empty heap");
    assert_eq!(vm.heap.charge_external(LIMIT / 2 + 1), Err(OutOfMemory));
    let with = fill(&vm);
    vm.set(0, Value::NONE);
    vm.heap.release_external(LIMIT / 2);
    if descriptor(create).collects {
        vm.full();
        let without = fill(&vm);
        assert!(without > with * 3 / 2, "{with} nodes beside external bytes, {without} without");
        assert_eq!(vm.heap.charge_external(LIMIT / 2), Err(OutOfMemory), "beside a full heap");
    }
}

pub(super) fn huge_sizes_are_refused(create: Create) {
    let vm = small(create);
    let kept = vm.push(vm.numbered(1));
    for length in [LIMIT, 1 << 30, 1 << 39, (1 << 40) - 3, 1 << 40, 1 << 60, usize::MAX / 8, usize::MAX - 1, usize::MAX]
    {
        for shape in [vm.shapes.array, vm.shapes.bytes, vm.shapes.weak_array] {
            assert!(vm.heap.alloc_array(shape, length).is_err(), "{length} elements");
        }
        assert!(vm.heap.alloc(vm.shapes.node, length.max(LIMIT)).is_err());
    }
    assert_eq!(vm.number(vm.get(kept)), 1);
    assert_eq!(vm.number(vm.numbered(2).value()), 2, "small objects still fit");
    vm.heap.verify().expect("nothing has happened");
}

pub(super) fn held_memory_stays_below_the_limit(create: Create) {
    if !descriptor(create).collects {
        return;
    }
    let vm = small(create);
    vm.push(Value::NONE);
    for i in 0..400_000 {
        let node = vm.node(vm.get(0), Value::NONE, i).expect("little is alive");
        vm.set(0, if i % 1000 == 0 { Value::NONE } else { node.value() });
        if i % 5000 == 0 {
            let stats = vm.heap.stats();
            assert!(stats.held_bytes <= LIMIT, "{stats:?}");
            assert!(stats.used_bytes <= stats.held_bytes, "{stats:?}");
        }
    }
    let stats = vm.heap.stats();
    assert!(stats.minor + stats.full > 0, "{stats:?}");
}

/// Large objects that die give their memory back, whatever sizes follow.
pub(super) fn large_objects_are_reused(create: Create) {
    if !descriptor(create).collects {
        return;
    }
    let vm = small(create);
    let slot = vm.push(Value::NONE);
    for i in 0..2_000usize {
        let n = 3_000 + i * 7919 % 120_000;
        let array = vm.array(n);
        assert!((0..n).all(|i| array.element(i).is_empty()));
        array.init(2 + n - 1, Value::int(i as i64));
        vm.set(slot, array);
    }
    assert_eq!(vm.object(slot).element(vm.object(slot).length() - 1), Value::int(1999));
}
