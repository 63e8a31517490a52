//! Encodings that are not built in: incremental encoders and decoders of the registry of codecs.
//!
//! A chunk is kept with the decoder's state before it, from which `tell` finds a place where the decoder holds nothing
//! back. A position packs that place, the state, and how many bytes to feed and characters to skip from there, in words of
//! 64 bits: CPython's layout, whose first word alone is a plain offset.

use super::reading::forget_read;
use super::{AT, BUFFER, CHUNK_BYTES, DECODED, DECODER, ENCODER, ERRORS, FLAGS, NEWLINE, WRITABLE, is_universal};
use crate::io::base::{self, method};
use crate::io::newline;
use python_objects::operator::BinaryOp;
use python_objects::{Exc, Object, Py, R, Value, bytes, string};

/// Makes the coders of the stream's encoding. LookupError if there is none, or it is not one of text.
pub(super) fn attach(py: Py<'_>, o: Object, name: &str) -> R<()> {
    let codec = crate::codecs::find(py, name)?.value();
    let is_text = py.intern("_is_text_encoding")?;
    if let Some(flag) = py.get_optional(codec, is_text)?
        && !py.truth(flag)?
    {
        let message = format!("'{name}' is not a text encoding; use codecs.open() to handle arbitrary codecs");
        return py.err(Exc::LookupError, &message);
    }
    let buffer = o.get(BUFFER);
    if base::ask(py, buffer, "readable")? {
        let mut decoder = method(py, codec, "incrementaldecoder", &[o.get(ERRORS)])?;
        if is_universal(py, o) {
            let translate = Value::bool(o.get(NEWLINE) == Value::NONE);
            decoder = py.call(newline::class(py)?.value(), &[decoder, translate])?;
        }
        py.store(o, DECODER, decoder);
    }
    if o.get(WRITABLE) == Value::TRUE {
        let encoder = method(py, codec, "incrementalencoder", &[o.get(ERRORS)])?;
        py.store(o, ENCODER, encoder);
        continue_at(py, o)?;
    }
    Ok(())
}

/// The encoder goes on where the buffer stands: only at the beginning does it write what begins a stream.
pub(super) fn continue_at(py: Py<'_>, o: Object) -> R<()> {
    if has(o, ENCODER)
        && base::ask(py, o.get(BUFFER), "seekable")?
        && method(py, o.get(BUFFER), "tell", &[])? != Value::int(0)
    {
        method(py, o.get(ENCODER), "setstate", &[Value::int(0)])?;
    }
    Ok(())
}

pub(super) fn has(o: Object, coder: usize) -> bool {
    Object::from_value(o.get(coder)).is_some_and(|c| c.value() != Value::NONE)
}

/// Does the stream read or write by coders of the registry?
pub(super) fn is(o: Object) -> bool {
    has(o, DECODER) || has(o, ENCODER)
}

/// Buffer and flags of the decoder's state.
fn state(py: Py<'_>, o: Object) -> R<(Value, Value)> {
    let state = method(py, o.get(DECODER), "getstate", &[])?;
    let Some(t) = py.as_tuple(state) else { return py.type_error("illegal decoder state") };
    if t.length() != 2 || py.as_int(t.element(1)).is_none() {
        return py.type_error("illegal decoder state");
    }
    if py.as_bytes(t.element(0)).is_none() {
        return py.type_error(&format!(
            "illegal decoder state: the first item should be a bytes object, not '{}'",
            py.class_name(t.element(0))
        ));
    }
    Ok((t.element(0), t.element(1)))
}

fn set_state(py: Py<'_>, o: Object, flags: Value) -> R<()> {
    let state = py.tuple(&[py.bytes(b"")?.value(), flags])?;
    method(py, o.get(DECODER), "setstate", &[state])?;
    Ok(())
}

fn decode(py: Py<'_>, o: Object, input: &[u8], at_end: bool) -> R<Object> {
    let input = py.bytes(input)?;
    let text = method(py, o.get(DECODER), "decode", &[input.value(), Value::bool(at_end)])?;
    match string::exact_or_payload(py, text) {
        Some(s) => Ok(s),
        None => py.type_error(&format!("decoder should return a string result, not '{}'", py.class_name(text))),
    }
}

/// Decodes new bytes; false at the end.
pub(super) fn advance(py: Py<'_>, o: Object, new: &[u8], at_end: bool) -> R<bool> {
    let (held, flags) = state(py, o)?;
    let mut chunk = bytes::slice(Object::of(held)).to_vec();
    chunk.extend_from_slice(new);
    let text = decode(py, o, new, at_end)?;
    let chunk = py.bytes(&chunk)?;
    for (word, v) in [(CHUNK_BYTES, chunk.value()), (FLAGS, flags), (DECODED, text.value()), (AT, Value::int(0))] {
        py.store(o, word, v);
    }
    Ok(!at_end || string::length(text) > 0)
}

pub(super) fn encode(py: Py<'_>, o: Object, text: Object) -> R<Vec<u8>> {
    let encoded = method(py, o.get(ENCODER), "encode", &[text.value()])?;
    match py.as_bytes(encoded) {
        Some(b) => Ok(bytes::slice(b).to_vec()),
        None => py.type_error(&format!("encoder should return a bytes object, not '{}'", py.class_name(encoded))),
    }
}

pub(super) fn reset_decoder(py: Py<'_>, o: Object) -> R<()> {
    if has(o, DECODER) {
        method(py, o.get(DECODER), "reset", &[])?;
    }
    Ok(())
}

/// The encoder begins a stream, or goes on in one.
pub(super) fn reset_encoder(py: Py<'_>, o: Object, begins: bool) -> R<()> {
    if has(o, ENCODER) {
        if begins {
            method(py, o.get(ENCODER), "reset", &[])?;
        } else {
            method(py, o.get(ENCODER), "setstate", &[Value::int(0)])?;
        }
    }
    Ok(())
}

/// The position of the next character, given that of the buffer's next byte.
pub(super) fn tell(py: Py<'_>, o: Object, end: Value) -> R {
    let chunk = bytes::slice(Object::of(o.get(CHUNK_BYTES))).to_vec();
    if !has(o, DECODER) || chunk.is_empty() {
        return Ok(end);
    }
    let mut start = py.index_i64(end)? - chunk.len() as i64;
    let (mut flags, mut skip) = (o.get(FLAGS), o.get(AT).as_int() as usize);
    if skip == 0 {
        return pack(py, [Value::int(start), flags, Value::int(0), Value::int(0), Value::int(0)]);
    }
    let saved = method(py, o.get(DECODER), "getstate", &[])?;
    let found = (|| {
        set_state(py, o, flags)?;
        let (mut fed, mut made) = (0, 0);
        for byte in &chunk {
            fed += 1;
            made += string::length(decode(py, o, &[*byte], false)?);
            let (held, now) = state(py, o)?;
            if bytes::slice(Object::of(held)).is_empty() && made <= skip {
                (start, skip, flags) = (start + fed, skip - made, now);
                (fed, made) = (0, 0);
            }
            if made >= skip {
                return Ok((fed, false));
            }
        }
        made += string::length(decode(py, o, b"", true)?);
        if made < skip {
            return py.err(Exc::OSError, "can't reconstruct logical file position");
        }
        Ok((fed, true))
    })();
    let restored = method(py, o.get(DECODER), "setstate", &[saved]);
    let (fed, needs_end) = found?;
    restored?;
    pack(py, [Value::int(start), flags, Value::int(fed), py.int_usize(skip)?, Value::int(i64::from(needs_end))])
}

/// A position of its words.
fn pack(py: Py<'_>, words: [Value; 5]) -> R {
    let mut packed = words[4];
    for word in words[..4].iter().rev() {
        packed = py.binary(BinaryOp::LShift, packed, Value::int(64))?;
        packed = py.binary(BinaryOp::Or, packed, *word)?;
    }
    Ok(packed)
}

/// The words of a position.
fn unpack(py: Py<'_>, mut packed: Value) -> R<[Value; 5]> {
    let mut words = [Value::int(0); 5];
    let mask = py.int_u64(u64::MAX)?;
    for word in &mut words {
        *word = py.binary(BinaryOp::And, packed, mask)?;
        packed = py.binary(BinaryOp::RShift, packed, Value::int(64))?;
    }
    Ok(words)
}

/// Goes to a position that [`tell`] told.
pub(super) fn seek(py: Py<'_>, o: Object, position: Value) -> R<()> {
    let [start, flags, fed, skip, needs_end] = unpack(py, position)?;
    method(py, o.get(BUFFER), "seek", &[start])?;
    forget_read(py, o);
    let begins = position == Value::int(0);
    if has(o, DECODER) {
        if begins {
            reset_decoder(py, o)?;
        } else {
            set_state(py, o, flags)?;
        }
        py.store(o, FLAGS, flags);
        let skip = py.index_i64(skip)?;
        if skip > 0 {
            let read = method(py, o.get(BUFFER), "read", &[fed])?;
            let Some(content) = py.content_of(read).map(|c| c.to_vec()) else {
                return py.type_error(&format!(
                    "underlying read() should have returned a bytes object, not '{}'",
                    py.class_name(read)
                ));
            };
            let text = decode(py, o, &content, py.truth(needs_end)?)?;
            let chunk = py.bytes(&content)?;
            py.store(o, CHUNK_BYTES, chunk.value());
            py.store(o, DECODED, text.value());
            if string::length(text) < skip as usize {
                return py.err(Exc::OSError, "can't restore logical file position");
            }
            py.store(o, AT, Value::int(skip));
        }
    }
    reset_encoder(py, o, begins)
}

/// `newlines`, where the decoder of line ends knows them.
pub(super) fn newlines(py: Py<'_>, o: Object) -> R {
    let name = py.intern("newlines")?;
    Ok(py.get_optional(o.get(DECODER), name)?.unwrap_or(Value::NONE))
}
