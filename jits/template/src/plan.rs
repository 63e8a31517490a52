//! What is known of values before code is emitted: one pass backwards over the unit.
//!
//! For each mention of a value the pass notes where the next one is ([`Plan::nexts`]), so that emission always knows whether and
//! when what a register holds is used again. It finds instructions that nobody needs, arithmetic whose overflow is tested by the
//! next instruction ("paired"), and numbers that nobody needs but tagged or in such arithmetic: these stay shifted up as they come
//! out of their tags.
//!
//! A value that is used in another tree of blocks than its own, and each parameter of a join, is *global*: it has a home, a place
//! that is its own in every block where it lives (`homes.rs`). Constants and the like are never global, since they are made again
//! where they are needed.

use crate::graph::{Graph, NONE};
use crate::homes;
use vm_api::vir::{Inst, IntOp, Ref, StateId, Terminator, Type, Unit};

/// Facts about a value, and during emission where it is.
#[derive(Clone, Copy)]
pub(crate) struct Value {
    /// Position of the next use; [`NONE`] if there is none.
    pub(crate) next: u32,
    /// Position of the last use.
    pub(crate) last: u32,
    /// Root of its tree of blocks; [`NONE`] for parameters of joins.
    pub(crate) tree: u32,
    /// Its slot in the native frame; [`NONE`] if it has none.
    pub(crate) slot: u32,
    /// Its number among the globals; [`NONE`] for others.
    pub(crate) global: u32,
    /// The register that it is in; [`NO_REGISTER`] if none.
    pub(crate) reg: u8,
    /// Bits, see below.
    pub(crate) flags: u8,
}

/// The value is in no register.
pub(crate) const NO_REGISTER: u8 = u8::MAX;

/// Bits of [`Value::flags`].
pub(crate) mod flag {
    /// Nobody needs it: not emitted.
    pub(crate) const DEAD: u8 = 1;
    /// Arithmetic with the test for its overflow right behind, or that test.
    pub(crate) const PAIRED: u8 = 2;
    /// A number that is held shifted up.
    pub(crate) const SHIFTED: u8 = 4;
    /// It has a home.
    pub(crate) const GLOBAL: u8 = 8;
    /// Its slot holds it.
    pub(crate) const STORED: u8 = 16;
    /// It is made again where it is needed.
    pub(crate) const REMADE: u8 = 32;
    /// Somebody needs the number itself.
    pub(crate) const PLAIN: u8 = 64;
    /// Its home is a register.
    pub(crate) const IN_HOME: u8 = 128;
}

/// See the module's description.
pub(crate) struct Plan {
    pub(crate) values: Vec<Value>,
    /// What is used, position by position from the last to the first ([`Plan::first_mention`]).
    pub(crate) mentions: Vec<Mention>,
    base: Vec<u32>,
    /// Positions of calls, ascending.
    pub(crate) calls: Vec<u32>,
    /// The state that each block declares last, by rank.
    pub(crate) declared: Vec<Option<StateId>>,
    /// Words of a set of globals.
    pub(crate) words: usize,
    /// What lives at blocks' beginnings and ends, by rank.
    pub(crate) live_in: Vec<u64>,
    pub(crate) live_out: Vec<u64>,
    /// Slots of homes.
    pub(crate) home_slots: u32,
    /// How many registers are homes.
    pub(crate) home_registers: usize,
}

/// A use of a value.
#[derive(Clone, Copy)]
pub(crate) struct Mention {
    pub(crate) v: Ref,
    /// Position of the next use of it; [`NONE`] if there is none.
    pub(crate) next: u32,
}

/// What the pass knows of a value besides.
#[derive(Clone, Copy)]
pub(crate) struct Uses {
    /// How often it is used, weighted by loops.
    pub(crate) weight: u32,
    /// The tree of its uses, unless there are several.
    tree: u32,
    /// The block where a use was seen last.
    block: u32,
    several: bool,
}

pub(crate) struct Analysis<'u> {
    pub(crate) unit: &'u Unit,
    pub(crate) graph: &'u Graph,
    pub(crate) values: Vec<Value>,
    pub(crate) uses: Vec<Uses>,
    /// Ranks with values that they use and may not have defined.
    pub(crate) exposed: Vec<(u32, Ref)>,
    /// Values that have homes, with where they are defined, from the last to the first.
    pub(crate) globals: Vec<(Ref, u32)>,
    mentions: Vec<Mention>,
    base: Vec<u32>,
    calls: Vec<u32>,
    declared: Vec<Option<StateId>>,
    /// Rank of the block and position that are looked at; the block's tree, and what a use in it weighs.
    rank: u32,
    at: u32,
    tree: u32,
    weight: u32,
}

impl Plan {
    /// `registers` registers may be homes; `is_call` says what is a call beyond what always is. `None` if the unit is too large.
    pub(crate) fn new(unit: &Unit, graph: &Graph, registers: &[u8], is_call: &dyn Fn(&Inst) -> bool) -> Option<Plan> {
        let value = Value { next: NONE, last: NONE, tree: NONE, slot: NONE, global: NONE, reg: NO_REGISTER, flags: 0 };
        let uses = Uses { weight: 0, tree: NONE, block: NONE, several: false };
        let positions = graph.first[graph.order.len()] as usize;
        let mut analysis = Analysis {
            unit,
            graph,
            values: vec![value; unit.insts.len()],
            uses: vec![uses; unit.insts.len()],
            exposed: Vec::new(),
            globals: Vec::new(),
            mentions: Vec::with_capacity(2 * positions),
            base: vec![0; positions],
            calls: Vec::new(),
            declared: vec![None; graph.order.len()],
            rank: 0,
            at: 0,
            tree: NONE,
            weight: 1,
        };
        for rank in (0..graph.order.len() as u32).rev() {
            analysis.block(rank, is_call);
        }
        analysis.calls.reverse();
        let homes = homes::assign(&mut analysis, registers)?;
        let Analysis { values, mentions, base, calls, declared, .. } = analysis;
        Some(Plan {
            values,
            mentions,
            base,
            calls,
            declared,
            words: homes.words,
            live_in: homes.live_in,
            live_out: homes.live_out,
            home_slots: homes.slots,
            home_registers: homes.registers,
        })
    }
    /// Where what is used at a position begins among the mentions; it ends where that of the position before begins.
    pub(crate) fn first_mention(&self, at: u32) -> usize {
        self.base[at as usize] as usize
    }
}

impl Analysis<'_> {
    fn block(&mut self, rank: u32, is_call: &dyn Fn(&Inst) -> bool) {
        let (unit, graph) = (self.unit, self.graph);
        let block = unit.block(graph.order[rank as usize]);
        (self.rank, self.at) = (rank, graph.last(rank));
        self.tree = graph.root[rank as usize];
        self.weight = 1 << (3 * graph.depth[rank as usize].min(6));
        self.begin();
        match block.terminator {
            Terminator::Exit(state, _) => each_state_use(unit, state, |v| self.used(v)),
            _ => unit.each_terminator_ref(&block.terminator, |v| self.used(v)),
        }
        if let Terminator::Jump(_, list) = block.terminator {
            unit.operands(list).iter().for_each(|v| self.values[v.index()].flags |= flag::PLAIN);
        }
        for (i, v) in block.insts.iter().enumerate().rev() {
            let inst = unit.inst(*v);
            self.at = graph.first[rank as usize] + 1 + i as u32;
            self.begin();
            if !self.define(*v, &inst) {
                continue;
            }
            if let Inst::State(state) = inst {
                self.declared[rank as usize].get_or_insert(state);
                continue;
            }
            if is_call(&inst) {
                self.calls.push(self.at);
            }
            if let Inst::Overflow(_, _, _, result) = inst
                && i > 0
                && block.insts[i - 1] == result
            {
                self.values[v.index()].flags |= flag::PAIRED;
                self.values[result.index()].flags |= flag::PAIRED;
                continue;
            }
            let paired = self.values[v.index()].flags & flag::PAIRED != 0;
            let plain = needs_plain(unit, &inst, paired);
            unit.each_operand(&inst, |ty, x| {
                if ty == Type::I64 && plain(x) {
                    self.values[x.index()].flags |= flag::PLAIN;
                }
                self.used(x);
            });
            if let Some(state) = unit.state_of(&inst) {
                each_state_use(unit, state, |x| self.used(x));
            }
        }
        self.at = graph.first[rank as usize];
        self.begin();
        let join = rank > 0 && graph.is_root(rank);
        for v in &block.params {
            if join {
                self.uses[v.index()].several = true;
            }
            self.define(*v, &Inst::Param(unit.ty(*v)));
            if join {
                self.values[v.index()].tree = NONE;
            }
        }
    }
    fn begin(&mut self) {
        self.base[self.at as usize] = self.mentions.len() as u32;
    }
    fn used(&mut self, v: Ref) {
        let (value, uses) = (&mut self.values[v.index()], &mut self.uses[v.index()]);
        self.mentions.push(Mention { v, next: value.next });
        if value.last == NONE {
            value.last = self.at;
        }
        value.next = self.at;
        uses.weight = uses.weight.saturating_add(self.weight);
        uses.several |= uses.tree != NONE && uses.tree != self.tree;
        uses.tree = self.tree;
        if uses.block != self.rank {
            uses.block = self.rank;
            self.exposed.push((self.rank, v));
        }
    }
    /// Is it needed?
    fn define(&mut self, v: Ref, inst: &Inst) -> bool {
        let value = &mut self.values[v.index()];
        let needed = value.next != NONE
            || value.flags & flag::PAIRED != 0
            || matches!(inst, Inst::Stub(_) | Inst::Param(_))
            || !inst.table_facts().removable();
        if !needed {
            value.flags |= flag::DEAD;
            return false;
        }
        value.tree = self.tree;
        if is_remade(self.unit, inst) {
            value.flags |= flag::REMADE;
        } else {
            let uses = &self.uses[v.index()];
            if uses.several || uses.tree != NONE && uses.tree != value.tree {
                value.flags |= flag::GLOBAL;
                self.globals.push((v, self.at));
            }
            let shifted = match inst {
                Inst::UntagInt(_) => value.flags & flag::PLAIN == 0,
                _ => value.flags & flag::PAIRED != 0,
            };
            if shifted {
                value.flags |= flag::SHIFTED;
            }
        }
        true
    }
}

/// Which operands that are numbers does an instruction need as they are?
fn needs_plain(unit: &Unit, inst: &Inst, paired: bool) -> impl Fn(Ref) -> bool + use<> {
    let (all, only) = match *inst {
        Inst::TagInt(_) => (false, None),
        Inst::IntArith(IntOp::Mul, x, _) if paired => (false, Some(x)),
        Inst::IntArith(..) if paired => (false, None),
        Inst::IntCmp(_, x, y) => (![x, y].iter().all(|v| is_small(unit, *v)), None),
        _ => (true, None),
    };
    move |x| all || only == Some(x)
}

/// May a number be held shifted up, or is it a constant that can be?
fn is_small(unit: &Unit, v: Ref) -> bool {
    match unit.inst(v) {
        Inst::UntagInt(_) | Inst::IntArith(..) => true,
        Inst::ConstInt(n) => vm_api::heap::value::int_fits(n),
        _ => false,
    }
}

/// Is it made again where it is needed? It must be the same everywhere.
fn is_remade(unit: &Unit, inst: &Inst) -> bool {
    match *inst {
        Inst::ConstInt(_) | Inst::ConstFloat(_) | Inst::ConstBool(_) | Inst::ConstWord(_) | Inst::Function() => true,
        Inst::Cell(cell) => !unit.cells[cell.index()].weak,
        _ => false,
    }
}

/// Calls `f` with each value that is needed to write a state's frames. The unit's own function is where it was, and so is everything
/// where registers are in memory.
pub(crate) fn each_state_use(unit: &Unit, state: StateId, mut f: impl FnMut(Ref)) {
    if unit.registers_in_memory {
        return;
    }
    for (id, frame) in unit.frames(state) {
        if frame.caller.is_some() || !matches!(unit.inst(frame.function), Inst::Function()) {
            f(frame.function);
        }
        unit.registers_of(id).iter().for_each(|(_, v)| f(*v));
    }
}
