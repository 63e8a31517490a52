//! MD5's compression (RFC 1321).

use crate::digest::little;
use std::sync::LazyLock;

/// Left rotations of the four rounds, in turn.
const ROTATIONS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/// Step `i`'s addend: the integer part of `2^32 * abs(sin(i + 1))`.
fn addend(i: usize) -> u32 {
    ((i as f64 + 1.0).sin().abs() * 4_294_967_296.0) as u32
}

static ADDENDS: LazyLock<[u32; 64]> = LazyLock::new(|| std::array::from_fn(addend));

/// Chains a block of 64 bytes.
pub(crate) fn compress(chain: &mut [u32; 4], block: &[u8]) {
    let words: [u32; 16] = std::array::from_fn(|i| little(&block[4 * i..4 * i + 4]) as u32);
    let [mut a, mut b, mut c, mut d] = *chain;
    for i in 0..64 {
        let (mixed, word) = match i / 16 {
            0 => (b & c | !b & d, i),
            1 => (d & b | !d & c, 5 * i + 1),
            2 => (b ^ c ^ d, 3 * i + 5),
            _ => (c ^ (b | !d), 7 * i),
        };
        let sum = a.wrapping_add(mixed).wrapping_add(ADDENDS[i]).wrapping_add(words[word % 16]);
        (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(ROTATIONS[i / 16][i % 4])));
    }
    for (word, more) in chain.iter_mut().zip([a, b, c, d]) {
        *word = word.wrapping_add(more);
    }
}
