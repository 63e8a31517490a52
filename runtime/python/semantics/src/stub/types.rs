//! PEP 695: type parameters and aliases. Their words are in [`python_objects::type_parameter`].

use super::Operands;
use python_objects::kind::shape;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::type_parameter::{alias, word};
use python_objects::{Args, Object, Py, R, ShapeIndex, Symbol};

fn parameter(py: Py<'_>, shape: ShapeIndex, o: Operands) -> R<Object> {
    py.new_type_parameter(shape, py.symbol_string(Symbol(o.immediate as u32)).value())
}
pub(super) fn type_var(py: Py<'_>, o: Operands) -> R {
    parameter(py, shape::TYPE_VAR, o).map(Object::value)
}
pub(super) fn type_var_bound(py: Py<'_>, o: Operands) -> R {
    let p = parameter(py, shape::TYPE_VAR, o)?;
    p.init(word::COMPUTE_BOUND, o.a);
    Ok(p.value())
}
pub(super) fn type_var_constraints(py: Py<'_>, o: Operands) -> R {
    let p = parameter(py, shape::TYPE_VAR, o)?;
    p.init(word::COMPUTE_CONSTRAINTS, o.a);
    Ok(p.value())
}
pub(super) fn param_spec(py: Py<'_>, o: Operands) -> R {
    parameter(py, shape::PARAM_SPEC, o).map(Object::value)
}
pub(super) fn type_var_tuple(py: Py<'_>, o: Operands) -> R {
    parameter(py, shape::TYPE_VAR_TUPLE, o).map(Object::value)
}
/// Name, type parameters, function that computes the value.
pub(super) fn type_alias(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    Ok(py.new_object(shape::TYPE_ALIAS, alias::WORDS, &[w.at(0), w.at(1), w.at(2)])?.value())
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
    let parameters = py.unpacked_type_parameters(Object::of(o.a))?;
    py.get_item(py.root(root::GENERIC), parameters)
}
