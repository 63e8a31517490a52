//! Tests, and what branches and guards make of them.
//!
//! A test whose value the next instruction or the terminator asks for is put off until then, so that it becomes a comparison and a
//! jump instead of a byte. Its operands stay where they are meanwhile.

use super::Emitter;
use super::code::Label;
use super::ops::{asm, cc, reg};
use crate::plan::flag;
use dynasm::dynasm;
use dynasmrt::DynasmApi;
use vm_api::vir::{Cond, Inst, Ref, StateId};

/// What was put off.
#[derive(Clone, Copy)]
pub(super) enum Pending {
    /// The value, the test, and whether its outcome is to be negated.
    Test(Ref, Ref, bool),
    /// The value; the flags hold the outcome.
    Flags(Ref, Outcome),
    /// A poll that a branch asks for.
    Poll(StateId),
}

/// How flags say that something holds.
#[derive(Clone, Copy)]
pub(super) enum Outcome {
    /// By a condition code.
    Code(u8),
    /// Floats are equal, and neither is NaN; or not so.
    Equal(bool),
}

impl Outcome {
    fn negated_if(self, negated: bool) -> Outcome {
        match self {
            Outcome::Code(c) => Outcome::Code(c ^ u8::from(negated)),
            Outcome::Equal(equal) => Outcome::Equal(equal != negated),
        }
    }
}

impl Emitter<'_> {
    /// Is it a test, which can be put off?
    fn is_test(inst: &Inst) -> bool {
        matches!(
            inst,
            Inst::IsInt(_)
                | Inst::BothInt(..)
                | Inst::IsFloat(_)
                | Inst::BothFloat(..)
                | Inst::IsObject(_)
                | Inst::IsBool(_)
                | Inst::Same(..)
                | Inst::IsWord(..)
                | Inst::Ok(_)
                | Inst::Allocated(_)
                | Inst::UntagBool(_)
                | Inst::Overflow(..)
                | Inst::IntCmp(..)
                | Inst::IntFits(_)
                | Inst::FloatCmp(..)
                | Inst::StillValid()
        )
    }
    pub(super) fn is_pending(&self, v: Ref) -> bool {
        self.pending_if(v).is_some()
    }
    /// What was put off, if it is this value.
    pub(super) fn pending_if(&self, v: Ref) -> Option<Pending> {
        self.pending.filter(|p| match *p {
            Pending::Test(w, ..) | Pending::Flags(w, _) => w == v,
            Pending::Poll(_) => true,
        })
    }
    /// Can the instruction use what was put off?
    pub(super) fn takes_pending(&self, inst: &Inst) -> bool {
        match inst {
            Inst::Guard(c, ..) => self.is_pending(*c),
            Inst::Not(x) => matches!(self.pending, Some(Pending::Test(w, ..) | Pending::Flags(w, _)) if w == *x),
            _ => false,
        }
    }
    /// Puts a test off. What it uses stays noted.
    pub(super) fn make_pending(&mut self, v: Ref, inst: &Inst) -> bool {
        if let Inst::Not(x) = *inst
            && let Some(pending) = self.pending
        {
            if self.is_live(x) {
                self.flush();
                return false;
            }
            self.pending = Some(match pending {
                Pending::Test(_, test, negated) => Pending::Test(v, test, !negated),
                Pending::Flags(_, outcome) => Pending::Flags(v, outcome.negated_if(true)),
                poll @ Pending::Poll(_) => poll,
            });
            return true;
        }
        if let Inst::Poll(state) = *inst {
            let terminator = self.graph.last(self.rank);
            let branch = self.plan.values[v.index()].next == terminator && self.branches_on(v);
            let last = self.unit.block(self.graph.order[self.rank as usize]).insts.last() == Some(&v);
            if branch && last && self.plan.values[v.index()].last == terminator {
                self.pending = Some(Pending::Poll(state));
                return true;
            }
            return false;
        }
        if !Self::is_test(inst) {
            return false;
        }
        if self.has(v, flag::PAIRED) {
            self.pending = Some(Pending::Flags(v, Outcome::Code(cc::OVERFLOW)));
            return true;
        }
        self.pending = Some(Pending::Test(v, v, false));
        true
    }
    fn branches_on(&self, v: Ref) -> bool {
        let block = self.unit.block(self.graph.order[self.rank as usize]);
        matches!(block.terminator, vm_api::vir::Terminator::Branch(c, ..) if c == v)
    }
    /// Makes a value of what was put off.
    pub(super) fn flush(&mut self) {
        let Some(pending) = self.pending.take() else { return };
        let (Pending::Test(v, ..) | Pending::Flags(v, _)) = pending else { return };
        let outcome = self.outcome(pending);
        self.materialize(v, outcome);
        self.uses.push(v);
        self.end();
    }
    fn materialize(&mut self, v: Ref, outcome: Outcome) {
        // Eviction moves, and moves leave the flags.
        let d = self.define(v);
        match outcome {
            Outcome::Code(c) => self.code.set_if(c, d),
            Outcome::Equal(equal) => {
                let other = self.temporary();
                let (zero, parity) = if equal { (cc::EQUAL, cc::NO_PARITY) } else { (cc::NOT_EQUAL, cc::PARITY) };
                self.code.set_if(zero, d);
                self.code.set_if(parity, other);
                if equal {
                    asm!(self.code; and Rd(d), Rd(other));
                } else {
                    asm!(self.code; or Rd(d), Rd(other));
                }
            }
        }
    }
    fn outcome(&mut self, pending: Pending) -> Outcome {
        match pending {
            Pending::Test(_, test, negated) => {
                let inst = self.unit.inst(test);
                self.test(&inst).negated_if(negated)
            }
            Pending::Flags(_, outcome) => outcome,
            Pending::Poll(_) => unreachable!("branches ask for polls themselves"),
        }
    }
    /// A condition as flags: what was put off, or a value. If the value is needed later, it is made.
    pub(super) fn condition(&mut self, c: Ref) -> Outcome {
        match self.pending_if(c) {
            Some(pending) => {
                self.pending = None;
                let outcome = self.outcome(pending);
                // A guard's frame state may mention it, too.
                let mentioned = self.uses.iter().filter(|v| **v == c).count() > 1;
                if !mentioned && !self.is_live(c) {
                    return outcome;
                }
                self.materialize(c, outcome);
            }
            None => {
                if let Inst::ConstBool(known) = self.unit.inst(c) {
                    asm!(self.code; xor eax, eax);
                    return Outcome::Code(if known { cc::EQUAL } else { cc::NOT_EQUAL });
                }
            }
        }
        let r = self.held(c);
        asm!(self.code; test Rd(r), Rd(r));
        Outcome::Code(cc::NOT_EQUAL)
    }
    /// Jumps if the outcome is `expected`.
    pub(super) fn jump_on(&mut self, outcome: Outcome, expected: bool, label: Label) {
        match outcome.negated_if(!expected) {
            Outcome::Code(c) => self.code.jump_if(c, label),
            Outcome::Equal(true) => {
                let on = self.code.label();
                self.code.jump_if(cc::PARITY, on);
                self.code.jump_if(cc::EQUAL, label);
                self.code.bind(on);
            }
            Outcome::Equal(false) => {
                self.code.jump_if(cc::NOT_EQUAL, label);
                self.code.jump_if(cc::PARITY, label);
            }
        }
    }

    // ---- tests

    /// Compares what a test compares.
    fn test(&mut self, inst: &Inst) -> Outcome {
        Outcome::Code(match *inst {
            Inst::IntCmp(c, x, y) => self.compare(c, x, y),
            Inst::IntFits(x) => {
                let x = self.get(x);
                let shift = self.lowering.encoding.int_shift as i8;
                asm!(self.code; mov rax, Rq(x); shl rax, BYTE shift; sar rax, BYTE shift; cmp rax, Rq(x));
                cc::EQUAL
            }
            Inst::Overflow(op, x, y, _) => {
                self.overflow(op, x, y);
                cc::OVERFLOW
            }
            Inst::FloatCmp(c, x, y) => {
                let (x, y) = (self.get_float(x), self.get_float(y));
                match c {
                    Cond::Eq | Cond::Ne => {
                        asm!(self.code; ucomisd Rx(x), Rx(y));
                        return Outcome::Equal(c == Cond::Eq);
                    }
                    // The other way round, so that NaN is "below".
                    Cond::Lt | Cond::ULt => {
                        asm!(self.code; ucomisd Rx(y), Rx(x));
                        cc::ABOVE
                    }
                    Cond::Le | Cond::ULe => {
                        asm!(self.code; ucomisd Rx(y), Rx(x));
                        cc::ABOVE_EQUAL
                    }
                    Cond::Gt => {
                        asm!(self.code; ucomisd Rx(x), Rx(y));
                        cc::ABOVE
                    }
                    Cond::Ge => {
                        asm!(self.code; ucomisd Rx(x), Rx(y));
                        cc::ABOVE_EQUAL
                    }
                }
            }
            Inst::StillValid() => {
                self.load_valid();
                cc::NOT_EQUAL
            }
            _ => self.tag_test(inst),
        })
    }
    fn compare(&mut self, c: Cond, x: Ref, y: Ref) -> u8 {
        let (mut c, mut x, mut y) = (c, x, y);
        if self.small_constant(x).is_some() && self.small_constant(y).is_none() {
            (x, y) = (y, x);
            let Some(swapped) = swapped(c) else { return self.compare_swapped(c, x, y) };
            c = swapped;
        }
        self.compare_words(x, y);
        condition_code(c)
    }
    /// Compares `y` with `x` where the condition has no mirror image.
    fn compare_swapped(&mut self, c: Cond, x: Ref, y: Ref) -> u8 {
        self.compare_words(x, y);
        match c {
            // y < x is x > y.
            Cond::ULt => cc::ABOVE,
            _ => cc::ABOVE_EQUAL,
        }
    }
    fn compare_words(&mut self, x: Ref, y: Ref) {
        let shift = self.lowering.encoding.int_shift;
        if self.is_shifted(x) {
            let known = match self.unit.inst(y) {
                Inst::ConstInt(n) if vm_api::heap::value::int_fits(n) => Some(n << shift),
                _ => None,
            };
            if let Some(n) = known {
                let x = self.held(x);
                return match i32::try_from(n) {
                    Ok(n) => self.code.compare_imm(x, n),
                    Err(_) => {
                        self.code.constant(reg::RAX, n as u64);
                        asm!(self.code; cmp Rq(x), rax);
                    }
                };
            }
            if self.is_shifted(y) {
                let (x, y) = (self.held(x), self.held(y));
                return asm!(self.code; cmp Rq(x), Rq(y));
            }
        }
        let x = self.get(x);
        match self.small_constant(y) {
            Some(n) => self.code.compare_imm(x, n),
            None => {
                let y = self.get(y);
                asm!(self.code; cmp Rq(x), Rq(y));
            }
        }
    }
}

/// The condition with its operands exchanged, if it has a name.
fn swapped(c: Cond) -> Option<Cond> {
    Some(match c {
        Cond::Eq | Cond::Ne => c,
        Cond::Lt => Cond::Gt,
        Cond::Le => Cond::Ge,
        Cond::Gt => Cond::Lt,
        Cond::Ge => Cond::Le,
        Cond::ULt | Cond::ULe => return None,
    })
}

fn condition_code(c: Cond) -> u8 {
    match c {
        Cond::Eq => cc::EQUAL,
        Cond::Ne => cc::NOT_EQUAL,
        Cond::Lt => cc::LESS,
        Cond::Le => cc::LESS_EQUAL,
        Cond::Gt => cc::GREATER,
        Cond::Ge => cc::GREATER_EQUAL,
        Cond::ULt => cc::BELOW,
        Cond::ULe => cc::BELOW_EQUAL,
    }
}
