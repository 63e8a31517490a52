//! Reading: what one call of the raw stream gave is kept and handed out.

use super::lock::locked;
use super::writing::flush_written;
use super::{AT, READ, SIZE, check_open, raw, this};
use crate::io::base::{self, method};
use crate::io::{file, fill_target, reserve, target_length};
use python_objects::exception::word;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, bytes};

/// What is buffered and unread.
pub(super) fn unread<'a>(o: Object) -> &'a [u8] {
    match Object::from_value(o.get(READ)) {
        Some(b) => bytes::slice(b).get(o.get(AT).as_int() as usize..).unwrap_or_default(),
        None => &[],
    }
}

fn advance(py: Py<'_>, o: Object, n: usize) {
    py.store(o, AT, Value::int(o.get(AT).as_int() + n as i64));
}

pub(super) fn set_read(py: Py<'_>, o: Object, content: &[u8]) -> R<()> {
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
    let got = match py.index_i64(got) {
        Ok(got) => got,
        Err(_) => {
            let cause = py.take_exception();
            let text = py.str("raw readinto() failed")?;
            let e = py.new_exception(Exc::OSError, &[text])?;
            for w in [word::CAUSE, word::CONTEXT] {
                py.store(e, w, cause);
            }
            py.store(e, word::SUPPRESS, Value::TRUE);
            return Err(py.throw(e));
        }
    };
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

pub(super) fn read(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let n = base::size_argument(py, args.some(1))?;
    if n < -1 {
        return py.value_error("read length must be non-negative or -1");
    }
    check_open(py, o, "read")?;
    let got = locked(py, o, || if n < 0 { read_all(py, o) } else { read_up_to(py, o, n as usize) })?;
    answer(py, got)
}

/// What `read1` does, for text streams.
pub(in crate::io) fn read_some(py: Py<'_>, o: Object, n: usize) -> R<Vec<u8>> {
    locked(py, o, || some(py, o, n))
}

fn some(py: Py<'_>, o: Object, n: usize) -> R<Vec<u8>> {
    flush_written(py, o)?;
    if unread(o).is_empty() {
        return Ok(raw_read(py, o, n)?.unwrap_or_default());
    }
    let ready = unread(o);
    let taken = ready[..ready.len().min(n)].to_vec();
    advance(py, o, taken.len());
    Ok(taken)
}

pub(super) fn read1(py: Py<'_>, args: Args<'_>) -> R {
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

/// As `some`; for more than fits the buffer, what is buffered and a read of the raw stream behind it.
fn read_once(py: Py<'_>, o: Object, n: usize) -> R<Vec<u8>> {
    let mut got = some(py, o, n)?;
    let left = n - got.len();
    if !got.is_empty() && left as i64 > o.get(SIZE).as_int() {
        got.extend(raw_read(py, o, left)?.unwrap_or_default());
    }
    Ok(got)
}

fn into(py: Py<'_>, args: Args<'_>, once: bool) -> R {
    let o = this(py, args)?;
    check_open(py, o, "readinto")?;
    let Some(room) = target_length(py, args.at(1)) else { return crate::io::not_writable(py, args.at(1), "readinto") };
    let got = locked(py, o, || if once { read_once(py, o, room).map(Some) } else { read_up_to(py, o, room) })?;
    match got {
        Some(got) => {
            fill_target(py, args.at(1), 0, &got);
            py.int_usize(got.len())
        }
        None => Ok(Value::NONE),
    }
}
pub(super) fn readinto(py: Py<'_>, args: Args<'_>) -> R {
    into(py, args, false)
}
pub(super) fn readinto1(py: Py<'_>, args: Args<'_>) -> R {
    into(py, args, true)
}

pub(super) fn readline(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let limit = base::size_argument(py, args.some(1))?;
    check_open(py, o, "readline")?;
    locked(py, o, || line(py, o, limit))
}

fn line(py: Py<'_>, o: Object, limit: i64) -> R {
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

pub(super) fn peek(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    check_open(py, o, "peek")?;
    locked(py, o, || {
        flush_written(py, o)?;
        if unread(o).is_empty() {
            fill(py, o)?;
        }
        Ok(py.bytes(unread(o))?.value())
    })
}
