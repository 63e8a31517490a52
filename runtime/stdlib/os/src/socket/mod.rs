//! `_socket`: what `socket` is made of.
//!
//! Families: internet addresses of both versions, Unix sockets, netlink. Others can be made and used, but their addresses can
//! be neither given nor taken apart.

mod address;
mod constants;
mod errors;
mod messages;
mod names;
mod numbers;
mod object;
mod options;
mod transfer;

use python_objects::{Exc, Object, Py, R, Value};
use stdlib_core::support::{add, constants as add_constants};

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    for table in [names::FUNCTIONS, numbers::FUNCTIONS, object::FUNCTIONS, messages::FUNCTIONS] {
        py.add_functions(module, table)?;
    }
    let class = object::class(py)?.value();
    add(py, module, "socket", class)?;
    add(py, module, "SocketType", class)?;
    add(py, module, "error", py.root(Exc::OSError.root()))?;
    add(py, module, "timeout", py.root(Exc::TimeoutError.root()))?;
    errors::init(py, module)?;
    add(py, module, "has_ipv6", Value::TRUE)?;
    add_constants(py, module, constants::CONSTANTS)
}
