//! `_warnings`: the functions of the module over the shared machinery of built-in warnings.

use crate::support::add;
use python_builtins::warnings::{Place, state, warn_at, warn_here};
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value, dict, string};

static FUNCTIONS: &[Native] = &[
    Native::function(
        "warn",
        "message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=()",
        warn,
        "Issue a warning, or maybe ignore it or raise an exception.",
    ),
    Native::function(
        "warn_explicit",
        "message, category, filename, lineno, module=None, registry=None, module_globals=None, source=None",
        warn_explicit,
        "Issue a warning for a place in a source.",
    ),
    Native::function("_filters_mutated", "", filters_mutated, "Say that the filters have changed."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    let state = state(py)?;
    for name in ["filters", "_defaultaction", "_onceregistry"] {
        let symbol = py.intern(name)?;
        add(py, module, name, dict::get_symbol(py, state, symbol).unwrap_or(Value::NONE))?;
    }
    Ok(())
}

/// The category of a message: its class if it is a Warning, else what is given, else UserWarning.
fn category(py: Py<'_>, message: Value, given: Option<Value>) -> R<Object> {
    let warning = py.exception_class(Exc::Warning);
    if py.is_instance(message, warning) {
        return Ok(py.class_of(message));
    }
    let Some(v) = given else { return Ok(py.exception_class(Exc::UserWarning)) };
    match py.of_kind(v, Kind::TYPE).filter(|c| py.is_subclass(*c, warning)) {
        Some(c) => Ok(c),
        None => py.type_error(&format!("category must be a Warning subclass, not '{}'", py.class_name(v))),
    }
}

fn warn(py: Py<'_>, args: Args<'_>) -> R {
    let category = category(py, args.at(0), args.some(1))?;
    let level = args.opt(2).map_or(Ok(1), |v| py.index_i64(v))?;
    let source = args.opt(3).unwrap_or(Value::NONE);
    warn_here(py, category, args.at(0), usize::try_from(level).unwrap_or(1), source)?;
    Ok(Value::NONE)
}

fn warn_explicit(py: Py<'_>, args: Args<'_>) -> R {
    let category = category(py, args.at(0), args.some(1))?;
    let Some(filename) = string::exact_or_payload(py, args.at(2)) else {
        return py.type_error(&format!("warn_explicit() argument 3 must be str, not {}", py.class_name(args.at(2))));
    };
    let filename = string::to_rust(filename);
    let line = i64::from(py.index_i32(args.at(3))?);
    let module = args.some(4).and_then(|m| string::exact_or_payload(py, m)).map(string::to_rust);
    let registry = args.some(5).unwrap_or(Value::EMPTY);
    if !registry.is_empty() && py.as_dict(registry).is_none() {
        return py.type_error("'registry' must be a dict or None");
    }
    let place = Place { filename: &filename, line, module: module.as_deref(), registry };
    warn_at(py, category, args.at(0), place, args.opt(7).unwrap_or(Value::NONE))?;
    Ok(Value::NONE)
}

fn filters_mutated(py: Py<'_>, _: Args<'_>) -> R {
    let state = state(py)?;
    let version = py.intern("version")?;
    let now = dict::get_symbol(py, state, version).filter(|v| v.is_int()).map_or(0, |v| v.as_int());
    py.dict_set_symbol(state, version, Value::int(now + 1))?;
    Ok(Value::NONE)
}
