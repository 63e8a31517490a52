//! Extended attributes of files.

use crate::{checked, path_text};
use std::ffi::CString;
use std::io;
use std::path::Path;

/// The file that has the attributes.
#[derive(Clone, Copy)]
pub enum AttributesOf<'a> {
    /// By its descriptor.
    Descriptor(i32),
    /// By its path: of the link itself if links are not followed.
    Path(&'a Path, bool),
}

/// Calls until the buffer is large enough for what the call has.
fn with_buffer(call: impl Fn(*mut u8, usize) -> isize) -> io::Result<Vec<u8>> {
    let mut room = 256;
    loop {
        let mut buffer = vec![0u8; room];
        match checked(call(buffer.as_mut_ptr(), room) as i64) {
            Ok(n) => {
                buffer.truncate(n as usize);
                return Ok(buffer);
            }
            Err(e) if e.raw_os_error() == Some(libc::ERANGE) && room < 1 << 20 => room *= 4,
            Err(e) => return Err(e),
        }
    }
}

/// `getxattr(2)`
pub fn attribute(of: AttributesOf<'_>, name: &CString) -> io::Result<Vec<u8>> {
    match of {
        // SAFETY: the name ends with NUL; the buffer has the room.
        AttributesOf::Descriptor(fd) => with_buffer(|b, n| unsafe { libc::fgetxattr(fd, name.as_ptr(), b.cast(), n) }),
        AttributesOf::Path(path, follow) => {
            let path = path_text(path)?;
            let call = if follow { libc::getxattr } else { libc::lgetxattr };
            // SAFETY: as above; so does the path.
            with_buffer(|b, n| unsafe { call(path.as_ptr(), name.as_ptr(), b.cast(), n) })
        }
    }
}
/// `setxattr(2)`
pub fn set_attribute(of: AttributesOf<'_>, name: &CString, value: &[u8], flags: i32) -> io::Result<()> {
    let (name, bytes, n) = (name.as_ptr(), value.as_ptr().cast(), value.len());
    let r = match of {
        // SAFETY: the name ends with NUL; the bytes are there.
        AttributesOf::Descriptor(fd) => unsafe { libc::fsetxattr(fd, name, bytes, n, flags) },
        AttributesOf::Path(path, follow) => {
            let path = path_text(path)?;
            let call = if follow { libc::setxattr } else { libc::lsetxattr };
            // SAFETY: as above; so does the path.
            unsafe { call(path.as_ptr(), name, bytes, n, flags) }
        }
    };
    checked(r).map(|_| ())
}
/// `removexattr(2)`
pub fn remove_attribute(of: AttributesOf<'_>, name: &CString) -> io::Result<()> {
    let r = match of {
        // SAFETY: the name ends with NUL.
        AttributesOf::Descriptor(fd) => unsafe { libc::fremovexattr(fd, name.as_ptr()) },
        AttributesOf::Path(path, follow) => {
            let path = path_text(path)?;
            let call = if follow { libc::removexattr } else { libc::lremovexattr };
            // SAFETY: both end with NUL.
            unsafe { call(path.as_ptr(), name.as_ptr()) }
        }
    };
    checked(r).map(|_| ())
}
/// `listxattr(2)`: the names.
pub fn attributes(of: AttributesOf<'_>) -> io::Result<Vec<Vec<u8>>> {
    let all = match of {
        // SAFETY: the buffer has the room.
        AttributesOf::Descriptor(fd) => with_buffer(|b, n| unsafe { libc::flistxattr(fd, b.cast(), n) }),
        AttributesOf::Path(path, follow) => {
            let path = path_text(path)?;
            let call = if follow { libc::listxattr } else { libc::llistxattr };
            // SAFETY: as above; the path ends with NUL.
            with_buffer(|b, n| unsafe { call(path.as_ptr(), b.cast(), n) })
        }
    }?;
    Ok(all.split(|b| *b == 0).filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect())
}
