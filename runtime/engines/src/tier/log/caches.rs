//! What a function's inline caches have seen: what a compilation of it can take for granted.

use super::json::Json;
use runtime_core::CodeUnit;
use vm_api::code::SlotKind;
use vm_api::engine::{FeedbackSlot, bit};

/// How many of a function's inline caches are in which state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Caches {
    /// Nothing was ever looked up there.
    empty: u64,
    /// One key was seen.
    one: u64,
    /// A few.
    few: u64,
    /// More than are kept apart.
    many: u64,
}

impl Caches {
    /// Those of a function that runs with its own feedback.
    pub(super) fn of(unit: &CodeUnit) -> Caches {
        let kinds = &unit.code.feedback;
        // SAFETY: a unit has a slot for each that its code declares, and nothing runs that could write to them.
        let slots = unsafe { std::slice::from_raw_parts(unit.feedback, kinds.len()) };
        let mut caches = Caches::default();
        for (_, slot) in kinds.iter().zip(slots).filter(|(kind, _)| **kind == SlotKind::Shape) {
            caches.count(slot);
        }
        caches
    }
    fn count(&mut self, slot: &FeedbackSlot) {
        let state = match slot.bits {
            bits if bits & bit::MEGAMORPHIC != 0 => &mut self.many,
            bits if bits & bit::POLYMORPHIC != 0 => &mut self.few,
            bits if bits & bit::CACHED != 0 => &mut self.one,
            _ => &mut self.empty,
        };
        *state += 1;
    }
    pub(super) fn object(self) -> Json {
        let Caches { empty, one, few, many } = self;
        Json::new().number("empty", empty).number("one", one).number("few", few).number("many", many)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_state_that_a_cache_reached_counts() {
        let mut caches = Caches::default();
        for bits in [0, bit::INT, bit::CACHED, bit::CACHED | bit::POLYMORPHIC, bit::POLYMORPHIC | bit::MEGAMORPHIC] {
            caches.count(&FeedbackSlot { bits, ..FeedbackSlot::EMPTY });
        }
        assert_eq!(caches, Caches { empty: 2, one: 1, few: 1, many: 1 });
        assert_eq!(caches.object().finish(), "{\"empty\":2,\"one\":1,\"few\":1,\"many\":1}");
    }
}
