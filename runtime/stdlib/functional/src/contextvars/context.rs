//! `Context`: a mapping from context variables to values, which code can be run in.

use super::variable::VARIABLE;
use crate::support::identity;
use python_objects::kind::special;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, dict};

static CONTEXT: TypeSpec = TypeSpec::values("_contextvars", "Context", 5, METHODS, "").weakly_referenced();
mod word {
    /// Dictionary of the variables.
    pub(super) const VARIABLES: usize = 1;
    /// Is the dictionary shared with a copy or an iterator, so that it must not change?
    pub(super) const SHARED: usize = 2;
    /// Does code run in it?
    pub(super) const ENTERED: usize = 3;
    /// The variable that was found last, and its value: who asks often, asks for the same. EMPTY after each change.
    pub(super) const LAST: usize = 4;
    pub(super) const LAST_VALUE: usize = 5;
}
static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, *args, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__eq__", "self, value, /", |py, args| compare(py, args, true), "Return self==value."),
    Native::wrapper("__ne__", "self, value, /", |py, args| compare(py, args, false), "Return self!=value."),
    Native::wrapper("__iter__", "self, /", |py, args| iterate(py, args, &KEYS), "Implement iter(self)."),
    Native::wrapper("__len__", "self, /", length, "Return len(self)."),
    Native::wrapper("__getitem__", "self, key, /", get_item, "Return self[key]."),
    Native::wrapper("__contains__", "self, key, /", contains, "Return key in self."),
    Native::method(
        "get",
        "self, key, default=None, /",
        get,
        "The value of a variable in this context, or the default.",
    ),
    Native::method("keys", "self, /", |py, args| iterate(py, args, &KEYS), "The variables that have a value."),
    Native::method("values", "self, /", |py, args| iterate(py, args, &VALUES), "The values of the variables."),
    Native::method("items", "self, /", |py, args| iterate(py, args, &ITEMS), "Pairs of variable and value."),
    Native::method("copy", "self, /", copy_method, "A context with the same values."),
    Native::method("run", "self, /, *args, **kwargs", run, "Call the first argument with the others, in this context."),
];

/// The class, made at the first call. What compares by content has no hash.
pub(super) fn class(py: Py<'_>) -> R<Object> {
    let class = py.native_type(&CONTEXT)?;
    if !py.class_defines(class, sym::HASH) {
        py.add_no_hash(class)?;
    }
    Ok(class)
}
fn make(py: Py<'_>, variables: Object, shared: bool) -> R<Object> {
    let o = class(py).and_then(|class| py.alloc_instance(class))?;
    o.init(word::VARIABLES, variables.value());
    o.init(word::SHARED, Value::bool(shared));
    o.init(word::ENTERED, Value::FALSE);
    Ok(o)
}
/// A context without variables.
pub(super) fn empty(py: Py<'_>) -> R<Object> {
    let variables = py.new_dict()?;
    make(py, variables, false)
}
/// A context with the same values.
pub(super) fn copy(py: Py<'_>, o: Object) -> R<Object> {
    let copy = make(py, variables(o), true)?;
    py.store(o, word::SHARED, Value::TRUE);
    Ok(copy)
}
fn variables(o: Object) -> Object {
    Object::of(o.get(word::VARIABLES))
}
/// The value of a variable.
pub(super) fn lookup(py: Py<'_>, o: Object, variable: Value) -> R<Option<Value>> {
    if o.get(word::LAST) == variable {
        return Ok(Some(o.get(word::LAST_VALUE)));
    }
    let found = py.dict_get(variables(o), variable)?;
    if let Some(value) = found {
        py.store(o, word::LAST, variable);
        py.store(o, word::LAST_VALUE, value);
    }
    Ok(found)
}
/// The dictionary, which nothing else has, for a change.
fn own_variables(py: Py<'_>, o: Object) -> R<Object> {
    py.store(o, word::LAST, Value::EMPTY);
    py.store(o, word::LAST_VALUE, Value::EMPTY);
    if o.get(word::SHARED) == Value::TRUE {
        let own = py.dict_copy(variables(o))?;
        py.store(o, word::VARIABLES, own.value());
        py.store(o, word::SHARED, Value::FALSE);
    }
    Ok(variables(o))
}
/// Gives a variable a value.
pub(super) fn set(py: Py<'_>, o: Object, variable: Value, value: Value) -> R<()> {
    let d = own_variables(py, o)?;
    py.dict_set(d, variable, value)
}
/// Takes a variable's value away; false if it has none.
pub(super) fn remove(py: Py<'_>, o: Object, variable: Value) -> R<bool> {
    let d = own_variables(py, o)?;
    Ok(py.dict_remove(d, variable)?.is_some())
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    if Object::of(args.at(1)).length() > 0 || !args.at(2).is_empty() {
        return py.type_error("Context() does not accept any arguments");
    }
    empty(py).map(Object::value)
}
fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &CONTEXT)
}
fn compare(py: Py<'_>, args: Args<'_>, equal: bool) -> R {
    let this = this(py, args)?;
    let Some(other) = py.of_kind(args.at(1), CONTEXT.kind) else { return Ok(special::NOT_IMPLEMENTED) };
    let same = py.equal(this.get(word::VARIABLES), other.get(word::VARIABLES))?;
    Ok(Value::bool(same == equal))
}
fn length(py: Py<'_>, args: Args<'_>) -> R {
    py.int_usize(dict::length(variables(this(py, args)?)))
}
/// A key that must be a context variable.
fn key(py: Py<'_>, v: Value) -> R {
    match py.of_kind(v, VARIABLE.kind) {
        Some(_) => Ok(v),
        None => py.type_error(&format!("a ContextVar key was expected, got {}", py.repr_text(v)?)),
    }
}
fn get_item(py: Py<'_>, args: Args<'_>) -> R {
    let (this, key) = (this(py, args)?, key(py, args.at(1))?);
    match lookup(py, this, key)? {
        Some(v) => Ok(v),
        None => Err(py.key_error(key)),
    }
}
fn contains(py: Py<'_>, args: Args<'_>) -> R {
    let (this, key) = (this(py, args)?, key(py, args.at(1))?);
    Ok(Value::bool(lookup(py, this, key)?.is_some()))
}
fn get(py: Py<'_>, args: Args<'_>) -> R {
    let (this, key) = (this(py, args)?, key(py, args.at(1))?);
    Ok(lookup(py, this, key)?.unwrap_or(args.opt(2).unwrap_or(Value::NONE)))
}
fn copy_method(py: Py<'_>, args: Args<'_>) -> R {
    let this = this(py, args)?;
    copy(py, this).map(Object::value)
}
fn run(py: Py<'_>, args: Args<'_>) -> R {
    let this = this(py, args)?;
    let given = Object::of(args.at(1));
    if given.length() == 0 {
        return py.type_error("run() missing 1 required positional argument");
    }
    let (f, keywords) = (given.element(0), args.at(2));
    run_in(py, this.value(), |py| {
        if keywords.is_empty() {
            let n = given.length() - 1;
            return py.with_arguments(n, |i| given.element(1 + i), |py, all| py.call_vector(f, all, Value::EMPTY));
        }
        let rest = py.tuple_slice(given, 1, given.length())?;
        py.call_tuple(f, Object::of(rest), keywords)
    })
}

/// Runs `f` in a context.
pub(super) fn run_in<'t, T>(py: Py<'t>, context: Value, f: impl FnOnce(Py<'t>) -> R<T>) -> R<T> {
    let this = py.native_self(context, &CONTEXT)?;
    if this.get(word::ENTERED) == Value::TRUE {
        let shown = py.repr_text(this.value())?;
        return py.err(Exc::RuntimeError, &format!("cannot enter context: {shown} is already entered"));
    }
    let previous = py.root(root::CONTEXT);
    py.store(this, word::ENTERED, Value::TRUE);
    py.set_root(root::CONTEXT, this.value());
    let r = f(py);
    py.set_root(root::CONTEXT, previous);
    py.store(this, word::ENTERED, Value::FALSE);
    r
}

/// Iterators. Words: the dictionary, which does not change any more (EMPTY at the end), and the number of the next entry.
static KEYS: TypeSpec = TypeSpec::values("builtins", "keys", 2, ITERATOR, "");
static VALUES: TypeSpec = TypeSpec::values("builtins", "values", 2, ITERATOR, "");
static ITEMS: TypeSpec = TypeSpec::values("builtins", "items", 2, ITERATOR, "");
static ITERATOR: &[Native] = &[
    Native::wrapper("__iter__", "self, /", identity, "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
    Native::wrapper("__len__", "self, /", iterator_length, "Return len(self)."),
];
fn iterate(py: Py<'_>, args: Args<'_>, spec: &'static TypeSpec) -> R {
    let this = this(py, args)?;
    let o = py.new_native(spec)?;
    o.init(1, this.get(word::VARIABLES));
    o.init(2, Value::int(0));
    py.store(this, word::SHARED, Value::TRUE);
    Ok(o.value())
}
fn iterator(py: Py<'_>, args: Args<'_>) -> R<Object> {
    let found = [&KEYS, &VALUES, &ITEMS].into_iter().find_map(|spec| py.of_kind(args.at(0), spec.kind));
    found.map_or_else(|| py.type_error("an iterator over a context is required"), Ok)
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    let Some(d) = Object::from_value(o.get(1)) else { return Ok(special::END) };
    let Some((at, key, value)) = dict::next_entry(d, o.get(2).as_int() as usize) else {
        py.store(o, 1, Value::EMPTY);
        return Ok(special::END);
    };
    py.store(o, 2, Value::int(at as i64 + 1));
    match py.object_kind(o) {
        kind if kind == KEYS.kind => Ok(key),
        kind if kind == VALUES.kind => Ok(value),
        _ => py.tuple(&[key, value]),
    }
}
fn iterator_length(py: Py<'_>, args: Args<'_>) -> R {
    let o = iterator(py, args)?;
    py.int_usize(Object::from_value(o.get(1)).map_or(0, dict::length))
}
