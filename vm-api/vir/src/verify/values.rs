//! Phase 3: operands.

use super::{Place, Report};
use crate::arithmetic::IntOp;
use crate::cfg::ControlFlow;
use crate::entity::{BlockId, Ref, Type};
use crate::inst::Inst;
use crate::unit::{StubOperands, Terminator, Unit};
use vm_heap::{ShapeIndex, Value};

pub(super) fn check(unit: &Unit, cfg: &ControlFlow, report: &mut Report) {
    let mut checker = Checker { unit, scope: Scope::new(unit, cfg), report };
    for b in unit.block_ids() {
        for (i, v) in unit.block(b).insts.iter().enumerate() {
            let inst = unit.inst(*v);
            let place = Place::Inst(*v);
            unit.each_operand(&inst, |ty, x| checker.operand(x, ty, b, i, place));
            checker.inst(*v, &inst);
        }
        checker.end(b);
    }
}

/// Where each value is defined.
pub(super) struct Scope<'u> {
    cfg: &'u ControlFlow,
    /// Block and place in it; parameters stand before the first instruction. `None`: nowhere.
    definition: Vec<Option<(BlockId, usize)>>,
}

impl<'u> Scope<'u> {
    pub(super) fn new(unit: &Unit, cfg: &'u ControlFlow) -> Scope<'u> {
        let mut definition = vec![None; unit.insts.len()];
        for b in unit.block_ids() {
            unit.block(b).params.iter().for_each(|v| definition[v.index()] = Some((b, 0)));
            (1..).zip(&unit.block(b).insts).for_each(|(i, v)| definition[v.index()] = Some((b, i)));
        }
        Scope { cfg, definition }
    }
    /// Is `v` defined wherever control reaches instruction `i` of block `b`? In unreachable blocks it is enough that it is
    /// defined somewhere.
    pub(super) fn reaches(&self, v: Ref, b: BlockId, i: usize) -> bool {
        match self.definition[v.index()] {
            None => false,
            Some(_) if !self.cfg.reachable(b) => true,
            Some((at, place)) if at == b => place <= i,
            Some((at, _)) => self.cfg.dominates(at, b),
        }
    }
}

struct Checker<'a> {
    unit: &'a Unit,
    scope: Scope<'a>,
    report: &'a mut Report,
}

impl Checker<'_> {
    fn unless(&mut self, good: bool, place: Place, message: &str) {
        self.report.unless(good, place, || message.to_owned());
    }
    fn operand(&mut self, x: Ref, want: Type, b: BlockId, i: usize, place: Place) {
        let found = self.unit.ty(x);
        self.report.unless(found == want, place, || format!("{x} is {}, not {}", found.name(), want.name()));
        self.used(x, place);
        self.reaches(x, b, i, place);
    }
    /// A word that only frame states may name is no operand.
    fn used(&mut self, x: Ref, place: Place) {
        let only_named = matches!(self.unit.inst(x), Inst::TagWord(_));
        self.report.unless(!only_named, place, || format!("{x} is for frame states only"));
    }
    fn reaches(&mut self, x: Ref, b: BlockId, i: usize, place: Place) {
        self.report.unless(self.scope.reaches(x, b, i), place, || format!("{x} is not defined on every path to here"));
    }
    fn end(&mut self, b: BlockId) {
        let (terminator, i) = (self.unit.block(b).terminator, self.unit.block(b).insts.len());
        match terminator {
            Terminator::Branch(c, ..) => self.operand(c, Type::Bool, b, i, Place::Block(b)),
            Terminator::Return(v) => self.operand(v, Type::Tagged, b, i, Place::Block(b)),
            // Types were compared with the target's parameters in phase 2.
            _ => self.unit.each_terminator_ref(&terminator, |v| {
                self.used(v, Place::Block(b));
                self.reaches(v, b, i, Place::Block(b));
            }),
        }
    }
    fn inst(&mut self, v: Ref, inst: &Inst) {
        let u = self.unit;
        let place = Place::Inst(v);
        let in_memory = u.registers_in_memory;
        match *inst {
            Inst::ConstWord(bits) | Inst::IsWord(_, bits) => {
                self.unless(!Value::from_bits(bits).is_object(), place, "the word would be a pointer");
            }
            Inst::ConstFloat(x) => {
                let foreign = x.get().is_nan() && x.0 >> 48 > 0xFFF8;
                self.unless(!foreign, place, "the NaN would collide with small integers when tagged");
            }
            Inst::IntArith(op, ..) => {
                self.unless(op.is_arith(), place, "small-integer arithmetic is add, sub and mul");
            }
            Inst::Overflow(op, x, y, result) => {
                let fits = u.inst(result) == Inst::IntArith(op, x, y);
                self.unless(fits, place, "overflow is asked of another operation's result");
            }
            Inst::WordArith(op, ..) => {
                self.unless(op.is_arith(), place, "arithmetic on words is add, sub and mul");
            }
            Inst::WordOverflow(op, x, y, result) => {
                let fits = u.inst(result) == Inst::WordArith(op, x, y);
                self.unless(fits, place, "overflow is asked of another operation's result");
            }
            Inst::IntOp(op, _, y) => self.int_op(op, y, place),
            Inst::FloatCmp(c, ..) => self.unless(!c.is_unsigned(), place, "floats have no unsigned comparison"),
            Inst::FloatOp(op, x, y) => self.unless(!op.is_unary() || x == y, place, "it has one operand, given twice"),
            Inst::LoadWord(_, at) | Inst::Load(_, at) => {
                self.unless(at % 8 == 0, place, "the offset is no multiple of 8");
            }
            Inst::StoreWord(_, at, _) | Inst::Store(_, at, _) | Inst::Init(_, at, _) | Inst::InitWord(_, at, _) => {
                self.unless(at % 8 == 0 && at > 0, place, "the offset is 0 or no multiple of 8");
            }
            Inst::Alloc(shape, words) => {
                self.unless(shape.0 >= ShapeIndex::FIRST.0, place, "the shape is reserved");
                self.unless(words >= 2, place, "an object has at least 2 words");
            }
            Inst::GetReg(r) | Inst::SetReg(r, _) => {
                self.unless(in_memory, place, "registers are not in memory");
                self.unless(r < u.registers, place, "the frame has no such register");
            }
            Inst::Stub(call) => {
                let call = u.stub_calls[call.index()];
                let stub = &u.stubs[call.stub.index()];
                let fixed = matches!(call.operands, StubOperands::Fixed(_));
                self.unless(fixed != stub.window, place, "the stub takes its operands the other way");
                if let StubOperands::Registers { base, count } = call.operands {
                    self.unless(in_memory, place, "registers are not in memory");
                    let in_range = u32::from(base) + u32::from(count) <= u.registers.into();
                    self.unless(in_range, place, "the frame has no such registers");
                }
            }
            Inst::Invoke(call) => {
                let call = u.invokes[call.index()];
                self.unless(in_memory || call.in_place == 0, place, "registers are not in memory");
                let one_way = call.in_place == 0 || call.arguments.len == 0;
                self.unless(one_way, place, "arguments are either given or in place");
                let count = u64::from(call.arguments.len.max(call.in_place.into()));
                let inside = u64::from(call.offset) + count <= u.extent.into();
                self.unless(inside, place, "the arguments lie outside of the unit's extent");
            }
            _ => {}
        }
    }
    fn int_op(&mut self, op: IntOp, y: Ref, place: Place) {
        if let Inst::ConstInt(n) = self.unit.inst(y) {
            self.unless(op.apply(1, n).is_some(), place, "the second operand is out of range");
        }
    }
}
