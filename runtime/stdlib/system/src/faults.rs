//! Faults of the process: a handler that says which it was before the process ends as it would have.
//!
//! The handler runs where anything may be half done. So it only writes a constant text to a descriptor, puts back what was
//! there before it and sends the signal again. What belongs to the process is static here.

use crate::checked;
use std::io;
use std::ptr::null_mut;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI32, Ordering::SeqCst};

/// The faults with what is written of them.
const FAULTS: [(i32, &str); 5] = [
    (libc::SIGBUS, "Fatal Python error: Bus error\n\n"),
    (libc::SIGILL, "Fatal Python error: Illegal instruction\n\n"),
    (libc::SIGFPE, "Fatal Python error: Floating point exception\n\n"),
    (libc::SIGABRT, "Fatal Python error: Aborted\n\n"),
    (libc::SIGSEGV, "Fatal Python error: Segmentation fault\n\n"),
];

/// Where it is written; -1: there is no handler.
static DESCRIPTOR: AtomicI32 = AtomicI32::new(-1);

/// What was there before the handler, by fault; as long as it is there.
static BEFORE: Mutex<Option<[libc::sigaction; FAULTS.len()]>> = Mutex::new(None);

/// Async-signal-safe: `write`, `sigaction`, `raise`.
extern "C" fn handler(signal: libc::c_int) {
    let fd = DESCRIPTOR.load(SeqCst);
    if let Some((_, text)) = FAULTS.iter().find(|(fault, _)| *fault == signal) {
        // SAFETY: the text is constant. If it cannot be written there is nobody to tell.
        unsafe { libc::write(fd, text.as_ptr().cast(), text.len()) };
    }
    // SAFETY: all zeros is a value of this plain struct, and means the default.
    let default: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: both calls may be made in a handler; the signal is blocked until it returns, and then ends the process.
    unsafe {
        libc::sigaction(signal, &raw const default, std::ptr::null_mut());
        libc::raise(signal);
    }
}

/// Gives this thread a stack for handlers, unless it has one: where the thread's own is used up, they run there. The system
/// keeps it for as long as the thread runs.
fn have_stack() -> io::Result<()> {
    // SAFETY: all zeros is a value of this plain struct.
    let mut there: libc::stack_t = unsafe { std::mem::zeroed() };
    // SAFETY: there is room for what is there.
    checked(unsafe { libc::sigaltstack(std::ptr::null(), &raw mut there) })?;
    if there.ss_flags & libc::SS_DISABLE == 0 {
        return Ok(());
    }
    let bytes = 2 * libc::SIGSTKSZ;
    let stack = Vec::leak(vec![0_u8; bytes]);
    let ours = libc::stack_t { ss_sp: stack.as_mut_ptr().cast(), ss_flags: 0, ss_size: bytes };
    // SAFETY: the memory is nobody else's, for ever.
    checked(unsafe { libc::sigaltstack(&raw const ours, null_mut()) }).map(|_| ())
}

/// From now on faults are told to this descriptor.
///
/// # Errors
/// The system refuses a handler, or the stack for it.
pub fn enable(fd: i32) -> io::Result<()> {
    let mut before = BEFORE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    DESCRIPTOR.store(fd, SeqCst);
    if before.is_some() {
        return Ok(());
    }
    have_stack()?;
    // SAFETY: all zeros is a value of this plain struct.
    let (mut ours, mut old): (libc::sigaction, [libc::sigaction; FAULTS.len()]) = unsafe { std::mem::zeroed() };
    ours.sa_sigaction = handler as extern "C" fn(libc::c_int) as libc::sighandler_t;
    ours.sa_flags = libc::SA_ONSTACK;
    for ((signal, _), old) in FAULTS.iter().zip(&mut old) {
        // SAFETY: the handler is async-signal-safe; there is room for what was there.
        checked(unsafe { libc::sigaction(*signal, &raw const ours, &raw mut *old) })?;
    }
    *before = Some(old);
    Ok(())
}

/// Faults are no longer told. Were they?
pub fn disable() -> bool {
    let Some(before) = BEFORE.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take() else { return false };
    for ((signal, _), before) in FAULTS.iter().zip(&before) {
        // SAFETY: that is what the system gave us.
        unsafe { libc::sigaction(*signal, &raw const *before, std::ptr::null_mut()) };
    }
    DESCRIPTOR.store(-1, SeqCst);
    true
}

/// Are they told?
pub fn is_enabled() -> bool {
    BEFORE.lock().unwrap_or_else(std::sync::PoisonError::into_inner).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The stack for handlers of this thread, after it was replaced by `new`.
    fn replaced(new: Option<libc::stack_t>) -> libc::stack_t {
        // SAFETY: all zeros is a value of this plain struct.
        let mut there: libc::stack_t = unsafe { std::mem::zeroed() };
        let new = new.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
        // SAFETY: there is room for what is there; what is new is none at all.
        assert_eq!(unsafe { libc::sigaltstack(new, &raw mut there) }, 0);
        there
    }

    #[test]
    fn a_thread_that_enables_has_a_stack_for_handlers() {
        let test = || {
            let none = libc::stack_t { ss_sp: null_mut(), ss_flags: libc::SS_DISABLE, ss_size: 0 };
            let given = replaced(Some(none));
            assert_ne!(replaced(None).ss_flags & libc::SS_DISABLE, 0);
            have_stack().expect("it is given");
            let first = replaced(None);
            assert_eq!(first.ss_flags & libc::SS_DISABLE, 0);
            have_stack().expect("it is there");
            assert_eq!(replaced(Some(given)).ss_sp, first.ss_sp);
        };
        std::thread::spawn(test).join().expect("the test holds");
    }
}
