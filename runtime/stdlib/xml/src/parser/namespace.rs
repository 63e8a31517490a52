//! Prefixes and what they stand for.

use super::Parser;
use super::chars::is_uri;
use super::code::Code;
use super::event::Event;
use super::names::Name;
use std::collections::HashMap;
use std::rc::Rc;

const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// What prefixes (the empty one: names without) stand for, the innermost last.
pub(super) struct Bindings {
    bound: HashMap<Rc<str>, Vec<Option<Rc<str>>>>,
    /// How many times that has changed.
    changes: u64,
}
impl Bindings {
    pub(super) fn new() -> Bindings {
        Bindings { bound: HashMap::from([("xml".into(), vec![Some(XML.into())])]), changes: 0 }
    }
    pub(super) fn bind(&mut self, prefix: Rc<str>, uri: Option<Rc<str>>) {
        self.changes += 1;
        self.bound.entry(prefix).or_default().push(uri);
    }
    pub(super) fn unbind(&mut self, prefix: &str) {
        self.changes += 1;
        if let Some(uris) = self.bound.get_mut(prefix) {
            uris.pop();
        }
    }
    pub(super) fn get(&self, prefix: &str) -> Option<&Rc<str>> {
        self.bound.get(prefix)?.last()?.as_ref()
    }
    /// All that are bound, as contexts of external entities tell them.
    pub(super) fn list(&self) -> impl Iterator<Item = String> {
        let bound = self.bound.iter().filter_map(|(prefix, uris)| Some((prefix, uris.last()?.as_ref()?)));
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
        let shared = |parser: &mut Parser, text: &str| {
            let name = parser.names.get(text);
            parser.names.text(name).clone()
        };
        let prefix = shared(self, prefix);
        let uri = if uri.is_empty() { None } else { Some(shared(self, uri)) };
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
    pub(super) fn expanded(&mut self, name: Name, is_attribute: bool) -> Result<Name, Code> {
        let state = self.bindings.changes << 1 | u64::from(self.settings.tells_prefixes);
        if let Some(known) = self.names.expansion(name, is_attribute, state) {
            return Ok(known);
        }
        let expanded = self.expand_name(name, is_attribute)?;
        self.names.set_expansion(name, is_attribute, state, expanded);
        Ok(expanded)
    }
    fn expand_name(&mut self, name: Name, is_attribute: bool) -> Result<Name, Code> {
        let text = self.names.text(name).clone();
        let (prefix, local) = text.split_once(':').unwrap_or(("", &text));
        if prefix.is_empty() && is_attribute {
            return Ok(name);
        }
        let Some(uri) = self.bindings.get(prefix) else {
            return if prefix.is_empty() { Ok(name) } else { Err(Code::UnboundPrefix) };
        };
        let mut full = String::from(&**uri);
        full.extend(self.settings.separator);
        full.push_str(local);
        if self.settings.tells_prefixes && !prefix.is_empty() {
            full.extend(self.settings.separator);
            full.push_str(prefix);
        }
        Ok(self.names.get(&full))
    }
}
