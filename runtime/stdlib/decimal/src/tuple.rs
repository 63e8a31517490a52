//! `DecimalTuple`: sign, digits and exponent by name.

use python_objects::{Py, R, Value};

/// The class.
pub(crate) fn make(py: Py<'_>) -> R {
    let collections = stdlib_core::import_module(py, "collections")?;
    let make = py.get_attribute_text(collections.value(), "namedtuple")?;
    let (name, fields) = (py.str("DecimalTuple")?, py.str("sign digits exponent")?);
    let class: Value = py.call(make, &[name, fields])?;
    let module = py.intern("__module__")?;
    py.set_attribute(class, module, Some(py.str("decimal")?))?;
    Ok(class)
}
