//! The native modules without which no Python program runs: `sys`, imports, files, weak references, ….
//!
//! A native module is a file (or folder) with a function that fills a fresh module object, and a line in [`MODULES`].
//! Crates of further modules export such tables; whoever composes an interpreter passes them to [`install`].

mod abc;
pub mod buffers;
mod build_variables;
mod census;
mod clock;
mod codecs;
mod collector;
mod errors;
mod exit_functions;
mod heap_view;
mod import;
mod io;
mod marshal;
mod opcodes;
pub mod pending;
mod profiler;
pub mod report;
pub mod shutdown;
pub mod support;
mod symbol_tables;
mod sys;
mod templates;
pub mod threads;
mod tokens;
mod unfinished;
mod warnings_module;
mod weakrefs;

use python_objects::kind::shape;
use python_objects::module::NativeModule;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Object, Py, R, Value};
pub use sys::audit;
pub use sys::hooks::report_unraisable;

use support::set;

/// The modules of this crate, beside `sys` and `builtins`.
pub const MODULES: &[NativeModule] = &[
    NativeModule { name: "_ast", init: python_builtins::tree::fill_module },
    NativeModule { name: "_imp", init: import::init_imp },
    NativeModule { name: "_io", init: io::init },
    NativeModule { name: "_lsprof", init: profiler::init_module },
    NativeModule { name: "_abc", init: abc::init },
    NativeModule { name: "_weakref", init: weakrefs::init },
    NativeModule { name: "_codecs", init: codecs::init },
    NativeModule { name: "_string", init: templates::init },
    NativeModule { name: "_opcode", init: opcodes::init },
    NativeModule { name: "_queue", init: threads::queue::init },
    NativeModule { name: "_symtable", init: symbol_tables::init },
    NativeModule { name: "_thread", init: threads::init },
    NativeModule { name: "_tokenize", init: tokens::init },
    NativeModule { name: "_warnings", init: warnings_module::init },
    NativeModule { name: build_variables::NAME, init: build_variables::init },
    NativeModule { name: "atexit", init: exit_functions::init },
    NativeModule { name: "gc", init: collector::init },
    NativeModule { name: "errno", init: errors::init },
    NativeModule { name: "marshal", init: marshal::init },
    NativeModule { name: "time", init: clock::init },
];

/// Makes `sys`, `builtins`, imports and the standard streams. Once, after `python_builtins::install`. `modules`: tables of
/// further native modules.
pub fn install(py: Py<'_>, modules: &[&[NativeModule]]) -> R<()> {
    // Registered by name, so that finders find them; they are never filled again.
    py.register_modules(&[
        NativeModule { name: "sys", init: |_, _| Ok(()) },
        NativeModule { name: "builtins", init: |_, _| Ok(()) },
    ]);
    py.register_modules(MODULES);
    for table in modules {
        py.register_modules(table);
    }
    threads::install(py);
    sys::install(py)?;
    let builtins = install_builtins(py)?;
    import::install(py, builtins)?;
    io::install(py, builtins)?;
    weakrefs::install(py)?;
    py.state().poll.set(pending::poll);
    py.state().finalize_generator.set(unfinished::finalize);
    io::install_streams(py)?;
    sys::install_module_names(py)?;
    import::start(py)
}

/// The module object of `builtins`, whose dictionary is there already.
fn install_builtins(py: Py<'_>) -> R<Object> {
    let d = Object::of(py.root(root::BUILTINS_DICT));
    let module = py.new_object(shape::MODULE, 2, &[d.value()])?;
    let (name, empty) = (py.str("builtins")?, py.str("")?);
    for (attribute, v) in
        [(sym::NAME, name), (sym::PACKAGE, empty), (sym::LOADER, Value::NONE), (sym::SPEC, Value::NONE)]
    {
        py.dict_set_symbol(d, attribute, v)?;
    }
    set(py, Object::of(py.root(root::MODULES)), "builtins", module.value())?;
    Ok(module)
}

/// A path, in the bytes that the system has it in, as a string.
pub fn path_text(py: Py<'_>, bytes: &[u8]) -> R {
    support::decode_path(py, bytes)
}

/// The version of Python that programs see.
pub const PYTHON_VERSION: &str = "3.12.1";

/// What compiled files begin with.
pub fn magic_number() -> u32 {
    import::magic_number()
}

/// The code object in what a compiled file has behind its header; `None` if it is another object. Raises what
/// `marshal.loads` raises.
pub fn load_code(py: Py<'_>, content: &[u8]) -> R<Option<Object>> {
    let bytes = py.bytes(content)?.value();
    let v = marshal::of_bytes(py, bytes)?;
    Ok(py.of_kind(v, python_objects::Kind::CODE))
}

/// What `import` does: the module of a dotted name.
pub fn import_module(py: Py<'_>, name: &str) -> R<Object> {
    import::import_name(py, name)
}
