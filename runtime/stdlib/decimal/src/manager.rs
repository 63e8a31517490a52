//! `localcontext()`: a context for the time of a `with` statement.

use crate::context::{self, CONTEXT};
use crate::signal_dict::Which;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, dict, string};

static MANAGER: TypeSpec = TypeSpec::values("decimal", "ContextManager", 2, METHODS, "");
mod word {
    pub(super) const LOCAL: usize = 1;
    pub(super) const GLOBAL: usize = 2;
}
static METHODS: &[Native] =
    &[Native::method("__enter__", "self, /", enter, ""), Native::method("__exit__", "self, /, *args", exit, "")];

pub(crate) fn local_context(py: Py<'_>, args: Args<'_>) -> R {
    let global = context::current(py)?;
    let base = match args.some(0) {
        None => global,
        Some(v) => match py.of_kind(v, CONTEXT.kind) {
            Some(o) => o,
            None => return py.type_error("optional argument must be a context"),
        },
    };
    let local = context::copy(py, base)?;
    if let Some(keywords) = Object::from_value(args.at(1)) {
        let mut i = 0;
        while let Some((at, key, value)) = dict::next_entry(keywords, i) {
            i = at + 1;
            let name = string::exact_or_payload(py, key).map(string::to_rust).unwrap_or_default();
            match name.as_str() {
                "prec" | "rounding" | "Emin" | "Emax" | "capitals" | "clamp" => {
                    if value != Value::NONE {
                        context::change(py, local, &name, value)?;
                    }
                }
                "flags" | "traps" => {
                    let which = if name == "flags" { Which::Flags } else { Which::Traps };
                    if value != Value::NONE {
                        context::set_signals(py, local, which, value)?;
                    }
                }
                _ => return py.type_error(&format!("'{name}' is an invalid keyword argument for this function")),
            }
        }
    }
    let o = py.new_native(&MANAGER)?;
    o.init(word::LOCAL, local.value());
    o.init(word::GLOBAL, global.value());
    Ok(o.value())
}
fn enter(py: Py<'_>, args: Args<'_>) -> R {
    let local = py.native_self(args.at(0), &MANAGER)?.get(word::LOCAL);
    context::set_current(py, Args::of(&[local]))?;
    Ok(local)
}
fn exit(py: Py<'_>, args: Args<'_>) -> R {
    let global = py.native_self(args.at(0), &MANAGER)?.get(word::GLOBAL);
    context::set_current(py, Args::of(&[global]))?;
    Ok(Value::FALSE)
}
