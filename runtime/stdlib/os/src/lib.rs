//! Native modules over the operating system.
//!
//! System calls themselves stand in `stdlib-system`; here is what Python makes of them. Calls that may wait go through
//! [`python_objects::Py::blocking`] or [`python_objects::Py::restarting`].

mod accounts;
mod faulthandler;
mod fcntl;
mod locale;
mod mmap;
mod posix;
mod resource;
mod select;
pub mod signal;
mod socket;
mod stat_module;
mod subprocess;
mod syslog;
mod termios;
mod time;
mod uuid;

use python_objects::module::NativeModule;

/// The modules of this crate.
pub const MODULES: &[NativeModule] = &[
    NativeModule { name: "_locale", init: locale::init },
    NativeModule { name: "_posixsubprocess", init: subprocess::init },
    NativeModule { name: "_signal", init: signal::init },
    NativeModule { name: "_socket", init: socket::init },
    NativeModule { name: "_stat", init: stat_module::init },
    NativeModule { name: "_uuid", init: uuid::init },
    NativeModule { name: "faulthandler", init: faulthandler::init },
    NativeModule { name: "fcntl", init: fcntl::init },
    NativeModule { name: "grp", init: accounts::init_grp },
    NativeModule { name: "mmap", init: mmap::init },
    NativeModule { name: "posix", init: posix::init },
    NativeModule { name: "pwd", init: accounts::init_pwd },
    NativeModule { name: "resource", init: resource::init },
    NativeModule { name: "select", init: select::init },
    NativeModule { name: "syslog", init: syslog::init },
    NativeModule { name: "termios", init: termios::init },
];
