//! How a process tells a profiler that watches it of a file: by mapping it. What `perf` records of each process are its mappings
//! that can be executed; where one is of a file named `jit-PID.dump`, `perf inject --jit` reads that file.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

/// Bytes that are mapped: a page of any system that we know.
const LENGTH: usize = 16 << 10;

/// A mapping that nobody reads, kept as long as this is.
#[derive(Debug)]
pub struct Announcement(usize);

impl Announcement {
    /// Maps the file's beginning. The file must not be empty.
    ///
    /// # Errors
    /// The system refuses, as it does for a file on a volume from which nothing may be executed.
    pub fn of(file: &File) -> io::Result<Announcement> {
        let protection = libc::PROT_READ | libc::PROT_EXEC;
        // SAFETY: a fresh mapping at an address of the system's choice touches no existing memory, and nobody looks into it.
        let at =
            unsafe { libc::mmap(std::ptr::null_mut(), LENGTH, protection, libc::MAP_PRIVATE, file.as_raw_fd(), 0) };
        if at == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(Announcement(at as usize)) }
    }
}

impl Drop for Announcement {
    fn drop(&mut self) {
        // SAFETY: the whole of our own mapping, whose address nobody has.
        let failed = unsafe { libc::munmap(self.0 as *mut libc::c_void, LENGTH) };
        debug_assert_eq!(failed, 0);
    }
}

/// Nanoseconds of the clock that `perf record -k mono` dates its events by.
pub fn monotonic() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: writes to `now`.
    let failed = unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    debug_assert_eq!(failed, 0);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

/// The number by which a profiler knows the calling thread.
#[cfg(target_os = "linux")]
pub fn thread() -> u32 {
    // SAFETY: asks for a number.
    unsafe { libc::gettid() as u32 }
}

/// The number by which a profiler knows the calling thread: there is none that asks.
#[cfg(not(target_os = "linux"))]
pub fn thread() -> u32 {
    std::process::id()
}
