//! `TextIOWrapper`: text over a buffered binary stream.
//!
//! Reading keeps the decoded text of the last chunk with a position in it, and the chunk's bytes, from which `tell` finds
//! the position in the file. Writing collects encoded bytes.

use super::base::{self, OWN, method, spec};
use super::newline::{self, describe};
use super::{CHUNK, buffered, encoding};
use python_objects::kind::special;
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, bytes, string};
use python_text::codec::{ByteOrder, Codec};

const BUFFER: usize = OWN;
const ENCODING: usize = OWN + 1;
const ERRORS: usize = OWN + 2;
/// The `newline` argument: None or a string.
const NEWLINE: usize = OWN + 3;
/// Number of the encoding.
const CODEC: usize = OWN + 4;
const LINE_BUFFERING: usize = OWN + 5;
const WRITE_THROUGH: usize = OWN + 6;
/// Decoded text, and how much of it was read.
const DECODED: usize = OWN + 7;
const AT: usize = OWN + 8;
/// The bytes that the decoded text came from, and how many at their end wait for more.
const CHUNK_BYTES: usize = OWN + 9;
const WAITING: usize = OWN + 10;
/// A bytearray of what the buffer has not got yet.
const PENDING: usize = OWN + 11;
/// Does a `\r` that ended the last chunk wait to be followed by `\n`?
const PENDING_CR: usize = OWN + 12;
const SEEN: usize = OWN + 13;
/// Was the byte order mark written, or the position is not the beginning?
const MARKED: usize = OWN + 14;
/// Was `next` called? Then `tell` is not possible.
const ITERATING: usize = OWN + 15;
/// Can the buffer be written?
const WRITABLE: usize = OWN + 16;
const OWN_WORDS: usize = 17;

static TEXT: TypeSpec = spec(
    "TextIOWrapper",
    OWN_WORDS,
    &[
        Native::wrapper(
            "__init__",
            "self, buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False",
            init,
            "",
        ),
        Native::method("write", "self, text, /", write, "Write a string; return its length."),
        Native::method("read", "self, size=-1, /", read, "Read at most size characters."),
        Native::method("readline", "self, size=-1, /", readline, "Read a line."),
        Native::method("seek", "self, cookie, whence=0, /", seek, "Change the position."),
        Native::method("tell", "self, /", tell, "Return the position."),
        Native::method("truncate", "self, pos=None, /", truncate, "Cut or extend the file."),
        Native::method("flush", "self, /", flush, "Flush what is buffered."),
        Native::method("close", "self, /", close, "Flush and close the stream."),
        Native::method("detach", "self, /", detach, "Flush and give the buffer away."),
        Native::method(
            "reconfigure",
            "self, /, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None",
            reconfigure,
            "Change how text is converted.",
        ),
        Native::method("seekable", "self, /", seekable, "Can the position be changed?"),
        Native::method("readable", "self, /", readable, "Can it be read?"),
        Native::method("writable", "self, /", writable, "Can it be written?"),
        Native::method("fileno", "self, /", fileno, "Return the file descriptor."),
        Native::method("isatty", "self, /", isatty, "Is it a terminal?"),
        Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
        Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
        Native::getter("buffer", buffer_getter, "The binary stream."),
        Native::getter("encoding", encoding_getter, "The encoding."),
        Native::getter("errors", errors_getter, "The error handler."),
        Native::getter("newlines", newlines, "The line ends seen."),
        Native::getter("line_buffering", line_buffering, "Is it flushed at line ends?"),
        Native::getter("write_through", write_through, "Does writing not wait?"),
        Native::getter("closed", closed, "Is the stream closed?"),
        Native::getter("name", name, "The binary stream's name."),
        Native::getter("_CHUNK_SIZE", chunk_size, "Bytes that are read at once."),
    ],
    "Text over a buffered binary stream.",
);

pub(super) fn class(py: Py<'_>) -> R<Object> {
    py.native_subtype(&TEXT, base::text_io_base(py)?)
}

/// Is it a text stream of this type, subclasses included?
pub(super) fn is(py: Py<'_>, v: Value) -> bool {
    py.of_kind(v, TEXT.kind).is_some()
}

/// The options of a text stream.
pub(super) struct Options {
    pub(super) encoding: Value,
    pub(super) errors: Value,
    pub(super) newline: Value,
    pub(super) line_buffering: bool,
    pub(super) write_through: bool,
}

/// A text stream of class `TextIOWrapper`.
pub(super) fn over(py: Py<'_>, buffer: Value, options: &Options) -> R<Object> {
    let o = py.alloc_instance(class(py)?)?;
    start(py, o, buffer, options)?;
    Ok(o)
}

fn start(py: Py<'_>, o: Object, buffer: Value, options: &Options) -> R<()> {
    let encoding = match string::exact_or_payload(py, options.encoding) {
        Some(name) => string::to_rust(name),
        None => "utf-8".to_owned(),
    };
    let name = if options.encoding == Value::NONE || encoding == "locale" { "UTF-8" } else { &encoding };
    let number = encoding::find(py, if encoding == "locale" { "utf-8" } else { &encoding })?;
    let errors = if options.errors == Value::NONE { py.str("strict")? } else { options.errors };
    encoding::handler(py, &py.str_text(errors)?)?;
    check_newline(py, options.newline)?;
    let writable = Value::bool(base::ask(py, buffer, "writable")?);
    let (name, pending) = (py.str(name)?, py.bytearray(b"")?);
    let empty = py.root(root::EMPTY_STRING);
    for (word, v) in [
        (BUFFER, buffer),
        (ENCODING, name),
        (ERRORS, errors),
        (NEWLINE, options.newline),
        (CODEC, Value::int(number as i64)),
        (LINE_BUFFERING, Value::bool(options.line_buffering)),
        (WRITE_THROUGH, Value::bool(options.write_through)),
        (DECODED, empty),
        (AT, Value::int(0)),
        (CHUNK_BYTES, py.root(root::EMPTY_BYTES)),
        (WAITING, Value::int(0)),
        (PENDING, pending.value()),
        (PENDING_CR, Value::FALSE),
        (SEEN, Value::int(0)),
        (MARKED, Value::FALSE),
        (ITERATING, Value::FALSE),
        (WRITABLE, writable),
    ] {
        py.store(o, word, v);
    }
    if matches!(encoding::codec(number), Codec::Utf16(ByteOrder::Marked) | Codec::Utf32(ByteOrder::Marked))
        && base::ask(py, buffer, "seekable")?
        && base::ask(py, buffer, "writable")?
    {
        // Appending: the mark is there already.
        let at = method(py, buffer, "tell", &[])?;
        py.store(o, MARKED, Value::bool(at != Value::int(0)));
    }
    Ok(())
}

fn check_newline(py: Py<'_>, newline: Value) -> R<()> {
    if newline == Value::NONE {
        return Ok(());
    }
    let s = match string::exact_or_payload(py, newline) {
        Some(s) => s,
        None => {
            return py.type_error(&format!("newline must be str or None, not {}", py.class_name(newline)));
        }
    };
    if ["", "\n", "\r", "\r\n"].iter().any(|t| string::is(s, t)) {
        return Ok(());
    }
    py.value_error(&format!("illegal newline value: {}", string::to_rust(s)))
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = py.of_kind(args.at(0), TEXT.kind) else { return py.type_error("a TextIOWrapper is required") };
    for (i, what) in [(2, "encoding"), (3, "errors")] {
        if let Some(v) = args.some(i) {
            base::text_of(py, v, &format!("TextIOWrapper() argument '{what}'"))?;
        }
    }
    let flag = |i: usize| args.opt(i).map_or(Ok(false), |v| py.truth(v));
    let or_none = |i: usize| args.opt(i).unwrap_or(Value::NONE);
    let options = Options {
        encoding: or_none(2),
        errors: or_none(3),
        newline: or_none(4),
        line_buffering: flag(5)?,
        write_through: flag(6)?,
    };
    start(py, o, args.at(1), &options)?;
    Ok(Value::NONE)
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    let Some(o) = py.of_kind(args.at(0), TEXT.kind) else { return py.type_error("a TextIOWrapper is required") };
    if o.get(BUFFER).is_empty() {
        return py.value_error("I/O operation on uninitialized object");
    }
    if o.get(BUFFER) == Value::NONE {
        return py.value_error("underlying buffer has been detached");
    }
    Ok(o)
}

fn open(py: Py<'_>, args: Args<'_>) -> R<Object> {
    let o = this(py, args)?;
    if base::is_closed(py, o.get(BUFFER))? {
        return py.value_error("I/O operation on closed file.");
    }
    Ok(o)
}

fn codec_of(o: Object) -> Codec {
    encoding::codec(o.get(CODEC).as_int() as usize)
}

fn newline_is(py: Py<'_>, o: Object, text: &str) -> bool {
    string::exact_or_payload(py, o.get(NEWLINE)).is_some_and(|s| string::is(s, text))
}

/// Are line ends of all kinds recognized?
fn is_universal(py: Py<'_>, o: Object) -> bool {
    o.get(NEWLINE) == Value::NONE || newline_is(py, o, "")
}

// ---- writing

fn flush_pending(py: Py<'_>, o: Object) -> R<()> {
    let Some(b) = Object::from_value(o.get(PENDING)) else { return Ok(()) };
    if bytes::array_length(b) == 0 {
        return Ok(());
    }
    let content = py.bytearray_content(b);
    py.bytearray_splice(b, 0, content.len(), b"")?;
    match buffered::exact(py, o.get(BUFFER))? {
        Some(buffer) => buffered::put(py, buffer, &content),
        None => {
            let b = py.bytes(&content)?;
            py.call_method(o.get(BUFFER), sym::WRITE, &[b.value()]).map(|_| ())
        }
    }
}

fn write(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(s) = string::exact_or_payload(py, args.at(1)) else {
        return py.type_error(&format!("write() argument must be str, not {}", py.class_name(args.at(1))));
    };
    let o = {
        open(py, args)?;
        o
    };
    if o.get(WRITABLE) != Value::TRUE {
        return base::unsupported(py, "not writable");
    }
    let length = string::length(s);
    let mut out = s;
    for nl in ["\r", "\r\n"] {
        if newline_is(py, o, nl) {
            out = newline::replace_lf(py, s, nl)?;
        }
    }
    let has_line_end = o.get(LINE_BUFFERING) == Value::TRUE && string::code_points(out).any(|c| c == 0x0A || c == 0x0D);
    let codec = match (codec_of(o), o.get(MARKED) == Value::TRUE) {
        (Codec::Utf16(ByteOrder::Marked), true) => Codec::Utf16(ByteOrder::Little),
        (Codec::Utf32(ByteOrder::Marked), true) => Codec::Utf32(ByteOrder::Little),
        (codec, _) => codec,
    };
    let handler = encoding::handler(py, &py.str_text(o.get(ERRORS))?)?;
    let content = encoding::encode(py, codec, out, handler)?;
    py.store(o, MARKED, Value::TRUE);
    forget_read(py, o);
    let Some(b) = Object::from_value(o.get(PENDING)) else { return Ok(Value::NONE) };
    let end = bytes::array_length(b);
    if end > 0 && end + content.len() > CHUNK {
        flush_pending(py, o)?;
    }
    let end = bytes::array_length(b);
    py.bytearray_splice(b, end, end, &content)?;
    if bytes::array_length(b) >= CHUNK || has_line_end || o.get(WRITE_THROUGH) == Value::TRUE {
        flush_pending(py, o)?;
    }
    if has_line_end {
        py.call_method(o.get(BUFFER), sym::FLUSH, &[])?;
    }
    py.int_usize(length)
}

fn flush(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    flush_pending(py, o)?;
    py.store(o, ITERATING, Value::FALSE);
    py.call_method(o.get(BUFFER), sym::FLUSH, &[])
}

// ---- reading

fn forget_read(py: Py<'_>, o: Object) {
    py.store(o, DECODED, py.root(root::EMPTY_STRING));
    py.store(o, AT, Value::int(0));
    py.store(o, CHUNK_BYTES, py.root(root::EMPTY_BYTES));
    py.store(o, WAITING, Value::int(0));
    py.store(o, PENDING_CR, Value::FALSE);
}

fn decoded(o: Object) -> (Object, usize) {
    (Object::of(o.get(DECODED)), o.get(AT).as_int() as usize)
}

/// The next chunk of the buffer; all that is left with `all`.
fn read_chunk(py: Py<'_>, o: Object, all: bool) -> R<Vec<u8>> {
    let buffer = o.get(BUFFER);
    if !all && let Some(b) = buffered::exact(py, buffer)? {
        if !base::ask(py, buffer, "readable")? {
            return base::unsupported(py, "not readable");
        }
        return buffered::read_some(py, b, CHUNK);
    }
    if !base::ask(py, buffer, "readable")? {
        return base::unsupported(py, "not readable");
    }
    let read1 = py.intern("read1")?;
    let v = if all {
        py.call_method(buffer, sym::READ, &[])?
    } else if py.get_optional(buffer, read1)?.is_some() {
        py.call_method(buffer, read1, &[Value::int(CHUNK as i64)])?
    } else {
        py.call_method(buffer, sym::READ, &[Value::int(CHUNK as i64)])?
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
    let handler = encoding::handler(py, &py.str_text(o.get(ERRORS))?)?;
    let codec = read_codec(py, o, &input)?;
    let (mut text, used) = encoding::decode(py, codec, &input, handler, at_end)?;
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

/// The codec of what is read: a byte order mark at the beginning settles it for the rest.
fn read_codec(py: Py<'_>, o: Object, input: &[u8]) -> R<Codec> {
    let codec = codec_of(o);
    if !matches!(codec, Codec::Utf16(ByteOrder::Marked) | Codec::Utf32(ByteOrder::Marked)) {
        return Ok(codec);
    }
    let known = o.get(MARKED);
    if known.is_int() {
        return Ok(encoding::codec(known.as_int() as usize));
    }
    let (resolved, mark) = codec.resolve(input);
    if mark > 0
        && let Some(number) = encoding::number(resolved.name())
    {
        py.store(o, MARKED, Value::int(number as i64));
        return Ok(codec);
    }
    Ok(codec)
}

fn take(py: Py<'_>, o: Object, n: usize) -> R<Object> {
    let (text, at) = decoded(o);
    let end = at.saturating_add(n).min(string::length(text));
    let taken = py.substring(text, at, end)?;
    py.store(o, AT, Value::int(end as i64));
    Ok(taken)
}

fn read(py: Py<'_>, args: Args<'_>) -> R {
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

fn line(py: Py<'_>, o: Object, limit: i64) -> R<Object> {
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

fn readline(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    let limit = base::size_argument(py, args.some(1))?;
    Ok(line(py, o, limit)?.value())
}

fn next(py: Py<'_>, args: Args<'_>) -> R {
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

// ---- positions

/// How many bytes of the chunk the first `count` decoded characters came from.
fn bytes_of(py: Py<'_>, o: Object, chunk: &[u8], count: usize) -> R<usize> {
    let codec = read_codec(py, o, chunk)?;
    let (codec, mut at) = codec.resolve(chunk);
    let translates = o.get(NEWLINE) == Value::NONE;
    let mut left = count;
    let big = matches!(codec, Codec::Utf16(ByteOrder::Big) | Codec::Utf32(ByteOrder::Big));
    let unit_at = |i: usize, n: usize| -> Option<u32> {
        let b = chunk.get(i..i + n)?;
        Some(if big {
            b.iter().fold(0, |u, b| u << 8 | u32::from(*b))
        } else {
            b.iter().rev().fold(0, |u, b| u << 8 | u32::from(*b))
        })
    };
    let unit = match codec {
        Codec::Utf16(_) => 2,
        Codec::Utf32(_) => 4,
        _ => 1,
    };
    while left > 0 && at < chunk.len() {
        let first = unit_at(at, unit).unwrap_or(0);
        let length = match codec {
            Codec::Utf8 => match first {
                0xC2..0xE0 => 2,
                0xE0..0xF0 => 3,
                0xF0..0xF5 => 4,
                _ => 1,
            },
            Codec::Utf16(_) if (0xD800..0xDC00).contains(&first) => 4,
            _ => unit,
        };
        at += length;
        if translates && first == 0x0D && unit_at(at, unit) == Some(0x0A) {
            at += unit;
        }
        left -= 1;
    }
    Ok(at.min(chunk.len()))
}

fn tell(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    if !base::ask(py, o.get(BUFFER), "seekable")? {
        return base::unsupported(py, "underlying stream is not seekable");
    }
    if o.get(ITERATING) == Value::TRUE {
        return py.err(Exc::OSError, "telling position disabled by next() call");
    }
    flush(py, args)?;
    let end = method(py, o.get(BUFFER), "tell", &[])?;
    let chunk = bytes::slice(Object::of(o.get(CHUNK_BYTES)));
    if chunk.is_empty() {
        return Ok(end);
    }
    let (_, at) = decoded(o);
    let used = bytes_of(py, o, chunk, at)?;
    let end = py.index_i64(end)?;
    py.int(end - (chunk.len() - used) as i64)
}

fn seek(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    if !base::ask(py, o.get(BUFFER), "seekable")? {
        return base::unsupported(py, "underlying stream is not seekable");
    }
    let whence = args.opt(2).map_or(Ok(0), |v| py.index_i32(v))?;
    let cookie = args.at(1);
    let is_zero = py.as_int(cookie).is_some_and(|v| v == Value::int(0));
    let target = match whence {
        0 => {
            let at = py.index_i64(cookie)?;
            if at < 0 {
                return py.value_error(&format!("negative seek position {at}"));
            }
            cookie
        }
        1 if is_zero => {
            py.store(o, ITERATING, Value::FALSE);
            tell(py, args)?
        }
        1 => return base::unsupported(py, "can't do nonzero cur-relative seeks"),
        2 if is_zero => {
            flush(py, args)?;
            forget_read(py, o);
            return method(py, o.get(BUFFER), "seek", &[Value::int(0), Value::int(2)]);
        }
        2 => return base::unsupported(py, "can't do nonzero end-relative seeks"),
        _ => return py.value_error(&format!("invalid whence ({whence}, should be 0, 1 or 2)")),
    };
    flush(py, args)?;
    let at = method(py, o.get(BUFFER), "seek", &[target])?;
    forget_read(py, o);
    py.store(o, MARKED, if at == Value::int(0) { Value::FALSE } else { Value::TRUE });
    Ok(target)
}

fn truncate(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    flush(py, args)?;
    let at = match args.some(1) {
        Some(at) => at,
        None => tell(py, args)?,
    };
    method(py, o.get(BUFFER), "truncate", &[at])
}

// ---- the rest

fn close(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if base::is_closed(py, o.get(BUFFER))? {
        return Ok(Value::NONE);
    }
    let flushed = py.call_method(args.at(0), sym::FLUSH, &[]);
    super::close_after(py, flushed, o.get(BUFFER))
}

fn detach(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    py.call_method(args.at(0), sym::FLUSH, &[])?;
    let buffer = o.get(BUFFER);
    py.store(o, BUFFER, Value::NONE);
    Ok(buffer)
}

fn reconfigure(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    let (_, at) = decoded(o);
    let reads = at > 0 || !bytes::slice(Object::of(o.get(CHUNK_BYTES))).is_empty();
    if reads && (args.some(1).is_some() || args.some(2).is_some() || args.opt(3).is_some()) {
        return base::unsupported(
            py,
            "It is not possible to set the encoding or newline of stream after the first read",
        );
    }
    if let Some(newline) = args.opt(3) {
        check_newline(py, newline)?;
    }
    flush(py, args)?;
    if let Some(encoding) = args.some(1) {
        let s = base::text_of(py, encoding, "reconfigure() argument 'encoding'")?;
        let text = string::to_rust(s);
        let text = if text == "locale" { "utf-8".to_owned() } else { text };
        let number = encoding::find(py, &text)?;
        let name = py.str(&text)?;
        py.store(o, ENCODING, name);
        py.store(o, CODEC, Value::int(number as i64));
        if args.some(2).is_none() {
            let strict = py.str("strict")?;
            py.store(o, ERRORS, strict);
        }
    }
    if let Some(errors) = args.some(2) {
        let s = base::text_of(py, errors, "reconfigure() argument 'errors'")?;
        encoding::handler(py, &string::to_rust(s))?;
        py.store(o, ERRORS, s.value());
    }
    if let Some(newline) = args.opt(3) {
        py.store(o, NEWLINE, newline);
    }
    for (i, word) in [(4, LINE_BUFFERING), (5, WRITE_THROUGH)] {
        if let Some(v) = args.some(i) {
            let flag = Value::bool(py.truth(v)?);
            py.store(o, word, flag);
        }
    }
    Ok(Value::NONE)
}

fn delegate(py: Py<'_>, args: Args<'_>, name: &str) -> R {
    method(py, this(py, args)?.get(BUFFER), name, &[])
}
fn seekable(py: Py<'_>, args: Args<'_>) -> R {
    delegate(py, args, "seekable")
}
fn readable(py: Py<'_>, args: Args<'_>) -> R {
    delegate(py, args, "readable")
}
fn writable(py: Py<'_>, args: Args<'_>) -> R {
    delegate(py, args, "writable")
}
fn fileno(py: Py<'_>, args: Args<'_>) -> R {
    delegate(py, args, "fileno")
}
fn isatty(py: Py<'_>, args: Args<'_>) -> R {
    delegate(py, args, "isatty")
}
fn buffer_getter(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args)?.get(BUFFER))
}
fn encoding_getter(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args)?.get(ENCODING))
}
fn errors_getter(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args)?.get(ERRORS))
}
fn newlines(py: Py<'_>, args: Args<'_>) -> R {
    describe(py, this(py, args)?.get(SEEN).as_int())
}
fn line_buffering(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args)?.get(LINE_BUFFERING))
}
fn write_through(py: Py<'_>, args: Args<'_>) -> R {
    Ok(this(py, args)?.get(WRITE_THROUGH))
}
fn closed(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = py.of_kind(args.at(0), TEXT.kind) else { return py.type_error("a TextIOWrapper is required") };
    let buffer = o.get(BUFFER);
    if buffer.is_empty() || buffer == Value::NONE {
        return Ok(Value::FALSE);
    }
    py.get_attribute_text(buffer, "closed")
}
fn name(py: Py<'_>, args: Args<'_>) -> R {
    py.get_attribute_text(this(py, args)?.get(BUFFER), "name")
}
fn chunk_size(_: Py<'_>, _: Args<'_>) -> R {
    Ok(Value::int(CHUNK as i64))
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut out = format!("<_io.TextIOWrapper{}", base::name_part(py, args.at(0))?);
    let mode = py.intern("mode")?;
    if let Some(mode) = py.get_optional(args.at(0), mode)? {
        out.push_str(&format!(" mode={}", py.repr_text(mode)?));
    }
    out.push_str(&format!(" encoding={}>", py.repr_text(o.get(ENCODING))?));
    py.str(&out)
}
