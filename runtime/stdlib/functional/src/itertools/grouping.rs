//! Iterators over groups of neighbours: `groupby`, `pairwise`, `batched`.

use super::deprecated;
use crate::support::{class_value, exhausted, identity, make, size, state_items};
use python_objects::kind::special;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, list};

pub(super) static GROUPBY: TypeSpec = TypeSpec::values(
    "itertools",
    "groupby",
    6,
    GROUPBY_METHODS,
    "make an iterator that returns consecutive keys and groups from the iterable\n\n  iterable\n    Elements to divide into groups according to the key function.\n  key\n    A function for computing the group category for each element.\n    If the key function is not specified or is None, the element itself\n    is used for grouping.",
)
.inheritable();
/// Words of `groupby`. What is not there yet is EMPTY.
mod word {
    pub(super) const ITERATOR: usize = 1;
    pub(super) const KEY: usize = 2;
    /// Key of the group that was given last.
    pub(super) const TARGET: usize = 3;
    /// Key and value that were read last; the value is EMPTY when a group has given it away.
    pub(super) const CURRENT_KEY: usize = 4;
    pub(super) const CURRENT: usize = 5;
    /// The group that may still read.
    pub(super) const GROUP: usize = 6;
}
static GROUPBY_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, iterable, key=None", groupby_new, "Create and return a new object."),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", groupby_next, "Implement next(self)."),
    Native::method("__reduce__", "self, /", groupby_reduce, "Return state information for pickling."),
    Native::method("__setstate__", "self, state, /", groupby_set_state, "Set state information for unpickling."),
];

fn groupby_new(py: Py<'_>, args: Args<'_>) -> R {
    let iterator = py.iter(args.at(1))?;
    make(py, args.at(0), &GROUPBY, &[iterator, args.opt(2).unwrap_or(Value::NONE)])
}
/// Reads the next item; false at the end.
fn step(py: Py<'_>, o: Object) -> R<bool> {
    let Some(v) = py.next(o.get(word::ITERATOR))? else { return Ok(false) };
    let f = o.get(word::KEY);
    let key = if f == Value::NONE { v } else { py.call(f, &[v])? };
    py.store(o, word::CURRENT, v);
    py.store(o, word::CURRENT_KEY, key);
    Ok(true)
}
fn groupby_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &GROUPBY)?;
    py.store(o, word::GROUP, Value::EMPTY);
    loop {
        let (current, target) = (o.get(word::CURRENT_KEY), o.get(word::TARGET));
        if !current.is_empty() && (target.is_empty() || !py.equal_or_same(target, current)?) {
            break;
        }
        if !step(py, o)? {
            return Ok(special::END);
        }
        py.poll()?;
    }
    let key = o.get(word::CURRENT_KEY);
    py.store(o, word::TARGET, key);
    let group = new_group(py, o, key)?;
    py.tuple(&[key, group])
}
fn new_group(py: Py<'_>, parent: Object, target: Value) -> R {
    let class = py.native_type(&GROUPER)?;
    let group = make(py, class.value(), &GROUPER, &[parent.value(), target])?;
    py.store(parent, word::GROUP, group);
    Ok(group)
}
fn groupby_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &GROUPBY)?;
    deprecated(py)?;
    let class = class_value(py, o);
    let arguments = py.tuple(&[o.get(word::ITERATOR), o.get(word::KEY)])?;
    let state = [o.get(word::CURRENT_KEY), o.get(word::CURRENT), o.get(word::TARGET)];
    if state.iter().any(|v| v.is_empty()) {
        return py.tuple(&[class, arguments]);
    }
    let state = py.tuple(&state)?;
    py.tuple(&[class, arguments, state])
}
fn groupby_set_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &GROUPBY)?;
    deprecated(py)?;
    let state = state_items(py, args.at(1), 3)?;
    py.store(o, word::CURRENT_KEY, state.element(0));
    py.store(o, word::CURRENT, state.element(1));
    py.store(o, word::TARGET, state.element(2));
    Ok(Value::NONE)
}

pub(super) static GROUPER: TypeSpec = TypeSpec::values("itertools", "_grouper", 2, GROUPER_METHODS, "");
/// Fields of a group: the `groupby` it reads from, its key.
static GROUPER_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, parent, tgtkey, /", grouper_new, "Create and return a new object."),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", grouper_next, "Implement next(self)."),
    Native::method("__reduce__", "self, /", grouper_reduce, "Return state information for pickling."),
];

fn grouper_new(py: Py<'_>, args: Args<'_>) -> R {
    let parent = py.native_self(args.at(1), &GROUPBY)?;
    new_group(py, parent, args.at(2))
}
fn grouper_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &GROUPER)?;
    let parent = Object::of(o.get(1));
    if parent.get(word::GROUP) != o.value() {
        return Ok(special::END);
    }
    if parent.get(word::CURRENT).is_empty() && !step(py, parent)? {
        return Ok(special::END);
    }
    if !py.equal_or_same(o.get(2), parent.get(word::CURRENT_KEY))? {
        return Ok(special::END);
    }
    let v = parent.get(word::CURRENT);
    py.store(parent, word::CURRENT, Value::EMPTY);
    // A comparison that read on from the same group has taken the item.
    Ok(if v.is_empty() { special::END } else { v })
}
fn grouper_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &GROUPER)?;
    deprecated(py)?;
    let parent = Object::of(o.get(1));
    if parent.get(word::GROUP) != o.value() {
        return exhausted(py, py.empty_tuple());
    }
    let arguments = py.tuple(&[o.get(1), o.get(2)])?;
    py.tuple(&[class_value(py, o), arguments])
}

pub(super) static PAIRWISE: TypeSpec = TypeSpec::values(
    "itertools",
    "pairwise",
    2,
    PAIRWISE_METHODS,
    "Return an iterator of overlapping pairs taken from the input iterator.\n\n    s -> (s0,s1), (s1,s2), (s2, s3), ...",
)
.inheritable();
/// Fields of `pairwise`: iterator (EMPTY at the end), the item before (EMPTY at the beginning).
static PAIRWISE_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, iterable, /", pairwise_new, "Create and return a new object."),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", pairwise_next, "Implement next(self)."),
];

fn pairwise_new(py: Py<'_>, args: Args<'_>) -> R {
    let iterator = py.iter(args.at(1))?;
    make(py, args.at(0), &PAIRWISE, &[iterator])
}
/// An item of a field's iterator; at its end, or when it fails, the iterator is let go of.
fn next_or_close(py: Py<'_>, o: Object, iterator: Value) -> R<Option<Value>> {
    let r = py.next(iterator);
    if !matches!(r, Ok(Some(_))) {
        py.store(o, 1, Value::EMPTY);
        py.store(o, 2, Value::EMPTY);
    }
    r
}
fn pairwise_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PAIRWISE)?;
    let iterator = o.get(1);
    if iterator.is_empty() {
        return Ok(special::END);
    }
    if o.get(2).is_empty() {
        let Some(first) = next_or_close(py, o, iterator)? else { return Ok(special::END) };
        py.store(o, 2, first);
        if o.get(1).is_empty() {
            // Reading the first item ran this iterator to its end.
            py.store(o, 2, Value::EMPTY);
            return Ok(special::END);
        }
    }
    let old = o.get(2);
    let Some(new) = next_or_close(py, o, iterator)? else { return Ok(special::END) };
    py.store(o, 2, new);
    py.tuple(&[if old.is_empty() { new } else { old }, new])
}

pub(super) static BATCHED: TypeSpec = TypeSpec::values(
    "itertools",
    "batched",
    2,
    BATCHED_METHODS,
    "Batch data into tuples of length n. The last batch may be shorter than n.\n\nLoops over the input iterable and accumulates data into tuples\nup to size n.  The input is consumed lazily, just enough to\nfill a batch.  The result is yielded as soon as a batch is full\nor when the input iterable is exhausted.\n\n    >>> for batch in batched('ABCDEFG', 3):\n    ...     print(batch)\n    ...\n    ('A', 'B', 'C')\n    ('D', 'E', 'F')\n    ('G',)",
)
.inheritable();
/// Fields of `batched`: iterator (EMPTY at the end), size of a batch.
static BATCHED_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, iterable, n", batched_new, "Create and return a new object."),
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", batched_next, "Implement next(self)."),
];

fn batched_new(py: Py<'_>, args: Args<'_>) -> R {
    let n = size(py, args.at(2))?;
    if n < 1 {
        return py.value_error("n must be at least one");
    }
    let iterator = py.iter(args.at(1))?;
    let n = py.int(n)?;
    make(py, args.at(0), &BATCHED, &[iterator, n])
}
fn batched_next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &BATCHED)?;
    let iterator = o.get(1);
    if iterator.is_empty() {
        return Ok(special::END);
    }
    let n = python_objects::int::to_i64(o.get(2)).unwrap_or(i64::MAX) as usize;
    let batch = py.new_list(n.min(64))?;
    while list::length(batch) < n {
        match py.next(iterator) {
            Ok(Some(v)) => py.list_push(batch, v)?,
            Ok(None) => {
                py.store(o, 1, Value::EMPTY);
                break;
            }
            Err(stop) => {
                py.store(o, 1, Value::EMPTY);
                return Err(stop);
            }
        }
        py.poll()?;
    }
    if list::length(batch) == 0 {
        return Ok(special::END);
    }
    py.list_to_tuple(batch)
}
