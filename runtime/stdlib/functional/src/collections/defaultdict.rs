//! `defaultdict`: a dictionary with one more field, the factory of missing values (EMPTY: none).

use crate::support::class_value;
use python_objects::kind::{class as builtin, special};
use python_objects::operator::BinaryOp;
use python_objects::symbol::sym;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value};

/// Names the class; its layout is that of `dict` and one word more.
static DEFAULTDICT: TypeSpec = TypeSpec::values(
    "collections",
    "defaultdict",
    1,
    METHODS,
    "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nThe default factory is called without arguments to produce\na new value when a key is not present, in __getitem__ only.\nA defaultdict compares equal to a dict with the same items.\nAll remaining arguments are treated the same as if they were\npassed to the dict constructor, including keyword arguments.",
)
.inheritable()
.weakly_referenced();
static METHODS: &[Native] = &[
    Native::wrapper("__init__", "self, default_factory=None, /, *args, **kwargs", init, "Initialize self."),
    Native::method(
        "__missing__",
        "self, key, /",
        missing,
        "__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n  if self.default_factory is None: raise KeyError((key,))\n  self[key] = value = self.default_factory()\n  return value\n",
    ),
    Native::method("copy", "self, /", copy, "D.copy() -> a shallow copy of D."),
    Native::method("__copy__", "self, /", copy, "D.copy() -> a shallow copy of D."),
    Native::method("__reduce__", "self, /", reduce, "Return state information for pickling."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::wrapper("__or__", "self, value, /", or, "Return self|value."),
    Native::wrapper("__ror__", "self, value, /", ror, "Return value|self."),
    Native::getter("default_factory", factory, "Factory for default value called by __missing__()."),
    Native::setter("default_factory", set_factory),
];

/// The class.
pub(super) fn class(py: Py<'_>) -> R<Object> {
    py.native_subclass(&DEFAULTDICT, builtin::DICT, 1).map(|(class, _)| class)
}
/// The instance, and the word of the factory.
fn this(py: Py<'_>, v: Value) -> R<(Object, usize)> {
    let (class, word) = py.native_subclass(&DEFAULTDICT, builtin::DICT, 1)?;
    match py.as_dict(v) {
        Some(o) if py.is_instance(v, class) => Ok((o, word)),
        _ => py.type_error(&format!("expected a 'collections.defaultdict' object, not '{}'", py.class_name(v))),
    }
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    let (o, word) = this(py, args.at(0))?;
    let f = args.opt(1).unwrap_or(Value::NONE);
    if f != Value::NONE && !py.is_callable(f) {
        return py.type_error("first argument must be callable or None");
    }
    py.store(o, word, if f == Value::NONE { Value::EMPTY } else { f });
    let dict_class = py.builtin_class(builtin::DICT);
    let Some(dict_init) = py.lookup(dict_class, sym::INIT) else { return Ok(Value::NONE) };
    let more = Object::of(args.at(2));
    let all = py.tuple_with(1 + more.length(), |i| if i == 0 { args.at(0) } else { more.element(i - 1) })?;
    py.call_tuple(dict_init, Object::of(all), args.at(3))
}
fn missing(py: Py<'_>, args: Args<'_>) -> R {
    let (o, word) = this(py, args.at(0))?;
    let (f, key) = (o.get(word), args.at(1));
    if f.is_empty() {
        return Err(py.key_error(key));
    }
    let v = py.call(f, &[])?;
    py.set_item(o.value(), key, v)?;
    Ok(v)
}
fn factory(py: Py<'_>, args: Args<'_>) -> R {
    let (o, word) = this(py, args.at(0))?;
    Ok(crate::functools::or_none(o.get(word)))
}
fn set_factory(py: Py<'_>, args: Args<'_>) -> R {
    let (o, word) = this(py, args.at(0))?;
    py.store(o, word, if args.at(1) == Value::NONE { Value::EMPTY } else { args.at(1) });
    Ok(Value::NONE)
}
/// A new one of the same class and factory with the items of `v`.
fn new_like(py: Py<'_>, o: Object, word: usize, v: Value) -> R {
    py.call(class_value(py, o), &[crate::functools::or_none(o.get(word)), v])
}
fn copy(py: Py<'_>, args: Args<'_>) -> R {
    let (o, word) = this(py, args.at(0))?;
    new_like(py, o, word, o.value())
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let (o, word) = this(py, args.at(0))?;
    let f = o.get(word);
    let arguments = if f.is_empty() { py.empty_tuple() } else { py.tuple(&[f])? };
    let items = py.call_method(o.value(), sym::ITEMS, &[])?;
    let items = py.iter(items)?;
    py.tuple(&[class_value(py, o), arguments, Value::NONE, Value::NONE, items])
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let (o, word) = this(py, args.at(0))?;
    let mut out = python_objects::class::name(py, py.class_of(o.value())).into_bytes();
    out.push(b'(');
    let f = o.get(word);
    if f.is_empty() {
        out.extend_from_slice(b"None");
    } else {
        py.nested(f, &mut out, b"...", |py, out| py.repr_into(f, out))?;
    }
    out.extend_from_slice(b", ");
    py.native_repr_into(o.value(), &mut out)?;
    out.push(b')');
    py.str_from_wtf8(&out).map(Object::value)
}
fn merged(py: Py<'_>, own: Value, left: Value, right: Value) -> R {
    if py.as_dict(left).is_none() || py.as_dict(right).is_none() {
        return Ok(special::NOT_IMPLEMENTED);
    }
    let (o, word) = this(py, own)?;
    let new = new_like(py, o, word, left)?;
    py.inplace(BinaryOp::Or, new, right)
}
fn or(py: Py<'_>, args: Args<'_>) -> R {
    merged(py, args.at(0), args.at(0), args.at(1))
}
fn ror(py: Py<'_>, args: Args<'_>) -> R {
    merged(py, args.at(0), args.at(1), args.at(0))
}
