//! A planted stale value is found and its allocation named; the heap's own tables are not reported.

use gc_debug_alloc::{DebugAllocator, trap, trapped_backtrace, watch};
use std::panic::{AssertUnwindSafe, catch_unwind};
use vm_heap::{HeapOptions, RootedVec, Value};
use vm_testkit::Create;
use vm_testkit::mock::{MockVm, checked};

#[global_allocator]
static ALLOCATOR: DebugAllocator = DebugAllocator;

const MOVING: [Create; 2] = [gc_semispace::create, gc_generational::create];

fn vm(create: Create) -> MockVm {
    // The verifier keeps addresses of its own, but only while it runs.
    let vm = MockVm::new(create, HeapOptions { verify_pre: false, ..checked(16 << 20) });
    watch(&vm.heap);
    vm
}

/// Hides the address of a young object in a Rust container, as a careless native function would.
#[inline(never)]
fn careless_native_function(vm: &MockVm) -> Vec<u64> {
    let slot = vm.push(vm.numbered(1));
    vec![7, vm.get(slot).bits(), 9]
}

/// What the panic of a collection says.
fn message(vm: &MockVm) -> Option<String> {
    let caught = catch_unwind(AssertUnwindSafe(|| vm.minor())).err()?;
    Some(caught.downcast_ref::<String>().cloned().unwrap_or_default())
}

#[test]
fn a_stale_value_in_a_vec_is_found_and_its_allocation_named() {
    for create in MOVING {
        let attempt = || {
            let vm = vm(create);
            let hidden = careless_native_function(&vm);
            (message(&vm), hidden)
        };
        // Serial numbers count from the beginning of the attempt, as they would from that of a process.
        trap(u64::MAX);
        let (report, hidden) = attempt();
        let report = report.expect("the stale address is found");
        assert!(report.contains("1 stale object addresses"), "{report}");
        assert!(report.contains("at offset 8 of a block of 24 bytes"), "{report}");
        assert!(report.contains(&format!("{:#x}", hidden[1])), "{report}");
        let serial =
            report.split("PRISM_ALLOC_TRAP=").nth(1).and_then(|t| t.split(' ').next()).expect("a serial number");
        trap(serial.parse().expect("a number"));
        drop(attempt());
        let backtrace = trapped_backtrace().expect("the allocation happens again");
        assert!(backtrace.contains("careless_native_function"), "{backtrace}");
    }
}

#[test]
fn what_the_heap_updates_is_not_reported() {
    for create in MOVING {
        let vm = vm(create);
        let vector = RootedVec::new(&vm.heap);
        for i in 0..500 {
            vm.push(vm.numbered(i));
            vector.push(vm.numbered(1000 + i).value());
            let global = vm.heap.global(vm.get(vm.depth() - 1));
            if i % 2 == 0 {
                vm.heap.release_global(global);
            }
            vm.heap.identity(vm.object(vm.depth() - 1));
            vm.heap.make_finalizable(vm.object(vm.depth() - 1));
        }
        // Spare capacity with old words, in all tables of the heap.
        vm.truncate(100);
        vector.truncate(100);
        let old = vm.push(vm.array(5000));
        for round in 0..6 {
            vm.heap.store_element(vm.object(old), round * 700, vm.numbered(1).value());
            vm.every_kind();
            let (_, queued) = vm.take_pending();
            vm.truncate(queued.start);
        }
        assert_eq!(vm.number(vector.get(99).unwrap_or(Value::EMPTY)), 1099);
    }
}

#[test]
fn an_updated_root_slot_is_not_stale_and_a_pinned_object_neither() {
    for create in MOVING {
        let vm = vm(create);
        let object = vm.numbered(5);
        vm.heap.pin(object);
        let hidden = Box::new(object.address());
        vm.every_kind();
        assert_eq!(vm.number(Value::from_bits(*hidden)), 5, "it was not moved, so the address is right");
    }
}
