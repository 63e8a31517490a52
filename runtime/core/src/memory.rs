//! Guard-paged memory that is reserved whole and committed by use.

use std::io;

/// An anonymous private mapping with an inaccessible page at either end.
pub struct GuardedRegion {
    base: *mut u8,
    length: usize,
}

const PAGE: usize = 4096;

impl GuardedRegion {
    /// Maps at least `bytes` usable bytes, zeroed, committed when touched.
    pub fn new(bytes: usize) -> io::Result<GuardedRegion> {
        let length = bytes.next_multiple_of(PAGE) + 2 * PAGE;
        // SAFETY: a fresh anonymous mapping; no address is asked for.
        let base = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                length,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if base == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let region = GuardedRegion { base: base.cast(), length };
        for page in [region.base, region.end()] {
            // SAFETY: both pages lie inside the mapping just made.
            if unsafe { libc::mprotect(page.cast(), PAGE, libc::PROT_NONE) } != 0 {
                return Err(io::Error::last_os_error());
            }
        }
        Ok(region)
    }
    /// First usable byte.
    pub fn start(&self) -> *mut u8 {
        // SAFETY: the mapping is longer than a page.
        unsafe { self.base.add(PAGE) }
    }
    /// Byte after the last usable one.
    pub fn end(&self) -> *mut u8 {
        // SAFETY: the mapping is longer than a page.
        unsafe { self.base.add(self.length - PAGE) }
    }
}

impl Drop for GuardedRegion {
    fn drop(&mut self) {
        // SAFETY: exactly the mapping made by `new`.
        unsafe { libc::munmap(self.base.cast(), self.length) };
    }
}
