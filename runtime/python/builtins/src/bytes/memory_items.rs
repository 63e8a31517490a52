//! Items of a `memoryview`: values from bytes of a native format, and bytes from values.

use super::buffer;
use python_objects::{Exc, Kind, Py, R, Value, int};

/// The value of an item, whose bytes are as many as its format says.
pub(super) fn unpack(py: Py<'_>, format: char, item: &[u8]) -> R {
    let mut word = [0; 8];
    word[..item.len().min(8)].copy_from_slice(&item[..item.len().min(8)]);
    let unsigned = u64::from_le_bytes(word);
    let unused = 64 - 8 * item.len().min(8) as u32;
    let signed = ((unsigned << (unused % 64)) as i64) >> (unused % 64);
    match format {
        'c' => Ok(py.bytes(item)?.value()),
        '?' => Ok(Value::bool(unsigned != 0)),
        'b' | 'h' | 'i' | 'l' | 'q' | 'n' => py.int(signed),
        'f' => Ok(Value::from_foreign_f64(f64::from(f32::from_bits(unsigned as u32)))),
        'd' => Ok(Value::from_foreign_f64(f64::from_bits(unsigned))),
        _ => py.int_u64(unsigned),
    }
}

/// The bytes of a value as an item of `size` bytes. Runs Python code; TypeError or ValueError for what the format cannot hold.
pub(super) fn pack(py: Py<'_>, format: char, size: usize, v: Value) -> R<Vec<u8>> {
    let wrong_type = || py.error(Exc::TypeError, &format!("memoryview: invalid type for format '{format}'"));
    let wrong_value = || py.error(Exc::ValueError, &format!("memoryview: invalid value for format '{format}'"));
    match format {
        'c' => {
            if py.kind(v) != Kind::BYTES {
                return Err(wrong_type());
            }
            let content = buffer(py, v)?;
            if content.len() == 1 { Ok(content.to_vec()) } else { Err(wrong_value()) }
        }
        '?' => Ok(vec![u8::from(py.truth(v)?)]),
        'f' | 'd' => {
            let f = py.real(v);
            let Some(f) = py.caught(f, Exc::TypeError)? else { return Err(wrong_type()) };
            Ok(if format == 'd' { f.to_le_bytes().to_vec() } else { (f as f32).to_le_bytes().to_vec() })
        }
        _ => {
            let i = py.index(v);
            let Some(i) = py.caught(i, Exc::TypeError)? else { return Err(wrong_type()) };
            let signed = matches!(format, 'b' | 'h' | 'i' | 'l' | 'q' | 'n');
            let fits = int::with_operand(i, |i| {
                let wide = i.to_i128()?;
                let bits = 8 * size as u32;
                let (low, high) =
                    if signed { (-(1i128 << (bits - 1)), 1i128 << (bits - 1)) } else { (0, 1i128 << bits) };
                (low..high).contains(&wide).then_some(wide)
            });
            match fits {
                Some(wide) => Ok(wide.to_le_bytes()[..size].to_vec()),
                None => Err(wrong_value()),
            }
        }
    }
}
