//! `type`: making, calling and inspecting classes.

use crate::object::{attribute_name, merge_class_names};
use python_objects::class::{self, flag, word};
use python_objects::kind::{Kind, class as builtin, shape};
use python_objects::native::{Native, variadic};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Symbol, Value, dict, string};

static METHODS: &[Native] = &[
    Native::wrapper("__call__", "self, /, *args, **kwargs", call, "Call self as a function."),
    Native::static_method("__new__", "metatype, /, *args, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__init__", "self, /, *args, **kwargs", init, "Initialize self."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__getattribute__", "self, name, /", get_attribute, "Return getattr(self, name)."),
    Native::wrapper("__setattr__", "self, name, value, /", set_attribute, "Implement setattr(self, name, value)."),
    Native::wrapper("__delattr__", "self, name, /", delete_attribute, "Implement delattr(self, name)."),
    Native::wrapper("__or__", "self, value, /", or, "Return self|value."),
    Native::wrapper("__ror__", "self, value, /", ror, "Return value|self."),
    Native::method("mro", "self, /", mro, "Return a type's method resolution order."),
    Native::method("__subclasses__", "self, /", subclasses, "Return a list of immediate subclasses."),
    Native::class_method("__prepare__", "cls, /, *args, **kwargs", prepare, "Make the namespace of a class statement."),
    Native::method("__instancecheck__", "self, instance, /", instance_check, "Check if an object is an instance."),
    Native::method("__subclasscheck__", "self, subclass, /", subclass_check, "Check if a class is a subclass."),
    Native::method("__dir__", "self, /", dir, "Specialized __dir__ implementation for types."),
    Native::method("__sizeof__", "self, /", sizeof, "Return memory consumption of the type object."),
    Native::getter("__name__", get_name, ""),
    Native::setter("__name__", set_name),
    Native::getter("__qualname__", get_qualname, ""),
    Native::setter("__qualname__", set_qualname),
    Native::getter("__module__", get_module, ""),
    Native::setter("__module__", set_module),
    Native::getter("__bases__", get_bases, ""),
    Native::setter("__bases__", set_bases),
    Native::getter("__mro__", get_mro, ""),
    Native::member("__base__", get_base, ""),
    Native::getter("__dict__", get_dict, ""),
    Native::getter("__doc__", get_doc, ""),
    Native::setter("__doc__", set_doc),
    Native::getter("__abstractmethods__", get_abstract, ""),
    Native::setter("__abstractmethods__", set_abstract),
    Native::getter("__annotations__", get_annotations, ""),
    Native::setter("__annotations__", set_annotations),
    Native::getter("__type_params__", get_type_params, ""),
    Native::setter("__type_params__", set_type_params),
    Native::getter("__text_signature__", get_text_signature, ""),
    Native::member("__flags__", get_flags, ""),
    Native::member("__basicsize__", get_basicsize, ""),
    Native::member("__itemsize__", get_itemsize, ""),
    Native::member("__dictoffset__", get_dictoffset, ""),
    Native::member("__weakrefoffset__", get_weakrefoffset, ""),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::TYPE), METHODS)
}

/// `self` as a class: natives may be called with anything through `type.__dict__`'s descriptors, which check.
fn this(py: Py<'_>, v: Value) -> R<Object> {
    match py.of_kind(v, Kind::TYPE) {
        Some(c) => Ok(c),
        None => py.type_error(&format!("descriptor requires a 'type' object but received a '{}'", py.class_name(v))),
    }
}

fn call(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    let positional = Object::of(args.at(1));
    let (names, values) = match Object::from_value(args.at(2)).filter(|d| dict::length(*d) > 0) {
        Some(d) => {
            let (names, values) = py.split_keywords(d)?;
            (names.value(), values.value())
        }
        None => (Value::EMPTY, Value::EMPTY),
    };
    let (n, extra) = (positional.length(), Object::from_value(values));
    py.with_arguments(
        n + extra.map_or(0, Object::length),
        |i| if i < n { positional.element(i) } else { extra.map_or(Value::EMPTY, |e| e.element(i - n)) },
        |py, all| py.construct(class, all, names),
    )
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let meta = py.class_argument(args.at(0), builtin::TYPE)?;
    let given = Object::of(args.at(1));
    let keywords = Object::from_value(args.at(2)).filter(|d| dict::length(*d) > 0);
    if given.length() == 1 && keywords.is_none() && meta.value() == py.root(builtin::TYPE) {
        return Ok(py.class_of(given.element(0)).value());
    }
    if given.length() != 3 {
        return py.type_error("type() takes 1 or 3 arguments");
    }
    let wrong = |i: usize, expected: &str| {
        py.type_error(&format!(
            "type.__new__() argument {} must be {expected}, not {}",
            i + 1,
            py.class_name(given.element(i))
        ))
    };
    let Some(name) = string::exact_or_payload(py, given.element(0)) else { return wrong(0, "str") };
    let Some(bases) = py.as_tuple(given.element(1)) else { return wrong(1, "tuple") };
    let Some(namespace) = py.as_dict(given.element(2)) else { return wrong(2, "dict") };
    py.type_new(meta, name, bases, namespace, args.at(2))
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let (n, keywords) = (variadic(args, 1).len(), Object::from_value(args.at(2)).map_or(0, dict::length));
    if n == 1 && keywords > 0 {
        return py.type_error("type.__init__() takes no keyword arguments");
    }
    if n != 1 && n != 3 {
        return py.type_error("type.__init__() takes 1 or 3 arguments");
    }
    Ok(Value::NONE)
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let mut out = Vec::new();
    py.native_repr_into(args.at(0), &mut out)?;
    Ok(py.str_from_wtf8(&out)?.value())
}

fn get_attribute(py: Py<'_>, args: Args<'_>) -> R {
    let (v, name) = (args.at(0), attribute_name(py, args.at(1))?);
    let meta = py.class_of(v);
    match py.default_attribute(v, meta, name)? {
        Some(found) => Ok(found),
        None => Err(py.no_attribute(v, name)),
    }
}

fn set_attribute(py: Py<'_>, args: Args<'_>) -> R {
    let (class, name) = (this(py, args.at(0))?, attribute_name(py, args.at(1))?);
    py.set_type_attribute(class, py.class_of(args.at(0)), name, args.opt(2))?;
    Ok(Value::NONE)
}

fn delete_attribute(py: Py<'_>, args: Args<'_>) -> R {
    let (class, name) = (this(py, args.at(0))?, attribute_name(py, args.at(1))?);
    py.set_type_attribute(class, py.class_of(args.at(0)), name, None)?;
    Ok(Value::NONE)
}

fn or(py: Py<'_>, args: Args<'_>) -> R {
    super::union::union(py, args.at(0), args.at(1))
}

fn ror(py: Py<'_>, args: Args<'_>) -> R {
    super::union::union(py, args.at(1), args.at(0))
}

fn mro(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    let bases = Object::of(class.get(word::BASES));
    let order = if bases.length() == 0 { class.get(word::MRO) } else { py.linearize(class, bases)? };
    Ok(py.list_from(order)?.value())
}

fn subclasses(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    Ok(py.list_from(class.get(word::SUBCLASSES))?.value())
}

fn prepare(py: Py<'_>, _: Args<'_>) -> R {
    Ok(py.new_dict()?.value())
}

fn instance_check(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(py.plain_isinstance(args.at(1), args.at(0))?))
}

fn subclass_check(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(py.plain_issubclass(args.at(1), args.at(0))?))
}

fn dir(py: Py<'_>, args: Args<'_>) -> R {
    let names = py.new_dict()?;
    merge_class_names(py, names, args.at(0))?;
    Ok(py.list_from(names.value())?.value())
}

fn sizeof(py: Py<'_>, args: Args<'_>) -> R {
    py.int_usize(this(py, args.at(0))?.size_words(py.heap().layouts()) * 8)
}

/// TypeError unless attribute `name` of the class may be set, or (with EMPTY) deleted, which is never so.
fn check_special(py: Py<'_>, class: Object, value: Value, name: &str) -> R<()> {
    if !class::has(class, flag::HEAP) {
        let full = py.class_full_name(class);
        return py.type_error(&format!("cannot set '{name}' attribute of immutable type '{full}'"));
    }
    if value.is_empty() {
        let own = class::name(py, class);
        return py.type_error(&format!("cannot delete '{name}' attribute of immutable type '{own}'"));
    }
    Ok(())
}

/// The same for the attributes that live in the dictionary: these may be deleted.
fn check_mutable(py: Py<'_>, class: Object, name: &str) -> R<()> {
    if class::has(class, flag::HEAP) {
        return Ok(());
    }
    py.type_error(&format!("cannot set '{name}' attribute of immutable type '{}'", py.class_full_name(class)))
}

fn own(py: Py<'_>, class: Object, name: Symbol) -> Option<Value> {
    py.class_item(class, name)
}

fn get_name(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args.at(0))?.get(word::NAME))
}

fn set_name(py: Py<'_>, args: Args<'_>) -> R {
    let (class, v) = (this(py, args.at(0))?, args.at(1));
    check_special(py, class, v, "__name__")?;
    let Some(s) = string::exact_or_payload(py, v) else {
        return py.type_error(&format!(
            "can only assign string to {}.__name__, not '{}'",
            class::name(py, class),
            py.class_name(v)
        ));
    };
    py.check_type_name(s)?;
    py.store(class, word::NAME, s.value());
    Ok(Value::NONE)
}

fn get_qualname(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args.at(0))?.get(word::QUALNAME))
}

fn set_qualname(py: Py<'_>, args: Args<'_>) -> R {
    let (class, v) = (this(py, args.at(0))?, args.at(1));
    check_special(py, class, v, "__qualname__")?;
    let Some(s) = string::exact_or_payload(py, v) else {
        return py.type_error(&format!(
            "can only assign string to {}.__qualname__, not '{}'",
            class::name(py, class),
            py.class_name(v)
        ));
    };
    py.store(class, word::QUALNAME, s.value());
    Ok(Value::NONE)
}

fn get_module(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    let module = own(py, class, sym::MODULE);
    if !class::has(class, flag::HEAP) && module.is_none_or(|m| py.kind(m) != Kind::STR) {
        // The entry of a built-in class is the attribute of its instances, if there is one.
        // Interned, as all names of modules are: pickles name each once.
        let module = py.intern(py.class_module(class).as_deref().unwrap_or("builtins"))?;
        return Ok(py.symbol_string(module).value());
    }
    match module {
        Some(v) => Ok(v),
        None => Err(py.attribute_error(class.value(), sym::MODULE, "__module__")),
    }
}

fn set_module(py: Py<'_>, args: Args<'_>) -> R {
    let (class, v) = (this(py, args.at(0))?, args.at(1));
    check_special(py, class, v, "__module__")?;
    py.class_set(class, sym::MODULE, Some(v))?;
    Ok(Value::NONE)
}

fn get_bases(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args.at(0))?.get(word::BASES))
}

fn set_bases(py: Py<'_>, args: Args<'_>) -> R {
    let (class, v) = (this(py, args.at(0))?, args.at(1));
    check_special(py, class, v, "__bases__")?;
    let name = class::name(py, class);
    let Some(bases) = py.as_tuple(v) else {
        return py.type_error(&format!("can only assign tuple to {name}.__bases__, not {}", py.class_name(v)));
    };
    if bases.length() == 0 {
        return py.type_error(&format!("can only assign non-empty tuple to {name}.__bases__, not ()"));
    }
    py.replace_bases(class, bases)?;
    Ok(Value::NONE)
}

fn get_mro(py: Py<'_>, args: Args<'_>) -> R {
    let mro = class::mro(this(py, args.at(0))?);
    // A class has none before its metaclass's `mro()` has said it.
    Ok(if mro.length() == 0 { Value::NONE } else { mro.value() })
}

fn get_base(py: Py<'_>, args: Args<'_>) -> R {
    let base = this(py, args.at(0))?.get(word::BASE);
    Ok(if base.is_empty() { Value::NONE } else { base })
}

fn get_dict(py: Py<'_>, args: Args<'_>) -> R {
    let d = py.class_dict(this(py, args.at(0))?)?;
    Ok(py.new_object(shape::MAPPINGPROXY, 2, &[d.value()])?.value())
}

fn get_doc(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    if class.value() == py.root(builtin::TYPE) {
        // It holds this very descriptor under the name.
        return py.str("type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type");
    }
    match own(py, class, sym::DOC) {
        Some(v) => py.descriptor_get(v, Value::EMPTY, class.value()),
        None => Ok(Value::NONE),
    }
}

fn set_doc(py: Py<'_>, args: Args<'_>) -> R {
    let (class, v) = (this(py, args.at(0))?, args.at(1));
    check_special(py, class, v, "__doc__")?;
    py.class_set(class, sym::DOC, Some(v))?;
    Ok(Value::NONE)
}

fn get_abstract(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    // `type` itself holds this very descriptor under the name.
    match own(py, class, sym::ABSTRACTMETHODS).filter(|_| class.value() != py.root(builtin::TYPE)) {
        Some(v) => Ok(v),
        None => Err(py.attribute_error(class.value(), sym::ABSTRACTMETHODS, "__abstractmethods__")),
    }
}

fn set_abstract(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    check_mutable(py, class, "__abstractmethods__")?;
    match args.opt(1) {
        Some(v) => {
            let is_abstract = py.truth(v)?;
            py.class_set(class, sym::ABSTRACTMETHODS, Some(v))?;
            if !is_abstract {
                class::clear_flags(class, flag::ABSTRACT);
            } else if !class::has(class, flag::ABSTRACT) {
                class::add_flags(class, flag::ABSTRACT);
                // Inline caches of calls rely on the class's being concrete.
                py.flush_attribute_caches();
            }
        }
        None => {
            if !py.class_set(class, sym::ABSTRACTMETHODS, None)? {
                return Err(py.attribute_error(class.value(), sym::ABSTRACTMETHODS, "__abstractmethods__"));
            }
            class::clear_flags(class, flag::ABSTRACT);
        }
    }
    Ok(Value::NONE)
}

fn get_annotations(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    if !class::has(class, flag::HEAP) {
        return Err(py.no_attribute(class.value(), sym::ANNOTATIONS));
    }
    match own(py, class, sym::ANNOTATIONS) {
        Some(v) => py.descriptor_get(v, Value::EMPTY, class.value()),
        None => {
            let d = py.new_dict()?.value();
            py.class_set(class, sym::ANNOTATIONS, Some(d))?;
            Ok(d)
        }
    }
}

fn set_annotations(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    check_mutable(py, class, "__annotations__")?;
    if !py.class_set(class, sym::ANNOTATIONS, args.opt(1))? {
        return Err(py.attribute_error(class.value(), sym::ANNOTATIONS, "__annotations__"));
    }
    Ok(Value::NONE)
}

fn get_type_params(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    Ok(own(py, class, sym::TYPE_PARAMS).unwrap_or_else(|| py.empty_tuple()))
}

fn set_type_params(py: Py<'_>, args: Args<'_>) -> R {
    let (class, v) = (this(py, args.at(0))?, args.at(1));
    check_special(py, class, v, "__type_params__")?;
    py.class_set(class, sym::TYPE_PARAMS, Some(v))?;
    Ok(Value::NONE)
}

/// Classes whose signature CPython does not tell, and those where it is another than what `__new__` accepts there as here.
static SIGNATURES: &[(&str, Option<&str>)] = &[
    ("object", Some("()")),
    ("list", Some("(iterable=(), /)")),
    ("tuple", Some("(iterable=(), /)")),
    ("float", Some("(x=0, /)")),
    ("enumerate", Some("(iterable, start=0)")),
    ("reversed", Some("(sequence, /)")),
    ("int", None),
    ("bool", None),
    ("dict", None),
    ("set", None),
    ("frozenset", None),
    ("str", None),
    ("bytes", None),
    ("bytearray", None),
    ("type", None),
    ("range", None),
    ("slice", None),
    ("super", None),
    ("zip", None),
    ("map", None),
    ("filter", None),
    ("classmethod", None),
    ("staticmethod", None),
];

/// Built-in classes have the signature of their `__new__` or `__init__`, others and exceptions none.
fn get_text_signature(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    if class::has(class, flag::HEAP) || py.is_subclass(class, py.exception_class(Exc::BaseException)) {
        return Ok(Value::NONE);
    }
    let name = py.type_name(class);
    if let Some((_, signature)) = SIGNATURES.iter().find(|(known, _)| *known == name) {
        return match signature {
            Some(signature) => py.str(signature),
            None => Ok(Value::NONE),
        };
    }
    for name in [sym::NEW, sym::INIT] {
        if let Some(f) = own(py, class, name)
            && let Some(o) = py.of_kind(f, Kind::BUILTIN).or_else(|| py.of_kind(f, Kind::WRAPPER_DESCRIPTOR))
        {
            let native = py.state().native(o.get(1).as_int() as u32);
            // The class argument is bound; what stays is what callers pass.
            let rest = native.shown.split_once(',').map_or("", |(_, rest)| rest.trim_start());
            let rest = rest.strip_prefix("/, ").unwrap_or(rest);
            // A `__new__` that takes anything leaves it to `__init__` to say what.
            if name == sym::NEW && rest == "*args, **kwargs" && own(py, class, sym::INIT).is_some() {
                continue;
            }
            return py.str(&format!("({rest})"));
        }
    }
    Ok(Value::NONE)
}

/// CPython's bits of `tp_flags` that programs look at.
fn get_flags(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    // READY, HAVE_GC, HAVE_VERSION_TAG, VALID_VERSION_TAG
    let mut bits: i64 = 1 << 12 | 1 << 14 | 1 << 18 | 1 << 19;
    let own = [
        (flag::SEQUENCE, 1 << 5),
        (flag::MAPPING, 1 << 6),
        (flag::NO_INSTANCES, 1 << 7),
        (flag::HEAP, 1 << 9),
        (flag::BASE, 1 << 10),
        (flag::ABSTRACT, 1 << 20),
        (flag::MATCH_SELF, 1 << 22),
    ];
    for (ours, theirs) in own {
        bits |= if class::has(class, ours) { theirs } else { 0 };
    }
    bits |= if class::has(class, flag::HEAP) { 0 } else { 1 << 8 };
    let kinds = [
        (Kind::INT, 24),
        (Kind::BOOL, 24),
        (Kind::LIST, 25),
        (Kind::TUPLE, 26),
        (Kind::BYTES, 27),
        (Kind::STR, 28),
        (Kind::DICT, 29),
        (Kind::EXCEPTION, 30),
        (Kind::TYPE, 31),
    ];
    for (kind, bit) in kinds {
        bits |= if class::kind(class) == kind { 1 << bit } else { 0 };
    }
    let descriptors = [Kind::FUNCTION, Kind::METHOD_DESCRIPTOR, Kind::WRAPPER_DESCRIPTOR];
    bits |= if descriptors.contains(&class::kind(class)) { 1 << 17 } else { 0 };
    py.int(bits)
}

fn get_basicsize(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    // Numbers are as big as CPython's for programs; see their `__sizeof__`.
    let least = if [Kind::INT, Kind::BOOL].contains(&class::kind(class)) { 3 } else { 2 };
    py.int(i64::from(py.shape_info(class::shape(class)).words.max(least)) * 8)
}

fn get_itemsize(py: Py<'_>, args: Args<'_>) -> R {
    py.int(match class::kind(this(py, args.at(0))?) {
        Kind::TUPLE => 8,
        Kind::INT | Kind::BOOL => 4,
        Kind::BYTES => 1,
        Kind::TYPE => 40,
        _ => 0,
    })
}

fn get_dictoffset(py: Py<'_>, args: Args<'_>) -> R {
    let class = this(py, args.at(0))?;
    if class::kind(class) == Kind::TYPE {
        return py.int(word::DICT as i64 * 8);
    }
    py.int(i64::from(py.shape_info(class::shape(class)).dict_word) * 8)
}

/// Weak references need no field: what is told is only whether there can be any.
fn get_weakrefoffset(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::int(if class::has(this(py, args.at(0))?, flag::WEAKREFS) { 8 } else { 0 }))
}
