//! What becomes of the results of special methods written in Python, which run in frames of their own: an instance takes the
//! place of what `__init__` returned, and `NotImplemented` hands the operator on.

use super::calls::prepare;
use python_objects::compare::COMPARISONS;
use python_objects::kind::special;
use python_objects::native;
use python_objects::operator::BINARY;
use python_objects::safepoint::GOES_ON;
use python_objects::{Args, Object, Py, R, Value};
use vm_api::engine::Context;

/// What a call is completed to.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum What {
    /// The instance whose `__init__` was called.
    Instance,
    /// A binary operator whose left method was called.
    Binary,
    /// The same for augmented assignment without a method of its own.
    BinaryInplace,
    /// Augmented assignment by its own method.
    Inplace,
    /// A comparison whose left method was called.
    Compare,
}

const WHATS: [What; 5] = [What::Instance, What::Binary, What::BinaryInplace, What::Inplace, What::Compare];

fn context(what: What, number: usize, a: Value, b: Value) -> Context {
    [Value::int(what as i64), Value::int(number as i64), a, b]
}

/// See `Language::complete`.
pub(crate) fn complete(py: Py<'_>, [what, number, a, b]: Context, result: Value) -> R {
    if what == Value::int(GOES_ON) {
        let native = py.state().native(number.as_int() as u32);
        return py.entered(py.visible(native::call(py, native, Args::of(&[a]), Value::EMPTY)));
    }
    let number = number.as_int() as usize;
    match WHATS[what.as_int() as usize] {
        What::Instance if result == Value::NONE => Ok(a),
        What::Instance => Err(py.wrong_init_result(result)),
        _ if result != special::NOT_IMPLEMENTED => Ok(result),
        What::Binary => py.binary_declined(BINARY[number], a, b, false),
        What::BinaryInplace => py.binary_declined(BINARY[number], a, b, true),
        What::Inplace => py.inplace_declined(BINARY[number], a, b),
        What::Compare => py.compare_declined(COMPARISONS[number], a, b),
    }
}

/// Calls `init` on the new `instance`, whose words `args` follow.
pub(super) fn instance(py: Py<'_>, init: Object, instance: Value, args: python_objects::Args<'_>, names: Value) -> R {
    let context = context(What::Instance, 0, instance, Value::NONE);
    prepare(py, init, instance, args, names, Some(&context))
}
/// Calls the left operand's method.
pub(super) fn binary(py: Py<'_>, method: Object, number: i32, a: Value, b: Value) -> R {
    operator(py, method, context(What::Binary, number as usize, a, b))
}
/// The same for augmented assignment.
pub(super) fn binary_inplace(py: Py<'_>, method: Object, number: i32, a: Value, b: Value) -> R {
    operator(py, method, context(What::BinaryInplace, number as usize, a, b))
}
/// Calls the method of augmented assignment.
pub(super) fn inplace(py: Py<'_>, method: Object, number: i32, a: Value, b: Value) -> R {
    operator(py, method, context(What::Inplace, number as usize, a, b))
}
/// Calls the left operand's method of a comparison.
pub(super) fn compare(py: Py<'_>, method: Object, number: i32, a: Value, b: Value) -> R {
    operator(py, method, context(What::Compare, number as usize, a, b))
}

fn operator(py: Py<'_>, method: Object, context: Context) -> R {
    let operands = [context[2], context[3]];
    prepare(py, method, Value::EMPTY, python_objects::Args::of(&operands), Value::EMPTY, Some(&context))
}
