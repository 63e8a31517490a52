//! The import system: `importlib._bootstrap` and `_bootstrap_external` of the embedded library, started before anything else can
//! be imported, as CPython does it. So finders, loaders and the rules of compiled files are those of `importlib`.
//!
//! Ours are the magic number of compiled files, which is the front end's, and the part of `sys.path` that is in the binary
//! ([`library`]).

use super::{frozen, imp, library, times};
use crate::support::{add, set};
use python_compile::IDENTITY;
use python_objects::exception::{traceback, word};
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Exc, Object, Py, R, Stop, Value, list};
use std::rc::Rc;
use vm_api::engine::CodeIndex;

const BOOTSTRAP: &str = "_frozen_importlib";
const EXTERNAL: &str = "_frozen_importlib_external";
/// The files that the frames of imports seem to run in.
const FILES: [&str; 2] = ["<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>"];

/// The module `_frozen_importlib`, by the number under which it is kept, whatever becomes of it in `sys.modules`.
struct Bootstrap(u32);

/// Starts the system. `sys` and the native modules are there.
pub(super) fn start(py: Py<'_>) -> R<()> {
    let sys = Object::of(py.root(root::SYS));
    for name in ["meta_path", "path_hooks"] {
        set(py, sys, name, py.new_list(0)?.value())?;
    }
    let module = py.new_module(BOOTSTRAP)?;
    run(py, module, BOOTSTRAP)?;
    let number = py.keep(module.value())?;
    py.state().data("import system", || Bootstrap(number));
    let modules = Object::of(py.root(root::MODULES));
    set(py, modules, BOOTSTRAP, module.value())?;
    let machine = imp::create_native(py, "_imp")?.value();
    set(py, modules, "_imp", machine)?;
    let sys_module = py.new_str("sys")?;
    let sys_module = python_objects::dict::get_str(py, modules, sys_module).unwrap_or(Value::NONE);
    py.call(bootstrap_item(py, "_install")?, &[sys_module, machine])?;
    start_external(py, sys)
}

/// Imports from paths: of files, of the library, of archives.
fn start_external(py: Py<'_>, sys: Object) -> R<()> {
    py.call(bootstrap_item(py, "_install_external_importers")?, &[])?;
    let external = super::import_name(py, EXTERNAL)?;
    let raw = i64::from(magic_number());
    add(py, external, "_RAW_MAGIC_NUMBER", Value::int(raw))?;
    let magic = py.bytes(&magic_number().to_le_bytes())?.value();
    add(py, external, "MAGIC_NUMBER", magic)?;
    let hooks = py.sys_item(sym::PATH_HOOKS).and_then(|v| py.as_list(v));
    let zips = super::import_name(py, "zipimport")?;
    let zips = py.get_attribute_text(zips.value(), "zipimporter")?;
    let all = Object::of(py.list(&[library::path_hook(py)?, zips])?);
    if let Some(hooks) = hooks {
        for i in 0..list::length(hooks) {
            py.list_push(all, list::item(hooks, i))?;
        }
    }
    set(py, sys, "path_hooks", all.value())
}

/// What compiled files begin with, in the form of CPython's numbers (two bytes, then a line end that text modes would change)
/// and not among them.
pub(crate) fn magic_number() -> u32 {
    let folded = (IDENTITY ^ IDENTITY >> 16 ^ IDENTITY >> 32 ^ IDENTITY >> 48) as u16;
    u32::from_le_bytes([folded as u8, (folded >> 8) as u8 | 0x80, b'\r', b'\n'])
}

/// Runs a frozen module's code in a module.
fn run(py: Py<'_>, module: Object, name: &str) -> R<()> {
    let Some(frozen) = frozen::find(py, name) else {
        return py.err(Exc::ImportError, &format!("{name} is not frozen"));
    };
    let d = py.module_dict(module);
    set(py, d, "__builtins__", py.root(root::BUILTINS_DICT))?;
    if let Some(origin) = frozen.origin {
        let origin = py.str(origin)?;
        set(py, d, "__origname__", origin)?;
    }
    let code = frozen::code(py, frozen)?;
    py.run_code(code, d, d.value()).map(|_| ())
}

/// Something in `_frozen_importlib`.
pub(super) fn bootstrap_item(py: Py<'_>, name: &str) -> R {
    let system: Option<Rc<Bootstrap>> = py.state().known_data("import system");
    let found = match system {
        Some(system) => py.module_item(Object::of(py.kept(system.0)), name)?,
        None => None,
    };
    match found {
        Some(v) => Ok(v),
        None => py.err(Exc::ImportError, &format!("{BOOTSTRAP}.{name} is gone")),
    }
}

/// Imports what is not in `sys.modules`: `importlib._bootstrap._find_and_load`.
pub(super) fn find_and_load(py: Py<'_>, name: Value) -> R {
    let find = bootstrap_item(py, "_find_and_load")?;
    let import = python_objects::dict::get_symbol(py, Object::of(py.root(root::BUILTINS_DICT)), sym::IMPORT);
    let arguments = [name, import.unwrap_or(Value::NONE)];
    let found = if py.state().settings.import_times {
        times::measure(py, name, || py.call(find, &arguments))
    } else {
        py.call(find, &arguments)
    };
    found.map_err(|stop| without_frames(py, stop))
}

/// Waits until the module of this name is initialized, unless that would be for ever.
pub(super) fn wait_for(py: Py<'_>, name: Value) -> R<()> {
    py.call(bootstrap_item(py, "_lock_unlock_module")?, &[name])?;
    Ok(())
}

/// Takes the frames of the import system out of the pending exception's traceback: all of them from an ImportError, from others
/// those that led to a module's code.
fn without_frames(py: Py<'_>, stop: Stop) -> Stop {
    let Some(e) = Object::from_value(py.exception()) else { return stop };
    if !py.is_exception(e.value()) || py.state().settings.flags.verbose > 0 {
        return stop;
    }
    let always = py.is_instance(e.value(), py.exception_class(Exc::ImportError));
    // Where a link to the entry stands: an object and its word.
    let (mut link, mut before) = ((e, word::TRACEBACK), None);
    while let Some(entry) = Object::from_value(link.0.get(link.1)).filter(|o| o.value() != Value::NONE) {
        let code = py.ops().code(py.0, CodeIndex(entry.get(traceback::CODE).as_int() as u32));
        let next = (entry, traceback::NEXT);
        if !FILES.contains(&&*code.source) {
            before = None;
        } else {
            let from = *before.get_or_insert(link);
            if always || &*code.name == "_call_with_frames_removed" {
                py.store(from.0, from.1, entry.get(traceback::NEXT));
                link = from;
                continue;
            }
        }
        link = next;
    }
    stop
}
