//! What stands where in a file: texts and codes are found by index, without a look at those before them.

use super::input::{Input, Read};
use super::{FORMAT_VERSION, LoadError, MAGIC};

/// The parts of a file.
#[derive(Clone, Copy)]
pub(super) struct Tables<'a> {
    text_ends: &'a [[u8; 4]],
    code_ends: &'a [[u8; 4]],
    texts: &'a [u8],
    codes: &'a [u8],
}

/// The part of `all` that ends at entry `k` of `ends` and begins where the part before it ends.
fn part<'a>(ends: &[[u8; 4]], all: &'a [u8], k: usize) -> Option<&'a [u8]> {
    let at = |k: usize| ends.get(k).map(|end| u32::from_le_bytes(*end) as usize);
    let start = if k == 0 { 0 } else { at(k - 1)? };
    all.get(start..at(k)?)
}

fn length(ends: &[[u8; 4]]) -> usize {
    ends.last().map_or(0, |end| u32::from_le_bytes(*end) as usize)
}

impl<'a> Tables<'a> {
    /// Those of a file for the opcode table with this fingerprint. What they say of single texts and codes is looked at when one is asked for.
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
        Tables::after_head(input)
    }

    /// Those of bytes that [`Tables::of`] took already.
    pub(super) fn again(bytes: &'a [u8]) -> Read<Tables<'a>> {
        let mut input = Input::new(bytes);
        input.bytes(MAGIC.len())?;
        input.varint()?;
        input.bytes(8)?;
        Tables::after_head(input)
    }

    fn after_head(mut input: Input<'a>) -> Read<Tables<'a>> {
        let text_ends = input.words()?;
        let code_ends = input.words()?;
        let tables = Tables {
            text_ends,
            code_ends,
            texts: input.bytes(length(text_ends))?,
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
        let text = part(self.text_ends, self.texts, k).ok_or(LoadError::Malformed("no such text"))?;
        std::str::from_utf8(text).map_err(|_| LoadError::Malformed("a name is not UTF-8"))
    }

    /// What describes a code.
    pub(super) fn code(&self, k: usize) -> Read<Input<'a>> {
        part(self.code_ends, self.codes, k).map(Input::new).ok_or(LoadError::Malformed("no such code"))
    }
}
