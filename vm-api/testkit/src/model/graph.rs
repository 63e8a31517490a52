//! The model: objects as a table, references as numbers, reachability by definition.

use std::collections::HashSet;

/// Number of an object in the table; it stands in the real object too.
pub(super) type Id = usize;

/// A value of the model.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Val {
    Empty,
    None,
    Int(i64),
    Ref(Id),
    /// A dead slot of a weak array.
    Dead,
}

/// The layouts; the number of slots of arrays is that of their vectors.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Words 1 and 2; the number is word 3.
    Node,
    /// Words 1 and 3; raw words 2 and 4; the number is word 5.
    Bitmap,
    /// Elements from 1 on; the number is element 0.
    Array,
    /// Weak: word 1. Strong: word 2, the callback. The number is word 3.
    Weak,
    /// Weak elements from 1 on; the number is element 0.
    WeakArray,
    /// The number is word 1.
    Leaf,
    /// So many bytes, the number first.
    Bytes(usize),
}

/// An object of the model.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) strong: Vec<Val>,
    pub(super) weak: Vec<Val>,
    /// Registration number, while the finalizer has not been queued.
    pub(super) finalizable: Option<u64>,
    pub(super) identity: Option<u64>,
}

impl Node {
    /// Word index of strong slot `i` in the real object.
    pub(super) fn strong_word(&self, i: usize) -> usize {
        match self.kind {
            Kind::Node => 1 + i,
            Kind::Bitmap => 1 + 2 * i,
            Kind::Array => 3 + i,
            Kind::Weak => 2,
            Kind::WeakArray | Kind::Leaf | Kind::Bytes(_) => unreachable!("no strong slots"),
        }
    }
    /// Word index of weak slot `i` in the real object.
    pub(super) fn weak_word(&self, i: usize) -> usize {
        match self.kind {
            Kind::Weak => 1,
            Kind::WeakArray => 3 + i,
            _ => unreachable!("no weak slots"),
        }
    }
}

/// An object that may not move.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixed {
    pub(super) id: Id,
    pub(super) address: u64,
}

/// The object graph.
#[derive(Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
    /// What the shadow stack holds.
    pub(super) slots: Vec<Val>,
    pub(super) globals: Vec<Val>,
    pub(super) weak_roots: Vec<Val>,
    /// Held by native words.
    pub(super) natives: Vec<Fixed>,
    /// Held by explicit pins, one entry each.
    pub(super) pins: Vec<Fixed>,
    pub(super) registrations: u64,
}

impl Graph {
    /// Adds an object.
    pub(super) fn add(&mut self, kind: Kind, strong: Vec<Val>, weak: Vec<Val>) -> Id {
        self.nodes.push(Node { kind, strong, weak, finalizable: None, identity: None });
        self.nodes.len() - 1
    }
    /// All strong roots.
    pub(super) fn roots(&self) -> Vec<Val> {
        let fixed = self.natives.iter().chain(&self.pins).map(|f| Val::Ref(f.id));
        self.slots.iter().chain(&self.globals).copied().chain(fixed).collect()
    }
    /// Everything that these values reach over strong slots.
    pub(super) fn reach(&self, from: impl IntoIterator<Item = Val>) -> HashSet<Id> {
        let (mut seen, mut work) = (HashSet::new(), Vec::new());
        let mut enter = |v: Val, work: &mut Vec<Id>| {
            if let Val::Ref(id) = v
                && seen.insert(id)
            {
                work.push(id);
            }
        };
        from.into_iter().for_each(|v| enter(v, &mut work));
        while let Some(id) = work.pop() {
            self.nodes[id].strong.iter().for_each(|v| enter(*v, &mut work));
        }
        seen
    }
}
