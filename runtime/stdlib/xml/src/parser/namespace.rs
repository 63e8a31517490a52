//! Prefixes and what they stand for.

use super::Parser;
use super::chars::is_uri;
use super::code::Code;
use super::event::Event;
use std::collections::HashMap;
use std::rc::Rc;

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// What prefixes (the empty one: names without) stand for, the innermost last.
pub(super) struct Bindings(HashMap<Rc<str>, Vec<Option<Rc<str>>>>);
impl Bindings {
    pub(super) fn new() -> Bindings {
        Bindings(HashMap::from([("xml".into(), vec![Some(XML.into())])]))
    }
    pub(super) fn bind(&mut self, prefix: Rc<str>, uri: Option<Rc<str>>) {
        self.0.entry(prefix).or_default().push(uri);
    }
    pub(super) fn unbind(&mut self, prefix: &str) {
        if let Some(uris) = self.0.get_mut(prefix) {
            uris.pop();
        }
    }
    pub(super) fn get(&self, prefix: &str) -> Option<&Rc<str>> {
        self.0.get(prefix)?.last()?.as_ref()
    }
    /// All that are bound, as contexts of external entities tell them.
    pub(super) fn list(&self) -> impl Iterator<Item = String> {
        let bound = self.0.iter().filter_map(|(prefix, uris)| Some((prefix, uris.last()?.as_ref()?)));
        let mut all: Vec<String> = bound.map(|(prefix, uri)| format!("{prefix}={uri}")).collect();
        all.sort_unstable();
        all.into_iter()
    }
}
/// The prefix that an attribute declares; the empty one for `xmlns`.
pub(super) fn declared(attribute: &str) -> Option<&str> {
    match attribute.strip_prefix("xmlns")? {
        "" => Some(""),
        rest => rest.strip_prefix(':'),
    }
}

impl Parser {
    /// Binds a prefix, and tells it.
    pub(super) fn bind(&mut self, prefix: &str, uri: &str, bound: &mut Vec<Rc<str>>) -> Result<(), Code> {
        match prefix {
            "xmlns" => return Err(Code::ReservedPrefixXmlns),
            "xml" if uri != XML => return Err(Code::ReservedPrefixXml),
            "xml" => {}
            _ if uri == XML || uri == XMLNS => return Err(Code::ReservedNamespaceUri),
            "" => {}
            _ if uri.is_empty() => return Err(Code::UndeclaringPrefix),
            _ => {}
        }
        if let Some(separator) = self.settings.separator
            && !is_uri(separator)
            && uri.contains(separator)
        {
            return Err(Code::Syntax);
        }
        let prefix = self.known(prefix);
        let uri = if uri.is_empty() { None } else { Some(self.known(uri)) };
        self.bindings.bind(prefix.clone(), uri.clone());
        bound.push(prefix.clone());
        self.tell(Event::StartNamespace { prefix: Some(prefix).filter(|p| !p.is_empty()), uri });
        Ok(())
    }
    /// Ends bindings of an element, and tells it.
    pub(super) fn unbind(&mut self, bound: Vec<Rc<str>>, is_at_end: bool) {
        for prefix in bound.into_iter().rev() {
            self.bindings.unbind(&prefix);
            let event = Event::EndNamespace { prefix: Some(prefix).filter(|p| !p.is_empty()) };
            if is_at_end { self.tell_at_end(event) } else { self.tell(event) }
        }
    }
    /// A name with its namespace in place of the prefix.
    pub(super) fn expanded(&mut self, name: &str, is_attribute: bool) -> Result<Rc<str>, Code> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        if prefix.is_empty() && is_attribute {
            return Ok(self.known(name));
        }
        let Some(uri) = self.bindings.get(prefix) else {
            return if prefix.is_empty() { Ok(self.known(name)) } else { Err(Code::UnboundPrefix) };
        };
        let mut full = String::from(&**uri);
        full.extend(self.settings.separator);
        full.push_str(local);
        if self.settings.tells_prefixes && !prefix.is_empty() {
            full.extend(self.settings.separator);
            full.push_str(prefix);
        }
        Ok(self.known(&full))
    }
}
