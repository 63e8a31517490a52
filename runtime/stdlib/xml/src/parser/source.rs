//! The bytes of an entity: decoded as they come, with places told in bytes, lines and columns.

use super::code::Code;
use super::scan::End;

/// How bytes stand for characters.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Latin1,
    Ascii,
    Utf16 {
        big: bool,
    },
    /// A character, or [`NO_CHAR`], for each byte.
    Table(Box<[u32; 256]>),
}
/// What stands in a table for a byte that is no character.
pub(crate) const NO_CHAR: u32 = u32::MAX;

impl Encoding {
    /// One of those that need no table.
    pub(crate) fn by_name(name: &str) -> Option<Encoding> {
        Some(match name.to_ascii_uppercase().as_str() {
            "UTF-8" => Encoding::Utf8,
            "ISO-8859-1" => Encoding::Latin1,
            "US-ASCII" => Encoding::Ascii,
            // Byte order marks say more.
            "UTF-16" | "UTF-16BE" => Encoding::Utf16 { big: true },
            "UTF-16LE" => Encoding::Utf16 { big: false },
            _ => return None,
        })
    }
    /// A table that agrees with ASCII in all that markup is made of.
    pub(crate) fn of_table(table: Box<[u32; 256]>) -> Option<Encoding> {
        let fits = (0..128u8).all(|b| {
            let markup = matches!(b, b'\t' | b'\n' | b'\r' | b' ' | b'!'..=b'#' | b'%'..=b'?' | b'A'..=b'[' | b']' | b'_' | b'a'..=b'z' | b'|');
            !markup || table[usize::from(b)] == u32::from(b)
        });
        fits.then_some(Encoding::Table(table))
    }
    fn is_wide(&self) -> bool {
        matches!(self, Encoding::Utf16 { .. })
    }
    /// May a declaration in `self` name `other`?
    pub(crate) fn may_become(&self, other: &Encoding) -> bool {
        self.is_wide() == other.is_wide()
    }
    /// Bytes that a character takes.
    fn length(&self, c: char) -> usize {
        match self {
            Encoding::Utf8 => c.len_utf8(),
            Encoding::Utf16 { .. } => 2 * c.len_utf16(),
            _ => 1,
        }
    }
    fn encode(&self, text: &str, to: &mut Vec<u8>) {
        match self {
            Encoding::Utf8 => to.extend_from_slice(text.as_bytes()),
            Encoding::Latin1 | Encoding::Ascii => to.extend(text.chars().map(|c| c as u8)),
            Encoding::Utf16 { big } => {
                for unit in text.encode_utf16() {
                    to.extend(if *big { unit.to_be_bytes() } else { unit.to_le_bytes() });
                }
            }
            Encoding::Table(table) => {
                to.extend(text.chars().filter_map(|c| table.iter().position(|t| *t == c as u32)).map(|b| b as u8));
            }
        }
    }
}

/// A place in the bytes of an entity.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) byte: i64,
    pub(crate) line: i64,
    pub(crate) column: i64,
}

/// The bytes of an entity, and what was decoded of them.
pub(crate) struct Source {
    bytes: Vec<u8>,
    taken: usize,
    pub(crate) encoding: Encoding,
    /// Decoded, and not yet thrown away.
    pub(crate) text: String,
    /// What is parsed of `text`.
    pub(crate) at: usize,
    /// Undecodable bytes are behind the text.
    bad: bool,
    /// No more bytes will come.
    pub(crate) last: bool,
    /// The place of `known` in `text`.
    place: Place,
    known: usize,
    after_return: bool,
}
impl Source {
    pub(crate) fn new() -> Source {
        Source {
            bytes: Vec::new(),
            taken: 0,
            encoding: Encoding::Utf8,
            text: String::new(),
            at: 0,
            bad: false,
            last: false,
            place: Place { byte: 0, line: 1, column: 0 },
            known: 0,
            after_return: false,
        }
    }
    /// Takes more bytes, and forgets what is parsed.
    pub(crate) fn feed(&mut self, bytes: &[u8], last: bool) {
        self.locate(self.at);
        self.text.drain(..self.at);
        self.known -= self.at;
        self.at = 0;
        self.bytes.drain(..self.taken);
        self.taken = 0;
        self.bytes.extend_from_slice(bytes);
        self.last = last;
    }
    /// Have there been any bytes?
    pub(crate) fn has_input(&self) -> bool {
        self.place.byte > 0 || !self.text.is_empty() || !self.bytes.is_empty()
    }
    /// Bytes of memory.
    pub(crate) fn size(&self) -> usize {
        self.bytes.capacity() + self.text.capacity()
    }
    /// The bytes that are not decoded.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.bytes[self.taken..]
    }
    /// Leaves out a byte order mark.
    pub(crate) fn skip(&mut self, bytes: usize) {
        self.taken += bytes;
        self.place.byte += bytes as i64;
        self.place.column += i64::from(bytes > 0);
    }
    /// Decodes what is at hand, at most some bytes.
    pub(crate) fn decode(&mut self, most: usize) {
        let raw = &self.bytes[self.taken..];
        let raw = &raw[..raw.len().min(most)];
        let taken = match &self.encoding {
            Encoding::Utf8 => match std::str::from_utf8(raw) {
                Ok(text) => {
                    self.text.push_str(text);
                    raw.len()
                }
                Err(e) => {
                    let valid = e.valid_up_to();
                    self.text.push_str(std::str::from_utf8(&raw[..valid]).unwrap_or_default());
                    self.bad = e.error_len().is_some();
                    valid
                }
            },
            Encoding::Utf16 { big } => {
                let unit = |i: usize| {
                    let pair = raw.get(i..i + 2).and_then(|pair| <[u8; 2]>::try_from(pair).ok())?;
                    Some(if *big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
                };
                let mut i = 0;
                while let Some(first) = unit(i) {
                    let c = match first {
                        0xD800..=0xDBFF => match unit(i + 2) {
                            None => break,
                            Some(second) => char::decode_utf16([first, second]).next().and_then(Result::ok),
                        },
                        _ => char::from_u32(first.into()),
                    };
                    let Some(c) = c else {
                        self.bad = true;
                        break;
                    };
                    self.text.push(c);
                    i += 2 * c.len_utf16();
                }
                i
            }
            narrow => {
                let mut i = 0;
                for b in raw {
                    let n = match narrow {
                        Encoding::Table(table) => table[usize::from(*b)],
                        Encoding::Ascii if *b >= 0x80 => NO_CHAR,
                        _ => u32::from(*b),
                    };
                    let Some(c) = char::from_u32(n) else {
                        self.bad = true;
                        break;
                    };
                    self.text.push(c);
                    i += 1;
                }
                i
            }
        };
        self.taken += taken;
    }
    /// What comes behind the decoded text.
    pub(crate) fn end(&self) -> End {
        let rest = self.raw().len();
        match self.last {
            _ if self.bad => End::Bad,
            false => End::More,
            true if rest == 0 => End::Last,
            true if rest == 1 && self.encoding.is_wide() => End::Torn(Code::UnclosedToken),
            true => End::Torn(Code::PartialChar),
        }
    }
    /// The place of an offset in the text. Offsets that are asked for grow.
    pub(crate) fn locate(&mut self, offset: usize) -> Place {
        if let Some(passed) = self.text.get(self.known..offset) {
            let is_plain =
                !self.after_return && !self.encoding.is_wide() && passed.is_ascii() && !passed.contains('\r');
            if is_plain {
                // What is frequent, without a look at each character.
                self.place.byte += passed.len() as i64;
                match passed.rfind('\n') {
                    None => self.place.column += passed.len() as i64,
                    Some(last) => {
                        self.place.line += passed.bytes().filter(|b| *b == b'\n').count() as i64;
                        self.place.column = (passed.len() - last - 1) as i64;
                    }
                }
                self.known = offset;
                return self.place;
            }
            for c in passed.chars() {
                self.place.byte += self.encoding.length(c) as i64;
                match c {
                    '\n' if self.after_return => {}
                    '\n' | '\r' => {
                        self.place.line += 1;
                        self.place.column = 0;
                    }
                    _ => self.place.column += 1,
                }
                self.after_return = c == '\r';
            }
            self.known = offset;
        }
        self.place
    }
    /// All bytes from an offset of the text on.
    pub(crate) fn bytes_from(&self, offset: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.encoding.encode(self.text.get(offset..).unwrap_or_default(), &mut bytes);
        bytes.extend_from_slice(self.raw());
        bytes
    }
}
