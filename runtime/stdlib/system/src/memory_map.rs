//! Memory maps.
//!
//! A file that others cut takes pages away from its maps: touching them is a fault (`SIGBUS`). So the bytes of a map of a
//! file are moved by the system (`process_vm_readv`, `process_vm_writev`), which returns an error instead. Nobody else has an
//! address of them.

use crate::checked;
use std::io;

/// A map, with the descriptor of its file.
pub struct MemoryMap {
    address: *mut u8,
    length: usize,
    /// A descriptor of our own, or -1: no file.
    fd: i32,
}

impl MemoryMap {
    /// `mmap(2)`; without a file if the descriptor is -1.
    ///
    /// # Errors
    /// The file cannot be mapped so.
    pub fn new(fd: i32, length: usize, flags: i32, protection: i32, offset: i64) -> io::Result<MemoryMap> {
        let own = if fd == -1 { -1 } else { crate::duplicate(fd)? };
        let flags = if fd == -1 { flags | libc::MAP_ANONYMOUS } else { flags };
        // SAFETY: the system chooses the address, so nothing of ours is mapped over, unless the flags ask for it: those are
        // taken out.
        let address =
            unsafe { libc::mmap(std::ptr::null_mut(), length, protection, flags & !libc::MAP_FIXED, own, offset) };
        if address == libc::MAP_FAILED {
            let error = io::Error::last_os_error();
            if own != -1 {
                crate::close(own)?;
            }
            return Err(error);
        }
        Ok(MemoryMap { address: address.cast(), length, fd: own })
    }
    /// How many bytes it has.
    pub fn length(&self) -> usize {
        self.length
    }
    /// The descriptor of its file; -1: none.
    pub fn descriptor(&self) -> i32 {
        self.fd
    }
    fn range(&self, from: usize, length: usize) -> io::Result<*mut u8> {
        match from.checked_add(length) {
            // SAFETY: it lies within the map.
            Some(end) if end <= self.length => Ok(unsafe { self.address.add(from) }),
            _ => Err(io::Error::from_raw_os_error(libc::EINVAL)),
        }
    }
    /// Copies bytes out of it.
    ///
    /// # Errors
    /// They may not be read, or the file has no longer as many (`EFAULT`).
    pub fn read(&self, from: usize, into: &mut [u8]) -> io::Result<()> {
        let at = self.range(from, into.len())?;
        self.transfer(at, into.as_mut_ptr(), into.len(), true)
    }
    /// Copies bytes into it.
    ///
    /// # Errors
    /// They may not be written, or the file has no longer as many (`EFAULT`).
    pub fn write(&self, from: usize, bytes: &[u8]) -> io::Result<()> {
        let at = self.range(from, bytes.len())?;
        self.transfer(at, bytes.as_ptr().cast_mut(), bytes.len(), false)
    }
    fn transfer(&self, mut map: *mut u8, mut other: *mut u8, mut left: usize, reads: bool) -> io::Result<()> {
        // SAFETY: it only tells.
        let process = unsafe { libc::getpid() };
        while left > 0 {
            let local = libc::iovec { iov_base: other.cast(), iov_len: left };
            let remote = libc::iovec { iov_base: map.cast(), iov_len: left };
            // SAFETY: both ranges are ours: the one lies within the map, the other in a buffer. The system checks both.
            let n = checked(unsafe {
                if reads {
                    libc::process_vm_readv(process, &raw const local, 1, &raw const remote, 1, 0)
                } else {
                    libc::process_vm_writev(process, &raw const local, 1, &raw const remote, 1, 0)
                }
            } as i64)? as usize;
            if n == 0 {
                return Err(io::Error::from_raw_os_error(libc::EFAULT));
            }
            // SAFETY: as many bytes were moved, which both ranges have.
            (map, other) = unsafe { (map.add(n), other.add(n)) };
            left -= n;
        }
        Ok(())
    }
    /// `msync(2)` of a range that begins at a page.
    pub fn flush(&self, from: usize, length: usize) -> io::Result<()> {
        let at = self.range(from, length)?;
        // SAFETY: it lies within the map.
        checked(unsafe { libc::msync(at.cast(), length, libc::MS_SYNC) }).map(|_| ())
    }
    /// `madvise(2)` of a range that begins at a page.
    pub fn advise(&self, from: usize, length: usize, advice: i32) -> io::Result<()> {
        let at = self.range(from, length)?;
        // SAFETY: it lies within the map, of which nobody else has an address.
        checked(unsafe { libc::madvise(at.cast(), length, advice) }).map(|_| ())
    }
    /// `mremap(2)`: gives it another length.
    pub fn resize(&mut self, length: usize) -> io::Result<()> {
        // SAFETY: the range is the map's, of which nobody else has an address.
        let address = unsafe { libc::mremap(self.address.cast(), self.length, length, libc::MREMAP_MAYMOVE) };
        if address == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        (self.address, self.length) = (address.cast(), length);
        Ok(())
    }
}

impl Drop for MemoryMap {
    fn drop(&mut self) {
        // SAFETY: the range is the map's, of which nobody else has an address.
        unsafe { libc::munmap(self.address.cast(), self.length) };
        if self.fd != -1 {
            // It is ours; an error would be that it is not open.
            _ = crate::close(self.fd);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_cut_is_an_error() {
        let fd = crate::memory_file(c"cut", 0).expect("a file in memory");
        crate::truncate(fd, 10_000).expect("it grows");
        let map = MemoryMap::new(fd, 10_000, libc::MAP_SHARED, libc::PROT_READ | libc::PROT_WRITE, 0).expect("a map");
        map.write(9_000, b"there").expect("it is long enough");
        let mut bytes = [0; 5];
        map.read(9_000, &mut bytes).expect("it is long enough");
        assert_eq!(&bytes, b"there");
        crate::truncate(fd, 1).expect("it shrinks");
        let error = map.read(9_000, &mut bytes).expect_err("nothing is there any more");
        assert_eq!(error.raw_os_error(), Some(libc::EFAULT));
        map.write(9_000, b"gone").expect_err("nothing is there any more");
        map.read(9_999, &mut bytes).expect_err("that is beyond the map");
        crate::close(fd).expect("it is open");
    }
}
