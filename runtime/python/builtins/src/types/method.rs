//! `method`: a function bound to its first argument. Words: function, instance.

use crate::object::merge_class_names;
use python_objects::kind::{Kind, class as builtin, special};
use python_objects::native::Native;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, dict};

const FUNCTION: usize = 1;
const INSTANCE: usize = 2;

static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, function, instance, /", new, "Create and return a new object."),
    Native::wrapper("__call__", "self, /, *args, **kwargs", call, "Call self as a function."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__eq__", "self, value, /", eq, "Return self==value."),
    Native::wrapper("__hash__", "self, /", hash, "Return hash(self)."),
    Native::method("__reduce__", "self, /", reduce, ""),
    Native::method("__dir__", "self, /", dir, ""),
    Native::member("__func__", |_, a| Ok(field(a, FUNCTION)), "the function (or other callable) implementing a method"),
    Native::member("__self__", |_, a| Ok(field(a, INSTANCE)), "the instance to which a method is bound"),
    Native::getter("__doc__", |py, a| of_function(py, a, sym::DOC), ""),
    Native::getter("__module__", |py, a| of_function(py, a, sym::MODULE), ""),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    py.add_methods(py.builtin_class(builtin::METHOD), METHODS)
}

fn field(args: Args<'_>, word: usize) -> Value {
    Object::of(args.at(0)).get(word)
}

fn of_function(py: Py<'_>, args: Args<'_>, name: python_objects::Symbol) -> R {
    py.get_attribute(field(args, FUNCTION), name)
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    py.class_argument(args.at(0), builtin::METHOD)?;
    if !py.is_callable(args.at(1)) {
        return py.type_error("first argument must be callable");
    }
    if args.at(2) == Value::NONE {
        return py.type_error("instance must not be None");
    }
    py.bind(args.at(1), args.at(2))
}

fn call(py: Py<'_>, args: Args<'_>) -> R {
    py.call_tuple(args.at(0), Object::of(args.at(1)), args.at(2))
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let mut out = Vec::new();
    py.native_repr_into(args.at(0), &mut out)?;
    Ok(py.str_from_wtf8(&out)?.value())
}

fn eq(py: Py<'_>, args: Args<'_>) -> R {
    let Some(other) = py.of_kind(args.at(1), Kind::METHOD) else { return Ok(special::NOT_IMPLEMENTED) };
    let _nesting = py.descend(" in comparison")?;
    Ok(Value::bool(
        field(args, INSTANCE) == other.get(INSTANCE) && py.equal_or_same(field(args, FUNCTION), other.get(FUNCTION))?,
    ))
}

fn hash(py: Py<'_>, args: Args<'_>) -> R {
    let this = (py.identity(field(args, INSTANCE)) >> 4) as i64;
    let _nesting = py.descend("")?;
    let h = this ^ py.hash(field(args, FUNCTION))?;
    py.int(h)
}

fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let name = of_function(py, args, sym::NAME)?;
    let builtins = Object::of(py.root(root::BUILTINS_DICT));
    let getattr = py.intern("getattr")?;
    let Some(getattr) = dict::get_symbol(py, builtins, getattr) else {
        return py.err(Exc::AttributeError, "getattr");
    };
    let pair = py.tuple(&[field(args, INSTANCE), name])?;
    py.tuple(&[getattr, pair])
}

fn dir(py: Py<'_>, args: Args<'_>) -> R {
    let names = py.new_dict()?;
    merge_class_names(py, names, py.root(builtin::METHOD))?;
    if let Some(d) = py.get_optional(field(args, FUNCTION), sym::DICT)?.and_then(|d| py.as_dict(d)) {
        py.dict_copy_into(names, d)?;
    }
    Ok(py.list_from(names.value())?.value())
}
