//! Options of sockets.

use super::object::{fd, this};
use crate::posix::{none, ok, small};
use python_objects::{Args, Exc, Native, Py, R, Value};
use stdlib_system::net;

pub(super) static METHODS: &[Native] = &[
    Native::method("getsockopt", "self, level, option, buffersize=0, /", getsockopt, "Return an option."),
    Native::method("setsockopt", "self, level, option, value, optlen=None, /", setsockopt, "Set an option."),
];

/// Longest option that is asked for, as CPython has it.
const LONGEST: i32 = 1024;

fn getsockopt(py: Py<'_>, args: Args<'_>) -> R {
    let own = fd(this(py, args)?);
    let (level, option) = (py.index_i32(args.at(1))?, py.index_i32(args.at(2))?);
    match args.opt(3).map_or(Ok(0), |v| py.index_i32(v))? {
        0 => ok(py, net::number_option(own, level, option)).map(small),
        n if (1..=LONGEST).contains(&n) => {
            let mut buffer = vec![0; n as usize];
            let n = ok(py, net::option(own, level, option, &mut buffer))?;
            Ok(py.bytes(&buffer[..n.min(buffer.len())])?.value())
        }
        _ => py.err(Exc::OSError, "getsockopt buflen out of range"),
    }
}
fn setsockopt(py: Py<'_>, args: Args<'_>) -> R {
    let own = fd(this(py, args)?);
    let (level, option, value) = (py.index_i32(args.at(1))?, py.index_i32(args.at(2))?, args.at(3));
    if let Some(length) = args.opt(4) {
        if value != Value::NONE {
            return py.type_error("setsockopt() takes exactly 3 arguments (4 given)");
        }
        let length = py.index_i64(length)? as u32;
        return none(py, net::set_option(own, level, option, Err(length)));
    }
    if py.as_int(value).is_some() {
        let bytes = py.index_i32(value)?.to_ne_bytes();
        return none(py, net::set_option(own, level, option, Ok(&bytes)));
    }
    match py.content_of(value) {
        Some(content) => none(py, net::set_option(own, level, option, Ok(&content))),
        None => super::transfer::not_bytes(py, value),
    }
}
