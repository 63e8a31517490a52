//! `BufferedRWPair`: a reader and a writer as one stream.

use super::base::{self, OWN, method, spec};
use super::buffered;
use python_objects::symbol::sym;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value};

const READER: usize = OWN;
const WRITER: usize = OWN + 1;

static PAIR: TypeSpec = spec(
    "BufferedRWPair",
    2,
    &[
        Native::wrapper("__init__", "self, reader, writer, buffer_size=8192, /", init, ""),
        Native::method("read", "self, size=-1, /", |py, a| of_reader(py, a, "read"), "Read at most size bytes."),
        Native::method(
            "read1",
            "self, size=-1, /",
            |py, a| of_reader(py, a, "read1"),
            "Read with at most one call of the raw stream.",
        ),
        Native::method("peek", "self, size=0, /", |py, a| of_reader(py, a, "peek"), "Return what is buffered."),
        Native::method("readinto", "self, buffer, /", |py, a| of_reader(py, a, "readinto"), "Read into a buffer."),
        Native::method(
            "readinto1",
            "self, buffer, /",
            |py, a| of_reader(py, a, "readinto1"),
            "Read into a buffer with one call.",
        ),
        Native::method(
            "write",
            "self, buffer, /",
            |py, a| py.call_method(part(py, a, WRITER)?, sym::WRITE, &[a.at(1)]),
            "Write bytes; return how many.",
        ),
        Native::method(
            "flush",
            "self, /",
            |py, a| py.call_method(part(py, a, WRITER)?, sym::FLUSH, &[]),
            "Flush what is buffered.",
        ),
        Native::method("readable", "self, /", |py, a| of_reader(py, a, "readable"), "Can it be read?"),
        Native::method(
            "writable",
            "self, /",
            |py, a| method(py, part(py, a, WRITER)?, "writable", &[]),
            "Can it be written?",
        ),
        Native::method("close", "self, /", close, "Close both."),
        Native::method("isatty", "self, /", isatty, "Is one a terminal?"),
        Native::getter(
            "closed",
            |py, a| py.get_attribute_text(part(py, a, WRITER)?, "closed"),
            "Is the writer closed?",
        ),
    ],
    "A reader and a writer as one stream.",
)
.finalized();

pub(super) fn class(py: Py<'_>) -> R<Object> {
    py.native_subtype(&PAIR, base::buffered_io_base(py)?)
}

fn part(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    match py.of_kind(args.at(0), PAIR.kind) {
        Some(o) if !o.get(word).is_empty() => Ok(o.get(word)),
        Some(_) => py.value_error("I/O operation on uninitialized object"),
        None => py.type_error("a BufferedRWPair is required"),
    }
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = py.of_kind(args.at(0), PAIR.kind) else { return py.type_error("a BufferedRWPair is required") };
    for (i, ability, complaint) in
        [(1, "readable", "File or stream is not readable."), (2, "writable", "File or stream is not writable.")]
    {
        if !base::ask(py, args.at(i), ability)? {
            return base::unsupported(py, complaint);
        }
    }
    let size = args.opt(3).unwrap_or(Value::int(super::CHUNK as i64));
    let reader = py.call(buffered::reader(py)?.value(), &[args.at(1), size])?;
    py.store(o, READER, reader);
    let writer = py.call(buffered::writer(py)?.value(), &[args.at(2), size])?;
    py.store(o, WRITER, writer);
    Ok(Value::NONE)
}
fn of_reader(py: Py<'_>, args: Args<'_>, name: &str) -> R {
    let reader = part(py, args, READER)?;
    match args.opt(1) {
        Some(v) => method(py, reader, name, &[v]),
        None => method(py, reader, name, &[]),
    }
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let closed = py.call_method(part(py, args, WRITER)?, sym::CLOSE, &[]);
    super::close_after(py, closed, part(py, args, READER)?)
}
fn isatty(py: Py<'_>, args: Args<'_>) -> R {
    let writer = method(py, part(py, args, WRITER)?, "isatty", &[])?;
    if py.truth(writer)? { Ok(writer) } else { method(py, part(py, args, READER)?, "isatty", &[]) }
}
