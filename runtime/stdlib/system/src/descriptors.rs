//! Open files by the numbers of their descriptors.

use crate::{checked, error_number, of_numbers, path_text};
use std::io;
use std::path::Path;

/// `openat(2)`, never inherited by child processes.
pub fn open_at(folder: i32, path: &Path, flags: i32, mode: u32) -> io::Result<i32> {
    let path = path_text(path)?;
    // SAFETY: the path ends with NUL and lives during the call.
    checked(unsafe { libc::openat(folder, path.as_ptr(), flags | libc::O_CLOEXEC, mode) }).map(|fd| fd as i32)
}
/// `open(2)`, never inherited by child processes.
pub fn open(path: &Path, flags: i32, mode: u32) -> io::Result<i32> {
    open_at(crate::HERE, path, flags, mode)
}
/// `read(2)`
pub fn read(fd: i32, buffer: &mut [u8]) -> io::Result<usize> {
    // SAFETY: the buffer has room for as many bytes.
    checked(unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) } as i64).map(|n| n as usize)
}
/// `write(2)`
pub fn write(fd: i32, bytes: &[u8]) -> io::Result<usize> {
    // SAFETY: the bytes are there.
    checked(unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) } as i64).map(|n| n as usize)
}
/// `close(2)`
pub fn close(fd: i32) -> io::Result<()> {
    // SAFETY: closing a number has no effect on memory; nothing here keeps descriptors.
    checked(unsafe { libc::close(fd) }).map(|_| ())
}
/// `lseek(2)`
pub fn seek(fd: i32, offset: i64, whence: i32) -> io::Result<i64> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::lseek(fd, offset, whence) })
}
/// `isatty(3)`
pub fn is_terminal(fd: i32) -> bool {
    // SAFETY: no memory is involved.
    unsafe { libc::isatty(fd) == 1 }
}
/// `ftruncate(2)`
pub fn truncate(fd: i32, length: i64) -> io::Result<()> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::ftruncate(fd, length) }).map(|_| ())
}
/// `fstat(2)`
pub fn stat_descriptor(fd: i32) -> io::Result<libc::stat> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: it has room for the result.
    checked(unsafe { libc::fstat(fd, &raw mut stat) })?;
    Ok(stat)
}
/// `dup(2)`, not inherited by child processes.
pub fn duplicate(fd: i32) -> io::Result<i32> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0) }).map(|fd| fd as i32)
}
/// `dup2(2)`
pub fn duplicate_to(fd: i32, target: i32, inheritable: bool) -> io::Result<i32> {
    let flags = if inheritable { 0 } else { libc::O_CLOEXEC };
    if fd == target {
        return is_inheritable(fd).map(|_| target);
    }
    // SAFETY: no memory is involved.
    checked(unsafe { libc::dup3(fd, target, flags) }).map(|fd| fd as i32)
}
/// `pipe2(2)`: reading end, writing end, not inherited by child processes.
pub fn pipe() -> io::Result<(i32, i32)> {
    pipe_with(libc::O_CLOEXEC)
}
/// `pipe2(2)`
pub fn pipe_with(flags: i32) -> io::Result<(i32, i32)> {
    let mut ends = [0; 2];
    // SAFETY: there is room for both.
    checked(unsafe { libc::pipe2(ends.as_mut_ptr(), flags) })?;
    Ok((ends[0], ends[1]))
}
/// Is the descriptor inherited by child processes?
pub fn is_inheritable(fd: i32) -> io::Result<bool> {
    // SAFETY: no memory is involved.
    let flags = checked(unsafe { libc::fcntl(fd, libc::F_GETFD) })?;
    Ok(flags as i32 & libc::FD_CLOEXEC == 0)
}
/// Says whether child processes inherit the descriptor.
pub fn set_inheritable(fd: i32, inheritable: bool) -> io::Result<()> {
    let flags = if inheritable { 0 } else { libc::FD_CLOEXEC };
    // SAFETY: no memory is involved.
    checked(unsafe { libc::fcntl(fd, libc::F_SETFD, flags) }).map(|_| ())
}
/// Columns and lines of a terminal.
pub fn terminal_size(fd: i32) -> io::Result<(u16, u16)> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut size: libc::winsize = unsafe { std::mem::zeroed() };
    // SAFETY: the request fills a `winsize`.
    checked(unsafe { libc::ioctl(fd, libc::TIOCGWINSZ, &raw mut size) })?;
    Ok((size.ws_col, size.ws_row))
}
/// Flags of [`open`].
pub mod open_flag {
    pub use libc::{
        O_APPEND as APPEND, O_CLOEXEC as CLOEXEC, O_CREAT as CREAT, O_EXCL as EXCL, O_RDONLY as RDONLY, O_RDWR as RDWR,
        O_TRUNC as TRUNC, O_WRONLY as WRONLY,
    };
}
/// `fsync(2)`
pub fn synchronize(fd: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::fsync(fd) }).map(|_| ())
}
/// Do reads and writes wait?
pub fn is_blocking(fd: i32) -> io::Result<bool> {
    // SAFETY: no memory is involved.
    let flags = checked(unsafe { libc::fcntl(fd, libc::F_GETFL) })?;
    Ok(flags as i32 & libc::O_NONBLOCK == 0)
}
/// Says whether they wait.
pub fn set_blocking(fd: i32, blocking: bool) -> io::Result<()> {
    // SAFETY: no memory is involved.
    let flags = checked(unsafe { libc::fcntl(fd, libc::F_GETFL) })? as i32;
    let new = if blocking { flags & !libc::O_NONBLOCK } else { flags | libc::O_NONBLOCK };
    // SAFETY: as above.
    checked(unsafe { libc::fcntl(fd, libc::F_SETFL, new) }).map(|_| ())
}
of_numbers! {
    /// `fdatasync(2)`
    synchronize_data(fd: i32) = fdatasync;
    /// `fchdir(2)`
    change_directory_to(fd: i32) = fchdir;
    /// `fchmod(2)`
    change_mode_of(fd: i32, mode: u32) = fchmod;
    /// `fchown(2)`; `u32::MAX` leaves a number as it is.
    change_owner_of(fd: i32, user: u32, group: u32) = fchown;
    /// `lockf(3)`
    lock_range(fd: i32, command: i32, length: i64) = lockf;
    /// `eventfd(2)`
    event_descriptor(value: u32, flags: i32) = eventfd;
}
/// `posix_fadvise(2)`
pub fn advise(fd: i32, offset: i64, length: i64, advice: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    error_number(unsafe { libc::posix_fadvise(fd, offset, length, advice) })
}
/// `posix_fallocate(3)`
pub fn allocate(fd: i32, offset: i64, length: i64) -> io::Result<()> {
    // SAFETY: no memory is involved.
    error_number(unsafe { libc::posix_fallocate(fd, offset, length) })
}
/// `sync(2)`
pub fn synchronize_all() {
    // SAFETY: no memory is involved.
    unsafe { libc::sync() }
}
/// `memfd_create(2)`
pub fn memory_file(name: &std::ffi::CStr, flags: u32) -> io::Result<i32> {
    // SAFETY: the name ends with NUL.
    checked(unsafe { libc::memfd_create(name.as_ptr(), flags) }).map(|fd| fd as i32)
}
/// Closes the descriptors of a range, whether they are open or not. Async-signal-safe.
pub fn close_range(from: i32, to: i32) {
    if from >= to {
        return;
    }
    // SAFETY: closing numbers has no effect on memory; nothing here keeps descriptors.
    let closed = unsafe { libc::syscall(libc::SYS_close_range, from as u32, (to - 1) as u32, 0) };
    if closed == 0 {
        return;
    }
    // An old system: one after the other, as far as they can go.
    // SAFETY: no memory is involved.
    let most = match unsafe { libc::sysconf(libc::_SC_OPEN_MAX) } {
        n @ 0.. => i32::try_from(n).unwrap_or(i32::MAX),
        _ => 1 << 16,
    };
    for fd in from..to.min(most) {
        // Most are not open.
        _ = close(fd);
    }
}
