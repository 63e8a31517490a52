//! Roots of code that a young collection must see. A program has as many constants and inline caches as it has code, and nearly
//! all of them are old.
//!
//! Invariant: a constant or cached value that may be young is that of a unit or slot that is noted here. Constants are written when
//! a unit is installed, slots by [`FeedbackSlot`]'s methods, which tell. What a collection has shown stays noted as long as the
//! collector asks to be shown it again.

use std::cell::RefCell;
use vm_api::engine::{CodeIndex, FeedbackSlot};

/// See the module header.
#[derive(Default)]
pub(crate) struct Recent {
    units: RefCell<Vec<CodeIndex>>,
    /// Slots live as long as the VM.
    slots: RefCell<Vec<*mut FeedbackSlot>>,
}

impl Recent {
    pub(crate) fn note_unit(&self, unit: CodeIndex) {
        self.units.borrow_mut().push(unit);
    }
    pub(crate) fn note_slot(&self, slot: *mut FeedbackSlot) {
        let mut slots = self.slots.borrow_mut();
        if slots.last() != Some(&slot) {
            slots.push(slot);
        }
    }
    /// The units that are noted; those for which `again` says so stay.
    pub(crate) fn retain_units(&self, mut again: impl FnMut(CodeIndex) -> bool) {
        self.units.borrow_mut().retain(|unit| again(*unit));
    }
    /// The slots that are noted, each once; those for which `again` says so stay.
    pub(crate) fn retain_slots(&self, mut again: impl FnMut(*mut FeedbackSlot) -> bool) {
        let mut slots = self.slots.borrow_mut();
        slots.sort_unstable();
        slots.dedup();
        slots.retain(|slot| again(*slot));
    }
    /// All units are shown: these are the ones to be noted.
    pub(crate) fn set_units(&self, units: impl Iterator<Item = CodeIndex>) {
        let mut noted = self.units.borrow_mut();
        noted.clear();
        noted.extend(units);
    }
    /// All slots are about to be shown, and noted anew.
    pub(crate) fn forget_slots(&self) {
        self.slots.borrow_mut().clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slot_is_shown_once_and_stays_as_long_as_it_is_asked_for() {
        let recent = Recent::default();
        let mut slots = [FeedbackSlot::EMPTY, FeedbackSlot::EMPTY];
        let [a, b] = &mut slots;
        let (a, b) = (&raw mut *a, &raw mut *b);
        for slot in [a, a, b, a] {
            recent.note_slot(slot);
        }
        let mut shown = Vec::new();
        recent.retain_slots(|slot| {
            shown.push(slot);
            slot == b
        });
        assert_eq!(shown, [a, b]);
        let mut left = Vec::new();
        recent.retain_slots(|slot| {
            left.push(slot);
            false
        });
        assert_eq!(left, [b]);
    }
}
