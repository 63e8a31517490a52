//! `--ast` and `--dis`: what the Python front end makes of a file.

use python_compile::CompileError;
use python_compile::opcodes::OPCODES;
use python_syntax::{Mode, Parsed, SyntaxError};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

/// Prints the syntax tree of a file; returns the exit code.
///
/// # Errors
/// The file cannot be read or standard output not be written.
pub(crate) fn print_tree(path: &Path) -> Result<u8, String> {
    let name = path.display().to_string();
    match read(path, &name)? {
        Ok(parsed) => crate::command::print(&(python_syntax::dump(&parsed.ast, true) + "\n")),
        Err(error) => Ok(refused(&show(&error, &name))),
    }
}

/// Prints the bytecode of a file, compiled as a script is; returns the exit code.
///
/// # Errors
/// As [`print_tree`].
pub(crate) fn print_code(path: &Path, optimize: u8) -> Result<u8, String> {
    let name = path.display().to_string();
    let parsed = match read(path, &name)? {
        Ok(parsed) => parsed,
        Err(error) => return Ok(refused(&show(&error, &name))),
    };
    let options = python_compile::Options { optimize, plain_module: true, ..python_compile::Options::default() };
    match python_compile::compile(&parsed.ast, &name, &options) {
        Ok((code, _)) => crate::command::print(&vm_api::code::text::print(&code, &OPCODES)),
        Err(CompileError::Syntax(error)) => Ok(refused(&show(&error, &name))),
        Err(error) => Ok(refused(&format!("{error}\n"))),
    }
}

/// A file, parsed. The outer error is that it cannot be read.
fn read(path: &Path, name: &str) -> Result<Result<Parsed, SyntaxError>, String> {
    let source = std::fs::read(path).map_err(|error| format!("can't open file '{name}': {error}"))?;
    Ok(python_syntax::parse(&source, name, Mode::Exec, python_syntax::Options::default()))
}

/// Says why a program is none; returns the exit code.
fn refused(report: &str) -> u8 {
    // If standard error is closed there is nobody to tell; the exit code says it too.
    _ = std::io::stderr().write_all(report.as_bytes());
    1
}

/// An error as CPython's top level shows it.
fn show(error: &SyntaxError, name: &str) -> String {
    let mut out = String::new();
    if let Some(line) = error.lineno {
        _ = writeln!(out, "  File \"{name}\", line {line}");
        if let Some(text) = &error.text {
            show_line(&mut out, text, error);
        }
    }
    _ = writeln!(out, "{}: {}", error.kind.class_name(), error.message);
    out
}

/// The source line without its indentation, and carets below the place.
fn show_line(out: &mut String, text: &str, error: &SyntaxError) {
    let line = text.trim_end_matches('\n');
    let shown = line.trim_start_matches([' ', '\n', '\x0c']);
    _ = writeln!(out, "    {shown}");
    let Some(offset) = error.offset else { return };
    let end = match error.end_offset {
        _ if error.end_lineno != error.lineno => line.chars().count() as i64 + 1,
        None | Some(0 | -1) => offset + 1,
        Some(end) if end == offset => offset + 1,
        Some(end) => end,
    };
    let hidden = (line.chars().count() - shown.chars().count()) as i64;
    let (from, to) = (offset - 1 - hidden, end - 1 - hidden);
    if from >= 0 {
        // Tabs stay, so that the carets stand where the text does.
        let space = shown.chars().take(from as usize).map(|c| if c.is_whitespace() { c } else { ' ' });
        let carets = "^".repeat((to - from).max(0) as usize);
        _ = writeln!(out, "    {}{carets}", space.collect::<String>());
    }
}
