//! `deque`: making, looking, comparing. What changes one is in `deque_changes`.

use super::deque_changes as changes;
use super::deque_iterators as iterators;
use super::ring;
use crate::support::class_getitem;
use python_objects::compare::CompareOp;
use python_objects::kind::special;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value};

pub(super) static DEQUE: TypeSpec = TypeSpec::new(
    "collections",
    "deque",
    ring::LAYOUT,
    METHODS,
    "deque([iterable[, maxlen]]) --> deque object\n\nA list-like sequence optimized for data accesses near its endpoints.",
)
.inheritable()
.weakly_referenced();

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__init__", "self, /, iterable=(), maxlen=None", changes::init, "Initialize self."),
    Native::wrapper("__iter__", "self, /", iterators::forward, "Implement iter(self)."),
    Native::method("__reversed__", "self, /", iterators::reverse, "Return a reverse iterator over the deque."),
    Native::wrapper("__len__", "self, /", len, "Return len(self)."),
    Native::wrapper("__getitem__", "self, key, /", getitem, "Return self[key]."),
    Native::wrapper("__setitem__", "self, key, value, /", changes::setitem, "Set self[key] to value."),
    Native::wrapper("__delitem__", "self, key, /", changes::delitem, "Delete self[key]."),
    Native::wrapper("__contains__", "self, key, /", contains, "Return bool(key in self)."),
    Native::wrapper("__add__", "self, value, /", add, "Return self+value."),
    Native::wrapper("__mul__", "self, value, /", changes::mul, "Return self*value."),
    Native::wrapper("__rmul__", "self, value, /", changes::mul, "Return value*self."),
    Native::wrapper("__iadd__", "self, value, /", changes::iadd, "Implement self+=value."),
    Native::wrapper("__imul__", "self, value, /", changes::imul, "Implement self*=value."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__lt__", "self, value, /", |py, args| compare(py, args, CompareOp::Lt), "Return self<value."),
    Native::wrapper("__le__", "self, value, /", |py, args| compare(py, args, CompareOp::Le), "Return self<=value."),
    Native::wrapper("__eq__", "self, value, /", |py, args| compare(py, args, CompareOp::Eq), "Return self==value."),
    Native::wrapper("__ne__", "self, value, /", |py, args| compare(py, args, CompareOp::Ne), "Return self!=value."),
    Native::wrapper("__gt__", "self, value, /", |py, args| compare(py, args, CompareOp::Gt), "Return self>value."),
    Native::wrapper("__ge__", "self, value, /", |py, args| compare(py, args, CompareOp::Ge), "Return self>=value."),
    Native::method("append", "self, item, /", changes::append, "Add an element to the right side of the deque."),
    Native::method("appendleft", "self, item, /", changes::appendleft, "Add an element to the left side of the deque."),
    Native::method("clear", "self, /", changes::clear, "Remove all elements from the deque."),
    Native::method("copy", "self, /", copy, "Return a shallow copy of a deque."),
    Native::method("__copy__", "self, /", copy, "Return a shallow copy of a deque."),
    Native::method("count", "self, value, /", count, "Return number of occurrences of value."),
    Native::method(
        "extend",
        "self, iterable, /",
        changes::extend,
        "Extend the right side of the deque with elements from the iterable.",
    ),
    Native::method(
        "extendleft",
        "self, iterable, /",
        changes::extendleft,
        "Extend the left side of the deque with elements from the iterable.",
    ),
    Native::method(
        "index",
        "self, value, start=0, stop=sys.maxsize, /",
        index,
        "Return first index of value.\n\nRaises ValueError if the value is not present.",
    ),
    Native::method("insert", "self, index, value, /", changes::insert, "Insert value before index."),
    Native::method("pop", "self, /", changes::pop, "Remove and return the rightmost element."),
    Native::method("popleft", "self, /", changes::popleft, "Remove and return the leftmost element."),
    Native::method("remove", "self, value, /", changes::remove, "Remove first occurrence of value."),
    Native::method("reverse", "self, /", changes::reverse, "Reverse *IN PLACE*."),
    Native::method(
        "rotate",
        "self, n=1, /",
        changes::rotate,
        "Rotate the deque n steps to the right.  If n is negative, rotates left.",
    ),
    Native::method("__reduce__", "self, /", reduce, "Return state information for pickling."),
    Native::method("__sizeof__", "self, /", sizeof, "Return the size of the deque in memory, in bytes."),
    Native::class_method("__class_getitem__", "cls, item, /", class_getitem, "See PEP 585"),
    Native::getter("maxlen", maxlen, "maximum size of a deque or None if unbounded"),
];

pub(super) fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &DEQUE)
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.new_native_of(args.at(0), &DEQUE)?;
    ring::reset(py, o, None);
    Ok(o.value())
}
/// An empty deque of the exact type with this greatest length.
pub(super) fn new_exact(py: Py<'_>, maximum: Option<usize>) -> R<Object> {
    let o = py.new_native(&DEQUE)?;
    ring::reset(py, o, maximum);
    Ok(o)
}
fn maximum_value(py: Py<'_>, o: Object) -> R {
    ring::maximum(o).map_or(Ok(Value::NONE), |m| py.int_usize(m))
}
fn maxlen(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    maximum_value(py, o)
}
fn len(py: Py<'_>, args: Args<'_>) -> R {
    py.int_usize(ring::length(this(py, args)?))
}
/// The place that an index means.
pub(super) fn place(py: Py<'_>, o: Object, key: Value) -> R<usize> {
    if py.as_int(key).is_none() && py.special(key, python_objects::symbol::sym::INDEX).is_none() {
        return py.type_error(&format!("sequence index must be integer, not '{}'", py.class_name(key)));
    }
    let i = py.index_fitting(key, Exc::IndexError)?;
    py.checked_index(i, ring::length(o), "deque index out of range")
}
fn getitem(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let i = place(py, o, args.at(1))?;
    Ok(ring::get(o, i).unwrap_or(Value::NONE))
}
/// Runs `f` on each item and its index until that is true; RuntimeError if the deque changes meanwhile.
fn search(py: Py<'_>, o: Object, from: usize, to: usize, mut f: impl FnMut(Value) -> R<bool>) -> R<Option<usize>> {
    let before = ring::changes(o);
    for i in from..to {
        let Some(v) = ring::get(o, i) else { break };
        if f(v)? {
            return Ok(Some(i));
        }
        if ring::changes(o) != before {
            return py.err(Exc::RuntimeError, "deque mutated during iteration");
        }
        if i & 0xFFF == 0 {
            py.poll()?;
        }
    }
    Ok(None)
}
fn contains(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let found = search(py, o, 0, usize::MAX, |v| py.equal_or_same(v, args.at(1)))?;
    Ok(Value::bool(found.is_some()))
}
fn count(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut n = 0;
    search(py, o, 0, usize::MAX, |v| {
        n += usize::from(py.equal_or_same(v, args.at(1))?);
        Ok(false)
    })?;
    py.int_usize(n)
}
fn index(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let bound = |i: usize, default: i64| args.opt(i).map_or(Ok(default), |v| py.slice_index(v));
    let (start, stop) = (bound(2, 0)?, bound(3, i64::MAX)?);
    let n = ring::length(o) as i64;
    let fitted = |i: i64| if i < 0 { i.saturating_add(n).max(0) } else { i.min(n) } as usize;
    match search(py, o, fitted(start), fitted(stop), |v| py.equal_or_same(v, args.at(1)))? {
        Some(i) => py.int_usize(i),
        None => {
            let shown = py.repr_text(args.at(1))?;
            py.value_error(&format!("{shown} is not in deque"))
        }
    }
}
fn add(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(other) = py.of_kind(args.at(1), DEQUE.kind) else {
        return py.type_error(&format!("can only concatenate deque (not \"{}\") to deque", py.class_name(args.at(1))));
    };
    let sum = Object::of(copy_of(py, o)?);
    let items = ring::to_list(py, other)?;
    changes::extend_with(py, sum, items.value())?;
    Ok(sum.value())
}
pub(super) fn copy_of(py: Py<'_>, o: Object) -> R {
    let class = py.class_of(o.value());
    if class == py.native_type(&DEQUE)? {
        let copy = new_exact(py, ring::maximum(o))?;
        let mut i = 0;
        while let Some(v) = ring::get(o, i) {
            ring::push_right(py, copy, v)?;
            i += 1;
        }
        return Ok(copy.value());
    }
    let r = match ring::maximum(o) {
        None => py.call(class.value(), &[o.value()])?,
        Some(m) => {
            let m = py.int_usize(m)?;
            py.call(class.value(), &[o.value(), m])?
        }
    };
    if py.of_kind(r, DEQUE.kind).is_none() {
        let (given, class) = (py.class_name(r), python_objects::class::name(py, class));
        return py.type_error(&format!("{class}() must return a deque, not {given}"));
    }
    Ok(r)
}
fn copy(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    copy_of(py, o)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut out = Vec::new();
    py.nested(o.value(), &mut out, b"[...]", |py, out| {
        let items = ring::to_list(py, o)?;
        out.extend_from_slice(python_objects::class::name(py, py.class_of(o.value())).as_bytes());
        out.push(b'(');
        py.repr_into(items.value(), out)?;
        if let Some(m) = ring::maximum(o) {
            out.extend_from_slice(format!(", maxlen={m}").as_bytes());
        }
        out.push(b')');
        Ok(())
    })?;
    py.str_from_wtf8(&out).map(Object::value)
}
fn compare(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    let o = this(py, args)?;
    let Some(other) = py.of_kind(args.at(1), DEQUE.kind) else { return Ok(special::NOT_IMPLEMENTED) };
    if matches!(op, CompareOp::Eq | CompareOp::Ne) && ring::length(o) != ring::length(other) {
        return Ok(Value::bool(op == CompareOp::Ne));
    }
    let before = (ring::changes(o), ring::changes(other));
    let mut i = 0;
    loop {
        let (x, y) = match (ring::get(o, i), ring::get(other, i)) {
            (Some(x), Some(y)) => (x, y),
            (x, y) => return Ok(Value::bool(op.holds(x.is_some().cmp(&y.is_some())))),
        };
        if !py.equal_or_same(x, y)? {
            return match op {
                CompareOp::Eq => Ok(Value::FALSE),
                CompareOp::Ne => Ok(Value::TRUE),
                _ => py.rich_compare(op, x, y),
            };
        }
        if (ring::changes(o), ring::changes(other)) != before {
            return py.err(Exc::RuntimeError, "deque mutated during iteration");
        }
        i += 1;
        if i & 0xFFF == 0 {
            py.poll()?;
        }
    }
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let class = py.class_of(o.value()).value();
    let state = match py.attributes_copy(o)? {
        Some(d) if python_objects::dict::length(d) > 0 => d.value(),
        _ => Value::NONE,
    };
    let iterator = py.iter(o.value())?;
    let arguments = match ring::maximum(o) {
        None => py.empty_tuple(),
        Some(_) => {
            let m = maximum_value(py, o)?;
            py.tuple(&[py.empty_tuple(), m])?
        }
    };
    py.tuple(&[class, arguments, state, iterator])
}
fn sizeof(py: Py<'_>, args: Args<'_>) -> R {
    // Six words, and so many in the array.
    py.int_usize(48 + (ring::length(this(py, args)?) + 2) * 8)
}
