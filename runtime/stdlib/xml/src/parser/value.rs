//! Values of attributes and entities: what their literals stand for.

use super::chars::{is_space, is_xml, of_number, predefined};
use super::code::{Code, Fault};
use super::dtd::{Account, Dtd, Entity};
use super::scan::{End, Reference, S, Scan};
use super::{Kind, Parser};
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

/// A text within a value that is read.
struct Level {
    text: Rc<str>,
    at: usize,
    name: Rc<str>,
}

/// Where a literal is read, and the entities within it that are open.
struct Levels<'a> {
    dtd: &'a RefCell<Dtd>,
    are_parameters: bool,
    outer: usize,
    open: Vec<Level>,
}

impl<'a> Levels<'a> {
    fn new(dtd: &'a RefCell<Dtd>, are_parameters: bool) -> Levels<'a> {
        Levels { dtd, are_parameters, outer: 0, open: Vec::new() }
    }
    /// The entity's text that is read, none if the literal is, and where. What is at its end is closed.
    fn here(&mut self) -> (Option<Rc<str>>, usize) {
        while let Some(level) = self.open.last() {
            if level.at < level.text.len() {
                return (Some(level.text.clone()), level.at);
            }
            self.close();
        }
        (None, self.outer)
    }
    fn close(&mut self) {
        if let Some(level) = self.open.pop() {
            self.dtd.borrow_mut().open(&level.name, self.are_parameters, false);
        }
    }
    /// What is read goes on at `next`, from `at`.
    fn advance(&mut self, account: &Account, at: usize, next: usize) -> S<()> {
        let Some(level) = self.open.last_mut() else {
            self.outer = next;
            return Ok(());
        };
        level.at = next;
        if account.expanded(next - at) { Ok(()) } else { Err(Fault::Error(Code::AmplificationLimit)) }
    }
    /// Closes all. A fault is at its place in the literal that begins at `start`; one within an entity is at the token's.
    fn end(mut self, expanded: S<()>, start: usize) -> S<()> {
        let placed = match expanded {
            Err(Fault::At(code, at)) if self.open.is_empty() => Err(Fault::At(code, start + at)),
            Err(Fault::At(code, _)) => Err(Fault::Error(code)),
            other => other,
        };
        while !self.open.is_empty() {
            self.close();
        }
        placed
    }
}

impl Parser {
    /// Is an entity that is not declared a fault, and one that a parameter entity declared?
    pub(super) fn knows_all(&self) -> bool {
        let dtd = self.dtd.borrow();
        !dtd.has_parameter_references || dtd.is_standalone
    }
    /// The value of an attribute, in a tag or a declaration, which `value` goes on with.
    pub(super) fn attribute_value(&self, text: &str, range: Range<usize>, is_cdata: bool, value: &mut String) -> S<()> {
        let literal = &text[range.clone()];
        if is_cdata && !literal.bytes().any(|b| matches!(b, b'&' | b'\r' | b'\n' | b'\t')) {
            value.push_str(literal);
            return Ok(());
        }
        let begin = value.len();
        let mut levels = Levels::new(&self.dtd, false);
        let expanded = self.expand(literal, value, &mut levels, is_cdata);
        levels.end(expanded, range.start)?;
        if !is_cdata && value.len() > begin && value.ends_with(' ') {
            value.pop();
        }
        Ok(())
    }
    fn expand(&self, literal: &str, value: &mut String, levels: &mut Levels<'_>, is_cdata: bool) -> S<()> {
        let begin = value.len();
        let space = |value: &mut String| {
            if is_cdata || !(value.len() == begin || value.ends_with(' ')) {
                value.push(' ');
            }
        };
        loop {
            let (within, at) = levels.here();
            let text = within.as_deref().unwrap_or(literal);
            if at >= text.len() {
                return Ok(());
            }
            let mut scan = Scan { text, at, end: End::Last, colons: false };
            let mut entity = None;
            match scan.peek()? {
                b'&' => {
                    scan.at += 1;
                    match scan.reference().map_err(|fault| closed(fault, at))? {
                        Reference::Char(n) => match of_number(n) {
                            Some(' ') => space(value),
                            Some(c) => value.push(c),
                            None => return Err(Fault::At(Code::BadCharRef, at)),
                        },
                        Reference::Entity(name) => match predefined(&text[name.clone()]) {
                            Some(c) => value.push(c),
                            None => entity = Some(name),
                        },
                    }
                }
                b'<' => return scan.invalid(),
                b if is_space(b) => {
                    scan.at += 1;
                    if b == b'\r' && scan.ahead(0) == Some(b'\n') {
                        scan.at += 1;
                    }
                    space(value);
                }
                _ => value.push(scan.take()?),
            }
            levels.advance(&self.account, at, scan.at)?;
            if let Some(name) = entity
                && let Some(level) = self.entity_in_value(&text[name]).map_err(|code| match code {
                    Code::UndefinedEntity | Code::EntityDeclaredInPe => Fault::Error(code),
                    code => Fault::At(code, at),
                })?
            {
                levels.open.push(level);
            }
        }
    }
    /// Opens an entity within a value.
    fn entity_in_value(&self, name: &str) -> Result<Option<Level>, Code> {
        let knows_all = self.knows_all();
        let mut dtd = self.dtd.borrow_mut();
        let Some(entity) = dtd.entities.get_mut(name) else {
            return if knows_all { Err(Code::UndefinedEntity) } else { Ok(None) };
        };
        if let Some(refusal) = entity.refusal(knows_all) {
            return Err(refusal);
        }
        let Some(text) = entity.text.clone() else { return Err(Code::AttributeExternalEntityRef) };
        entity.is_open = true;
        Ok(Some(Level { text, at: 0, name: name.into() }))
    }

    /// The value of an entity: references to characters and parameter entities are expanded, others stay.
    pub(super) fn entity_value(&self, text: &str, range: Range<usize>, value: &mut String) -> S<()> {
        let literal = &text[range.clone()];
        let mut levels = Levels::new(&self.dtd, true);
        let expanded = self.expand_entity(literal, value, &mut levels);
        levels.end(expanded, range.start)
    }
    fn expand_entity(&self, literal: &str, value: &mut String, levels: &mut Levels<'_>) -> S<()> {
        loop {
            let (within, at) = levels.here();
            let text = within.as_deref().unwrap_or(literal);
            if at >= text.len() {
                return Ok(());
            }
            let mut scan = self.scan(text, at, End::Last);
            let mut entity = None;
            match scan.peek()? {
                b'&' => {
                    scan.at += 1;
                    match scan.reference().map_err(|fault| closed(fault, at))? {
                        Reference::Char(n) => match of_number(n) {
                            Some(c) => value.push(c),
                            None => return Err(Fault::At(Code::BadCharRef, at)),
                        },
                        Reference::Entity(_) => value.push_str(&text[at..scan.at]),
                    }
                }
                b'%' => {
                    scan.at += 1;
                    let name = scan.name(false).map_err(|fault| closed(fault, at))?;
                    if !scan.eat(b';').map_err(|fault| closed(fault, at))? {
                        return scan.invalid();
                    }
                    if self.kind == Kind::Document && self.frames.is_empty() {
                        return Err(Fault::At(Code::ParamEntityRef, at));
                    }
                    entity = Some(name);
                }
                b'\r' => {
                    scan.at += if scan.ahead(1) == Some(b'\n') { 2 } else { 1 };
                    value.push('\n');
                }
                _ => {
                    let c = scan.char()?;
                    if !is_xml(c) {
                        return scan.invalid();
                    }
                    scan.at += c.len_utf8();
                    value.push(c);
                }
            }
            levels.advance(&self.account, at, scan.at)?;
            if let Some(name) = entity
                && let Some(level) = self.parameter_in_value(&text[name]).map_err(|code| Fault::At(code, at))?
            {
                levels.open.push(level);
            }
        }
    }
    /// Opens a parameter entity within an entity's value. One that is not known, or external, makes later declarations void.
    fn parameter_in_value(&self, name: &str) -> Result<Option<Level>, Code> {
        let mut dtd = self.dtd.borrow_mut();
        let is_standalone = dtd.is_standalone;
        let text = match dtd.parameters.get_mut(name) {
            Some(entity) if entity.is_open => return Err(Code::RecursiveEntityRef),
            Some(Entity { text: Some(text), is_open, .. }) => {
                *is_open = true;
                Some(text.clone())
            }
            _ => None,
        };
        let Some(text) = text else {
            dtd.counts = is_standalone;
            return Ok(None);
        };
        Ok(Some(Level { text, at: 0, name: name.into() }))
    }
}
/// A token that a value's end cuts off is an invalid one.
fn closed(fault: Fault, at: usize) -> Fault {
    match fault {
        Fault::Error(Code::UnclosedToken) | Fault::Starved => Fault::At(Code::InvalidToken, at),
        fault => fault,
    }
}
