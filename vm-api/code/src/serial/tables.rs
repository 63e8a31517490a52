//! What stands where in a file: texts and codes are found by index, without a look at those before them.

use super::input::{Input, Read};
use super::{FORMAT_VERSION, LoadError, MAGIC, OpcodeSet};
use crate::opcode::OpcodeInfo;
use std::borrow::Cow;
use std::ops::Range;

/// A file whose head was found to be right.
pub(super) struct File {
    bytes: Cow<'static, [u8]>,
    /// Where the parts stand in the bytes.
    text_ends: Range<usize>,
    code_ends: Range<usize>,
    codes: Range<usize>,
    /// Known to be UTF-8.
    texts: Cow<'static, str>,
    pub(super) table: &'static [OpcodeInfo],
    /// Did it come from outside, so that codes must be verified?
    pub(super) foreign: bool,
}

impl File {
    /// The file that begins at `start`.
    pub(super) fn new(bytes: Cow<'static, [u8]>, start: usize, set: &OpcodeSet, foreign: bool) -> Read<File> {
        let (tables, texts) = match &bytes {
            Cow::Borrowed(bytes) => {
                let tables = Tables::of(bytes.get(start..).unwrap_or_default(), set.fingerprint)?;
                (tables, Cow::Borrowed(tables.texts))
            }
            Cow::Owned(bytes) => {
                let tables = Tables::of(bytes.get(start..).unwrap_or_default(), set.fingerprint)?;
                (tables, Cow::Owned(tables.texts.to_owned()))
            }
        };
        // The parts are the last ones, in this order, with a count before each list of ends.
        let codes = bytes.len() - tables.codes.len()..bytes.len();
        let after = codes.start - texts.len();
        let code_ends = after - tables.code_ends.len() * 4..after;
        let after = code_ends.start - 4;
        let text_ends = after - tables.text_ends.len() * 4..after;
        Ok(File { bytes, text_ends, code_ends, codes, texts, table: set.table, foreign })
    }

    /// Its bytes, with what stands before it.
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn tables(&self) -> Tables<'_> {
        Tables {
            text_ends: self.bytes[self.text_ends.clone()].as_chunks().0,
            code_ends: self.bytes[self.code_ends.clone()].as_chunks().0,
            texts: &self.texts,
            codes: &self.bytes[self.codes.clone()],
        }
    }
}

/// The parts of a file.
#[derive(Clone, Copy)]
pub(super) struct Tables<'a> {
    text_ends: &'a [[u8; 4]],
    code_ends: &'a [[u8; 4]],
    texts: &'a str,
    codes: &'a [u8],
}

/// Where the part that ends at entry `k` of `ends` is, which begins where the part before it ends.
fn part(ends: &[[u8; 4]], k: usize) -> Option<Range<usize>> {
    let at = |k: usize| ends.get(k).map(|end| u32::from_le_bytes(*end) as usize);
    let start = if k == 0 { 0 } else { at(k - 1)? };
    Some(start..at(k)?)
}

fn length(ends: &[[u8; 4]]) -> usize {
    ends.last().map_or(0, |end| u32::from_le_bytes(*end) as usize)
}

impl<'a> Tables<'a> {
    /// Those of a file for the opcode table with this fingerprint. What they say of single texts and codes is looked at when one
    /// is asked for.
    pub(super) fn of(bytes: &'a [u8], fingerprint: u64) -> Read<Tables<'a>> {
        let mut input = Input::new(bytes);
        if input.array() != Ok(MAGIC) {
            return Err(LoadError::Magic);
        }
        let version = input.varint()?;
        if version != u64::from(FORMAT_VERSION) {
            return Err(LoadError::Version(version));
        }
        if input.array() != Ok(fingerprint.to_le_bytes()) {
            return Err(LoadError::Fingerprint);
        }
        let text_ends = input.words()?;
        let code_ends = input.words()?;
        let texts = str::from_utf8(input.bytes(length(text_ends))?);
        let tables = Tables {
            text_ends,
            code_ends,
            texts: texts.map_err(|_| LoadError::Malformed("texts are not UTF-8"))?,
            codes: input.bytes(length(code_ends))?,
        };
        if !input.is_empty() {
            return Err(LoadError::Malformed("bytes after the end"));
        }
        Ok(tables)
    }

    /// How many codes there are.
    pub(super) fn codes(&self) -> usize {
        self.code_ends.len()
    }

    /// A text.
    pub(super) fn text(&self, k: usize) -> Read<&'a str> {
        let text = part(self.text_ends, k).and_then(|range| self.texts.get(range));
        text.ok_or(LoadError::Malformed("no such text"))
    }

    /// What describes a code.
    pub(super) fn code(&self, k: usize) -> Read<Input<'a>> {
        let code = part(self.code_ends, k).and_then(|range| self.codes.get(range));
        code.map(Input::new).ok_or(LoadError::Malformed("no such code"))
    }
}
