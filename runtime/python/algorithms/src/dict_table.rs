//! The index table of CPython 3.12's `dict`: probing, growth, and the sizes that `sys.getsizeof` tells.
//!
//! A dict iterates in order of insertion, so probing shows only in which keys `__eq__` is called on. The index table
//! has a power of two of slots, at least [`MIN_SLOTS`], of which [`usable`] may hold entries.

/// The smallest index table.
pub const MIN_SLOTS: usize = 8;
const PERTURB_SHIFT: u32 = 5;

/// The index slots to look at for a hash, in order, without end; every slot comes up sooner or later.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    mask: usize,
    perturb: usize,
    slot: usize,
}

impl Probe {
    /// For a table of `mask + 1` slots (a power of two).
    #[inline]
    pub fn new(hash: i64, mask: usize) -> Self {
        Probe { mask, perturb: hash as usize, slot: hash as usize & mask }
    }

    /// The slot to look at now.
    #[inline]
    pub fn slot(&self) -> usize {
        self.slot
    }

    /// Goes to the next slot.
    #[inline]
    pub fn advance(&mut self) {
        self.perturb >>= PERTURB_SHIFT;
        self.slot = self.slot.wrapping_mul(5).wrapping_add(self.perturb).wrapping_add(1) & self.mask;
    }
}

impl Iterator for Probe {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let slot = self.slot;
        self.advance();
        Some(slot)
    }
}

/// How many entries an index table of so many slots may hold: two thirds.
#[inline]
pub fn usable(slots: usize) -> usize {
    // Without overflow for any count of slots, and with one division.
    slots - slots.div_ceil(3)
}

/// The least table with at least `slots` slots.
pub fn slots_at_least(slots: usize) -> usize {
    // No memory holds more than the fallback: the caller's allocation fails.
    slots.checked_next_power_of_two().unwrap_or(1 << (usize::BITS - 1)).max(MIN_SLOTS)
}

/// The slots of a table made to take `entries` entries without resizing (a display, `dict(other)`, `fromkeys`).
pub fn slots_for_entries(entries: usize) -> usize {
    slots_at_least(entries.saturating_mul(3).saturating_add(1) / 2)
}

/// The slots to resize to when an insertion finds the table full: `live` entries, the new one not counted.
pub fn slots_when_full(live: usize) -> usize {
    slots_at_least(live.saturating_mul(3))
}

/// Bytes of one index in CPython's table, for `sys.getsizeof`.
pub fn index_width(slots: usize) -> usize {
    match slots.ilog2() {
        0..8 => 1,
        8..16 => 2,
        16..32 => 4,
        _ => 8,
    }
}

/// `sys.getsizeof` of a dict with a table of its own, the collector's header included.
pub fn size_of(slots: usize, only_str_keys: bool) -> usize {
    const HEADER: usize = 64;
    const KEYS_HEADER: usize = 32;
    let entry = if only_str_keys { 16 } else { 24 };
    HEADER + KEYS_HEADER + slots * index_width(slots) + usable(slots) * entry
}
