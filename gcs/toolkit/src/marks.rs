//! Mark bits: one for each word of the reservation, beside it.
//!
//! A set bit stands for the object that begins at that word. What the bit means is the collector's: reached by a
//! marking, or pinned in a block that is being evacuated.

use crate::mapping::Mapping;
use std::sync::atomic::Ordering::Relaxed;

/// The bitmap of one reservation.
pub struct MarkBits {
    base: u64,
    bits: Mapping,
}

impl MarkBits {
    /// A clear bitmap for `bytes` from `base`; `None` if the system has no address space left.
    pub fn new(base: u64, bytes: u64) -> Option<MarkBits> {
        Some(MarkBits { base, bits: Mapping::new(bytes as usize / 64)? })
    }
    #[inline(always)]
    fn place(&self, address: u64) -> (usize, u64) {
        let word = (address - self.base) >> 3;
        ((word >> 6) as usize, 1 << (word & 63))
    }
    /// Is the bit of `address` set?
    #[inline(always)]
    pub fn get(&self, address: u64) -> bool {
        let (i, bit) = self.place(address);
        self.bits.words()[i].load(Relaxed) & bit != 0
    }
    /// Sets the bit of `address`; true if it was clear.
    #[inline(always)]
    pub fn set(&self, address: u64) -> bool {
        let (i, bit) = self.place(address);
        let cell = &self.bits.words()[i];
        let old = cell.load(Relaxed);
        cell.store(old | bit, Relaxed);
        old & bit == 0
    }
    /// Clears the bit of `address`.
    pub fn clear(&self, address: u64) {
        let (i, bit) = self.place(address);
        let cell = &self.bits.words()[i];
        cell.store(cell.load(Relaxed) & !bit, Relaxed);
    }
    /// Clears all bits of a range whose ends are multiples of 512 bytes from the base (blocks are).
    pub fn clear_range(&self, from: u64, to: u64) {
        let (first, last) = (self.place(from).0, self.place(to).0);
        self.bits.words()[first..last].iter().for_each(|w| w.store(0, Relaxed));
    }
    /// The first address with a set bit in `from..to`.
    pub fn next(&self, from: u64, to: u64) -> Option<u64> {
        if from >= to {
            return None;
        }
        let words = self.bits.words();
        let (mut i, bit) = self.place(from);
        let mut bits = words[i].load(Relaxed) & bit.wrapping_neg();
        loop {
            if bits != 0 {
                let address = self.base + ((i as u64 * 64 + bits.trailing_zeros() as u64) << 3);
                return (address < to).then_some(address);
            }
            i += 1;
            if self.base + ((i as u64) << 9) >= to {
                return None;
            }
            bits = words[i].load(Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_next_bit_across_words_and_not_past_the_end() {
        let base = 1 << 20;
        let marks = MarkBits::new(base, 1 << 16).expect("a mapping");
        for a in [base, base + 504, base + 512, base + 4096] {
            assert!(marks.set(a) && !marks.set(a));
        }
        let mut found = Vec::new();
        let mut at = base;
        while let Some(a) = marks.next(at, base + 4096) {
            found.push(a - base);
            at = a + 8;
        }
        assert_eq!(found, [0, 504, 512]);
        assert_eq!(marks.next(base + 520, base + (1 << 16)), Some(base + 4096));
        marks.clear_range(base, base + 1024);
        assert_eq!(marks.next(base, base + 4096), None);
        assert_eq!(marks.next(base + 4104, base + (1 << 16)), None, "the end of the map is the end of the search");
    }
}
