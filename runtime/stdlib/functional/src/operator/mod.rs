//! `_operator`: the operators as functions, and callables that get attributes, items or call methods.

mod functions;
mod getters;

use python_objects::class;
use python_objects::{Object, Py, R};

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    let d = py.module_dict(m);
    let doc = py.str(
        "Operator interface.\n\nThis module exports a set of functions implemented in C corresponding\nto the intrinsic operators \
         of Python.  For example, operator.add(x, y)\nis equivalent to the expression x+y.",
    )?;
    py.dict_set_text(d, "__doc__", doc)?;
    for functions in [functions::PLAIN, functions::INPLACE, functions::OTHERS] {
        py.add_functions(m, functions)?;
    }
    for spec in [&getters::ATTRGETTER, &getters::ITEMGETTER, &getters::METHODCALLER] {
        let class = py.native_type(spec)?;
        py.dict_set_text(d, &class::name(py, class), class.value())?;
    }
    Ok(())
}
