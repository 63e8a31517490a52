//! What becomes of generators that nobody can reach any more and that have not ended: they are closed, coroutines that were
//! never awaited are told of, asynchronous generators are handed to the event loop's hook.

use crate::sys::hooks::report_unraisable;
use python_builtins::warnings;
use python_objects::generator::{self, STARTED, state, word};
use python_objects::py::root;
use python_objects::{Exc, Kind, Object, Py, R, Value};

/// The finalizer of a generator of any kind.
pub(crate) fn finalize(py: Py<'_>, g: Object) {
    let (kind, state) = (py.object_kind(g), generator::state_of(g));
    if state == state::FINISHED || state == state::RUNNING {
        return;
    }
    let done = match kind {
        Kind::COROUTINE if state == state::CREATED => never_awaited(py, g),
        Kind::ASYNC_GENERATOR => match hook(py, g) {
            Some(hook) => py.call(hook, &[g.value()]),
            None => py.close_generator(g),
        },
        _ => py.close_generator(g),
    };
    if done.is_err() {
        report_unraisable(py, None, g.value());
    }
}

/// The hook for asynchronous generators that were iterated over.
fn hook(py: Py<'_>, g: Object) -> Option<Value> {
    let flags = g.get(word::EXTRA);
    let hook = py.root(root::ASYNC_FINALIZER);
    (flags.is_int() && flags.as_int() & STARTED != 0 && !hook.is_empty() && hook != Value::NONE).then_some(hook)
}

/// Warns of a coroutine by the function of `warnings` that is for this; by an ordinary warning where that does not work.
fn never_awaited(py: Py<'_>, g: Object) -> R {
    let warned = (|| {
        let module = crate::import::import_name(py, "warnings")?;
        match py.module_item(module, "_warn_unawaited_coroutine")? {
            Some(warn) => py.call(warn, &[g.value()]).map(|_| true),
            None => Ok(false),
        }
    })();
    match warned {
        Ok(true) => return Ok(Value::NONE),
        Ok(false) => {}
        Err(_) => {
            let e = py.take_exception();
            let raised = py.is_instance(e, py.exception_class(Exc::RuntimeWarning));
            py.raise(e);
            report_unraisable(py, None, g.value());
            if raised {
                return Ok(Value::NONE);
            }
        }
    }
    let name = py.str_text(g.get(word::QUALNAME))?;
    warnings::warn(py, Exc::RuntimeWarning, &format!("coroutine '{name}' was never awaited"), 1)?;
    Ok(Value::NONE)
}
