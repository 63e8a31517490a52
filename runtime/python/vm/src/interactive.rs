//! The interactive mode: reads entries, runs each in `__main__`, prints what expressions give through `sys.displayhook`.
//!
//! An entry is complete when it parses as it stands, without a newline behind it, or is wrong however it goes on (as `codeop`
//! decides it). So a compound statement ends with an empty line, even if all of it stands in one.

use crate::{Interpreter, run};
use python_builtins::compile::{CompileFlags, compile_source};
use python_objects::exception::Exc;
use python_objects::py::root;
use python_objects::{Object, Py, R};
use python_syntax::{Mode, Options, parse};
use std::io::{ErrorKind, Write};
use stdlib_core::report;

/// What one entry did to the session.
enum Outcome {
    GoesOn,
    /// SystemExit: its exit code.
    Exits(u8),
}

/// Standard input by lines, as they come.
#[derive(Default)]
struct Lines {
    /// What was read and not handed out.
    waiting: Vec<u8>,
}

impl Lines {
    /// The next line without its end; `None` at the end of the input. Raises KeyboardInterrupt, OSError.
    fn next(&mut self, py: Py<'_>) -> R<Option<String>> {
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

impl Interpreter {
    /// Reads and runs entries from standard input until it ends; the exit code. `banner`: greets.
    pub fn interact(&self, banner: Option<&str>) -> u8 {
        let py = self.py();
        if let Some(banner) = banner {
            py.write_stderr(banner);
        }
        let namespace = match run::main_module(py).and_then(|module| set_prompts(py).map(|()| module)) {
            Ok(module) => py.module_dict(module),
            Err(_) => {
                py.write_stderr(&format!("prism: {}\n", run::pending(py)));
                return 1;
            }
        };
        // `exit`, `help` and the like, which scripts do without: `site` takes longer to load than the interpreter to start.
        if !self.state().settings.flags[4] && stdlib_core::import_module(py, "site").is_err() {
            let why = run::pending(py);
            py.write_stderr(&format!("prism: cannot import site: {why}\n"));
        }
        let (mut entry, mut lines) = (String::new(), Lines::default());
        loop {
            prompt(py, if entry.is_empty() { "ps1" } else { "ps2" });
            match lines.next(py) {
                Ok(Some(line)) => entry.push_str(&line),
                Ok(None) => {
                    write("\n");
                    return run::finish(py, Ok(()));
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
            match execute(py, &entry, namespace) {
                Outcome::GoesOn => entry.clear(),
                Outcome::Exits(code) => return code,
            }
        }
    }
}

/// `sys.ps1` and `sys.ps2`
fn set_prompts(py: Py<'_>) -> R<()> {
    let sys = Object::of(py.root(root::SYS));
    for (name, text) in [("ps1", ">>> "), ("ps2", "... ")] {
        let text = py.str(text)?;
        py.dict_set_text(sys, name, text)?;
    }
    Ok(())
}

/// Prompts go to standard error, as CPython's do when it reads lines itself.
fn prompt(py: Py<'_>, name: &str) {
    report::flush_stdout(py);
    let text = py.intern(name).and_then(|name| py.sys_item(name).map(|v| py.str_text(v)).transpose());
    match text {
        Ok(text) => write(&text.unwrap_or_default()),
        Err(_) => {
            py.take_exception();
        }
    }
}

/// Writes to standard error. If it is closed nobody is there to be asked.
fn write(text: &str) {
    let mut err = std::io::stderr();
    _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

fn is_complete(entry: &str) -> bool {
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

/// Runs an entry; reports what it raises.
fn execute(py: Py<'_>, entry: &str, namespace: Object) -> Outcome {
    if is_blank(entry) {
        return Outcome::GoesOn;
    }
    let outcome: R<()> = (|| {
        // With the end of its last line, as it was found complete.
        let source = format!("{entry}\n");
        let code = compile_source(py, source.as_bytes(), "<stdin>", Mode::Single, &CompileFlags::module(py))?;
        py.run_code(code, namespace, namespace.value()).map(|_| ())
    })();
    if outcome.is_ok() {
        return Outcome::GoesOn;
    }
    match Object::from_value(py.take_exception()).and_then(|e| report::uncaught(py, e)) {
        Some(code) => Outcome::Exits(run::finish_with(py, code)),
        None => Outcome::GoesOn,
    }
}

#[cfg(test)]
mod tests {
    use super::is_complete;

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
