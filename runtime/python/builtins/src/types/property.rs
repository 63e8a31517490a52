//! `property`. Words: getter, setter, deleter (EMPTY without), documentation, name, whether the documentation was the
//! getter's.

use python_objects::kind::{Kind, class as builtin, shape};
use python_objects::native::{Native, variadic};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value};

const GETTER: usize = 1;
const SETTER: usize = 2;
const DELETER: usize = 3;
const DOC: usize = 4;
const NAME: usize = 5;
/// TRUE: the documentation was the getter's when the property was made. A copy with another getter then has that one's,
/// even if the documentation was exchanged since.
const GETTERS_DOC: usize = 6;

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__init__", "self, /, fget=None, fset=None, fdel=None, doc=None", init, "Initialize self."),
    Native::wrapper("__get__", "self, instance, owner=None, /", get, "Return an attribute of instance."),
    Native::wrapper("__set__", "self, instance, value, /", set, "Set an attribute of instance to value."),
    Native::wrapper("__delete__", "self, instance, /", delete, "Delete an attribute of instance."),
    Native::method("getter", "self, fget, /", getter, "The same property with another getter."),
    Native::method("setter", "self, fset, /", setter, "The same property with another setter."),
    Native::method("deleter", "self, fdel, /", deleter, "The same property with another deleter."),
    Native::method("__set_name__", "self, /, *args", set_name, "Tells the property its name."),
    Native::member("fget", |py, a| field(py, a, GETTER), ""),
    Native::setter("fget", super::function::read_only),
    Native::member("fset", |py, a| field(py, a, SETTER), ""),
    Native::setter("fset", super::function::read_only),
    Native::member("fdel", |py, a| field(py, a, DELETER), ""),
    Native::setter("fdel", super::function::read_only),
    Native::member("__doc__", |py, a| field(py, a, DOC), ""),
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
    py.store(this, NAME, Value::EMPTY);
    let given = args.some(4);
    let doc = match given {
        Some(doc) => doc,
        None => getter_doc(py, this)?,
    };
    let is_getters = given.is_none() && doc != Value::NONE;
    py.store(this, GETTERS_DOC, Value::bool(is_getters));
    if this.shape() == shape::PROPERTY {
        py.store(this, DOC, doc);
        return Ok(Value::NONE);
    }
    // A subclass's own `__doc__` would hide the attribute of this class: the instance gets its own, None, too. One that
    // was given is dropped where there is no place for it; the getter's is not.
    py.store(this, DOC, Value::EMPTY);
    let r = py.set_attribute(this.value(), sym::DOC, Some(doc));
    if is_getters {
        r?
    } else {
        py.caught(r, Exc::AttributeError)?.unwrap_or_default()
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

fn get(py: Py<'_>, args: Args<'_>) -> R {
    let this = Object::of(args.at(0));
    let Some(instance) = args.some(1) else { return Ok(this.value()) };
    match this.get(GETTER) {
        f if f.is_empty() => Err(py.property_error(this, instance, "getter")),
        f => py.call(f, &[instance]),
    }
}

fn set(py: Py<'_>, args: Args<'_>) -> R {
    let this = Object::of(args.at(0));
    match this.get(SETTER) {
        f if f.is_empty() => Err(py.property_error(this, args.at(1), "setter")),
        f => py.call(f, &[args.at(1), args.at(2)]),
    }?;
    Ok(Value::NONE)
}

fn delete(py: Py<'_>, args: Args<'_>) -> R {
    let this = Object::of(args.at(0));
    match this.get(DELETER) {
        f if f.is_empty() => Err(py.property_error(this, args.at(1), "deleter")),
        f => py.call(f, &[args.at(1)]),
    }?;
    Ok(Value::NONE)
}

/// A property of the same class with one function exchanged.
fn with(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    let this = Object::of(args.at(0));
    // As in CPython, None leaves the function that there is.
    let part = |w: usize| or_none(args.some(1).filter(|_| w == word).unwrap_or(this.get(w)));
    let class = py.class_of(this.value());
    let getters = this.get(GETTERS_DOC) == Value::TRUE && part(GETTER) != Value::NONE;
    let doc = if getters { Value::NONE } else { or_none(this.get(DOC)) };
    let new = py.call(class.value(), &[part(GETTER), part(SETTER), part(DELETER), doc])?;
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
    let (mut given, count) = (variadic(args, 1), variadic(args, 1).len());
    match (given.nth(1), count) {
        (Some(name), 2) => py.store(Object::of(args.at(0)), NAME, name),
        _ => {
            return py.type_error(&format!("__set_name__() takes 2 positional arguments but {count} were given"));
        }
    }
    Ok(Value::NONE)
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
