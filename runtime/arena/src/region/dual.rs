//! An anonymous file, mapped twice.

use std::fs::File;
use std::io;
use std::os::fd::{AsRawFd, FromRawFd};
use std::os::unix::fs::FileExt;

/// The two mappings. The file itself is not needed once they exist.
#[derive(Debug)]
pub(crate) struct Memory {
    written: u64,
    executed: u64,
}

/// The file that a child will map.
#[derive(Debug)]
pub(crate) struct ForkCopy {
    file: File,
}

const WRITE: libc::c_int = libc::PROT_READ | libc::PROT_WRITE;
const EXECUTE: libc::c_int = libc::PROT_READ | libc::PROT_EXEC;

impl Memory {
    pub(crate) fn new(len: usize) -> io::Result<Memory> {
        let file = anonymous_file(len)?;
        let written = map(&file, len, WRITE, None)?;
        match map(&file, len, EXECUTE, None) {
            Ok(executed) => Ok(Memory { written, executed }),
            Err(e) => {
                unmap(written, len);
                Err(e)
            }
        }
    }
    pub(crate) fn executed(&self) -> u64 {
        self.executed
    }
    /// The range was checked.
    pub(crate) fn write(&self, offset: usize, len: usize, f: &mut dyn FnMut(&mut [u8])) {
        let start = (self.written + offset as u64) as *mut u8;
        // SAFETY: within the writable mapping, as the caller checked; the arena's lock is held, so this is the only reference, and
        // nobody executes what is in a block that is being made or freed.
        f(unsafe { std::slice::from_raw_parts_mut(start, len) });
    }
    pub(crate) fn copy(&self, whole: usize, len: usize) -> io::Result<ForkCopy> {
        let file = anonymous_file(whole)?;
        // SAFETY: within the mapping; the arena's lock is held, so nobody writes.
        let bytes = unsafe { std::slice::from_raw_parts(self.written as *const u8, len) };
        file.write_all_at(bytes, 0)?;
        Ok(ForkCopy { file })
    }
    pub(crate) fn adopt(&self, len: usize, copy: ForkCopy) -> io::Result<()> {
        map(&copy.file, len, WRITE, Some(self.written))?;
        map(&copy.file, len, EXECUTE, Some(self.executed))?;
        Ok(())
    }
    pub(crate) fn unmap(&self, len: usize) {
        unmap(self.written, len);
        unmap(self.executed, len);
    }
}

fn anonymous_file(len: usize) -> io::Result<File> {
    // SAFETY: makes a new file descriptor, which nobody else has.
    let file = unsafe {
        let fd = libc::memfd_create(c"code".as_ptr(), libc::MFD_CLOEXEC);
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        File::from_raw_fd(fd)
    };
    file.set_len(len as u64)?;
    Ok(file)
}

/// Maps the file: anywhere, or in place of the mapping of that length that is at an address.
fn map(file: &File, len: usize, protection: libc::c_int, in_place_of: Option<u64>) -> io::Result<u64> {
    let (wish, fixed) = in_place_of.map_or((0, 0), |address| (address, libc::MAP_FIXED));
    // SAFETY: a mapping at an address of the system's choice touches no existing memory; otherwise the whole of a mapping that
    // is our own is replaced.
    let p = unsafe {
        libc::mmap(wish as *mut libc::c_void, len, protection, libc::MAP_SHARED | fixed, file.as_raw_fd(), 0)
    };
    if p == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(p as u64) }
}

fn unmap(start: u64, len: usize) {
    // SAFETY: a whole mapping of our own; whoever had addresses in it has lost them with the arena.
    let failed = unsafe { libc::munmap(start as *mut libc::c_void, len) };
    debug_assert_eq!(failed, 0);
}
