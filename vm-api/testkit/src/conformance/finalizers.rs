//! Finalizers: once, in order of registration, after weak references, with resurrection.

use super::vm;
use crate::Create;
use vm_heap::header::flag;
use vm_heap::{Object, Value};

pub(super) fn run_once_and_resurrect(create: Create) {
    let vm = vm(create);
    let child = vm.push(vm.numbered(2));
    let parent = vm.push(vm.node(vm.get(child), Value::NONE, 1).expect("room"));
    vm.heap.make_finalizable(vm.object(parent));
    vm.heap.make_finalizable(vm.object(parent)); // asking twice is asking once
    vm.set(child, Value::NONE);
    vm.every_kind();
    assert!(!vm.heap.has_pending(), "it is reachable");
    assert_ne!(vm.object(parent).flags() & flag::FINALIZABLE, 0);
    vm.set(parent, Value::NONE);
    vm.full();
    if !vm.heap.descriptor().collects {
        assert!(!vm.heap.has_pending());
        return;
    }
    let (cleared, queued) = vm.take_pending();
    assert_eq!((cleared.len(), queued.len()), (0, 1));
    let back = vm.object(queued.start);
    assert_eq!(back.get(3), Value::int(1));
    assert_eq!(vm.number(back.get(1)), 2, "all that it reaches is alive again");
    assert_eq!(back.flags() & flag::FINALIZABLE, 0);
    vm.every_kind();
    assert_eq!(vm.number(vm.object(queued.start).get(1)), 2);
    vm.truncate(queued.start);
    vm.full();
    assert!(!vm.heap.has_pending(), "once");
}

/// All unreachable ones are queued by one collection, in order of registration, though one reaches the other.
pub(super) fn parents_and_children_together(create: Create) {
    for minor_first in [false, true] {
        let vm = vm(create);
        let child = vm.push(vm.numbered(1));
        vm.heap.make_finalizable(vm.object(child));
        let parent = vm.node(vm.get(child), vm.get(child), 2).expect("room");
        vm.heap.make_finalizable(parent);
        vm.set(child, parent);
        for i in 3..10 {
            let other = vm.node(vm.get(child), Value::NONE, i).expect("room");
            vm.heap.make_finalizable(other);
            vm.set(child, other);
        }
        if minor_first {
            vm.minor();
        }
        vm.truncate(child);
        vm.full();
        if vm.heap.descriptor().collects {
            let (_, queued) = vm.take_pending();
            let numbers: Vec<i64> = queued.map(|slot| vm.number(vm.get(slot))).collect();
            assert_eq!(numbers, (1..10).collect::<Vec<i64>>());
        }
    }
}

/// References to an unreachable object are cleared although its finalizer brings it back; those from inside what was
/// unreachable are cleared too, without their callback.
pub(super) fn weak_references_are_cleared_first(create: Create) {
    let vm = vm(create);
    if !vm.heap.descriptor().collects {
        return;
    }
    let object = vm.push(vm.numbered(1));
    let callback = vm.push(vm.numbered(100));
    let outer = vm.push(vm.weak(object, vm.get(callback), Value::int(1)));
    let live = vm.push(vm.numbered(5));
    let inner = vm.weak(object, vm.get(callback), Value::int(2));
    vm.heap.store(vm.object(object), 1, inner.value());
    let inner_to_live = vm.weak(live, vm.get(callback), Value::int(3));
    vm.heap.store(vm.object(object), 2, inner_to_live.value());
    vm.heap.make_finalizable(vm.object(object));
    vm.minor();
    vm.set(object, Value::NONE);
    vm.full();
    let (cleared, queued) = vm.take_pending();
    let numbers: Vec<i64> = cleared.map(|slot| vm.object(slot).get(3).as_int()).collect();
    assert_eq!(numbers, [1]);
    assert!(vm.object(outer).get(1).is_empty());
    assert_eq!(queued.len(), 1);
    let back = vm.object(queued.start);
    assert!(Object::of(back.get(1)).get(1).is_empty(), "its own reference to itself is cleared");
    assert_eq!(Object::of(back.get(2)).get(1), vm.get(live), "its reference to a live object is not");
}

/// What waits to be taken is kept and updated by further collections.
pub(super) fn pending_values_are_roots(create: Create) {
    let vm = vm(create);
    if !vm.heap.descriptor().collects {
        return;
    }
    let callback = vm.push(vm.numbered(100));
    let target = vm.push(vm.numbered(1));
    let weak = vm.push(vm.weak(target, vm.get(callback), Value::int(7)));
    vm.heap.make_finalizable(vm.object(target));
    vm.set(target, Value::NONE);
    vm.full();
    vm.set(weak, Value::NONE);
    vm.set(callback, Value::NONE);
    for _ in 0..3 {
        vm.garbage(20_000);
        vm.every_kind();
    }
    let (cleared, queued) = vm.take_pending();
    assert_eq!((cleared.len(), queued.len()), (1, 1));
    assert_eq!(vm.object(cleared.start).get(3), Value::int(7));
    assert_eq!(vm.number(vm.object(cleared.start).get(2)), 100);
    assert_eq!(vm.number(vm.get(queued.start)), 1);
}

/// An object whose shape says by a raw word that nothing is left to finalize dies unnoticed, whether the word was written
/// before or after it grew old; the others of its shape are queued.
pub(super) fn settled_objects_are_not_queued(create: Create) {
    const WORD: usize = 2;
    const DONE: u64 = 3;
    for minor_first in [false, true] {
        let vm = vm(create);
        let shape = vm.shapes.bitmap;
        vm.heap.settle_shape(shape, WORD, DONE);
        let objects: Vec<usize> = (0..8)
            .map(|i| {
                let slot = {
                    let o = vm.heap.alloc(shape, 6).expect("room");
                    o.init(1, Value::int(i));
                    vm.push(o.value())
                };
                vm.heap.make_finalizable(vm.object(slot));
                slot
            })
            .collect();
        let settle = |which: &dyn Fn(usize) -> bool| {
            objects
                .iter()
                .filter(|slot| which(**slot - objects[0]))
                .for_each(|slot| vm.object(*slot).set_word(WORD, DONE));
        };
        settle(&|i| i % 4 == 0);
        if minor_first {
            vm.minor();
        }
        settle(&|i| i % 4 == 1);
        let mut waiting = Vec::new();
        vm.heap.each_finalizable(&mut |o| waiting.push(o.get(1).as_int()));
        waiting.sort();
        assert_eq!(waiting, [2, 3, 6, 7]);
        vm.truncate(objects[0]);
        vm.full();
        if vm.heap.descriptor().collects {
            let (_, queued) = vm.take_pending();
            let numbers: Vec<i64> = queued.map(|slot| vm.object(slot).get(1).as_int()).collect();
            assert_eq!(numbers, [2, 3, 6, 7]);
        }
    }
}
