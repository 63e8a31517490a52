//! One private mapping whose pages are writable while they are written and executable otherwise.

use std::io;

/// The mapping.
#[derive(Debug)]
pub(crate) struct Memory {
    start: u64,
    page: usize,
}

impl Memory {
    pub(crate) fn new(len: usize) -> io::Result<Memory> {
        let flags = libc::MAP_PRIVATE | libc::MAP_ANON;
        // SAFETY: a fresh private anonymous mapping at an address of the system's choice touches no existing memory.
        let p = unsafe { libc::mmap(std::ptr::null_mut(), len, libc::PROT_READ | libc::PROT_EXEC, flags, -1, 0) };
        if p == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: asks for a number.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        Ok(Memory { start: p as u64, page: usize::try_from(page).unwrap_or(16 * super::PAGE) })
    }
    pub(crate) fn executed(&self) -> u64 {
        self.start
    }
    /// The range was checked.
    pub(crate) fn write(&self, offset: usize, len: usize, f: &mut dyn FnMut(&mut [u8])) {
        let from = (self.start as usize + offset) & !(self.page - 1);
        let to = (self.start as usize + offset + len).next_multiple_of(self.page);
        self.protect(from, to, libc::PROT_READ | libc::PROT_WRITE);
        let start = (self.start + offset as u64) as *mut u8;
        // SAFETY: within the mapping, as the caller checked, and writable now; the arena's lock is held, so this is the only
        // reference.
        f(unsafe { std::slice::from_raw_parts_mut(start, len) });
        self.protect(from, to, libc::PROT_READ | libc::PROT_EXEC);
    }
    fn protect(&self, from: usize, to: usize, protection: libc::c_int) {
        // SAFETY: whole pages of our own mapping.
        let failed = unsafe { libc::mprotect(from as *mut libc::c_void, to - from, protection) };
        // There is nothing to go on with: code could not be written, or not be executed.
        assert_eq!(failed, 0, "the system changes the protection of code no more");
    }
    pub(crate) fn unmap(&self, len: usize) {
        // SAFETY: the whole of our own mapping; whoever had addresses in it has lost them with the arena.
        let failed = unsafe { libc::munmap(self.start as *mut libc::c_void, len) };
        debug_assert_eq!(failed, 0);
    }
}
