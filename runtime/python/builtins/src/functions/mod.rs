//! The functions of `builtins`.

mod anext;
mod attributes;
pub(crate) mod classes;
pub(crate) mod code;
mod debug;
mod exit;
pub mod input;
mod iteration;
mod numeric;
mod print;
mod scope;

use python_objects::native::Native;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Object, Py, R, Value};

pub(crate) fn install(py: Py<'_>) -> R<()> {
    anext::install(py)?;
    attributes::install(py)?;
    classes::install(py)?;
    code::install(py)?;
    debug::install(py)?;
    exit::install(py)?;
    input::install(py)?;
    numeric::install(py)?;
    scope::install(py)?;
    print::install(py)?;
    iteration::install(py)
}

/// Puts functions into the dictionary of `builtins`.
pub(crate) fn add(py: Py<'_>, functions: &'static [Native]) -> R<()> {
    let d = Object::of(py.root(root::BUILTINS_DICT));
    let module = py.symbol_string(sym::BUILTINS_NAME).value();
    for f in functions {
        let number = Value::int(i64::from(py.state().native_number(f)));
        let v = py.new_builtin(number, Value::EMPTY, module, Value::EMPTY)?;
        py.dict_set_text(d, f.name, v)?;
    }
    Ok(())
}
