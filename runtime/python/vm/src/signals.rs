//! The signals of an interpreter: they come in as long as it is there.

use python_objects::Py;
use stdlib_system::signals::Inbox;

/// Where they come in; closed when the interpreter goes.
pub(crate) struct Signals(&'static Inbox);

impl Signals {
    /// Of the running thread, which is the main thread of the interpreter.
    pub(crate) fn open(py: Py<'_>) -> Signals {
        // SAFETY: only the address of a field of the thread's inline state is taken. The interpreter drops `Signals`, which
        // closes the inbox, before its thread.
        Signals(unsafe { Inbox::open(&raw mut (*py.0.fast).poll) })
    }
    /// Lets polls run handlers.
    ///
    /// # Errors
    /// The system refuses a handler.
    pub(crate) fn watch(&self, py: Py<'_>) -> std::io::Result<()> {
        stdlib_os::signal::install(py, self.0)
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.0.close();
    }
}
