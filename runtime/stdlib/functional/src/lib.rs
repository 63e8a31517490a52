//! Native modules of functional tools and containers. A file or folder holds one module: its functions, and a table of them.

use python_objects::module::NativeModule;

mod collections;
pub mod contextvars;
mod functools;
mod itertools;
mod operator;
mod support;

/// The modules by name, each with the function that fills it.
pub const MODULES: &[NativeModule] = &[
    NativeModule { name: "_collections", init: collections::init },
    NativeModule { name: "_contextvars", init: contextvars::init },
    NativeModule { name: "_functools", init: functools::init },
    NativeModule { name: "_operator", init: operator::init },
    NativeModule { name: "itertools", init: itertools::init },
];
