//! Relative names: from the package that the importing module is in.

use python_objects::symbol::sym;
use python_objects::{Exc, Object, Py, R, Value, dict, string};

/// `importlib._bootstrap._resolve_name`
pub(super) fn join(py: Py<'_>, name: &str, package: &str, level: i32) -> R<String> {
    let mut base = package;
    for _ in 1..level {
        match base.rsplit_once('.') {
            Some((front, _)) => base = front,
            None => return py.err(Exc::ImportError, "attempted relative import beyond top-level package"),
        }
    }
    Ok(if name.is_empty() { base.to_owned() } else { format!("{base}.{name}") })
}

/// The absolute name of a relative import in a module with these globals (a dictionary or EMPTY).
pub(super) fn resolve(py: Py<'_>, name: &str, globals: Value, level: i32) -> R<String> {
    if globals.is_empty() {
        return py.err(Exc::KeyError, "'__name__' not in globals");
    }
    let Some(globals) = py.as_dict(globals) else { return py.type_error("globals must be a dict") };
    let package = package_of(py, globals)?;
    if package.is_empty() {
        return py.err(Exc::ImportError, "attempted relative import with no known parent package");
    }
    join(py, name, &package, level)
}

/// The package of a module with these globals.
fn package_of(py: Py<'_>, globals: Object) -> R<String> {
    let item = |name| dict::get_symbol(py, globals, name).filter(|v| *v != Value::NONE);
    let warn = |category, text: &str| python_builtins::warnings::warn(py, category, text, 1);
    let spec = item(sym::SPEC);
    if let Some(package) = item(sym::PACKAGE) {
        let Some(package) = string::exact_or_payload(py, package) else {
            return py.type_error("package must be a string");
        };
        if let Some(spec) = spec {
            let parent = py.get_attribute_text(spec, "parent")?;
            if !py.equal(package.value(), parent)? {
                warn(Exc::DeprecationWarning, "__package__ != __spec__.parent")?;
            }
        }
        return Ok(string::to_rust(package));
    }
    if let Some(spec) = spec {
        let parent = py.get_attribute_text(spec, "parent")?;
        return match string::exact_or_payload(py, parent) {
            Some(parent) => Ok(string::to_rust(parent)),
            None => py.type_error("__spec__.parent must be a string"),
        };
    }
    warn(
        Exc::ImportWarning,
        "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__",
    )?;
    let Some(name) = dict::get_symbol(py, globals, sym::NAME) else {
        return py.err(Exc::KeyError, "'__name__' not in globals");
    };
    let Some(name) = string::exact_or_payload(py, name) else { return py.type_error("__name__ must be a string") };
    let name = string::to_rust(name);
    if dict::get_symbol(py, globals, sym::PATH).is_some() {
        return Ok(name);
    }
    match name.rsplit_once('.') {
        Some((parent, _)) => Ok(parent.to_owned()),
        None => py.err(Exc::ImportError, "attempted relative import with no known parent package"),
    }
}
