//! Blocks, edges between them, terminators.
//!
//! At an edge to a join, values that live there go to their homes, and arguments to the homes of parameters. Such stores stand
//! before the branch: a home that is written on a way that does not need it does no harm, since no other value that lives there
//! shares it.

use super::Emitter;
use super::code::Section;
use super::conditions::Pending;
use super::ops::{asm, reg};
use super::registers::{CALLER_SAVED, FLOATS, NO_OCCUPANT, Place};
use crate::graph::NONE;
use crate::plan::{each_state_use, each_use, flag};
use dynasm::dynasm;
use vm_api::vir::{BlockId, Inst, List, Ref, Terminator, Type};

/// A value on its way to the home of a parameter.
#[derive(Clone, Copy)]
struct Move {
    from: Ref,
    to: Ref,
    /// Where it comes from.
    place: Place,
}

/// What the moves at a jump do to the home of a global.
#[derive(Clone, Copy)]
pub(super) struct HomeMoves {
    /// How many still read it.
    reads: u32,
    /// Which writes it; [`NONE`] if none does, or has done so.
    by: u32,
}

/// Nothing happens to the home.
pub(super) const UNMOVED: HomeMoves = HomeMoves { reads: 0, by: NONE };

impl Emitter<'_> {
    pub(super) fn block(&mut self, rank: u32) {
        let unit = self.unit;
        let b = self.graph.order[rank as usize];
        let block = unit.block(b);
        self.code.switch(if block.cold { Section::Cold } else { Section::Hot });
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
            self.reach(at, Some((*v, &inst)));
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
    fn reach(&mut self, at: u32, inst: Option<(Ref, &Inst)>) {
        while self.plan.calls.get(self.next_call).is_some_and(|call| *call <= at) {
            self.next_call += 1;
        }
        let unit = self.unit;
        let before = self.uses.len();
        let uses = &mut self.uses;
        match inst {
            Some((v, inst)) => {
                let paired = self.plan.values[v.index()].flags & flag::PAIRED != 0;
                each_use(unit, inst, paired, |x| uses.push(x));
            }
            None => {
                let b = self.graph.order[self.rank as usize];
                match unit.block(b).terminator {
                    Terminator::Exit(state, _) => each_state_use(unit, state, |x| uses.push(x)),
                    ref terminator => unit.each_terminator_ref(terminator, |x| uses.push(x)),
                }
            }
        }
        let nexts = &self.plan.nexts[self.plan.base[at as usize] as usize..];
        for (x, next) in self.uses[before..].iter().zip(nexts) {
            // The second mention of a value in one place points to that place.
            if *next != at {
                self.plan.values[x.index()].next = *next;
            }
        }
    }

    // ---- terminators

    fn terminator(&mut self, rank: u32, terminator: &Terminator) {
        if !matches!(terminator, Terminator::Branch(c, ..) if self.is_pending(*c)) {
            self.flush();
        }
        self.reach(self.graph.last(rank), None);
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
        let is_cold = |rank: u32| self.unit.block(self.graph.order[rank as usize]).cold;
        if target <= self.rank || is_cold(target) != is_cold(self.rank) {
            return false;
        }
        // Between them only blocks that go elsewhere.
        target == self.rank + 1
            || target - self.rank < 8 && (self.rank + 1..target).all(|r| is_cold(r) != is_cold(target))
    }
    fn go_on(&mut self, target: u32) {
        if !self.follows(target) {
            self.code.jump(self.labels[target as usize]);
        }
    }

    // ---- edges

    /// Stores what lives at the beginning of a join and is only in a register.
    fn send_home(&mut self, target: u32) {
        if !self.graph.is_root(target) || self.plan.words == 0 {
            return;
        }
        let live = target as usize * self.plan.words;
        for r in 0..32 {
            let v = self.occupant[r];
            if v == NO_OCCUPANT || !self.has(v, flag::GLOBAL) {
                continue;
            }
            let global = self.plan.values[v.index()].global as usize;
            if self.plan.live_in[live + global / 64] >> (global % 64) & 1 != 0 {
                self.store(v);
            }
        }
    }
    /// Parameters of a block that continues this one.
    fn hand_on(&mut self, list: List, target: u32) {
        let unit = self.unit;
        let b = self.graph.order[target as usize];
        for (x, p) in unit.operands(list).iter().zip(&unit.block(b).params) {
            if self.plan.values[p.index()].last == NONE {
                continue;
            }
            // What was the last use of an argument may not be that of the next parameter's.
            if self.ty(*x) == Type::F64 {
                let place = self.place(*x);
                let d = self.define_float(*p);
                self.read_float(d, place);
            } else {
                let place = self.place_after_locking(*x);
                let d = self.define(*p);
                self.read(d, place);
                if self.is_shifted(*x) {
                    self.code.shift_right_signed(d, self.lowering.encoding.int_shift);
                }
            }
            self.locked = 0;
        }
        self.end();
    }
    fn place_after_locking(&mut self, v: Ref) -> Place {
        let place = self.place(v);
        if let Place::Register(r) = place {
            self.lock(r);
        }
        place
    }
    /// Arguments go to the homes of a join's parameters, all at once: a home is written when nothing is to be read there any more.
    fn pass(&mut self, list: List, target: u32) {
        let unit = self.unit;
        let params = &unit.block(self.graph.order[target as usize]).params;
        let used = |p: &Ref| self.plan.values[p.index()].last != NONE;
        let moves = unit.operands(list).iter().zip(params).filter(|(x, p)| x != p && used(p));
        let mut moves: Vec<Move> = moves.map(|(x, p)| Move { from: *x, to: *p, place: self.place(*x) }).collect();
        for (i, m) in (0..).zip(&moves) {
            let to = self.plan.values[m.to.index()].global as usize;
            self.moves[to].by = i;
        }
        for m in &moves {
            if let Some(home) = self.home_read(m) {
                self.moves[home].reads += 1;
            }
        }
        let reads = |e: &Self, m: &Move| e.moves[e.plan.values[m.to.index()].global as usize].reads;
        let mut ready: Vec<u32> = (0..).zip(&moves).filter(|(_, m)| reads(self, m) == 0).map(|(i, _)| i).collect();
        for first in 0..moves.len() {
            while let Some(i) = ready.pop() {
                let m = moves[i as usize];
                self.move_home(m);
                self.moves[self.plan.values[m.to.index()].global as usize].by = NONE;
                ready.extend(self.was_read(&m));
            }
            let m = moves[first];
            if reads(self, &m) != 0 {
                // Only circles are left. Kept elsewhere, what one is to get can be overwritten.
                let slot = self.new_slot();
                let at = self.slot_place(slot);
                self.read(reg::RAX, m.place);
                self.code.store_slot(at, reg::RAX);
                moves[first].place = Place::Slot(at);
                ready.extend(self.was_read(&m));
                moves[first].from = m.to;
            }
        }
    }
    /// The number of the global whose home a move reads, if that is written by another move.
    fn home_read(&self, m: &Move) -> Option<usize> {
        let value = &self.plan.values[m.from.index()];
        let at_home = match m.place {
            Place::Register(_) => value.flags & flag::IN_HOME != 0,
            Place::Slot(_) => true,
            _ => false,
        };
        let written = value.global != NONE && self.moves[value.global as usize].by != NONE;
        (at_home && written && m.from != m.to).then_some(value.global as usize)
    }
    /// A move has read what it reads; which other can be done now?
    fn was_read(&mut self, m: &Move) -> Option<u32> {
        let home = self.home_read(m)?;
        self.moves[home].reads -= 1;
        (self.moves[home].reads == 0).then_some(self.moves[home].by)
    }
    fn move_home(&mut self, m: Move) {
        let home = &self.plan.values[m.to.index()];
        let (in_home, r, slot) = (home.flags & flag::IN_HOME != 0, home.reg, home.slot);
        let d = if in_home { r } else { reg::RAX };
        match m.place {
            Place::Register(x) if x >= FLOATS => {
                let at = self.slot_place(slot);
                return self.code.store_slot_float(at, x - FLOATS);
            }
            Place::Register(x) if !in_home && !self.is_shifted(m.from) => {
                let at = self.slot_place(slot);
                return self.code.store_slot(at, x);
            }
            place => self.read(d, place),
        }
        if self.is_shifted(m.from) {
            self.code.shift_right_signed(d, self.lowering.encoding.int_shift);
        }
        if !in_home {
            let at = self.slot_place(slot);
            self.code.store_slot(at, d);
        }
    }
    /// After a call nothing is in registers that calls change.
    pub(super) fn after_call(&mut self) {
        self.vacate_all(CALLER_SAVED);
    }
}
