//! What is known about SSA values where the emitter stands: kinds, shapes, outcomes of conditions, and which instructions need not be
//! emitted again, since their value is there.
//!
//! Facts belong to a path. Where paths meet, what all of them know is kept ([`Facts::retain`]), so every value that a fact mentions is
//! defined on each path to where it is used.

use std::hash::Hash;
use std::rc::Rc;
use vm_api::heap::Value;
use vm_api::heap::hashing::NumberMap;
use vm_api::vir::{Cond, Facts as InstFacts, Inst, Ref, Type, Unit};

/// Kind of a tagged value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Int,
    Float,
    Bool,
    Object,
    /// A special constant, `EMPTY` included.
    Special,
    /// An integer of any word, which is there raw: a small one, or an object.
    Word,
}

/// How a value crosses from one block to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Form {
    Tagged,
    /// A small integer, raw.
    Int,
    /// An integer of any word, raw.
    Word,
    Float,
    Bool,
}

impl Form {
    /// Type of what crosses.
    pub(crate) fn ty(self) -> Type {
        match self {
            Form::Tagged => Type::Tagged,
            Form::Int | Form::Word => Type::I64,
            Form::Float => Type::F64,
            Form::Bool => Type::Bool,
        }
    }
    /// That in which values of both forms can cross.
    pub(crate) fn with(self, other: Form) -> Form {
        match (self, other) {
            (form, other) if form == other => form,
            (Form::Int, Form::Word) | (Form::Word, Form::Int) => Form::Word,
            _ => Form::Tagged,
        }
    }
    /// Of a value as it was made, whatever else is known of it.
    pub(crate) fn made(unit: &Unit, v: Ref) -> Form {
        match unit.inst(v) {
            Inst::TagInt(_) => Form::Int,
            Inst::TagWord(_) | Inst::BoxWord(_) => Form::Word,
            Inst::TagFloat(_) => Form::Float,
            Inst::TagBool(_) => Form::Bool,
            _ => Form::Tagged,
        }
    }
}

/// The raw form of a value that was made of one.
pub(crate) fn raw_of(unit: &Unit, v: Ref) -> Option<Ref> {
    match unit.inst(v) {
        Inst::TagInt(x) | Inst::TagWord(x) | Inst::BoxWord(x) | Inst::TagFloat(x) | Inst::TagBool(x) => Some(x),
        _ => None,
    }
}

impl Kind {
    /// How joins take it across.
    pub(crate) fn form(self) -> Form {
        match self {
            Kind::Int => Form::Int,
            Kind::Word => Form::Word,
            Kind::Float => Form::Float,
            Kind::Bool => Form::Bool,
            Kind::Object | Kind::Special => Form::Tagged,
        }
    }
    pub(crate) fn of(v: Value) -> Kind {
        match v {
            v if v.is_int() => Kind::Int,
            v if v.is_float() => Kind::Float,
            v if v.is_bool() => Kind::Bool,
            v if v.is_object() => Kind::Object,
            _ => Kind::Special,
        }
    }
}

/// Facts by what they are about. The newest stand in front of a table that is shared until one of those who share it writes to it: a
/// path through a handler learns little, and most end soon.
struct Table<K, T, const N: usize> {
    /// So many of `newest` count; to forget all is to count none.
    len: usize,
    newest: [Option<(K, T)>; N],
    rest: Option<Rc<NumberMap<K, T>>>,
}

impl<K: Copy, T: Copy, const N: usize> Default for Table<K, T, N> {
    fn default() -> Self {
        Table { len: 0, newest: [None; N], rest: None }
    }
}

impl<K: Copy, T: Copy, const N: usize> Clone for Table<K, T, N> {
    fn clone(&self) -> Self {
        let mut table = Table::default();
        table.clone_from(self);
        table
    }
    /// Copies no more than what counts.
    fn clone_from(&mut self, other: &Self) {
        self.len = other.len;
        // Most tables say nothing.
        if other.len > 0 {
            self.newest[..other.len].copy_from_slice(&other.newest[..other.len]);
        }
        if self.rest.is_some() || other.rest.is_some() {
            self.rest.clone_from(&other.rest);
        }
    }
}

impl<K: Copy + Eq + Hash, T: Copy + PartialEq, const N: usize> Table<K, T, N> {
    fn newest(&self) -> impl Iterator<Item = (K, T)> {
        self.newest[..self.len].iter().flatten().copied()
    }
    #[inline]
    fn get(&self, key: K) -> Option<T> {
        match (self.newest().find(|(k, _)| *k == key), &self.rest) {
            (Some((_, fact)), _) => Some(fact),
            (None, Some(rest)) => rest.get(&key).copied(),
            (None, None) => None,
        }
    }
    fn insert(&mut self, key: K, fact: T) {
        let known = self.newest().position(|(k, _)| k == key);
        if let Some(place) = known {
            self.newest[place] = Some((key, fact));
            return;
        }
        if self.len == N {
            self.make_room();
        }
        self.newest[self.len] = Some((key, fact));
        self.len += 1;
    }
    #[cold]
    fn make_room(&mut self) {
        let rest = Rc::make_mut(self.rest.get_or_insert_default());
        rest.extend(self.newest.iter().flatten().copied());
        self.len = 0;
    }
    fn clear(&mut self) {
        self.len = 0;
        self.rest = None;
    }
    /// Forgets the older ones, so that there is room for new ones.
    fn keep_few(&mut self) {
        self.rest = None;
        let few = self.len.min(N / 2);
        self.newest.copy_within(self.len - few..self.len, 0);
        self.len = few;
    }
    /// Keeps what `other` says, too.
    fn retain(&mut self, other: &Self) {
        let unchanged =
            |rest: &NumberMap<K, T>| other.newest().all(|(key, fact)| rest.get(&key).is_none_or(|old| *old == fact));
        let all = other.rest.as_ref().filter(|rest| unchanged(rest));
        self.keep(|key, fact| other.get(*key) == Some(*fact), all);
    }
    fn remove_if(&mut self, which: impl Fn(&K) -> bool) {
        let rest = self.rest.as_ref().filter(|rest| rest.keys().any(&which));
        let unchanged = if rest.is_some() { None } else { self.rest.clone() };
        self.keep(|key, _| !which(key), unchanged.as_ref());
    }
    /// Keeps what is to be kept. `all`: a table of which everything is.
    fn keep(&mut self, is_kept: impl Fn(&K, &T) -> bool, all: Option<&Rc<NumberMap<K, T>>>) {
        if let Some(rest) = &mut self.rest {
            // What has been said anew since is not to come back.
            let newest = &self.newest[..self.len];
            let is_all = all.is_some_and(|all| Rc::ptr_eq(rest, all))
                && newest.iter().flatten().all(|(k, _)| !rest.contains_key(k));
            if !is_all {
                let rest = Rc::make_mut(rest);
                rest.retain(|k, fact| is_kept(k, fact) && !newest.iter().flatten().any(|(anew, _)| anew == k));
            }
        }
        let mut kept = 0;
        for at in 0..self.len {
            if let Some((k, fact)) = self.newest[at].filter(|(k, fact)| is_kept(k, fact)) {
                self.newest[kept] = Some((k, fact));
                kept += 1;
            }
        }
        self.len = kept;
    }
    /// Is all of `other` known here?
    fn include(&self, other: &Self) -> bool {
        let shared = match (&self.rest, &other.rest) {
            (Some(rest), Some(others)) => Rc::ptr_eq(rest, others),
            _ => false,
        };
        let is_known = |key: &K| self.get(*key) == other.get(*key);
        let rest = other.rest.iter().flat_map(|rest| rest.keys());
        other.newest().all(|(key, _)| is_known(&key))
            && if shared {
                self.newest().all(|(key, _)| is_known(&key) || other.get(key).is_none())
            } else {
                rest.into_iter().all(is_known)
            }
    }
    fn is_empty(&self) -> bool {
        self.len == 0 && self.rest.is_none()
    }
    fn len(&self) -> usize {
        self.len + self.rest.as_ref().map_or(0, |rest| rest.len())
    }
}

/// Facts that tests have established, by value. Cloned at each fork.
#[derive(Default)]
pub(crate) struct Facts {
    kinds: Table<Ref, Kind, 8>,
    /// Shapes that the objects keep.
    shapes: Table<Ref, i64, 4>,
    /// Shapes that they have until other code runs or a shape is set.
    passing: Table<Ref, i64, 4>,
    /// Conditions that have been tested.
    outcomes: Table<Ref, bool, 12>,
    /// Instructions whose value is there.
    values: Table<Inst, Ref, 3>,
    /// What is in objects' own words, by object and offset ([`vm_api::engine::Language::own_words`]).
    words: Table<(Ref, u32), Ref, 3>,
}

/// Values that are remembered; beyond, all are forgotten.
const MOST_VALUES: usize = 512;

impl Clone for Facts {
    fn clone(&self) -> Facts {
        let mut facts = Facts::default();
        facts.clone_from(self);
        facts
    }
    fn clone_from(&mut self, other: &Facts) {
        self.kinds.clone_from(&other.kinds);
        self.shapes.clone_from(&other.shapes);
        self.passing.clone_from(&other.passing);
        self.outcomes.clone_from(&other.outcomes);
        self.values.clone_from(&other.values);
        self.words.clone_from(&other.words);
    }
}

impl Facts {
    /// Keeps what `other` says, too.
    pub(crate) fn retain(&mut self, other: &Facts) {
        self.kinds.retain(&other.kinds);
        self.shapes.retain(&other.shapes);
        self.passing.retain(&other.passing);
        self.outcomes.retain(&other.outcomes);
        self.values.retain(&other.values);
        self.words.retain(&other.words);
    }
    /// Nothing is known any more.
    pub(crate) fn clear(&mut self) {
        self.kinds.clear();
        self.shapes.clear();
        self.words.clear();
        self.forget_computed();
    }
    /// Forgets all but what values are, and that if it is much. For baseline mode, between instructions.
    pub(crate) fn keep_what_values_are(&mut self) {
        self.kinds.keep_few();
        self.shapes.keep_few();
        self.words.clear();
        self.forget_computed();
    }
    /// Is it known of any value what it is?
    pub(crate) fn knows_values(&self) -> bool {
        !self.kinds.is_empty() || !self.shapes.is_empty()
    }
    /// Is all of `other` known here?
    pub(crate) fn include(&self, other: &Facts) -> bool {
        self.kinds.include(&other.kinds)
            && self.shapes.include(&other.shapes)
            && self.passing.include(&other.passing)
            && self.outcomes.include(&other.outcomes)
            && self.values.include(&other.values)
            && self.words.include(&other.words)
    }
    /// What is in an object's own word.
    pub(crate) fn word(&self, v: Ref, offset: u32) -> Option<Ref> {
        self.words.get((v, offset))
    }
    pub(crate) fn set_word(&mut self, v: Ref, offset: u32, x: Ref) {
        self.words.insert((v, offset), x);
    }
    pub(crate) fn knows_words(&self) -> bool {
        !self.words.is_empty()
    }
    pub(crate) fn forget_words(&mut self, v: Ref) {
        self.words.remove_if(|(of, _)| *of == v);
    }
    /// Other code has run: memory holds other things.
    pub(crate) fn forget_passing(&mut self) {
        self.passing.clear();
        self.forget_values(|inst| inst.table_facts().reads || matches!(inst, Inst::UntagPtr(_)));
    }
    /// A loop begins: what an iteration computes is computed anew in the next.
    pub(crate) fn forget_computed(&mut self) {
        self.passing.clear();
        self.outcomes.clear();
        self.values.clear();
    }
    fn forget_values(&mut self, which: impl Fn(&Inst) -> bool) {
        self.values.remove_if(which);
    }
    /// Something has collected: addresses are no more.
    pub(crate) fn forget_addresses(&mut self) {
        self.forget_values(|i| matches!(i, Inst::UntagPtr(_)));
    }
    /// The value of an instruction that was emitted before, if it still holds.
    pub(crate) fn value(&self, inst: &Inst) -> Option<Ref> {
        self.values.get(*inst)
    }
    /// An instruction has been emitted: what it ends is forgotten, its value may be used again. Fields and elements of values, raw words
    /// and shapes lie apart from one another.
    pub(crate) fn emitted(&mut self, inst: Inst, facts: InstFacts, v: Ref) {
        match inst {
            _ if facts.runs_language => self.forget_passing(),
            Inst::Stub(_) | Inst::Trace(..) if facts.writes => self.forget_passing(),
            Inst::SetShape(..) => {
                self.passing.clear();
                self.forget_values(|i| matches!(i, Inst::Shape(_)));
            }
            Inst::StoreWord(_, at, _) | Inst::InitWord(_, at, _) => self.forget_values(|i| match i {
                Inst::LoadWord(_, from) => *from == at,
                Inst::LoadU8(..) | Inst::LoadU16(..) | Inst::LoadU32(..) | Inst::LoadFloat(..) => true,
                _ => false,
            }),
            // Payloads that hold numbers hold nothing else.
            Inst::StoreFloat(..) => self.forget_values(|i| matches!(i, Inst::LoadFloat(..))),
            Inst::Store(_, at, _) | Inst::Init(_, at, _) => self.forget_values(|i| match i {
                Inst::Load(_, from) => *from == at,
                Inst::LoadAt(..) => true,
                _ => false,
            }),
            Inst::SetRoot(at, x) => {
                self.values.insert(Inst::Root(at), x);
            }
            Inst::StoreAt(..) => self.forget_values(|i| matches!(i, Inst::Load(..) | Inst::LoadAt(..))),
            Inst::StoreElement(..) => self.forget_values(|i| matches!(i, Inst::LoadElement(..))),
            _ if facts.collects => self.forget_addresses(),
            _ => {}
        }
        // Of a number, another object would be as good.
        let is_again = matches!(inst, Inst::BoxWord(_));
        let may_change = matches!(inst, Inst::StillValid() | Inst::PendingException() | Inst::GetReg(_));
        if (facts.removable() || is_again) && !may_change {
            if self.values.len() >= MOST_VALUES {
                self.values.clear();
            }
            self.values.insert(inst, v);
        }
    }
    /// The outcome of a condition that has been tested.
    pub(crate) fn outcome(&self, c: Ref) -> Option<bool> {
        self.outcomes.get(c)
    }
    /// The shape of the object that a tagged value is, if it is known.
    pub(crate) fn shape(&self, v: Ref) -> Option<i64> {
        self.shapes.get(v).or_else(|| self.passing.get(v))
    }
    /// The kind of a tagged value, if it is known.
    pub(crate) fn kind(&self, unit: &Unit, v: Ref) -> Option<Kind> {
        match unit.inst(v) {
            Inst::TagInt(_) => Some(Kind::Int),
            Inst::TagWord(_) | Inst::BoxWord(_) => Some(Kind::Word),
            Inst::TagFloat(_) => Some(Kind::Float),
            Inst::TagBool(_) => Some(Kind::Bool),
            Inst::TagPtr(_) | Inst::Cell(_) => Some(Kind::Object),
            Inst::ConstWord(bits) => Some(Kind::of(Value::from_bits(bits))),
            _ => self.kinds.get(v),
        }
    }
    pub(crate) fn set_kind(&mut self, v: Ref, kind: Kind) {
        self.kinds.insert(v, kind);
    }
    /// Learns from the outcome of a condition. `keeps`: do objects keep a shape?
    pub(crate) fn learn(&mut self, unit: &Unit, c: Ref, outcome: bool, keeps: fn(i64) -> bool) {
        self.outcomes.insert(c, outcome);
        if !outcome {
            if let Inst::Not(x) = unit.inst(c) {
                self.learn(unit, x, true, keeps);
            }
            return;
        }
        match unit.inst(c) {
            Inst::IntCmp(Cond::Eq, x, y) => {
                if let (Inst::Shape(p), Inst::ConstInt(shape)) = (unit.inst(x), unit.inst(y))
                    && let Inst::UntagPtr(v) = unit.inst(p)
                {
                    let table = if keeps(shape) { &mut self.shapes } else { &mut self.passing };
                    table.insert(v, shape);
                }
            }
            Inst::IsInt(v) => self.set_kind(v, Kind::Int),
            Inst::IsFloat(v) => self.set_kind(v, Kind::Float),
            Inst::IsBool(v) => self.set_kind(v, Kind::Bool),
            Inst::IsObject(v) => self.set_kind(v, Kind::Object),
            Inst::IsWord(v, bits) => self.set_kind(v, Kind::of(Value::from_bits(bits))),
            Inst::BothInt(v, w) => {
                self.set_kind(v, Kind::Int);
                self.set_kind(w, Kind::Int);
            }
            Inst::BothFloat(v, w) => {
                self.set_kind(v, Kind::Float);
                self.set_kind(w, Kind::Float);
            }
            Inst::Not(x) => self.learn(unit, x, false, keeps),
            _ => {}
        }
    }
}
