//! A parser of XML that is fed with pieces and asked for what they tell: [`Parser::feed`], [`Parser::next`].
//!
//! It checks that a document is well-formed, expands internal entities and defaults of attributes, and knows no Python. What
//! asks may do as it likes between two events: answer one, change settings, make parsers of external entities, stop.
//! No function calls itself with the document's depth: elements, entities and groups are on stacks.
//!
//! The crates that there are do not do: the one with libexpat has that of 2012, others need whole documents or hide what a
//! document type declares.

mod chars;
mod code;
mod content;
mod declaration;
mod doctype;
mod dtd;
mod entity;
mod event;
mod groups;
mod names;
mod namespace;
mod scan;
mod source;
mod start;
mod tag;
#[cfg(test)]
mod tests;
mod token;
mod value;

pub(crate) use code::{CODES, Code};
pub(crate) use event::{Attribute, Declared, Event, For, Model, Rare, model};
pub(crate) use names::Name;
pub(crate) use source::{NO_CHAR, Place};

use code::Fault;
use doctype::Doctype;
use dtd::{Account, Dtd};
use names::Names;
use namespace::Bindings;
use scan::{End, S, Scan};
use source::{Encoding, Source};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;
use tag::Tag;

/// What is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Document,
    /// An external general entity: content.
    General,
    /// An external parameter entity, or the external part of a document type.
    Parameter,
}
/// Where the parser is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing is known of the encoding.
    Start,
    /// A declaration may come.
    Declaration,
    Prolog,
    /// In a section of a document type that is left out; how many are open.
    Ignored(usize),
    Content,
    Cdata,
    Epilog,
    Finished,
}
/// What a caller may set.
#[derive(Clone)]
pub(crate) struct Settings {
    /// Are names told with their namespaces?
    pub(crate) has_namespaces: bool,
    /// Between namespace and name.
    pub(crate) separator: Option<char>,
    /// Are prefixes told, too?
    pub(crate) tells_prefixes: bool,
    /// Are internal entities expanded?
    pub(crate) expands: bool,
    /// Are start tags told? The end of an empty element is at its tag's end then.
    pub(crate) tells_starts: bool,
    /// Will someone be there for external entities?
    pub(crate) has_external: bool,
    /// Is a document type asked for that the document does not name?
    pub(crate) foreign_dtd: bool,
    pub(crate) parameters: Parameters,
    pub(crate) base: Option<Rc<str>>,
}
/// Which parameter entities are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parameters {
    Never,
    UnlessStandalone,
    Always,
}
/// An internal entity that is being parsed.
struct Frame {
    text: Rc<str>,
    at: usize,
    name: Rc<str>,
    is_parameter: bool,
    /// A parameter entity between declarations.
    is_between: bool,
    /// Elements that were open before.
    tags: usize,
}
/// What is to be done when the one who asks had its say on an event.
enum After {
    Encoding,
    /// A declared encoding, and where its name is.
    Switch(String, usize),
    /// An external parameter entity.
    Parameter(Rc<str>),
    /// The external part of the document type: had it a system identifier, were there references to parameters before?
    Subset {
        has_system: bool,
        had_references: bool,
    },
    General(Rc<str>),
}

pub(crate) struct Parser {
    pub(crate) settings: Settings,
    kind: Kind,
    source: Source,
    /// Was the encoding told from outside?
    given: Option<String>,
    frames: Vec<Frame>,
    phase: Phase,
    queue: VecDeque<(Event, bool)>,
    /// The texts of the events of one token, and the attributes of one tag: events have ranges of them.
    told: String,
    attributes: Vec<Attribute>,
    /// The token that is told, in the text of the source.
    span: (usize, usize),
    /// The same in the text of the innermost entity.
    raw: (usize, usize),
    failed: Option<Code>,
    after: Option<After>,
    dtd: Rc<RefCell<Dtd>>,
    account: Rc<Account>,
    tags: Vec<Tag>,
    bindings: Bindings,
    names: Names,
    doctype: Doctype,
    /// Attributes of the tag that is scanned: where names and values are, and the names as they stand there.
    spans: Vec<[usize; 4]>,
    seen: Vec<Name>,
}

impl Parser {
    pub(crate) fn new(encoding: Option<String>, settings: Settings) -> Parser {
        Parser {
            settings,
            kind: Kind::Document,
            source: Source::new(),
            given: encoding,
            frames: Vec::new(),
            phase: Phase::Start,
            queue: VecDeque::new(),
            told: String::new(),
            attributes: Vec::new(),
            span: (0, 0),
            raw: (0, 0),
            failed: None,
            after: None,
            dtd: Rc::new(RefCell::new(Dtd::new())),
            account: Rc::default(),
            tags: Vec::new(),
            bindings: Bindings::new(),
            names: Names::new(),
            doctype: Doctype::new(true),
            spans: Vec::new(),
            seen: Vec::new(),
        }
    }
    /// A parser of an external entity: a parameter entity without a context.
    pub(crate) fn external(&self, context: Option<&str>, encoding: Option<String>) -> Parser {
        let mut parser = Parser::new(encoding, self.settings.clone());
        if context.is_none() {
            parser.dtd = self.dtd.clone();
        } else {
            // What is open in there is none of ours.
            let mut dtd = self.dtd.borrow().clone();
            dtd.entities.values_mut().for_each(|entity| entity.is_open = false);
            parser.dtd = Rc::new(RefCell::new(dtd));
        }
        parser.account = self.account.clone();
        parser.kind = if context.is_some() { Kind::General } else { Kind::Parameter };
        parser.doctype = Doctype::new(false);
        for item in context.unwrap_or_default().split('\u{C}').filter(|item| !item.is_empty()) {
            match item.split_once('=') {
                Some((prefix, uri)) => parser.bindings.bind(prefix.into(), Some(uri.into())),
                None => parser.dtd.borrow_mut().open(item, false, true),
            }
        }
        parser
    }
    /// Has anything been parsed?
    pub(crate) fn has_begun(&self) -> bool {
        self.phase != Phase::Start
    }
    /// Has there been anything to be parsed?
    pub(crate) fn has_input(&self) -> bool {
        self.has_begun() && self.source.has_input()
    }
    /// Tells the encoding from outside, before anything else.
    pub(crate) fn set_encoding(&mut self, name: &str) {
        if !self.has_begun() {
            self.given = Some(name.to_owned());
        }
    }
    /// Bytes of memory, about.
    pub(crate) fn size(&self) -> usize {
        let stacks = 40 * self.tags.capacity() + 32 * self.spans.capacity() + self.doctype.groups.size();
        self.source.size() + self.told.capacity() + self.names.size + stacks + self.dtd.borrow().size
    }
    /// Takes a piece of the document; the last one, perhaps. All events of earlier ones are told.
    pub(crate) fn feed(&mut self, bytes: &[u8], last: bool) -> Result<(), Code> {
        if let Some(code) = self.failed {
            return Err(code);
        }
        if self.phase == Phase::Finished {
            return Err(Code::Finished);
        }
        self.account.read(bytes.len());
        self.source.feed(bytes, last);
        self.span = (0, 0);
        if !matches!(self.phase, Phase::Start | Phase::Declaration) {
            self.source.decode(usize::MAX);
        }
        Ok(())
    }
    /// The next thing that is told. `None`: another piece is wanted, or the document has ended.
    pub(crate) fn next(&mut self) -> Result<Option<Event>, Code> {
        loop {
            if let Some((event, is_at_end)) = self.queue.pop_front() {
                if is_at_end && self.settings.tells_starts {
                    self.span.0 = self.span.1;
                    self.raw.0 = self.raw.1;
                }
                return Ok(Some(event));
            }
            if let Some(code) = self.failed {
                return Err(code);
            }
            self.told.clear();
            self.attributes.clear();
            match self.step() {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                // What was found before the fault is told before it.
                Err(code) => self.failed = Some(code),
            }
        }
    }
    /// Parses no further: the document has ended behind the token that is told.
    pub(crate) fn stop(&mut self) {
        self.queue.clear();
        self.after = None;
        self.phase = Phase::Finished;
        self.span.0 = self.span.1;
    }
    /// The document is wrong, says an answer to an event.
    pub(crate) fn refuse(&mut self, code: Code) {
        self.queue.clear();
        self.failed = Some(code);
    }
    /// The encoding that was asked for, by a character (or [`NO_CHAR`]) for each byte.
    pub(crate) fn set_table(&mut self, table: Box<[u32; 256]>) {
        if let Some(encoding) = Encoding::of_table(table) {
            self.source.encoding = encoding;
            self.after = None;
            if self.phase != Phase::Declaration {
                self.source.decode(usize::MAX);
            }
        }
    }
    /// The text of the token that is told.
    pub(crate) fn raw(&self) -> &str {
        let text = self.frames.last().map_or(self.source.text.as_str(), |frame| &*frame.text);
        text.get(self.raw.0..self.raw.1).unwrap_or_default()
    }
    /// A text of the event at hand.
    pub(crate) fn text(&self, range: Range<usize>) -> &str {
        self.told.get(range).unwrap_or_default()
    }
    /// The attributes of the start tag at hand.
    pub(crate) fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }
    pub(crate) fn name(&self, name: Name) -> &Rc<str> {
        self.names.text(name)
    }
    pub(crate) fn place(&mut self) -> Place {
        self.source.locate(self.span.0)
    }
    /// The bytes of what is told, and all behind them.
    pub(crate) fn input(&self) -> Vec<u8> {
        self.source.bytes_from(self.span.0)
    }

    /// Tells something of the token at hand.
    fn tell(&mut self, event: Event) {
        self.queue.push_back((event, false));
    }
    /// Tells something at the end of the token at hand.
    fn tell_at_end(&mut self, event: Event) {
        // In an entity all is told at the reference.
        self.queue.push_back((event, self.frames.is_empty()));
    }
    fn tell_rare(&mut self, rare: Rare) {
        self.tell(Event::Rare(Box::new(rare)));
    }
    /// Tells text.
    fn tell_text(&mut self, text: &str) {
        let from = self.told.len();
        self.told.push_str(text);
        self.tell(Event::Text(from..self.told.len()));
    }
    fn tell_char(&mut self, c: char) {
        self.tell_text(c.encode_utf8(&mut [0; 4]));
    }
    fn scan<'a>(&self, text: &'a str, at: usize, end: End) -> Scan<'a> {
        Scan { text, at, end, colons: self.settings.has_namespaces }
    }

    /// Parses a token, or does what is due between two. False: there is nothing to be parsed.
    fn step(&mut self) -> Result<bool, Code> {
        if let Some(after) = self.after.take() {
            self.resume(after)?;
            return Ok(true);
        }
        match self.phase {
            Phase::Start => return self.start(),
            Phase::Declaration => return self.declaration(),
            Phase::Finished => return Ok(false),
            _ => {}
        }
        let Some(frame) = self.frames.last() else { return self.step_in_source() };
        let (text, at) = (frame.text.clone(), frame.at);
        if at >= text.len() {
            self.close_frame()?;
            return Ok(true);
        }
        let depth = self.frames.len();
        let taken = self.token(&text, at, End::Last).map_err(|fault| match fault {
            Fault::Error(code) | Fault::At(code, _) => code,
            Fault::Starved => Code::UnclosedToken,
        })?;
        if let Some(frame) = self.frames.get_mut(depth - 1) {
            frame.at = taken;
        }
        self.raw = (at, taken);
        if !self.account.expanded(taken - at) {
            return Err(Code::AmplificationLimit);
        }
        Ok(true)
    }
    fn step_in_source(&mut self) -> Result<bool, Code> {
        let (at, end) = (self.source.at, self.source.end());
        if at >= self.source.text.len() && matches!(end, End::More | End::Last) {
            self.span = (at, at);
            return if end == End::Last { self.finish().map(|()| true) } else { Ok(false) };
        }
        // It is put back below, whatever happens.
        let text = std::mem::take(&mut self.source.text);
        let taken = self.token(&text, at, end);
        self.source.text = text;
        match taken {
            Ok(taken) => {
                self.source.at = taken;
                self.span = (at, taken);
                self.raw = self.span;
                Ok(true)
            }
            Err(fault) => {
                self.span = (at, at);
                // A last CR is told before it is found that the document ends too early; else the token is not.
                let is_told = fault == Fault::Error(Code::NoElements);
                self.raw = (at, if is_told { self.source.text.len() } else { at });
                match fault {
                    Fault::Starved => Ok(false),
                    Fault::Error(code) => Err(code),
                    Fault::At(code, place) => {
                        self.span = (place, place);
                        Err(code)
                    }
                }
            }
        }
    }
    /// Parses a token at a place of a text, and answers where it ends.
    fn token(&mut self, text: &str, at: usize, end: End) -> S<usize> {
        let scan = self.scan(text, at, end);
        match self.phase {
            Phase::Content => self.content(scan),
            Phase::Cdata => self.cdata(scan),
            Phase::Epilog => self.epilog(scan),
            Phase::Ignored(open) => self.ignored(scan, open),
            _ => self.prolog(scan),
        }
    }
    /// The entity has ended.
    fn finish(&mut self) -> Result<(), Code> {
        match (self.phase, self.kind) {
            (Phase::Epilog, _) => {}
            (Phase::Cdata, _) => return Err(Code::UnclosedCdataSection),
            (Phase::Content, Kind::General) if self.tags.is_empty() => {}
            (Phase::Content, Kind::General) => return Err(Code::AsyncEntity),
            (Phase::Prolog, Kind::Parameter) if self.doctype.is_between() && self.doctype.included == 0 => {}
            (Phase::Prolog | Phase::Ignored(_), Kind::Parameter) => return Err(Code::IncompletePe),
            _ => return Err(Code::NoElements),
        }
        self.phase = Phase::Finished;
        Ok(())
    }
    /// Goes on behind an event that was answered.
    fn resume(&mut self, after: After) -> Result<(), Code> {
        if let After::Switch(name, at) = after {
            return self.switch(name, at);
        }
        let mut dtd = self.dtd.borrow_mut();
        match after {
            After::Encoding | After::Switch(..) => return Err(Code::UnknownEncoding),
            After::General(name) => {
                dtd.open(&name, false, false);
                return Ok(());
            }
            After::Parameter(name) => {
                dtd.open(&name, true, false);
                if !dtd.was_read {
                    dtd.counts = dtd.is_standalone;
                    return Ok(());
                }
            }
            After::Subset { has_system, had_references } => {
                let asks = dtd.was_read && !dtd.is_standalone;
                if !dtd.was_read && !has_system {
                    dtd.has_parameter_references = had_references;
                }
                drop(dtd);
                if asks {
                    self.tell(Event::NotStandalone);
                }
                self.end_doctype();
                return Ok(());
            }
        }
        let is_standalone = dtd.is_standalone;
        drop(dtd);
        if !is_standalone {
            self.tell(Event::NotStandalone);
        }
        Ok(())
    }
}
