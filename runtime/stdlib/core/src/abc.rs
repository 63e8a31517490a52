//! `_abc`: abstract base classes, with the registries and caches of virtual subclasses.
//!
//! A class's data are a hidden object under `_abc_impl` in its dictionary: weak references would keep caches from keeping
//! classes alive; strong ones do, as long as the class that caches them lives.

use python_objects::class::{self, flag};
use python_objects::kind::{shape, special};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, TypeSpec, Value, dict, list, tuple};
use std::cell::Cell;

/// Words: registry, cache, negative cache (sets), the counter's value for the negative cache.
const REGISTRY: usize = 1;
const CACHE: usize = 2;
const NEGATIVE: usize = 3;
const VERSION: usize = 4;

static DATA: TypeSpec = TypeSpec::values("_abc", "_abc_data", 4, &[], "Internal state held by ABC machinery.");

static FUNCTIONS: &[Native] = &[
    Native::function("get_cache_token", "", get_cache_token, "Return the number that changes with each registration."),
    Native::function("_abc_init", "self, /", abc_init, "Make a class abstract as its methods say."),
    Native::function("_abc_register", "self, subclass, /", register, "Register a virtual subclass."),
    Native::function("_abc_instancecheck", "self, instance, /", instance_check, "isinstance for abstract classes."),
    Native::function("_abc_subclasscheck", "self, subclass, /", subclass_check, "issubclass for abstract classes."),
    Native::function("_get_dump", "self, /", get_dump, "Return registry, caches and version."),
    Native::function("_reset_registry", "self, /", reset_registry, "Forget all registered classes."),
    Native::function("_reset_caches", "self, /", reset_caches, "Forget what is cached."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)
}

/// The counter of registrations.
fn counter(py: Py<'_>) -> std::rc::Rc<Cell<i64>> {
    py.state().data("_abc counter", || Cell::new(0))
}

fn get_cache_token(py: Py<'_>, _: Args<'_>) -> R {
    py.int(counter(py).get())
}

fn data(py: Py<'_>, c: Value) -> R<Object> {
    let v = py.get_attribute_text(c, "_abc_impl")?;
    match py.of_kind(v, DATA.kind) {
        Some(o) => Ok(o),
        None => py.type_error("_abc_impl is set to a wrong type"),
    }
}

/// The set in a word, made when it is needed.
fn set_in(py: Py<'_>, data: Object, word: usize) -> R<Object> {
    if let Some(set) = Object::from_value(data.get(word)) {
        return Ok(set);
    }
    let set = py.new_set(shape::SET)?;
    py.store(data, word, set.value());
    Ok(set)
}

/// Is the class in the set in a word? By identity: classes may compare as they like.
fn has(data: Object, word: usize, c: Value) -> bool {
    let Some(set) = Object::from_value(data.get(word)) else { return false };
    let mut i = 0;
    while let Some((at, item)) = python_objects::set::next_item(set, i) {
        if item == c {
            return true;
        }
        i = at + 1;
    }
    false
}

fn put(py: Py<'_>, data: Object, word: usize, c: Value) -> R<()> {
    let set = set_in(py, data, word)?;
    py.set_add(set, c).map(|_| ())
}

fn abc_init(py: Py<'_>, args: Args<'_>) -> R {
    let Some(c) = py.of_kind(args.at(0), Kind::TYPE) else { return py.type_error("_abc_init() needs a class") };
    compute_abstract_methods(py, c)?;
    let data = py.new_native(&DATA)?;
    py.store(data, VERSION, Value::int(counter(py).get()));
    let name = py.intern("_abc_impl")?;
    py.class_set(c, name, Some(data.value()))?;
    // `collections.abc` marks what `match` takes for sequences and mappings.
    let name = py.intern("__abc_tpflags__")?;
    if let Some(flags) = py.class_item(c, name) {
        let flags = py.index_i64(flags)?;
        if flags >> 5 & 3 == 3 {
            return py.type_error("__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
        }
        if flags & 1 << 5 != 0 {
            class::add_flags(c, flag::SEQUENCE);
        }
        if flags & 1 << 6 != 0 {
            class::add_flags(c, flag::MAPPING);
        }
        py.class_set(c, name, None)?;
    }
    Ok(Value::NONE)
}

fn is_abstract(py: Py<'_>, v: Value) -> R<bool> {
    match py.get_optional(v, sym::ISABSTRACTMETHOD)? {
        Some(flag) => py.truth(flag),
        None => Ok(false),
    }
}

fn compute_abstract_methods(py: Py<'_>, c: Object) -> R<()> {
    let names = py.new_set(shape::FROZENSET)?;
    let items = py.new_list(8)?;
    let (d, mut i) = (py.class_dict(c)?, 0);
    while let Some((at, key, value)) = dict::next_entry(d, i) {
        i = at + 1;
        let pair = py.tuple(&[key, value])?;
        py.list_push(items, pair)?;
    }
    let mut i = 0;
    while let Some(pair) = list::get(items, i).and_then(|p| py.as_tuple(p)) {
        i += 1;
        if is_abstract(py, pair.element(1))? {
            py.set_add(names, pair.element(0))?;
        }
    }
    for base in tuple::items(Object::of(c.get(class::word::BASES))) {
        let Some(inherited) = py.get_optional(base, sym::ABSTRACTMETHODS)? else { continue };
        py.each(inherited, |name| {
            let Some(s) = python_objects::string::exact_or_payload(py, name) else { return Ok(()) };
            let symbol = py.symbol_of(s)?;
            if let Some(v) = py.get_optional(c.value(), symbol)?
                && is_abstract(py, v)?
            {
                py.set_add(names, name)?;
            }
            Ok(())
        })?;
    }
    py.set_attribute(c.value(), sym::ABSTRACTMETHODS, Some(names.value()))
}

fn register(py: Py<'_>, args: Args<'_>) -> R {
    let (this, subclass) = (args.at(0), args.at(1));
    let Some(c) = py.of_kind(subclass, Kind::TYPE) else { return py.type_error("Can only register classes") };
    if is_subclass(py, subclass, this)? {
        return Ok(subclass);
    }
    if is_subclass(py, this, subclass)? {
        return py.err(Exc::RuntimeError, "Refusing to create an inheritance cycle");
    }
    put(py, data(py, this)?, REGISTRY, subclass)?;
    let counter = counter(py);
    counter.set(counter.get() + 1);
    if let Some(this) = py.of_kind(this, Kind::TYPE) {
        for flag in [flag::SEQUENCE, flag::MAPPING] {
            if class::has(this, flag) {
                mark(c, flag);
            }
        }
    }
    Ok(subclass)
}

/// Marks a class and its subclasses for `match`. Native classes say themselves what they are: `str` is registered as a sequence
/// and is none there.
fn mark(c: Object, wanted: u64) {
    if class::has(c, wanted) || !class::has(c, flag::HEAP) {
        return;
    }
    class::add_flags(c, wanted);
    if let Some(subclasses) = Object::from_value(c.get(class::word::SUBCLASSES)) {
        for i in 0..list::length(subclasses) {
            mark(Object::of(list::item(subclasses, i)), wanted);
        }
    }
}

/// `issubclass(c, d)`
fn is_subclass(py: Py<'_>, c: Value, d: Value) -> R<bool> {
    let answer = match py.call_special(d, sym::SUBCLASSCHECK, &[c])? {
        Some(answer) => answer,
        None => return py.type_error("issubclass() arg 2 must be a class"),
    };
    py.truth(answer)
}

fn instance_check(py: Py<'_>, args: Args<'_>) -> R {
    let (this, instance) = (args.at(0), args.at(1));
    let subclass = py.get_attribute(instance, sym::CLASS)?;
    let d = data(py, this)?;
    if has(d, CACHE, subclass) {
        return Ok(Value::TRUE);
    }
    let subtype = py.class_of(instance).value();
    if subtype == subclass && d.get(VERSION) == Value::int(counter(py).get()) && has(d, NEGATIVE, subclass) {
        return Ok(Value::FALSE);
    }
    if is_subclass(py, subclass, this)? {
        return Ok(Value::TRUE);
    }
    if subtype == subclass {
        return Ok(Value::FALSE);
    }
    Ok(Value::bool(is_subclass(py, subtype, this)?))
}

fn subclass_check(py: Py<'_>, args: Args<'_>) -> R {
    let (this, subclass) = (args.at(0), args.at(1));
    let Some(c) = py.of_kind(subclass, Kind::TYPE) else {
        return py.type_error("issubclass() arg 1 must be a class");
    };
    py.check_native_stack()?;
    let d = data(py, this)?;
    if has(d, CACHE, subclass) {
        return Ok(Value::TRUE);
    }
    let version = Value::int(counter(py).get());
    if d.get(VERSION) != version {
        py.store(d, NEGATIVE, Value::EMPTY);
        py.store(d, VERSION, version);
    } else if has(d, NEGATIVE, subclass) {
        return Ok(Value::FALSE);
    }
    let hook = py.get_attribute(this, sym::SUBCLASSHOOK)?;
    let answer = py.call(hook, &[subclass])?;
    if answer == Value::TRUE {
        put(py, d, CACHE, subclass)?;
        return Ok(answer);
    }
    if answer == Value::FALSE {
        put(py, d, NEGATIVE, subclass)?;
        return Ok(answer);
    }
    if answer != special::NOT_IMPLEMENTED {
        return py.err(Exc::AssertionError, "__subclasshook__ must return either False, True, or NotImplemented");
    }
    if tuple::items(class::mro(c)).any(|b| b == this) {
        put(py, d, CACHE, subclass)?;
        return Ok(Value::TRUE);
    }
    if let Some(registry) = Object::from_value(d.get(REGISTRY)) {
        // Copied: checks run code that may register more.
        let registered = py.list_from(registry.value())?;
        let mut i = 0;
        while let Some(r) = list::get(registered, i) {
            i += 1;
            if is_subclass(py, subclass, r)? {
                put(py, d, CACHE, subclass)?;
                return Ok(Value::TRUE);
            }
        }
    }
    let subclasses = py.get_attribute(this, sym::SUBCLASSES)?;
    let subclasses = py.call(subclasses, &[])?;
    let Some(subclasses) = py.as_list(subclasses) else {
        return py.type_error("__subclasses__() must return a list");
    };
    let mut i = 0;
    while let Some(s) = list::get(subclasses, i) {
        i += 1;
        if is_subclass(py, subclass, s)? {
            put(py, d, CACHE, subclass)?;
            return Ok(Value::TRUE);
        }
    }
    put(py, d, NEGATIVE, subclass)?;
    Ok(Value::FALSE)
}

fn get_dump(py: Py<'_>, args: Args<'_>) -> R {
    let d = data(py, args.at(0))?;
    let sets = [set_in(py, d, REGISTRY)?, set_in(py, d, CACHE)?, set_in(py, d, NEGATIVE)?];
    py.tuple(&[sets[0].value(), sets[1].value(), sets[2].value(), d.get(VERSION)])
}

fn reset_registry(py: Py<'_>, args: Args<'_>) -> R {
    let d = data(py, args.at(0))?;
    py.store(d, REGISTRY, Value::EMPTY);
    Ok(Value::NONE)
}

fn reset_caches(py: Py<'_>, args: Args<'_>) -> R {
    let d = data(py, args.at(0))?;
    py.store(d, CACHE, Value::EMPTY);
    py.store(d, NEGATIVE, Value::EMPTY);
    Ok(Value::NONE)
}
