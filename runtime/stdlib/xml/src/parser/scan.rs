//! A place in a text, and the small things that tokens are made of.

use super::chars::{class, is_in_name, is_space, is_xml, starts_name};
use super::code::{Code, Fault};
use std::ops::Range;

/// What comes behind the text that is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Perhaps more.
    More,
    /// Nothing.
    Last,
    /// The beginning of a character whose rest is missing, and nothing else; what that is called.
    Torn(Code),
    /// Bytes that are no character.
    Bad,
}

/// A place in a text that moves on.
#[derive(Clone, Copy)]
pub(crate) struct Scan<'a> {
    pub(crate) text: &'a str,
    pub(crate) at: usize,
    pub(crate) end: End,
    /// Namespaces: names have at most one colon, within.
    pub(crate) colons: bool,
}
pub(crate) type S<T> = Result<T, Fault>;

impl<'a> Scan<'a> {
    /// The fault of a text that ends within a token.
    #[cold]
    pub(crate) fn missing<T>(&self) -> S<T> {
        Err(match self.end {
            End::More => Fault::Starved,
            End::Last => Fault::Error(Code::UnclosedToken),
            End::Torn(code) => Fault::Error(code),
            End::Bad => Fault::At(Code::InvalidToken, self.text.len()),
        })
    }
    /// The fault of a character that may not be here.
    #[cold]
    pub(crate) fn invalid<T>(&self) -> S<T> {
        Err(Fault::At(Code::InvalidToken, self.at))
    }
    pub(crate) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }
    /// The next byte, which need not be there.
    #[inline]
    pub(crate) fn ahead(&self, distance: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + distance).copied()
    }
    #[inline]
    pub(crate) fn peek(&self) -> S<u8> {
        match self.ahead(0) {
            Some(b) => Ok(b),
            None => self.missing(),
        }
    }
    /// The next character.
    #[inline]
    pub(crate) fn char(&self) -> S<char> {
        match self.peek()? {
            b if b < 0x80 => Ok(char::from(b)),
            _ => match self.text.get(self.at..).and_then(|rest| rest.chars().next()) {
                Some(c) => Ok(c),
                None => self.invalid(),
            },
        }
    }
    /// Takes one byte if it is the wanted one.
    pub(crate) fn eat(&mut self, wanted: u8) -> S<bool> {
        let found = self.peek()? == wanted;
        self.at += usize::from(found);
        Ok(found)
    }
    /// Takes bytes that must be there.
    pub(crate) fn expect(&mut self, wanted: &str) -> S<()> {
        for b in wanted.bytes() {
            if !self.eat(b)? {
                return self.invalid();
            }
        }
        Ok(())
    }
    /// Takes the quotation mark that a literal begins with.
    pub(crate) fn quote(&mut self) -> S<u8> {
        let quote = self.peek()?;
        if !matches!(quote, b'"' | b'\'') {
            return self.invalid();
        }
        self.at += 1;
        Ok(quote)
    }
    /// Takes white space; was there some?
    #[inline]
    pub(crate) fn spaces(&mut self) -> S<bool> {
        let start = self.at;
        while is_space(self.peek()?) {
            self.at += 1;
        }
        Ok(self.at > start)
    }
    /// Takes white space as far as there is text.
    pub(crate) fn spaces_at_hand(&mut self) {
        while self.ahead(0).is_some_and(is_space) {
            self.at += 1;
        }
    }
    /// Passes ASCII characters of a [`class`].
    #[inline]
    pub(crate) fn skip(&mut self, class: u8) {
        self.skip_until(class, self.text.len());
    }
    /// The same, not beyond a place.
    #[inline]
    pub(crate) fn skip_until(&mut self, class: u8, end: usize) {
        let rest = self.text.as_bytes().get(self.at..end).unwrap_or_default();
        self.at += rest.iter().position(|b| class::OF[usize::from(*b)] & class == 0).unwrap_or(rest.len());
    }
    /// A character that documents may have, taken.
    #[inline]
    pub(crate) fn take(&mut self) -> S<char> {
        let c = self.char()?;
        if !is_xml(c) {
            return self.invalid();
        }
        self.at += c.len_utf8();
        Ok(c)
    }
    /// Takes a name. The character behind it must be there, unless `open`: then the text's end may end it.
    pub(crate) fn name(&mut self, open: bool) -> S<Range<usize>> {
        let start = self.at;
        let mut had_colon = false;
        let c = self.char()?;
        if !(starts_name(c) || c == ':' && !self.colons) {
            return self.invalid();
        }
        self.at += c.len_utf8();
        loop {
            self.skip(class::NAME);
            if open && self.is_at_end() && self.end == End::Last {
                break;
            }
            let c = self.char()?;
            if c == ':' {
                if self.colons {
                    if had_colon {
                        return self.invalid();
                    }
                    had_colon = true;
                    self.at += 1;
                    let c = self.char()?;
                    if !starts_name(c) {
                        return self.invalid();
                    }
                    self.at += c.len_utf8();
                    continue;
                }
            } else if c.is_ascii() || !is_in_name(c) {
                // What of ASCII is in names has been passed.
                break;
            }
            self.at += c.len_utf8();
        }
        Ok(start..self.at)
    }
    /// Takes a reference behind its `&`.
    pub(crate) fn reference(&mut self) -> S<Reference> {
        if !self.eat(b'#')? {
            let start = self.at;
            let name = self.name(false);
            // Names of entities have no prefixes.
            let passed = self.text.get(start..self.at).unwrap_or_default();
            if let (true, Some(colon)) = (self.colons, passed.find(':')) {
                return Err(Fault::At(Code::InvalidToken, start + colon));
            }
            let name = name?;
            return if self.eat(b';')? { Ok(Reference::Entity(name)) } else { self.invalid() };
        }
        let radix = if self.eat(b'x')? { 16 } else { 10 };
        let mut n: u32 = 0;
        let start = self.at;
        while let Some(digit) = char::from(self.peek()?).to_digit(radix) {
            n = n.saturating_mul(radix).saturating_add(digit).min(0x11_0000);
            self.at += 1;
        }
        if self.at == start || !self.eat(b';')? {
            return self.invalid();
        }
        Ok(Reference::Char(n))
    }
    /// Takes a comment behind its `<!-`.
    pub(crate) fn comment(&mut self) -> S<Range<usize>> {
        self.expect("-")?;
        let start = self.at;
        loop {
            if self.take()? == '-' && self.eat(b'-')? {
                let end = self.at - 2;
                return if self.eat(b'>')? { Ok(start..end) } else { self.invalid() };
            }
        }
    }
    /// Takes a processing instruction behind its `<?`: target and data.
    pub(crate) fn instruction(&mut self) -> S<Instruction> {
        let target = self.name(false)?;
        let name = &self.text[target.clone()];
        if let (true, Some(colon)) = (self.colons, name.find(':')) {
            return Err(Fault::At(Code::InvalidToken, target.start + colon));
        }
        let reserved = name.eq_ignore_ascii_case("xml");
        let is_declaration = name == "xml";
        if reserved && !is_declaration {
            return Err(Fault::At(Code::InvalidToken, self.at));
        }
        if !self.spaces()? {
            if !self.eat(b'?')? {
                return self.invalid();
            }
            return match self.eat(b'>')? {
                true => Ok(Instruction { target, data: self.at - 2..self.at - 2, is_declaration }),
                false => self.invalid(),
            };
        }
        let start = self.at;
        loop {
            let before = self.at;
            if self.take()? == '?' && self.eat(b'>')? {
                return Ok(Instruction { target, data: start..before, is_declaration });
            }
        }
    }
}

/// A reference, in content or values.
pub(crate) enum Reference {
    /// The number of a character, at most one too much.
    Char(u32),
    Entity(Range<usize>),
}
/// A processing instruction.
pub(crate) struct Instruction {
    pub(crate) target: Range<usize>,
    pub(crate) data: Range<usize>,
    /// Is it `<?xml …?>`?
    pub(crate) is_declaration: bool,
}
/// A text with line ends as they are told: LF.
pub(crate) fn normal_lines(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}
