//! Taiwan and Hong Kong: Big5 and what was made of it.

use crate::maps::{BIG5, BIG5HKSCS, CP950};
use crate::multibyte::{Bytes, Fault, Multibyte, Plain, Step, put, put_code, second};
use python_text::TextBuilder;

pub(crate) static TAIWAN: &[&dyn Multibyte] = &[
    &Plain {
        name: "big5",
        encode: |c, _, _, out| put_code(BIG5.encode(c), out),
        decode: |input, out| put(BIG5.decode(input[0], second(input)?), 2, out),
        own_ascii: false,
    },
    &Plain {
        name: "cp950",
        encode: |c, _, _, out| put_code(CP950.encode(c), out),
        decode: |input, out| put(CP950.decode(input[0], second(input)?), 2, out),
        own_ascii: false,
    },
];

pub(crate) static HONG_KONG: &[&dyn Multibyte] =
    &[&Plain { name: "big5hkscs", encode: encode_hkscs, decode: decode_hkscs, own_ascii: false }];

/// Codes that are a letter with a combining mark.
const PAIRS: [(u16, [u32; 2]); 4] =
    [(0x8862, [0xCA, 0x304]), (0x8864, [0xCA, 0x30C]), (0x88A3, [0xEA, 0x304]), (0x88A5, [0xEA, 0x30C])];

fn encode_hkscs(c: u32, next: Option<u32>, whole: bool, out: &mut Bytes) -> Step {
    if c == 0xCA || c == 0xEA {
        match next {
            None if !whole => return Err(Fault::Incomplete),
            Some(next) => {
                if let Some((code, _)) = PAIRS.iter().find(|(_, pair)| *pair == [c, next]) {
                    out.put_code(*code);
                    return Ok(2);
                }
            }
            None => {}
        }
    }
    put_code(BIG5HKSCS.encode(c), out)
}

fn decode_hkscs(input: &[u8], out: &mut TextBuilder) -> Step {
    let trail = second(input)?;
    let code = u16::from_be_bytes([input[0], trail]);
    if let Some((_, pair)) = PAIRS.iter().find(|(pair, _)| *pair == code) {
        out.push(pair[0]);
        out.push(pair[1]);
        return Ok(2);
    }
    put(BIG5HKSCS.decode(input[0], trail), 2, out)
}
