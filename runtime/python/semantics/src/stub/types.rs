//! PEP 695: type parameters and aliases. Words of a type parameter: name, function that computes the bound, function that
//! computes the constraints; bound and constraints once computed; flags.

use super::Operands;
use python_objects::kind::shape;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Object, Py, R, ShapeIndex, Symbol, Value};

/// Words of a type parameter.
const WORDS: usize = 10;

fn parameter(py: Py<'_>, shape: ShapeIndex, o: Operands, fields: &[Value]) -> R {
    let p = py.alloc(shape, WORDS)?;
    p.init(1, py.symbol_string(Symbol(o.immediate as u32)).value());
    for (i, v) in fields.iter().enumerate() {
        p.init(2 + i, *v);
    }
    Ok(p.value())
}
pub(super) fn type_var(py: Py<'_>, o: Operands) -> R {
    parameter(py, shape::TYPE_VAR, o, &[])
}
pub(super) fn type_var_bound(py: Py<'_>, o: Operands) -> R {
    parameter(py, shape::TYPE_VAR, o, &[o.a])
}
pub(super) fn type_var_constraints(py: Py<'_>, o: Operands) -> R {
    parameter(py, shape::TYPE_VAR, o, &[Value::EMPTY, o.a])
}
pub(super) fn param_spec(py: Py<'_>, o: Operands) -> R {
    parameter(py, shape::PARAM_SPEC, o, &[])
}
pub(super) fn type_var_tuple(py: Py<'_>, o: Operands) -> R {
    parameter(py, shape::TYPE_VAR_TUPLE, o, &[])
}
/// Name, type parameters, function that computes the value.
pub(super) fn type_alias(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    Ok(py.new_object(shape::TYPE_ALIAS, 8, &[w.at(0), w.at(1), w.at(2)])?.value())
}
pub(super) fn subscript_generic(py: Py<'_>, o: Operands) -> R {
    if py.root(root::GENERIC).is_empty() {
        let (name, builtins) = (py.symbol_string(sym::TYPING).value(), Object::of(py.root(root::BUILTINS_DICT)));
        let Some(import) = python_objects::dict::get_symbol(py, builtins, sym::IMPORT) else {
            return py.err(python_objects::Exc::ImportError, "__import__ not found");
        };
        let typing = py.call(import, &[name])?;
        let generic = py.get_attribute(typing, sym::GENERIC)?;
        py.set_root(root::GENERIC, generic);
    }
    py.get_item(py.root(root::GENERIC), o.a)
}
