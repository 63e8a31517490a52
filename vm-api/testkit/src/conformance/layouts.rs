//! Allocation of every layout and size, and what the heap says about its objects.

use super::vm;
use crate::Create;
use crate::mock::{BITMAP_WORDS, LEAF_WORDS, MockVm};
use std::collections::HashSet;
use vm_heap::collector::Trigger;
use vm_heap::{CollectKind, Object, Value};

/// Raw words that look like pointers must not be followed; values must be.
pub(super) fn every_layout_keeps_its_contents(create: Create) {
    let vm = vm(create);
    let child = vm.push(vm.numbered(7));
    let leaf = vm.push(vm.heap.alloc(vm.shapes.leaf, LEAF_WORDS).expect("room"));
    vm.object(leaf).set_word(1, vm.get(child).bits());
    vm.object(leaf).set_word(2, 0xDEAD_BEEF);
    let raw = vm.get(child).bits();
    let bytes = vm.push(vm.heap.alloc_array(vm.shapes.bytes, 13).expect("room"));
    for i in 0..13 {
        // SAFETY: byte i of 13.
        unsafe { vm.object(bytes).bytes_address().add(i).write(i as u8) };
    }
    let array = vm.push(vm.array(3));
    vm.object(array).init(2, vm.get(child));
    vm.object(array).init(4, Value::float(1.5));
    let bitmap = vm.push(vm.heap.alloc(vm.shapes.bitmap, BITMAP_WORDS).expect("room"));
    vm.object(bitmap).init(1, vm.get(child));
    vm.object(bitmap).set_word(2, 0x1234_5678_9ABC_DEF0);
    vm.object(bitmap).init(3, Value::int(-5));
    vm.object(bitmap).set_word(4, raw);
    vm.object(bitmap).init(5, vm.get(child));
    for _ in 0..3 {
        vm.every_kind();
        assert_eq!(vm.object(leaf).word(1), raw, "a leaf's words are not values");
        assert_eq!(vm.object(leaf).word(2), 0xDEAD_BEEF);
        // SAFETY: a LeafArray that nobody writes to.
        assert_eq!(unsafe { vm.object(bytes).bytes() }, (0..13).collect::<Vec<u8>>());
        let child_now = vm.get(child);
        assert_eq!(vm.number(child_now), 7);
        assert_eq!(vm.object(array).length(), 3);
        assert_eq!(vm.object(array).element(0), child_now);
        assert_eq!(vm.object(array).element(1), Value::EMPTY);
        assert_eq!(vm.object(array).element(2), Value::float(1.5));
        assert_eq!(vm.object(bitmap).get(1), child_now);
        assert_eq!(vm.object(bitmap).word(2), 0x1234_5678_9ABC_DEF0);
        assert_eq!(vm.object(bitmap).get(3), Value::int(-5));
        assert_eq!(vm.object(bitmap).word(4), raw, "bit 4 is clear: a raw word");
        assert_eq!(vm.object(bitmap).get(5), child_now);
    }
}

/// Memory that was used before is zero again for new objects.
pub(super) fn new_memory_is_zero(create: Create) {
    let vm = vm(create);
    for round in 0..60 {
        for words in [3usize, 40, 500, 1900, 2500, 9000] {
            let o = vm.heap.alloc_array(vm.shapes.bytes, words * 8).expect("room");
            for i in 0..words {
                assert_eq!(o.word(2 + i), 0, "word {i} of {words}, round {round}");
                o.set_word(2 + i, u64::MAX);
            }
            if round % 7 == 0 {
                vm.push(o);
            }
        }
        if round % 10 == 9 {
            vm.truncate(vm.depth() / 2);
            vm.full();
        } else if round % 3 == 2 {
            vm.minor();
        }
    }
}

/// Sizes around every border: cards, medium and large objects, blocks.
pub(super) fn objects_of_every_size(create: Create) {
    let vm = vm(create);
    let mut sizes: Vec<usize> = (0..40).collect();
    for border in [64usize, 256, 512, 2048, 4096, 8 << 10, 16 << 10, 32 << 10, 64 << 10, 96 << 10] {
        sizes.extend((border / 8).saturating_sub(5)..border / 8 + 5);
    }
    let slots: Vec<usize> = sizes.iter().map(|n| vm.push(vm.array(*n))).collect();
    for (slot, n) in slots.iter().zip(&sizes) {
        let child = vm.numbered(*n as i64);
        if *n > 0 {
            vm.heap.store_element(vm.object(*slot), n - 1, child.value());
            vm.heap.store_element(vm.object(*slot), 0, child.value());
        }
    }
    for _ in 0..2 {
        vm.every_kind();
        for (slot, n) in slots.iter().zip(&sizes) {
            assert_eq!(vm.object(*slot).length(), *n);
            if *n > 0 {
                assert_eq!(vm.number(vm.object(*slot).element(n - 1)), *n as i64);
                assert_eq!(vm.object(*slot).element(0), vm.object(*slot).element(n - 1));
            }
            if *n > 3 {
                assert!((1..n - 1).all(|i| vm.object(*slot).element(i).is_empty()), "an array of {n} has garbage");
            }
        }
    }
}

/// `each_object` shows every live object once; after a full collection nothing else of the dead ones' shape.
pub(super) fn each_object_sees_all(create: Create) {
    let vm: MockVm = vm(create);
    let live: Vec<usize> = (0..50).map(|i| vm.push(vm.numbered(i))).collect();
    vm.push(vm.array(5000));
    vm.garbage(10_000);
    for collected in [false, true] {
        if collected {
            vm.full();
        }
        let (mut seen, mut numbers) = (HashSet::new(), Vec::new());
        let node = vm.shapes.node;
        let mut arrays = 0;
        vm.heap.each_object(&mut |o: Object| {
            assert!(seen.insert(o.address()), "{o:?} was shown twice");
            if o.shape() == node {
                numbers.push(o.get(3).as_int());
            } else {
                arrays += 1;
            }
        });
        assert!(live.iter().all(|slot| seen.contains(&vm.get(*slot).bits())));
        assert_eq!(arrays, 1);
        if collected && vm.heap.descriptor().collects {
            numbers.sort_unstable();
            assert_eq!(numbers, (0..50).collect::<Vec<i64>>(), "dead objects are shown after a full collection");
        }
    }
}

/// What a collection shows in its middle, and the heap's own marking before it, is what it frees, and nothing that it keeps.
pub(super) fn unreachable_objects_are_those_that_a_collection_frees(create: Create) {
    let vm: MockVm = vm(create);
    let all = || {
        let mut n = 0;
        vm.heap.each_object(&mut |_| n += 1);
        n
    };
    let unreachable = || {
        let mut found = Vec::new();
        vm.heap.show_unreachable(0, &mut |dead| dead.each(&mut |o| found.push(o.address())));
        assert!(found.is_sorted_by(|a, b| a < b), "an object was shown twice, or out of order");
        found
    };
    // What is shown, and where the other objects are that it refers to.
    let collected = || {
        let (mut found, mut reached, mut calls) = (Vec::new(), HashSet::new(), 0);
        vm.heap.collect_showing(Trigger::Explicit, &mut |dead| {
            calls += 1;
            dead.each(&mut |o| {
                assert_eq!(dead.now(o), o, "what is unreached does not move");
                found.push(o.address());
            });
            dead.each(&mut |o| {
                o.each_slot(dead.layouts(), |word| {
                    let target = Object::from_value(o.get(word)).map(|target| dead.now(target).address());
                    reached.extend(target.filter(|target| !found.contains(target)));
                });
            });
        });
        assert_eq!(calls, 1);
        (found, reached)
    };
    for round in 0..4 {
        let live: Vec<usize> = (0..50).map(|i| vm.push(vm.numbered(i))).collect();
        // Reached from the inside of a large array alone, by a pin alone, and from a cycle that nobody reaches.
        let array = vm.push(vm.array(5000));
        let inner = vm.numbered(1);
        vm.heap.store_element(vm.object(array), 4321, inner.value());
        let pinned = vm.numbered(2);
        vm.heap.pin(pinned);
        if round == 1 {
            vm.minor();
        }
        if round == 2 {
            // Now a cycle is under way, in collectors that have such a thing.
            vm.garbage(100);
            vm.heap.collect(CollectKind::Minor, Trigger::Stress);
        }
        for n in 0..1000 {
            vm.numbered(n);
        }
        // Dead ones between living ones, with numbers, that refer to each other and to what lives.
        for slot in live.iter().copied() {
            let dead = vm.numbered(3);
            vm.heap.identity(vm.object(slot));
            vm.heap.store(dead, 1, vm.get(slot));
            let other = vm.numbered(4);
            vm.heap.store(other, 1, dead.value());
        }
        let (before, dead) = (all(), unreachable());
        assert!(dead.len() >= 1100, "{} of {before}", dead.len());
        for slot in live.iter().chain([&array]) {
            assert!(!dead.contains(&vm.get(*slot).bits()));
        }
        assert!(!dead.contains(&vm.object(array).element(4321).bits()));
        assert!(!dead.contains(&pinned.address()));
        let (shown, reached) = collected();
        assert_eq!(shown, dead, "the collection shows something else than the heap's own marking");
        let now: HashSet<u64> = live.iter().map(|slot| vm.get(*slot).bits()).collect();
        assert!(reached.is_superset(&now), "where a reached object is was not told");
        if vm.heap.descriptor().collects {
            assert_eq!(reached, now);
            assert_eq!(all(), before - dead.len());
            assert_eq!(unreachable().len(), 0);
        }
        vm.heap.verify().expect("nothing was touched");
        vm.heap.unpin(pinned);
        // Some of what has grown old by now dies, among others that live.
        live.iter().step_by(3).for_each(|slot| vm.set(*slot, Value::NONE));
    }
}
