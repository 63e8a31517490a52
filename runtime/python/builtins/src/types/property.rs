//! `property`. Words: getter, setter, deleter (None or EMPTY without), documentation (EMPTY: the getter's), name.

use python_objects::kind::{Kind, class as builtin, shape};
use python_objects::native::Native;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, represent, string};

const GETTER: usize = 1;
const SETTER: usize = 2;
const DELETER: usize = 3;
const DOC: usize = 4;
const NAME: usize = 5;

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__init__", "self, /, fget=None, fset=None, fdel=None, doc=None", init, "Initialize self."),
    Native::wrapper("__get__", "self, instance, owner=None, /", get, "Return an attribute of instance."),
    Native::wrapper("__set__", "self, instance, value, /", set, "Set an attribute of instance to value."),
    Native::wrapper("__delete__", "self, instance, /", delete, "Delete an attribute of instance."),
    Native::method("getter", "self, fget, /", getter, "The same property with another getter."),
    Native::method("setter", "self, fset, /", setter, "The same property with another setter."),
    Native::method("deleter", "self, fdel, /", deleter, "The same property with another deleter."),
    Native::method("__set_name__", "self, owner, name, /", set_name, "Tells the property its name."),
    Native::getter("fget", |py, a| field(py, a, GETTER), ""),
    Native::setter("fget", super::function::read_only),
    Native::getter("fset", |py, a| field(py, a, SETTER), ""),
    Native::setter("fset", super::function::read_only),
    Native::getter("fdel", |py, a| field(py, a, DELETER), ""),
    Native::setter("fdel", super::function::read_only),
    Native::getter("__doc__", get_doc, ""),
    Native::setter("__doc__", set_doc),
    Native::getter("__isabstractmethod__", is_abstract, ""),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::PROPERTY), METHODS)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.class_argument(args.at(0), builtin::PROPERTY)?;
    Ok(py.alloc_instance(class)?.value())
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let this = Object::of(args.at(0));
    for (word, i) in [(GETTER, 1), (SETTER, 2), (DELETER, 3)] {
        py.store(this, word, args.some(i).unwrap_or(Value::EMPTY));
    }
    let doc = args.some(4).unwrap_or(Value::EMPTY);
    py.store(this, DOC, doc);
    py.store(this, NAME, Value::EMPTY);
    if this.shape() == shape::PROPERTY {
        return Ok(Value::NONE);
    }
    // A subclass's own `__doc__` would hide the attribute of this class: the instance gets its own.
    let doc = if doc.is_empty() { getter_doc(py, this)? } else { doc };
    if doc != Value::NONE {
        let r = py.set_attribute(this.value(), sym::DOC, Some(doc));
        py.caught(r, Exc::AttributeError)?;
    }
    Ok(Value::NONE)
}

fn getter_doc(py: Py<'_>, this: Object) -> R {
    let f = this.get(GETTER);
    if f.is_empty() {
        return Ok(Value::NONE);
    }
    Ok(py.get_optional(f, sym::DOC)?.unwrap_or(Value::NONE))
}

fn or_none(v: Value) -> Value {
    if v.is_empty() { Value::NONE } else { v }
}

fn field(_: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(or_none(Object::of(args.at(0)).get(word)))
}

fn missing(py: Py<'_>, this: Object, instance: Value, what: &str) -> R {
    let name = match string::exact_or_payload(py, this.get(NAME)) {
        Some(n) => format!("property {} ", represent::quoted(n)),
        None => "property ".to_owned(),
    };
    let class = py.class_of(instance).get(python_objects::class::word::QUALNAME);
    py.err(Exc::AttributeError, &format!("{name}of {} object has no {what}", represent::quoted(Object::of(class))))
}

fn get(py: Py<'_>, args: Args<'_>) -> R {
    let this = Object::of(args.at(0));
    let Some(instance) = args.some(1) else { return Ok(this.value()) };
    match this.get(GETTER) {
        f if f.is_empty() => missing(py, this, instance, "getter"),
        f => py.call(f, &[instance]),
    }
}

fn set(py: Py<'_>, args: Args<'_>) -> R {
    let this = Object::of(args.at(0));
    match this.get(SETTER) {
        f if f.is_empty() => missing(py, this, args.at(1), "setter"),
        f => py.call(f, &[args.at(1), args.at(2)]),
    }?;
    Ok(Value::NONE)
}

fn delete(py: Py<'_>, args: Args<'_>) -> R {
    let this = Object::of(args.at(0));
    match this.get(DELETER) {
        f if f.is_empty() => missing(py, this, args.at(1), "deleter"),
        f => py.call(f, &[args.at(1)]),
    }?;
    Ok(Value::NONE)
}

/// A property of the same class with one function exchanged.
fn with(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    let this = Object::of(args.at(0));
    let part = |w: usize| or_none(if w == word { args.at(1) } else { this.get(w) });
    let class = py.class_of(this.value());
    let new = py.call(class.value(), &[part(GETTER), part(SETTER), part(DELETER), or_none(this.get(DOC))])?;
    if let Some(o) = py.of_kind(new, Kind::PROPERTY) {
        py.store(o, NAME, this.get(NAME));
    }
    Ok(new)
}

fn getter(py: Py<'_>, args: Args<'_>) -> R {
    with(py, args, GETTER)
}

fn setter(py: Py<'_>, args: Args<'_>) -> R {
    with(py, args, SETTER)
}

fn deleter(py: Py<'_>, args: Args<'_>) -> R {
    with(py, args, DELETER)
}

fn set_name(py: Py<'_>, args: Args<'_>) -> R {
    py.store(Object::of(args.at(0)), NAME, args.at(2));
    Ok(Value::NONE)
}

fn get_doc(py: Py<'_>, args: Args<'_>) -> R {
    let this = Object::of(args.at(0));
    match this.get(DOC) {
        v if v.is_empty() => getter_doc(py, this),
        v => Ok(v),
    }
}

fn set_doc(py: Py<'_>, args: Args<'_>) -> R {
    py.store(Object::of(args.at(0)), DOC, args.opt(1).unwrap_or(Value::NONE));
    Ok(Value::NONE)
}

fn is_abstract(py: Py<'_>, args: Args<'_>) -> R {
    for word in [GETTER, SETTER, DELETER] {
        if super::descriptors::is_abstract(py, Object::of(args.at(0)).get(word))? {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}
