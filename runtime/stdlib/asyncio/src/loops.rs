//! The loop that runs in a thread, and calls of loops.

use crate::kept::{self, Thing, data};
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value};

pub(crate) static FUNCTIONS: &[Native] = &[
    Native::function(
        "get_running_loop",
        "",
        |py, _| match running(py) {
            Some(v) => Ok(v),
            None => py.err(Exc::RuntimeError, "no running event loop"),
        },
        "Return the running event loop of this thread; RuntimeError if there is none.",
    ),
    Native::function(
        "_get_running_loop",
        "",
        |py, _| Ok(running(py).unwrap_or(Value::NONE)),
        "Return the running event loop of this thread, or None.",
    ),
    Native::function(
        "_set_running_loop",
        "loop, /",
        |py, args| {
            py.set_root(root::RUNNING_LOOP, args.at(0));
            py.set_root(root::RUNNING_LOOP_PROCESS, Value::int(i64::from(std::process::id())));
            Ok(Value::NONE)
        },
        "Set the running event loop of this thread. For loops.",
    ),
    Native::function(
        "get_event_loop",
        "",
        |py, _| current(py),
        "Return the running event loop, or the one that the policy has for this thread.",
    ),
];

/// The loop that runs in this thread. One that a process had when it was forked does not run in the child.
pub(crate) fn running(py: Py<'_>) -> Option<Value> {
    let v = py.root(root::RUNNING_LOOP);
    let here = Value::int(i64::from(std::process::id()));
    (!v.is_empty() && v != Value::NONE && py.root(root::RUNNING_LOOP_PROCESS) == here).then_some(v)
}

/// The running loop, or the policy's.
pub(crate) fn current(py: Py<'_>) -> R {
    if let Some(v) = running(py) {
        return Ok(v);
    }
    let policy = py.call(kept::get(py, Thing::GetEventLoopPolicy)?, &[])?;
    let name = py.intern("get_event_loop")?;
    py.call_method(policy, name, &[])
}

/// `v.name(*args, key=…)`, where the last argument is the keyword's, whose name `names` holds. No bound method is made where
/// the class has a function.
pub(crate) fn call_with_keyword(py: Py<'_>, v: Value, name: python_objects::Symbol, args: &[Value], names: Thing) -> R {
    let names = kept::get(py, names)?;
    let class = py.class_of(v);
    if let Some(found) = py.lookup(class, name)
        && py.kind(found) == Kind::FUNCTION
        && py.lookup(class, sym::GETATTRIBUTE).is_none_or(|g| py.kind(g) == Kind::WRAPPER_DESCRIPTOR)
        && py.kind(v) != Kind::TYPE
        && let Some(o) = Object::from_value(v)
        && py.own_attribute(o, name)?.is_none()
    {
        return py.with_prepended(v, Args::of(args), |py, all| py.call_vector(found, all, names));
    }
    let f = py.get_attribute(v, name)?;
    py.call_vector(f, Args::of(args), names)
}

/// `loop.call_soon(callback, argument, context=context)`
pub(crate) fn call_soon(py: Py<'_>, l: Value, callback: Value, argument: Option<Value>, context: Value) -> R<()> {
    let name = data(py)?.call_soon;
    match argument {
        Some(argument) => {
            call_with_keyword(py, l, name, &[callback, argument, context], Thing::ContextKeyword)?;
        }
        None => {
            call_with_keyword(py, l, name, &[callback, context], Thing::ContextKeyword)?;
        }
    }
    Ok(())
}

/// `loop.call_exception_handler(context)` from a finalizer. What it raises is told to `sys.unraisablehook`.
pub(crate) fn report(py: Py<'_>, l: Value, source: Value, context: &[(&str, Value)]) -> R<()> {
    let d = py.new_dict()?;
    for (name, v) in context {
        py.dict_set_text(d, name, *v)?;
    }
    let name = py.intern("call_exception_handler")?;
    let f = py.get_attribute(l, name)?;
    if py.call(f, &[d.value()]).is_err() {
        stdlib_core::report_unraisable(py, None, source);
    }
    Ok(())
}
