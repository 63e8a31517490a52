//! Exceptions with a few fields of their own: `StopIteration`, `SystemExit`, `ImportError`, `AttributeError`, `NameError`,
//! `KeyError`.

use super::{arguments, fields, init_base, no_keywords, positional, reduced, state_with, take_keywords, this};
use python_objects::exception::word;
use python_objects::native::Native;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, string};

const INIT: &str = "self, /, *args, **kwargs";

static STOP_ITERATION: &[Native] = &[Native::wrapper("__init__", INIT, init_stop, "Initialize self.")];
static STOP_FIELDS: [Native; 2] = fields![0 "value" "generator return value"];

static SYSTEM_EXIT: &[Native] = &[Native::wrapper("__init__", INIT, init_exit, "Initialize self.")];
static EXIT_FIELDS: [Native; 2] = fields![0 "code" "exception code"];

static IMPORT_ERROR: &[Native] = &[
    Native::wrapper("__init__", INIT, init_import, "Initialize self."),
    Native::wrapper("__str__", "self, /", import_str, "Return str(self)."),
    Native::method("__reduce__", "self, /", import_reduce, ""),
];
static IMPORT_FIELDS: [Native; 8] = fields![
    0 "msg" "exception message",
    1 "name" "module name",
    2 "path" "module path",
    3 "name_from" "name imported from module",
];

static ATTRIBUTE_ERROR: &[Native] = &[
    Native::wrapper("__init__", INIT, init_attribute, "Initialize self."),
    Native::method("__getstate__", "self, /", attribute_state, ""),
    Native::method("__reduce__", "self, /", attribute_reduce, ""),
];
static ATTRIBUTE_FIELDS: [Native; 4] = fields![0 "name" "attribute name", 1 "obj" "object"];

static NAME_ERROR: &[Native] = &[Native::wrapper("__init__", INIT, init_name, "Initialize self.")];
static NAME_FIELDS: [Native; 2] = fields![0 "name" "name"];

static KEY_ERROR: &[Native] = &[Native::wrapper("__str__", "self, /", key_str, "Return str(self).")];

pub(super) fn install(py: Py<'_>) -> R<()> {
    let tables: [(Exc, &'static [Native], &'static [Native]); 6] = [
        (Exc::StopIteration, STOP_ITERATION, &STOP_FIELDS),
        (Exc::SystemExit, SYSTEM_EXIT, &EXIT_FIELDS),
        (Exc::ImportError, IMPORT_ERROR, &IMPORT_FIELDS),
        (Exc::AttributeError, ATTRIBUTE_ERROR, &ATTRIBUTE_FIELDS),
        (Exc::NameError, NAME_ERROR, &NAME_FIELDS),
        (Exc::KeyError, KEY_ERROR, &[]),
    ];
    for (e, methods, fields) in tables {
        py.add_methods(py.exception_class(e), methods)?;
        py.add_methods(py.exception_class(e), fields)?;
    }
    Ok(())
}

fn init_stop(py: Py<'_>, args: Args<'_>) -> R {
    no_keywords(py, args, 2)?;
    init_base(py, args);
    let value = positional(args).next().unwrap_or(Value::NONE);
    py.store(this(args), word::OWN, value);
    Ok(Value::NONE)
}

fn init_exit(py: Py<'_>, args: Args<'_>) -> R {
    no_keywords(py, args, 2)?;
    let given = init_base(py, args);
    let code = match given.length() {
        0 => Value::NONE,
        1 => given.element(0),
        _ => given.value(),
    };
    py.store(this(args), word::OWN, code);
    Ok(Value::NONE)
}

const IMPORT_STATE: &[(&str, usize)] = &[("name", 1), ("path", 2), ("name_from", 3)];

fn init_import(py: Py<'_>, args: Args<'_>) -> R {
    let given = init_base(py, args);
    take_keywords(py, args, "ImportError", IMPORT_STATE)?;
    let message = if given.length() == 1 { given.element(0) } else { Value::EMPTY };
    py.store(this(args), word::OWN, message);
    Ok(Value::NONE)
}

fn import_str(py: Py<'_>, args: Args<'_>) -> R {
    let message = this(args).get(word::OWN);
    match string::exact_or_payload(py, message) {
        Some(s) if s.value() == message => Ok(message),
        _ => Ok(py.exception_str(this(args))?.value()),
    }
}

fn import_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let e = this(args);
    let state = state_with(py, e, IMPORT_STATE)?;
    reduced(py, e, arguments(e).value(), state)
}

fn init_attribute(py: Py<'_>, args: Args<'_>) -> R {
    init_base(py, args);
    take_keywords(py, args, "AttributeError", &[("name", 0), ("obj", 1)])?;
    Ok(Value::NONE)
}

/// The object is left out: it may not be picklable.
fn attribute_state(py: Py<'_>, args: Args<'_>) -> R {
    let e = this(args);
    let state = state_with(py, e, &[("name", 0)])?;
    let d = match Object::from_value(state) {
        Some(d) => d,
        None => return Ok(Value::NONE),
    };
    py.dict_set_symbol(d, sym::ARGS, arguments(e).value())?;
    Ok(d.value())
}

fn attribute_reduce(py: Py<'_>, args: Args<'_>) -> R {
    let state = attribute_state(py, args)?;
    let e = this(args);
    reduced(py, e, arguments(e).value(), state)
}

fn init_name(py: Py<'_>, args: Args<'_>) -> R {
    init_base(py, args);
    take_keywords(py, args, "NameError", &[("name", 0)])?;
    Ok(Value::NONE)
}

/// With one argument its `repr`, so that an empty string shows.
fn key_str(py: Py<'_>, args: Args<'_>) -> R {
    let given = arguments(this(args));
    if given.length() == 1 {
        return Ok(py.repr(given.element(0))?.value());
    }
    Ok(py.exception_str(this(args))?.value())
}
