//! Uncaught exceptions as text.

use python_objects::exception::{traceback, word};
use python_objects::represent::exception_line;
use python_objects::{Object, Py, Value};
use std::collections::HashSet;
use std::fmt::Write;
use vm_api::engine::CodeIndex;

/// The pending exception as one line, which it no longer is afterwards.
pub(crate) fn pending(py: Py<'_>) -> String {
    match Object::from_value(py.take_exception()) {
        Some(e) => exception_line(py, e),
        None => "no exception".to_owned(),
    }
}

/// Occurrences of the same line in a row that are shown; the rest is counted.
const SHOWN_REPEATS: usize = 3;

/// An exception with its traceback and the exceptions behind it.
pub(crate) fn exception(py: Py<'_>, e: Object) -> String {
    let mut out = String::new();
    chain(py, e, &mut out, &mut HashSet::new());
    out
}

/// `seen` holds the identities of the exceptions on the way: causes and contexts may form cycles.
fn chain(py: Py<'_>, e: Object, out: &mut String, seen: &mut HashSet<u64>) {
    seen.insert(py.heap().identity(e));
    let behind = |word: usize| {
        Object::from_value(e.get(word)).filter(|o| seen.len() < 100 && !seen.contains(&py.heap().identity(*o)))
    };
    if e.get(word::CAUSE).is_object() {
        if let Some(cause) = behind(word::CAUSE) {
            chain(py, cause, out, seen);
            out.push_str("\nThe above exception was the direct cause of the following exception:\n\n");
        }
    } else if e.get(word::SUPPRESS) != Value::TRUE
        && let Some(context) = behind(word::CONTEXT)
    {
        chain(py, context, out, seen);
        out.push_str("\nDuring handling of the above exception, another exception occurred:\n\n");
    }
    one(py, e, out);
}

fn one(py: Py<'_>, e: Object, out: &mut String) {
    let mut at = e.get(word::TRACEBACK);
    if at.is_object() {
        out.push_str("Traceback (most recent call last):\n");
    }
    let (mut last, mut times) = (None, 0);
    while let Some(entry) = Object::from_value(at) {
        at = entry.get(traceback::NEXT);
        let index = CodeIndex(entry.get(traceback::CODE).as_int() as u32);
        let code = py.ops().code(py.0, index);
        let line = code.positions.get(entry.get(traceback::AT).as_int() as usize).map_or(0, |p| p.line);
        if last != Some((index, line)) {
            repeated(times, out);
            (last, times) = (Some((index, line)), 0);
        }
        times += 1;
        if times > SHOWN_REPEATS {
            continue;
        }
        _ = writeln!(out, "  File \"{}\", line {line}, in {}", code.source, code.name);
        if let Some(text) = source_line(&code.source, line) {
            _ = writeln!(out, "    {}", text.trim());
        }
    }
    repeated(times, out);
    out.push_str(&crate::syntax_error::last_lines(py, e));
}

/// Says how often a line came besides those shown.
fn repeated(times: usize, out: &mut String) {
    let more = times.saturating_sub(SHOWN_REPEATS);
    if more > 0 {
        _ = writeln!(out, "  [Previous line repeated {more} more time{}]", if more == 1 { "" } else { "s" });
    }
}

fn source_line(file: &str, line: u32) -> Option<String> {
    let text = std::fs::read(file).ok()?;
    let line = text.split(|b| *b == b'\n').nth((line as usize).checked_sub(1)?)?;
    Some(String::from_utf8_lossy(line).into_owned())
}
