//! Names of elements, attributes and entities: each is kept once, and known by its number.
//!
//! A name that has just been seen is found without hashing it in earnest: documents have few names, and those again and again.

use std::collections::HashMap;
use std::rc::Rc;

/// The number of a name: the same name, the same number, in one parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Name(u32);
impl Name {
    /// Counted from 0.
    pub(crate) fn number(self) -> usize {
        self.0 as usize
    }
}

struct Known {
    text: Rc<str>,
    /// What it stood for with namespaces, as an element's and as an attribute's, each with the state of namespaces then.
    expanded: [Option<(u64, Name)>; 2],
}
/// Places for names that were seen lately. A power of two.
const RECENT: usize = 256;

pub(super) struct Names {
    known: Vec<Known>,
    numbers: HashMap<Rc<str>, Name>,
    recent: Box<[Option<Name>; RECENT]>,
    /// Bytes of memory, about.
    pub(super) size: usize,
}
impl Names {
    pub(super) fn new() -> Names {
        Names { known: Vec::new(), numbers: HashMap::new(), recent: Box::new([None; RECENT]), size: 0 }
    }
    pub(super) fn get(&mut self, text: &str) -> Name {
        let place = place(text.as_bytes());
        if let Some(name) = self.recent[place]
            && *self.known[name.number()].text == *text
        {
            return name;
        }
        let name = self.look_up(text);
        self.recent[place] = Some(name);
        name
    }
    fn look_up(&mut self, text: &str) -> Name {
        if let Some(name) = self.numbers.get(text) {
            return *name;
        }
        let (text, name) = (Rc::<str>::from(text), Name(self.known.len() as u32));
        self.size += 120 + text.len();
        self.known.push(Known { text: text.clone(), expanded: [None; 2] });
        self.numbers.insert(text, name);
        name
    }
    pub(super) fn text(&self, name: Name) -> &Rc<str> {
        &self.known[name.number()].text
    }
    /// What a name was found to stand for in this state of namespaces.
    pub(super) fn expansion(&self, name: Name, is_attribute: bool, state: u64) -> Option<Name> {
        self.known[name.number()].expanded[usize::from(is_attribute)].filter(|(s, _)| *s == state).map(|(_, name)| name)
    }
    pub(super) fn set_expansion(&mut self, name: Name, is_attribute: bool, state: u64, expanded: Name) {
        self.known[name.number()].expanded[usize::from(is_attribute)] = Some((state, expanded));
    }
}
/// Where a name may be among the recent ones. Names that are counted (`item-17`, `item-18`) have different places.
fn place(text: &[u8]) -> usize {
    let byte = |i: usize| usize::from(text.get(i).copied().unwrap_or_default());
    let n = text.len();
    let last = byte(n.wrapping_sub(1)) ^ byte(n.wrapping_sub(2)) << 3 ^ byte(n / 2) << 1;
    (last ^ byte(0) << 2 ^ n << 5) & (RECENT - 1)
}
