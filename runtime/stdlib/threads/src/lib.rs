//! Native modules about time and threads. A file holds one module.
//!
//! There is one Python thread so far: `_thread` has locks, and refuses to start threads.

mod locks;
mod time;

use python_objects::module::NativeModule;

/// The modules by name, each with the function that fills it.
pub const MODULES: &[NativeModule] =
    &[NativeModule { name: "_thread", init: locks::init }, NativeModule { name: "time", init: time::init }];
