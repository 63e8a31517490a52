//! The algorithms over a state of plain words: what has been chained so far, and the bytes that do not fill a block yet.

use crate::blake2;
use crate::md5;
use sha2::digest::generic_array::GenericArray;
use std::slice::from_ref;

/// Words of a packed state.
pub(crate) const WORDS: usize = CHAIN + 2 + BUFFER / 8;
const CHAIN: usize = 25;
const BUFFER: usize = 168;

/// An algorithm. The numbers are those that objects keep.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Algorithm {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha3x224,
    Sha3x256,
    Sha3x384,
    Sha3x512,
    Shake128,
    Shake256,
    Blake2b,
    Blake2s,
}
use Algorithm::*;

/// All of them, by number.
pub(crate) const ALGORITHMS: [Algorithm; 14] = [
    Md5, Sha1, Sha224, Sha256, Sha384, Sha512, Sha3x224, Sha3x256, Sha3x384, Sha3x512, Shake128, Shake256, Blake2b,
    Blake2s,
];

impl Algorithm {
    /// Its name in Python.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Md5 => "md5",
            Sha1 => "sha1",
            Sha224 => "sha224",
            Sha256 => "sha256",
            Sha384 => "sha384",
            Sha512 => "sha512",
            Sha3x224 => "sha3_224",
            Sha3x256 => "sha3_256",
            Sha3x384 => "sha3_384",
            Sha3x512 => "sha3_512",
            Shake128 => "shake_128",
            Shake256 => "shake_256",
            Blake2b => "blake2b",
            Blake2s => "blake2s",
        }
    }
    /// Bytes of a block.
    pub(crate) fn block(self) -> usize {
        match self {
            Md5 | Sha1 | Sha224 | Sha256 | Blake2s => 64,
            Sha384 | Sha512 | Blake2b => 128,
            Shake128 => 168,
            Sha3x224 => 144,
            Sha3x256 | Shake256 => 136,
            Sha3x384 => 104,
            Sha3x512 => 72,
        }
    }
    /// Bytes of a digest, at most for the BLAKE2s; 0 where the caller says how many.
    pub(crate) fn size(self) -> usize {
        match self {
            Md5 => 16,
            Sha1 => 20,
            Sha224 | Sha3x224 => 28,
            Sha256 | Sha3x256 | Blake2s => 32,
            Sha384 | Sha3x384 => 48,
            Sha512 | Sha3x512 | Blake2b => 64,
            Shake128 | Shake256 => 0,
        }
    }
    fn is_keccak(self) -> bool {
        matches!(self, Sha3x224 | Sha3x256 | Sha3x384 | Sha3x512 | Shake128 | Shake256)
    }
    /// The bits behind a message, for the Keccak family.
    pub(crate) fn suffix(self) -> u8 {
        if self.size() == 0 { 0x1F } else { 0x06 }
    }
    /// What a chain begins with (FIPS 180-4, RFC 1321).
    fn initial(self) -> &'static [u64] {
        match self {
            Md5 => &[0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476],
            Sha1 => &[0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0],
            Sha224 => &[
                0xC105_9ED8,
                0x367C_D507,
                0x3070_DD17,
                0xF70E_5939,
                0xFFC0_0B31,
                0x6858_1511,
                0x64F9_8FA7,
                0xBEFA_4FA4,
            ],
            Sha256 => &blake2::IV_32,
            Sha384 => &[
                0xCBBB_9D5D_C105_9ED8,
                0x629A_292A_367C_D507,
                0x9159_015A_3070_DD17,
                0x152F_ECD8_F70E_5939,
                0x6733_2667_FFC0_0B31,
                0x8EB4_4A87_6858_1511,
                0xDB0C_2E0D_64F9_8FA7,
                0x47B5_481D_BEFA_4FA4,
            ],
            Sha512 => &blake2::IV_64,
            _ => &[],
        }
    }
}

/// A running computation.
pub(crate) struct Digest {
    algorithm: Algorithm,
    chain: [u64; CHAIN],
    /// Bytes taken in.
    length: u64,
    /// Bytes in the buffer: a full block stays there until more follows, since BLAKE2 treats the last one differently.
    filled: usize,
    buffer: [u8; BUFFER],
}

impl Digest {
    /// A new one; for the BLAKE2s, `chain` has the parameters mixed in.
    pub(crate) fn new(algorithm: Algorithm, chain: Option<[u64; 8]>) -> Digest {
        let mut digest = Digest { algorithm, chain: [0; CHAIN], length: 0, filled: 0, buffer: [0; BUFFER] };
        let initial = chain.as_ref().map_or(algorithm.initial(), |c| c.as_slice());
        digest.chain[..initial.len()].copy_from_slice(initial);
        digest
    }
    /// As objects keep it.
    pub(crate) fn pack(&self) -> [u64; WORDS] {
        let mut words = [0; WORDS];
        words[..CHAIN].copy_from_slice(&self.chain);
        words[CHAIN] = self.length;
        words[CHAIN + 1] = self.filled as u64;
        for (word, bytes) in words[CHAIN + 2..].iter_mut().zip(self.buffer.chunks_exact(8)) {
            *word = little(bytes);
        }
        words
    }
    /// From an object.
    pub(crate) fn unpack(algorithm: Algorithm, words: &[u64; WORDS]) -> Digest {
        let mut digest = Digest::new(algorithm, None);
        digest.chain.copy_from_slice(&words[..CHAIN]);
        digest.length = words[CHAIN];
        digest.filled = (words[CHAIN + 1] as usize).min(algorithm.block());
        for (word, bytes) in words[CHAIN + 2..].iter().zip(digest.buffer.chunks_exact_mut(8)) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        digest
    }
    /// Takes bytes in.
    pub(crate) fn update(&mut self, mut data: &[u8]) {
        let block = self.algorithm.block();
        while !data.is_empty() {
            if self.filled == block {
                let buffer = self.buffer;
                self.length += block as u64;
                self.compress(&buffer[..block], false, false);
                self.filled = 0;
            }
            if self.filled == 0 && data.len() > block {
                let (now, rest) = data.split_at(block);
                self.length += block as u64;
                self.compress(now, false, false);
                data = rest;
                continue;
            }
            let n = data.len().min(block - self.filled);
            self.buffer[self.filled..self.filled + n].copy_from_slice(&data[..n]);
            self.filled += n;
            data = &data[n..];
        }
    }
    fn compress(&mut self, block: &[u8], last: bool, last_node: bool) {
        let chain = &mut self.chain;
        match self.algorithm {
            Md5 => narrow::<4>(chain, |c| md5::compress(c, block)),
            Sha1 => narrow::<5>(chain, |c| sha1::compress(c, from_ref(GenericArray::from_slice(block)))),
            Sha224 | Sha256 => {
                narrow::<8>(chain, |c| sha2::compress256(c, from_ref(GenericArray::from_slice(block))));
            }
            Sha384 | Sha512 => {
                let mut c: [u64; 8] = std::array::from_fn(|i| chain[i]);
                sha2::compress512(&mut c, from_ref(GenericArray::from_slice(block)));
                chain[..8].copy_from_slice(&c);
            }
            Blake2b => blake2::compress_64(chain, block, self.length, last, last_node),
            Blake2s => blake2::compress_32(chain, block, self.length, last, last_node),
            _ => {
                for (word, bytes) in chain.iter_mut().zip(block.chunks_exact(8)) {
                    *word ^= little(bytes);
                }
                keccak::f1600(chain);
            }
        }
    }
    /// The digest, `size` bytes long. `last_node`: of BLAKE2's tree mode.
    pub(crate) fn finish(mut self, size: usize, last_node: bool) -> Vec<u8> {
        let block = self.algorithm.block();
        let (mut buffer, filled) = (self.buffer, self.filled);
        match self.algorithm {
            Blake2b | Blake2s => {
                self.length += filled as u64;
                buffer[filled..].fill(0);
                self.compress(&buffer[..block], true, last_node);
                let width = if self.algorithm == Blake2b { 8 } else { 4 };
                self.chain.iter().flat_map(|w| w.to_le_bytes().into_iter().take(width)).take(size).collect()
            }
            _ if self.algorithm.is_keccak() => {
                if filled == block {
                    self.compress(&buffer[..block], false, false);
                    buffer = [0; BUFFER];
                } else {
                    buffer[filled..].fill(0);
                }
                buffer[filled % block] = self.algorithm.suffix();
                buffer[block - 1] |= 0x80;
                self.compress(&buffer[..block], false, false);
                let mut out = Vec::with_capacity(size);
                loop {
                    let bytes = self.chain.iter().flat_map(|w| w.to_le_bytes()).take(block);
                    out.extend(bytes.take(size - out.len()));
                    if out.len() == size {
                        return out;
                    }
                    keccak::f1600(&mut self.chain);
                }
            }
            _ => {
                let bits = (u128::from(self.length) + filled as u128) * 8;
                let mut at = filled;
                if at == block {
                    self.compress(&buffer[..block], false, false);
                    at = 0;
                }
                buffer[at] = 0x80;
                buffer[at + 1..].fill(0);
                let tail = if block == 128 { 16 } else { 8 };
                if at + 1 + tail > block {
                    self.compress(&buffer[..block], false, false);
                    buffer.fill(0);
                }
                let little_endian = self.algorithm == Md5;
                let counted = if little_endian { (bits as u64).to_le_bytes() } else { (bits as u64).to_be_bytes() };
                buffer[block - 8..block].copy_from_slice(&counted);
                self.compress(&buffer[..block], false, false);
                let wide = block == 128;
                self.chain
                    .iter()
                    .flat_map(|w| {
                        let bytes = if little_endian { w.to_le_bytes() } else { w.to_be_bytes() };
                        bytes.into_iter().skip(if wide || little_endian { 0 } else { 4 }).take(if wide { 8 } else { 4 })
                    })
                    .take(size)
                    .collect()
            }
        }
    }
}

/// Eight bytes as a little-endian word.
pub(crate) fn little(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |word, b| word << 8 | u64::from(*b))
}
/// Runs `f` on a chain of 32-bit words.
fn narrow<const N: usize>(chain: &mut [u64; CHAIN], f: impl FnOnce(&mut [u32; N])) {
    let mut c: [u32; N] = std::array::from_fn(|i| chain[i] as u32);
    f(&mut c);
    for (word, c) in chain.iter_mut().zip(c) {
        *word = u64::from(c);
    }
}
