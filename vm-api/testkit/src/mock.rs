//! A VM without a language: roots of every kind, one shape of each layout.
//!
//! By default no native stack is scanned, so that tests know exactly what is alive: only what stands in the mock's slots.
//! A `Value` in a Rust local is then dead or stale after anything that may collect.

use crate::Create;
use std::cell::{Cell, UnsafeCell};
use std::ops::Range;
use vm_heap::{
    Global, Heap, HeapOptions, Layout, Object, OutOfMemory, RootScope, RootSource, ShapeIndex, SlotVisitor, Value,
    audit,
};

/// Slots that a young collection sees only if they were written since they were last shown, or are to be shown again: as little
/// as [`RootScope::Young`] allows.
#[derive(Default)]
struct Slots {
    values: Vec<Value>,
    /// Numbers of those slots, ascending; some may be past the end.
    noted: Vec<usize>,
}

impl Slots {
    fn push(&mut self, v: Value) -> usize {
        self.values.push(v);
        self.note(self.values.len() - 1)
    }
    fn set(&mut self, slot: usize, v: Value) {
        self.values[slot] = v;
        self.note(slot);
    }
    fn note(&mut self, slot: usize) -> usize {
        if let Err(at) = self.noted.binary_search(&slot) {
            self.noted.insert(at, slot);
        }
        slot
    }
    fn show(&mut self, scope: RootScope, visitor: &mut dyn SlotVisitor) {
        if scope == RootScope::All {
            self.noted = (0..self.values.len()).collect();
        }
        let values = &mut self.values;
        self.noted.retain(|slot| values.get_mut(*slot).is_some_and(|value| visitor.slot(value)));
    }
}

/// The mock's roots.
#[derive(Default)]
struct Roots {
    slots: Slots,
    weak: Slots,
    /// Words that are scanned as native memory.
    native: Vec<u64>,
    /// More of them, which are somebody else's.
    borrowed: Option<(u64, u64)>,
}

impl RootSource for Roots {
    fn slots(&mut self, scope: RootScope, visitor: &mut dyn SlotVisitor) {
        self.slots.show(scope, visitor);
    }
    fn weak_slots(&mut self, scope: RootScope, visitor: &mut dyn SlotVisitor) {
        self.weak.show(scope, visitor);
    }
    fn ambiguous(&mut self, range: &mut dyn FnMut(u64, u64)) {
        let words = self.native.as_ptr_range();
        range(words.start as u64, words.end as u64);
        if let Some((from, to)) = self.borrowed {
            range(from, to);
        }
    }
}

/// One shape of each layout.
#[derive(Clone, Copy, Debug)]
pub struct Shapes {
    /// Four words: header, two values, one value that tests number objects with.
    pub node: ShapeIndex,
    /// Three words: header, two raw words.
    pub leaf: ShapeIndex,
    /// Raw bytes.
    pub bytes: ShapeIndex,
    /// Values.
    pub array: ShapeIndex,
    /// Six words; words 1, 3 and 5 are values.
    pub bitmap: ShapeIndex,
    /// Four words: header, weak target, callback, one more value.
    pub weak: ShapeIndex,
    /// Weak slots.
    pub weak_array: ShapeIndex,
}

/// Words of a [`Shapes::node`].
pub const NODE_WORDS: usize = 4;
/// Words of a [`Shapes::leaf`].
pub const LEAF_WORDS: usize = 3;
/// Words of a [`Shapes::bitmap`].
pub const BITMAP_WORDS: usize = 6;
/// Words of a [`Shapes::weak`].
pub const WEAK_WORDS: usize = 4;

/// The mock VM.
pub struct MockVm {
    /// Its heap. Dropped before the roots that it points to.
    pub heap: Box<Heap>,
    roots: Box<UnsafeCell<Roots>>,
    /// Its shapes.
    pub shapes: Shapes,
}

/// Options for tests: a small heap that verifies itself around each collection and poisons what it frees.
pub fn checked(limit: usize) -> HeapOptions {
    HeapOptions {
        limit,
        nursery: Some(128 << 10),
        verify_pre: true,
        verify_post: true,
        poison: true,
        ..HeapOptions::default()
    }
}

impl MockVm {
    /// A VM without native stack scanning.
    pub fn new(create: Create, options: HeapOptions) -> MockVm {
        MockVm::with_stack(create, options, 0)
    }
    /// A VM whose native stack is scanned up to `stack_base`.
    pub fn with_stack(create: Create, options: HeapOptions, stack_base: u64) -> MockVm {
        let heap = Heap::new(create(&options), options, stack_base);
        let shape = |layout| heap.register_shape(layout).expect("a fresh table has room");
        let shapes = Shapes {
            node: shape(Layout::Values { words: NODE_WORDS as u32 }),
            leaf: shape(Layout::Leaf { words: LEAF_WORDS as u32 }),
            bytes: shape(Layout::LeafArray),
            array: shape(Layout::ValueArray),
            bitmap: shape(Layout::Bitmap { words: BITMAP_WORDS as u32, bits: 0b101010 }),
            weak: shape(Layout::Weak { words: WEAK_WORDS as u32 }),
            weak_array: shape(Layout::WeakArray),
        };
        let roots = Box::new(UnsafeCell::new(Roots::default()));
        // SAFETY: the box is owned by the VM and outlives its heap (fields drop in order); references into it are
        // taken only within the methods below, none of which collects.
        unsafe { heap.set_root_source(roots.get()) };
        MockVm { heap, roots, shapes }
    }
    #[allow(clippy::mut_from_ref, reason = "single-threaded cell; no reference outlives a method that cannot collect")]
    fn roots(&self) -> &mut Roots {
        // SAFETY: one thread, and no method of this type keeps the reference.
        unsafe { &mut *self.roots.get() }
    }

    /// Appends a slot to the shadow stack; returns its number.
    pub fn push(&self, v: impl IntoValue) -> usize {
        // The shadow stack is a root source's: collections keep it right, but not its spare capacity.
        let _internal = audit::internal();
        self.roots().slots.push(v.into_value())
    }
    /// The value of a slot, as it is now.
    pub fn get(&self, slot: usize) -> Value {
        self.roots().slots.values[slot]
    }
    /// The object in a slot.
    pub fn object(&self, slot: usize) -> Object {
        Object::of(self.get(slot))
    }
    /// Replaces the value of a slot.
    pub fn set(&self, slot: usize, v: impl IntoValue) {
        let _internal = audit::internal();
        self.roots().slots.set(slot, v.into_value());
    }
    /// The same behind the back of collections: as a root source would be wrong that does not notice a write.
    pub fn set_unnoticed(&self, slot: usize, v: impl IntoValue) {
        self.roots().slots.values[slot] = v.into_value();
    }
    /// Number of slots.
    pub fn depth(&self) -> usize {
        self.roots().slots.values.len()
    }
    /// Shortens the shadow stack.
    pub fn truncate(&self, depth: usize) {
        self.roots().slots.values.truncate(depth);
    }
    /// From now on these words are scanned as native memory too, instead of those that were before.
    ///
    /// # Safety
    /// They stay there as long as anything may collect.
    pub unsafe fn borrow_native(&self, words: *const [u64]) {
        let start = words.cast::<u64>() as u64;
        self.roots().borrowed = Some((start, start + 8 * words.len() as u64));
    }
    /// Appends a weak root slot; returns its number.
    pub fn push_weak(&self, v: impl IntoValue) -> usize {
        self.roots().weak.push(v.into_value())
    }
    /// The value of a weak root slot.
    pub fn get_weak(&self, slot: usize) -> Value {
        self.roots().weak.values[slot]
    }
    /// Replaces the value of a weak root slot.
    pub fn set_weak(&self, slot: usize, v: impl IntoValue) {
        self.roots().weak.set(slot, v.into_value());
    }
    /// Replaces the words that are scanned as native memory.
    pub fn set_native(&self, words: &[u64]) {
        self.roots().native = words.to_vec();
    }

    /// A node with these values.
    pub fn node(&self, a: Value, b: Value, number: i64) -> Result<Object, OutOfMemory> {
        // The arguments may move: they wait in the shadow stack.
        let (a, b) = (self.push(a), self.push(b));
        let result = self.heap.alloc(self.shapes.node, NODE_WORDS);
        if let Ok(o) = result {
            o.init(1, self.get(a));
            o.init(2, self.get(b));
            o.init(3, Value::int(number));
        }
        self.truncate(a);
        result
    }
    /// A node with nothing but a number; for programs that cannot run out of memory.
    pub fn numbered(&self, number: i64) -> Object {
        self.node(Value::NONE, Value::NONE, number).expect("the test's heap is large enough")
    }
    /// The number of a node.
    pub fn number(&self, v: Value) -> i64 {
        let object = Object::of(v);
        assert_eq!(object.shape(), self.shapes.node, "no node at {v:?}");
        object.get(3).as_int()
    }
    /// A value array of `length` holes.
    pub fn array(&self, length: usize) -> Object {
        self.heap.alloc_array(self.shapes.array, length).expect("the test's heap is large enough")
    }
    /// A weak reference to the object in `target` (a slot) with this callback.
    pub fn weak(&self, target: usize, callback: Value, payload: Value) -> Object {
        let (callback, payload) = (self.push(callback), self.push(payload));
        let o = self.heap.alloc(self.shapes.weak, WEAK_WORDS).expect("the test's heap is large enough");
        o.init(1, self.get(target));
        o.init(2, self.get(callback));
        o.init(3, self.get(payload));
        self.truncate(callback);
        o
    }
    /// Allocates and drops about so many bytes of nodes.
    pub fn garbage(&self, bytes: usize) {
        for _ in 0..bytes / (8 * NODE_WORDS) {
            self.numbered(-1);
        }
    }
    /// A poll, as a language's back-edge does it.
    pub fn poll(&self) {
        // SAFETY: the fast state lives as long as the heap and nobody holds a reference to it.
        let due = unsafe { std::mem::take(&mut (*self.heap.fast()).poll) } != 0;
        if due {
            self.heap.safepoint();
        }
    }
    /// A global, read as an object.
    pub fn global_object(&self, g: Global) -> Object {
        Object::of(self.heap.get_global(g))
    }
    /// Takes pending work: cleared weak references, then finalizable objects, all pushed to the shadow stack. Returns
    /// the slots of both.
    pub fn take_pending(&self) -> (Range<usize>, Range<usize>) {
        let first = self.depth();
        let cleared = Cell::new(0);
        self.heap.take_pending(
            |v| {
                self.push(v);
                cleared.set(cleared.get() + 1);
            },
            |v| {
                self.push(v);
            },
        );
        let middle = first + cleared.get();
        (first..middle, middle..self.depth())
    }
}

/// A value or an object.
pub trait IntoValue {
    /// As a value.
    fn into_value(self) -> Value;
}
impl IntoValue for Value {
    fn into_value(self) -> Value {
        self
    }
}
impl IntoValue for Object {
    fn into_value(self) -> Value {
        self.value()
    }
}
