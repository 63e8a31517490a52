//! Constants in the serialised form, without recursion: a collection is its tag, its length, and its items in turn.

use super::LoadError;
use super::input::{Input, Output, Read};
use crate::code::Code;
use crate::constant::{Constant, MAX_NESTING};
use std::sync::Arc;

mod tag {
    pub(super) const NONE: u8 = 0;
    pub(super) const EMPTY: u8 = 1;
    pub(super) const ELLIPSIS: u8 = 2;
    pub(super) const SPECIAL: u8 = 3;
    pub(super) const FALSE: u8 = 4;
    pub(super) const TRUE: u8 = 5;
    pub(super) const INT: u8 = 6;
    pub(super) const POSITIVE: u8 = 7;
    pub(super) const NEGATIVE: u8 = 8;
    pub(super) const FLOAT: u8 = 9;
    pub(super) const COMPLEX: u8 = 10;
    pub(super) const STR: u8 = 11;
    pub(super) const BYTES: u8 = 12;
    pub(super) const TUPLE: u8 = 13;
    pub(super) const FROZEN_SET: u8 = 14;
    pub(super) const CODE: u8 = 15;
}

/// Writes `constant`; `number` gives each code in it, in order, its index in the file.
pub(super) fn write(out: &mut Output, constant: &Constant, number: &mut impl FnMut(&Arc<Code>) -> u64) {
    let mut waiting = vec![constant];
    while let Some(constant) = waiting.pop() {
        let (tag, bits) = match constant {
            Constant::None => (tag::NONE, None),
            Constant::Empty => (tag::EMPTY, None),
            Constant::Ellipsis => (tag::ELLIPSIS, None),
            Constant::Special(n) => (tag::SPECIAL, Some(u64::from(*n))),
            Constant::Bool(false) => (tag::FALSE, None),
            Constant::Bool(true) => (tag::TRUE, None),
            Constant::Int(i) => (tag::INT, Some((i << 1 ^ i >> 63) as u64)),
            Constant::BigInt { negative, digits } => {
                (if *negative { tag::NEGATIVE } else { tag::POSITIVE }, Some(digits.len() as u64))
            }
            Constant::Float(_) => (tag::FLOAT, None),
            Constant::Complex(..) => (tag::COMPLEX, None),
            Constant::Str(text) => (tag::STR, Some(text.len() as u64)),
            Constant::Bytes(bytes) => (tag::BYTES, Some(bytes.len() as u64)),
            Constant::Tuple(items) => (tag::TUPLE, Some(items.len() as u64)),
            Constant::FrozenSet(items) => (tag::FROZEN_SET, Some(items.len() as u64)),
            Constant::Code(code) => (tag::CODE, Some(number(code))),
            // Not of a complete code: leads nowhere.
            Constant::Deferred(_) => (tag::CODE, Some(u64::MAX)),
        };
        out.bytes.push(tag);
        bits.into_iter().for_each(|n| out.varint(n));
        match constant {
            Constant::BigInt { digits, .. } => digits.iter().for_each(|d| out.bytes.extend(d.to_le_bytes())),
            Constant::Float(f) => out.bytes.extend(f.to_bits().to_le_bytes()),
            Constant::Complex(re, im) => [re, im].iter().for_each(|f| out.bytes.extend(f.to_bits().to_le_bytes())),
            Constant::Str(bytes) | Constant::Bytes(bytes) => out.bytes.extend(bytes),
            Constant::Tuple(items) | Constant::FrozenSet(items) => waiting.extend(items.iter().rev()),
            _ => {}
        }
    }
}

/// A collection being read.
struct Open {
    tuple: bool,
    missing: usize,
    items: Vec<Constant>,
}

/// Reads a constant. `nested` gives the code of an index and its depth of nesting, which is added to the result's: levels
/// of collections and codes.
pub(super) fn read(
    input: &mut Input<'_>,
    nested: &mut impl FnMut(usize) -> Read<(Constant, usize)>,
) -> Read<(Constant, usize)> {
    let mut open: Vec<Open> = Vec::new();
    let mut depth = 0;
    loop {
        let [tag] = input.array()?;
        let mut done = match tag {
            tag::TUPLE | tag::FROZEN_SET => {
                let missing = input.count()?;
                open.push(Open { tuple: tag == tag::TUPLE, missing, items: Vec::new() });
                depth = depth.max(open.len());
                None
            }
            tag::CODE => {
                let (code, levels) = nested(input.number()?)?;
                depth = depth.max(open.len() + levels);
                Some(code)
            }
            _ => Some(scalar(tag, input)?),
        };
        if depth >= MAX_NESTING {
            return Err(LoadError::Malformed("constants nest too deep"));
        }
        // Put it where it belongs; close what is complete.
        loop {
            let Some(top) = open.last_mut() else {
                match done {
                    Some(constant) => return Ok((constant, depth)),
                    None => break,
                }
            };
            if let Some(constant) = done.take() {
                top.items.push(constant);
                top.missing -= 1;
            }
            if top.missing > 0 {
                break;
            }
            done =
                open.pop().map(
                    |Open { tuple, items, .. }| {
                        if tuple { Constant::Tuple(items.into()) } else { Constant::FrozenSet(items.into()) }
                    },
                );
        }
    }
}

fn scalar(tag: u8, input: &mut Input<'_>) -> Read<Constant> {
    let float = |input: &mut Input<'_>| Ok(f64::from_bits(u64::from_le_bytes(input.array()?)));
    Ok(match tag {
        tag::NONE => Constant::None,
        tag::EMPTY => Constant::Empty,
        tag::ELLIPSIS => Constant::Ellipsis,
        tag::SPECIAL => Constant::Special(input.number()?),
        tag::FALSE => Constant::Bool(false),
        tag::TRUE => Constant::Bool(true),
        tag::INT => Constant::Int(input.signed()?),
        tag::POSITIVE | tag::NEGATIVE => {
            let bytes =
                input.number::<usize>()?.checked_mul(4).ok_or(LoadError::Malformed("a number is out of range"))?;
            let (digits, _) = input.bytes(bytes)?.as_chunks();
            let digits = digits.iter().map(|&d| u32::from_le_bytes(d)).collect();
            Constant::BigInt { negative: tag == tag::NEGATIVE, digits }
        }
        tag::FLOAT => Constant::Float(float(input)?),
        tag::COMPLEX => Constant::Complex(float(input)?, float(input)?),
        tag::STR | tag::BYTES => {
            let length = input.number()?;
            let bytes = input.bytes(length)?.into();
            if tag == tag::STR { Constant::Str(bytes) } else { Constant::Bytes(bytes) }
        }
        _ => return Err(LoadError::Malformed("unknown kind of constant")),
    })
}
