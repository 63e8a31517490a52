//! `_imp`: what `importlib._bootstrap` asks the interpreter. There are no frozen modules and no shared libraries.

use super::loaders;
use crate::support::{add, expect_text};
use python_objects::{Args, Exc, Native, Object, Py, R, Value};

static FUNCTIONS: &[Native] = &[
    Native::function("is_builtin", "name, /", is_builtin, "Return 1 for a native module, -1 for one that is loaded."),
    Native::function("is_frozen", "name, /", no, "Return True if the module name corresponds to a frozen module."),
    Native::function("is_frozen_package", "name, /", no, "Return True if it is a frozen package."),
    Native::function("find_frozen", "name, /, *, withdata=False", none, "Return info about a frozen module."),
    Native::function("init_frozen", "name, /", none, "Initialize a frozen module."),
    Native::function("get_frozen_object", "name, data=None, /", not_frozen, "Return a frozen module's code."),
    Native::function("create_builtin", "spec, /", create_builtin, "Make a native module."),
    Native::function("exec_builtin", "mod, /", zero, "Run a native module, which its making did."),
    Native::function("create_dynamic", "spec, file=None, /", no_shared_libraries, "Load a shared library."),
    Native::function("exec_dynamic", "mod, /", zero, "Run a shared library's module."),
    Native::function("extension_suffixes", "", no_suffixes, "Return the file suffixes of shared libraries."),
    Native::function("acquire_lock", "", none, "Acquire the import lock."),
    Native::function("release_lock", "", none, "Release the import lock."),
    Native::function("lock_held", "", no, "Is the import lock held?"),
    Native::function("_fix_co_filename", "code, path, /", none, "Correct the file name of unmarshalled code."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, FUNCTIONS)?;
    let never = py.str("never")?;
    add(py, module, "check_hash_based_pycs", never)
}

fn is_builtin(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "is_builtin", 0)?;
    Ok(Value::int(match name.as_str() {
        "sys" | "builtins" => -1,
        name => i64::from(py.native_module(name).is_some()),
    }))
}
fn create_builtin(py: Py<'_>, args: Args<'_>) -> R {
    let name = py.get_attribute_text(args.at(0), "name")?;
    let name = py.str_text(name)?;
    Ok(loaders::create_native(py, &name)?.value())
}
fn not_frozen(py: Py<'_>, args: Args<'_>) -> R {
    let name = expect_text(py, args.at(0), "get_frozen_object", 1)?;
    py.err(Exc::ImportError, &format!("No such frozen object named {name}"))
}
fn no_shared_libraries(py: Py<'_>, _: Args<'_>) -> R {
    py.err(Exc::ImportError, "shared libraries of CPython's C API cannot be loaded")
}
fn no_suffixes(py: Py<'_>, _: Args<'_>) -> R {
    Ok(py.new_list(0)?.value())
}
fn no(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::FALSE)
}
fn none(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::NONE)
}
fn zero(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::int(0))
}
