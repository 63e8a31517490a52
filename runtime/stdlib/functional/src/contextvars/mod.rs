//! `_contextvars`: context variables, contexts and tokens (PEP 567).
//!
//! The current context is root `CONTEXT`, which is EMPTY until something asks for it. A context holds its variables in a
//! dictionary that copies share until one of them changes it: copying, which `asyncio` does for every callback, takes no
//! time by the number of variables; the first change after it does.

mod context;
mod token;
mod variable;

use python_objects::py::root;
use python_objects::{Native, Object, Py, R, Value};

static FUNCTIONS: &[Native] = &[Native::function(
    "copy_context",
    "",
    |py, _| copy_current(py).map(Object::value),
    "Return a copy of the current context.",
)];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let d = py.module_dict(module);
    py.dict_set_text(d, "Context", context::class(py)?.value())?;
    py.dict_set_text(d, "ContextVar", py.native_type(&variable::VARIABLE)?.value())?;
    py.dict_set_text(d, "Token", token::class(py)?.value())?;
    py.add_functions(module, FUNCTIONS)
}

/// A copy of the current context.
pub fn copy_current(py: Py<'_>) -> R<Object> {
    let current = current(py)?;
    context::copy(py, current)
}

/// Runs `f` in a context, which must be one: TypeError for anything else, RuntimeError if code runs in it already.
pub fn run_in<'t, T>(py: Py<'t>, context: Value, f: impl FnOnce(Py<'t>) -> R<T>) -> R<T> {
    context::run_in(py, context, f)
}

/// The current context, made now if there is none.
fn current(py: Py<'_>) -> R<Object> {
    if let Some(o) = Object::from_value(py.root(root::CONTEXT)) {
        return Ok(o);
    }
    let o = context::empty(py)?;
    py.set_root(root::CONTEXT, o.value());
    Ok(o)
}

/// The value that a variable has in the current context; `None`: it has none there.
pub fn value(py: Py<'_>, variable: Value) -> R<Option<Value>> {
    match Object::from_value(py.root(root::CONTEXT)) {
        Some(context) => context::lookup(py, context, variable),
        None => Ok(None),
    }
}

/// Gives a variable a value in the current context.
pub fn set_value(py: Py<'_>, variable: Value, value: Value) -> R<()> {
    let context = current(py)?;
    context::set(py, context, variable, value)
}
