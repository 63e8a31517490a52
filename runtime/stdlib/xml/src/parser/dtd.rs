//! What a document type declares. A document's parser shares it with those of its external entities.

use super::code::Code;
use std::cell::Cell;
use std::collections::HashMap;
use std::rc::Rc;

/// Bytes from which on a document may not be [`FACTOR`] times as long as what it was read of.
const THRESHOLD: u64 = 8 << 20;
const FACTOR: u64 = 100;

#[derive(Clone, Default)]
pub(crate) struct Entity {
    /// Of an internal entity.
    pub(crate) text: Option<Rc<str>>,
    pub(crate) base: Option<Rc<str>>,
    pub(crate) system: Option<Rc<str>>,
    pub(crate) public: Option<Rc<str>>,
    pub(crate) notation: Option<Rc<str>>,
    /// Is it being expanded?
    pub(crate) is_open: bool,
    /// Was it declared in the document itself?
    pub(crate) is_internal: bool,
}
impl Entity {
    /// Why it cannot be referred to as a general entity, if so. `knows_all`: may only the document itself have declared it?
    pub(crate) fn refusal(&self, knows_all: bool) -> Option<Code> {
        if knows_all && !self.is_internal {
            return Some(Code::EntityDeclaredInPe);
        }
        if self.is_open {
            return Some(Code::RecursiveEntityRef);
        }
        self.notation.is_some().then_some(Code::BinaryEntityRef)
    }
}

/// A default of an attribute.
#[derive(Clone)]
pub(crate) struct DefaultValue {
    pub(crate) name: Rc<str>,
    pub(crate) is_cdata: bool,
    pub(crate) value: Option<String>,
}

/// The declared attributes of an element.
#[derive(Clone, Default)]
pub(crate) struct Defaults {
    pub(crate) list: Vec<DefaultValue>,
    places: HashMap<Rc<str>, usize>,
}
impl Defaults {
    /// The first declaration counts.
    pub(crate) fn add(&mut self, default: DefaultValue) {
        if !self.places.contains_key(&default.name) {
            self.places.insert(default.name.clone(), self.list.len());
            self.list.push(default);
        }
    }
}

#[derive(Clone)]
pub(crate) struct Dtd {
    pub(crate) entities: HashMap<Rc<str>, Entity>,
    pub(crate) parameters: HashMap<Rc<str>, Entity>,
    /// By element.
    pub(crate) defaults: HashMap<Rc<str>, Defaults>,
    /// Do declarations still count? Not behind a parameter entity that was not read.
    pub(crate) counts: bool,
    pub(crate) has_parameter_references: bool,
    pub(crate) is_standalone: bool,
    /// Was the external entity read that was asked for last?
    pub(crate) was_read: bool,
    /// Bytes of memory, about.
    pub(crate) size: usize,
}
impl Dtd {
    pub(crate) fn new() -> Dtd {
        Dtd {
            entities: HashMap::new(),
            parameters: HashMap::new(),
            defaults: HashMap::new(),
            counts: true,
            has_parameter_references: false,
            is_standalone: false,
            was_read: false,
            size: 0,
        }
    }
    pub(crate) fn table(&mut self, is_parameter: bool) -> &mut HashMap<Rc<str>, Entity> {
        if is_parameter { &mut self.parameters } else { &mut self.entities }
    }
    pub(crate) fn open(&mut self, name: &str, is_parameter: bool, is_open: bool) {
        if let Some(entity) = self.table(is_parameter).get_mut(name) {
            entity.is_open = is_open;
        }
    }
    /// Is the attribute's value one of characters, not of tokens?
    pub(crate) fn is_cdata(&self, element: &str, attribute: &str) -> bool {
        if self.defaults.is_empty() {
            return true;
        }
        let Some(defaults) = self.defaults.get(element) else { return true };
        defaults.places.get(attribute).and_then(|place| defaults.list.get(*place)).is_none_or(|d| d.is_cdata)
    }
}

/// How much was read, and how much that stood for: what stops entities that blow up.
#[derive(Default)]
pub(crate) struct Account {
    direct: Cell<u64>,
    indirect: Cell<u64>,
}
impl Account {
    pub(crate) fn read(&self, bytes: usize) {
        self.direct.set(self.direct.get() + bytes as u64);
    }
    /// Adds what entities stood for; is it still in proportion?
    pub(crate) fn expanded(&self, bytes: usize) -> bool {
        self.indirect.set(self.indirect.get() + bytes as u64);
        let (direct, total) = (self.direct.get(), self.direct.get() + self.indirect.get());
        total < THRESHOLD || total <= FACTOR.saturating_mul(direct)
    }
}
