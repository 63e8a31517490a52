//! The numbers of `random.Random(seed)`.

use python_algorithms::mt19937::Mt19937;

use crate::{cases, digest, numbers};

fn from_hexadecimal(text: &str) -> f64 {
    let (mantissa, exponent) =
        text.strip_prefix("0x1.").and_then(|text| text.split_once('p')).expect("a normal number");
    let fraction =
        u64::from_str_radix(mantissa, 16).expect("hexadecimal digits") as f64 / (1u64 << (4 * mantissa.len())) as f64;
    (1.0 + fraction) * 2f64.powi(exponent.parse().expect("a decimal exponent"))
}

#[test]
fn seeded() {
    for (input, answer) in cases("mt") {
        let words: Vec<u32> = numbers(input.first().copied().unwrap_or_default());
        let mut generator = Mt19937::from_magnitude(&words);
        let mut answer = answer.into_iter();
        for expected in answer.by_ref().take(3) {
            assert_eq!(generator.random(), from_hexadecimal(expected));
        }
        for bits in [0, 1, 31, 32, 33, 64, 65, 100] {
            let expected: u128 = answer.next().unwrap().parse().unwrap();
            let mut other = generator.clone();
            let words = generator.bits(bits).unwrap();
            assert_eq!(words.iter().rev().fold(0, |value, &word| value << 32 | u128::from(word)), expected);
            if bits <= 64 {
                assert_eq!(u128::from(other.bits64(bits as u32)), expected);
                assert_eq!(other, generator);
            }
        }
        assert_eq!(digest((0..2000).map(|_| u64::from(generator.next_u32()))), answer.next().unwrap());
        let (state, index) = generator.state();
        assert_eq!(digest(state.iter().map(|&word| u64::from(word))), answer.next().unwrap());
        assert_eq!(index.to_string(), answer.next().unwrap());
        let mut other = Mt19937::from_magnitude(&[]);
        assert!(other.set_state(state, index));
        assert_eq!(other.next_u32(), generator.next_u32());
        assert!(!other.set_state(generator.state().0, 625));
    }
}

#[test]
fn too_many_bits_are_an_error() {
    assert!(Mt19937::from_magnitude(&[1]).bits(usize::MAX).is_err());
}
