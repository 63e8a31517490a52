//! The built-in types and functions of Python: their methods as tables of native functions over `python-objects`.
//!
//! A file holds one type or a family: the functions, and a table of [`Native`](python_objects::Native)s that its `install`
//! puts into the class. Adding a method is a function and a line in the table.

mod bytes;
pub mod compile;
mod containers;
mod exceptions;
mod functions;
pub use functions::code::{file_name, source_text};
pub use functions::input;
pub mod generators;
mod iterators;
mod numbers;
mod object;
mod reduce;
pub mod string;
mod text;
pub mod tree;
mod types;
pub mod warnings;
mod wrappers;

pub use string::codec;

use python_objects::exception::TABLE;
use python_objects::kind::{class, special};
use python_objects::module::NativeModule;
use python_objects::py::root;
use python_objects::{Object, Py, R, Value};

/// The modules whose types the syntax makes.
pub const MODULES: &[NativeModule] = &[types::typing::MODULE];

/// Names in `builtins` of classes that are built in.
const CLASSES: &[(&str, u32)] = &[
    ("bool", class::BOOL),
    ("bytearray", class::BYTEARRAY),
    ("bytes", class::BYTES),
    ("classmethod", class::CLASSMETHOD),
    ("complex", class::COMPLEX),
    ("dict", class::DICT),
    ("enumerate", class::ENUMERATE),
    ("filter", class::FILTER),
    ("float", class::FLOAT),
    ("frozenset", class::FROZENSET),
    ("int", class::INT),
    ("list", class::LIST),
    ("map", class::MAP),
    ("memoryview", class::MEMORYVIEW),
    ("object", class::OBJECT),
    ("property", class::PROPERTY),
    ("range", class::RANGE),
    ("reversed", class::REVERSED),
    ("set", class::SET),
    ("slice", class::SLICE),
    ("staticmethod", class::STATICMETHOD),
    ("str", class::STR),
    ("super", class::SUPER),
    ("tuple", class::TUPLE),
    ("type", class::TYPE),
    ("zip", class::ZIP),
];

/// Fills the built-in classes and the dictionary of `builtins`. Once, after `python_objects::create::start`.
pub fn install(py: Py<'_>) -> R<()> {
    let d = Object::of(py.root(root::BUILTINS_DICT));
    for (name, class) in CLASSES {
        py.dict_set_text(d, name, py.root(*class))?;
    }
    for (i, (name, ..)) in TABLE.iter().enumerate() {
        py.dict_set_text(d, name, py.root(root::EXCEPTIONS + i as u32))?;
    }
    let os_error = py.root(python_objects::Exc::OSError.root());
    for alias in ["EnvironmentError", "IOError"] {
        py.dict_set_text(d, alias, os_error)?;
    }
    for (name, value) in [
        ("None", Value::NONE),
        ("True", Value::TRUE),
        ("False", Value::FALSE),
        ("Ellipsis", special::ELLIPSIS),
        ("NotImplemented", special::NOT_IMPLEMENTED),
        ("__debug__", Value::bool(py.state().settings.flags.optimize == 0)),
    ] {
        py.dict_set_text(d, name, value)?;
    }
    py.state().deprecated.set(|py, message| warnings::warn(py, python_objects::Exc::DeprecationWarning, message, 1));
    object::install(py)?;
    reduce::install(py)?;
    types::install(py)?;
    numbers::install(py)?;
    string::install(py)?;
    bytes::install(py)?;
    exceptions::install(py)?;
    generators::install(py)?;
    functions::install(py)?;
    containers::install(py)?;
    iterators::install(py)?;
    object::complete_docs(py)
}
