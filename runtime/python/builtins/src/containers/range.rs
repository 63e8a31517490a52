//! `range`: words 1 to 4 are start, stop, step and length, exact integers of any size.

use crate::containers::slice;
use crate::wrappers::{self, this};
use python_objects::compare::CompareOp;
use python_objects::kind::{class, shape};
use python_objects::operator::{BinaryOp, UnaryOp};
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value, int};

fn range_of(py: Py<'_>, args: Args<'_>) -> R<Object> {
    this(py, args, Kind::RANGE)
}
pub(crate) fn make(py: Py<'_>, start: Value, stop: Value, step: Value) -> R {
    let length = if start.is_int() && stop.is_int() && step.is_int() {
        let (from, to, by) = (start.as_int(), stop.as_int(), step.as_int());
        // Immediate integers have 50 bits: nothing overflows.
        let n = if by > 0 { (to - from + by - 1).div_euclid(by) } else { (from - to - by - 1).div_euclid(-by) };
        py.int(n.max(0))?
    } else {
        slice::count(py, start, stop, step)?
    };
    Ok(py.new_object(shape::RANGE, 5, &[start, stop, step, length])?.value())
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    wrappers::new_class(py, args.at(0), class::RANGE)?;
    let Some(first) = args.opt(1) else { return py.type_error("range expected at least 1 argument, got 0") };
    let Some(second) = args.opt(2) else { return make(py, Value::int(0), py.index(first)?, Value::int(1)) };
    let (start, stop) = (py.index(first)?, py.index(second)?);
    let step = match args.opt(3) {
        Some(step) => py.index(step)?,
        None => Value::int(1),
    };
    if int::is_zero(step) {
        return py.value_error("range() arg 3 must not be zero");
    }
    make(py, start, stop, step)
}
fn start(py: Py<'_>, args: Args<'_>) -> R {
    Ok(range_of(py, args)?.get(1))
}
fn stop(py: Py<'_>, args: Args<'_>) -> R {
    Ok(range_of(py, args)?.get(2))
}
fn step(py: Py<'_>, args: Args<'_>) -> R {
    Ok(range_of(py, args)?.get(3))
}
fn bool(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(!int::is_zero(range_of(py, args)?.get(4))))
}
/// `start + i * step`
fn at(py: Py<'_>, r: Object, i: Value) -> R {
    let offset = py.binary(BinaryOp::Mul, i, r.get(3))?;
    py.binary(BinaryOp::Add, r.get(1), offset)
}
fn getitem(py: Py<'_>, args: Args<'_>) -> R {
    let (r, key) = (range_of(py, args)?, args.at(1));
    if let Some(s) = py.as_slice(key) {
        let (start, stop, step) = slice::resolve(py, [s.get(1), s.get(2), s.get(3)], r.get(4))?;
        let step = py.binary(BinaryOp::Mul, step, r.get(3))?;
        return make(py, at(py, r, start)?, at(py, r, stop)?, step);
    }
    if py.as_int(key).is_none() && py.special(key, python_objects::symbol::sym::INDEX).is_none() {
        let given = py.class_name(key);
        return py.type_error(&format!("range indices must be integers or slices, not {given}"));
    }
    let mut i = py.index(key)?;
    if int::is_negative(i) {
        i = py.binary(BinaryOp::Add, i, r.get(4))?;
    }
    if int::is_negative(i) || py.compare(CompareOp::Ge, i, r.get(4))? {
        return py.err(Exc::IndexError, "range object index out of range");
    }
    at(py, r, i)
}
/// The index of an exact integer, if the range has it.
fn find(py: Py<'_>, r: Object, v: Value) -> R<Option<Value>> {
    let offset = py.binary(BinaryOp::Sub, v, r.get(1))?;
    let rest = py.binary(BinaryOp::Mod, offset, r.get(3))?;
    if !int::is_zero(rest) {
        return Ok(None);
    }
    let i = py.binary(BinaryOp::FloorDiv, offset, r.get(3))?;
    let inside = !int::is_negative(i) && py.compare(CompareOp::Lt, i, r.get(4))?;
    Ok(inside.then_some(i))
}
/// The value as an exact integer, unless its class may define an equality of its own.
fn plain_int(v: Value) -> Option<Value> {
    if v.is_bool() {
        return Some(Value::int(i64::from(v.as_bool())));
    }
    (v.is_int() || Object::from_value(v).is_some_and(|o| o.shape() == shape::INT)).then_some(v)
}
fn contains(py: Py<'_>, args: Args<'_>) -> R {
    let r = range_of(py, args)?;
    match plain_int(args.at(1)) {
        Some(v) => Ok(Value::bool(find(py, r, v)?.is_some())),
        None => py.sequence_contains(r.value(), args.at(1)).map(Value::bool),
    }
}
fn count(py: Py<'_>, args: Args<'_>) -> R {
    let r = range_of(py, args)?;
    if let Some(v) = plain_int(args.at(1)) {
        return Ok(Value::int(i64::from(find(py, r, v)?.is_some())));
    }
    let mut n = 0;
    py.each(r.value(), |v| {
        n += i64::from(py.equal_or_same(v, args.at(1))?);
        Ok(())
    })?;
    py.int(n)
}
fn index(py: Py<'_>, args: Args<'_>) -> R {
    let r = range_of(py, args)?;
    if let Some(v) = plain_int(args.at(1)) {
        return match find(py, r, v)? {
            Some(i) => Ok(i),
            None => py.value_error(&format!("{} is not in range", py.repr_text(v)?)),
        };
    }
    let iterator = py.iter(r.value())?;
    let mut i = 0;
    while let Some(v) = py.next(iterator)? {
        if py.equal_or_same(v, args.at(1))? {
            return py.int(i);
        }
        i += 1;
        if i & 0xFFF == 0 {
            py.poll()?;
        }
    }
    py.value_error("sequence.index(x): x not in sequence")
}
fn reversed(py: Py<'_>, args: Args<'_>) -> R {
    let r = range_of(py, args)?;
    let last = py.binary(BinaryOp::Sub, r.get(4), Value::int(1))?;
    let last = at(py, r, last)?;
    let step = py.unary(UnaryOp::Neg, r.get(3))?;
    py.range_iterator(last, r.get(4), step)
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let r = range_of(py, args)?;
    let parts = py.tuple_with(3, |i| r.get(1 + i))?;
    py.tuple(&[py.root(class::RANGE), parts])
}

static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, start=NULL, stop=NULL, step=NULL, /",
        new,
        "Create and return a new object.",
    ),
    Native::member("start", start, ""),
    Native::member("stop", stop, ""),
    Native::member("step", step, ""),
    Native::wrapper("__bool__", "self, /", bool, "True if self else False"),
    Native::wrapper("__getitem__", "self, key, /", getitem, "Return self[key]."),
    Native::wrapper("__contains__", "self, key, /", contains, "Return bool(key in self)."),
    Native::method("__reversed__", "self, /", reversed, "Return a reverse iterator."),
    Native::method("__reduce__", "self, /", reduce, ""),
    Native::method(
        "count",
        "self, value, /",
        count,
        "rangeobject.count(value) -> integer -- return number of occurrences of value",
    ),
    Native::method(
        "index",
        "self, value, /",
        index,
        "rangeobject.index(value) -> integer -- return index of value.\nRaise ValueError if the value is not present.",
    ),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    use wrappers::{COMPARISONS, HASH, ITER, LEN, REPR};
    wrappers::add(py, class::RANGE, &[METHODS, COMPARISONS, HASH, ITER, LEN, REPR])?;
    wrappers::document(
        py,
        class::RANGE,
        "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\nReturn an object that produces a \
         sequence of integers from start (inclusive)\nto stop (exclusive) by step.  range(i, j) produces i, i+1, i+2, \
         ..., j-1.\nstart defaults to 0, and stop is omitted!  range(4) produces 0, 1, 2, 3.\nThese are exactly the valid \
         indices for a list of 4 elements.\nWhen step is given, it specifies the increment (or decrement).",
    )
}
