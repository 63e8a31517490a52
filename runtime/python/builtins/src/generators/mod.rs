//! Generators, coroutines and asynchronous generators as Python sees them. Suspending and resuming is in
//! [`python_objects::generator`].

mod async_generator;
mod awaitables;
mod coroutine;
mod generator;

use crate::warnings;
use python_objects::generator::{state, state_of, word};
use python_objects::kind::Kind;
use python_objects::{Args, Exc, Object, Py, R, Value, exception, string};

pub(crate) fn install(py: Py<'_>) -> R<()> {
    async_generator::install(py)?;
    awaitables::install(py)?;
    coroutine::install(py)?;
    generator::install(py)
}

fn this(args: Args<'_>) -> Object {
    Object::of(args.at(0))
}

/// The exception that a class and a value stand for.
fn instance_of(py: Py<'_>, class: Value, value: Option<Value>) -> R<Object> {
    let e = match value {
        Some(v) if py.is_instance(v, Object::of(class)) => v,
        Some(v) => match py.as_tuple(v) {
            Some(t) => py.call_tuple(class, t, Value::EMPTY)?,
            None => py.call(class, &[v])?,
        },
        None => py.call(class, &[])?,
    };
    match py.of_kind(e, Kind::EXCEPTION) {
        Some(e) => Ok(e),
        None => py.type_error(&format!(
            "calling {} should have returned an instance of BaseException, not {}",
            py.repr_text(class)?,
            py.class_name(e)
        )),
    }
}

/// Warns of a class, an instance and a traceback as three arguments.
fn warn_of_signature(py: Py<'_>, method: &str) -> R<()> {
    let text =
        format!("the (type, exc, tb) signature of {method}() is deprecated, use the single-arg signature instead.");
    warnings::warn(py, Exc::DeprecationWarning, &text, 1)
}

/// The exception that the arguments of `throw` mean: those from slot 1 on.
pub fn thrown(py: Py<'_>, args: Args<'_>) -> R<Object> {
    if args.opt(2).is_some() || args.opt(3).is_some() {
        warn_of_signature(py, "throw")?;
    }
    let (class, value, traceback) = (args.at(1), args.some(2), args.some(3));
    if traceback.is_some_and(|t| py.kind(t) != Kind::TRACEBACK) {
        return py.type_error("throw() third argument must be a traceback object");
    }
    let e = if py.is_exception_class(class) {
        match instance_of(py, class, value) {
            Ok(e) => e,
            // What goes wrong here is what is thrown.
            Err(_) => Object::of(py.take_exception()),
        }
    } else if py.is_exception(class) {
        if value.is_some() {
            return py.type_error("instance exception may not have a separate value");
        }
        Object::of(class)
    } else {
        return py.type_error(&format!(
            "exceptions must be classes or instances deriving from BaseException, not {}",
            py.class_name(class)
        ));
    };
    if let Some(t) = traceback {
        py.store(e, exception::word::TRACEBACK, t);
    }
    Ok(e)
}

fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let mut out = Vec::new();
    py.native_repr_into(args.at(0), &mut out)?;
    Ok(py.str_from_wtf8(&out)?.value())
}

/// Runs what is left of it when it dies: `close`, without effect if it ended.
fn del(py: Py<'_>, args: Args<'_>) -> R {
    py.close_generator(this(args))?;
    Ok(Value::NONE)
}

fn get_name(_: Py<'_>, args: Args<'_>) -> R {
    Ok(this(args).get(word::NAME))
}

fn set_name(py: Py<'_>, args: Args<'_>) -> R {
    set_string(py, args, word::NAME, "__name__")
}

fn get_qualname(_: Py<'_>, args: Args<'_>) -> R {
    Ok(this(args).get(word::QUALNAME))
}

fn set_qualname(py: Py<'_>, args: Args<'_>) -> R {
    set_string(py, args, word::QUALNAME, "__qualname__")
}

fn set_string(py: Py<'_>, args: Args<'_>, word: usize, name: &str) -> R {
    match args.opt(1).and_then(|v| string::exact_or_payload(py, v)) {
        Some(s) => {
            py.store(this(args), word, s.value());
            Ok(Value::NONE)
        }
        None => py.type_error(&format!("{name} must be set to a string object")),
    }
}

fn get_frame(py: Py<'_>, args: Args<'_>) -> R {
    let g = this(args);
    if state_of(g) == state::FINISHED {
        return Ok(Value::NONE);
    }
    Ok(py.generator_frame(g)?.value())
}

fn get_code(py: Py<'_>, args: Args<'_>) -> R {
    py.code_object(python_objects::function::code_index(this(args)))
}

fn get_running(_: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(state_of(this(args)) == state::RUNNING))
}

fn get_suspended(_: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(state_of(this(args)) == state::SUSPENDED))
}

fn get_delegate(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.delegate(this(args)).unwrap_or(Value::NONE))
}
