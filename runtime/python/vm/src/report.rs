//! Uncaught exceptions as text.

use python_objects::exception::{traceback, word};
use python_objects::represent::exception_line;
use python_objects::{Object, Py, Value};
use std::fmt::Write;
use vm_api::engine::CodeIndex;

/// The pending exception as one line, which it no longer is afterwards.
pub(crate) fn pending(py: Py<'_>) -> String {
    match Object::from_value(py.take_exception()) {
        Some(e) => exception_line(py, e),
        None => "no exception".to_owned(),
    }
}

/// An exception with its traceback and the exceptions behind it.
pub(crate) fn exception(py: Py<'_>, e: Object) -> String {
    let mut out = String::new();
    chain(py, e, &mut out, 0);
    out
}

fn chain(py: Py<'_>, e: Object, out: &mut String, depth: usize) {
    if depth > 100 {
        return;
    }
    if let Some(cause) = Object::from_value(e.get(word::CAUSE)) {
        chain(py, cause, out, depth + 1);
        out.push_str("\nThe above exception was the direct cause of the following exception:\n\n");
    } else if e.get(word::SUPPRESS) != Value::TRUE
        && let Some(context) = Object::from_value(e.get(word::CONTEXT))
    {
        chain(py, context, out, depth + 1);
        out.push_str("\nDuring handling of the above exception, another exception occurred:\n\n");
    }
    one(py, e, out);
}

fn one(py: Py<'_>, e: Object, out: &mut String) {
    let mut at = e.get(word::TRACEBACK);
    if at.is_object() {
        out.push_str("Traceback (most recent call last):\n");
    }
    while let Some(entry) = Object::from_value(at) {
        let code = py.ops().code(py.0, CodeIndex(entry.get(traceback::CODE).as_int() as u32));
        let line = code.positions.get(entry.get(traceback::AT).as_int() as usize).map_or(0, |p| p.line);
        _ = writeln!(out, "  File \"{}\", line {line}, in {}", code.source, code.name);
        if let Some(text) = source_line(&code.source, line) {
            _ = writeln!(out, "    {}", text.trim());
        }
        at = entry.get(traceback::NEXT);
    }
    out.push_str(&crate::syntax_error::last_lines(py, e));
}

fn source_line(file: &str, line: u32) -> Option<String> {
    let text = std::fs::read(file).ok()?;
    let line = text.split(|b| *b == b'\n').nth((line as usize).checked_sub(1)?)?;
    Some(String::from_utf8_lossy(line).into_owned())
}
