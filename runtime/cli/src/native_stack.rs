//! The thread that a VM runs on: one with a native stack of our own size.
//!
//! The system maps the stack without committing it and puts an inaccessible guard page below it. Native recursion is
//! limited by address ([`NativeStack::limit`]), not by counting, and the limit stands far above the guard page.

use std::hint::black_box;
use std::io;
use std::thread;
use stdlib_system::signals::{self, SignalSet};

/// The name of the thread, in panic messages and debuggers.
pub(crate) use runtime_core::THREAD_NAME;

/// Bytes of the native stack.
const STACK_BYTES: usize = 512 << 20;

/// Bytes below the limit: for native code that does not check it.
const RESERVE_BYTES: usize = 8 << 20;

/// The part of the native stack that a VM may use.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NativeStack {
    /// The highest address that may hold values; collectors scan from here down.
    pub(crate) base: u64,
    /// The lowest address at which a nested activation may begin.
    pub(crate) limit: u64,
}

/// Runs `f` on a fresh thread with a big stack and waits for it. The inner error is the payload of a panic.
///
/// Signals of the process come to that thread, as if it were the only one: the waiting thread blocks them.
///
/// # Errors
/// The thread could not be started.
pub(crate) fn run_on_vm_thread<T: Send + 'static>(
    f: impl FnOnce(NativeStack) -> T + Send + 'static,
) -> io::Result<thread::Result<T>> {
    let mask = signals::change_mask(signals::mask::BLOCK, SignalSet::all())?;
    let body = move || {
        signals::change_mask(signals::mask::SET, mask).expect("a set that was there is accepted");
        // Everything that `f` holds lies below this word, since `enter` is not inlined here.
        let anchor = 0u64;
        let base = black_box(&raw const anchor) as u64;
        enter(f, NativeStack { base, limit: base - (STACK_BYTES - RESERVE_BYTES) as u64 })
    };
    let thread = thread::Builder::new().name(THREAD_NAME.to_owned()).stack_size(STACK_BYTES).spawn(body);
    let outcome = thread.map(thread::JoinHandle::join);
    signals::change_mask(signals::mask::SET, mask)?;
    outcome
}

#[inline(never)]
fn enter<T>(f: impl FnOnce(NativeStack) -> T, stack: NativeStack) -> T {
    black_box(f(stack))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descend(limit: u64, depth: u64) -> u64 {
        let here = black_box([depth; 64]);
        if (here.as_ptr() as u64) < limit { here[63] } else { descend(limit, depth + 1) + u64::from(here[0] == 0) }
    }

    #[test]
    fn recursion_down_to_the_limit_stays_inside_the_stack() {
        let depth = run_on_vm_thread(|stack| {
            let here = 0u8;
            assert!((&raw const here as u64) < stack.base);
            descend(stack.limit, 0)
        });
        let depth = depth.expect("a thread starts").expect("no panic");
        assert!(depth > 10_000, "{depth}");
    }

    #[test]
    fn a_panic_is_handed_over() {
        let payload = run_on_vm_thread(|_| panic!("as intended")).expect("a thread starts").expect_err("panics");
        assert_eq!(payload.downcast_ref::<&str>(), Some(&"as intended"));
    }
}
