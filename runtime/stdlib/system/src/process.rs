//! The process and the system it runs on.

use crate::checked;
use std::ffi::CString;
use std::io;

/// `kill(2)`
pub fn kill(process: i32, signal: i32) -> io::Result<()> {
    // SAFETY: no memory is involved.
    checked(unsafe { libc::kill(process, signal) }).map(|_| ())
}
/// Process, parent, user, effective user, group and effective group numbers.
pub fn identities() -> [u32; 6] {
    // SAFETY: these have no arguments and cannot fail.
    unsafe {
        [
            libc::getpid() as u32,
            libc::getppid() as u32,
            libc::getuid(),
            libc::geteuid(),
            libc::getgid(),
            libc::getegid(),
        ]
    }
}
/// `getrandom(2)`: fills the buffer.
pub fn random(buffer: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    while filled < buffer.len() {
        let rest = &mut buffer[filled..];
        // SAFETY: the rest has room for as many bytes.
        match checked(unsafe { libc::getrandom(rest.as_mut_ptr().cast(), rest.len(), 0) } as i64) {
            Ok(n) => filled += n as usize,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
/// `setenv(3)` or, without a value, `unsetenv(3)`.
pub fn set_environment(name: &[u8], value: Option<&[u8]>) -> io::Result<()> {
    let text = |b: &[u8]| CString::new(b).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL));
    let name = text(name)?;
    match value {
        Some(value) => {
            let value = text(value)?;
            // SAFETY: both end with NUL and are copied. A VM runs one thread; others of the process do not read the
            // environment.
            checked(unsafe { libc::setenv(name.as_ptr(), value.as_ptr(), 1) }).map(|_| ())
        }
        // SAFETY: as above.
        None => checked(unsafe { libc::unsetenv(name.as_ptr()) }).map(|_| ()),
    }
}
/// `uname(2)`: system, node, release, version, machine.
pub fn system_names() -> io::Result<[Vec<u8>; 5]> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut names: libc::utsname = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for the result.
    checked(unsafe { libc::uname(&raw mut names) })?;
    let text = |field: &[libc::c_char]| field.iter().take_while(|c| **c != 0).map(|c| *c as u8).collect();
    Ok([text(&names.sysname), text(&names.nodename), text(&names.release), text(&names.version), text(&names.machine)])
}
