//! `_decimal`: decimal floating-point arithmetic as IBM's specification has it, with contexts, signals and traps.
//!
//! [`number`] is the arithmetic, on plain data: it knows no Python. The files beside it are the types and functions of the
//! module. No crate does this work: those that exist have a fixed precision, exponents of 32 bits or no contexts.

mod argument;
mod compare;
mod context;
mod context_methods;
mod decimal;
mod decimal_methods;
mod format;
mod kept;
mod manager;
mod number;
mod operators;
mod signal_dict;
mod signals;
mod tuple;

use python_objects::module::NativeModule;
use python_objects::{Native, Object, Py, R, Value};
use stdlib_core::support::{add, constants};

/// The module of this crate.
pub const MODULES: &[NativeModule] = &[NativeModule { name: "_decimal", init }];

static FUNCTIONS: &[Native] = &[
    Native::function(
        "getcontext",
        "",
        |py, _| context::current(py).map(Object::value),
        "Get the current default context.",
    ),
    Native::function("setcontext", "context, /", context::set_current, "Set a new default context."),
    Native::function(
        "localcontext",
        "ctx=None, **kwargs",
        manager::local_context,
        "A context manager that sets a copy of a context, changed by the keyword arguments, and puts the old one back.",
    ),
];

fn init(py: Py<'_>, module: Object) -> R<()> {
    // As the module is known to those that pickle what is in it.
    add(py, module, "__name__", py.str("decimal")?)?;
    add(py, module, "__doc__", py.str("C decimal arithmetic module")?)?;
    let kept = kept::make(py)?;
    add(py, module, "Decimal", decimal::class(py)?.value())?;
    add(py, module, "Context", context::class(py)?.value())?;
    add(py, module, "DecimalTuple", py.kept(kept.tuple))?;
    for (name, class) in signals::names().zip(kept.signals) {
        add(py, module, name, py.kept(class))?;
    }
    for (name, context) in ["DefaultContext", "BasicContext", "ExtendedContext"].iter().zip(kept.templates) {
        add(py, module, name, py.kept(context))?;
    }
    for (name, _) in number::ROUNDINGS {
        let text = py.intern(name)?;
        add(py, module, name, py.symbol_string(text).value())?;
    }
    constants(
        py,
        module,
        &[
            ("MAX_PREC", number::MAX_PREC),
            ("MAX_EMAX", number::MAX_EMAX),
            ("MIN_EMIN", number::MIN_EMIN),
            ("MIN_ETINY", number::MIN_ETINY),
        ],
    )?;
    add(py, module, "HAVE_THREADS", Value::TRUE)?;
    add(py, module, "HAVE_CONTEXTVAR", Value::TRUE)?;
    add(py, module, "__version__", py.str("1.70")?)?;
    // The version of the library whose behaviour this is.
    add(py, module, "__libmpdec_version__", py.str("2.5.1")?)?;
    py.add_functions(module, FUNCTIONS)
}
