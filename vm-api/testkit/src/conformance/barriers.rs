//! Stores into old objects and into objects of a snapshot.

use super::vm;
use crate::Create;
use crate::mock::MockVm;
use vm_heap::Value;

/// A reference from an old object is all that keeps a young one.
pub(super) fn old_to_young(create: Create) {
    let vm = vm(create);
    let old = vm.push(vm.numbered(0));
    let small = vm.push(vm.array(20));
    vm.every_kind();
    for i in 0..12 {
        let young = vm.numbered(i);
        vm.heap.store(vm.object(old), 1 + (i as usize & 1), young.value());
        let young = vm.numbered(100 + i);
        vm.heap.store_element(vm.object(small), i as usize, young.value());
        vm.garbage(3_000);
        if i % 5 == 4 {
            vm.full()
        } else {
            vm.minor()
        }
        assert_eq!(vm.number(vm.object(old).get(1 + (i as usize & 1))), i);
        for k in 0..=i {
            assert_eq!(vm.number(vm.object(small).element(k as usize)), 100 + k);
        }
    }
}

/// A reference moves from one object to another during a cycle, ahead of the marker and behind it.
pub(super) fn overwritten_snapshot(create: Create) {
    let vm = vm(create);
    // A wide graph, so that a marking step does not get through it.
    let root = vm.push(vm.array(2000));
    for i in 0..2000 {
        let leaf = vm.numbered(i).value();
        let middle = vm.node(leaf, Value::NONE, 10_000 + i).expect("room");
        vm.heap.store_element(vm.object(root), i as usize, middle.value());
    }
    let keeper = vm.push(vm.array(2000));
    vm.full();
    for i in 0..2000usize {
        let i = if i % 2 == 0 { i } else { 2000 - i };
        let middle = vm.object(root).element(i);
        if middle.is_empty() {
            continue;
        }
        let leaf = vm_heap::Object::of(middle).get(1);
        vm.heap.store_element(vm.object(keeper), i, leaf);
        vm.heap.store(vm_heap::Object::of(vm.object(root).element(i)), 1, Value::NONE);
        vm.heap.store_element(vm.object(root), i, Value::EMPTY);
        if i % 16 == 0 {
            vm.garbage(40_000);
            vm.poll();
        }
        if i % 400 == 0 {
            vm.minor();
        }
    }
    vm.full();
    for i in 0..2000usize {
        let leaf = vm.object(keeper).element(i);
        if !leaf.is_empty() {
            assert_eq!(vm.number(leaf), i as i64);
        }
    }
}

fn check(vm: &MockVm, array: usize, expected: &[Option<i64>]) {
    for (i, e) in expected.iter().enumerate() {
        match e {
            Some(n) => assert_eq!(vm.number(vm.object(array).element(i)), *n, "element {i}"),
            None => assert!(!vm.object(array).element(i).is_object(), "element {i}"),
        }
    }
}

pub(super) fn element_barriers_of_large_arrays(create: Create) {
    let vm = vm(create);
    let n = 6000;
    let array = vm.push(vm.array(n));
    let mut expected = vec![None; n];
    vm.every_kind();
    for round in 0..8 {
        // The first and last element, both sides of a card border, the same card twice.
        for k in [0, 1, 61, 62, 63, 64, 1000 + round * 70, 3000, 3001, n - 2, n - 1] {
            let number = (round * n + k) as i64;
            let young = vm.numbered(number);
            vm.heap.store_element(vm.object(array), k, young.value());
            expected[k] = Some(number);
        }
        let gone = 61 + round % 4;
        vm.heap.store_element(vm.object(array), gone, Value::int(3));
        expected[gone] = None;
        vm.garbage(10_000);
        if round % 3 == 2 {
            vm.full()
        } else {
            vm.minor()
        }
        check(&vm, array, &expected);
    }
}

pub(super) fn range_barriers_of_large_arrays(create: Create) {
    for n in [50usize, 6000] {
        let vm = vm(create);
        let (source, target) = (vm.push(vm.array(n)), vm.push(vm.array(n)));
        vm.every_kind();
        let mut expected = vec![None; n];
        for round in 0..6 {
            let fresh = vm.push(vm.array(n / 2));
            for i in 0..n / 2 {
                let o = vm.numbered((round * n + i) as i64);
                vm.heap.store_element(vm.object(fresh), i, o.value());
            }
            let to = round * n / 12;
            vm.heap.copy_elements(vm.object(fresh), 0, vm.object(source), 0, n / 2);
            vm.heap.copy_elements(vm.object(fresh), 0, vm.object(target), to, n / 2);
            vm.truncate(fresh);
            for (i, e) in expected[to..to + n / 2].iter_mut().enumerate() {
                *e = Some((round * n + i) as i64);
            }
            if round % 3 == 2 {
                vm.full()
            } else {
                vm.minor()
            }
            check(&vm, target, &expected);
        }
    }
}

/// Ranges that begin and end at every place of a card: the first and the last card count, however little of them.
pub(super) fn ranges_at_card_borders(create: Create) {
    let vm = vm(create);
    let target = vm.push(vm.array(4000));
    vm.every_kind();
    for length in 60..130usize {
        let from = length * 20;
        let fresh = vm.push(vm.array(length));
        for i in [0, length - 1] {
            let o = vm.numbered((length * 1000 + i) as i64);
            vm.heap.store_element(vm.object(fresh), i, o.value());
        }
        vm.heap.copy_elements(vm.object(fresh), 0, vm.object(target), from, length);
        vm.truncate(fresh);
        vm.minor();
        for i in [0, length - 1] {
            assert_eq!(vm.number(vm.object(target).element(from + i)), (length * 1000 + i) as i64);
        }
    }
}

/// Every length of short ranges at every distance: they are moved by groups of words.
pub(super) fn short_ranges(create: Create) {
    const N: usize = 27;
    let vm = vm(create);
    let (array, other) = (vm.push(vm.array(N)), vm.push(vm.array(N)));
    let fill = |slot: usize, first: i64| {
        (0..N).for_each(|i| vm.heap.store_element(vm.object(slot), i, Value::int(first + i as i64)));
    };
    let items = |slot: usize| (0..N).map(|i| vm.object(slot).element(i).as_int()).collect::<Vec<i64>>();
    let all = |first: i64| (first..first + N as i64).collect::<Vec<i64>>();
    for from in 0..N {
        for count in 0..=N - from {
            fill(array, 0);
            let mut expected = all(0);
            vm.heap.reverse_elements(vm.object(array), from, from + count);
            expected[from..from + count].reverse();
            assert_eq!(items(array), expected, "{from}, {count} reversed");
            for to in [0, 1, from.saturating_sub(1), from, from + 1, from + 3, N - count] {
                if to + count > N {
                    continue;
                }
                fill(array, 0);
                let mut expected = all(0);
                vm.heap.move_elements(vm.object(array), from, to, count);
                expected.copy_within(from..from + count, to);
                assert_eq!(items(array), expected, "{from} to {to}, {count} moved");
                fill(array, 0);
                fill(other, 100);
                let (source, mut expected) = (all(0), all(100));
                vm.heap.copy_elements(vm.object(array), from, vm.object(other), to, count);
                expected[to..to + count].copy_from_slice(&source[from..from + count]);
                assert_eq!(items(other), expected, "{from} to {to}, {count} copied");
                if count > 0 {
                    vm.heap.copy_reversed(vm.object(array), from + count - 1, vm.object(other), to, count);
                    expected[to..to + count].reverse();
                    assert_eq!(items(other), expected, "{from} to {to}, {count} copied in reverse order");
                }
            }
        }
    }
    for n in 1..=N {
        for at in 0..n {
            fill(array, 0);
            let mut expected = all(0);
            assert_eq!(vm.heap.remove_element(vm.object(array), at, n), Value::int(expected.remove(at)));
            assert!(vm.object(array).element(n - 1).is_empty());
            expected.insert(at, -1);
            vm.heap.insert_element(vm.object(array), at, n - 1, Value::int(-1));
            assert_eq!(items(array), expected, "{at} of {n} removed and another one inserted");
        }
    }
}

/// Overlapping moves within an array, as list insertion and deletion do them.
pub(super) fn moved_elements(create: Create) {
    for n in [40usize, 5000] {
        let vm = vm(create);
        let array = vm.push(vm.array(n));
        let mut expected: Vec<Option<i64>> = (0..n).map(|i| Some(i as i64)).collect();
        for i in 0..n {
            let o = vm.numbered(i as i64);
            vm.heap.store_element(vm.object(array), i, o.value());
        }
        for round in 0..10usize {
            let (from, to, count) =
                [(0, 1, n - 1), (1, 0, n - 1), (n / 3, n / 2, n / 4), (n / 2, n / 3, n / 4)][round % 4];
            vm.heap.move_elements(vm.object(array), from, to, count);
            expected.copy_within(from..from + count, to);
            let o = vm.numbered(-(round as i64) - 1);
            vm.heap.store_element(vm.object(array), round * 3, o.value());
            expected[round * 3] = Some(-(round as i64) - 1);
            if round % 4 == 3 {
                vm.full()
            } else {
                vm.minor()
            }
            check(&vm, array, &expected);
        }
    }
}

/// A chain whose links were promoted at different times: each link is young when its holder is old.
pub(super) fn promoted_chains(create: Create) {
    let vm = vm(create);
    let head = vm.push(vm.numbered(0));
    let tail = vm.push(vm.get(head));
    for i in 1..60 {
        let link = vm.numbered(i);
        vm.heap.store(vm.object(tail), 1, link.value());
        vm.set(tail, link);
        if i % 3 != 0 {
            vm.minor();
        }
        if i % 17 == 0 {
            vm.full();
        }
    }
    vm.set(tail, Value::NONE);
    for _ in 0..3 {
        vm.every_kind();
        let (mut at, mut n) = (vm.get(head), 0);
        while at.is_object() {
            assert_eq!(vm.number(at), n);
            at = vm_heap::Object::of(at).get(1);
            n += 1;
        }
        assert_eq!(n, 60);
    }
}
