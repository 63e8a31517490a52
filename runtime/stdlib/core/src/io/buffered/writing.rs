//! Writing: what the raw stream has not got yet.

use super::lock::locked;
use super::reading::{set_read, unread};
use super::{SIZE, WRITTEN, raw, this};
use crate::io::base::{self, method};
use crate::io::file;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, bytes};

pub(super) fn pending(o: Object) -> Option<Object> {
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
    let e = py.call(py.root(Exc::BlockingIOError.root()), &[Value::int(11), text, Value::int(taken as i64)])?;
    let e = py.make_exception(e)?;
    Err(py.throw(e))
}

/// Gives the raw stream all that is pending.
pub(in crate::io) fn flush_written(py: Py<'_>, o: Object) -> R<()> {
    while let Some(b) = pending(o) {
        // What is on its way is out of the buffer: the raw stream may fail, and then says how much it has got.
        let content = py.bytearray_content(b);
        py.bytearray_splice(b, 0, content.len(), b"")?;
        let written = raw_write(py, o, &content);
        let n = written.as_ref().map_or(0, |n| n.unwrap_or(0));
        if n < content.len() {
            py.bytearray_splice(b, 0, 0, &content[n..])?;
        }
        if written?.is_none() {
            return would_block(py, 0);
        }
    }
    Ok(())
}

/// Before writing: what was read ahead is given back.
pub(super) fn drop_read(py: Py<'_>, o: Object) -> R<()> {
    let ahead = unread(o).len() as i64;
    if ahead > 0 {
        set_read(py, o, b"")?;
        method(py, raw(py, o)?, "seek", &[Value::int(-ahead), Value::int(1)])?;
    }
    Ok(())
}

/// What `write` does.
pub(in crate::io) fn put(py: Py<'_>, o: Object, content: &[u8]) -> R<()> {
    locked(py, o, || {
        if base::is_closed(py, raw(py, o)?)? {
            return py.value_error("write to closed file");
        }
        add(py, o, content)
    })
}

fn add(py: Py<'_>, o: Object, content: &[u8]) -> R<()> {
    drop_read(py, o)?;
    let size = o.get(SIZE).as_int() as usize;
    let waiting = pending(o).map_or(0, bytes::array_length);
    if waiting + content.len() > size {
        let flushed = flush_written(py, o);
        if flushed.is_err() && py.catch(Exc::BlockingIOError).is_some() {
            // What there is room for is taken all the same.
            let room = size.saturating_sub(pending(o).map_or(0, bytes::array_length)).min(content.len());
            append(py, o, &content[..room])?;
            return if room == content.len() { Ok(()) } else { would_block(py, room) };
        }
        flushed?;
        let mut rest = content;
        while rest.len() > size {
            match raw_write(py, o, rest)? {
                Some(n) => rest = &rest[n..],
                None => {
                    append(py, o, &rest[..size])?;
                    return would_block(py, content.len() - rest.len() + size);
                }
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

pub(super) fn write(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(content) = py.content_of(args.at(1)) else { return crate::io::not_bytes(py, args.at(1)) };
    put(py, o, &content)?;
    py.int_usize(content.len())
}
