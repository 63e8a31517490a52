//! The interactive mode: reads entries, runs each in `__main__`, prints what expressions give through `sys.displayhook`.
//!
//! An entry is complete when the parser, told that more may come, does not say "incomplete input" (as `codeop` decides it).

use crate::{Interpreter, run};
use python_builtins::compile::{CompileFlags, compile_source};
use python_objects::{Object, Py, R};
use python_syntax::{Mode, Options, parse};
use std::io::{BufRead, Write};
use stdlib_core::report;

/// What one entry did to the session.
enum Outcome {
    GoesOn,
    /// SystemExit: its exit code.
    Exits(u8),
}

impl Interpreter {
    /// Reads and runs entries from standard input until it ends; the exit code. `banner`: greets.
    pub fn interact(&self, banner: Option<&str>) -> u8 {
        let py = self.py();
        if let Some(banner) = banner {
            py.write_stderr(banner);
        }
        let namespace = match run::main_module(py) {
            Ok(module) => py.module_dict(module),
            Err(_) => {
                py.write_stderr(&format!("prism: {}\n", run::pending(py)));
                return 1;
            }
        };
        let mut entry = String::new();
        let mut lines = std::io::stdin().lock().lines();
        loop {
            prompt(if entry.is_empty() { ">>> " } else { "... " });
            match lines.next() {
                Some(Ok(line)) => entry.push_str(&line),
                Some(Err(error)) => {
                    py.write_stderr(&format!("prism: {error}\n"));
                    return 1;
                }
                None => {
                    prompt("\n");
                    return run::finish(py, Ok(()));
                }
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

/// Prompts go to standard error, as CPython's do when it reads lines itself. If it is closed nobody is there to be asked.
fn prompt(text: &str) {
    let mut err = std::io::stderr();
    _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

fn is_complete(entry: &str) -> bool {
    let options =
        Options { ignore_cookie: true, allow_incomplete_input: true, dont_imply_dedent: true, ..Options::default() };
    let source = format!("{entry}\n");
    match parse(source.as_bytes(), "<stdin>", Mode::Single, options) {
        Ok(_) => true,
        Err(error) => !error.message.contains("incomplete input"),
    }
}

/// Runs an entry; reports what it raises.
fn execute(py: Py<'_>, entry: &str, namespace: Object) -> Outcome {
    let is_blank = |line: &str| matches!(line.trim_start().chars().next(), None | Some('#'));
    if entry.lines().all(is_blank) {
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
