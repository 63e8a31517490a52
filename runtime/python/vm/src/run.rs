//! Running a program: from where it is to an exit code.

use crate::Interpreter;
use python_builtins::compile::{CompileFlags, compile_source};
use python_objects::exception::Exc;
use python_objects::symbol::sym;
use python_objects::{Object, Py, R, Value};
use python_syntax::Mode;
use std::path::{Path, PathBuf};
use stdlib_core::report;

/// Where a program is.
#[derive(Clone, Debug)]
pub enum Program {
    /// In a file.
    Script(PathBuf),
    /// In a text (`-c`).
    Command(String),
    /// In a module (`-m`).
    Module(String),
    /// On standard input.
    Stdin,
}

impl Interpreter {
    /// Runs a program to its end; the exit code, as CPython's.
    pub fn run(&self, program: &Program) -> u8 {
        let py = self.py();
        let outcome = match program {
            // What has a module `__main__` in it: a folder.
            Program::Script(path) if path.is_dir() => run_module(py, "__main__", false),
            Program::Script(path) => match std::fs::read(path) {
                Ok(source) => main(py, &source, &absolute(path), true),
                Err(error) => {
                    let why = error.to_string();
                    let why = why.split(" (os error").next().unwrap_or_default();
                    let errno = error.raw_os_error().unwrap_or(0);
                    py.write_stderr(&format!("prism: can't open file '{}': [Errno {errno}] {why}\n", absolute(path)));
                    return 2;
                }
            },
            Program::Command(text) => main(py, text.as_bytes(), "<string>", false),
            Program::Module(name) => run_module(py, name, true),
            Program::Stdin => {
                let mut source = Vec::new();
                match std::io::Read::read_to_end(&mut std::io::stdin(), &mut source) {
                    Ok(_) => main(py, &source, "<stdin>", false),
                    Err(error) => Err(py.os_error(&error, None)),
                }
            }
        };
        finish(py, outcome)
    }
}

/// How a script's code and `__file__` name it, whatever directory the program changes to.
fn absolute(path: &Path) -> String {
    let own = path.strip_prefix("./").unwrap_or(path);
    // Without a current directory the path stays as it was given.
    let whole = std::env::current_dir().map_or_else(|_| path.to_owned(), |folder| folder.join(own));
    whole.display().to_string()
}

/// The module `__main__`, made and in `sys.modules`.
pub(crate) fn main_module(py: Py<'_>) -> R<Object> {
    let module = py.new_module("__main__")?;
    let d = py.module_dict(module);
    let builtins = py.root(python_objects::py::root::BUILTINS_DICT);
    let builtins = py.import_builtins_module()?.unwrap_or(builtins);
    py.dict_set_symbol(d, sym::BUILTINS, builtins)?;
    let modules = Object::of(py.root(python_objects::py::root::MODULES));
    py.dict_set_text(modules, "__main__", module.value())?;
    Ok(module)
}

/// Runs a source as `__main__`.
fn main(py: Py<'_>, source: &[u8], name: &str, is_file: bool) -> R<()> {
    let d = py.module_dict(main_module(py)?);
    if is_file {
        let file = py.str(name)?;
        py.dict_set_symbol(d, sym::FILE, file)?;
        py.dict_set_symbol(d, sym::CACHED, Value::NONE)?;
    }
    let mut flags = CompileFlags::module(py);
    flags.syntax.from_file = is_file;
    let code = compile_source(py, source, name, Mode::Exec, &flags)?;
    py.run_code(code, d, d.value())?;
    Ok(())
}

/// Runs a module as `__main__` by `runpy`, which may set `sys.argv[0]` to its file.
fn run_module(py: Py<'_>, name: &str, sets_argument: bool) -> R<()> {
    main_module(py)?;
    let import = py.intern("__import__")?;
    let builtins = Object::of(py.root(python_objects::py::root::BUILTINS_DICT));
    let Some(import) = python_objects::dict::get_symbol(py, builtins, import) else {
        return py.err(Exc::ImportError, "__import__ not found");
    };
    let runpy = py.str("runpy")?;
    let runpy = py.call(import, &[runpy])?;
    let run = py.get_attribute_text(runpy, "_run_module_as_main")?;
    let name = py.str(name)?;
    py.call(run, &[name, Value::bool(sets_argument)]).map(|_| ())
}

/// The exit code of a program that an uncaught KeyboardInterrupt ended: as a shell tells of a process that SIGINT ended.
const INTERRUPTED: u8 = 130;

/// Reports what the program ended with, flushes its output; the exit code.
pub(crate) fn finish(py: Py<'_>, outcome: R<()>) -> u8 {
    let code = match outcome {
        Ok(()) => 0,
        Err(_) => ended_by(py),
    };
    finish_with(py, code)
}

/// Ends the program with an exit code, or the one for output that is lost.
pub(crate) fn finish_with(py: Py<'_>, code: u8) -> u8 {
    if stdlib_core::shutdown::finish(py) { code } else { OUTPUT_LOST }
}

/// The exit code of a program whose output could not be written to the end.
const OUTPUT_LOST: u8 = 120;

/// The exit code of the pending exception, which is reported unless it is a SystemExit.
fn ended_by(py: Py<'_>) -> u8 {
    let Some(e) = Object::from_value(py.take_exception()) else { return 1 };
    let interrupted = py.is_instance(e.value(), py.exception_class(Exc::KeyboardInterrupt));
    match report::uncaught(py, e) {
        Some(code) => code,
        None if interrupted => INTERRUPTED,
        None => 1,
    }
}

/// The pending exception as one line, which it no longer is afterwards.
pub(crate) fn pending(py: Py<'_>) -> String {
    match Object::from_value(py.take_exception()) {
        Some(e) => report::summary(py, e),
        None => "no exception".to_owned(),
    }
}
