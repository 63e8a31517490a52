//! The last bytes below the hard limit. They are kept back until an allocation is refused, so that a program that is told so
//! has room to do something about it, and are kept back again once memory is free.

use crate::options::HeapOptions;

/// Most bytes that are kept back.
const MOST: usize = 4 << 20;

/// What is kept back of a heap's limit. The collector sees the limit that holds at the time in its options.
pub(crate) struct Reserve {
    /// The limit that the heap was made with.
    hard: usize,
    /// How many of its bytes are kept back.
    bytes: usize,
    /// Bytes of objects when it was given out; `None` while it is kept back.
    opened_at: Option<usize>,
    /// Does no limit hold at the time?
    is_lifted: bool,
}

/// What held before a limit was lifted.
pub(crate) struct Lifted {
    limit: usize,
    was_lifted: bool,
}

impl Reserve {
    /// Keeps an eighth of the limit back, or [`MOST`].
    pub(crate) fn new(options: &mut HeapOptions) -> Reserve {
        let hard = options.limit;
        let bytes = (hard / 8).min(MOST);
        options.limit = hard - bytes;
        Reserve { hard, bytes, opened_at: None, is_lifted: false }
    }
    /// An allocation of so many bytes was refused while objects held `held`. Where it is larger than what is kept back, there
    /// is room for small ones.
    pub(crate) fn open(&mut self, options: &mut HeapOptions, bytes: usize, held: usize) {
        if bytes <= self.bytes && self.opened_at.is_none() && !self.is_lifted {
            options.limit = self.hard;
            self.opened_at = Some(held);
        }
    }
    /// Lets no limit hold until [`Reserve::lower`].
    pub(crate) fn lift(&mut self, options: &mut HeapOptions) -> Lifted {
        let limit = std::mem::replace(&mut options.limit, usize::MAX);
        Lifted { limit, was_lifted: std::mem::replace(&mut self.is_lifted, true) }
    }
    /// Lets the limit of before hold again.
    pub(crate) fn lower(&mut self, options: &mut HeapOptions, before: Lifted) {
        options.limit = before.limit;
        self.is_lifted = before.was_lifted;
    }
    /// Was it given out?
    pub(crate) fn is_open(&self) -> bool {
        self.opened_at.is_some()
    }
    /// Keeps it back again if objects hold so much less than when it was given out that there is room without it. (What
    /// they hold says little by itself: collectors count blocks, which may have holes.)
    pub(crate) fn close(&mut self, options: &mut HeapOptions, held: usize) {
        if !self.is_lifted && self.opened_at.is_some_and(|at| held.saturating_add(2 * self.bytes) <= at) {
            options.limit = self.hard - self.bytes;
            self.opened_at = None;
        }
    }
}
