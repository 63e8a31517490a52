//! The generator under Python's `random.Random`: Matsumoto and Nishimura's Mersenne Twister MT19937 (1998), with the
//! seeding and the output functions of CPython's `_random`.

use std::collections::TryReserveError;

/// Words of state.
pub const STATE_WORDS: usize = 624;
const SHIFT: usize = 397;

/// A generator. `new` is seeded with 0, which costs a seeding; `random.Random()` seeds from the system's entropy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mt19937 {
    state: [u32; STATE_WORDS],
    /// The next word to give; [`STATE_WORDS`] when all are used up.
    index: usize,
}

impl Mt19937 {
    /// Seeded as by `random.seed(n)`: `magnitude` is `abs(n)` in 32-bit words, least significant first, without
    /// leading zero words (0 may be given as no word or one).
    pub fn from_magnitude(magnitude: &[u32]) -> Self {
        let mut generator = Mt19937 { state: [0; STATE_WORDS], index: STATE_WORDS };
        generator.seed(magnitude);
        generator
    }

    /// Seeds anew; see [`Mt19937::from_magnitude`].
    pub fn seed(&mut self, magnitude: &[u32]) {
        let key = if magnitude.is_empty() { &[0][..] } else { magnitude };
        self.seed_word(19_650_218);
        let state = &mut self.state;
        let mixed = |previous: u32, factor: u32| (previous ^ previous >> 30).wrapping_mul(factor);
        let mut i = 1;
        let wrap = |i: &mut usize, state: &mut [u32; STATE_WORDS]| {
            *i += 1;
            if *i == STATE_WORDS {
                state[0] = state[STATE_WORDS - 1];
                *i = 1;
            }
        };
        let mut j = 0;
        for _ in 0..STATE_WORDS.max(key.len()) {
            state[i] = (state[i] ^ mixed(state[i - 1], 1_664_525)).wrapping_add(key[j]).wrapping_add(j as u32);
            wrap(&mut i, state);
            j = if j + 1 == key.len() { 0 } else { j + 1 };
        }
        for _ in 0..STATE_WORDS - 1 {
            state[i] = (state[i] ^ mixed(state[i - 1], 1_566_083_941)).wrapping_sub(i as u32);
            wrap(&mut i, state);
        }
        state[0] = 0x8000_0000;
    }

    fn seed_word(&mut self, seed: u32) {
        self.state[0] = seed;
        for i in 1..STATE_WORDS {
            let previous = self.state[i - 1];
            self.state[i] = (previous ^ previous >> 30).wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        self.index = STATE_WORDS;
    }

    fn refill(&mut self) {
        let state = &mut self.state;
        for i in 0..STATE_WORDS {
            let both = state[i] & 0x8000_0000 | state[(i + 1) % STATE_WORDS] & 0x7FFF_FFFF;
            let twist = if both & 1 == 0 { 0 } else { 0x9908_B0DF };
            state[i] = state[(i + SHIFT) % STATE_WORDS] ^ both >> 1 ^ twist;
        }
        self.index = 0;
    }

    /// 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        if self.index >= STATE_WORDS {
            self.refill();
        }
        let mut word = self.state[self.index];
        self.index += 1;
        word ^= word >> 11;
        word ^= word << 7 & 0x9D2C_5680;
        word ^= word << 15 & 0xEFC6_0000;
        word ^ word >> 18
    }

    /// `random()`: a multiple of 2⁻⁵³ in [0, 1).
    pub fn random(&mut self) -> f64 {
        let high = self.next_u32() >> 5;
        let low = self.next_u32() >> 6;
        (f64::from(high) * 67_108_864.0 + f64::from(low)) * (1.0 / 9_007_199_254_740_992.0)
    }

    /// `getrandbits(bits)` for up to 64 bits (more are taken as 64).
    pub fn bits64(&mut self, bits: u32) -> u64 {
        match bits.min(64) {
            0 => 0,
            bits @ 1..=32 => u64::from(self.next_u32() >> (32 - bits)),
            bits => {
                let low = u64::from(self.next_u32());
                low | u64::from(self.next_u32() >> (64 - bits)) << 32
            }
        }
    }

    /// `getrandbits(bits)`: 32-bit words, least significant first, `bits` rounded up to whole words; no word for 0.
    ///
    /// # Errors
    /// When there is no memory for so many; the generator has not moved then.
    pub fn bits(&mut self, bits: usize) -> Result<Vec<u32>, TryReserveError> {
        let words = bits.div_ceil(32);
        let mut out = Vec::new();
        out.try_reserve_exact(words)?;
        out.extend((0..words).map(|_| self.next_u32()));
        if let (Some(last), 1..) = (out.last_mut(), bits % 32) {
            *last >>= 32 - bits % 32;
        }
        Ok(out)
    }

    /// `getstate()`'s words and index (its last element).
    pub fn state(&self) -> (&[u32; STATE_WORDS], u32) {
        (&self.state, self.index as u32)
    }

    /// `setstate`; false, without effect, for an index beyond [`STATE_WORDS`] ("invalid state").
    #[must_use]
    pub fn set_state(&mut self, words: &[u32; STATE_WORDS], index: u32) -> bool {
        let valid = index as usize <= STATE_WORDS;
        if valid {
            self.state = *words;
            self.index = index as usize;
        }
        valid
    }
}
