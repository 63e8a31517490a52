//! `partial`

use crate::support::{class_getitem, class_value, push_arguments, state_items};
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, dict};

pub(crate) static PARTIAL: TypeSpec = TypeSpec::values(
    "functools",
    "partial",
    4,
    METHODS,
    "partial(func, *args, **keywords) - new function with partial application\n    of the given arguments and keywords.\n",
)
.inheritable()
.weakly_referenced()
.with_dict(word::DICT);
mod word {
    pub(super) const FUNC: usize = 1;
    /// A tuple.
    pub(super) const ARGS: usize = 2;
    /// A dictionary.
    pub(super) const KEYWORDS: usize = 3;
    pub(super) const DICT: usize = 4;
}
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__call__", "self, /, *args, **kwargs", call, "Call self as a function."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::member("func", |py, a| field(py, a, word::FUNC), "function object to use in future partial calls"),
    Native::setter("func", read_only),
    Native::member("args", |py, a| field(py, a, word::ARGS), "tuple of arguments to future partial calls"),
    Native::setter("args", read_only),
    Native::getter(
        "keywords",
        |py, a| field(py, a, word::KEYWORDS),
        "dictionary of keyword arguments to future partial calls",
    ),
    Native::setter("keywords", read_only),
    Native::getter("__dict__", attributes, ""),
    Native::setter("__dict__", set_attributes),
    Native::method("__reduce__", "self, /", reduce, ""),
    Native::method("__setstate__", "self, state, /", set_state, ""),
    Native::class_method("__class_getitem__", "cls, item, /", class_getitem, "See PEP 585"),
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let given = Object::of(args.at(1));
    if given.length() == 0 {
        return py.type_error("type 'partial' takes at least one argument");
    }
    let mut f = given.element(0);
    if !py.is_callable(f) {
        return py.type_error("the first argument must be callable");
    }
    let mut arguments = py.tuple_slice(given, 1, given.length())?;
    let mut keywords = args.at(2);
    // A partial of a partial without attributes is one of the function below.
    if let Some(inner) = py.of_kind(f, PARTIAL.kind)
        && inner.get(word::DICT).is_empty()
        && py.class_of(f) == py.native_type(&PARTIAL)?
    {
        f = inner.get(word::FUNC);
        arguments = py.concat_tuples(Object::of(inner.get(word::ARGS)), Object::of(arguments))?;
        let all = py.dict_copy(Object::of(inner.get(word::KEYWORDS)))?;
        if let Some(more) = Object::from_value(keywords) {
            py.dict_copy_into(all, more)?;
        }
        keywords = all.value();
    }
    if keywords.is_empty() {
        keywords = py.new_dict()?.value();
    }
    let o = py.new_native_of(args.at(0), &PARTIAL)?;
    o.init(word::FUNC, f);
    o.init(word::ARGS, arguments);
    o.init(word::KEYWORDS, keywords);
    Ok(o.value())
}
fn call(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PARTIAL)?;
    let (first, more) = (Object::of(o.get(word::ARGS)), Object::of(args.at(1)));
    let (f, keywords) = (o.get(word::FUNC), Object::of(o.get(word::KEYWORDS)));
    py.check_native_stack()?;
    if dict::length(keywords) == 0 && args.at(2).is_empty() {
        let n = first.length();
        return py.with_arguments(
            n + more.length(),
            |i| if i < n { first.element(i) } else { more.element(i - n) },
            |py, all| py.call_vector(f, all, Value::EMPTY),
        );
    }
    let all = py.concat_tuples(first, more)?;
    let keywords = match Object::from_value(args.at(2)) {
        None => keywords,
        Some(given) => {
            let merged = py.dict_copy(keywords)?;
            py.dict_copy_into(merged, given)?;
            merged
        }
    };
    py.call_tuple(f, Object::of(all), keywords.value())
}
fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(py.native_self(args.at(0), &PARTIAL)?.get(word))
}
fn read_only(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::AttributeError, "readonly attribute")
}
fn attributes(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PARTIAL)?;
    Ok(py.instance_dict(o)?.map_or(Value::NONE, Object::value))
}
fn set_attributes(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PARTIAL)?;
    match py.as_dict(args.at(1)) {
        Some(d) => py.store(o, word::DICT, d.value()),
        None if args.at(1).is_empty() => return py.type_error("cannot delete __dict__"),
        None => {
            let given = py.class_name(args.at(1));
            return py.type_error(&format!("__dict__ must be set to a dictionary, not a '{given}'"));
        }
    }
    Ok(Value::NONE)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PARTIAL)?;
    let mut out = Vec::new();
    py.nested(o.value(), &mut out, b"...", |py, out| {
        let class = py.class_of(o.value());
        let own = class == py.native_type(&PARTIAL)?;
        let name = if own { "functools.partial".to_owned() } else { python_objects::class::name(py, class) };
        out.extend_from_slice(name.as_bytes());
        out.push(b'(');
        py.repr_into(o.get(word::FUNC), out)?;
        push_arguments(py, Object::of(o.get(word::ARGS)), Some(Object::of(o.get(word::KEYWORDS))), out)?;
        out.push(b')');
        Ok(())
    })?;
    py.str_from_wtf8(&out).map(Object::value)
}
fn reduce(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PARTIAL)?;
    let f = py.tuple(&[o.get(word::FUNC)])?;
    let attributes = super::or_none(o.get(word::DICT));
    let state = py.tuple(&[o.get(word::FUNC), o.get(word::ARGS), o.get(word::KEYWORDS), attributes])?;
    py.tuple(&[class_value(py, o), f, state])
}
fn set_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &PARTIAL)?;
    let invalid = || py.err(Exc::TypeError, "invalid partial state");
    if py.as_tuple(args.at(1)).is_none_or(|t| t.length() != 4) {
        return invalid();
    }
    let state = state_items(py, args.at(1), 4)?;
    let (f, attributes) = (state.element(0), state.element(3));
    let Some(arguments) = py.as_tuple(state.element(1)) else { return invalid() };
    if !py.is_callable(f) {
        return invalid();
    }
    let keywords = match py.as_dict(state.element(2)) {
        Some(d) if d.shape() == python_objects::kind::shape::DICT => d,
        Some(d) => py.dict_copy(d)?,
        None if state.element(2) == Value::NONE => py.new_dict()?,
        None => return invalid(),
    };
    py.store(o, word::FUNC, f);
    py.store(o, word::ARGS, arguments.value());
    py.store(o, word::KEYWORDS, keywords.value());
    py.store(o, word::DICT, if attributes == Value::NONE { Value::EMPTY } else { attributes });
    Ok(Value::NONE)
}
