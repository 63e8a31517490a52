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

/// The four characters of three bytes.
#[inline]
fn digits([a, b, c]: [u8; 3]) -> [u8; 4] {
    let bits = u32::from(a) << 16 | u32::from(b) << 8 | u32::from(c);
    [18, 12, 6, 0].map(|shift| ALPHABET[(bits >> shift & 63) as usize])
}
/// Decodes groups of four as long as they consist of the alphabet; how many bytes that was.
fn groups(data: &[u8], out: &mut Vec<u8>) -> usize {
    let mut count = 0;
    for group in data.as_chunks::<4>().0 {
        let [a, b, c, d] = group.map(|c| VALUES[usize::from(c)]);
        if a | b | c | d > 63 {
            break;
        }
        out.extend_from_slice(&[a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]);
        count += 4;
    }
    count
}

pub(super) fn encode(py: Py<'_>, args: Args<'_>) -> R {
    let data = binary(py, args.at(0))?;
    let newline = truth(py, args, 1, true)?;
    let mut out = Vec::with_capacity(data.len().div_ceil(3) * 4 + 1);
    for part in data.chunks(STEP / 3 * 3) {
        py.poll()?;
        let (groups, rest) = part.as_chunks::<3>();
        for group in groups {
            out.extend_from_slice(&digits(*group));
        }
        // What is left of three bytes is filled with zeros; digits that consist of these are shown as padding.
        match *rest {
            [a] => {
                let [first, second, ..] = digits([a, 0, 0]);
                out.extend_from_slice(&[first, second, b'=', b'=']);
            }
            [a, b] => {
                let [first, second, third, _] = digits([a, b, 0]);
                out.extend_from_slice(&[first, second, third, b'=']);
            }
            _ => {}
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
    let (mut i, mut due) = (0, 0);
    while i < data.len() {
        if i >= due {
            py.poll()?;
            due = i + STEP;
        }
        if place == 0 && !(strict && padded) {
            let done = groups(&data[i..data.len().min(due)], &mut out);
            if done > 0 {
                (i, pads) = (i + done, 0);
                continue;
            }
        }
        let c = data[i];
        i += 1;
        if c == b'=' {
            padded = true;
            if place >= 2 {
                pads += 1;
                if place + pads >= 4 {
                    // The padding is complete: what follows does not count.
                    if strict && i < data.len() {
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
