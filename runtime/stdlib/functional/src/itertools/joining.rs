//! Iterators that put several values or iterators together: `chain`, `zip_longest`, `accumulate`.

use super::deprecated;
use super::selection::ISLICE;
use crate::support::{class_getitem, class_value, identity, make};
use python_objects::kind::special;
use python_objects::operator::BinaryOp;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, dict, string};

pub(super) static CHAIN: TypeSpec = TypeSpec::values(
    "itertools",
    "chain",
    2,
    CHAIN_METHODS,
    "chain(*iterables) --> chain object\n\nReturn a chain object whose .__next__() method returns elements from the\nfirst iterable until it is exhausted, then elements from the next\niterable, until all of the iterables are exhausted.",
)
.inheritable();
/// Fields of `chain`: iterator over the iterables (EMPTY at the end), iterator over the one it stands in (or EMPTY).
static CHAIN_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *iterables", chain_new, "Create and return a new object."),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", chain_next, "Implement next(self)."),
    Native::class_method(
        "from_iterable",
        "cls, iterable, /",
        chain_from_iterable,
        "Alternative chain() constructor taking a single iterable argument that evaluates lazily.",
    ),
    Native::class_method("__class_getitem__", "cls, item, /", class_getitem, "See PEP 585"),
    Native::method("__reduce__", "self, /", chain_reduce, "Return state information for pickling."),
    Native::method("__setstate__", "self, state, /", chain_set_state, "Set state information for unpickling."),
];

fn chain_new(py: Py<'_>, args: Args<'_>) -> R {
    let source = py.iter(args.at(1))?;
    make(py, args.at(0), &CHAIN, &[source])
}
fn chain_from_iterable(py: Py<'_>, args: Args<'_>) -> R {
    let source = py.iter(args.at(1))?;
    make(py, args.at(0), &CHAIN, &[source])
}
fn chain_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &CHAIN)?;
    loop {
        let source = o.get(1);
        if source.is_empty() {
            return Ok(special::END);
        }
        let mut active = o.get(2);
        if active.is_empty() {
            let next = py.next(source).and_then(|next| next.map(|v| py.iter(v)).transpose());
            if !matches!(next, Ok(Some(_))) {
                py.store(o, 1, Value::EMPTY);
            }
            match next? {
                Some(iterator) => active = iterator,
                None => return Ok(special::END),
            }
            py.store(o, 2, active);
        }
        if let Some(v) = py.next(active)? {
            return Ok(v);
        }
        py.store(o, 2, Value::EMPTY);
        py.poll()?;
    }
}
fn chain_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &CHAIN)?;
    deprecated(py)?;
    let class = class_value(py, o);
    let parts = [o.get(1), o.get(2)];
    let state = match parts {
        [source, _] if source.is_empty() => return py.tuple(&[class, py.empty_tuple()]),
        [_, active] if active.is_empty() => py.tuple(&parts[..1])?,
        _ => py.tuple(&parts)?,
    };
    py.tuple(&[class, py.empty_tuple(), state])
}
fn chain_set_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &CHAIN)?;
    deprecated(py)?;
    let Some(state) = py.as_tuple(args.at(1)) else { return py.type_error("state is not a tuple") };
    if !(1..=2).contains(&state.length()) {
        return py.type_error(&format!("function takes at most 2 arguments ({} given)", state.length()));
    }
    let active = if state.length() == 2 { state.element(1) } else { Value::EMPTY };
    if !py.is_iterator(state.element(0)) || !active.is_empty() && !py.is_iterator(active) {
        return py.type_error("Arguments must be iterators.");
    }
    py.store(o, 1, state.element(0));
    py.store(o, 2, active);
    Ok(Value::NONE)
}

pub(super) static ZIP_LONGEST: TypeSpec = TypeSpec::values(
    "itertools",
    "zip_longest",
    3,
    ZIP_LONGEST_METHODS,
    "Return a zip_longest object whose .__next__() method returns a tuple where\nthe i-th element comes from the i-th iterable argument.  The .__next__()\nmethod continues until the longest iterable in the argument sequence\nis exhausted and then it raises StopIteration.  When the shorter iterables\nare exhausted, the fillvalue is substituted in their place.  The fillvalue\ndefaults to None or can be specified by a keyword argument.",
)
.inheritable();
/// Fields of `zip_longest`: array of iterators (those at their end EMPTY), how many are left, fill value.
static ZIP_LONGEST_METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, /, *iterables, **kwargs",
        zip_longest_new,
        "Create and return a new object.",
    ),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", zip_longest_next, "Implement next(self)."),
    Native::method("__reduce__", "self, /", zip_longest_reduce, "Return state information for pickling."),
    Native::method("__setstate__", "self, state, /", zip_longest_set_state, "Set state information for unpickling."),
];

fn zip_longest_new(py: Py<'_>, args: Args<'_>) -> R {
    let mut fill = Value::NONE;
    if let Some(keywords) = Object::from_value(args.at(2)) {
        let mut i = 0;
        while let Some((at, key, value)) = dict::next_entry(keywords, i) {
            i = at + 1;
            if !string::exact_or_payload(py, key).is_some_and(|k| string::is(k, "fillvalue")) {
                return py.type_error("zip_longest() got an unexpected keyword argument");
            }
            fill = value;
        }
    }
    let iterables = Object::of(args.at(1));
    let n = iterables.length();
    let iterators = py.new_array(n)?;
    for i in 0..n {
        let iterator = py.iter(iterables.element(i))?;
        py.heap().store_element(iterators, i, iterator);
    }
    make(py, args.at(0), &ZIP_LONGEST, &[iterators.value(), Value::int(n as i64), fill])
}
fn zip_longest_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ZIP_LONGEST)?;
    let iterators = Object::of(o.get(1));
    let n = iterators.length();
    if n == 0 || o.get(2).as_int() <= 0 {
        return Ok(special::END);
    }
    let row = py.new_array(n)?;
    for i in 0..n {
        let iterator = iterators.element(i);
        let mut item = o.get(3);
        if !iterator.is_empty() {
            match py.next(iterator) {
                Ok(Some(v)) => item = v,
                Ok(None) => {
                    let left = o.get(2).as_int() - 1;
                    py.store(o, 2, Value::int(left));
                    if left <= 0 {
                        return Ok(special::END);
                    }
                    py.heap().store_element(iterators, i, Value::EMPTY);
                }
                Err(stop) => {
                    py.store(o, 2, Value::int(0));
                    return Err(stop);
                }
            }
        }
        py.heap().store_element(row, i, item);
    }
    py.tuple_with(n, |i| row.element(i))
}
fn zip_longest_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ZIP_LONGEST)?;
    deprecated(py)?;
    let iterators = Object::of(o.get(1));
    let empty = py.empty_tuple();
    let parts = py.tuple_with(iterators.length(), |i| {
        let iterator = iterators.element(i);
        if iterator.is_empty() { empty } else { iterator }
    })?;
    py.tuple(&[class_value(py, o), parts, o.get(3)])
}
fn zip_longest_set_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ZIP_LONGEST)?;
    deprecated(py)?;
    py.store(o, 3, args.at(1));
    Ok(Value::NONE)
}

pub(super) static ACCUMULATE: TypeSpec = TypeSpec::values(
    "itertools",
    "accumulate",
    4,
    ACCUMULATE_METHODS,
    "Return series of accumulated sums (or other binary function results).",
)
.inheritable();
/// Fields of `accumulate`: iterator, function (None: addition), total (EMPTY before the first), initial value (EMPTY:
/// none, or given).
static ACCUMULATE_METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, iterable, func=None, *, initial=None",
        accumulate_new,
        "Create and return a new object.",
    ),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", accumulate_next, "Implement next(self)."),
    Native::method("__reduce__", "self, /", accumulate_reduce, "Return state information for pickling."),
    Native::method("__setstate__", "self, state, /", accumulate_set_state, "Set state information for unpickling."),
];

fn accumulate_new(py: Py<'_>, args: Args<'_>) -> R {
    let iterator = py.iter(args.at(1))?;
    let f = args.opt(2).unwrap_or(Value::NONE);
    make(py, args.at(0), &ACCUMULATE, &[iterator, f, Value::EMPTY, args.some(3).unwrap_or(Value::EMPTY)])
}
fn accumulate_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ACCUMULATE)?;
    let initial = o.get(4);
    if !initial.is_empty() {
        py.store(o, 4, Value::EMPTY);
        py.store(o, 3, initial);
        return Ok(initial);
    }
    let Some(v) = py.next(o.get(1))? else { return Ok(special::END) };
    let (total, f) = (o.get(3), o.get(2));
    let next = if total.is_empty() {
        v
    } else if f == Value::NONE {
        py.binary(BinaryOp::Add, total, v)?
    } else {
        py.call(f, &[total, v])?
    };
    py.store(o, 3, next);
    Ok(next)
}
/// An `accumulate` over `first` followed by what is left.
fn restarted(py: Py<'_>, o: Object, first: Value) -> R {
    let first = py.tuple(&[first])?;
    let chain = py.native_type(&CHAIN)?;
    let it = py.call(chain.value(), &[first, o.get(1)])?;
    py.tuple(&[it, o.get(2)])
}
fn accumulate_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ACCUMULATE)?;
    deprecated(py)?;
    let class = class_value(py, o);
    if !o.get(4).is_empty() {
        let arguments = restarted(py, o, o.get(4))?;
        return py.tuple(&[class, arguments, Value::NONE]);
    }
    if o.get(3) == Value::NONE {
        // A state of None would not be set: skip the first result of one that begins with None.
        let arguments = Object::of(restarted(py, o, Value::NONE)?);
        let own = py.native_type(&ACCUMULATE)?;
        let again = py.call(own.value(), &[arguments.element(0), arguments.element(1)])?;
        let arguments = py.tuple(&[again, Value::int(1), Value::NONE])?;
        let islice = py.native_type(&ISLICE)?;
        return py.tuple(&[islice.value(), arguments]);
    }
    let arguments = py.tuple(&[o.get(1), o.get(2)])?;
    let total = if o.get(3).is_empty() { Value::NONE } else { o.get(3) };
    py.tuple(&[class, arguments, total])
}
fn accumulate_set_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ACCUMULATE)?;
    deprecated(py)?;
    py.store(o, 3, args.at(1));
    Ok(Value::NONE)
}

/// `v.__copy__`, if it has that.
pub(super) fn copy_method(py: Py<'_>, v: Value) -> R<Option<Value>> {
    let copy = py.intern("__copy__")?;
    py.get_optional(v, copy)
}
