//! The words of a line.

use super::constants::unescape;
use std::str::FromStr;

pub(super) enum Token<'a> {
    /// Anything without spaces, commas, brackets and quotes.
    Word(&'a str),
    /// One of `, ( ) { }`.
    Punctuation(char),
    /// Text in quotes, as bytes.
    Text(Vec<u8>),
    /// `;` and all that follows.
    Position(&'a str),
}

/// Tokens of one line, without its comment.
pub(super) struct Tokens<'a> {
    rest: &'a str,
}

const PUNCTUATION: [char; 5] = [',', '(', ')', '{', '}'];

impl<'a> Tokens<'a> {
    pub(super) fn new(line: &'a str) -> Tokens<'a> {
        Tokens { rest: line }
    }

    pub(super) fn next(&mut self) -> Result<Option<Token<'a>>, String> {
        let rest = self.rest.trim_start();
        let Some(first) = rest.chars().next() else { return Ok(None) };
        let (token, length) = match first {
            '#' => {
                self.rest = "";
                return Ok(None);
            }
            ';' => {
                let text = rest.split('#').next().unwrap_or(rest);
                (Token::Position(text[1..].trim()), text.len())
            }
            '"' => {
                let end = closing_quote(rest).ok_or("a quote is not closed")?;
                (Token::Text(unescape(&rest[1..end])?), end + 1)
            }
            c if PUNCTUATION.contains(&c) => (Token::Punctuation(c), 1),
            _ => {
                let ends = |c: char| c.is_whitespace() || PUNCTUATION.contains(&c) || matches!(c, '"' | ';' | '#');
                // A nan or a label is a word; braces inside \u{} occur only in quotes.
                let end = rest.find(ends).unwrap_or(rest.len());
                (Token::Word(&rest[..end]), end)
            }
        };
        self.rest = &rest[length..];
        Ok(Some(token))
    }

    pub(super) fn word(&mut self) -> Result<&'a str, String> {
        match self.next()? {
            Some(Token::Word(word)) => Ok(word),
            _ => Err("a word expected".to_string()),
        }
    }

    pub(super) fn number<T: FromStr>(&mut self) -> Result<T, String> {
        parse_number(self.word()?)
    }

    /// A word of `prefix` and a number, as in `r5`.
    pub(super) fn indexed<T: FromStr>(&mut self, prefix: &str) -> Result<T, String> {
        indexed(self.word()?, prefix)
    }

    pub(super) fn string(&mut self) -> Result<Vec<u8>, String> {
        match self.next()? {
            Some(Token::Text(text)) => Ok(text),
            _ => Err("a quoted text expected".to_string()),
        }
    }

    pub(super) fn name(&mut self) -> Result<Box<str>, String> {
        String::from_utf8(self.string()?).map(String::into).map_err(|_| "a name with surrogates".to_string())
    }

    /// Is nothing left?
    pub(super) fn at_end(&self) -> bool {
        let rest = self.rest.trim_start();
        rest.is_empty() || rest.starts_with('#')
    }

    pub(super) fn end(&self) -> Result<(), String> {
        if self.at_end() { Ok(()) } else { Err(format!("unexpected {:?}", self.rest.trim())) }
    }
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().enumerate().skip(1).find_map(|(at, b)| {
        let found = b == b'"' && !escaped;
        escaped = b == b'\\' && !escaped;
        found.then_some(at)
    })
}

pub(super) fn parse_number<T: FromStr>(word: &str) -> Result<T, String> {
    word.parse().map_err(|_| format!("a number expected, not {word:?}"))
}

pub(super) fn indexed<T: FromStr>(word: &str, prefix: &str) -> Result<T, String> {
    let number = word.strip_prefix(prefix).ok_or_else(|| format!("{prefix}0 or the like expected, not {word:?}"))?;
    parse_number(number)
}
