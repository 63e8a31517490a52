//! Arguments: paths, descriptors, folders that paths are relative to, numbers of users and groups.

use python_objects::{Exc, Object, Py, R, Stop, Value, int, list, string};
use std::ffi::CString;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use stdlib_core::support::{PathArgument, decode_path, encode_path, path_argument};

/// The file of an argument that is a path or an open file's descriptor.
pub(crate) struct File {
    /// Which.
    pub(crate) of: Of,
    /// What errors name.
    pub(crate) name: Option<Value>,
    /// Was the path given as bytes?
    pub(crate) is_bytes: bool,
}

/// By what a file is given.
pub(crate) enum Of {
    /// Its descriptor.
    Descriptor(i32),
    /// Its path.
    Path(PathBuf),
}

impl File {
    /// The result of a call about the file, or its error.
    pub(super) fn ok<T>(&self, py: Py<'_>, r: io::Result<T>) -> R<T> {
        r.map_err(|e| py.os_error(&e, self.name))
    }
    /// None, or the error.
    pub(super) fn done<T>(&self, py: Py<'_>, r: io::Result<T>) -> R {
        self.ok(py, r).map(|_| Value::NONE)
    }
    /// Refuses a folder or `follow_symlinks=False` for a descriptor.
    pub(super) fn check(&self, py: Py<'_>, function: &str, folder: i32, follow: bool) -> R<()> {
        match self.of {
            Of::Descriptor(_) if folder != stdlib_system::HERE => {
                py.value_error(&format!("{function}: can't specify dir_fd without matching path"))
            }
            Of::Descriptor(fd) if fd > 0 && !follow => {
                py.value_error(&format!("{function}: cannot use fd and follow_symlinks together"))
            }
            _ => Ok(()),
        }
    }
}

/// A path argument of `function`.
pub(super) fn path(py: Py<'_>, v: Value, function: &str) -> R<PathArgument> {
    if let Some(bytes) = py.as_bytes(v)
        && python_objects::bytes::slice(bytes).contains(&0)
    {
        return py.value_error(&format!("{function}: embedded null character in path"));
    }
    path_argument(py, v, &format!("{function}: path"))
}

fn is_number(py: Py<'_>, v: Value) -> bool {
    py.as_int(v).is_some() || py.special(v, python_objects::symbol::sym::INDEX).is_some()
}
fn is_path(py: Py<'_>, v: Value) -> bool {
    string::exact_or_payload(py, v).is_some()
        || py.as_bytes(v).is_some()
        || py.special(v, python_objects::symbol::sym::FSPATH).is_some()
}

/// An argument that is a path or a descriptor.
pub(super) fn path_or_descriptor(py: Py<'_>, v: Value, function: &str) -> R<File> {
    if is_number(py, v) {
        return Ok(File { of: Of::Descriptor(folder(py, Some(v))?), name: Some(v), is_bytes: false });
    }
    if !is_path(py, v) {
        return py.type_error(&format!(
            "{function}: path should be string, bytes, os.PathLike or integer, not {}",
            py.class_name(v)
        ));
    }
    let p = path(py, v, function)?;
    Ok(File { of: Of::Path(p.path), name: Some(v), is_bytes: p.is_bytes })
}

/// The same, which may be None or missing: the current directory.
pub(super) fn path_or_descriptor_or_here(py: Py<'_>, v: Option<Value>, function: &str) -> R<File> {
    match v {
        None => Ok(File { of: Of::Path(PathBuf::from(".")), name: None, is_bytes: false }),
        Some(v) if !is_number(py, v) && !is_path(py, v) => py.type_error(&format!(
            "{function}: path should be string, bytes, os.PathLike, integer or None, not {}",
            py.class_name(v)
        )),
        Some(v) => path_or_descriptor(py, v, function),
    }
}

/// A path as the argument was: str or bytes.
pub(super) fn path_value(py: Py<'_>, path: &[u8], is_bytes: bool) -> R {
    if is_bytes { Ok(py.bytes(path)?.value()) } else { decode_path(py, path) }
}

/// The descriptor of an argument.
pub(crate) fn descriptor(py: Py<'_>, v: Value) -> R<i32> {
    py.index_i32(v)
}

/// The descriptor of a number or of what has `fileno`.
pub(crate) fn descriptor_of(py: Py<'_>, v: Value) -> R<i32> {
    let number = if py.as_int(v).is_some() {
        v
    } else {
        let name = py.intern("fileno")?;
        match py.get_optional(v, name)? {
            None => return py.type_error("argument must be an int, or have a fileno() method."),
            Some(method) => {
                let number = py.call(method, &[])?;
                if py.as_int(number).is_none() {
                    return py.type_error("fileno() returned a non-integer");
                }
                number
            }
        }
    };
    let fd = py.index_i32(number)?;
    if fd < 0 {
        return py.value_error(&format!("file descriptor cannot be a negative integer ({fd})"));
    }
    Ok(fd)
}

/// The folder that a path is relative to (`dir_fd`).
pub(super) fn folder(py: Py<'_>, v: Option<Value>) -> R<i32> {
    match v {
        None => Ok(stdlib_system::HERE),
        Some(v) if is_number(py, v) => {
            let fd = py.index(v)?;
            match int::to_i64(fd) {
                Some(fd) if i32::try_from(fd).is_ok() => Ok(fd as i32),
                _ if int::is_negative(fd) => py.err(Exc::OverflowError, "fd is less than minimum"),
                _ => py.err(Exc::OverflowError, "fd is greater than maximum"),
            }
        }
        Some(v) => py.type_error(&format!("argument should be integer or None, not {}", py.class_name(v))),
    }
}

/// Is the flag given and false?
pub(super) fn is_false(py: Py<'_>, v: Option<Value>) -> R<bool> {
    match v {
        Some(v) => Ok(!py.truth(v)?),
        None => Ok(false),
    }
}

/// A number of bytes to read: OSError if it is negative, MemoryError if nothing can hold it.
pub(super) fn size(py: Py<'_>, v: Value) -> R<usize> {
    let n = py.index_i64(v)?;
    let Ok(n) = usize::try_from(n) else {
        return Err(py.os_error(&io::Error::from_raw_os_error(libc::EINVAL), None));
    };
    if n > py.heap().options().limit { Err(py.out_of_memory(vm_api::heap::OutOfMemory)) } else { Ok(n) }
}

/// The number of a user; -1 (none) as the largest one.
pub(crate) fn user_number(py: Py<'_>, v: Value) -> R<u32> {
    owner_number(py, v, "uid")
}
/// The number of a group.
pub(crate) fn group_number(py: Py<'_>, v: Value) -> R<u32> {
    owner_number(py, v, "gid")
}
fn owner_number(py: Py<'_>, v: Value, what: &str) -> R<u32> {
    if !is_number(py, v) {
        return py.type_error(&format!("{what} should be integer, not {}", py.class_name(v)));
    }
    let n = py.index(v)?;
    match int::to_i64(n) {
        Some(-1) => Ok(u32::MAX),
        Some(n) if u32::try_from(n).is_ok_and(|n| n != u32::MAX) => Ok(n as u32),
        _ if int::is_negative(n) => py.err(Exc::OverflowError, &format!("{what} is less than minimum")),
        _ => py.err(Exc::OverflowError, &format!("{what} is greater than maximum")),
    }
}

/// The bytes of str, bytes or what has `__fspath__`, without NUL.
pub(crate) fn system_text(py: Py<'_>, v: Value) -> R<CString> {
    let v = if is_path(py, v) && string::exact_or_payload(py, v).is_none() && py.as_bytes(v).is_none() {
        stdlib_core::support::fspath(py, v, "")?
    } else {
        v
    };
    let bytes = match (string::exact_or_payload(py, v), py.as_bytes(v)) {
        (Some(s), _) => encode_path(py, s)?,
        (None, Some(b)) => python_objects::bytes::slice(b).to_vec(),
        (None, None) => {
            return py.type_error(&format!("expected str, bytes or os.PathLike object, not {}", py.class_name(v)));
        }
    };
    CString::new(bytes).map_err(|_| embedded_null(py))
}

pub(super) fn embedded_null(py: Py<'_>) -> Stop {
    py.error(Exc::ValueError, "embedded null byte")
}

/// A path as the system takes it.
pub(super) fn to_c(py: Py<'_>, path: &Path) -> R<CString> {
    CString::new(path.as_os_str().as_bytes()).map_err(|_| embedded_null(py))
}

/// The items of a tuple or list; `None` for anything else.
pub(super) fn sequence(py: Py<'_>, v: Value) -> R<Option<Object>> {
    if py.as_list(v).is_some() || py.as_tuple(v).is_some() { py.list_from(v).map(Some) } else { Ok(None) }
}

/// Arguments of a program, from a tuple or list of texts.
pub(crate) fn argument_texts(py: Py<'_>, items: Object) -> R<Vec<CString>> {
    let mut texts = Vec::new();
    for i in 0..list::length(items) {
        texts.push(system_text(py, list::item(items, i))?);
    }
    Ok(texts)
}

/// The environment of a program, from a mapping.
pub(crate) fn environment_texts(py: Py<'_>, mapping: Value) -> R<Vec<CString>> {
    let (keys, values) = (py.intern("keys")?, py.intern("values")?);
    let keys = py.list_from(py.call_method(mapping, keys, &[])?)?;
    let values = py.list_from(py.call_method(mapping, values, &[])?)?;
    let mut texts = Vec::new();
    for i in 0..list::length(keys).min(list::length(values)) {
        let (name, value) = (system_text(py, list::item(keys, i))?, system_text(py, list::item(values, i))?);
        if name.as_bytes().is_empty() || name.as_bytes()[1..].contains(&b'=') || name.as_bytes()[0] == b'=' {
            return py.value_error("illegal environment variable name");
        }
        let text = [name.as_bytes(), b"=", value.as_bytes()].concat();
        texts.push(CString::new(text).map_err(|_| embedded_null(py))?);
    }
    Ok(texts)
}
