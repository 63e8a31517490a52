//! Marking: what a collection does with a reached object.

use gc_toolkit::scan::{Visitor, scan};
use gc_toolkit::weak::{Tracing, WeakQueue};
use gc_toolkit::{Memory, ObjectList};
use vm_heap::{LayoutTable, Object};

/// One marking under way.
pub(crate) struct Marking<'a> {
    pub(crate) memory: &'a mut Memory,
    pub(crate) layouts: &'a LayoutTable,
    pub(crate) gray: ObjectList,
    pub(crate) weak: WeakQueue,
}

impl Visitor for Marking<'_> {
    #[inline]
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
            if !self.memory.kind_at(object.address()).is_large() {
                let bytes = object.size_words(self.layouts) as u32 * 8;
                self.memory.add_live(object.address(), bytes);
            }
            scan(self, self.layouts, object);
        }
    }

    fn survivor(&self, object: Object) -> Option<Object> {
        self.memory.marks.get(object.address()).then_some(object)
    }

    /// No object needs remembering.
    fn weak_done(&mut self, _: Object) {}
}
