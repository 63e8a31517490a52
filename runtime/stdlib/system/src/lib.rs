//! System calls on plain numbers of file descriptors, as Python programs name them.
//!
//! Rust's own types own their descriptors; a Python program may close, duplicate or invent any number. Everything here is
//! safe: a wrong number is an `EBADF` from the kernel. Calls that a signal interrupted are left to the caller to repeat,
//! who polls first (PEP 475).

pub mod accounts;
mod attributes;
pub mod control;
mod descriptors;
mod directory;
mod errors;
pub mod faults;
mod files;
pub mod identity;
pub mod locale;
pub mod log;
mod memory_map;
mod names;
pub mod net;
pub mod polling;
mod process;
mod program;
pub mod scheduling;
pub mod signals;
pub mod spawn;
pub mod terminals;
mod time;
mod transfer;
mod wait;

pub use attributes::*;
pub use descriptors::*;
pub use directory::*;
pub use errors::*;
pub use files::*;
pub use memory_map::*;
pub use names::*;
pub use process::*;
pub use program::*;
pub use time::*;
pub use transfer::*;
pub use wait::*;

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

/// Functions of the C library whose arguments and result are numbers, so that nothing can go wrong but the error returned.
macro_rules! of_numbers {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $Type:ty),*) = $call:ident;)*) => {
        $(
            $(#[$doc])*
            pub fn $name($($argument: $Type),*) -> std::io::Result<i64> {
                // SAFETY: no memory is involved.
                $crate::checked(unsafe { libc::$call($($argument),*) })
            }
        )*
    };
}
use of_numbers;

/// A result of 0, or the error that it is.
fn error_number(r: i32) -> io::Result<()> {
    if r == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(r)) }
}

/// Calls what returns -1 for an error and as an answer: only `errno` tells which.
fn checked_by_errno<T: Into<i64> + Copy>(call: impl FnOnce() -> T) -> io::Result<i64> {
    // SAFETY: the pointer is to the thread's own number.
    let errno = unsafe { libc::__errno_location() };
    // SAFETY: as above.
    unsafe { *errno = 0 };
    let r: i64 = call().into();
    // SAFETY: as above.
    match unsafe { *errno } {
        error if error != 0 && r == -1 => Err(io::Error::from_raw_os_error(error)),
        _ => Ok(r),
    }
}
