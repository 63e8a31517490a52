//! Numbers that decide: bytes first, as a fuzzer mutates them, then a random sequence, so that a program is complete however few
//! bytes there are.

/// Bytes at the beginning of an input that are the seed of the random sequence.
const SEED_BYTES: usize = 8;

/// A stream of decisions without end.
pub struct Decisions<'a> {
    bytes: &'a [u8],
    state: u64,
}

impl<'a> Decisions<'a> {
    /// Those of a seed.
    pub fn from_seed(seed: u64) -> Decisions<'a> {
        Decisions { bytes: &[], state: seed }
    }
    /// Those of an input: its first eight bytes are the seed for what comes after the others.
    pub fn from_bytes(data: &'a [u8]) -> Decisions<'a> {
        let (seed, bytes) = data.split_at(data.len().min(SEED_BYTES));
        let mut word = [0; SEED_BYTES];
        word[..seed.len()].copy_from_slice(seed);
        Decisions { bytes, state: u64::from_le_bytes(word) }
    }
    /// SplitMix64 (Steele, Lea, Flood 2014): any state is good, zero included.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ z >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ z >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ z >> 31
    }
    /// A number below `n`, which is not 0.
    pub fn below(&mut self, n: usize) -> usize {
        match self.bytes.split_first() {
            Some((first, rest)) => {
                self.bytes = rest;
                usize::from(*first) % n
            }
            None => (self.next() % n as u64) as usize,
        }
    }
    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
    /// One of these.
    pub fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_before_the_sequence_that_their_beginning_seeds() {
        let data = [1, 0, 0, 0, 0, 0, 0, 0, 5, 250];
        let mut decisions = Decisions::from_bytes(&data);
        assert_eq!([decisions.below(10), decisions.below(100)], [5, 50]);
        let mut seeded = Decisions::from_seed(1);
        for _ in 0..20 {
            assert_eq!(decisions.below(1000), seeded.below(1000));
        }
        assert_eq!(Decisions::from_bytes(&[]).below(1 << 20), Decisions::from_seed(0).below(1 << 20));
    }
}
