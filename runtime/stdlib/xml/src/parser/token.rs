//! Tokens of the prolog and of document types.

use super::chars::{is_in_name, is_space, starts_name};
use super::code::{Code, Fault};
use super::event::model;
use super::scan::{End, S, Scan};
use std::ops::Range;

pub(crate) enum Token {
    Space,
    /// `<!NAME`
    Open(Range<usize>),
    /// `>`
    Close,
    Name(Range<usize>),
    /// What is in names and does not begin one.
    Nmtoken(Range<usize>),
    /// A name and how many times what it names comes: one of [`model`].
    Times(Range<usize>, i64),
    /// `#NAME`
    Pound(Range<usize>),
    Literal(Range<usize>),
    /// `%`
    Percent,
    /// `%NAME;`
    Parameter(Range<usize>),
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen(i64),
    Or,
    Comma,
    /// `<![`
    OpenSection,
    /// `]]>`
    CloseSection,
    Comment(Range<usize>),
    /// It is scanned again by who wants it.
    Instruction,
    /// A start tag, which is not taken.
    Instance,
}

fn times(b: u8) -> Option<i64> {
    Some(match b {
        b'?' => model::OPTIONAL,
        b'*' => model::ANY_NUMBER,
        b'+' => model::SOME,
        _ => return None,
    })
}
fn single(scan: &mut Scan<'_>, token: Token) -> S<Token> {
    scan.at += 1;
    Ok(token)
}

/// Takes a token; answers it and where it ends.
pub(super) fn take(mut scan: Scan<'_>) -> S<(Token, usize)> {
    let token = match scan.peek()? {
        b if is_space(b) => spaces(&mut scan),
        b'<' => markup(&mut scan),
        quote @ (b'"' | b'\'') => literal(&mut scan, quote),
        b'%' => percent(&mut scan),
        b'>' => single(&mut scan, Token::Close),
        b'[' => single(&mut scan, Token::OpenBracket),
        b'(' => single(&mut scan, Token::OpenParen),
        b'|' => single(&mut scan, Token::Or),
        b',' => single(&mut scan, Token::Comma),
        b']' => close_bracket(&mut scan),
        b')' => close_paren(&mut scan),
        b'#' => {
            scan.at += 1;
            pound(&mut scan)
        }
        _ => name(&mut scan),
    }?;
    Ok((token, scan.at))
}
fn spaces(scan: &mut Scan<'_>) -> S<Token> {
    let start = scan.at;
    scan.spaces_at_hand();
    // A CR may be half of a line's end.
    if scan.is_at_end() && scan.end == End::More && scan.text.as_bytes().get(scan.at - 1) == Some(&b'\r') {
        scan.at -= 1;
        if scan.at == start {
            return Err(Fault::Starved);
        }
    }
    Ok(Token::Space)
}
fn markup(scan: &mut Scan<'_>) -> S<Token> {
    let start = scan.at;
    scan.at += 1;
    match scan.char()? {
        '?' => {
            scan.at += 1;
            scan.instruction()?;
            Ok(Token::Instruction)
        }
        '!' => {
            scan.at += 1;
            let has_colons = !scan.colons;
            let is_in_keyword = |b: u8| b.is_ascii_alphabetic() || b == b'_' || b == b':' && has_colons;
            match scan.peek()? {
                b'-' => {
                    scan.at += 1;
                    scan.comment().map(Token::Comment)
                }
                b'[' => single(scan, Token::OpenSection),
                b if is_in_keyword(b) => {
                    let start = scan.at;
                    while is_in_keyword(scan.peek()?) {
                        scan.at += 1;
                    }
                    let b = scan.peek()?;
                    if b == b'%' && scan.ahead(1).is_none() {
                        return scan.missing();
                    }
                    // A `%` of its own wants a space before it.
                    if is_space(b) || b == b'%' && !scan.ahead(1).is_some_and(|b| is_space(b) || b == b'%') {
                        return Ok(Token::Open(start..scan.at));
                    }
                    scan.invalid()
                }
                _ => scan.invalid(),
            }
        }
        c if starts_name(c) || c == ':' && !scan.colons => {
            scan.at = start;
            Ok(Token::Instance)
        }
        _ => scan.invalid(),
    }
}
fn literal(scan: &mut Scan<'_>, quote: u8) -> S<Token> {
    scan.at += 1;
    let start = scan.at;
    while scan.peek()? != quote {
        scan.take()?;
    }
    let range = start..scan.at;
    scan.at += 1;
    if scan.is_at_end() && scan.end == End::Last {
        return Ok(Token::Literal(range));
    }
    match scan.peek()? {
        b if is_space(b) || matches!(b, b'>' | b'%' | b'[') => Ok(Token::Literal(range)),
        _ => scan.invalid(),
    }
}
fn percent(scan: &mut Scan<'_>) -> S<Token> {
    scan.at += 1;
    let b = scan.peek()?;
    if is_space(b) || b == b'%' {
        return Ok(Token::Percent);
    }
    let name = scan.name(false)?;
    if scan.eat(b';')? { Ok(Token::Parameter(name)) } else { scan.invalid() }
}
fn close_bracket(scan: &mut Scan<'_>) -> S<Token> {
    scan.at += 1;
    match (scan.ahead(0), scan.ahead(1)) {
        (Some(b']'), Some(b'>')) => {
            scan.at += 2;
            Ok(Token::CloseSection)
        }
        (None, _) | (Some(b']'), None) if scan.end == End::More => Err(Fault::Starved),
        _ => Ok(Token::CloseBracket),
    }
}
fn pound(scan: &mut Scan<'_>) -> S<Token> {
    let name = scan.name(true)?;
    match scan.ahead(0) {
        Some(b) if !(is_space(b) || matches!(b, b')' | b'>' | b'%' | b'|')) => scan.invalid(),
        _ => Ok(Token::Pound(name)),
    }
}
fn close_paren(scan: &mut Scan<'_>) -> S<Token> {
    scan.at += 1;
    if scan.is_at_end() && scan.end == End::Last {
        return Ok(Token::CloseParen(model::ONCE));
    }
    let b = scan.peek()?;
    if let Some(times) = times(b) {
        return single(scan, Token::CloseParen(times));
    }
    match b {
        b if is_space(b) || matches!(b, b'>' | b',' | b'|' | b')') => Ok(Token::CloseParen(model::ONCE)),
        _ => scan.invalid(),
    }
}
fn name(scan: &mut Scan<'_>) -> S<Token> {
    let start = scan.at;
    let first = scan.char()?;
    let is_part = |c: char| is_in_name(c) || c == ':';
    if !is_part(first) {
        return scan.invalid();
    }
    let ends_open = |scan: &Scan<'_>| scan.is_at_end() && scan.end == End::Last;
    while !ends_open(scan) && is_part(scan.char()?) {
        scan.at += scan.char()?.len_utf8();
    }
    let range = start..scan.at;
    let mut colons = range.clone().filter(|i| scan.text.as_bytes()[*i] == b':');
    let is_name = match (scan.colons, colons.next(), colons.next()) {
        (false, ..) => starts_name(first) || first == ':',
        (true, None, _) => starts_name(first),
        (true, Some(colon), None) => {
            starts_name(first) && scan.text[colon + 1..range.end].chars().next().is_some_and(starts_name)
        }
        _ => false,
    };
    let plain = if is_name { Token::Name(range.clone()) } else { Token::Nmtoken(range.clone()) };
    if ends_open(scan) {
        return Ok(plain);
    }
    let b = scan.peek()?;
    if let Some(times) = times(b) {
        if !is_name {
            return Err(Fault::At(Code::InvalidToken, scan.at));
        }
        return single(scan, Token::Times(range, times));
    }
    match b {
        b if is_space(b) || matches!(b, b'>' | b')' | b',' | b'|' | b'[' | b'%') => Ok(plain),
        _ => scan.invalid(),
    }
}
