//! `BufferedReader`, `BufferedWriter`, `BufferedRandom`: a raw stream with buffers. Reading keeps a `bytes` with a position,
//! writing a bytearray of what the raw stream has not got yet; both are never filled at once.

use super::base::{self, OWN, method, spec};
use super::{CHUNK, file, fill_target, reserve, target_length};
use python_objects::exception::word;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, bytes};

const RAW: usize = OWN;
const READ: usize = OWN + 1;
const AT: usize = OWN + 2;
const WRITTEN: usize = OWN + 3;
const SIZE: usize = OWN + 4;
const OWN_WORDS: usize = 5;

/// What all three have.
static COMMON: &[Native] = &[
    Native::method("seek", "self, target, whence=0, /", seek, "Change the position."),
    Native::method("tell", "self, /", tell, "Return the position."),
    Native::method("truncate", "self, pos=None, /", truncate, "Cut or extend the file."),
    Native::method("flush", "self, /", flush, "Flush what is buffered."),
    Native::method("close", "self, /", close, "Flush and close the stream."),
    Native::method("detach", "self, /", detach, "Flush and give the raw stream away."),
    Native::method("seekable", "self, /", seekable, "Can the position be changed?"),
    Native::method("readable", "self, /", readable, "Can it be read?"),
    Native::method("writable", "self, /", writable, "Can it be written?"),
    Native::method("fileno", "self, /", fileno, "Return the file descriptor."),
    Native::method("isatty", "self, /", isatty, "Is it a terminal?"),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::getter("raw", raw_getter, "The raw stream."),
    Native::getter("closed", closed, "Is the raw stream closed?"),
    Native::getter("name", name, "The raw stream's name."),
    Native::getter("mode", mode, "The raw stream's mode."),
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
    .with_methods(COMMON);
static WRITER: TypeSpec = spec("BufferedWriter", OWN_WORDS, INIT_WRITER, "A raw stream with a buffer for writing.")
    .with_methods(WRITING)
    .with_methods(COMMON);
static RANDOM: TypeSpec =
    spec("BufferedRandom", OWN_WORDS, INIT_RANDOM, "A raw stream with buffers for reading and writing.")
        .with_methods(READING)
        .with_methods(WRITING)
        .with_methods(COMMON);

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

// ---- reading

/// What is buffered and unread.
fn unread<'a>(o: Object) -> &'a [u8] {
    match Object::from_value(o.get(READ)) {
        Some(b) => bytes::slice(b).get(o.get(AT).as_int() as usize..).unwrap_or_default(),
        None => &[],
    }
}

fn advance(py: Py<'_>, o: Object, n: usize) {
    py.store(o, AT, Value::int(o.get(AT).as_int() + n as i64));
}

fn set_read(py: Py<'_>, o: Object, content: &[u8]) -> R<()> {
    let b = py.bytes(content)?;
    py.store(o, READ, b.value());
    py.store(o, AT, Value::int(0));
    Ok(())
}

/// One call of the raw stream for at most `n` bytes; `None` if it would block.
fn raw_read(py: Py<'_>, o: Object, n: usize) -> R<Option<Vec<u8>>> {
    let raw = raw(py, o)?;
    if let Some(f) = file::exact(py, raw)? {
        let mut buffer = vec![0; n];
        return Ok(file::read_once(py, f, &mut buffer)?.map(|got| {
            buffer.truncate(got);
            buffer
        }));
    }
    let buffer = py.bytearray(&vec![0; n])?;
    let got = method(py, raw, "readinto", &[buffer.value()])?;
    if got == Value::NONE {
        return Ok(None);
    }
    let got = py.index_i64(got)?;
    match usize::try_from(got).ok().filter(|got| *got <= n) {
        Some(got) => {
            let mut content = py.bytearray_content(buffer);
            content.truncate(got);
            Ok(Some(content))
        }
        None => py.err(
            Exc::OSError,
            &format!("raw readinto() returned invalid length {got} (should have been between 0 and {n})"),
        ),
    }
}

/// Fills the empty buffer by one call; false at the end or if that would block.
fn fill(py: Py<'_>, o: Object) -> R<bool> {
    match raw_read(py, o, o.get(SIZE).as_int() as usize)? {
        Some(content) => {
            set_read(py, o, &content)?;
            Ok(!content.is_empty())
        }
        None => Ok(false),
    }
}

/// Reads to the end; `None` if there is nothing yet.
fn read_all(py: Py<'_>, o: Object) -> R<Option<Vec<u8>>> {
    flush_written(py, o)?;
    let mut all = unread(o).to_vec();
    set_read(py, o, b"")?;
    let raw = raw(py, o)?;
    let rest = match file::exact(py, raw)? {
        Some(f) => file::read_all(py, f)?,
        None => {
            let readall = py.intern("readall")?;
            match py.get_optional(raw, readall)? {
                Some(readall) => {
                    let v = py.call(readall, &[])?;
                    match py.content_of(v) {
                        Some(content) => Some(content.to_vec()),
                        None if v == Value::NONE => None,
                        None => return py.type_error("readall() should return bytes"),
                    }
                }
                None => {
                    let mut rest = Vec::new();
                    loop {
                        let v = py.call_method(raw, sym::READ, &[])?;
                        match py.content_of(v) {
                            Some(content) if !content.is_empty() => rest.extend_from_slice(&content),
                            Some(_) => break Some(rest),
                            None if v == Value::NONE && rest.is_empty() => break None,
                            None if v == Value::NONE => break Some(rest),
                            None => return py.type_error("read() should return bytes"),
                        }
                    }
                }
            }
        }
    };
    match rest {
        None if all.is_empty() => Ok(None),
        None => Ok(Some(all)),
        Some(rest) => {
            all.extend_from_slice(&rest);
            Ok(Some(all))
        }
    }
}

/// Reads up to `n` bytes by as many calls as that takes; `None` if there is nothing yet.
fn read_up_to(py: Py<'_>, o: Object, n: usize) -> R<Option<Vec<u8>>> {
    flush_written(py, o)?;
    reserve(py, n as i64)?;
    let mut got: Vec<u8> = Vec::new();
    loop {
        let ready = unread(o);
        let take = ready.len().min(n - got.len());
        got.extend_from_slice(&ready[..take]);
        advance(py, o, take);
        let left = n - got.len();
        if left == 0 {
            return Ok(Some(got));
        }
        if left >= o.get(SIZE).as_int() as usize {
            match raw_read(py, o, left)? {
                None if got.is_empty() => return Ok(None),
                Some(more) if !more.is_empty() => got.extend_from_slice(&more),
                _ => return Ok(Some(got)),
            }
        } else {
            match raw_read(py, o, o.get(SIZE).as_int() as usize)? {
                None if got.is_empty() => return Ok(None),
                Some(more) if !more.is_empty() => set_read(py, o, &more)?,
                _ => return Ok(Some(got)),
            }
        }
    }
}

/// The bytes, or None.
fn answer(py: Py<'_>, got: Option<Vec<u8>>) -> R {
    match got {
        Some(got) => Ok(py.bytes(&got)?.value()),
        None => Ok(Value::NONE),
    }
}

fn read(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let n = base::size_argument(py, args.some(1))?;
    if n < -1 {
        return py.value_error("read length must be non-negative or -1");
    }
    check_open(py, o, "read")?;
    let got = if n < 0 { read_all(py, o)? } else { read_up_to(py, o, n as usize)? };
    answer(py, got)
}

/// What `read1` does, for text streams.
pub(super) fn read_some(py: Py<'_>, o: Object, n: usize) -> R<Vec<u8>> {
    flush_written(py, o)?;
    if unread(o).is_empty() {
        return Ok(raw_read(py, o, n)?.unwrap_or_default());
    }
    let ready = unread(o);
    let taken = ready[..ready.len().min(n)].to_vec();
    advance(py, o, taken.len());
    Ok(taken)
}

fn read1(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let n = base::size_argument(py, args.some(1))?;
    check_open(py, o, "read")?;
    let n = usize::try_from(n).unwrap_or(o.get(SIZE).as_int() as usize);
    if n == 0 {
        return Ok(py.root(python_objects::py::root::EMPTY_BYTES));
    }
    reserve(py, n as i64)?;
    Ok(py.bytes(&read_some(py, o, n)?)?.value())
}

fn into(py: Py<'_>, args: Args<'_>, once: bool) -> R {
    let o = this(py, args)?;
    check_open(py, o, "readinto")?;
    let Some(room) = target_length(py, args.at(1)) else { return super::not_writable(py, args.at(1), "readinto") };
    let got = if once { Some(read_some(py, o, room)?) } else { read_up_to(py, o, room)? };
    match got {
        Some(got) => {
            fill_target(py, args.at(1), 0, &got);
            py.int_usize(got.len())
        }
        None => Ok(Value::NONE),
    }
}
fn readinto(py: Py<'_>, args: Args<'_>) -> R {
    into(py, args, false)
}
fn readinto1(py: Py<'_>, args: Args<'_>) -> R {
    into(py, args, true)
}

fn readline(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let limit = base::size_argument(py, args.some(1))?;
    check_open(py, o, "readline")?;
    flush_written(py, o)?;
    let mut line: Vec<u8> = Vec::new();
    loop {
        let ready = unread(o);
        let mut take = ready.iter().position(|b| *b == b'\n').map_or(ready.len(), |i| i + 1);
        if let Ok(limit) = usize::try_from(limit) {
            take = take.min(limit - line.len());
        }
        line.extend_from_slice(&ready[..take]);
        advance(py, o, take);
        if line.ends_with(b"\n") || usize::try_from(limit).is_ok_and(|limit| line.len() >= limit) || !fill(py, o)? {
            return Ok(py.bytes(&line)?.value());
        }
    }
}

fn peek(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    check_open(py, o, "peek")?;
    flush_written(py, o)?;
    if unread(o).is_empty() {
        fill(py, o)?;
    }
    Ok(py.bytes(unread(o))?.value())
}

// ---- writing

fn pending(o: Object) -> Option<Object> {
    Object::from_value(o.get(WRITTEN)).filter(|b| bytes::array_length(*b) > 0)
}

/// One call of the raw stream; `None` if it would block.
fn raw_write(py: Py<'_>, o: Object, content: &[u8]) -> R<Option<usize>> {
    let raw = raw(py, o)?;
    if let Some(f) = file::exact(py, raw)? {
        return file::write_once(py, f, content);
    }
    let b = py.bytes(content)?;
    let n = py.call_method(raw, sym::WRITE, &[b.value()])?;
    if n == Value::NONE {
        return Ok(None);
    }
    let n = py.index_i64(n)?;
    match usize::try_from(n).ok().filter(|n| *n <= content.len()) {
        Some(n) => Ok(Some(n)),
        None => py.err(
            Exc::OSError,
            &format!("raw write() returned invalid length {n} (should have been between 0 and {})", content.len()),
        ),
    }
}

/// BlockingIOError with the number of bytes that were taken.
fn would_block<T>(py: Py<'_>, taken: usize) -> R<T> {
    let text = py.str("write could not complete without blocking")?;
    let e = py.call(py.root(Exc::BlockingIOError.root()), &[Value::int(11), text])?;
    let e = py.make_exception(e)?;
    py.store(e, word::OWN + 4, Value::int(taken as i64));
    Err(py.throw(e))
}

/// Gives the raw stream all that is pending.
pub(super) fn flush_written(py: Py<'_>, o: Object) -> R<()> {
    while let Some(b) = pending(o) {
        let content = py.bytearray_content(b);
        match raw_write(py, o, &content)? {
            Some(n) => py.bytearray_splice(b, 0, n, b"")?,
            None => return would_block(py, 0),
        }
    }
    Ok(())
}

/// Before writing: what was read ahead is given back.
fn drop_read(py: Py<'_>, o: Object) -> R<()> {
    let ahead = unread(o).len() as i64;
    if ahead > 0 {
        set_read(py, o, b"")?;
        method(py, raw(py, o)?, "seek", &[Value::int(-ahead), Value::int(1)])?;
    }
    Ok(())
}

/// What `write` does.
pub(super) fn put(py: Py<'_>, o: Object, content: &[u8]) -> R<()> {
    drop_read(py, o)?;
    let size = o.get(SIZE).as_int() as usize;
    let waiting = pending(o).map_or(0, bytes::array_length);
    if waiting + content.len() > size {
        flush_written(py, o)?;
        let mut rest = content;
        while rest.len() > size {
            match raw_write(py, o, rest)? {
                Some(n) => rest = &rest[n..],
                None => return would_block(py, content.len() - rest.len()),
            }
        }
        return append(py, o, rest);
    }
    append(py, o, content)
}

fn append(py: Py<'_>, o: Object, content: &[u8]) -> R<()> {
    let Some(b) = Object::from_value(o.get(WRITTEN)) else { return Ok(()) };
    let end = bytes::array_length(b);
    py.bytearray_splice(b, end, end, content)
}

fn write(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(content) = py.content_of(args.at(1)) else { return super::not_bytes(py, args.at(1)) };
    check_open(py, o, "write")?;
    put(py, o, &content)?;
    py.int_usize(content.len())
}

// ---- the rest

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
    flush_written(py, o)?;
    if whence == 1 {
        offset = offset.saturating_sub(unread(o).len() as i64);
    }
    let offset = py.int(offset)?;
    let at = method(py, raw, "seek", &[offset, Value::int(i64::from(whence))])?;
    set_read(py, o, b"")?;
    Ok(at)
}

fn tell(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let at = py.index_i64(method(py, raw(py, o)?, "tell", &[])?)?;
    if at < 0 {
        return py.err(Exc::OSError, &format!("Raw stream returned invalid position {at}"));
    }
    let waiting = pending(o).map_or(0, bytes::array_length);
    py.int(at - unread(o).len() as i64 + waiting as i64)
}

fn truncate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    check_open(py, o, "truncate")?;
    let raw = raw(py, o)?;
    if !base::ask(py, raw, "writable")? {
        return base::unsupported(py, "truncate");
    }
    flush_written(py, o)?;
    let at = match args.some(1) {
        Some(at) => at,
        None => tell(py, args)?,
    };
    drop_read(py, o)?;
    method(py, raw, "truncate", &[at])
}

fn flush(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    check_open(py, o, "flush")?;
    flush_written(py, o)?;
    py.call_method(raw(py, o)?, sym::FLUSH, &[])
}

fn close(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let raw = raw(py, o)?;
    if base::is_closed(py, raw)? {
        return Ok(Value::NONE);
    }
    let flushed = py.call_method(args.at(0), sym::FLUSH, &[]);
    super::close_after(py, flushed, raw)
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
fn seekable(py: Py<'_>, args: Args<'_>) -> R {
    delegate(py, args, "seekable")
}
fn readable(py: Py<'_>, args: Args<'_>) -> R {
    if py.of_kind(args.at(0), WRITER.kind).is_some() { Ok(Value::FALSE) } else { delegate(py, args, "readable") }
}
fn writable(py: Py<'_>, args: Args<'_>) -> R {
    if py.of_kind(args.at(0), READER.kind).is_some() { Ok(Value::FALSE) } else { delegate(py, args, "writable") }
}
fn fileno(py: Py<'_>, args: Args<'_>) -> R {
    delegate(py, args, "fileno")
}
fn isatty(py: Py<'_>, args: Args<'_>) -> R {
    delegate(py, args, "isatty")
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
    py.get_attribute_text(raw, "closed")
}
fn name(py: Py<'_>, args: Args<'_>) -> R {
    py.get_attribute_text(raw(py, this(py, args)?)?, "name")
}
fn mode(py: Py<'_>, args: Args<'_>) -> R {
    py.get_attribute_text(raw(py, this(py, args)?)?, "mode")
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    py.str(&format!("<{}{}>", py.class_full_name(py.class_of(args.at(0))), base::name_part(py, args.at(0))?))
}
