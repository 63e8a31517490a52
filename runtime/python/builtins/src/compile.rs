//! From source text to a code object, and from the front end's errors to Python's exceptions: shared by `compile`, `exec`,
//! `eval`, imports and the running of scripts.

use crate::codec;
use crate::warnings::{self, Place};
use python_compile::CompileError;
use python_objects::exception::word;
use python_objects::{Exc, Object, Py, R, Stop, Value};
use python_syntax::ast::Ast;
use python_syntax::{ErrorKind, Mode, SyntaxError, WarningKind};
use std::io::{BufRead, BufReader};

/// What a compilation is told besides the source, its name and the mode.
#[derive(Clone, Copy, Debug, Default)]
pub struct CompileFlags {
    /// How the source is read.
    pub syntax: python_syntax::Options,
    /// How the tree is compiled. `optimize` is taken as it stands: see [`CompileFlags::new`].
    pub code: python_compile::Options,
}

impl CompileFlags {
    /// The defaults with the interpreter's own optimization level.
    pub fn new(py: Py<'_>) -> CompileFlags {
        let mut flags = CompileFlags::default();
        flags.code.optimize = py.state().settings.flags.optimize;
        flags
    }
    /// For the source of a module or script: its globals are its namespace.
    pub fn module(py: Py<'_>) -> CompileFlags {
        let mut flags = CompileFlags::new(py);
        flags.code.plain_module = true;
        flags
    }
}

/// Parses and compiles a source; its code object. Issues the warnings. Raises SyntaxError and its kin.
pub fn compile_source(py: Py<'_>, source: &[u8], filename: &str, mode: Mode, flags: &CompileFlags) -> R<Object> {
    let ast = parse_source(py, source, filename, mode, flags)?;
    compile_tree(py, &ast, filename, &flags.code)
}

/// Parses a source. Issues the warnings. Raises SyntaxError and its kin.
pub fn parse_source(py: Py<'_>, source: &[u8], filename: &str, mode: Mode, flags: &CompileFlags) -> R<Ast> {
    let declared = if flags.syntax.ignore_cookie { None } else { python_syntax::declared_encoding(source) };
    let (decoded, mut syntax) = (declared.map(|name| decoded(py, source, &name, filename, flags)), flags.syntax);
    let decoded = decoded.transpose()?;
    syntax.ignore_cookie |= decoded.is_some();
    let source = decoded.as_deref().unwrap_or(source);
    let parsed = match python_syntax::parse(source, filename, mode, syntax) {
        Ok(parsed) => parsed,
        Err(e) => return Err(syntax_error(py, &e, filename)),
    };
    for w in &parsed.warnings {
        let category = match w.kind {
            WarningKind::Syntax => Exc::SyntaxWarning,
            WarningKind::Deprecation => Exc::DeprecationWarning,
        };
        let line = i64::from(w.lineno);
        issue(py, category, &w.message, filename, line, || SyntaxError {
            kind: ErrorKind::Syntax,
            message: w.message.clone(),
            lineno: Some(line),
            offset: Some(i64::from(w.offset)),
            end_lineno: Some(i64::from(w.end_lineno)),
            end_offset: Some(i64::from(w.end_offset)),
            text: line_of(source, w.lineno as usize),
        })?;
    }
    Ok(parsed.ast)
}

/// The text of a source, by the codec that the registry has under the name that the source declares. What that raises is the
/// message of a SyntaxError.
fn decoded(py: Py<'_>, source: &[u8], name: &str, filename: &str, flags: &CompileFlags) -> R<Vec<u8>> {
    let object = py.bytes(source)?;
    let decoded = codec::decode(py, object.value(), source, Some(py.new_str(name)?), None);
    let decoded = decoded.and_then(|text| py.utf8(text)).map(String::into_bytes);
    decoded.or_else(|stop| {
        if !py.pending_is_exception() {
            return Err(stop);
        }
        let e = py.take_exception();
        let (message, place) = if flags.syntax.from_file {
            (format!("encoding problem: {name}"), (None, None))
        } else {
            (py.str_text(e)?, (Some(0), Some(-1)))
        };
        let (kind, (lineno, offset)) = (ErrorKind::Syntax, place);
        let e = SyntaxError { kind, message, lineno, offset, end_lineno: lineno, end_offset: offset, text: None };
        Err(syntax_error(py, &e, filename))
    })
}

/// The text of a source file as people are shown it: UTF-8, `\n` at the ends of lines. `None` if it cannot be had.
pub fn shown_source(py: Py<'_>, source: &[u8], filename: &str) -> Option<Vec<u8>> {
    match python_syntax::declared_encoding(source) {
        None => python_syntax::decode(source, filename).ok(),
        Some(name) => match decoded(py, source, &name, filename, &CompileFlags::default()) {
            Ok(text) => Some(String::from_utf8_lossy(&text).replace("\r\n", "\n").replace('\r', "\n").into_bytes()),
            Err(_) => {
                py.take_exception();
                None
            }
        },
    }
}

/// Compiles a tree; its code object. Issues the warnings. Raises SyntaxError, RecursionError, OverflowError.
pub fn compile_tree(py: Py<'_>, ast: &Ast, filename: &str, options: &python_compile::Options) -> R<Object> {
    let (code, found) = match python_compile::compile(ast, filename, options) {
        Ok(done) => done,
        Err(e) => return Err(compile_error(py, &e, filename)),
    };
    for w in found {
        let line = i64::from(w.span.lineno);
        let refused = w.clone();
        let r = warnings::warn_explicit(
            py,
            Exc::SyntaxWarning,
            &w.message,
            Place { filename, line, module: None, registry: Value::EMPTY },
        );
        if r.is_err() && py.catch(Exc::SyntaxWarning).is_some() {
            return Err(compile_error(py, &refused.into_error(), filename));
        }
        r?;
    }
    py.link(code)
}

/// Issues a warning of the parser; where a filter makes an error of it, the SyntaxError that `refused` describes.
fn issue(
    py: Py<'_>,
    category: Exc,
    message: &str,
    filename: &str,
    line: i64,
    refused: impl FnOnce() -> SyntaxError,
) -> R<()> {
    let place = Place { filename, line, module: None, registry: Value::EMPTY };
    let r = warnings::warn_explicit(py, category, message, place);
    if r.is_err() && py.catch(category).is_some() {
        return Err(syntax_error(py, &refused(), filename));
    }
    r
}

/// Line `number` (from 1) of a source, with its newline.
fn line_of(source: &[u8], number: usize) -> Option<String> {
    let line = source.split_inclusive(|b| *b == b'\n').nth(number.checked_sub(1)?)?;
    Some(String::from_utf8_lossy(line).into_owned())
}

/// Line `number` of the file that a source came from, if it is one.
fn line_of_file(filename: &str, number: i64) -> Option<String> {
    if filename.starts_with('<') {
        return None;
    }
    let wanted = usize::try_from(number).ok()?.checked_sub(1)?;
    let mut file = BufReader::new(std::fs::File::open(filename).ok()?);
    let mut line = Vec::new();
    for _ in 0..=wanted {
        line.clear();
        if file.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
    }
    Some(String::from_utf8_lossy(&line).into_owned())
}

/// Raises what the parser found.
#[cold]
pub fn syntax_error(py: Py<'_>, e: &SyntaxError, filename: &str) -> Stop {
    match make_syntax_error(py, e, filename) {
        Ok(e) => py.throw(e),
        Err(stop) => stop,
    }
}

/// Raises what the compiler found. The text of the line is read from the file, if there is one.
#[cold]
pub fn compile_error(py: Py<'_>, e: &CompileError, filename: &str) -> Stop {
    match e {
        CompileError::Syntax(e) => {
            let mut e = (**e).clone();
            if e.text.is_none() {
                e.text = e.lineno.and_then(|line| line_of_file(filename, line));
            }
            syntax_error(py, &e, filename)
        }
        CompileError::Recursion => py.error(Exc::RecursionError, python_compile::RECURSION),
        CompileError::TooLarge(what) => py.error(Exc::OverflowError, what),
    }
}

/// The exception object for an error of syntax, with all of its attributes.
fn make_syntax_error(py: Py<'_>, e: &SyntaxError, filename: &str) -> R<Object> {
    let class = match e.kind {
        ErrorKind::Syntax => Exc::SyntaxError,
        ErrorKind::Indentation => Exc::IndentationError,
        ErrorKind::Tab => Exc::TabError,
        ErrorKind::Memory => return py.new_exception(Exc::MemoryError, &[]),
    };
    let message = py.str(&e.message)?;
    let Some(line) = e.lineno else {
        let made = py.new_exception(class, &[message])?;
        py.store(made, word::OWN, message);
        for i in 1..8 {
            py.store(made, word::OWN + i, Value::NONE);
        }
        return Ok(made);
    };
    let number = |n: Option<i64>| n.map_or(Ok(Value::NONE), |n| py.int(n));
    let text = match &e.text {
        Some(text) => py.str(text)?,
        None => Value::NONE,
    };
    let details =
        [py.str(filename)?, py.int(line)?, number(e.offset)?, text, number(e.end_lineno)?, number(e.end_offset)?];
    let arguments = py.tuple(&details)?;
    let made = py.new_exception(class, &[message, arguments])?;
    py.store(made, word::OWN, message);
    for (i, v) in details.iter().enumerate() {
        py.store(made, word::OWN + 1 + i, *v);
    }
    py.store(made, word::OWN + 7, Value::NONE);
    Ok(made)
}
