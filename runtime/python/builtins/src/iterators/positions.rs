//! Iterators that hold a position: over built-in sequences, ranges, and anything with `__getitem__`; and those that call.

use crate::containers::range;
use crate::iterators::reduced;
use crate::wrappers::{self, builtin_named};
use python_objects::compare::CompareOp;
use python_objects::kind::{class, special};
use python_objects::operator::BinaryOp;
use python_objects::symbol::sym;
use python_objects::{Args, Kind, Native, Object, Py, R, Value, int};

fn iterator(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match Object::from_value(args.at(0)) {
        Some(o) => Ok(o),
        None => Err(wrappers::wrong_this(py, args.at(0), Kind::LIST_ITERATOR)),
    }
}
/// The state that `__setstate__` got, which must be an integer.
fn state(py: Py<'_>, args: Args<'_>) -> R {
    match py.as_int(args.at(1)) {
        Some(i) => Ok(i),
        None if py.special(args.at(1), sym::INDEX).is_some() => py.index(args.at(1)),
        None => py.type_error("an integer is required"),
    }
}
fn small_state(py: Py<'_>, args: Args<'_>) -> R<i64> {
    let v = state(py, args)?;
    py.index_i64(v)
}

// ---- raw position in word 1, what is iterated in word 2

fn length_hint(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    let n = if o.get(2).is_empty() { 0 } else { py.length(o.get(2))? };
    py.int_usize(n.saturating_sub(o.word(1) as usize))
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    let iter = builtin_named(py, "iter")?;
    if !o.get(2).is_empty() {
        return reduced(py, iter, &[o.get(2)], Some(py.int(o.word(1) as i64)?));
    }
    let nothing = match py.object_kind(o) {
        Kind::LIST_ITERATOR => py.new_list(0)?.value(),
        Kind::STR_ITERATOR => py.str("")?,
        _ => py.empty_tuple(),
    };
    reduced(py, iter, &[nothing], None)
}
fn setstate(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    let i = small_state(py, args)?.max(0);
    if !o.get(2).is_empty() {
        let most = if py.object_kind(o) == Kind::SEQUENCE_ITERATOR { i } else { py.length(o.get(2))? as i64 };
        o.set_word(1, i.min(most) as u64);
    }
    Ok(Value::NONE)
}
fn sequence_length_hint(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    let over = o.get(2);
    if !over.is_empty() && py.special(over, sym::LEN).is_none() {
        return Ok(special::NOT_IMPLEMENTED);
    }
    length_hint(py, args)
}

// ---- backwards through a list

fn reverse_length_hint(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    let left = o.word(1) as i64 + 1;
    let n = if o.get(2).is_empty() { 0 } else { py.length(o.get(2))? as i64 };
    py.int(if n < left { 0 } else { left })
}
fn reverse_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    let reversed = builtin_named(py, "reversed")?;
    if !o.get(2).is_empty() {
        return reduced(py, reversed, &[o.get(2)], Some(py.int(o.word(1) as i64)?));
    }
    let nothing = py.new_list(0)?.value();
    reduced(py, builtin_named(py, "iter")?, &[nothing], None)
}
fn reverse_setstate(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    let i = small_state(py, args)?;
    if !o.get(2).is_empty() {
        let n = py.length(o.get(2))? as i64;
        o.set_word(1, i.max(-1).min(n - 1) as u64);
    }
    Ok(Value::NONE)
}

// ---- ranges: the next number, how many are left, the step

fn range_parts(py: Py<'_>, o: Object) -> R<(Value, Value, Value)> {
    if py.object_kind(o) == Kind::LONG_RANGE_ITERATOR {
        return Ok((o.get(1), o.get(2), o.get(3)));
    }
    Ok((py.int(o.word(1) as i64)?, py.int(o.word(2) as i64)?, py.int(o.word(3) as i64)?))
}
fn range_length_hint(py: Py<'_>, args: Args<'_>) -> R {
    Ok(range_parts(py, iterator(py, args)?)?.1)
}
fn range_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let (next, left, step) = range_parts(py, iterator(py, args)?)?;
    let distance = py.binary(BinaryOp::Mul, left, step)?;
    let stop = py.binary(BinaryOp::Add, next, distance)?;
    let rest = range::make(py, next, stop, step)?;
    reduced(py, builtin_named(py, "iter")?, &[rest], Some(Value::NONE))
}
fn range_setstate(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    let mut i = state(py, args)?;
    let (next, left, step) = range_parts(py, o)?;
    if int::is_negative(i) {
        i = Value::int(0);
    } else if py.compare(CompareOp::Gt, i, left)? {
        i = left;
    }
    let passed = py.binary(BinaryOp::Mul, i, step)?;
    let next = py.binary(BinaryOp::Add, next, passed)?;
    let left = py.binary(BinaryOp::Sub, left, i)?;
    if py.object_kind(o) == Kind::LONG_RANGE_ITERATOR {
        py.store(o, 1, next);
        py.store(o, 2, left);
    } else if let (Some(next), Some(left)) = (int::to_i64(next), int::to_i64(left)) {
        o.set_word(1, next as u64);
        o.set_word(2, left as u64);
    }
    Ok(Value::NONE)
}

// ---- `iter(f, sentinel)`

fn callable_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    Ok(py.next_combined(o)?.unwrap_or(special::END))
}
fn callable_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    let iter = builtin_named(py, "iter")?;
    if o.get(1).is_empty() {
        return reduced(py, iter, &[py.empty_tuple()], None);
    }
    reduced(py, iter, &[o.get(1), o.get(2)], None)
}
fn itself(_: Py<'_>, args: Args<'_>) -> R {
    Ok(args.at(0))
}

const HINT: &str = "Private method returning an estimate of len(list(it)).";
const REDUCE: &str = "Return state information for pickling.";
const SETSTATE: &str = "Set state information for unpickling.";

static POSITION: &[Native] = &[
    Native::method("__length_hint__", "self, /", length_hint, HINT),
    Native::method("__reduce__", "self, /", reduce, REDUCE),
    Native::method("__setstate__", "self, state, /", setstate, SETSTATE),
];
static SEQUENCE: &[Native] = &[
    Native::method("__length_hint__", "self, /", sequence_length_hint, HINT),
    Native::method("__reduce__", "self, /", reduce, REDUCE),
    Native::method("__setstate__", "self, state, /", setstate, SETSTATE),
];
static REVERSE: &[Native] = &[
    Native::method("__length_hint__", "self, /", reverse_length_hint, HINT),
    Native::method("__reduce__", "self, /", reverse_reduce, REDUCE),
    Native::method("__setstate__", "self, state, /", reverse_setstate, SETSTATE),
];
static RANGE: &[Native] = &[
    Native::method("__length_hint__", "self, /", range_length_hint, HINT),
    Native::method("__reduce__", "self, /", range_reduce, REDUCE),
    Native::method("__setstate__", "self, state, /", range_setstate, SETSTATE),
];
static CALLABLE: &[Native] = &[
    Native::wrapper("__iter__", "self, /", itself, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", callable_next, "Implement next(self)."),
    Native::method("__reduce__", "self, /", callable_reduce, REDUCE),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    use wrappers::ITERATOR;
    for root in [
        class::LIST_ITERATOR,
        class::TUPLE_ITERATOR,
        class::STR_ITERATOR,
        class::BYTES_ITERATOR,
        class::BYTEARRAY_ITERATOR,
    ] {
        wrappers::add(py, root, &[ITERATOR, POSITION])?;
    }
    for root in [class::RANGE_ITERATOR, class::LONG_RANGE_ITERATOR] {
        wrappers::add(py, root, &[ITERATOR, RANGE])?;
    }
    wrappers::add(py, class::LIST_REVERSE_ITERATOR, &[ITERATOR, REVERSE])?;
    wrappers::add(py, class::SEQUENCE_ITERATOR, &[ITERATOR, SEQUENCE])?;
    wrappers::add(py, class::CALLABLE_ITERATOR, &[CALLABLE])
}
