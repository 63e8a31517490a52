//! Work that a program may interrupt: what may run long counts it, and asks now and then whether to stop.
//!
//! This is the one way in which the algorithms on plain data (numbers, text, tables) stay interruptible: an operation gets
//! a [`Poll`], or a [`Work`] made of one, and ends with [`Interrupted`] when the poll says so.

/// Asked by operations that may run long.
pub trait Poll {
    /// Whether to stop. Once it has said so it is not asked again.
    fn stop(&self) -> bool;
}

impl<F: Fn() -> bool> Poll for F {
    fn stop(&self) -> bool {
        self()
    }
}

/// Never stops: for work that is known to be short, and for tests.
pub const UNINTERRUPTED: &dyn Poll = &|| false;

/// The poll said to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interrupted;

/// Units between two questions: limb products or characters, some 2 ms of them, and up to 50 ms of what is counted more
/// roughly.
const BUDGET: usize = 1 << 21;

/// How many units to do between two calls of [`Work::spend`] in a loop over many.
pub const BLOCK: usize = 1 << 16;

/// A poll with the work left until it is asked again.
#[derive(Clone)]
pub struct Work<'p> {
    poll: &'p dyn Poll,
    left: usize,
}

impl<'p> Work<'p> {
    /// Asks the poll after some milliseconds of work.
    pub fn new(poll: &'p dyn Poll) -> Work<'p> {
        Work { poll, left: BUDGET }
    }

    /// Accounts for so many units, done or to be done.
    ///
    /// # Errors
    /// If the poll was asked and said to stop.
    #[inline]
    pub fn spend(&mut self, units: usize) -> Result<(), Interrupted> {
        if units < self.left {
            self.left -= units;
            return Ok(());
        }
        self.ask()
    }

    #[cold]
    fn ask(&mut self) -> Result<(), Interrupted> {
        self.left = BUDGET;
        if self.poll.stop() { Err(Interrupted) } else { Ok(()) }
    }
}

impl std::fmt::Debug for Work<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Work").field("left", &self.left).finish_non_exhaustive()
    }
}
