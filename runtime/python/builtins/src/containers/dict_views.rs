//! `dict_keys`, `dict_values` and `dict_items`: word 1 of each is the dictionary.

use crate::containers::set_operations;
use crate::wrappers;
use python_objects::compare::CompareOp;
use python_objects::kind::{class, shape, special};
use python_objects::{Args, Kind, Native, Object, Py, R, Value, dict, set};

/// The dictionary of a view.
fn dict_of(py: Py<'_>, v: Value) -> R<Object> {
    match Object::from_value(v).filter(|o| is_view(py.object_kind(*o))) {
        Some(o) => Ok(Object::of(o.get(1))),
        None => Err(wrappers::wrong_this(py, v, Kind::DICT_KEYS)),
    }
}
fn is_view(kind: Kind) -> bool {
    kind == Kind::DICT_VALUES || is_set_like(kind)
}
fn is_set_like(kind: Kind) -> bool {
    kind == Kind::DICT_KEYS || kind == Kind::DICT_ITEMS
}
fn is_any_set(kind: Kind) -> bool {
    kind == Kind::SET || kind == Kind::FROZENSET
}

fn mapping(py: Py<'_>, args: Args<'_>) -> R {
    let d = dict_of(py, args.at(0))?;
    Ok(py.new_object(shape::MAPPINGPROXY, 2, &[d.value()])?.value())
}
fn reversed_keys(py: Py<'_>, args: Args<'_>) -> R {
    py.dict_iterator(shape::DICT_REVERSE_KEY_ITERATOR, dict_of(py, args.at(0))?)
}
fn reversed_values(py: Py<'_>, args: Args<'_>) -> R {
    py.dict_iterator(shape::DICT_REVERSE_VALUE_ITERATOR, dict_of(py, args.at(0))?)
}
fn reversed_items(py: Py<'_>, args: Args<'_>) -> R {
    py.dict_iterator(shape::DICT_REVERSE_ITEM_ITERATOR, dict_of(py, args.at(0))?)
}
/// `item in view`, for keys and items.
fn holds(py: Py<'_>, view: Value, item: Value) -> R<bool> {
    let d = dict_of(py, view)?;
    if py.kind(view) == Kind::DICT_KEYS {
        return Ok(py.dict_get(d, item)?.is_some());
    }
    match py.as_tuple(item) {
        Some(pair) if pair.length() == 2 => match py.dict_get(d, pair.element(0))? {
            Some(v) => py.equal_or_same(v, pair.element(1)),
            None => Ok(false),
        },
        _ => Ok(false),
    }
}
fn contains(py: Py<'_>, args: Args<'_>) -> R {
    holds(py, args.at(0), args.at(1)).map(Value::bool)
}
/// Are all items of `a` in `b`?
fn all_in(py: Py<'_>, a: Value, b: Value) -> R<bool> {
    let iterator = py.iter(a)?;
    while let Some(v) = py.next(iterator)? {
        if !py.contains(b, v)? {
            return Ok(false);
        }
    }
    Ok(true)
}
fn compare(py: Py<'_>, op: CompareOp, args: Args<'_>) -> R {
    let (a, b) = (args.at(0), args.at(1));
    let n = dict::length(dict_of(py, a)?);
    let kind = py.kind(b);
    if !is_any_set(kind) && !is_set_like(kind) {
        return Ok(special::NOT_IMPLEMENTED);
    }
    let m = py.length(b)?;
    Ok(Value::bool(match op {
        CompareOp::Eq => n == m && all_in(py, a, b)?,
        CompareOp::Ne => !(n == m && all_in(py, a, b)?),
        CompareOp::Lt => n < m && all_in(py, a, b)?,
        CompareOp::Le => n <= m && all_in(py, a, b)?,
        CompareOp::Gt => n > m && all_in(py, b, a)?,
        CompareOp::Ge => n >= m && all_in(py, b, a)?,
    }))
}

/// A set of a value's items; keys come straight from the dictionary, as CPython's tables show.
fn to_set(py: Py<'_>, v: Value) -> R<Object> {
    let from = if py.kind(v) == Kind::DICT_KEYS { Object::of(v).get(1) } else { v };
    let s = py.empty_set()?;
    set_operations::update(py, s, from)?;
    Ok(s)
}
fn and(py: Py<'_>, args: Args<'_>) -> R {
    intersection(py, args.at(0), args.at(1))
}
fn rand(py: Py<'_>, args: Args<'_>) -> R {
    intersection(py, args.at(0), args.at(1))
}
fn intersection(py: Py<'_>, mut view: Value, mut other: Value) -> R {
    let n = dict::length(dict_of(py, view)?);
    if let Some(o) = Object::from_value(other) {
        if o.shape() == shape::SET && n <= set::length(o) {
            return set_operations::intersection(py, o, view).map(Object::value);
        }
        if is_set_like(py.object_kind(o)) && dict::length(Object::of(o.get(1))) > n {
            std::mem::swap(&mut view, &mut other);
        }
    }
    let s = py.empty_set()?;
    let iterator = py.iter(other)?;
    while let Some(v) = py.next(iterator)? {
        if holds(py, view, v)? {
            py.set_add(s, v)?;
        }
    }
    Ok(s.value())
}
fn union(py: Py<'_>, a: Value, b: Value) -> R {
    let s = to_set(py, a)?;
    set_operations::update(py, s, b)?;
    Ok(s.value())
}
fn or(py: Py<'_>, args: Args<'_>) -> R {
    union(py, args.at(0), args.at(1))
}
fn ror(py: Py<'_>, args: Args<'_>) -> R {
    union(py, args.at(1), args.at(0))
}
fn difference(py: Py<'_>, a: Value, b: Value) -> R {
    let s = to_set(py, a)?;
    set_operations::difference_update(py, s, b)?;
    Ok(s.value())
}
fn sub(py: Py<'_>, args: Args<'_>) -> R {
    difference(py, args.at(0), args.at(1))
}
fn rsub(py: Py<'_>, args: Args<'_>) -> R {
    difference(py, args.at(1), args.at(0))
}
fn symmetric_difference(py: Py<'_>, a: Value, b: Value) -> R {
    let s = to_set(py, a)?;
    set_operations::symmetric_difference_update(py, s, b)?;
    Ok(s.value())
}
fn xor(py: Py<'_>, args: Args<'_>) -> R {
    symmetric_difference(py, args.at(0), args.at(1))
}
fn rxor(py: Py<'_>, args: Args<'_>) -> R {
    symmetric_difference(py, args.at(1), args.at(0))
}
fn isdisjoint(py: Py<'_>, args: Args<'_>) -> R {
    let (mut view, mut other) = (args.at(0), args.at(1));
    let n = dict::length(dict_of(py, view)?);
    if view == other {
        return Ok(Value::bool(n == 0));
    }
    let kind = py.kind(other);
    // The shorter one is run through where both can be asked.
    if (is_any_set(kind) || is_set_like(kind)) && py.length(other)? > n {
        std::mem::swap(&mut view, &mut other);
    }
    let iterator = py.iter(other)?;
    while let Some(v) = py.next(iterator)? {
        if py.contains(view, v)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}

static MAPPING: &[Native] = &[Native::getter("mapping", mapping, "dictionary that this view refers to")];
static COMPARISONS: &[Native] = wrappers::comparison_methods!(compare);
static SET_LIKE: &[Native] = &[
    Native::wrapper("__contains__", "self, key, /", contains, "Return bool(key in self)."),
    Native::wrapper("__and__", "self, value, /", and, "Return self&value."),
    Native::wrapper("__rand__", "self, value, /", rand, "Return value&self."),
    Native::wrapper("__or__", "self, value, /", or, "Return self|value."),
    Native::wrapper("__ror__", "self, value, /", ror, "Return value|self."),
    Native::wrapper("__sub__", "self, value, /", sub, "Return self-value."),
    Native::wrapper("__rsub__", "self, value, /", rsub, "Return value-self."),
    Native::wrapper("__xor__", "self, value, /", xor, "Return self^value."),
    Native::wrapper("__rxor__", "self, value, /", rxor, "Return value^self."),
    Native::method(
        "isdisjoint",
        "self, iterable, /",
        isdisjoint,
        "Return True if the view and the given iterable have a null intersection.",
    ),
];
static KEYS: &[Native] =
    &[Native::method("__reversed__", "self, /", reversed_keys, "Return a reverse iterator over the dict keys.")];
static VALUES: &[Native] =
    &[Native::method("__reversed__", "self, /", reversed_values, "Return a reverse iterator over the dict values.")];
static ITEMS: &[Native] =
    &[Native::method("__reversed__", "self, /", reversed_items, "Return a reverse iterator over the dict items.")];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    use wrappers::{ITER, LEN, REPR};
    wrappers::add(py, class::DICT_KEYS, &[SET_LIKE, COMPARISONS, KEYS, MAPPING, ITER, LEN, REPR])?;
    wrappers::add(py, class::DICT_ITEMS, &[SET_LIKE, COMPARISONS, ITEMS, MAPPING, ITER, LEN, REPR])?;
    wrappers::add(py, class::DICT_VALUES, &[VALUES, MAPPING, ITER, LEN, REPR])?;
    wrappers::unhashable(py, class::DICT_KEYS)?;
    wrappers::unhashable(py, class::DICT_ITEMS)
}
