//! Native functions and descriptors as Python sees them, and the wrappers `staticmethod` and `classmethod`.

use python_objects::class::{self, word as class_word};
use python_objects::class_new::{instance_dict, set_instance_dict};
use python_objects::kind::{Kind, class as builtin, special};
use python_objects::native::{Native, NativeKind};
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Symbol, Value, dict, string};

/// What all of them have.
static NAMED: &[Native] = &[
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::getter("__name__", get_name, ""),
    Native::getter("__qualname__", get_qualname, ""),
    Native::getter("__doc__", get_doc, ""),
];
/// Native functions, bound or not.
static BUILTIN: &[Native] = &[
    Native::wrapper("__call__", "self, /, *args, **kwargs", call, "Call self as a function."),
    Native::wrapper("__eq__", "self, value, /", builtin_eq, "Return self==value."),
    Native::wrapper("__hash__", "self, /", builtin_hash, "Return hash(self)."),
    Native::getter("__self__", builtin_self, ""),
    Native::getter("__module__", builtin_module, ""),
    Native::getter("__text_signature__", get_text_signature, ""),
    Native::method("__reduce__", "self, /", builtin_reduce, ""),
];
/// Functions of operators, bound to an operand.
static METHOD_WRAPPER: &[Native] = &[
    Native::wrapper("__call__", "self, /, *args, **kwargs", call, "Call self as a function."),
    Native::wrapper("__eq__", "self, value, /", builtin_eq, "Return self==value."),
    Native::wrapper("__hash__", "self, /", builtin_hash, "Return hash(self)."),
    Native::member("__self__", builtin_self, ""),
    Native::getter("__objclass__", get_objclass, ""),
    Native::getter("__text_signature__", get_text_signature, ""),
    Native::method("__reduce__", "self, /", builtin_reduce, ""),
];
/// Functions in classes.
static METHOD: &[Native] = &[
    Native::wrapper("__call__", "self, /, *args, **kwargs", call, "Call self as a function."),
    Native::wrapper("__get__", "self, instance, owner=None, /", get, "Return an attribute of instance."),
    Native::member("__objclass__", get_objclass, ""),
    Native::getter("__text_signature__", get_text_signature, ""),
];
/// What names are pickled by.
static REDUCED: &[Native] = &[Native::method("__reduce__", "self, /", descriptor_reduce, "")];
/// Attributes in classes.
static ATTRIBUTE: &[Native] = &[
    Native::wrapper("__get__", "self, instance, owner=None, /", get, "Return an attribute of instance."),
    Native::wrapper("__set__", "self, instance, value, /", set, "Set an attribute of instance to value."),
    Native::wrapper("__delete__", "self, instance, /", delete, "Delete an attribute of instance."),
    Native::member("__objclass__", get_objclass, ""),
];
static STATICMETHOD: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new_static, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper("__call__", "self, /, *args, **kwargs", call_static, "Call self as a function."),
];
static CLASSMETHOD: &[Native] =
    &[Native::static_method("__new__", "cls, /, *args, **kwargs", new_class, "Create and return a new object.")
        .ignoring_arguments()];
static WRAPPER: &[Native] = &[
    Native::wrapper("__init__", "self, function, /", init, "Initialize self."),
    Native::wrapper("__get__", "self, instance, owner=None, /", get, "Return an attribute of instance."),
    Native::wrapper("__repr__", "self, /", wrapper_repr, "Return repr(self)."),
    Native::member("__func__", wrapped, ""),
    Native::member("__wrapped__", wrapped, ""),
    Native::getter("__isabstractmethod__", wrapper_is_abstract, ""),
    Native::getter("__dict__", instance_dict, ""),
    Native::setter("__dict__", set_instance_dict),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    let add = |root: u32, methods: &'static [Native]| py.add_methods(py.builtin_class(root), methods);
    add(builtin::BUILTIN, NAMED)?;
    add(builtin::BUILTIN, BUILTIN)?;
    add(builtin::METHOD_WRAPPER, NAMED)?;
    add(builtin::METHOD_WRAPPER, METHOD_WRAPPER)?;
    for root in [builtin::METHOD_DESCRIPTOR, builtin::WRAPPER_DESCRIPTOR, builtin::CLASS_METHOD_DESCRIPTOR] {
        add(root, NAMED)?;
        add(root, METHOD)?;
    }
    for root in [builtin::METHOD_DESCRIPTOR, builtin::WRAPPER_DESCRIPTOR, builtin::MEMBER] {
        add(root, REDUCED)?;
    }
    for root in [builtin::GETSET, builtin::MEMBER] {
        add(root, NAMED)?;
        add(root, ATTRIBUTE)?;
    }
    add(builtin::STATICMETHOD, STATICMETHOD)?;
    add(builtin::STATICMETHOD, WRAPPER)?;
    add(builtin::CLASSMETHOD, CLASSMETHOD)?;
    add(builtin::CLASSMETHOD, WRAPPER)
}

fn native(py: Py<'_>, o: Object) -> &'static Native {
    py.state().native(o.get(1).as_int() as u32)
}

/// Calls what is a native function, with arguments as a tuple and a dictionary.
fn call(py: Py<'_>, args: Args<'_>) -> R {
    py.call_tuple(args.at(0), Object::of(args.at(1)), args.at(2))
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let mut out = Vec::new();
    py.native_repr_into(args.at(0), &mut out)?;
    Ok(py.str_from_wtf8(&out)?.value())
}

fn name_of(py: Py<'_>, v: Value) -> R {
    let o = Object::of(v);
    match py.kind(v) {
        Kind::GETSET => Ok(o.get(3)),
        Kind::MEMBER => Ok(o.get(2)),
        _ => {
            let name = py.intern(native(py, o).name)?;
            Ok(py.symbol_string(name).value())
        }
    }
}

/// The class that a descriptor or a method belongs to, if any.
fn owner(py: Py<'_>, v: Value) -> Option<Object> {
    Object::from_value(Object::of(v).get(if py.kind(v) == Kind::MEMBER { 3 } else { 4 }))
}

fn get_name(py: Py<'_>, args: Args<'_>) -> R {
    name_of(py, args.at(0))
}

fn get_qualname(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    let name = name_of(py, v)?;
    let class = match py.kind(v) {
        Kind::BUILTIN => match builtin_self(py, args)? {
            this if this == Value::NONE || py.of_kind(this, Kind::MODULE).is_some() => {
                // A static method knows its class.
                owner(py, v)
            }
            this => Some(py.of_kind(this, Kind::TYPE).unwrap_or_else(|| py.class_of(this))),
        },
        _ => owner(py, v),
    };
    match class {
        Some(c) => {
            let qualname = string::to_rust(Object::of(c.get(class_word::QUALNAME)));
            py.str(&format!("{qualname}.{}", py.str_text(name)?))
        }
        None => Ok(name),
    }
}

fn get_doc(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(0);
    if py.kind(v) == Kind::MEMBER {
        return Ok(Value::NONE);
    }
    let doc = native(py, Object::of(v)).doc;
    if doc.is_empty() { Ok(Value::NONE) } else { py.str(doc) }
}

/// The signature as `inspect` reads it: the bound parameter is marked by a dollar sign.
fn get_text_signature(py: Py<'_>, args: Args<'_>) -> R {
    let native = native(py, Object::of(args.at(0)));
    let text = native.shown;
    let rest = text.split_once(',').map_or("", |(_, rest)| rest.trim_start());
    let signature = match native.kind {
        NativeKind::Function if text.is_empty() => "($module, /)".to_owned(),
        NativeKind::Function => format!("($module, {text})"),
        NativeKind::Static if native.name == "__new__" => format!("($type, {})", rest.trim_start_matches("/, ")),
        NativeKind::Static => format!("({text})"),
        NativeKind::ClassMethod => format!("($type, {rest})"),
        _ => format!("($self, {rest})"),
    };
    py.str(&signature)
}

fn get_objclass(py: Py<'_>, args: Args<'_>) -> R {
    Ok(owner(py, args.at(0)).map_or(Value::NONE, Object::value))
}

/// What a native function is bound to: the instance, the class of a `__new__`, or the module.
fn builtin_self(py: Py<'_>, args: Args<'_>) -> R {
    let o = Object::of(args.at(0));
    if !o.get(2).is_empty() {
        return Ok(o.get(2));
    }
    if !o.get(4).is_empty() {
        return Ok(if native(py, o).name == "__new__" { o.get(4) } else { Value::NONE });
    }
    let modules = Object::of(py.root(root::MODULES));
    match string::exact_or_payload(py, o.get(3)).and_then(|m| dict::get_str(py, modules, m)) {
        Some(m) => Ok(m),
        None => Ok(Value::NONE),
    }
}

fn builtin_module(_: Py<'_>, args: Args<'_>) -> R {
    let o = Object::of(args.at(0));
    Ok(if o.get(3).is_empty() { Value::NONE } else { o.get(3) })
}

fn builtin_eq(py: Py<'_>, args: Args<'_>) -> R {
    let (a, b) = (Object::of(args.at(0)), args.at(1));
    match py.of_kind(b, py.kind(args.at(0))) {
        Some(b) => Ok(Value::bool(a.get(1) == b.get(1) && a.get(2) == b.get(2))),
        None => Ok(special::NOT_IMPLEMENTED),
    }
}

fn builtin_hash(py: Py<'_>, args: Args<'_>) -> R {
    let o = Object::of(args.at(0));
    let this = match o.get(2) {
        v if v.is_empty() => 0,
        v => py.identity(v) as i64,
    };
    py.int((this ^ (o.get(1).as_int() << 20)) >> 4)
}

/// `getattr(of, name)`, pickled.
fn reduce_to_attribute(py: Py<'_>, of: Value, name: Value) -> R {
    let builtins = Object::of(py.root(root::BUILTINS_DICT));
    let getattr = py.intern("getattr")?;
    let Some(getattr) = dict::get_symbol(py, builtins, getattr) else {
        return py.err(Exc::AttributeError, "getattr");
    };
    let pair = py.tuple(&[of, name])?;
    py.tuple(&[getattr, pair])
}

fn builtin_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let this = builtin_self(py, args)?;
    if py.kind(args.at(0)) == Kind::BUILTIN && (this == Value::NONE || py.of_kind(this, Kind::MODULE).is_some()) {
        return get_qualname(py, args);
    }
    reduce_to_attribute(py, this, name_of(py, args.at(0))?)
}

fn descriptor_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let class = get_objclass(py, args)?;
    reduce_to_attribute(py, class, name_of(py, args.at(0))?)
}

/// `d.__get__(instance, owner)`
fn get(py: Py<'_>, args: Args<'_>) -> R {
    let d = args.at(0);
    let (instance, owner) = (args.some(1), args.some(2));
    if py.kind(d) == Kind::CLASS_METHOD_DESCRIPTOR {
        check_class_owner(py, Object::of(d), instance, owner)?;
    }
    let owner = match (instance, owner) {
        (_, Some(owner)) => owner,
        (Some(instance), None) => py.class_of(instance).value(),
        (None, None) => return py.type_error("__get__(None, None) is invalid"),
    };
    // The class of None has instances too: with it as the owner, None is one of them.
    let none = owner == py.root(builtin::NONE);
    py.descriptor_get(d, instance.unwrap_or(if none { Value::NONE } else { Value::EMPTY }), owner)
}

/// A class method is asked for by the class that it belongs to, or one derived from that.
fn check_class_owner(py: Py<'_>, d: Object, instance: Option<Value>, owner: Option<Value>) -> R<()> {
    let (name, own) = (native(py, d).name, Object::of(d.get(4)));
    let own_name = class::name(py, own);
    let Some(given) = owner.or_else(|| instance.map(|i| py.class_of(i).value())) else {
        return py.type_error(&format!("descriptor '{name}' for type '{own_name}' needs either an object or a type"));
    };
    let Some(given) = py.of_kind(given, Kind::TYPE) else {
        return py.type_error(&format!(
            "descriptor '{name}' for type '{own_name}' needs a type, not a '{}' as arg 2",
            py.class_name(given)
        ));
    };
    if !py.is_subclass(given, own) {
        let given = class::name(py, given);
        return py
            .type_error(&format!("descriptor '{name}' requires a subtype of '{own_name}' but received '{given}'"));
    }
    Ok(())
}

fn set(py: Py<'_>, args: Args<'_>) -> R {
    py.set_through(args.at(0), args.at(1), args.opt(2))?;
    Ok(Value::NONE)
}

fn delete(py: Py<'_>, args: Args<'_>) -> R {
    py.set_through(args.at(0), args.at(1), None)?;
    Ok(Value::NONE)
}

// ---- staticmethod, classmethod

fn new_static(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.class_argument(args.at(0), builtin::STATICMETHOD)?;
    Ok(py.alloc_instance(class)?.value())
}

fn new_class(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.class_argument(args.at(0), builtin::CLASSMETHOD)?;
    Ok(py.alloc_instance(class)?.value())
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    const COPIED: [Symbol; 5] = [sym::MODULE, sym::NAME, sym::QUALNAME, sym::DOC, sym::ANNOTATIONS];
    let this = Object::of(args.at(0));
    py.store(this, 1, args.at(1));
    for name in COPIED {
        if let Some(v) = py.get_optional(args.at(1), name)? {
            py.set_own_attribute(this, name, v)?;
        }
    }
    Ok(Value::NONE)
}

/// The function of a wrapper that was made but perhaps not initialized.
fn content(py: Py<'_>, args: Args<'_>) -> R {
    match Object::of(args.at(0)).get(1) {
        v if v.is_empty() => py.err(Exc::RuntimeError, "uninitialized staticmethod object"),
        v => Ok(v),
    }
}

fn call_static(py: Py<'_>, args: Args<'_>) -> R {
    py.call_tuple(content(py, args)?, Object::of(args.at(1)), args.at(2))
}

fn wrapped(_: Py<'_>, args: Args<'_>) -> R {
    let v = Object::of(args.at(0)).get(1);
    Ok(if v.is_empty() { Value::NONE } else { v })
}

fn wrapper_repr(py: Py<'_>, args: Args<'_>) -> R {
    let name = class::name(py, py.class_of(args.at(0)));
    let mut out = format!("<{name}(").into_bytes();
    py.repr_into(wrapped(py, args)?, &mut out)?;
    out.extend_from_slice(b")>");
    Ok(py.str_from_wtf8(&out)?.value())
}

fn wrapper_is_abstract(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(is_abstract(py, Object::of(args.at(0)).get(1))?))
}

/// Is it an abstract method? EMPTY is not.
pub(crate) fn is_abstract(py: Py<'_>, v: Value) -> R<bool> {
    if v.is_empty() {
        return Ok(false);
    }
    match py.get_optional(v, sym::ISABSTRACTMETHOD)? {
        Some(b) => py.truth(b),
        None => Ok(false),
    }
}
