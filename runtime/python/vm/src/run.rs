//! Running a program: from where it is to an exit code.

use crate::{Interpreter, interactive};
use python_builtins::compile::{CompileFlags, compile_source};
use python_objects::exception::Exc;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Object, Py, R, Value, list};
use python_syntax::Mode;
use std::cell::RefCell;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
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
    /// On standard input, or typed in there if somebody sits at it.
    Stdin,
}

/// How a program is run, beside the interpreter's settings.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// `-x`: leave out the first line of the script.
    pub skip_first_line: bool,
}

impl Interpreter {
    /// Runs a program to its end, plainly; the exit code, as CPython's.
    pub fn run(&self, program: &Program) -> u8 {
        let console: Rc<RefCell<dyn interactive::Console>> =
            Rc::new(RefCell::new(interactive::PlainConsole::default()));
        self.launch(program, &Launch::default(), &mut || console.clone())
    }
    /// Runs a program to its end, and asks a console where there is a prompt; the exit code.
    pub fn launch(
        &self,
        program: &Program,
        launch: &Launch,
        console: &mut dyn FnMut() -> Rc<RefCell<dyn interactive::Console>>,
    ) -> u8 {
        let py = self.py();
        if let Some(code) = start(py) {
            return code;
        }
        let flags = &py.state().settings.flags;
        let outcome = match program {
            Program::Script(path) => match script(py, path, launch) {
                Some(outcome) => outcome,
                None => return finish_with(py, 2),
            },
            Program::Command(text) => {
                prepend_path(py, OsStr::new("")).and_then(|()| main(py, text.as_bytes(), "<string>"))
            }
            Program::Module(name) => working_folder(py).and_then(|()| run_module(py, name, true)),
            Program::Stdin if flags.interactive > 0 || stdlib_system::is_terminal(0) => {
                let outcome = prepend_path(py, OsStr::new("")).and_then(|()| main_module(py).map(|_| ()));
                return match outcome {
                    Ok(()) => interactive::begin(py, &console()),
                    Err(stop) => finish(py, Err(stop)),
                };
            }
            Program::Stdin => prepend_path(py, OsStr::new("")).and_then(|()| standard_input(py)),
        };
        // A program that sets the variable itself is prompted for behind its end, but not kept from ending itself.
        let exits = flags.inspect == 0 && outcome.is_err() && py.pending_is(Exc::SystemExit);
        let inspects = flags.inspect > 0 || !flags.ignore_environment && is_set("PYTHONINSPECT");
        if exits || !inspects {
            return finish(py, outcome);
        }
        let failed = outcome.is_err();
        if failed {
            interactive::inspected(py);
        }
        if flags.interactive > 0 || stdlib_system::is_terminal(0) {
            return interactive::go_on(py, &console());
        }
        finish_with(py, u8::from(failed))
    }
}

/// Is a variable set now, as `os.environ` may have changed it?
fn is_set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|v| !v.is_empty())
}

/// What comes before any program: warnings, `site`. The exit code if that fails.
fn start(py: Py<'_>) -> Option<u8> {
    let settings = &py.state().settings;
    let begun = (|| {
        if !settings.warnings.is_empty() {
            stdlib_core::import_module(py, "warnings")?;
        }
        if !settings.flags.no_site {
            stdlib_core::import_module(py, "site")?;
        }
        // Without that module there is nothing to turn on: faults of the VM end in crash reports of its own in any case.
        if settings.fault_handler && py.native_module("faulthandler").is_some() {
            let module = stdlib_core::import_module(py, "faulthandler")?;
            let enable = py.get_attribute_text(module.value(), "enable")?;
            py.call(enable, &[])?;
        }
        R::Ok(())
    })();
    if begun.is_ok() {
        return None;
    }
    py.write_stderr("Fatal Python error: site, warnings or faulthandler cannot be imported\n");
    Some(finish(py, begun))
}

/// Puts a folder before all others in `sys.path`, unless these are left out.
fn prepend_path(py: Py<'_>, folder: &OsStr) -> R<()> {
    if py.state().settings.flags.safe_path { Ok(()) } else { insert_path(py, folder) }
}

fn insert_path(py: Py<'_>, folder: &OsStr) -> R<()> {
    let folder = stdlib_core::path_text(py, folder.as_bytes())?;
    if let Some(path) = py.sys_item(sym::PATH_ATTRIBUTE).and_then(|v| py.as_list(v)) {
        py.list_insert(path, 0, folder)?;
    }
    Ok(())
}

fn working_folder(py: Py<'_>) -> R<()> {
    match std::env::current_dir() {
        Ok(folder) => prepend_path(py, folder.as_os_str()),
        // Nothing can be imported from a folder that is gone.
        Err(_) => Ok(()),
    }
}

fn standard_input(py: Py<'_>) -> R<()> {
    let mut source = Vec::new();
    match std::io::Read::read_to_end(&mut std::io::stdin(), &mut source) {
        Ok(_) => main(py, &source, "<stdin>"),
        Err(error) => Err(py.os_error(&error, None)),
    }
}

/// Runs a file, or the module `__main__` in a folder or archive. `None` if it cannot be read, which is said.
fn script(py: Py<'_>, path: &Path, launch: &Launch) -> Option<R<()>> {
    match is_container(py, path) {
        Ok(true) => return Some(insert_path(py, path.as_os_str()).and_then(|()| run_module(py, "__main__", false))),
        Ok(false) => {}
        Err(stop) => return Some(Err(stop)),
    }
    let name = absolute(path);
    let read = if path.is_dir() { Err(std::io::Error::from_raw_os_error(21)) } else { std::fs::read(path) };
    let source = match read {
        Ok(source) => source,
        Err(error) => {
            let why = error.to_string();
            let why = why.split(" (os error").next().unwrap_or_default();
            let errno = error.raw_os_error().unwrap_or(0);
            py.write_stderr(&format!("prism: can't open file '{}': [Errno {errno}] {why}\n", name.display()));
            return None;
        }
    };
    let folder = path.canonicalize().ok().and_then(|p| p.parent().map(Path::to_owned)).unwrap_or_default();
    Some(prepend_path(py, folder.as_os_str()).and_then(|()| file(py, path, &name, source, launch)))
}

/// Does some hook of `sys.path_hooks` take the file, so that there may be a module `__main__` in it?
fn is_container(py: Py<'_>, path: &Path) -> R<bool> {
    let hooks = py.sys_item(sym::PATH_HOOKS).and_then(|v| py.as_list(v));
    let Some(hooks) = hooks.filter(|_| path.exists()) else { return Ok(false) };
    let shown = stdlib_core::path_text(py, path.as_os_str().as_bytes())?;
    let mut i = 0;
    while let Some(hook) = list::get(hooks, i) {
        i += 1;
        let finder = py.call(hook, &[shown]);
        if py.caught(finder, Exc::ImportError)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Runs the content of a file, which may be compiled code.
fn file(py: Py<'_>, path: &Path, name: &Path, source: Vec<u8>, launch: &Launch) -> R<()> {
    let d = py.module_dict(main_module(py)?);
    let shown = stdlib_core::path_text(py, name.as_os_str().as_bytes())?;
    py.dict_set_symbol(d, sym::FILE, shown)?;
    py.dict_set_symbol(d, sym::CACHED, Value::NONE)?;
    let is_compiled = path.extension().is_some_and(|e| e == "pyc");
    let loader = if is_compiled { "SourcelessFileLoader" } else { "SourceFileLoader" };
    let external = stdlib_core::import_module(py, "_frozen_importlib_external")?;
    let loader = py.get_attribute_text(external.value(), loader)?;
    let main = py.str("__main__")?;
    let loader = py.call(loader, &[main, shown])?;
    py.dict_set_symbol(d, sym::LOADER, loader)?;
    if is_compiled {
        return compiled(py, &source, d);
    }
    let mut flags = CompileFlags::module(py);
    flags.syntax.from_file = true;
    let name = name.display().to_string();
    let source = if launch.skip_first_line { without_first_line(&source) } else { source };
    let code = compile_source(py, &source, &name, Mode::Exec, &flags)?;
    py.run_code(code, d, d.value()).map(|_| ())
}

/// A source whose first line is empty, so that the others keep their numbers.
fn without_first_line(source: &[u8]) -> Vec<u8> {
    let end = source.iter().position(|b| *b == b'\n').unwrap_or(source.len());
    source[end..].to_vec()
}

/// Runs a compiled file.
fn compiled(py: Py<'_>, content: &[u8], d: Object) -> R<()> {
    let Some((header, rest)) = content.split_first_chunk::<16>() else {
        return py.err(Exc::RuntimeError, "Bad magic number in .pyc file");
    };
    if header[..4] != stdlib_core::magic_number().to_le_bytes() {
        return py.err(Exc::RuntimeError, "Bad magic number in .pyc file");
    }
    match stdlib_core::load_code(py, rest)? {
        Some(code) => py.run_code(code, d, d.value()).map(|_| ()),
        None => py.err(Exc::RuntimeError, "Bad code object in .pyc file"),
    }
}

/// How a script's code and `__file__` name it, whatever directory the program changes to.
fn absolute(path: &Path) -> PathBuf {
    let own = path.strip_prefix("./").unwrap_or(path);
    // Without a current directory the path stays as it was given.
    std::env::current_dir().map_or_else(|_| path.to_owned(), |folder| folder.join(own))
}

/// The module `__main__`, made and in `sys.modules` at the first call.
pub(crate) fn main_module(py: Py<'_>) -> R<Object> {
    let modules = Object::of(py.root(root::MODULES));
    let name = py.new_str("__main__")?;
    if let Some(m) = python_objects::dict::get_str(py, modules, name)
        && let Some(m) = py.of_kind(m, python_objects::Kind::MODULE)
    {
        return Ok(m);
    }
    let module = py.new_module("__main__")?;
    let d = py.module_dict(module);
    let builtins = py.root(root::BUILTINS_DICT);
    let builtins = py.import_builtins_module()?.unwrap_or(builtins);
    py.dict_set_symbol(d, sym::BUILTINS, builtins)?;
    py.dict_set_text(d, "__annotations__", py.new_dict()?.value())?;
    let bootstrap = stdlib_core::import_module(py, "_frozen_importlib")?;
    let loader = py.get_attribute_text(bootstrap.value(), "BuiltinImporter")?;
    py.dict_set_symbol(d, sym::LOADER, loader)?;
    py.dict_set_text(modules, "__main__", module.value())?;
    Ok(module)
}

/// Runs a source that is no file's as `__main__`.
fn main(py: Py<'_>, source: &[u8], name: &str) -> R<()> {
    let d = py.module_dict(main_module(py)?);
    let code = compile_source(py, source, name, Mode::Exec, &CompileFlags::module(py))?;
    py.run_code(code, d, d.value()).map(|_| ())
}

/// Runs a module as `__main__` by `runpy`, which may set `sys.argv[0]` to its file.
fn run_module(py: Py<'_>, name: &str, sets_argument: bool) -> R<()> {
    main_module(py)?;
    let runpy = stdlib_core::import_module(py, "runpy")?;
    let run = py.get_attribute_text(runpy.value(), "_run_module_as_main")?;
    let name = py.str(name)?;
    py.call(run, &[name, Value::bool(sets_argument)]).map(|_| ())
}

/// The exit code of a program that an uncaught KeyboardInterrupt ended, should SIGINT not end the process: as a shell tells of
/// one that it did.
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
    let interrupted = py.class_of(e.value()) == py.exception_class(Exc::KeyboardInterrupt);
    match report::uncaught(py, e) {
        Some(code) => code,
        None if interrupted => {
            py.state().interrupted.set(true);
            INTERRUPTED
        }
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
