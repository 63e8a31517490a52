//! SipHash-1-3 keyed as CPython keys it: the hash of `str` and `bytes`.
//!
//! Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012), with one compression and three finalization
//! rounds. A `str` hashes the little-endian bytes of its code units at their storage width (1, 2 or 4).

/// The 128-bit key of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    pub k0: u64,
    pub k1: u64,
}

impl Key {
    /// From 16 random bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let value = u128::from_le_bytes(bytes);
        Key { k0: value as u64, k1: (value >> 64) as u64 }
    }

    /// What `PYTHONHASHSEED=seed` gives: zeros for 0, else the first bytes of a linear congruential generator.
    pub fn from_seed(seed: u32) -> Self {
        let mut bytes = [0; 16];
        if seed != 0 {
            let mut state = seed;
            for byte in &mut bytes {
                state = state.wrapping_mul(214_013).wrapping_add(2_531_011);
                *byte = (state >> 16) as u8;
            }
        }
        Key::from_bytes(bytes)
    }
}

/// The state of one hash in progress, fed eight bytes at a time.
struct State {
    v: [u64; 4],
}

impl State {
    fn new(key: Key) -> Self {
        let keys = [key.k0, key.k1, key.k0, key.k1];
        // "somepseudorandomlygeneratedbytes", big-endian.
        const INITIAL: [u64; 4] =
            [0x736F_6D65_7073_6575, 0x646F_7261_6E64_6F6D, 0x6C79_6765_6E65_7261, 0x7465_6462_7974_6573];
        State { v: std::array::from_fn(|lane| keys[lane] ^ INITIAL[lane]) }
    }

    #[inline]
    fn round(&mut self) {
        let [mut v0, mut v1, mut v2, mut v3] = self.v;
        v0 = v0.wrapping_add(v1);
        v2 = v2.wrapping_add(v3);
        v1 = v1.rotate_left(13) ^ v0;
        v3 = v3.rotate_left(16) ^ v2;
        v0 = v0.rotate_left(32);
        v2 = v2.wrapping_add(v1);
        v0 = v0.wrapping_add(v3);
        v1 = v1.rotate_left(17) ^ v2;
        v3 = v3.rotate_left(21) ^ v0;
        v2 = v2.rotate_left(32);
        self.v = [v0, v1, v2, v3];
    }

    #[inline]
    fn word(&mut self, word: u64) {
        self.v[3] ^= word;
        self.round();
        self.v[0] ^= word;
    }

    fn finish(self) -> i64 {
        let hash = self.finish_raw() as i64;
        if hash == -1 { -2 } else { hash }
    }

    fn finish_raw(mut self) -> u64 {
        self.v[2] ^= 0xFF;
        for _ in 0..3 {
            self.round();
        }
        self.v[0] ^ self.v[1] ^ self.v[2] ^ self.v[3]
    }
}

/// The hash of `bytes`, and of a `str` with one-byte code units. Never -1; 0 for nothing.
pub fn hash_bytes(key: Key, bytes: &[u8]) -> i64 {
    if bytes.is_empty() {
        return 0;
    }
    fed(key, bytes).finish()
}

/// SipHash-1-3 as it is, for sums of contents: any of its 64-bit values, for no bytes as well.
pub fn keyed(key: u64, bytes: &[u8]) -> u64 {
    fed(Key { k0: key, k1: 0 }, bytes).finish_raw()
}

fn fed(key: Key, bytes: &[u8]) -> State {
    let mut state = State::new(key);
    let (words, tail) = bytes.as_chunks::<8>();
    for &word in words {
        state.word(u64::from_le_bytes(word));
    }
    let mut last = [0; 8];
    last[..tail.len()].copy_from_slice(tail);
    last[7] = bytes.len() as u8;
    state.word(u64::from_le_bytes(last));
    state
}

/// The hash of a `str` with two-byte code units.
pub fn hash_units16(key: Key, units: &[u16]) -> i64 {
    if units.is_empty() {
        return 0;
    }
    let mut state = State::new(key);
    let pack = |units: &[u16]| units.iter().rev().fold(0, |word, &unit| word << 16 | u64::from(unit));
    let (words, tail) = units.as_chunks::<4>();
    for word in words {
        state.word(pack(word));
    }
    state.word(pack(tail) | (units.len() as u64 * 2) << 56);
    state.finish()
}

/// The hash of a `str` with four-byte code units.
pub fn hash_units32(key: Key, units: &[u32]) -> i64 {
    if units.is_empty() {
        return 0;
    }
    let mut state = State::new(key);
    let (words, tail) = units.as_chunks::<2>();
    for &[low, high] in words {
        state.word(u64::from(low) | u64::from(high) << 32);
    }
    let last = tail.first().map_or(0, |&unit| u64::from(unit));
    state.word(last | (units.len() as u64 * 4) << 56);
    state.finish()
}
