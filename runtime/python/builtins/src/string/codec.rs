//! `str.encode` and what decodes bytes: the encodings that are built in, and the registry of `codecs` for all others.

use super::this;
use python_objects::exception::word;
use python_objects::py::root;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, dict, int, string};
use python_text::codec::{self, ByteOrder, Codec, CodecError, Handler, Replacement};
use python_text::{TextBuilder, Units};
use std::borrow::Cow;
use vm_api::engine::Stop;

pub(super) static METHODS: &[Native] = &[Native::method(
    "encode",
    "self, /, encoding='utf-8', errors='strict'",
    encode_method,
    "Encode the string using the codec registered for encoding.",
)];

/// The built-in encoding of a name, whatever its case and punctuation.
fn built_in(name: &str) -> Option<Codec> {
    let normal: String =
        name.chars().map(|c| if c == '-' || c == ' ' { '_' } else { c.to_ascii_lowercase() }).collect();
    Some(match normal.as_str() {
        "utf_8" | "utf8" | "u8" | "utf" | "cp65001" => Codec::Utf8,
        "ascii" | "us_ascii" | "646" => Codec::Ascii,
        "latin_1" | "latin1" | "latin" | "iso_8859_1" | "iso8859_1" | "iso8859" | "8859" | "l1" | "cp819" => {
            Codec::Latin1
        }
        "utf_16" | "utf16" | "u16" => Codec::Utf16(ByteOrder::Marked),
        "utf_16_le" | "utf_16le" | "unicodelittleunmarked" => Codec::Utf16(ByteOrder::Little),
        "utf_16_be" | "utf_16be" | "unicodebigunmarked" => Codec::Utf16(ByteOrder::Big),
        "utf_32" | "utf32" | "u32" => Codec::Utf32(ByteOrder::Marked),
        "utf_32_le" | "utf_32le" => Codec::Utf32(ByteOrder::Little),
        "utf_32_be" | "utf_32be" => Codec::Utf32(ByteOrder::Big),
        _ => return None,
    })
}

/// An argument that must be a string if it is given; `which` names it in the message.
pub(crate) fn optional_text(py: Py<'_>, v: Option<Value>, which: &str) -> R<Option<Object>> {
    match v {
        None => Ok(None),
        Some(v) => match string::exact_or_payload(py, v) {
            Some(s) => {
                // Names of C's: neither null characters nor what UTF-8 cannot say.
                if string::ascii(s).map_or_else(|| py.utf8(s), |text| Ok(text.to_owned()))?.contains('\0') {
                    return py.value_error("embedded null character");
                }
                Ok(Some(s))
            }
            None => py.type_error(&format!("{which} must be str, not {}", py.class_name(v))),
        },
    }
}

/// Encoding and error handler, in slots 1 and 2 of `encode`'s arguments.
fn encode_arguments(py: Py<'_>, args: Args<'_>) -> R<(Option<Object>, Option<Object>)> {
    Ok((
        optional_text(py, args.opt(1), "encode() argument 'encoding'")?,
        optional_text(py, args.opt(2), "encode() argument 'errors'")?,
    ))
}

/// The same of `decode`'s.
pub(crate) fn decode_arguments(py: Py<'_>, args: Args<'_>) -> R<(Option<Object>, Option<Object>)> {
    Ok((
        optional_text(py, args.opt(1), "decode() argument 'encoding'")?,
        optional_text(py, args.opt(2), "decode() argument 'errors'")?,
    ))
}

fn encode_method(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    let (encoding, errors) = encode_arguments(py, args)?;
    encode(py, s, encoding, errors)
}

/// How errors are handled: by a built-in handler, or one that the program registered.
enum Errors {
    BuiltIn(Handler),
    Registered(Object),
}

fn errors_of(errors: Option<Object>) -> Errors {
    match errors {
        None => Errors::BuiltIn(Handler::Strict),
        Some(name) => match Handler::from_name(&string::text(name)) {
            Some(handler) => Errors::BuiltIn(handler),
            None => Errors::Registered(name),
        },
    }
}

/// `s.encode(encoding, errors)` for an exact string: an exact `bytes`, from a built-in encoding. Runs Python code where the
/// encoding or the error handler is not built in.
pub fn encode(py: Py<'_>, s: Object, encoding: Option<Object>, errors: Option<Object>) -> R {
    let codec = match encoding {
        None => Some(Codec::Utf8),
        Some(name) => built_in(&string::text(name)),
    };
    check_errors(py, errors)?;
    match codec {
        Some(codec) => Ok(encode_by(py, s, codec, errors)?.value()),
        None => encode_registered(py, s, encoding.unwrap_or(s), errors),
    }
}

/// Encodes by a built-in codec: `bytes`. Runs Python code if the error handler is not built in.
pub fn encode_by(py: Py<'_>, s: Object, codec: Codec, errors: Option<Object>) -> R<Object> {
    if matches!(codec, Codec::Utf8 | Codec::Ascii | Codec::Latin1)
        && let Some(text) = string::ascii(s)
    {
        return py.bytes(text.as_bytes());
    }
    let mut out = py.text_builder();
    match errors_of(errors) {
        Errors::BuiltIn(handler) => {
            if let Err(e) = codec::encode(codec, string::units(s), handler, &mut out) {
                return Err(py.throw(encode_error(py, s, e)?));
            }
        }
        Errors::Registered(name) => encode_handled(py, codec, s, name, &mut out)?,
    }
    py.finish_bytes(out)
}

fn encode_handled(py: Py<'_>, codec: Codec, s: Object, errors: Object, out: &mut TextBuilder) -> R<()> {
    let codec = match codec {
        Codec::Utf16(ByteOrder::Marked) => {
            out.push_units(Units::One(&[0xFF, 0xFE]));
            Codec::Utf16(ByteOrder::Little)
        }
        Codec::Utf32(ByteOrder::Marked) => {
            out.push_units(Units::One(&[0xFF, 0xFE, 0, 0]));
            Codec::Utf32(ByteOrder::Little)
        }
        codec => codec,
    };
    let mut from = 0;
    while let Err(e) = codec::encode_step(codec, string::units(s), from, out) {
        let exception = encode_error(py, s, e)?;
        let (replacement, next) = handle_encoding(py, errors, exception, string::length(s))?;
        let fits = match &replacement {
            Stand::Bytes(content) => codec::push_replacement(codec, Replacement::Bytes(content), out),
            Stand::Text(text) => codec::push_replacement(codec, Replacement::Text(string::units(*text)), out),
        };
        if !fits {
            return Err(py.throw(exception));
        }
        from = next;
        py.poll()?;
    }
    Ok(())
}

/// Decodes bytes: an exact string. `object` is what they come from, for the exception.
pub fn decode(
    py: Py<'_>,
    object: Value,
    content: &[u8],
    encoding: Option<Object>,
    errors: Option<Object>,
) -> R<Object> {
    let codec = match encoding {
        None => Some(Codec::Utf8),
        Some(name) => built_in(&string::text(name)),
    };
    check_errors(py, errors)?;
    match codec {
        Some(codec) => Ok(decode_by(py, content, codec, errors, true)?.0),
        None => decode_registered(py, object, encoding, errors),
    }
}

/// Decodes by a built-in codec: an exact string, and how many bytes were used (a character cut off at the end is left
/// unless the input is `complete`). Runs Python code if the error handler is not built in.
pub fn decode_by(
    py: Py<'_>,
    content: &[u8],
    codec: Codec,
    errors: Option<Object>,
    complete: bool,
) -> R<(Object, usize)> {
    if matches!(codec, Codec::Utf8 | Codec::Ascii | Codec::Latin1) && content.is_ascii() {
        return Ok((py.new_ascii(content)?, content.len()));
    }
    let mut out = py.text_builder();
    let used = match errors_of(errors) {
        Errors::BuiltIn(handler) if handler != Handler::XmlCharRefReplace => {
            match codec::decode(codec, content, handler, complete, &mut out) {
                Ok(used) => used,
                Err(e) => return Err(py.throw(decode_error(py, content, e)?)),
            }
        }
        _ => {
            let (codec, from) = codec.resolve(content);
            let step = |content: &[u8], from: usize, out: &mut TextBuilder| {
                Ok(codec::decode_step(codec, content, from, complete, out))
            };
            decode_handled(py, content, from, errors, &mut out, step)?
        }
    };
    Ok((py.finish_text(out)?, used))
}

/// Decodes by steps with a handler of the registry between them, which may exchange the bytes that are decoded. Answers
/// how many bytes were used.
pub fn decode_handled(
    py: Py<'_>,
    content: &[u8],
    mut from: usize,
    errors: Option<Object>,
    out: &mut TextBuilder,
    step: impl Fn(&[u8], usize, &mut TextBuilder) -> R<Result<usize, CodecError>>,
) -> R<usize> {
    let mut content = Cow::Borrowed(content);
    let mut object: Option<Object> = None;
    loop {
        let e = match step(&content, from, out)? {
            Ok(used) => return Ok(used),
            Err(e) => e,
        };
        let made = *match &mut object {
            Some(object) => object,
            none => none.insert(py.bytes(&content)?),
        };
        let exception = py.unicode_error(Exc::UnicodeDecodeError, made.value(), e)?;
        let Some(errors) = errors else { return Err(py.throw(exception)) };
        let handler = lookup_handler(py, errors)?;
        let answer = py.call(handler, &[exception.value()])?;
        let Some(t) = py.as_tuple(answer).filter(|t| t.length() == 2) else { return wrong_answer(py, DECODING) };
        let Some(text) = string::exact_or_payload(py, t.element(0)) else { return wrong_answer(py, DECODING) };
        let now = exception.get(word::OWN + 1);
        if now != made.value() {
            match py.as_bytes(now) {
                Some(b) => {
                    content = Cow::Owned(python_objects::bytes::slice(b).to_vec());
                    object = Some(b);
                }
                None => return py.type_error("exception attribute object must be bytes"),
            }
        }
        from = position(py, t.element(1), content.len(), DECODING)?;
        out.push_units(string::units(text));
        py.poll()?;
    }
}

/// What a handler puts in the place of what cannot be encoded.
pub enum Stand {
    Bytes(Vec<u8>),
    Text(Object),
}

const ENCODING: &str = "encoding error handler must return (str/bytes, int) tuple";
const DECODING: &str = "decoding error handler must return (str, int) tuple";

#[cold]
fn wrong_answer<T>(py: Py<'_>, message: &str) -> R<T> {
    py.type_error(message)
}

/// The error handler of a name, as `codecs` has it.
pub fn lookup_handler(py: Py<'_>, errors: Object) -> R {
    call_codecs(py, "lookup_error", &[errors.value()])
}

/// Calls a handler of the registry for an error of encoding: what it puts in, and where to go on.
pub fn handle_encoding(py: Py<'_>, errors: Object, exception: Object, length: usize) -> R<(Stand, usize)> {
    let handler = lookup_handler(py, errors)?;
    let answer = py.call(handler, &[exception.value()])?;
    let Some(t) = py.as_tuple(answer).filter(|t| t.length() == 2) else { return wrong_answer(py, ENCODING) };
    let stand = if let Some(text) = string::exact_or_payload(py, t.element(0)) {
        Stand::Text(text)
    } else if let Some(b) = py.as_bytes(t.element(0)) {
        Stand::Bytes(python_objects::bytes::slice(b).to_vec())
    } else {
        return wrong_answer(py, ENCODING);
    };
    Ok((stand, position(py, t.element(1), length, ENCODING)?))
}

/// Where a handler wants to go on: an index from either end.
fn position(py: Py<'_>, v: Value, length: usize, message: &str) -> R<usize> {
    if py.as_int(v).is_none() {
        return wrong_answer(py, message);
    }
    let position = py.index_clamped(v)?;
    let at = if position < 0 { position.saturating_add(length as i64) } else { position };
    if at < 0 || at > length as i64 {
        return py.err(Exc::IndexError, &format!("position {position} from error handler out of bounds"));
    }
    Ok(at as usize)
}

/// The UnicodeEncodeError for an error.
pub fn encode_error(py: Py<'_>, s: Object, e: CodecError) -> R<Object> {
    py.unicode_error(Exc::UnicodeEncodeError, s.value(), e)
}

/// The UnicodeDecodeError for an error.
pub fn decode_error(py: Py<'_>, content: &[u8], e: CodecError) -> R<Object> {
    let object = py.bytes(content)?;
    py.unicode_error(Exc::UnicodeDecodeError, object.value(), e)
}

// ---- the registry

/// Calls a function of module `_codecs`.
fn call_codecs(py: Py<'_>, function: &str, args: &[Value]) -> R {
    let name = py.intern("__import__")?;
    let Some(import) = dict::get_symbol(py, Object::of(py.root(root::BUILTINS_DICT)), name) else {
        return py.err(Exc::LookupError, "no registry of codecs: __import__ not found");
    };
    let module_name = py.str("_codecs")?;
    let module = py.call(import, &[module_name])?;
    let f = py.get_attribute_text(module, function)?;
    py.call(f, args)
}

/// In development mode, an error handler must be there even if it is not needed.
fn check_errors(py: Py<'_>, errors: Option<Object>) -> R<()> {
    if py.state().settings.flags.dev_mode
        && let Errors::Registered(name) = errors_of(errors)
    {
        call_codecs(py, "lookup_error", &[name.value()])?;
    }
    Ok(())
}

/// The codec that the registry has under a name, if it is between text and bytes. `function` is what to use for others.
fn registered(py: Py<'_>, name: Object, function: &str) -> R {
    let info = call_codecs(py, "lookup", &[name.value()])?;
    let is_text = py.intern("_is_text_encoding")?;
    if let Some(flag) = py.get_optional(info, is_text)?
        && !py.truth(flag)?
    {
        return Err(py.error_quoting(
            Exc::LookupError,
            "'",
            name,
            &format!("' is not a text encoding; use {function} to handle arbitrary codecs"),
        ));
    }
    Ok(info)
}

/// Notes in an exception which codec it came from.
pub fn note_failure(py: Py<'_>, stop: Stop, operation: &str, encoding: &str) -> Stop {
    if py.exception().is_empty() {
        return stop;
    }
    let pending = py.take_exception();
    let noted = py.str(&format!("{operation} with '{encoding}' codec failed")).and_then(|note| {
        let name = py.intern("add_note")?;
        py.call_method(pending, name, &[note])
    });
    match noted {
        Ok(_) => py.raise(pending),
        // What the noting raised is raised instead.
        Err(other) => other,
    }
}

/// Calls the encoder or decoder of a codec.
fn run_registered(py: Py<'_>, info: Value, input: Value, encoding: Object, errors: Option<Object>, encode: bool) -> R {
    let f = py.get_item(info, Value::int(i64::from(!encode)))?;
    let r = match errors {
        Some(errors) => py.call(f, &[input, errors.value()]),
        None => py.call(f, &[input]),
    };
    let (what, operation) = if encode { ("encoder", "encoding") } else { ("decoder", "decoding") };
    let r = r.map_err(|stop| note_failure(py, stop, operation, &string::text(encoding)))?;
    match py
        .as_tuple(r)
        .filter(|t| t.length() == 2 && int::to_i64(py.as_int(t.element(1)).unwrap_or(Value::int(0))).is_some())
    {
        Some(t) => Ok(t.element(0)),
        None => py.type_error(&format!("{what} must return a tuple (object, integer)")),
    }
}

fn encode_registered(py: Py<'_>, s: Object, encoding: Object, errors: Option<Object>) -> R {
    let info = registered(py, encoding, "codecs.encode()")?;
    let r = run_registered(py, info, s.value(), encoding, errors, true)?;
    match (py.as_bytes(r), py.bytes_like(r)) {
        (Some(_), _) => Ok(r),
        (None, Some(content)) => Ok(py.bytes(&content)?.value()),
        (None, None) => py.type_error(&format!(
            "'{}' encoder returned '{}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types",
            string::text(encoding),
            py.class_name(r)
        )),
    }
}

fn decode_registered(py: Py<'_>, object: Value, encoding: Option<Object>, errors: Option<Object>) -> R<Object> {
    let Some(encoding) = encoding else { return py.err(Exc::LookupError, "unknown encoding") };
    let info = registered(py, encoding, "codecs.decode()")?;
    let r = run_registered(py, info, object, encoding, errors, false)?;
    match string::exact_or_payload(py, r) {
        Some(s) => Ok(s),
        None => py.type_error(&format!(
            "'{}' decoder returned '{}' instead of 'str'; use codecs.decode() to decode to arbitrary types",
            string::text(encoding),
            py.class_name(r)
        )),
    }
}
