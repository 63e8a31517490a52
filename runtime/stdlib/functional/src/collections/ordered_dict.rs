//! `OrderedDict`: a dictionary, whose entries are in order anyway, with methods about that order.
//!
//! Two fields of its own make `popitem(last=False)` take constant time when a queue is emptied from its front: an index
//! before which all entries are known to be deleted, and the array of entries that this is true of.

use crate::support::class_value;
use python_objects::compare::CompareOp;
use python_objects::kind::{class as builtin, shape, special};
use python_objects::symbol::sym;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, class, dict};

/// Names the class; its layout is that of `dict`, a dictionary of attributes, and two words more.
static ORDERED_DICT: TypeSpec =
    TypeSpec::values("collections", "OrderedDict", 1, METHODS, "Dictionary that remembers insertion order")
        .inheritable()
        .weakly_referenced()
        .with_dict(1);
static METHODS: &[Native] = &[
    Native::wrapper("__init__", "self, /, *args, **kwargs", init, "Initialize self."),
    Native::method(
        "update",
        "self, /, *args, **kwargs",
        init,
        "D.update([E, ]**F) -> None.  Update D from mapping/iterable E and F.",
    ),
    Native::method(
        "popitem",
        "self, last=True",
        popitem,
        "Remove and return a (key, value) pair from the dictionary.\n\nPairs are returned in LIFO order if last is true or FIFO order if false.",
    ),
    Native::method(
        "move_to_end",
        "self, key, last=True",
        move_to_end,
        "Move an existing element to the end (or beginning if last is false).\n\nRaise KeyError if the element does not exist.",
    ),
    Native::method("copy", "self, /", copy, "od.copy() -> a shallow copy of od"),
    Native::class_method(
        "fromkeys",
        "cls, iterable, value=None",
        from_keys,
        "A new one with keys from iterable, all with the value.",
    ),
    Native::method("pop", "self, key, default=NULL", pop, "Remove the key and return its value, or the default."),
    Native::method(
        "setdefault",
        "self, key, default=None",
        set_default,
        "Insert the key if it is not there; return its value.",
    ),
    Native::method("__reduce__", "self, /", reduce, "Return state information for pickling"),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__eq__", "self, value, /", |py, a| compare(py, a, CompareOp::Eq), "Return self==value."),
    Native::wrapper("__ne__", "self, value, /", |py, a| compare(py, a, CompareOp::Ne), "Return self!=value."),
    Native::wrapper("__or__", "self, value, /", or, "Return self|value."),
    Native::wrapper("__ror__", "self, value, /", ror, "Return value|self."),
    Native::wrapper("__ior__", "self, value, /", ior, "Return self|=value."),
    Native::getter("__dict__", attributes, ""),
];

/// The class.
pub(super) fn class(py: Py<'_>) -> R<Object> {
    let (class, _) = py.native_subclass(&ORDERED_DICT, builtin::DICT, 2)?;
    if !py.class_defines(class, sym::HASH) {
        py.add_no_hash(class)?;
    }
    Ok(class)
}
/// The instance, and the first word of its own.
fn this(py: Py<'_>, v: Value) -> R<(Object, usize)> {
    let (class, word) = py.native_subclass(&ORDERED_DICT, builtin::DICT, 2)?;
    match py.as_dict(v) {
        Some(o) if py.is_instance(v, class) => Ok((o, word)),
        _ => py.type_error(&format!("expected a 'collections.OrderedDict' object, not '{}'", py.class_name(v))),
    }
}
fn attributes(py: Py<'_>, args: Args<'_>) -> R {
    let (o, _) = this(py, args.at(0))?;
    Ok(py.instance_dict(o)?.map_or(Value::NONE, Object::value))
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let given = Object::of(args.at(1));
    if given.length() > 1 {
        return py.type_error(&format!("expected at most 1 arguments, got {}", given.length()));
    }
    if given.length() == 1 {
        update(py, args.at(0), given.element(0))?;
    }
    if !args.at(2).is_empty() {
        update(py, args.at(0), args.at(2))?;
    }
    Ok(Value::NONE)
}
/// `target[key] = value` for all items of a mapping or an iterable of pairs, by the class's own `__setitem__`.
fn update(py: Py<'_>, target: Value, from: Value) -> R<()> {
    if let Some(d) = Object::from_value(from).filter(|o| o.shape() == shape::DICT) {
        let mut i = 0;
        while let Some((at, key, value)) = dict::next_entry(d, i) {
            i = at + 1;
            py.set_item(target, key, value)?;
        }
        return Ok(());
    }
    if py.find_attribute(from, sym::KEYS)?.is_some() {
        let keys = py.call_method(from, sym::KEYS, &[])?;
        return py.each(keys, |key| {
            let value = py.get_item(from, key)?;
            py.set_item(target, key, value)
        });
    }
    py.each(from, |pair| {
        let pair = py.tuple_from(pair)?;
        match pair.length() {
            2 => py.set_item(target, pair.element(0), pair.element(1)),
            n @ 0..2 => py.value_error(&format!("need more than {n} value{} to unpack", if n == 1 { "" } else { "s" })),
            _ => py.value_error("too many values to unpack (expected 2)"),
        }
    })
}

/// The first entry, looked for from the index that is known to be none too many.
fn first(py: Py<'_>, o: Object, word: usize) -> Option<(usize, Value, Value)> {
    let known = o.get(word).is_int() && o.get(word + 1) == dict::storage(o);
    let from = if known { o.get(word).as_int() as usize } else { 0 };
    let found = dict::next_entry(o, from).or_else(|| dict::next_entry(o, 0));
    if let Some((i, ..)) = found {
        py.store(o, word, Value::int(i as i64));
        py.store(o, word + 1, dict::storage(o));
    }
    found
}
fn popitem(py: Py<'_>, args: Args<'_>) -> R {
    let (o, word) = this(py, args.at(0))?;
    let last = args.opt(1).map_or(Ok(true), |v| py.truth(v))?;
    let pair = if last {
        // Entries made after this may stand before the known index.
        py.store(o, word, Value::EMPTY);
        py.dict_pop_last(o)
    } else {
        first(py, o, word).map(|(i, key, value)| {
            py.dict_remove_entry(o, i);
            (key, value)
        })
    };
    match pair {
        Some((key, value)) => py.tuple(&[key, value]),
        None => {
            let text = py.str("dictionary is empty")?;
            Err(py.key_error(text))
        }
    }
}
fn move_to_end(py: Py<'_>, args: Args<'_>) -> R {
    let (o, word) = this(py, args.at(0))?;
    let key = args.at(1);
    let last = args.opt(2).map_or(Ok(true), |v| py.truth(v))?;
    let hash = py.hash(key)?;
    let Some(i) = py.dict_find(o, key, hash)? else { return Err(py.key_error(key)) };
    let Some((key, value)) = dict::entry(o, i) else { return Err(py.key_error(key)) };
    if last {
        if dict::previous_entry(o, dict::fill(o).saturating_sub(1)).is_some_and(|(at, ..)| at != i) {
            py.dict_remove_entry(o, i);
            py.dict_append(o, key, hash, value)?;
        }
    } else if first(py, o, word).is_some_and(|(at, ..)| at != i) {
        let others = py.dict_copy(o)?;
        py.dict_clear(o);
        py.dict_append(o, key, hash, value)?;
        let mut at = 0;
        while let Some((j, k, v)) = dict::next_entry(others, at) {
            at = j + 1;
            if k != key {
                py.dict_append(o, k, dict::entry_hash(others, j), v)?;
            }
        }
        py.store(o, word, Value::EMPTY);
    }
    Ok(Value::NONE)
}

fn from_keys(py: Py<'_>, args: Args<'_>) -> R {
    let new = py.call(args.at(0), &[])?;
    let value = args.opt(2).unwrap_or(Value::NONE);
    py.each(args.at(1), |key| py.set_item(new, key, value))?;
    Ok(new)
}
fn pop(py: Py<'_>, args: Args<'_>) -> R {
    let (o, _) = this(py, args.at(0))?;
    let found = py.dict_remove(o, args.at(1))?;
    found.or(args.opt(2)).ok_or_else(|| py.key_error(args.at(1)))
}
/// By a subclass's own methods.
fn set_default(py: Py<'_>, args: Args<'_>) -> R {
    this(py, args.at(0))?;
    if py.contains(args.at(0), args.at(1))? {
        return py.get_item(args.at(0), args.at(1));
    }
    let value = args.opt(2).unwrap_or(Value::NONE);
    py.set_item(args.at(0), args.at(1), value)?;
    Ok(value)
}

fn copy(py: Py<'_>, args: Args<'_>) -> R {
    let (o, _) = this(py, args.at(0))?;
    let new = py.call(class_value(py, o), &[])?;
    let is_exact = py.class_of(o.value()) == class(py)?;
    let mut i = 0;
    while let Some((at, key, value)) = dict::next_entry(o, i) {
        i = at + 1;
        // By a subclass's own methods.
        let value = if is_exact { value } else { py.get_item(o.value(), key)? };
        py.set_item(new, key, value)?;
    }
    Ok(new)
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let (o, _) = this(py, args.at(0))?;
    let state = match py.attributes_copy(o)? {
        Some(d) if dict::length(d) > 0 => d.value(),
        _ => Value::NONE,
    };
    let items = py.call_method(o.value(), sym::ITEMS, &[])?;
    let items = py.iter(items)?;
    py.tuple(&[class_value(py, o), py.empty_tuple(), state, Value::NONE, items])
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let (o, _) = this(py, args.at(0))?;
    let mut out = Vec::new();
    py.nested(o.value(), &mut out, b"...", |py, out| {
        out.extend_from_slice(class::name(py, py.class_of(o.value())).as_bytes());
        out.push(b'(');
        if dict::length(o) > 0 {
            let plain = py.dict_copy(o)?;
            py.repr_into(plain.value(), out)?;
        }
        out.push(b')');
        Ok(())
    })?;
    py.str_from_wtf8(&out).map(Object::value)
}
fn compare(py: Py<'_>, args: Args<'_>, op: CompareOp) -> R {
    let (o, _) = this(py, args.at(0))?;
    let Some(other) = py.as_dict(args.at(1)) else { return Ok(special::NOT_IMPLEMENTED) };
    let mut equal = py.native_compare(CompareOp::Eq, o.value(), other.value())? == Value::TRUE;
    if equal && py.is_instance(other.value(), class(py)?) {
        let (mut i, mut j) = (0, 0);
        while let (Some((a, x, _)), Some((b, y, _))) = (dict::next_entry(o, i), dict::next_entry(other, j)) {
            (i, j) = (a + 1, b + 1);
            if !py.equal_or_same(x, y)? {
                equal = false;
                break;
            }
        }
    }
    Ok(Value::bool(equal == (op == CompareOp::Eq)))
}
/// A new one of `own`'s class with the items of `left`, then those of `right`.
fn merged(py: Py<'_>, own: Value, left: Value, right: Value) -> R {
    if py.as_dict(left).is_none() || py.as_dict(right).is_none() {
        return Ok(special::NOT_IMPLEMENTED);
    }
    let new = py.call(py.class_of(own).value(), &[left])?;
    update(py, new, right)?;
    Ok(new)
}
fn or(py: Py<'_>, args: Args<'_>) -> R {
    merged(py, args.at(0), args.at(0), args.at(1))
}
fn ror(py: Py<'_>, args: Args<'_>) -> R {
    merged(py, args.at(0), args.at(1), args.at(0))
}
fn ior(py: Py<'_>, args: Args<'_>) -> R {
    update(py, args.at(0), args.at(1))?;
    Ok(args.at(0))
}
