//! `_zoneinfo`: time zones from the files of the system or of the package `tzdata`.
//!
//! What a file says lies outside the heap; a zone holds a handle, and gives it back when it is finalized. Zones are found
//! again: weakly by class and key, and the last few strongly.

mod file;
mod rule;

use crate::calendar::SECOND;
use crate::support::{call_method, call_module, field};
use crate::{delta, moment, zone};
use file::Zone;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, bytes, dict};
use rule::Kind;
use std::cell::Cell;

static INFO: TypeSpec = TypeSpec::values("zoneinfo", "ZoneInfo", 4, METHODS, "").inheritable().weakly_referenced();
/// Words; the first is the base's.
mod word {
    pub(super) const HANDLE: usize = 1;
    pub(super) const KEY: usize = 2;
    /// What `repr` shows of the file it was read from, or EMPTY.
    pub(super) const FILE: usize = 3;
    /// Did it come from a cache, or go into one?
    pub(super) const CACHED: usize = 4;
}
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, key=None", new, "Create and return a new object."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__str__", "self, /", to_str, "Return str(self)."),
    Native::class_method(
        "clear_cache",
        "cls, /, *, only_keys=None",
        clear_cache,
        "Forget zones, all or those of some keys.",
    ),
    Native::class_method("no_cache", "cls, /, key", no_cache, "A zone of its own, whatever is known."),
    Native::class_method("from_file", "cls, file_obj, /, key=None", from_file, "A zone from an open file."),
    Native::method(
        "utcoffset",
        "self, dt, /",
        |py, a| answer(py, a, |py, k| seconds(py, k.offset)),
        "How far the zone is ahead of UTC.",
    ),
    Native::method(
        "dst",
        "self, dt, /",
        |py, a| answer(py, a, |py, k| seconds(py, k.saving)),
        "How much of that is DST.",
    ),
    Native::method(
        "tzname",
        "self, dt, /",
        |py, a| answer(py, a, |py, k| py.str(&k.name)),
        "The name of the zone's time.",
    ),
    Native::method("fromutc", "self, dt, /", from_utc, "datetime in UTC -> datetime in local time."),
    Native::method("__reduce__", "self, /", reduce, "For pickling: by key."),
    Native::class_method("_unpickle", "cls, key, from_cache, /", unpickle, "What pickles call."),
    Native::class_method("__init_subclass__", "cls, /, **kwargs", init_subclass, "Subclasses have zones of their own."),
    Native::method("__del__", "self, /", release, ""),
    Native::member("key", |py, a| Ok(field(this(py, a)?, word::KEY)), ""),
];
/// Zones that are kept alive.
const STRONG: usize = 8;

/// Numbers of the kept caches: weak and strong, of the class itself.
#[derive(Default)]
struct Kept {
    weak: Cell<Option<u32>>,
    strong: Cell<Option<u32>>,
}
fn kept(py: Py<'_>) -> std::rc::Rc<Kept> {
    py.state().data("_zoneinfo", Kept::default)
}
fn value(py: Py<'_>, number: &Cell<Option<u32>>) -> Value {
    number.get().map_or(Value::NONE, |number| py.kept(number))
}

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    // The classes of `_datetime` come first.
    stdlib_core::import_module(py, "_datetime")?;
    let class = py.native_subtype(&INFO, zone::install(py)?)?;
    if kept(py).weak.get().is_none() {
        let weak = call_module(py, "weakref", "WeakValueDictionary", &[])?;
        kept(py).weak.set(Some(py.keep(weak)?));
        let strong = py.new_dict()?;
        kept(py).strong.set(Some(py.keep(strong.value())?));
    }
    stdlib_core::support::add(py, module, "ZoneInfo", class.value())
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &INFO)
}
fn is_base(py: Py<'_>, class: Value) -> R<bool> {
    Ok(py.native_type(&INFO)?.value() == class)
}
fn weak_cache(py: Py<'_>, class: Value) -> R {
    if is_base(py, class)? { Ok(value(py, &kept(py).weak)) } else { py.get_attribute_text(class, "_weak_cache") }
}
fn init_subclass(py: Py<'_>, args: Args<'_>) -> R {
    let cache = call_module(py, "weakref", "WeakValueDictionary", &[])?;
    let name = py.intern("_weak_cache")?;
    py.set_attribute(args.at(0), name, Some(cache))?;
    Ok(Value::NONE)
}
/// Makes a zone the last one used of those that are kept.
fn use_last(py: Py<'_>, key: Value, v: Value) -> R<()> {
    let Some(strong) = Object::from_value(value(py, &kept(py).strong)).and_then(|d| py.as_dict(d.value())) else {
        return Ok(());
    };
    py.dict_remove(strong, key)?;
    py.dict_set(strong, key, v)?;
    while dict::length(strong) > STRONG
        && let Some((_, oldest, _)) = dict::next_entry(strong, 0)
    {
        py.dict_remove(strong, oldest)?;
    }
    Ok(())
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    match args.opt(1) {
        Some(key) => cached(py, args.at(0), key),
        None => crate::support::missing(py, "key", 1),
    }
}
fn cached(py: Py<'_>, class: Value, key: Value) -> R {
    let base = is_base(py, class)?;
    if base
        && let Some(strong) = py.as_dict(value(py, &kept(py).strong))
        && let Some(found) = py.dict_get(strong, key)?
    {
        use_last(py, key, found)?;
        return Ok(found);
    }
    let weak = weak_cache(py, class)?;
    let mut found = call_method(py, weak, "get", &[key, Value::NONE])?;
    if found == Value::NONE {
        let made = of_key(py, class, key, true)?;
        found = call_method(py, weak, "setdefault", &[key, made])?;
    }
    if base {
        use_last(py, key, found)?;
    }
    Ok(found)
}
/// A zone from the file that a key names.
fn of_key(py: Py<'_>, class: Value, key: Value, is_cached: bool) -> R {
    let path = call_module(py, "zoneinfo._tzpath", "find_tzfile", &[key])?;
    let open = if path == Value::NONE {
        call_module(py, "zoneinfo._common", "load_tzdata", &[key])?
    } else {
        call_module(py, "io", "open", &[path, py.str("rb")?])?
    };
    let content = call_method(py, open, "read", &[]);
    let pending = if content.is_err() { py.take_exception() } else { Value::EMPTY };
    let closed = call_method(py, open, "close", &[]);
    if !pending.is_empty() {
        return Err(py.raise(pending));
    }
    closed?;
    let o = of_content(py, class, content?)?;
    o.init(word::KEY, key);
    o.init(word::CACHED, Value::bool(is_cached));
    Ok(o.value())
}
/// A zone from the content of a file; the other fields are for the caller to fill at once.
fn of_content(py: Py<'_>, class: Value, content: Value) -> R<Object> {
    let Some(content) = py.as_bytes(content) else { return py.type_error("a file of a time zone must be binary") };
    let zone = match Zone::parse(bytes::slice(content)) {
        Ok(zone) => zone,
        Err(message) => return py.value_error(&message),
    };
    let size = zone.size();
    py.heap().charge_external(size).map_err(|e| py.out_of_memory(e))?;
    let handle = py.state().foreign.borrow_mut().add(Box::new(zone));
    let made = py.new_native_of(class, &INFO);
    match made {
        Ok(o) => o.init(word::HANDLE, Value::int(handle.into())),
        Err(_) => give_back(py, handle),
    }
    made
}
fn give_back(py: Py<'_>, handle: u32) {
    let zone = py.state().foreign.borrow_mut().remove(handle);
    if let Some(zone) = zone.and_then(|zone| zone.downcast::<Zone>().ok()) {
        py.heap().release_external(zone.size());
    }
}
fn release(py: Py<'_>, args: Args<'_>) -> R {
    if let Some(o) = py.of_kind(args.at(0), INFO.kind) {
        let handle = o.get(word::HANDLE);
        py.store(o, word::HANDLE, Value::EMPTY);
        if handle.is_int() {
            give_back(py, handle.as_int() as u32);
        }
    }
    Ok(Value::NONE)
}
/// Asks the zone; `f` must not use the heap.
fn with<T>(py: Py<'_>, o: Object, f: impl FnOnce(&Zone) -> T) -> R<T> {
    let handle = o.get(word::HANDLE);
    let mut foreign = py.state().foreign.borrow_mut();
    let zone = if handle.is_int() { foreign.get::<Zone>(handle.as_int() as u32) } else { None };
    match zone.map(|zone| f(zone)) {
        Some(found) => Ok(found),
        None => {
            drop(foreign);
            py.value_error("the time zone was not read")
        }
    }
}

fn no_cache(py: Py<'_>, args: Args<'_>) -> R {
    of_key(py, args.at(0), args.at(1), false)
}
fn from_file(py: Py<'_>, args: Args<'_>) -> R {
    let shown = py.repr(args.at(1))?;
    let content = call_method(py, args.at(1), "read", &[])?;
    let o = of_content(py, args.at(0), content)?;
    o.init(word::KEY, args.opt(2).unwrap_or(Value::NONE));
    o.init(word::FILE, shown.value());
    o.init(word::CACHED, Value::FALSE);
    Ok(o.value())
}
fn clear_cache(py: Py<'_>, args: Args<'_>) -> R {
    let class = args.at(0);
    let weak = weak_cache(py, class)?;
    let strong = if is_base(py, class)? { py.as_dict(value(py, &kept(py).strong)) } else { None };
    match args.some(1) {
        None => {
            call_method(py, weak, "clear", &[])?;
            if let Some(strong) = strong {
                py.dict_clear(strong);
            }
        }
        Some(keys) => py.each(keys, |key| {
            if let Some(strong) = strong {
                py.dict_remove(strong, key)?;
            }
            call_method(py, weak, "pop", &[key, Value::NONE]).map(|_| ())
        })?,
    }
    Ok(Value::NONE)
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut text = py.class_name(o.value()).into_bytes();
    if field(o, word::KEY) == Value::NONE {
        text.extend_from_slice(b".from_file(");
        text.extend_from_slice(py.str_text(field(o, word::FILE))?.as_bytes());
    } else {
        text.extend_from_slice(b"(key=");
        py.repr_into(field(o, word::KEY), &mut text)?;
    }
    text.push(b')');
    py.str_from_wtf8(&text).map(Object::value)
}
fn to_str(py: Py<'_>, args: Args<'_>) -> R {
    match field(this(py, args)?, word::KEY) {
        key if key == Value::NONE => repr(py, args),
        key => py.str_of(key).map(Object::value),
    }
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if !o.get(word::FILE).is_empty() {
        let pickle = stdlib_core::import_module(py, "pickle")?;
        let class = py.get_attribute_text(pickle.value(), "PicklingError")?;
        let message = py.str("Cannot pickle a ZoneInfo file from a file stream.")?;
        let e = py.call(class, &[message])?;
        return Err(py.throw(py.make_exception(e)?));
    }
    let unpickle = py.get_attribute_text(py.class_of(o.value()).value(), "_unpickle")?;
    let cached = Value::int((o.get(word::CACHED) == Value::TRUE).into());
    let arguments = py.tuple(&[field(o, word::KEY), cached])?;
    py.tuple(&[unpickle, arguments])
}
fn unpickle(py: Py<'_>, args: Args<'_>) -> R {
    let (class, key) = (args.at(0), args.at(1));
    // Through the class, which may make its zones in its own way.
    if py.truth(args.at(2))? { py.call(class, &[key]) } else { of_key(py, class, key, false) }
}

fn seconds(py: Py<'_>, seconds: i64) -> R {
    delta::from_micros(py, i128::from(seconds) * i128::from(SECOND))
}
/// What the zone's time at a moment (or None) is like; None where that cannot be said.
fn answer(py: Py<'_>, args: Args<'_>, f: impl FnOnce(Py<'_>, Kind) -> R) -> R {
    let o = this(py, args)?;
    if args.at(1) == Value::NONE {
        return match with(py, o, |zone| zone.fixed().cloned())? {
            Some(kind) => f(py, kind),
            None => Ok(Value::NONE),
        };
    }
    let Some(dt) = moment::get(py, args.at(1)) else {
        py.get_attribute_text(args.at(1), "toordinal")?;
        return py.type_error("a datetime is required");
    };
    let (day, fold) = (moment::day(dt), moment::fold(dt));
    let shown = day.seconds() + moment::time(dt) / SECOND;
    let kind = with(py, o, |zone| zone.at_local(shown, day.year, fold).clone())?;
    f(py, kind)
}
fn from_utc(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(dt) = moment::get(py, args.at(1)) else { return py.type_error("fromutc: argument must be a datetime") };
    if moment::zone(dt) != args.at(0) {
        return py.value_error("fromutc: dt.tzinfo is not self");
    }
    let day = moment::day(dt);
    let at = day.seconds() + moment::time(dt) / SECOND;
    let (offset, fold) = with(py, o, |zone| {
        let (kind, fold) = zone.at_utc(at, day.year);
        (kind.offset, fold)
    })?;
    let made = moment::shifted(py, dt, i128::from(offset) * i128::from(SECOND))?;
    if let Some(made) = moment::get(py, made).filter(|_| fold) {
        moment::set_fold(py, made);
    }
    Ok(made)
}
