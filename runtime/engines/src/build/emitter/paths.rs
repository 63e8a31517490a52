//! Where the paths through a handler part and meet.
//!
//! A path that comes to a meeting ([`Machine::meet`](vm_api::engine::Machine::meet)) waits. When no other is left to be run, those that
//! wait at the first place become one: a run with the log of one of them, and with what all of them know, goes on in a block that all
//! lead to. So what stands behind a meeting is emitted once, however many paths there are. A path that is the only one goes on at once.

use super::{Emitter, Entry, Event, Next, Pending};
use crate::build::Mode;
use crate::build::knowledge::Facts;
use vm_api::vir::{BlockId, Cond, Inst, List, Ref, Terminator, Type, Unit};

/// A path that has come to where paths meet.
pub(super) struct Arrival {
    place: u32,
    /// How it came here; empty if another that waits in this place says how it did.
    log: Vec<Event>,
    block: BlockId,
    facts: Box<Facts>,
    /// What it comes with.
    x: Option<Ref>,
}

impl<'r> Emitter<'r> {
    /// Paths part.
    fn part(&mut self) {
        self.common = self.common.min(self.replayed);
        self.replayed += 1;
    }
    /// Decides a condition by taking both sides: true now, false later.
    pub(crate) fn fork(&mut self, c: Ref) -> bool {
        if self.left {
            return true;
        }
        if self.replayed < self.log.len() {
            let Event::Decided(b) = self.log[self.replayed] else { panic!("a handler is not deterministic") };
            self.part();
            self.learn(c, b);
            return b;
        }
        let (yes, no) = (self.unit.add_block(), self.unit.add_block());
        self.unit.terminate(self.block, Terminator::Branch(c, yes, no));
        self.pending.push(Pending { prefix: self.log.len(), decision: Event::Decided(false), block: no });
        self.log.push(Event::Decided(true));
        self.part();
        self.block = yes;
        self.learn(c, true);
        true
    }
    /// Goes on where a condition holds. The other side ends the handler with the pending exception, so it is not run.
    pub(crate) fn fork_or_raise(&mut self, ok: Ref) {
        if self.left {
            return;
        }
        if self.replayed < self.log.len() {
            assert!(matches!(self.log[self.replayed], Event::Decided(true)), "a handler is not deterministic");
        } else {
            let (yes, no) = (self.unit.add_block(), self.unit.add_block());
            self.unit.terminate(self.block, Terminator::Branch(ok, yes, no));
            self.raising.push(no);
            self.log.push(Event::Decided(true));
            self.block = yes;
        }
        self.part();
        self.learn(ok, true);
    }
    /// Comes to where paths meet, with what is `x` on this one: what it is on all of them, if the run goes on for them. As the others
    /// may have marked no state, it is marked anew.
    pub(crate) fn meet(&mut self, place: u32, x: Option<Ref>) -> Option<Option<Ref>> {
        if self.replayed < self.log.len() {
            self.replayed += 1;
            return match self.log[self.replayed - 1] {
                Event::Alone => Some(x),
                Event::Met(number) => {
                    self.marked = false;
                    self.reusable_from = self.replayed;
                    let (facts, x) = &self.met[number];
                    self.facts.clone_from(facts);
                    if self.mode == Mode::Baseline {
                        self.context.registers.clear();
                    }
                    Some(*x)
                }
                _ => panic!("a handler is not deterministic"),
            };
        }
        if !self.left {
            assert!(!self.effect, "paths meet after an effect in {}", self.unit.name);
            if self.pending.is_empty() && self.arrivals.is_empty() {
                self.log.push(Event::Alone);
                self.replayed += 1;
                return Some(x);
            }
            let is_first = self.arrivals.iter().all(|a| a.place != place);
            let log = if is_first { self.log.clone() } else { Vec::new() };
            let facts = self.take_facts();
            self.arrivals.push(Arrival { place, log, block: self.block, facts, x });
            self.next = Next::Met;
        }
        None
    }
    /// Begins the run that goes on where paths have met, first where no other path can come to any more; false if there are none.
    pub(super) fn go_on_from_meeting(&mut self) -> bool {
        let Some(place) = self.arrivals.iter().map(|a| a.place).min() else { return false };
        let is_here = |a: &Arrival| a.place == place;
        let Some(first) = self.arrivals.iter().position(is_here) else { return false };
        let Arrival { log, mut block, mut facts, mut x, .. } = self.arrivals.remove(first);
        if let Some(first_of_rest) = self.arrivals.iter().position(is_here) {
            let first = block;
            block = self.unit.add_block();
            let differ = self.arrivals.iter().any(|a| is_here(a) && a.x != x);
            let list = |unit: &mut Unit, x: Option<Ref>| x.filter(|_| differ).map_or(List::EMPTY, |x| unit.list(&[x]));
            let from_first = list(&mut self.unit, x);
            self.unit.terminate(first, Terminator::Jump(block, from_first));
            let mut at = first_of_rest;
            while at < self.arrivals.len() {
                if !is_here(&self.arrivals[at]) {
                    at += 1;
                    continue;
                }
                let arrival = self.arrivals.remove(at);
                let from_other = list(&mut self.unit, arrival.x);
                self.unit.terminate(arrival.block, Terminator::Jump(block, from_other));
                facts.retain(&arrival.facts);
                self.discard_facts(Some(arrival.facts));
            }
            if differ {
                x = x.map(|x| self.unit.add_param(block, self.unit.ty(x)));
            }
        }
        self.log = log;
        self.log.push(Event::Met(self.met.len()));
        self.met.push((facts, x));
        self.begin_run(block);
        true
    }
    /// Searches an inline cache whose entries are read when the unit runs: payload and value of the one for a shape.
    pub(crate) fn find(&mut self, shape: Ref, entries: &[Entry<'r>]) -> Option<(Ref, Ref)> {
        if self.left {
            return None;
        }
        if self.replayed < self.log.len() {
            let Event::Found(found) = self.log[self.replayed] else { panic!("a handler is not deterministic") };
            self.part();
            return found;
        }
        let found = self.unit.add_block();
        let entry = (self.unit.add_param(found, Type::I64), self.unit.add_param(found, Type::Tagged));
        for Entry { name, .. } in entries {
            let key = self.raw(Inst::SlotShape(*name));
            let same = self.raw(Inst::IntCmp(Cond::Eq, shape, key));
            let (yes, no) = (self.unit.add_block(), self.unit.add_block());
            self.unit.terminate(self.block, Terminator::Branch(same, yes, no));
            self.block = yes;
            let list = [self.raw(Inst::SlotPayload(*name)), self.raw(Inst::SlotValue(*name))];
            let list = self.unit.list(&list);
            self.unit.terminate(yes, Terminator::Jump(found, list));
            self.block = no;
        }
        self.pending.push(Pending { prefix: self.log.len(), decision: Event::Found(None), block: self.block });
        self.log.push(Event::Found(Some(entry)));
        self.part();
        self.block = found;
        Some(entry)
    }
}
