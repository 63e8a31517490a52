//! The classes `enumerate`, `zip`, `map`, `filter` and `reversed`. For their words see [`python_objects::combine`].

use crate::iterators::reduced;
use crate::wrappers::{self, this};
use python_objects::kind::{class, special};
use python_objects::symbol::sym;
use python_objects::{Args, Kind, Native, Object, Py, R, Value, dict};

fn next(py: Py<'_>, args: Args<'_>) -> R {
    match Object::from_value(args.at(0)).filter(|o| python_objects::combine::is_combined(py.object_kind(*o))) {
        Some(o) => Ok(py.next_combined(o)?.unwrap_or(special::END)),
        None => Err(wrappers::wrong_this(py, args.at(0), Kind::ENUMERATE)),
    }
}
fn itself(_: Py<'_>, args: Args<'_>) -> R {
    Ok(args.at(0))
}
/// The class of argument 0, as `__reduce__` names it.
fn class_of(py: Py<'_>, args: Args<'_>) -> Value {
    py.class_of(args.at(0)).value()
}
/// A tuple of iterators over values.
fn iterators(py: Py<'_>, over: Object, from: usize) -> R<Object> {
    let t = py.new_tuple(over.length() - from)?;
    for i in from..over.length() {
        let iterator = py.iter(over.element(i))?;
        py.heap().store_element(t, i - from, iterator);
    }
    Ok(t)
}

// ---- enumerate

fn enumerate_new(py: Py<'_>, args: Args<'_>) -> R {
    let cls = wrappers::new_class(py, args.at(0), class::ENUMERATE)?;
    let start = match args.opt(2) {
        Some(v) => py.index(v)?,
        None => Value::int(0),
    };
    let Some(iterable) = args.opt(1) else {
        return py.type_error("enumerate() missing required argument 'iterable'");
    };
    let iterator = py.iter(iterable)?;
    let o = py.alloc_instance(cls)?;
    o.init(1, start);
    o.init(2, iterator);
    Ok(o.value())
}
fn enumerate_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args, Kind::ENUMERATE)?;
    reduced(py, class_of(py, args), &[o.get(2), o.get(1)], None)
}

// ---- zip

fn zip_new(py: Py<'_>, args: Args<'_>) -> R {
    let cls = wrappers::new_class(py, args.at(0), class::ZIP)?;
    let strict = strictness(py, args)?;
    let iterators = iterators(py, Object::of(args.at(1)), 0)?;
    let o = py.alloc_instance(cls)?;
    o.init(1, iterators.value());
    o.init(2, Value::bool(strict));
    Ok(o.value())
}
/// `strict=` among the keywords in slot 2, which may hold nothing else.
fn strictness(py: Py<'_>, args: Args<'_>) -> R<bool> {
    let Some(keywords) = args.opt(2).and_then(Object::from_value) else { return Ok(false) };
    let (mut i, mut strict) = (0, Value::FALSE);
    while let Some((at, key, value)) = dict::next_entry(keywords, i) {
        i = at + 1;
        let key = py.str_text(key)?;
        if key != "strict" {
            return py.type_error(&format!("'{key}' is an invalid keyword argument for zip()"));
        }
        strict = value;
    }
    py.truth(strict)
}
fn zip_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args, Kind::ZIP)?;
    match o.get(2) {
        Value::TRUE => py.tuple(&[class_of(py, args), o.get(1), Value::TRUE]),
        _ => py.tuple(&[class_of(py, args), o.get(1)]),
    }
}
fn zip_setstate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args, Kind::ZIP)?;
    let strict = py.truth(args.at(1))?;
    py.store(o, 2, Value::bool(strict));
    Ok(Value::NONE)
}

// ---- map

fn map_new(py: Py<'_>, args: Args<'_>) -> R {
    let cls = wrappers::new_class(py, args.at(0), class::MAP)?;
    wrappers::no_keywords_to_new(py, cls, class::MAP, args, 2)?;
    let given = Object::of(args.at(1));
    if given.length() < 2 {
        return py.type_error("map() must have at least two arguments.");
    }
    let iterators = iterators(py, given, 1)?;
    let o = py.alloc_instance(cls)?;
    o.init(1, given.element(0));
    o.init(2, iterators.value());
    Ok(o.value())
}
fn map_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args, Kind::MAP)?;
    let (f, iterators) = (o.get(1), Object::of(o.get(2)));
    let arguments = py.tuple_with(1 + iterators.length(), |i| if i == 0 { f } else { iterators.element(i - 1) })?;
    py.tuple(&[class_of(py, args), arguments])
}

// ---- filter

fn filter_new(py: Py<'_>, args: Args<'_>) -> R {
    let cls = wrappers::new_class(py, args.at(0), class::FILTER)?;
    wrappers::no_keywords_to_new(py, cls, class::FILTER, args, 3)?;
    let iterator = py.iter(args.at(2))?;
    let o = py.alloc_instance(cls)?;
    o.init(1, args.at(1));
    o.init(2, iterator);
    Ok(o.value())
}
fn filter_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args, Kind::FILTER)?;
    reduced(py, class_of(py, args), &[o.get(1), o.get(2)], None)
}

// ---- reversed

fn reversed_new(py: Py<'_>, args: Args<'_>) -> R {
    let cls = wrappers::new_class(py, args.at(0), class::REVERSED)?;
    wrappers::no_keywords_to_new(py, cls, class::REVERSED, args, 2)?;
    let sequence = wrappers::positional(py, args, 1, "reversed", 1, 1)?.element(0);
    let class = py.class_of(sequence);
    let hook = py.lookup(class, sym::REVERSED);
    if let Some(f) = hook
        && f != Value::NONE
    {
        return py.call_descriptor(f, sequence, class, &[]);
    }
    if hook.is_some() || py.kind(sequence) == Kind::DICT || py.lookup(class, sym::GETITEM).is_none() {
        return py.type_error(&format!("'{}' object is not reversible", py.class_name(sequence)));
    }
    let n = py.length(sequence)?;
    let o = py.alloc_instance(cls)?;
    o.set_word(1, (n as i64 - 1) as u64);
    o.init(2, sequence);
    Ok(o.value())
}
fn reversed_length_hint(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args, Kind::REVERSED)?;
    if o.get(2).is_empty() {
        return py.int(0);
    }
    let (n, left) = (py.length(o.get(2))? as i64, o.word(1) as i64 + 1);
    py.int(if n < left { 0 } else { left })
}
fn reversed_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args, Kind::REVERSED)?;
    if o.get(2).is_empty() {
        return reduced(py, class_of(py, args), &[py.empty_tuple()], None);
    }
    reduced(py, class_of(py, args), &[o.get(2)], Some(py.int(o.word(1) as i64)?))
}
fn reversed_setstate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args, Kind::REVERSED)?;
    let i = py.index_i64(args.at(1))?;
    if !o.get(2).is_empty() {
        let n = py.length(o.get(2))? as i64;
        o.set_word(1, i.max(-1).min(n - 1) as u64);
    }
    Ok(Value::NONE)
}

const REDUCE: &str = "Return state information for pickling.";

static ITERATOR: &[Native] = &[
    Native::wrapper("__iter__", "self, /", itself, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
];
static ENUMERATE: &[Native] = &[
    Native::static_method("__new__", "cls, iterable=NULL, start=0", enumerate_new, "Create and return a new object."),
    Native::method("__reduce__", "self, /", enumerate_reduce, REDUCE),
];
static ZIP: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", zip_new, "Create and return a new object."),
    Native::method("__reduce__", "self, /", zip_reduce, REDUCE),
    Native::method("__setstate__", "self, state, /", zip_setstate, "Set state information for unpickling."),
];
static MAP: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", map_new, "Create and return a new object."),
    Native::method("__reduce__", "self, /", map_reduce, REDUCE),
];
static FILTER: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, function, iterable, /, **kwargs",
        filter_new,
        "Create and return a new object.",
    ),
    Native::method("__reduce__", "self, /", filter_reduce, REDUCE),
];
static REVERSED: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", reversed_new, "Create and return a new object."),
    Native::method(
        "__length_hint__",
        "self, /",
        reversed_length_hint,
        "Private method returning an estimate of len(list(it)).",
    ),
    Native::method("__reduce__", "self, /", reversed_reduce, REDUCE),
    Native::method("__setstate__", "self, state, /", reversed_setstate, "Set state information for unpickling."),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    wrappers::add(py, class::ENUMERATE, &[ITERATOR, ENUMERATE, wrappers::CLASS_GETITEM])?;
    wrappers::add(py, class::ZIP, &[ITERATOR, ZIP])?;
    wrappers::add(py, class::MAP, &[ITERATOR, MAP])?;
    wrappers::add(py, class::FILTER, &[ITERATOR, FILTER])?;
    wrappers::add(py, class::REVERSED, &[ITERATOR, REVERSED])?;
    wrappers::document(
        py,
        class::ENUMERATE,
        "Return an enumerate object.\n\n  iterable\n    an object supporting iteration\n\nThe enumerate object yields \
         pairs containing a count (from start, which\ndefaults to zero) and a value yielded by the iterable argument.",
    )?;
    wrappers::document(
        py,
        class::ZIP,
        "zip(*iterables, strict=False) --> Yield tuples until an input is exhausted.\n\nIf one iterable ends before \
         another, zip stops, or raises a ValueError if strict is true.\n\n>>> list(zip('ab', range(5), strict=False))\n[('a', 0), ('b', 1)]",
    )?;
    wrappers::document(
        py,
        class::MAP,
        "map(func, *iterables) --> map object\n\nMake an iterator that computes the function using arguments from\neach \
         of the iterables.  Stops when the shortest iterable is exhausted.",
    )?;
    wrappers::document(
        py,
        class::FILTER,
        "filter(function or None, iterable) --> filter object\n\nReturn an iterator yielding those items of iterable for \
         which function(item)\nis true. If function is None, return the items that are true.",
    )?;
    wrappers::document(py, class::REVERSED, "Return a reverse iterator over the values of the given sequence.")
}
