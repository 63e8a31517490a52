//! Waiting to be woken by another thread, which a handled signal ends too. (The standard library's parking goes on after one.)

use std::ptr::null;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

/// Where one thread waits until another wakes it. What is waited for is for the two to know.
#[derive(Default)]
pub struct Parker(AtomicU32);

impl Parker {
    /// Waits until it has been woken, for at most so long, or until a signal is handled.
    pub fn wait(&self, time: Option<Duration>) {
        if self.is_woken() {
            return;
        }
        let time = time.map(|time| libc::timespec {
            tv_sec: libc::time_t::try_from(time.as_secs()).unwrap_or(libc::time_t::MAX),
            tv_nsec: time.subsec_nanos().into(),
        });
        let time = time.as_ref().map_or(null(), std::ptr::from_ref);
        // SAFETY: word and time live during the call. Whatever ends it, the caller looks at the word.
        unsafe {
            libc::syscall(libc::SYS_futex, self.0.as_ptr(), libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG, 0, time)
        };
    }
    /// Wakes the thread that waits, or will.
    pub fn wake(&self) {
        self.0.store(1, SeqCst);
        // SAFETY: the word lives during the call.
        unsafe { libc::syscall(libc::SYS_futex, self.0.as_ptr(), libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG, 1) };
    }
    /// Has it been woken?
    pub fn is_woken(&self) -> bool {
        self.0.load(SeqCst) != 0
    }
    /// Waits again from now on.
    pub fn rearm(&self) {
        self.0.store(0, SeqCst);
    }
}

/// The number that the kernel gives the running thread.
pub fn native_thread_number() -> u32 {
    // SAFETY: it only tells.
    unsafe { libc::gettid() as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::time::Instant;

    #[test]
    fn a_thread_waits_until_it_is_woken() {
        let parker = Arc::new(Parker::default());
        let other = parker.clone();
        let thread = std::thread::spawn(move || {
            while !other.is_woken() {
                other.wait(None);
            }
        });
        std::thread::sleep(Duration::from_millis(10));
        assert!(!thread.is_finished());
        parker.wake();
        thread.join().expect("no panic");
    }

    #[test]
    fn waiting_ends_when_its_time_is_over() {
        let (parker, start, time) = (Parker::default(), Instant::now(), Duration::from_millis(20));
        while start.elapsed() < time {
            parker.wait(Some(time));
        }
        assert!(!parker.is_woken());
        parker.wake();
        parker.wait(None);
    }
}
