//! Making errors: which place CPython gives them, in its terms.
//!
//! CPython has places as byte columns and turns them into character offsets by means of a line of text that it finds
//! in its tokenizer's buffer or in the source; see `error_line`.

use super::machine::Machine;
use crate::ast::Span;
use crate::error::{ErrorKind, SyntaxError};
use crate::lexer::{LexError, NO_COLUMN, Token, TokenKind, count_characters};

/// A byte column from 0, or where the lexer stands.
#[derive(Clone, Copy)]
pub(super) enum Column {
    /// As CPython stores it, 0-based; -1 where there is none.
    At(i64),
    Lexer,
}

fn column(col: u32) -> i64 {
    if col == NO_COLUMN { -1 } else { i64::from(col) }
}

impl Machine<'_> {
    /// Records the error unless there is one already. Columns count from 1 here; 0 and -1 stand for themselves.
    pub(super) fn raise_raw(
        &mut self,
        kind: ErrorKind,
        lineno: i64,
        offset: i64,
        end_lineno: i64,
        end_offset: i64,
        message: String,
    ) {
        let source = self.source;
        // What is no UTF-8 is replaced before anything is counted.
        let text = String::from_utf8_lossy(&source[self.error_line(lineno)]).into_owned();
        let line = text.as_bytes();
        let characters = |offset: i64| {
            let bytes = usize::try_from(offset).unwrap_or(0);
            if bytes > line.len() {
                return count_characters(line) as i64 + 1;
            }
            count_characters(&line[..bytes]) as i64
        };
        let (offset, end_offset) = if self.encoding_known {
            (characters(offset), if end_offset > 0 { characters(end_offset) } else { end_offset })
        } else {
            (offset, end_offset)
        };
        self.error.get_or_insert(SyntaxError {
            kind,
            message,
            lineno: Some(lineno),
            offset: Some(offset),
            end_lineno: Some(end_lineno),
            end_offset: Some(end_offset),
            text: Some(text),
        });
    }

    /// The text CPython takes for the line: what its buffer holds, if the tokenizer has not gone beyond the line;
    /// otherwise the line from the source.
    fn error_line(&self, lineno: i64) -> std::ops::Range<usize> {
        let end = self.source.len() - 1;
        let buffer = self.lexer.buffer.min(end);
        let line_end = self.lexer.line_end();
        if i64::from(self.lexer.lineno) <= lineno && line_end > buffer {
            return buffer..line_end;
        }
        let mut start = 0;
        for _ in 1..lineno {
            match self.source[start..end].iter().position(|&byte| byte == b'\n') {
                Some(length) => start += length + 1,
                None => break,
            }
        }
        let length = self.source[start..end].iter().position(|&byte| byte == b'\n').unwrap_or(end - start);
        start..start + length
    }

    /// An error from one place to another; columns from 0.
    pub(super) fn raise_between(
        &mut self,
        kind: ErrorKind,
        start: (u32, i64),
        end: (Option<u32>, Column),
        message: String,
    ) {
        let end_lineno = end.0.unwrap_or(self.lexer.lineno);
        let end_offset = match end.1 {
            Column::At(col) => col + 1,
            Column::Lexer => (self.lexer.cursor - self.lexer.line_start) as i64,
        };
        self.raise_raw(kind, i64::from(start.0), start.1 + 1, i64::from(end_lineno), end_offset, message);
    }

    /// An error at a node or token.
    pub(super) fn raise_at(&mut self, span: Span, message: String) {
        let end = (Some(span.end_lineno), Column::At(column(span.end_col_offset)));
        self.raise_between(ErrorKind::Syntax, (span.lineno, column(span.col_offset)), end, message);
    }

    /// An error at a token that may have no place: the last one read, or the next.
    pub(super) fn raise_at_token(&mut self, kind: ErrorKind, token: Option<Token>, message: String) {
        let Some(token) = token else {
            self.raise_raw(kind, 0, 0, 0, -1, message);
            return;
        };
        let offset = if token.col == NO_COLUMN {
            if self.lexer.cursor == self.lexer.buffer {
                0
            } else {
                self.lexer.cursor as i64 - self.lexer.line_start as i64
            }
        } else {
            i64::from(token.col) + 1
        };
        let end_offset = if token.end_col == NO_COLUMN { -1 } else { i64::from(token.end_col) + 1 };
        self.raise_raw(kind, i64::from(token.lineno), offset, i64::from(token.end_lineno), end_offset, message);
    }

    /// An error at the last token read.
    pub(super) fn raise_last(&mut self, kind: ErrorKind, message: impl Into<String>) {
        let token = self.tokens.last().copied();
        self.raise_at_token(kind, token, message.into());
    }

    pub(super) fn raise_unclosed(&mut self) {
        let Some(&bracket) = self.lexer.brackets.last() else { return };
        let message = format!("'{}' was never closed", char::from(bracket.byte));
        let start = (bracket.lineno, i64::from(bracket.col));
        self.raise_between(ErrorKind::Syntax, start, (Some(bracket.lineno), Column::At(-1)), message);
    }

    /// Turns what the lexer could not read into an error.
    pub(super) fn raise_lexical(&mut self) {
        let Some(error) = self.lexer.error.clone() else { return };
        let lineno = self.lexer.lineno;
        let line_start = (lineno, 0);
        let no_end = (Some(lineno), Column::At(-1));
        match error {
            LexError::Syntax { .. } => self.raise_own(error),
            LexError::Tab => {
                let message = "inconsistent use of tabs and spaces in indentation";
                self.raise_between(ErrorKind::Tab, line_start, no_end, message.into());
            }
            LexError::TooDeep => {
                let message = "too many levels of indentation";
                self.raise_between(ErrorKind::Indentation, line_start, no_end, message.into());
            }
            LexError::Dedent => {
                self.raise_last(ErrorKind::Indentation, "unindent does not match any outer indentation level");
            }
            LexError::Continuation => {
                let col = self.lexer.cursor as i64 - self.lexer.buffer as i64 - 1;
                let message = "unexpected character after line continuation character";
                self.raise_between(ErrorKind::Syntax, (lineno, col.max(0)), no_end, message.into());
            }
            LexError::EndOfFile if !self.lexer.brackets.is_empty() => self.raise_unclosed(),
            LexError::EndOfFile => self.raise_last(ErrorKind::Syntax, "unexpected EOF while parsing"),
            LexError::Decode(message) => self.raise_last(ErrorKind::Syntax, format!("(unicode error) {message}")),
        }
    }

    /// An error whose message and place the lexer made.
    pub(super) fn raise_own(&mut self, error: LexError) {
        if let LexError::Syntax { message, lineno, offset, end_offset, line } = error {
            self.error = Some(SyntaxError {
                kind: ErrorKind::Syntax,
                message,
                lineno: Some(i64::from(lineno)),
                offset: Some(offset),
                end_lineno: Some(i64::from(lineno)),
                end_offset: Some(end_offset),
                text: Some(String::from_utf8_lossy(&self.source[line]).into_owned()),
            });
        }
    }

    /// What is said when nothing else was: at the last token of the first pass.
    pub(super) fn raise_generic(&mut self, last: Token) {
        match last.kind {
            TokenKind::Indent => self.raise_last(ErrorKind::Indentation, "unexpected indent"),
            TokenKind::Dedent => self.raise_last(ErrorKind::Indentation, "unexpected unindent"),
            _ => {
                self.raise_at(last.span(), "invalid syntax".into());
                self.lexical_errors_behind();
            }
        }
    }

    /// Reads the rest of the source: an error in it (mismatched brackets, say) counts more than a generic one.
    pub(super) fn lexical_errors_behind(&mut self) {
        let current = self.tokens.last().map_or(0, |token| token.lineno);
        loop {
            match self.lexer.next_token().kind {
                // What is wrong inside an f-string does not count more.
                TokenKind::Error if self.lexer.in_fstring() => return,
                TokenKind::Error => match self.lexer.error.clone() {
                    Some(error @ LexError::Syntax { .. }) => return self.raise_own(error),
                    _ => {
                        if self.lexer.brackets.last().is_some_and(|bracket| current > bracket.lineno) {
                            self.error = None;
                            self.raise_unclosed();
                        }
                        return;
                    }
                },
                TokenKind::EndMarker => return,
                _ => {}
            }
        }
    }
}
