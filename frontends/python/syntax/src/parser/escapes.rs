//! Escape sequences of string and bytes literals.
//!
//! Positions in messages are those of the buffer CPython decodes from, in which every character beyond ASCII has been
//! written as a ten-byte `\UXXXXXXXX`.

use crate::ast::push_code_point;
use crate::source::utf8_error;

/// An escape that means nothing: decoding goes on, CPython warns about the first of a literal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvalidEscape {
    /// The text of the warning.
    pub(crate) message: String,
}

/// The parts of a STRING token.
pub(crate) struct Literal<'a> {
    pub(crate) bytes: bool,
    pub(crate) raw: bool,
    /// The prefix is a small `u`.
    pub(crate) unicode: bool,
    pub(crate) body: &'a [u8],
}

/// Takes a STRING token apart.
pub(crate) fn literal(token: &[u8]) -> Literal<'_> {
    let prefix = token.iter().position(|byte| matches!(byte, b'\'' | b'"')).unwrap_or(0);
    let letters = &token[..prefix];
    let quoted = &token[prefix..];
    let quote = quoted.first().copied().unwrap_or(b'"');
    let width = if quoted.len() >= 6 && quoted[1] == quote && quoted[2] == quote { 3 } else { 1 };
    Literal {
        bytes: letters.iter().any(|letter| letter | 0x20 == b'b'),
        raw: letters.iter().any(|letter| letter | 0x20 == b'r'),
        unicode: letters.first() == Some(&b'u'),
        body: quoted.get(width..quoted.len() - width).unwrap_or(&[]),
    }
}

/// Appends the value of a text body to `out`. `formatted`: the body is part of an f-string, where the lexer has
/// warned of `\{` already. The error is the message of the codec, as `(unicode error) …`.
pub(crate) fn decode_text(
    body: &[u8],
    raw: bool,
    formatted: bool,
    out: &mut Vec<u8>,
) -> Result<Option<InvalidEscape>, String> {
    if raw || !body.contains(&b'\\') {
        if !body.is_ascii()
            && let Err(error) = std::str::from_utf8(body)
        {
            return Err(format!("(unicode error) {}", utf8_error(body, error.valid_up_to())));
        }
        out.extend_from_slice(body);
        return Ok(None);
    }
    Decoder { body, at: 0, virtual_at: 0, formatted, invalid: None }.text(out)
}

struct Decoder<'a> {
    body: &'a [u8],
    at: usize,
    /// Position in CPython's buffer.
    virtual_at: usize,
    formatted: bool,
    invalid: Option<InvalidEscape>,
}

impl Decoder<'_> {
    fn peek(&self) -> Option<u8> {
        self.body.get(self.at).copied()
    }

    fn bump(&mut self, count: usize) {
        self.at += count;
        self.virtual_at += count;
    }

    fn text(mut self, out: &mut Vec<u8>) -> Result<Option<InvalidEscape>, String> {
        while let Some(byte) = self.peek() {
            if byte >= 128 {
                self.beyond_ascii(out)?;
            } else if byte != b'\\' {
                out.push(byte);
                self.bump(1);
            } else if self.body.get(self.at + 1).is_none_or(|&next| next >= 128) {
                // CPython writes the backslash as \u005c here (also at the end of a text of an f-string, before a
                // brace): it stands for itself, and nothing warns.
                out.push(b'\\');
                self.at += 1;
                self.virtual_at += 6;
            } else {
                self.escape(out)?;
            }
        }
        Ok(self.invalid)
    }

    fn beyond_ascii(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let rest = &self.body[self.at..];
        let length = rest.iter().position(|byte| byte.is_ascii()).unwrap_or(rest.len());
        let run = &rest[..length];
        match std::str::from_utf8(run) {
            Ok(text) => self.virtual_at += 10 * text.chars().count(),
            Err(error) => return Err(format!("(unicode error) {}", utf8_error(run, error.valid_up_to()))),
        }
        out.extend_from_slice(run);
        self.at += length;
        Ok(())
    }

    /// The codec's error for the bytes from `start` to here.
    fn error(&self, start: usize, reason: &str) -> String {
        let last = self.virtual_at - 1;
        if last == start {
            format!("(unicode error) 'unicodeescape' codec can't decode byte 0x5c in position {start}: {reason}")
        } else {
            format!("(unicode error) 'unicodeescape' codec can't decode bytes in position {start}-{last}: {reason}")
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let start = self.virtual_at;
        self.bump(1);
        let Some(letter) = self.peek() else { return Err(self.error(start, "\\ at end of string")) };
        self.bump(1);
        match letter {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(letter),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b't' => out.push(9),
            b'n' => out.push(10),
            b'r' => out.push(13),
            b'v' => out.push(11),
            b'a' => out.push(7),
            b'0'..=b'7' => {
                let value = self.octal(letter);
                push_code_point(out, value);
            }
            b'x' => self.hexadecimal(start, 2, "truncated \\xXX escape", out)?,
            b'u' => self.hexadecimal(start, 4, "truncated \\uXXXX escape", out)?,
            b'U' => self.hexadecimal(start, 8, "truncated \\UXXXXXXXX escape", out)?,
            b'N' => self.named(start, out)?,
            _ => {
                if !(self.formatted && matches!(letter, b'{' | b'}')) {
                    self.warn(format!("invalid escape sequence '\\{}'", char::from(letter)));
                }
                out.push(b'\\');
                out.push(letter);
            }
        }
        Ok(())
    }

    fn warn(&mut self, message: String) {
        self.invalid.get_or_insert(InvalidEscape { message });
    }

    /// Up to three octal digits, the first of which is consumed.
    fn octal(&mut self, first: u8) -> u32 {
        let start = self.at - 1;
        let mut value = u32::from(first - b'0');
        for _ in 0..2 {
            match self.peek() {
                Some(digit @ b'0'..=b'7') => {
                    value = value * 8 + u32::from(digit - b'0');
                    self.bump(1);
                }
                _ => break,
            }
        }
        if value > 0o377 {
            let digits = String::from_utf8_lossy(&self.body[start..self.at]).into_owned();
            self.warn(format!("invalid octal escape sequence '\\{digits}'"));
        }
        value
    }

    fn hexadecimal(&mut self, start: usize, count: usize, reason: &str, out: &mut Vec<u8>) -> Result<(), String> {
        let mut value = 0u32;
        for _ in 0..count {
            let Some(digit) = self.peek().and_then(|byte| char::from(byte).to_digit(16)) else {
                return Err(self.error(start, reason));
            };
            value = value << 4 | digit;
            self.bump(1);
        }
        if value > 0x10FFFF {
            return Err(self.error(start, "illegal Unicode character"));
        }
        push_code_point(out, value);
        Ok(())
    }

    fn named(&mut self, start: usize, out: &mut Vec<u8>) -> Result<(), String> {
        const MALFORMED: &str = "malformed \\N character escape";
        if self.peek() != Some(b'{') {
            return Err(self.error(start, MALFORMED));
        }
        self.bump(1);
        let rest = &self.body[self.at..];
        let Some(length) = rest.iter().position(|&byte| byte == b'}') else {
            // The rest of the literal is part of the error; beyond ASCII it counts as written by CPython.
            let counted: usize = String::from_utf8_lossy(rest).chars().map(|c| if c.is_ascii() { 1 } else { 10 }).sum();
            self.virtual_at += counted;
            return Err(self.error(start, MALFORMED));
        };
        let name = String::from_utf8_lossy(&rest[..length]);
        self.virtual_at += name.chars().map(|c| if c.is_ascii() { 1 } else { 10 }).sum::<usize>();
        self.at += length;
        if length == 0 {
            return Err(self.error(start, MALFORMED));
        }
        self.bump(1);
        match crate::unicode::character_named(&name) {
            Some(character) => push_code_point(out, u32::from(character)),
            None => return Err(self.error(start, "unknown Unicode character name")),
        }
        Ok(())
    }
}

/// What is wrong with a bytes literal.
pub(crate) enum BytesError {
    /// A character beyond ASCII; the error points at the token.
    NotAscii,
    /// The message, as `(value error) …`.
    Value(String),
}

/// Appends the value of a bytes body to `out`.
pub(crate) fn decode_bytes(body: &[u8], raw: bool, out: &mut Vec<u8>) -> Result<Option<InvalidEscape>, BytesError> {
    if !body.is_ascii() {
        return Err(BytesError::NotAscii);
    }
    if raw || !body.contains(&b'\\') {
        out.extend_from_slice(body);
        return Ok(None);
    }
    let mut decoder = Decoder { body, at: 0, virtual_at: 0, formatted: false, invalid: None };
    while let Some(byte) = decoder.peek() {
        let start = decoder.at;
        decoder.bump(1);
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some(letter) = decoder.peek() else {
            return Err(BytesError::Value("(value error) Trailing \\ in string".into()));
        };
        decoder.bump(1);
        match letter {
            b'\n' => {}
            b'\\' | b'\'' | b'"' => out.push(letter),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b't' => out.push(9),
            b'n' => out.push(10),
            b'r' => out.push(13),
            b'v' => out.push(11),
            b'a' => out.push(7),
            b'0'..=b'7' => out.push(decoder.octal(letter) as u8),
            b'x' => {
                let digit = |at: usize| body.get(at).and_then(|&byte| char::from(byte).to_digit(16));
                let (Some(high), Some(low)) = (digit(decoder.at), digit(decoder.at + 1)) else {
                    let message = format!("(value error) invalid \\x escape at position {start}");
                    return Err(BytesError::Value(message));
                };
                out.push((high * 16 + low) as u8);
                decoder.bump(2);
            }
            _ => {
                decoder.warn(format!("invalid escape sequence '\\{}'", char::from(letter)));
                out.push(b'\\');
                out.push(letter);
            }
        }
    }
    Ok(decoder.invalid)
}
