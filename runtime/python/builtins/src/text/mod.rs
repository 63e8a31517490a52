//! The methods that `str` shares with `bytes` and `bytearray`, written once over [`Subject`].
//!
//! A method converts its arguments before it reads its instance: conversions run Python code, and a `bytearray`'s content
//! is a copy.

mod case;
mod layout;
mod pieces;
mod search;

use python_objects::{Args, Native, Object, Py, R, Value, list};
use python_text::{Alphabet, TextBuilder, Units};
use std::ops::Range;

pub(crate) use case::{case_changes, change, is, properties};
pub(crate) use pieces::joinable;

/// What differs between the types in the methods that they share.
pub(crate) trait Subject: 'static {
    /// Which characters are letters, spaces and so on.
    const ALPHABET: Alphabet;
    /// The message of `index` for what does not occur.
    const NOT_FOUND: &'static str;
    /// The parameters of `center`, `ljust` and `rjust`.
    const JUSTIFY: &'static str;
    /// The parameters of `strip`, `lstrip` and `rstrip`.
    const STRIP: &'static str;
    /// What a value of the type, or one that may be searched for in it, holds.
    type Content<'t>;

    /// The units of a content.
    fn units<'a>(content: &'a Self::Content<'_>) -> Units<'a>;
    /// The content of `self`.
    fn this<'t>(py: Py<'t>, args: Args<'_>) -> R<Self::Content<'t>>;
    /// The content of a value that can have one.
    fn content<'t>(py: Py<'t>, v: Value) -> Option<Self::Content<'t>>;
    /// That of an argument that must have one; `which` names it where CPython's message does.
    fn argument<'t>(py: Py<'t>, v: Value, which: Option<&str>) -> R<Self::Content<'t>>;
    /// What `find`, `index` and `count` look for.
    fn needle<'t>(py: Py<'t>, v: Value) -> R<Self::Content<'t>>;
    /// What `split` splits at.
    fn separator<'t>(py: Py<'t>, v: Value) -> R<Self::Content<'t>>;
    /// What `strip` and its like take off.
    fn strip_set<'t>(py: Py<'t>, v: Value, method: &str) -> R<Self::Content<'t>>;
    /// One of a tuple of prefixes or suffixes.
    fn affix<'t>(py: Py<'t>, v: Value, method: &str) -> R<Self::Content<'t>>;
    /// The TypeError for what is neither prefix nor tuple of them.
    fn not_affix<T>(py: Py<'_>, v: Value, method: &str) -> R<T>;
    /// What `center`, `ljust` and `rjust` fill with.
    fn fill(py: Py<'_>, v: Value, method: &str) -> R<u32>;
    /// A part of a content as a value of `self`'s type.
    fn part(py: Py<'_>, args: Args<'_>, content: &Self::Content<'_>, range: Range<usize>) -> R;
    /// The content if a part of it is as well made by [`Self::with_bytes`] as in a builder: one of few bytes, all ASCII where
    /// `self` is a `str`.
    fn short<'a>(content: &'a Self::Content<'_>) -> Option<&'a [u8]>;
    /// So many bytes that `write` puts there, all ASCII where that is a `str`, as a value of `self`'s type.
    fn with_bytes(py: Py<'_>, args: Args<'_>, length: usize, write: impl FnOnce(&mut [u8])) -> R;
    /// What has been built, as a value of `self`'s type; MemoryError if it overflowed.
    fn built(py: Py<'_>, args: Args<'_>, out: TextBuilder) -> R;

    /// A content as a value of `self`'s type.
    fn whole(py: Py<'_>, args: Args<'_>, content: &Self::Content<'_>) -> R {
        let length = Self::units(content).len();
        Self::part(py, args, content, 0..length)
    }
}

/// Texts of so many bytes are worked on without looking for interrupts.
pub(crate) const SHORT: usize = 1024;

/// A value of `self`'s type that `make` puts into a builder.
fn build<S: Subject>(py: Py<'_>, args: Args<'_>, make: impl FnOnce(&mut TextBuilder)) -> R {
    let mut out = py.text_builder();
    make(&mut out);
    S::built(py, args, out)
}

/// A count argument (`maxsplit`, `count`): negative and absent ones mean all.
fn most(py: Py<'_>, v: Option<Value>) -> R<usize> {
    match v {
        None => Ok(usize::MAX),
        Some(v) => Ok(usize::try_from(py.index_i64(v)?).unwrap_or(usize::MAX)),
    }
}

/// Turns a list that only the caller knows around.
fn reverse(py: Py<'_>, l: Object) {
    let n = list::length(l);
    for i in 0..n / 2 {
        let (a, b) = (list::item(l, i), list::item(l, n - 1 - i));
        py.list_set(l, i, b);
        py.list_set(l, n - 1 - i, a);
    }
}

/// The tables of the shared methods.
pub(crate) fn tables<S: Subject>() -> [&'static [Native]; 5] {
    let [changes, properties] = case::Methods::<S>::TABLES;
    [search::Methods::<S>::TABLE, pieces::Methods::<S>::TABLE, layout::Methods::<S>::TABLE, changes, properties]
}
