//! Names that a word at the prompt may become, by the library's `rlcompleter`.

use crate::Interpreter;
use python_objects::{Py, R, Value};

/// Most candidates that are asked for.
const MOST: i64 = 2000;

impl Interpreter {
    /// The candidates for a word; none if the completer raises.
    pub fn completions(&self, word: &str) -> Vec<String> {
        let py = self.py();
        candidates(py, word).unwrap_or_else(|_| {
            py.take_exception();
            Vec::new()
        })
    }
}

fn candidates(py: Py<'_>, word: &str) -> R<Vec<String>> {
    let module = stdlib_core::import_module(py, "rlcompleter")?;
    let completer = py.get_attribute_text(module.value(), "Completer")?;
    let completer = py.call(completer, &[])?;
    let complete = py.get_attribute_text(completer, "complete")?;
    let word = py.str(word)?;
    let mut found = Vec::new();
    for state in 0..MOST {
        match py.call(complete, &[word, Value::int(state)])? {
            v if v == Value::NONE => break,
            v => found.push(py.str_text(v)?),
        }
    }
    Ok(found)
}
