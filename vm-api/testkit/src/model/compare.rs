//! Comparing the heap with the model, and telling the model what has died.

use super::driver::Machine;
use super::graph::{Id, Kind, Val};
use std::collections::{HashMap, HashSet};
use std::fmt::Arguments;
use vm_heap::{Layout, Object, Value};

impl Machine {
    /// The number that a real object carries.
    pub(super) fn id_of(&self, o: Object) -> Id {
        let shapes = &self.vm.shapes;
        let number = |v: Value| {
            assert!(v.is_int(), "{o:?} carries {v:?} instead of its number");
            v.as_int() as Id
        };
        match o.shape() {
            s if s == shapes.node || s == shapes.weak => number(o.get(3)),
            s if s == shapes.bitmap => number(o.get(5)),
            s if s == shapes.array || s == shapes.weak_array => number(o.element(0)),
            s if s == shapes.leaf => o.word(1) as Id,
            s if s == shapes.bytes => o.word(2) as Id,
            s => panic!("{o:?} has shape {s:?}"),
        }
    }

    /// A weak slot: what the heap shows, given what the model expects. Returns the model's new value.
    fn weak_slot(&self, real: Value, model: Val, dead: Value, survivors: &Survivors, place: Arguments<'_>) -> Val {
        let Val::Ref(target) = model else {
            assert_eq!(real, self.plain(model), "{place}");
            return model;
        };
        if real == dead {
            assert!(!survivors.must_live.contains(&target), "{place} lost the live object {target}");
            return if dead.is_empty() { Val::Empty } else { Val::Dead };
        }
        let object = Object::from_value(real).unwrap_or_else(|| panic!("{place} holds {real:?} instead of {target}"));
        assert_eq!(self.id_of(object), target, "{place}");
        assert!(
            survivors.may_live.as_ref().is_none_or(|set| set.contains(&target)),
            "{place} still refers to the dead object {target}"
        );
        model
    }

    /// The real form of a model value that is no reference.
    fn plain(&self, v: Val) -> Value {
        match v {
            Val::Empty => Value::EMPTY,
            Val::None => Value::NONE,
            Val::Int(i) => Value::int(i),
            Val::Dead => Layout::DEAD_SLOT,
            Val::Ref(id) => panic!("object {id} has no plain form"),
        }
    }

    /// Takes pending work, compares, updates the model by what was cleared. `exact`: a full collection has just run on a
    /// heap without pending work, so that everything unreachable must have been found. Returns how many finalizable
    /// objects were queued; they stand in the shadow stack behind the model's slots.
    pub(super) fn sync(&mut self, exact: bool) -> Vec<Id> {
        let exact = exact && self.vm.heap.descriptor().collects;
        let (cleared, queued) = self.vm.take_pending();
        let cleared: Vec<(Id, Object)> =
            cleared.map(|slot| (self.id_of(self.vm.object(slot)), self.vm.object(slot))).collect();
        let finalized: Vec<Id> = queued.clone().map(|slot| self.id_of(self.vm.object(slot))).collect();
        let reached = self.graph.reach(self.graph.roots());

        let mut order = Vec::new();
        for id in &finalized {
            let registration = self.graph.nodes[*id].finalizable.take();
            assert!(!reached.contains(id), "the finalizer of the live object {id} was queued");
            order.push(registration.unwrap_or_else(|| panic!("the finalizer of {id} was queued without being due")));
        }
        let resurrected = self.graph.reach(finalized.iter().map(|id| Val::Ref(*id)));
        if exact {
            let waiting = |id: &Id| self.graph.nodes[*id].finalizable.is_some() && !reached.contains(id);
            let missed: Vec<Id> = (0..self.graph.nodes.len()).filter(waiting).collect();
            assert!(missed.is_empty(), "finalizers not queued by a full collection: {missed:?}");
            assert!(order.is_sorted(), "out of order: {order:?}");
        }
        let all: HashSet<Id> = reached.union(&resurrected).copied().collect();
        let references = Survivors { must_live: reached.clone(), may_live: exact.then(|| reached.clone()) };
        let arrays = Survivors { must_live: all.clone(), may_live: exact.then(|| all.clone()) };

        let mut work: Vec<(Val, Value)> = Vec::new();
        for (i, v) in self.graph.slots.iter().enumerate() {
            work.push((*v, self.vm.get(i)));
        }
        for (v, g) in self.graph.globals.iter().zip(&self.globals) {
            work.push((*v, self.vm.heap.get_global(*g)));
        }
        for f in self.graph.natives.iter().chain(&self.graph.pins) {
            work.push((Val::Ref(f.id), Value::from_bits(f.address)));
        }
        for (id, slot) in finalized.iter().zip(queued) {
            work.push((Val::Ref(*id), self.vm.get(slot)));
        }
        for i in 0..self.graph.weak_roots.len() {
            let now = self.vm.get_weak(i);
            self.graph.weak_roots[i] =
                self.weak_slot(now, self.graph.weak_roots[i], Value::EMPTY, &arrays, format_args!("a weak root"));
        }
        let mut newly_cleared = HashSet::new();
        let mut place_of: HashMap<Id, Value> = HashMap::new();
        let mut owner: HashMap<u64, Id> = HashMap::new();
        while let Some((model, real)) = work.pop() {
            let Val::Ref(id) = model else {
                assert_eq!(real, self.plain(model));
                continue;
            };
            if let Some(known) = place_of.get(&id) {
                assert_eq!(*known, real, "object {id} is in two places");
                continue;
            }
            let o = Object::from_value(real).unwrap_or_else(|| panic!("{real:?} instead of object {id}"));
            assert_eq!(self.id_of(o), id, "another object stands where {id} should be");
            assert_eq!(owner.insert(real.bits(), id), None, "two objects at {real:?}");
            place_of.insert(id, real);
            self.check_contents(id, o);
            let node = &self.graph.nodes[id];
            for (i, v) in node.strong.iter().enumerate() {
                let real = o.get(node.strong_word(i));
                match v {
                    Val::Ref(_) => work.push((*v, real)),
                    plain => assert_eq!(real, self.plain(*plain), "slot {i} of {id}"),
                }
            }
            for i in 0..self.graph.nodes[id].weak.len() {
                let node = &self.graph.nodes[id];
                let real = o.get(node.weak_word(i));
                let (dead, survivors) = match node.kind {
                    Kind::Weak => (Value::EMPTY, &references),
                    _ => (Layout::DEAD_SLOT, &arrays),
                };
                let now = self.weak_slot(real, node.weak[i], dead, survivors, format_args!("weak slot {i} of {id}"));
                if now != node.weak[i] && node.kind == Kind::Weak && reached.contains(&id) {
                    newly_cleared.insert(id);
                }
                self.graph.nodes[id].weak[i] = now;
            }
        }
        let mut called = HashSet::new();
        for (id, object) in &cleared {
            assert!(object.get(1).is_empty(), "the callback of weak reference {id} was queued but it is not cleared");
            assert!(called.insert(*id), "the callback of weak reference {id} was queued twice");
        }
        if exact {
            let silent = |id: &Id| !matches!(self.graph.nodes[*id].strong[0], Val::Empty | Val::None);
            let due: HashSet<Id> = newly_cleared.iter().copied().filter(silent).collect();
            assert_eq!(called, due, "callbacks queued, and those that are due");
        }
        finalized
    }

    /// What an object holds besides references.
    fn check_contents(&self, id: Id, o: Object) {
        let node = &self.graph.nodes[id];
        let shapes = &self.vm.shapes;
        let (shape, length) = match node.kind {
            Kind::Node => (shapes.node, None),
            Kind::Bitmap => (shapes.bitmap, None),
            Kind::Array => (shapes.array, Some(1 + node.strong.len())),
            Kind::Weak => (shapes.weak, None),
            Kind::WeakArray => (shapes.weak_array, Some(1 + node.weak.len())),
            Kind::Leaf => (shapes.leaf, None),
            Kind::Bytes(n) => (shapes.bytes, Some(n)),
        };
        assert_eq!(o.shape(), shape, "shape of {id}");
        if let Some(length) = length {
            assert_eq!(o.length(), length, "length of {id}");
        }
        match node.kind {
            Kind::Bitmap => assert_eq!((o.word(2), o.word(4)), (raw_word(id), !raw_word(id)), "raw words of {id}"),
            Kind::Leaf => assert_eq!(o.word(2), raw_word(id), "raw word of {id}"),
            Kind::Bytes(n) => {
                // SAFETY: a LeafArray that nobody writes to.
                let bytes = unsafe { o.bytes() };
                let content = &bytes[8..n];
                // The first is right, and each is the one before.
                let same = content.is_empty() || content[0] == id as u8 && content[1..] == content[..n - 9];
                assert!(same, "bytes of {id}");
            }
            _ => {}
        }
        if let Some(identity) = node.identity {
            assert_eq!(self.vm.heap.identity(o), identity, "identity of {id}");
        }
    }
}

/// What raw words of an object hold.
pub(super) fn raw_word(id: Id) -> u64 {
    (id as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// What weak slots may and must refer to.
struct Survivors {
    must_live: HashSet<Id>,
    /// `None`: whatever has not been found dead.
    may_live: Option<HashSet<Id>>,
}
