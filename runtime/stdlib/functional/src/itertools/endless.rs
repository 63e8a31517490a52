//! Iterators that need not end: `count`, `cycle`, `repeat`.

use super::deprecated;
use crate::support::{class_value, identity, is_number, is_one, make, size, state_items};
use python_objects::kind::special;
use python_objects::operator::BinaryOp;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, int, list};

pub(super) static COUNT: TypeSpec = TypeSpec::values(
    "itertools",
    "count",
    2,
    COUNT_METHODS,
    "Return a count object whose .__next__() method returns consecutive values.",
)
.inheritable();
/// Fields of `count`: next number, step.
static COUNT_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, start=0, step=1", count_new, "Create and return a new object."),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", count_next, "Implement next(self)."),
    Native::wrapper("__repr__", "self, /", count_repr, "Return repr(self)."),
    Native::method("__reduce__", "self, /", count_reduce, "Return state information for pickling."),
];

fn count_new(py: Py<'_>, args: Args<'_>) -> R {
    let (start, step) = (args.opt(1).unwrap_or(Value::int(0)), args.opt(2).unwrap_or(Value::int(1)));
    if !is_number(py, start) || !is_number(py, step) {
        return py.type_error("a number is required");
    }
    // Integers counted in ones are plain ones, whatever the class of the first.
    let start = match (py.as_int(start), py.as_int(step).and_then(int::to_i64)) {
        (Some(i), Some(1)) => i,
        _ => start,
    };
    make(py, args.at(0), &COUNT, &[start, step])
}
fn count_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &COUNT)?;
    let v = o.get(1);
    let next = py.binary(BinaryOp::Add, v, o.get(2))?;
    py.store(o, 1, next);
    Ok(v)
}
fn count_repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &COUNT)?;
    let name = python_objects::class::name(py, py.class_of(o.value()));
    let mut out = format!("{name}(").into_bytes();
    py.repr_into(o.get(1), &mut out)?;
    if !is_one(py, o.get(2)) {
        out.extend_from_slice(b", ");
        py.repr_into(o.get(2), &mut out)?;
    }
    out.push(b')');
    py.str_from_wtf8(&out).map(Object::value)
}
fn count_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &COUNT)?;
    deprecated(py)?;
    let parts = [o.get(1), o.get(2)];
    let state = py.tuple(if is_one(py, o.get(2)) { &parts[..1] } else { &parts })?;
    py.tuple(&[class_value(py, o), state])
}

pub(super) static CYCLE: TypeSpec = TypeSpec::values(
    "itertools",
    "cycle",
    4,
    CYCLE_METHODS,
    "Return elements from the iterable until it is exhausted. Then repeat the sequence indefinitely.",
)
.inheritable();
/// Fields of `cycle`: iterator (EMPTY at its end), list of what it gave, position in that, is the list complete already?
static CYCLE_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, iterable, /", cycle_new, "Create and return a new object."),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", cycle_next, "Implement next(self)."),
    Native::method("__reduce__", "self, /", cycle_reduce, "Return state information for pickling."),
    Native::method("__setstate__", "self, state, /", cycle_set_state, "Set state information for unpickling."),
];

fn cycle_new(py: Py<'_>, args: Args<'_>) -> R {
    let iterator = py.iter(args.at(1))?;
    let saved = py.new_list(0)?;
    make(py, args.at(0), &CYCLE, &[iterator, saved.value(), Value::int(0), Value::FALSE])
}
fn cycle_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &CYCLE)?;
    let iterator = o.get(1);
    if !iterator.is_empty() {
        if let Some(v) = py.next(iterator)? {
            if o.get(4) == Value::FALSE {
                py.list_push(Object::of(o.get(2)), v)?;
            }
            return Ok(v);
        }
        py.store(o, 1, Value::EMPTY);
    }
    let saved = Object::of(o.get(2));
    let i = o.get(3).as_int() as usize;
    let Some(v) = list::get(saved, i) else { return Ok(special::END) };
    let next = if i + 1 >= list::length(saved) { 0 } else { i as i64 + 1 };
    py.store(o, 3, Value::int(next));
    Ok(v)
}
fn cycle_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &CYCLE)?;
    deprecated(py)?;
    let (mut iterator, mut complete) = (o.get(1), o.get(4));
    if iterator.is_empty() {
        iterator = py.iter(o.get(2))?;
        if o.get(3) != Value::int(0) {
            crate::support::set_state(py, iterator, o.get(3))?;
        }
        complete = Value::TRUE;
    }
    let complete = Value::int(i64::from(complete.as_bool()));
    let (args, state) = (py.tuple(&[iterator])?, py.tuple(&[o.get(2), complete])?);
    py.tuple(&[class_value(py, o), args, state])
}
fn cycle_set_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &CYCLE)?;
    deprecated(py)?;
    let state = state_items(py, args.at(1), 2)?;
    let Some(saved) = py.as_list(state.element(0)) else { return py.type_error("state is not a list and an integer") };
    let complete = py.index_i32(state.element(1))? != 0;
    py.store(o, 2, saved.value());
    py.store(o, 3, Value::int(0));
    py.store(o, 4, Value::bool(complete));
    Ok(Value::NONE)
}

pub(super) static REPEAT: TypeSpec = TypeSpec::values(
    "itertools",
    "repeat",
    2,
    REPEAT_METHODS,
    "repeat(object [,times]) -> create an iterator which returns the object\nfor the specified number of times.  If not specified, returns the object\nendlessly.",
)
.inheritable();
/// Fields of `repeat`: the object, how often still (EMPTY: without end).
static REPEAT_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, object, times=None", repeat_new, "Create and return a new object."),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", repeat_next, "Implement next(self)."),
    Native::wrapper("__repr__", "self, /", repeat_repr, "Return repr(self)."),
    Native::method(
        "__length_hint__",
        "self, /",
        repeat_length,
        "Private method returning an estimate of len(list(it)).",
    ),
    Native::method("__reduce__", "self, /", repeat_reduce, "Return state information for pickling."),
];

fn repeat_new(py: Py<'_>, args: Args<'_>) -> R {
    let times = match args.opt(2) {
        None => Value::EMPTY,
        Some(v) => {
            let times = size(py, v)?.max(0);
            py.int(times)?
        }
    };
    make(py, args.at(0), &REPEAT, &[args.at(1), times])
}
fn repeat_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &REPEAT)?;
    let times = o.get(2);
    if !times.is_empty() {
        if int::is_zero(times) {
            return Ok(special::END);
        }
        let left = py.binary(BinaryOp::Sub, times, Value::int(1))?;
        py.store(o, 2, left);
    }
    Ok(o.get(1))
}
fn repeat_repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &REPEAT)?;
    let name = python_objects::class::name(py, py.class_of(o.value()));
    let mut out = format!("{name}(").into_bytes();
    py.repr_into(o.get(1), &mut out)?;
    if !o.get(2).is_empty() {
        out.extend_from_slice(b", ");
        py.repr_into(o.get(2), &mut out)?;
    }
    out.push(b')');
    py.str_from_wtf8(&out).map(Object::value)
}
fn repeat_length(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &REPEAT)?;
    if o.get(2).is_empty() {
        return py.type_error("len() of unsized object");
    }
    Ok(o.get(2))
}
fn repeat_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &REPEAT)?;
    deprecated(py)?;
    let parts = [o.get(1), o.get(2)];
    let state = py.tuple(if o.get(2).is_empty() { &parts[..1] } else { &parts })?;
    py.tuple(&[class_value(py, o), state])
}
