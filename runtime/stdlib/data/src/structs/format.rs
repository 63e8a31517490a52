//! Formats: what a text says about how values lie in bytes.
//!
//! A format that was parsed is kept as `bytes`: four words for each field. So it is an ordinary object, as long as some
//! `Struct` has it.

/// Byte order and sizes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Mode {
    /// Big-endian?
    pub(super) big: bool,
    /// The C compiler's sizes and alignment?
    pub(super) native: bool,
}
/// What lies one after the other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    /// The letter.
    pub(super) code: u8,
    pub(super) mode: Mode,
    /// Where the first item begins.
    pub(super) offset: usize,
    /// Bytes of an item: of strings, all.
    pub(super) size: usize,
    /// How many items there are.
    pub(super) count: usize,
}
/// Bytes of a field as it is kept.
const RECORD: usize = 32;

impl Field {
    fn store(self, out: &mut Vec<u8>) {
        let flags = u64::from(self.code) | u64::from(self.mode.big) << 8 | u64::from(self.mode.native) << 9;
        for word in [flags, self.offset as u64, self.size as u64, self.count as u64] {
            out.extend_from_slice(&word.to_le_bytes());
        }
    }
    fn load(record: &[u8]) -> Field {
        let word = |i: usize| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&record[8 * i..8 * i + 8]);
            u64::from_le_bytes(bytes)
        };
        Field {
            code: word(0) as u8,
            mode: Mode { big: word(0) & 1 << 8 != 0, native: word(0) & 1 << 9 != 0 },
            offset: word(1) as usize,
            size: word(2) as usize,
            count: word(3) as usize,
        }
    }
}
/// The fields of a format as it is kept.
pub(super) fn fields(kept: &[u8]) -> impl Iterator<Item = Field> {
    kept.chunks_exact(RECORD).map(Field::load)
}

/// A format that was parsed.
pub(super) struct Format {
    /// The fields that have values, as they are kept.
    pub(super) kept: Vec<u8>,
    /// Bytes in all.
    pub(super) size: usize,
    /// Values in all.
    pub(super) items: usize,
}

/// Size of an item of this code, and its alignment.
fn size_of(code: u8, native: bool) -> Option<(usize, usize)> {
    let size = match code {
        b'x' | b'b' | b'B' | b'c' | b's' | b'p' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' if !native => 4,
        b'l' | b'L' | b'q' | b'Q' | b'd' => 8,
        b'n' | b'N' | b'P' if native => 8,
        _ => return None,
    };
    Some((size, if native { size } else { 1 }))
}

const TOO_LONG: &str = "total struct size too long";

/// Parses a format; the error is its message.
pub(super) fn parse(text: &[u8]) -> Result<Format, &'static str> {
    if text.contains(&0) {
        return Err("embedded null character");
    }
    let little = Mode { big: false, native: false };
    let (mode, text) = match text.split_first() {
        Some((b'<', rest)) => (little, rest),
        Some((b'>' | b'!', rest)) => (Mode { big: true, ..little }, rest),
        Some((b'=', rest)) => (Mode { big: cfg!(target_endian = "big"), ..little }, rest),
        first => {
            let rest = if let Some((b'@', rest)) = first { rest } else { text };
            (Mode { big: cfg!(target_endian = "big"), native: true }, rest)
        }
    };
    let most = isize::MAX as usize;
    let (mut format, mut i) = (Format { kept: Vec::new(), size: 0, items: 0 }, 0);
    while let Some(&c) = text.get(i) {
        i += 1;
        if c.is_ascii_whitespace() || c == 0x0b {
            continue;
        }
        let (mut code, mut count) = (c, 1usize);
        if c.is_ascii_digit() {
            count = usize::from(c - b'0');
            loop {
                let Some(&c) = text.get(i) else { return Err("repeat count given without format specifier") };
                i += 1;
                if !c.is_ascii_digit() {
                    code = c;
                    break;
                }
                let more = count.checked_mul(10).and_then(|n| n.checked_add(usize::from(c - b'0')));
                count = more.filter(|n| *n <= most).ok_or(TOO_LONG)?;
            }
        }
        let (size, alignment) = size_of(code, mode.native).ok_or("bad char in struct format")?;
        let offset = format.size.next_multiple_of(alignment);
        let bytes = size.checked_mul(count).ok_or(TOO_LONG)?;
        format.size = offset.checked_add(bytes).filter(|n| *n <= most).ok_or(TOO_LONG)?;
        match code {
            b'x' => {}
            b's' | b'p' => {
                Field { code, mode, offset, size: count, count: 1 }.store(&mut format.kept);
                format.items += 1;
            }
            _ if count > 0 => {
                Field { code, mode, offset, size, count }.store(&mut format.kept);
                format.items = format.items.checked_add(count).ok_or(TOO_LONG)?;
            }
            _ => {}
        }
    }
    Ok(format)
}
