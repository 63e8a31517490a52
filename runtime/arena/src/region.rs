//! The reserved memory and its mappings.
//!
//! On Linux the memory is an anonymous file that is mapped twice: readable and writable, readable and executable. Elsewhere, and
//! where it is asked for, it is mapped once, executable, and the pages of a block are made writable instead while it is written:
//! then no other thread may run code of the arena meanwhile, which a VM whose threads run in turns ensures. It is asked for where
//! others must see that the memory is no file's: profilers look for names of code in files, and elsewhere only in memory that is
//! anonymous.

#[cfg(any(target_os = "linux", target_os = "android"))]
mod dual;
mod single;

use crate::{Mapping, cache};
use std::io;

/// Largest alignment, and what the region's length is a multiple of: no system that we know has smaller pages.
pub(crate) const PAGE: usize = 4096;

#[derive(Debug)]
enum Memory {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    Twice(dual::Memory),
    Once(single::Memory),
}

/// What the child of a fork adopts.
#[derive(Debug)]
pub struct ForkCopy(Copied);

#[derive(Debug)]
enum Copied {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    Twice(dual::ForkCopy),
    /// Private memory is the child's own after a fork.
    Once,
}

impl Memory {
    fn new(len: usize, mapping: Mapping) -> io::Result<Memory> {
        match mapping {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            Mapping::Best => dual::Memory::new(len).map(Memory::Twice),
            #[cfg(not(any(target_os = "linux", target_os = "android")))]
            Mapping::Best => single::Memory::new(len).map(Memory::Once),
            Mapping::Anonymous => single::Memory::new(len).map(Memory::Once),
        }
    }
    fn executed(&self) -> u64 {
        match self {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            Memory::Twice(memory) => memory.executed(),
            Memory::Once(memory) => memory.executed(),
        }
    }
}

/// See the module's description.
#[derive(Debug)]
pub(crate) struct Region {
    memory: Memory,
    len: usize,
}

impl Region {
    pub(crate) fn new(len: usize, mapping: Mapping) -> io::Result<Region> {
        let too_long = || io::Error::from(io::ErrorKind::InvalidInput);
        // The largest page of the systems that we know, so that the length is one of whole pages.
        let len = len.max(1).checked_next_multiple_of(16 * PAGE).ok_or_else(too_long)?;
        Ok(Region { memory: Memory::new(len, mapping)?, len })
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
        let f = &mut |memory: &mut [u8]| {
            let written = memory.as_ptr() as u64;
            f(memory);
            cache::flush(written, self.memory.executed() + offset as u64, len);
        };
        match &self.memory {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            Memory::Twice(memory) => memory.write(offset, len, f),
            Memory::Once(memory) => memory.write(offset, len, f),
        }
    }
    /// See [`crate::Arena::before_fork`]; only the first `len` bytes matter.
    pub(crate) fn copy(&self, len: usize) -> io::Result<ForkCopy> {
        assert!(len <= self.len, "outside of the region");
        Ok(ForkCopy(match &self.memory {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            Memory::Twice(memory) => Copied::Twice(memory.copy(self.len, len)?),
            Memory::Once(_) => Copied::Once,
        }))
    }
    /// See [`crate::Arena::after_fork`].
    pub(crate) fn adopt(&self, copy: ForkCopy) -> io::Result<()> {
        match (&self.memory, copy.0) {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            (Memory::Twice(memory), Copied::Twice(copy)) => memory.adopt(self.len, copy),
            (_, _) => Ok(()),
        }
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        match &self.memory {
            #[cfg(any(target_os = "linux", target_os = "android"))]
            Memory::Twice(memory) => memory.unmap(self.len),
            Memory::Once(memory) => memory.unmap(self.len),
        }
    }
}
