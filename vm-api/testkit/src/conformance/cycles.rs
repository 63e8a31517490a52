//! Collections that nobody asks for: by allocation and at safepoints; and what they report.

use super::descriptor;
use crate::Create;
use crate::mock::{MockVm, checked};
use std::cell::RefCell;
use std::rc::Rc;
use vm_heap::events::Event;
use vm_heap::{HeapOptions, Value};

/// A live structure of constant size, mutated all the time, with twenty times the limit of garbage.
pub(super) fn safepoints_drive_them(create: Create) {
    if !descriptor(create).collects {
        return;
    }
    const LIMIT: usize = 8 << 20;
    let options = HeapOptions { nursery: Some(1 << 20), verify_pre: false, verify_post: false, ..checked(LIMIT) };
    let vm = MockVm::new(create, options);
    let table = vm.push(vm.array(4096));
    let mut state = 1u64;
    for i in 0..LIMIT / 8 * 5 {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let k = (state >> 33) as usize % 4096;
        let old = vm.object(table).element(k);
        let (next, depth) = match vm_heap::Object::from_value(old) {
            Some(o) if o.get(2).as_int() < 4 => (old, o.get(2).as_int() + 1),
            _ => (Value::NONE, 0),
        };
        let o = vm.node(next, Value::int(depth), k as i64).expect("the live part is small");
        vm.heap.store_element(vm.object(table), k, o.value());
        if i % 64 == 0 {
            vm.poll();
        }
    }
    for k in 0..4096 {
        let mut at = vm.object(table).element(k);
        while at.is_object() {
            assert_eq!(vm.number(at), k as i64);
            at = vm_heap::Object::of(at).get(1);
        }
    }
    let stats = vm.heap.stats();
    assert!(stats.minor + stats.full >= 5, "{stats:?}");
    if descriptor(create).incremental {
        assert!(stats.steps > stats.full, "{stats:?}");
    }
    vm.heap.verify().expect("after all that");
}

/// Minor collections alone keep everything that lives, at every age.
pub(super) fn minor_after_minor(create: Create) {
    let vm = super::vm(create);
    let table = vm.push(vm.array(64));
    for i in 0..200usize {
        let o = vm.numbered(i as i64);
        vm.heap.store_element(vm.object(table), i % 64, o.value());
        vm.garbage(500);
        vm.minor();
        for k in 0..64.min(i + 1) {
            let newest = (i - k) / 64 * 64 + k;
            assert_eq!(vm.number(vm.object(table).element(k)), newest as i64, "after {i}");
        }
    }
}

/// Pauses are recorded with numbers that rise, and as JSON.
pub(super) fn events_are_recorded(create: Create) {
    if !descriptor(create).collects {
        return;
    }
    let vm = super::vm(create);
    let seen: Rc<RefCell<Vec<String>>> = Rc::default();
    let sink = seen.clone();
    vm.heap.set_event_sink(Box::new(move |e| sink.borrow_mut().push(e.to_json(std::time::Duration::ZERO))));
    vm.push(vm.numbered(1));
    vm.garbage(100_000);
    vm.every_kind();
    let numbers: Vec<u64> = vm.heap.with_events(|log| {
        log.recent()
            .map(|e| match e {
                Event::Pause(p) => {
                    assert!(p.work.as_nanos() > 0);
                    p.number
                }
                Event::OutOfMemory { .. } => panic!("nothing was refused"),
            })
            .collect()
    });
    assert!(numbers.len() >= 3 && numbers.is_sorted(), "{numbers:?}");
    assert_eq!(seen.borrow().len(), numbers.len());
    assert!(seen.borrow().iter().all(|line| line.starts_with("{\"v\":") && line.ends_with('}')));
}
