//! The beginning of an entity: its encoding, and the declaration that may tell another.

use super::chars::is_space;
use super::code::{Code, Fault};
use super::event::Rare;
use super::scan::{End, S, Scan};
use super::source::Encoding;
use super::{After, Kind, Parameters, Parser, Phase};
use std::ops::Range;

/// What a declaration says.
#[derive(Default)]
struct Declaration {
    version: Option<String>,
    encoding: Option<Range<usize>>,
    standalone: Option<bool>,
}

impl Parser {
    /// Finds the encoding by the first bytes.
    pub(super) fn start(&mut self) -> Result<bool, Code> {
        let (raw, last) = (self.source.raw(), self.source.last);
        let guesses = match self.given.as_deref() {
            None => true,
            Some(name) => name.eq_ignore_ascii_case("UTF-16") || name.eq_ignore_ascii_case("UTF-8"),
        };
        if guesses && !last && matches!(raw, [] | [0 | 0x3C | 0xEF | 0xFE | 0xFF] | [0xEF, 0xBB]) {
            return Ok(false);
        }
        let (mark, found) = match raw {
            _ if !guesses => (0, None),
            [0xFE, 0xFF, ..] => (2, Some(Encoding::Utf16 { big: true })),
            [0xFF, 0xFE, ..] => (2, Some(Encoding::Utf16 { big: false })),
            [0xEF, 0xBB, 0xBF, ..] => (3, Some(Encoding::Utf8)),
            [0, _, ..] => (0, Some(Encoding::Utf16 { big: true })),
            [_, 0, ..] => (0, Some(Encoding::Utf16 { big: false })),
            _ => (0, None),
        };
        self.source.skip(mark);
        self.phase = Phase::Declaration;
        match (found, self.given.as_deref()) {
            (Some(encoding), _) => self.source.encoding = encoding,
            (None, None) => {}
            (None, Some(name)) => match Encoding::by_name(name) {
                Some(encoding) => self.source.encoding = encoding,
                None => {
                    let name = name.to_owned();
                    self.ask_encoding(name);
                }
            },
        }
        Ok(true)
    }
    fn ask_encoding(&mut self, name: String) {
        self.after = Some(After::Encoding);
        self.tell_rare(Rare::UnknownEncoding(name));
    }
    /// A unit of what is not decoded; 255 if it is no ASCII character.
    fn unit(&self, i: usize) -> Option<u8> {
        let raw = self.source.raw();
        let (high, low) = match self.source.encoding {
            Encoding::Utf16 { big: true } => (*raw.get(2 * i)?, *raw.get(2 * i + 1)?),
            Encoding::Utf16 { big: false } => (*raw.get(2 * i + 1)?, *raw.get(2 * i)?),
            _ => (0, *raw.get(i)?),
        };
        Some(if high == 0 { low } else { 255 })
    }
    /// Units of a declaration that begins the entity. `None`: that cannot be said yet.
    fn declaration_length(&self) -> Option<usize> {
        for (i, wanted) in b"<?xml".iter().enumerate() {
            match self.unit(i) {
                Some(b) if b == *wanted => {}
                None if !self.source.last => return None,
                _ => return Some(0),
            }
        }
        match self.unit(5) {
            Some(b) if is_space(b) => {}
            // Without anything in it: a declaration that is wrong.
            Some(b'?') => return self.unit(6).map(|b| if b == b'>' { 7 } else { 0 }),
            None if !self.source.last => return None,
            _ => return Some(0),
        }
        let mut i = 6;
        while let (Some(first), Some(second)) = (self.unit(i), self.unit(i + 1)) {
            if (first, second) == (b'?', b'>') {
                return Some(i + 2);
            }
            i += 1;
        }
        // Without its end it is a token that is not closed.
        if self.source.last { Some(0) } else { None }
    }
    /// Parses the declaration, if there is one.
    pub(super) fn declaration(&mut self) -> Result<bool, Code> {
        let Some(length) = self.declaration_length() else { return Ok(false) };
        self.phase = if self.kind == Kind::General { Phase::Content } else { Phase::Prolog };
        if self.kind == Kind::Parameter {
            self.dtd.borrow_mut().was_read = true;
        }
        if length > 0 {
            let width = if matches!(self.source.encoding, Encoding::Utf16 { .. }) { 2 } else { 1 };
            self.source.decode(length * width);
            self.read_declaration()?;
        }
        if self.after.is_none() {
            self.source.decode(usize::MAX);
        }
        Ok(true)
    }
    fn read_declaration(&mut self) -> Result<(), Code> {
        let wrong = if self.kind == Kind::Document { Code::XmlDecl } else { Code::TextDecl };
        let text = std::mem::take(&mut self.source.text);
        let parsed =
            parse(&mut Scan { text: &text, at: 5, end: End::Last, colons: false }, self.kind == Kind::Document);
        let encoding = parsed.as_ref().ok().and_then(|d| d.encoding.clone());
        let (name_at, name) = match encoding {
            Some(range) => (range.start, Some(text[range].to_owned())),
            None => (0, None),
        };
        let length = text.len();
        let is_whole = text.ends_with("?>");
        self.source.text = text;
        let declaration = match parsed {
            _ if !is_whole => {
                self.span = (length, length);
                return Err(Code::InvalidToken);
            }
            Ok(declaration) => declaration,
            Err(fault) => {
                let end = length.saturating_sub(2);
                let at = if let Fault::At(_, at) = fault { at.min(end) } else { end };
                self.span = (at, at);
                return Err(wrong);
            }
        };
        self.source.at = length;
        self.span = (0, length);
        self.raw = self.span;
        if declaration.standalone == Some(true) {
            self.dtd.borrow_mut().is_standalone = true;
            if self.settings.parameters == Parameters::UnlessStandalone {
                self.settings.parameters = Parameters::Never;
            }
        }
        self.tell_rare(Rare::XmlDecl {
            version: declaration.version,
            encoding: name.clone(),
            standalone: declaration.standalone.map_or(-1, i64::from),
        });
        if let (Some(name), None) = (name, &self.given) {
            self.after = Some(After::Switch(name, name_at));
        }
        Ok(())
    }
    /// Goes on in the declared encoding.
    pub(super) fn switch(&mut self, name: String, at: usize) -> Result<(), Code> {
        match Encoding::by_name(&name) {
            Some(encoding) if !self.source.encoding.may_become(&encoding) => {
                self.span = (at, at);
                return Err(Code::IncorrectEncoding);
            }
            Some(Encoding::Utf16 { .. }) => {}
            Some(encoding) => self.source.encoding = encoding,
            None => {
                self.ask_encoding(name);
                return Ok(());
            }
        }
        self.source.decode(usize::MAX);
        Ok(())
    }
}

/// A pseudo-attribute: its name, where that and its value are.
fn item<'a>(scan: &mut Scan<'a>) -> S<Option<(&'a str, Range<usize>, usize)>> {
    let spaced = scan.spaces()?;
    if scan.peek()? == b'?' {
        return Ok(None);
    }
    if !spaced {
        return scan.invalid();
    }
    // What is no name is one that nobody knows.
    let begin = scan.at;
    while !is_space(scan.peek()?) && scan.peek()? != b'=' {
        if !scan.char()?.is_ascii() {
            return scan.invalid();
        }
        scan.at += 1;
    }
    let name = &scan.text[begin..scan.at];
    scan.spaces()?;
    scan.expect("=")?;
    scan.spaces()?;
    let quote = scan.quote()?;
    let start = scan.at;
    while scan.peek()? != quote {
        if !(scan.peek()?.is_ascii_alphanumeric() || matches!(scan.peek()?, b'.' | b'-' | b'_')) {
            return scan.invalid();
        }
        scan.at += 1;
    }
    scan.at += 1;
    Ok(Some((name, start..scan.at - 1, begin)))
}
/// `version="…" encoding="…" standalone="…"` behind `<?xml`. In external entities: the encoding, perhaps with a version before.
fn parse(scan: &mut Scan<'_>, is_document: bool) -> S<Declaration> {
    let mut said = Declaration::default();
    let text = scan.text;
    let refuse = |scan: &Scan<'_>, next: Option<(&str, Range<usize>, usize)>| {
        Err(Fault::At(Code::XmlDecl, next.map_or(scan.at, |(.., begin)| begin)))
    };
    let mut next = item(scan)?;
    if let Some(("version", range, _)) = &next {
        said.version = Some(text[range.clone()].to_owned());
        next = item(scan)?;
    } else if is_document {
        return refuse(scan, next);
    }
    if let Some(("encoding", range, _)) = &next {
        if !text.as_bytes().get(range.start).is_some_and(u8::is_ascii_alphabetic) {
            return Err(Fault::At(Code::XmlDecl, range.start));
        }
        said.encoding = Some(range.clone());
        next = item(scan)?;
    } else if !is_document {
        return refuse(scan, next);
    }
    if let (Some(("standalone", range, _)), true) = (&next, is_document) {
        said.standalone = match &text[range.clone()] {
            "yes" => Some(true),
            "no" => Some(false),
            _ => return Err(Fault::At(Code::XmlDecl, range.start)),
        };
        next = item(scan)?;
    }
    if next.is_some() {
        return refuse(scan, next);
    }
    scan.expect("?>")?;
    Ok(said)
}
