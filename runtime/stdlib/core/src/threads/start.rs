//! Starting threads, and their ends.

use super::{enter, local, lock, threads};
use crate::sys::audit;
use python_objects::kind::Kind;
use python_objects::py::root;
use python_objects::{Args, Exc, Object, Py, R, Value};
use vm_api::engine::Thread;

pub(super) fn start_new_thread(py: Py<'_>, args: Args<'_>) -> R {
    let (function, positional) = (args.at(0), args.at(1));
    if !py.is_callable(function) {
        return py.type_error("first arg must be callable");
    }
    if py.as_tuple(positional).is_none() {
        return py.type_error("2nd arg must be a tuple");
    }
    let keywords = args.opt(2).unwrap_or(Value::EMPTY);
    if !keywords.is_empty() && py.kind(keywords) != Kind::DICT {
        return py.type_error("optional 3rd arg must be a dictionary");
    }
    let shown = if keywords.is_empty() { Value::NONE } else { keywords };
    audit::event(py, "_thread.start_new_thread", &[function, positional, shown])?;
    if crate::shutdown::is_finalizing(py) {
        return py.err(Exc::RuntimeError, "can't create new thread at interpreter shutdown");
    }
    let job = py.tuple(&[function, positional, shown])?;
    // What a thread needs before it can run anything that raises.
    let (running, memory_error) = (py.new_list(8)?, py.new_exception(Exc::MemoryError, &[])?);
    let frames = py.new_list(8)?;
    let started = py.ops().start_thread(
        py.0,
        threads(py).stack_size.get(),
        job,
        &mut |new| {
            new.set_root(root::REPR_STACK, running.value());
            new.set_root(root::FRAMES, frames.value());
            new.set_root(root::MEMORY_ERROR, memory_error.value());
        },
        run,
    );
    match started {
        Ok(number) => py.int_u64(number),
        Err(_) => py.err(Exc::RuntimeError, "can't start new thread"),
    }
}

/// What a new thread does.
fn run(thread: &Thread, job: Value) {
    let py = Py(thread);
    let job = Object::of(job);
    let (function, keywords) = (job.element(0), job.element(2));
    let keywords = if keywords == Value::NONE { Value::EMPTY } else { keywords };
    enter(py);
    let done = py.tuple_from(job.element(1)).and_then(|positional| py.call_tuple(function, positional, keywords));
    if done.is_err() {
        if py.is_instance(py.exception(), py.exception_class(Exc::SystemExit)) {
            py.take_exception();
        } else {
            crate::report_unraisable(py, Some("Exception ignored in thread started by"), function);
        }
    }
    local::forget(py);
    if let Some(sentinel) = Object::from_value(py.root(root::THREAD_SENTINEL)) {
        lock::open(py, sentinel);
    }
}

/// How many threads `start_new_thread` started that have not ended.
pub(super) fn count(py: Py<'_>, _: Args<'_>) -> R {
    let mut others = -1;
    // Threads without a number are the VM's own.
    py.ops().each_thread(py.0, &mut |t| others += i64::from(t.root(root::THREAD_IDENT).is_int()));
    py.int(others)
}

pub(super) fn stack_size(py: Py<'_>, args: Args<'_>) -> R {
    /// As many bytes no system does without.
    const LEAST: i64 = 32 << 10;
    let size = args.opt(0).map_or(Ok(0), |v| py.index_i64(v))?;
    if size < 0 {
        return py.value_error("size must be 0 or a positive value");
    }
    let before = threads(py).stack_size.get();
    if args.opt(0).is_some() {
        let usable = usize::try_from(size).ok().filter(|_| size == 0 || (LEAST..1 << 40).contains(&size));
        match usable {
            Some(size) => threads(py).stack_size.set(size),
            None => return py.value_error(&format!("size not valid: {size} bytes")),
        }
    }
    py.int_usize(before)
}

pub(super) fn set_sentinel(py: Py<'_>, args: Args<'_>) -> R {
    let sentinel = lock::allocate(py, args)?;
    py.set_root(root::THREAD_SENTINEL, sentinel);
    Ok(sentinel)
}
