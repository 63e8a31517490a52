//! `ContextVar`.

use super::{context, current, token};
use crate::support::class_getitem;
use python_objects::py::root;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, string};

pub(super) static VARIABLE: TypeSpec = TypeSpec::values("_contextvars", "ContextVar", 2, METHODS, "");
mod word {
    pub(super) const NAME: usize = 1;
    /// EMPTY: none.
    pub(super) const DEFAULT: usize = 2;
}
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *name, default=None", new, "Create and return a new object."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::method("get", "self, default=None, /", get, "The value in the current context, else the default."),
    Native::method("set", "self, value, /", set, "Set the value in the current context; a token can undo it."),
    Native::method("reset", "self, token, /", reset, "Undo the change that returned this token."),
    Native::class_method("__class_getitem__", "cls, item, /", class_getitem, "See PEP 585"),
    Native::member("name", |py, args| Ok(this(py, args)?.get(word::NAME)), ""),
];

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &VARIABLE)
}
/// Slots: class, default, positional arguments: what is wrong with their number is said in other words than usual.
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let given = Object::of(args.at(2));
    if given.length() != 1 {
        let (bound, n) = (if given.length() == 0 { "exactly" } else { "at most" }, given.length());
        return py.type_error(&format!("ContextVar() takes {bound} 1 positional argument ({n} given)"));
    }
    let name = given.element(0);
    if string::exact_or_payload(py, name).is_none() {
        return py.type_error("context variable name must be a str");
    }
    let o = py.new_native_of(args.at(0), &VARIABLE)?;
    o.init(word::NAME, name);
    o.init(word::DEFAULT, args.opt(1).unwrap_or(Value::EMPTY));
    Ok(o.value())
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut out = b"<ContextVar name=".to_vec();
    py.repr_into(o.get(word::NAME), &mut out)?;
    let default = o.get(word::DEFAULT);
    if !default.is_empty() {
        let _nesting = py.descend(" while getting the repr of an object")?;
        out.extend_from_slice(b" default=");
        py.repr_into(default, &mut out)?;
    }
    out.extend_from_slice(format!(" at {}>", py.address_text(o.value())).as_bytes());
    py.str_from_wtf8(&out).map(Object::value)
}
fn get(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if let Some(context) = Object::from_value(py.root(root::CONTEXT))
        && let Some(v) = context::lookup(py, context, o.value())?
    {
        return Ok(v);
    }
    match args.opt(1) {
        Some(v) => Ok(v),
        None if o.get(word::DEFAULT).is_empty() => Err(py.error_with(Exc::LookupError, o.value())),
        None => Ok(o.get(word::DEFAULT)),
    }
}
fn set(py: Py<'_>, args: Args<'_>) -> R {
    let (o, context) = (this(py, args)?, current(py)?);
    let old = context::lookup(py, context, o.value())?;
    let token = token::make(py, context, o, old)?;
    context::set(py, context, o.value(), args.at(1))?;
    Ok(token)
}
fn reset(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let context = current(py)?;
    let old = token::spend(py, args.at(1), o, context)?;
    match old {
        Some(v) => context::set(py, context, o.value(), v)?,
        None => {
            if !context::remove(py, context, o.value())? {
                return Err(py.error_with(Exc::LookupError, o.value()));
            }
        }
    }
    Ok(Value::NONE)
}
