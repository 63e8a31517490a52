//! `islice`

use super::deprecated;
use crate::support::{class_value, identity, make, size};
use python_objects::kind::special;
use python_objects::native::variadic;
use python_objects::{Args, Exc, Native, Py, R, TypeSpec, Value};

pub(super) static ISLICE: TypeSpec = TypeSpec::values(
    "itertools",
    "islice",
    5,
    METHODS,
    "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> islice object\n\nReturn an iterator whose next() method returns selected values from an\niterable.",
)
.inheritable();
/// Fields: iterator (EMPTY at the end), next index to give, stop (-1: none), step, index that comes next.
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args", new, "Create and return a new object."),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
    Native::method("__reduce__", "self, /", reduce, "Return state information for pickling."),
    Native::method("__setstate__", "self, state, /", set_state, "Set state information for unpickling."),
];

/// Bound on indices: small integers. A sequence of so many items does not end anyway.
const MOST: i64 = (1 << 49) - 1;

/// What CPython says of a stop that is -1 or no index, and of other bounds that are no indices.
const BAD_STOP: &str = "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.";
const BAD_INDICES: &str = "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.";

/// An index, or `default` for None; -1 for what is none.
fn bound(py: Py<'_>, v: Option<Value>, default: i64) -> R<i64> {
    let Some(v) = v.filter(|v| *v != Value::NONE) else { return Ok(default) };
    let r = size(py, v);
    match r {
        Ok(n) => Ok(n.min(MOST)),
        // Whatever is wrong with it, the message is islice's own.
        Err(stop) => match py.catch(Exc::Exception) {
            Some(_) => Ok(-1),
            None => Err(stop),
        },
    }
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let given: usize = variadic(args, 1).len();
    let at = |i: usize| variadic(args, 1).nth(i);
    if !(2..=4).contains(&given) {
        let (bound, n, s) = if given < 2 { ("at least", 2, "s") } else { ("at most", 4, "s") };
        return py.type_error(&format!("islice expected {bound} {n} argument{s}, got {given}"));
    }
    let (start, stop, step) = if given == 2 { (None, at(1), None) } else { (at(1), at(2), at(3)) };
    let stop = match stop.filter(|v| *v != Value::NONE) {
        None => -1,
        v => match bound(py, v, -1)? {
            -1 => return py.value_error(BAD_STOP),
            n => n,
        },
    };
    let start = bound(py, start, 0)?;
    if start < 0 || stop < -1 {
        return py.value_error(BAD_INDICES);
    }
    let step = bound(py, step, 1)?;
    if step < 1 {
        return py.value_error("Step for islice() must be a positive integer or None.");
    }
    let iterator = py.iter(at(0).unwrap_or(Value::NONE))?;
    make(py, args.at(0), &ISLICE, &[iterator, Value::int(start), Value::int(stop), Value::int(step), Value::int(0)])
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ISLICE)?;
    let iterator = o.get(1);
    if iterator.is_empty() {
        return Ok(special::END);
    }
    let end = || {
        py.store(o, 1, Value::EMPTY);
        Ok(special::END)
    };
    loop {
        let (at, wanted, stop) = (o.get(5).as_int(), o.get(2).as_int(), o.get(3).as_int());
        if at >= wanted && stop >= 0 && at >= stop {
            return end();
        }
        let item = py.next(iterator);
        if !matches!(item, Ok(Some(_))) {
            py.store(o, 1, Value::EMPTY);
        }
        let Some(v) = item? else { return Ok(special::END) };
        py.store(o, 5, Value::int(at + 1));
        if at < wanted {
            if at & 0xFF == 0 {
                py.poll()?;
            }
            continue;
        }
        let following = (wanted + o.get(4).as_int()).min(MOST);
        py.store(o, 2, Value::int(if stop >= 0 { following.min(stop) } else { following }));
        return Ok(v);
    }
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ISLICE)?;
    deprecated(py)?;
    let class = class_value(py, o);
    if o.get(1).is_empty() {
        let empty = py.new_list(0)?;
        let iterator = py.iter(empty.value())?;
        let arguments = py.tuple(&[iterator, Value::int(0)])?;
        return py.tuple(&[class, arguments, Value::int(0)]);
    }
    let stop = if o.get(3) == Value::int(-1) { Value::NONE } else { o.get(3) };
    let arguments = py.tuple(&[o.get(1), o.get(2), stop, o.get(4)])?;
    py.tuple(&[class, arguments, o.get(5)])
}
fn set_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ISLICE)?;
    deprecated(py)?;
    let at = size(py, args.at(1))?.clamp(0, MOST);
    py.store(o, 5, Value::int(at));
    Ok(Value::NONE)
}
