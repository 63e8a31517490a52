//! System calls on plain numbers of file descriptors, as Python programs name them.
//!
//! Rust's own types own their descriptors; a Python program may close, duplicate or invent any number. Everything here is
//! safe: a wrong number is an `EBADF` from the kernel. Calls that a signal interrupted are left to the caller to repeat,
//! who polls first (PEP 475).

mod descriptors;
mod errors;
mod files;
mod process;
pub mod signals;
mod time;

pub use descriptors::*;
pub use errors::*;
pub use files::*;
pub use process::*;
pub use time::*;

use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What a system call returned, or the error.
fn checked<T: Into<i64> + Copy>(r: T) -> io::Result<i64> {
    let n: i64 = r.into();
    if n < 0 { Err(io::Error::last_os_error()) } else { Ok(n) }
}

fn path_text(path: &Path) -> io::Result<CString> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))
}
