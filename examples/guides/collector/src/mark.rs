//! What a collection does with an object that it reaches.

use gc_toolkit::scan::{Visitor, scan};
use gc_toolkit::weak::{Tracing, WeakQueue};
use gc_toolkit::{Memory, ObjectList};
use vm_heap::{LayoutTable, Object};

/// One marking under way.
pub(crate) struct Marking<'a> {
    pub(crate) memory: &'a mut Memory,
    layouts: &'a LayoutTable,
    /// Objects that are marked and not yet scanned.
    gray: ObjectList,
    weak: WeakQueue,
}

impl<'a> Marking<'a> {
    pub(crate) fn new(memory: &'a mut Memory, layouts: &'a LayoutTable) -> Self {
        Marking { memory, layouts, gray: ObjectList::new(), weak: WeakQueue::default() }
    }
}

impl Visitor for Marking<'_> {
    fn visit(&mut self, object: Object) -> Object {
        if self.memory.marks.set(object.address()) {
            self.gray.push(object);
        }
        object
    }

    fn weak(&mut self) -> &mut WeakQueue {
        &mut self.weak
    }
}

impl Tracing for Marking<'_> {
    fn drain(&mut self) {
        while let Some(object) = self.gray.pop() {
            scan(self, self.layouts, object);
        }
    }

    fn survivor(&self, object: Object) -> Option<Object> {
        self.memory.marks.get(object.address()).then_some(object)
    }

    /// No object needs remembering.
    fn weak_done(&mut self, _: Object) {}
}
