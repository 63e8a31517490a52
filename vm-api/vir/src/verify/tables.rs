//! Phase 1: indices are in range.

use super::{Place, Report};
use crate::entity::{FeedbackRef, Ref, StateId};
use crate::inst::Inst;
use crate::unit::{Callee, List, StubOperands, Terminator, Unit};

pub(super) fn check(unit: &Unit, report: &mut Report) {
    let u = unit;
    let mut checker = Checker { unit, report };
    checker.all_refs(u.refs.iter().copied(), Place::Unit);
    checker.all_refs(u.state_registers.iter().map(|(_, v)| *v), Place::Unit);
    checker.stubs();
    for (i, state) in (0..).map(StateId).zip(&u.states) {
        let place = Place::State(i);
        checker.all_refs([state.function], place);
        checker.unless(state.caller.is_none_or(|c| c < i), place, "the caller must come before it");
        checker.list(state.registers, u.state_registers.len(), place);
    }
    for call in &u.stub_calls {
        checker.unless(call.stub.index() < u.stubs.len(), Place::Unit, "there is no such stub");
        checker.state(call.state, Place::Unit);
        match call.operands {
            StubOperands::Fixed(refs) => checker.all_refs(refs, Place::Unit),
            StubOperands::Window(list) => checker.list(list, u.refs.len(), Place::Unit),
            StubOperands::Registers { .. } => {}
        }
    }
    for call in &u.invokes {
        checker.all_refs([call.function], Place::Unit);
        if let Callee::Computed(v) = call.callee {
            checker.all_refs([v], Place::Unit);
        }
        checker.state(Some(call.state), Place::Unit);
        checker.list(call.arguments, u.refs.len(), Place::Unit);
    }
    for (v, inst) in (0..).map(Ref).zip(&u.insts) {
        checker.inst(v, inst);
    }
    for b in u.block_ids() {
        let (block, place) = (u.block(b), Place::Block(b));
        checker.all_refs(block.params.iter().chain(&block.insts).copied(), place);
        match block.terminator {
            Terminator::Jump(_, list) => checker.list(list, u.refs.len(), place),
            Terminator::Branch(v, ..) | Terminator::Return(v) => checker.all_refs([v], place),
            Terminator::Exit(state, _) => checker.state(Some(state), place),
            Terminator::None | Terminator::Fail | Terminator::Unreachable => {}
        }
        let count = u.blocks.len();
        let good = Unit::successors(&block.terminator).all(|s| s.index() < count);
        checker.unless(good, place, "there is no such block");
    }
}

struct Checker<'a> {
    unit: &'a Unit,
    report: &'a mut Report,
}

impl Checker<'_> {
    fn unless(&mut self, good: bool, place: Place, message: &str) {
        self.report.unless(good, place, || message.to_owned());
    }
    fn all_refs(&mut self, refs: impl IntoIterator<Item = Ref>, place: Place) {
        let count = self.unit.insts.len();
        for v in refs {
            self.report.unless(v.index() < count, place, || format!("there is no {v}"));
        }
    }
    fn list(&mut self, list: List, pool: usize, place: Place) {
        let end = u64::from(list.start) + u64::from(list.len);
        self.unless(end <= pool as u64, place, "the list lies outside its pool");
    }
    fn state(&mut self, state: Option<StateId>, place: Place) {
        let count = self.unit.states.len();
        self.unless(state.is_none_or(|s| s.index() < count), place, "there is no such frame state");
    }
    fn inst(&mut self, v: Ref, inst: &Inst) {
        let place = Place::Inst(v);
        let mut operands = Vec::new();
        inst.each_ref(|_, v| operands.push(v));
        self.all_refs(operands, place);
        let u = self.unit;
        match *inst {
            Inst::Guard(_, _, _, s) | Inst::Count(s) | Inst::Poll(s) | Inst::State(s) | Inst::Trace(s) => {
                self.state(Some(s), place);
            }
            Inst::Cell(c) => self.unless(c.index() < u.cells.len(), place, "there is no such cell"),
            Inst::Stub(c) => self.unless(c.index() < u.stub_calls.len(), place, "there is no such stub call"),
            Inst::Invoke(c) => self.unless(c.index() < u.invokes.len(), place, "there is no such call"),
            Inst::SlotShape(f)
            | Inst::SlotPayload(f)
            | Inst::SlotValue(f)
            | Inst::Record(f, _)
            | Inst::RecordExpected(f, _) => {
                self.unless(f != FeedbackRef::NONE && f.is_some(), place, "there is no feedback slot");
            }
            _ => {}
        }
    }
    fn stubs(&mut self) {
        let mut names: Vec<&str> = self.unit.stubs.iter().map(|s| &*s.name).collect();
        let good = |n: &str| {
            n.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') && !n.starts_with(|c: char| c.is_ascii_digit())
        };
        let all_good = names.iter().all(|n| !n.is_empty() && good(n));
        self.unless(all_good, Place::Unit, "a stub's name is no identifier");
        names.sort_unstable();
        let unique = names.windows(2).all(|w| w[0] != w[1]);
        self.unless(unique, Place::Unit, "two stubs have the same name");
    }
}
