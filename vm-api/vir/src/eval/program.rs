//! A verified unit with a place for each value.

use crate::cfg::ControlFlow;
use crate::entity::{BlockId, Ref, Type};
use crate::inst::Inst;
use crate::liveness::{BitSet, Liveness};
use crate::unit::{StubOperands, Unit};
use crate::verify::{Problems, verify};

/// What stands in a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Slot,
    Int,
    Float,
    Bool,
    Address,
    Nothing,
}

/// Where a value stands: a slot, or an index into the raw words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) kind: Kind,
    pub(super) index: u32,
}

/// What an evaluation begins with.
#[derive(Clone, Debug)]
struct Beginning {
    /// Raw values: constants of the first block as what they are.
    raws: Vec<u64>,
    /// The first block without them: they are not executed.
    first: Vec<Ref>,
}

/// A verified unit, ready to be evaluated.
#[derive(Clone, Debug)]
pub struct Program {
    unit: Unit,
    places: Vec<Place>,
    slots: u32,
    beginning: Box<Beginning>,
    /// Slots for the arguments of calls, behind those of values.
    outgoing: u32,
    /// For each instruction that may collect, which entry of `live` says what lives across.
    safepoint: Vec<u32>,
    live: Vec<BitSet>,
}

const NO_SAFEPOINT: u32 = u32::MAX;

impl Program {
    /// Verifies a unit and lays out its values.
    pub fn new(unit: Unit) -> Result<Program, Problems> {
        verify(&unit)?;
        let (mut slots, mut raws) = (0, 0);
        let mut places = Vec::with_capacity(unit.insts.len());
        for inst in &unit.insts {
            let (kind, counter) = match inst.result() {
                Type::Tagged => (Kind::Slot, &mut slots),
                Type::I64 => (Kind::Int, &mut raws),
                Type::F64 => (Kind::Float, &mut raws),
                Type::Bool => (Kind::Bool, &mut raws),
                Type::Ptr => (Kind::Address, &mut raws),
                Type::Void => {
                    places.push(Place { kind: Kind::Nothing, index: 0 });
                    continue;
                }
            };
            places.push(Place { kind, index: *counter });
            *counter += 1;
        }
        let outgoing = unit.blocks.iter().flat_map(|b| &b.insts).map(|v| arguments(&unit, &unit.inst(*v)));
        // At least the one in which a result waits while words are boxed.
        let outgoing = outgoing.max().unwrap_or(0).max(1);
        let (safepoint, live) = safepoints(&unit, &places, slots as usize);
        let mut raws = vec![0; raws as usize];
        let mut first = unit.blocks.first().map_or_else(Vec::new, |block| block.insts.clone());
        first.retain(|v| {
            let known = raw_constant(&unit.inst(*v));
            if let Some(bits) = known {
                raws[places[v.index()].index as usize] = bits;
            }
            known.is_none()
        });
        let beginning = Box::new(Beginning { raws, first });
        Ok(Program { beginning, places, slots, outgoing, safepoint, live, unit })
    }
    /// The unit.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }
    pub(super) fn place(&self, v: Ref) -> Place {
        self.places[v.index()]
    }
    /// Slots of values.
    pub(super) fn slots(&self) -> usize {
        self.slots as usize
    }
    /// All slots: those of values, then those for arguments.
    pub(super) fn all_slots(&self) -> usize {
        self.slots as usize + self.outgoing as usize
    }
    /// What a block executes.
    pub(super) fn insts(&self, b: BlockId) -> &[Ref] {
        if b == BlockId(0) { &self.beginning.first } else { &self.unit.block(b).insts }
    }
    pub(super) fn raws(&self) -> &[u64] {
        &self.beginning.raws
    }
    /// The slots that live across an instruction that may collect; `None` for others.
    pub(super) fn live_across(&self, v: Ref) -> Option<&BitSet> {
        match self.safepoint[v.index()] {
            NO_SAFEPOINT => None,
            i => Some(&self.live[i as usize]),
        }
    }
}

fn raw_constant(inst: &Inst) -> Option<u64> {
    match *inst {
        Inst::ConstInt(x) => Some(x as u64),
        Inst::ConstFloat(x) => Some(x.0),
        Inst::ConstBool(x) => Some(x.into()),
        _ => None,
    }
}

fn arguments(unit: &Unit, inst: &Inst) -> u32 {
    match *inst {
        Inst::Stub(call) => match unit.stub_calls[call.index()].operands {
            StubOperands::Fixed(_) => 3,
            StubOperands::Window(list) => list.len,
            StubOperands::Registers { .. } => 0,
        },
        Inst::Invoke(call) => unit.invokes[call.index()].arguments.len,
        _ => 0,
    }
}

fn safepoints(unit: &Unit, places: &[Place], slots: usize) -> (Vec<u32>, Vec<BitSet>) {
    let number = |v: Ref| match places[v.index()] {
        Place { kind: Kind::Slot, index } => Some(index as usize),
        _ => None,
    };
    let cfg = ControlFlow::new(unit);
    let liveness = Liveness::new(unit, &cfg, slots, &number);
    let mut safepoint = vec![NO_SAFEPOINT; unit.insts.len()];
    let mut sets = Vec::new();
    for b in &cfg.order {
        liveness.walk(*b, |v, inst, live| {
            // A safepoint by its facts, or a call with arguments in slots: emptying slots is right at any of them.
            if unit.facts(inst).collects {
                safepoint[v.index()] = sets.len() as u32;
                sets.push(live.clone());
            }
        });
    }
    (safepoint, sets)
}
