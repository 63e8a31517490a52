//! `print`.

use python_objects::class::{self, flag};
use python_objects::native::{Native, variadic};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, string};
use std::io::{Write, stdout};

static FUNCTIONS: &[Native] = &[Native::function(
    "print",
    "*args, sep=' ', end='\\n', file=None, flush=False",
    print,
    "Writes the values to a stream, or to sys.stdout: each as str() makes it, sep between them, end after the last.",
)];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    super::add(py, FUNCTIONS)
}

/// `sep` or `end`: a string, or None for the default.
fn text_option(py: Py<'_>, v: Option<Value>, name: &str) -> R<Option<Object>> {
    match v {
        None => Ok(None),
        Some(v) => match string::exact_or_payload(py, v) {
            Some(s) => Ok(Some(s)),
            None => py.type_error(&format!("{name} must be None or a string, not {}", py.class_name(v))),
        },
    }
}

/// Slots: `sep`, `end`, `file`, `flush`, then the values.
fn print(py: Py<'_>, args: Args<'_>) -> R {
    let (sep, end) = (text_option(py, args.some(0), "sep")?, text_option(py, args.some(1), "end")?);
    let file = match args.some(2) {
        Some(f) => f,
        None => match py.sys_item(sym::STDOUT) {
            Some(f) if f == Value::NONE => return Ok(Value::NONE),
            Some(f) => f,
            None if !has_streams(py)? => return print_plainly(py, args, sep, end),
            None => return py.err(Exc::RuntimeError, "lost sys.stdout"),
        },
    };
    if class::has(py.class_of(file), flag::HEAP) {
        // A program's own stream sees each part as a write of its own.
        let write = |v: Value| py.call_method(file, sym::WRITE, &[v]);
        for (i, v) in variadic(args, 4).enumerate() {
            if i > 0 {
                let sep = sep.map_or_else(|| py.new_ascii(b" "), Ok)?;
                write(sep.value())?;
            }
            write(py.str_of(v)?.value())?;
        }
        let end = end.map_or_else(|| py.new_ascii(b"\n"), Ok)?;
        write(end.value())?;
    } else {
        let text = line(py, args, sep, end)?;
        py.call_method(file, sym::WRITE, &[text.value()])?;
    }
    if let Some(flush) = args.opt(3)
        && py.truth(flush)?
    {
        py.call_method(file, sym::FLUSH, &[])?;
    }
    Ok(Value::NONE)
}

/// Have the standard streams been set up?
fn has_streams(py: Py<'_>) -> R<bool> {
    let original = py.intern("__stdout__")?;
    Ok(py.sys_item(original).is_some())
}

/// Before that: to the process's standard output.
fn print_plainly(py: Py<'_>, args: Args<'_>, sep: Option<Object>, end: Option<Object>) -> R {
    let text = string::to_rust(line(py, args, sep, end)?);
    match stdout().write_all(text.as_bytes()) {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(py.os_error(&e, None)),
    }
}

/// All that is to be written, in one string.
fn line(py: Py<'_>, args: Args<'_>, sep: Option<Object>, end: Option<Object>) -> R<Object> {
    let values = variadic(args, 4);
    let count = values.len();
    let mut out = Vec::new();
    for (i, v) in values.enumerate() {
        if i > 0 {
            match sep {
                Some(s) => string::push_wtf8(s, &mut out),
                None => out.push(b' '),
            }
        }
        let s = py.str_of(v)?;
        let s = string::exact_or_payload(py, s.value()).unwrap_or(s);
        // Most lines are one string: it is written with its end, no copy of the rest is made.
        if count == 1 && end.is_some_and(|e| string::length(e) == 0) {
            return Ok(s);
        }
        string::push_wtf8(s, &mut out);
    }
    match end {
        Some(s) => string::push_wtf8(s, &mut out),
        None => out.push(b'\n'),
    }
    py.str_from_wtf8(&out)
}
