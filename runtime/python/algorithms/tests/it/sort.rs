//! The comparisons that `list.sort` makes, and the order it leaves, also when a comparison raises.

use std::cell::Cell;

use python_algorithms::timsort::{reverse, scratch_len, sort, sort_by_keys};

use crate::{Lcg, cases, digest};

fn inputs(kind: &str, length: u64) -> Vec<u64> {
    let mut random = Lcg(length);
    let mut made: Vec<u64> = match kind {
        "random" => return (0..length).map(|_| random.next(1_000_000)).collect(),
        "few" | "wild" => return (0..length).map(|_| random.next(4)).collect(),
        "ascending" => (0..length).collect(),
        "descending" => (1..=length).rev().collect(),
        "saw" => (0..length).map(|i| i % (length / 5 + 1)).collect(),
        "blocks" => (0..length).map(|i| (i / 50 * 7919) % 1000 + i % 50).collect(),
        _ => panic!("{kind}"),
    };
    for _ in 0..length / 40 {
        // The value is drawn first, as Python evaluates it first.
        let value = random.next(length);
        made[random.next(length) as usize] = value;
    }
    made
}

fn cells(values: impl IntoIterator<Item = u64>) -> Vec<Cell<u64>> {
    values.into_iter().map(Cell::new).collect()
}

#[test]
fn comparisons_are_cpythons() {
    for (input, answer) in cases("sort") {
        let values = inputs(input[0], input[1].parse().unwrap());
        let limit: i64 = input[2].parse().unwrap();
        let items = cells(0..values.len() as u64);
        let scratch = cells((0..scratch_len(values.len())).map(|_| 0));
        let mut log = Vec::new();
        let result = sort(&items, &scratch, |a, b| {
            if limit >= 0 && log.len() as i64 / 2 >= limit {
                return Err("raised");
            }
            log.extend([a, b]);
            let (a, b) = (values[a as usize], values[b as usize]);
            Ok(if input[0] == "wild" { (a * 31 + b * 17) % 3 == 0 } else { a < b })
        });
        assert_eq!((log.len() / 2).to_string(), answer[0], "{input:?}");
        assert_eq!(digest(log), answer[1], "{input:?}");
        assert_eq!(digest(items.iter().map(Cell::get)), answer[2], "{input:?} {result:?}");
    }
}

#[test]
fn values_go_with_their_keys() {
    for length in [0, 1, 2, 50, 333, 2000] {
        let mut random = Lcg(length);
        let keys: Vec<u64> = (0..length).map(|_| random.next(length / 3 + 1)).collect();
        let (moved, values) = (cells(keys.iter().copied()), cells(0..length));
        let scratch = || cells((0..scratch_len(length as usize)).map(|_| 0));
        sort_by_keys(&moved, &values, &scratch(), &scratch(), |a, b| Ok::<_, ()>(a < b)).unwrap();
        let mut expected: Vec<(u64, u64)> = keys.iter().copied().zip(0..).collect();
        expected.sort();
        let found: Vec<(u64, u64)> = moved.iter().map(Cell::get).zip(values.iter().map(Cell::get)).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn every_error_leaves_a_permutation() {
    let values = inputs("saw", 300);
    for limit in 0..2500 {
        let items = cells(values.iter().copied());
        let scratch = cells((0..scratch_len(items.len())).map(|_| 0));
        let mut count = 0;
        let result = sort(&items, &scratch, |a, b| {
            count += 1;
            if count > limit { Err(()) } else { Ok(a < b) }
        });
        let mut left: Vec<u64> = items.iter().map(Cell::get).collect();
        if result.is_ok() {
            assert!(left.is_sorted());
        }
        let mut expected = values.clone();
        left.sort();
        expected.sort();
        assert_eq!(left, expected, "{limit}");
    }
}

#[test]
fn reversal() {
    for length in 0..5 {
        let items = cells(0..length);
        reverse(&items);
        assert!(items.iter().map(Cell::get).eq((0..length).rev()));
    }
}
