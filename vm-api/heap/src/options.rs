//! Heap options, as the command line gives them.

use crate::stress::Stress;

/// Everything that can be said about a heap besides which collector runs it.
#[derive(Clone, Debug)]
pub struct HeapOptions {
    /// Hard limit in bytes on objects, collector copies reserve included, plus charged external bytes.
    pub limit: usize,
    /// Size of the young generation in bytes; `None` leaves it to the collector.
    pub nursery: Option<usize>,
    /// Collections that an object lives through before it is old; `None` leaves it to the collector.
    pub promotion_age: Option<usize>,
    /// Least share in percent of a block that must live for a full collection to leave its objects where they are; 0: objects of
    /// the old generation never move.
    pub compaction: u8,
    /// When to force collections.
    pub stress: Stress,
    /// Verify before each collection.
    pub verify_pre: bool,
    /// Verify after each collection.
    pub verify_post: bool,
    /// Fill freed memory with [`POISON`].
    pub poison: bool,
    /// Treat precise roots as ambiguous: what they reach directly is pinned.
    pub conservative_all: bool,
    /// Record events.
    pub log: bool,
}

/// The word that freed memory is filled with: not a valid value of any kind that a verifier accepts as a pointer, and
/// not a registered shape.
pub const POISON: u64 = 0x0000_DBDB_DBDB_DBDB;

impl Default for HeapOptions {
    fn default() -> Self {
        HeapOptions {
            limit: 4 << 30,
            nursery: None,
            promotion_age: None,
            compaction: 25,
            stress: Stress::Off,
            verify_pre: false,
            verify_post: false,
            poison: false,
            conservative_all: false,
            log: false,
        }
    }
}

/// Parses a size such as `64M`, `1G`, `4096`, `512k` (binary multiples). `None` if it is not one or overflows.
pub fn parse_size(text: &str) -> Option<usize> {
    let (digits, shift) = match text.trim().char_indices().last()? {
        (i, 'k' | 'K') => (&text.trim()[..i], 10),
        (i, 'm' | 'M') => (&text.trim()[..i], 20),
        (i, 'g' | 'G') => (&text.trim()[..i], 30),
        _ => (text.trim(), 0),
    };
    digits.parse::<usize>().ok()?.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::parse_size;

    #[test]
    fn sizes() {
        assert_eq!(parse_size("64M"), Some(64 << 20));
        assert_eq!(parse_size("1g"), Some(1 << 30));
        assert_eq!(parse_size("10"), Some(10));
        for bad in ["", "M", "-1", "1x", "99999999999999999999", "99999999999G"] {
            assert_eq!(parse_size(bad), None, "{bad}");
        }
    }
}
