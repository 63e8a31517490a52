//! The card table: one byte for each 512 bytes of the reservation, biased so that compiled code indexes it by address.
//!
//! Only large value arrays are logged by card; the cards of everything else must have all bits set, so that the element
//! barrier decides by the array's collector byte alone.

use crate::mapping::Mapping;
use std::sync::atomic::Ordering::Relaxed;
use vm_heap::fast::CARD_SHIFT;

/// Bytes that one card covers.
pub const CARD_BYTES: u64 = 1 << CARD_SHIFT;
/// A card that every mask meets.
pub const UNLOGGED: u8 = 0xFF;

/// The table of one reservation.
pub struct CardTable {
    base: u64,
    cards: Mapping,
}

impl CardTable {
    /// A table of zero cards for `bytes` from `base`; `None` if the system has no address space left.
    pub fn new(base: u64, bytes: u64) -> Option<CardTable> {
        Some(CardTable { base, cards: Mapping::new((bytes >> CARD_SHIFT) as usize)? })
    }
    /// What [`vm_heap::MutatorFast::cards`] must be.
    pub fn biased(&self) -> u64 {
        self.cards.start().wrapping_sub(self.base >> CARD_SHIFT)
    }
    /// The card that `address` lies on.
    #[inline(always)]
    pub fn get(&self, address: u64) -> u8 {
        self.cards.octets()[((address - self.base) >> CARD_SHIFT) as usize].load(Relaxed)
    }
    /// Sets the card that `address` lies on.
    #[inline(always)]
    pub fn set(&self, address: u64, card: u8) {
        self.cards.octets()[((address - self.base) >> CARD_SHIFT) as usize].store(card, Relaxed);
    }
    /// Sets every card that the range touches.
    pub fn fill(&self, from: u64, to: u64, card: u8) {
        let first = ((from - self.base) >> CARD_SHIFT) as usize;
        let last = ((to - self.base).div_ceil(CARD_BYTES)) as usize;
        self.cards.octets()[first..last].iter().for_each(|c| c.store(card, Relaxed));
    }
}
