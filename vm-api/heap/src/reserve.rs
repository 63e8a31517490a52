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
}

impl Reserve {
    /// Keeps an eighth of the limit back, or [`MOST`].
    pub(crate) fn new(options: &mut HeapOptions) -> Reserve {
        let hard = options.limit;
        let bytes = (hard / 8).min(MOST);
        options.limit = hard - bytes;
        Reserve { hard, bytes, opened_at: None }
    }
    /// An allocation of so many bytes was refused while objects held `held`. Where it is larger than what is kept back, there
    /// is room for small ones.
    pub(crate) fn open(&mut self, options: &mut HeapOptions, bytes: usize, held: usize) {
        if bytes <= self.bytes && self.opened_at.is_none() {
            options.limit = self.hard;
            self.opened_at = Some(held);
        }
    }
    /// Was it given out?
    pub(crate) fn is_open(&self) -> bool {
        self.opened_at.is_some()
    }
    /// Keeps it back again if objects hold so much less than when it was given out that there is room without it. (What
    /// they hold says little by itself: collectors count blocks, which may have holes.)
    pub(crate) fn close(&mut self, options: &mut HeapOptions, held: usize) {
        if self.opened_at.is_some_and(|at| held.saturating_add(2 * self.bytes) <= at) {
            options.limit = self.hard - self.bytes;
            self.opened_at = None;
        }
    }
}
