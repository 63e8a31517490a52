//! Uuencoding, line by line.

use super::{ascii, binary, error, truth};
use python_objects::{Args, Object, Py, R};

pub(super) fn encode(py: Py<'_>, args: Args<'_>) -> R {
    let data = binary(py, args.at(0))?;
    let backtick = truth(py, args, 1, false)?;
    if data.len() > 45 {
        return error(py, "At most 45 bytes at once");
    }
    let shown = |value: u8| if backtick && value == 0 { b'`' } else { b' ' + value };
    let mut out = vec![shown(data.len() as u8)];
    for group in data.chunks(3) {
        let byte = |i: usize| group.get(i).map_or(0, |b| u32::from(*b));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        out.extend([18, 12, 6, 0].map(|shift| shown((bits >> shift & 63) as u8)));
    }
    out.push(b'\n');
    py.bytes(&out).map(Object::value)
}

pub(super) fn decode(py: Py<'_>, args: Args<'_>) -> R {
    let line = ascii(py, args.at(0))?;
    // An empty line counts as one that begins with a NUL.
    let length = usize::from(line.first().copied().unwrap_or(0).wrapping_sub(b' ') & 63);
    let mut rest = line.get(1..).unwrap_or_default().iter().copied();
    let (mut out, mut bits, mut count) = (Vec::with_capacity(length), 0u32, 0);
    while out.len() < length {
        // What is missing at the end is zeros.
        let value = match rest.next() {
            None | Some(b'\n' | b'\r') => 0,
            Some(c @ b' '..=b'`') => u32::from(c - b' ') & 63,
            Some(_) => return error(py, "Illegal char"),
        };
        bits = (bits << 6 | value) & 0xffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    if rest.any(|c| !matches!(c, b' ' | b'`' | b'\n' | b'\r')) {
        return error(py, "Trailing garbage");
    }
    py.bytes(&out).map(Object::value)
}
