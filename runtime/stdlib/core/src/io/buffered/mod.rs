//! `BufferedReader`, `BufferedWriter`, `BufferedRandom`: a raw stream with buffers. Reading keeps a `bytes` with a position,
//! writing a bytearray of what the raw stream has not got yet; both are never filled at once.

mod lock;
mod reading;
mod writing;

use crate::io::base::{self, OWN, method, spec};
use crate::io::{CHUNK, reserve};
use lock::locked;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, bytes};
pub(super) use reading::read_some;
use reading::{peek, read, read1, readinto, readinto1, readline, set_read, unread};
pub(super) use writing::put;
use writing::{drop_read, flush_written, pending, write};

const RAW: usize = OWN;
const READ: usize = OWN + 1;
const AT: usize = OWN + 2;
const WRITTEN: usize = OWN + 3;
const SIZE: usize = OWN + 4;
/// The number of the thread that is at the buffers.
const LOCK: usize = OWN + 5;
const OWN_WORDS: usize = 6;

/// What all three have.
static COMMON: &[Native] = &[
    Native::method("seek", "self, target, whence=0, /", seek, "Change the position."),
    Native::method("tell", "self, /", tell, "Return the position."),
    Native::method("truncate", "self, pos=None, /", truncate, "Cut or extend the file."),
    Native::method("flush", "self, /", flush, "Flush what is buffered."),
    Native::method("close", "self, /", close, "Flush and close the stream."),
    Native::method("detach", "self, /", detach, "Flush and give the raw stream away."),
    Native::method("seekable", "self, /", |py, a| delegate(py, a, "seekable"), "Can the position be changed?"),
    Native::method("readable", "self, /", readable, "Can it be read?"),
    Native::method("writable", "self, /", writable, "Can it be written?"),
    Native::method("fileno", "self, /", |py, a| delegate(py, a, "fileno"), "Return the file descriptor."),
    Native::method("isatty", "self, /", |py, a| delegate(py, a, "isatty"), "Is it a terminal?"),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::getter("raw", raw_getter, "The raw stream."),
    Native::getter("closed", closed, "Is the raw stream closed?"),
    Native::getter("name", |py, a| py.get_attribute_text(raw(py, this(py, a)?)?, "name"), "The raw stream's name."),
    Native::getter("mode", |py, a| py.get_attribute_text(raw(py, this(py, a)?)?, "mode"), "The raw stream's mode."),
];
/// What those that read have.
static READING: &[Native] = &[
    Native::method("read", "self, size=-1, /", read, "Read at most size bytes."),
    Native::method("read1", "self, size=-1, /", read1, "Read with at most one call of the raw stream."),
    Native::method("readinto", "self, buffer, /", readinto, "Read into a buffer."),
    Native::method("readinto1", "self, buffer, /", readinto1, "Read into a buffer with one call."),
    Native::method("readline", "self, size=-1, /", readline, "Read a line."),
    Native::method("peek", "self, size=0, /", peek, "Return what is buffered."),
];
/// What those that write have.
static WRITING: &[Native] = &[Native::method("write", "self, buffer, /", write, "Write bytes; return how many.")];

const INIT: &str = "self, raw, buffer_size=8192";
static INIT_READER: &[Native] = &[Native::wrapper("__init__", INIT, init_reader, "")];
static INIT_WRITER: &[Native] = &[Native::wrapper("__init__", INIT, init_writer, "")];
static INIT_RANDOM: &[Native] = &[Native::wrapper("__init__", INIT, init_random, "")];

static READER: TypeSpec = spec("BufferedReader", OWN_WORDS, INIT_READER, "A raw stream with a buffer for reading.")
    .with_methods(READING)
    .with_methods(COMMON)
    .finalized();
static WRITER: TypeSpec = spec("BufferedWriter", OWN_WORDS, INIT_WRITER, "A raw stream with a buffer for writing.")
    .with_methods(WRITING)
    .with_methods(COMMON)
    .finalized();
static RANDOM: TypeSpec =
    spec("BufferedRandom", OWN_WORDS, INIT_RANDOM, "A raw stream with buffers for reading and writing.")
        .with_methods(READING)
        .with_methods(WRITING)
        .with_methods(COMMON)
        .finalized();

pub(super) fn reader(py: Py<'_>) -> R<Object> {
    py.native_subtype(&READER, base::buffered_io_base(py)?)
}
pub(super) fn writer(py: Py<'_>) -> R<Object> {
    py.native_subtype(&WRITER, base::buffered_io_base(py)?)
}
pub(super) fn random(py: Py<'_>) -> R<Object> {
    py.native_subtype(&RANDOM, base::buffered_io_base(py)?)
}

/// The stream, if it is exactly one of these: then its methods are as they are here.
pub(super) fn exact(py: Py<'_>, v: Value) -> R<Option<Object>> {
    let Some(o) = find(py, v) else { return Ok(None) };
    let c = py.class_of(v);
    Ok((c == reader(py)? || c == writer(py)? || c == random(py)?).then_some(o))
}

pub(super) fn find(py: Py<'_>, v: Value) -> Option<Object> {
    [READER.kind, WRITER.kind, RANDOM.kind].into_iter().find_map(|k| py.of_kind(v, k))
}

/// The raw stream under a stream of this module.
pub(super) fn under(py: Py<'_>, v: Value) -> Option<Value> {
    find(py, v).map(|o| o.get(RAW))
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match find(py, args.at(0)) {
        Some(o) => Ok(o),
        None => py.type_error("a buffered stream is required"),
    }
}

/// The raw stream.
fn raw(py: Py<'_>, o: Object) -> R {
    let raw = o.get(RAW);
    if raw.is_empty() {
        return py.value_error("I/O operation on uninitialized object");
    }
    if raw == Value::NONE {
        return py.value_error("raw stream has been detached");
    }
    Ok(raw)
}

fn check_open(py: Py<'_>, o: Object, what: &str) -> R<()> {
    let raw = raw(py, o)?;
    if base::is_closed(py, raw)? {
        return py.value_error(&format!("{what} of closed file"));
    }
    Ok(())
}

fn init(py: Py<'_>, args: Args<'_>, abilities: &[(&str, &str)]) -> R {
    let o = this(py, args)?;
    // Until all is well, and if it was well before.
    py.store(o, RAW, Value::EMPTY);
    for (ability, complaint) in abilities {
        if !base::ask(py, args.at(1), ability)? {
            return base::unsupported(py, complaint);
        }
    }
    let size = args.opt(2).map_or(Ok(CHUNK as i64), |v| py.index_i64(v))?;
    if size <= 0 {
        return py.value_error("buffer size must be strictly positive");
    }
    start(py, o, args.at(1), size)?;
    Ok(Value::NONE)
}
fn start(py: Py<'_>, o: Object, raw: Value, size: i64) -> R<()> {
    reserve(py, size)?;
    let written = py.bytearray(b"")?;
    py.store(o, RAW, raw);
    py.store(o, READ, py.root(python_objects::py::root::EMPTY_BYTES));
    py.store(o, AT, Value::int(0));
    py.store(o, WRITTEN, written.value());
    py.store(o, SIZE, Value::int(size));
    Ok(())
}
fn init_reader(py: Py<'_>, args: Args<'_>) -> R {
    init(py, args, &[("readable", "File or stream is not readable.")])
}
fn init_writer(py: Py<'_>, args: Args<'_>) -> R {
    init(py, args, &[("writable", "File or stream is not writable.")])
}
fn init_random(py: Py<'_>, args: Args<'_>) -> R {
    let all = [
        ("seekable", "File or stream is not seekable."),
        ("readable", "File or stream is not readable."),
        ("writable", "File or stream is not writable."),
    ];
    init(py, args, &all)
}

/// A stream of a class over a raw stream that is known to fit.
pub(super) fn over(py: Py<'_>, class: Object, raw: Value, size: i64) -> R<Object> {
    let o = py.alloc_instance(class)?;
    start(py, o, raw, size)?;
    Ok(o)
}

fn seek(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    check_open(py, o, "seek")?;
    let whence = args.opt(2).map_or(Ok(0), |v| py.index_i32(v))?;
    if !(0..=2).contains(&whence) {
        return py.value_error(&format!("whence value {whence} unsupported"));
    }
    let raw = raw(py, o)?;
    if !base::ask(py, raw, "seekable")? {
        return base::unsupported(py, "File or stream is not seekable.");
    }
    let mut offset = py.index_i64(args.at(1))?;
    locked(py, o, || {
        flush_written(py, o)?;
        if whence == 1 {
            offset = offset.saturating_sub(unread(o).len() as i64);
        }
        let offset = py.int(offset)?;
        let at = position(py, method(py, raw, "seek", &[offset, Value::int(i64::from(whence))])?)?;
        set_read(py, o, b"")?;
        py.int(at)
    })
}

/// What a raw stream says of its position.
fn position(py: Py<'_>, at: Value) -> R<i64> {
    match py.index_i64(at)? {
        at if at < 0 => py.err(Exc::OSError, &format!("Raw stream returned invalid position {at}")),
        at => Ok(at),
    }
}

fn tell(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let at = position(py, method(py, raw(py, o)?, "tell", &[])?)?;
    let waiting = pending(o).map_or(0, bytes::array_length);
    py.int(at - unread(o).len() as i64 + waiting as i64)
}

fn truncate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    check_open(py, o, "truncate")?;
    let raw = raw(py, o)?;
    if !base::ask(py, args.at(0), "writable")? {
        return base::unsupported(py, "truncate");
    }
    locked(py, o, || {
        flush_written(py, o)?;
        let at = match args.some(1) {
            Some(at) => at,
            None => tell(py, args)?,
        };
        drop_read(py, o)?;
        method(py, raw, "truncate", &[at])
    })
}

fn flush(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    check_open(py, o, "flush")?;
    locked(py, o, || {
        flush_written(py, o)?;
        py.call_method(raw(py, o)?, sym::FLUSH, &[])
    })
}

fn close(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let raw = raw(py, o)?;
    if locked(py, o, || base::is_closed(py, raw))? {
        return Ok(Value::NONE);
    }
    let flushed = py.call_method(args.at(0), sym::FLUSH, &[]);
    locked(py, o, || crate::io::close_after(py, flushed, raw))
}

fn detach(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let raw = raw(py, o)?;
    py.call_method(args.at(0), sym::FLUSH, &[])?;
    py.store(o, RAW, Value::NONE);
    Ok(raw)
}

fn delegate(py: Py<'_>, args: Args<'_>, name: &str) -> R {
    method(py, raw(py, this(py, args)?)?, name, &[])
}
fn readable(py: Py<'_>, args: Args<'_>) -> R {
    if py.of_kind(args.at(0), WRITER.kind).is_some() { Ok(Value::FALSE) } else { delegate(py, args, "readable") }
}
fn writable(py: Py<'_>, args: Args<'_>) -> R {
    if py.of_kind(args.at(0), READER.kind).is_some() { Ok(Value::FALSE) } else { delegate(py, args, "writable") }
}
fn raw_getter(py: Py<'_>, args: Args<'_>) -> R {
    let raw = this(py, args)?.get(RAW);
    Ok(if raw.is_empty() { Value::NONE } else { raw })
}
fn closed(py: Py<'_>, args: Args<'_>) -> R {
    let raw = this(py, args)?.get(RAW);
    if raw.is_empty() || raw == Value::NONE {
        return Ok(Value::FALSE);
    }
    py.get_attribute(raw, sym::CLOSED)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    py.str(&format!("<{}{}>", py.class_full_name(py.class_of(args.at(0))), base::name_part(py, args.at(0))?))
}
