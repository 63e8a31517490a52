//! The end of a program: its threads, `atexit` functions, then the standard streams.

use crate::sys::hooks::report_unraisable;
use python_objects::symbol::sym;
use python_objects::{Py, Value};
use std::cell::Cell;

#[derive(Default)]
struct Phase {
    finalizing: Cell<bool>,
}

/// Is the interpreter shutting down?
pub(crate) fn is_finalizing(py: Py<'_>) -> bool {
    py.state().data("shutdown", Phase::default).finalizing.get()
}

/// The end of a program: of the threads that it waits for, `atexit` functions, the standard streams, the finalizers of what is still alive, and what unclosed
/// files have buffered. False if a standard stream could not be flushed, which CPython ends with status 120 for.
pub fn finish(py: Py<'_>) -> bool {
    crate::threads::shutdown(py);
    if crate::exit_functions::run(py).is_err() {
        report_unraisable(py, Some("Exception ignored in atexit"), Value::NONE);
    }
    let flushed = flush_streams(py);
    py.state().data("shutdown", Phase::default).finalizing.set(true);
    py.ops().stop_others(py.0);
    let streams = crate::pending::finalize_all(py);
    if streams.is_err() {
        py.take_exception();
    }
    crate::io::flush_all(py, streams.ok().flatten());
    // Once is enough to be told of what is lost.
    flushed && flush_streams(py)
}

/// Writes out what programs have printed and written, without ending anything.
pub fn flush(py: Py<'_>) {
    flush_streams(py);
    crate::io::flush_all(py, None);
}

/// Flushes `sys.stdout` and `sys.stderr`; false if one could not be.
fn flush_streams(py: Py<'_>) -> bool {
    let mut flushed = true;
    for name in [sym::STDOUT, sym::STDERR] {
        let Some(file) = py.sys_item(name).filter(|f| *f != Value::NONE) else { continue };
        let closed = py.get_attribute_text(file, "closed").and_then(|closed| py.truth(closed));
        match closed {
            Ok(true) => continue,
            Ok(false) => {}
            // Whatever a program put there: it is asked to flush all the same.
            Err(_) => {
                py.take_exception();
            }
        }
        if py.call_method(file, sym::FLUSH, &[]).is_err() {
            flushed = false;
            if name == sym::STDOUT {
                report_unraisable(py, None, file);
            } else {
                // Nobody is left to be told.
                py.take_exception();
            }
        }
    }
    flushed
}
