//! Small things that native modules need, here and in other crates.

use python_objects::{Exc, Object, Py, R, Value, string};
use std::path::PathBuf;

/// `d[name] = value`
pub fn set(py: Py<'_>, d: Object, name: &str, value: Value) -> R<()> {
    py.dict_set_text(d, name, value)
}

/// Sets an attribute of a module.
pub fn add(py: Py<'_>, module: Object, name: &str, value: Value) -> R<()> {
    py.dict_set_text(py.module_dict(module), name, value)
}

/// A list of strings.
pub fn strings(py: Py<'_>, texts: impl Iterator<Item = impl AsRef<str>>) -> R {
    let list = py.new_list(4)?;
    for text in texts {
        let s = py.str(text.as_ref())?;
        py.list_push(list, s)?;
    }
    Ok(list.value())
}

/// Sets integer constants of a module.
pub fn constants(py: Py<'_>, module: Object, table: &[(&str, i64)]) -> R<()> {
    for (name, n) in table {
        let v = py.int(*n)?;
        add(py, module, name, v)?;
    }
    Ok(())
}

/// The text of a string argument; the TypeError of C functions that want one.
pub fn expect_text(py: Py<'_>, v: Value, function: &str, position: usize) -> R<String> {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(string::to_rust(s)),
        None => {
            let argument = if position == 0 { "argument".to_owned() } else { format!("argument {position}") };
            py.type_error(&format!("{function}() {argument} must be str, not {}", py.class_name(v)))
        }
    }
}

/// A string as Rust's and C's functions take it: UnicodeEncodeError for surrogates, ValueError for NUL.
pub fn utf8(py: Py<'_>, s: Object) -> R<String> {
    let text = py.utf8(s)?;
    if text.contains('\0') {
        return py.value_error("embedded null character");
    }
    Ok(text)
}

/// A path argument: str, bytes or what has `__fspath__`.
pub struct PathArgument {
    /// The path as the system takes it.
    pub path: PathBuf,
    /// Was it given as bytes? Then results are bytes.
    pub is_bytes: bool,
}

/// Takes a path. TypeError for anything that is none, ValueError for an embedded NUL.
pub fn path_argument(py: Py<'_>, v: Value, what: &str) -> R<PathArgument> {
    use std::os::unix::ffi::OsStrExt;
    let taken = take_path(py, v, what)?;
    if taken.path.as_os_str().as_bytes().contains(&0) {
        return py.value_error("embedded null byte");
    }
    Ok(taken)
}

fn take_path(py: Py<'_>, v: Value, what: &str) -> R<PathArgument> {
    use std::os::unix::ffi::OsStringExt;
    let v =
        if string::exact_or_payload(py, v).is_some() || py.as_bytes(v).is_some() { v } else { fspath(py, v, what)? };
    let (bytes, is_bytes) = match (string::exact_or_payload(py, v), py.as_bytes(v)) {
        (Some(s), _) => (encode_path(py, s)?, false),
        (None, Some(b)) => (python_objects::bytes::slice(b).to_vec(), true),
        (None, None) => return path_error(py, v, what),
    };
    Ok(PathArgument { path: PathBuf::from(std::ffi::OsString::from_vec(bytes)), is_bytes })
}

fn path_error<T>(py: Py<'_>, v: Value, what: &str) -> R<T> {
    py.type_error(&format!("{what} should be string, bytes or os.PathLike, not {}", py.class_name(v)))
}

/// `os.fspath` of what is neither str nor bytes.
pub fn fspath(py: Py<'_>, v: Value, what: &str) -> R {
    match py.call_special(v, python_objects::symbol::sym::FSPATH, &[])? {
        Some(r) if string::exact_or_payload(py, r).is_some() || py.as_bytes(r).is_some() => Ok(r),
        Some(r) => py.type_error(&format!(
            "expected {}.__fspath__() to return str or bytes, not {}",
            py.class_name(v),
            py.class_name(r)
        )),
        None if what.is_empty() => {
            py.type_error(&format!("expected str, bytes or os.PathLike object, not {}", py.class_name(v)))
        }
        None => path_error(py, v, what),
    }
}

/// A string in the file system's encoding: UTF-8, smuggled bytes as they were.
pub fn encode_path(py: Py<'_>, s: Object) -> R<Vec<u8>> {
    let mut out = Vec::new();
    for (at, c) in string::code_points(s).enumerate() {
        match c {
            0xDC80..0xDD00 => out.push((c - 0xDC00) as u8),
            0xD800..0xE000 => {
                let class = py.exception_class(Exc::UnicodeEncodeError).value();
                let (from, to) = (py.int_usize(at)?, py.int_usize(at + 1)?);
                let arguments = [py.str("utf-8")?, s.value(), from, to, py.str("surrogates not allowed")?];
                let e = py.call(class, &arguments)?;
                return Err(py.throw(py.make_exception(e)?));
            }
            _ => string::push_code_point(c, &mut out),
        }
    }
    Ok(out)
}

/// A string from what the file system says: bytes that are not UTF-8 are smuggled as lone surrogates.
pub fn decode_path(py: Py<'_>, bytes: &[u8]) -> R {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return py.str(text);
    }
    let mut points: Vec<u32> = Vec::new();
    for chunk in bytes.utf8_chunks() {
        points.extend(chunk.valid().chars().map(u32::from));
        points.extend(chunk.invalid().iter().map(|b| 0xDC00 + u32::from(*b)));
    }
    Ok(py.str_from_code_points(&points)?.value())
}

/// A string argument that a message names.
pub fn string_argument(py: Py<'_>, v: Value, what: &str) -> R<Object> {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(s),
        None => py.type_error(&format!("argument '{what}' must be str, not {}", py.class_name(v))),
    }
}

/// A class of exceptions of a native module.
pub fn exception_class(py: Py<'_>, module: &str, name: &str, base: Exc) -> R<Object> {
    let namespace = py.new_dict()?;
    py.dict_set_text(namespace, "__module__", py.str(module)?)?;
    let bases = py.tuple(&[py.exception_class(base).value()])?;
    let class = py.call(py.root(python_objects::kind::class::TYPE), &[py.str(name)?, bases, namespace.value()])?;
    Ok(Object::of(class))
}
