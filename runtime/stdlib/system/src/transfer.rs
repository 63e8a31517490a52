//! Moving bytes between descriptors and at positions.

use crate::checked;
use std::io;

/// `pread(2)`
pub fn read_at(fd: i32, buffer: &mut [u8], offset: i64) -> io::Result<usize> {
    // SAFETY: the buffer has room for as many bytes.
    checked(unsafe { libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), offset) } as i64).map(|n| n as usize)
}
/// `pwrite(2)`
pub fn write_at(fd: i32, bytes: &[u8], offset: i64) -> io::Result<usize> {
    // SAFETY: the bytes are there.
    checked(unsafe { libc::pwrite(fd, bytes.as_ptr().cast(), bytes.len(), offset) } as i64).map(|n| n as usize)
}
/// `readv(2)`, or `preadv2(2)` at an offset with flags.
pub fn read_scattered(fd: i32, buffers: &mut [Vec<u8>], at: Option<(i64, i32)>) -> io::Result<usize> {
    let parts: Vec<libc::iovec> =
        buffers.iter_mut().map(|b| libc::iovec { iov_base: b.as_mut_ptr().cast(), iov_len: b.len() }).collect();
    let count = i32::try_from(parts.len()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
    let n = match at {
        // SAFETY: the parts are those of the buffers, which have the room.
        None => unsafe { libc::readv(fd, parts.as_ptr(), count) },
        // SAFETY: as above.
        Some((offset, 0)) => unsafe { libc::preadv(fd, parts.as_ptr(), count, offset) },
        // SAFETY: as above.
        Some((offset, flags)) => unsafe { libc::preadv2(fd, parts.as_ptr(), count, offset, flags) },
    };
    checked(n as i64).map(|n| n as usize)
}
/// `writev(2)`, or `pwritev2(2)` at an offset with flags.
pub fn write_gathered(fd: i32, parts: &[&[u8]], at: Option<(i64, i32)>) -> io::Result<usize> {
    let parts: Vec<libc::iovec> =
        parts.iter().map(|b| libc::iovec { iov_base: b.as_ptr().cast_mut().cast(), iov_len: b.len() }).collect();
    let count = i32::try_from(parts.len()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
    let n = match at {
        // SAFETY: the parts are there, and only read.
        None => unsafe { libc::writev(fd, parts.as_ptr(), count) },
        // SAFETY: as above.
        Some((offset, 0)) => unsafe { libc::pwritev(fd, parts.as_ptr(), count, offset) },
        // SAFETY: as above.
        Some((offset, flags)) => unsafe { libc::pwritev2(fd, parts.as_ptr(), count, offset, flags) },
    };
    checked(n as i64).map(|n| n as usize)
}

fn pointer(offset: &mut Option<i64>) -> *mut i64 {
    offset.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut)
}
/// `sendfile(2)`; without an offset from where the file stands.
pub fn send_file(to: i32, from: i32, mut offset: Option<i64>, count: usize) -> io::Result<usize> {
    // SAFETY: the pointer is null or to a local.
    checked(unsafe { libc::sendfile(to, from, pointer(&mut offset), count) } as i64).map(|n| n as usize)
}
/// `copy_file_range(2)`
pub fn copy_range(
    from: i32,
    mut from_offset: Option<i64>,
    to: i32,
    mut to_offset: Option<i64>,
    count: usize,
) -> io::Result<usize> {
    let (from_offset, to_offset) = (pointer(&mut from_offset), pointer(&mut to_offset));
    // SAFETY: the pointers are null or to locals.
    checked(unsafe { libc::copy_file_range(from, from_offset, to, to_offset, count, 0) } as i64).map(|n| n as usize)
}
/// `splice(2)`
pub fn splice(
    from: i32,
    mut from_offset: Option<i64>,
    to: i32,
    mut to_offset: Option<i64>,
    count: usize,
    flags: u32,
) -> io::Result<usize> {
    let (from_offset, to_offset) = (pointer(&mut from_offset), pointer(&mut to_offset));
    // SAFETY: the pointers are null or to locals.
    checked(unsafe { libc::splice(from, from_offset, to, to_offset, count, flags) } as i64).map(|n| n as usize)
}
