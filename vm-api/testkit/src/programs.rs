//! Deterministic mutators whose answer must not depend on when collections happen.
//!
//! Each runs with values in native locals on a scanned stack, as runtime code does, and in the shadow stack. A sweep of
//! `once:K` over every allocation number K puts one collection at each place where one can happen.

use crate::Create;
use crate::mock::{MockVm, checked};
use std::hint::black_box;
use vm_heap::stress::Stress;
use vm_heap::{HeapOptions, Object, Value};

/// A program: its name and what it does. Its result is its answer.
pub type Program = (&'static str, fn(&MockVm) -> i64);

/// All programs.
pub const PROGRAMS: &[Program] =
    &[("tree", tree), ("sort", sort), ("queue", queue), ("intern", intern), ("interior", interior)];

/// Runs a program on a fresh heap with its native stack scanned. Returns its answer and the number of allocations.
#[inline(never)]
pub fn run(create: Create, program: Program, stress: Stress) -> (i64, u64) {
    let base = 0u64;
    let options = HeapOptions { stress, nursery: Some(64 << 10), ..checked(32 << 20) };
    let vm = MockVm::with_stack(create, options, black_box(&raw const base) as u64 + 256);
    let answer = program.1(&vm);
    let allocations = vm.heap.stress().allocations();
    drop(vm);
    black_box(base);
    (answer, allocations)
}

fn cons(vm: &MockVm, a: Value, b: Value, n: i64) -> Value {
    let o = vm.heap.alloc(vm.shapes.node, crate::mock::NODE_WORDS).expect("programs are small");
    o.init(1, a);
    o.init(2, b);
    o.init(3, Value::int(n));
    o.value()
}
fn part(v: Value, i: usize) -> Value {
    Object::of(v).get(i)
}

/// A binary tree, built bottom-up in native recursion, then rotated through stores and summed.
fn tree(vm: &MockVm) -> i64 {
    fn build(vm: &MockVm, depth: i64) -> Value {
        if depth == 0 {
            return Value::NONE;
        }
        let left = build(vm, depth - 1);
        let right = build(vm, depth - 1);
        cons(vm, left, right, depth)
    }
    fn sum(v: Value, factor: i64) -> i64 {
        if !v.is_object() {
            return 0;
        }
        part(v, 3).as_int() * factor + sum(part(v, 1), factor + 1) + sum(part(v, 2), factor + 2)
    }
    let mut root = build(vm, 6);
    for _ in 0..5 {
        let left = part(root, 1);
        let copy = cons(vm, part(left, 2), part(root, 2), 100);
        vm.heap.store(Object::of(left), 2, copy);
        vm.poll();
        root = left;
    }
    sum(root, 1)
}

/// Insertion into a sorted linked list through old objects, then conversion to an array and back.
fn sort(vm: &MockVm) -> i64 {
    let head = cons(vm, Value::NONE, Value::NONE, -1);
    let mut x = 12345i64;
    for _ in 0..60 {
        x = (x * 1103515245 + 12345) & 0x7fff_ffff;
        let mut at = head;
        while part(at, 1).is_object() && part(part(at, 1), 3).as_int() < x {
            at = part(at, 1);
        }
        let link = cons(vm, part(at, 1), Value::NONE, x);
        vm.heap.store(Object::of(at), 1, link);
        vm.poll();
    }
    let array = vm.array(60);
    let (mut at, mut i) = (part(head, 1), 0);
    while at.is_object() {
        let boxed = cons(vm, at, Value::NONE, i);
        vm.heap.store_element(array, i as usize, boxed);
        at = part(at, 1);
        i += 1;
    }
    (0..60).map(|i| (i as i64 + 1) * (part(part(array.element(i), 1), 3).as_int() % 1000)).sum()
}

/// A ring buffer in a large array with growth and bulk moves; objects live for a while and die.
fn queue(vm: &MockVm) -> i64 {
    let mut buffer = vm.array(8);
    let (mut from, mut len, mut total) = (0usize, 0usize, 0i64);
    for i in 0..150i64 {
        if len == buffer.length() {
            let bigger = vm.array(buffer.length() * 3);
            vm.heap.copy_elements(buffer, from, bigger, 0, buffer.length() - from);
            vm.heap.copy_elements(buffer, 0, bigger, buffer.length() - from, from);
            (buffer, from) = (bigger, 0);
        }
        let item = cons(vm, Value::NONE, Value::NONE, i);
        let end = (from + len) % buffer.length();
        vm.heap.store_element(buffer, end, item);
        len += 1;
        if i % 5 > 2 {
            let first = buffer.element(from);
            vm.heap.store_element(buffer, from, Value::EMPTY);
            from = (from + 1) % buffer.length();
            len -= 1;
            total = total * 3 % 1_000_003 + part(first, 3).as_int();
        }
        vm.poll();
    }
    total * 1000 + len as i64
}

/// An intern table of weak slots over strings of bytes: what is held is found again as the same object.
fn intern(vm: &MockVm) -> i64 {
    let table = vm.push(vm.heap.alloc_array(vm.shapes.weak_array, 64).expect("room"));
    let held = vm.push(vm.array(16));
    let mut found = 0;
    for i in 0..200u64 {
        let key = i * i % 16;
        let place = (key * 5 % 64) as usize;
        let mut string = None;
        if let Some(o) = Object::from_value(vm.object(table).element(place)) {
            vm.heap.weak_read(o);
            assert_eq!(o.word(2), key, "a slot of the table holds another string");
            string = Some(o);
        }
        let string = string.unwrap_or_else(|| {
            let o = vm.heap.alloc_array(vm.shapes.bytes, 8 + (key as usize) * 3).expect("room");
            o.set_word(2, key);
            vm.heap.store_element(vm.object(table), place, o.value());
            o
        });
        if key.is_multiple_of(3) {
            // Held strings are interned for as long as they are held.
            let before = vm.object(held).element(key as usize);
            assert!(before.is_empty() || before == string.value(), "a held string was interned twice");
            vm.heap.store_element(vm.object(held), key as usize, string.value());
            found += 1;
        }
        cons(vm, Value::NONE, Value::NONE, 0);
        vm.poll();
    }
    vm.truncate(table);
    found
}

/// Walks arrays by raw interior pointers while allocating: nothing but the pointer is on the stack.
fn interior(vm: &MockVm) -> i64 {
    let array = vm.array(40);
    for i in 0..40 {
        let item = cons(vm, Value::NONE, Value::NONE, i as i64);
        vm.heap.store_element(array, i, item);
    }
    let first = black_box((array.address() + 16) as *const Value);
    // SAFETY: one past the end of the array's elements.
    let (mut at, end) = (first, unsafe { first.add(40) });
    let mut total = 0;
    while at != end {
        // SAFETY: between the first element and the end; the array is pinned by `at` or `end`.
        let item = unsafe { at.read() };
        let pair = cons(vm, item, Value::NONE, 1);
        total = total * 7 % 1_000_003 + part(part(pair, 1), 3).as_int();
        // SAFETY: at most one past the end.
        at = unsafe { at.add(1) };
    }
    total
}
