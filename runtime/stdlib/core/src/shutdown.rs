//! The end of a program: `atexit` functions, then the standard streams.

use python_objects::symbol::sym;
use python_objects::{Py, R, Value};
use std::cell::Cell;

#[derive(Default)]
struct Phase {
    finalizing: Cell<bool>,
}

/// Is the interpreter shutting down?
pub(crate) fn is_finalizing(py: Py<'_>) -> bool {
    py.state().data("shutdown", Phase::default).finalizing.get()
}

/// Flushes `sys.stdout` and `sys.stderr`. An error of the first is the caller's to report: CPython's exit status is then 120.
pub fn flush_streams(py: Py<'_>) -> R<()> {
    let mut result = Ok(());
    for name in [sym::STDOUT, sym::STDERR] {
        let Some(file) = py.sys_item(name).filter(|f| *f != Value::NONE) else { continue };
        let closed = match py.get_attribute_text(file, "closed").and_then(|closed| py.truth(closed)) {
            Ok(closed) => closed,
            Err(_) => {
                py.take_exception();
                false
            }
        };
        if closed {
            continue;
        }
        if let Err(stop) = py.call_method(file, sym::FLUSH, &[]) {
            if name == sym::STDERR {
                py.take_exception();
            } else {
                // Reported now: the next flush must not find it pending.
                py.unraisable("<_io.TextIOWrapper name='<stdout>' mode='w' encoding='utf-8'>");
                result = Err(stop);
            }
        }
    }
    result
}

/// Marks the beginning of the end.
pub(crate) fn begin(py: Py<'_>) {
    py.state().data("shutdown", Phase::default).finalizing.set(true);
}
