//! `exit` and `quit`, which under CPython the module `site` adds: here plain functions.

use python_objects::native::Native;
use python_objects::{Args, Exc, Object, Py, R, Value};

static FUNCTIONS: &[Native] = &[
    Native::function("exit", "code=None", exit, "Raises SystemExit: ends the program or session."),
    Native::function("quit", "code=None", exit, "Raises SystemExit: ends the program or session."),
];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    super::add(py, FUNCTIONS)
}

fn exit(py: Py<'_>, args: Args<'_>) -> R {
    let code = args.opt(0).unwrap_or(Value::NONE);
    let e = py.call(py.exception_class(Exc::SystemExit).value(), &[code])?;
    Err(py.throw(Object::of(e)))
}
