//! `TextIOWrapper`: text over a buffered binary stream.
//!
//! Reading keeps the decoded text of the last chunk with a position in it, and the chunk's bytes, from which `tell` finds
//! the position in the file. Writing collects encoded bytes. Encodings that are not built in are [`registered`]'s.

mod position;
mod reading;
mod registered;
mod writing;

use crate::io::base::{self, OWN, method, spec};
use crate::io::newline::describe;
use crate::io::{CHUNK, encoding};
use crate::support::utf8;
use position::{seek, tell, truncate};
use python_objects::py::root;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, bytes, string};
use python_text::codec::{Codec, Handler};
use reading::{decoded, next, read, readline};
use writing::{flush, write};

const BUFFER: usize = OWN;
const ENCODING: usize = OWN + 1;
const ERRORS: usize = OWN + 2;
/// The `newline` argument: None or a string.
const NEWLINE: usize = OWN + 3;
/// Number of the encoding; of no meaning with a decoder or encoder of the registry.
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
/// Was `next` called? Then `tell` is not possible.
const ITERATING: usize = OWN + 14;
/// Can the buffer be written?
const WRITABLE: usize = OWN + 15;
/// Bytes that are read at once.
const SIZE: usize = OWN + 16;
/// Incremental coders of the registry, for encodings that are not built in; None otherwise.
const DECODER: usize = OWN + 17;
const ENCODER: usize = OWN + 18;
/// The decoder's state before the chunk.
const FLAGS: usize = OWN + 19;
const OWN_WORDS: usize = 20;

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
        Native::method("seekable", "self, /", |py, a| delegate(py, a, "seekable"), "Can the position be changed?"),
        Native::method("readable", "self, /", |py, a| delegate(py, a, "readable"), "Can it be read?"),
        Native::method("writable", "self, /", |py, a| delegate(py, a, "writable"), "Can it be written?"),
        Native::method("fileno", "self, /", |py, a| delegate(py, a, "fileno"), "Return the file descriptor."),
        Native::method("isatty", "self, /", |py, a| delegate(py, a, "isatty"), "Is it a terminal?"),
        Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
        Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
        Native::getter("buffer", |py, a| Ok(this(py, a)?.get(BUFFER)), "The binary stream."),
        Native::getter("encoding", |py, a| Ok(initialized(py, a)?.get(ENCODING)), "The encoding."),
        Native::getter("errors", |py, a| Ok(initialized(py, a)?.get(ERRORS)), "The error handler."),
        Native::getter("newlines", newlines, "The line ends seen."),
        Native::getter(
            "line_buffering",
            |py, a| Ok(initialized(py, a)?.get(LINE_BUFFERING)),
            "Is it flushed at line ends?",
        ),
        Native::getter("write_through", |py, a| Ok(initialized(py, a)?.get(WRITE_THROUGH)), "Does writing not wait?"),
        Native::getter("closed", closed, "Is the stream closed?"),
        Native::getter(
            "name",
            |py, a| py.get_attribute_text(this(py, a)?.get(BUFFER), "name"),
            "The binary stream's name.",
        ),
        Native::getter("_CHUNK_SIZE", |py, a| Ok(this(py, a)?.get(SIZE)), "Bytes that are read at once."),
        Native::setter("_CHUNK_SIZE", set_chunk_size),
    ],
    "Text over a buffered binary stream.",
)
.finalized();

pub(super) fn class(py: Py<'_>) -> R<Object> {
    py.native_subtype(&TEXT, base::text_io_base(py)?)
}

/// Is it a text stream of this type, subclasses included?
pub(super) fn is(py: Py<'_>, v: Value) -> bool {
    py.of_kind(v, TEXT.kind).is_some()
}

/// The binary stream under a text stream.
pub(super) fn under(py: Py<'_>, v: Value) -> Option<Value> {
    py.of_kind(v, TEXT.kind).map(|o| o.get(BUFFER))
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
        Some(name) => utf8(py, name)?,
        None => "locale".to_owned(),
    };
    let is_locale = encoding == "locale";
    let number = encoding::of_streams(if is_locale { "utf-8" } else { &encoding });
    let errors = if options.errors == Value::NONE { py.str("strict")? } else { options.errors };
    utf8(py, base::text_of(py, errors, "errors")?)?;
    check_errors(py, errors)?;
    check_newline(py, options.newline)?;
    let writable = Value::bool(base::ask(py, buffer, "writable")?);
    let (name, pending) = (py.str(if is_locale { "UTF-8" } else { &encoding })?, py.bytearray(b"")?);
    let empty = py.root(root::EMPTY_STRING);
    for (word, v) in [
        (BUFFER, buffer),
        (ENCODING, name),
        (ERRORS, errors),
        (NEWLINE, options.newline),
        (CODEC, Value::int(number.unwrap_or(0) as i64)),
        (LINE_BUFFERING, Value::bool(options.line_buffering)),
        (WRITE_THROUGH, Value::bool(options.write_through)),
        (DECODED, empty),
        (AT, Value::int(0)),
        (CHUNK_BYTES, py.root(root::EMPTY_BYTES)),
        (WAITING, Value::int(0)),
        (PENDING, pending.value()),
        (PENDING_CR, Value::FALSE),
        (SEEN, Value::int(0)),
        (ITERATING, Value::FALSE),
        (WRITABLE, writable),
        (SIZE, Value::int(CHUNK as i64)),
        (DECODER, Value::NONE),
        (ENCODER, Value::NONE),
        (FLAGS, Value::int(0)),
    ] {
        py.store(o, word, v);
    }
    if number.is_none() {
        return registered::attach(py, o, &encoding);
    }
    Ok(())
}

/// What a stream may have as its error handler. Whether there is one of the name is seen when it is needed; in development
/// mode at once.
fn check_errors(py: Py<'_>, errors: Value) -> R<()> {
    let name = py.utf8(base::text_of(py, errors, "errors")?)?;
    // The standard streams, whose handlers are built in, are there before there is a registry.
    if py.state().settings.flags.dev_mode && Handler::from_name(&name).is_none() {
        crate::codecs::find_handler(py, &name)?;
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
    py.value_error(&format!("illegal newline value: {}", utf8(py, s)?))
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = py.of_kind(args.at(0), TEXT.kind) else { return py.type_error("a TextIOWrapper is required") };
    for (i, what) in [(2, "encoding"), (3, "errors")] {
        if let Some(v) = args.some(i) {
            base::text_of(py, v, &format!("TextIOWrapper() argument '{what}'"))?;
        }
    }
    // Until all went well it is as if this had not been called.
    py.store(o, BUFFER, Value::EMPTY);
    let flag = |i: usize| args.opt(i).map_or(Ok(false), |v| py.truth(v));
    let or_none = |i: usize| args.opt(i).unwrap_or(Value::NONE);
    if or_none(2) == Value::NONE {
        crate::io::unspecified(py, 1)?;
    }
    let options = Options {
        encoding: or_none(2),
        errors: or_none(3),
        newline: or_none(4),
        line_buffering: flag(5)?,
        write_through: flag(6)?,
    };
    if let Err(stop) = start(py, o, args.at(1), &options) {
        py.store(o, BUFFER, Value::EMPTY);
        return Err(stop);
    }
    Ok(Value::NONE)
}

/// The stream, which may be detached.
fn initialized(py: Py<'_>, args: Args<'_>) -> R<Object> {
    let Some(o) = py.of_kind(args.at(0), TEXT.kind) else { return py.type_error("a TextIOWrapper is required") };
    if o.get(BUFFER).is_empty() {
        return py.value_error("I/O operation on uninitialized object");
    }
    Ok(o)
}

fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    let o = initialized(py, args)?;
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

fn close(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if base::is_closed(py, o.get(BUFFER))? {
        return Ok(Value::NONE);
    }
    let flushed = py.call_method(args.at(0), sym::FLUSH, &[]);
    crate::io::close_after(py, flushed, o.get(BUFFER))
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
    let encoding = match args.some(1) {
        Some(v) => {
            let name = py.utf8(base::text_of(py, v, "reconfigure() argument 'encoding'")?)?;
            Some(if name == "locale" { "UTF-8".to_owned() } else { name })
        }
        None => None,
    };
    if let Some(errors) = args.some(2) {
        base::text_of(py, errors, "reconfigure() argument 'errors'")?;
        check_errors(py, errors)?;
    }
    let flag = |i: usize| args.some(i).map(|v| py.index_i64(v).map(|n| n != 0)).transpose();
    let flags = [(flag(4)?, LINE_BUFFERING), (flag(5)?, WRITE_THROUGH)];
    flush(py, args)?;
    let before = [ENCODING, ERRORS, NEWLINE, CODEC, DECODER, ENCODER].map(|word| (word, o.get(word)));
    if let Some(encoding) = &encoding {
        let name = py.str(encoding)?;
        py.store(o, ENCODING, name);
        if args.some(2).is_none() {
            let strict = py.str("strict")?;
            py.store(o, ERRORS, strict);
        }
    }
    if let Some(errors) = args.some(2) {
        py.store(o, ERRORS, errors);
    }
    if let Some(newline) = args.opt(3) {
        py.store(o, NEWLINE, newline);
    }
    if (encoding.is_some() || args.some(2).is_some() || args.opt(3).is_some())
        && let Err(stop) = recode(py, o)
    {
        before.iter().for_each(|(word, v)| py.store(o, *word, *v));
        return Err(stop);
    }
    for (flag, word) in flags {
        if let Some(flag) = flag {
            py.store(o, word, Value::bool(flag));
        }
    }
    Ok(Value::NONE)
}

/// Takes the stream's encoding, error handler and line ends anew.
fn recode(py: Py<'_>, o: Object) -> R<()> {
    // What follows a null character is left out here, as text streams do it in C.
    let mut name = py.str_text(o.get(ENCODING))?;
    name.truncate(name.find('\0').unwrap_or(name.len()));
    py.store(o, DECODER, Value::NONE);
    py.store(o, ENCODER, Value::NONE);
    match encoding::of_streams(&name) {
        Some(number) => {
            py.store(o, CODEC, Value::int(number as i64));
            Ok(())
        }
        None => registered::attach(py, o, &name),
    }
}

fn delegate(py: Py<'_>, args: Args<'_>, name: &str) -> R {
    method(py, this(py, args)?.get(BUFFER), name, &[])
}
fn newlines(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    if registered::has(o, DECODER) {
        return registered::newlines(py, o);
    }
    describe(py, o.get(SEEN).as_int())
}
fn closed(py: Py<'_>, args: Args<'_>) -> R {
    let Some(o) = py.of_kind(args.at(0), TEXT.kind) else { return py.type_error("a TextIOWrapper is required") };
    let buffer = o.get(BUFFER);
    if buffer.is_empty() || buffer == Value::NONE {
        return Ok(Value::FALSE);
    }
    py.get_attribute(buffer, sym::CLOSED)
}
fn set_chunk_size(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(size) = args.opt(1) else { return py.err(Exc::AttributeError, "cannot delete attribute") };
    let size = py.index_i64(size)?;
    if size <= 0 {
        return py.value_error("a strictly positive integer is required");
    }
    py.store(o, SIZE, Value::int(size.min(1 << 30)));
    Ok(Value::NONE)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = initialized(py, args)?;
    let mut out = format!("<_io.TextIOWrapper{}", base::name_part(py, args.at(0))?);
    let mode = py.intern("mode")?;
    let mode = if o.get(BUFFER) == Value::NONE { None } else { py.get_optional(args.at(0), mode)? };
    if let Some(mode) = mode {
        out.push_str(&format!(" mode={}", py.repr_text(mode)?));
    }
    out.push_str(&format!(" encoding={}>", py.repr_text(o.get(ENCODING))?));
    py.str(&out)
}
