//! Lists of objects that a collector keeps for itself: work lists, remembered sets, registered finalizables.
//!
//! The one place where collectors hold object addresses in Rust memory. It is theirs to keep right: a list is either
//! emptied before a collection ends, or each collection replaces its entries by where the objects are now.

use std::ops::{Deref, DerefMut};
use vm_heap::{LayoutTable, Object};

/// A list of objects.
#[derive(Default)]
pub struct ObjectList(Vec<Object>);

impl ObjectList {
    /// An empty list.
    pub const fn new() -> ObjectList {
        ObjectList(Vec::new())
    }
}

impl Deref for ObjectList {
    type Target = Vec<Object>;
    #[inline(always)]
    fn deref(&self) -> &Vec<Object> {
        &self.0
    }
}

impl DerefMut for ObjectList {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut Vec<Object> {
        &mut self.0
    }
}

/// Objects whose finalizer has not been queued, each with its registration number, in that order.
#[derive(Default)]
pub struct Finalizables(Vec<(Object, u64)>);

impl Finalizables {
    /// An empty list.
    pub const fn new() -> Finalizables {
        Finalizables(Vec::new())
    }
    /// Appends an object, which was registered after all that are in the list.
    pub fn push(&mut self, object: Object, number: u64) {
        debug_assert!(self.0.last().is_none_or(|(_, last)| *last < number), "registered out of order");
        self.0.push((object, number));
    }
    /// How many objects are in the list, whether they still await their finalizer or not.
    pub fn count(&self) -> usize {
        self.0.len()
    }
    /// Shows those that still await their finalizer.
    pub fn each_waiting(&self, layouts: &LayoutTable, f: &mut dyn FnMut(Object)) {
        self.0.iter().filter(|(object, _)| layouts.awaits_finalizer(*object)).for_each(|(object, _)| f(*object));
    }
    /// Keeps the objects for which `f` says so; it may replace them.
    pub fn retain_mut(&mut self, mut f: impl FnMut(&mut Object) -> bool) {
        self.0.retain_mut(|(object, _)| f(object));
    }
    /// Moves the objects for which `f` says so to the other list, where they keep their order.
    pub fn move_to(&mut self, other: &mut Finalizables, f: impl Fn(Object) -> bool) {
        let before = other.0.len();
        self.0.retain(|entry| {
            let moves = f(entry.0);
            if moves {
                other.0.push(*entry);
            }
            !moves
        });
        if other.0.len() > before {
            other.0.sort_by_key(|(_, number)| *number);
        }
    }
}

/// The object at `address`. The caller knows that one is there: collectors find addresses by parsing.
#[inline(always)]
pub fn object_at(address: u64) -> Object {
    Object::of(vm_heap::Value::from_bits(address))
}
