//! Edges between blocks.
//!
//! At an edge to a join, values that live there go to their homes, and arguments to the homes of parameters. Such stores stand
//! before the branch: a home that is written on a way that does not need it does no harm, since no other value that lives there
//! shares it.

use super::Emitter;
use super::operands::Place;
use super::ops::reg;
use super::registers::{FLOATS, registers};
use crate::graph::NONE;
use crate::plan::flag;
use vm_api::vir::{List, Ref, Type};

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
    /// Stores what lives at the beginning of a join and is only in a register.
    pub(super) fn send_home(&mut self, target: u32) {
        if !self.graph.is_root(target) || self.plan.words == 0 {
            return;
        }
        let live = target as usize * self.plan.words;
        for r in registers(self.occupied) {
            let v = self.occupant[usize::from(r)];
            if !self.has(v, flag::GLOBAL) {
                continue;
            }
            let global = self.plan.values[v.index()].global as usize;
            if self.plan.live_in[live + global / 64] >> (global % 64) & 1 != 0 {
                self.store(v);
            }
        }
    }
    /// Parameters of a block that continues this one.
    pub(super) fn hand_on(&mut self, list: List, target: u32) {
        let unit = self.unit;
        let b = self.graph.order[target as usize];
        for (x, p) in unit.operands(list).iter().zip(&unit.block(b).params) {
            if self.plan.values[p.index()].last == NONE {
                continue;
            }
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
    pub(super) fn pass(&mut self, list: List, target: u32) {
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
}
