//! `Token`: what `ContextVar.set` returns, good for one `reset`.

use crate::support::class_getitem;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, class};

static TOKEN: TypeSpec = TypeSpec::values("_contextvars", "Token", 4, METHODS, "");
mod word {
    pub(super) const CONTEXT: usize = 1;
    pub(super) const VARIABLE: usize = 2;
    /// EMPTY: there was none.
    pub(super) const OLD_VALUE: usize = 3;
    pub(super) const USED: usize = 4;
}
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::class_method("__class_getitem__", "cls, item, /", class_getitem, "See PEP 585"),
    Native::getter("var", |py, args| Ok(this(py, args)?.get(word::VARIABLE)), ""),
    Native::getter("old_value", old_value, ""),
];
/// The type of `Token.MISSING`, which stands for the value that there was not. (No object is smaller than one field.)
static MISSING: TypeSpec = TypeSpec::values(
    "Token",
    "MISSING",
    1,
    &[Native::wrapper("__repr__", "self, /", |py, _| py.str("<Token.MISSING>"), "Return repr(self).")],
    "",
);

/// The class, made at the first call.
pub(super) fn class(py: Py<'_>) -> R<Object> {
    let class = py.native_type(&TOKEN)?;
    if !py.class_defines(class, sym::HASH) {
        py.add_no_hash(class)?;
        let missing = py.new_native(&MISSING)?;
        class::add_flags(py.native_type(&MISSING)?, class::flag::NO_INSTANCES);
        let name = py.intern("MISSING")?;
        py.class_set(class, name, Some(missing.value()))?;
    }
    Ok(class)
}
/// A token for a change that is about to happen.
pub(super) fn make(py: Py<'_>, context: Object, variable: Object, old: Option<Value>) -> R {
    let o = class(py).and_then(|class| py.alloc_instance(class))?;
    o.init(word::CONTEXT, context.value());
    o.init(word::VARIABLE, variable.value());
    o.init(word::OLD_VALUE, old.unwrap_or(Value::EMPTY));
    o.init(word::USED, Value::FALSE);
    Ok(o.value())
}
/// Uses a token up for resetting a variable in a context: the value that it had. An error if the token is not for that.
pub(super) fn spend(py: Py<'_>, token: Value, variable: Object, context: Object) -> R<Option<Value>> {
    let Some(o) = py.of_kind(token, TOKEN.kind) else {
        return py.type_error(&format!("expected an instance of Token, got {}", py.repr_text(token)?));
    };
    let refuse = |e, why| py.err(e, &format!("{} {why}", py.repr_text(token)?));
    if o.get(word::USED) == Value::TRUE {
        return refuse(Exc::RuntimeError, "has already been used once");
    }
    if o.get(word::VARIABLE) != variable.value() {
        return refuse(Exc::ValueError, "was created by a different ContextVar");
    }
    if o.get(word::CONTEXT) != context.value() {
        return refuse(Exc::ValueError, "was created in a different Context");
    }
    py.store(o, word::USED, Value::TRUE);
    let old = o.get(word::OLD_VALUE);
    Ok((!old.is_empty()).then_some(old))
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &TOKEN)
}
fn new(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::RuntimeError, "Tokens can only be created by ContextVars")
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut out = b"<Token".to_vec();
    if o.get(word::USED) == Value::TRUE {
        out.extend_from_slice(b" used");
    }
    out.extend_from_slice(b" var=");
    py.repr_into(o.get(word::VARIABLE), &mut out)?;
    out.extend_from_slice(format!(" at {}>", py.address_text(o.value())).as_bytes());
    py.str_from_wtf8(&out).map(Object::value)
}
fn old_value(py: Py<'_>, args: Args<'_>) -> R {
    match this(py, args)?.get(word::OLD_VALUE) {
        v if v.is_empty() => {
            let name = py.intern("MISSING")?;
            py.get_attribute(class(py)?.value(), name)
        }
        v => Ok(v),
    }
}
