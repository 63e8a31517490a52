//! `_queue`: a queue without bound between threads.
//!
//! The items stand in a list, those taken at its front are `None` until there are enough of them to move the rest. Threads
//! run in turns, so putting and taking are steps of their own; who finds the queue empty waits for who puts.

use super::{Patience, TIMEOUT_MAX, waiting};
use crate::support;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, list};
use std::cell::Cell;
use std::time::Duration;

static QUEUE: TypeSpec =
    TypeSpec::values("_queue", "SimpleQueue", 2, METHODS, "A queue without bound: the first put is the first taken.")
        .inheritable()
        .weakly_referenced();
mod word {
    /// The list.
    pub(super) const ITEMS: usize = 1;
    /// How many of its items were taken.
    pub(super) const TAKEN: usize = 2;
}
/// With so many items taken, the rest moves if it is no longer.
const MANY: usize = 32;

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /", new, "Create and return a new object."),
    Native::class_method(
        "__class_getitem__",
        "cls, item, /",
        |py, args| py.generic_alias(args.at(0), args.at(1)),
        "Return the class with the types of its items, for annotations.",
    ),
    Native::method("empty", "self, /", |py, args| Ok(Value::bool(length(this(py, args)?) == 0)), "Is there no item?"),
    Native::method(
        "get",
        "self, /, block=True, timeout=None",
        get,
        "Remove and return the first item.\n\nWait for one if there is none, unless block is false, and no longer than \
         timeout says: then raise Empty.",
    ),
    Native::method(
        "get_nowait",
        "self, /",
        get_nowait,
        "Remove and return the first item; raise Empty if there is none.",
    ),
    Native::method("put", "self, /, item, block=True, timeout=None", put, "Add an item. This never waits."),
    Native::method("put_nowait", "self, /, item", put, "Add an item."),
    Native::method(
        "qsize",
        "self, /",
        |py, args| py.int_usize(length(this(py, args)?)),
        "Return how many items there are.",
    ),
];

/// The number of the kept class `Empty` ([`Py::keep`]).
#[derive(Default)]
struct Kept(Cell<Option<u32>>);

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let empty = support::exception_class(py, "_queue", "Empty", Exc::Exception)?;
    py.state().data("_queue", Kept::default).0.set(Some(py.keep(empty.value())?));
    support::add(py, module, "Empty", empty.value())?;
    support::add(py, module, "SimpleQueue", py.native_type(&QUEUE)?.value())
}
#[cold]
fn nothing<T>(py: Py<'_>) -> R<T> {
    let kept = py.state().data("_queue", Kept::default).0.get();
    let class = kept.map_or(py.root(Exc::Exception.root()), |number| py.kept(number));
    Err(py.throw(py.make_exception(class)?))
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &QUEUE)
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let items = py.new_list(0)?;
    let o = py.new_native_of(args.at(0), &QUEUE)?;
    o.init(word::ITEMS, items.value());
    o.init(word::TAKEN, Value::int(0));
    Ok(o.value())
}
fn items(o: Object) -> Object {
    Object::of(o.get(word::ITEMS))
}
fn taken(o: Object) -> usize {
    o.get(word::TAKEN).as_int() as usize
}
fn length(o: Object) -> usize {
    list::length(items(o)) - taken(o)
}
fn put(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    py.list_push(items(o), args.at(1))?;
    if waiting::anybody(py) {
        waiting::wake(py, py.identity(o.value()));
    }
    Ok(Value::NONE)
}
/// The first item, which leaves the queue. Allocates nothing.
fn take(py: Py<'_>, o: Object) -> Option<Value> {
    let (items, at) = (items(o), taken(o));
    let v = list::get(items, at)?;
    py.list_set(items, at, Value::NONE);
    let (at, count) = (at + 1, list::length(items));
    let at = if at == count || at >= MANY && at * 2 >= count {
        py.list_remove_range(items, 0, at);
        0
    } else {
        at
    };
    py.store(o, word::TAKEN, Value::int(at as i64));
    Some(v)
}
fn get_nowait(py: Py<'_>, args: Args<'_>) -> R {
    match take(py, this(py, args)?) {
        Some(v) => Ok(v),
        None => nothing(py),
    }
}
fn get(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let patience = match args.opt(1).map_or(Ok(true), |v| py.truth(v))? {
        true => patience(py, args.some(2))?,
        false => Patience::None,
    };
    if let Some(v) = take(py, o) {
        return Ok(v);
    }
    if let Patience::None = patience {
        return nothing(py);
    }
    // What is taken stands on the native stack until it is returned.
    let found = Cell::new(Value::EMPTY);
    let take = || take(py, o).map(|v| found.set(v)).is_some();
    if waiting::wait(py, py.identity(o.value()), patience, take)? { Ok(found.get()) } else { nothing(py) }
}
fn patience(py: Py<'_>, timeout: Option<Value>) -> R<Patience> {
    let Some(timeout) = timeout else { return Ok(Patience::Endless) };
    let seconds = match py.as_float(timeout) {
        Some(seconds) => seconds,
        None => py.int_as_real(py.index(timeout)?)?,
    };
    if seconds.is_nan() {
        return py.value_error("Invalid value NaN (not a number)");
    }
    if seconds.abs() * 1e9 >= i64::MAX as f64 {
        return py.err(Exc::OverflowError, "timestamp out of range for platform time_t");
    }
    if seconds < 0.0 {
        return py.value_error("'timeout' must be a non-negative number");
    }
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if seconds <= TIMEOUT_MAX => Ok(Patience::For(time)),
        _ => py.err(Exc::OverflowError, "timeout value is too large"),
    }
}
