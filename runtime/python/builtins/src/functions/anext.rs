//! `anext`, with the awaitable that answers a default where the asynchronous iterator has ended.

use crate::functions::iteration;
use python_compile::opcodes::flag;
use python_objects::function;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, TypeSpec, Value};

// Words: the awaitable of `__anext__`, the default, the awaitable's iterator once it was asked for.
const AWAITABLE: usize = 1;
const DEFAULT: usize = 2;
const ITERATOR: usize = 3;

static TYPE: TypeSpec = TypeSpec::values("builtins", "anext_awaitable", 3, METHODS, "");

static METHODS: &[Native] = &[
    Native::wrapper("__await__", "self, /", |_, a| Ok(a.at(0)), "Return an iterator to be used in await expression."),
    Native::wrapper("__iter__", "self, /", |_, a| Ok(a.at(0)), "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
    Native::method("send", "self, arg, /", send, "Resumes the awaitable."),
    Native::method("throw", "self, /, *args", throw, "Raises an exception in the awaitable."),
    Native::method("close", "self, /", close, "Ends the awaitable."),
];

/// The iterator of what is awaited.
fn iterator(py: Py<'_>, o: Object) -> R {
    if !o.get(ITERATOR).is_empty() {
        return Ok(o.get(ITERATOR));
    }
    let awaitable = o.get(AWAITABLE);
    let i = match py.call_special(awaitable, sym::AWAIT, &[])? {
        Some(i) => i,
        None if is_coroutine_of_old(py, awaitable) => awaitable,
        None => {
            let name = py.class_name(awaitable);
            return py.type_error(&format!("object {name} can't be used in 'await' expression"));
        }
    };
    if !py.is_iterator(i) {
        let name = py.class_name(i);
        return py.type_error(&format!("__await__() returned non-iterator of type '{name}'"));
    }
    py.store(o, ITERATOR, i);
    Ok(i)
}
/// Is it a generator that `types.coroutine` made awaitable?
fn is_coroutine_of_old(py: Py<'_>, v: Value) -> bool {
    py.of_kind(v, Kind::GENERATOR)
        .is_some_and(|g| py.ops().code(py.0, function::code_index(g)).flags & flag::ITERABLE_COROUTINE != 0)
}
/// Runs `f` on the iterator; where it says that the asynchronous iterator has ended, the default is the result.
fn proxy(py: Py<'_>, args: Args<'_>, f: impl FnOnce(Value) -> R) -> R {
    let Some(o) = py.of_kind(args.at(0), TYPE.kind) else {
        return py.type_error("descriptor requires an 'anext_awaitable' object");
    };
    let r = iterator(py, o).and_then(f);
    match py.caught(r, Exc::StopAsyncIteration)? {
        Some(v) => Ok(v),
        None => Err(py.stop_iteration(o.get(DEFAULT))),
    }
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    proxy(py, args, |i| iteration::step(py, i))
}
fn send(py: Py<'_>, args: Args<'_>) -> R {
    proxy(py, args, |i| py.call_method(i, sym::SEND, &[args.at(1)]))
}
fn throw(py: Py<'_>, args: Args<'_>) -> R {
    proxy(py, args, |i| {
        let f = py.get_attribute(i, sym::THROW)?;
        py.call_tuple(f, Object::of(args.at(1)), Value::EMPTY)
    })
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    proxy(py, args, |i| py.call_method(i, sym::CLOSE, &[]))
}

fn anext(py: Py<'_>, args: Args<'_>) -> R {
    let given = args.at(0);
    let Some(awaitable) = py.call_special(given, sym::ANEXT, &[])? else {
        return py.type_error(&format!("'{}' object is not an async iterator", py.class_name(given)));
    };
    let Some(default) = args.opt(1) else { return Ok(awaitable) };
    let o = py.new_native(&TYPE)?;
    o.init(AWAITABLE, awaitable);
    o.init(DEFAULT, default);
    Ok(o.value())
}

static FUNCTIONS: &[Native] = &[Native::function(
    "anext",
    "aiterator, default=NULL, /",
    anext,
    "Return the next item from the async iterator.\n\nIf default is given and the async iterator is exhausted,\nit is \
     returned instead of raising StopAsyncIteration.",
)];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    super::add(py, FUNCTIONS)
}
