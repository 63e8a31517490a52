//! Encodings that text streams convert by themselves: those that are built in.

use python_objects::{Exc, Object, Py, R, string};
use python_text::codec::{self, ByteOrder, Codec, Handler};

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

/// The number of an encoding that a stream converts by itself: one without state. (A byte order mark is state.)
pub(crate) fn of_streams(name: &str) -> Option<usize> {
    number(name).filter(|n| !matches!(codec(*n), Codec::Utf16(ByteOrder::Marked) | Codec::Utf32(ByteOrder::Marked)))
}

/// The encoding with a number; UTF-8 for one that is none.
pub(crate) fn codec(number: usize) -> Codec {
    ENCODINGS.get(number).map_or(Codec::Utf8, |(_, codec)| *codec)
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
        return Err(py.throw(py.unicode_error(Exc::UnicodeEncodeError, s.value(), e)?));
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
            Err(py.throw(py.unicode_error(Exc::UnicodeDecodeError, object.value(), e)?))
        }
    }
}
