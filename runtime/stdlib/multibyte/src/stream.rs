//! `MultibyteStreamReader` and `MultibyteStreamWriter`: streams of bytes as streams of text.

use crate::convert::Piece;
use crate::errors::name;
use crate::partial::{self, End, STREAM_FIELDS, codec_of, word};
use python_objects::symbol::sym;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, bytes};

pub(crate) static READER: TypeSpec =
    TypeSpec::values("_multibytecodec", "MultibyteStreamReader", STREAM_FIELDS, READER_METHODS, "").inheritable();
pub(crate) static WRITER: TypeSpec =
    TypeSpec::values("_multibytecodec", "MultibyteStreamWriter", STREAM_FIELDS, WRITER_METHODS, "").inheritable();

static READER_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, stream, errors='strict'", new_reader, "Create and return a new object."),
    Native::wrapper("__init__", "self, /, *args, **kwargs", |_, _| Ok(Value::NONE), "Initialize self."),
    Native::method("read", "self, sizeobj=None, /", |py, a| read(py, a, "read"), "Read all, or some bytes."),
    Native::method("readline", "self, sizeobj=None, /", |py, a| read(py, a, "readline"), "Read a line."),
    Native::method("readlines", "self, sizehintobj=None, /", read_lines, "Read lines as a list."),
    Native::method("reset", "self, /", reset_reader, "Forget what waits, and shift back."),
    Native::member("stream", |py, a| Ok(reader(py, a)?.get(word::STREAM)), ""),
    Native::getter("errors", |py, a| Ok(partial::get_errors(reader(py, a)?)), "how to treat errors"),
    Native::setter("errors", |py, a| partial::set_errors(py, reader(py, a)?, a)),
];
static WRITER_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, stream, errors='strict'", new_writer, "Create and return a new object."),
    Native::wrapper("__init__", "self, /, *args, **kwargs", |_, _| Ok(Value::NONE), "Initialize self."),
    Native::method("write", "self, strobj, /", write, "Write text."),
    Native::method("writelines", "self, lines, /", write_lines, "Write texts."),
    Native::method("reset", "self, /", reset_writer, "Write what waits, and shift back."),
    Native::member("stream", |py, a| Ok(writer(py, a)?.get(word::STREAM)), ""),
    Native::getter("errors", |py, a| Ok(partial::get_errors(writer(py, a)?)), "how to treat errors"),
    Native::setter("errors", |py, a| partial::set_errors(py, writer(py, a)?, a)),
];

fn reader(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &READER)
}
fn writer(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &WRITER)
}
fn new_reader(py: Py<'_>, args: Args<'_>) -> R {
    let errors = name(py, args.opt(2), "StreamReader() argument 2", false)?;
    let o = partial::new(py, args.at(0), &READER, errors, |codec| codec.decoder_start())?;
    py.store(o, word::STREAM, args.at(1));
    Ok(o.value())
}
fn new_writer(py: Py<'_>, args: Args<'_>) -> R {
    let errors = name(py, args.opt(2), "StreamWriter() argument 2", false)?;
    let o = partial::new(py, args.at(0), &WRITER, errors, |codec| codec.encoder_start())?;
    py.store(o, word::STREAM, args.at(1));
    Ok(o.value())
}

/// Reads by a method of the stream until some text is there.
fn read(py: Py<'_>, args: Args<'_>, method: &str) -> R {
    let o = reader(py, args)?;
    let mut size = match args.some(1) {
        None => -1,
        Some(v) if py.as_int(v).is_some() => py.index_i64(v)?,
        Some(_) => return py.type_error("arg 1 must be an integer"),
    };
    let method = py.intern(method)?;
    while size != 0 {
        let wanted = py.int(size)?;
        let stream = o.get(word::STREAM);
        let got = py.call_method(stream, method, if size < 0 { &[] } else { std::slice::from_ref(&wanted) })?;
        let Some(content) = py.as_bytes(got).map(bytes::slice) else {
            return py.type_error(&format!("stream function returned a non-bytes object ({})", py.class_name(got)));
        };
        let at_end = content.is_empty();
        let waited = !o.get(word::PENDING).is_empty();
        let end = if at_end || size < 0 { End::Closed } else { End::Open };
        if let Some(text) = partial::decode(py, o, content, end)? {
            return Ok(text.value());
        }
        if size < 0 || at_end && !waited {
            break;
        }
        // A byte more may be enough.
        size = 1;
    }
    py.str("")
}
fn read_lines(py: Py<'_>, args: Args<'_>) -> R {
    let text = read(py, args, "read")?;
    let split = py.intern("splitlines")?;
    py.call_method(text, split, &[Value::TRUE])
}
fn reset_reader(py: Py<'_>, args: Args<'_>) -> R {
    let o = reader(py, args)?;
    let mut state = partial::state(o);
    codec_of(py, o)?.restart(&mut state);
    partial::set_state(py, o, state);
    py.store(o, word::PENDING, Value::EMPTY);
    Ok(Value::NONE)
}

fn put(py: Py<'_>, o: Object, content: Object) -> R<()> {
    let name = py.intern("write")?;
    py.call_method(o.get(word::STREAM), name, &[content.value()])?;
    Ok(())
}
fn write(py: Py<'_>, args: Args<'_>) -> R {
    let o = writer(py, args)?;
    let made = partial::encode(py, o, args.at(1), Piece::Open)?;
    put(py, o, made)?;
    Ok(Value::NONE)
}
fn write_lines(py: Py<'_>, args: Args<'_>) -> R {
    let (o, lines) = (writer(py, args)?, args.at(1));
    if py.special(lines, sym::GETITEM).is_none() || py.as_dict(lines).is_some() {
        return py.type_error("arg must be a sequence object");
    }
    let mut i = 0;
    while i < py.length(lines)? {
        let line = py.get_item(lines, Value::int(i as i64))?;
        let made = partial::encode(py, o, line, Piece::Open)?;
        put(py, o, made)?;
        i += 1;
        py.poll()?;
    }
    Ok(Value::NONE)
}
fn reset_writer(py: Py<'_>, args: Args<'_>) -> R {
    let o = writer(py, args)?;
    let Some(pending) = partial::pending_text(o) else { return Ok(Value::NONE) };
    py.store(o, word::PENDING, Value::EMPTY);
    let made = partial::encode(py, o, pending.value(), Piece::Last)?;
    if !bytes::slice(made).is_empty() {
        put(py, o, made)?;
    }
    Ok(Value::NONE)
}
