//! Entities that are referred to in content and between or within declarations.

use super::code::Code;
use super::event::{Event, Rare};
use super::{After, Frame, Kind, Parameters, Parser, Phase};
use std::rc::Rc;

impl Parser {
    /// A general entity in content. `at`: behind the reference.
    pub(super) fn open_general(&mut self, name: &str, at: usize) -> Result<(), Code> {
        let knows_all = self.knows_all();
        let found = self.dtd.borrow().entities.get_key_value(name).map(|(name, entity)| (name.clone(), entity.clone()));
        let Some((name, entity)) = found else {
            if knows_all {
                return Err(Code::UndefinedEntity);
            }
            self.tell_rare(Rare::Skipped { name: name.to_owned(), is_parameter: false });
            return Ok(());
        };
        if let Some(refusal) = entity.refusal(knows_all) {
            return Err(refusal);
        }
        if let Some(text) = entity.text {
            if !self.settings.expands {
                self.tell_rare(Rare::Skipped { name: name.to_string(), is_parameter: false });
                return Ok(());
            }
            self.push_frame(text, name, false, false, at);
            return Ok(());
        }
        self.dtd.borrow_mut().open(&name, false, true);
        let context = Some(self.context());
        self.after = Some(After::General(name));
        let (base, system, public) = (entity.base, entity.system, entity.public);
        self.tell_rare(Rare::ExternalEntity { context, base, system, public });
        Ok(())
    }
    /// Where an entity is referred to: namespaces that are bound, entities that are open.
    fn context(&self) -> String {
        let dtd = self.dtd.borrow();
        let mut open: Vec<&str> = dtd.entities.iter().filter(|(_, e)| e.is_open).map(|(name, _)| &**name).collect();
        open.sort_unstable();
        let bound = if self.settings.has_namespaces { self.bindings.list().collect() } else { Vec::new() };
        let items: Vec<&str> = bound.iter().map(String::as_str).chain(open).collect();
        items.join("\u{C}")
    }
    /// Goes on in an entity's text.
    fn push_frame(&mut self, text: Rc<str>, name: Rc<str>, is_parameter: bool, is_between: bool, at: usize) {
        self.dtd.borrow_mut().open(&name, is_parameter, true);
        // The one around goes on behind the reference.
        match self.frames.last_mut() {
            Some(frame) => frame.at = at,
            None => self.source.at = at,
        }
        let tags = self.tags.len();
        self.frames.push(Frame { text, at: 0, name, is_parameter, is_between, tags });
    }
    /// An internal entity has ended.
    pub(super) fn close_frame(&mut self) -> Result<(), Code> {
        let Some(frame) = self.frames.last() else { return Ok(()) };
        if self.phase == Phase::Cdata {
            return Err(Code::UnclosedCdataSection);
        }
        if !frame.is_parameter && self.tags.len() != frame.tags {
            return Err(Code::AsyncEntity);
        }
        if frame.is_between && !(self.phase == Phase::Prolog && self.doctype.is_between()) {
            return Err(Code::IncompletePe);
        }
        if let Some(frame) = self.frames.pop() {
            self.dtd.borrow_mut().open(&frame.name, frame.is_parameter, false);
        }
        self.raw = (0, 0);
        Ok(())
    }
    /// A parameter entity. Answers whether the reference was told of, or has become the entity's text.
    pub(super) fn open_parameter(&mut self, name: &str, is_between: bool, at: usize) -> Result<bool, Code> {
        let dtd = self.dtd.clone();
        let mut dtd = dtd.borrow_mut();
        dtd.has_parameter_references = true;
        let is_standalone = dtd.is_standalone;
        if self.settings.parameters == Parameters::Never {
            dtd.counts = is_standalone;
        } else {
            let checks = self.doctype.in_document && is_standalone && self.frames.is_empty();
            let found = dtd.parameters.get_key_value(name).map(|(name, entity)| (name.clone(), entity.clone()));
            let Some((name, entity)) = found else {
                if checks {
                    return Err(Code::UndefinedEntity);
                }
                dtd.counts = is_standalone;
                // Within declarations it cannot be told.
                if is_between {
                    self.tell_rare(Rare::Skipped { name: name.to_owned(), is_parameter: true });
                }
                return Ok(is_between);
            };
            if checks && !entity.is_internal {
                return Err(Code::EntityDeclaredInPe);
            }
            if entity.is_open {
                return Err(Code::RecursiveEntityRef);
            }
            if let Some(text) = entity.text {
                drop(dtd);
                self.push_frame(text, name, true, is_between, at);
                return Ok(true);
            }
            if self.settings.has_external {
                dtd.was_read = false;
                dtd.open(&name, true, true);
                self.after = Some(After::Parameter(name));
                let (base, system, public) = (entity.base, entity.system, entity.public);
                self.tell_rare(Rare::ExternalEntity { context: None, base, system, public });
                return Ok(true);
            }
            dtd.counts = is_standalone;
        }
        if !is_standalone {
            self.tell(Event::NotStandalone);
        }
        Ok(false)
    }
    /// The external part of the document type, if someone wants it: at the document type's end, or where it would be.
    pub(super) fn open_subset(&mut self, system: Option<Rc<str>>, public: Option<Rc<str>>) {
        let is_foreign = std::mem::take(&mut self.settings.foreign_dtd);
        let has_system = system.is_some();
        if !has_system && !is_foreign {
            return;
        }
        let mut dtd = self.dtd.borrow_mut();
        let had_references = dtd.has_parameter_references;
        dtd.has_parameter_references = true;
        if self.settings.parameters == Parameters::Never || !self.settings.has_external {
            return;
        }
        dtd.was_read = false;
        drop(dtd);
        self.after = Some(After::Subset { has_system, had_references });
        let base = self.settings.base.clone();
        self.tell_rare(Rare::ExternalEntity { context: None, base, system, public });
    }
    /// Are declarations those of the document itself?
    pub(super) fn is_internal(&self) -> bool {
        self.kind == Kind::Document && self.frames.is_empty()
    }
}
