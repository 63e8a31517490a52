//! What the system says of itself, by numbers: `sysconf`, `confstr`, `pathconf`.

use crate::{checked_by_errno, path_text};
use std::io;
use std::path::Path;

/// `sysconf(3)`
pub fn system_limit(name: i32) -> io::Result<i64> {
    // SAFETY: no memory is involved.
    checked_by_errno(|| unsafe { libc::sysconf(name) })
}
/// `pathconf(3)`
pub fn path_limit(path: &Path, name: i32) -> io::Result<i64> {
    let path = path_text(path)?;
    // SAFETY: the path ends with NUL.
    checked_by_errno(|| unsafe { libc::pathconf(path.as_ptr(), name) })
}
/// `fpathconf(3)`
pub fn descriptor_limit(fd: i32, name: i32) -> io::Result<i64> {
    // SAFETY: no memory is involved.
    checked_by_errno(|| unsafe { libc::fpathconf(fd, name) })
}
/// `confstr(3)`; `None`: it has no value.
pub fn system_text(name: i32) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = vec![0u8; 256];
    loop {
        let room = buffer.len();
        // SAFETY: the buffer has the room.
        let n = checked_by_errno(|| match unsafe { libc::confstr(name, buffer.as_mut_ptr().cast(), room) } {
            // An error where `errno` says so.
            0 => -1,
            n => n as i64,
        })?;
        match usize::try_from(n) {
            Err(_) => return Ok(None),
            Ok(n) if n <= room => {
                buffer.truncate(n - 1);
                return Ok(Some(buffer));
            }
            Ok(n) => buffer.resize(n, 0),
        }
    }
}
/// `getloadavg(3)`; `None`: it cannot be known.
pub fn load_averages() -> Option<[f64; 3]> {
    let mut loads = [0.0; 3];
    // SAFETY: there is room for three.
    (unsafe { libc::getloadavg(loads.as_mut_ptr(), 3) } == 3).then_some(loads)
}
