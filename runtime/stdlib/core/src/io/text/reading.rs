//! Reading text: chunks of bytes are decoded whole, and taken apart by characters or lines.

use super::registered;
use super::writing::flush_pending;
use super::{
    AT, BUFFER, CHUNK_BYTES, DECODED, DECODER, ERRORS, ITERATING, NEWLINE, PENDING_CR, SEEN, SIZE, WAITING, class,
    codec_of, is_universal, newline_is, open,
};
use crate::io::{base, buffered, newline};
use python_builtins::string::codec::decode_by;
use python_objects::kind::special;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, bytes, string};
use python_text::codec::{ByteOrder, Codec};

pub(super) fn forget_read(py: Py<'_>, o: Object) {
    py.store(o, DECODED, py.root(root::EMPTY_STRING));
    py.store(o, AT, Value::int(0));
    py.store(o, CHUNK_BYTES, py.root(root::EMPTY_BYTES));
    py.store(o, WAITING, Value::int(0));
    py.store(o, PENDING_CR, Value::FALSE);
}

pub(super) fn decoded(o: Object) -> (Object, usize) {
    (Object::of(o.get(DECODED)), o.get(AT).as_int() as usize)
}

/// The next chunk of the buffer; all that is left with `all`.
fn read_chunk(py: Py<'_>, o: Object, all: bool) -> R<Vec<u8>> {
    let (buffer, size) = (o.get(BUFFER), o.get(SIZE).as_int());
    if !all && let Some(b) = buffered::exact(py, buffer)? {
        if !base::ask(py, buffer, "readable")? {
            return base::unsupported(py, "not readable");
        }
        return buffered::read_some(py, b, size as usize);
    }
    if !base::ask(py, buffer, "readable")? {
        return base::unsupported(py, "not readable");
    }
    let read1 = py.intern("read1")?;
    let v = if all {
        py.call_method(buffer, sym::READ, &[])?
    } else if py.get_optional(buffer, read1)?.is_some() {
        py.call_method(buffer, read1, &[Value::int(size)])?
    } else {
        py.call_method(buffer, sym::READ, &[Value::int(size)])?
    };
    match py.content_of(v) {
        Some(content) => Ok(content.to_vec()),
        None if v == Value::NONE => Ok(Vec::new()),
        None => {
            let which = if all { "read" } else { "read1" };
            py.type_error(&format!(
                "underlying {which}() should have returned a bytes-like object, not '{}'",
                py.class_name(v)
            ))
        }
    }
}

/// Decodes the next chunk; false at the end. What was decoded before must have been read.
fn advance(py: Py<'_>, o: Object, all: bool) -> R<bool> {
    flush_pending(py, o)?;
    let new = read_chunk(py, o, all)?;
    let at_end = new.is_empty() || all;
    if registered::has(o, DECODER) {
        return registered::advance(py, o, &new, at_end);
    }
    if registered::is(o) {
        return base::unsupported(py, "not readable");
    }
    let mut input = match Object::from_value(o.get(CHUNK_BYTES)) {
        Some(b) => {
            let b = bytes::slice(b);
            b[b.len().saturating_sub(o.get(WAITING).as_int() as usize)..].to_vec()
        }
        None => Vec::new(),
    };
    // A `\r` that was held back is decoded again with what follows.
    let held_back = o.get(PENDING_CR) == Value::TRUE;
    input.extend_from_slice(&new);
    let errors = string::exact_or_payload(py, o.get(ERRORS));
    let codec = codec_of(o);
    let (mut text, used) = decode_by(py, &input, codec, errors, at_end)?;
    let waiting = input.len() - used.min(input.len());
    if is_universal(py, o) {
        if held_back {
            text = py.concat(py.new_str("\r")?, text)?;
        }
        let length = string::length(text);
        let ends_with_cr = !at_end && length > 0 && string::at(text, length - 1) == 0x0D;
        if ends_with_cr {
            text = py.substring(text, 0, length - 1)?;
        }
        py.store(o, PENDING_CR, Value::bool(ends_with_cr));
        let mut seen = o.get(SEEN).as_int();
        text = newline::normalize(py, text, o.get(NEWLINE) == Value::NONE, &mut seen)?;
        py.store(o, SEEN, Value::int(seen));
    }
    // The held-back byte belongs to this chunk now, for `tell`.
    if held_back {
        let mut with_cr = carriage_return(codec);
        with_cr.extend_from_slice(&input);
        input = with_cr;
    }
    let chunk = py.bytes(&input)?;
    py.store(o, CHUNK_BYTES, chunk.value());
    py.store(o, WAITING, Value::int(waiting as i64));
    py.store(o, DECODED, text.value());
    py.store(o, AT, Value::int(0));
    Ok(!at_end || string::length(text) > 0)
}

fn carriage_return(codec: Codec) -> Vec<u8> {
    match codec {
        Codec::Utf16(ByteOrder::Big) => vec![0, b'\r'],
        Codec::Utf16(_) => vec![b'\r', 0],
        Codec::Utf32(ByteOrder::Big) => vec![0, 0, 0, b'\r'],
        Codec::Utf32(_) => vec![b'\r', 0, 0, 0],
        _ => vec![b'\r'],
    }
}

fn take(py: Py<'_>, o: Object, n: usize) -> R<Object> {
    let (text, at) = decoded(o);
    let end = at.saturating_add(n).min(string::length(text));
    let taken = py.substring(text, at, end)?;
    py.store(o, AT, Value::int(end as i64));
    Ok(taken)
}

pub(super) fn read(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    let n = base::size_argument(py, args.some(1))?;
    let mut text = take(py, o, usize::try_from(n).unwrap_or(usize::MAX))?;
    if n < 0 {
        advance(py, o, true)?;
        let rest = take(py, o, usize::MAX)?;
        text = py.concat(text, rest)?;
        forget_read(py, o);
        return Ok(text.value());
    }
    let n = n as usize;
    if string::length(text) >= n {
        return Ok(text.value());
    }
    let parts = py.new_list(4)?;
    let mut left = n - string::length(text);
    py.list_push(parts, text.value())?;
    while left > 0 && advance(py, o, false)? {
        text = take(py, o, left)?;
        left -= string::length(text);
        py.list_push(parts, text.value())?;
        py.poll()?;
    }
    join(py, parts)
}

fn join(py: Py<'_>, parts: Object) -> R {
    py.call_method(py.root(root::EMPTY_STRING), sym::JOIN, &[parts.value()])
}

/// Where the first line from `from` on ends, if its end is there.
fn line_end(py: Py<'_>, o: Object, text: Object, from: usize) -> Option<usize> {
    let length = string::length(text);
    if o.get(NEWLINE) == Value::NONE || newline_is(py, o, "\n") {
        return match string::ascii(text) {
            Some(ascii) => ascii.as_bytes()[from..].iter().position(|b| *b == b'\n').map(|i| from + i + 1),
            None => (from..length).find(|i| string::at(text, *i) == 0x0A).map(|i| i + 1),
        };
    }
    if newline_is(py, o, "") {
        let i = (from..length).find(|i| matches!(string::at(text, *i), 0x0A | 0x0D))?;
        let crlf = string::at(text, i) == 0x0D && i + 1 < length && string::at(text, i + 1) == 0x0A;
        return Some(i + 1 + usize::from(crlf));
    }
    if newline_is(py, o, "\r") {
        return (from..length).find(|i| string::at(text, *i) == 0x0D).map(|i| i + 1);
    }
    (from..length)
        .find(|i| string::at(text, *i) == 0x0D && *i + 1 < length && string::at(text, *i + 1) == 0x0A)
        .map(|i| i + 2)
}

pub(super) fn line(py: Py<'_>, o: Object, limit: i64) -> R<Object> {
    let mut left = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut so_far: Option<Object> = None;
    loop {
        let (text, at) = decoded(o);
        let end = line_end(py, o, text, at);
        let stop = end.unwrap_or(string::length(text)).min(at.saturating_add(left));
        // With `\r\n` as the only line end, one cut in two by chunks is found with the next.
        let split = end.is_none()
            && newline_is(py, o, "\r\n")
            && stop > at
            && stop < at.saturating_add(left)
            && string::at(text, stop - 1) == 0x0D;
        let piece = take(py, o, stop - at)?;
        left -= stop - at;
        let all = match so_far {
            None => piece,
            Some(s) => py.concat(s, piece)?,
        };
        if left == 0 || end.is_some_and(|end| end == stop) || !advance(py, o, false)? {
            return Ok(all);
        }
        if split {
            let (text, _) = decoded(o);
            if string::length(text) > 0 && string::at(text, 0) == 0x0A {
                let lf = take(py, o, 1)?;
                return py.concat(all, lf);
            }
        }
        so_far = Some(all);
        py.poll()?;
    }
}

pub(super) fn readline(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    let limit = base::size_argument(py, args.some(1))?;
    Ok(line(py, o, limit)?.value())
}

pub(super) fn next(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    py.store(o, ITERATING, Value::TRUE);
    let line = if py.class_of(args.at(0)) == class(py)? {
        line(py, o, -1)?
    } else {
        let v = py.call_method(args.at(0), sym::READLINE, &[])?;
        match string::exact_or_payload(py, v) {
            Some(s) => s,
            None => {
                return py.err(
                    Exc::OSError,
                    &format!("readline() should have returned a str object, not '{}'", py.class_name(v)),
                );
            }
        }
    };
    if string::length(line) == 0 {
        py.store(o, ITERATING, Value::FALSE);
        return Ok(special::END);
    }
    Ok(line.value())
}
