//! Threads of the VM's own, which the program does not know: they take no signal of its.

use std::io;

/// Calls `f` with all signals blocked; threads that it starts keep them so.
///
/// # Errors
/// What the system says; `f` may have been called.
#[cfg(unix)]
pub fn without_signals<T>(f: impl FnOnce() -> T) -> io::Result<T> {
    let change = |how, set: &libc::sigset_t| {
        // SAFETY: both sets are valid, the second one is written before it is looked at.
        unsafe {
            let mut before = std::mem::zeroed();
            match libc::pthread_sigmask(how, set, &mut before) {
                0 => Ok(before),
                error => Err(io::Error::from_raw_os_error(error)),
            }
        }
    };
    // SAFETY: the set is filled before it is used.
    let all = unsafe {
        let mut all = std::mem::zeroed();
        libc::sigfillset(&mut all);
        all
    };
    let before = change(libc::SIG_BLOCK, &all)?;
    let result = f();
    change(libc::SIG_SETMASK, &before)?;
    Ok(result)
}

/// Where there are no signals.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn without_signals<T>(f: impl FnOnce() -> T) -> io::Result<T> {
    Ok(f())
}
