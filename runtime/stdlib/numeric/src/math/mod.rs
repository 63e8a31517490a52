//! `math`: functions of the C library with Python's errors, and those on integers and rows of numbers.
//!
//! Where CPython calls the C library, Rust's standard library does too; the rest is in `python_numbers::math`.

mod integers;
mod real;
mod rows;

use python_objects::{Object, Py, R, Value};

/// Fills the module.
pub(crate) fn init(py: Py<'_>, m: Object) -> R<()> {
    let doc = "This module provides access to the mathematical functions\ndefined by the C standard.";
    let (d, doc) = (py.module_dict(m), py.str(doc)?);
    py.dict_set_text(d, "__doc__", doc)?;
    for functions in [real::FUNCTIONS, integers::FUNCTIONS, rows::FUNCTIONS] {
        py.add_functions(m, functions)?;
    }
    for (name, value) in [
        ("pi", std::f64::consts::PI),
        ("e", std::f64::consts::E),
        ("tau", std::f64::consts::TAU),
        ("inf", f64::INFINITY),
        ("nan", f64::NAN),
    ] {
        py.dict_set_text(d, name, Value::float(value))?;
    }
    Ok(())
}
