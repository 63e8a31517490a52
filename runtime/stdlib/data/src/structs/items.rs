//! Items: bytes from values, and values from bytes.

use super::error;
use super::format::Field;
use super::half;
use python_objects::symbol::sym;
use python_objects::{Exc, Kind, Object, Py, R, Value, bytes, int};
use vm_api::engine::Stop;

/// The bytes as a word, in the field's order.
fn word(field: &Field, item: &[u8]) -> u64 {
    let mut word = [0; 8];
    if field.mode.big {
        word[8 - item.len()..].copy_from_slice(item);
        u64::from_be_bytes(word)
    } else {
        word[..item.len()].copy_from_slice(item);
        u64::from_le_bytes(word)
    }
}
/// The value of an item, whose bytes are as many as the field says.
pub(super) fn unpack(py: Py<'_>, field: &Field, item: &[u8]) -> R {
    match field.code {
        b's' | b'c' => return py.bytes(item).map(Object::value),
        b'p' => {
            let (length, text) = item.split_first().map_or((0, item), |(n, text)| (usize::from(*n), text));
            return py.bytes(&text[..length.min(text.len())]).map(Object::value);
        }
        _ => {}
    }
    let (word, unused) = (word(field, item), 64 - 8 * field.size as u32);
    match field.code {
        b'?' => Ok(Value::bool(word != 0)),
        b'e' => Ok(Value::from_foreign_f64(half::unpack(word as u16))),
        b'f' => Ok(Value::from_foreign_f64(f64::from(f32::from_bits(word as u32)))),
        b'd' => Ok(Value::from_foreign_f64(f64::from_bits(word))),
        b'b' | b'h' | b'i' | b'l' | b'q' | b'n' => py.int(((word << unused) as i64) >> unused),
        _ => py.int_u64(word),
    }
}

/// The bytes of a value as an item, appended. Runs Python code; `struct.error` and the like for what cannot be one.
pub(super) fn pack(py: Py<'_>, field: &Field, v: Value, out: &mut Vec<u8>) -> R<()> {
    match field.code {
        b'c' => match py.as_bytes(v).map(bytes::slice) {
            Some([byte]) => out.push(*byte),
            _ => return error(py, "char format requires a bytes object of length 1"),
        },
        b's' | b'p' => pack_string(py, field, v, out)?,
        _ => {
            let word = match field.code {
                b'?' => u64::from(py.truth(v)?),
                b'e' | b'f' | b'd' => float(py, field, v)?,
                _ => integer(py, field, v)?,
            };
            if field.mode.big {
                out.extend_from_slice(&word.to_be_bytes()[8 - field.size..]);
            } else {
                out.extend_from_slice(&word.to_le_bytes()[..field.size]);
            }
        }
    }
    Ok(())
}
fn pack_string(py: Py<'_>, field: &Field, v: Value, out: &mut Vec<u8>) -> R<()> {
    let content = match py.kind(v) {
        Kind::BYTES | Kind::BYTEARRAY => py.content_of(v),
        _ => None,
    };
    let Some(content) = content else {
        return error(py, &format!("argument for '{}' must be a bytes object", field.code as char));
    };
    let end = out.len() + field.size;
    let room = if field.code == b'p' {
        let room = field.size.saturating_sub(1);
        if field.size > 0 {
            out.push(content.len().min(room).min(255) as u8);
        }
        room
    } else {
        field.size
    };
    out.extend_from_slice(&content[..content.len().min(room)]);
    out.resize(end, 0);
    Ok(())
}
fn float(py: Py<'_>, field: &Field, v: Value) -> R<u64> {
    let f = match py.real(v) {
        Ok(f) => f,
        Err(_) if py.pending_is(Exc::Exception) => {
            py.catch(Exc::Exception);
            return error(py, "required argument is not a float");
        }
        Err(stop) => return Err(stop),
    };
    let word = match field.code {
        b'd' => Some(f.to_bits()),
        // A cast in C where sizes are the compiler's.
        b'f' => Some(u64::from((f as f32).to_bits()))
            .filter(|_| field.mode.native || !(f as f32).is_infinite() || f.is_infinite()),
        _ => half::pack(f).map(u64::from),
    };
    match word {
        Some(word) => Ok(word),
        None if py.as_int(v).is_some() => error(py, "int too large to convert"),
        None => py.err(Exc::OverflowError, &format!("float too large to pack with {} format", field.code as char)),
    }
}
fn integer(py: Py<'_>, field: &Field, v: Value) -> R<u64> {
    let i = match py.as_int(v) {
        Some(i) => i,
        None if py.special(v, sym::INDEX).is_some() => py.index(v)?,
        None => return error(py, "required argument is not an integer"),
    };
    let bits = 8 * field.size as u32;
    let (low, high) = match field.code {
        b'b' | b'h' | b'i' | b'l' | b'q' | b'n' => (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1),
        // An address may be given as a negative number.
        b'P' => (-(1i128 << 63), (1i128 << 64) - 1),
        _ => (0, (1i128 << bits) - 1),
    };
    match int::with_operand(i, |i| i.to_i128()).filter(|i| (low..=high).contains(i)) {
        Some(i) => Ok(i as u64),
        None if field.code == b'P' => error(py, "int too large to convert"),
        None => Err(out_of_range(py, field.code, low, high)),
    }
}
#[cold]
fn out_of_range(py: Py<'_>, code: u8, low: i128, high: i128) -> Stop {
    match error::<()>(py, &format!("'{}' format requires {low} <= number <= {high}", code as char)) {
        Ok(()) => Stop,
        Err(stop) => stop,
    }
}
