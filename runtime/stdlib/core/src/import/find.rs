//! Finding modules: finders in `sys.meta_path`, and the native search along a path.
//!
//! Entries at or below [`stdlib_library::ROOT`] stand for the embedded library; all others are directories, unless a
//! program's `sys.path_hooks` know better.

use super::{loaders, path_list, spec};
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Exc, Object, Py, R, Value, dict, list, string};
use std::path::Path;

/// `importlib._bootstrap._find_spec`
pub(super) fn find_spec(py: Py<'_>, name: &str, path: Value) -> R<Option<Value>> {
    let Some(meta_path) = py.sys_item(sym::META_PATH).filter(|v| *v != Value::NONE) else {
        return py.err(Exc::ImportError, "sys.meta_path is None, Python is likely shutting down");
    };
    let finders = py.list_from(meta_path)?;
    if list::length(finders) == 0 {
        python_builtins::warnings::warn(py, Exc::ImportWarning, "sys.meta_path is empty", 1)?;
    }
    let mut i = 0;
    while let Some(finder) = list::get(finders, i) {
        i += 1;
        let found = if finder == loaders::builtin_importer(py)?.value() {
            builtin_spec(py, name)?
        } else if finder == loaders::path_finder(py)?.value() {
            path_spec(py, name, path)?
        } else {
            let Some(find) = py.get_optional(finder, sym::FIND_SPEC)? else { continue };
            let name = py.str(name)?;
            Some(py.call(find, &[name, path, Value::NONE])?).filter(|v| *v != Value::NONE)
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// The spec of a native module.
pub(super) fn builtin_spec(py: Py<'_>, name: &str) -> R<Option<Value>> {
    if py.native_module(name).is_none() {
        return Ok(None);
    }
    let loader = loaders::builtin_importer(py)?.value();
    let origin = py.str("built-in")?;
    spec::new(py, name, loader, origin, Value::NONE, false).map(Some)
}

/// What an entry of a path has of a name.
enum Found {
    Nothing,
    /// A source: its path, and the folder if it is a package.
    Source {
        path: String,
        folder: Option<String>,
    },
    /// A folder that may be part of a namespace package.
    Portion(String),
}

/// The spec of a module on a path, `sys.path` if that is None.
pub(super) fn path_spec(py: Py<'_>, name: &str, path: Value) -> R<Option<Value>> {
    let path = if path == Value::NONE {
        let sys_path = py.intern("path")?;
        py.sys_item(sys_path).unwrap_or(Value::NONE)
    } else {
        path
    };
    if path == Value::NONE {
        return Ok(None);
    }
    let entries = py.list_from(path)?;
    let tail = name.rsplit_once('.').map_or(name, |(_, tail)| tail);
    let mut portions: Vec<String> = Vec::new();
    let mut i = 0;
    while let Some(entry) = list::get(entries, i) {
        i += 1;
        let Some(s) = string::exact_or_payload(py, entry) else { continue };
        let text = string::to_rust(s);
        if let Some(finder) = hooked(py, entry)? {
            match by_finder(py, finder, name, &mut portions)? {
                Some(found) => return Ok(Some(found)),
                None => continue,
            }
        }
        match search(&text, tail) {
            Found::Nothing => {}
            Found::Portion(folder) => portions.push(folder),
            Found::Source { path, folder } => {
                let loader = loaders::source_loader(py, name, &path)?;
                let origin = py.str(&path)?;
                let locations = match folder {
                    Some(folder) => path_list(py, &[folder])?,
                    None => Value::NONE,
                };
                return spec::new(py, name, loader, origin, locations, true).map(Some);
            }
        }
    }
    if portions.is_empty() {
        return Ok(None);
    }
    let locations = path_list(py, &portions)?;
    let loader = loaders::namespace_loader(py, locations)?;
    spec::new(py, name, loader, Value::NONE, locations, false).map(Some)
}

/// The finder that a program's hooks make for an entry.
fn hooked(py: Py<'_>, entry: Value) -> R<Option<Value>> {
    let cache = py.intern("path_importer_cache")?;
    let cache = py.sys_item(cache).and_then(|v| py.as_dict(v));
    if let Some(cache) = cache
        && let Some(finder) = py.dict_get(cache, entry)?
    {
        return Ok(Some(finder).filter(|f| *f != Value::NONE));
    }
    let Some(hooks) = py.sys_item(sym::PATH_HOOKS).and_then(|v| py.as_list(v)) else { return Ok(None) };
    let mut i = 0;
    while let Some(hook) = list::get(hooks, i) {
        i += 1;
        let made = py.call(hook, &[entry]);
        if let Some(finder) = py.caught(made, Exc::ImportError)? {
            if let Some(cache) = cache {
                py.dict_set(cache, entry, finder)?;
            }
            return Ok(Some(finder));
        }
    }
    Ok(None)
}

fn by_finder(py: Py<'_>, finder: Value, name: &str, portions: &mut Vec<String>) -> R<Option<Value>> {
    let Some(find) = py.get_optional(finder, sym::FIND_SPEC)? else { return Ok(None) };
    let name = py.str(name)?;
    let found = py.call(find, &[name, Value::NONE])?;
    if found == Value::NONE {
        return Ok(None);
    }
    if py.get_attribute_text(found, "loader")? != Value::NONE {
        return Ok(Some(found));
    }
    let locations = py.get_attribute_text(found, "submodule_search_locations")?;
    if locations == Value::NONE {
        return py.err(Exc::ImportError, "spec missing loader");
    }
    py.each(locations, |v| {
        portions.push(py.str_text(v)?);
        Ok(())
    })?;
    Ok(None)
}

fn search(entry: &str, tail: &str) -> Found {
    if let Some(rest) = entry.strip_prefix(stdlib_library::ROOT)
        && (rest.is_empty() || rest.starts_with('/'))
    {
        let mut dotted = rest.trim_matches('/').replace('/', ".");
        if !dotted.is_empty() {
            dotted.push('.');
        }
        dotted.push_str(tail);
        let base = format!("{}/{}", stdlib_library::ROOT, dotted.replace('.', "/"));
        return match stdlib_library::contains(&dotted) {
            None => Found::Nothing,
            Some(true) => Found::Source { path: format!("{base}/__init__.py"), folder: Some(base) },
            Some(false) => Found::Source { path: format!("{base}.py"), folder: None },
        };
    }
    let folder = if entry.is_empty() {
        match std::env::current_dir() {
            Ok(folder) => folder,
            Err(_) => return Found::Nothing,
        }
    } else {
        // As `os.path.abspath` would have it, so that `__file__` is absolute.
        match std::path::absolute(Path::new(entry)) {
            Ok(folder) => folder,
            Err(_) => return Found::Nothing,
        }
    };
    let base = folder.join(tail);
    let is_folder = base.is_dir();
    let text = base.to_string_lossy().into_owned();
    if is_folder && base.join("__init__.py").is_file() {
        return Found::Source { path: format!("{text}/__init__.py"), folder: Some(text) };
    }
    let source = format!("{text}.py");
    if Path::new(&source).is_file() {
        return Found::Source { path: source, folder: None };
    }
    if is_folder { Found::Portion(text) } else { Found::Nothing }
}

/// The content of a source file: of the embedded library or the file system's.
pub(crate) fn source_bytes(path: &str) -> std::io::Result<Vec<u8>> {
    if let Some(rest) = path.strip_prefix(stdlib_library::ROOT).and_then(|rest| rest.strip_prefix('/')) {
        let dotted = rest.strip_suffix(".py").unwrap_or(rest).replace('/', ".");
        let dotted = dotted.strip_suffix(".__init__").unwrap_or(&dotted);
        return match stdlib_library::module(dotted) {
            Some(module) => Ok(module.source.into_owned()),
            // ENOENT
            None => Err(std::io::Error::from_raw_os_error(2)),
        };
    }
    std::fs::read(path)
}

/// The same for programs, which get the error as theirs.
pub(super) fn source(py: Py<'_>, path: &str) -> R<Vec<u8>> {
    match source_bytes(path) {
        Ok(source) => Ok(source),
        Err(e) => {
            let name = py.str(path)?;
            Err(py.os_error(&e, Some(name)))
        }
    }
}

/// The native modules that were imported: a program that removes one from `sys.modules` gets the same again.
pub(super) fn native_cache(py: Py<'_>) -> R<Object> {
    struct Kept(u32);
    if let Some(kept) = py.state().module_data.borrow().get("imported native modules")
        && let Some(Kept(number)) = kept.downcast_ref::<Kept>()
    {
        return Ok(Object::of(py.kept(*number)));
    }
    let d = py.new_dict()?;
    let number = py.keep(d.value())?;
    py.state().data("imported native modules", || Kept(number));
    // `sys` and `builtins` were made before there were imports.
    for name in ["sys", "builtins"] {
        let key = py.new_str(name)?;
        if let Some(m) = dict::get_str(py, Object::of(py.root(root::MODULES)), key) {
            py.dict_set_str(d, key, m)?;
        }
    }
    Ok(d)
}
