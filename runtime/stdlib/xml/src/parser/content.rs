//! Tokens of content, of CDATA sections, and of what comes behind the document's element.

use super::chars::{class, is_in_name, is_xml, of_number, predefined};
use super::code::{Code, Fault};
use super::event::{Event, For, Rare};
use super::scan::{End, Reference, S, Scan, normal_lines};
use super::source::Encoding;
use super::token::Token;
use super::{Parser, Phase};

/// Bytes of text that are told at once where they are not those of the document.
const PIECE: usize = 1024;

impl Parser {
    pub(super) fn content(&mut self, mut scan: Scan<'_>) -> S<usize> {
        match scan.peek()? {
            b'<' => {
                scan.at += 1;
                self.markup(scan)
            }
            b'&' => {
                scan.at += 1;
                self.reference(scan)
            }
            b'\r' | b'\n' => self.line_end(scan),
            _ => self.character_data(scan),
        }
    }
    /// Behind `<`.
    fn markup(&mut self, mut scan: Scan<'_>) -> S<usize> {
        match scan.peek()? {
            b'/' => {
                scan.at += 1;
                self.end_tag(scan)
            }
            b'?' => {
                scan.at += 1;
                self.tell_instruction(&mut scan)?;
                Ok(scan.at)
            }
            b'!' => {
                scan.at += 1;
                if scan.eat(b'-')? {
                    let text = scan.comment()?;
                    self.tell(Event::Comment(normal_lines(&scan.text[text])));
                    return Ok(scan.at);
                }
                scan.expect("[CDATA[")?;
                self.tell(Event::StartCdata);
                self.phase = Phase::Cdata;
                Ok(scan.at)
            }
            _ => self.start_tag(scan),
        }
    }
    /// A processing instruction behind `<?`.
    pub(super) fn tell_instruction(&mut self, scan: &mut Scan<'_>) -> S<()> {
        let instruction = scan.instruction()?;
        if instruction.is_declaration {
            return Err(Fault::Error(Code::MisplacedXmlPi));
        }
        let target = scan.text[instruction.target].to_owned();
        self.tell_rare(Rare::Instruction { target, data: normal_lines(&scan.text[instruction.data]) });
        Ok(())
    }
    /// Behind `&`.
    fn reference(&mut self, mut scan: Scan<'_>) -> S<usize> {
        match scan.reference()? {
            Reference::Char(n) => match of_number(n) {
                Some(c) => self.tell_char(c),
                None => return Err(Fault::Error(Code::BadCharRef)),
            },
            Reference::Entity(name) => {
                let name = &scan.text[name];
                match predefined(name) {
                    Some(c) if self.account.expanded(1) => self.tell_char(c),
                    Some(_) => return Err(Fault::Error(Code::AmplificationLimit)),
                    None => self.open_general(name, scan.at)?,
                }
            }
        }
        Ok(scan.at)
    }
    /// The end of a line, told as LF.
    fn line_end(&mut self, mut scan: Scan<'_>) -> S<usize> {
        if scan.peek()? == b'\r' {
            scan.at += 1;
            match scan.ahead(0) {
                Some(b'\n') => scan.at += 1,
                None if scan.end == End::More => return Err(Fault::Starved),
                None if self.is_internal() && self.phase == Phase::Content => {
                    self.tell_char('\n');
                    return Err(Fault::Error(Code::NoElements));
                }
                _ => {}
            }
        } else {
            scan.at += 1;
        }
        self.tell_char('\n');
        Ok(scan.at)
    }
    /// Bytes of text that are told at once.
    fn piece(&self) -> usize {
        if self.frames.is_empty() && self.source.encoding != Encoding::Utf8 { PIECE } else { usize::MAX }
    }
    fn character_data(&mut self, mut scan: Scan<'_>) -> S<usize> {
        let (start, most) = (scan.at, self.piece());
        let bytes = scan.text.as_bytes();
        while let Some(b) = bytes.get(scan.at).copied() {
            match b {
                b'<' | b'&' | b'\r' | b'\n' => break,
                b']' => match (scan.ahead(1), scan.ahead(2)) {
                    (Some(b']'), Some(b'>')) => return Err(Fault::At(Code::InvalidToken, scan.at + 2)),
                    // At the end of what is at hand the brackets are a piece of their own.
                    (None, _) | (Some(b']'), None) if scan.at > start => break,
                    (None, _) | (Some(b']'), None) if scan.end == End::More => return Err(Fault::Starved),
                    (Some(b']'), None) => scan.at += 2,
                    _ => scan.at += 1,
                },
                b' '..0x80 | b'\t' => scan.skip_until(class::TEXT, bytes.len().min(start.saturating_add(most))),
                _ => {
                    let c = scan.char()?;
                    if !is_xml(c) {
                        if scan.at == start {
                            return scan.invalid();
                        }
                        break;
                    }
                    if scan.at + c.len_utf8() - start > most {
                        break;
                    }
                    scan.at += c.len_utf8();
                }
            }
            if scan.at - start >= most {
                break;
            }
        }
        self.tell_text(&scan.text[start..scan.at]);
        Ok(scan.at)
    }
    pub(super) fn cdata(&mut self, mut scan: Scan<'_>) -> S<usize> {
        let start = scan.at;
        let cut = |fault: Fault| match fault {
            Fault::Error(Code::UnclosedToken) => Fault::Error(Code::UnclosedCdataSection),
            fault => fault,
        };
        match scan.peek()? {
            b'\r' | b'\n' => return self.line_end(scan),
            b']' => {
                scan.at += 1;
                if scan.peek().map_err(cut)? == b']' {
                    scan.at += 1;
                    if scan.eat(b'>').map_err(cut)? {
                        self.tell(Event::EndCdata);
                        self.phase = Phase::Content;
                        return Ok(scan.at);
                    }
                    scan.at -= 1;
                }
            }
            _ => {}
        }
        let most = self.piece();
        while let Some(b) = scan.ahead(0) {
            if matches!(b, b']' | b'\r' | b'\n') || scan.at - start >= most {
                break;
            }
            let c = scan.char()?;
            if !is_xml(c) {
                if scan.at == start {
                    return scan.invalid();
                }
                break;
            }
            scan.at += c.len_utf8();
        }
        self.tell_text(&scan.text[start..scan.at]);
        Ok(scan.at)
    }
    /// Behind the document's element.
    pub(super) fn epilog(&mut self, scan: Scan<'_>) -> S<usize> {
        let first = scan.char()?;
        let (token, at) = super::token::take(scan).map_err(|fault| match fault {
            // No name may be here, however it goes on.
            Fault::Starved if is_in_name(first) => Fault::Error(Code::JunkAfterDocElement),
            fault => fault,
        })?;
        match token {
            Token::Space => self.tell(Event::Token(For::Default)),
            Token::Comment(text) => self.tell(Event::Comment(normal_lines(&scan.text[text]))),
            Token::Instruction => {
                let mut scan = scan;
                scan.at += 2;
                self.tell_instruction(&mut scan).map_err(|fault| match fault {
                    Fault::Error(Code::MisplacedXmlPi) => Fault::Error(Code::JunkAfterDocElement),
                    fault => fault,
                })?;
            }
            _ => return Err(Fault::Error(Code::JunkAfterDocElement)),
        }
        Ok(at)
    }
}
