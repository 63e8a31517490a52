//! JIS X 0213: two planes of 94 by 94, of which the first continues JIS X 0208, in the editions of 2000 and 2004. Some codes are
//! a letter with a combining mark.

use crate::maps::{JISX0208, JISX0212, JISX0213_1, JISX0213_2};
use crate::multibyte::Fault;

/// An edition of the standard.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edition {
    Of2000,
    Of2004,
}

/// A code of 94 by 94, with high bits, and where it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// Plane 1, or JIS X 0208.
    Plane1(u16),
    Plane2(u16),
    /// JIS X 0212, which CPython's encoders fall back to.
    Supplement(u16),
}

/// Codes of plane 1 that are two code points.
const PAIRS: [(u16, [u32; 2]); 25] = [
    (0xA4F7, [0x304B, 0x309A]),
    (0xA4F8, [0x304D, 0x309A]),
    (0xA4F9, [0x304F, 0x309A]),
    (0xA4FA, [0x3051, 0x309A]),
    (0xA4FB, [0x3053, 0x309A]),
    (0xA5F7, [0x30AB, 0x309A]),
    (0xA5F8, [0x30AD, 0x309A]),
    (0xA5F9, [0x30AF, 0x309A]),
    (0xA5FA, [0x30B1, 0x309A]),
    (0xA5FB, [0x30B3, 0x309A]),
    (0xA5FC, [0x30BB, 0x309A]),
    (0xA5FD, [0x30C4, 0x309A]),
    (0xA5FE, [0x30C8, 0x309A]),
    (0xA6F8, [0x31F7, 0x309A]),
    (0xABC4, [0x00E6, 0x0300]),
    (0xABC8, [0x0254, 0x0300]),
    (0xABC9, [0x0254, 0x0301]),
    (0xABCA, [0x028C, 0x0300]),
    (0xABCB, [0x028C, 0x0301]),
    (0xABCC, [0x0259, 0x0300]),
    (0xABCD, [0x0259, 0x0301]),
    (0xABCE, [0x025A, 0x0300]),
    (0xABCF, [0x025A, 0x0301]),
    (0xABE5, [0x02E9, 0x02E5]),
    (0xABE6, [0x02E5, 0x02E9]),
];

/// What the edition of 2004 added to plane 1: codes and code points.
const ADDED: [(u16, u32); 10] = [
    (0xAEA1, 0x4FF1),
    (0xAFFE, 0x525D),
    (0xCFD4, 0x2_0B9F),
    (0xCFFE, 0x541E),
    (0xF4A7, 0x5653),
    (0xFEFA, 0x59F8),
    (0xFEFB, 0x5C5B),
    (0xFEFC, 0x5E77),
    (0xFEFD, 0x7626),
    (0xFEFE, 0x7E6B),
];
/// A code of plane 2, what it is in the edition of 2000, and what in that of 2004.
const CHANGED: (u16, u32, u32) = (0xFDBB, 0x9B1D, 0x9B1C);

/// Encodes a code point, with the next one if both are one character: the code, and how many code points it stands for.
pub(crate) fn encode(c: u32, next: Option<u32>, whole: bool, edition: Edition) -> Result<(Code, usize), Fault> {
    if PAIRS.iter().any(|(_, [first, _])| *first == c) {
        match next {
            None if !whole => return Err(Fault::Incomplete),
            Some(next) => {
                if let Some((code, _)) = PAIRS.iter().find(|(_, pair)| *pair == [c, next]) {
                    return Ok((Code::Plane1(*code), 2));
                }
            }
            None => {}
        }
    }
    if edition == Edition::Of2000 {
        if c == CHANGED.1 {
            return Ok((Code::Plane2(CHANGED.0), 1));
        }
        if c == CHANGED.2 || ADDED.iter().any(|(_, added)| *added == c) {
            return Err(Fault::Illegal(1));
        }
    }
    let code = if let Some(code) = JISX0213_1.encode(c) {
        Code::Plane1(code)
    } else if let Some(code) = JISX0213_2.encode(c) {
        Code::Plane2(code)
    } else if let Some(code) = JISX0208.encode(c) {
        Code::Plane1(code)
    } else {
        Code::Supplement(JISX0212.encode(c).ok_or(Fault::Illegal(1))?)
    };
    Ok((code, 1))
}

/// One or two code points.
pub(crate) type Points = (u32, Option<u32>);

/// Decodes a code of plane 1.
pub(crate) fn decode_1(row: u8, column: u8, edition: Edition) -> Result<Points, Fault> {
    let code = u16::from_be_bytes([row, column]);
    if edition == Edition::Of2000 && ADDED.iter().any(|(added, _)| *added == code) {
        return Err(Fault::Illegal(2));
    }
    if let Some((_, [first, second])) = PAIRS.iter().find(|(pair, _)| *pair == code) {
        return Ok((*first, Some(*second)));
    }
    JISX0213_1.decode(row, column).map(|c| (c, None)).ok_or(Fault::Illegal(1))
}

/// Decodes a code of plane 2.
pub(crate) fn decode_2(row: u8, column: u8, edition: Edition) -> Option<Points> {
    if edition == Edition::Of2000 && u16::from_be_bytes([row, column]) == CHANGED.0 {
        return Some((CHANGED.1, None));
    }
    Some((JISX0213_2.decode(row, column)?, None))
}
