//! Start and end tags.

use super::chars::is_space;
use super::code::{Code, Fault};
use super::event::Event;
use super::namespace::declared;
use super::scan::{S, Scan};
use super::{Kind, Parser, Phase};
use std::collections::HashSet;
use std::rc::Rc;

/// An element that is open.
pub(super) struct Tag {
    /// As it stands in the document.
    raw: Rc<str>,
    /// As it is told.
    name: Rc<str>,
    /// The prefixes that it bound.
    bound: Vec<Rc<str>>,
}
/// Attributes from which on a table finds those that are there twice.
const MANY: usize = 12;

impl Parser {
    /// A start tag, at its name.
    pub(super) fn start_tag(&mut self, mut scan: Scan<'_>) -> S<usize> {
        let name = scan.name(false)?;
        let mut spans = std::mem::take(&mut self.spans);
        spans.clear();
        let is_empty = attributes(&mut scan, &mut spans);
        let told = is_empty.and_then(|is_empty| {
            self.open_element(scan, &scan.text[name], &spans, is_empty)?;
            Ok(scan.at)
        });
        self.spans = spans;
        told
    }
    fn open_element(&mut self, scan: Scan<'_>, raw: &str, spans: &[[usize; 4]], is_empty: bool) -> S<()> {
        let mut bound = Vec::new();
        let told = self.tell_element(scan, raw, spans, is_empty, &mut bound);
        if told.is_err() && is_empty {
            self.unbind(bound, false);
        }
        told
    }
    fn tell_element(
        &mut self,
        scan: Scan<'_>,
        raw: &str,
        spans: &[[usize; 4]],
        is_empty: bool,
        bound: &mut Vec<Rc<str>>,
    ) -> S<()> {
        let text = scan.text;
        let mut attributes: Vec<(Rc<str>, String)> = Vec::with_capacity(spans.len());
        let mut seen: HashSet<&str> = HashSet::new();
        for (i, [from, to, begin, end]) in spans.iter().copied().enumerate() {
            let name = &text[from..to];
            let is_twice = if spans.len() < MANY {
                spans[..i].iter().any(|[from, to, ..]| &text[*from..*to] == name)
            } else {
                !seen.insert(name)
            };
            if is_twice {
                return Err(Fault::At(Code::DuplicateAttribute, from));
            }
            let is_cdata = self.dtd.borrow().is_cdata(raw, name);
            let value = self.attribute_value(text, begin..end, is_cdata)?;
            self.add_attribute(name, value, &mut attributes, bound)?;
        }
        let specified = attributes.len();
        self.add_defaults(raw, spans.iter().map(|[from, to, ..]| &text[*from..*to]), &mut attributes, bound)?;
        let raw = self.known(raw);
        let mut name = raw.clone();
        if self.settings.has_namespaces {
            for (name, _) in &mut attributes {
                *name = self.expanded(&name.clone(), true)?;
            }
            if attributes.iter().any(|(name, _)| name.len() > 1) && attributes.len() > 1 {
                let mut seen = HashSet::new();
                if !attributes.iter().all(|(name, _)| seen.insert(name.clone())) {
                    return Err(Fault::Error(Code::DuplicateAttribute));
                }
            }
            name = self.expanded(&raw, false)?;
        }
        self.tell(Event::StartElement { name: name.clone(), attributes, specified, is_empty });
        if !is_empty {
            self.tags.push(Tag { raw, name, bound: std::mem::take(bound) });
            return Ok(());
        }
        self.tell_at_end(Event::EndElement { name, is_empty });
        self.unbind(std::mem::take(bound), true);
        self.end_root();
        Ok(())
    }
    fn add_attribute(
        &mut self,
        name: &str,
        value: String,
        attributes: &mut Vec<(Rc<str>, String)>,
        bound: &mut Vec<Rc<str>>,
    ) -> Result<(), Code> {
        match declared(name) {
            Some(prefix) if self.settings.has_namespaces => self.bind(prefix, &value, bound),
            _ => {
                let name = self.known(name);
                attributes.push((name, value));
                Ok(())
            }
        }
    }
    /// Adds what the document type has for attributes that are not there.
    fn add_defaults<'a>(
        &mut self,
        element: &str,
        specified: impl Iterator<Item = &'a str>,
        attributes: &mut Vec<(Rc<str>, String)>,
        bound: &mut Vec<Rc<str>>,
    ) -> Result<(), Code> {
        let dtd = self.dtd.clone();
        let dtd = dtd.borrow();
        let Some(defaults) = dtd.defaults.get(element) else { return Ok(()) };
        let specified: HashSet<&str> = specified.collect();
        for default in &defaults.list {
            if let (Some(value), false) = (&default.value, specified.contains(&*default.name)) {
                if !self.account.expanded(value.len()) {
                    return Err(Code::AmplificationLimit);
                }
                self.add_attribute(&default.name, value.clone(), attributes, bound)?;
            }
        }
        Ok(())
    }
    /// An end tag, at its name.
    pub(super) fn end_tag(&mut self, mut scan: Scan<'_>) -> S<usize> {
        let name = scan.name(false)?;
        scan.spaces()?;
        if !scan.eat(b'>')? {
            return scan.invalid();
        }
        let base = self.frames.last().map_or(0, |frame| frame.tags);
        if self.tags.len() <= base {
            return Err(Fault::Error(Code::AsyncEntity));
        }
        match self.tags.pop() {
            Some(tag) if *tag.raw == scan.text[name.clone()] => {
                self.tell(Event::EndElement { name: tag.name, is_empty: false });
                self.unbind(tag.bound, false);
                self.end_root();
                Ok(scan.at)
            }
            _ => Err(Fault::At(Code::TagMismatch, name.start)),
        }
    }
    /// Ends the document's content behind its element.
    fn end_root(&mut self) {
        if self.tags.is_empty() && self.kind == Kind::Document && self.frames.is_empty() {
            self.phase = Phase::Epilog;
        }
    }
}

/// The attributes of a tag behind its name: is it an empty element's?
fn attributes(scan: &mut Scan<'_>, spans: &mut Vec<[usize; 4]>) -> S<bool> {
    loop {
        let spaced = scan.spaces()?;
        match scan.peek()? {
            b'>' => {
                scan.at += 1;
                return Ok(false);
            }
            b'/' => {
                scan.at += 1;
                return if scan.eat(b'>')? { Ok(true) } else { scan.invalid() };
            }
            _ if !spaced => return scan.invalid(),
            _ => {}
        }
        let name = scan.name(false)?;
        scan.spaces()?;
        if !scan.eat(b'=')? {
            return scan.invalid();
        }
        scan.spaces()?;
        let quote = scan.quote()?;
        let start = scan.at;
        loop {
            match scan.peek()? {
                b if b == quote => break,
                b'<' => return scan.invalid(),
                b'&' => {
                    scan.at += 1;
                    scan.reference()?;
                }
                _ => {
                    scan.take()?;
                }
            }
        }
        spans.push([name.start, name.end, start, scan.at]);
        scan.at += 1;
        if !(is_space(scan.peek()?) || matches!(scan.peek()?, b'>' | b'/')) {
            return scan.invalid();
        }
    }
}
