//! `async_generator` (PEP 525). Its word `EXTRA` holds [`flag`]s, once there are any.

use super::{
    get_code, get_delegate, get_frame, get_name, get_qualname, get_suspended, repr, set_name, set_qualname, this,
};
use python_objects::generator::word;
use python_objects::kind::{class as builtin, shape};
use python_objects::native::Native;
use python_objects::py::root;
use python_objects::{Args, Object, Py, R, Value};

/// What is to be known of an asynchronous generator.
pub(super) mod flag {
    pub(in crate::generators) use python_objects::generator::STARTED;
    /// One of its awaitables runs.
    pub(in crate::generators) const RUNNING: i64 = 2;
    /// It ended, or is to.
    pub(in crate::generators) const CLOSED: i64 = 4;
}

static METHODS: &[Native] = &[
    Native::wrapper("__aiter__", "self, /", |_, a| Ok(a.at(0)), "Return an awaitable, that resolves in an iterator."),
    Native::wrapper("__anext__", "self, /", anext, "Return an awaitable for the next value."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::method("asend", "self, value, /", asend, "An awaitable that resumes it: its yield evaluates to value."),
    Native::method("athrow", "self, typ, val=None, tb=None, /", athrow, "An awaitable that raises an exception in it."),
    Native::method("aclose", "self, /", aclose, "An awaitable that raises GeneratorExit in it."),
    Native::class_method("__class_getitem__", "cls, item, /", class_getitem, "See PEP 585"),
    Native::getter("__name__", get_name, "name of the async generator"),
    Native::setter("__name__", set_name),
    Native::getter("__qualname__", get_qualname, "qualified name of the async generator"),
    Native::setter("__qualname__", set_qualname),
    Native::getter("ag_frame", get_frame, ""),
    Native::member("ag_running", get_running, ""),
    Native::getter("ag_suspended", get_suspended, ""),
    Native::getter("ag_code", get_code, ""),
    Native::getter("ag_await", get_delegate, "object being awaited on, or None"),
];

pub(super) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::ASYNC_GENERATOR), METHODS)
}

pub(super) fn has(g: Object, flags: i64) -> bool {
    let v = g.get(word::EXTRA);
    v.is_int() && v.as_int() & flags != 0
}

pub(super) fn change(py: Py<'_>, g: Object, set: i64, clear: i64) {
    let v = g.get(word::EXTRA);
    let old = if v.is_int() { v.as_int() } else { 0 };
    py.store(g, word::EXTRA, Value::int(old & !clear | set));
}

fn get_running(_: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(has(this(args), flag::RUNNING)))
}

/// Before the first of its awaitables is made, the event loop is told of it.
fn start(py: Py<'_>, g: Object) -> R<()> {
    if has(g, flag::STARTED) {
        return Ok(());
    }
    change(py, g, flag::STARTED, 0);
    let hook = py.root(root::ASYNC_FIRST_ITERATION);
    if !hook.is_empty() && hook != Value::NONE {
        py.call(hook, &[g.value()])?;
    }
    Ok(())
}

fn anext(py: Py<'_>, args: Args<'_>) -> R {
    start(py, this(args))?;
    Ok(py.new_object(shape::ASYNC_GENERATOR_ASEND, 4, &[args.at(0), Value::NONE])?.value())
}

fn asend(py: Py<'_>, args: Args<'_>) -> R {
    start(py, this(args))?;
    Ok(py.new_object(shape::ASYNC_GENERATOR_ASEND, 4, &[args.at(0), args.at(1)])?.value())
}

/// The arguments are looked at when it is awaited.
fn athrow(py: Py<'_>, args: Args<'_>) -> R {
    if args.opt(2).is_some() || args.opt(3).is_some() {
        super::warn_of_signature(py, "athrow")?;
    }
    start(py, this(args))?;
    let given = py.tuple_with(3, |i| args.opt(1 + i).unwrap_or(Value::EMPTY))?;
    Ok(py.new_object(shape::ASYNC_GENERATOR_ATHROW, 4, &[args.at(0), given])?.value())
}

fn aclose(py: Py<'_>, args: Args<'_>) -> R {
    start(py, this(args))?;
    Ok(py.new_object(shape::ASYNC_GENERATOR_ATHROW, 4, &[args.at(0), Value::EMPTY])?.value())
}

fn class_getitem(py: Py<'_>, args: Args<'_>) -> R {
    py.generic_alias(args.at(0), args.at(1))
}
