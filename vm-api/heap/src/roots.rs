//! Roots: where a collection begins, and the ways native code may keep values alive.

use crate::heap::Heap;
use crate::object::Object;
use crate::value::Value;

/// What a collector does with one precise root.
pub trait SlotVisitor {
    /// Reads and possibly updates the value in the slot. The slot may hold any value, [`Value::EMPTY`] included.
    /// True: the slot must be shown again at the next [`RootScope::Young`] collection even if nobody writes to it.
    fn slot(&mut self, slot: &mut Value) -> bool;
}

/// Which slots a collection needs to see.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RootScope {
    /// Every slot.
    All,
    /// Slots that may hold young objects. A source may leave out those for which the visitor returned false when they
    /// were last shown and that were not written since. Showing more than needed is always right.
    Young,
}

/// A supplier of roots; the VM implements it for its stacks, code constants and tables.
///
/// All methods are called with the world stopped and must not allocate in the heap or read through object pointers
/// (objects may have moved already when `slots` runs).
pub trait RootSource {
    /// Shows every precise slot once.
    fn slots(&mut self, scope: RootScope, visitor: &mut dyn SlotVisitor);
    /// Shows every weak slot once, after tracing is complete (resurrection by finalizers included): the visitor updates
    /// slots whose object lives and sets the others to [`Value::EMPTY`]. Inline caches and compiled code's references to
    /// shapes and classes are such slots. A concurrent marker must be told of what is read from them
    /// ([`crate::Heap::weak_read`]).
    fn weak_slots(&mut self, scope: RootScope, visitor: &mut dyn SlotVisitor);
    /// Shows every range of words `[low, high)` that may hold pointers, exact, interior or one past the end; both
    /// addresses are multiples of 8. All ranges are asked for before anything moves.
    fn ambiguous(&mut self, range: &mut dyn FnMut(u64, u64));
}

/// A root with a name that native data may hold: an index into the heap's table of roots.
///
/// It keeps its object alive until [`Heap::release_global`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Global(pub(crate) u32);

/// The heap's own root table: globals, rooted vectors and explicit pins.
///
/// The values in here are updated by every collection; that is what makes it one of the few Rust-heap places that may
/// hold them.
#[derive(Default)]
pub(crate) struct RootTable {
    globals: Vec<Value>,
    free_globals: Vec<u32>,
    vectors: Vec<Vec<Value>>,
    free_vectors: Vec<u32>,
    /// One word for each pin, pointing *into* the object: its start could as well be the end of the one before, which an
    /// ambiguous word would keep too.
    pins: Vec<u64>,
}

impl RootTable {
    pub(crate) fn add_global(&mut self, v: Value) -> Global {
        if let Some(i) = self.free_globals.pop() {
            self.globals[i as usize] = v;
            return Global(i);
        }
        self.globals.push(v);
        Global(self.globals.len() as u32 - 1)
    }
    pub(crate) fn global(&mut self, g: Global) -> &mut Value {
        &mut self.globals[g.0 as usize]
    }
    pub(crate) fn remove_global(&mut self, g: Global) {
        self.globals[g.0 as usize] = Value::EMPTY;
        self.free_globals.push(g.0);
    }
    pub(crate) fn add_vector(&mut self) -> u32 {
        if let Some(i) = self.free_vectors.pop() {
            return i;
        }
        self.vectors.push(Vec::new());
        self.vectors.len() as u32 - 1
    }
    pub(crate) fn vector(&mut self, i: u32) -> &mut Vec<Value> {
        &mut self.vectors[i as usize]
    }
    pub(crate) fn remove_vector(&mut self, i: u32) {
        self.vectors[i as usize] = Vec::new();
        self.free_vectors.push(i);
    }
    pub(crate) fn pin(&mut self, o: Object) {
        self.pins.push(o.address() + 8);
    }
    /// Takes one pin of `o` away; false if there was none.
    pub(crate) fn unpin(&mut self, o: Object) -> bool {
        match self.pins.iter().rposition(|p| *p == o.address() + 8) {
            Some(i) => {
                self.pins.swap_remove(i);
                true
            }
            None => false,
        }
    }
    pub(crate) fn slots(&mut self, visitor: &mut dyn SlotVisitor) {
        for v in self.globals.iter_mut().chain(self.vectors.iter_mut().flatten()) {
            visitor.slot(v);
        }
    }
    /// Pinned objects, as an ambiguous range.
    pub(crate) fn pin_range(&self) -> (u64, u64) {
        let r = self.pins.as_ptr_range();
        (r.start as u64, r.end as u64)
    }
}

/// A growable array of values that native code may keep across anything.
///
/// The values live in the heap's root table and are updated when objects move. Not `Send`; ends with its heap borrow.
pub struct RootedVec<'h> {
    heap: &'h Heap,
    index: u32,
}

impl<'h> RootedVec<'h> {
    /// An empty vector in `heap`.
    pub fn new(heap: &'h Heap) -> RootedVec<'h> {
        RootedVec { heap, index: heap.with_roots(RootTable::add_vector) }
    }
    /// Appends a value. Does not collect.
    pub fn push(&self, v: Value) {
        self.heap.with_roots(|r| r.vector(self.index).push(v));
    }
    /// Takes the last value.
    pub fn pop(&self) -> Option<Value> {
        self.heap.with_roots(|r| r.vector(self.index).pop())
    }
    /// The `i`-th value; `None` past the end.
    pub fn get(&self, i: usize) -> Option<Value> {
        self.heap.with_roots(|r| r.vector(self.index).get(i).copied())
    }
    /// Replaces the `i`-th value; false past the end.
    pub fn set(&self, i: usize, v: Value) -> bool {
        self.heap.with_roots(|r| r.vector(self.index).get_mut(i).map(|slot| *slot = v).is_some())
    }
    /// Number of values.
    pub fn len(&self) -> usize {
        self.heap.with_roots(|r| r.vector(self.index).len())
    }
    /// Is it empty?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// Shortens to `len` values.
    pub fn truncate(&self, len: usize) {
        self.heap.with_roots(|r| r.vector(self.index).truncate(len));
    }
    /// Runs `f` on the values in place. `f` must not use the heap.
    pub fn with<T>(&self, f: impl FnOnce(&mut [Value]) -> T) -> T {
        self.heap.with_roots(|r| f(r.vector(self.index)))
    }
}

impl Drop for RootedVec<'_> {
    fn drop(&mut self) {
        self.heap.with_roots(|r| r.remove_vector(self.index));
    }
}
