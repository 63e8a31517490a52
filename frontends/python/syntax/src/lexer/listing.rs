//! The tokens of a source as programs see them, by `tokenize`: with comments, and with the newlines that end no statement.
//!
//! The lexer passes over both; they are found again between its tokens. Places are made from offsets, since `tokenize` counts
//! characters and the parser bytes.

use super::{LexError, Lexer, Token, TokenKind, count_characters};
use crate::error::{ErrorKind, SyntaxError};
use std::ops::Range;

/// A token of a [`Listing`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its number in Python's module `token`.
    pub kind: u8,
    /// Where its text stands in the source.
    pub text: Range<usize>,
    /// Line from 1 and column in characters from 0; -1 for a token without a place.
    pub start: (i64, i64),
    /// The same, of its end.
    pub end: (i64, i64),
    /// Where the lines on which it stands are in the source.
    pub lines: Range<usize>,
}

/// All tokens of a source, up to the first that cannot be read.
#[derive(Debug)]
pub struct Listing {
    /// The source, to which offsets refer: with `\n` at the ends of lines.
    pub source: String,
    /// The tokens.
    pub tokens: Vec<Listed>,
    /// Why there are no more.
    pub error: Option<SyntaxError>,
}

/// Numbers of the module `token`.
mod number {
    pub(super) const END_MARKER: u8 = 0;
    pub(super) const NAME: u8 = 1;
    pub(super) const NEWLINE: u8 = 4;
    pub(super) const INDENT: u8 = 5;
    pub(super) const DEDENT: u8 = 6;
    pub(super) const OP: u8 = 55;
    pub(super) const COMMENT: u8 = 64;
    pub(super) const NL: u8 = 65;
}

/// Operators from number 7 on.
const OPERATORS: &[&str] = &[
    "(", ")", "[", "]", ":", ",", ";", "+", "-", "*", "/", "|", "&", "<", ">", "=", ".", "%", "{", "}", "==", "!=",
    "<=", ">=", "~", "^", "<<", ">>", "**", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "**=", "//",
    "//=", "@", "@=", "->", "...", ":=", "!",
];
const FIRST_OPERATOR: u8 = 7;

/// Lists the tokens of a text. `extra`: as `tokenize` wants them, with comments and all newlines, operators alike, and places
/// for all tokens.
pub fn list(text: &str, extra: bool) -> Listing {
    let mut source = text.replace("\r\n", "\n");
    let implicit = !source.is_empty() && !source.ends_with('\n');
    if implicit {
        source.push('\n');
    }
    let (mut tokens, error);
    if source.contains('\0') {
        tokens = Vec::new();
        error = Some(bare(ErrorKind::Syntax, "source code cannot contain null bytes".into()));
    } else {
        source.push('\0');
        (tokens, error) = Lister::new(source.as_bytes(), extra).run();
        source.pop();
    }
    if implicit {
        // The newline was ours.
        source.pop();
        for token in &mut tokens {
            for range in [&mut token.text, &mut token.lines] {
                *range = range.start.min(source.len())..range.end.min(source.len());
            }
        }
    }
    Listing { source, tokens, error }
}

struct Lister<'s> {
    source: &'s [u8],
    lexer: Lexer<'s>,
    extra: bool,
    /// Where lines begin.
    lines: Vec<usize>,
    tokens: Vec<Listed>,
}

impl<'s> Lister<'s> {
    fn new(source: &'s [u8], extra: bool) -> Lister<'s> {
        let newlines = source.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let mut lexer = Lexer::new(source);
        lexer.any_brackets = extra;
        Lister { source, lexer, extra, lines: std::iter::once(0).chain(newlines).collect(), tokens: Vec::new() }
    }

    fn run(mut self) -> (Vec<Listed>, Option<SyntaxError>) {
        let mut at = 0;
        loop {
            let token = self.lexer.next_token();
            // A token that could not be read begins where the lexer says; one that is none where it stands.
            let start = if token.kind == TokenKind::Error { self.lexer.start } else { token.start as usize };
            if self.extra {
                self.between(at, start.max(at));
            }
            at = token.end as usize;
            match token.kind {
                TokenKind::Error => {
                    if self.extra && self.lexer.error == Some(LexError::EndOfFile) {
                        self.between(start, self.end());
                    }
                    let error = self.lexer.error.clone().map(|error| self.error(error));
                    return (self.tokens, error);
                }
                TokenKind::EndMarker => {
                    self.outside(number::END_MARKER, start);
                    return (self.tokens, None);
                }
                TokenKind::Dedent => self.outside(number::DEDENT, start),
                TokenKind::Indent if self.extra => {
                    let line = self.lines[self.line_of(start)];
                    self.push(number::INDENT, line..start, start);
                }
                TokenKind::Indent => self.outside(number::INDENT, start),
                TokenKind::Newline => {
                    let newline = at - 1;
                    if self.extra {
                        self.between(start, newline);
                        self.push(number::NEWLINE, newline..at, at);
                    } else {
                        self.push(number::NEWLINE, newline..newline, newline);
                    }
                }
                _ => self.push(self.number(&token), start..at, at),
            }
        }
    }

    /// Length of the source without the sentinel.
    fn end(&self) -> usize {
        self.source.len() - 1
    }

    /// The comments and newlines between two tokens.
    fn between(&mut self, from: usize, to: usize) {
        let mut at = from;
        while at < to {
            match self.source[at] {
                b'#' => {
                    let rest = &self.source[at..to];
                    let end = at + rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
                    self.push(number::COMMENT, at..end, end);
                    at = end;
                }
                b'\n' => {
                    at += 1;
                    self.push(number::NL, at - 1..at, at);
                }
                // The newline behind it is none.
                b'\\' => at += 2,
                _ => at += 1,
            }
        }
    }

    /// A token with a text. `end` is where it ends, which counts as on the line of what stands before.
    fn push(&mut self, kind: u8, text: Range<usize>, end: usize) {
        let first = self.line_of(text.start);
        let last = if end > text.start { self.line_of(end - 1) } else { first };
        let start = self.place(first, text.start);
        let end = self.place(last, end);
        self.tokens.push(Listed { kind, text, start, end, lines: self.lines[first]..self.line_end(last) });
    }

    /// A token without a text: at the end of the source it stands on a line of its own.
    fn outside(&mut self, kind: u8, at: usize) {
        let (place, lines) = if !self.extra {
            (((self.lexer.lineno).into(), -1), at..at)
        } else if at >= self.end() {
            ((self.lines.len() as i64, 0), at..at)
        } else {
            let line = self.line_of(at);
            (self.place(line, at), self.lines[line]..self.line_end(line))
        };
        self.tokens.push(Listed { kind, text: at..at, start: place, end: place, lines });
    }

    /// Index of the line with this byte.
    fn line_of(&self, at: usize) -> usize {
        self.lines.partition_point(|&start| start <= at).saturating_sub(1)
    }

    fn line_end(&self, line: usize) -> usize {
        self.lines.get(line + 1).copied().unwrap_or(self.end()).min(self.end())
    }

    fn place(&self, line: usize, at: usize) -> (i64, i64) {
        (line as i64 + 1, count_characters(&self.source[self.lines[line]..at]) as i64)
    }

    fn number(&self, token: &Token) -> u8 {
        match token.kind {
            TokenKind::Name => number::NAME,
            TokenKind::Number => 2,
            TokenKind::String => 3,
            TokenKind::FStringStart => 61,
            TokenKind::FStringMiddle => 62,
            TokenKind::FStringEnd => 63,
            TokenKind::Other => number::OP,
            TokenKind::Await if !self.extra => 56,
            TokenKind::Async if !self.extra => 57,
            kind => match OPERATORS.iter().position(|operator| *operator == kind.text()) {
                None => number::NAME,
                Some(_) if self.extra => number::OP,
                Some(index) => FIRST_OPERATOR + index as u8,
            },
        }
    }

    /// What `tokenize` raises for what the lexer could not read.
    fn error(&self, error: LexError) -> SyntaxError {
        let lineno = i64::from(self.lexer.lineno);
        let line = self.lexer.line_start.min(self.end())..self.lexer.line_end();
        let whole = count_characters(&self.source[line.clone()]) as i64;
        let text = String::from_utf8_lossy(&self.source[line]).trim_end_matches('\n').to_owned();
        let at = |kind, message: &str, offset| SyntaxError {
            lineno: Some(lineno),
            offset: Some(offset),
            text: Some(text.clone()),
            ..bare(kind, message.into())
        };
        match error {
            LexError::Syntax { message, lineno, offset, end_offset, line } => SyntaxError {
                kind: ErrorKind::Syntax,
                message,
                lineno: Some(lineno.into()),
                offset: Some(offset),
                end_lineno: Some(lineno.into()),
                end_offset: Some(end_offset),
                text: Some(String::from_utf8_lossy(&self.source[line]).into_owned()),
            },
            LexError::Tab => at(ErrorKind::Tab, "inconsistent use of tabs and spaces in indentation", whole),
            LexError::TooDeep => at(ErrorKind::Indentation, "too many levels of indentation", whole),
            LexError::Dedent => {
                at(ErrorKind::Indentation, "unindent does not match any outer indentation level", whole)
            }
            LexError::Continuation => {
                let column = self.lexer.cursor.saturating_sub(self.lexer.line_start) as i64;
                at(ErrorKind::Syntax, "unexpected character after line continuation character", column)
            }
            LexError::EndOfFile => at(ErrorKind::Syntax, "unexpected EOF in multi-line statement", 0),
            LexError::Decode(message) => at(ErrorKind::Syntax, &format!("(unicode error) {message}"), 0),
        }
    }
}

/// An error without a place.
fn bare(kind: ErrorKind, message: String) -> SyntaxError {
    SyntaxError { kind, message, lineno: None, offset: None, end_lineno: None, end_offset: None, text: None }
}

#[cfg(test)]
mod tests {
    use super::list;

    /// Kinds and texts.
    fn shown(text: &str) -> Vec<(u8, String)> {
        let listing = list(text, true);
        assert_eq!(listing.error, None);
        listing.tokens.iter().map(|token| (token.kind, listing.source[token.text.clone()].to_owned())).collect()
    }

    #[test]
    fn comments_and_newlines_are_tokens() {
        let text = |text: &str| text.to_owned();
        assert_eq!(
            shown("if a: # c\n  # d\n  b"),
            [
                (1, text("if")),
                (1, text("a")),
                (55, text(":")),
                (64, text("# c")),
                (4, text("\n")),
                (64, text("# d")),
                (65, text("\n")),
                (5, text("  ")),
                (1, text("b")),
                (4, text("")),
                (6, text("")),
                (0, text("")),
            ]
        );
    }

    #[test]
    fn tokens_before_an_error_are_there() {
        let listing = list("(a\n", true);
        assert_eq!(listing.tokens.len(), 3);
        assert_eq!(listing.error.map(|error| error.message), Some("unexpected EOF in multi-line statement".to_owned()));
    }
}
