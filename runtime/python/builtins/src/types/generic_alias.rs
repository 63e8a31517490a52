//! `types.GenericAlias`: `list[int]` (PEP 585, PEP 646). Words: origin, arguments, type parameters once asked for, starred.

use python_objects::kind::{Kind, class as builtin, shape, special};
use python_objects::native::Native;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, dict, list, tuple};

const ORIGIN: usize = 1;
const ARGS: usize = 2;
const PARAMETERS: usize = 3;
const STARRED: usize = 4;
const WORDS: usize = 5;

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, origin, args, /", new, "Create and return a new object."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__eq__", "self, value, /", eq, "Return self==value."),
    Native::wrapper("__hash__", "self, /", hash, "Return hash(self)."),
    Native::wrapper("__call__", "self, /, *args, **kwargs", call, "Call self as a function."),
    Native::wrapper("__getitem__", "self, key, /", get_item, "Return self[key]."),
    Native::wrapper("__iter__", "self, /", iter, "Implement iter(self)."),
    Native::wrapper("__or__", "self, value, /", or, "Return self|value."),
    Native::wrapper("__ror__", "self, value, /", ror, "Return value|self."),
    Native::method("__mro_entries__", "self, bases, /", mro_entries, ""),
    Native::method("__instancecheck__", "self, instance, /", instance_check, ""),
    Native::method("__subclasscheck__", "self, subclass, /", subclass_check, ""),
    Native::method("__reduce__", "self, /", reduce, ""),
    Native::method("__dir__", "self, /", dir, ""),
    Native::member("__origin__", get_origin, ""),
    Native::member("__args__", get_args, ""),
    Native::getter("__parameters__", get_parameters, "Type variables in the GenericAlias."),
    Native::member("__unpacked__", get_unpacked, ""),
    Native::getter("__typing_unpacked_tuple_args__", get_unpacked_args, ""),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::GENERIC_ALIAS), METHODS)
}

fn field(args: Args<'_>, word: usize) -> Value {
    Object::of(args.at(0)).get(word)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = py.class_argument(args.at(0), builtin::GENERIC_ALIAS)?;
    let arguments = match py.as_tuple(args.at(2)) {
        Some(t) => t.value(),
        None => py.tuple(&[args.at(2)])?,
    };
    let o = py.alloc_instance(class)?;
    o.init(ORIGIN, args.at(1));
    o.init(ARGS, arguments);
    o.init(STARRED, Value::FALSE);
    Ok(o.value())
}

/// Appends an argument as reprs of aliases and unions show it.
pub(crate) fn write_item(py: Py<'_>, v: Value, out: &mut Vec<u8>) -> R<()> {
    if v == special::ELLIPSIS {
        out.extend_from_slice(b"...");
        return Ok(());
    }
    if py.get_optional(v, sym::ORIGIN)?.is_some() {
        let args = py.intern("__args__")?;
        if py.get_optional(v, args)?.is_some() {
            return py.repr_into(v, out);
        }
    }
    let (Some(qualname), Some(module)) = (py.get_optional(v, sym::QUALNAME)?, py.get_optional(v, sym::MODULE)?) else {
        return py.repr_into(v, out);
    };
    if module == Value::NONE {
        return py.repr_into(v, out);
    }
    let (qualname, module) = (py.str_text(qualname)?, py.str_text(module)?);
    if module != "builtins" {
        out.extend_from_slice(module.as_bytes());
        out.push(b'.');
    }
    out.extend_from_slice(qualname.as_bytes());
    Ok(())
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let _nesting = py.descend(" while getting the repr of an object")?;
    let mut out = Vec::new();
    if field(args, STARRED) == Value::TRUE {
        out.push(b'*');
    }
    write_item(py, field(args, ORIGIN), &mut out)?;
    out.push(b'[');
    let arguments = Object::of(field(args, ARGS));
    for (i, v) in tuple::items(arguments).enumerate() {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        // A list of types stands for parameters, as in `Callable`.
        match Object::from_value(v).filter(|o| o.shape() == shape::LIST) {
            Some(l) => {
                out.push(b'[');
                let mut k = 0;
                while let Some(v) = list::get(l, k) {
                    if k > 0 {
                        out.extend_from_slice(b", ");
                    }
                    write_item(py, v, &mut out)?;
                    k += 1;
                }
                out.push(b']');
            }
            None => write_item(py, v, &mut out)?,
        }
    }
    if arguments.length() == 0 {
        out.extend_from_slice(b"()");
    }
    out.push(b']');
    Ok(py.str_from_wtf8(&out)?.value())
}

fn eq(py: Py<'_>, args: Args<'_>) -> R {
    let Some(other) = py.of_kind(args.at(1), Kind::GENERIC_ALIAS) else { return Ok(special::NOT_IMPLEMENTED) };
    let this = Object::of(args.at(0));
    Ok(Value::bool(
        this.get(STARRED) == other.get(STARRED)
            && py.equal(this.get(ORIGIN), other.get(ORIGIN))?
            && py.equal(this.get(ARGS), other.get(ARGS))?,
    ))
}

fn hash(py: Py<'_>, args: Args<'_>) -> R {
    let h = py.hash(field(args, ORIGIN))? ^ py.hash(field(args, ARGS))?;
    py.int(h)
}

fn call(py: Py<'_>, args: Args<'_>) -> R {
    let made = py.call_tuple(field(args, ORIGIN), Object::of(args.at(1)), args.at(2))?;
    let name = py.intern("__orig_class__")?;
    let r = py.set_attribute(made, name, Some(args.at(0)));
    match r {
        Ok(()) => {}
        Err(stop) => {
            if py.catch(Exc::AttributeError).is_none() && py.catch(Exc::TypeError).is_none() {
                return Err(stop);
            }
        }
    }
    Ok(made)
}

fn push_unique(py: Py<'_>, l: Object, v: Value) -> R<()> {
    if (0..list::length(l)).all(|i| list::item(l, i) != v) {
        py.list_push(l, v)?;
    }
    Ok(())
}

/// An attribute that classes are not asked for: they might have it for their instances.
fn attribute_of(py: Py<'_>, v: Value, name: &str) -> R<Option<Value>> {
    if py.is_class(v) {
        return Ok(None);
    }
    let name = py.intern(name)?;
    py.get_optional(v, name)
}

/// The type parameters among the arguments and within them, each once.
pub(crate) fn make_parameters(py: Py<'_>, arguments: Object) -> R<Object> {
    let l = py.new_list(0)?;
    for v in tuple::items(arguments) {
        if attribute_of(py, v, "__typing_subst__")?.is_some() {
            push_unique(py, l, v)?;
        } else if let Some(inner) = attribute_of(py, v, "__parameters__")?.and_then(|t| py.as_tuple(t)) {
            for p in tuple::items(inner) {
                push_unique(py, l, p)?;
            }
        }
    }
    py.list_to_tuple(l).map(Object::of)
}

fn position(parameters: Object, v: Value) -> Option<usize> {
    tuple::items(parameters).position(|p| p == v)
}

/// What an unpacked alias of a tuple unpacks to, if its length is fixed.
fn unpacked_arguments(py: Py<'_>, v: Value) -> R<Option<Object>> {
    let Some(t) = attribute_of(py, v, "__typing_unpacked_tuple_args__")?.and_then(|t| py.as_tuple(t)) else {
        return Ok(None);
    };
    let is_open = t.length() > 0 && t.element(t.length() - 1) == special::ELLIPSIS;
    Ok((!is_open).then_some(t))
}

/// The arguments with `item` for the type parameters. TypeError if `this` has none, or not so many.
pub(crate) fn substitute(py: Py<'_>, this: Value, arguments: Object, parameters: Object, item: Value) -> R<Object> {
    let count = parameters.length();
    if count == 0 {
        return py.type_error(&format!("{} is not a generic class", py.repr_text(this)?));
    }
    let given = match py.as_tuple(item) {
        Some(t) => t,
        None => Object::of(py.tuple(&[item])?),
    };
    let flat = py.new_list(given.length())?;
    for v in tuple::items(given) {
        match unpacked_arguments(py, v)? {
            Some(t) => py.list_push_elements(flat, t, 0, t.length())?,
            None => py.list_push(flat, v)?,
        }
    }
    let mut given = Object::of(py.list_to_tuple(flat)?);
    for p in tuple::items(parameters) {
        if let Some(prepare) = attribute_of(py, p, "__typing_prepare_subst__")?.filter(|f| *f != Value::NONE) {
            let prepared = py.call(prepare, &[this, given.value()])?;
            given = match py.as_tuple(prepared) {
                Some(t) => t,
                None => Object::of(py.tuple(&[prepared])?),
            };
        }
    }
    if given.length() != count {
        return py.type_error(&format!(
            "Too {} arguments for {}; actual {}, expected {count}",
            if given.length() > count { "many" } else { "few" },
            py.repr_text(this)?,
            given.length()
        ));
    }
    let result = py.new_list(arguments.length())?;
    for v in tuple::items(arguments) {
        let is_star = match attribute_of(py, v, "__typing_is_unpacked_typevartuple__")? {
            Some(b) => py.truth(b)?,
            None => false,
        };
        let new = match attribute_of(py, v, "__typing_subst__")? {
            Some(subst) => {
                let Some(i) = position(parameters, v) else {
                    return py.type_error(&format!("{} is not a type parameter", py.repr_text(v)?));
                };
                py.call(subst, &[given.element(i)])?
            }
            None => substitute_inner(py, v, parameters, given)?,
        };
        match py.as_tuple(new).filter(|_| is_star) {
            Some(t) => py.list_push_elements(result, t, 0, t.length())?,
            None => py.list_push(result, new)?,
        }
    }
    py.list_to_tuple(result).map(Object::of)
}

fn substitute_inner(py: Py<'_>, v: Value, parameters: Object, given: Object) -> R {
    let inner = attribute_of(py, v, "__parameters__")?.and_then(|t| py.as_tuple(t)).filter(|t| t.length() > 0);
    let Some(inner) = inner else { return Ok(v) };
    let l = py.new_list(inner.length())?;
    for p in tuple::items(inner) {
        match position(parameters, p) {
            None => py.list_push(l, p)?,
            Some(i) => {
                let item = given.element(i);
                // A variadic parameter stands for several.
                match py.as_tuple(item).filter(|_| py.special(p, sym::ITER).is_some()) {
                    Some(t) => py.list_push_elements(l, t, 0, t.length())?,
                    None => py.list_push(l, item)?,
                }
            }
        }
    }
    let key = py.list_to_tuple(l)?;
    py.check_native_stack()?;
    py.get_item(v, key)
}

fn get_item(py: Py<'_>, args: Args<'_>) -> R {
    let this = args.at(0);
    let parameters = Object::of(get_parameters(py, args.first(1))?);
    let new = substitute(py, this, Object::of(field(args, ARGS)), parameters, args.at(1))?;
    let starred = field(args, STARRED);
    let origin = field(args, ORIGIN);
    Ok(py.new_object(shape::GENERIC_ALIAS, WORDS, &[origin, new.value(), Value::EMPTY, starred])?.value())
}

/// `*tuple[int, str]`: one item, the starred alias.
fn iter(py: Py<'_>, args: Args<'_>) -> R {
    let (origin, arguments) = (field(args, ORIGIN), field(args, ARGS));
    let starred = py.new_object(shape::GENERIC_ALIAS, WORDS, &[origin, arguments, Value::EMPTY, Value::TRUE])?.value();
    let t = py.tuple(&[starred])?;
    py.iter(t)
}

fn or(py: Py<'_>, args: Args<'_>) -> R {
    super::union::union(py, args.at(0), args.at(1))
}

fn ror(py: Py<'_>, args: Args<'_>) -> R {
    super::union::union(py, args.at(1), args.at(0))
}

fn mro_entries(py: Py<'_>, args: Args<'_>) -> R {
    py.tuple(&[field(args, ORIGIN)])
}

fn instance_check(py: Py<'_>, _: Args<'_>) -> R {
    py.type_error("isinstance() argument 2 cannot be a parameterized generic")
}

fn subclass_check(py: Py<'_>, _: Args<'_>) -> R {
    py.type_error("issubclass() argument 2 cannot be a parameterized generic")
}

fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let (origin, arguments) = (field(args, ORIGIN), field(args, ARGS));
    if field(args, STARRED) == Value::TRUE {
        let plain =
            py.new_object(shape::GENERIC_ALIAS, WORDS, &[origin, arguments, Value::EMPTY, Value::FALSE])?.value();
        let iterator = py.iter(plain)?;
        let builtins = Object::of(py.root(root::BUILTINS_DICT));
        let name = py.intern("next")?;
        let Some(next) = dict::get_symbol(py, builtins, name) else {
            return py.err(Exc::AttributeError, "next");
        };
        let items = py.tuple(&[iterator])?;
        return py.tuple(&[next, items]);
    }
    let items = py.tuple(&[origin, arguments])?;
    py.tuple(&[py.root(builtin::GENERIC_ALIAS), items])
}

fn dir(py: Py<'_>, args: Args<'_>) -> R {
    let names = py.new_dict()?;
    let origin = field(args, ORIGIN);
    crate::object::merge_class_names(py, names, origin)?;
    for m in METHODS {
        let name = py.intern(m.name)?;
        py.dict_set_symbol(names, name, Value::NONE)?;
    }
    Ok(py.list_from(names.value())?.value())
}

fn get_origin(_: Py<'_>, args: Args<'_>) -> R {
    Ok(field(args, ORIGIN))
}

fn get_args(_: Py<'_>, args: Args<'_>) -> R {
    Ok(field(args, ARGS))
}

fn get_parameters(py: Py<'_>, args: Args<'_>) -> R {
    let alias = Object::of(args.at(0));
    if alias.get(PARAMETERS).is_empty() {
        let parameters = make_parameters(py, Object::of(alias.get(ARGS)))?;
        py.store(alias, PARAMETERS, parameters.value());
    }
    Ok(alias.get(PARAMETERS))
}

fn get_unpacked(_: Py<'_>, args: Args<'_>) -> R {
    Ok(field(args, STARRED))
}

fn get_unpacked_args(py: Py<'_>, args: Args<'_>) -> R {
    let is_tuple = field(args, ORIGIN) == py.root(builtin::TUPLE);
    Ok(if field(args, STARRED) == Value::TRUE && is_tuple { field(args, ARGS) } else { Value::NONE })
}
