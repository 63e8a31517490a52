//! Native modules about text. A file or folder holds one module.

use python_objects::module::NativeModule;

mod unicodedata;

/// The modules by name, each with the function that fills it.
pub const MODULES: &[NativeModule] = &[NativeModule { name: "unicodedata", init: unicodedata::init }];
