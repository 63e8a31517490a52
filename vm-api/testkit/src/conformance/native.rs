//! Ambiguous roots: native words and stacks, pins, finding objects.

use super::{descriptor, vm};
use crate::Create;
use crate::mock::{MockVm, NODE_WORDS, checked};
use std::hint::black_box;
use vm_heap::{HeapOptions, Object, Value};

/// Every word from the header to one past the end keeps an object, in its place.
pub(super) fn exact_interior_and_one_past(create: Create) {
    let vm = vm(create);
    let large = 5000;
    for distance in [0u64, 1, 8, 8 * NODE_WORDS as u64 - 1, 8 * NODE_WORDS as u64] {
        let first = vm.numbered(1).address();
        let array = vm.array(large).address();
        let last = vm.numbered(2).address();
        let end = if distance == 8 * NODE_WORDS as u64 { 8 * (large as u64 + 2) } else { distance };
        vm.set_native(&[0, u64::MAX, first + distance, 12345, last + distance, array + end, array - 1]);
        for _ in 0..2 {
            vm.garbage(20_000);
            vm.every_kind();
        }
        for (address, number) in [(first, 1), (last, 2)] {
            assert_eq!(vm.number(Value::from_bits(address)), number, "distance {distance}");
        }
        assert_eq!(Object::of(Value::from_bits(array)).length(), large);
        vm.set_native(&[]);
        vm.full();
    }
}

/// A pinned object stays until as many unpins; what it refers to follows.
pub(super) fn pins(create: Create) {
    let vm = vm(create);
    let child = vm.numbered(5).value();
    let object = vm.node(child, Value::NONE, 6).expect("room");
    let address = object.address();
    vm.heap.pin(object);
    vm.heap.pin(object);
    let slot = vm.push(object);
    for _ in 0..3 {
        vm.garbage(20_000);
        vm.every_kind();
        assert_eq!(vm.get(slot).bits(), address);
        assert_eq!(vm.number(vm.object(slot).get(1)), 5);
    }
    assert!(vm.heap.unpin(vm.object(slot)));
    vm.every_kind();
    assert_eq!(vm.get(slot).bits(), address, "one pin is left");
    assert!(vm.heap.unpin(vm.object(slot)) && !vm.heap.unpin(vm.object(slot)));
    vm.every_kind();
    assert_eq!(vm.number(vm.object(slot).get(1)), 5);
    if vm.heap.descriptor().name == "semispace" {
        assert_ne!(vm.get(slot).bits(), address, "nothing holds it any more");
    }
}

/// Objects beside a pinned one live and die as others do, and the holes are used again.
pub(super) fn neighbours_of_pins(create: Create) {
    let vm = vm(create);
    let base = vm.depth();
    let mut pinned = Vec::new();
    for i in 0..3000 {
        let o = vm.numbered(i);
        if i % 100 == 50 {
            pinned.push((o.address(), i));
        } else if i % 3 == 0 {
            vm.push(o);
        }
    }
    vm.set_native(&pinned.iter().map(|(address, _)| *address).collect::<Vec<u64>>());
    for _ in 0..4 {
        vm.minor();
        vm.garbage(200_000);
        for (address, i) in &pinned {
            assert_eq!(vm.number(Value::from_bits(*address)), *i);
        }
        let mut expected = (0..3000).filter(|i| i % 100 != 50 && i % 3 == 0);
        for slot in base..vm.depth() {
            assert_eq!(Some(vm.number(vm.get(slot))), expected.next());
        }
    }
    vm.full();
    for (address, i) in &pinned {
        assert_eq!(vm.number(Value::from_bits(*address)), *i);
    }
}

#[inline(never)]
fn list_on_the_native_stack(vm: &MockVm, depth: i64) -> i64 {
    let here = vm.numbered(depth);
    vm.garbage(2_000);
    let below = if depth > 0 { list_on_the_native_stack(vm, depth - 1) } else { 0 };
    vm.poll();
    below + vm.number(here.value())
}

/// Values in locals of native frames stay valid across collections.
pub(super) fn native_stack_keeps_locals(create: Create) {
    let base = 0u64;
    let vm = MockVm::with_stack(create, checked(64 << 20), black_box(&raw const base) as u64 + 512);
    assert_eq!(list_on_the_native_stack(&vm, 300), 300 * 301 / 2);
    let o = vm.numbered(1);
    vm.every_kind();
    assert_eq!(vm.number(o.value()), 1);
    black_box(base);
}

/// With `conservative_all` nothing that a precise slot holds moves.
pub(super) fn conservative_all(create: Create) {
    let vm = MockVm::new(create, HeapOptions { conservative_all: true, ..checked(64 << 20) });
    let slots: Vec<usize> = (0..200).map(|i| vm.push(vm.numbered(i))).collect();
    let addresses: Vec<u64> = slots.iter().map(|slot| vm.get(*slot).bits()).collect();
    let global = vm.heap.global(vm.numbered(500).value());
    for _ in 0..3 {
        vm.garbage(50_000);
        vm.every_kind();
        assert!(slots.iter().zip(&addresses).all(|(slot, a)| vm.get(*slot).bits() == *a));
        assert_eq!(vm.number(vm.heap.get_global(global)), 500);
    }
}

/// `find_object` knows every object by any of its addresses, and nothing else.
pub(super) fn find_object_everywhere(create: Create) {
    let vm = vm(create);
    let slots: Vec<usize> = (0..300)
        .map(|i| if i % 50 == 49 { vm.push(vm.array(3000 + i)) } else { vm.push(vm.numbered(i as i64)) })
        .collect();
    for round in 0..4 {
        for slot in &slots {
            let o = vm.object(*slot);
            let bytes = 8 * o.size_words(vm.heap.layouts()) as u64;
            for at in [0, 1, 8, bytes / 2, bytes - 1] {
                assert_eq!(vm.heap.find_object(o.address() + at), Some(o), "round {round}, {at} of {bytes}");
            }
            let next = vm.heap.find_object(o.address() + bytes);
            assert!(next.is_some_and(|n| n == o || n.address() == o.address() + bytes), "one past the end");
        }
        for nowhere in [0, 8, 0x1000, u64::MAX, &raw const vm as u64] {
            assert_eq!(vm.heap.find_object(nowhere), None);
        }
        if round == 1 { vm.full() } else { vm.minor() }
    }
    // A dead object cannot be found after a full collection.
    let dead = vm.object(slots[0]).address();
    let dead_large = vm.object(slots[49]).address();
    vm.truncate(0);
    vm.full();
    if descriptor(create).collects {
        assert_eq!(vm.heap.find_object(dead + 8), None);
        assert_eq!(vm.heap.find_object(dead_large + 8), None);
    }
}
