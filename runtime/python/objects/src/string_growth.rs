//! Strings that grow: `s += t` in a loop, whose time and memory are linear in what is built.
//!
//! Who appends to a string again and again gets strings of another shape ([`shape::STR_VIEW`]): the first units of a buffer
//! that has room left. If the buffer ends where the left operand ends, the right one is written behind it and the result is
//! a longer view of the same buffer; a string never changes, because nothing is ever written before the end of any view.
//! Otherwise the units move to a buffer that is larger by a share of their number. (CPython resizes the left operand if its
//! reference count is 1, which a tracing collector does not know.)
//!
//! The first [`LINKS`] results of a chain of concatenations are plain strings: most chains are short, and their results
//! hold no spare room. A string that is kept as a symbol is always a plain one.
//!
//! A view's words 1 to 3 are those of a plain string, word 4 is the buffer: a leaf whose first word tells how many units are
//! taken, and whose units begin where a plain string's do.

use crate::kind::shape;
use crate::py::{Py, R};
use crate::string::{self, FIELDS, INFO, StrBuilder};
use vm_api::heap::Object;

/// Marks a view in the word [`INFO`].
pub(crate) const VIEW: u64 = 1 << 41;
/// Where [`INFO`] counts the concatenations that a plain string came from.
const LINK_SHIFT: u32 = 44;
/// So many concatenations give plain strings.
const LINKS: u64 = 4;
/// Below so many bytes a copy costs no more than a view.
const SMALL: usize = 512;
/// Words of a view.
pub(crate) const WORDS: u32 = 5;
pub(crate) const BUFFER: usize = 4;

/// The object that holds the units.
#[inline(always)]
pub(crate) fn holder(s: Object) -> Object {
    if s.word(INFO) & VIEW == 0 { s } else { Object::of(s.get(BUFFER)) }
}

fn taken(buffer: Object) -> usize {
    // SAFETY: a buffer has at least the fields of a string, which begin at a word.
    unsafe { *buffer.bytes_address().cast::<u64>() as usize }
}
fn take(buffer: Object, units: usize) {
    // SAFETY: as in `taken`.
    unsafe { *buffer.bytes_address().cast::<u64>() = units as u64 }
}
fn links(s: Object) -> u64 {
    s.word(INFO) >> LINK_SHIFT & 7
}

impl Py<'_> {
    /// `a + b` for exact strings. May collect.
    pub fn concat(self, a: Object, b: Object) -> R<Object> {
        if string::length(a) == 0 {
            return Ok(b);
        }
        if string::length(b) == 0 {
            return Ok(a);
        }
        if a.length() >= SMALL && (a.shape() == shape::STR_VIEW || links(a) >= LINKS) {
            return self.append(a, b);
        }
        let r = self.joined(a, b)?;
        if a.length() >= SMALL {
            r.set_word(INFO, r.word(INFO) | (links(a) + 1) << LINK_SHIFT);
        }
        Ok(r)
    }
    /// `a + b` as a plain string.
    fn joined(self, a: Object, b: Object) -> R<Object> {
        let most = string::most(a).max(string::most(b));
        let mut r = self.str_builder(string::length(a) + string::length(b), most)?;
        self.push_units(&mut r, string::units(a))?;
        self.push_units(&mut r, string::units(b))?;
        Ok(r.finish())
    }
    /// `a + b` as a view.
    fn append(self, a: Object, b: Object) -> R<Object> {
        let width = string::width(a).max(string::width(b));
        let (old, more) = (string::length(a), string::length(b));
        let own = (a.shape() == shape::STR_VIEW && width == string::width(a)).then(|| holder(a));
        let buffer = match own.filter(|o| taken(*o) == old && more <= string::capacity(*o, width) - old) {
            Some(buffer) => {
                take(buffer, old + more);
                buffer
            }
            None => {
                let bytes = (old + more) << width;
                let room = bytes / if bytes < 1 << 20 { 2 } else { 4 };
                let Ok(buffer) = self.heap().alloc_array(shape::LEAF, FIELDS + bytes + (room >> width << width)) else {
                    // The memory may still hold the string itself.
                    return self.joined(a, b);
                };
                take(buffer, old + more);
                self.push_units(&mut StrBuilder::behind(buffer, width, 0), string::units(a))?;
                buffer
            }
        };
        self.push_units(&mut StrBuilder::behind(buffer, width, old), string::units(b))?;
        let view = self.alloc(shape::STR_VIEW, WORDS as usize)?;
        view.set_word(1, (FIELDS + ((old + more) << width)) as u64);
        view.set_word(INFO, VIEW | string::info(width, string::is_ascii(a) && string::is_ascii(b)));
        view.init(BUFFER, buffer.value());
        Ok(view)
    }
    /// A plain string with the same units: itself if it is one.
    pub(crate) fn plain_string(self, s: Object) -> R<Object> {
        if s.shape() == shape::STR {
            return Ok(s);
        }
        let mut r = self.str_builder(string::length(s), string::most(s))?;
        self.push_units(&mut r, string::units(s))?;
        Ok(r.finish())
    }
}
