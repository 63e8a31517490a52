//! BLAKE2b and BLAKE2s (RFC 7693): compression, and parameter blocks.

use crate::digest::little;

/// Initial values of BLAKE2s, and of SHA-256.
pub(crate) const IV_32: [u64; 8] =
    [0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB, 0x5BE0_CD19];
/// Initial values of BLAKE2b, and of SHA-512.
pub(crate) const IV_64: [u64; 8] = [
    0x6A09_E667_F3BC_C908,
    0xBB67_AE85_84CA_A73B,
    0x3C6E_F372_FE94_F82B,
    0xA54F_F53A_5F1D_36F1,
    0x510E_527F_ADE6_82D1,
    0x9B05_688C_2B3E_6C1F,
    0x1F83_D9AB_FB41_BD6B,
    0x5BE0_CD19_137E_2179,
];
/// The order of a block's words in each round.
const SIGMA: [[usize; 16]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
];
/// Columns, then diagonals.
const LANES: [[usize; 4]; 8] = [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
    [3, 7, 11, 15],
    [0, 5, 10, 15],
    [1, 6, 11, 12],
    [2, 7, 8, 13],
    [3, 4, 9, 14],
];

macro_rules! compression {
    ($name:ident $Word:ty, $iv:ident, $rounds:literal, $rotations:expr, $doc:literal) => {
        #[doc = $doc]
        pub(crate) fn $name(chain: &mut [u64; 25], block: &[u8], length: u64, last: bool, last_node: bool) {
            const BYTES: usize = size_of::<$Word>();
            const ROTATIONS: [u32; 4] = $rotations;
            let words: [$Word; 16] = std::array::from_fn(|i| little(&block[BYTES * i..BYTES * (i + 1)]) as $Word);
            let mut v: [$Word; 16] =
                std::array::from_fn(|i| if i < 8 { chain[i] as $Word } else { $iv[i - 8] as $Word });
            let counter = u128::from(length);
            v[12] ^= counter as $Word;
            v[13] ^= (counter >> <$Word>::BITS) as $Word;
            if last {
                v[14] = !v[14];
            }
            if last_node {
                v[15] = !v[15];
            }
            for round in 0..$rounds {
                let order = &SIGMA[round % 10];
                for (i, [a, b, c, d]) in LANES.into_iter().enumerate() {
                    v[a] = v[a].wrapping_add(v[b]).wrapping_add(words[order[2 * i]]);
                    v[d] = (v[d] ^ v[a]).rotate_right(ROTATIONS[0]);
                    v[c] = v[c].wrapping_add(v[d]);
                    v[b] = (v[b] ^ v[c]).rotate_right(ROTATIONS[1]);
                    v[a] = v[a].wrapping_add(v[b]).wrapping_add(words[order[2 * i + 1]]);
                    v[d] = (v[d] ^ v[a]).rotate_right(ROTATIONS[2]);
                    v[c] = v[c].wrapping_add(v[d]);
                    v[b] = (v[b] ^ v[c]).rotate_right(ROTATIONS[3]);
                }
            }
            for i in 0..8 {
                chain[i] = u64::from(chain[i] as $Word ^ v[i] ^ v[i + 8]);
            }
        }
    };
}
compression! { compress_64 u64, IV_64, 12, [32, 24, 16, 63], "Chains a block of 128 bytes of BLAKE2b." }
compression! { compress_32 u32, IV_32, 10, [16, 12, 8, 7], "Chains a block of 64 bytes of BLAKE2s." }

/// The parameters of a computation.
pub(crate) struct Parameters<'a> {
    pub(crate) size: usize,
    pub(crate) key: &'a [u8],
    pub(crate) salt: &'a [u8],
    pub(crate) person: &'a [u8],
    pub(crate) fanout: u8,
    pub(crate) depth: u8,
    pub(crate) leaf_size: u32,
    pub(crate) node_offset: u64,
    pub(crate) node_depth: u8,
    pub(crate) inner_size: u8,
}

impl Parameters<'_> {
    /// The chain that a computation begins with.
    pub(crate) fn chain(&self, wide: bool) -> [u64; 8] {
        let mut block = vec![self.size as u8, self.key.len() as u8, self.fanout, self.depth];
        block.extend(self.leaf_size.to_le_bytes());
        // BLAKE2s has six bytes for the node's offset, and no reserved ones.
        block.extend(&self.node_offset.to_le_bytes()[..if wide { 8 } else { 6 }]);
        block.extend([self.node_depth, self.inner_size]);
        let field = if wide { 16 } else { 8 };
        if wide {
            block.extend([0; 14]);
        }
        for part in [self.salt, self.person] {
            block.extend(part);
            block.resize(block.len() + field - part.len(), 0);
        }
        let (bytes, iv) = if wide { (8, &IV_64) } else { (4, &IV_32) };
        std::array::from_fn(|i| iv[i] ^ little(&block[bytes * i..bytes * (i + 1)]))
    }
}
