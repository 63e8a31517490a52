//! The prompt on a terminal: lines are edited, completed with the tabulator, remembered from session to session.
//!
//! | variable | meaning |
//! | --- | --- |
//! | `PYTHON_HISTORY` | where entries are remembered, instead of `prism/history` in `XDG_STATE_HOME` |
//! | `PYTHON_COLORS`, `NO_COLOR`, `TERM=dumb` | 0, set, dumb: no colours |
//!
//! Where standard input or output is no terminal, lines are read as they come.

use python_objects::exception::Exc;
use python_objects::{Py, R};
use python_vm::{Console, Interpreter, PlainConsole};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::Validator;
use rustyline::{ColorMode, CompletionType, Config, Context, Editor, Helper};
use std::cell::RefCell;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::rc::{Rc, Weak};

/// What ends a word for completion: as GNU readline has it by default, without the dot.
const DELIMITERS: &str = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?";
/// Most entries that are remembered.
const HISTORY: usize = 10_000;
/// What the tabulator writes where there is no word.
const INDENTATION: &str = "    ";

/// Where the prompt's lines come from.
pub(crate) fn console(interpreter: &Rc<Interpreter>) -> Rc<RefCell<dyn Console>> {
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        // A terminal that cannot be used so is read as a file.
        if let Ok(editing) = Editing::new(interpreter) {
            return Rc::new(RefCell::new(editing));
        }
    }
    Rc::new(RefCell::new(PlainConsole::default()))
}

/// A terminal on which lines are edited.
struct Editing {
    editor: Editor<Completion, FileHistory>,
    /// Where entries are remembered, if there is such a place.
    history: Option<PathBuf>,
}

impl Editing {
    fn new(interpreter: &Rc<Interpreter>) -> rustyline::Result<Editing> {
        let config = Config::builder()
            .max_history_size(HISTORY)?
            .completion_type(CompletionType::List)
            .color_mode(if has_colors() { ColorMode::Enabled } else { ColorMode::Disabled })
            .build();
        let mut editor = Editor::with_config(config)?;
        editor.set_helper(Some(Completion { interpreter: Rc::downgrade(interpreter) }));
        let history = history_file(interpreter);
        if let Some(path) = &history {
            // Without a file, or with one that is no history, a new one begins.
            _ = editor.load_history(path);
        }
        Ok(Editing { editor, history })
    }

    fn remember(&mut self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        // That entries cannot be remembered beyond the session is no reason to stop it.
        _ = self.editor.add_history_entry(line);
        if let Some(path) = &self.history {
            _ = path.parent().map(std::fs::create_dir_all);
            _ = self.editor.append_history(path);
        }
    }
}

impl Console for Editing {
    fn read(&mut self, py: Py<'_>, prompt: &str) -> R<Option<String>> {
        loop {
            let styled = format!("\x1b[1;35m{prompt}\x1b[0m");
            let error = match self.editor.readline(&(prompt, styled.as_str())) {
                Ok(line) => {
                    self.remember(&line);
                    return Ok(Some(line));
                }
                Err(ReadlineError::Eof) => return Ok(None),
                Err(ReadlineError::Interrupted) => {
                    let e = py.new_exception(Exc::KeyboardInterrupt, &[])?;
                    return Err(py.throw(e));
                }
                // The window has another size now.
                Err(ReadlineError::Signal(_)) => {
                    py.poll()?;
                    continue;
                }
                Err(ReadlineError::Io(error)) => error,
                Err(ReadlineError::Errno(number)) => std::io::Error::from(number),
                Err(other) => std::io::Error::other(other.to_string()),
            };
            return Err(py.os_error(&error, None));
        }
    }
}

fn has_colors() -> bool {
    let variable = |name| std::env::var(name).ok().filter(|v| !v.is_empty());
    match variable("PYTHON_COLORS").as_deref() {
        Some("0") => return false,
        Some("1") => return true,
        _ => {}
    }
    variable("NO_COLOR").is_none() && variable("TERM").as_deref() != Some("dumb")
}

fn history_file(interpreter: &Interpreter) -> Option<PathBuf> {
    let flags = &interpreter.state().settings.flags;
    if flags.isolated {
        return None;
    }
    let variable = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let named = variable("PYTHON_HISTORY").filter(|_| !flags.ignore_environment);
    let state = || variable("XDG_STATE_HOME").filter(|p| p.is_absolute());
    let home = || Some(variable("HOME")?.join(".local").join("state"));
    named.or_else(|| Some(state().or_else(home)?.join("prism").join("history")))
}

/// Completes names and attributes by the library's `rlcompleter`.
struct Completion {
    interpreter: Weak<Interpreter>,
}

impl Completer for Completion {
    type Candidate = String;
    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<String>)> {
        let before = line.get(..at).unwrap_or(line);
        let start = before.rfind(|c| DELIMITERS.contains(c)).map_or(0, |i| i + 1);
        let word = &before[start..];
        if before.trim().is_empty() {
            return Ok((at, vec![INDENTATION.to_owned()]));
        }
        let Some(interpreter) = self.interpreter.upgrade() else { return Ok((at, Vec::new())) };
        Ok((start, if word.is_empty() { Vec::new() } else { interpreter.completions(word) }))
    }
}

impl Highlighter for Completion {}
impl Hinter for Completion {
    type Hint = String;
}
impl Validator for Completion {}
impl Helper for Completion {}
