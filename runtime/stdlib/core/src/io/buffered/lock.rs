//! The lock of a buffered stream: while one thread is at its buffers others wait, and what the raw stream or a signal's handler
//! calls may not come back to them.

use super::LOCK;
use crate::threads;
use python_objects::{Exc, Object, Py, R, Value};

/// Does something that no other call of the stream may meet halfway. RuntimeError in such a call.
pub(super) fn locked<T>(py: Py<'_>, o: Object, work: impl FnOnce() -> R<T>) -> R<T> {
    let this_thread = threads::ident();
    if o.get(LOCK) == this_thread {
        let shown = py.repr_text(o.value())?;
        return py.err(Exc::RuntimeError, &format!("reentrant call inside {shown}"));
    }
    let take = || {
        let free = is_free(py, o);
        if free {
            py.store(o, LOCK, this_thread);
        }
        free
    };
    if !take() {
        threads::wait_for(py, o, take)?;
    }
    let done = work();
    py.store(o, LOCK, Value::EMPTY);
    threads::changed(py, o);
    done
}

/// A thread that was lost by a fork, or that does not go on because the program ends, holds nothing.
fn is_free(py: Py<'_>, o: Object) -> bool {
    let owner = o.get(LOCK);
    owner.is_empty() || crate::shutdown::is_finalizing(py) || !threads::is_alive(py, owner)
}
