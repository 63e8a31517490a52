//! Constants as text, both ways; without recursion.

use super::tokens::{Token, Tokens};
use crate::constant::{Constant, MAX_NESTING};
use crate::text_encoding::{Piece, pieces, push_surrogate};
use std::fmt::Write;

/// `text` in quotes; bytes that are not well-formed appear as `\x` escapes.
pub(super) fn quoted(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for piece in pieces(text) {
        match piece {
            Ok(Piece::Text(t)) => out.extend(t.chars().flat_map(char::escape_debug)),
            Ok(Piece::Surrogate(s)) => out.push_str(&format!("\\u{{{s:x}}}")),
            Err(at) => out.extend(text[at..].iter().map(|b| format!("\\x{b:02x}"))),
        }
    }
    out.push('"');
    out
}

fn float(f: f64) -> String {
    if f.is_nan() { format!("nan:{:016x}", f.to_bits()) } else { format!("{f:?}") }
}

pub(super) fn parse_float(word: &str) -> Option<f64> {
    match word.strip_prefix("nan:") {
        Some(bits) => u64::from_str_radix(bits, 16).ok().map(f64::from_bits).filter(|f| f.is_nan()),
        None => word.parse().ok().filter(|f: &f64| !f.is_nan()),
    }
}

/// Prints `constant`; the codes in it get the numbers from `next` on.
pub(super) fn constant(out: &mut String, constant: &Constant, next: &mut usize) -> std::fmt::Result {
    enum Step<'a> {
        Show(&'a Constant),
        Text(&'static str),
    }
    let mut steps = vec![Step::Show(constant)];
    while let Some(step) = steps.pop() {
        let constant = match step {
            Step::Show(constant) => constant,
            Step::Text(text) => {
                out.push_str(text);
                continue;
            }
        };
        match constant {
            Constant::None => out.push_str("none"),
            Constant::Empty => out.push_str("empty"),
            Constant::Ellipsis => out.push_str("ellipsis"),
            Constant::Special(n) => write!(out, "special {n}")?,
            Constant::Bool(b) => write!(out, "{b}")?,
            Constant::Int(i) => write!(out, "int {i}")?,
            Constant::BigInt { negative, digits } => {
                write!(out, "big {}", if *negative { "-0x" } else { "0x" })?;
                for d in digits.iter().rev() {
                    write!(out, "{d:08x}")?;
                }
            }
            Constant::Float(f) => write!(out, "float {}", float(*f))?,
            Constant::Complex(re, im) => write!(out, "complex {} {}", float(*re), float(*im))?,
            Constant::Str(text) => write!(out, "str {}", quoted(text))?,
            Constant::Bytes(bytes) => {
                out.push_str("bytes \"");
                bytes.iter().for_each(|b| out.extend(b.escape_ascii().map(char::from)));
                out.push('"');
            }
            Constant::Tuple(items) | Constant::FrozenSet(items) => {
                let [open, close] = if matches!(constant, Constant::Tuple(_)) { ["(", ")"] } else { ["{", "}"] };
                out.push_str(open);
                steps.push(Step::Text(close));
                for (k, item) in items.iter().enumerate().rev() {
                    steps.push(Step::Show(item));
                    if k > 0 {
                        steps.push(Step::Text(", "));
                    }
                }
            }
            // Not of a complete code: not to be read back.
            Constant::Deferred(code) => {
                write!(out, "deferred {}", quoted(code.header().map_or("?", |h| h.qualified_name).as_bytes()))?;
            }
            Constant::Code(_) => {
                write!(out, "code {next}")?;
                *next += 1;
            }
        }
    }
    Ok(())
}

/// Reads a constant. `nested` makes the code of a number.
pub(super) fn parse_constant(
    tokens: &mut Tokens<'_>,
    nested: &mut dyn FnMut(usize) -> Result<Constant, String>,
) -> Result<Constant, String> {
    // Open tuples (true) and sets (false) with what is in them so far.
    let mut open: Vec<(bool, Vec<Constant>)> = Vec::new();
    loop {
        let mut done = match tokens.next()? {
            Some(Token::Punctuation(c @ ('(' | '{'))) if open.len() + 1 < MAX_NESTING => {
                open.push((c == '(', Vec::new()));
                None
            }
            Some(Token::Punctuation('(' | '{')) => return Err("constants nest too deep".to_string()),
            Some(Token::Punctuation(c @ (')' | '}'))) => match open.pop() {
                Some((tuple, items)) if tuple == (c == ')') => Some(collection(tuple, items)),
                _ => return Err(format!("unexpected {c:?}")),
            },
            Some(Token::Word(word)) => Some(scalar(word, tokens, nested)?),
            _ => return Err("a constant expected".to_string()),
        };
        // Put it where it belongs, and go on to the next item or the end.
        while let Some(constant) = done.take() {
            let Some((tuple, items)) = open.last_mut() else { return Ok(constant) };
            items.push(constant);
            match tokens.next()? {
                Some(Token::Punctuation(',')) => {}
                Some(Token::Punctuation(c)) if c == if *tuple { ')' } else { '}' } => {
                    done = open.pop().map(|(tuple, items)| collection(tuple, items));
                }
                _ => return Err("',' or the end of the collection expected".to_string()),
            }
        }
    }
}

fn collection(tuple: bool, items: Vec<Constant>) -> Constant {
    if tuple { Constant::Tuple(items.into()) } else { Constant::FrozenSet(items.into()) }
}

fn scalar(
    word: &str,
    tokens: &mut Tokens<'_>,
    nested: &mut dyn FnMut(usize) -> Result<Constant, String>,
) -> Result<Constant, String> {
    Ok(match word {
        "none" => Constant::None,
        "empty" => Constant::Empty,
        "ellipsis" => Constant::Ellipsis,
        "true" => Constant::Bool(true),
        "false" => Constant::Bool(false),
        "special" => Constant::Special(tokens.number()?),
        "int" => Constant::Int(tokens.number()?),
        "big" => big(tokens.word()?)?,
        "float" => Constant::Float(parse_float(tokens.word()?).ok_or("a float expected")?),
        "complex" => {
            let mut part = || parse_float(tokens.word()?).ok_or("a float expected".to_string());
            Constant::Complex(part()?, part()?)
        }
        "str" => Constant::Str(tokens.string()?.into()),
        "bytes" => Constant::Bytes(tokens.string()?.into()),
        "code" => nested(tokens.number()?)?,
        _ => return Err(format!("unknown constant {word:?}")),
    })
}

fn big(word: &str) -> Result<Constant, String> {
    let (negative, hex) = match word.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, word),
    };
    let hex = hex.strip_prefix("0x").filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit())).ok_or("0x expected")?;
    let digits: Result<Vec<u32>, _> = hex
        .as_bytes()
        .rchunks(8)
        .map(|chunk| u32::from_str_radix(std::str::from_utf8(chunk).unwrap_or_default(), 16))
        .collect();
    Ok(Constant::BigInt { negative, digits: digits.map_err(|e| e.to_string())?.into() })
}

/// The bytes that the inside of a quoted string stands for.
pub(super) fn unescape(inside: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        out.extend(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let kind = rest.chars().next().ok_or("an escape expected")?;
        rest = &rest[kind.len_utf8()..];
        match kind {
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            't' => out.push(b'\t'),
            '0' => out.push(0),
            '\\' | '"' | '\'' => out.push(kind as u8),
            'x' => {
                let byte = rest.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
                out.push(byte.ok_or("two hexadecimal digits expected")?);
                rest = &rest[2..];
            }
            'u' => {
                let (hex, after) = rest.strip_prefix('{').and_then(|r| r.split_once('}')).ok_or("\\u{...} expected")?;
                let value = u32::from_str_radix(hex, 16).map_err(|e| e.to_string())?;
                match (char::from_u32(value), u16::try_from(value)) {
                    (Some(c), _) => out.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
                    (None, Ok(surrogate)) => push_surrogate(&mut out, surrogate),
                    (None, Err(_)) => return Err("no such character".to_string()),
                }
                rest = after;
            }
            _ => return Err(format!("unknown escape {kind:?}")),
        }
    }
    out.extend(rest.as_bytes());
    Ok(out)
}
