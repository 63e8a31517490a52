//! Native modules about formats of data. A file or folder holds one module.

use python_objects::module::NativeModule;

mod binascii;
pub mod buffer;
mod csv;
mod json;
mod structs;

/// The modules by name, each with the function that fills it.
pub const MODULES: &[NativeModule] = &[
    NativeModule { name: "_csv", init: csv::init },
    NativeModule { name: "_json", init: json::init },
    NativeModule { name: "_struct", init: structs::init },
    NativeModule { name: "binascii", init: binascii::init },
];
