//! Signals: from the system's handler to the next poll of the Python thread.
//!
//! A handler may run at any instruction of any thread. It sets two words: the signal's bit in the interpreter's state and the
//! poll word of the Python thread, which back-edges, calls and native loops read. What the signal means happens at that poll,
//! as in CPython, where handlers of signals run "between" bytecodes.
//!
//! Calls of the system that wait return when a handler ran, and their callers look for signals before they call again
//! (PEP 475). A signal that the system gave to another thread is sent on to the Python thread, whose call it is to end.
//!
//! Invariant: no handler touches the poll word once [`Signals`] has been dropped, so that the heap may go afterwards.

use python_objects::exception::Exc;
use python_objects::{Py, R};
use signal_hook::SigId;
use signal_hook::consts::SIGINT;
use std::ptr::null_mut;
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, Ordering::SeqCst};
use stdlib_system::SignalThread;

/// The handlers of an interpreter, which go with it.
pub(crate) struct Signals {
    target: Arc<Target>,
    registered: Option<SigId>,
}

/// What handlers write to.
struct Target {
    /// Bits of the signals that have come, by number.
    pending: Arc<AtomicU64>,
    /// The thread's poll word; null once the interpreter is going.
    poll: AtomicPtr<AtomicU32>,
    /// The Python thread.
    thread: SignalThread,
    /// Handlers that are running now and may be about to write to `poll`.
    running: AtomicUsize,
}

impl Target {
    /// A signal came. Async-signal-safe: atomic operations and `pthread_kill`.
    fn post(&self, signal: i32) {
        self.running.fetch_add(1, SeqCst);
        let poll = self.poll.load(SeqCst);
        if poll.is_null() {
            // The interpreter is going.
        } else if self.thread == SignalThread::current() {
            self.pending.fetch_or(1 << signal, SeqCst);
            // SAFETY: the word lives until `Signals` has been dropped, which waits for `running` to become 0 after it has made
            // the pointer null. It is aligned for an atomic of its size; the thread itself reads and writes it as volatile.
            unsafe { (*poll).store(1, SeqCst) };
        } else {
            // It counts once: where it comes to the right thread.
            // SAFETY: the Python thread waits in `drop` as long as this handler runs.
            unsafe { self.thread.send(signal) };
        }
        self.running.fetch_sub(1, SeqCst);
    }
}

/// Lets polls look for signals. After the modules have been installed, whose own work at polls stays.
pub(crate) fn watch(py: Py<'_>) {
    py.state().poll.set(at_poll);
}

impl Signals {
    /// Handles SIGINT, unless the process was started with it ignored (as jobs in the background of a shell are).
    ///
    /// # Errors
    /// The system refuses the handler.
    pub(crate) fn install(py: Py<'_>) -> std::io::Result<Signals> {
        // SAFETY: only the address of a field of the thread's inline state is taken.
        let poll = unsafe { &raw mut (*py.0.fast).poll };
        let target = Arc::new(Target {
            pending: py.state().signals.clone(),
            poll: AtomicPtr::new(poll.cast()),
            thread: SignalThread::current(),
            running: AtomicUsize::new(0),
        });
        let mut signals = Signals { target: target.clone(), registered: None };
        if !stdlib_system::is_ignored(SIGINT) {
            // SAFETY: `post` is async-signal-safe; it neither allocates nor locks nor panics.
            signals.registered =
                Some(unsafe { signal_hook::low_level::register(SIGINT, move || target.post(SIGINT)) }?);
            stdlib_system::interrupt_calls(SIGINT)?;
        }
        Ok(signals)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.target.poll.store(null_mut(), SeqCst);
        if let Some(id) = self.registered {
            signal_hook::low_level::unregister(id);
        }
        // A handler on another thread is at most a few instructions long; one on this thread has ended.
        while self.target.running.load(SeqCst) != 0 {
            std::thread::yield_now();
        }
    }
}

/// The poll word was set: raises for signals that have come, after what the modules do at a poll.
fn at_poll(py: Py<'_>) -> R<()> {
    stdlib_core::pending::poll(py)?;
    let came = py.state().signals.swap(0, SeqCst);
    if came & 1 << SIGINT != 0 {
        let e = py.new_exception(Exc::KeyboardInterrupt, &[])?;
        return Err(py.throw(e));
    }
    Ok(())
}
