//! Where each file of the library comes from, and how near it is to CPython 3.12.1's.

/// A file of CPython 3.12.1's `Lib` and what the embedded library has in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below `Lib`, with `/` between the parts.
    pub path: &'static str,
    /// Where ours comes from.
    pub source: Source,
    /// The lines, neither blank nor comment, that would have to be removed and added to make ours CPython's. `None`
    /// where there is nothing to compare.
    pub changed: Option<u32>,
    /// What the difference means.
    pub fit: Fit,
    /// The difference in words, and what is planned where it matters. Empty for [`Fit::Same`].
    pub note: &'static str,
}

/// Where a file comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// From this version of `rustpython-pylib`, with or without edits of ours.
    Pylib { version: &'static str, edited: bool },
    /// Written anew.
    Own,
    /// The library has no such file: importing the module fails.
    Absent,
}

/// How a file serves programs written for CPython 3.12.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// The same bytes.
    Same,
    /// Programs will not notice: comments, doc strings, corrections of later 3.12 releases, our own edits.
    Near,
    /// Something of 3.12 is missing, or something of another version is there.
    Gap,
    /// Not in the library.
    Absent,
    /// No file of CPython's: part of how Prism carries its library.
    Ours,
}

/// The table, sorted by path.
pub fn files() -> impl Iterator<Item = &'static File> {
    crate::FILES.iter()
}
