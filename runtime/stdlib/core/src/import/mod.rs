//! Imports: `__import__` and what the import statement does with modules that are there. What is not there,
//! `importlib._bootstrap` finds and loads ([`system`]).

mod cache;
mod frozen;
mod imp;
mod library;
mod relative;
mod system;
mod times;

pub(crate) use imp::init as init_imp;
pub(crate) use library::source_bytes;
pub(crate) use system::magic_number;

use crate::sys::audit;
use python_objects::exception::word;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, Stop, Value, dict, list, string};

static IMPORT: &[Native] = &[Native::function(
    "__import__",
    "name, globals=None, locals=None, fromlist=(), level=0",
    import_function,
    "Import a module: what the import statement calls.",
)];

/// Puts `__import__` into `builtins`.
pub(crate) fn install(py: Py<'_>, builtins: Object) -> R<()> {
    py.add_functions(builtins, IMPORT)
}

/// Starts the import system. Once the native modules, `sys` and its streams are there.
pub(crate) fn start(py: Py<'_>) -> R<()> {
    system::start(py)
}

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

fn import_function(py: Py<'_>, args: Args<'_>) -> R {
    let Some(name) = string::exact_or_payload(py, args.at(0)) else {
        return py.type_error("module name must be a string");
    };
    let level = args.opt(4).map_or(Ok(0), |v| py.index_i32(v))?;
    let globals = args.some(1).unwrap_or(Value::EMPTY);
    import(py, name, globals, args.opt(3).unwrap_or(Value::NONE), level)
}

/// What `import` statements and `__import__` do. `globals` is a dictionary or EMPTY.
pub(crate) fn import(py: Py<'_>, name: Object, globals: Value, fromlist: Value, level: i32) -> R {
    if level < 0 {
        return py.value_error("level must be >= 0");
    }
    let text = string::to_rust(name);
    let absolute = if level > 0 {
        py.new_str(&relative::resolve(py, &text, globals, level)?)?
    } else if text.is_empty() {
        return py.value_error("Empty module name");
    } else {
        name
    };
    let module = import_value(py, absolute)?;
    let has_list = fromlist != Value::NONE && !fromlist.is_empty() && py.truth(fromlist)?;
    if has_list {
        if py.get_optional(module, sym::PATH)?.is_some() {
            from_list(py, module, fromlist, false)?;
        }
        return Ok(module);
    }
    let Some((front, _)) = text.split_once('.') else { return Ok(module) };
    if level == 0 {
        return import_value(py, py.new_str(front)?);
    }
    // The front of a relative name: as much of the absolute one.
    let absolute = string::to_rust(absolute);
    let front = &absolute[..absolute.len() - (text.len() - front.len())];
    match loaded(py, py.new_str(front)?) {
        Some(module) => Ok(module),
        None => py.err(Exc::KeyError, &format!("'{front}' not in sys.modules as expected")),
    }
}

/// The module of an absolute dotted name, imported if need be. TypeError if a program put something else there.
pub(crate) fn import_name(py: Py<'_>, name: &str) -> R<Object> {
    let v = import_value(py, py.new_str(name)?)?;
    match Object::from_value(v) {
        Some(module) => Ok(module),
        None => py.type_error(&format!("sys.modules['{name}'] is no object with attributes")),
    }
}

fn modules(py: Py<'_>) -> Object {
    Object::of(py.root(root::MODULES))
}

/// `sys.modules.get(name)`
fn loaded(py: Py<'_>, name: Object) -> Option<Value> {
    dict::get_str(py, modules(py), name)
}

/// The module of an absolute name.
fn import_value(py: Py<'_>, name: Object) -> R {
    match loaded(py, name) {
        Some(v) if v == Value::NONE => {
            let text = format!("import of {} halted; None in sys.modules", string::to_rust(name));
            Err(import_error(py, Exc::ModuleNotFoundError, &text, name.value(), Value::NONE))
        }
        Some(v) => {
            // Another thread may be running it, or one further out of this thread, which importlib tells apart.
            if py.is_initializing(v)? {
                system::wait_for(py, name.value())?;
            }
            Ok(v)
        }
        None => {
            py.check_native_stack()?;
            let sys_item = |n: &str| -> R {
                let symbol = py.intern(n)?;
                Ok(py.sys_item(symbol).unwrap_or(Value::NONE))
            };
            let name = name.value();
            let event = [name, Value::NONE, sys_item("path")?, sys_item("meta_path")?, sys_item("path_hooks")?];
            audit::event(py, "import", &event)?;
            system::find_and_load(py, name)
        }
    }
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
        if let Err(stop) = import_value(py, py.new_str(&full)?) {
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
