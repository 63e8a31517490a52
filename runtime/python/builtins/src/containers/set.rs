//! `set`, and the methods that `frozenset` shares with it.

use crate::containers::set_operations as operations;
use crate::wrappers::{self, this};
use python_objects::kind::{class, shape, special};
use python_objects::native::Intrinsic;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value, set};

/// Argument 0 as a set of either type.
fn either(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.as_any_set(args.at(0)) {
        Some(s) => Ok(s),
        None => Err(wrappers::wrong_this(py, args.at(0), Kind::SET)),
    }
}
fn set_of(py: Py<'_>, args: Args<'_>) -> R<Object> {
    this(py, args, Kind::SET)
}
/// The iterables in slot 1.
fn others(args: Args<'_>) -> impl Iterator<Item = Value> {
    python_objects::native::variadic(args, 1)
}

// ---- shared with `frozenset`

fn contains(py: Py<'_>, args: Args<'_>) -> R {
    let s = either(py, args)?;
    by_key(py, args.at(1), |key| py.set_contains(s, key)).map(Value::bool)
}
/// Runs `f` on a key; a set, which has no hash, stands for the frozenset of its items.
fn by_key(py: Py<'_>, key: Value, f: impl Fn(Value) -> R<bool>) -> R<bool> {
    let r = f(key);
    if r.is_err()
        && let Some(s) = py.of_kind(key, Kind::SET)
        && py.catch(Exc::TypeError).is_some()
    {
        let frozen = py.new_set(shape::FROZENSET)?;
        py.set_merge(frozen, s)?;
        return f(frozen.value());
    }
    r
}
fn copy(py: Py<'_>, args: Args<'_>) -> R {
    let s = either(py, args)?;
    if s.shape() == shape::FROZENSET {
        return Ok(s.value());
    }
    Ok(operations::copy(py, s)?.value())
}
fn union(py: Py<'_>, args: Args<'_>) -> R {
    let s = either(py, args)?;
    let r = operations::copy(py, s)?;
    for other in others(args).filter(|o| *o != s.value()) {
        operations::update(py, r, other)?;
    }
    Ok(r.value())
}
fn intersection(py: Py<'_>, args: Args<'_>) -> R {
    let s = either(py, args)?;
    let mut r = None;
    for other in others(args) {
        r = Some(operations::intersection(py, r.unwrap_or(s), other)?);
    }
    match r {
        Some(r) => Ok(r.value()),
        None => Ok(operations::copy(py, s)?.value()),
    }
}
fn difference(py: Py<'_>, args: Args<'_>) -> R {
    let s = either(py, args)?;
    let mut r = None;
    for other in others(args) {
        match r {
            None => r = Some(operations::difference(py, s, other)?),
            Some(r) => operations::difference_update(py, r, other)?,
        }
    }
    match r {
        Some(r) => Ok(r.value()),
        None => Ok(operations::copy(py, s)?.value()),
    }
}
fn symmetric_difference(py: Py<'_>, args: Args<'_>) -> R {
    Ok(operations::symmetric_difference(py, either(py, args)?, args.at(1))?.value())
}
fn isdisjoint(py: Py<'_>, args: Args<'_>) -> R {
    operations::is_disjoint(py, either(py, args)?, args.at(1)).map(Value::bool)
}
fn issubset(py: Py<'_>, args: Args<'_>) -> R {
    let s = either(py, args)?;
    match py.as_any_set(args.at(1)) {
        Some(other) => Ok(Value::bool(set::length(s) <= set::length(other) && py.is_subset(s, other)?)),
        None => {
            let common = operations::intersection(py, s, args.at(1))?;
            Ok(Value::bool(set::length(common) == set::length(s)))
        }
    }
}
fn issuperset(py: Py<'_>, args: Args<'_>) -> R {
    let s = either(py, args)?;
    if let Some(other) = py.as_any_set(args.at(1)) {
        return Ok(Value::bool(set::length(other) <= set::length(s) && py.is_subset(other, s)?));
    }
    let iterator = py.iter(args.at(1))?;
    while let Some(v) = py.next(iterator)? {
        if !py.set_contains(s, v)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}
/// Both operands as sets, in the order in which they are written; `None` if one is none.
fn operands(py: Py<'_>, a: Value, b: Value) -> Option<(Object, Object)> {
    Some((py.as_any_set(a)?, py.as_any_set(b)?))
}
type Operation = fn(Py<'_>, Object, Value) -> R<Object>;
fn operate(py: Py<'_>, a: Value, b: Value, f: Operation) -> R {
    match operands(py, a, b) {
        Some((a, b)) => f(py, a, b.value()).map(Object::value),
        None => Ok(special::NOT_IMPLEMENTED),
    }
}
fn united(py: Py<'_>, s: Object, other: Value) -> R<Object> {
    let r = operations::copy(py, s)?;
    if s.value() != other {
        operations::update(py, r, other)?;
    }
    Ok(r)
}
fn or(py: Py<'_>, args: Args<'_>) -> R {
    operate(py, args.at(0), args.at(1), united)
}
fn ror(py: Py<'_>, args: Args<'_>) -> R {
    operate(py, args.at(1), args.at(0), united)
}
fn and(py: Py<'_>, args: Args<'_>) -> R {
    operate(py, args.at(0), args.at(1), operations::intersection)
}
fn rand(py: Py<'_>, args: Args<'_>) -> R {
    operate(py, args.at(1), args.at(0), operations::intersection)
}
fn sub(py: Py<'_>, args: Args<'_>) -> R {
    operate(py, args.at(0), args.at(1), operations::difference)
}
fn rsub(py: Py<'_>, args: Args<'_>) -> R {
    operate(py, args.at(1), args.at(0), operations::difference)
}
fn xor(py: Py<'_>, args: Args<'_>) -> R {
    operate(py, args.at(0), args.at(1), operations::symmetric_difference)
}
fn rxor(py: Py<'_>, args: Args<'_>) -> R {
    operate(py, args.at(1), args.at(0), operations::symmetric_difference)
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let s = either(py, args)?;
    let items = py.list_from(s.value())?;
    let arguments = py.tuple(&[items.value()])?;
    let state = py.call_method(s.value(), sym::GETSTATE, &[])?;
    py.tuple(&[py.class_of(s.value()).value(), arguments, state])
}
fn sizeof(py: Py<'_>, args: Args<'_>) -> R {
    let s = either(py, args)?;
    // CPython's sets hold their smallest table themselves; an entry is two words.
    let slots = set::slots(s);
    py.int_usize(200 + if slots > 8 { 16 * slots } else { 0 })
}

// ---- of `set` alone

fn new(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.alloc_instance(wrappers::new_class(py, args.at(0), class::SET)?)?.value())
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    let s = set_of(py, args)?;
    wrappers::no_keywords(py, args, 2, "set")?;
    py.set_clear(s);
    if let Some(iterable) = args.opt(1) {
        operations::update(py, s, iterable)?;
    }
    Ok(Value::NONE)
}
fn add(py: Py<'_>, args: Args<'_>) -> R {
    py.set_add(set_of(py, args)?, args.at(1))?;
    Ok(Value::NONE)
}
fn clear(py: Py<'_>, args: Args<'_>) -> R {
    py.set_clear(set_of(py, args)?);
    Ok(Value::NONE)
}
fn discard(py: Py<'_>, args: Args<'_>) -> R {
    let s = set_of(py, args)?;
    by_key(py, args.at(1), |key| py.set_discard(s, key))?;
    Ok(Value::NONE)
}
fn remove(py: Py<'_>, args: Args<'_>) -> R {
    let s = set_of(py, args)?;
    if by_key(py, args.at(1), |key| py.set_discard(s, key))? { Ok(Value::NONE) } else { Err(py.key_error(args.at(1))) }
}
fn pop(py: Py<'_>, args: Args<'_>) -> R {
    let s = set_of(py, args)?;
    if set::length(s) == 0 {
        let message = py.str("pop from an empty set")?;
        return Err(py.key_error(message));
    }
    let finger = s.word(set::EXTRA) as usize & (set::slots(s) - 1);
    let Some((i, v)) = set::next_item(s, finger).or_else(|| set::next_item(s, 0)) else {
        return py.err(Exc::SystemError, "a set counts items that it does not hold");
    };
    py.set_remove_slot(s, i);
    s.set_word(set::EXTRA, i as u64 + 1);
    Ok(v)
}
fn update(py: Py<'_>, args: Args<'_>) -> R {
    let s = set_of(py, args)?;
    for other in others(args) {
        operations::update(py, s, other)?;
    }
    Ok(Value::NONE)
}
fn intersection_update(py: Py<'_>, args: Args<'_>) -> R {
    let s = set_of(py, args)?;
    let mut r = None;
    for other in others(args) {
        r = Some(operations::intersection(py, r.unwrap_or(s), other)?);
    }
    if let Some(r) = r {
        py.set_take(s, r);
    }
    Ok(Value::NONE)
}
fn difference_update(py: Py<'_>, args: Args<'_>) -> R {
    let s = set_of(py, args)?;
    for other in others(args) {
        operations::difference_update(py, s, other)?;
    }
    Ok(Value::NONE)
}
fn symmetric_difference_update(py: Py<'_>, args: Args<'_>) -> R {
    operations::symmetric_difference_update(py, set_of(py, args)?, args.at(1))?;
    Ok(Value::NONE)
}
/// `s op= other`, for sets.
fn operate_in_place(py: Py<'_>, args: Args<'_>, f: impl Fn(Object, Value) -> R<()>) -> R {
    let s = set_of(py, args)?;
    if py.as_any_set(args.at(1)).is_none() {
        return Ok(special::NOT_IMPLEMENTED);
    }
    f(s, args.at(1))?;
    Ok(args.at(0))
}
fn ior(py: Py<'_>, args: Args<'_>) -> R {
    operate_in_place(py, args, |s, other| operations::update(py, s, other))
}
fn iand(py: Py<'_>, args: Args<'_>) -> R {
    operate_in_place(py, args, |s, other| {
        let r = operations::intersection(py, s, other)?;
        py.set_take(s, r);
        Ok(())
    })
}
fn isub(py: Py<'_>, args: Args<'_>) -> R {
    operate_in_place(py, args, |s, other| operations::difference_update(py, s, other))
}
fn ixor(py: Py<'_>, args: Args<'_>) -> R {
    operate_in_place(py, args, |s, other| operations::symmetric_difference_update(py, s, other))
}

/// Methods of both types.
pub(super) static SHARED: &[Native] = &[
    Native::method("__contains__", "self, object, /", contains, "x.__contains__(y) <==> y in x."),
    Native::wrapper("__or__", "self, value, /", or, "Return self|value."),
    Native::wrapper("__ror__", "self, value, /", ror, "Return value|self."),
    Native::wrapper("__and__", "self, value, /", and, "Return self&value."),
    Native::wrapper("__rand__", "self, value, /", rand, "Return value&self."),
    Native::wrapper("__sub__", "self, value, /", sub, "Return self-value."),
    Native::wrapper("__rsub__", "self, value, /", rsub, "Return value-self."),
    Native::wrapper("__xor__", "self, value, /", xor, "Return self^value."),
    Native::wrapper("__rxor__", "self, value, /", rxor, "Return value^self."),
    Native::method("__reduce__", "self, /", reduce, "Return state information for pickling."),
    Native::method("__sizeof__", "self, /", sizeof, "The size in memory, in bytes."),
    Native::method("copy", "self, /", copy, "Return a shallow copy of a set."),
    Native::method("union", "self, /, *others", union, "Return a new set with elements from the set and all others."),
    Native::method(
        "intersection",
        "self, /, *others",
        intersection,
        "Return a new set with elements common to the set and all others.",
    ),
    Native::method(
        "difference",
        "self, /, *others",
        difference,
        "Return a new set with elements in the set that are not in the others.",
    ),
    Native::method(
        "symmetric_difference",
        "self, other, /",
        symmetric_difference,
        "Return a new set with elements in either the set or other but not both.",
    ),
    Native::method("isdisjoint", "self, other, /", isdisjoint, "Return True if two sets have a null intersection."),
    Native::method("issubset", "self, other, /", issubset, "Report whether another set contains this set."),
    Native::method("issuperset", "self, other, /", issuperset, "Report whether this set contains another set."),
];

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__init__", "self, iterable=(), /, **kwargs", init, "Initialize self."),
    Native::wrapper("__ior__", "self, value, /", ior, "Return self|=value."),
    Native::wrapper("__iand__", "self, value, /", iand, "Return self&=value."),
    Native::wrapper("__isub__", "self, value, /", isub, "Return self-=value."),
    Native::wrapper("__ixor__", "self, value, /", ixor, "Return self^=value."),
    Native::method("add", "self, object, /", add, "Add an element to a set; no effect if it is already present.")
        .in_place(Intrinsic::Add),
    Native::method("clear", "self, /", clear, "Remove all elements from this set."),
    Native::method(
        "discard",
        "self, object, /",
        discard,
        "Remove an element from a set if it is a member; do nothing if it is not.",
    ),
    Native::method(
        "remove",
        "self, object, /",
        remove,
        "Remove an element from a set; KeyError if it is not a member.",
    ),
    Native::method("pop", "self, /", pop, "Remove and return an arbitrary set element; KeyError if the set is empty."),
    Native::method("update", "self, /, *others", update, "Update the set, adding elements from all others."),
    Native::method(
        "intersection_update",
        "self, /, *others",
        intersection_update,
        "Update the set, keeping only elements found in it and all others.",
    ),
    Native::method(
        "difference_update",
        "self, /, *others",
        difference_update,
        "Update the set, removing elements found in others.",
    ),
    Native::method(
        "symmetric_difference_update",
        "self, other, /",
        symmetric_difference_update,
        "Update the set, keeping only elements found in either set, but not in both.",
    ),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    use wrappers::{CLASS_GETITEM, COMPARISONS, ITER, LEN, REPR};
    wrappers::add(py, class::SET, &[METHODS, SHARED, COMPARISONS, ITER, LEN, REPR, CLASS_GETITEM])?;
    wrappers::unhashable(py, class::SET)?;
    wrappers::document(
        py,
        class::SET,
        "set() -> new empty set object\nset(iterable) -> new set object\n\nBuild an unordered collection of unique elements.",
    )
}
