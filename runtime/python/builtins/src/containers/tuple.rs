//! `tuple`

use crate::wrappers;
use python_objects::kind::class;
use python_objects::{Args, Kind, Native, Object, Py, R, Value};

/// The exact tuple of argument 0.
fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.as_tuple(args.at(0)) {
        Some(t) => Ok(t),
        None => Err(wrappers::wrong_this(py, args.at(0), Kind::TUPLE)),
    }
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let cls = wrappers::new_class(py, args.at(0), class::TUPLE)?;
    wrappers::no_keywords_to_new(py, cls, class::TUPLE, args, 2)?;
    let exact = match args.opt(1) {
        Some(iterable) => py.tuple_from(iterable)?.value(),
        None => py.empty_tuple(),
    };
    py.box_instance(cls, exact)
}
fn getnewargs(py: Py<'_>, args: Args<'_>) -> R {
    let t = this(py, args)?;
    py.tuple(&[t.value()])
}
fn getitem(py: Py<'_>, args: Args<'_>) -> R {
    let (t, key) = (this(py, args)?, args.at(1));
    if let Some(slice) = py.as_slice(key) {
        let s = py.slice_indices(slice, t.length())?;
        return match s.step {
            1 => py.tuple_slice(t, s.range().start, s.range().end),
            _ => py.tuple_with(s.count, |i| t.element(s.at(i))),
        };
    }
    let i = wrappers::sequence_index(py, key, "tuple")?;
    let i = py.checked_index(i, t.length(), "tuple index out of range")?;
    Ok(t.element(i))
}
fn contains(py: Py<'_>, args: Args<'_>) -> R {
    let t = this(py, args)?;
    for i in 0..t.length() {
        if py.equal_or_same(t.element(i), args.at(1))? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}
fn count(py: Py<'_>, args: Args<'_>) -> R {
    let t = this(py, args)?;
    let mut found = 0;
    for i in 0..t.length() {
        found += usize::from(py.equal_or_same(t.element(i), args.at(1))?);
    }
    py.int_usize(found)
}
fn index(py: Py<'_>, args: Args<'_>) -> R {
    let t = this(py, args)?;
    let (start, stop) = wrappers::search_bounds(py, args, 2, t.length())?;
    for i in start..stop.min(t.length()) {
        if py.equal_or_same(t.element(i), args.at(1))? {
            return py.int_usize(i);
        }
    }
    py.value_error("tuple.index(x): x not in tuple")
}
fn add(py: Py<'_>, args: Args<'_>) -> R {
    let t = this(py, args)?;
    match py.as_tuple(args.at(1)) {
        Some(other) => py.concat_tuples(t, other),
        None => {
            let given = py.class_name(args.at(1));
            py.type_error(&format!("can only concatenate tuple (not \"{given}\") to tuple"))
        }
    }
}
fn mul(py: Py<'_>, args: Args<'_>) -> R {
    let t = this(py, args)?;
    let times = wrappers::repetitions(py, args.at(1))?;
    let n = t.length();
    match n.checked_mul(times) {
        Some(0) => Ok(py.empty_tuple()),
        _ if times == 1 => Ok(t.value()),
        Some(total) => py.tuple_with(total, |i| t.element(i % n)),
        None => Err(py.out_of_memory(vm_api::heap::OutOfMemory)),
    }
}

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, iterable=(), /, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__getitem__", "self, key, /", getitem, "Return self[key]."),
    Native::wrapper("__contains__", "self, key, /", contains, "Return bool(key in self)."),
    Native::wrapper("__add__", "self, value, /", add, "Return self+value."),
    Native::wrapper("__mul__", "self, value, /", mul, "Return self*value."),
    Native::wrapper("__rmul__", "self, value, /", mul, "Return value*self."),
    Native::method("__getnewargs__", "self, /", getnewargs, ""),
    Native::method("count", "self, value, /", count, "Return number of occurrences of value."),
    Native::method(
        "index",
        "self, value, start=0, stop=9223372036854775807, /",
        index,
        "Return first index of value.\n\nRaises ValueError if the value is not present.",
    ),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    use wrappers::{CLASS_GETITEM, COMPARISONS, HASH, ITER, LEN, REPR};
    wrappers::add(py, class::TUPLE, &[METHODS, COMPARISONS, HASH, ITER, LEN, REPR, CLASS_GETITEM])?;
    wrappers::document(
        py,
        class::TUPLE,
        "Built-in immutable sequence.\n\nIf no argument is given, the constructor returns an empty tuple.\nIf iterable is \
         specified the tuple is initialized from iterable's items.\n\nIf the argument is a tuple, the return value is the \
         same object.",
    )
}
