//! Loading: from a spec to a module in `sys.modules` whose code has run.

use super::{find, loaders, spec};
use crate::support::set;
use python_builtins::compile::{CompileFlags, compile_source};
use python_objects::exception::word;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Exc, Kind, Object, Py, R, Stop, Value, dict};

/// Raises ImportError or a subclass with `name` and `path`.
#[cold]
pub(crate) fn import_error(py: Py<'_>, class: Exc, text: &str, name: Value, path: Value) -> Stop {
    let made = py.str(text).and_then(|text| Ok((text, py.new_exception(class, &[text])?)));
    match made {
        Ok((text, e)) => {
            py.store(e, word::OWN, text);
            py.store(e, word::OWN + 1, name);
            py.store(e, word::OWN + 2, path);
            py.throw(e)
        }
        Err(stop) => stop,
    }
}

fn field(py: Py<'_>, s: Value, name: &str) -> R {
    match spec::item(py, s, name)? {
        Some(v) => Ok(v),
        None => py.get_attribute_text(s, name),
    }
}

/// `importlib._bootstrap._load_unlocked`: the module is removed from `sys.modules` again if it fails.
pub(super) fn load(py: Py<'_>, s: Value, name: &str) -> R {
    let loader = field(py, s, "loader")?;
    let native = loaders::is_native(py, loader)?;
    if loader != Value::NONE && !native && py.get_optional(loader, sym::EXEC_MODULE)?.is_none() {
        return load_by_name(py, s, loader, name);
    }
    let module = module_from_spec(py, s, loader, native)?;
    let initializing = sym::INITIALIZING;
    py.set_attribute(s, initializing, Some(Value::TRUE))?;
    let modules = Object::of(py.root(root::MODULES));
    let key = py.new_str(name)?;
    py.dict_set_str(modules, key, module)?;
    let done = execute(py, s, loader, module, native);
    if done.is_err() {
        py.dict_remove_str(modules, key);
        // The failed import's exception stays pending: this runs no Python code for native specs.
        if spec::item(py, s, "name")?.is_some() {
            py.set_attribute(s, initializing, Some(Value::FALSE))?;
        }
    }
    done?;
    // The module may have replaced itself.
    let Some(module) = py.dict_remove_str(modules, key) else {
        return Err(py.key_error(key.value()));
    };
    py.dict_set_str(modules, key, module)?;
    py.set_attribute(s, initializing, Some(Value::FALSE))?;
    Ok(module)
}

fn execute(py: Py<'_>, s: Value, loader: Value, module: Value, native: bool) -> R<()> {
    if native && let Some(m) = py.of_kind(module, Kind::MODULE) {
        return loaders::execute(py, loader, m);
    }
    if loader == Value::NONE {
        if field(py, s, "submodule_search_locations")? == Value::NONE {
            let name = field(py, s, "name")?;
            return Err(import_error(py, Exc::ImportError, "missing loader", name, Value::NONE));
        }
        return Ok(());
    }
    py.call_method(loader, sym::EXEC_MODULE, &[module]).map(|_| ())
}

/// `importlib._bootstrap.module_from_spec`
fn module_from_spec(py: Py<'_>, s: Value, loader: Value, native: bool) -> R {
    let name = field(py, s, "name")?;
    let mut module = Value::NONE;
    if native {
        let name = py.str_text(name)?;
        module = match loaders::create(py, loader, &name)? {
            Some(m) => m.value(),
            None => Value::NONE,
        };
    } else if loader != Value::NONE {
        if let Some(create) = py.get_optional(loader, sym::CREATE_MODULE)? {
            module = py.call(create, &[s])?;
        } else {
            let text = "loaders that define exec_module() must also define create_module()";
            return py.err(Exc::ImportError, text);
        }
    }
    if module == Value::NONE {
        let name = py.str_text(name)?;
        module = py.new_module(&name)?.value();
    }
    init_attributes(py, s, loader, module)?;
    Ok(module)
}

/// `importlib._bootstrap._init_module_attrs`
fn init_attributes(py: Py<'_>, s: Value, loader: Value, module: Value) -> R<()> {
    let put = |name, v| -> R<()> {
        let done = py.set_attribute(module, name, Some(v));
        // Whatever the loader made may refuse attributes.
        py.caught(done, Exc::AttributeError).map(|_| ())
    };
    put(sym::NAME, field(py, s, "name")?)?;
    put(sym::LOADER, loader)?;
    put(sym::PACKAGE, py.get_attribute_text(s, "parent")?)?;
    put(sym::SPEC, s)?;
    let locations = field(py, s, "submodule_search_locations")?;
    if locations != Value::NONE {
        put(sym::PATH, locations)?;
        if loaders::is_namespace(py, loader) {
            put(sym::FILE, Value::NONE)?;
        }
    }
    let located = py.get_attribute_text(s, "has_location")?;
    if py.truth(located)? {
        put(sym::FILE, field(py, s, "origin")?)?;
        let cached = py.get_attribute_text(s, "cached")?;
        if cached != Value::NONE {
            put(sym::CACHED, cached)?;
        }
    }
    Ok(())
}

/// Loaders that only have `load_module`.
fn load_by_name(py: Py<'_>, s: Value, loader: Value, name: &str) -> R {
    let text = format!("{}.exec_module() not found; falling back to load_module()", py.class_name(loader));
    python_builtins::warnings::warn(py, Exc::ImportWarning, &text, 1)?;
    let load = py.get_attribute_text(loader, "load_module")?;
    let key = py.new_str(name)?;
    py.call(load, &[key.value()])?;
    let modules = Object::of(py.root(root::MODULES));
    let Some(module) = dict::get_str(py, modules, key) else { return Err(py.key_error(key.value())) };
    for (attribute, v) in [(sym::LOADER, loader), (sym::SPEC, s)] {
        if py.get_optional(module, attribute)?.is_none_or(|v| v == Value::NONE) {
            py.set_attribute(module, attribute, Some(v))?;
        }
    }
    Ok(module)
}

/// Compiles and runs a source in a module.
pub(super) fn run_source(py: Py<'_>, path: &str, module: Object) -> R<()> {
    let source = find::source(py, path)?;
    let code = compile_source(py, &source, path, python_syntax::Mode::Exec, &CompileFlags::module(py))?;
    let d = py.module_dict(module);
    set(py, d, "__builtins__", py.root(root::BUILTINS_DICT))?;
    py.run_code(code, d, d.value()).map(|_| ())
}
