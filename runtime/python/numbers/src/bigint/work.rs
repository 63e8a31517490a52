//! Counting work, so that the poll is asked every few milliseconds and not more often.

use super::{Error, Poll};

/// Limb products between two questions: some 2 ms, and up to 50 ms of the work that is counted more roughly.
const BUDGET: usize = 1 << 21;

/// A poll with the work left until it is asked again.
pub(crate) struct Work<'a> {
    poll: &'a mut Poll<'a>,
    left: usize,
}

impl<'a> Work<'a> {
    pub(crate) fn new(poll: &'a mut Poll<'_>) -> Work<'a> {
        Work { poll, left: BUDGET }
    }

    /// Accounts for `units` limb products, done or to be done.
    #[inline]
    pub(crate) fn spend(&mut self, units: usize) -> Result<(), Error> {
        if units < self.left {
            self.left -= units;
            return Ok(());
        }
        self.ask()
    }

    #[cold]
    fn ask(&mut self) -> Result<(), Error> {
        self.left = BUDGET;
        if (self.poll)() { Err(Error::Interrupted) } else { Ok(()) }
    }
}
