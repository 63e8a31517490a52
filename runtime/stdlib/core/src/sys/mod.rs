//! `sys`: what a program can ask and tell the interpreter.

pub mod audit;
mod facts;
mod functions;
pub(crate) mod hooks;
mod monitoring;
mod tracing;

use crate::support::set;
use python_objects::py::root;
use python_objects::{Object, Py, R};

/// Makes `sys`, with all but the standard streams. Once, first of all modules.
pub(crate) fn install(py: Py<'_>) -> R<()> {
    let module = py.new_module("sys")?;
    let d = py.module_dict(module);
    py.set_root(root::SYS, d.value());
    let modules = Object::of(py.root(root::MODULES));
    py.dict_set_text(modules, "sys", module.value())?;
    set(py, d, "modules", modules.value())?;
    facts::install(py, d)?;
    py.add_functions(module, functions::FUNCTIONS)?;
    py.add_functions(module, hooks::FUNCTIONS)?;
    py.add_functions(module, audit::FUNCTIONS)?;
    py.add_functions(module, tracing::FUNCTIONS)?;
    monitoring::install(py, d)?;
    hooks::install(py, d)
}

/// The names of all modules that come with the interpreter. Once all native ones are registered.
pub(crate) fn install_module_names(py: Py<'_>) -> R<()> {
    facts::install_module_names(py, Object::of(py.root(root::SYS)))
}
