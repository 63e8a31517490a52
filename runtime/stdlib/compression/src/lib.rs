//! Native modules of compression. A file or folder holds one module.

use python_objects::module::NativeModule;

mod bz2;
mod lzma;
mod output;
mod payload;
mod stream;
mod zlib;

/// The modules by name, each with the function that fills it.
pub const MODULES: &[NativeModule] = &[
    NativeModule { name: "_bz2", init: bz2::init },
    NativeModule { name: "_lzma", init: lzma::init },
    NativeModule { name: "zlib", init: zlib::init },
];
