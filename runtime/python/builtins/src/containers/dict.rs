//! `dict`

use crate::wrappers::{self, this};
use python_objects::kind::{class, shape, special};
use python_objects::native::Intrinsic;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value, dict, list, set};

fn dict_of(py: Py<'_>, args: Args<'_>) -> R<Object> {
    this(py, args, Kind::DICT)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.alloc_instance(wrappers::new_class(py, args.at(0), class::DICT)?)?.value())
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    update_by(py, dict_of(py, args)?, args, "dict")?;
    Ok(Value::NONE)
}
fn update(py: Py<'_>, args: Args<'_>) -> R {
    update_by(py, dict_of(py, args)?, args, "update")?;
    Ok(Value::NONE)
}
/// With `*args` in slot 1 and `**kwargs` in slot 2.
fn update_by(py: Py<'_>, d: Object, args: Args<'_>, name: &str) -> R<()> {
    let given = wrappers::positional(py, args, 1, name, 0, 1)?;
    if given.length() == 1 {
        update_from(py, d, given.element(0))?;
    }
    match args.opt(2).and_then(Object::from_value) {
        Some(keywords) => py.dict_take(d, keywords),
        None => Ok(()),
    }
}
/// From a mapping (what has `keys`) or an iterable of pairs.
fn update_from(py: Py<'_>, d: Object, from: Value) -> R<()> {
    if let Some(other) = py.as_dict(from)
        && py.lookup(py.class_of(from), sym::ITER) == py.lookup(py.builtin_class(class::DICT), sym::ITER)
    {
        return merge_dict(py, d, other);
    }
    match py.find_attribute(from, sym::KEYS)? {
        Some(_) => merge_mapping(py, d, from),
        None => merge_pairs(py, d, from),
    }
}
fn merge_dict(py: Py<'_>, d: Object, other: Object) -> R<()> {
    if d == other {
        return Ok(());
    }
    if dict::length(d) == 0 {
        // No key is asked whether it is another.
        return py.dict_copy_into(d, other);
    }
    let n = dict::length(other);
    let mut i = 0;
    while let Some((at, key, value)) = dict::next_entry(other, i) {
        i = at + 1;
        let hash = dict::entry_hash(other, at);
        py.dict_set_hashed(d, key, hash, value)?;
        if dict::length(other) != n {
            return py.err(Exc::RuntimeError, "dict mutated during update");
        }
        if i & 0xFFF == 0 {
            py.poll()?;
        }
    }
    Ok(())
}
/// From any mapping, by its `keys` and items.
fn merge_mapping(py: Py<'_>, d: Object, from: Value) -> R<()> {
    let keys = py.call_method(from, sym::KEYS, &[])?;
    let iterator = py.iter(keys)?;
    while let Some(key) = py.next(iterator)? {
        let value = py.get_item(from, key)?;
        py.dict_set(d, key, value)?;
    }
    Ok(())
}
fn merge_pairs(py: Py<'_>, d: Object, from: Value) -> R<()> {
    let mut i = 0usize;
    py.each(from, |item| {
        let pair = if py.as_list(item).is_some() || py.as_tuple(item).is_some() {
            py.list_from(item)?
        } else {
            let made = py.list_from(item);
            match py.caught(made, Exc::TypeError)? {
                Some(l) => l,
                None => {
                    return py
                        .type_error(&format!("cannot convert dictionary update sequence element #{i} to a sequence"));
                }
            }
        };
        let n = list::length(pair);
        if n != 2 {
            return py.value_error(&format!("dictionary update sequence element #{i} has length {n}; 2 is required"));
        }
        i += 1;
        py.dict_set(d, list::item(pair, 0), list::item(pair, 1))
    })
}
fn fromkeys(py: Py<'_>, args: Args<'_>) -> R {
    let made = py.call(args.at(0), &[])?;
    let (keys, value) = (args.at(1), args.opt(2).unwrap_or(Value::NONE));
    let Some(d) = Object::from_value(made).filter(|o| o.shape() == shape::DICT) else {
        py.each(keys, |key| py.set_item(made, key, value))?;
        return Ok(made);
    };
    // Dictionaries and sets know the hashes of their keys.
    match Object::from_value(keys).map(|o| (o, o.shape())) {
        Some((from, shape::DICT)) => {
            let mut i = 0;
            while let Some((at, key, _)) = dict::next_entry(from, i) {
                i = at + 1;
                py.dict_set_hashed(d, key, dict::entry_hash(from, at), value)?;
            }
        }
        Some((from, shape::SET | shape::FROZENSET)) => {
            let mut i = 0;
            while let Some((at, key)) = set::next_item(from, i) {
                i = at + 1;
                py.dict_set_hashed(d, key, set::item_hash(from, at), value)?;
            }
        }
        _ => py.each(keys, |key| py.dict_set(d, key, value))?,
    }
    Ok(made)
}

fn getitem(py: Py<'_>, args: Args<'_>) -> R {
    let (d, key) = (dict_of(py, args)?, args.at(1));
    if let Some(v) = py.dict_get(d, key)? {
        return Ok(v);
    }
    if d.shape() != shape::DICT
        && let Some(v) = py.call_special(d.value(), sym::MISSING, &[key])?
    {
        return Ok(v);
    }
    Err(py.key_error(key))
}
fn setitem(py: Py<'_>, args: Args<'_>) -> R {
    py.dict_set(dict_of(py, args)?, args.at(1), args.at(2))?;
    Ok(Value::NONE)
}
fn delitem(py: Py<'_>, args: Args<'_>) -> R {
    match py.dict_remove(dict_of(py, args)?, args.at(1))? {
        Some(_) => Ok(Value::NONE),
        None => Err(py.key_error(args.at(1))),
    }
}
fn contains(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(py.dict_get(dict_of(py, args)?, args.at(1))?.is_some()))
}
fn get(py: Py<'_>, args: Args<'_>) -> R {
    let found = py.dict_get(dict_of(py, args)?, args.at(1))?;
    Ok(found.or(args.opt(2)).unwrap_or(Value::NONE))
}
fn setdefault(py: Py<'_>, args: Args<'_>) -> R {
    let (d, key) = (dict_of(py, args)?, args.at(1));
    let hash = py.hash(key)?;
    if let Some(i) = py.dict_find(d, key, hash)? {
        return Ok(dict::entry_value(d, i));
    }
    let value = args.opt(2).unwrap_or(Value::NONE);
    py.dict_append(d, key, hash, value)?;
    Ok(value)
}
fn pop(py: Py<'_>, args: Args<'_>) -> R {
    let (d, key) = (dict_of(py, args)?, args.at(1));
    // CPython does not hash the key where nothing can be found.
    let found = if dict::length(d) == 0 { None } else { py.dict_remove(d, key)? };
    match found.or(args.opt(2)) {
        Some(v) => Ok(v),
        None => Err(py.key_error(key)),
    }
}
fn popitem(py: Py<'_>, args: Args<'_>) -> R {
    let d = dict_of(py, args)?;
    // Before the item is out, so that none is lost for want of memory.
    let pair = py.new_tuple(2)?;
    match py.dict_pop_last(d) {
        Some((key, value)) => {
            pair.init(2, key);
            pair.init(3, value);
            Ok(pair.value())
        }
        None => {
            let message = py.str("popitem(): dictionary is empty")?;
            Err(py.key_error(message))
        }
    }
}
fn clear(py: Py<'_>, args: Args<'_>) -> R {
    py.dict_clear(dict_of(py, args)?);
    Ok(Value::NONE)
}
fn copy(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.dict_copy(dict_of(py, args)?)?.value())
}
fn keys(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.new_object(shape::DICT_KEYS, 2, &[dict_of(py, args)?.value()])?.value())
}
fn values(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.new_object(shape::DICT_VALUES, 2, &[dict_of(py, args)?.value()])?.value())
}
fn items(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.new_object(shape::DICT_ITEMS, 2, &[dict_of(py, args)?.value()])?.value())
}
fn reversed(py: Py<'_>, args: Args<'_>) -> R {
    py.dict_iterator(shape::DICT_REVERSE_KEY_ITERATOR, dict_of(py, args)?)
}
fn or(py: Py<'_>, args: Args<'_>) -> R {
    merged(py, args.at(0), args.at(1))
}
fn ror(py: Py<'_>, args: Args<'_>) -> R {
    merged(py, args.at(1), args.at(0))
}
fn merged(py: Py<'_>, left: Value, right: Value) -> R {
    let (Some(left), Some(_)) = (py.as_dict(left), py.as_dict(right)) else { return Ok(special::NOT_IMPLEMENTED) };
    let d = py.dict_copy(left)?;
    update_from(py, d, right)?;
    Ok(d.value())
}
fn ior(py: Py<'_>, args: Args<'_>) -> R {
    update_from(py, dict_of(py, args)?, args.at(1))?;
    Ok(args.at(0))
}
fn sizeof(py: Py<'_>, args: Args<'_>) -> R {
    let d = dict_of(py, args)?;
    if dict::slots(d) == 0 {
        return py.int_usize(48);
    }
    let mut i = 0;
    let mut only_strings = true;
    while let Some((at, key, _)) = dict::next_entry(d, i) {
        i = at + 1;
        only_strings &= Object::from_value(key).is_some_and(python_objects::string::is_exact);
    }
    // Without the collector's header, which `sys.getsizeof` adds.
    py.int_usize(python_algorithms::dict_table::size_of(dict::slots(d), only_strings) - 16)
}

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__init__", "self, /, *args, **kwargs", init, "Initialize self."),
    Native::method("__getitem__", "self, key, /", getitem, "Return self[key]."),
    Native::wrapper("__setitem__", "self, key, value, /", setitem, "Set self[key] to value."),
    Native::wrapper("__delitem__", "self, key, /", delitem, "Delete self[key]."),
    Native::method(
        "__contains__",
        "self, key, /",
        contains,
        "True if the dictionary has the specified key, else False.",
    ),
    Native::wrapper("__or__", "self, value, /", or, "Return self|value."),
    Native::wrapper("__ror__", "self, value, /", ror, "Return value|self."),
    Native::wrapper("__ior__", "self, value, /", ior, "Return self|=value."),
    Native::method("__reversed__", "self, /", reversed, "Return a reverse iterator over the dict keys."),
    Native::method("__sizeof__", "self, /", sizeof, "The size of the dict in memory, in bytes."),
    Native::method("clear", "self, /", clear, "Remove all items."),
    Native::method("copy", "self, /", copy, "A shallow copy."),
    Native::class_method(
        "fromkeys",
        "cls, iterable, value=None, /",
        fromkeys,
        "Create a new dictionary with keys from iterable and values set to value.",
    ),
    Native::method(
        "get",
        "self, key, default=None, /",
        get,
        "Return the value for key if key is in the dictionary, else default.",
    )
    .in_place(Intrinsic::Get),
    Native::method("items", "self, /", items, "A set-like view on the items."),
    Native::method("keys", "self, /", keys, "A set-like view on the keys."),
    Native::method(
        "pop",
        "self, key, default=NULL, /",
        pop,
        "Remove the specified key and return its value, or the default; KeyError if there is neither.",
    ),
    Native::method(
        "popitem",
        "self, /",
        popitem,
        "Remove and return a (key, value) pair as a 2-tuple.\n\nPairs are returned in LIFO order. Raises KeyError if the \
         dict is empty.",
    ),
    Native::method(
        "setdefault",
        "self, key, default=None, /",
        setdefault,
        "Insert key with a value of default if key is not in the dictionary; return its value.",
    ),
    Native::method("update", "self, /, *args, **kwargs", update, "Update from a mapping or pairs, then from keywords."),
    Native::method("values", "self, /", values, "A view on the values."),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    use wrappers::{CLASS_GETITEM, COMPARISONS, ITER, LEN, REPR};
    wrappers::add(py, class::DICT, &[METHODS, COMPARISONS, ITER, LEN, REPR, CLASS_GETITEM])?;
    wrappers::unhashable(py, class::DICT)?;
    wrappers::document(
        py,
        class::DICT,
        "dict() -> new empty dictionary\ndict(mapping) -> new dictionary initialized from a mapping object's\n    (key, \
         value) pairs\ndict(iterable) -> new dictionary initialized from an iterable of pairs\ndict(**kwargs) -> new \
         dictionary initialized with the name=value pairs\n    in the keyword argument list.  For example:  dict(one=1, \
         two=2)",
    )
}
