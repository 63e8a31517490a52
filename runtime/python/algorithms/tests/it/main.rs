//! CPython's answers, from `tools/oracle.py`, against ours.

mod hashing;
mod random;
mod sort;
mod tables;

const EXPECTED: &str = include_str!("expected.txt");

/// The lines of one kind: the fields of the input, the fields of the answer.
fn cases(kind: &str) -> Vec<(Vec<&'static str>, Vec<&'static str>)> {
    let found: Vec<_> = EXPECTED
        .lines()
        .filter_map(|line| {
            let (input, answer) = line.split_once('=')?;
            let mut input: Vec<&str> = input.trim_end().split(' ').collect();
            (input.remove(0) == kind).then(|| (input, answer.split_whitespace().collect()))
        })
        .collect();
    assert!(!found.is_empty(), "no cases of {kind}");
    found
}

fn numbers<T: std::str::FromStr<Err: std::fmt::Debug>>(list: &str) -> Vec<T> {
    list.split(',').filter(|item| !item.is_empty()).map(|item| item.parse().expect("a number")).collect()
}

/// FNV-1a over whole numbers, as the oracle has it.
fn digest(numbers: impl IntoIterator<Item = u64>) -> String {
    let hash = numbers
        .into_iter()
        .fold(0xCBF2_9CE4_8422_2325, |value: u64, number| (value ^ number).wrapping_mul(0x100_0000_01B3));
    format!("{hash:016x}")
}

/// The oracle's generator of inputs.
struct Lcg(u64);

impl Lcg {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }
}
