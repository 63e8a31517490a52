//! `_io`: files and streams, from file descriptors to text.

mod base;
mod buffered;
pub(crate) mod encoding;
mod file;
mod memory;
mod newline;
mod open;
mod pair;
mod strings;
mod text;
pub(crate) mod unclosed;

pub(crate) use open::install_streams;

use crate::buffers::{fill_target, target_length};
use crate::pending::finalizable;
use crate::support::{add, constants};
use python_objects::exception::word;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, Value};
use vm_api::heap::{OutOfMemory, RootedVec};

/// Bytes that are read or buffered at once.
const CHUNK: usize = 8192;

static OPEN: &[Native] = &[Native::function(
    "open",
    "file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None",
    open::open,
    "Open file and return a stream.",
)];
static FUNCTIONS: &[Native] = &[
    Native::function("open_code", "path", open_code, "Open a file with code for reading."),
    Native::function("text_encoding", "encoding, stacklevel=2, /", text_encoding, "Choose the default encoding."),
];

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    py.add_functions(module, OPEN)?;
    py.add_functions(module, FUNCTIONS)?;
    for (name, class) in [
        ("_IOBase", base::io_base(py)?),
        ("_RawIOBase", base::raw_io_base(py)?),
        ("_BufferedIOBase", base::buffered_io_base(py)?),
        ("_TextIOBase", base::text_io_base(py)?),
        ("FileIO", file::class(py)?),
        ("BytesIO", memory::class(py)?),
        ("StringIO", strings::class(py)?),
        ("BufferedReader", buffered::reader(py)?),
        ("BufferedWriter", buffered::writer(py)?),
        ("BufferedRandom", buffered::random(py)?),
        ("BufferedRWPair", pair::class(py)?),
        ("TextIOWrapper", text::class(py)?),
        ("IncrementalNewlineDecoder", newline::class(py)?),
        ("UnsupportedOperation", base::unsupported_operation(py)?),
        ("BlockingIOError", py.exception_class(Exc::BlockingIOError)),
    ] {
        add(py, module, name, class.value())?;
    }
    constants(py, module, &[("DEFAULT_BUFFER_SIZE", CHUNK as i64)])
}

/// Puts `open` into `builtins`.
pub(crate) fn install(py: Py<'_>, builtins: Object) -> R<()> {
    py.add_functions(builtins, OPEN)
}

fn open_code(py: Py<'_>, args: Args<'_>) -> R {
    let mode = py.str("rb")?;
    let mut all = [Value::EMPTY; 8];
    (all[0], all[1]) = (args.at(0), mode);
    open::open(py, Args::of(&all))
}

fn text_encoding(py: Py<'_>, args: Args<'_>) -> R {
    if args.at(0) != Value::NONE {
        return Ok(args.at(0));
    }
    let level = args.opt(1).map_or(Ok(2), |v| py.index_i64(v))?;
    unspecified(py, usize::try_from(level).unwrap_or(1))?;
    py.str(if py.state().settings.flags.utf8_mode { "utf-8" } else { "locale" })
}

/// A text stream was asked for without an encoding: warns where that is wanted.
fn unspecified(py: Py<'_>, level: usize) -> R<()> {
    if !py.state().settings.flags.warn_default_encoding {
        return Ok(());
    }
    python_builtins::warnings::warn(py, Exc::EncodingWarning, "'encoding' argument not specified", level)
}

/// A size as a length that memory may hold; MemoryError otherwise.
fn reserve(py: Py<'_>, n: i64) -> R<usize> {
    match usize::try_from(n) {
        Ok(n) if n <= py.heap().options().limit => Ok(n),
        _ => Err(py.out_of_memory(OutOfMemory)),
    }
}

/// `a bytes-like object is required, not …`
fn not_bytes<T>(py: Py<'_>, v: Value) -> R<T> {
    py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v)))
}

fn not_writable<T>(py: Py<'_>, v: Value, function: &str) -> R<T> {
    py.type_error(&format!("{function}() argument must be read-write bytes-like object, not {}", py.class_name(v)))
}

/// Closes what lies under a stream whose flushing went as `flushed` says: the error of closing comes with that of flushing as
/// its context.
fn close_after(py: Py<'_>, flushed: R, under: Value) -> R {
    match flushed {
        Ok(_) => py.call_method(under, sym::CLOSE, &[]),
        Err(_) => {
            let first = py.take_exception();
            match py.call_method(under, sym::CLOSE, &[]) {
                Ok(_) => Err(py.raise(first)),
                Err(stop) => {
                    if let Some(second) = Object::from_value(py.exception()) {
                        py.store(second, word::CONTEXT, first);
                    }
                    Err(stop)
                }
            }
        }
    }
}

/// `_io._IOBase`
pub(crate) fn base_class(py: Py<'_>) -> R<Object> {
    base::io_base(py)
}

/// At the end of a program: what unclosed streams have buffered goes to their files, text before bytes. Errors go nowhere,
/// as those of streams that are collected. `alive` are all objects with a finalizer, as all streams have one, if the caller
/// knows them.
pub(crate) fn flush_all(py: Py<'_>, alive: Option<RootedVec<'_>>) {
    let alive = alive.unwrap_or_else(|| finalizable(py));
    let (text, binary) = (RootedVec::new(py.heap()), RootedVec::new(py.heap()));
    for v in (0..alive.len()).filter_map(|i| alive.get(i)) {
        if text::is(py, v) {
            text.push(v);
        } else if buffered::find(py, v).is_some() {
            binary.push(v);
        }
    }
    for streams in [text, binary] {
        for i in 0..streams.len() {
            let Some(v) = streams.get(i) else { continue };
            let open = base::is_closed(py, v).map(|closed| !closed);
            if open == Ok(true) && py.call_method(v, sym::FLUSH, &[]).is_ok() {
                continue;
            }
            py.take_exception();
        }
    }
}
