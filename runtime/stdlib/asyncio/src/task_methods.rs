//! The methods and attributes that tasks have beside those of futures, or in another way.

use crate::future_methods::{get, set_truth, truth};
use crate::kept::{self, Thing};
use crate::task::{self, Options, TASK, this, word};
use python_objects::{Args, Exc, Native, Py, R, Value};

pub(crate) static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper(
        "__init__",
        "self, coro, /, *, loop=None, name=None, context=None, eager_start=False",
        init,
        "Initialize self.",
    ),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__del__", "self, /", del, ""),
    Native::method("set_result", "self, result, /", |py, _| refuse(py, "set_result"), ""),
    Native::method("set_exception", "self, exception, /", |py, _| refuse(py, "set_exception"), ""),
    Native::method("cancel", "self, /, msg=None", cancel, "Request that the task cancels itself."),
    Native::method("cancelling", "self, /", cancelling, "Return how many requests to cancel there are."),
    Native::method("uncancel", "self, /", uncancel, "Take a request to cancel back; return how many are left."),
    Native::method("get_stack", "self, /, *, limit=None", get_stack, "Return the frames of the coroutine."),
    Native::method(
        "print_stack",
        "self, /, *, limit=None, file=None",
        print_stack,
        "Print the frames of the coroutine.",
    ),
    Native::method("get_name", "self, /", |py, a| task::name(py, this(py, a.at(0))?), "Return the name."),
    Native::method("set_name", "self, value, /", set_name, "Set the name."),
    Native::method("get_coro", "self, /", |py, a| get(py, a, word::COROUTINE), "Return the coroutine."),
    Native::method("get_context", "self, /", |py, a| get(py, a, word::CONTEXT), "Return the context."),
    Native::getter("_log_destroy_pending", |py, a| truth(py, a, word::LOG_DESTROY), ""),
    Native::setter("_log_destroy_pending", |py, a| set_truth(py, a, word::LOG_DESTROY)),
    Native::getter("_must_cancel", |py, a| truth(py, a, word::MUST_CANCEL), ""),
    Native::getter("_coro", |py, a| get(py, a, word::COROUTINE), ""),
    Native::getter("_fut_waiter", |py, a| get(py, a, word::WAITER), ""),
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    task::class(py)?;
    Ok(py.new_native_of(args.at(0), &TASK)?.value())
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args.at(0))?;
    let eager = args.opt(5).map_or(Ok(false), |v| py.truth(v))?;
    let options = Options { l: args.some(2), name: args.some(3), context: args.some(4), eager };
    task::init(py, o, args.at(1), options)?;
    Ok(Value::NONE)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    py.call(kept::get(py, Thing::TaskRepr)?, &[args.at(0)])
}
fn del(py: Py<'_>, args: Args<'_>) -> R {
    task::finalize(py, this(py, args.at(0))?)?;
    Ok(Value::NONE)
}
fn refuse(py: Py<'_>, what: &str) -> R {
    py.err(Exc::RuntimeError, &format!("Task does not support {what} operation"))
}
fn cancel(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args.at(0))?;
    Ok(Value::bool(task::cancel(py, o, args.opt(1).unwrap_or(Value::NONE))?))
}
fn cancelling(py: Py<'_>, args: Args<'_>) -> R {
    py.int(task::number_of_cancels(this(py, args.at(0))?))
}
fn uncancel(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args.at(0))?;
    let left = (task::number_of_cancels(o) - 1).max(0);
    py.store(o, word::CANCELS, Value::int(left));
    Ok(Value::int(left))
}
fn get_stack(py: Py<'_>, args: Args<'_>) -> R {
    let limit = args.opt(1).unwrap_or(Value::NONE);
    py.call(kept::get(py, Thing::TaskGetStack)?, &[args.at(0), limit])
}
fn print_stack(py: Py<'_>, args: Args<'_>) -> R {
    let (limit, file) = (args.opt(1).unwrap_or(Value::NONE), args.opt(2).unwrap_or(Value::NONE));
    py.call(kept::get(py, Thing::TaskPrintStack)?, &[args.at(0), limit, file])
}
fn set_name(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args.at(0))?;
    let name = task::name_of(py, args.at(1))?;
    py.store(o, word::NAME, name);
    Ok(Value::NONE)
}
