//! Weak references, weak arrays, weak root slots.

use super::vm;
use crate::Create;
use vm_heap::{CollectKind, Layout, Object, Trigger, Value};

pub(super) fn cleared_when_dead(create: Create) {
    let vm = vm(create);
    let target = vm.push(vm.numbered(1));
    let weak = vm.push(vm.weak(target, Value::NONE, Value::int(9)));
    vm.every_kind();
    assert_eq!(vm.object(weak).get(1), vm.get(target), "a live target stays");
    vm.set(target, Value::NONE);
    vm.full();
    let collects = vm.heap.descriptor().collects;
    assert_eq!(vm.object(weak).get(1).is_empty(), collects);
    assert_eq!(vm.object(weak).get(3), Value::int(9));
    assert!(!vm.heap.has_pending(), "no callback, nothing to do");
}

/// Callbacks are queued for references that are reachable themselves, once, and for all references to one object.
pub(super) fn callbacks_in_order_and_only_for_reachable_references(create: Create) {
    let vm = vm(create);
    if !vm.heap.descriptor().collects {
        return;
    }
    let target = vm.push(vm.numbered(1));
    let callback = vm.push(vm.numbered(100));
    let first = vm.push(vm.weak(target, vm.get(callback), Value::int(1)));
    let second = vm.push(vm.weak(target, vm.get(callback), Value::int(2)));
    let silent = vm.push(vm.weak(target, Value::NONE, Value::int(3)));
    vm.weak(target, vm.get(callback), Value::int(4)); // unreachable itself
    vm.every_kind();
    assert!(!vm.heap.has_pending());
    vm.set(target, Value::NONE);
    vm.full();
    assert!([first, second, silent].iter().all(|w| vm.object(*w).get(1).is_empty()));
    let (cleared, finalizable) = vm.take_pending();
    assert!(finalizable.is_empty());
    let mut queued: Vec<i64> = cleared.map(|slot| vm.object(slot).get(3).as_int()).collect();
    queued.sort_unstable();
    assert_eq!(queued, [1, 2]);
    vm.full();
    assert!(!vm.heap.has_pending(), "once");
    assert_eq!(vm.number(vm.object(first).get(2)), 100, "the callback is still there");
}

/// Words 2 and 3 of a weak object are strong.
pub(super) fn strong_words_of_weak_objects(create: Create) {
    let vm = vm(create);
    let target = vm.push(vm.numbered(1));
    let callback = vm.numbered(2).value();
    let weak = vm.push(vm.weak(target, callback, Value::NONE));
    for i in 0..6 {
        let fresh = vm.numbered(10 + i);
        vm.heap.store(vm.object(weak), 3, fresh.value());
        vm.garbage(1000);
        if i % 2 == 0 {
            vm.minor()
        } else {
            vm.full()
        }
        assert_eq!(vm.number(vm.object(weak).get(2)), 2);
        assert_eq!(vm.number(vm.object(weak).get(3)), 10 + i);
        assert_eq!(vm.object(weak).get(1), vm.get(target));
    }
}

/// Dead slots become `DEAD_SLOT`; other values stay; stores of young targets into old arrays are followed.
pub(super) fn arrays_drop_the_dead(create: Create) {
    for length in [16usize, 5000] {
        let vm = vm(create);
        let table = vm.push(vm.heap.alloc_array(vm.shapes.weak_array, length).expect("room"));
        vm.every_kind();
        let kept: Vec<usize> = (0..4).map(|i| vm.push(vm.numbered(i))).collect();
        for (i, slot) in kept.iter().enumerate() {
            vm.heap.store_element(vm.object(table), i * 3, vm.get(*slot));
            let dead = vm.numbered(-1).value();
            vm.heap.store_element(vm.object(table), i * 3 + 1, dead);
        }
        vm.heap.store_element(vm.object(table), length - 1, Value::int(5));
        for round in 0..4 {
            if round < 2 {
                vm.minor()
            } else {
                vm.full()
            }
            for (i, slot) in kept.iter().enumerate() {
                assert_eq!(vm.object(table).element(i * 3), vm.get(*slot), "round {round}");
                assert_eq!(vm.object(table).element(i * 3 + 2), Value::EMPTY);
            }
            assert_eq!(vm.object(table).element(length - 1), Value::int(5));
        }
        if vm.heap.descriptor().collects {
            assert!((0..4).all(|i| vm.object(table).element(i * 3 + 1) == Layout::DEAD_SLOT));
        }
    }
}

/// Weak root slots are looked at last: an object that a finalizer brought back is still there.
pub(super) fn root_slots_are_cleared_after_resurrection(create: Create) {
    let vm = vm(create);
    let live = vm.push(vm.numbered(1));
    let (a, b, c) = {
        let (a, b) = (vm.push_weak(vm.get(live)), vm.push_weak(Value::EMPTY));
        let dead = vm.numbered(2);
        vm.set_weak(b, dead);
        (a, b, vm.push_weak(Value::EMPTY))
    };
    let finalizable = vm.numbered(3);
    vm.heap.make_finalizable(finalizable);
    vm.set_weak(c, finalizable);
    vm.every_kind();
    assert_eq!(vm.get_weak(a), vm.get(live));
    if vm.heap.descriptor().collects {
        assert_eq!(vm.get_weak(b), Value::EMPTY);
        let (_, queued) = vm.take_pending();
        assert_eq!(queued.len(), 1);
        assert_eq!(vm.get_weak(c), vm.get(queued.start), "resurrected");
        vm.truncate(queued.start);
        vm.full();
        assert_eq!(vm.get_weak(c), Value::EMPTY);
    }
}

/// What is read out of something weak in the middle of a cycle, and held from then on, survives the cycle.
pub(super) fn reads_during_a_cycle(create: Create) {
    let vm = vm(create);
    // Wide enough that one forced step does not get through it.
    let table = vm.push(vm.array(3000));
    for i in 0..3000 {
        let o = vm.numbered(i);
        vm.heap.store_element(vm.object(table), i as usize, o.value());
    }
    let slots: Vec<usize> = (0..3).map(|i| vm.push(vm.numbered(100 + i))).collect();
    let weak = vm.push(vm.weak(slots[0], Value::NONE, Value::NONE));
    let array = vm.push(vm.heap.alloc_array(vm.shapes.weak_array, 4).expect("room"));
    vm.heap.store_element(vm.object(array), 3, vm.get(slots[1]));
    let root = vm.push_weak(vm.get(slots[2]));
    vm.every_kind();
    slots.iter().for_each(|slot| vm.set(*slot, Value::NONE));
    vm.heap.collect(CollectKind::Minor, Trigger::Stress);
    let read = [vm.object(weak).get(1), vm.object(array).element(3), vm.get_weak(root)];
    let mut held = 0;
    for (slot, v) in slots.iter().zip(read) {
        if let Some(o) = Object::from_value(v) {
            vm.heap.weak_read(o);
            vm.set(*slot, o);
            held += 1;
        }
    }
    assert!(held == 3 || !vm.heap.descriptor().incremental, "the cycle has only begun");
    vm.full();
    for (i, slot) in slots.iter().enumerate() {
        if vm.get(*slot).is_object() {
            assert_eq!(vm.number(vm.get(*slot)), 100 + i as i64);
        }
    }
    if held == 3 {
        assert_eq!(vm.object(weak).get(1), vm.get(slots[0]));
        assert_eq!(vm.object(array).element(3), vm.get(slots[1]));
        assert_eq!(vm.get_weak(root), vm.get(slots[2]));
    }
}

/// A weak reference that the program drops while a cycle is under way: a full collection calls nobody for it, since it died
/// before its target was found dead. A cycle that comes to its end by itself judges as of its beginning.
pub(super) fn references_dropped_during_a_cycle(create: Create) {
    for full in [true, false] {
        let vm = vm(create);
        // Wide enough that one forced step does not get through it.
        let table = vm.push(vm.array(3000));
        for i in 0..3000 {
            let o = vm.numbered(i);
            vm.heap.store_element(vm.object(table), i as usize, o.value());
        }
        let target = vm.push(vm.numbered(3000));
        let weak = vm.push(vm.weak(target, Value::int(1), Value::NONE));
        vm.every_kind();
        vm.set(target, Value::NONE);
        vm.heap.collect(CollectKind::Minor, Trigger::Stress);
        let (at_once, _) = vm.take_pending();
        let incremental = vm.heap.descriptor().incremental;
        assert!(at_once.is_empty() || !incremental, "the cycle has only begun");
        vm.truncate(at_once.start);
        vm.set(weak, Value::NONE);
        if full {
            vm.full();
        } else {
            let cycles = vm.heap.stats().full;
            while incremental && vm.heap.stats().full == cycles {
                vm.minor();
            }
        }
        let (later, _) = vm.take_pending();
        assert_eq!(later.len(), usize::from(incremental && !full));
    }
}

/// Finalizers of objects that died before and during a cycle are queued by one full collection, in order.
pub(super) fn finalizers_around_a_cycle(create: Create) {
    let vm = vm(create);
    let table = vm.push(vm.array(3000));
    for i in 0..3000 {
        let o = vm.numbered(i);
        vm.heap.store_element(vm.object(table), i as usize, o.value());
    }
    let slots: Vec<usize> = (0..4).map(|i| vm.push(vm.numbered(4000 + i))).collect();
    // The later one dies first, and it holds the earlier one.
    vm.heap.store(vm.object(slots[3]), 1, vm.get(slots[2]));
    vm.every_kind();
    slots.iter().for_each(|slot| vm.heap.make_finalizable(vm.object(*slot)));
    vm.set(slots[1], Value::NONE);
    vm.set(slots[3], Value::NONE);
    vm.set(slots[2], Value::NONE);
    if vm.heap.descriptor().incremental {
        vm.heap.collect(CollectKind::Minor, Trigger::Stress);
    }
    vm.set(slots[0], Value::NONE);
    vm.full();
    let (_, queued) = vm.take_pending();
    if vm.heap.descriptor().collects {
        let numbers: Vec<i64> = queued.map(|slot| vm.number(vm.get(slot))).collect();
        assert_eq!(numbers, [4000, 4001, 4002, 4003]);
    }
}

/// A weak object of two words has no callback; the word after it is somebody else's.
pub(super) fn short_weak_objects(create: Create) {
    let vm = vm(create);
    let shape = vm.heap.register_shape(Layout::Weak { words: 2 }).expect("room");
    let slots: Vec<usize> = (0..100)
        .map(|i| {
            let target = vm.push(vm.numbered(i));
            let weak = vm.heap.alloc(shape, 2).expect("room");
            weak.init(1, vm.get(target));
            vm.set(target, weak);
            target
        })
        .collect();
    vm.full();
    assert!(!vm.heap.has_pending(), "there is no callback to call");
    if vm.heap.descriptor().collects {
        assert!(slots.iter().all(|slot| Object::of(vm.get(*slot)).get(1).is_empty()));
    }
}
