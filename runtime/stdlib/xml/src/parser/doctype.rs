//! The prolog: what a document type's tokens mean, by what came before.

use super::chars::is_public;
use super::code::{Code, Fault};
use super::declaration::Current;
use super::event::{Event, For, Rare};
use super::groups::Groups;
use super::scan::{S, Scan, normal_lines};
use super::token::{Token, take};
use super::{Kind, Parameters, Parser, Phase};
use std::ops::Range;
use std::rc::Rc;

/// What is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The document type, or the document's element.
    Before,
    /// The document's element.
    Behind,
    Doctype(Step),
    /// A declaration, or an end.
    Between,
    Entity(Step),
    Notation(Step),
    Element(Step),
    Attlist(Step),
    Section(Step),
}
/// The part of a declaration that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Name,
    /// The name of a parameter entity.
    Parameter,
    /// What comes behind the name.
    What,
    Public,
    /// A system identifier; behind a public one.
    PublicSystem,
    System,
    /// What may come behind a system identifier.
    Ids,
    Ndata,
    /// A member of a group; the first of one, of the first.
    Item,
    First,
    Outermost,
    /// What connects two members of a group.
    Connector,
    /// The same behind `#PCDATA`, and a name there.
    MixedFirst,
    Mixed,
    MixedName,
    Notations,
    Default,
    Fixed,
    /// `[`
    Include,
    Ignore,
    /// `>`
    Close,
}

pub(super) struct Doctype {
    /// Is it in the document itself?
    pub(super) in_document: bool,
    pub(super) state: State,
    /// Sections that are open.
    pub(super) included: usize,
    pub(super) groups: Groups,
    pub(super) current: Current,
    name: Option<String>,
    system: Option<Rc<str>>,
    public: Option<Rc<str>>,
}
impl Doctype {
    pub(super) fn new(in_document: bool) -> Doctype {
        Doctype {
            in_document,
            state: if in_document { State::Before } else { State::Between },
            included: 0,
            groups: Groups::default(),
            current: Current::default(),
            name: None,
            system: None,
            public: None,
        }
    }
    pub(super) fn is_between(&self) -> bool {
        self.state == State::Between
    }
}
/// The fault of a token that does not fit.
pub(super) fn unexpected<T>(token: &Token) -> S<T> {
    Err(Fault::Error(if matches!(token, Token::Parameter(_)) { Code::ParamEntityRef } else { Code::Syntax }))
}
/// A public identifier, with its white space as it is compared.
pub(super) fn public_id(text: &str, id: &Range<usize>) -> S<Rc<str>> {
    let start = id.start;
    let text = &text[id.clone()];
    if let Some(wrong) = text.bytes().position(|b| !is_public(b)) {
        return Err(Fault::At(Code::PublicId, start + wrong));
    }
    let words: Vec<&str> = text.split([' ', '\r', '\n']).filter(|word| !word.is_empty()).collect();
    Ok(words.join(" ").into())
}

impl Parser {
    /// A token of the prolog or of a document type.
    pub(super) fn prolog(&mut self, scan: Scan<'_>) -> S<usize> {
        let (token, at) = take(scan)?;
        let before = self.queue.len();
        let whose = match self.doctype.state {
            State::Doctype(_) => For::StartDoctype,
            State::Entity(_) => For::EntityDecl,
            State::Notation(_) => For::NotationDecl,
            State::Element(_) => For::ElementDecl,
            State::Attlist(_) => For::AttlistDecl,
            _ => For::Default,
        };
        let told = match (self.doctype.state, &token) {
            (_, Token::Space) => Some(whose),
            (_, Token::Parameter(name)) if !self.doctype.in_document || self.doctype.is_between() => {
                let is_between = self.doctype.is_between();
                if self.open_parameter(&scan.text[name.clone()], is_between, at)? { None } else { Some(whose) }
            }
            (State::Before | State::Behind | State::Between, Token::Comment(text)) => {
                self.tell(Event::Comment(normal_lines(&scan.text[text.clone()])));
                None
            }
            (State::Before | State::Behind | State::Between, Token::Instruction) => {
                let mut scan = scan;
                scan.at += 2;
                self.tell_instruction(&mut scan)?;
                None
            }
            (State::Before | State::Behind, Token::Instance) => {
                self.open_subset(None, None);
                self.phase = Phase::Content;
                None
            }
            (State::Before, Token::Open(name)) if &scan.text[name.clone()] == "DOCTYPE" => {
                self.doctype.state = State::Doctype(Step::Name);
                Some(For::StartDoctype)
            }
            (State::Doctype(step), _) => self.doctype_token(step, &token, scan.text)?,
            (State::Between, _) => self.between(&token, scan.text)?,
            // Names of entities and notations have no prefixes.
            (State::Entity(_) | State::Notation(_), Token::Name(name))
                if scan.colons && scan.text[name.clone()].contains(':') =>
            {
                return unexpected(&token);
            }
            (State::Entity(step), _) => self.entity_token(step, &token, scan.text)?,
            (State::Notation(step), _) => self.notation_token(step, &token, scan.text)?,
            (State::Element(step), _) => self.element_token(step, &token, scan.text)?,
            (State::Attlist(step), _) => self.attlist_token(step, &token, scan.text)?,
            (State::Section(step), _) => self.section_token(step, &token, scan.text)?,
            _ => return unexpected(&token),
        };
        if let Some(whose) = told {
            // Declarations that do not count are nobody's.
            let is_void = matches!(whose, For::EntityDecl | For::AttlistDecl) && !self.dtd.borrow().counts;
            let whose = if is_void { For::Default } else { whose };
            self.queue.insert(before, (Event::Token(whose), false));
        }
        Ok(at)
    }
    /// Within `<!DOCTYPE …>`, outside of its brackets. Answers whose the token is, unless something was told.
    fn doctype_token(&mut self, step: Step, token: &Token, text: &str) -> S<Option<For>> {
        let next = match (step, token) {
            (Step::Name, Token::Name(name)) => {
                self.doctype.name = Some(text[name.clone()].to_owned());
                Step::What
            }
            (Step::What, Token::Name(name)) if &text[name.clone()] == "SYSTEM" => Step::System,
            (Step::What, Token::Name(name)) if &text[name.clone()] == "PUBLIC" => Step::Public,
            (Step::Public, Token::Literal(id)) => {
                self.settings.foreign_dtd = false;
                self.dtd.borrow_mut().has_parameter_references = true;
                self.doctype.public = Some(public_id(text, id)?);
                Step::PublicSystem
            }
            (Step::PublicSystem | Step::System, Token::Literal(id)) => {
                self.settings.foreign_dtd = false;
                self.doctype.system = Some(normal_lines(&text[id.clone()]).into());
                let mut dtd = self.dtd.borrow_mut();
                dtd.has_parameter_references = true;
                let asks = !dtd.is_standalone && self.settings.parameters == Parameters::Never;
                drop(dtd);
                if asks {
                    self.tell(Event::NotStandalone);
                }
                Step::Ids
            }
            (Step::What | Step::Ids, Token::OpenBracket) => {
                self.tell_doctype(true);
                self.doctype.state = State::Between;
                return Ok(None);
            }
            (Step::What | Step::Ids | Step::Close, Token::Close) => {
                let is_alone = step == Step::Close;
                if !is_alone {
                    self.tell_doctype(false);
                }
                let (system, public) = (self.doctype.system.clone(), self.doctype.public.clone());
                self.open_subset(system, public);
                self.doctype.state = State::Behind;
                if self.after.is_some() {
                    // The end is told when the external part was read.
                    self.doctype.name = Some(String::new());
                    return Ok(None);
                }
                self.tell(Event::EndDoctype { is_alone });
                return Ok(None);
            }
            _ => return unexpected(token),
        };
        self.doctype.state = State::Doctype(next);
        Ok(Some(For::StartDoctype))
    }
    /// Tells the end of the document type, if that waited for its external part.
    pub(super) fn end_doctype(&mut self) {
        if self.doctype.state == State::Behind && self.doctype.name.take().is_some() {
            self.tell(Event::EndDoctype { is_alone: false });
        }
    }
    fn tell_doctype(&mut self, has_subset: bool) {
        let name = self.doctype.name.take().unwrap_or_default();
        let (system, public) = (self.doctype.system.clone(), self.doctype.public.clone());
        self.tell_rare(Rare::StartDoctype { name, system, public, has_subset });
    }
    /// Between declarations.
    fn between(&mut self, token: &Token, text: &str) -> S<Option<For>> {
        let (state, whose) = match token {
            Token::Open(name) => match &text[name.clone()] {
                "ENTITY" => (State::Entity(Step::Name), For::EntityDecl),
                "NOTATION" => (State::Notation(Step::Name), For::NotationDecl),
                "ELEMENT" => (State::Element(Step::Name), For::ElementDecl),
                "ATTLIST" => (State::Attlist(Step::Name), For::AttlistDecl),
                _ => return unexpected(token),
            },
            Token::CloseBracket if self.kind == Kind::Document && self.frames.is_empty() => {
                (State::Doctype(Step::Close), For::StartDoctype)
            }
            Token::OpenSection if !self.doctype.in_document => (State::Section(Step::Name), For::Default),
            Token::CloseSection if self.doctype.included > 0 => {
                self.doctype.included -= 1;
                (State::Between, For::Default)
            }
            _ => return unexpected(token),
        };
        self.doctype.state = state;
        Ok(Some(whose))
    }
    /// Within `<![…[`.
    fn section_token(&mut self, step: Step, token: &Token, text: &str) -> S<Option<For>> {
        match (step, token) {
            (Step::Name, Token::Name(name)) => {
                self.doctype.state = State::Section(match &text[name.clone()] {
                    "INCLUDE" => Step::Include,
                    "IGNORE" => Step::Ignore,
                    _ => return unexpected(token),
                });
            }
            (Step::Include, Token::OpenBracket) => {
                self.doctype.included += 1;
                self.doctype.state = State::Between;
            }
            (Step::Ignore, Token::OpenBracket) => {
                self.doctype.state = State::Between;
                self.phase = Phase::Ignored(1);
            }
            _ => return unexpected(token),
        }
        Ok(Some(For::Default))
    }
    /// Within a section that is left out.
    pub(super) fn ignored(&mut self, mut scan: Scan<'_>, open: usize) -> S<usize> {
        let start = scan.at;
        loop {
            let (change, length) = match scan.peek()? {
                b'<' if scan.text[scan.at..].starts_with("<![") => (open + 1, 3),
                b']' if scan.text[scan.at..].starts_with("]]>") => (open - 1, 3),
                b'<' | b']' if scan.text.len() < scan.at + 3 && scan.at > start => return Ok(scan.at),
                b'<' | b']' if scan.text.len() < scan.at + 3 => return scan.missing(),
                _ => {
                    scan.take()?;
                    // What is at hand is done with.
                    if scan.is_at_end() {
                        return Ok(scan.at);
                    }
                    continue;
                }
            };
            scan.at += length;
            self.phase = if change == 0 { Phase::Prolog } else { Phase::Ignored(change) };
            self.tell(Event::Token(For::Default));
            return Ok(scan.at);
        }
    }
}
