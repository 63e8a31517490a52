//! Number literals. Their values are the parser's business.

use super::{Lexer, Token, TokenKind, is_identifier_byte};
use crate::error::WarningKind;

impl Lexer<'_> {
    /// A literal whose first digit or point is under the cursor.
    pub(super) fn number(&mut self) -> Token {
        match self.scan_number() {
            Ok(()) => self.token(TokenKind::Number),
            Err(token) => token,
        }
    }

    fn scan_number(&mut self) -> Result<(), Token> {
        if self.peek() == b'.' {
            self.cursor += 1;
            return self.fraction();
        }
        if self.peek() == b'0' {
            match self.peek_at(1) {
                b'x' | b'X' => return self.prefixed(16, "hexadecimal"),
                b'o' | b'O' => return self.prefixed(8, "octal"),
                b'b' | b'B' => return self.prefixed(2, "binary"),
                _ => return self.leading_zero(),
            }
        }
        self.decimal_tail()?;
        self.after_integer()
    }

    fn after_integer(&mut self) -> Result<(), Token> {
        if self.peek() == b'.' {
            self.cursor += 1;
            return self.fraction();
        }
        self.exponent()
    }

    /// What may follow the point.
    fn fraction(&mut self) -> Result<(), Token> {
        if self.peek().is_ascii_digit() {
            self.decimal_tail()?;
        }
        self.exponent()
    }

    fn exponent(&mut self) -> Result<(), Token> {
        if matches!(self.peek(), b'e' | b'E') {
            match self.peek_at(1) {
                b'+' | b'-' => {
                    self.cursor += 2;
                    if !self.peek().is_ascii_digit() {
                        return Err(self.syntax_error("invalid decimal literal"));
                    }
                    self.decimal_tail()?;
                }
                digit if digit.is_ascii_digit() => {
                    self.cursor += 1;
                    self.decimal_tail()?;
                }
                // `1else` and the like: the letter belongs to the next token.
                _ => return self.end_of_number("decimal"),
            }
        }
        self.imaginary()
    }

    fn imaginary(&mut self) -> Result<(), Token> {
        if matches!(self.peek(), b'j' | b'J') {
            self.cursor += 1;
            return self.end_of_number("imaginary");
        }
        self.end_of_number("decimal")
    }

    /// Digits, with single underscores between them. A digit is under the cursor.
    fn decimal_tail(&mut self) -> Result<(), Token> {
        loop {
            while self.peek().is_ascii_digit() {
                self.cursor += 1;
            }
            if self.peek() != b'_' {
                return Ok(());
            }
            self.cursor += 1;
            if !self.peek().is_ascii_digit() {
                return Err(self.syntax_error("invalid decimal literal"));
            }
        }
    }

    fn prefixed(&mut self, radix: u32, kind: &str) -> Result<(), Token> {
        self.cursor += 2;
        loop {
            if self.peek() == b'_' {
                self.cursor += 1;
            }
            if !char::from(self.peek()).is_digit(radix) {
                if self.peek().is_ascii_digit() {
                    return Err(self.invalid_digit(kind));
                }
                return Err(self.syntax_error(format!("invalid {kind} literal")));
            }
            while char::from(self.peek()).is_digit(radix) {
                self.cursor += 1;
            }
            if self.peek() != b'_' {
                break;
            }
        }
        if self.peek().is_ascii_digit() {
            return Err(self.invalid_digit(kind));
        }
        self.end_of_number(kind)
    }

    #[cold]
    fn invalid_digit(&mut self, kind: &str) -> Token {
        let digit = char::from(self.peek());
        self.cursor += 1;
        self.syntax_error(format!("invalid digit '{digit}' in {kind} literal"))
    }

    /// `0`, `00`, `0_0`, `012.5`; other digits behind a zero need a fraction, an exponent or a `j`.
    fn leading_zero(&mut self) -> Result<(), Token> {
        self.cursor += 1;
        loop {
            if self.peek() == b'_' {
                self.cursor += 1;
                if !self.peek().is_ascii_digit() {
                    return Err(self.syntax_error("invalid decimal literal"));
                }
            }
            if self.peek() != b'0' {
                break;
            }
            self.cursor += 1;
        }
        // CPython's mark stands behind the character that ended the zeros.
        let zeros_end = self.cursor + 1;
        if self.peek().is_ascii_digit() {
            self.decimal_tail()?;
            if !matches!(self.peek(), b'.' | b'e' | b'E' | b'j' | b'J') {
                let offset = (self.start + 1 - self.line_start) as i64;
                let end_offset = (zeros_end - self.line_start) as i64;
                let message =
                    "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers";
                return Err(self.syntax_error_range(message.into(), offset, end_offset));
            }
        }
        self.after_integer()
    }

    /// Refuses a letter behind a literal; a keyword that may follow a number is only warned about.
    fn end_of_number(&mut self, kind: &str) -> Result<(), Token> {
        let byte = self.peek();
        if !is_identifier_byte(byte) || byte >= 128 {
            return Ok(());
        }
        let follows =
            |word: &[u8]| self.source[self.cursor..].starts_with(word) && !is_identifier_byte(self.peek_at(word.len()));
        let keyword = match byte {
            b'a' => follows(b"and"),
            b'e' => follows(b"else"),
            b'f' => follows(b"for"),
            b'i' => matches!(self.peek_at(1), b'f' | b'n' | b's'),
            b'o' => follows(b"or"),
            b'n' => follows(b"not"),
            _ => false,
        };
        if keyword {
            self.warn(WarningKind::Syntax, format!("invalid {kind} literal"));
            return Ok(());
        }
        Err(self.syntax_error(format!("invalid {kind} literal")))
    }
}
