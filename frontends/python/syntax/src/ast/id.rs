//! Typed indices into the arena.
//!
//! An id is only meaningful together with the [`Ast`](super::Ast) that made it; indexing another tree with it is a bug
//! of the caller (it panics or yields an unrelated node). Ids are 32-bit and never zero, so `Option<Id<T>>` is four
//! bytes as well.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::NonZeroU32;

/// Index of one node of type `T` in an [`Ast`](super::Ast).
pub struct Id<T>(NonZeroU32, PhantomData<fn() -> T>);

impl<T> Id<T> {
    /// The id of the node at `index` of its pool. `None` beyond 2^32 - 2.
    pub(crate) fn from_index(index: usize) -> Option<Self> {
        let number = u32::try_from(index).ok()?.checked_add(1)?;
        Some(Id(NonZeroU32::new(number)?, PhantomData))
    }

    /// Position in the pool, counted from zero: dense, so a side table may be a plain vector.
    pub fn index(self) -> usize {
        self.0.get() as usize - 1
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Id<T> {}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.index())
    }
}

/// A list of `T`s that lives in the arena: a range of the pool for `T`. `T` is an id, an optional id, a symbol or a
/// comparison operator. Read it with [`Ast::list`](super::Ast::list).
pub struct List<T> {
    start: u32,
    len: u32,
    marker: PhantomData<fn() -> T>,
}

impl<T> List<T> {
    /// The list without elements, the same in every arena.
    pub const EMPTY: Self = List { start: 0, len: 0, marker: PhantomData };

    pub(crate) fn new(start: usize, len: usize) -> Option<Self> {
        Some(List { start: u32::try_from(start).ok()?, len: u32::try_from(len).ok()?, marker: PhantomData })
    }

    /// Number of elements.
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// Whether there are no elements.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }

    pub(crate) fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for List<T> {}
impl<T> Default for List<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}
impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}; {}]", self.start, self.len)
    }
}
