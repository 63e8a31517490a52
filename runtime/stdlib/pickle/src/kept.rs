//! What the module keeps: its exceptions, and what it needs of other modules. Made once for an interpreter.

use python_objects::py::root;
use python_objects::{Exc, Object, Py, R, Value, dict};
use std::rc::Rc;
use vm_api::engine::Stop;

const NAME: &str = "_pickle";

/// Numbers of kept values ([`Py::kept`]).
pub(crate) struct Kept {
    pub(crate) pickle_error: u32,
    pub(crate) pickling_error: u32,
    pub(crate) unpickling_error: u32,
    /// Of `copyreg`.
    pub(crate) dispatch_table: u32,
    pub(crate) extension_registry: u32,
    pub(crate) inverted_registry: u32,
    pub(crate) extension_cache: u32,
    /// Of `_compat_pickle`: names and modules of Python 2, and back.
    pub(crate) names: u32,
    pub(crate) modules: u32,
    pub(crate) old_names: u32,
    pub(crate) old_modules: u32,
    pub(crate) encode: u32,
    pub(crate) partial: u32,
    pub(crate) getattr: u32,
}

/// The module's data, made at the first call.
pub(crate) fn make(py: Py<'_>) -> R<Rc<Kept>> {
    if let Some(kept) = py.state().known_data(NAME) {
        return Ok(kept);
    }
    let import = |module: &str, name: &str| {
        let module = stdlib_core::import_module(py, module)?;
        py.keep(py.get_attribute_text(module.value(), name)?)
    };
    let error = |name: &str, base: Value| -> R<u32> {
        let namespace = py.new_dict()?;
        py.dict_set_text(namespace, "__module__", py.str(NAME)?)?;
        let bases = py.tuple(&[base])?;
        let class = py.root(python_objects::kind::class::TYPE);
        py.keep(py.call(class, &[py.str(name)?, bases, namespace.value()])?)
    };
    let pickle_error = error("PickleError", py.exception_class(Exc::Exception).value())?;
    let pickling_error = error("PicklingError", py.kept(pickle_error))?;
    let unpickling_error = error("UnpicklingError", py.kept(pickle_error))?;
    let name = py.intern("getattr")?;
    let Some(getattr) = dict::get_symbol(py, Object::of(py.root(root::BUILTINS_DICT)), name) else {
        return py.err(Exc::NameError, "name 'getattr' is not defined");
    };
    let kept = Kept {
        pickle_error,
        pickling_error,
        unpickling_error,
        dispatch_table: import("copyreg", "dispatch_table")?,
        extension_registry: import("copyreg", "_extension_registry")?,
        inverted_registry: import("copyreg", "_inverted_registry")?,
        extension_cache: import("copyreg", "_extension_cache")?,
        names: import("_compat_pickle", "NAME_MAPPING")?,
        modules: import("_compat_pickle", "IMPORT_MAPPING")?,
        old_names: import("_compat_pickle", "REVERSE_NAME_MAPPING")?,
        old_modules: import("_compat_pickle", "REVERSE_IMPORT_MAPPING")?,
        encode: import("codecs", "encode")?,
        partial: import("functools", "partial")?,
        getattr: py.keep(getattr)?,
    };
    Ok(py.state().data(NAME, || kept))
}
#[cold]
fn raise(py: Py<'_>, class: fn(&Kept) -> u32, message: &str) -> Stop {
    let raised = || {
        let class = py.kept(class(&*make(py)?));
        let message = py.str(message)?;
        let e = py.call(class, &[message])?;
        Ok(py.throw(py.make_exception(e)?))
    };
    raised().unwrap_or_else(|stop: Stop| stop)
}
#[cold]
pub(crate) fn pickling_error<T>(py: Py<'_>, message: &str) -> R<T> {
    Err(raise(py, |k| k.pickling_error, message))
}
#[cold]
pub(crate) fn unpickling_error<T>(py: Py<'_>, message: &str) -> R<T> {
    Err(raise(py, |k| k.unpickling_error, message))
}
/// An item of a dictionary kept by others, or of something that became one.
pub(crate) fn item(py: Py<'_>, mapping: Value, key: Value) -> R<Option<Value>> {
    if let Some(d) = py.as_dict(mapping) {
        return py.dict_get(d, key);
    }
    match py.get_item(mapping, key) {
        Ok(v) => Ok(Some(v)),
        Err(stop) => {
            if py.catch(Exc::LookupError).is_some() {
                return Ok(None);
            }
            Err(stop)
        }
    }
}
/// Attribute `name`, if the object has it.
pub(crate) fn attribute(py: Py<'_>, v: Value, name: &str) -> R<Option<Value>> {
    let name = py.intern(name)?;
    py.get_optional(v, name)
}
/// Attribute `name`, called.
pub(crate) fn call_method(py: Py<'_>, v: Value, name: &str, args: &[Value]) -> R {
    let name = py.intern(name)?;
    py.call_method(v, name, args)
}
