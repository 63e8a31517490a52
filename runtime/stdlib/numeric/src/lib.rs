//! Native modules about numbers and rows of them. A file or folder holds one module: its functions, and a table of them.

use python_objects::module::NativeModule;

mod array;
mod bisect;
mod cmath;
mod heapq;
mod math;
mod random;
mod statistics;

/// The modules by name, each with the function that fills it.
pub const MODULES: &[NativeModule] = &[
    NativeModule { name: "_bisect", init: bisect::init },
    NativeModule { name: "_heapq", init: heapq::init },
    NativeModule { name: "_random", init: random::init },
    NativeModule { name: "_statistics", init: statistics::init },
    NativeModule { name: "array", init: array::init },
    NativeModule { name: "cmath", init: cmath::init },
    NativeModule { name: "math", init: math::init },
];
