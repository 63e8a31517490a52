//! `posix`: what `os` is made of.

mod descriptors;
mod directories;
mod files;
mod process;

use python_objects::{Exc, Object, Py, R, Value};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use stdlib_core::support::{PathArgument, add, constants, decode_path, path_argument};

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    for table in [files::FUNCTIONS, descriptors::FUNCTIONS, directories::FUNCTIONS, process::FUNCTIONS] {
        py.add_functions(module, table)?;
    }
    add(py, module, "error", py.root(Exc::OSError.root()))?;
    add(py, module, "environ", process::environ(py)?)?;
    add(py, module, "stat_result", py.struct_sequence_type(&files::STAT_RESULT)?.value())?;
    add(py, module, "terminal_size", py.struct_sequence_type(&process::TERMINAL_SIZE)?.value())?;
    add(py, module, "times_result", py.struct_sequence_type(&process::TIMES_RESULT)?.value())?;
    add(py, module, "uname_result", py.struct_sequence_type(&process::UNAME_RESULT)?.value())?;
    add(py, module, "DirEntry", directories::entry_class(py)?.value())?;
    // What `os` asks about to know which functions take descriptors and the like.
    let have = stdlib_core::support::strings(py, HAVE.iter())?;
    add(py, module, "_have_functions", have)?;
    constants(py, module, CONSTANTS)?;
    constants(py, module, &stdlib_system::OPEN_FLAGS.map(|(name, n)| (name, i64::from(n))))
}

const HAVE: &[&str] = &["HAVE_LSTAT", "HAVE_FSTATAT", "HAVE_FTRUNCATE", "HAVE_FCHDIR"];

const CONSTANTS: &[(&str, i64)] = &[
    ("F_OK", 0),
    ("R_OK", 4),
    ("W_OK", 2),
    ("X_OK", 1),
    ("EX_OK", 0),
    ("EX_USAGE", 64),
    ("EX_DATAERR", 65),
    ("EX_NOINPUT", 66),
    ("EX_SOFTWARE", 70),
    ("EX_OSERR", 71),
    ("EX_IOERR", 74),
    ("NGROUPS_MAX", 65536),
    ("TMP_MAX", 238_328),
    ("WNOHANG", 1),
    ("P_ALL", 0),
    ("PRIO_PROCESS", 0),
];

fn failed<T>(py: Py<'_>, e: &io::Error, name: Option<Value>) -> R<T> {
    Err(py.os_error(e, name))
}

/// None, or the error about a file.
fn done(py: Py<'_>, r: io::Result<()>, name: Value) -> R {
    match r {
        Ok(()) => Ok(Value::NONE),
        Err(e) => failed(py, &e, Some(name)),
    }
}

/// The error about two files.
fn failed_with_two(py: Py<'_>, e: &io::Error, first: Value, second: Value) -> R {
    let number = e.raw_os_error().unwrap_or(0);
    let text = py.str(&stdlib_system::error_text(number))?;
    let class = py.root(Exc::OSError.root());
    let e = py.call(class, &[Value::int(i64::from(number)), text, first, Value::NONE, second])?;
    let e = py.make_exception(e)?;
    Err(py.throw(e))
}

/// A path argument of `function`.
fn path(py: Py<'_>, v: Value, function: &str) -> R<PathArgument> {
    path_argument(py, v, &format!("{function}: path"))
}

/// A path as the argument was: str or bytes.
fn path_value(py: Py<'_>, path: &Path, is_bytes: bool) -> R {
    let bytes = path.as_os_str().as_bytes();
    if is_bytes { Ok(py.bytes(bytes)?.value()) } else { decode_path(py, bytes) }
}

/// The descriptor of an argument.
fn descriptor(py: Py<'_>, v: Value) -> R<i32> {
    py.index_i32(v)
}

/// NotImplementedError where an argument asks for what is not there.
fn only_default(py: Py<'_>, v: Option<Value>, function: &str, argument: &str) -> R<()> {
    match v {
        None => Ok(()),
        Some(_) => py.err(Exc::NotImplementedError, &format!("{function}: {argument} unavailable on this platform")),
    }
}

/// Is the flag given and false?
fn is_false(py: Py<'_>, v: Option<Value>) -> R<bool> {
    match v {
        Some(v) => Ok(!py.truth(v)?),
        None => Ok(false),
    }
}
