//! Imports, by the rules of `importlib._bootstrap`: `sys.modules`, parents, finders in `sys.meta_path`, loaders.
//!
//! The finders that `sys.meta_path` begins with and their loaders are native; those that programs add are called as they
//! would be by CPython. There is one thread, so there are no module locks.

mod find;
mod imp;
mod load;
mod loaders;
mod relative;
mod spec;

pub(crate) use find::source_bytes;
pub(crate) use imp::init as init_imp;
pub(crate) use load::import_error;

use crate::support::{set, strings};
use crate::sys::audit;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, dict, list, string};

static IMPORT: &[Native] = &[Native::function(
    "__import__",
    "name, globals=None, locals=None, fromlist=(), level=0",
    import_function,
    "Import a module: what the import statement calls.",
)];

/// Puts `__import__` into `builtins` and the native finders into `sys.meta_path`.
pub(crate) fn install(py: Py<'_>, builtins: Object) -> R<()> {
    py.add_functions(builtins, IMPORT)?;
    let sys = Object::of(py.root(root::SYS));
    let finders = [loaders::builtin_importer(py)?.value(), loaders::path_finder(py)?.value()];
    let meta_path = py.list(&finders)?;
    set(py, sys, "meta_path", meta_path)
}

/// After `importlib._bootstrap` has run: it works with the native classes and import itself.
fn adopt_bootstrap(py: Py<'_>, module: Object) -> R<()> {
    static GCD_IMPORT: &[Native] = &[Native::function(
        "_gcd_import",
        "name, package=None, level=0",
        gcd_import,
        "Import and return the module of a possibly relative name.",
    )];
    let d = py.module_dict(module);
    py.add_functions(module, GCD_IMPORT)?;
    set(py, d, "ModuleSpec", spec::class(py)?.value())?;
    set(py, d, "BuiltinImporter", loaders::builtin_importer(py)?.value())
}

fn import_function(py: Py<'_>, args: Args<'_>) -> R {
    let Some(name) = string::exact_or_payload(py, args.at(0)) else {
        return py.type_error("module name must be a string");
    };
    let level = args.opt(4).map_or(Ok(0), |v| py.index_i32(v))?;
    let globals = args.some(1).unwrap_or(Value::EMPTY);
    import(py, name, globals, args.opt(3).unwrap_or(Value::NONE), level)
}

fn gcd_import(py: Py<'_>, args: Args<'_>) -> R {
    let Some(name) = string::exact_or_payload(py, args.at(0)) else {
        return py.type_error(&format!("module name must be str, not {}", py.class_name(args.at(0))));
    };
    let level = args.opt(2).map_or(Ok(0), |v| py.index_i32(v))?;
    if level < 0 {
        return py.value_error("level must be >= 0");
    }
    let mut absolute = string::to_rust(name);
    if level > 0 {
        let Some(package) = args.some(1) else {
            return py.err(Exc::ImportError, "attempted relative import with no known parent package");
        };
        let Some(package) = string::exact_or_payload(py, package) else {
            return py.type_error("__package__ not set to a string");
        };
        absolute = relative::join(py, &absolute, &string::to_rust(package), level)?;
    }
    if absolute.is_empty() {
        return py.value_error("Empty module name");
    }
    import_value(py, &absolute)
}

/// What `import` statements and `__import__` do. `globals` is a dictionary or EMPTY.
pub(crate) fn import(py: Py<'_>, name: Object, globals: Value, fromlist: Value, level: i32) -> R {
    if level < 0 {
        return py.value_error("level must be >= 0");
    }
    let text = string::to_rust(name);
    let absolute = if level > 0 {
        relative::resolve(py, &text, globals, level)?
    } else if text.is_empty() {
        return py.value_error("Empty module name");
    } else {
        text.clone()
    };
    let module = import_value(py, &absolute)?;
    let has_list = fromlist != Value::NONE && !fromlist.is_empty() && py.truth(fromlist)?;
    if has_list {
        if py.get_optional(module, sym::PATH)?.is_some() {
            from_list(py, module, fromlist, false)?;
        }
        return Ok(module);
    }
    let Some((front, _)) = text.split_once('.') else { return Ok(module) };
    if level == 0 {
        return import_value(py, front);
    }
    // The front of a relative name: as much of the absolute one.
    let front = &absolute[..absolute.len() - (text.len() - front.len())];
    match loaded(py, front)? {
        Some(module) => Ok(module),
        None => py.err(Exc::KeyError, &format!("'{front}' not in sys.modules as expected")),
    }
}

/// The module of an absolute dotted name, imported if need be. TypeError if a program put something else there.
pub(crate) fn import_name(py: Py<'_>, name: &str) -> R<Object> {
    let v = import_value(py, name)?;
    match Object::from_value(v) {
        Some(module) => Ok(module),
        None => py.type_error(&format!("sys.modules['{name}'] is no object with attributes")),
    }
}

fn modules(py: Py<'_>) -> Object {
    Object::of(py.root(root::MODULES))
}

/// `sys.modules.get(name)`
fn loaded(py: Py<'_>, name: &str) -> R<Option<Value>> {
    let key = py.new_str(name)?;
    Ok(dict::get_str(py, modules(py), key))
}

/// `importlib._bootstrap._find_and_load`
fn import_value(py: Py<'_>, name: &str) -> R {
    match loaded(py, name)? {
        Some(v) if v == Value::NONE => {
            let text = format!("import of {name} halted; None in sys.modules");
            Err(module_not_found(py, &text, name))
        }
        Some(v) => Ok(v),
        None => {
            py.check_native_stack()?;
            let sys_item = |n: &str| -> R {
                let symbol = py.intern(n)?;
                Ok(py.sys_item(symbol).unwrap_or(Value::NONE))
            };
            let event =
                [py.str(name)?, Value::NONE, sys_item("path")?, sys_item("meta_path")?, sys_item("path_hooks")?];
            audit::event(py, "import", &event)?;
            find_and_load(py, name)
        }
    }
}

fn module_not_found(py: Py<'_>, text: &str, name: &str) -> python_objects::Stop {
    match py.str(name) {
        Ok(name) => import_error(py, Exc::ModuleNotFoundError, text, name, Value::NONE),
        Err(stop) => stop,
    }
}

fn quoted(py: Py<'_>, name: &str) -> R<String> {
    let s = py.str(name)?;
    py.repr_text(s)
}

fn find_and_load(py: Py<'_>, name: &str) -> R {
    let (mut path, mut parent_module) = (Value::NONE, None);
    let child = match name.rsplit_once('.') {
        None => name,
        Some((parent, child)) => {
            if loaded(py, parent)?.is_none() {
                import_value(py, parent)?;
            }
            // The parent may have imported it.
            if let Some(v) = loaded(py, name)? {
                return Ok(v);
            }
            let Some(module) = loaded(py, parent)? else {
                return py.err(Exc::KeyError, &format!("'{parent}'"));
            };
            let Some(found) = py.get_optional(module, sym::PATH)? else {
                let text = format!("No module named {}; {} is not a package", quoted(py, name)?, quoted(py, parent)?);
                return Err(module_not_found(py, &text, name));
            };
            path = found;
            parent_module = Some(module);
            child
        }
    };
    let Some(spec) = find::find_spec(py, name, path)? else {
        let text = format!("No module named {}", quoted(py, name)?);
        return Err(module_not_found(py, &text, name));
    };
    let module = load::load(py, spec, name)?;
    if name == "importlib._bootstrap"
        && let Some(module) = py.of_kind(module, python_objects::Kind::MODULE)
    {
        adopt_bootstrap(py, module)?;
    }
    if let Some(parent) = parent_module {
        let symbol = py.intern(child)?;
        let set = py.set_attribute(parent, symbol, Some(module));
        if py.caught(set, Exc::AttributeError)?.is_none() {
            let parent = quoted(py, name.rsplit_once('.').map_or("", |(parent, _)| parent))?;
            let text = format!("Cannot set an attribute on {parent} for child module {}", quoted(py, child)?);
            python_builtins::warnings::warn(py, Exc::ImportWarning, &text, 1)?;
        }
    }
    Ok(module)
}

/// Imports the submodules that a `from` statement names: `importlib._bootstrap._handle_fromlist`.
fn from_list(py: Py<'_>, module: Value, fromlist: Value, is_all: bool) -> R<()> {
    let names = py.list_from(fromlist)?;
    let mut i = 0;
    while let Some(item) = list::get(names, i) {
        i += 1;
        let Some(s) = string::exact_or_payload(py, item) else {
            let place = if is_all {
                let name = py.get_attribute(module, sym::NAME)?;
                format!("{}.__all__", py.str_text(name)?)
            } else {
                "``from list''".to_owned()
            };
            return py.type_error(&format!("Item in {place} must be str, not {}", py.class_name(item)));
        };
        if string::is(s, "*") {
            if !is_all && let Some(all) = py.get_optional(module, sym::ALL)? {
                from_list(py, module, all, true)?;
            }
            continue;
        }
        let symbol = py.symbol_of(s)?;
        if py.get_optional(module, symbol)?.is_some() {
            continue;
        }
        let name = py.get_attribute(module, sym::NAME)?;
        let full = format!("{}.{}", py.str_text(name)?, string::to_rust(s));
        if let Err(stop) = import_value(py, &full) {
            // That there is none is for IMPORT_FROM to say, unless it is something deeper that is missing.
            if !py.pending_is(Exc::ModuleNotFoundError) {
                return Err(stop);
            }
            let e = Object::of(py.exception());
            let missing = e.get(python_objects::exception::word::OWN + 1);
            let same = string::exact_or_payload(py, missing).is_some_and(|m| string::is(m, &full));
            let key = py.new_str(&full)?;
            let halted = dict::get_str(py, modules(py), key) == Some(Value::NONE);
            if !same || halted {
                return Err(stop);
            }
            py.take_exception();
        }
    }
    Ok(())
}

/// A list of strings, for paths.
fn path_list(py: Py<'_>, entries: &[String]) -> R {
    strings(py, entries.iter())
}
