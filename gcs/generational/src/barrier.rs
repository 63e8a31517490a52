//! The remembered set: which old objects and cards may refer to young objects.

use gc_toolkit::cards::CARD_BYTES;
use gc_toolkit::{Kind, Memory, ObjectList};
use vm_heap::{Layout, LayoutTable, Object};

/// The collector-byte bit of old objects that are not in the remembered set; also the mask.
pub(crate) const UNLOGGED: u8 = 1;

/// Old objects and cards that may refer to young objects.
#[derive(Default)]
pub(crate) struct Remembered {
    /// Old objects with a clear [`UNLOGGED`] bit.
    pub(crate) objects: ObjectList,
    /// Addresses on cards of large value arrays, each card at most once; these cards are 0.
    pub(crate) cards: Vec<u64>,
}

/// Is the object logged card by card?
pub(crate) fn is_carded(memory: &Memory, layouts: &LayoutTable, object: Object) -> bool {
    memory.kind_at(object.address()) == Kind::Large && layouts.layout(object.shape()) == Layout::ValueArray
}

impl Remembered {
    /// Logs a whole object.
    pub(crate) fn log(&mut self, object: Object) {
        object.set_gc_byte(object.gc_byte() & !UNLOGGED);
        self.objects.push(object);
    }
    /// Logs the card at `address` of a large array.
    pub(crate) fn log_card(&mut self, memory: &Memory, address: u64) {
        memory.cards.set(address, 0);
        self.cards.push(address);
    }
    /// Logs one slot of an unlogged object, by whichever of the two is right for it.
    pub(crate) fn log_slot(&mut self, memory: &Memory, layouts: &LayoutTable, object: Object, slot: u64) {
        if is_carded(memory, layouts, object) {
            self.log_card(memory, slot);
        } else {
            self.log(object);
        }
    }
    /// Logs a range of slots of an object, which may be logged already.
    pub(crate) fn log_range(&mut self, memory: &Memory, layouts: &LayoutTable, object: Object, from: u64, to: u64) {
        if object.gc_byte() & UNLOGGED == 0 {
            return;
        }
        if !is_carded(memory, layouts, object) {
            return self.log(object);
        }
        let mut card = from / CARD_BYTES * CARD_BYTES;
        while card < to {
            let address = card.max(from);
            if memory.cards.get(address) & UNLOGGED != 0 {
                self.log_card(memory, address);
            }
            card += CARD_BYTES;
        }
    }
    /// Forgets everything; whoever collects re-establishes the invariant.
    pub(crate) fn take(&mut self) -> Remembered {
        std::mem::take(self)
    }
}
