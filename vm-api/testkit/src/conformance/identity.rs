//! Identity numbers: stable, unique, never reused.

use super::vm;
use crate::Create;
use std::collections::HashSet;
use vm_heap::{Layout, Value};

pub(super) fn stable_across_moves(create: Create) {
    let vm = vm(create);
    let slots: Vec<usize> = (0..40)
        .map(|i| match i % 4 {
            0 => vm.push(vm.array(i * 200)),
            1 => vm.push(vm.heap.alloc_array(vm.shapes.bytes, i).expect("room")),
            2 => vm.push(vm.weak(0, Value::NONE, Value::NONE)),
            _ => vm.push(vm.numbered(i as i64)),
        })
        .collect();
    let ids: Vec<u64> = slots.iter().map(|slot| vm.heap.identity(vm.object(*slot))).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "unique");
    for round in 0..6 {
        if round % 2 == 0 {
            vm.minor()
        } else {
            vm.full()
        }
        vm.garbage(5_000);
        for (slot, id) in slots.iter().zip(&ids) {
            assert_eq!(vm.heap.identity(vm.object(*slot)), *id, "round {round}, slot {slot}");
        }
    }
    // The appended word must not be mistaken for contents.
    for (i, slot) in slots.iter().enumerate() {
        match i % 4 {
            0 => assert_eq!(vm.object(*slot).length(), i * 200),
            3 => assert_eq!(vm.number(vm.get(*slot)), i as i64),
            _ => {}
        }
    }
}

/// An object at a dead one's address gets a number of its own, asked for or not.
pub(super) fn never_reused(create: Create) {
    let vm = vm(create);
    let shape = vm.heap.register_shape(Layout::Leaf { words: 2 }).expect("room");
    let mut seen = HashSet::new();
    for round in 0..30 {
        for i in 0..200 {
            let o = vm.heap.alloc(shape, 2).expect("room");
            if i % 3 != 0 {
                assert!(seen.insert(vm.heap.identity(o)), "reused in round {round}");
            }
            if i % 50 == 1 && i % 3 != 0 {
                vm.push(o);
            }
        }
        if round % 4 == 3 {
            vm.full()
        } else {
            vm.minor()
        }
        for slot in 0..vm.depth() {
            assert!(seen.contains(&vm.heap.identity(vm.object(slot))), "changed in round {round}");
        }
    }
}
