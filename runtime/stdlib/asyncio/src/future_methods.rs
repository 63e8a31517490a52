//! The methods and attributes of futures. Those that tasks do not change are theirs as well, by inheritance.

use crate::future::{self, Outcome, field, is_pending, loop_of, state, this, word};
use crate::future_iterator;
use crate::kept::{self, Thing};
use python_objects::{Args, Exc, Native, Object, Py, R, Value, list};

pub(crate) static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__init__", "self, /, *, loop=None", init, "Initialize self."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__iter__", "self, /", future_iterator::iterate, "Implement iter(self)."),
    Native::wrapper("__await__", "self, /", future_iterator::iterate, "Return an iterator for an await."),
    Native::wrapper("__del__", "self, /", del, ""),
    Native::method("result", "self, /", |py, a| future::result(py, this(py, a.at(0))?), "Return the result."),
    Native::method("exception", "self, /", exception, "Return the exception, or None."),
    Native::method("set_result", "self, result, /", set_result, "Mark the future as done, with a result."),
    Native::method("set_exception", "self, exception, /", set_exception, "Mark the future as done, with an exception."),
    Native::method(
        "add_done_callback",
        "self, fn, /, *, context=None",
        add_done_callback,
        "Add a function that is called with the future when it is done.",
    ),
    Native::method(
        "remove_done_callback",
        "self, fn, /",
        |py, a| py.int_usize(future::remove_callback(py, this(py, a.at(0))?, a.at(1))?),
        "Remove a callback wherever it was added, and return how often.",
    ),
    Native::method("cancel", "self, /, msg=None", cancel, "Cancel the future and schedule callbacks."),
    Native::method(
        "cancelled",
        "self, /",
        |py, a| Ok(Value::bool(this(py, a.at(0))?.get(word::STATE) == state::CANCELLED)),
        "Was the future cancelled?",
    ),
    Native::method(
        "done",
        "self, /",
        |py, a| {
            let o = this(py, a.at(0))?;
            Ok(Value::bool(!o.get(word::LOOP).is_empty() && !is_pending(o)))
        },
        "Is the future done? It is if it was cancelled, too.",
    ),
    Native::method("get_loop", "self, /", |py, a| loop_of(py, this(py, a.at(0))?), "Return the loop."),
    Native::method(
        "_make_cancelled_error",
        "self, /",
        |py, a| future::cancelled_error(py, this(py, a.at(0))?).map(Object::value),
        "Make the CancelledError of a cancelled future. It is made once, so that no cycle stays.",
    ),
    Native::class_method(
        "__class_getitem__",
        "cls, item, /",
        |py, a| py.generic_alias(a.at(0), a.at(1)),
        "See PEP 585",
    ),
    Native::getter("_state", state_name, ""),
    Native::getter("_asyncio_future_blocking", |py, a| truth(py, a, word::BLOCKING), ""),
    Native::setter("_asyncio_future_blocking", set_blocking),
    Native::getter("_loop", |py, a| get(py, a, word::LOOP), ""),
    Native::getter("_callbacks", callbacks, ""),
    Native::getter("_result", |py, a| get_alive(py, a, word::RESULT), ""),
    Native::getter("_exception", |py, a| get_alive(py, a, word::EXCEPTION), ""),
    Native::getter("_log_traceback", |py, a| Ok(Value::bool(get_alive(py, a, word::UNSEEN)? == Value::TRUE)), ""),
    Native::setter("_log_traceback", set_log_traceback),
    Native::getter("_source_traceback", |py, a| get(py, a, word::SOURCE), ""),
    Native::getter("_cancel_message", |py, a| get(py, a, word::CANCEL_MESSAGE), ""),
    Native::setter("_cancel_message", set_cancel_message),
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.new_native_of(args.at(0), &future::FUTURE)?.value())
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    future::init(py, this(py, args.at(0))?, args.some(1))?;
    Ok(Value::NONE)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    loop_of(py, this(py, args.at(0))?)?;
    py.call(kept::get(py, Thing::FutureRepr)?, &[args.at(0)])
}
fn del(py: Py<'_>, args: Args<'_>) -> R {
    future::finalize(py, this(py, args.at(0))?)?;
    Ok(Value::NONE)
}
fn exception(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args.at(0))?;
    Ok(match future::outcome(py, o, "Exception is not set.")? {
        Outcome::Result(_) => Value::NONE,
        Outcome::Exception(e) => e.value(),
    })
}
fn set_result(py: Py<'_>, args: Args<'_>) -> R {
    future::set_result(py, this(py, args.at(0))?, args.at(1))?;
    Ok(Value::NONE)
}
fn set_exception(py: Py<'_>, args: Args<'_>) -> R {
    future::set_exception(py, this(py, args.at(0))?, args.at(1))?;
    Ok(Value::NONE)
}
fn add_done_callback(py: Py<'_>, args: Args<'_>) -> R {
    future::add_callback(py, this(py, args.at(0))?, args.at(1), args.opt(2))?;
    Ok(Value::NONE)
}
fn cancel(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args.at(0))?;
    loop_of(py, o)?;
    Ok(Value::bool(future::cancel(py, o, args.opt(1).unwrap_or(Value::NONE))?))
}

/// A field, or None.
pub(crate) fn get(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(field(this(py, args.at(0))?, word))
}
/// The same of a future that was initialized: RuntimeError if it was not.
fn get_alive(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    let o = this(py, args.at(0))?;
    loop_of(py, o)?;
    Ok(field(o, word))
}
/// A field that is a truth value.
pub(crate) fn truth(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(Value::bool(get(py, args, word)? == Value::TRUE))
}
fn set_blocking(py: Py<'_>, args: Args<'_>) -> R {
    loop_of(py, this(py, args.at(0))?)?;
    set_truth(py, args, word::BLOCKING)
}
fn cannot_delete(py: Py<'_>) -> R {
    py.err(Exc::AttributeError, "cannot delete attribute")
}
/// Sets a field to the truth of a value.
pub(crate) fn set_truth(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    let o = this(py, args.at(0))?;
    if args.at(1).is_empty() {
        return cannot_delete(py);
    }
    let truth = py.truth(args.at(1))?;
    py.store(o, word, Value::bool(truth));
    Ok(Value::NONE)
}
fn set_log_traceback(py: Py<'_>, args: Args<'_>) -> R {
    if args.at(1).is_empty() {
        return cannot_delete(py);
    }
    if py.truth(args.at(1))? {
        return py.value_error("_log_traceback can only be set to False");
    }
    future::seen(py, this(py, args.at(0))?);
    Ok(Value::NONE)
}
fn set_cancel_message(py: Py<'_>, args: Args<'_>) -> R {
    if args.at(1).is_empty() {
        return cannot_delete(py);
    }
    py.store(this(py, args.at(0))?, word::CANCEL_MESSAGE, args.at(1));
    Ok(Value::NONE)
}
fn state_name(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args.at(0))?;
    loop_of(py, o)?;
    py.str(match o.get(word::STATE) {
        state::CANCELLED => "CANCELLED",
        state::FINISHED => "FINISHED",
        _ => "PENDING",
    })
}
/// Pairs of callback and context, or None.
fn callbacks(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args.at(0))?;
    loop_of(py, o)?;
    let (first, others) = (o.get(word::CALLBACK), Object::from_value(o.get(word::CALLBACKS)));
    if first.is_empty() && others.is_none() {
        return Ok(Value::NONE);
    }
    let all = py.new_list(2)?;
    if !first.is_empty() {
        let pair = py.tuple(&[first, o.get(word::CALLBACK_CONTEXT)])?;
        py.list_push(all, pair)?;
    }
    let mut i = 0;
    while let Some(pair) = others.and_then(|others| list::get(others, i)) {
        py.list_push(all, pair)?;
        i += 1;
    }
    Ok(all.value())
}
