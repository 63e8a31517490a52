//! Base64 (RFC 4648), leniently and strictly.

use super::{STEP, ascii, binary, error, truth};
use python_objects::{Args, Object, Py, R};

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// The value of each character; 255: none.
const VALUES: [u8; 256] = {
    let (mut values, mut i) = ([255; 256], 0);
    while i < 64 {
        values[ALPHABET[i] as usize] = i as u8;
        i += 1;
    }
    values
};

pub(super) fn encode(py: Py<'_>, args: Args<'_>) -> R {
    let data = binary(py, args.at(0))?;
    let newline = truth(py, args, 1, true)?;
    let mut out = Vec::with_capacity(data.len().div_ceil(3) * 4 + 1);
    for part in data.chunks(STEP / 3 * 3) {
        py.poll()?;
        for group in part.chunks(3) {
            let byte = |i: usize| group.get(i).map_or(0, |b| u32::from(*b));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            let digit = |i: u32| ALPHABET[(bits >> (18 - 6 * i) & 63) as usize];
            out.push(digit(0));
            out.push(digit(1));
            out.push(if group.len() > 1 { digit(2) } else { b'=' });
            out.push(if group.len() > 2 { digit(3) } else { b'=' });
        }
    }
    if newline {
        out.push(b'\n');
    }
    py.bytes(&out).map(Object::value)
}

pub(super) fn decode(py: Py<'_>, args: Args<'_>) -> R {
    let data = ascii(py, args.at(0))?;
    let strict = truth(py, args, 1, false)?;
    if strict && data.first() == Some(&b'=') {
        return error(py, "Leading padding not allowed");
    }
    let mut out = Vec::with_capacity(data.len().div_ceil(4) * 3);
    // How many characters of the group of four have come, the bits of theirs that are left, paddings in a row.
    let (mut place, mut left, mut pads, mut padded) = (0, 0u8, 0, false);
    for (i, &c) in data.iter().enumerate() {
        if i % STEP == 0 {
            py.poll()?;
        }
        if c == b'=' {
            padded = true;
            if place >= 2 {
                pads += 1;
                if place + pads >= 4 {
                    // The padding is complete: what follows does not count.
                    if strict && i + 1 < data.len() {
                        return error(py, "Excess data after padding");
                    }
                    return py.bytes(&out).map(Object::value);
                }
            }
            continue;
        }
        let value = VALUES[usize::from(c)];
        if value == 255 {
            if strict {
                return error(py, "Only base64 data is allowed");
            }
            continue;
        }
        if strict && padded {
            return error(py, "Discontinuous padding not allowed");
        }
        pads = 0;
        match place {
            0 => left = value,
            1 => {
                out.push(left << 2 | value >> 4);
                left = value & 15;
            }
            2 => {
                out.push(left << 4 | value >> 2);
                left = value & 3;
            }
            _ => out.push(left << 6 | value),
        }
        place = (place + 1) % 4;
    }
    match place {
        0 => py.bytes(&out).map(Object::value),
        1 => {
            let count = out.len() / 3 * 4 + 1;
            error(
                py,
                &format!(
                    "Invalid base64-encoded string: number of data characters ({count}) cannot be 1 more than a multiple of 4"
                ),
            )
        }
        _ => error(py, "Incorrect padding"),
    }
}
