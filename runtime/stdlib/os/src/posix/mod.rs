//! `posix`: what `os` is made of.

mod arguments;
mod attributes;
mod constants;
mod descriptors;
mod directories;
mod entries;
mod execute;
mod files;
pub(crate) mod fork;
mod identity;
mod names;
mod process;
mod scheduling;
mod stat;
mod terminals;
mod transfer;
mod wait;

use arguments::{File, Of};
pub(crate) use arguments::{argument_texts, descriptor_of, group_number, system_text, user_number};
use arguments::{descriptor, environment_texts, folder, is_false, path, path_or_descriptor, path_value, size};
use python_objects::{Exc, Object, Py, R, Value};
use std::io;
use stdlib_core::support::{add, constants as add_constants};

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    for table in [
        attributes::FUNCTIONS,
        descriptors::FUNCTIONS,
        directories::FUNCTIONS,
        execute::FUNCTIONS,
        files::FUNCTIONS,
        fork::FUNCTIONS,
        identity::FUNCTIONS,
        names::FUNCTIONS,
        process::FUNCTIONS,
        scheduling::FUNCTIONS,
        stat::FUNCTIONS,
        terminals::FUNCTIONS,
        transfer::FUNCTIONS,
        wait::FUNCTIONS,
    ] {
        py.add_functions(module, table)?;
    }
    add(py, module, "error", py.root(Exc::OSError.root()))?;
    add(py, module, "environ", process::environ(py)?)?;
    add(py, module, "stat_result", stat::result_class(py)?.value())?;
    for sequence in [
        &stat::STATVFS_RESULT,
        &terminals::TERMINAL_SIZE,
        &process::TIMES_RESULT,
        &process::UNAME_RESULT,
        &wait::WAITID_RESULT,
    ] {
        add(py, module, sequence.name, py.struct_sequence_type(sequence)?.value())?;
    }
    add(py, module, "sched_param", scheduling::parameter_class(py)?.value())?;
    add(py, module, "DirEntry", entries::class(py)?.value())?;
    // What `os` asks about to know which functions take descriptors and the like.
    let have = stdlib_core::support::strings(py, HAVE.iter())?;
    add(py, module, "_have_functions", have)?;
    names::init(py, module)?;
    add_constants(py, module, constants::CONSTANTS)
}

const HAVE: &[&str] = &[
    "HAVE_EVENTFD",
    "HAVE_FACCESSAT",
    "HAVE_FCHDIR",
    "HAVE_FCHMOD",
    "HAVE_FCHMODAT",
    "HAVE_FCHOWN",
    "HAVE_FCHOWNAT",
    "HAVE_FEXECVE",
    "HAVE_FDOPENDIR",
    "HAVE_FPATHCONF",
    "HAVE_FSTATAT",
    "HAVE_FSTATVFS",
    "HAVE_FTRUNCATE",
    "HAVE_FUTIMENS",
    "HAVE_FUTIMES",
    "HAVE_FUTIMESAT",
    "HAVE_LINKAT",
    "HAVE_LCHOWN",
    "HAVE_LSTAT",
    "HAVE_LUTIMES",
    "HAVE_MEMFD_CREATE",
    "HAVE_MKDIRAT",
    "HAVE_MKFIFOAT",
    "HAVE_MKNODAT",
    "HAVE_OPENAT",
    "HAVE_READLINKAT",
    "HAVE_RENAMEAT",
    "HAVE_SYMLINKAT",
    "HAVE_UNLINKAT",
    "HAVE_UTIMENSAT",
];

/// The result of a call, or OSError without a file.
pub(crate) fn ok<T>(py: Py<'_>, r: io::Result<T>) -> R<T> {
    r.map_err(|e| py.os_error(&e, None))
}

/// None, or OSError without a file.
pub(crate) fn none<T>(py: Py<'_>, r: io::Result<T>) -> R {
    ok(py, r).map(|_| Value::NONE)
}

/// None, or the error about a file.
fn done<T>(py: Py<'_>, r: io::Result<T>, name: Value) -> R {
    r.map(|_| Value::NONE).map_err(|e| py.os_error(&e, Some(name)))
}

/// None, or the error about two files.
fn done_with_two(py: Py<'_>, r: io::Result<()>, first: Value, second: Value) -> R {
    let Err(e) = r else { return Ok(Value::NONE) };
    let number = e.raw_os_error().unwrap_or(0);
    let text = py.str(&stdlib_system::error_text(number))?;
    let class = py.root(Exc::OSError.root());
    let e = py.call(class, &[Value::int(i64::from(number)), text, first, Value::NONE, second])?;
    let e = py.make_exception(e)?;
    Err(py.throw(e))
}

/// A small number.
pub(crate) fn small(n: impl Into<i64>) -> Value {
    Value::int(n.into())
}
