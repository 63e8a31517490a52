//! The last bytes below the hard limit. They are kept back until an allocation is refused, so that a program that is told so
//! has room to do something about it, and are kept back again once memory is free.

use crate::options::HeapOptions;

/// Most bytes that are kept back.
const MOST: usize = 4 << 20;

/// What is kept back of a heap's limit. The collector sees the limit that holds at the time in its options.
pub(crate) struct Reserve {
    /// The limit that the heap was made with.
    hard: usize,
}

impl Reserve {
    /// Keeps an eighth of the limit back, or [`MOST`].
    pub(crate) fn new(options: &mut HeapOptions) -> Reserve {
        let reserve = Reserve { hard: options.limit };
        options.limit = reserve.soft();
        reserve
    }
    fn soft(&self) -> usize {
        self.hard - (self.hard / 8).min(MOST)
    }
    /// An allocation of so many bytes was refused. Where it is larger than what is kept back, there is room for small ones.
    pub(crate) fn open(&self, options: &mut HeapOptions, bytes: usize) {
        if bytes <= self.hard - self.soft() {
            options.limit = self.hard;
        }
    }
    /// Is it in use?
    pub(crate) fn is_open(&self, options: &HeapOptions) -> bool {
        options.limit == self.hard && self.soft() < self.hard
    }
    /// Keeps it back again if objects of so many bytes leave a good part of the rest free. (Collectors count blocks.)
    pub(crate) fn close(&self, options: &mut HeapOptions, held: usize) {
        if held <= self.soft() / 4 * 3 {
            options.limit = self.soft();
        }
    }
}
