//! Encodings by a map: a string of 256 characters, a dictionary, or anything that has items.

use super::conversions::{content_argument, decode_content, encode_with, optional_errors, text_argument};
use super::pair;
use python_builtins::string::codec::{Stand, decode_handled, encode_error, handle_encoding};
use python_objects::{Args, Exc, Native, Object, Py, R, Value, bytes, string};
use python_text::TextBuilder;
use python_text::codec::{Codec, CodecError, decode_table_step};

pub(super) static FUNCTIONS: &[Native] = &[
    Native::function("charmap_build", "map, /", charmap_build, ""),
    Native::function("charmap_encode", "str, errors=None, mapping=None, /", charmap_encode, ""),
    Native::function("charmap_decode", "data, errors=None, mapping=None, /", charmap_decode, ""),
];

/// An error of this codec.
fn undefined(start: usize, end: usize) -> CodecError {
    CodecError { encoding: "charmap", start, end, reason: "character maps to <undefined>" }
}

/// The dictionary from code points to bytes of a decoding table.
fn charmap_build(py: Py<'_>, args: Args<'_>) -> R {
    let s = text_argument(py, args.at(0), "charmap_build")?;
    let d = py.new_dict()?;
    for (i, point) in string::code_points(s).take(256).enumerate() {
        if point != 0xFFFE {
            py.dict_set(d, Value::int(i64::from(point)), Value::int(i as i64))?;
        }
    }
    Ok(d.value())
}

fn charmap_encode(py: Py<'_>, args: Args<'_>) -> R {
    let s = text_argument(py, args.at(0), "charmap_encode")?;
    let Some(mapping) = args.some(2) else { return encode_with(py, args, Codec::Latin1, "charmap_encode") };
    let errors = optional_errors(py, args.some(1))?;
    let length = string::length(s);
    let mut out = py.text_builder();
    let mut at = 0;
    while at < length {
        if put(py, mapping, string::at(s, at), &mut out)? {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        while end < length && !put(py, mapping, string::at(s, end), &mut TextBuilder::new())? {
            end += 1;
        }
        at = stand_in(py, s, mapping, errors, undefined(at, end), &mut out)?;
        py.poll()?;
    }
    pair(py, py.finish_bytes(out)?.value(), length)
}

/// Puts in what a mapping has for a code point. False if it has nothing.
fn put(py: Py<'_>, mapping: Value, point: u32, out: &mut TextBuilder) -> R<bool> {
    let found = py.get_item(mapping, Value::int(i64::from(point)));
    let Some(v) = py.caught(found, Exc::LookupError)?.filter(|v| *v != Value::NONE) else { return Ok(false) };
    if let Some(b) = py.as_bytes(v) {
        out.push_units(python_text::Units::One(bytes::slice(b)));
        return Ok(true);
    }
    match py.as_int(v).map(|_| py.index_clamped(v)).transpose()?.map(u8::try_from) {
        Some(Ok(b)) => out.push(b.into()),
        Some(Err(_)) => return py.type_error("character mapping must be in range(256)"),
        None => {
            return py.type_error(&format!(
                "character mapping must return integer, bytes or None, not {}",
                py.class_name(v)
            ));
        }
    }
    Ok(true)
}

/// Puts in what the error handler has for characters that the mapping lacks: where to go on.
fn stand_in(
    py: Py<'_>,
    s: Object,
    mapping: Value,
    errors: Option<Object>,
    error: CodecError,
    out: &mut TextBuilder,
) -> R<usize> {
    let raise = || Err(py.throw(encode_error(py, s, error)?));
    let bad = error.start..error.end;
    let Some(errors) = errors else { return raise() };
    let text: Vec<u32> = match string::text(errors).as_ref() {
        "strict" => return raise(),
        "ignore" => return Ok(error.end),
        "replace" => vec![u32::from('?'); bad.len()],
        "xmlcharrefreplace" => {
            let text: String = bad.map(|i| format!("&#{};", string::at(s, i))).collect();
            text.chars().map(u32::from).collect()
        }
        _ => {
            let exception = encode_error(py, s, error)?;
            let (stand, next) = handle_encoding(py, errors, exception, string::length(s))?;
            match stand {
                Stand::Bytes(content) => out.push_units(python_text::Units::One(&content)),
                Stand::Text(text) => {
                    for point in string::code_points(text) {
                        if !put(py, mapping, point, out)? {
                            return Err(py.throw(exception));
                        }
                    }
                }
            }
            return Ok(next);
        }
    };
    for point in text {
        if !put(py, mapping, point, out)? {
            return raise();
        }
    }
    Ok(error.end)
}

fn charmap_decode(py: Py<'_>, args: Args<'_>) -> R {
    let content = content_argument(py, args.at(0))?;
    let Some(mapping) = args.some(2) else { return decode_content(py, &content, args, Codec::Latin1, true) };
    let strict = py.str("strict")?;
    let errors = optional_errors(py, Some(args.some(1).unwrap_or(strict)))?;
    let mut out = py.text_builder();
    match string::exact_or_payload(py, mapping) {
        Some(table) => {
            decode_handled(py, &content, 0, errors, &mut out, |content, from, out| {
                let step = decode_table_step(content, string::units(table), from, out);
                Ok(step.map(|()| content.len()))
            })?;
        }
        None => {
            decode_handled(py, &content, 0, errors, &mut out, |content, from, out| {
                for (i, byte) in content.iter().enumerate().skip(from) {
                    if !put_decoded(py, mapping, *byte, out)? {
                        return Ok(Err(undefined(i, i + 1)));
                    }
                }
                Ok(Ok(content.len()))
            })?;
        }
    }
    pair(py, py.finish_text(out)?.value(), content.len())
}

/// Puts in what a mapping has for a byte. False if it has nothing.
fn put_decoded(py: Py<'_>, mapping: Value, byte: u8, out: &mut TextBuilder) -> R<bool> {
    let found = py.get_item(mapping, Value::int(i64::from(byte)));
    let Some(v) = py.caught(found, Exc::LookupError)?.filter(|v| *v != Value::NONE) else { return Ok(false) };
    if let Some(s) = string::exact_or_payload(py, v) {
        let is_nothing = string::length(s) == 1 && string::at(s, 0) == 0xFFFE;
        if !is_nothing {
            out.push_units(string::units(s));
        }
        return Ok(!is_nothing);
    }
    match py.as_int(v).map(|_| py.index_clamped(v)).transpose()?.map(u32::try_from) {
        Some(Ok(0xFFFE)) => return Ok(false),
        Some(Ok(point @ 0..0x11_0000)) => out.push(point),
        Some(_) => return py.type_error("character mapping must be in range(0x110000)"),
        None => return py.type_error("character mapping must return integer, None or str"),
    }
    Ok(true)
}
