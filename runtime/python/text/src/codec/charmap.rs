//! Encodings of single bytes by a table: what the modules of `encodings` for code pages give to `charmap_decode` and
//! `charmap_encode`. (Tables that are dictionaries are the caller's.)

use super::handlers::{self, Made};
use super::{CodecError, Handler};
use crate::{TextBuilder, Units};

const NAME: &str = "charmap";
const UNDEFINED: &str = "character maps to <undefined>";

/// Stands in a decoding table for a byte that means nothing.
const NOTHING: u32 = 0xFFFE;

/// Decodes by a table of a code point for each byte, from the byte at `from` on.
///
/// # Errors
/// A byte that the table has nothing for.
pub fn decode_table_step(bytes: &[u8], table: Units<'_>, from: usize, out: &mut TextBuilder) -> Result<(), CodecError> {
    for (index, &byte) in bytes.iter().enumerate().skip(from) {
        match table.get(byte.into()) {
            None | Some(NOTHING) => {
                return Err(CodecError { encoding: NAME, start: index, end: index + 1, reason: UNDEFINED });
            }
            Some(_) if out.refuses() => break,
            Some(point) => out.push(point),
        }
    }
    Ok(())
}

/// Decodes by a table, with a handler.
///
/// # Errors
/// What the table has nothing for and the handler does not replace.
pub fn decode_table(bytes: &[u8], table: Units<'_>, handler: Handler, out: &mut TextBuilder) -> Result<(), CodecError> {
    let mut from = 0;
    while let Err(error) = decode_table_step(bytes, table, from, out) {
        from = handlers::decode(handler, None, bytes, error, out).ok_or(error)?;
    }
    Ok(())
}

/// The inverse of a decoding table (`charmap_build`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodingTable {
    /// Code points in order, and their bytes.
    entries: Vec<(u32, u8)>,
}

impl EncodingTable {
    /// Of a table of up to 256 code points. Where several bytes mean the same, the last counts.
    pub fn new(decoding: Units<'_>) -> Self {
        let points = decoding.points().take(256).zip(0..=u8::MAX).filter(|&(point, _)| point != NOTHING);
        let mut entries: Vec<(u32, u8)> = points.collect();
        entries.sort_by_key(|&(point, byte)| (point, std::cmp::Reverse(byte)));
        entries.dedup_by_key(|entry| entry.0);
        EncodingTable { entries }
    }

    /// The byte for a code point.
    pub fn byte(&self, point: u32) -> Option<u8> {
        let index = self.entries.binary_search_by_key(&point, |&(known, _)| known).ok()?;
        Some(self.entries[index].1)
    }

    /// Encodes from the code point at `from` on.
    ///
    /// # Errors
    /// A stretch of code points that there are no bytes for.
    pub fn encode_step(&self, text: Units<'_>, from: usize, out: &mut TextBuilder) -> Result<(), CodecError> {
        let text_from = text.slice(from..text.len());
        for (index, point) in text_from.points().enumerate() {
            match self.byte(point) {
                Some(_) if out.refuses() => break,
                Some(byte) => out.push(byte.into()),
                None => {
                    let start = from + index;
                    let rest = text.slice(start..text.len());
                    let count = rest.points().take_while(|&point| self.byte(point).is_none()).count();
                    return Err(CodecError { encoding: NAME, start, end: start + count, reason: UNDEFINED });
                }
            }
        }
        Ok(())
    }

    /// Adds what an encoding handler returned as text; false, with nothing added, if the table lacks some of it: then
    /// the error is raised.
    pub fn push_replacement(&self, text: Units<'_>, out: &mut TextBuilder) -> bool {
        let fits = text.points().all(|point| self.byte(point).is_some());
        if fits {
            text.points().filter_map(|point| self.byte(point)).for_each(|byte| out.push(byte.into()));
        }
        fits
    }

    /// Encodes a whole text, with a handler.
    ///
    /// # Errors
    /// What there are no bytes for and the handler does not replace.
    pub fn encode(&self, text: Units<'_>, handler: Handler, out: &mut TextBuilder) -> Result<(), CodecError> {
        let mut from = 0;
        while let Err(error) = self.encode_step(text, from, out) {
            let put = |made: Made, out: &mut TextBuilder| match made {
                Made::Text(made) => self.push_replacement(made.units(), out),
                Made::Bytes(made) => {
                    out.push_units(Units::One(&made));
                    true
                }
            };
            from = handlers::encode(handler, None, text, error, out, put)?;
        }
        Ok(())
    }
}
