//! Native modules over the operating system: `posix`, `_signal`, `_posixsubprocess`, `resource`.
//!
//! System calls themselves stand in `stdlib-system`; here is what Python makes of them. Calls that may wait go through
//! [`python_objects::Py::blocking`] or [`python_objects::Py::restarting`].

mod posix;
mod resource;
pub mod signal;
mod subprocess;
mod time;

use python_objects::module::NativeModule;

/// The modules of this crate.
pub const MODULES: &[NativeModule] = &[
    NativeModule { name: "_posixsubprocess", init: subprocess::init },
    NativeModule { name: "_signal", init: signal::init },
    NativeModule { name: "posix", init: posix::init },
    NativeModule { name: "resource", init: resource::init },
];
