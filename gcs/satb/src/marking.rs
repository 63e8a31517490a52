//! Shading, scanning and logging: what happens to single objects and cards during a cycle.

use gc_toolkit::cards::CARD_BYTES;
use gc_toolkit::scan::{Visitor, scan, slots_on_card, visit_slot};
use gc_toolkit::weak::{Tracing, WeakQueue};
use gc_toolkit::{Kind, Memory, ObjectList};
use vm_heap::{Layout, LayoutTable, Object};

/// The two collector-byte bits that alternate.
pub(crate) const BITS: [u8; 2] = [1, 2];

/// The other of the two bits.
pub(crate) fn other(bit: u8) -> u8 {
    BITS[0] + BITS[1] - bit
}

/// What a cycle keeps between its steps.
#[derive(Default)]
pub(crate) struct Gray {
    /// Marked objects that are not scanned, and some that were scanned by the barrier since.
    pub(crate) objects: ObjectList,
    /// Large arrays under scan, each with the address of the next slot, in step.
    arrays: ObjectList,
    positions: Vec<u64>,
    pub(crate) weak: WeakQueue,
    /// Ranges handed out for allocation since the cycle began: what is in them is live.
    pub(crate) new_ranges: Vec<(u64, u64)>,
}

/// A cycle, with what it needs of the collector and the context.
pub(crate) struct Marking<'a> {
    pub(crate) memory: &'a mut Memory,
    pub(crate) layouts: &'a LayoutTable,
    pub(crate) gray: &'a mut Gray,
    /// The bit of objects and cards that are neither scanned nor new.
    pub(crate) unlogged: u8,
}

impl Marking<'_> {
    fn is_carded(&self, object: Object) -> bool {
        self.memory.kind_at(object.address()) == Kind::Large
            && self.layouts.layout(object.shape()) == Layout::ValueArray
    }

    /// Has the object neither been scanned nor been allocated in this cycle?
    fn is_unlogged(&self, object: Object) -> bool {
        object.gc_byte() & self.unlogged != 0
    }

    /// Scans an unlogged object whole, then changes its byte. Returns the number of words looked at.
    pub(crate) fn scan_whole(&mut self, object: Object) -> usize {
        let words = object.size_words(self.layouts);
        if self.is_carded(object) {
            let first = object.address() + 8 * Layout::FIRST_ELEMENT as u64;
            self.log_cards(object, first, object.address() + 8 * words as u64);
        } else {
            if !self.memory.kind_at(object.address()).is_large() {
                self.memory.add_live(object.address(), words as u32 * 8);
            }
            scan(self, self.layouts, object);
        }
        object.set_gc_byte(other(self.unlogged));
        words
    }

    /// The program is about to write to an unlogged object.
    pub(crate) fn log(&mut self, object: Object) {
        // The byte will say that nothing is left to do here, so the mark must be set now.
        self.memory.marks.set(object.address());
        self.scan_whole(object);
    }

    /// The program is about to write to slots of an unlogged object.
    pub(crate) fn log_slots(&mut self, object: Object, from: u64, to: u64) {
        if !self.is_unlogged(object) {
            return;
        }
        if self.is_carded(object) {
            self.log_cards(object, from, to);
        } else {
            self.log(object);
        }
    }

    /// Shades what the unlogged cards of a range of a large array refer to.
    fn log_cards(&mut self, array: Object, from: u64, to: u64) {
        let mut slot = from;
        while slot < to {
            if self.memory.cards.get(slot) & self.unlogged != 0 {
                for index in slots_on_card(array, slot) {
                    visit_slot(self, array, index);
                }
                self.memory.cards.set(slot, other(self.unlogged));
            }
            slot = (slot / CARD_BYTES + 1) * CARD_BYTES;
        }
    }

    /// Scans for about `words` words. True when nothing is left.
    pub(crate) fn step(&mut self, mut words: usize) -> bool {
        while words > 0 {
            if let Some(object) = self.gray.objects.pop() {
                if !self.is_unlogged(object) {
                    continue;
                }
                let looked = if self.is_carded(object) {
                    self.gray.arrays.push(object);
                    self.gray.positions.push(object.address() + 8 * Layout::FIRST_ELEMENT as u64);
                    1
                } else {
                    self.scan_whole(object)
                };
                words = words.saturating_sub(looked);
            } else if let (Some(array), Some(at)) = (self.gray.arrays.pop(), self.gray.positions.pop()) {
                let end = array.address() + 8 * (Layout::FIRST_ELEMENT + array.length()) as u64;
                let to = (at / CARD_BYTES + 1) * CARD_BYTES;
                self.log_cards(array, at, to.min(end));
                if to < end {
                    self.gray.arrays.push(array);
                    self.gray.positions.push(to);
                } else {
                    object_done(self, array);
                }
                words = words.saturating_sub((CARD_BYTES / 8) as usize);
            } else {
                return true;
            }
        }
        self.gray.objects.is_empty() && self.gray.arrays.is_empty()
    }
}

/// All cards of an array are scanned.
fn object_done(m: &mut Marking<'_>, array: Object) {
    m.gray.weak.scanned(array);
    array.set_gc_byte(other(m.unlogged));
}

impl Visitor for Marking<'_> {
    #[inline]
    fn visit(&mut self, object: Object) -> Object {
        if self.is_unlogged(object) && self.memory.marks.set(object.address()) {
            self.gray.objects.push(object);
        }
        object
    }

    fn weak(&mut self) -> &mut WeakQueue {
        &mut self.gray.weak
    }
}

impl Tracing for Marking<'_> {
    fn drain(&mut self) {
        while !self.step(usize::MAX) {}
    }

    fn survivor(&self, object: Object) -> Option<Object> {
        self.memory.marks.get(object.address()).then_some(object)
    }

    /// No object needs remembering.
    fn weak_done(&mut self, _: Object) {}
}
