//! `MultibyteCodec`: an encoding as an object, with functions for whole texts.

use crate::convert::{Decoding, Encoding, Piece};
use crate::errors::{Errors, name};
use crate::multibyte::Multibyte;
use crate::{big5, cn, iso2022, jp, kr};
use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, string};
use stdlib_core::support::utf8;

pub(crate) static CODEC: TypeSpec = TypeSpec::values("_multibytecodec", "MultibyteCodec", 1, METHODS, "");
/// The word of the encoding's number: its module's place in [`TABLES`] and its own place there.
const NUMBER: usize = 1;
const MOST: i64 = 16;

static METHODS: &[Native] = &[
    Native::method("encode", "self, /, input, errors=None", encode, "Return the bytes of a text, and its length."),
    Native::method("decode", "self, /, input, errors=None", decode, "Return the text of bytes, and their number."),
];

/// The encodings of the modules.
pub(crate) static TABLES: &[&[&dyn Multibyte]] =
    &[cn::CODECS, big5::HONG_KONG, iso2022::CODECS, jp::CODECS, kr::CODECS, big5::TAIWAN];

/// What `getcodec` does in the module of a table.
pub(crate) fn get(py: Py<'_>, table: usize, args: Args<'_>) -> R {
    let Some(s) = string::exact_or_payload(py, args.at(0)) else {
        return py.type_error("encoding name must be a string.");
    };
    let name = utf8(py, s)?;
    let Some(i) = TABLES[table].iter().position(|codec| codec.name() == name) else {
        return py.err(Exc::LookupError, "no such codec is supported.");
    };
    let o = py.new_native(&CODEC)?;
    o.init(NUMBER, Value::int(table as i64 * MOST + i as i64));
    Ok(o.value())
}

/// The encoding of a codec object; `None` if the value is none.
pub(crate) fn of(py: Py<'_>, v: Value) -> Option<&'static dyn Multibyte> {
    let number = py.of_kind(v, CODEC.kind)?.get(NUMBER).as_int();
    TABLES.get((number / MOST) as usize)?.get((number % MOST) as usize).copied()
}
fn this(py: Py<'_>, args: Args<'_>) -> R<&'static dyn Multibyte> {
    let o = py.native_self(args.at(0), &CODEC)?;
    Ok(of(py, o.value()).unwrap_or_else(|| unreachable!("only `get` makes them")))
}

/// A value as text: its `str`, if it is none.
pub(crate) fn text(py: Py<'_>, v: Value) -> R<Object> {
    match string::exact_or_payload(py, v) {
        Some(s) => Ok(s),
        None => py.str_of(v),
    }
}

fn encode(py: Py<'_>, args: Args<'_>) -> R {
    let codec = this(py, args)?;
    let errors = name(py, args.opt(2), "encode() argument 'errors'", true)?;
    let s = text(py, args.at(1))?;
    let mut encoding = Encoding { codec, state: codec.encoder_start(), errors: Errors::of(py, errors) };
    let (made, _) = encoding.run(py, s, Piece::Last)?;
    py.tuple(&[made.value(), py.int_usize(string::length(s))?])
}

fn decode(py: Py<'_>, args: Args<'_>) -> R {
    let codec = this(py, args)?;
    let errors = name(py, args.opt(2), "decode() argument 'errors'", true)?;
    let content = content(py, args.at(1))?;
    let mut decoding = Decoding::new(py, codec, codec.decoder_start(), Errors::of(py, errors), &content);
    decoding.run(py, true)?;
    let made = decoding.finish(py)?;
    py.tuple(&[made.value(), py.int_usize(content.len())?])
}

/// The bytes that are to be decoded.
pub(crate) fn content<'t>(py: Py<'t>, v: Value) -> R<python_objects::text::Content<'t>> {
    match py.content_of(v) {
        Some(content) => Ok(content),
        None => py.type_error(&format!("a bytes-like object is required, not '{}'", py.class_name(v))),
    }
}
