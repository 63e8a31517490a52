//! The abstract classes of streams: `_IOBase` and its kin. Their methods call the others by name, so that Python classes can
//! override them.
//!
//! All streams have the same first words: the attribute dictionary, and whether the stream is closed.

use python_objects::kind::{class, special};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, string};

/// Word of the flag that says that `close` has run.
pub(super) const CLOSED: usize = 2;
/// First word of a stream type's own.
pub(super) const OWN: usize = 3;

/// A stream type with so many words of its own.
pub(super) const fn spec(name: &'static str, own: usize, methods: &'static [Native], doc: &'static str) -> TypeSpec {
    TypeSpec::values("_io", name, (OWN - 1 + own) as u32, methods, doc).inheritable().weakly_referenced().with_dict(1)
}

static IO_BASE: TypeSpec = spec(
    "_IOBase",
    0,
    &[
        Native::method(
            "seek",
            "self, offset, whence=0, /",
            |py, _| unsupported(py, "seek"),
            "Change the stream position.",
        ),
        Native::method("tell", "self, /", tell, "Return the stream position."),
        Native::getter("__dict__", python_objects::class_new::instance_dict, ""),
        Native::method(
            "truncate",
            "self, size=None, /",
            |py, _| unsupported(py, "truncate"),
            "Cut or extend the file.",
        ),
        Native::method(
            "flush",
            "self, /",
            |py, a| check_open(py, a.at(0)).map(|()| Value::NONE),
            "Flush what is buffered.",
        ),
        Native::method("close", "self, /", close, "Flush and close the stream."),
        Native::method("seekable", "self, /", |_, _| Ok(Value::FALSE), "Can the position be changed?"),
        Native::method("readable", "self, /", |_, _| Ok(Value::FALSE), "Can it be read?"),
        Native::method("writable", "self, /", |_, _| Ok(Value::FALSE), "Can it be written?"),
        Native::method("_checkClosed", "self, msg=None, /", |py, a| check_open(py, a.at(0)).map(|()| Value::NONE), ""),
        Native::method(
            "_checkSeekable",
            "self, msg=None, /",
            |py, a| check(py, a, "seekable", "File or stream is not seekable."),
            "",
        ),
        Native::method(
            "_checkReadable",
            "self, msg=None, /",
            |py, a| check(py, a, "readable", "File or stream is not readable."),
            "",
        ),
        Native::method(
            "_checkWritable",
            "self, msg=None, /",
            |py, a| check(py, a, "writable", "File or stream is not writable."),
            "",
        ),
        Native::method("fileno", "self, /", |py, _| unsupported(py, "fileno"), "Return the file descriptor."),
        Native::method(
            "isatty",
            "self, /",
            |py, a| check_open(py, a.at(0)).map(|()| Value::FALSE),
            "Is it a terminal?",
        ),
        Native::method("readline", "self, size=-1, /", readline, "Read and return a line."),
        Native::method("readlines", "self, hint=-1, /", readlines, "Return a list of lines."),
        Native::method("writelines", "self, lines, /", writelines, "Write a list of lines."),
        Native::method("__enter__", "self, /", |py, a| check_open(py, a.at(0)).map(|()| a.at(0)), ""),
        Native::method("__exit__", "self, /, *args", exit, ""),
        Native::wrapper(
            "__iter__",
            "self, /",
            |py, a| check_open(py, a.at(0)).map(|()| a.at(0)),
            "Implement iter(self).",
        ),
        Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
        Native::wrapper("__del__", "self, /", finalize, ""),
        Native::getter(
            "closed",
            |py, a| Ok(Value::bool(marked(py, a.at(0)).is_some_and(|o| o.get(CLOSED) == Value::TRUE))),
            "Is the stream closed?",
        ),
    ],
    "The abstract base class of all streams.",
);
static RAW_IO_BASE: TypeSpec = spec(
    "_RawIOBase",
    0,
    &[
        Native::method("read", "self, size=-1, /", raw_read, "Read at most size bytes."),
        Native::method("readall", "self, /", raw_readall, "Read until the end."),
        Native::method("readinto", "self, buffer, /", |py, _| unsupported(py, "readinto"), "Read into a buffer."),
        Native::method("write", "self, b, /", |py, _| unsupported(py, "write"), "Write bytes."),
    ],
    "Base class of raw binary streams.",
);
static BUFFERED_IO_BASE: TypeSpec = spec(
    "_BufferedIOBase",
    0,
    &[
        Native::method("detach", "self, /", |py, _| unsupported(py, "detach"), "Separate the raw stream."),
        Native::method("read", "self, size=-1, /", |py, _| unsupported(py, "read"), "Read at most size bytes."),
        Native::method(
            "read1",
            "self, size=-1, /",
            |py, _| unsupported(py, "read1"),
            "Read with at most one call of the raw stream.",
        ),
        Native::method("write", "self, b, /", |py, _| unsupported(py, "write"), "Write bytes."),
        Native::method("readinto", "self, buffer, /", |py, a| into(py, a, "read"), "Read into a buffer."),
        Native::method(
            "readinto1",
            "self, buffer, /",
            |py, a| into(py, a, "read1"),
            "Read into a buffer with one call.",
        ),
    ],
    "Base class of buffered binary streams.",
);
static TEXT_IO_BASE: TypeSpec = spec(
    "_TextIOBase",
    0,
    &[
        Native::method("detach", "self, /", |py, _| unsupported(py, "detach"), "Separate the buffer."),
        Native::method("read", "self, size=-1, /", |py, _| unsupported(py, "read"), "Read at most size characters."),
        Native::method("readline", "self, size=-1, /", |py, _| unsupported(py, "readline"), "Read a line."),
        Native::method("write", "self, s, /", |py, _| unsupported(py, "write"), "Write a string."),
        Native::getter("encoding", |_, _| Ok(Value::NONE), "The encoding."),
        Native::getter("newlines", |_, _| Ok(Value::NONE), "The line ends seen."),
        Native::getter("errors", |_, _| Ok(Value::NONE), "The error handler."),
    ],
    "Base class of text streams.",
);

pub(super) fn io_base(py: Py<'_>) -> R<Object> {
    py.native_type(&IO_BASE)
}
pub(super) fn raw_io_base(py: Py<'_>) -> R<Object> {
    py.native_subtype(&RAW_IO_BASE, io_base(py)?)
}
pub(super) fn buffered_io_base(py: Py<'_>) -> R<Object> {
    py.native_subtype(&BUFFERED_IO_BASE, io_base(py)?)
}
pub(super) fn text_io_base(py: Py<'_>) -> R<Object> {
    py.native_subtype(&TEXT_IO_BASE, io_base(py)?)
}

/// `io.UnsupportedOperation`, made at the first call.
pub(super) fn unsupported_operation(py: Py<'_>) -> R<Object> {
    struct Made(u32);
    if let Some(made) = py.state().module_data.borrow().get("io.UnsupportedOperation")
        && let Some(Made(number)) = made.downcast_ref::<Made>()
    {
        return Ok(Object::of(py.kept(*number)));
    }
    let name = py.str("UnsupportedOperation")?;
    let bases = [Exc::OSError, Exc::ValueError].map(|e| py.root(e.root()));
    let (bases, d, module) = (py.tuple(&bases)?, py.new_dict()?, py.str("io")?);
    py.dict_set_symbol(d, sym::MODULE, module)?;
    let made = py.call(py.root(class::TYPE), &[name, bases, d.value()])?;
    let number = py.keep(made)?;
    py.state().data("io.UnsupportedOperation", || Made(number));
    Ok(Object::of(made))
}

/// Raises UnsupportedOperation.
pub(super) fn unsupported<T>(py: Py<'_>, text: &str) -> R<T> {
    let class = unsupported_operation(py)?;
    let text = py.str(text)?;
    let e = py.make_exception(py.call(class.value(), &[text])?)?;
    Err(py.throw(e))
}

/// `stream.closed`
pub(super) fn is_closed(py: Py<'_>, v: Value) -> R<bool> {
    let closed = py.get_attribute(v, sym::CLOSED)?;
    py.truth(closed)
}

/// ValueError if the stream is closed.
pub(super) fn check_open(py: Py<'_>, v: Value) -> R<()> {
    if is_closed(py, v)? {
        return py.value_error("I/O operation on closed file.");
    }
    Ok(())
}

/// Calls a method of a stream by name.
pub(super) fn method(py: Py<'_>, v: Value, name: &str, args: &[Value]) -> R {
    let name = py.intern(name)?;
    py.call_method(v, name, args)
}

/// The truth of what a method answers.
pub(super) fn ask(py: Py<'_>, v: Value, name: &str) -> R<bool> {
    let answer = method(py, v, name, &[])?;
    py.truth(answer)
}

/// A size argument: None and what is not given are -1.
pub(super) fn size_argument(py: Py<'_>, v: Option<Value>) -> R<i64> {
    match v {
        None => Ok(-1),
        Some(v) => match py.index_i64(v) {
            Ok(n) => Ok(n),
            Err(_) if py.pending_is(Exc::TypeError) => {
                py.take_exception();
                py.type_error(&format!("argument should be integer or None, not '{}'", py.class_name(v)))
            }
            Err(stop) => Err(stop),
        },
    }
}

/// The object, if it can hold a flag of its own.
fn marked(py: Py<'_>, v: Value) -> Option<Object> {
    Object::from_value(v).filter(|_| io_base(py).is_ok_and(|base| py.is_instance(v, base)))
}

fn tell(py: Py<'_>, args: Args<'_>) -> R {
    method(py, args.at(0), "seek", &[Value::int(0), Value::int(1)])
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = marked(py, args.at(0)) else { return py.type_error("a stream is required") };
    if o.get(CLOSED) == Value::TRUE {
        return Ok(Value::NONE);
    }
    let flushed = py.call_method(args.at(0), sym::FLUSH, &[]);
    py.store(o, CLOSED, Value::TRUE);
    flushed.map(|_| Value::NONE)
}
fn check(py: Py<'_>, args: Args<'_>, ability: &str, text: &str) -> R {
    if ask(py, args.at(0), ability)? { Ok(Value::TRUE) } else { unsupported(py, text) }
}
fn exit(py: Py<'_>, args: Args<'_>) -> R {
    py.call_method(args.at(0), sym::CLOSE, &[])
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let line = py.call_method(args.at(0), sym::READLINE, &[])?;
    if py.truth(line)? { Ok(line) } else { Ok(special::END) }
}

/// What the end of an unclosed stream does; errors go nowhere, as under CPython.
fn finalize(py: Py<'_>, args: Args<'_>) -> R {
    let closed = is_closed(py, args.at(0));
    match closed {
        Ok(true) => {}
        Ok(false) => {
            if super::unclosed::warn(py, args.at(0)).is_err() {
                crate::sys::hooks::report_unraisable(py, None, args.at(0));
            }
            if py.call_method(args.at(0), sym::CLOSE, &[]).is_err() {
                py.take_exception();
            }
        }
        Err(_) => {
            py.take_exception();
        }
    }
    Ok(Value::NONE)
}

fn readline(py: Py<'_>, args: Args<'_>) -> R {
    let limit = size_argument(py, args.some(1))?;
    let peek = py.intern("peek")?;
    let peek = py.get_optional(args.at(0), peek)?;
    let mut line: Vec<u8> = Vec::new();
    while limit < 0 || (line.len() as i64) < limit {
        let mut want = 1;
        if let Some(peek) = peek {
            let ahead = py.call(peek, &[Value::int(1)])?;
            let Some(ahead) = py.as_bytes(ahead) else {
                return py.err(
                    Exc::OSError,
                    &format!("peek() should have returned a bytes object, not '{}'", py.class_name(ahead)),
                );
            };
            let ahead = python_objects::bytes::slice(ahead);
            want = ahead.iter().position(|b| *b == b'\n').map_or(ahead.len(), |i| i + 1).max(1) as i64;
            if limit >= 0 {
                want = want.min(limit - line.len() as i64);
            }
        }
        let piece = py.call_method(args.at(0), sym::READ, &[Value::int(want)])?;
        let Some(b) = py.as_bytes(piece) else {
            return py.err(
                Exc::OSError,
                &format!("read() should have returned a bytes object, not '{}'", py.class_name(piece)),
            );
        };
        let b = python_objects::bytes::slice(b);
        line.extend_from_slice(b);
        if b.is_empty() || line.ends_with(b"\n") {
            break;
        }
    }
    Ok(py.bytes(&line)?.value())
}

fn readlines(py: Py<'_>, args: Args<'_>) -> R {
    let hint = size_argument(py, args.some(1))?;
    let lines = py.new_list(8)?;
    if hint <= 0 {
        py.extend_list(lines, args.at(0))?;
        return Ok(lines.value());
    }
    let (iterator, mut total) = (py.iter(args.at(0))?, 0);
    while let Some(line) = py.next(iterator)? {
        py.list_push(lines, line)?;
        total += py.length(line)? as i64;
        if total > hint {
            break;
        }
    }
    Ok(lines.value())
}

fn writelines(py: Py<'_>, args: Args<'_>) -> R {
    check_open(py, args.at(0))?;
    py.each(args.at(1), |line| py.call_method(args.at(0), sym::WRITE, &[line]).map(|_| ()))?;
    Ok(Value::NONE)
}

fn raw_read(py: Py<'_>, args: Args<'_>) -> R {
    let n = size_argument(py, args.some(1))?;
    if n < 0 {
        return method(py, args.at(0), "readall", &[]);
    }
    let buffer = py.bytearray(&vec![0; super::reserve(py, n)?])?;
    let got = method(py, args.at(0), "readinto", &[buffer.value()])?;
    if got == Value::NONE {
        return Ok(got);
    }
    let got = py.index_i64(got)?;
    let content = py.bytearray_content(buffer);
    match usize::try_from(got).ok().and_then(|n| content.get(..n)) {
        Some(content) => Ok(py.bytes(content)?.value()),
        None => py.value_error(&format!("readinto returned {got} outside buffer size {n}")),
    }
}

fn raw_readall(py: Py<'_>, args: Args<'_>) -> R {
    let mut all: Vec<u8> = Vec::new();
    loop {
        let piece = py.call_method(args.at(0), sym::READ, &[Value::int(super::CHUNK as i64)])?;
        if piece == Value::NONE && all.is_empty() {
            return Ok(piece);
        }
        let Some(b) = py.as_bytes(piece).filter(|_| piece != Value::NONE) else {
            if piece == Value::NONE {
                break;
            }
            return py.type_error("read() should return bytes");
        };
        let b = python_objects::bytes::slice(b);
        if b.is_empty() {
            break;
        }
        all.extend_from_slice(b);
    }
    Ok(py.bytes(&all)?.value())
}

fn into(py: Py<'_>, args: Args<'_>, read: &str) -> R {
    let Some(room) = super::target_length(py, args.at(1)) else {
        return super::not_writable(py, args.at(1), "readinto");
    };
    let n = py.int_usize(room)?;
    let data = method(py, args.at(0), read, &[n])?;
    let Some(b) = py.as_bytes(data) else { return py.type_error(&format!("{read}() should return bytes")) };
    let b = python_objects::bytes::slice(b);
    if b.len() > room {
        return py
            .value_error(&format!("{read}() returned too much data: {room} bytes requested, {} returned", b.len()));
    }
    super::fill_target(py, args.at(1), 0, b);
    py.int_usize(b.len())
}

/// ` name='…'` of a stream, for its `repr`.
pub(super) fn name_part(py: Py<'_>, v: Value) -> R<String> {
    let name = py.intern("name")?;
    let r = py.get_attribute(v, name);
    match r {
        Ok(name) => Ok(format!(" name={}", py.repr_text(name)?)),
        // A closed or detached stream has none to tell.
        Err(stop) => match py.catch(Exc::AttributeError).or_else(|| py.catch(Exc::ValueError)) {
            Some(_) => Ok(String::new()),
            None => Err(stop),
        },
    }
}

/// The text of an argument that must be a string.
pub(super) fn text_of(py: Py<'_>, v: Value, what: &str) -> R<Object> {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(s),
        None => py.type_error(&format!("{what} must be str, not {}", py.class_name(v))),
    }
}
