//! Declarations of entities, notations, elements and attributes.

use super::Parser;
use super::chars::predefined;
use super::doctype::{State, Step, public_id, unexpected};
use super::dtd::{DefaultValue, Entity};
use super::event::{Declared, For, Rare, model};
use super::groups::Groups;
use super::scan::{S, normal_lines};
use super::token::Token;
use std::ops::Range;
use std::rc::Rc;

/// What is declared, as far as it is known.
#[derive(Default)]
pub(super) struct Current {
    name: Rc<str>,
    /// Of an entity: of parameters?
    is_parameter: bool,
    /// Of an entity: is it to be remembered? Not if there is one already.
    is_new: bool,
    system: Option<Rc<str>>,
    public: Option<Rc<str>>,
    attribute: Rc<str>,
    /// The type of an attribute.
    kind: String,
}
/// The types of attributes.
const TYPES: &[&str] = &["CDATA", "ID", "IDREF", "IDREFS", "ENTITY", "ENTITIES", "NMTOKEN", "NMTOKENS"];

impl Parser {
    fn begin(&mut self, name: &str) {
        self.doctype.current = Current { name: name.into(), ..Current::default() };
    }
    fn take_public(&mut self, text: &str, id: &Range<usize>) -> S<()> {
        let id = public_id(text, id)?;
        self.doctype.current.public = Some(id);
        Ok(())
    }
    fn take_system(&mut self, text: &str, id: &Range<usize>) {
        self.doctype.current.system = Some(normal_lines(&text[id.clone()]).into());
    }

    // ---- entities

    pub(super) fn entity_token(&mut self, step: Step, token: &Token, text: &str) -> S<Option<For>> {
        let own = Ok(Some(For::EntityDecl));
        let word = |range: &Range<usize>| &text[range.clone()];
        let next = match (step, token) {
            (Step::Name, Token::Percent) => Step::Parameter,
            (Step::Name | Step::Parameter, Token::Name(name)) => {
                self.start_entity(word(name), step == Step::Parameter);
                self.doctype.state = State::Entity(Step::What);
                return Ok(Some(self.entity_part()));
            }
            (Step::What, Token::Name(name)) if word(name) == "SYSTEM" => Step::System,
            (Step::What, Token::Name(name)) if word(name) == "PUBLIC" => Step::Public,
            (Step::What, Token::Literal(value)) => {
                self.doctype.state = State::Entity(Step::Close);
                return self.take_value(text, value.clone());
            }
            (Step::Public, Token::Literal(id)) => {
                self.take_public(text, id)?;
                self.doctype.state = State::Entity(Step::System);
                return Ok(Some(self.entity_part()));
            }
            (Step::System, Token::Literal(id)) => {
                self.take_system(text, id);
                self.doctype.state = State::Entity(Step::Ids);
                return Ok(Some(self.entity_part()));
            }
            (Step::Ids, Token::Name(name)) if word(name) == "NDATA" && !self.doctype.current.is_parameter => {
                Step::Ndata
            }
            (Step::Ndata, Token::Name(name)) => {
                self.doctype.state = State::Entity(Step::Close);
                let notation: Rc<str> = word(name).into();
                return Ok(self.end_entity(None, Some(notation)));
            }
            (Step::Ids, Token::Close) => {
                self.doctype.state = State::Between;
                return Ok(self.end_entity(None, None));
            }
            (Step::Close, Token::Close) => {
                self.doctype.state = State::Between;
                return own;
            }
            _ => return unexpected(token),
        };
        self.doctype.state = State::Entity(next);
        own
    }
    /// Whose a token is that tells something of the entity: nobody's if the entity is known already.
    fn entity_part(&self) -> For {
        if self.doctype.current.is_new { For::EntityDecl } else { For::Default }
    }
    fn start_entity(&mut self, name: &str, is_parameter: bool) {
        self.begin(name);
        let mut dtd = self.dtd.borrow_mut();
        let is_known = dtd.table(is_parameter).contains_key(name) || !is_parameter && predefined(name).is_some();
        self.doctype.current.is_parameter = is_parameter;
        self.doctype.current.is_new = dtd.counts && !is_known;
    }
    fn take_value(&mut self, text: &str, value: Range<usize>) -> S<Option<For>> {
        if !self.dtd.borrow().counts {
            return Ok(Some(For::EntityDecl));
        }
        let mut known = String::new();
        let fault = self.entity_value(text, value, &mut known).err();
        // What is known of it is told before what is wrong.
        let whose = self.end_entity(Some(known.into()), None);
        fault.map_or(Ok(whose), Err)
    }
    /// Remembers the entity, and tells it.
    fn end_entity(&mut self, value: Option<Rc<str>>, notation: Option<Rc<str>>) -> Option<For> {
        let is_internal = self.is_internal();
        let current = std::mem::take(&mut self.doctype.current);
        if !current.is_new {
            return Some(For::Default);
        }
        let Current { name, is_parameter, system, public, .. } = current;
        let base = if value.is_some() { None } else { self.settings.base.clone() };
        let entity = Entity {
            text: value.clone(),
            base: base.clone(),
            system: system.clone(),
            public: public.clone(),
            notation: notation.clone(),
            is_open: false,
            is_internal,
        };
        let mut dtd = self.dtd.borrow_mut();
        dtd.size += 200 + name.len() + value.as_ref().map_or(0, |value| value.len());
        dtd.table(is_parameter).insert(name.clone(), entity);
        drop(dtd);
        let is_unparsed = notation.is_some();
        let declared = Declared { name, is_parameter, value, base, system, public, notation };
        self.tell_rare(if is_unparsed { Rare::UnparsedEntity(declared) } else { Rare::EntityDecl(declared) });
        None
    }

    // ---- notations

    pub(super) fn notation_token(&mut self, step: Step, token: &Token, text: &str) -> S<Option<For>> {
        let word = |range: &Range<usize>| &text[range.clone()];
        let next = match (step, token) {
            (Step::Name, Token::Name(name)) => {
                self.begin(word(name));
                Step::What
            }
            (Step::What, Token::Name(name)) if word(name) == "SYSTEM" => Step::System,
            (Step::What, Token::Name(name)) if word(name) == "PUBLIC" => Step::Public,
            (Step::Public, Token::Literal(id)) => {
                self.take_public(text, id)?;
                Step::PublicSystem
            }
            (Step::System | Step::PublicSystem, Token::Literal(id)) => {
                self.take_system(text, id);
                self.doctype.state = State::Notation(Step::Close);
                self.tell_notation();
                return Ok(None);
            }
            (Step::PublicSystem, Token::Close) => {
                self.doctype.state = State::Between;
                self.tell_notation();
                return Ok(None);
            }
            (Step::Close, Token::Close) => {
                self.doctype.state = State::Between;
                return Ok(Some(For::NotationDecl));
            }
            _ => return unexpected(token),
        };
        self.doctype.state = State::Notation(next);
        Ok(Some(For::NotationDecl))
    }
    fn tell_notation(&mut self) {
        let Current { name, system, public, .. } = std::mem::take(&mut self.doctype.current);
        let base = self.settings.base.clone();
        self.tell_rare(Rare::Notation { name: name.to_string(), base, system, public });
    }

    // ---- elements

    pub(super) fn element_token(&mut self, step: Step, token: &Token, text: &str) -> S<Option<For>> {
        let word = |range: &Range<usize>| &text[range.clone()];
        let groups = &mut self.doctype.groups;
        let next = match (step, token) {
            (Step::Name, Token::Name(name)) => {
                self.begin(word(name));
                self.doctype.groups = Groups::default();
                Step::What
            }
            (Step::What, Token::Name(name)) => {
                let kind = match word(name) {
                    "EMPTY" => model::EMPTY,
                    "ANY" => model::ANY,
                    _ => return unexpected(token),
                };
                return Ok(self.tell_model(Groups::whole(kind)));
            }
            (Step::What, Token::OpenParen) => {
                groups.open();
                Step::Outermost
            }
            (Step::Outermost, Token::Pound(name)) if word(name) == "PCDATA" => {
                groups.mixed();
                Step::MixedFirst
            }
            (Step::MixedFirst | Step::Mixed, Token::Or) => Step::MixedName,
            (Step::MixedName, Token::Name(name)) => {
                groups.add(word(name), model::ONCE);
                Step::Mixed
            }
            (Step::MixedFirst, Token::CloseParen(times @ (model::ONCE | model::ANY_NUMBER)))
            | (Step::Mixed, Token::CloseParen(times @ model::ANY_NUMBER)) => match groups.close(*times) {
                Some(model) => return Ok(self.tell_model(model)),
                None => return unexpected(token),
            },
            (Step::Outermost | Step::First | Step::Item, Token::OpenParen) => {
                groups.open();
                Step::First
            }
            (Step::Outermost | Step::First | Step::Item, Token::Name(name)) => {
                groups.add(word(name), model::ONCE);
                Step::Connector
            }
            (Step::Outermost | Step::First | Step::Item, Token::Times(name, times)) => {
                groups.add(word(name), *times);
                Step::Connector
            }
            (Step::Connector, Token::Or) if groups.connect(model::CHOICE) => Step::Item,
            (Step::Connector, Token::Comma) if groups.connect(model::SEQUENCE) => Step::Item,
            (Step::Connector, Token::CloseParen(times)) => match groups.close(*times) {
                Some(model) => return Ok(self.tell_model(model)),
                None => Step::Connector,
            },
            (Step::Close, Token::Close) => {
                self.doctype.state = State::Between;
                return Ok(Some(For::ElementDecl));
            }
            _ => return unexpected(token),
        };
        self.doctype.state = State::Element(next);
        Ok(Some(For::ElementDecl))
    }
    fn tell_model(&mut self, model: super::Model) -> Option<For> {
        self.doctype.state = State::Element(Step::Close);
        let name = self.doctype.current.name.clone();
        self.tell_rare(Rare::ElementDecl { name, model });
        None
    }

    // ---- attributes

    pub(super) fn attlist_token(&mut self, step: Step, token: &Token, text: &str) -> S<Option<For>> {
        let word = |range: &Range<usize>| &text[range.clone()];
        let next = match (step, token) {
            (Step::Name, Token::Name(name)) => {
                self.begin(word(name));
                Step::Parameter
            }
            (Step::Parameter, Token::Close) => {
                self.doctype.state = State::Between;
                return Ok(Some(For::AttlistDecl));
            }
            (Step::Parameter, Token::Name(name)) => {
                self.doctype.current.attribute = word(name).into();
                self.doctype.current.kind.clear();
                Step::What
            }
            (Step::What, Token::Name(name)) if TYPES.contains(&word(name)) => {
                word(name).clone_into(&mut self.doctype.current.kind);
                Step::Default
            }
            (Step::What, Token::Name(name)) if word(name) == "NOTATION" => {
                self.doctype.current.kind.push_str("NOTATION");
                Step::Notations
            }
            (Step::What | Step::Notations, Token::OpenParen) => {
                self.doctype.current.kind.push('(');
                if step == Step::What { Step::Item } else { Step::MixedName }
            }
            (Step::Item, Token::Name(name) | Token::Nmtoken(name)) | (Step::MixedName, Token::Name(name)) => {
                self.doctype.current.kind.push_str(word(name));
                if step == Step::Item { Step::Connector } else { Step::Mixed }
            }
            (Step::Connector | Step::Mixed, Token::Or) => {
                self.doctype.current.kind.push('|');
                if step == Step::Connector { Step::Item } else { Step::MixedName }
            }
            (Step::Connector | Step::Mixed, Token::CloseParen(model::ONCE)) => {
                self.doctype.current.kind.push(')');
                Step::Default
            }
            (Step::Default, Token::Pound(name)) => match word(name) {
                "IMPLIED" => return Ok(self.end_attribute(None, false)),
                "REQUIRED" => return Ok(self.end_attribute(None, true)),
                "FIXED" => Step::Fixed,
                _ => return unexpected(token),
            },
            (Step::Default | Step::Fixed, Token::Literal(value)) => {
                let is_cdata = self.doctype.current.kind == "CDATA";
                if !self.dtd.borrow().counts {
                    return Ok(self.end_attribute(None, false));
                }
                let (literal, mut value) = (value.clone(), String::new());
                self.attribute_value(text, literal, is_cdata, &mut value)?;
                return Ok(self.end_attribute(Some(value), step == Step::Fixed));
            }
            _ => return unexpected(token),
        };
        self.doctype.state = State::Attlist(next);
        Ok(Some(For::AttlistDecl))
    }
    /// Remembers the attribute, and tells it.
    fn end_attribute(&mut self, value: Option<String>, is_required: bool) -> Option<For> {
        self.doctype.state = State::Attlist(Step::Parameter);
        let current = &self.doctype.current;
        let (element, attribute) = (current.name.clone(), current.attribute.clone());
        let kind = current.kind.clone();
        let mut dtd = self.dtd.borrow_mut();
        if !dtd.counts {
            return Some(For::AttlistDecl);
        }
        dtd.size += 100 + attribute.len() + value.as_ref().map_or(0, String::len);
        let default = DefaultValue { name: attribute.clone(), is_cdata: kind == "CDATA", value: value.clone() };
        dtd.defaults.entry(element.clone()).or_default().add(default);
        drop(dtd);
        self.tell_rare(Rare::AttlistDecl { element, attribute, kind, value, is_required });
        None
    }
}
