//! `input`.

use python_objects::native::Native;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Py, R, Symbol, Value, string};

static FUNCTIONS: &[Native] =
    &[Native::function("input", "prompt='', /", input, "Reads a line from standard input, without its newline.")];

pub(crate) fn install(py: Py<'_>) -> R<()> {
    super::add(py, FUNCTIONS)
}

fn stream(py: Py<'_>, name: Symbol) -> R {
    match py.sys_item(name) {
        Some(v) if v != Value::NONE => Ok(v),
        _ => py.err(Exc::RuntimeError, &format!("input(): lost sys.{}", py.symbol_text(name))),
    }
}

fn input(py: Py<'_>, args: Args<'_>) -> R {
    let (stdin, stdout, stderr) = (stream(py, sym::STDIN)?, stream(py, sym::STDOUT)?, stream(py, sym::STDERR)?);
    // What failed to reach standard error does not concern the caller.
    if py.call_method(stderr, sym::FLUSH, &[]).is_err() {
        py.take_exception();
    }
    if let Some(prompt) = args.opt(0) {
        let text = py.str_of(prompt)?;
        py.call_method(stdout, sym::WRITE, &[text.value()])?;
    }
    py.call_method(stdout, sym::FLUSH, &[])?;
    let line = py.call_method(stdin, sym::READLINE, &[])?;
    let Some(line) = string::exact_or_payload(py, line) else {
        return py.type_error("object.readline() returned non-string");
    };
    match string::length(line) {
        0 => py.err(Exc::EOFError, "EOF when reading a line"),
        n if string::at(line, n - 1) == u32::from('\n') => Ok(py.substring(line, 0, n - 1)?.value()),
        _ => Ok(line.value()),
    }
}
