//! Files by their paths, relative to a directory's descriptor ([`HERE`]: the current directory).

use crate::{checked, path_text};
use std::ffi::CString;
use std::io;
use std::path::Path;

pub use libc::stat as Stat;

/// The descriptor that stands for the current directory.
pub const HERE: i32 = libc::AT_FDCWD;

/// A call with one path: the path's text lives as long as the call.
fn with_path(path: &Path, call: impl FnOnce(*const libc::c_char) -> i32) -> io::Result<()> {
    let path: CString = path_text(path)?;
    checked(call(path.as_ptr())).map(|_| ())
}

/// `fstatat(2)`
pub fn stat_at(folder: i32, path: &Path, follow: bool) -> io::Result<Stat> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: the path ends with NUL; there is room for the result.
    with_path(path, |path| unsafe { libc::fstatat(folder, path, &raw mut stat, flags) })?;
    Ok(stat)
}
/// `stat(2)` or `lstat(2)`
pub fn stat(path: &Path, follow: bool) -> io::Result<Stat> {
    stat_at(HERE, path, follow)
}
/// Is it a directory's?
pub fn is_directory(stat: &Stat) -> bool {
    stat.st_mode & libc::S_IFMT == libc::S_IFDIR
}
/// Is it a regular file's?
pub fn is_regular(stat: &Stat) -> bool {
    stat.st_mode & libc::S_IFMT == libc::S_IFREG
}
/// Is it a symbolic link's?
pub fn is_link(stat: &Stat) -> bool {
    stat.st_mode & libc::S_IFMT == libc::S_IFLNK
}
/// Size in bytes.
pub fn size(stat: &Stat) -> i64 {
    stat.st_size
}
/// `faccessat(2)`
pub fn access_at(folder: i32, path: &Path, mode: i32, effective: bool, follow: bool) -> io::Result<()> {
    let flags = if effective { libc::AT_EACCESS } else { 0 } | if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: the path ends with NUL.
    with_path(path, |path| unsafe { libc::faccessat(folder, path, mode, flags) })
}
/// `fchmodat(2)`
pub fn change_mode_at(folder: i32, path: &Path, mode: u32, follow: bool) -> io::Result<()> {
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: the path ends with NUL.
    with_path(path, |path| unsafe { libc::fchmodat(folder, path, mode, flags) })
}
/// `fchownat(2)`; `u32::MAX` leaves a number as it is.
pub fn change_owner_at(folder: i32, path: &Path, user: u32, group: u32, follow: bool) -> io::Result<()> {
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: the path ends with NUL.
    with_path(path, |path| unsafe { libc::fchownat(folder, path, user, group, flags) })
}
/// `mkdirat(2)`
pub fn make_directory_at(folder: i32, path: &Path, mode: u32) -> io::Result<()> {
    // SAFETY: the path ends with NUL.
    with_path(path, |path| unsafe { libc::mkdirat(folder, path, mode) })
}
/// `mkfifoat(3)`
pub fn make_pipe_at(folder: i32, path: &Path, mode: u32) -> io::Result<()> {
    // SAFETY: the path ends with NUL.
    with_path(path, |path| unsafe { libc::mkfifoat(folder, path, mode) })
}
/// `mknodat(2)`
pub fn make_node_at(folder: i32, path: &Path, mode: u32, device: u64) -> io::Result<()> {
    // SAFETY: the path ends with NUL.
    with_path(path, |path| unsafe { libc::mknodat(folder, path, mode, device) })
}
/// `unlinkat(2)`
pub fn unlink_at(folder: i32, path: &Path, is_directory: bool) -> io::Result<()> {
    let flags = if is_directory { libc::AT_REMOVEDIR } else { 0 };
    // SAFETY: the path ends with NUL.
    with_path(path, |path| unsafe { libc::unlinkat(folder, path, flags) })
}
/// `renameat(2)`
pub fn rename_at(from_folder: i32, from: &Path, to_folder: i32, to: &Path) -> io::Result<()> {
    let to = path_text(to)?;
    // SAFETY: both end with NUL.
    with_path(from, |from| unsafe { libc::renameat(from_folder, from, to_folder, to.as_ptr()) })
}
/// `linkat(2)`
pub fn link_at(from_folder: i32, from: &Path, to_folder: i32, to: &Path, follow: bool) -> io::Result<()> {
    let to = path_text(to)?;
    let flags = if follow { libc::AT_SYMLINK_FOLLOW } else { 0 };
    // SAFETY: both end with NUL.
    with_path(from, |from| unsafe { libc::linkat(from_folder, from, to_folder, to.as_ptr(), flags) })
}
/// `symlinkat(2)`
pub fn make_link_at(target: &Path, folder: i32, path: &Path) -> io::Result<()> {
    let path = path_text(path)?;
    // SAFETY: both end with NUL.
    with_path(target, |target| unsafe { libc::symlinkat(target, folder, path.as_ptr()) })
}
/// `readlinkat(2)`
pub fn read_link_at(folder: i32, path: &Path) -> io::Result<Vec<u8>> {
    let path = path_text(path)?;
    let mut buffer = vec![0u8; libc::PATH_MAX as usize];
    // SAFETY: the path ends with NUL; the buffer has the room.
    let n = unsafe { libc::readlinkat(folder, path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len()) };
    buffer.truncate(checked(n as i64)? as usize);
    Ok(buffer)
}
/// `truncate(2)`
pub fn truncate_path(path: &Path, length: i64) -> io::Result<()> {
    // SAFETY: the path ends with NUL.
    with_path(path, |path| unsafe { libc::truncate(path, length) })
}
/// `chdir(2)`
pub fn change_directory(path: &Path) -> io::Result<()> {
    // SAFETY: the path ends with NUL.
    with_path(path, |path| unsafe { libc::chdir(path) })
}
/// `chroot(2)`
pub fn change_root(path: &Path) -> io::Result<()> {
    // SAFETY: the path ends with NUL.
    with_path(path, |path| unsafe { libc::chroot(path) })
}

/// A time of a file in seconds and nanoseconds.
pub type FileTime = (i64, i64);

fn to_timespecs(times: Option<[FileTime; 2]>) -> Option<[libc::timespec; 2]> {
    times.map(|times| times.map(|(tv_sec, tv_nsec)| libc::timespec { tv_sec, tv_nsec }))
}
/// `utimensat(2)`: of access and modification; `None`: now.
pub fn set_times_at(folder: i32, path: &Path, times: Option<[FileTime; 2]>, follow: bool) -> io::Result<()> {
    let times = to_timespecs(times);
    let pointer = times.as_ref().map_or(std::ptr::null(), |times| times.as_ptr());
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    // SAFETY: the path ends with NUL; the pointer is null or to two times.
    with_path(path, |path| unsafe { libc::utimensat(folder, path, pointer, flags) })
}
/// `futimens(2)`
pub fn set_times(fd: i32, times: Option<[FileTime; 2]>) -> io::Result<()> {
    let times = to_timespecs(times);
    let pointer = times.as_ref().map_or(std::ptr::null(), |times| times.as_ptr());
    // SAFETY: the pointer is null or to two times.
    checked(unsafe { libc::futimens(fd, pointer) }).map(|_| ())
}

/// A file system: `f_bsize`, `f_frsize`, `f_blocks`, `f_bfree`, `f_bavail`, `f_files`, `f_ffree`, `f_favail`, `f_flag`,
/// `f_namemax`, `f_fsid`.
pub type FileSystem = [u64; 11];

fn file_system(call: impl FnOnce(*mut libc::statvfs) -> i32) -> io::Result<FileSystem> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut s: libc::statvfs = unsafe { std::mem::zeroed() };
    checked(call(&raw mut s))?;
    Ok([
        s.f_bsize,
        s.f_frsize,
        s.f_blocks,
        s.f_bfree,
        s.f_bavail,
        s.f_files,
        s.f_ffree,
        s.f_favail,
        s.f_flag,
        s.f_namemax,
        s.f_fsid,
    ])
}
/// `statvfs(3)`
pub fn file_system_of_path(path: &Path) -> io::Result<FileSystem> {
    let path = path_text(path)?;
    // SAFETY: the path ends with NUL; there is room for the result.
    file_system(|s| unsafe { libc::statvfs(path.as_ptr(), s) })
}
/// `fstatvfs(3)`
pub fn file_system_of(fd: i32) -> io::Result<FileSystem> {
    // SAFETY: there is room for the result.
    file_system(|s| unsafe { libc::fstatvfs(fd, s) })
}
