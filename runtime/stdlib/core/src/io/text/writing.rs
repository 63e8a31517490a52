//! Writing text: encoded bytes collect until there are enough of them, or a line ends.

use super::reading::forget_read;
use super::registered;
use super::{
    BUFFER, ENCODER, ERRORS, ITERATING, LINE_BUFFERING, NEWLINE, PENDING, SIZE, WRITABLE, WRITE_THROUGH, codec_of,
    open, this,
};
use crate::io::{base, buffered, newline};
use python_builtins::string::codec::encode_by;
use python_objects::symbol::sym;
use python_objects::{Args, Object, Py, R, Value, bytes, string};
use python_text::codec::Codec;

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
    let line_end = string::exact_or_payload(py, o.get(NEWLINE)).and_then(string::ascii);
    let out = match line_end {
        Some(nl @ ("\r" | "\r\n")) => newline::replace_lf(py, s, nl)?,
        _ => s,
    };
    let has_line_end = o.get(LINE_BUFFERING) == Value::TRUE && string::code_points(out).any(|c| c == 0x0A || c == 0x0D);
    let registered;
    let content = if registered::has(o, ENCODER) {
        registered = registered::encode(py, o, out)?;
        &registered
    } else if let (Codec::Utf8 | Codec::Ascii | Codec::Latin1, Some(ascii)) = (codec_of(o), string::ascii(out)) {
        ascii.as_bytes()
    } else {
        let errors = string::exact_or_payload(py, o.get(ERRORS));
        bytes::slice(encode_by(py, out, codec_of(o), errors)?)
    };
    forget_read(py, o);
    registered::reset_decoder(py, o)?;
    let Some(b) = Object::from_value(o.get(PENDING)) else { return Ok(Value::NONE) };
    let (end, size) = (bytes::array_length(b), o.get(SIZE).as_int() as usize);
    if end > 0 && end + content.len() > size {
        flush_pending(py, o)?;
    }
    let end = bytes::array_length(b);
    py.bytearray_splice(b, end, end, content)?;
    if bytes::array_length(b) >= size || has_line_end || o.get(WRITE_THROUGH) == Value::TRUE {
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
