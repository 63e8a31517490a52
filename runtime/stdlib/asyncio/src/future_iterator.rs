//! `FutureIter`: what a future gives an `await`. It yields the future while that is pending, then ends with its result.

use crate::future::{self, is_pending, this, word};
use python_builtins::generators;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value};

static ITERATOR: TypeSpec = TypeSpec::values("_asyncio", "FutureIter", 1, METHODS, "");
/// The future; EMPTY at the end.
const FUTURE: usize = 1;

static METHODS: &[Native] = &[
    Native::wrapper("__iter__", "self, /", |_, a| Ok(a.at(0)), "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
    Native::method("send", "self, value, /", next, "As next: what is sent is not used."),
    Native::method("throw", "self, typ, val=None, tb=None, /", throw, "End with an exception."),
    Native::method("close", "self, /", close, "End."),
];

/// `__iter__` and `__await__` of futures.
pub(crate) fn iterate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args.at(0))?;
    future::loop_of(py, o)?;
    let i = py.new_native(&ITERATOR)?;
    i.init(FUTURE, o.value());
    Ok(i.value())
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let i = py.native_self(args.at(0), &ITERATOR)?;
    let Some(o) = Object::from_value(i.get(FUTURE)) else { return Err(py.stop_iteration(Value::NONE)) };
    if is_pending(o) {
        if o.get(word::BLOCKING) == Value::TRUE {
            return py.err(Exc::RuntimeError, "await wasn't used with future");
        }
        py.store(o, word::BLOCKING, Value::TRUE);
        return Ok(o.value());
    }
    py.store(i, FUTURE, Value::EMPTY);
    let v = future::result(py, o)?;
    Err(py.stop_iteration(v))
}
fn throw(py: Py<'_>, args: Args<'_>) -> R {
    let i = py.native_self(args.at(0), &ITERATOR)?;
    let e = generators::thrown(py, args)?;
    py.store(i, FUTURE, Value::EMPTY);
    Err(py.throw(e))
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let i = py.native_self(args.at(0), &ITERATOR)?;
    py.store(i, FUTURE, Value::EMPTY);
    Ok(Value::NONE)
}
