//! `sys.settrace` and `sys.setprofile`: what debuggers, profilers and coverage tools begin with.

use super::audit;
use python_objects::py::root;
use python_objects::{Args, Native, Py, R, Value};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("settrace", "function, /", settrace, "Set the function that sees what this thread executes."),
    Native::function("gettrace", "", gettrace, "Return the function set by settrace(), or None."),
    Native::function("setprofile", "function, /", setprofile, "Set the function that sees this thread's calls."),
    Native::function("getprofile", "", getprofile, "Return the function set by setprofile(), or None."),
    Native::function("_settraceallthreads", "function, /", settrace_all, "Do what settrace() does, in all threads."),
    Native::function("_setprofileallthreads", "function, /", setprofile_all, "As setprofile(), in all threads."),
    Native::function(
        "call_tracing",
        "func, args, /",
        call_tracing,
        "Call func(*args) so that it is traced even where a trace function calls.",
    ),
];

fn set(py: Py<'_>, args: Args<'_>, which: u32, event: &str) -> R {
    audit::event(py, event, &[])?;
    py.set_tracer(which, args.at(0));
    Ok(Value::NONE)
}

fn set_all(py: Py<'_>, args: Args<'_>, which: u32, event: &str) -> R {
    audit::event(py, event, &[])?;
    let function = args.at(0);
    py.ops().each_thread(py.0, &mut |thread| Py(thread).set_tracer(which, function));
    Ok(Value::NONE)
}

fn settrace(py: Py<'_>, args: Args<'_>) -> R {
    set(py, args, root::TRACE, "sys.settrace")
}
fn gettrace(py: Py<'_>, _: Args<'_>) -> R {
    Ok(py.tracer(root::TRACE))
}
fn setprofile(py: Py<'_>, args: Args<'_>) -> R {
    set(py, args, root::PROFILE, "sys.setprofile")
}
fn getprofile(py: Py<'_>, _: Args<'_>) -> R {
    Ok(py.tracer(root::PROFILE))
}
fn settrace_all(py: Py<'_>, args: Args<'_>) -> R {
    set_all(py, args, root::TRACE, "sys.settrace")
}
fn setprofile_all(py: Py<'_>, args: Args<'_>) -> R {
    set_all(py, args, root::PROFILE, "sys.setprofile")
}

fn call_tracing(py: Py<'_>, args: Args<'_>) -> R {
    let Some(arguments) = py.as_tuple(args.at(1)) else {
        return py.type_error(&format!("call_tracing() argument 2 must be tuple, not {}", py.class_name(args.at(1))));
    };
    py.while_tracing(|| py.call_tuple(args.at(0), arguments, Value::EMPTY))
}
