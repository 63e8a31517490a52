//! What a collection does with a reached object: forward, leave, or mark it.

use gc_toolkit::bump::{BumpSpace, CopyBuffer};
use gc_toolkit::copy::{copied_bytes, copy_object, forwarded};
use gc_toolkit::scan::{Visitor, scan};
use gc_toolkit::weak::{Tracing, WeakQueue};
use gc_toolkit::{BLOCK_BYTES, Kind, Memory, ObjectList};
use vm_heap::identity::IdentityTable;
use vm_heap::{LayoutTable, Object};

/// One collection under way.
///
/// Blocks are [`Kind::Eden`] (condemned, no pins), [`Kind::EdenPinned`] (condemned, marked objects stay) or [`Kind::To`].
pub(crate) struct Evacuation<'a> {
    pub(crate) memory: &'a mut Memory,
    pub(crate) layouts: &'a LayoutTable,
    pub(crate) identities: &'a mut IdentityTable,
    pub(crate) to: &'a mut BumpSpace,
    pub(crate) buffer: CopyBuffer,
    pub(crate) gray: ObjectList,
    pub(crate) weak: WeakQueue,
    pub(crate) copied: usize,
}

impl Evacuation<'_> {
    /// Keeps an object where it is. Nothing may have been copied of it.
    pub(crate) fn pin(&mut self, object: Object) {
        if self.memory.marks.set(object.address()) {
            let block = self.memory.block_of(object.address());
            let kind = self.memory.kind(block);
            self.memory.set_kind(block, kind.pinned());
            self.gray.push(object);
        }
    }

    #[inline]
    fn evacuate(&mut self, object: Object) -> Object {
        let bytes = object.size_words(self.layouts) as u64 * 8;
        let grown = copied_bytes(object, bytes);
        let room = if grown > BLOCK_BYTES { None } else { self.to.room(self.memory, &mut self.buffer, grown) };
        let Some(room) = room else {
            self.pin(object);
            return object;
        };
        let copy = copy_object(object, bytes, room, 0, self.identities);
        self.copied += grown as usize;
        self.gray.push(copy);
        copy
    }
}

impl Visitor for Evacuation<'_> {
    #[inline]
    fn visit(&mut self, object: Object) -> Object {
        match self.memory.kind_at(object.address()) {
            Kind::Eden => match forwarded(object) {
                Some(copy) => copy,
                None => self.evacuate(object),
            },
            Kind::EdenPinned => {
                if let Some(copy) = forwarded(object) {
                    copy
                } else if self.memory.marks.get(object.address()) {
                    object
                } else {
                    self.evacuate(object)
                }
            }
            Kind::Large => {
                if self.memory.marks.set(object.address()) {
                    self.gray.push(object);
                }
                object
            }
            _ => object,
        }
    }

    fn weak(&mut self) -> &mut WeakQueue {
        &mut self.weak
    }
}

impl Tracing for Evacuation<'_> {
    fn drain(&mut self) {
        while let Some(object) = self.gray.pop() {
            scan(self, self.layouts, object);
        }
    }

    fn survivor(&self, object: Object) -> Option<Object> {
        match self.memory.kind_at(object.address()) {
            Kind::Eden => forwarded(object),
            Kind::EdenPinned => forwarded(object).or_else(|| self.memory.marks.get(object.address()).then_some(object)),
            Kind::Large => self.memory.marks.get(object.address()).then_some(object),
            _ => Some(object),
        }
    }

    /// No object needs remembering.
    fn weak_done(&mut self, _: Object) {}
}
