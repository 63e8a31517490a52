//! What is known about SSA values where the emitter stands.

use std::collections::HashMap;
use vm_api::heap::Value;
use vm_api::vir::{Inst, Ref, Type, Unit};

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

/// Facts that tests have established, by value.
#[derive(Clone, Default)]
pub(crate) struct Facts {
    kinds: HashMap<Ref, Kind>,
}

impl Facts {
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
        self.kinds.insert(v, kind);
    }
    /// Learns from the outcome of a condition.
    pub(crate) fn learn(&mut self, unit: &Unit, c: Ref, outcome: bool) {
        if !outcome {
            if let Inst::Not(x) = unit.inst(c) {
                self.learn(unit, x, true);
            }
            return;
        }
        match unit.inst(c) {
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
            Inst::Not(x) => self.learn(unit, x, false),
            _ => {}
        }
    }
}
