//! Hexadecimal digits.

use super::{STEP, ascii, binary, error};
use python_objects::symbol::sym;
use python_objects::{Args, Object, Py, R, Value, bytes, int, string};

/// The separator's byte.
fn separator(py: Py<'_>, v: Value) -> R<u8> {
    let byte = match string::exact_or_payload(py, v) {
        Some(s) if string::length(s) != 1 => None,
        Some(s) => match u8::try_from(string::at(s, 0)) {
            Ok(byte) => Some(byte),
            Err(_) => return py.value_error("sep must be ASCII."),
        },
        None => {
            let length = match py.call_special(v, sym::LEN, &[])? {
                Some(n) => int::to_i64(py.index(n)?),
                None => return py.type_error(&format!("object of type '{}' has no len()", py.class_name(v))),
            };
            match py.as_bytes(v).map(bytes::slice) {
                Some([byte]) => Some(*byte),
                None if length == Some(1) => return py.type_error("sep must be str or bytes."),
                _ => None,
            }
        }
    };
    byte.map_or_else(|| py.value_error("sep must be length 1."), Ok)
}

pub(super) fn encode(py: Py<'_>, args: Args<'_>) -> R {
    let separator = args.opt(1).map(|v| separator(py, v)).transpose()?;
    let group = args.opt(2).map_or(Ok(1), |v| py.index_i32(v))?;
    let data = binary(py, args.at(0))?;
    let separator = separator.filter(|_| group != 0);
    let size = group.unsigned_abs() as usize;
    let mut out = Vec::with_capacity(data.len() * 2 + data.len() / size.max(1));
    for (i, byte) in data.iter().enumerate() {
        if i % STEP == 0 {
            py.poll()?;
        }
        // Groups are counted from the right, by a negative number from the left.
        let before = if group > 0 { data.len() - i } else { i };
        if let Some(separator) = separator.filter(|_| i > 0 && before % size == 0) {
            out.push(separator);
        }
        out.extend([byte >> 4, byte & 15].map(|d| if d < 10 { b'0' + d } else { b'a' + d - 10 }));
    }
    py.bytes(&out).map(Object::value)
}

pub(super) fn decode(py: Py<'_>, args: Args<'_>) -> R {
    let text = ascii(py, args.at(0))?;
    if text.len() % 2 != 0 {
        return error(py, "Odd-length string");
    }
    let mut out = Vec::with_capacity(text.len() / 2);
    for part in text.chunks(STEP) {
        py.poll()?;
        for pair in part.chunks_exact(2) {
            match (digit(pair[0]), digit(pair[1])) {
                (Some(high), Some(low)) => out.push(high << 4 | low),
                _ => return error(py, "Non-hexadecimal digit found"),
            }
        }
    }
    py.bytes(&out).map(Object::value)
}
/// The value of a hexadecimal digit.
pub(super) fn digit(c: u8) -> Option<u8> {
    char::from(c).to_digit(16).map(|d| d as u8)
}
