//! Operators, comparisons, truth.

use super::Operands;
use python_objects::compare::COMPARISONS;
use python_objects::operator::{BINARY, UnaryOp};
use python_objects::{Py, R, Value};

pub(super) fn binary(py: Py<'_>, o: Operands) -> R {
    py.binary(BINARY[o.immediate as usize], o.a, o.b)
}
pub(super) fn inplace(py: Py<'_>, o: Operands) -> R {
    py.inplace(BINARY[o.immediate as usize], o.a, o.b)
}
pub(super) fn unary(py: Py<'_>, o: Operands) -> R {
    py.unary([UnaryOp::Neg, UnaryOp::Pos, UnaryOp::Invert][o.immediate as usize], o.a)
}
pub(super) fn compare(py: Py<'_>, o: Operands) -> R {
    let op = COMPARISONS[o.immediate as usize];
    if o.immediate == 2 || o.immediate == 3 {
        // Equality of strings is frequent and needs no result object.
        if let Some(same) = py.quick_equal(o.a, o.b) {
            return Ok(Value::bool(same == (o.immediate == 2)));
        }
    }
    py.rich_compare(op, o.a, o.b)
}
pub(super) fn contains(py: Py<'_>, o: Operands) -> R {
    Ok(Value::bool(py.contains(o.b, o.a)? == (o.immediate == 0)))
}
pub(super) fn truth(py: Py<'_>, o: Operands) -> R {
    py.truth(o.a).map(Value::bool)
}
