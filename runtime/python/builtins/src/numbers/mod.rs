//! `int`, `bool`, `float`, `complex`.
//!
//! The operators' arithmetic is `python_objects::number`'s; what stands here makes methods of it, from one table for each
//! type.

mod boolean;
mod complex;
mod conversion;
mod float;
mod int;
mod int_methods;

use python_objects::{Py, R};

/// Methods of binary operators: name, reflected name, operator. `$operate` takes the context, the operator and both operands,
/// and answers `NotImplemented` for what is not its type's.
macro_rules! binary_methods {
    ($operate:path; $($name:literal $reflected:literal $Op:ident;)*) => {
        &[$(
            python_objects::Native::wrapper($name, "self, value, /", |py, args| {
                $operate(py, python_objects::operator::BinaryOp::$Op, args.at(0), args.at(1))
            }, concat!("Return self.", $name, "(value).")),
            python_objects::Native::wrapper($reflected, "self, value, /", |py, args| {
                $operate(py, python_objects::operator::BinaryOp::$Op, args.at(1), args.at(0))
            }, concat!("Return self.", $reflected, "(value).")),
        )*]
    };
}
/// Methods of unary operators, for exact operands that `$exact` finds in instances.
macro_rules! unary_methods {
    ($exact:path; $($name:literal $Op:ident;)*) => {
        &[$(
            python_objects::Native::wrapper($name, "self, /", |py, args| {
                let Some(v) = $exact(py, args.at(0))? else { return crate::wrappers::wrong_self(py, args.at(0)) };
                match python_objects::number::unary(py, python_objects::operator::UnaryOp::$Op, v)? {
                    Some(r) => Ok(r),
                    None => crate::wrappers::wrong_self(py, v),
                }
            }, concat!("Return self.", $name, "().")),
        )*]
    };
}
/// The methods of `**` and three-argument `pow()`: `$power` takes the context, both operands and the modulus if there is one.
macro_rules! power_methods {
    ($power:path) => {
        &[
            python_objects::Native::wrapper(
                "__pow__",
                "self, value, mod=None, /",
                |py, args| $power(py, args.at(0), args.at(1), args.some(2)),
                "Return pow(self, value, mod).",
            ),
            python_objects::Native::wrapper(
                "__rpow__",
                "self, value, mod=None, /",
                |py, args| $power(py, args.at(1), args.at(0), args.some(2)),
                "Return pow(value, self, mod).",
            ),
        ]
    };
}
pub(crate) use {binary_methods, power_methods, unary_methods};

pub(crate) fn install(py: Py<'_>) -> R<()> {
    int::install(py)?;
    int_methods::install(py)?;
    boolean::install(py)?;
    float::install(py)?;
    complex::install(py)
}
