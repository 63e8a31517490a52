//! Quoted-printable (RFC 1521).

use super::hexadecimal::digit;
use super::{STEP, ascii, binary, truth};
use python_objects::{Args, Object, Py, R};

/// A line has fewer characters than that.
const LINE: usize = 76;

pub(super) fn decode(py: Py<'_>, args: Args<'_>) -> R {
    let data = ascii(py, args.at(0))?;
    let header = truth(py, args, 1, false)?;
    let (mut out, mut i) = (Vec::with_capacity(data.len()), 0);
    while let Some(&c) = data.get(i) {
        if out.len() % STEP == 0 {
            py.poll()?;
        }
        i += 1;
        match (c, data.get(i)) {
            (b'=', None) => break,
            // The line goes on behind its end.
            (b'=', Some(b'\n' | b'\r')) => match data[i..].iter().position(|c| *c == b'\n') {
                Some(end) => i += end + 1,
                None => break,
            },
            (b'=', Some(b'=')) => {
                out.push(b'=');
                i += 1;
            }
            (b'=', Some(&high)) => match (digit(high), data.get(i + 1).and_then(|low| digit(*low))) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    i += 2;
                }
                _ => out.push(b'='),
            },
            (b'_', _) if header => out.push(b' '),
            _ => out.push(c),
        }
    }
    py.bytes(&out).map(Object::value)
}

fn push_quoted(out: &mut Vec<u8>, c: u8) {
    out.push(b'=');
    out.extend([c >> 4, c & 15].map(|d| if d < 10 { b'0' + d } else { b'A' + d - 10 }));
}

pub(super) fn encode(py: Py<'_>, args: Args<'_>) -> R {
    let data = binary(py, args.at(0))?;
    let (tabs, text) = (truth(py, args, 1, false)?, truth(py, args, 2, true)?);
    let header = truth(py, args, 3, false)?;
    // The first line says how lines end.
    let first = data.iter().position(|c| *c == b'\n');
    let line_end: &[u8] = if first.is_some_and(|i| i > 0 && data[i - 1] == b'\r') { b"\r\n" } else { b"\n" };
    let (mut out, mut i, mut length) = (Vec::with_capacity(data.len()), 0, 0);
    while let Some(&c) = data.get(i) {
        if i % STEP == 0 {
            py.poll()?;
        }
        let next = data.get(i + 1).copied();
        let quoted = match c {
            127.. | b'=' => true,
            b'_' => header,
            b'.' => length == 0 && matches!(next, None | Some(b'\n' | b'\r' | 0)),
            b'\r' | b'\n' => !text,
            b'\t' | b' ' => tabs || next.is_none(),
            _ => c < 33,
        };
        if quoted {
            if length + 3 >= LINE {
                out.push(b'=');
                out.extend_from_slice(line_end);
                length = 0;
            }
            push_quoted(&mut out, c);
            length += 3;
            i += 1;
        } else if text && (c == b'\n' || c == b'\r' && next == Some(b'\n')) {
            length = 0;
            // Blanks at the end of a line would get lost.
            if let Some(&blank @ (b' ' | b'\t')) = out.last() {
                out.pop();
                push_quoted(&mut out, blank);
            }
            out.extend_from_slice(line_end);
            i += if c == b'\r' { 2 } else { 1 };
        } else {
            if next.is_some_and(|c| c != b'\n') && length + 1 >= LINE {
                out.push(b'=');
                out.extend_from_slice(line_end);
                length = 0;
            }
            length += 1;
            out.push(if header && c == b' ' { b'_' } else { c });
            i += 1;
        }
    }
    py.bytes(&out).map(Object::value)
}
