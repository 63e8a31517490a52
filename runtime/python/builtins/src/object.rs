//! `object`: what every value can do. Pickling (`__reduce_ex__`) has a file of its own.

use python_objects::class;
use python_objects::compare::CompareOp;
use python_objects::exception;
use python_objects::kind::{BUILTINS, Kind, class as builtin, special};
use python_objects::native::{Native, variadic};
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Object, Py, R, Symbol, Value, dict, string, tuple};

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__init__", "self, /, *args, **kwargs", init, "Initialize self."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__str__", "self, /", str, "Return str(self)."),
    Native::wrapper("__hash__", "self, /", hash, "Return hash(self)."),
    Native::wrapper("__getattribute__", "self, name, /", get_attribute, "Return getattr(self, name)."),
    Native::wrapper("__setattr__", "self, name, value, /", set_attribute, "Implement setattr(self, name, value)."),
    Native::wrapper("__delattr__", "self, name, /", delete_attribute, "Implement delattr(self, name)."),
    Native::wrapper("__eq__", "self, value, /", eq, "Return self==value."),
    Native::wrapper("__ne__", "self, value, /", ne, "Return self!=value."),
    Native::wrapper("__lt__", "self, value, /", no_order, "Return self<value."),
    Native::wrapper("__le__", "self, value, /", no_order, "Return self<=value."),
    Native::wrapper("__gt__", "self, value, /", no_order, "Return self>value."),
    Native::wrapper("__ge__", "self, value, /", no_order, "Return self>=value."),
    Native::getter("__class__", get_class, "the object's class"),
    Native::setter("__class__", set_class),
    Native::method("__format__", "self, format_spec, /", format, "Default object formatter."),
    Native::method("__dir__", "self, /", dir, "Names of the attributes."),
    Native::method("__sizeof__", "self, /", sizeof, "Size of the object in memory, in bytes."),
    Native::class_method(
        "__init_subclass__",
        "cls, /, *args, **kwargs",
        init_subclass,
        "Called for each new subclass.",
    ),
    Native::class_method("__subclasshook__", "cls, object, /", subclasshook, "Lets abstract classes adopt subclasses."),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    let class = py.object_class();
    py.add_methods(class, METHODS)?;
    py.add_doc(class, "The base of all classes.\n\nCalled without arguments, it makes an object without attributes.\n")
}

/// Built-in classes without documentation say so, or they would have that of `object`.
pub(crate) fn complete_docs(py: Py<'_>) -> R<()> {
    let built_in = (0..BUILTINS.len() as u32).chain((0..exception::COUNT as u32).map(|i| root::EXCEPTIONS + i));
    for class in built_in.map(|root| py.builtin_class(root)) {
        py.complete_doc(class)?;
    }
    Ok(())
}

/// The symbol of an attribute's name; TypeError if it is no string.
pub(crate) fn attribute_name(py: Py<'_>, v: Value) -> R<Symbol> {
    match py.symbol_of_value(v)? {
        Some(name) => Ok(name),
        None => py.type_error(&format!("attribute name must be string, not '{}'", py.class_name(v))),
    }
}

/// Did the variadic slots from `first` on receive anything?
fn has_excess(args: Args<'_>, first: usize) -> bool {
    variadic(args, first).len() > 0 || Object::from_value(args.at(first + 1)).is_some_and(|d| dict::length(d) > 0)
}

/// Is it a class with the layout of a native type that is made empty and filled by its `__init__`? The type's methods
/// check that it was called.
fn is_made_empty(py: Py<'_>, class: Object) -> bool {
    class::kind(class).is_extension()
        && py.lookup(class, sym::NEW).is_some_and(|new| py.is_object_new(new))
        && py.lookup(class, sym::INIT).is_some_and(|init| !py.is_object_init(init))
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = match py.of_kind(args.at(0), Kind::TYPE) {
        Some(class) if is_made_empty(py, class) => class,
        _ => py.class_argument(args.at(0), builtin::OBJECT)?,
    };
    let keywords = Object::from_value(args.at(2)).is_some_and(|d| dict::length(d) > 0);
    let excess = Object::of(args.at(1));
    py.with_arguments(excess.length(), |i| excess.element(i), |py, all| py.object_new(class, all, keywords))
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    if has_excess(args, 1) {
        let class = py.class_of(args.at(0));
        if !py.lookup(class, sym::INIT).is_some_and(|f| py.is_object_init(f)) {
            return py.type_error("object.__init__() takes exactly one argument (the instance to initialize)");
        }
        if py.lookup(class, sym::NEW).is_some_and(|f| py.is_object_new(f)) {
            return py.type_error(&format!(
                "{}.__init__() takes exactly one argument (the instance to initialize)",
                class::name(py, class)
            ));
        }
    }
    Ok(Value::NONE)
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let mut out = Vec::new();
    py.default_repr_into(args.at(0), &mut out)?;
    Ok(py.str_from_wtf8(&out)?.value())
}

fn str(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.repr(args.at(0))?.value())
}

fn hash(py: Py<'_>, args: Args<'_>) -> R {
    match Object::from_value(args.at(0)) {
        Some(o) => py.int(py.identity_hash(o)),
        None => py.int((args.at(0).bits() >> 4) as i64),
    }
}

fn get_attribute(py: Py<'_>, args: Args<'_>) -> R {
    let (v, name) = (args.at(0), attribute_name(py, args.at(1))?);
    let class = py.class_of(v);
    match py.generic_attribute(v, class, name)? {
        Some(found) => Ok(found),
        None => Err(py.no_attribute(v, name)),
    }
}

fn set_attribute(py: Py<'_>, args: Args<'_>) -> R {
    store_attribute(py, args.at(0), args.at(1), args.opt(2), "__setattr__")
}

fn delete_attribute(py: Py<'_>, args: Args<'_>) -> R {
    store_attribute(py, args.at(0), args.at(1), None, "__delattr__")
}

fn store_attribute(py: Py<'_>, v: Value, name: Value, value: Option<Value>, method: &str) -> R {
    let name = attribute_name(py, name)?;
    let class = py.class_of(v);
    if py.is_class(v) {
        // Carlo Verre's hack: it would change built-in types behind their back.
        return py.type_error(&format!("can't apply this {method} to {} object", class::name(py, class)));
    }
    py.generic_set_attribute(v, class, name, value)?;
    Ok(Value::NONE)
}

fn eq(_: Py<'_>, args: Args<'_>) -> R {
    Ok(if args.at(0) == args.at(1) { Value::TRUE } else { special::NOT_IMPLEMENTED })
}

/// The contrary of what the class's own `__eq__` says.
fn ne(py: Py<'_>, args: Args<'_>) -> R {
    match py.call_special(args.at(0), CompareOp::Eq.method(), &[args.at(1)])? {
        Some(r) if r != special::NOT_IMPLEMENTED => Ok(Value::bool(!py.truth(r)?)),
        _ => Ok(special::NOT_IMPLEMENTED),
    }
}

fn no_order(_: Py<'_>, _: Args<'_>) -> R {
    Ok(special::NOT_IMPLEMENTED)
}

fn get_class(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.class_of(args.at(0)).value())
}

fn set_class(py: Py<'_>, args: Args<'_>) -> R {
    let (v, new) = (args.at(0), args.at(1));
    if new.is_empty() {
        return py.type_error("can't delete __class__ attribute");
    }
    let Some(class) = py.of_kind(new, Kind::TYPE) else {
        return py.type_error(&format!("__class__ must be set to a class, not '{}' object", py.class_name(new)));
    };
    match Object::from_value(v) {
        Some(o) => py.set_class(o, class)?,
        None => {
            return py.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses");
        }
    }
    Ok(Value::NONE)
}

fn format(py: Py<'_>, args: Args<'_>) -> R {
    let Some(spec) = string::exact_or_payload(py, args.at(1)) else {
        return py.type_error(&format!("__format__() argument must be str, not {}", py.class_name(args.at(1))));
    };
    if string::length(spec) > 0 {
        return py.type_error(&format!("unsupported format string passed to {}.__format__", py.class_name(args.at(0))));
    }
    Ok(py.str_of(args.at(0))?.value())
}

/// Adds the names of a class's attributes and of all that it inherits from.
pub(crate) fn merge_class_names(py: Py<'_>, names: Object, class: Value) -> R<()> {
    py.check_native_stack()?;
    if let Some(c) = py.of_kind(class, Kind::TYPE) {
        for c in tuple::items(class::mro(c)) {
            let d = py.class_dict(Object::of(c))?;
            let mut i = 0;
            while let Some((at, key, _)) = dict::next_entry(d, i) {
                i = at + 1;
                py.dict_set(names, key, Value::NONE)?;
            }
        }
        return Ok(());
    }
    if let Some(d) = py.get_optional(class, sym::DICT)?.and_then(|d| py.as_dict(d)) {
        py.dict_copy_into(names, d)?;
    }
    if let Some(bases) = py.get_optional(class, sym::BASES)?.and_then(|b| py.as_tuple(b)) {
        for b in tuple::items(bases) {
            merge_class_names(py, names, b)?;
        }
    }
    Ok(())
}

fn dir(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    let names = match py.get_optional(v, sym::DICT)?.and_then(|d| py.as_dict(d)) {
        Some(d) => py.dict_copy(d)?,
        None => py.new_dict()?,
    };
    if let Some(class) = py.get_optional(v, sym::CLASS)? {
        merge_class_names(py, names, class)?;
    }
    Ok(py.list_from(names.value())?.value())
}

fn sizeof(py: Py<'_>, args: Args<'_>) -> R {
    let words = Object::from_value(args.at(0)).map_or(1, |o| o.size_words(py.heap().layouts()));
    py.int_usize(words * 8)
}

fn init_subclass(py: Py<'_>, args: Args<'_>) -> R {
    if has_excess(args, 1) {
        let class = args.at(0);
        let name = py.of_kind(class, Kind::TYPE).map_or_else(String::new, |c| class::name(py, c));
        let what = match variadic(args, 1).len() {
            0 => "takes no keyword arguments".to_owned(),
            n => format!("takes no arguments ({n} given)"),
        };
        return py.type_error(&format!("{name}.__init_subclass__() {what}"));
    }
    Ok(Value::NONE)
}

fn subclasshook(_: Py<'_>, _: Args<'_>) -> R {
    Ok(special::NOT_IMPLEMENTED)
}
