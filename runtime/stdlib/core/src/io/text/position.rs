//! Positions: where in the file the next character begins.

use super::reading::{decoded, forget_read};
use super::registered;
use super::writing::flush;
use super::{BUFFER, CHUNK_BYTES, ITERATING, NEWLINE, codec_of, open};
use crate::io::base::{self, method};
use python_objects::compare::CompareOp;
use python_objects::{Args, Exc, Object, Py, R, Value, bytes};
use python_text::codec::{ByteOrder, Codec};

/// How many bytes of the chunk the first `count` decoded characters came from.
fn bytes_of(o: Object, chunk: &[u8], count: usize) -> usize {
    let (codec, mut at) = (codec_of(o), 0);
    let translates = o.get(NEWLINE) == Value::NONE;
    let mut left = count;
    let big = matches!(codec, Codec::Utf16(ByteOrder::Big) | Codec::Utf32(ByteOrder::Big));
    let unit_at = |i: usize, n: usize| -> Option<u32> {
        let b = chunk.get(i..i + n)?;
        Some(if big {
            b.iter().fold(0, |u, b| u << 8 | u32::from(*b))
        } else {
            b.iter().rev().fold(0, |u, b| u << 8 | u32::from(*b))
        })
    };
    let unit = match codec {
        Codec::Utf16(_) => 2,
        Codec::Utf32(_) => 4,
        _ => 1,
    };
    while left > 0 && at < chunk.len() {
        let first = unit_at(at, unit).unwrap_or(0);
        let length = match codec {
            Codec::Utf8 => match first {
                0xC2..0xE0 => 2,
                0xE0..0xF0 => 3,
                0xF0..0xF5 => 4,
                _ => 1,
            },
            Codec::Utf16(_) if (0xD800..0xDC00).contains(&first) => 4,
            _ => unit,
        };
        at += length;
        if translates && first == 0x0D && unit_at(at, unit) == Some(0x0A) {
            at += unit;
        }
        left -= 1;
    }
    at.min(chunk.len())
}

pub(super) fn tell(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    if !base::ask(py, o.get(BUFFER), "seekable")? {
        return base::unsupported(py, "underlying stream is not seekable");
    }
    if o.get(ITERATING) == Value::TRUE {
        return py.err(Exc::OSError, "telling position disabled by next() call");
    }
    flush(py, args)?;
    let end = method(py, o.get(BUFFER), "tell", &[])?;
    if registered::is(o) {
        return registered::tell(py, o, end);
    }
    let chunk = bytes::slice(Object::of(o.get(CHUNK_BYTES)));
    if chunk.is_empty() {
        return Ok(end);
    }
    let (_, at) = decoded(o);
    let used = bytes_of(o, chunk, at);
    let end = py.index_i64(end)?;
    py.int(end - (chunk.len() - used) as i64)
}

pub(super) fn seek(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    if !base::ask(py, o.get(BUFFER), "seekable")? {
        return base::unsupported(py, "underlying stream is not seekable");
    }
    let whence = args.opt(2).map_or(Ok(0), |v| py.index_i32(v))?;
    let cookie = args.at(1);
    let is_zero = py.as_int(cookie).is_some_and(|v| v == Value::int(0));
    let target = match whence {
        0 => {
            let at = py.index(cookie)?;
            if py.compare(CompareOp::Lt, at, Value::int(0))? {
                return py.value_error(&format!("negative seek position {}", py.repr_text(at)?));
            }
            at
        }
        1 if is_zero => {
            py.store(o, ITERATING, Value::FALSE);
            tell(py, args)?
        }
        1 => return base::unsupported(py, "can't do nonzero cur-relative seeks"),
        2 if is_zero => {
            flush(py, args)?;
            forget_read(py, o);
            registered::reset_decoder(py, o)?;
            let at = method(py, o.get(BUFFER), "seek", &[Value::int(0), Value::int(2)])?;
            registered::reset_encoder(py, o, at == Value::int(0))?;
            return Ok(at);
        }
        2 => return base::unsupported(py, "can't do nonzero end-relative seeks"),
        _ => return py.value_error(&format!("invalid whence ({whence}, should be 0, 1 or 2)")),
    };
    flush(py, args)?;
    if registered::is(o) {
        registered::seek(py, o, target)?;
        return Ok(target);
    }
    method(py, o.get(BUFFER), "seek", &[target])?;
    forget_read(py, o);
    Ok(target)
}

pub(super) fn truncate(py: Py<'_>, args: Args<'_>) -> R {
    let o = open(py, args)?;
    flush(py, args)?;
    let at = match args.some(1) {
        Some(at) => at,
        None => tell(py, args)?,
    };
    method(py, o.get(BUFFER), "truncate", &[at])
}
