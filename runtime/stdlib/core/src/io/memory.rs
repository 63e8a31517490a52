//! `BytesIO`: bytes in memory as a buffered stream.

use super::base::{self, CLOSED, OWN, spec};
use super::{fill_target, target_length};
use python_objects::kind::{class as builtin, special};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, bytes};

/// A bytearray with the content.
const CONTENT: usize = OWN;
/// Position.
const AT: usize = OWN + 1;

static BYTES_IO: TypeSpec = spec(
    "BytesIO",
    2,
    &[
        Native::wrapper("__init__", "self, initial_bytes=b''", init, ""),
        Native::method("read", "self, size=-1, /", read, "Read at most size bytes."),
        Native::method("read1", "self, size=-1, /", read, "Read at most size bytes."),
        Native::method("readinto", "self, buffer, /", readinto, "Read into a buffer."),
        Native::method("readinto1", "self, buffer, /", readinto, "Read into a buffer."),
        Native::method("readline", "self, size=-1, /", readline, "Read a line."),
        Native::method("readlines", "self, size=None, /", readlines, "Return a list of lines."),
        Native::method("write", "self, b, /", write, "Write bytes; return how many."),
        Native::method("writelines", "self, lines, /", writelines, "Write lines."),
        Native::method("seek", "self, pos, whence=0, /", seek, "Change the position."),
        Native::method("tell", "self, /", tell, "Return the position."),
        Native::method("truncate", "self, size=None, /", truncate, "Cut the content."),
        Native::method("getvalue", "self, /", getvalue, "Return all of the content."),
        Native::method("getbuffer", "self, /", getbuffer, "Return a view of the content."),
        Native::method("close", "self, /", close, "Give up the content."),
        Native::method("flush", "self, /", flush, "Does nothing."),
        Native::method("isatty", "self, /", isatty, "It is no terminal."),
        Native::method("seekable", "self, /", yes, "It can."),
        Native::method("readable", "self, /", yes, "It can."),
        Native::method("writable", "self, /", yes, "It can."),
        Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
        Native::method("__getstate__", "self, /", getstate, ""),
        Native::method("__setstate__", "self, state, /", setstate, ""),
        Native::getter("closed", closed, "Is the stream closed?"),
    ],
    "Bytes in memory as a buffered stream.",
);

pub(super) fn class(py: Py<'_>) -> R<Object> {
    py.native_subtype(&BYTES_IO, base::buffered_io_base(py)?)
}

/// The stream with its content and position; ValueError if it is closed.
fn open(py: Py<'_>, args: Args<'_>) -> R<(Object, Object, usize)> {
    let Some(o) = py.of_kind(args.at(0), BYTES_IO.kind) else { return py.type_error("a BytesIO is required") };
    if o.get(CLOSED) == Value::TRUE {
        return py.value_error("I/O operation on closed file.");
    }
    let content = match Object::from_value(o.get(CONTENT)) {
        Some(content) => content,
        None => {
            let content = py.bytearray(b"")?;
            py.store(o, CONTENT, content.value());
            content
        }
    };
    let at = if o.get(AT).is_int() { o.get(AT).as_int() as usize } else { 0 };
    Ok((o, content, at))
}

fn set_position(py: Py<'_>, o: Object, at: usize) {
    py.store(o, AT, Value::int(at as i64));
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let (o, ..) = open(py, args)?;
    let content = match args.some(1) {
        None => py.bytearray(b"")?,
        Some(v) => match py.content_of(v) {
            Some(content) => py.bytearray(&content)?,
            None => return super::not_bytes(py, v),
        },
    };
    py.store(o, CONTENT, content.value());
    set_position(py, o, 0);
    Ok(Value::NONE)
}

/// Takes up to `n` bytes (all if negative) from the position on.
fn take(py: Py<'_>, args: Args<'_>, n: i64) -> R<Vec<u8>> {
    let (o, content, at) = open(py, args)?;
    let length = bytes::array_length(content);
    let start = at.min(length);
    let end = usize::try_from(n).map_or(length, |n| start.saturating_add(n).min(length));
    let taken = py.bytearray_range(content, start, end.max(start)).unwrap_or_default();
    if end > start {
        set_position(py, o, end);
    }
    Ok(taken)
}

fn read(py: Py<'_>, args: Args<'_>) -> R {
    let n = base::size_argument(py, args.some(1))?;
    Ok(py.bytes(&take(py, args, n)?)?.value())
}

fn readinto(py: Py<'_>, args: Args<'_>) -> R {
    let Some(room) = target_length(py, args.at(1)) else { return super::not_writable(py, args.at(1), "readinto") };
    let taken = take(py, args, room as i64)?;
    fill_target(py, args.at(1), 0, &taken);
    py.int_usize(taken.len())
}

fn line(py: Py<'_>, args: Args<'_>, limit: i64) -> R<Vec<u8>> {
    let (_, content, at) = open(py, args)?;
    let length = bytes::array_length(content);
    let end = (at..length).find(|i| py.bytearray_get(content, *i) == b'\n').map_or(length, |i| i + 1);
    let n = (end.max(at) - at) as i64;
    take(py, args, if limit >= 0 { n.min(limit) } else { n })
}

fn readline(py: Py<'_>, args: Args<'_>) -> R {
    let limit = base::size_argument(py, args.some(1))?;
    Ok(py.bytes(&line(py, args, limit)?)?.value())
}

fn next(py: Py<'_>, args: Args<'_>) -> R {
    let line = line(py, args, -1)?;
    if line.is_empty() { Ok(special::END) } else { Ok(py.bytes(&line)?.value()) }
}

fn readlines(py: Py<'_>, args: Args<'_>) -> R {
    let hint = base::size_argument(py, args.some(1))?;
    let (lines, mut total) = (py.new_list(8)?, 0);
    loop {
        let line = line(py, args, -1)?;
        if line.is_empty() {
            return Ok(lines.value());
        }
        total += line.len() as i64;
        py.list_push(lines, py.bytes(&line)?.value())?;
        if hint > 0 && total >= hint {
            return Ok(lines.value());
        }
        py.check_interrupt()?;
    }
}

fn put(py: Py<'_>, args: Args<'_>, v: Value) -> R<usize> {
    open(py, args)?;
    let Some(new) = py.content_of(v) else {
        return super::not_bytes(py, v);
    };
    let (o, content, at) = open(py, args)?;
    if new.is_empty() {
        return Ok(0);
    }
    let length = bytes::array_length(content);
    if at > length {
        super::reserve(py, at as i64)?;
        py.bytearray_splice(content, length, length, &vec![0; at - length])?;
    }
    let length = bytes::array_length(content);
    let over = at + new.len().min(length - at);
    if over - at == new.len() {
        py.bytearray_write(content, at, &new);
    } else {
        py.bytearray_splice(content, at, over, &new)?;
    }
    set_position(py, o, at + new.len());
    Ok(new.len())
}

fn write(py: Py<'_>, args: Args<'_>) -> R {
    let n = put(py, args, args.at(1))?;
    py.int_usize(n)
}
fn writelines(py: Py<'_>, args: Args<'_>) -> R {
    open(py, args)?;
    py.each(args.at(1), |line| put(py, args, line).map(|_| ()))?;
    Ok(Value::NONE)
}

fn seek(py: Py<'_>, args: Args<'_>) -> R {
    let (o, content, at) = open(py, args)?;
    let offset = py.index_i64(args.at(1))?;
    let whence = args.opt(2).map_or(Ok(0), |v| py.index_i32(v))?;
    let target = match whence {
        0 if offset < 0 => return py.value_error(&format!("negative seek value {offset}")),
        0 => offset,
        1 => offset.saturating_add(at as i64).max(0),
        2 => offset.saturating_add(bytes::array_length(content) as i64).max(0),
        _ => return py.value_error(&format!("invalid whence ({whence}, should be 0, 1 or 2)")),
    };
    if Value::try_int(target).is_none() {
        return py.err(Exc::OverflowError, "new position too large");
    }
    set_position(py, o, target as usize);
    py.int(target)
}
fn tell(py: Py<'_>, args: Args<'_>) -> R {
    let (.., at) = open(py, args)?;
    py.int_usize(at)
}
fn truncate(py: Py<'_>, args: Args<'_>) -> R {
    let (_, content, at) = open(py, args)?;
    let size = match args.some(1) {
        Some(v) => py.index_i64(v)?,
        None => at as i64,
    };
    let Ok(to) = usize::try_from(size) else { return py.value_error(&format!("negative size value {size}")) };
    let length = bytes::array_length(content);
    if to < length {
        py.bytearray_splice(content, to, length, b"")?;
    }
    py.int(size)
}
fn getvalue(py: Py<'_>, args: Args<'_>) -> R {
    let (_, content, _) = open(py, args)?;
    Ok(py.bytes(&py.bytearray_content(content))?.value())
}
fn getbuffer(py: Py<'_>, args: Args<'_>) -> R {
    let (_, content, _) = open(py, args)?;
    py.call(py.root(builtin::MEMORYVIEW), &[content.value()])
}
fn close(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = py.of_kind(args.at(0), BYTES_IO.kind) else { return py.type_error("a BytesIO is required") };
    py.store(o, CLOSED, Value::TRUE);
    py.store(o, CONTENT, Value::EMPTY);
    Ok(Value::NONE)
}
fn flush(py: Py<'_>, args: Args<'_>) -> R {
    open(py, args).map(|_| Value::NONE)
}
fn isatty(py: Py<'_>, args: Args<'_>) -> R {
    open(py, args).map(|_| Value::FALSE)
}
fn yes(py: Py<'_>, args: Args<'_>) -> R {
    open(py, args).map(|_| Value::TRUE)
}
fn closed(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = py.of_kind(args.at(0), BYTES_IO.kind) else { return py.type_error("a BytesIO is required") };
    Ok(Value::bool(o.get(CLOSED) == Value::TRUE))
}
fn getstate(py: Py<'_>, args: Args<'_>) -> R {
    let (o, content, at) = open(py, args)?;
    let content = py.bytes(&py.bytearray_content(content))?;
    let d = match py.instance_dict(o)? {
        Some(d) if python_objects::dict::length(d) > 0 => py.dict_copy(d)?.value(),
        _ => Value::NONE,
    };
    py.tuple(&[content.value(), Value::int(at as i64), d])
}
fn setstate(py: Py<'_>, args: Args<'_>) -> R {
    let (o, ..) = open(py, args)?;
    let Some(state) = py.as_tuple(args.at(1)).filter(|t| t.length() == 3) else {
        return py.type_error("__setstate__ argument should be 3-tuple");
    };
    let Some(content) = py.content_of(state.element(0)) else { return super::not_bytes(py, state.element(0)) };
    let content = py.bytearray(&content)?;
    let at = py.index_i64(state.element(1))?;
    if at < 0 {
        return py.value_error("position value cannot be negative");
    }
    py.store(o, CONTENT, content.value());
    set_position(py, o, at as usize);
    if state.element(2) != Value::NONE
        && let Some(d) = py.instance_dict(o)?
    {
        py.call_method(d.value(), sym::UPDATE, &[state.element(2)])?;
    }
    Ok(Value::NONE)
}
