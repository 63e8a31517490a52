//! What the module keeps: classes, the templates of contexts, the context variable. Made once for an interpreter.

use crate::number::Dec;
use crate::{context, signals, tuple};
use python_objects::{Object, Py, R};
use std::cell::RefCell;
use std::rc::Rc;

const NAME: &str = "decimal";

/// Numbers of kept values ([`Py::kept`]).
pub(crate) struct Kept {
    pub(crate) signals: [u32; signals::COUNT],
    pub(crate) tuple: u32,
    /// Default, basic and extended context.
    pub(crate) templates: [u32; 3],
    pub(crate) variable: u32,
    pub(crate) signal_dict: u32,
    pub(crate) rational: u32,
    /// The logarithm of 10 to some digits.
    pub(crate) ln_ten: RefCell<Option<(i64, Dec)>>,
}

/// The module's data, made at the first call.
pub(crate) fn make(py: Py<'_>) -> R<Rc<Kept>> {
    if let Some(kept) = py.state().known_data(NAME) {
        return Ok(kept);
    }
    let import = |module: &str, name: &str| {
        let module = stdlib_core::import_module(py, module)?;
        py.get_attribute_text(module.value(), name)
    };
    let signals = signals::make(py)?;
    let tuple = py.keep(tuple::make(py)?)?;
    let variable = import("_contextvars", "ContextVar")?;
    let variable = py.keep(py.call(variable, &[py.str("decimal_context")?])?)?;
    let mapping = import("collections.abc", "MutableMapping")?;
    let signal_dict = py.keep(crate::signal_dict::make_class(py, mapping)?)?;
    let rational = py.keep(import("numbers", "Rational")?)?;
    let number = import("numbers", "Number")?;
    let register = py.intern("register")?;
    py.call_method(number, register, &[crate::decimal::class(py)?.value()])?;
    let mut templates = [0; 3];
    for (i, template) in templates.iter_mut().enumerate() {
        let o = context::template(py, i, py.kept(signal_dict))?;
        *template = py.keep(o.value())?;
    }
    let kept = Kept { signals, tuple, templates, variable, signal_dict, rational, ln_ten: RefCell::default() };
    Ok(py.state().data(NAME, || kept))
}
/// The module's data.
#[inline]
pub(crate) fn get(py: Py<'_>) -> R<Rc<Kept>> {
    make(py)
}
/// One of the templates?
pub(crate) fn is_template(py: Py<'_>, kept: &Kept, context: Object) -> bool {
    kept.templates.iter().any(|t| py.kept(*t) == context.value())
}
