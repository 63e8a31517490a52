//! Files by their paths.

use crate::{checked, path_text};
use std::io;
use std::path::Path;

/// `stat(2)` or `lstat(2)`
pub fn stat(path: &Path, follow: bool) -> io::Result<libc::stat> {
    let path = path_text(path)?;
    // SAFETY: all zeros is a value of this plain struct.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: the path ends with NUL; there is room for the result.
    checked(unsafe { libc::fstatat(libc::AT_FDCWD, path.as_ptr(), &raw mut stat, flags) })?;
    Ok(stat)
}
/// `access(2)`
pub fn access(path: &Path, mode: i32) -> io::Result<()> {
    let path = path_text(path)?;
    // SAFETY: the path ends with NUL.
    checked(unsafe { libc::access(path.as_ptr(), mode) }).map(|_| ())
}
/// `chmod(2)`
pub fn change_mode(path: &Path, mode: u32) -> io::Result<()> {
    let path = path_text(path)?;
    // SAFETY: the path ends with NUL.
    checked(unsafe { libc::chmod(path.as_ptr(), mode) }).map(|_| ())
}
/// `mkdir(2)`
pub fn make_directory(path: &Path, mode: u32) -> io::Result<()> {
    let path = path_text(path)?;
    // SAFETY: the path ends with NUL.
    checked(unsafe { libc::mkdir(path.as_ptr(), mode) }).map(|_| ())
}
/// `umask(2)`
pub fn set_umask(mask: u32) -> u32 {
    // SAFETY: no memory is involved.
    unsafe { libc::umask(mask) }
}
/// `unlink(2)`
pub fn unlink(path: &Path) -> io::Result<()> {
    let path = path_text(path)?;
    // SAFETY: the path ends with NUL.
    checked(unsafe { libc::unlink(path.as_ptr()) }).map(|_| ())
}
/// Is it a directory's?
pub fn is_directory(stat: &Stat) -> bool {
    stat.st_mode & libc::S_IFMT == libc::S_IFDIR
}
/// Size in bytes.
pub fn size(stat: &Stat) -> i64 {
    stat.st_size
}
pub use libc::stat as Stat;
