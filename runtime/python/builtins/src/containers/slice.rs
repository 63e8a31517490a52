//! `slice`: words 1 to 3 are start, stop and step.

use crate::wrappers::{self, this};
use python_objects::compare::CompareOp;
use python_objects::kind::{class, shape};
use python_objects::operator::{BinaryOp, UnaryOp};
use python_objects::symbol::sym;
use python_objects::{Args, Kind, Native, Py, R, Value, int};

fn new(py: Py<'_>, args: Args<'_>) -> R {
    wrappers::new_class(py, args.at(0), class::SLICE)?;
    let Some(first) = args.opt(1) else { return py.type_error("slice expected at least 1 argument, got 0") };
    let parts = match args.opt(2) {
        None => [Value::NONE, first, Value::NONE],
        Some(stop) => [first, stop, args.opt(3).unwrap_or(Value::NONE)],
    };
    Ok(py.new_object(shape::SLICE, 4, &parts)?.value())
}
fn start(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args, Kind::SLICE)?.get(1))
}
fn stop(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args, Kind::SLICE)?.get(2))
}
fn step(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args, Kind::SLICE)?.get(3))
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args, Kind::SLICE)?;
    let parts = py.tuple_with(3, |i| s.get(1 + i))?;
    py.tuple(&[py.root(class::SLICE), parts])
}
fn indices(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args, Kind::SLICE)?;
    let length = py.index(args.at(1))?;
    if int::is_negative(length) {
        return py.value_error("length should not be negative");
    }
    let (start, stop, step) = resolve(py, [s.get(1), s.get(2), s.get(3)], length)?;
    py.tuple(&[start, stop, step])
}
/// A slice's parts for a sequence of any length, big integers included.
pub(super) fn resolve(py: Py<'_>, parts: [Value; 3], length: Value) -> R<(Value, Value, Value)> {
    let part = |v: Value| -> R<Option<Value>> {
        if v == Value::NONE {
            return Ok(None);
        }
        if py.as_int(v).is_none() && py.special(v, sym::INDEX).is_none() {
            return py.type_error("slice indices must be integers or None or have an __index__ method");
        }
        py.index(v).map(Some)
    };
    let step = part(parts[2])?.unwrap_or(Value::int(1));
    if int::is_zero(step) {
        return py.value_error("slice step cannot be zero");
    }
    let down = int::is_negative(step);
    let (lower, upper) =
        if down { (Value::int(-1), py.binary(BinaryOp::Sub, length, Value::int(1))?) } else { (Value::int(0), length) };
    let fit = |v: Option<Value>, default: Value| -> R {
        let Some(mut v) = v else { return Ok(default) };
        if int::is_negative(v) {
            v = py.binary(BinaryOp::Add, v, length)?;
            return Ok(if py.compare(CompareOp::Lt, v, lower)? { lower } else { v });
        }
        Ok(if py.compare(CompareOp::Gt, v, upper)? { upper } else { v })
    };
    let start = fit(part(parts[0])?, if down { upper } else { lower })?;
    let stop = fit(part(parts[1])?, if down { lower } else { upper })?;
    Ok((start, stop, step))
}
/// How many integers there are from `start` towards `stop`, `step` (not 0) apart.
pub(super) fn count(py: Py<'_>, start: Value, stop: Value, step: Value) -> R {
    let down = int::is_negative(step);
    let (low, high) = if down { (stop, start) } else { (start, stop) };
    let distance = py.binary(BinaryOp::Sub, high, low)?;
    if int::is_negative(distance) || int::is_zero(distance) {
        return Ok(Value::int(0));
    }
    let step = if down { py.unary(UnaryOp::Neg, step)? } else { step };
    let less = py.binary(BinaryOp::Sub, distance, Value::int(1))?;
    let whole = py.binary(BinaryOp::FloorDiv, less, step)?;
    py.binary(BinaryOp::Add, whole, Value::int(1))
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
    Native::method("__reduce__", "self, /", reduce, "Return state information for pickling."),
    Native::method(
        "indices",
        "self, length, /",
        indices,
        "S.indices(len) -> (start, stop, stride)\n\nAssuming a sequence of length len, calculate the start and stop \
         indices, and the stride length of the extended slice described by S. Out of bounds indices are clipped in a \
         manner consistent with the handling of normal slices.",
    ),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    use wrappers::{COMPARISONS, HASH, REPR};
    wrappers::add(py, class::SLICE, &[METHODS, COMPARISONS, HASH, REPR])?;
    wrappers::document(
        py,
        class::SLICE,
        "slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.  This is used for extended slicing (e.g. \
         a[0:10:2]).",
    )
}
