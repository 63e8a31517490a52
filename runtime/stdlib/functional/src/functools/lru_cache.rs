//! The wrapper behind `functools.lru_cache`.
//!
//! Entries of a bounded cache stand in a ring, the least recently used first: arrays of the one before, the one behind, key,
//! result, hash. The ring's anchor has neither key nor result. The dictionary has the entries by key.

use crate::support::identity;
use python_objects::symbol::sym;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, dict, int, tuple};

pub(super) static WRAPPER: TypeSpec = TypeSpec::values(
    "functools",
    "_lru_cache_wrapper",
    9,
    METHODS,
    "Create a cached callable that wraps another function.\n\nuser_function:      the function being cached\n\nmaxsize:  0         for no caching\n          None      for unlimited cache size\n          n         for a bounded cache\n\ntyped:    False     cache f(3) and f(3.0) as identical calls\n          True      cache f(3) and f(3.0) as distinct calls\n\ncache_info_type:    namedtuple class with the fields:\n                        hits misses currsize maxsize\n",
)
.inheritable()
.weakly_referenced()
.with_dict(word::DICT);
mod word {
    pub(super) const FUNCTION: usize = 1;
    /// An integer, not negative, or None.
    pub(super) const MAXSIZE: usize = 2;
    pub(super) const TYPED: usize = 3;
    pub(super) const CACHE: usize = 4;
    pub(super) const HITS: usize = 5;
    pub(super) const MISSES: usize = 6;
    pub(super) const INFO: usize = 7;
    /// Anchor of the ring.
    pub(super) const RING: usize = 8;
    pub(super) const DICT: usize = 9;
}
mod link {
    pub(super) const BEFORE: usize = 0;
    pub(super) const BEHIND: usize = 1;
    pub(super) const KEY: usize = 2;
    pub(super) const RESULT: usize = 3;
    pub(super) const HASH: usize = 4;
    pub(super) const LENGTH: usize = 5;
}
static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, user_function, maxsize, typed, cache_info_type",
        new,
        "Create and return a new object.",
    ),
    Native::wrapper("__call__", "self, /, *args, **kwargs", call, "Call self as a function."),
    Native::wrapper(
        "__get__",
        "self, instance, owner=None, /",
        get,
        "Return an attribute of instance, which is of type owner.",
    ),
    Native::method("cache_info", "self, /", cache_info, "Report cache statistics"),
    Native::method("cache_clear", "self, /", cache_clear, "Clear the cache and cache statistics"),
    Native::method("__reduce__", "self, /", reduce, ""),
    Native::method("__copy__", "self, /", identity, ""),
    Native::method("__deepcopy__", "self, memo, /", identity, ""),
    Native::getter("__dict__", attributes, ""),
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let maxsize = match args.at(2) {
        Value::NONE => Value::NONE,
        v if py.as_int(v).is_some() || py.special(v, sym::INDEX).is_some() => {
            let n = py.index_i64(v)?.clamp(0, 1 << 48);
            Value::int(n)
        }
        _ => return py.type_error("maxsize should be integer or None"),
    };
    if !py.is_callable(args.at(1)) {
        return py.type_error("the first argument must be callable");
    }
    let typed = py.truth(args.at(3))?;
    let (cache, ring) = (py.new_dict()?, new_ring(py)?);
    let o = py.new_native_of(args.at(0), &WRAPPER)?;
    o.init(word::FUNCTION, args.at(1));
    o.init(word::MAXSIZE, maxsize);
    o.init(word::TYPED, Value::bool(typed));
    o.init(word::CACHE, cache.value());
    o.init(word::HITS, Value::int(0));
    o.init(word::MISSES, Value::int(0));
    o.init(word::INFO, args.at(4));
    o.init(word::RING, ring.value());
    Ok(o.value())
}
fn new_ring(py: Py<'_>) -> R<Object> {
    let anchor = py.new_array(link::LENGTH)?;
    set(py, anchor, link::BEFORE, anchor.value());
    set(py, anchor, link::BEHIND, anchor.value());
    Ok(anchor)
}
fn set(py: Py<'_>, link: Object, i: usize, v: Value) {
    py.heap().store_element(link, i, v);
}
fn unlink(py: Py<'_>, entry: Object) {
    let (before, behind) = (entry.element(link::BEFORE), entry.element(link::BEHIND));
    set(py, Object::of(before), link::BEHIND, behind);
    set(py, Object::of(behind), link::BEFORE, before);
}
/// Puts an entry in as the most recently used.
fn link_last(py: Py<'_>, anchor: Object, entry: Object) {
    let last = anchor.element(link::BEFORE);
    set(py, Object::of(last), link::BEHIND, entry.value());
    set(py, anchor, link::BEFORE, entry.value());
    set(py, entry, link::BEFORE, last);
    set(py, entry, link::BEHIND, anchor.value());
}

/// What a call is remembered by: its only argument, if that is exactly an integer or string; else a tuple of the
/// arguments, and behind a mark (the module's type) the keywords, and types if they count.
fn key(py: Py<'_>, o: Object, positional: Object, keywords: Value) -> R {
    let typed = o.get(word::TYPED) == Value::TRUE;
    let n = positional.length();
    if keywords.is_empty() && !typed {
        if n == 1 {
            let v = positional.element(0);
            let plain = v.is_int()
                || Object::from_value(v).is_some_and(|o| {
                    python_objects::string::is_exact(o) || o.shape() == python_objects::kind::shape::INT
                });
            if plain {
                return Ok(v);
            }
        }
        return Ok(positional.value());
    }
    let parts = py.new_list(n + 4)?;
    py.list_push_elements(parts, positional, 0, n)?;
    if let Some(keywords) = Object::from_value(keywords) {
        let mark = py.native_type(&WRAPPER)?;
        py.list_push(parts, mark.value())?;
        let mut i = 0;
        while let Some((at, name, value)) = dict::next_entry(keywords, i) {
            i = at + 1;
            py.list_push(parts, name)?;
            py.list_push(parts, value)?;
        }
    }
    if typed {
        for v in tuple::items(positional) {
            py.list_push(parts, py.class_of(v).value())?;
        }
        if let Some(keywords) = Object::from_value(keywords) {
            let mut i = 0;
            while let Some((at, _, value)) = dict::next_entry(keywords, i) {
                i = at + 1;
                py.list_push(parts, py.class_of(value).value())?;
            }
        }
    }
    py.list_to_tuple(parts)
}
fn count(py: Py<'_>, o: Object, word: usize) {
    py.store(o, word, Value::int(o.get(word).as_int() + 1));
}
fn call(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &WRAPPER)?;
    py.check_native_stack()?;
    let (positional, keywords) = (Object::of(args.at(1)), args.at(2));
    let f = o.get(word::FUNCTION);
    let maxsize = o.get(word::MAXSIZE);
    if maxsize == Value::int(0) {
        count(py, o, word::MISSES);
        return py.call_tuple(f, positional, keywords);
    }
    let key = key(py, o, positional, keywords)?;
    let hash = py.hash(key)?;
    // A comparison may clear the cache: the entry found is one of this dictionary.
    let cache = Object::of(o.get(word::CACHE));
    if let Some(i) = py.dict_find(cache, key, hash)? {
        count(py, o, word::HITS);
        let v = dict::entry_value(cache, i);
        if maxsize == Value::NONE {
            return Ok(v);
        }
        let entry = Object::of(v);
        unlink(py, entry);
        link_last(py, Object::of(o.get(word::RING)), entry);
        return Ok(entry.element(link::RESULT));
    }
    count(py, o, word::MISSES);
    let result = py.call_tuple(f, positional, keywords)?;
    if maxsize == Value::NONE {
        py.dict_set_hashed(Object::of(o.get(word::CACHE)), key, hash, result)?;
        return Ok(result);
    }
    remember(py, o, key, hash, result)?;
    Ok(result)
}
fn remember(py: Py<'_>, o: Object, key: Value, hash: i64, result: Value) -> R<()> {
    // The call may have cached the same key, or cleared everything.
    if py.dict_find(Object::of(o.get(word::CACHE)), key, hash)?.is_some() {
        return Ok(());
    }
    let hash_value = py.int(hash)?;
    let entry = py.new_array(link::LENGTH)?;
    set(py, entry, link::KEY, key);
    set(py, entry, link::RESULT, result);
    set(py, entry, link::HASH, hash_value);
    let cache = Object::of(o.get(word::CACHE));
    if dict::length(cache) as i64 >= o.get(word::MAXSIZE).as_int() {
        let oldest = Object::of(Object::of(o.get(word::RING)).element(link::BEHIND));
        let old_key = oldest.element(link::KEY);
        if !old_key.is_empty() {
            unlink(py, oldest);
            let old_hash = int::to_i64(oldest.element(link::HASH)).unwrap_or_default();
            if let Some(i) = py.dict_find(cache, old_key, old_hash)? {
                py.dict_remove_entry(cache, i);
            }
        }
    }
    py.dict_set_hashed(Object::of(o.get(word::CACHE)), key, hash, entry.value())?;
    link_last(py, Object::of(o.get(word::RING)), entry);
    Ok(())
}
fn get(py: Py<'_>, args: Args<'_>) -> R {
    match args.at(1) {
        Value::NONE => Ok(args.at(0)),
        instance => py.bind(args.at(0), instance),
    }
}
fn cache_info(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &WRAPPER)?;
    let size = py.int_usize(dict::length(Object::of(o.get(word::CACHE))))?;
    py.call(o.get(word::INFO), &[o.get(word::HITS), o.get(word::MISSES), o.get(word::MAXSIZE), size])
}
fn cache_clear(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &WRAPPER)?;
    let (cache, ring) = (py.new_dict()?, new_ring(py)?);
    py.store(o, word::CACHE, cache.value());
    py.store(o, word::RING, ring.value());
    py.store(o, word::HITS, Value::int(0));
    py.store(o, word::MISSES, Value::int(0));
    Ok(Value::NONE)
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    py.get_attribute(args.at(0), sym::QUALNAME)
}
fn attributes(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &WRAPPER)?;
    Ok(py.instance_dict(o)?.map_or(Value::NONE, Object::value))
}
