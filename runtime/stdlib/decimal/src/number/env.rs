//! What operations run in: the work that a program may interrupt, the memory that they may take, and the conditions that
//! they signal.

use super::limbs::Limbs;
use python_algorithms::work::{Interrupted, Work};

/// Why an operation has no result at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Error {
    /// More memory than there may be.
    Memory,
    /// The poll said to stop.
    Interrupted,
}
impl From<Interrupted> for Error {
    fn from(_: Interrupted) -> Error {
        Error::Interrupted
    }
}
impl From<python_numbers::bigint::Error> for Error {
    fn from(e: python_numbers::bigint::Error) -> Error {
        match e {
            python_numbers::bigint::Error::Interrupted => Error::Interrupted,
            _ => Error::Memory,
        }
    }
}

/// See the module.
pub(crate) struct Env<'p> {
    pub(crate) work: Work<'p>,
    pub(crate) poll: &'p dyn python_algorithms::work::Poll,
    /// Most limbs of a number.
    pub(crate) most: usize,
    /// Conditions so far.
    pub(crate) status: u32,
    /// The logarithm of 10, to that many digits, if it was computed.
    pub(crate) ln_ten: Option<(i64, super::Dec)>,
}
impl Env<'_> {
    /// Refuses numbers beyond the memory that may be used.
    pub(crate) fn room(&self, limbs: usize) -> Result<(), Error> {
        if limbs > self.most { Err(Error::Memory) } else { Ok(()) }
    }
    pub(crate) fn zeros(&mut self, length: usize) -> Result<Limbs, Error> {
        let mut limbs = self.reserved(length)?;
        limbs.resize(length, 0);
        Ok(limbs)
    }
    /// A copy with room for `spare` more limbs.
    pub(crate) fn copy(&mut self, source: &[u64], spare: usize) -> Result<Limbs, Error> {
        let mut limbs = self.reserved(source.len() + spare)?;
        limbs.extend_from_slice(source);
        Ok(limbs)
    }
    fn reserved(&mut self, length: usize) -> Result<Limbs, Error> {
        let mut limbs = Limbs::new();
        if length > limbs.inline_size() {
            self.room(length)?;
            limbs.try_reserve_exact(length).map_err(|_| Error::Memory)?;
            self.work.spend(length)?;
        }
        Ok(limbs)
    }
    /// Runs `f`; what it signals is its second result.
    pub(crate) fn apart<T>(&mut self, f: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<(T, u32), Error> {
        let before = std::mem::take(&mut self.status);
        let result = f(self);
        let status = std::mem::replace(&mut self.status, before);
        Ok((result?, status))
    }
}
