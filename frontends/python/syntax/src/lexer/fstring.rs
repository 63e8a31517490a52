//! The text of f-strings (PEP 701).
//!
//! An f-string is a token that starts it, then texts and replacement fields in turn, then a token that ends it. The
//! lexer is in text mode outside braces and in format specs; within braces it lexes normal code and only counts
//! brackets, to know which `:`, `!` and `}` belong to the field.

use super::{DebugText, Lexer, Token, TokenKind};
use crate::error::WarningKind;

/// Nesting of f-strings CPython's tokenizer allows (its stack holds the normal mode as well).
const MAX_FSTRINGS: usize = 149;
/// Nesting of replacement fields in format specs.
const MAX_FIELDS: i32 = 3;

/// An f-string under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct FString {
    pub(super) quote: u8,
    pub(super) triple: bool,
    raw: bool,
    /// The next character is text, not code.
    pub(super) in_text: bool,
    /// Brackets open within this f-string.
    pub(super) depth: i32,
    /// Value of `depth` outside the innermost field; -1 outside fields.
    pub(super) expression_depth: i32,
    /// A `=` was seen in the field.
    pub(super) debug: bool,
    start: usize,
    line_start: usize,
    lineno: u32,
    /// Where the expression of the last field starts.
    expression_start: usize,
    /// Where it ends, when that is known.
    expression_end: Option<usize>,
}

impl FString {
    pub(super) fn in_expression(&self) -> bool {
        self.expression_depth >= 0
    }
}

impl Lexer<'_> {
    /// The opening quote is under the cursor; `start` is at the prefix.
    pub(super) fn fstring_start(&mut self, quote: u8, raw: bool) -> Token {
        self.first_lineno = self.lineno;
        self.multi_line_start = self.line_start;
        let triple = self.peek_at(1) == quote && self.peek_at(2) == quote;
        self.cursor += if triple { 3 } else { 1 };
        if self.fstrings.len() >= MAX_FSTRINGS {
            return self.syntax_error("too many nested f-strings");
        }
        self.fstrings.push(FString {
            quote,
            triple,
            raw,
            in_text: true,
            depth: 0,
            expression_depth: -1,
            debug: false,
            start: self.start,
            line_start: self.line_start,
            lineno: self.lineno,
            expression_start: 0,
            expression_end: None,
        });
        self.token(TokenKind::FStringStart)
    }

    /// `:`, `}`, `!` or `{` in the code of a replacement field.
    pub(super) fn fstring_punctuation(&mut self, byte: u8) -> Option<Token> {
        let (start, cursor) = (self.start, self.cursor);
        let fstring = self.fstrings.last_mut()?;
        if !fstring.in_expression() {
            return None;
        }
        let depth = fstring.depth - i32::from(byte != b'{');
        if depth == 0 {
            if byte == b'{' {
                fstring.expression_start = cursor + 1;
                fstring.expression_end = None;
            } else {
                let end = *fstring.expression_end.get_or_insert(start);
                if fstring.debug {
                    let text = DebugText {
                        token_start: start as u32,
                        start: fstring.expression_start as u32,
                        end: end as u32,
                    };
                    self.debug_texts.push(text);
                }
            }
        }
        if byte == b':' && depth == fstring.expression_depth {
            fstring.in_text = true;
            self.cursor += 1;
            return Some(self.token(TokenKind::Colon));
        }
        None
    }

    /// The next token of an f-string whose text is under the cursor.
    pub(super) fn fstring_text(&mut self) -> Token {
        let Some(&FString { quote, triple, raw, .. }) = self.fstrings.last() else { return self.normal() };
        self.begin_line(false);
        self.start = self.cursor;
        self.first_lineno = self.lineno;
        if self.peek() == b'{' && self.peek_at(1) != b'{' {
            return self.enter_field();
        }
        if self.peek() == quote && (!triple || (self.peek_at(1) == quote && self.peek_at(2) == quote)) {
            self.cursor += if triple { 3 } else { 1 };
            self.fstrings.pop();
            return self.token(TokenKind::FStringEnd);
        }
        self.multi_line_start = self.line_start;
        let mut named_escape = false;
        let mut closing = 0;
        loop {
            let byte = self.peek();
            // Text within a field is its format spec, also behind fields nested in that.
            let spec = self.fstrings.last().is_some_and(FString::in_expression);
            let at_end = byte == 0 && self.cursor >= self.end();
            if at_end || (byte == b'\n' && !triple) {
                if spec && byte == b'\n' {
                    self.leave_text();
                    return self.text_token(self.cursor);
                }
                return self.unterminated_fstring(triple, at_end);
            }
            if byte == quote {
                self.cursor += 1;
                closing += 1;
                if !triple || closing == 3 {
                    self.cursor -= closing;
                    return self.text_token(self.cursor);
                }
                continue;
            }
            closing = 0;
            match byte {
                b'{' => {
                    if self.peek_at(1) != b'{' || spec {
                        if let Some(token) = self.field_begins() {
                            return token;
                        }
                        return self.text_token(self.cursor);
                    }
                    self.cursor += 2;
                    return self.text_token(self.cursor - 1);
                }
                b'}' => {
                    if named_escape {
                        self.cursor += 1;
                        return self.text_token(self.cursor);
                    }
                    let depth = self.fstrings.last().map_or(0, |f| f.depth);
                    if self.peek_at(1) == b'}' && !spec && depth == 0 {
                        self.cursor += 2;
                        return self.text_token(self.cursor - 1);
                    }
                    self.leave_text();
                    return self.text_token(self.cursor);
                }
                b'\\' => {
                    self.cursor += 1;
                    match self.peek() {
                        brace @ (b'{' | b'}') => {
                            if !raw {
                                let message = format!("invalid escape sequence '\\{}'", char::from(brace));
                                self.warn(WarningKind::Syntax, message);
                            }
                        }
                        b'N' if !raw => {
                            self.cursor += 1;
                            if self.peek() == b'{' {
                                self.cursor += 1;
                                named_escape = true;
                            }
                        }
                        b'\n' => self.newline_in_token(),
                        0 if self.cursor >= self.end() => {}
                        _ => self.cursor += 1,
                    }
                }
                b'\n' => self.newline_in_token(),
                _ => self.cursor += 1,
            }
        }
    }

    /// `{` under the cursor begins a field and nothing stands before it.
    fn enter_field(&mut self) -> Token {
        if let Some(token) = self.field_begins() {
            return token;
        }
        self.normal()
    }

    /// Switches to code at a `{`; a token if that fails.
    fn field_begins(&mut self) -> Option<Token> {
        let cursor = self.cursor;
        if let Some(fstring) = self.fstrings.last_mut() {
            fstring.expression_depth += 1;
            fstring.in_text = false;
            fstring.expression_start = cursor + 1;
            fstring.expression_end = None;
            if fstring.expression_depth >= MAX_FIELDS {
                return Some(self.syntax_error("f-string: expressions nested too deeply"));
            }
        }
        None
    }

    /// Switches back to code at the end of a format spec, or at a lone `}`.
    fn leave_text(&mut self) {
        if let Some(fstring) = self.fstrings.last_mut() {
            fstring.in_text = false;
        }
    }

    fn text_token(&self, end: usize) -> Token {
        Token {
            kind: TokenKind::FStringMiddle,
            level: self.brackets.len() as u8,
            start: self.start as u32,
            end: end as u32,
            lineno: self.first_lineno,
            col: (self.start - self.multi_line_start) as u32,
            end_lineno: self.lineno,
            // Of `{{` both characters count here.
            end_col: (self.cursor - self.line_start) as u32,
        }
    }

    #[cold]
    fn unterminated_fstring(&mut self, triple: bool, at_end: bool) -> Token {
        let found = self.lineno;
        if let Some(fstring) = self.fstrings.last().copied() {
            self.cursor = fstring.start + 1;
            self.line_start = fstring.line_start;
            self.lineno = fstring.lineno;
        }
        let quotes = if triple { "triple-quoted " } else { "" };
        let token = self.syntax_error(format!("unterminated {quotes}f-string literal (detected at line {found})"));
        self.at_end = at_end && triple;
        token
    }
}
