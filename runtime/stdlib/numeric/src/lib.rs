//! Native modules about numbers and rows of them. A file or folder holds one module: its functions, and a table of them.

use python_objects::module::NativeModule;

mod math;

/// The modules by name, each with the function that fills it.
pub const MODULES: &[NativeModule] = &[NativeModule { name: "math", init: math::init }];
