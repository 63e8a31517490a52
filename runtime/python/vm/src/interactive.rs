//! The interactive mode: reads entries, runs each in `__main__`, prints what expressions give through `sys.displayhook`.
//!
//! An entry is complete when it parses as it stands, without a newline behind it, or is wrong however it goes on (as `codeop`
//! decides it). So a compound statement ends with an empty line, even if all of it stands in one.
//!
//! Where lines come from is a [`Console`]'s business: the command line brings one that edits.

use crate::run;
use python_builtins::compile::{CompileFlags, compile_source};
use python_objects::exception::Exc;
use python_objects::py::root;
use python_objects::{Object, Py, R, Value};
use python_syntax::{Mode, Options, parse};
use std::cell::RefCell;
use std::io::{ErrorKind, Write};
use std::rc::Rc;
use stdlib_core::report;

/// Asks for lines.
pub trait Console {
    /// The next line without its end, or several of them (a pasted block) with the ends between; `None` at the end of the input.
    ///
    /// # Errors
    /// A Python exception is pending: KeyboardInterrupt, OSError.
    fn read(&mut self, py: Py<'_>, prompt: &str) -> R<Option<String>>;
}

/// Standard input by lines, as they come.
#[derive(Default)]
pub struct PlainConsole {
    /// What was read and not handed out.
    waiting: Vec<u8>,
}

impl Console for PlainConsole {
    fn read(&mut self, py: Py<'_>, prompt: &str) -> R<Option<String>> {
        // To standard error, as CPython's go when it reads lines itself.
        write(prompt);
        loop {
            if let Some(end) = self.waiting.iter().position(|b| *b == b'\n') {
                let rest = self.waiting.split_off(end + 1);
                let line = std::mem::replace(&mut self.waiting, rest);
                return Ok(Some(String::from_utf8_lossy(&line[..end]).into_owned()));
            }
            py.poll()?;
            let mut buffer = [0; 4096];
            match stdlib_system::read(0, &mut buffer) {
                Ok(0) if self.waiting.is_empty() => return Ok(None),
                Ok(0) => self.waiting.push(b'\n'),
                Ok(n) => self.waiting.extend_from_slice(&buffer[..n]),
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(py.os_error(&e, None)),
            }
        }
    }
}

/// What one entry did to the session.
enum Outcome {
    GoesOn,
    /// SystemExit: its exit code.
    Exits(u8),
}

/// A session without a program: greets, runs PYTHONSTARTUP; the exit code.
pub(crate) fn begin(py: Py<'_>, console: &Rc<RefCell<dyn Console>>) -> u8 {
    let flags = &py.state().settings.flags;
    if flags.quiet == 0 {
        py.write_stderr(&greeting(py));
    }
    if let Err(stop) = start_up(py) {
        return run::finish(py, Err(stop));
    }
    go_on(py, console)
}

fn greeting(py: Py<'_>) -> String {
    let version = py.intern("version").ok().and_then(|name| py.sys_item(name)).and_then(|v| py.str_text(v).ok());
    let mut text = format!("Python {} on {}\n", version.unwrap_or_default(), std::env::consts::OS);
    if !py.state().settings.flags.no_site {
        text.push_str("Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.\n");
    }
    text
}

/// Runs the file that PYTHONSTARTUP names; what it raises is reported.
fn start_up(py: Py<'_>) -> R<()> {
    let wanted = std::env::var_os("PYTHONSTARTUP").filter(|v| !v.is_empty());
    let Some(path) = wanted.filter(|_| !py.state().settings.flags.ignore_environment) else { return Ok(()) };
    let name = path.to_string_lossy().into_owned();
    let source = match std::fs::read(&path) {
        Ok(source) => source,
        Err(error) => {
            let why = error.to_string();
            let why = why.split(" (os error").next().unwrap_or_default();
            py.write_stderr("Could not open PYTHONSTARTUP\n");
            py.write_stderr(&format!(
                "FileNotFoundError: [Errno {}] {why}: '{name}'\n",
                error.raw_os_error().unwrap_or(0)
            ));
            return Ok(());
        }
    };
    let d = py.module_dict(run::main_module(py)?);
    let done = (|| {
        let code = compile_source(py, &source, &name, Mode::Exec, &CompileFlags::module(py))?;
        py.run_code(code, d, d.value()).map(|_| ())
    })();
    if done.is_err() {
        if py.pending_is(Exc::SystemExit) {
            return done;
        }
        if let Some(e) = Object::from_value(py.take_exception()) {
            report::uncaught(py, e);
        }
    }
    Ok(())
}

/// Reads and runs entries until the input ends; the exit code.
pub(crate) fn go_on(py: Py<'_>, console: &Rc<RefCell<dyn Console>>) -> u8 {
    let namespace = match run::main_module(py).and_then(|module| set_prompts(py).map(|()| module)) {
        Ok(module) => py.module_dict(module),
        Err(stop) => return run::finish(py, Err(stop)),
    };
    interactive_hook(py);
    // `input()` asks by the same console, which may have read ahead.
    let asked = console.clone();
    python_builtins::input::set_reader(py, move |py, prompt| match asked.try_borrow_mut() {
        Ok(mut console) => console.read(py, prompt),
        Err(_) => py.err(Exc::RuntimeError, "the prompt is waiting for a line already"),
    });
    let mut session = Session { flags: CompileFlags::module(py), namespace };
    let mut entry = String::new();
    loop {
        let prompt = prompt(py, if entry.is_empty() { "ps1" } else { "ps2" });
        let read = console.borrow_mut().read(py, &prompt);
        match read {
            Ok(Some(lines)) => {
                let (whole, rest) = blocks(&entry, &lines);
                for block in whole {
                    if let Outcome::Exits(code) = session.execute(py, &block) {
                        return code;
                    }
                }
                entry = rest;
            }
            Ok(None) => {
                write("\n");
                if is_blank(&entry) {
                    return run::finish(py, Ok(()));
                }
                // What was begun is run as it stands.
                if let Outcome::Exits(code) = session.execute(py, &std::mem::take(&mut entry)) {
                    return code;
                }
                continue;
            }
            Err(_) if py.catch(Exc::KeyboardInterrupt).is_some() => {
                write("\nKeyboardInterrupt\n");
                entry.clear();
                continue;
            }
            Err(stop) => return run::finish(py, Err(stop)),
        }
        if !is_complete(&entry) {
            entry.push('\n');
            continue;
        }
        if let Outcome::Exits(code) = session.execute(py, &std::mem::take(&mut entry)) {
            return code;
        }
    }
}

/// Calls `sys.__interactivehook__`, if there is one; what it raises is reported.
fn interactive_hook(py: Py<'_>) {
    let called = py.intern("__interactivehook__").and_then(|name| match py.sys_item(name) {
        Some(hook) => py.call(hook, &[]).map(|_| ()),
        None => Ok(()),
    });
    if called.is_err()
        && let Some(e) = Object::from_value(py.take_exception())
    {
        py.write_stderr("Failed calling sys.__interactivehook__\n");
        report::uncaught(py, e);
    }
}

/// `sys.ps1` and `sys.ps2`, unless a program has set them.
fn set_prompts(py: Py<'_>) -> R<()> {
    let sys = Object::of(py.root(root::SYS));
    for (name, text) in [("ps1", ">>> "), ("ps2", "... ")] {
        if py.sys_item(py.intern(name)?).is_none() {
            let text = py.str(text)?;
            py.dict_set_text(sys, name, text)?;
        }
    }
    Ok(())
}

fn prompt(py: Py<'_>, name: &str) -> String {
    report::flush_stdout(py);
    let text = py.intern(name).and_then(|name| py.sys_item(name).map(|v| py.str_of(v)).transpose());
    match text {
        Ok(text) => text.map(|s| py.str_text(s.value()).unwrap_or_default()).unwrap_or_default(),
        Err(_) => {
            py.take_exception();
            String::new()
        }
    }
}

/// Writes to standard error. If it is closed nobody is there to be asked.
fn write(text: &str) {
    let mut err = std::io::stderr();
    _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// The entries in what was begun and the lines that were pasted behind it, and the last of them, which may go on. An entry ends
/// where it is complete and the next line begins a statement.
fn blocks(entry: &str, lines: &str) -> (Vec<String>, String) {
    let (mut whole, mut current) = (Vec::new(), entry.to_owned());
    for (i, line) in lines.split('\n').enumerate() {
        if i > 0 {
            let begins = line.chars().next().is_some_and(|c| !c.is_whitespace() && c != '#') && !continues(line);
            if begins && is_complete(&format!("{current}\n")) {
                whole.push(std::mem::take(&mut current));
            } else {
                current.push('\n');
            }
        }
        current.push_str(line);
    }
    (whole, current)
}

/// Does a line go on with a compound statement above?
fn continues(line: &str) -> bool {
    let word = line.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    matches!(word, "else" | "elif" | "except" | "finally")
}

/// Is an entry to be run, as it stands?
pub fn is_complete(entry: &str) -> bool {
    let options =
        Options { ignore_cookie: true, allow_incomplete_input: true, dont_imply_dedent: true, ..Options::default() };
    if is_blank(entry) {
        return true;
    }
    let parse = |source: &str| parse(source.as_bytes(), "<stdin>", Mode::Single, options);
    parse(entry).is_ok()
        || match parse(&format!("{entry}\n")) {
            Ok(_) => false,
            Err(error) => !error.message.contains("incomplete input"),
        }
}

/// Are there only empty lines and comments?
fn is_blank(entry: &str) -> bool {
    entry.lines().all(|line| matches!(line.trim_start().chars().next(), None | Some('#')))
}

struct Session {
    /// `from __future__` statements of entries hold for those that follow.
    flags: CompileFlags,
    namespace: Object,
}

impl Session {
    /// Runs an entry; reports what it raises.
    fn execute(&mut self, py: Py<'_>, entry: &str) -> Outcome {
        if is_blank(entry) {
            return Outcome::GoesOn;
        }
        let outcome: R<()> = (|| {
            // With the end of its last line, as it was found complete.
            let source = format!("{entry}\n");
            let code = compile_source(py, source.as_bytes(), "<stdin>", Mode::Single, &self.flags)?;
            self.flags.code.inherited_flags |= future_flags(py, code)?;
            py.run_code(code, self.namespace, self.namespace.value()).map(|_| ())
        })();
        if outcome.is_ok() {
            report::flush_stdout(py);
            return Outcome::GoesOn;
        }
        match Object::from_value(py.take_exception()).and_then(|e| report::uncaught(py, e)) {
            Some(code) => Outcome::Exits(run::finish_with(py, code)),
            None => Outcome::GoesOn,
        }
    }
}

/// The future statements that a code was compiled under.
fn future_flags(py: Py<'_>, code: Object) -> R<u32> {
    Ok(py.ops().code(py.0, py.index_of(code)?).flags & python_compile::FUTURE_FLAGS)
}

/// Reports the pending exception of a program that `-i` keeps from ending, SystemExit as well. At the prompt SystemExit ends it.
pub(crate) fn inspected(py: Py<'_>) {
    if let Some(e) = Object::from_value(py.take_exception()).filter(|e| e.value() != Value::NONE) {
        report::remembered(py, e);
    }
}

#[cfg(test)]
mod tests {
    use super::{blocks, is_complete};

    #[test]
    fn pasted_lines_are_entries_of_their_own() {
        let (whole, rest) = blocks("", "x = 1\nif x:\n  y\nelse:\n  z\nprint(x,\n  y)\nfor i in x:");
        assert_eq!(whole, ["x = 1", "if x:\n  y\nelse:\n  z", "print(x,\n  y)"]);
        assert_eq!(rest, "for i in x:");
        assert_eq!(blocks("if 1:\n", "  x\n"), (Vec::new(), "if 1:\n  x\n".to_owned()));
    }

    #[test]
    fn entries_end_as_codeop_decides() {
        // What codeop.compile_command of CPython 3.12 answers None for goes on.
        let going_on = [
            "if 1: print(2)",
            "if 1:",
            "def f():\n  return 1",
            "(1,",
            "'''a",
            "@f",
            "class A: pass",
            "x = \\",
            "if 1:\n  x\nelse:",
        ];
        for entry in going_on {
            assert!(!is_complete(entry), "{entry:?}");
        }
        let complete = [
            "",
            "# c",
            "x",
            "x = 1; y",
            "if 1: print(2)\n",
            "def f():\n  return 1\n",
            "(1,\n2)",
            "1 +",
            "x = = 2",
            "'''a\nb'''",
        ];
        for entry in complete {
            assert!(is_complete(entry), "{entry:?}");
        }
    }
}
