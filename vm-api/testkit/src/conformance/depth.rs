//! Deep structures: tracing must not recurse.

use crate::Create;
use crate::mock::{MockVm, checked};
use vm_heap::{HeapOptions, Object, Value};

fn roomy(create: Create) -> MockVm {
    let options = HeapOptions { verify_pre: false, verify_post: false, nursery: None, ..checked(256 << 20) };
    MockVm::new(create, options)
}

/// A list of a million links, newest first and oldest first.
pub(super) fn long_list(create: Create) {
    const N: i64 = 1_000_000;
    let vm = roomy(create);
    let head = vm.push(Value::NONE);
    for i in 0..N {
        let link = vm.node(vm.get(head), Value::NONE, i).expect("room");
        vm.set(head, link);
    }
    vm.minor();
    vm.full();
    vm.full();
    let (mut at, mut n) = (vm.get(head), N);
    while at.is_object() {
        n -= 1;
        assert_eq!(vm.number(at), n);
        at = Object::of(at).get(1);
    }
    assert_eq!(n, 0);
    vm.heap.verify().expect("a deep heap");
    vm.set(head, Value::NONE);
    vm.full();
    if vm.heap.descriptor().collects {
        assert!(vm.heap.stats().used_bytes < 4 << 20, "{:?}", vm.heap.stats());
    }
}

/// A comb: each link of a long list carries another short one.
pub(super) fn deep_tree(create: Create) {
    const N: i64 = 100_000;
    let vm = roomy(create);
    let (head, tooth) = (vm.push(Value::NONE), vm.push(Value::NONE));
    for i in 0..N {
        vm.set(tooth, Value::NONE);
        for k in 0..3 {
            let o = vm.node(vm.get(tooth), Value::NONE, i * 10 + k).expect("room");
            vm.set(tooth, o);
        }
        let link = vm.node(vm.get(head), vm.get(tooth), i).expect("room");
        vm.set(head, link);
        vm.poll();
    }
    vm.full();
    let (mut at, mut i) = (vm.get(head), N);
    while at.is_object() {
        i -= 1;
        let mut tooth = Object::of(at).get(2);
        for k in (0..3).rev() {
            assert_eq!(vm.number(tooth), i * 10 + k);
            tooth = Object::of(tooth).get(1);
        }
        at = Object::of(at).get(1);
    }
    assert_eq!(i, 0);
}
