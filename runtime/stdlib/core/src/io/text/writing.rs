//! Writing text: encoded bytes collect until there are enough of them, or a line ends.

use super::reading::forget_read;
use super::{
    BUFFER, ERRORS, ITERATING, LINE_BUFFERING, MARKED, PENDING, WRITABLE, WRITE_THROUGH, codec_of, newline_is, open,
    this,
};
use crate::io::{CHUNK, base, buffered, encoding, newline};
use python_objects::symbol::sym;
use python_objects::{Args, Object, Py, R, Value, bytes, string};
use python_text::codec::{ByteOrder, Codec};

pub(super) fn flush_pending(py: Py<'_>, o: Object) -> R<()> {
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

pub(super) fn write(py: Py<'_>, args: Args<'_>) -> R {
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

pub(super) fn flush(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    flush_pending(py, o)?;
    py.store(o, ITERATING, Value::FALSE);
    py.call_method(o.get(BUFFER), sym::FLUSH, &[])
}
