//! Tables by small keys of the VM's own: numbers, addresses and names in its source, which no program chooses, so that nobody
//! can make them collide on purpose.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// A map by numbers or addresses.
pub type NumberMap<K, V> = HashMap<K, V, BuildHasherDefault<Mix>>;
/// A set of numbers or addresses.
pub type NumberSet<K> = HashSet<K, BuildHasherDefault<Mix>>;

/// One multiplication a number; its high bits, which depend on all of the number's, come down.
#[derive(Clone, Copy, Default, Debug)]
pub struct Mix(u64);

impl Mix {
    #[inline]
    fn add(&mut self, n: u64) {
        let product = (self.0 ^ n).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = product ^ product >> 32;
    }
}

impl Hasher for Mix {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|w| self.add(u64::from_le_bytes(*w)));
        // Its length tells it from what has zeros behind it.
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.add(u64::from_le_bytes(last) | (rest.len() as u64) << 56);
    }
    #[inline]
    fn write_u8(&mut self, n: u8) {
        self.add(n.into());
    }
    fn write_u16(&mut self, n: u16) {
        self.add(n.into());
    }
    fn write_u32(&mut self, n: u32) {
        self.add(n.into());
    }
    fn write_u64(&mut self, n: u64) {
        self.add(n);
    }
    fn write_usize(&mut self, n: usize) {
        self.add(n as u64);
    }
    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_get_apart() {
        let hash = |n: usize| {
            let mut mix = Mix::default();
            mix.write_usize(n);
            mix.finish()
        };
        // Both ends of a hash are used: the low bits for the place, the high ones as a tag.
        for shift in [0, 57] {
            let seen: HashSet<u64> = (0..128).map(|n| hash(0x7F00_0000 + n * 64) >> shift & 0x7F).collect();
            assert!(seen.len() > 50, "{shift}: {}", seen.len());
        }
    }
}
