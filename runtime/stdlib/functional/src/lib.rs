//! Native modules of functional tools and containers. A file or folder holds one module: its functions, and a table of them.

use python_objects::module::NativeModule;

mod itertools;
mod support;

/// The modules by name, each with the function that fills it.
pub const MODULES: &[NativeModule] = &[NativeModule { name: "itertools", init: itertools::init }];
