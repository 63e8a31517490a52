//! Python's own escapes as encodings: `unicode_escape`, `raw_unicode_escape`, and `escape` between bytes and bytes.

use super::conversions::{content_or_text, decode_content, encode_with, optional_errors};
use super::pair;
use python_builtins::warnings;
use python_objects::{Args, Exc, Native, Py, R, bytes, string};
use python_text::codec::{Codec, Escapes, Handler, decode_bytes_escapes, encode_bytes_escapes, first_invalid_escape};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("unicode_escape_encode", "str, errors=None, /", unicode_escape_encode, ""),
    Native::function("unicode_escape_decode", "data, errors=None, final=True, /", unicode_escape_decode, ""),
    Native::function("raw_unicode_escape_encode", "str, errors=None, /", raw_unicode_escape_encode, ""),
    Native::function("raw_unicode_escape_decode", "data, errors=None, final=True, /", raw_unicode_escape_decode, ""),
    Native::function("escape_encode", "data, errors=None, /", escape_encode, ""),
    Native::function("escape_decode", "data, errors=None, /", escape_decode, ""),
];

fn unicode_escape_encode(py: Py<'_>, args: Args<'_>) -> R {
    encode_with(py, args, Codec::UnicodeEscape, "unicode_escape_encode")
}
fn raw_unicode_escape_encode(py: Py<'_>, args: Args<'_>) -> R {
    encode_with(py, args, Codec::RawUnicodeEscape, "raw_unicode_escape_encode")
}

fn unicode_escape_decode(py: Py<'_>, args: Args<'_>) -> R {
    let content = content_or_text(py, args.at(0))?;
    let is_final = args.opt(2).map_or(Ok(true), |v| py.truth(v))?;
    let decoded = decode_content(py, &content, args, Codec::UnicodeEscape, is_final)?;
    warn_of_invalid(py, &content, Escapes::Text)?;
    Ok(decoded)
}
fn raw_unicode_escape_decode(py: Py<'_>, args: Args<'_>) -> R {
    let content = content_or_text(py, args.at(0))?;
    let is_final = args.opt(2).map_or(Ok(true), |v| py.truth(v))?;
    decode_content(py, &content, args, Codec::RawUnicodeEscape, is_final)
}

fn escape_encode(py: Py<'_>, args: Args<'_>) -> R {
    let Some(b) = py.as_bytes(args.at(0)) else {
        return py.type_error(&format!("escape_encode() argument 1 must be bytes, not {}", py.class_name(args.at(0))));
    };
    let content = bytes::slice(b);
    let mut out = py.text_builder();
    encode_bytes_escapes(content, &mut out);
    pair(py, py.finish_bytes(out)?.value(), content.len())
}
fn escape_decode(py: Py<'_>, args: Args<'_>) -> R {
    let content = content_or_text(py, args.at(0))?;
    let name = optional_errors(py, args.some(1))?.map_or("strict".to_owned(), string::to_rust);
    let (handler, is_known) = match name.as_str() {
        "strict" => (Handler::Strict, true),
        "replace" => (Handler::Replace, true),
        "ignore" => (Handler::Ignore, true),
        _ => (Handler::Strict, false),
    };
    let mut out = py.text_builder();
    if let Err(e) = decode_bytes_escapes(&content, handler, &mut out) {
        if !is_known && e.message != "Trailing \\ in string".into() {
            return py.value_error(&format!("decoding error; unknown error handling code: {name}"));
        }
        return Err(py.text_error(&e));
    }
    warn_of_invalid(py, &content, Escapes::Bytes)?;
    pair(py, py.finish_bytes(out)?.value(), content.len())
}

/// Warns of the first escape that means nothing, or too much.
fn warn_of_invalid(py: Py<'_>, content: &[u8], escapes: Escapes) -> R<()> {
    let Some((at, is_octal)) = first_invalid_escape(content, escapes) else { return Ok(()) };
    let message = if is_octal {
        let digits = content.get(at + 1..at + 4).unwrap_or_default();
        format!("invalid octal escape sequence '\\{}'", String::from_utf8_lossy(digits))
    } else {
        format!("invalid escape sequence '\\{}'", content.get(at + 1).map_or('?', |b| char::from(*b)))
    };
    warnings::warn(py, Exc::DeprecationWarning, &message, 1)
}
