//! `FileIO`: a file descriptor as a raw stream.

use super::base::{self, CLOSED, OWN, spec};
use super::{CHUNK, fill_target, reserve, target_length};
use crate::support::{path_argument, utf8};
use crate::sys::audit;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, exception, string};
use std::io::ErrorKind;

const FD: usize = OWN;
const MODE: usize = OWN + 1;
const CLOSE_FD: usize = OWN + 2;
const SEEKABLE: usize = OWN + 3;
const NAME: usize = OWN + 4;

const READABLE: i64 = 1;
const WRITABLE: i64 = 2;
const CREATED: i64 = 4;
const APPENDING: i64 = 8;
/// `EBADF`
const BAD_DESCRIPTOR: i32 = 9;

static FILE_IO: TypeSpec = spec(
    "FileIO",
    5,
    &[
        Native::wrapper("__init__", "self, file, mode='r', closefd=True, opener=None", init, ""),
        Native::method("read", "self, size=-1, /", read_method, "Read at most size bytes."),
        Native::method("readall", "self, /", readall, "Read until the end."),
        Native::method("readinto", "self, buffer, /", readinto, "Read into a buffer."),
        Native::method("write", "self, b, /", write_method, "Write bytes; return how many."),
        Native::method("seek", "self, pos, whence=0, /", seek, "Change the position."),
        Native::method("tell", "self, /", tell, "Return the position."),
        Native::method("truncate", "self, size=None, /", truncate, "Cut or extend the file."),
        Native::method("close", "self, /", close, "Close the file."),
        Native::method("seekable", "self, /", seekable_method, "Can the position be changed?"),
        Native::method("readable", "self, /", readable, "Can it be read?"),
        Native::method("writable", "self, /", writable, "Can it be written?"),
        Native::method("fileno", "self, /", fileno, "Return the file descriptor."),
        Native::method("isatty", "self, /", isatty, "Is it a terminal?"),
        Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
        Native::getter("closed", closed, "True if the file is closed"),
        Native::getter("closefd", closefd, "Is the descriptor closed with the file?"),
        Native::getter("mode", mode, "The mode."),
        Native::getter("name", name, "The file's name or descriptor."),
        Native::setter("name", set_name),
        Native::getter("_blksize", block_size, "The preferred block size."),
    ],
    "A file descriptor as a raw stream.",
)
.finalized();

pub(super) fn class(py: Py<'_>) -> R<Object> {
    py.native_subtype(&FILE_IO, base::raw_io_base(py)?)
}

/// The file, if `v` is exactly a FileIO: then its methods are as they are here.
pub(super) fn exact(py: Py<'_>, v: Value) -> R<Option<Object>> {
    let Some(o) = py.of_kind(v, FILE_IO.kind) else { return Ok(None) };
    Ok(Some(o).filter(|o| class(py).is_ok_and(|c| c == py.class_of(o.value()))))
}

/// Is it a file whose descriptor is open and closed with it?
pub(super) fn holds_descriptor(py: Py<'_>, v: Value) -> bool {
    py.of_kind(v, FILE_IO.kind).is_some_and(|o| {
        let fd = o.get(FD);
        fd.is_int() && fd.as_int() >= 0 && o.get(CLOSE_FD) == Value::TRUE
    })
}

/// A file on a descriptor that is there.
pub(super) fn on_descriptor(py: Py<'_>, fd: i32, readable: bool, close: bool, name: Value) -> R<Object> {
    let o = py.alloc_instance(class(py)?)?;
    py.store(o, FD, Value::int(i64::from(fd)));
    py.store(o, MODE, Value::int(if readable { READABLE } else { WRITABLE }));
    py.store(o, CLOSE_FD, Value::bool(close));
    py.store(o, NAME, name);
    Ok(o)
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.of_kind(args.at(0), FILE_IO.kind) {
        Some(o) => Ok(o),
        None => py.type_error("a FileIO is required"),
    }
}

/// The descriptor; ValueError if the file is closed.
fn descriptor(py: Py<'_>, o: Object) -> R<i32> {
    let fd = o.get(FD);
    if fd.is_empty() || fd.as_int() < 0 {
        py.value_error("I/O operation on closed file")
    } else {
        Ok(fd.as_int() as i32)
    }
}

fn bits(o: Object) -> i64 {
    if o.get(MODE).is_int() { o.get(MODE).as_int() } else { 0 }
}

/// `mode`, checked: the bits, and the flags of `open(2)`.
fn parse_mode(py: Py<'_>, mode: &str) -> R<(i64, i32)> {
    let (mut kind, mut plus) = (None, false);
    for c in mode.chars() {
        match c {
            'r' | 'w' | 'a' | 'x' if kind.is_none() => kind = Some(c),
            '+' if !plus => plus = true,
            'b' => {}
            'r' | 'w' | 'a' | 'x' | '+' => {
                return py.value_error("Must have exactly one of create/read/write/append mode and at most one plus");
            }
            _ => return py.value_error(&format!("invalid mode: {mode}")),
        }
    }
    let (mut bits, mut flags) = match kind {
        Some('r') => (READABLE, 0),
        Some('w') => (WRITABLE, libc_flag::CREAT | libc_flag::TRUNC),
        Some('a') => (WRITABLE | APPENDING, libc_flag::CREAT | libc_flag::APPEND),
        Some('x') => (WRITABLE | CREATED, libc_flag::CREAT | libc_flag::EXCL),
        _ => return py.value_error("Must have exactly one of create/read/write/append mode and at most one plus"),
    };
    if plus {
        bits |= READABLE | WRITABLE;
    }
    flags |= match (bits & READABLE != 0, bits & WRITABLE != 0) {
        (true, true) => libc_flag::RDWR,
        (false, true) => libc_flag::WRONLY,
        _ => libc_flag::RDONLY,
    };
    Ok((bits, flags))
}

use stdlib_system::open_flag as libc_flag;

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mode = match args.opt(2) {
        Some(m) => utf8(py, base::text_of(py, m, "FileIO() argument 'mode'")?)?,
        None => "r".to_owned(),
    };
    let (bits, flags) = parse_mode(py, &mode)?;
    let closefd = match args.opt(3) {
        Some(v) => py.truth(v)?,
        None => true,
    };
    let file = args.at(1);
    let opener = args.some(4);
    let fd = if let Some(fd) = py.as_int(file).filter(|_| string::exact_or_payload(py, file).is_none()) {
        let fd = py.index_i32(fd)?;
        if fd < 0 {
            return py.value_error("negative file descriptor");
        }
        match stdlib_system::stat_descriptor(fd) {
            Ok(_) => fd,
            Err(e) => return Err(py.os_error(&e, Some(file))),
        }
    } else {
        if !closefd {
            return py.value_error("Cannot use closefd=False with file name");
        }
        let flag_value = Value::int(i64::from(flags | libc_flag::CLOEXEC));
        audit::event(py, "open", &[file, args.opt(2).unwrap_or(Value::NONE), flag_value])?;
        match opener {
            Some(opener) => {
                let fd = py.call(opener, &[file, flag_value])?;
                if py.as_int(fd).is_none() {
                    return py.type_error("expected integer from opener");
                }
                let fd = py.index_i32(fd)?;
                if fd < 0 {
                    return py.value_error(&format!("opener returned {fd}"));
                }
                fd
            }
            None => {
                let path = path_argument(py, file, "")?;
                loop {
                    py.poll()?;
                    match py.blocking(|| stdlib_system::open(&path.path, flags, 0o666)) {
                        Ok(fd) => break fd,
                        Err(e) if e.kind() == ErrorKind::Interrupted => {}
                        Err(e) => return Err(py.os_error(&e, Some(file))),
                    }
                }
            }
        }
    };
    match stdlib_system::stat_descriptor(fd) {
        Ok(stat) if stdlib_system::is_directory(&stat) => {
            if opener.is_none() && py.as_int(file).is_none() {
                // The number is ours to give back; that it is a directory is what matters.
                _ = stdlib_system::close(fd);
            }
            return Err(py.os_error_numbered(21, "Is a directory", Some(file)));
        }
        Err(e) if e.raw_os_error() == Some(BAD_DESCRIPTOR) => return Err(py.os_error(&e, None)),
        _ => {}
    }
    py.store(o, FD, Value::int(i64::from(fd)));
    py.store(o, MODE, Value::int(bits));
    py.store(o, CLOSE_FD, Value::bool(closefd));
    py.store(o, NAME, file);
    if bits & APPENDING != 0
        && let Err(e) = stdlib_system::seek(fd, 0, 2)
        && e.raw_os_error() != Some(29)
    {
        return Err(py.os_error(&e, None));
    }
    Ok(Value::NONE)
}

/// Reads once into a buffer; `None` if that would block.
pub(super) fn read_once(py: Py<'_>, o: Object, buffer: &mut [u8]) -> R<Option<usize>> {
    let fd = descriptor(py, o)?;
    if bits(o) & READABLE == 0 {
        return base::unsupported(py, "File not open for reading");
    }
    loop {
        py.poll()?;
        match py.blocking(|| stdlib_system::read(fd, buffer)) {
            Ok(n) => return Ok(Some(n)),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(None),
            Err(e) => return Err(py.os_error(&e, None)),
        }
    }
}

/// Writes once; `None` if that would block.
pub(super) fn write_once(py: Py<'_>, o: Object, content: &[u8]) -> R<Option<usize>> {
    let fd = descriptor(py, o)?;
    if bits(o) & WRITABLE == 0 {
        return base::unsupported(py, "File not open for writing");
    }
    loop {
        py.poll()?;
        match py.blocking(|| stdlib_system::write(fd, content)) {
            Ok(n) => return Ok(Some(n)),
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) if e.kind() == ErrorKind::WouldBlock => return Ok(None),
            Err(e) => return Err(py.os_error(&e, None)),
        }
    }
}

/// Reads until the end.
pub(super) fn read_all(py: Py<'_>, o: Object) -> R<Option<Vec<u8>>> {
    let mut all: Vec<u8> = Vec::new();
    let mut room = CHUNK;
    if let Ok(stat) = stdlib_system::stat_descriptor(descriptor(py, o)?)
        && let Ok(size) = usize::try_from(stdlib_system::size(&stat))
        && size > room
    {
        room = reserve(py, size as i64 + 1)?;
    }
    loop {
        let at = all.len();
        all.resize(at + room, 0);
        match read_once(py, o, &mut all[at..])? {
            None if at == 0 => return Ok(None),
            None | Some(0) => {
                all.truncate(at);
                return Ok(Some(all));
            }
            Some(n) => all.truncate(at + n),
        }
        reserve(py, all.len() as i64)?;
        room = all.len().clamp(CHUNK, 1 << 20);
    }
}

fn read_method(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let n = base::size_argument(py, args.some(1))?;
    if n < 0 {
        return readall(py, args);
    }
    let mut buffer = vec![0; reserve(py, n)?];
    match read_once(py, o, &mut buffer)? {
        Some(n) => Ok(py.bytes(&buffer[..n])?.value()),
        None => Ok(Value::NONE),
    }
}
fn readall(py: Py<'_>, args: Args<'_>) -> R {
    match read_all(py, this(py, args)?)? {
        Some(all) => Ok(py.bytes(&all)?.value()),
        None => Ok(Value::NONE),
    }
}
fn readinto(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(room) = target_length(py, args.at(1)) else { return super::not_writable(py, args.at(1), "readinto") };
    let mut buffer = vec![0; room];
    match read_once(py, o, &mut buffer)? {
        Some(n) => {
            fill_target(py, args.at(1), 0, &buffer[..n]);
            py.int_usize(n)
        }
        None => Ok(Value::NONE),
    }
}
fn write_method(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(content) = py.content_of(args.at(1)) else { return super::not_bytes(py, args.at(1)) };
    let written = write_once(py, o, &content)?;
    // A signal may have cut it short: its handler runs before anything else does.
    py.poll()?;
    match written {
        Some(n) => py.int_usize(n),
        None => Ok(Value::NONE),
    }
}
fn seek(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, this(py, args)?)?;
    let offset = py.index_i64(args.at(1))?;
    let whence = args.opt(2).map_or(Ok(0), |v| py.index_i32(v))?;
    match stdlib_system::seek(fd, offset, whence) {
        Ok(n) => py.int(n),
        Err(e) => Err(py.os_error(&e, None)),
    }
}
fn tell(py: Py<'_>, args: Args<'_>) -> R {
    let fd = descriptor(py, this(py, args)?)?;
    match stdlib_system::seek(fd, 0, 1) {
        Ok(n) => py.int(n),
        Err(e) => Err(py.os_error(&e, None)),
    }
}
fn truncate(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let fd = descriptor(py, o)?;
    if bits(o) & WRITABLE == 0 {
        return base::unsupported(py, "File not open for writing");
    }
    let size = match args.some(1) {
        Some(size) => size,
        None => tell(py, args)?,
    };
    match stdlib_system::truncate(fd, py.index_i64(size)?) {
        Ok(()) => Ok(size),
        Err(e) => Err(py.os_error(&e, None)),
    }
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    // A subclass may have more to do; what fails there fails this, and the descriptor is closed all the same.
    let flushed = match o.get(CLOSED) {
        Value::TRUE => Ok(Value::NONE),
        _ => py.call_method(args.at(0), sym::FLUSH, &[]),
    };
    let first = if flushed.is_err() { py.take_exception() } else { Value::EMPTY };
    let fd = o.get(FD);
    py.store(o, CLOSED, Value::TRUE);
    py.store(o, FD, Value::int(-1));
    let mut closed = Ok(Value::NONE);
    if fd.is_int()
        && fd.as_int() >= 0
        && o.get(CLOSE_FD) == Value::TRUE
        && let Err(e) = stdlib_system::close(fd.as_int() as i32)
    {
        closed = Err(py.os_error(&e, None));
        if let Some(second) = Object::from_value(py.exception()).filter(|_| !first.is_empty()) {
            py.store(second, exception::word::CONTEXT, first);
        }
    } else if !first.is_empty() {
        closed = Err(py.raise(first));
    }
    closed
}
fn seekable_method(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let fd = descriptor(py, o)?;
    if o.get(SEEKABLE).is_empty() {
        py.store(o, SEEKABLE, Value::bool(stdlib_system::seek(fd, 0, 1).is_ok()));
    }
    Ok(o.get(SEEKABLE))
}
fn readable(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    descriptor(py, o)?;
    Ok(Value::bool(bits(o) & READABLE != 0))
}
fn writable(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    descriptor(py, o)?;
    Ok(Value::bool(bits(o) & WRITABLE != 0))
}
fn fileno(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::int(i64::from(descriptor(py, this(py, args)?)?)))
}
fn isatty(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(stdlib_system::is_terminal(descriptor(py, this(py, args)?)?)))
}
fn closed(py: Py<'_>, args: Args<'_>) -> R {
    let fd = this(py, args)?.get(FD);
    Ok(Value::bool(fd.is_empty() || fd.as_int() < 0))
}
fn closefd(py: Py<'_>, args: Args<'_>) -> R {
    Ok(Value::bool(this(py, args)?.get(CLOSE_FD) == Value::TRUE))
}
fn mode_text(o: Object) -> &'static str {
    let bits = bits(o);
    let readable = bits & READABLE != 0;
    match bits {
        _ if bits & CREATED != 0 => {
            if readable {
                "xb+"
            } else {
                "xb"
            }
        }
        _ if bits & APPENDING != 0 => {
            if readable {
                "ab+"
            } else {
                "ab"
            }
        }
        _ if readable => {
            if bits & WRITABLE != 0 {
                "rb+"
            } else {
                "rb"
            }
        }
        _ => "wb",
    }
}
fn mode(py: Py<'_>, args: Args<'_>) -> R {
    py.str(mode_text(this(py, args)?))
}
fn name(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if o.get(NAME).is_empty() {
        return py.err(Exc::AttributeError, "'FileIO' object has no attribute 'name'");
    }
    Ok(o.get(NAME))
}
fn set_name(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    py.store(o, NAME, args.at(1));
    Ok(Value::NONE)
}
fn block_size(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::int(CHUNK as i64))
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if descriptor(py, o).is_err() {
        py.take_exception();
        return py.str("<_io.FileIO [closed]>");
    }
    let closefd = if o.get(CLOSE_FD) == Value::TRUE { "True" } else { "False" };
    py.str(&format!("<_io.FileIO{} mode='{}' closefd={closefd}>", base::name_part(py, args.at(0))?, mode_text(o)))
}
