//! Hashes of strings under `PYTHONHASHSEED`, of tuples and of frozen sets.

use python_algorithms::hash::{FrozensetHash, TupleHash};
use python_algorithms::siphash::{Key, hash_bytes, hash_units16, hash_units32};

use crate::{cases, numbers};

#[test]
fn strings() {
    for (input, answer) in cases("str") {
        let key = Key::from_seed(input[0].parse().unwrap());
        let points: Vec<u32> = numbers(input.get(1).copied().unwrap_or_default());
        let hash = match points.iter().max() {
            Some(0x1_0000..) => hash_units32(key, &points),
            Some(0x100..) => hash_units16(key, &points.iter().map(|&point| point as u16).collect::<Vec<_>>()),
            _ => hash_bytes(key, &points.iter().map(|&point| point as u8).collect::<Vec<_>>()),
        };
        assert_eq!(hash, answer[0].parse::<i64>().unwrap(), "{input:?}");
    }
}

#[test]
fn widths_agree_on_bytes() {
    let key = Key::from_bytes(*b"0123456789abcdef");
    let bytes: Vec<u8> = (0..64).map(|byte| byte * 3).collect();
    for length in 0..bytes.len() {
        let (bytes, _) = bytes.split_at(length);
        let units: Vec<u16> = bytes.iter().map(|&byte| u16::from(byte) | 0x4200).collect();
        let spread: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        assert_eq!(hash_units16(key, &units), hash_bytes(key, &spread));
        let units: Vec<u32> = bytes.iter().map(|&byte| u32::from(byte) | 0x10_4200).collect();
        let spread: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        assert_eq!(hash_units32(key, &units), hash_bytes(key, &spread));
    }
}

#[test]
fn tuples_and_frozen_sets() {
    for (input, answer) in cases("tuple") {
        let mut hash = TupleHash::new();
        numbers(input.first().copied().unwrap_or_default()).into_iter().for_each(|lane| hash.add(lane));
        assert_eq!(hash.finish(), answer[0].parse::<i64>().unwrap(), "{input:?}");
    }
    for (input, answer) in cases("frozenset") {
        let mut hash = FrozensetHash::new();
        numbers(input.first().copied().unwrap_or_default()).into_iter().rev().for_each(|lane| hash.add(lane));
        assert_eq!(hash.finish(), answer[0].parse::<i64>().unwrap(), "{input:?}");
    }
}
