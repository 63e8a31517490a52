//! The text algorithms of `str` and `bytes` on plain code units: search, case, formatting mini-languages, codecs.
//!
//! What stands here knows no values and no heap: the object model's native methods hand in [`Units`] (a `str` at its
//! storage width; `bytes` as one-byte units) and get back indices, ranges, or text that a [`TextBuilder`] collected at
//! the least width that holds it. Results and messages are CPython 3.12's, Unicode is version 15.0.
//!
//! No input makes anything here panic, recurse without bound, or take more than linear time in input and output
//! together. What may be far longer than its input goes through a builder with a limit, so that a huge width ends in
//! `MemoryError`, not in the process's end. What goes through long texts can be interrupted: it takes a [`Work`], or the
//! builder that it fills has one.

mod builder;
pub mod case;
pub mod codec;
mod error;
pub mod find;
pub mod format;
pub mod layout;
pub mod percent;
pub mod predicates;
pub mod repr;
mod search;
pub mod split;
pub mod strip;
pub mod template;
pub mod unicode;
mod units;

pub use builder::{Refused, Text, TextBuilder};
pub use error::{Error, ErrorKind};
pub use python_algorithms::work::{Interrupted, Poll, UNINTERRUPTED, Work};
pub use units::{Unit, Units};

/// Which characters count as letters, spaces and so on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// All of Unicode: `str`.
    Unicode,
    /// ASCII only: `bytes` and `bytearray`.
    Ascii,
}

impl Alphabet {
    /// Whether a character is white space.
    #[inline]
    pub(crate) fn is_space(self, point: u32) -> bool {
        match self {
            // Most characters that are asked for.
            _ if (0x21..0x80).contains(&point) => false,
            Alphabet::Unicode if point == 0x20 => true,
            Alphabet::Unicode => unicode::is_space(point),
            // As C's isspace: vertical tab and form feed, too; not the separators 0x1C to 0x1F.
            Alphabet::Ascii => matches!(point, 9..=13 | 32),
        }
    }
}
