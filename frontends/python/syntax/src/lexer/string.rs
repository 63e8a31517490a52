//! String and bytes literals: finding their end. Escapes are the parser's business.

use super::{Lexer, Token, TokenKind};

impl Lexer<'_> {
    /// A literal whose opening quote is under the cursor; `start` is at its prefix.
    pub(super) fn string(&mut self, quote: u8) -> Token {
        self.first_lineno = self.lineno;
        self.multi_line_start = self.line_start;
        self.cursor += 1;
        let mut triple = false;
        if self.peek() == quote {
            if self.peek_at(1) == quote {
                triple = true;
                self.cursor += 2;
            } else {
                self.cursor += 1;
                return self.string_token();
            }
        }
        let mut closing = 0;
        loop {
            let byte = self.peek();
            if byte == quote {
                self.cursor += 1;
                closing += 1;
                if !triple || closing == 3 {
                    return self.string_token();
                }
                continue;
            }
            closing = 0;
            match byte {
                b'\\' => {
                    self.cursor += 1;
                    match self.peek() {
                        b'\n' => self.newline_in_token(),
                        0 if self.cursor >= self.end() => {}
                        _ => self.cursor += 1,
                    }
                }
                b'\n' if triple => self.newline_in_token(),
                b'\n' => return self.unterminated(quote, false),
                0 if self.cursor >= self.end() => return self.unterminated(quote, triple),
                _ => self.cursor += 1,
            }
        }
    }

    /// The token of a literal, which may begin lines before the current one.
    fn string_token(&self) -> Token {
        Token {
            kind: TokenKind::String,
            level: self.brackets.len() as u8,
            start: self.start as u32,
            end: self.cursor as u32,
            lineno: self.first_lineno,
            col: (self.start - self.multi_line_start) as u32,
            end_lineno: self.lineno,
            end_col: (self.cursor - self.line_start) as u32,
        }
    }

    #[cold]
    fn unterminated(&mut self, quote: u8, triple: bool) -> Token {
        let found = self.lineno;
        let at_end = self.cursor >= self.end();
        self.cursor = self.start + 1;
        self.line_start = self.multi_line_start;
        self.lineno = self.first_lineno;
        if let Some(fstring) = self.fstrings.last()
            && fstring.quote == quote
            && fstring.triple == triple
        {
            return self.syntax_error("f-string: expecting '}'");
        }
        let message = if triple {
            format!("unterminated triple-quoted string literal (detected at line {found})")
        } else {
            format!("unterminated string literal (detected at line {found})")
        };
        let token = self.syntax_error(message);
        self.at_end = at_end;
        token
    }
}
