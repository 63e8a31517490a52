//! `_imp`: what `importlib._bootstrap` asks the interpreter. There are no shared libraries.

use super::{frozen, import_error};
use crate::support::{add, expect_text, strings};
use python_algorithms::siphash;
use python_objects::py::root;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value, dict};
use std::cell::Cell;

static FUNCTIONS: &[Native] = &[
    Native::function("is_builtin", "name, /", is_builtin, "Return 1 for a native module, -1 for one that is loaded."),
    Native::function(
        "is_frozen",
        "name, /",
        is_frozen,
        "Return True if the module name corresponds to a frozen module.",
    ),
    Native::function("is_frozen_package", "name, /", is_frozen_package, "Return True if it is a frozen package."),
    Native::function("find_frozen", "name, /, *, withdata=False", find_frozen, "Return info about a frozen module."),
    Native::function("get_frozen_object", "name, data=None, /", get_frozen_object, "Return a frozen module's code."),
    Native::function("_frozen_module_names", "", frozen_names, "Return the names of the frozen modules."),
    Native::function("create_builtin", "spec, /", create_builtin, "Make a native module."),
    Native::function("exec_builtin", "mod, /", zero, "Run a native module, which its making did."),
    Native::function("create_dynamic", "spec, file=None, /", no_shared_libraries, "Load a shared library."),
    Native::function("exec_dynamic", "mod, /", zero, "Run a shared library's module."),
    Native::function("extension_suffixes", "", no_suffixes, "Return the file suffixes of shared libraries."),
    Native::function("acquire_lock", "", acquire_lock, "Acquire the import lock."),
    Native::function("release_lock", "", release_lock, "Release the import lock."),
    Native::function("lock_held", "", lock_held, "Is the import lock held?"),
    Native::function(
        "source_hash",
        "key, source",
        source_hash,
        "Return the sum of a source that hash-based files keep.",
    ),
    Native::function("_fix_co_filename", "code, path, /", fix_filename, "Correct the file name of unmarshalled code."),
    Native::function(
        "_override_frozen_modules_for_tests",
        "override, /",
        override_frozen,
        "Have frozen modules used (1), or not (-1), or as always (0).",
    ),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    let when = py.str(py.state().settings.check_hash_based_pycs.as_str())?;
    add(py, module, "check_hash_based_pycs", when)
}

fn is_builtin(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "is_builtin", 0)?;
    Ok(Value::int(match name.as_str() {
        "sys" | "builtins" => -1,
        name => i64::from(py.native_module(name).is_some()),
    }))
}

/// The native modules that were imported: a program that removes one from `sys.modules` gets the same again.
fn made(py: Py<'_>) -> R<Object> {
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

/// The module object of a native module, made and filled at the first call.
pub(super) fn create_native(py: Py<'_>, name: &str) -> R<Object> {
    let cache = made(py)?;
    let key = py.new_str(name)?;
    if let Some(m) = dict::get_str(py, cache, key).and_then(|m| py.of_kind(m, Kind::MODULE)) {
        return Ok(m);
    }
    let Some(init) = py.native_module(name) else {
        let text = format!("'{name}' is not a built-in module");
        return Err(import_error(py, Exc::ImportError, &text, key.value(), Value::NONE));
    };
    let module = py.new_module(name)?;
    init(py, module)?;
    py.dict_set_str(cache, key, module.value())?;
    Ok(module)
}

fn create_builtin(py: Py<'_>, args: Args<'_>) -> R {
    let name = py.get_attribute_text(args.at(0), "name")?;
    let name = py.str_text(name)?;
    Ok(create_native(py, &name)?.value())
}

fn is_frozen(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "is_frozen", 0)?;
    Ok(Value::bool(found(py, &name).is_some()))
}
fn no_frozen<T>(py: Py<'_>, name: &str) -> R<T> {
    let shown = py.str(name)?;
    let text = format!("No such frozen object named {name}");
    Err(import_error(py, Exc::ImportError, &text, shown, Value::NONE))
}
fn is_frozen_package(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "is_frozen_package", 0)?;
    match frozen::find(py, &name) {
        Some(frozen) => Ok(Value::bool(frozen.is_package())),
        None => no_frozen(py, &name),
    }
}
fn find_frozen(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "find_frozen", 1)?;
    let Some(frozen) = found(py, &name) else { return Ok(Value::NONE) };
    let data = match args.opt(1) {
        Some(v) if py.truth(v)? => {
            let code = frozen::code(py, frozen)?;
            let bytes = Object::of(crate::marshal::to_bytes(py, code.value())?);
            py.new_memoryview(bytes, 0, python_objects::bytes::slice(bytes).len(), Value::EMPTY, true)?.value()
        }
        _ => Value::NONE,
    };
    let origin = match frozen.origin {
        Some(origin) => py.str(origin)?,
        None => Value::NONE,
    };
    py.tuple(&[data, Value::bool(frozen.is_package()), origin])
}
fn get_frozen_object(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "get_frozen_object", 1)?;
    if let Some(data) = args.some(1) {
        let shown = py.str(&name)?;
        let quoted = py.repr_text(shown)?;
        return match crate::marshal::of_bytes(py, data) {
            Ok(v) if py.of_kind(v, Kind::CODE).is_some() => Ok(v),
            Ok(_) => py.type_error(&format!("frozen object {quoted} is not a code object")),
            Err(stop) if !py.pending_is_exception() => Err(stop),
            Err(_) => {
                py.take_exception();
                let text = format!("Frozen object named {quoted} is invalid");
                Err(import_error(py, Exc::ImportError, &text, shown, Value::NONE))
            }
        };
    }
    match frozen::find(py, &name) {
        Some(frozen) => Ok(frozen::code(py, frozen)?.value()),
        None => no_frozen(py, &name),
    }
}
fn frozen_names(py: Py<'_>, _: Args<'_>) -> R {
    strings(py, frozen::names(py))
}

fn no_shared_libraries(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::ImportError, "shared libraries of CPython's C API cannot be loaded")
}
fn no_suffixes(py: Py<'_>, _: Args<'_>) -> R {
    Ok(py.new_list(0)?.value())
}
fn override_frozen(py: Py<'_>, args: Args<'_>) -> R {
    let how = py.index_i64(args.at(0))?;
    unused(py).set(how < 0);
    Ok(Value::NONE)
}

/// Are only those frozen modules used that nothing works without?
fn unused(py: Py<'_>) -> std::rc::Rc<Cell<bool>> {
    py.state().data("unused frozen modules", Cell::default)
}

/// The frozen module that imports find.
fn found(py: Py<'_>, name: &str) -> Option<&'static frozen::Frozen> {
    frozen::find(py, name).filter(|frozen| frozen.is_essential() || !unused(py).get())
}
fn zero(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::int(0))
}

/// How often the lock is held. It guards only the table of the modules' own locks, in code that does not wait.
fn held(py: Py<'_>) -> std::rc::Rc<Cell<usize>> {
    py.state().data("import lock", Cell::default)
}
fn acquire_lock(py: Py<'_>, _: Args<'_>) -> R {
    let held = held(py);
    held.set(held.get() + 1);
    Ok(Value::NONE)
}
fn release_lock(py: Py<'_>, _: Args<'_>) -> R {
    let held = held(py);
    match held.get().checked_sub(1) {
        Some(left) => held.set(left),
        None => return py.err(Exc::RuntimeError, "not holding the import lock"),
    }
    Ok(Value::NONE)
}
fn lock_held(py: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::bool(held(py).get() > 0))
}

fn source_hash(py: Py<'_>, args: Args<'_>) -> R {
    let key = py.index_i64(args.at(0))? as u64;
    let Some(sum) = py.content_of(args.at(1)).map(|source| siphash::keyed(key, &source)) else {
        return py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(args.at(1))));
    };
    Ok(py.bytes(&sum.to_le_bytes())?.value())
}

fn fix_filename(py: Py<'_>, args: Args<'_>) -> R {
    let Some(code) = py.of_kind(args.at(0), Kind::CODE) else {
        let given = py.class_name(args.at(0));
        return py.type_error(&format!("_fix_co_filename() argument 1 must be code, not {given}"));
    };
    let path = expect_text(py, args.at(1), "_fix_co_filename", 2)?;
    let old = py.str_text(code.get(python_objects::code::code_word::SOURCE))?;
    if old != path {
        py.rename_source(code, &path)?;
    }
    Ok(Value::NONE)
}
