//! The built-in encodings as functions: pairs of what was made and how much of the input was used.

use super::pair;
use crate::io::encoding;
use python_builtins::string::codec::{decode_by, encode_by};
use python_objects::{Args, Native, Object, Py, R, Value, string};
use python_text::codec::{ByteOrder, Codec, Handler};

macro_rules! pairs {
    ($($encode:ident $encode_name:literal $decode:ident $decode_name:literal $codec:expr, $complete:literal;)*) => {
        $(
            fn $encode(py: Py<'_>, args: Args<'_>) -> R {
                encode_with(py, args, $codec, $encode_name)
            }
            fn $decode(py: Py<'_>, args: Args<'_>) -> R {
                decode_with(py, args, $codec)
            }
        )*
        pub(super) static BUILT_IN: &[Native] = &[
            $(
                Native::function($encode_name, "str, errors=None, /", $encode, ""),
                Native::function($decode_name, $complete, $decode, ""),
            )*
        ];
    };
}
pairs! {
    utf_8_encode "utf_8_encode" utf_8_decode "utf_8_decode" Codec::Utf8, "data, errors=None, final=False, /";
    utf_7_encode "utf_7_encode" utf_7_decode "utf_7_decode" Codec::Utf7, "data, errors=None, final=False, /";
    ascii_encode "ascii_encode" ascii_decode "ascii_decode" Codec::Ascii, "data, errors=None, /";
    latin_1_encode "latin_1_encode" latin_1_decode "latin_1_decode" Codec::Latin1, "data, errors=None, /";
    utf_16_le_encode "utf_16_le_encode" utf_16_le_decode "utf_16_le_decode" Codec::Utf16(ByteOrder::Little), "data, errors=None, final=False, /";
    utf_16_be_encode "utf_16_be_encode" utf_16_be_decode "utf_16_be_decode" Codec::Utf16(ByteOrder::Big), "data, errors=None, final=False, /";
    utf_32_le_encode "utf_32_le_encode" utf_32_le_decode "utf_32_le_decode" Codec::Utf32(ByteOrder::Little), "data, errors=None, final=False, /";
    utf_32_be_encode "utf_32_be_encode" utf_32_be_decode "utf_32_be_decode" Codec::Utf32(ByteOrder::Big), "data, errors=None, final=False, /";
}

/// Those whose byte order a mark or an argument tells.
pub(super) static OTHERS: &[Native] = &[
    Native::function("utf_16_encode", "str, errors=None, byteorder=0, /", utf_16_encode, ""),
    Native::function("utf_16_decode", "data, errors=None, final=False, /", utf_16_decode, ""),
    Native::function("utf_16_ex_decode", "data, errors=None, byteorder=0, final=False, /", utf_16_ex_decode, ""),
    Native::function("utf_32_encode", "str, errors=None, byteorder=0, /", utf_32_encode, ""),
    Native::function("utf_32_decode", "data, errors=None, final=False, /", utf_32_decode, ""),
    Native::function("utf_32_ex_decode", "data, errors=None, byteorder=0, final=False, /", utf_32_ex_decode, ""),
    Native::function("readbuffer_encode", "data, errors=None, /", readbuffer_encode, ""),
];

pub(super) fn optional_errors(py: Py<'_>, v: Option<Value>) -> R<Option<Object>> {
    match v {
        None => Ok(None),
        Some(v) => {
            let name = crate::support::string_argument(py, v, "errors")?;
            crate::support::utf8(py, name)?;
            Ok(Some(name))
        }
    }
}

/// The string that is to be encoded.
pub(super) fn text_argument(py: Py<'_>, v: Value, function: &str) -> R<Object> {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(s),
        None => py.type_error(&format!("{function}() argument 1 must be str, not {}", py.class_name(v))),
    }
}

/// The bytes that are to be decoded.
pub(super) fn content_argument(py: Py<'_>, v: Value) -> R<Vec<u8>> {
    match py.content_of(v) {
        Some(content) => Ok(content.to_vec()),
        None => py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v))),
    }
}

/// The same where text stands for its UTF-8.
pub(super) fn content_or_text(py: Py<'_>, v: Value) -> R<Vec<u8>> {
    match string::exact_or_payload(py, v) {
        Some(s) => encoding::encode(py, Codec::Utf8, s, Handler::Strict),
        None => content_argument(py, v),
    }
}

pub(super) fn encode_with(py: Py<'_>, args: Args<'_>, codec: Codec, function: &str) -> R {
    let s = text_argument(py, args.at(0), function)?;
    let encoded = encode_by(py, s, codec, optional_errors(py, args.some(1))?)?;
    pair(py, encoded.value(), string::length(s))
}

/// Decodes; a character cut off at the end is left unless argument 2 says that all is there.
pub(super) fn decode_with(py: Py<'_>, args: Args<'_>, codec: Codec) -> R {
    let is_final = args.opt(2).map_or(Ok(false), |v| py.truth(v))?;
    let content = content_argument(py, args.at(0))?;
    decode_content(py, &content, args, codec, is_final)
}

pub(super) fn decode_content(py: Py<'_>, content: &[u8], args: Args<'_>, codec: Codec, is_final: bool) -> R {
    let errors = optional_errors(py, args.some(1))?;
    let (text, used) = decode_by(py, content, codec, errors, is_final)?;
    pair(py, text.value(), used)
}

/// The byte order that an argument asks for: a sign.
fn order(py: Py<'_>, v: Option<Value>) -> R<ByteOrder> {
    Ok(match v.map_or(Ok(0), |v| py.index_i32(v))? {
        0 => ByteOrder::Marked,
        1.. => ByteOrder::Big,
        _ => ByteOrder::Little,
    })
}
fn utf_16_encode(py: Py<'_>, args: Args<'_>) -> R {
    encode_with(py, args, Codec::Utf16(order(py, args.opt(2))?), "utf_16_encode")
}
fn utf_32_encode(py: Py<'_>, args: Args<'_>) -> R {
    encode_with(py, args, Codec::Utf32(order(py, args.opt(2))?), "utf_32_encode")
}
fn utf_16_decode(py: Py<'_>, args: Args<'_>) -> R {
    decode_with(py, args, Codec::Utf16(ByteOrder::Marked))
}
fn utf_32_decode(py: Py<'_>, args: Args<'_>) -> R {
    decode_with(py, args, Codec::Utf32(ByteOrder::Marked))
}

/// Decoding that tells the byte order that was found: -1, 0 or 1.
fn ex_decode(py: Py<'_>, args: Args<'_>, codec: Codec) -> R {
    let content = content_argument(py, args.at(0))?;
    let is_final = args.opt(3).map_or(Ok(false), |v| py.truth(v))?;
    let found = match codec.resolve(&content) {
        (Codec::Utf16(ByteOrder::Big) | Codec::Utf32(ByteOrder::Big), _) => 1,
        (resolved, 0) if resolved != codec => 0,
        _ => -1,
    };
    let decoded = decode_content(py, &content, args, codec, is_final)?;
    let t = py.tuple_from(decoded)?;
    py.tuple(&[t.element(0), t.element(1), Value::int(found)])
}
fn utf_16_ex_decode(py: Py<'_>, args: Args<'_>) -> R {
    ex_decode(py, args, Codec::Utf16(order(py, args.opt(2))?))
}
fn utf_32_ex_decode(py: Py<'_>, args: Args<'_>) -> R {
    ex_decode(py, args, Codec::Utf32(order(py, args.opt(2))?))
}

fn readbuffer_encode(py: Py<'_>, args: Args<'_>) -> R {
    let content = content_or_text(py, args.at(0))?;
    pair(py, py.bytes(&content)?.value(), content.len())
}
