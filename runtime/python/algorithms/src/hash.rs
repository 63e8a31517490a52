//! The hashes of tuples and frozen sets from the hashes of their items, as CPython 3.12 combines them.

const PRIME_1: u64 = 11_400_714_785_074_694_791;
const PRIME_2: u64 = 14_029_467_366_897_019_727;
const PRIME_5: u64 = 2_870_177_450_012_600_261;

/// The hash of a tuple in progress: one lane of xxHash's 64-bit accumulator, fed the items' hashes in order.
#[derive(Clone, Copy, Debug)]
pub struct TupleHash {
    accumulator: u64,
    lanes: u64,
}

impl TupleHash {
    /// Of no items yet.
    #[inline]
    pub fn new() -> Self {
        TupleHash { accumulator: PRIME_5, lanes: 0 }
    }

    /// Adds the hash of the next item.
    #[inline]
    pub fn add(&mut self, lane: i64) {
        let mixed = self.accumulator.wrapping_add((lane as u64).wrapping_mul(PRIME_2));
        self.accumulator = mixed.rotate_left(31).wrapping_mul(PRIME_1);
        self.lanes += 1;
    }

    /// The tuple's hash, never -1.
    #[inline]
    pub fn finish(self) -> i64 {
        let hash = self.accumulator.wrapping_add(self.lanes ^ (PRIME_5 ^ 3_527_539)) as i64;
        if hash == -1 { 1_546_275_796 } else { hash }
    }
}

impl Default for TupleHash {
    fn default() -> Self {
        Self::new()
    }
}

/// The hash of a frozen set in progress: the items' hashes may come in any order.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrozensetHash {
    mixed: u64,
    items: u64,
}

impl FrozensetHash {
    /// Of no items yet.
    #[inline]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the hash of an item.
    #[inline]
    pub fn add(&mut self, hash: i64) {
        let hash = hash as u64;
        // Spreads nearby hashes (small integers) before they are combined by exclusive or.
        self.mixed ^= ((hash ^ 89_869_747) ^ (hash << 16)).wrapping_mul(3_644_798_167);
        self.items += 1;
    }

    /// The set's hash, never -1.
    #[inline]
    pub fn finish(self) -> i64 {
        let mut hash = self.mixed ^ (self.items + 1).wrapping_mul(1_927_868_237);
        hash ^= (hash >> 11) ^ (hash >> 25);
        hash = hash.wrapping_mul(69_069).wrapping_add(907_133_923);
        if hash == u64::MAX { 590_923_713 } else { hash as i64 }
    }
}
