//! Native modules of compression. A file or folder holds one module.

use python_objects::module::NativeModule;

mod payload;
mod zlib;

/// The modules by name, each with the function that fills it.
pub const MODULES: &[NativeModule] = &[NativeModule { name: "zlib", init: zlib::init }];
