//! Lines of tokens.

/// What is wrong with a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    /// Line, from 1 on; 0 where no line can be blamed.
    pub line: u32,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for ParseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for ParseError {}

/// A token.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Token<'a> {
    /// Letters, digits and underscores, not beginning with a digit.
    Word(&'a str),
    /// A number as it stands in the text, sign included.
    Number(&'a str),
    /// A string, unescaped.
    String(String),
    /// Anything else.
    Sign(char),
}

/// One line with the place that parsing has reached in it.
pub(super) struct Line<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
    number: u32,
}

impl<'a> Line<'a> {
    /// Splits a line.
    pub(super) fn new(text: &'a str, number: u32) -> Result<Line<'a>, ParseError> {
        let mut line = Line { tokens: Vec::new(), next: 0, number };
        let mut rest = text.trim_start();
        while let Some(c) = rest.chars().next() {
            let length = match c {
                ';' => break,
                'a'..='z' | 'A'..='Z' | '_' => prefix(rest, |c| c.is_ascii_alphanumeric() || c == '_'),
                '0'..='9' => prefix(rest, in_number),
                '-' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => 1 + prefix(&rest[1..], in_number),
                '-' if rest[1..].starts_with("inf") => 4,
                '"' => {
                    let (string, length) = unescape(rest).ok_or_else(|| line.error("unfinished string"))?;
                    line.tokens.push(Token::String(string));
                    rest = rest[length..].trim_start();
                    continue;
                }
                c => c.len_utf8(),
            };
            let (token, after) = rest.split_at(length);
            line.tokens.push(match c {
                'a'..='z' | 'A'..='Z' | '_' => Token::Word(token),
                _ if length > 1 || c.is_ascii_digit() => Token::Number(token),
                c => Token::Sign(c),
            });
            rest = after.trim_start();
        }
        Ok(line)
    }
    /// Is there nothing on the line?
    pub(super) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }
    /// An error in this line.
    pub(super) fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError { line: self.number, message: message.into() }
    }
    /// An error that names the next token.
    pub(super) fn expected(&self, what: &str) -> ParseError {
        match self.tokens.get(self.next) {
            Some(Token::Word(t) | Token::Number(t)) => self.error(format!("expected {what}, found `{t}`")),
            Some(Token::String(t)) => self.error(format!("expected {what}, found {t:?}")),
            Some(Token::Sign(c)) => self.error(format!("expected {what}, found `{c}`")),
            None => self.error(format!("expected {what}, found the end of the line")),
        }
    }
    /// The next token.
    pub(super) fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.next)
    }
    /// The token after the next.
    pub(super) fn peek_second(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.next + 1)
    }
    /// Takes the sign `c` if it is next.
    pub(super) fn take_sign(&mut self, c: char) -> bool {
        let found = self.peek() == Some(&Token::Sign(c));
        self.next += usize::from(found);
        found
    }
    /// Takes the sign `c`.
    pub(super) fn sign(&mut self, c: char) -> Result<(), ParseError> {
        if self.take_sign(c) { Ok(()) } else { Err(self.expected(&format!("`{c}`"))) }
    }
    /// Takes the word `w` if it is next.
    pub(super) fn take_word(&mut self, w: &str) -> bool {
        let found = self.peek() == Some(&Token::Word(w));
        self.next += usize::from(found);
        found
    }
    /// Takes the word `w`.
    pub(super) fn keyword(&mut self, w: &str) -> Result<(), ParseError> {
        if self.take_word(w) { Ok(()) } else { Err(self.expected(&format!("`{w}`"))) }
    }
    /// Takes any word.
    pub(super) fn word(&mut self, what: &str) -> Result<&'a str, ParseError> {
        let Some(Token::Word(w)) = self.peek() else { return Err(self.expected(what)) };
        let w = *w;
        self.next += 1;
        Ok(w)
    }
    /// Takes any number, as text.
    pub(super) fn number(&mut self, what: &str) -> Result<&'a str, ParseError> {
        let Some(Token::Number(n)) = self.peek() else { return Err(self.expected(what)) };
        let n = *n;
        self.next += 1;
        Ok(n)
    }
    /// Takes a decimal integer.
    pub(super) fn integer<T: std::str::FromStr>(&mut self, what: &str) -> Result<T, ParseError> {
        let n = self.number(what)?;
        n.parse().map_err(|_| self.error(format!("`{n}` is no {what}")))
    }
    /// Takes a string.
    pub(super) fn string(&mut self, what: &str) -> Result<String, ParseError> {
        let Some(Token::String(s)) = self.peek() else { return Err(self.expected(what)) };
        let s = s.clone();
        self.next += 1;
        Ok(s)
    }
    /// Takes a word that is `prefix` and a number.
    pub(super) fn index(&mut self, prefix: &str, what: &str) -> Result<u32, ParseError> {
        match self.peek() {
            Some(Token::Word(w)) => match index_of(w, prefix) {
                Some(i) => {
                    self.next += 1;
                    Ok(i)
                }
                None => Err(self.expected(what)),
            },
            _ => Err(self.expected(what)),
        }
    }
    /// Is a word that is `prefix` and a number next?
    pub(super) fn at_index(&self, prefix: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(w)) if index_of(w, prefix).is_some())
    }
    /// Must be at the end.
    pub(super) fn end(&self) -> Result<(), ParseError> {
        if self.next == self.tokens.len() { Ok(()) } else { Err(self.expected("the end of the line")) }
    }
    /// Items separated by commas up to the sign `close`, which is taken.
    pub(super) fn items(
        &mut self,
        close: char,
        mut item: impl FnMut(&mut Line<'a>) -> Result<(), ParseError>,
    ) -> Result<(), ParseError> {
        if self.take_sign(close) {
            return Ok(());
        }
        loop {
            item(self)?;
            if self.take_sign(close) {
                return Ok(());
            }
            self.sign(',')?;
        }
    }
}

fn in_number(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '.'
}

/// Length of the longest prefix of characters that `f` accepts; exponents may have a sign.
fn prefix(text: &str, f: impl Fn(char) -> bool) -> usize {
    let bytes = text.as_bytes();
    let mut i = 0;
    while i < bytes.len() {
        let exponent_sign = bytes[i] == b'-'
            && i > 0
            && bytes[i - 1] == b'e'
            && bytes[0].is_ascii_digit()
            && !text.starts_with("0x")
            && bytes[..i - 1].iter().all(|b| b.is_ascii_digit() || *b == b'.');
        if !f(bytes[i] as char) && !exponent_sign {
            break;
        }
        i += 1;
    }
    i
}

/// The number of a word that is `prefix` and a decimal number without superfluous zeros.
pub(super) fn index_of(word: &str, prefix: &str) -> Option<u32> {
    let digits = word.strip_prefix(prefix)?;
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) || digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    digits.parse().ok()
}

/// Reads a string literal at the beginning of `text`: what it says and how long it is.
fn unescape(text: &str) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        match c {
            '"' => return Some((out, i + 1)),
            '\\' => match chars.next()?.1 {
                'n' => out.push('\n'),
                'u' => {
                    let mut code = 0u32;
                    for _ in 0..6 {
                        code = code << 4 | chars.next()?.1.to_digit(16)?;
                    }
                    out.push(char::from_u32(code)?);
                }
                c => out.push(c),
            },
            c => out.push(c),
        }
    }
    None
}

/// Writes a string literal that [`unescape`] reads.
pub(super) fn escape(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() => out.push_str(&format!("\\u{:06x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
}
