//! Start and end tags.

use super::chars::{class, is_space};
use super::code::{Code, Fault};
use super::event::{Attribute, Event};
use super::names::Name;
use super::namespace::declared;
use super::scan::{S, Scan};
use super::{Kind, Parser, Phase};
use std::collections::HashSet;
use std::rc::Rc;

/// An element that is open.
pub(super) struct Tag {
    /// As it stands in the document.
    raw: Name,
    /// As it is told.
    name: Name,
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
        self.seen.clear();
        let mut many: HashSet<Name> = HashSet::new();
        for [from, to, begin, end] in spans.iter().copied() {
            let name = self.names.get(&text[from..to]);
            let is_twice = if spans.len() < MANY { self.seen.contains(&name) } else { !many.insert(name) };
            if is_twice {
                return Err(Fault::At(Code::DuplicateAttribute, from));
            }
            self.seen.push(name);
            let is_cdata = self.dtd.borrow().is_cdata(raw, &text[from..to]);
            let at = self.told.len();
            let mut told = std::mem::take(&mut self.told);
            let valued = self.attribute_value(text, begin..end, is_cdata, &mut told);
            self.told = told;
            valued?;
            self.add_attribute(name, at, bound)?;
        }
        let specified = self.attributes.len();
        self.add_defaults(raw, bound)?;
        let raw = self.names.get(raw);
        let name = if self.settings.has_namespaces { self.expand_names(raw)? } else { raw };
        self.tell(Event::StartElement { name, specified, is_empty });
        if !is_empty {
            self.tags.push(Tag { raw, name, bound: std::mem::take(bound) });
            return Ok(());
        }
        self.tell_at_end(Event::EndElement { name, is_empty });
        self.unbind(std::mem::take(bound), true);
        self.end_root();
        Ok(())
    }
    /// An attribute whose value is what is told from a place on.
    fn add_attribute(&mut self, name: Name, at: usize, bound: &mut Vec<Rc<str>>) -> Result<(), Code> {
        let value = at..self.told.len();
        if self.settings.has_namespaces && declared(self.names.text(name)).is_some() {
            let (text, uri) = (self.names.text(name).clone(), self.told[value].to_owned());
            return self.bind(declared(&text).unwrap_or_default(), &uri, bound);
        }
        self.attributes.push(Attribute { name, value });
        Ok(())
    }
    /// Adds what the document type has for attributes that are not there.
    fn add_defaults(&mut self, element: &str, bound: &mut Vec<Rc<str>>) -> Result<(), Code> {
        if self.dtd.borrow().defaults.is_empty() {
            return Ok(());
        }
        let dtd = self.dtd.clone();
        let dtd = dtd.borrow();
        let Some(defaults) = dtd.defaults.get(element) else { return Ok(()) };
        let specified: HashSet<Name> = self.seen.iter().copied().collect();
        for default in &defaults.list {
            let name = self.names.get(&default.name);
            if let (Some(value), false) = (&default.value, specified.contains(&name)) {
                if !self.account.expanded(value.len()) {
                    return Err(Code::AmplificationLimit);
                }
                let at = self.told.len();
                self.told.push_str(value);
                self.add_attribute(name, at, bound)?;
            }
        }
        Ok(())
    }
    /// Gives the attributes the names that they are told by; answers the element's.
    fn expand_names(&mut self, raw: Name) -> Result<Name, Code> {
        let mut is_any_expanded = false;
        for i in 0..self.attributes.len() {
            let name = self.attributes[i].name;
            let expanded = self.expanded(name, true)?;
            self.attributes[i].name = expanded;
            is_any_expanded |= expanded != name;
        }
        if is_any_expanded && self.attributes.len() > 1 {
            let mut seen = HashSet::new();
            if !self.attributes.iter().all(|attribute| seen.insert(attribute.name)) {
                return Err(Code::DuplicateAttribute);
            }
        }
        self.expanded(raw, false)
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
            Some(tag) if **self.names.text(tag.raw) == scan.text[name.clone()] => {
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
                    scan.skip(class::VALUE);
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
