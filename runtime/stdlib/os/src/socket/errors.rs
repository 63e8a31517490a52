//! Errors of name resolution: `gaierror` and `herror`.

use crate::posix::small;
use python_objects::{Exc, Object, Py, R, Stop};
use stdlib_core::support::{add, exception_class};
use stdlib_system::net::{self, ResolveError};

/// Numbers of the kept classes `gaierror` and `herror`.
struct Classes([u32; 2]);

pub(super) fn init(py: Py<'_>, module: Object) -> R<()> {
    let mut numbers = [0; 2];
    for (number, name) in numbers.iter_mut().zip(["gaierror", "herror"]) {
        let class = exception_class(py, "socket", name, Exc::OSError)?;
        *number = py.keep(class.value())?;
        add(py, module, name, class.value())?;
    }
    py.state().data("_socket errors", || Classes(numbers));
    Ok(())
}

fn raise(py: Py<'_>, which: usize, code: i32, text: &str) -> Stop {
    let class = py.kept(py.state().data("_socket errors", || Classes([0; 2])).0[which]);
    let made = py.str(text).and_then(|text| py.call(class, &[small(code), text]));
    match made {
        Ok(e) => py.throw(Object::of(e)),
        Err(stop) => stop,
    }
}
/// `gaierror`, or OSError.
pub(super) fn resolving(py: Py<'_>, e: &ResolveError) -> Stop {
    match e {
        ResolveError::System(e) => py.os_error(e, None),
        ResolveError::Resolver(code) => raise(py, 0, *code, &net::resolver_error_text(*code)),
    }
}
/// `herror`
pub(super) fn of_host(py: Py<'_>, code: i32) -> Stop {
    raise(py, 1, code, &net::host_error_text(code))
}
