//! Identity numbers: what `id()` prints and identity hashes derive from.
//!
//! A number is taken from a counter when first asked for and never reused. Until the object moves it stands in this
//! table, keyed by address; when the object moves, the collector appends it to the object as one more word
//! ([`flag::IDENTITY_APPENDED`](crate::header::flag::IDENTITY_APPENDED)) and drops the entry.

use crate::hashing::NumberMap;

/// Address to identity number, for objects that have not moved since they were asked.
#[derive(Default)]
pub struct IdentityTable {
    by_address: NumberMap<u64, u64>,
    next: u64,
}

impl IdentityTable {
    /// A new number.
    pub(crate) fn fresh(&mut self) -> u64 {
        // Numbers look like aligned addresses, as programs that print `id()` expect.
        self.next += 1;
        0x10_0000 + (self.next << 4)
    }
    pub(crate) fn insert(&mut self, address: u64, id: u64) {
        self.by_address.insert(address, id);
    }
    pub(crate) fn get(&self, address: u64) -> Option<u64> {
        self.by_address.get(&address).copied()
    }
    /// The object at `address` moves: takes its number out, to be appended to the copy.
    pub fn take(&mut self, address: u64) -> Option<u64> {
        self.by_address.remove(&address)
    }
    /// Drops the entries of dead objects: those for which `survives` says no. Collectors that do not move call this
    /// after marking; those that move, for whatever `take` left behind in the spaces they emptied.
    pub fn retain(&mut self, mut survives: impl FnMut(u64) -> bool) {
        self.by_address.retain(|address, _| survives(*address));
    }
    /// Number of entries.
    pub fn len(&self) -> usize {
        self.by_address.len()
    }
    /// Is the table empty?
    pub fn is_empty(&self) -> bool {
        self.by_address.is_empty()
    }
}
