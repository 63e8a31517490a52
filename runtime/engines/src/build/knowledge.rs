//! What is known about SSA values where the emitter stands: kinds, shapes, outcomes of conditions, and which instructions need not be
//! emitted again, since their value is there.
//!
//! Facts belong to a path. Where paths meet, what all of them know is kept ([`Facts::retain`]), so every value that a fact mentions is
//! defined on each path to where it is used.

use std::collections::HashMap;
use std::hash::Hash;
use std::rc::Rc;
use vm_api::heap::Value;
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
}

impl Kind {
    /// Type of the raw form that joins use for it.
    pub(crate) fn raw_type(self) -> Option<Type> {
        match self {
            Kind::Int => Some(Type::I64),
            Kind::Float => Some(Type::F64),
            Kind::Bool => Some(Type::Bool),
            Kind::Object | Kind::Special => None,
        }
    }
    fn of(v: Value) -> Kind {
        match v {
            v if v.is_int() => Kind::Int,
            v if v.is_float() => Kind::Float,
            v if v.is_bool() => Kind::Bool,
            v if v.is_object() => Kind::Object,
            _ => Kind::Special,
        }
    }
}

/// Facts that tests have established, by value. Cloned at each fork, so the tables are shared until one is written to.
#[derive(Clone, Default)]
pub(crate) struct Facts {
    kinds: Rc<HashMap<Ref, Kind>>,
    /// Shapes that the objects keep.
    shapes: Rc<HashMap<Ref, i64>>,
    /// Shapes that they have until other code runs or a shape is set.
    passing: Rc<HashMap<Ref, i64>>,
    /// Conditions that have been tested.
    outcomes: Rc<HashMap<Ref, bool>>,
    /// Instructions whose value is there.
    values: Rc<HashMap<Inst, Ref>>,
}

/// Values that are remembered; beyond, all are forgotten.
const MOST_VALUES: usize = 512;

/// Keeps what both say.
fn retain<K: Copy + Eq + Hash, T: Copy + PartialEq>(table: &mut Rc<HashMap<K, T>>, other: &Rc<HashMap<K, T>>) {
    if !Rc::ptr_eq(table, other) {
        Rc::make_mut(table).retain(|v, fact| other.get(v) == Some(fact));
    }
}

fn includes<K: Eq + Hash, T: PartialEq>(table: &Rc<HashMap<K, T>>, other: &Rc<HashMap<K, T>>) -> bool {
    Rc::ptr_eq(table, other) || other.iter().all(|(v, fact)| table.get(v) == Some(fact))
}

impl Facts {
    /// Keeps what `other` says, too.
    pub(crate) fn retain(&mut self, other: &Facts) {
        retain(&mut self.kinds, &other.kinds);
        retain(&mut self.shapes, &other.shapes);
        retain(&mut self.passing, &other.passing);
        retain(&mut self.outcomes, &other.outcomes);
        retain(&mut self.values, &other.values);
    }
    /// Is all of `other` known here?
    pub(crate) fn include(&self, other: &Facts) -> bool {
        includes(&self.kinds, &other.kinds)
            && includes(&self.shapes, &other.shapes)
            && includes(&self.passing, &other.passing)
            && includes(&self.outcomes, &other.outcomes)
            && includes(&self.values, &other.values)
    }
    /// Other code has run: memory holds other things.
    pub(crate) fn forget_passing(&mut self) {
        if !self.passing.is_empty() {
            self.passing = Rc::default();
        }
        self.forget_values(|inst| inst.table_facts().reads || matches!(inst, Inst::UntagPtr(_)));
    }
    /// A loop begins: what an iteration computes is computed anew in the next.
    pub(crate) fn forget_computed(&mut self) {
        self.passing = Rc::default();
        self.outcomes = Rc::default();
        self.values = Rc::default();
    }
    fn forget_values(&mut self, which: impl Fn(&Inst) -> bool) {
        if self.values.keys().any(&which) {
            Rc::make_mut(&mut self.values).retain(|inst, _| !which(inst));
        }
    }
    /// The value of an instruction that was emitted before, if it still holds.
    pub(crate) fn value(&self, inst: &Inst) -> Option<Ref> {
        self.values.get(inst).copied()
    }
    /// An instruction has been emitted: what it ends is forgotten, its value may be used again. Fields and elements of values, raw words
    /// and shapes lie apart from one another.
    pub(crate) fn emitted(&mut self, inst: Inst, facts: InstFacts, v: Ref) {
        match inst {
            _ if facts.runs_language => self.forget_passing(),
            Inst::Stub(_) | Inst::Trace(..) if facts.writes => self.forget_passing(),
            Inst::SetShape(..) => {
                self.passing = Rc::default();
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
            Inst::StoreAt(..) => self.forget_values(|i| matches!(i, Inst::Load(..) | Inst::LoadAt(..))),
            Inst::StoreElement(..) => self.forget_values(|i| matches!(i, Inst::LoadElement(..))),
            _ if facts.collects => self.forget_values(|i| matches!(i, Inst::UntagPtr(_))),
            _ => {}
        }
        let may_change = matches!(inst, Inst::StillValid() | Inst::PendingException() | Inst::GetReg(_));
        if facts.removable() && !may_change {
            if self.values.len() >= MOST_VALUES {
                self.values = Rc::default();
            }
            Rc::make_mut(&mut self.values).insert(inst, v);
        }
    }
    /// The outcome of a condition that has been tested.
    pub(crate) fn outcome(&self, c: Ref) -> Option<bool> {
        self.outcomes.get(&c).copied()
    }
    /// The shape of the object that a tagged value is, if it is known.
    pub(crate) fn shape(&self, v: Ref) -> Option<i64> {
        self.shapes.get(&v).or_else(|| self.passing.get(&v)).copied()
    }
    /// The kind of a tagged value, if it is known.
    pub(crate) fn kind(&self, unit: &Unit, v: Ref) -> Option<Kind> {
        match unit.inst(v) {
            Inst::TagInt(_) => Some(Kind::Int),
            Inst::TagFloat(_) => Some(Kind::Float),
            Inst::TagBool(_) => Some(Kind::Bool),
            Inst::TagPtr(_) | Inst::Cell(_) => Some(Kind::Object),
            Inst::ConstWord(bits) => Some(Kind::of(Value::from_bits(bits))),
            _ => self.kinds.get(&v).copied(),
        }
    }
    pub(crate) fn set_kind(&mut self, v: Ref, kind: Kind) {
        Rc::make_mut(&mut self.kinds).insert(v, kind);
    }
    /// Learns from the outcome of a condition. `keeps`: do objects keep a shape?
    pub(crate) fn learn(&mut self, unit: &Unit, c: Ref, outcome: bool, keeps: fn(i64) -> bool) {
        Rc::make_mut(&mut self.outcomes).insert(c, outcome);
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
                    Rc::make_mut(table).insert(v, shape);
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
