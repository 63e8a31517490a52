//! Where CPython 3.12's `set` puts its entries: the open-addressing table whose order a program sees when it iterates.
//!
//! A table has a power of two of slots (at least [`MIN_SLOTS`]); `mask` is that less one. `used` counts live entries,
//! `fill` live and deleted ("dummy") ones. An `add` that comes to a free slot without finding its key takes the *last*
//! dummy that it passed, if any: then `fill` stays, and no resize follows. Iteration and resizing go through the slots
//! in order; a resize drops the dummies. The rules of operations that build sets are stated at the functions
//! below; where none is named, items are added one by one:
//!
//! - `copy`, `set(other_set)` and `|=` with a set merge ([`merge_slots`]): into a table with `fill` 0, if the masks
//!   are equal and the other has no dummies, slots are copied as they stand.
//! - `&` iterates over the smaller operand (the right one if equal) and adds what the other has to a new set.
//! - `-` copies the left operand and discards the right one's items if `left.used / 4 > len(right)`; otherwise it adds
//!   to a new set what the right one lacks.
//! - `^` copies the right operand (an iterable becomes a set) and then, for each of the left one's items, discards it
//!   or else adds it.
//! - `clear` goes back to an empty table of [`MIN_SLOTS`]; `-=` then checks [`slots_after_discards`].
//! - `pop` takes the first live entry at or after a finger (a slot number kept with the set, masked, 0 in a new or
//!   cleared one), going round at the end, and leaves the finger behind it.

/// The smallest table.
pub const MIN_SLOTS: usize = 8;
/// Slots looked at one after the other behind each probe, if they do not run over the table's end.
pub const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;

/// The slots to look at for a hash, in order, without end; each slot of the table comes up sooner or later.
///
/// Lookup and insertion stop at the first never-used slot, which a table always has.
#[derive(Clone, Copy, Debug)]
pub struct Probe {
    mask: usize,
    perturb: usize,
    index: usize,
    /// How many neighbours are still to come.
    linear: usize,
    slot: usize,
}

impl Probe {
    /// For a table of `mask + 1` slots (a power of two).
    #[inline]
    pub fn new(hash: i64, mask: usize) -> Self {
        let mut probe = Probe { mask, perturb: hash as usize, index: hash as usize & mask, linear: 0, slot: 0 };
        probe.begin();
        probe
    }

    /// The slot to look at now.
    #[inline]
    pub fn slot(&self) -> usize {
        self.slot
    }

    /// Goes to the next slot.
    #[inline]
    pub fn advance(&mut self) {
        if self.linear > 0 {
            self.linear -= 1;
            self.slot += 1;
        } else {
            self.perturb >>= PERTURB_SHIFT;
            self.index = self.index.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb) & self.mask;
            self.begin();
        }
    }

    #[inline]
    fn begin(&mut self) {
        self.slot = self.index;
        self.linear = if self.index + LINEAR_PROBES <= self.mask { LINEAR_PROBES } else { 0 };
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

/// The slots of a table resized for `wanted` entries: the least power of two greater than it.
pub fn slots_for(wanted: usize) -> usize {
    match wanted.checked_add(1).and_then(usize::checked_next_power_of_two) {
        Some(slots) => slots.max(MIN_SLOTS),
        // No memory holds so many: the caller's allocation fails.
        None => 1 << (usize::BITS - 1),
    }
}

fn grown(used: usize) -> usize {
    slots_for(used.saturating_mul(if used > 50_000 { 2 } else { 4 }))
}

/// After an `add` that took a free slot (`fill` and `used` count it): the slots to resize to, if it is time.
#[inline]
pub fn slots_after_add(fill: usize, used: usize, mask: usize) -> Option<usize> {
    // At three fifths.
    if fill * 5 < mask * 3 { None } else { Some(grown(used)) }
}

/// At the end of `difference_update` and `-=`: the slots to resize to, if more than a quarter are dummies.
pub fn slots_after_discards(fill: usize, used: usize, mask: usize) -> Option<usize> {
    if fill - used <= mask / 4 { None } else { Some(grown(used)) }
}

/// Before merging a set or a dict of `others` items in: the slots to resize to first, if it is time.
pub fn merge_slots(fill: usize, used: usize, mask: usize, others: usize) -> Option<usize> {
    if fill.saturating_add(others).saturating_mul(5) < mask * 3 {
        None
    } else {
        Some(slots_for(used.saturating_add(others).saturating_mul(2)))
    }
}
