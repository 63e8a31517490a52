//! `input`.

use python_objects::native::Native;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Py, R, Symbol, Value, string};
use std::cell::RefCell;

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
    if let Some(reader) = py.state().known_data::<Reader>(READER)
        && are_terminals(py, [stdin, stdout])?
    {
        let prompt = args.opt(0).map_or(Ok(String::new()), |p| py.str_of(p).and_then(|s| py.str_text(s.value())))?;
        py.call_method(stdout, sym::FLUSH, &[])?;
        let line = (reader.0.borrow_mut())(py, &prompt)?;
        return match line {
            Some(line) => py.str(&line),
            None => py.err(Exc::EOFError, ""),
        };
    }
    if let Some(prompt) = args.opt(0) {
        let text = py.str_of(prompt)?;
        py.call_method(stdout, sym::WRITE, &[text.value()])?;
    }
    if py.call_method(stdout, sym::FLUSH, &[]).is_err() {
        py.take_exception();
    }
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

/// Reads a line behind a prompt; `None` at the end of the input.
type ReadLine = dyn for<'t> FnMut(Py<'t>, &str) -> R<Option<String>>;
/// The interactive mode's way to read lines, which `input()` takes on a terminal.
struct Reader(RefCell<Box<ReadLine>>);
const READER: &str = "reader of lines";

/// Lets `input()` read by `read` while standard input and output are terminals. The first one stays.
pub fn set_reader(py: Py<'_>, read: impl for<'t> FnMut(Py<'t>, &str) -> R<Option<String>> + 'static) {
    py.state().data(READER, || Reader(RefCell::new(Box::new(read))));
}

/// Are the streams those of the process, and terminals?
fn are_terminals(py: Py<'_>, streams: [Value; 2]) -> R<bool> {
    for (fd, stream) in (0..).zip(streams) {
        let number = py.intern("fileno").and_then(|name| py.call_method(stream, name, &[]));
        let number = py.caught(number, Exc::Exception)?;
        let terminal = py.intern("isatty").and_then(|name| py.call_method(stream, name, &[]))?;
        if number != Some(Value::int(fd)) || !py.truth(terminal)? {
            return Ok(false);
        }
    }
    Ok(true)
}
