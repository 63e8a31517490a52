//! Wide arrays and large objects of every kind.

use super::vm;
use crate::Create;
use crate::mock::{MockVm, checked};
use vm_heap::{HeapOptions, Layout, Value};

/// A million elements, each an object.
pub(super) fn wide(create: Create) {
    const N: usize = 1_000_000;
    let options = HeapOptions { verify_pre: false, verify_post: false, nursery: None, ..checked(256 << 20) };
    let vm = MockVm::new(create, options);
    let array = vm.push(vm.array(N));
    for i in 0..N {
        let o = vm.numbered(i as i64);
        vm.heap.store_element(vm.object(array), i, o.value());
        if i % 1000 == 0 {
            vm.poll();
        }
    }
    vm.minor();
    vm.full();
    assert!((0..N).all(|i| vm.number(vm.object(array).element(i)) == i as i64));
    vm.heap.verify().expect("a wide heap");
}

/// Large objects of the layouts that are not arrays of values.
pub(super) fn large_of_every_kind(create: Create) {
    let vm = vm(create);
    let words = 9000;
    let shape = vm.heap.register_shape(Layout::Values { words: words as u32 }).expect("room");
    let leaf = vm.heap.register_shape(Layout::Leaf { words: words as u32 }).expect("room");
    let weak = vm.heap.register_shape(Layout::Weak { words: words as u32 }).expect("room");
    let (values, raw, reference) = (
        vm.push(vm.heap.alloc(shape, words).expect("room")),
        vm.push(vm.heap.alloc(leaf, words).expect("room")),
        vm.push(vm.heap.alloc(weak, words).expect("room")),
    );
    let bytes = vm.push(vm.heap.alloc_array(vm.shapes.bytes, 100_001).expect("room"));
    let target = vm.push(vm.numbered(77));
    for round in 0..6 {
        let o = vm.numbered(round);
        vm.heap.store(vm.object(values), words - 1, o.value());
        vm.object(raw).set_word(words - 1, 0x10 + round as u64);
        vm.heap.store(vm.object(reference), 1, vm.get(target));
        let o = vm.numbered(1000 + round);
        vm.heap.store(vm.object(reference), words - 1, o.value());
        // SAFETY: the last byte.
        unsafe { vm.object(bytes).bytes_address().add(100_000).write(round as u8) };
        if round % 3 == 2 {
            vm.full()
        } else {
            vm.minor()
        }
        assert_eq!(vm.number(vm.object(values).get(words - 1)), round);
        assert_eq!(vm.object(raw).word(words - 1), 0x10 + round as u64);
        assert_eq!(vm.object(reference).get(1), vm.get(target));
        assert_eq!(vm.number(vm.object(reference).get(words - 1)), 1000 + round);
        // SAFETY: a LeafArray that nobody writes to.
        assert_eq!(unsafe { vm.object(bytes).bytes() }[100_000], round as u8);
    }
    vm.set(target, Value::NONE);
    vm.full();
    assert_eq!(vm.object(reference).get(1).is_empty(), vm.heap.descriptor().collects);
}
