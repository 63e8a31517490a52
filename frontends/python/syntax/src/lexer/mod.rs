//! The lexer: bytes to tokens, indentation included.
//!
//! It works on decoded source (see `source`): UTF-8 as far as anyone has checked, lines ended by `\n`, no NUL bytes,
//! one NUL as sentinel behind the end. It allocates nothing per token. f-strings are lexed as PEP 701 says: a stack of
//! modes says in which f-string, and on which side of a brace, the next character stands.
//!
//! The state after each token is part of the contract: error messages of CPython's parser look at where its
//! tokenizer stands (`cursor`, `line_start`, `buffer`), so those fields follow the original's bookkeeping, also where
//! it is odd: the line number stays that of the last line at the end of the source, and `buffer` moves to the
//! beginning of a line only when no token is under way.

mod fstring;
pub mod listing;
mod number;
mod string;
mod token;

use crate::error::{Warning, WarningKind};
use crate::unicode;
use fstring::FString;
use token::keyword;
pub(crate) use token::{NO_COLUMN, Token, TokenKind};

/// Nesting of brackets CPython's tokenizer allows.
const MAX_LEVEL: usize = 200;
/// Levels of indentation CPython's tokenizer allows.
const MAX_INDENT: usize = 100;
const TAB_SIZE: u32 = 8;

/// Why a token could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LexError {
    /// A SyntaxError with its own message; columns in characters from 1.
    Syntax { message: String, lineno: u32, offset: i64, end_offset: i64, line: std::ops::Range<usize> },
    /// Tabs and spaces mixed so that the meaning depends on the size of a tab.
    Tab,
    /// Too many levels of indentation.
    TooDeep,
    /// A dedent to no outer level.
    Dedent,
    /// Something follows a backslash.
    Continuation,
    /// The source ends too early.
    EndOfFile,
    /// Bytes that are no UTF-8; the message of the codec.
    Decode(String),
}

/// An open bracket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bracket {
    pub(crate) byte: u8,
    pub(crate) lineno: u32,
    pub(crate) col: u32,
}

/// The text of a self-documenting expression (`f"{x = }"`), found at the token that ends the expression.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DebugText {
    /// Offset of the token that ends it: `!`, `:` or `}`.
    pub(crate) token_start: u32,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// See the module.
#[derive(Clone)]
pub(crate) struct Lexer<'s> {
    /// The source with one NUL behind it.
    source: &'s [u8],
    /// Where the next character stands.
    pub(crate) cursor: usize,
    /// Where the last line that was begun starts.
    pub(crate) line_start: usize,
    /// Where the part of the source starts that CPython would hold in its buffer.
    pub(crate) buffer: usize,
    pub(crate) lineno: u32,
    /// A newline was consumed, and the line behind it not begun.
    line_pending: bool,
    at_line_start: bool,
    /// INDENTs (positive) or DEDENTs (negative) to hand out.
    pending_indents: i32,
    /// Columns of the open blocks with tabs to multiples of 8, and with tabs as one.
    indents: Vec<(u32, u32)>,
    pub(crate) brackets: Vec<Bracket>,
    /// May brackets close what was not opened, or as another kind?
    pub(crate) any_brackets: bool,
    /// Are comments about types tokens?
    pub(crate) type_comments: bool,
    /// Start of the token under way.
    start: usize,
    first_lineno: u32,
    multi_line_start: usize,
    fstrings: Vec<FString>,
    pub(crate) debug_texts: Vec<DebugText>,
    pub(crate) error: Option<LexError>,
    /// The end of the source was reached, and not by an error of another kind.
    pub(crate) at_end: bool,
    pub(crate) warnings: Vec<Warning>,
}

const START: u8 = 1;
const CONTINUE: u8 = 2;
const DIGIT: u8 = 4;

/// Classes of bytes: may begin an identifier, may continue one, decimal digit.
static CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        if b.is_ascii_alphabetic() || b == b'_' || b >= 128 {
            table[byte] = START | CONTINUE;
        } else if b.is_ascii_digit() {
            table[byte] = CONTINUE | DIGIT;
        }
        byte += 1;
    }
    table
};

fn is_identifier_byte(byte: u8) -> bool {
    CLASS[byte as usize] & CONTINUE != 0
}

impl<'s> Lexer<'s> {
    /// `source` must end with one NUL and contain no other.
    pub(crate) fn new(source: &'s [u8]) -> Self {
        Lexer {
            source,
            cursor: 0,
            line_start: 0,
            buffer: 0,
            lineno: 0,
            line_pending: true,
            at_line_start: true,
            pending_indents: 0,
            indents: vec![(0, 0)],
            brackets: Vec::new(),
            any_brackets: false,
            type_comments: false,
            start: 0,
            first_lineno: 0,
            multi_line_start: 0,
            fstrings: Vec::new(),
            debug_texts: Vec::new(),
            error: None,
            at_end: false,
            warnings: Vec::new(),
        }
    }

    /// The byte under the cursor, 0 at the end.
    #[inline(always)]
    fn peek(&self) -> u8 {
        self.source.get(self.cursor).copied().unwrap_or(0)
    }

    #[inline(always)]
    fn peek_at(&self, distance: usize) -> u8 {
        self.source.get(self.cursor + distance).copied().unwrap_or(0)
    }

    /// Length of the source without the sentinel.
    fn end(&self) -> usize {
        self.source.len() - 1
    }

    /// Begins the line behind a consumed newline, unless the source ends there. `between_tokens`: no token is under
    /// way.
    #[inline]
    fn begin_line(&mut self, between_tokens: bool) {
        if self.line_pending && self.cursor < self.end() {
            self.line_pending = false;
            self.lineno += 1;
            self.line_start = self.cursor;
            if between_tokens {
                self.buffer = self.cursor;
            }
        }
    }

    /// Consumes a newline within a token.
    fn newline_in_token(&mut self) {
        self.cursor += 1;
        self.line_pending = true;
        self.begin_line(false);
    }

    /// End of the current line: behind its newline.
    pub(crate) fn line_end(&self) -> usize {
        let rest = &self.source[self.line_start.min(self.end())..self.end()];
        match rest.iter().position(|&byte| byte == b'\n') {
            Some(length) => self.line_start + length + 1,
            None => self.end(),
        }
    }

    #[inline(always)]
    fn token(&self, kind: TokenKind) -> Token {
        Token {
            kind,
            level: self.brackets.len() as u8,
            start: self.start as u32,
            end: self.cursor as u32,
            lineno: self.lineno,
            col: (self.start - self.line_start) as u32,
            end_lineno: self.lineno,
            end_col: (self.cursor - self.line_start) as u32,
        }
    }

    /// Whether the cursor is within an f-string.
    pub(crate) fn in_fstring(&self) -> bool {
        !self.fstrings.is_empty()
    }

    /// Makes the next tokens the DEDENTs of all open blocks.
    pub(crate) fn end_blocks(&mut self) {
        // At most MAX_INDENT blocks are open.
        self.pending_indents = 1 - self.indents.len() as i32;
        self.indents.truncate(1);
    }

    /// A token without a place.
    fn bare_token(&self, kind: TokenKind) -> Token {
        let at = self.cursor as u32;
        Token {
            kind,
            level: self.brackets.len() as u8,
            start: at,
            end: at,
            lineno: self.lineno,
            col: NO_COLUMN,
            end_lineno: self.lineno,
            end_col: NO_COLUMN,
        }
    }

    #[cold]
    fn fail(&mut self, error: LexError) -> Token {
        self.error = Some(error);
        self.bare_token(TokenKind::Error)
    }

    /// A SyntaxError that points at the last consumed character.
    #[cold]
    fn syntax_error(&mut self, message: impl Into<String>) -> Token {
        let line_start = self.line_start.min(self.cursor);
        let offset = count_characters(&self.source[line_start..self.cursor]);
        self.syntax_error_range(message.into(), offset as i64, offset as i64)
    }

    #[cold]
    fn syntax_error_range(&mut self, message: String, offset: i64, end_offset: i64) -> Token {
        let rest = &self.source[self.line_start..self.end()];
        let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
        let line = self.line_start..self.line_start + length;
        self.at_end = false;
        self.fail(LexError::Syntax { message, lineno: self.lineno, offset, end_offset, line })
    }

    fn warn(&mut self, kind: WarningKind, message: String) {
        let offset = count_characters(&self.source[self.line_start.min(self.cursor)..self.cursor]) as u32;
        let (lineno, end_lineno) = (self.lineno, self.lineno);
        self.warnings.push(Warning { kind, message, lineno, offset, end_lineno, end_offset: offset });
    }

    /// The next token. After an [`TokenKind::Error`] the lexer must not be asked again; after an ENDMARKER it gives
    /// further ones.
    #[inline]
    pub(crate) fn next_token(&mut self) -> Token {
        match self.fstrings.last() {
            Some(fstring) if fstring.in_text => self.fstring_text(),
            _ => self.normal(),
        }
    }

    fn normal(&mut self) -> Token {
        loop {
            let mut blank_line = false;
            if self.at_line_start {
                self.at_line_start = false;
                self.begin_line(true);
                match self.indentation() {
                    Ok(blank) => blank_line = blank,
                    Err(token) => return token,
                }
            }
            self.start = self.cursor;
            if self.pending_indents != 0 {
                return if self.pending_indents < 0 {
                    self.pending_indents += 1;
                    self.bare_token(TokenKind::Dedent)
                } else {
                    self.pending_indents -= 1;
                    self.bare_token(TokenKind::Indent)
                };
            }
            if let Some(token) = self.after_indentation(blank_line) {
                // Whether CPython's tokenizer has looked beyond the last character: it does for all but these.
                use TokenKind::{Error, FStringStart, Newline, String};
                if self.cursor >= self.end() && !matches!(token.kind, Error | FStringStart | Newline | String) {
                    self.at_end = true;
                }
                return token;
            }
        }
    }

    /// Measures the indentation of a line; says whether the line is blank.
    fn indentation(&mut self) -> Result<bool, Token> {
        let (mut col, mut alternative, mut continued) = (0u32, 0u32, 0u32);
        loop {
            match self.peek() {
                b' ' => {
                    col += 1;
                    alternative += 1;
                }
                b'\t' => {
                    col = (col / TAB_SIZE + 1) * TAB_SIZE;
                    alternative += 1;
                }
                b'\x0c' => (col, alternative) = (0, 0),
                b'\\' => {
                    // The first backslash decides: an indentation is not split over lines.
                    if continued == 0 {
                        continued = col;
                    }
                    self.cursor += 1;
                    self.continuation(true)?;
                    continue;
                }
                _ => break,
            }
            self.cursor += 1;
        }
        if matches!(self.peek(), b'#' | b'\n') {
            return Ok(true);
        }
        self.at_end |= self.cursor >= self.end();
        if self.brackets.is_empty() {
            if continued != 0 {
                (col, alternative) = (continued, continued);
            }
            let &(top, alternative_top) = self.indents.last().unwrap_or(&(0, 0));
            if col == top {
                if alternative != alternative_top {
                    return Err(self.fail_line(LexError::Tab));
                }
            } else if col > top {
                if self.indents.len() >= MAX_INDENT {
                    return Err(self.fail_line(LexError::TooDeep));
                }
                if alternative <= alternative_top {
                    return Err(self.fail_line(LexError::Tab));
                }
                self.pending_indents += 1;
                self.indents.push((col, alternative));
            } else {
                while self.indents.len() > 1 && self.indents.last().is_some_and(|&(outer, _)| col < outer) {
                    self.indents.pop();
                    self.pending_indents -= 1;
                }
                let &(outer, alternative_outer) = self.indents.last().unwrap_or(&(0, 0));
                if col != outer {
                    return Err(self.fail_line(LexError::Dedent));
                }
                if alternative != alternative_outer {
                    return Err(self.fail_line(LexError::Tab));
                }
            }
        }
        Ok(false)
    }

    #[cold]
    fn fail_line(&mut self, error: LexError) -> Token {
        self.cursor = self.line_end();
        self.fail(error)
    }

    /// Reads the newline behind a backslash.
    fn continuation(&mut self, between_tokens: bool) -> Result<(), Token> {
        if self.peek() != b'\n' {
            if self.cursor < self.end() {
                // Where CPython's tokenizer stands: behind the offending character.
                self.cursor += 1;
            }
            return Err(self.fail(LexError::Continuation));
        }
        self.cursor += 1;
        self.line_pending = true;
        if self.cursor >= self.end() {
            self.at_end = true;
            return Err(self.fail(LexError::EndOfFile));
        }
        self.begin_line(between_tokens);
        Ok(())
    }

    /// One token of normal code; `None` when a line without tokens is over.
    #[inline]
    fn after_indentation(&mut self, blank_line: bool) -> Option<Token> {
        loop {
            while matches!(self.peek(), b' ' | b'\t' | b'\x0c') {
                self.cursor += 1;
            }
            self.start = self.cursor;
            let mut byte = self.peek();
            if byte == b'#' {
                let rest = &self.source[self.cursor..];
                self.cursor += rest.iter().position(|&b| b == b'\n' || b == 0).unwrap_or(0);
                if self.type_comments
                    && let Some(token) = self.type_comment(blank_line)
                {
                    return Some(token);
                }
                byte = self.peek();
            }
            let class = CLASS[byte as usize];
            if class & START != 0 {
                return Some(self.identifier_or_string(byte));
            }
            if class & DIGIT != 0 {
                return Some(self.number());
            }
            match byte {
                b'\n' => {
                    let ignore = blank_line || !self.brackets.is_empty();
                    self.at_line_start = true;
                    self.cursor += 1;
                    self.line_pending = true;
                    if ignore {
                        return None;
                    }
                    // A comment before the newline is part of its place, as CPython has it.
                    return Some(self.token(TokenKind::Newline));
                }
                0 if self.cursor >= self.end() => {
                    self.at_end = true;
                    if !self.brackets.is_empty() {
                        return Some(self.fail(LexError::EndOfFile));
                    }
                    return Some(self.bare_token(TokenKind::EndMarker));
                }
                b'.' => {
                    if self.peek_at(1).is_ascii_digit() {
                        return Some(self.number());
                    }
                    if self.peek_at(1) == b'.' && self.peek_at(2) == b'.' {
                        self.cursor += 3;
                        return Some(self.token(TokenKind::Ellipsis));
                    }
                    self.cursor += 1;
                    return Some(self.token(TokenKind::Dot));
                }
                b'\'' | b'"' => return Some(self.string(byte)),
                b'\\' => {
                    self.cursor += 1;
                    if let Err(token) = self.continuation(false) {
                        return Some(token);
                    }
                }
                _ => return Some(self.operator(byte)),
            }
        }
    }

    /// The comment from the token's start to the cursor, if it is about types.
    #[cold]
    fn type_comment(&mut self, blank_line: bool) -> Option<Token> {
        let blanks = |text: &[u8]| text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let behind = |text: &'s [u8], word: &[u8]| Some(text.strip_prefix(word)?).map(|rest| &rest[blanks(rest)..]);
        let comment = &self.source[self.start..self.cursor];
        let text = behind(behind(comment, b"#")?, b"type:")?;
        let tag = text.strip_prefix(b"ignore");
        let Some(tag) = tag.filter(|tag| tag.first().is_none_or(|b| b.is_ascii() && !b.is_ascii_alphanumeric())) else {
            self.start = self.cursor - text.len();
            return Some(self.token(TokenKind::TypeComment));
        };
        self.start = self.cursor - tag.len();
        // One with a line to itself takes the line's end with it.
        if blank_line && self.peek() == b'\n' {
            self.at_line_start = true;
            self.cursor += 1;
            self.line_pending = true;
        }
        Some(self.token(TokenKind::TypeIgnore))
    }

    #[inline]
    fn identifier_or_string(&mut self, first: u8) -> Token {
        // The letters of a string prefix: b, r, u, f in either case, rb and br, rf and fr.
        let prefix = match first | 0x20 {
            b'u' => usize::from(matches!(self.peek_at(1), b'\'' | b'"')),
            b'b' | b'f' | b'r' => {
                let second = self.peek_at(1);
                if matches!(second, b'\'' | b'"') {
                    1
                } else {
                    let pair = match second | 0x20 {
                        b'r' => first | 0x20 != b'r',
                        b'b' | b'f' => first | 0x20 == b'r',
                        _ => false,
                    };
                    if pair && matches!(self.peek_at(2), b'\'' | b'"') { 2 } else { 0 }
                }
            }
            _ => 0,
        };
        if prefix > 0 && first < 128 {
            let letters = &self.source[self.start..self.start + prefix];
            let formatted = letters.iter().any(|letter| letter | 0x20 == b'f');
            let raw = letters.iter().any(|letter| letter | 0x20 == b'r');
            self.cursor += prefix;
            let quote = self.peek();
            return if formatted { self.fstring_start(quote, raw) } else { self.string(quote) };
        }
        let mut all = 0;
        let mut length = 0;
        for &byte in &self.source[self.start..] {
            if !is_identifier_byte(byte) {
                break;
            }
            all |= byte;
            length += 1;
        }
        self.cursor = self.start + length;
        if all >= 128 {
            if let Err(token) = self.verify_identifier() {
                return token;
            }
            return self.token(TokenKind::Name);
        }
        let kind = if (2..=8).contains(&length) {
            keyword(&self.source[self.start..self.cursor]).unwrap_or(TokenKind::Name)
        } else {
            TokenKind::Name
        };
        self.token(kind)
    }

    /// Checks a non-ASCII identifier against PEP 3131.
    #[cold]
    fn verify_identifier(&mut self) -> Result<(), Token> {
        let bytes = &self.source[self.start..self.cursor];
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let message = crate::source::utf8_error(bytes, error.valid_up_to());
                return Err(self.fail(LexError::Decode(message)));
            }
        };
        let mut characters = text.char_indices();
        let bad = match characters.next() {
            Some((_, first)) if first != '_' && !unicode::is_xid_start(first) => Some((0, first)),
            _ => characters.find(|&(_, c)| !unicode::is_xid_continue(c)),
        };
        let Some((offset, bad)) = bad else { return Ok(()) };
        self.cursor = self.start + offset + bad.len_utf8();
        let message = if unicode::is_printable(u32::from(bad)) {
            format!("invalid character '{bad}' (U+{:04X})", u32::from(bad))
        } else {
            format!("invalid non-printable character U+{:04X}", u32::from(bad))
        };
        Err(self.syntax_error(message))
    }

    #[inline]
    fn operator(&mut self, byte: u8) -> Token {
        use TokenKind::*;
        if !self.fstrings.is_empty()
            && matches!(byte, b':' | b'}' | b'!' | b'{')
            && let Some(token) = self.fstring_punctuation(byte)
        {
            return token;
        }
        let (second, third) = (self.peek_at(1), self.peek_at(2));
        let (kind, length) = match (byte, second) {
            (b'=', b'=') => (EqualEqual, 2),
            (b'!', b'=') => (NotEqual, 2),
            (b'<', b'=') => (LessEqual, 2),
            (b'<', b'>') => (NotEqual, 2),
            (b'<', b'<') => {
                if third == b'=' {
                    (LeftShiftEqual, 3)
                } else {
                    (LeftShift, 2)
                }
            }
            (b'>', b'=') => (GreaterEqual, 2),
            (b'>', b'>') => {
                if third == b'=' {
                    (RightShiftEqual, 3)
                } else {
                    (RightShift, 2)
                }
            }
            (b'*', b'*') => {
                if third == b'=' {
                    (DoubleStarEqual, 3)
                } else {
                    (DoubleStar, 2)
                }
            }
            (b'/', b'/') => {
                if third == b'=' {
                    (DoubleSlashEqual, 3)
                } else {
                    (DoubleSlash, 2)
                }
            }
            (b'+', b'=') => (PlusEqual, 2),
            (b'-', b'=') => (MinusEqual, 2),
            (b'-', b'>') => (Arrow, 2),
            (b'*', b'=') => (StarEqual, 2),
            (b'/', b'=') => (SlashEqual, 2),
            (b'%', b'=') => (PercentEqual, 2),
            (b'&', b'=') => (AmpersandEqual, 2),
            (b'|', b'=') => (BarEqual, 2),
            (b'^', b'=') => (CaretEqual, 2),
            (b'@', b'=') => (AtEqual, 2),
            (b':', b'=') => (ColonEqual, 2),
            _ => {
                let kind = match byte {
                    b'(' => LeftParen,
                    b')' => RightParen,
                    b'[' => LeftBracket,
                    b']' => RightBracket,
                    b'{' => LeftBrace,
                    b'}' => RightBrace,
                    b':' => Colon,
                    b',' => Comma,
                    b';' => Semicolon,
                    b'+' => Plus,
                    b'-' => Minus,
                    b'*' => Star,
                    b'/' => Slash,
                    b'|' => Bar,
                    b'&' => Ampersand,
                    b'<' => Less,
                    b'>' => Greater,
                    b'=' => Equal,
                    b'%' => Percent,
                    b'~' => Tilde,
                    b'^' => Caret,
                    b'@' => At,
                    b'!' => Exclamation,
                    _ => Other,
                };
                (kind, 1)
            }
        };
        self.cursor += length;
        match kind {
            LeftParen | LeftBracket | LeftBrace => {
                if self.brackets.len() >= MAX_LEVEL {
                    return self.syntax_error("too many nested parentheses");
                }
                let col = (self.start - self.line_start) as u32;
                self.brackets.push(Bracket { byte, lineno: self.lineno, col });
                if let Some(fstring) = self.fstrings.last_mut() {
                    fstring.depth += 1;
                }
            }
            RightParen | RightBracket | RightBrace => {
                if let Err(token) = self.close_bracket(byte) {
                    return token;
                }
            }
            Equal => {
                if let Some(fstring) = self.fstrings.last_mut()
                    && fstring.in_expression()
                {
                    fstring.debug = true;
                }
            }
            Other if !(b' '..=b'~').contains(&byte) => {
                return self.syntax_error(format!("invalid non-printable character U+{byte:04X}"));
            }
            _ => {}
        }
        self.token(kind)
    }

    #[inline]
    fn close_bracket(&mut self, byte: u8) -> Result<(), Token> {
        let close = char::from(byte);
        if byte == b'}' && self.fstrings.last().is_some_and(|fstring| fstring.depth == 0) {
            return Err(self.syntax_error("f-string: single '}' is not allowed"));
        }
        let open = self.brackets.pop();
        if open.is_none() && !self.any_brackets {
            return Err(self.syntax_error(format!("unmatched '{close}'")));
        }
        if let Some(open) = open.filter(|_| !self.any_brackets)
            && !matches!((open.byte, byte), (b'(', b')') | (b'[', b']') | (b'{', b'}'))
        {
            if open.byte == b'{' && self.fstrings.last().is_some_and(|f| f.depth - 1 == f.expression_depth) {
                return Err(self.syntax_error(format!("f-string: unmatched '{close}'")));
            }
            let opening = char::from(open.byte);
            let mut message = format!("closing parenthesis '{close}' does not match opening parenthesis '{opening}'");
            if open.lineno != self.lineno {
                message.push_str(&format!(" on line {}", open.lineno));
            }
            return Err(self.syntax_error(message));
        }
        if let Some(fstring) = self.fstrings.last_mut() {
            fstring.depth -= 1;
            if fstring.depth < 0 && !self.any_brackets {
                return Err(self.syntax_error(format!("f-string: unmatched '{close}'")));
            }
            if byte == b'}' && fstring.depth == fstring.expression_depth {
                fstring.expression_depth -= 1;
                fstring.in_text = true;
                fstring.debug = false;
            }
        }
        Ok(())
    }
}

/// Characters of UTF-8 that may be wrong: each maximal wrong sequence counts one, as decoding with replacement does.
pub(crate) fn count_characters(bytes: &[u8]) -> usize {
    if bytes.is_ascii() {
        return bytes.len();
    }
    String::from_utf8_lossy(bytes).chars().count()
}
