//! The system's log.

use std::ffi::{CStr, CString};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Whether the log is open, and the name that the C library has a pointer to: as the log itself, they are the process's.
static OPEN: Mutex<(bool, Option<CString>)> = Mutex::new((false, None));

fn open_state() -> MutexGuard<'static, (bool, Option<CString>)> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Was it opened and not closed?
pub fn is_open() -> bool {
    open_state().0
}
/// `openlog(3)`
pub fn open(name: Option<CString>, option: i32, facility: i32) {
    let mut state = open_state();
    let pointer = name.as_ref().map_or(std::ptr::null(), |name| name.as_ptr());
    // SAFETY: the name is kept until the log is closed or opened with another.
    unsafe { libc::openlog(pointer, option, facility) };
    *state = (true, name);
}
/// `syslog(3)`
pub fn write(priority: i32, message: &CStr) {
    // SAFETY: the format takes one text; both end with NUL.
    unsafe { libc::syslog(priority, c"%s".as_ptr(), message.as_ptr()) };
}
/// `closelog(3)`
pub fn close() {
    let mut state = open_state();
    if state.0 {
        // SAFETY: no memory is involved.
        unsafe { libc::closelog() };
        *state = (false, None);
    }
}
/// `setlogmask(3)`
pub fn set_mask(mask: i32) -> i32 {
    // SAFETY: no memory is involved.
    unsafe { libc::setlogmask(mask) }
}
