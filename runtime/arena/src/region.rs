//! The reserved memory and its mappings.
//!
//! On Linux the memory is an anonymous file that is mapped twice: readable and writable, readable and executable. Elsewhere it
//! is mapped once, executable, and the pages of a block are made writable instead while it is written: then no other thread may
//! run code of the arena meanwhile, which a VM whose threads run in turns ensures.

#[cfg(any(target_os = "linux", target_os = "android"))]
mod dual;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod single;

use crate::cache;
#[cfg(any(target_os = "linux", target_os = "android"))]
pub use dual::ForkCopy;
#[cfg(any(target_os = "linux", target_os = "android"))]
use dual::Memory;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub use single::ForkCopy;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
use single::Memory;
use std::io;

/// Largest alignment, and what the region's length is a multiple of: no system that we know has smaller pages.
pub(crate) const PAGE: usize = 4096;

/// See the module's description.
#[derive(Debug)]
pub(crate) struct Region {
    memory: Memory,
    len: usize,
}

impl Region {
    pub(crate) fn new(len: usize) -> io::Result<Region> {
        let too_long = || io::Error::from(io::ErrorKind::InvalidInput);
        // The largest page of the systems that we know, so that the length is one of whole pages.
        let len = len.max(1).checked_next_multiple_of(16 * PAGE).ok_or_else(too_long)?;
        Ok(Region { memory: Memory::new(len)?, len })
    }
    pub(crate) fn len(&self) -> usize {
        self.len
    }
    /// Where the byte at `offset` is executed.
    pub(crate) fn address(&self, offset: usize) -> u64 {
        debug_assert!(offset < self.len);
        self.memory.executed() + offset as u64
    }
    /// The offset of an address that is executed; `None` if it is outside.
    pub(crate) fn offset(&self, address: u64) -> Option<usize> {
        let offset = usize::try_from(address.checked_sub(self.memory.executed())?).ok()?;
        (offset < self.len).then_some(offset)
    }
    /// Gives `f` the memory of a range to write, then makes it visible to execution.
    pub(crate) fn write(&self, offset: usize, len: usize, f: &mut dyn FnMut(&mut [u8])) {
        assert!(offset <= self.len && len <= self.len - offset, "outside of the region");
        self.memory.write(offset, len, &mut |memory| {
            let written = memory.as_ptr() as u64;
            f(memory);
            cache::flush(written, self.memory.executed() + offset as u64, len);
        });
    }
    /// See [`crate::Arena::before_fork`]; only the first `len` bytes matter.
    pub(crate) fn copy(&self, len: usize) -> io::Result<ForkCopy> {
        assert!(len <= self.len, "outside of the region");
        self.memory.copy(self.len, len)
    }
    /// See [`crate::Arena::after_fork`].
    pub(crate) fn adopt(&self, copy: ForkCopy) -> io::Result<()> {
        self.memory.adopt(self.len, copy)
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        self.memory.unmap(self.len);
    }
}
