//! What encoders and decoders that get a text in parts have in common: their fields.

use crate::codec;
use crate::convert::{Decoding, Encoding, Piece};
use crate::errors::{self, Errors};
use crate::multibyte::{Multibyte, State};
use python_objects::{Args, Exc, Object, Py, R, TypeSpec, Value, bytes, string};

/// Words of such an object.
pub(crate) mod word {
    /// The codec object.
    pub(crate) const CODEC: usize = 1;
    /// The state's halves, as ints.
    pub(crate) const LOW: usize = 2;
    pub(crate) const HIGH: usize = 3;
    /// What may be the beginning of a character: text or bytes, or EMPTY.
    pub(crate) const PENDING: usize = 4;
    /// Name of the error handler.
    pub(crate) const ERRORS: usize = 5;
    /// The stream that is read or written, of those that have one.
    pub(crate) const STREAM: usize = 6;
}
/// Fields with and without a stream.
pub(crate) const FIELDS: u32 = 5;
pub(crate) const STREAM_FIELDS: u32 = 6;

/// Most code points and bytes that wait.
pub(crate) const MOST_TEXT: usize = 2;
pub(crate) const MOST_BYTES: usize = 8;

/// A fresh object of a class that names its codec.
pub(crate) fn new(
    py: Py<'_>,
    class: Value,
    spec: &'static TypeSpec,
    errors: Value,
    start: fn(&dyn Multibyte) -> State,
) -> R<Object> {
    let o = py.new_native_of(class, spec)?;
    let found = py.get_attribute_text(class, "codec")?;
    let Some(codec) = codec::of(py, found) else { return py.type_error("codec is unexpected type") };
    py.store(o, word::CODEC, found);
    py.store(o, word::ERRORS, errors);
    set_state(py, o, start(codec));
    Ok(o)
}

pub(crate) fn codec_of(py: Py<'_>, o: Object) -> R<&'static dyn Multibyte> {
    match codec::of(py, o.get(word::CODEC)) {
        Some(codec) => Ok(codec),
        // The class's `codec` was wrong when it was made, and the program kept it.
        None => py.type_error("codec is unexpected type"),
    }
}
pub(crate) fn state(o: Object) -> State {
    let half = |word: usize| (o.get(word).as_int() as u32).to_le_bytes();
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&half(word::LOW));
    bytes[4..].copy_from_slice(&half(word::HIGH));
    State(bytes)
}
pub(crate) fn set_state(py: Py<'_>, o: Object, state: State) {
    let whole = u64::from_le_bytes(state.0);
    py.store(o, word::LOW, Value::int((whole & 0xFFFF_FFFF) as i64));
    py.store(o, word::HIGH, Value::int((whole >> 32) as i64));
}

/// The text that waits.
pub(crate) fn pending_text(o: Object) -> Option<Object> {
    Object::from_value(o.get(word::PENDING))
}
/// The bytes that wait.
pub(crate) fn pending_bytes(o: Object) -> Vec<u8> {
    Object::from_value(o.get(word::PENDING)).map(|b| bytes::slice(b).to_vec()).unwrap_or_default()
}

/// Encodes a part of a text.
pub(crate) fn encode(py: Py<'_>, o: Object, v: Value, piece: Piece) -> R<Object> {
    let codec = codec_of(py, o)?;
    let more = codec::text(py, v)?;
    let input = match pending_text(o) {
        Some(pending) => py.concat(pending, more)?,
        None => more,
    };
    let mut encoding = Encoding { codec, state: state(o), errors: Errors::of(py, o.get(word::ERRORS)) };
    let made = encoding.run(py, input, piece);
    set_state(py, o, encoding.state);
    let (made, used) = made?;
    let length = string::length(input);
    if length - used > MOST_TEXT {
        return py.err(Exc::UnicodeError, "pending buffer overflow");
    }
    let rest = if used < length { py.substring(input, used, length)?.value() } else { Value::EMPTY };
    py.store(o, word::PENDING, rest);
    Ok(made)
}

/// How a decoder goes on where its input ends.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// More may come.
    Open,
    /// The end: what is left is an error, and stays if that is raised.
    Final,
    /// The same, but it does not stay.
    Closed,
}

/// Decodes what waits with more behind it: `None` if nothing came out of it.
pub(crate) fn decode(py: Py<'_>, o: Object, more: &[u8], end: End) -> R<Option<Object>> {
    let codec = codec_of(py, o)?;
    let pending = o.get(word::PENDING);
    let mut input = pending_bytes(o);
    input.extend_from_slice(more);
    py.store(o, word::PENDING, Value::EMPTY);
    let mut decoding = Decoding::new(py, codec, state(o), Errors::of(py, o.get(word::ERRORS)), &input);
    let mut done = decoding.run(py, false);
    if done.is_ok() && end != End::Open {
        done = decoding.end(py);
        if done.is_err() && end == End::Final {
            py.store(o, word::PENDING, pending);
        }
    }
    set_state(py, o, decoding.state);
    done?;
    let rest = decoding.rest();
    if rest.len() > MOST_BYTES {
        return py.err(Exc::UnicodeError, "pending buffer overflow");
    }
    if !rest.is_empty() {
        let rest = py.bytes(rest)?;
        py.store(o, word::PENDING, rest.value());
    }
    if decoding.is_empty() {
        return Ok(None);
    }
    decoding.finish(py).map(Some)
}

/// Gets and sets `errors`.
pub(crate) fn get_errors(o: Object) -> Value {
    o.get(word::ERRORS)
}
pub(crate) fn set_errors(py: Py<'_>, o: Object, args: Args<'_>) -> R {
    errors::set(py, o, word::ERRORS, args)
}
