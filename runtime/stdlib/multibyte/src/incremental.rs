//! `MultibyteIncrementalEncoder` and `MultibyteIncrementalDecoder`.
//!
//! A state is a number that programs may keep: of an encoder the little-endian value of the length of the text that waits, in
//! UTF-8, that text, and the encoding's state; of a decoder a pair of the bytes that wait and the encoding's state.

use crate::codec::content;
use crate::convert::Piece;
use crate::errors::name;
use crate::multibyte::{Bytes, State};
use crate::partial::{self, End, FIELDS, MOST_BYTES, MOST_TEXT, codec_of, word};
use python_numbers::bigint::{self, ByteOrder, Error};

use python_objects::{Args, Exc, Native, Object, Py, R, TypeSpec, Value, bytes, int};

pub(crate) static ENCODER: TypeSpec =
    TypeSpec::values("_multibytecodec", "MultibyteIncrementalEncoder", FIELDS, ENCODER_METHODS, "").inheritable();
pub(crate) static DECODER: TypeSpec =
    TypeSpec::values("_multibytecodec", "MultibyteIncrementalDecoder", FIELDS, DECODER_METHODS, "").inheritable();

static ENCODER_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, errors='strict'", new_encoder, "Create and return a new object."),
    Native::wrapper("__init__", "self, /, *args, **kwargs", |_, _| Ok(Value::NONE), "Initialize self."),
    Native::method("encode", "self, /, input, final=False", encode, "Encode the next part of a text."),
    Native::method("getstate", "self, /", encoder_state, "Return the state as a number."),
    Native::method("setstate", "self, state, /", set_encoder_state, "Go back to a state."),
    Native::method("reset", "self, /", reset_encoder, "Forget what waits, and shift back."),
    Native::getter("errors", |py, a| Ok(partial::get_errors(encoder(py, a)?)), "how to treat errors"),
    Native::setter("errors", |py, a| partial::set_errors(py, encoder(py, a)?, a)),
];
static DECODER_METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, /, errors='strict'", new_decoder, "Create and return a new object."),
    Native::wrapper("__init__", "self, /, *args, **kwargs", |_, _| Ok(Value::NONE), "Initialize self."),
    Native::method("decode", "self, /, input, final=False", decode, "Decode the next part of a text."),
    Native::method("getstate", "self, /", decoder_state, "Return the state: what waits, and a number."),
    Native::method("setstate", "self, state, /", set_decoder_state, "Go back to a state."),
    Native::method("reset", "self, /", reset_decoder, "Forget what waits, and shift back."),
    Native::getter("errors", |py, a| Ok(partial::get_errors(decoder(py, a)?)), "how to treat errors"),
    Native::setter("errors", |py, a| partial::set_errors(py, decoder(py, a)?, a)),
];

fn encoder(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &ENCODER)
}
fn decoder(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &DECODER)
}
fn new_encoder(py: Py<'_>, args: Args<'_>) -> R {
    let errors = name(py, args.opt(1), "IncrementalEncoder() argument 1", false)?;
    Ok(partial::new(py, args.at(0), &ENCODER, errors, |codec| codec.encoder_start())?.value())
}
fn new_decoder(py: Py<'_>, args: Args<'_>) -> R {
    let errors = name(py, args.opt(1), "IncrementalDecoder() argument 1", false)?;
    Ok(partial::new(py, args.at(0), &DECODER, errors, |codec| codec.decoder_start())?.value())
}
fn is_final(py: Py<'_>, args: Args<'_>) -> R<bool> {
    args.opt(2).map_or(Ok(false), |v| py.truth(v))
}

fn encode(py: Py<'_>, args: Args<'_>) -> R {
    let o = encoder(py, args)?;
    let piece = if is_final(py, args)? { Piece::Last } else { Piece::Open };
    Ok(partial::encode(py, o, args.at(1), piece)?.value())
}
fn decode(py: Py<'_>, args: Args<'_>) -> R {
    let o = decoder(py, args)?;
    let end = if is_final(py, args)? { End::Final } else { End::Open };
    let content = content(py, args.at(1))?;
    match partial::decode(py, o, &content, end)? {
        Some(text) => Ok(text.value()),
        None => py.str(""),
    }
}

/// Bytes of the longest state of an encoder: a character has up to four in UTF-8.
const LONGEST: usize = 1 + MOST_TEXT * 4 + 8;

fn encoder_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = encoder(py, args)?;
    let pending = match partial::pending_text(o) {
        Some(s) => py.utf8(s)?,
        None => String::new(),
    };
    let mut all = vec![pending.len() as u8];
    all.extend_from_slice(pending.as_bytes());
    all.extend_from_slice(&partial::state(o).0);
    py.int_result(bigint::from_bytes(&all, ByteOrder::Little, false))
}
/// The bytes of a number that is to be a state.
fn number(py: Py<'_>, v: Value, length: usize) -> R<Vec<u8>> {
    match int::with_operand(v, |i| bigint::to_bytes(i, length, ByteOrder::Little, false)) {
        Ok(content) => Ok(content),
        Err(Error::Negative) => py.err(Exc::OverflowError, "can't convert negative int to unsigned"),
        Err(Error::Overflow) => py.err(Exc::OverflowError, "int too big to convert"),
        Err(e) => Err(py.int_error(e)),
    }
}
fn too_large<T>(py: Py<'_>) -> R<T> {
    py.err(Exc::UnicodeError, "pending buffer too large")
}
fn set_encoder_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = encoder(py, args)?;
    let Some(state) = py.as_int(args.at(1)) else {
        return py.type_error(&format!("setstate() argument must be int, not {}", py.class_name(args.at(1))));
    };
    let all = number(py, state, LONGEST)?;
    let n = usize::from(all[0]);
    if n > MOST_TEXT * 4 {
        return too_large(py);
    }
    let pending = match &all[1..1 + n] {
        [] => Value::EMPTY,
        content => {
            use python_text::codec::Codec;
            python_builtins::string::codec::decode_by(py, content, Codec::Utf8, None, true)?.0.value()
        }
    };
    py.store(o, word::PENDING, pending);
    partial::set_state(py, o, state_of(&all[1 + n..]));
    Ok(Value::NONE)
}
fn state_of(bytes: &[u8]) -> State {
    bytes.first_chunk().copied().map(State).unwrap_or_default()
}
fn reset_encoder(py: Py<'_>, args: Args<'_>) -> R {
    let o = encoder(py, args)?;
    let mut state = partial::state(o);
    codec_of(py, o)?.finish(&mut state, &mut Bytes::default());
    partial::set_state(py, o, state);
    py.store(o, word::PENDING, Value::EMPTY);
    Ok(Value::NONE)
}

fn decoder_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = decoder(py, args)?;
    let pending = py.bytes(&partial::pending_bytes(o))?;
    let state = py.int_u64(u64::from_le_bytes(partial::state(o).0))?;
    py.tuple(&[pending.value(), state])
}
fn set_decoder_state(py: Py<'_>, args: Args<'_>) -> R {
    let o = decoder(py, args)?;
    let Some(t) = py.as_tuple(args.at(1)) else {
        return py.type_error(&format!("setstate() argument must be tuple, not {}", py.class_name(args.at(1))));
    };
    let parts = if t.length() == 2 { py.as_bytes(t.element(0)).zip(py.as_int(t.element(1))) } else { None };
    let Some((pending, state)) = parts else { return py.type_error("setstate(): illegal state argument") };
    let state = number(py, state, 8)?;
    let content = bytes::slice(pending);
    if content.len() > MOST_BYTES {
        return too_large(py);
    }
    py.store(o, word::PENDING, if content.is_empty() { Value::EMPTY } else { pending.value() });
    partial::set_state(py, o, state_of(&state));
    Ok(Value::NONE)
}
fn reset_decoder(py: Py<'_>, args: Args<'_>) -> R {
    let o = decoder(py, args)?;
    let mut state = partial::state(o);
    codec_of(py, o)?.restart(&mut state);
    partial::set_state(py, o, state);
    py.store(o, word::PENDING, Value::EMPTY);
    Ok(Value::NONE)
}
