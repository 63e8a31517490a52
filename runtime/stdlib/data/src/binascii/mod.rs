//! `binascii`: bytes as text of several kinds, and checksums.

mod base64;
mod checksum;
mod hexadecimal;
mod quoted;
mod uu;

use crate::buffer::Window;
use python_objects::text::Content;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, string};
use std::cell::Cell;

static FUNCTIONS: &[Native] = &[
    Native::function("a2b_base64", "data, /, *, strict_mode=False", base64::decode, "Decode a line of base64."),
    Native::function("a2b_hex", "hexstr, /", hexadecimal::decode, "Bytes of pairs of hexadecimal digits."),
    Native::function("a2b_qp", "data, header=False", quoted::decode, "Decode quoted-printable text."),
    Native::function("a2b_uu", "data, /", uu::decode, "Decode a line of uuencoded data."),
    Native::function("b2a_base64", "data, /, *, newline=True", base64::encode, "Encode bytes as a line of base64."),
    Native::function("b2a_hex", HEX, hexadecimal::encode, "Bytes as hexadecimal digits, with separators if wanted."),
    Native::function(
        "b2a_qp",
        "data, quotetabs=False, istext=True, header=False",
        quoted::encode,
        "Encode bytes as quoted-printable text.\n\nquotetabs: spaces and tabs, too; istext: line ends stay; header: spaces become underscores.",
    ),
    Native::function("b2a_uu", "data, /, *, backtick=False", uu::encode, "Uuencode at most 45 bytes."),
    Native::function("crc32", "data, crc=0, /", checksum::crc32, "CRC-32, going on from crc."),
    Native::function("crc_hqx", "data, crc, /", checksum::crc_hqx, "CRC-CCITT, going on from crc."),
    Native::function("hexlify", HEX, hexadecimal::encode, "Bytes as hexadecimal digits, with separators if wanted."),
    Native::function("unhexlify", "hexstr, /", hexadecimal::decode, "Bytes of pairs of hexadecimal digits."),
];
const HEX: &str = "data, sep=None, bytes_per_sep=1";

/// Number of the kept class `Error`.
#[derive(Default)]
struct Kept(Cell<Option<u32>>);

pub(crate) fn init(py: Py<'_>, module: Object) -> R<()> {
    let d = py.module_dict(module);
    let error = stdlib_core::support::exception_class(py, "binascii", "Error", Exc::ValueError)?;
    py.state().data("binascii", Kept::default).0.set(Some(py.keep(error.value())?));
    py.dict_set_text(d, "Error", error.value())?;
    let incomplete = stdlib_core::support::exception_class(py, "binascii", "Incomplete", Exc::Exception)?;
    py.dict_set_text(d, "Incomplete", incomplete.value())?;
    py.add_functions(module, FUNCTIONS)
}

/// Raises `binascii.Error`.
#[cold]
fn error<T>(py: Py<'_>, message: &str) -> R<T> {
    let class = py.state().data("binascii", Kept::default).0.get();
    let class = class.map_or(py.root(Exc::ValueError.root()), |number| py.kept(number));
    let message = py.str(message)?;
    let e = py.call(class, &[message])?;
    Err(py.throw(py.make_exception(e)?))
}

/// The content of a bytes-like object.
fn binary(py: Py<'_>, v: Value) -> R<Content<'_>> {
    let window = Window::for_reading(py, v)?;
    window.read(py, 0, window.length)
}
/// The content of a bytes-like object or an ASCII string.
fn ascii(py: Py<'_>, v: Value) -> R<Content<'_>> {
    if let Some(s) = string::exact_or_payload(py, v) {
        if let Some(text) = string::ascii(s) {
            return Ok(Content::Borrowed(text.as_bytes()));
        }
        let mut text = Vec::with_capacity(string::length(s));
        for c in string::code_points(s) {
            match u8::try_from(c) {
                Ok(c) if c.is_ascii() => text.push(c),
                _ => return py.value_error("string argument should contain only ASCII characters"),
            }
        }
        return Ok(Content::Copied(text));
    }
    let content = binary(py, v);
    if content.is_err() && (py.catch(Exc::TypeError).is_some() || py.catch(Exc::BufferError).is_some()) {
        let class = py.class_name(v);
        return py.type_error(&format!("argument should be bytes, buffer or ASCII string, not '{class}'"));
    }
    content
}
fn truth(py: Py<'_>, args: Args<'_>, i: usize, otherwise: bool) -> R<bool> {
    args.opt(i).map_or(Ok(otherwise), |v| py.truth(v))
}
/// How many bytes are done between two looks for signals.
const STEP: usize = 1 << 16;
