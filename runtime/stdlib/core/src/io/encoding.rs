//! Encodings and error handlers of text streams: those that are built in.

use python_objects::exception::word;
use python_objects::{Exc, Object, Py, R, Stop, Value, string};
use python_text::codec::{self, ByteOrder, Codec, CodecError, Handler};

/// The encodings that streams know, with the names by which they go.
const ENCODINGS: &[(&[&str], Codec)] = &[
    (&["utf_8", "utf8", "u8", "utf", "cp65001"], Codec::Utf8),
    (&["ascii", "us_ascii", "646", "ansi_x3.4_1968"], Codec::Ascii),
    (&["latin_1", "latin1", "latin", "iso_8859_1", "iso8859_1", "iso8859", "8859", "l1", "cp819"], Codec::Latin1),
    (&["utf_16", "utf16", "u16"], Codec::Utf16(ByteOrder::Marked)),
    (&["utf_16_le", "utf_16le"], Codec::Utf16(ByteOrder::Little)),
    (&["utf_16_be", "utf_16be"], Codec::Utf16(ByteOrder::Big)),
    (&["utf_32", "utf32", "u32"], Codec::Utf32(ByteOrder::Marked)),
    (&["utf_32_le", "utf_32le"], Codec::Utf32(ByteOrder::Little)),
    (&["utf_32_be", "utf_32be"], Codec::Utf32(ByteOrder::Big)),
];

/// The number of an encoding in the table.
pub(crate) fn number(name: &str) -> Option<usize> {
    let normal: String =
        name.chars().map(|c| if c == '-' || c == ' ' { '_' } else { c.to_ascii_lowercase() }).collect();
    ENCODINGS.iter().position(|(names, _)| names.contains(&normal.as_str()))
}

/// The encoding with a number; UTF-8 for one that is none.
pub(crate) fn codec(number: usize) -> Codec {
    ENCODINGS.get(number).map_or(Codec::Utf8, |(_, codec)| *codec)
}

/// The number of an encoding. LookupError for those that are not built in.
pub(crate) fn find(py: Py<'_>, name: &str) -> R<usize> {
    match number(name) {
        Some(number) => Ok(number),
        None => py.err(Exc::LookupError, &format!("unknown encoding: {name}")),
    }
}

/// A built-in error handler.
pub(crate) fn handler(py: Py<'_>, name: &str) -> R<Handler> {
    match Handler::from_name(name) {
        Some(handler) => Ok(handler),
        None => py.err(Exc::LookupError, &format!("unknown error handler name '{name}'")),
    }
}

/// The encoded bytes of a text; no byte order mark unless the codec writes one.
pub(crate) fn encode(py: Py<'_>, codec: Codec, s: Object, handler: Handler) -> R<Vec<u8>> {
    if matches!(codec, Codec::Utf8 | Codec::Ascii | Codec::Latin1)
        && let Some(text) = string::ascii(s)
    {
        return Ok(text.as_bytes().to_vec());
    }
    let mut out = py.text_builder();
    if let Err(e) = codec::encode(codec, string::units(s), handler, &mut out) {
        return Err(unicode_error(py, Exc::UnicodeEncodeError, s.value(), e));
    }
    out.finish_bytes().map_err(|refused| py.refused(refused))
}

/// The text of bytes and how many were used: a character cut off at the end waits if the input is not `complete`.
pub(crate) fn decode(py: Py<'_>, codec: Codec, bytes: &[u8], handler: Handler, complete: bool) -> R<(Object, usize)> {
    if matches!(codec, Codec::Utf8 | Codec::Ascii | Codec::Latin1) && bytes.is_ascii() {
        return Ok((py.new_ascii(bytes)?, bytes.len()));
    }
    let mut out = py.text_builder();
    match codec::decode(codec, bytes, handler, complete, &mut out) {
        Ok(used) => Ok((py.finish_text(out)?, used)),
        Err(e) => {
            let object = py.bytes(bytes)?;
            Err(unicode_error(py, Exc::UnicodeDecodeError, object.value(), e))
        }
    }
}

/// Raises UnicodeEncodeError or UnicodeDecodeError.
#[cold]
fn unicode_error(py: Py<'_>, class: Exc, object: Value, e: CodecError) -> Stop {
    let made = (|| {
        let (encoding, reason) = (py.str(e.encoding)?, py.str(e.reason)?);
        let fields = [encoding, object, py.int_usize(e.start)?, py.int_usize(e.end)?, reason];
        let o = py.new_exception(class, &fields)?;
        for (i, v) in fields.iter().enumerate() {
            py.store(o, word::OWN + i, *v);
        }
        Ok(o)
    })();
    match made {
        Ok(o) => py.throw(o),
        Err(stop) => stop,
    }
}
