//! Integers of any word: raw as long as frame states alone name them, boxed where anything else uses them, unboxed where a loop is entered
//! around which they go.

use crate::build::emitter::{Emitter, live_registers};
use crate::build::knowledge::{Facts, Kind};
use crate::build::machine::Condition;
use crate::build::{Build, Mode};
use std::collections::HashSet;
use vm_api::engine::{Cond, IntOp, Language, Machine, WordLayout};
use vm_api::vir::{BlockId, Inst, Reason, Ref, Resume, StateId, Terminator, Type};

/// Boxes the words that the instruction at `position` reads, if its handler is not to be given any.
pub(crate) fn box_operands<L: Language>(e: &mut Emitter<'_>, position: usize) {
    let code = e.context.code;
    let i = &code.code.instructions[position];
    let is_word = |v: &Ref| matches!(e.unit.inst(*v), Inst::TagWord(_));
    if e.mode == Mode::Baseline || L::takes_words(i.op) || !e.context.registers.iter().flatten().any(is_word) {
        return;
    }
    let info = &L::OPCODES[usize::from(i.op)];
    let read: Vec<usize> = match info.suspends() {
        true => code.liveness().frame_in(position).iter().map(usize::from).collect(),
        false => info.accesses(i).filter(|(o, _)| o.reads()).flat_map(|(_, registers)| registers).collect(),
    };
    for r in read {
        if let Some(v) = e.context.registers[r] {
            e.context.registers[r] = Some(e.operand_here(v));
        }
    }
}

impl Emitter<'_> {
    /// A value as what is emitted next in `block` may use it: words are boxed.
    pub(crate) fn as_operand(&mut self, block: BlockId, facts: &mut Facts, v: Ref) -> Ref {
        let Inst::TagWord(x) = self.unit.inst(v) else { return v };
        let inst = Inst::BoxWord(x);
        facts.value(&inst).unwrap_or_else(|| {
            let boxed = self.unit.push(block, inst);
            facts.emitted(inst, inst.table_facts(), boxed);
            boxed
        })
    }

    /// The same of what is emitted next here.
    pub(crate) fn operand_here(&mut self, v: Ref) -> Ref {
        let mut facts = self.take_facts();
        let v = self.as_operand(self.block, &mut facts, v);
        self.put_facts(facts);
        v
    }

    /// Emits an instruction of the running handler, which may be given words as operands: they are boxed.
    pub(crate) fn emit_boxing(&mut self, mut inst: Inst) -> Ref {
        if self.mode == Mode::Speculative {
            inst.each_ref_mut(|ty, v| {
                if ty == Type::Tagged {
                    *v = self.boxed(*v);
                }
            });
        }
        self.emit(inst)
    }
    /// A value as the running handler's instructions may use it.
    pub(crate) fn boxed(&mut self, v: Ref) -> Ref {
        match self.unit.inst(v) {
            Inst::TagWord(x) => self.emit(Inst::BoxWord(x)),
            _ => v,
        }
    }

    /// Boxes that only frame states name are boxed by those who make the frames.
    pub(crate) fn unbox_unused(&mut self) {
        let unit = &mut self.unit;
        let is_box = |v: &Ref| matches!(unit.inst(*v), Inst::BoxWord(_));
        let mut unused: HashSet<Ref> = unit.blocks.iter().flat_map(|b| &b.insts).copied().filter(is_box).collect();
        if unused.is_empty() {
            return;
        }
        for block in &unit.blocks {
            for v in &block.insts {
                unit.each_operand(&unit.inst(*v), |_, x| _ = unused.remove(&x));
            }
            unit.each_terminator_ref(&block.terminator, |x| _ = unused.remove(&x));
        }
        for v in unused {
            if let Inst::BoxWord(x) = unit.insts[v.index()] {
                unit.insts[v.index()] = Inst::TagWord(x);
            }
        }
    }

    /// Before a loop around which words go: what it is entered with is made words, too. Leaves where it is none.
    pub(crate) fn unbox_words(&mut self, target: usize) {
        let Some(layout) = self.words else { return };
        let place = (self.context.path, target);
        let mut wanted: Vec<u16> =
            self.settled.unboxed.iter().filter(|(path, at, _)| (*path, *at) == place).map(|(.., r)| *r).collect();
        wanted.sort_unstable();
        let mut known_state = None;
        for r in wanted {
            let Some(v) = self.context.registers[usize::from(r)].filter(|v| self.kind(*v).is_none()) else { continue };
            let state = *known_state.get_or_insert_with(|| self.state_at(target));
            let [small, large, on] = [0; 3].map(|_| self.unit.add_block());
            let is_int = self.raw(Inst::IsInt(v));
            self.unit.terminate(self.block, Terminator::Branch(is_int, small, large));
            self.block = small;
            let x = self.raw(Inst::UntagInt(v));
            self.jump_with(on, x);
            self.block = large;
            let x = self.large_word_or_leave(layout, v, state);
            self.jump_with(on, x);
            self.block = on;
            let x = self.unit.add_param(on, Type::I64);
            self.context.registers[usize::from(r)] = Some(self.raw(Inst::TagWord(x)));
        }
    }
    fn jump_with(&mut self, to: BlockId, x: Ref) {
        let list = self.unit.list(&[x]);
        self.unit.terminate(self.block, Terminator::Jump(to, list));
    }
    /// The state in which the instruction `target` comes next, with the registers as they are here.
    fn state_at(&mut self, target: usize) -> StateId {
        let here = std::mem::replace(&mut self.position, target);
        let registers = live_registers(&self.context.registers, self.context.code.liveness().frame_in(target).iter());
        let state = self.add_state(Resume::Execute, registers);
        self.position = here;
        self.raw(Inst::State(state));
        state
    }
    /// The word of what is no small integer, unless the unit is left at `state`.
    fn large_word_or_leave(&mut self, layout: &WordLayout, v: Ref, state: StateId) -> Ref {
        let guard = |e: &mut Self, c: Inst| {
            let c = e.raw(c);
            e.raw(Inst::Guard(c, true, Reason::Expected, state));
        };
        guard(self, Inst::IsObject(v));
        let p = self.raw(Inst::UntagPtr(v));
        let shape = self.raw(Inst::Shape(p));
        let known = self.number(layout.shape.0.into());
        guard(self, Inst::IntCmp(Cond::Eq, shape, known));
        let length = self.raw(Inst::LoadWord(p, layout.length_at));
        let known = self.number(layout.length);
        guard(self, Inst::IntCmp(Cond::Eq, length, known));
        let magnitude = self.raw(Inst::LoadWord(p, layout.magnitude_at));
        let zero = self.number(0);
        guard(self, Inst::IntCmp(Cond::Ge, magnitude, zero));
        let negative = self.raw(Inst::LoadWord(p, layout.negative_at));
        let mask = self.raw(Inst::IntOp(IntOp::Sub, zero, negative));
        let x = self.raw(Inst::IntOp(IntOp::Xor, magnitude, mask));
        self.raw(Inst::IntOp(IntOp::Add, x, negative))
    }
}

impl<L: Language> Build<'_, L> {
    /// Are both small integers, where one is known to be an integer?
    #[cold]
    pub(crate) fn both_fit(&self, v: Ref, w: Ref, one: fn(Ref) -> Inst) -> Condition {
        match [v, w].map(|v| self.kind_test(v, Kind::Int, one(v))) {
            [Condition::Known(false), _] | [_, Condition::Known(false)] => Condition::Known(false),
            [Condition::Known(true), other] | [other, Condition::Known(true)] => other,
            both => {
                let [x, y] = both.map(|c| self.bool_to_int(c));
                self.int_cmp(Cond::Ne, self.int_op(IntOp::And, x, y), self.int_const(0))
            }
        }
    }
    /// The word of a value that is no small integer: leaves unless it is an integer and fits one.
    pub(crate) fn large_word(&self, layout: &WordLayout, v: Ref) -> Ref {
        let unless = |c: Condition| {
            self.with(|e| match e.decided(c) {
                Ok(true) => {}
                Ok(false) => e.exit(),
                Err(c) => e.guard_untested(c, true, Reason::Rare),
            });
        };
        unless(self.is_object(v));
        let p = self.ptr(v);
        unless(self.int_cmp(Cond::Eq, self.shape(p), self.int_const(layout.shape.0.into())));
        unless(self.int_cmp(Cond::Eq, self.load_word(p, layout.length_at), self.int_const(layout.length)));
        let magnitude = self.load_word(p, layout.magnitude_at);
        unless(self.int_cmp(Cond::Ge, magnitude, self.int_const(0)));
        let negative = self.load_word(p, layout.negative_at);
        let mask = self.int_op(IntOp::Sub, self.int_const(0), negative);
        self.int_op(IntOp::Add, self.int_op(IntOp::Xor, magnitude, mask), negative)
    }
}
