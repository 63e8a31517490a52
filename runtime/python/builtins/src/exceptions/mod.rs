//! The exception classes: what each makes of its arguments, and how it shows them.

mod base;
mod group;
mod os_error;
mod simple;
mod syntax_error;
mod traceback;
mod unicode;

use python_objects::exception::word;
use python_objects::native::variadic;
use python_objects::{Args, Object, Py, R, Value, dict, tuple};

pub(crate) fn install(py: Py<'_>) -> R<()> {
    base::install(py)?;
    group::install(py)?;
    os_error::install(py)?;
    simple::install(py)?;
    syntax_error::install(py)?;
    traceback::install(py)?;
    unicode::install(py)
}

/// Getter and setter of a class's own field `n`, which holds any value; None stands for one that was not set.
macro_rules! fields {
    ($($n:literal $name:literal $doc:literal),* $(,)?) => {
        [$(
            python_objects::Native::member($name, |_, args| crate::exceptions::field(args, $n), $doc),
            python_objects::Native::setter($name, |py, args| crate::exceptions::set_field(py, args, $n)),
        )*]
    };
}
use fields;

fn this(args: Args<'_>) -> Object {
    Object::of(args.at(0))
}

fn or_none(v: Value) -> Value {
    if v.is_empty() { Value::NONE } else { v }
}

fn field(args: Args<'_>, n: usize) -> R {
    Ok(or_none(this(args).get(word::OWN + n)))
}

fn set_field(py: Py<'_>, args: Args<'_>, n: usize) -> R {
    py.store(this(args), word::OWN + n, args.opt(1).unwrap_or(Value::NONE));
    Ok(Value::NONE)
}

/// The tuple of arguments.
fn arguments(e: Object) -> Object {
    Object::of(e.get(word::ARGS))
}

/// TypeError if keywords were given: they are in slot `slot`.
fn no_keywords(py: Py<'_>, args: Args<'_>, slot: usize) -> R<()> {
    if Object::from_value(args.at(slot)).is_some_and(|d| dict::length(d) > 0) {
        return py.type_error(&format!("{}() takes no keyword arguments", py.class_name(args.at(0))));
    }
    Ok(())
}

/// What all `__init__`s begin with: the positional arguments, in slot 1, become `args`.
fn init_base(py: Py<'_>, args: Args<'_>) -> Object {
    py.store(this(args), word::ARGS, args.at(1));
    Object::of(args.at(1))
}

/// The keywords in slot 2 that the class takes, each into its field; TypeError for another.
fn take_keywords(py: Py<'_>, args: Args<'_>, class: &str, names: &[(&str, usize)]) -> R<()> {
    for (_, n) in names {
        py.store(this(args), word::OWN + n, Value::EMPTY);
    }
    let Some(d) = Object::from_value(args.at(2)) else { return Ok(()) };
    let mut i = 0;
    while let Some((at, key, value)) = dict::next_entry(d, i) {
        i = at + 1;
        let key = py.str_text(key)?;
        match names.iter().find(|(name, _)| *name == key) {
            Some((_, n)) => py.store(this(args), word::OWN + n, value),
            None => {
                return py.type_error(&format!("'{key}' is an invalid keyword argument for {class}()"));
            }
        }
    }
    Ok(())
}

/// The instance's own attributes with these fields, or None if there is nothing of both.
fn state_with(py: Py<'_>, e: Object, fields: &[(&str, usize)]) -> R {
    let own = py.filled_dict(e)?;
    let set = |n: usize| e.get(word::OWN + n);
    if own.is_none() && fields.iter().all(|(_, n)| set(*n).is_empty()) {
        return Ok(Value::NONE);
    }
    let d = match own {
        Some(d) => py.dict_copy(d)?,
        None => py.new_dict()?,
    };
    for (name, n) in fields {
        if !set(*n).is_empty() {
            py.dict_set_text(d, name, set(*n))?;
        }
    }
    Ok(d.value())
}

/// `(class, args[, state])`
fn reduced(py: Py<'_>, e: Object, args: Value, state: Value) -> R {
    let class = py.class_of(e.value()).value();
    if state == Value::NONE { py.tuple(&[class, args]) } else { py.tuple(&[class, args, state]) }
}

/// Items of the variadic slot.
fn positional(args: Args<'_>) -> impl ExactSizeIterator<Item = Value> {
    variadic(args, 1)
}

/// Is any item of the tuple no exception?
fn first_non_exception(py: Py<'_>, t: Object) -> Option<usize> {
    tuple::items(t).position(|v| !py.is_exception(v))
}
