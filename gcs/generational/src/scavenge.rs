//! What a collection does with a reached object: copy within the young generation, promote, mark, or leave.

use crate::barrier::{Remembered, UNLOGGED, is_carded};
use crate::sizing::Copied;
use gc_toolkit::bump::{BumpSpace, CopyBuffer};
use gc_toolkit::cards::{self, CARD_BYTES};
use gc_toolkit::copy::{copied_bytes, copy_object, forwarded};
use gc_toolkit::runs::{RunContext, RunSpace};
use gc_toolkit::scan::{Visitor, scan, slots_on_card, visit_slot};
use gc_toolkit::weak::{Tracing, WeakQueue};
use gc_toolkit::{BLOCK_BYTES, GrayList, Kind, Memory, ObjectList};
use vm_heap::identity::IdentityTable;
use vm_heap::object::Weakness;
use vm_heap::{Layout, LayoutTable, Object};

/// One collection under way, minor or full.
pub(crate) struct Scavenge<'a> {
    pub(crate) memory: &'a mut Memory,
    pub(crate) layouts: &'a LayoutTable,
    pub(crate) identities: &'a mut IdentityTable,
    /// Where eden objects of a minor collection go: blocks of kind [`Kind::To`].
    pub(crate) to: &'a mut BumpSpace,
    pub(crate) to_buffer: CopyBuffer,
    pub(crate) tenured: &'a mut RunSpace,
    pub(crate) tenured_buffer: CopyBuffer,
    /// Reached objects that stay young and are not scanned yet.
    pub(crate) gray_young: ObjectList,
    /// Reached objects that are old from now on and are not scanned yet.
    pub(crate) gray_old: GrayList,
    pub(crate) weak: WeakQueue,
    pub(crate) remembered: &'a mut Remembered,
    /// Set by a visit whose result is young; whoever scans an old object clears it before.
    pub(crate) young_seen: bool,
    /// Is the old generation marked?
    pub(crate) full: bool,
    /// Do objects of eden stay young for one more collection?
    pub(crate) ages: bool,
    pub(crate) poison: bool,
    /// Do the objects of eden grow old where they are? All its blocks are [`Kind::Tenuring`] then.
    pub(crate) settles: bool,
    pub(crate) copied: Copied,
    pub(crate) promoted: usize,
    /// Bytes of old objects that were moved.
    pub(crate) compacted: usize,
}

impl Scavenge<'_> {
    /// Keeps a young object in place, where it grows old if its block does; marks an old one in a full collection.
    pub(crate) fn pin(&mut self, object: Object) -> bool {
        let kind = self.memory.kind_at(object.address());
        match kind {
            Kind::Eden | Kind::EdenPinned | Kind::Survivor | Kind::Tenuring | Kind::Sparse => {
                if !self.memory.marks.set(object.address()) {
                    return false;
                }
                let kind = kind.pinned();
                self.memory.set_kind(self.memory.block_of(object.address()), kind);
                if matches!(kind, Kind::Tenuring | Kind::Sparse) {
                    self.gray_old.push(object);
                } else {
                    self.gray_young.push(object);
                }
                true
            }
            _ => {
                self.visit(object);
                false
            }
        }
    }

    /// Copies an eden object (`young`) or a survivor.
    #[inline]
    fn evacuate(&mut self, object: Object, stays_young: bool) -> Object {
        let bytes = object.size_words(self.layouts) as u64 * 8;
        let grown = copied_bytes(object, bytes);
        let room = if grown > BLOCK_BYTES {
            None
        } else if stays_young {
            self.to.room(self.memory, &mut self.to_buffer, grown)
        } else {
            let mut cx = RunContext { memory: self.memory, layouts: self.layouts, poison: self.poison };
            self.tenured.room(&mut cx, &mut self.tenured_buffer, grown)
        };
        let Some(room) = room else {
            // No room anywhere (or an object of a whole block that would grow): it stays.
            self.pin(object);
            self.young_seen |= self.is_young(object);
            return object;
        };
        if stays_young {
            let copy = copy_object(object, bytes, room, 0, self.identities);
            self.copied.young += grown as usize;
            self.copied.all += grown as usize;
            self.gray_young.push(copy);
            self.young_seen = true;
            copy
        } else {
            let copy = copy_object(object, bytes, room, UNLOGGED, self.identities);
            self.promoted += grown as usize;
            self.copied.all += grown as usize;
            if self.full {
                self.memory.marks.set(room);
            }
            self.gray_old.push(copy);
            copy
        }
    }

    /// A reached object in a block with pins: they stay as young as the block, copies of the others may stay young.
    #[inline]
    fn visit_beside_pins(&mut self, object: Object, block: Kind, stays_young: bool) -> Object {
        if let Some(copy) = forwarded(object) {
            self.young_seen |= stays_young;
            copy
        } else if self.memory.marks.get(object.address()) {
            self.young_seen |= block.is_young();
            object
        } else if self.settles {
            let bytes = object.size_words(self.layouts) * 8;
            self.copied.all += bytes;
            self.promoted += bytes;
            self.pin(object);
            object
        } else {
            self.evacuate(object, stays_young)
        }
    }

    /// Is the object young now?
    pub(crate) fn is_young(&self, object: Object) -> bool {
        self.memory.kind_at(object.address()).is_young()
    }

    /// Scans an old object and re-establishes the remembered-set invariant for it.
    pub(crate) fn scan_old(&mut self, object: Object) {
        if self.full && !self.memory.kind_at(object.address()).is_large() {
            let bytes = object.size_words(self.layouts) as u32 * 8;
            self.memory.add_live(object.address(), bytes);
        }
        if is_carded(self.memory, self.layouts, object) {
            return self.scan_cards(object);
        }
        self.young_seen = false;
        if !scan(self, self.layouts, object) {
            self.settle(object, self.young_seen);
        }
    }

    /// An old object has been scanned: it is remembered if it refers to a young one.
    fn settle(&mut self, object: Object, refers_to_young: bool) {
        if refers_to_young {
            self.remembered.log(object);
        } else {
            let byte = object.gc_byte();
            if byte & UNLOGGED == 0 {
                object.set_gc_byte(byte | UNLOGGED);
            }
        }
    }

    /// Scans a large array, card by card.
    fn scan_cards(&mut self, array: Object) {
        self.weak.scanned(array);
        array.set_gc_byte(array.gc_byte() | UNLOGGED);
        let first = array.address() + 8 * Layout::FIRST_ELEMENT as u64;
        let end = first + 8 * array.length() as u64;
        let mut slot = first;
        while slot < end {
            self.scan_card(array, slot);
            slot = (slot / CARD_BYTES + 1) * CARD_BYTES;
        }
    }

    /// Scans one card of a large array and sets it to what the invariant wants.
    pub(crate) fn scan_card(&mut self, array: Object, address: u64) {
        self.young_seen = false;
        for index in slots_on_card(array, address) {
            visit_slot(self, array, index);
        }
        if self.young_seen {
            self.remembered.log_card(self.memory, address);
        } else {
            self.memory.cards.set(address, cards::UNLOGGED);
        }
    }
}

impl Visitor for Scavenge<'_> {
    /// What nearly all references of old objects lead to is decided here: what is old and need not or has been reached.
    #[inline(always)]
    fn visit(&mut self, object: Object) -> Object {
        let kind = self.memory.kind_at(object.address());
        if matches!(kind, Kind::Runs | Kind::Unswept | Kind::Large)
            && (!self.full || self.memory.marks.get(object.address()))
        {
            return object;
        }
        self.visit_first(object, kind)
    }

    fn weak(&mut self) -> &mut WeakQueue {
        &mut self.weak
    }
}

impl Scavenge<'_> {
    #[inline(never)]
    fn visit_first(&mut self, object: Object, kind: Kind) -> Object {
        match kind {
            Kind::Eden => match forwarded(object) {
                Some(copy) => {
                    self.young_seen |= self.ages;
                    copy
                }
                None => self.evacuate(object, self.ages),
            },
            Kind::Survivor => match forwarded(object) {
                Some(copy) => copy,
                None => {
                    let before = self.copied.all;
                    let copy = self.evacuate(object, false);
                    self.copied.survivors += self.copied.all - before;
                    copy
                }
            },
            Kind::EdenPinned => self.visit_beside_pins(object, kind, self.ages),
            Kind::Tenuring => self.visit_beside_pins(object, kind, false),
            Kind::Sparse => {
                let before = self.promoted;
                let now = self.visit_beside_pins(object, kind, false);
                self.compacted += std::mem::replace(&mut self.promoted, before) - before;
                now
            }
            Kind::To => {
                self.young_seen = true;
                object
            }
            Kind::LargeYoung => {
                self.memory.set_kind(self.memory.block_of(object.address()), Kind::Large);
                if self.full {
                    self.memory.marks.set(object.address());
                }
                let bytes = object.size_words(self.layouts) as u64 * 8;
                self.memory.cards.fill(object.address(), object.address() + bytes, cards::UNLOGGED);
                self.promoted += bytes as usize;
                self.gray_old.push(object);
                object
            }
            Kind::Runs | Kind::Large if self.full => {
                if self.memory.marks.set(object.address()) {
                    self.gray_old.push(object);
                }
                object
            }
            _ => object,
        }
    }
}

impl Tracing for Scavenge<'_> {
    fn drain(&mut self) {
        loop {
            while let Some(object) = self.gray_young.pop() {
                scan(self, self.layouts, object);
            }
            match self.gray_old.pop() {
                Some(object) => self.scan_old(object),
                None => return,
            }
        }
    }

    fn survivor(&self, object: Object) -> Option<Object> {
        let marked = || self.memory.marks.get(object.address()).then_some(object);
        match self.memory.kind_at(object.address()) {
            Kind::Eden | Kind::Survivor => forwarded(object),
            Kind::EdenPinned | Kind::Tenuring | Kind::Sparse => forwarded(object).or_else(marked),
            Kind::LargeYoung => None,
            Kind::Runs | Kind::Large if self.full => marked(),
            _ => Some(object),
        }
    }

    fn weak_done(&mut self, object: Object) {
        if self.is_young(object) {
            return;
        }
        let mut young = false;
        let mut look = |index: usize| {
            young |= Object::from_value(object.get(index)).is_some_and(|target| self.is_young(target));
        };
        match object.each_slot(self.layouts, &mut look) {
            Weakness::None => {}
            Weakness::FirstWord => look(1),
            Weakness::AllElements => {
                (Layout::FIRST_ELEMENT..Layout::FIRST_ELEMENT + object.length()).for_each(look);
            }
        }
        self.settle(object, young);
    }
}
