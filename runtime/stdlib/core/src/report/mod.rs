//! Exceptions as text: what `sys.excepthook` writes for one that nobody caught.
//!
//! The form is CPython's own printer's, which differs in places from what the module `traceback` makes: the causes and
//! contexts first (each exception once, whatever cycles they form), for each the traceback's entries with source lines and
//! marks, the line with class and message, the notes; groups as a tree in the margin.
//!
//! What a program's own methods raise while their objects are shown is taken, and a stand-in shown instead.

mod entries;
mod marks;
mod source;
mod suggestions;
mod syntax;
mod uncaught;

pub use uncaught::{flush_stdout, remembered, uncaught};

use entries::Sources;
use python_objects::exception::word;
use python_objects::kind::Kind;
use python_objects::symbol::sym;
use python_objects::{Exc, Object, Py, R, Value, list, string};
use std::collections::HashSet;
use vm_api::heap::RootedVec;

/// Exceptions of a group that are shown; the rest is counted.
const MOST_OF_A_GROUP: usize = 15;
/// Groups in groups that are shown.
const DEEPEST_GROUP: usize = 10;

const CAUSED: &str = "The above exception was the direct cause of the following exception:";
const DURING: &str = "During handling of the above exception, another exception occurred:";

/// An exception with all that belongs to it, as a string.
pub(crate) fn text(py: Py<'_>, e: Object) -> R<Object> {
    let mut report =
        Report { py, out: Vec::new(), depth: 0, must_close: false, seen: HashSet::new(), sources: Sources::default() };
    report.with_causes(e);
    py.str_from_wtf8(&report.out)
}

/// Writes an exception to `sys.stderr` and flushes that. Nothing if a program made it None; to the process's standard error
/// if there is none at all or it fails.
pub fn display(py: Py<'_>, e: Object) {
    let written = (|| {
        match py.sys_item(sym::STDERR) {
            None => lost(py, e),
            Some(v) if v == Value::NONE => {}
            Some(file) => {
                let text = text(py, e)?.value();
                py.call_method(file, sym::WRITE, &[text])?;
                py.call_method(file, sym::FLUSH, &[])?;
            }
        }
        R::Ok(())
    })();
    if written.is_err() {
        py.take_exception();
        lost(py, e);
    }
}

/// Where there is no stream to report to: the least, to the process's standard error.
fn lost(py: Py<'_>, e: Object) {
    py.write_stderr(&format!("{}\nlost sys.stderr\n", summary(py, e)));
}

/// An exception in one line, without traceback and suggestions.
pub fn summary(py: Py<'_>, e: Object) -> String {
    python_objects::represent::exception_line(py, e)
}

/// A text that grows. The margin shows how deep in groups it is.
struct Report<'t> {
    py: Py<'t>,
    /// The text, in generalised UTF-8.
    out: Vec<u8>,
    /// Groups around what is being shown; 0: none.
    depth: usize,
    /// Does the innermost group that ends here still want its closing line?
    must_close: bool,
    /// Identities of the exceptions shown or about to be.
    seen: HashSet<u64>,
    sources: Sources,
}

impl Report<'_> {
    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }
    fn indent(&mut self) {
        self.out.resize(self.out.len() + 2 * self.depth, b' ');
    }
    /// What stands at the beginning of each line.
    fn margin(&mut self) {
        self.indent();
        if self.depth > 0 {
            self.push("| ");
        }
    }
    /// A line with its margin.
    fn line(&mut self, text: &str) {
        self.margin();
        self.push(text);
        self.push("\n");
    }
    /// What a program's code answers, or `stand_in` if it raised.
    fn push_or(&mut self, text: R<Object>, stand_in: &str) {
        match text {
            Ok(text) => string::push_wtf8(text, &mut self.out),
            Err(_) => {
                self.py.take_exception();
                self.push(stand_in);
            }
        }
    }

    /// An exception after those behind it.
    fn with_causes(&mut self, e: Object) {
        let py = self.py;
        let chain = RootedVec::new(py.heap());
        let mut words: Vec<&str> = Vec::new();
        let mut at = e;
        loop {
            chain.push(at.value());
            self.seen.insert(py.heap().identity(at));
            let cause = Object::from_value(at.get(word::CAUSE)).filter(|_| at.get(word::CAUSE) != Value::NONE);
            let behind = match cause {
                Some(cause) => Some((cause, CAUSED)),
                None if at.get(word::SUPPRESS) == Value::TRUE => None,
                None => Object::from_value(at.get(word::CONTEXT)).map(|context| (context, DURING)),
            };
            match behind.filter(|(o, _)| py.is_exception(o.value()) && !self.seen.contains(&py.heap().identity(*o))) {
                Some((o, word)) => {
                    words.push(word);
                    at = o;
                }
                None => break,
            }
        }
        for i in (0..chain.len()).rev() {
            let Some(e) = chain.get(i).and_then(Object::from_value) else { continue };
            let must_close = self.must_close;
            if py.is_instance(e.value(), py.exception_class(Exc::BaseExceptionGroup)) {
                self.group(e);
            } else {
                self.one(e);
            }
            if i > 0 {
                self.must_close = must_close;
                self.line("");
                self.line(words[i - 1]);
                self.line("");
            }
        }
    }

    /// One exception, without those behind it and those in it.
    fn one(&mut self, e: Object) {
        self.traceback(e);
        if !self.syntax_error(e) {
            self.class_and_message(e, None);
        }
        self.notes(e);
    }

    /// The line with class and message, which is `str(e)` if it is not given.
    fn class_and_message(&mut self, e: Object, message: Option<Value>) {
        let py = self.py;
        self.margin();
        let class = py.class_of(e.value());
        let module = py.get_attribute(class.value(), sym::MODULE).map(|m| string::exact_or_payload(py, m));
        if module.is_err() {
            py.take_exception();
        }
        match module.ok().flatten() {
            Some(m) if string::is(m, "builtins") || string::is(m, "__main__") => {}
            Some(m) => {
                string::push_wtf8(m, &mut self.out);
                self.push(".");
            }
            None => self.push("<unknown>."),
        }
        let name = Object::of(class.get(python_objects::class::word::QUALNAME));
        string::push_wtf8(name, &mut self.out);
        let shown = py.str_of(message.unwrap_or(e.value()));
        match shown {
            Ok(text) if string::exact_or_payload(py, text.value()).is_none_or(|s| string::length(s) == 0) => {}
            shown => {
                self.push(": ");
                let shown = shown.map(|s| string::exact_or_payload(py, s.value()).unwrap_or(s));
                self.push_or(shown, "<exception str() failed>");
            }
        }
        let suggestion = suggestions::of(py, e);
        self.push(&suggestion);
        self.push("\n");
    }

    /// `__notes__`
    fn notes(&mut self, e: Object) {
        let py = self.py;
        let notes = match py.exception_notes(e) {
            Ok(Some(notes)) => notes,
            Ok(None) => return,
            Err(_) => {
                py.take_exception();
                return;
            }
        };
        let is_text = string::exact_or_payload(py, notes).is_some() || py.as_bytes(notes).is_some();
        let items = if is_text || py.special(notes, sym::GETITEM).is_none() || py.kind(notes) == Kind::DICT {
            None
        } else {
            let items = py.list_from(notes);
            if items.is_err() {
                py.take_exception();
            }
            items.ok()
        };
        let Some(items) = items else {
            self.margin();
            self.push_or(py.repr(notes), "<__notes__ repr() failed>");
            self.push("\n");
            return;
        };
        let mut i = 0;
        while let Some(note) = list::get(items, i) {
            i += 1;
            let text = py.str_of(note).map(|s| string::exact_or_payload(py, s.value()).unwrap_or(s));
            let mut text_out = Vec::new();
            match text {
                Ok(text) => string::push_wtf8(text, &mut text_out),
                Err(_) => {
                    py.take_exception();
                    text_out.extend_from_slice(b"<note str() failed>");
                }
            }
            for line in text_out.split_inclusive(|b| *b == b'\n') {
                self.margin();
                self.out.extend_from_slice(line);
            }
            self.push("\n");
        }
    }

    /// A group and what is in it.
    fn group(&mut self, e: Object) {
        let py = self.py;
        if self.depth > DEEPEST_GROUP {
            self.line(&format!("... (max_group_depth is {DEEPEST_GROUP})"));
            return;
        }
        let outermost = self.depth == 0;
        if outermost {
            self.depth = 1;
        }
        self.one(e);
        let exceptions = Py::exception_field(Exc::BaseExceptionGroup, "exceptions").map(|word| e.get(word));
        let exceptions = exceptions.and_then(|v| py.as_tuple(v));
        let count = exceptions.map_or(0, Object::length);
        let shown = count.min(MOST_OF_A_GROUP + 1);
        self.must_close = false;
        for i in 0..shown {
            let Some(inner) = exceptions.and_then(|t| Object::from_value(t.element(i))) else { continue };
            let is_last = i + 1 == shown;
            self.must_close |= is_last;
            let rest = count - i.min(MOST_OF_A_GROUP);
            self.indent();
            self.push(if i == 0 { "+-" } else { "  " });
            if i < MOST_OF_A_GROUP {
                self.push(&format!("+---------------- {} ----------------\n", i + 1));
                self.depth += 1;
                self.with_causes(inner);
            } else {
                self.push("+---------------- ... ----------------\n");
                self.depth += 1;
                self.line(&format!("and {rest} more exception{}", if rest == 1 { "" } else { "s" }));
            }
            if is_last && self.must_close {
                self.indent();
                self.push("+------------------------------------\n");
                self.must_close = false;
            }
            self.depth -= 1;
        }
        if outermost {
            self.depth = 0;
        }
    }
}
