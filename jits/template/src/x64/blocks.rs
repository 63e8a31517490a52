//! Blocks and their terminators.

use super::Emitter;
use super::code::Section;
use super::conditions::Pending;
use super::ops::{asm, reg};
use crate::plan::flag;
use dynasm::dynasm;
use vm_api::vir::{BlockId, Inst, Ref, Terminator};

impl Emitter<'_> {
    pub(super) fn block(&mut self, rank: u32) {
        let unit = self.unit;
        let b = self.graph.order[rank as usize];
        let block = unit.block(b);
        self.code.switch(if self.graph.cold[rank as usize] { Section::Cold } else { Section::Hot });
        self.enter(rank);
        self.code.bind(self.labels[rank as usize]);
        if rank == 0 {
            self.parameters();
        }
        let first = self.graph.first[rank as usize];
        for (v, at) in block.insts.iter().zip(first + 1..) {
            if self.has(*v, flag::DEAD | flag::REMADE) {
                continue;
            }
            let inst = unit.inst(*v);
            if let Inst::State(state) = inst {
                if unit.registers_in_memory {
                    self.position = Some(state);
                }
                continue;
            }
            if !self.takes_pending(&inst) {
                self.flush();
            }
            self.reach(at);
            self.current = *v;
            self.code.origin(*v);
            if self.make_pending(*v, &inst) {
                continue;
            }
            self.inst(*v, &inst);
            self.uses.push(*v);
            self.end();
        }
        self.terminator(rank, &block.terminator);
    }
    /// The entry's parameters come from registers of the frame.
    fn parameters(&mut self) {
        let unit = self.unit;
        for (v, r) in unit.block(BlockId(0)).params.iter().zip(&unit.entry) {
            if !self.is_live(*v) {
                continue;
            }
            let d = self.define(*v);
            self.code.load(d, reg::FRAME, 8 * i32::from(*r));
            self.locked = 0;
        }
    }
    /// Goes on to a position: the uses there are taken note of.
    fn reach(&mut self, at: u32) {
        while self.plan.calls.get(self.next_call).is_some_and(|call| *call <= at) {
            self.next_call += 1;
        }
        let first = self.plan.first_mention(at);
        while self.mentioned > first {
            self.mentioned -= 1;
            let mention = self.plan.mentions[self.mentioned];
            self.uses.push(mention.v);
            // The second mention of a value in one place points to that place.
            if mention.next != at {
                self.plan.values[mention.v.index()].next = mention.next;
            }
        }
    }

    // ---- terminators

    fn terminator(&mut self, rank: u32, terminator: &Terminator) {
        if !matches!(terminator, Terminator::Branch(c, ..) if self.is_pending(*c)) {
            self.flush();
        }
        self.reach(self.graph.last(rank));
        match *terminator {
            Terminator::Jump(target, list) => {
                let target = self.graph.rank(target);
                if self.graph.is_root(target) {
                    self.send_home(target);
                    self.pass(list, target);
                    self.end();
                } else {
                    self.hand_on(list, target);
                    self.keep_for(std::iter::once(target));
                }
                self.go_on(target);
            }
            Terminator::Branch(c, yes, no) => {
                let (yes, no) = (self.graph.rank(yes), self.graph.rank(no));
                if self.is_live(c) {
                    // It must be there before what lives goes home.
                    self.flush();
                }
                self.send_home(yes);
                self.send_home(no);
                self.branch(c, yes, no);
            }
            Terminator::Return(v) => {
                self.read_tagged(reg::RDX, v);
                asm!(self.code; xor eax, eax);
                self.code.jump(self.epilogue);
            }
            Terminator::Fail => {
                asm!(self.code; xor eax, eax; xor edx, edx);
                self.code.jump(self.epilogue);
            }
            Terminator::Exit(state, reason) => self.leave_here(state, reason),
            Terminator::None | Terminator::Unreachable => asm!(self.code; ud2),
        }
        self.end();
    }
    fn read_tagged(&mut self, r: u8, v: Ref) {
        let place = self.place(v);
        self.read(r, place);
    }
    fn branch(&mut self, c: Ref, yes: u32, no: u32) {
        let (to_yes, to_no) = (self.labels[yes as usize], self.labels[no as usize]);
        if let Some(Pending::Poll(state)) = self.pending_if(c) {
            self.pending = None;
            self.poll_branch(state, to_yes, to_no);
            self.end();
            self.keep_for([yes, no].into_iter());
            return self.go_on(yes);
        }
        let outcome = self.condition(c);
        self.end();
        self.keep_for([yes, no].into_iter());
        if self.follows(yes) {
            self.jump_on(outcome, false, to_no);
        } else {
            self.jump_on(outcome, true, to_yes);
            self.go_on(no);
        }
    }
    /// Is a block laid out right behind this one?
    fn follows(&self, target: u32) -> bool {
        self.graph.follower[self.rank as usize] == target
    }
    fn go_on(&mut self, target: u32) {
        if !self.follows(target) {
            self.code.jump(self.labels[target as usize]);
        }
    }
}
