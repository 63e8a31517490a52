//! Leaving for the interpreter.
//!
//! An exit stands away from everything else: it writes the frames from where values are at its guard. Guards at the same state whose
//! values are in the same places share it.

use super::Emitter;
use super::code::Label;
use super::operands::Place;
use super::ops::{asm, cc, reg};
use crate::graph::NONE;
use crate::plan::each_state_use;
use dynasm::dynasm;
use dynasmrt::DynasmApi;
use vm_api::engine::backend::{Exit, Target};
use vm_api::vir::{Inst, Reason, Ref, StateId, Unit};

/// The code that was last written for a state.
#[derive(Clone, Copy)]
struct Written {
    /// What writes the frames and leaves, with the status in a register.
    tail: Label,
    /// Where the places of its values begin.
    places: u32,
    /// The last exit that goes there.
    head: Label,
    /// Its number.
    number: u32,
}

/// The exits of a unit.
pub(super) struct Exits {
    written: Vec<Option<Written>>,
    places: Vec<Place>,
    /// The first exit of each state in the table, and for each exit the next of its state.
    first: Vec<u32>,
    next: Vec<u32>,
}

impl Exits {
    pub(super) fn new(unit: &Unit) -> Exits {
        let n = unit.states.len();
        Exits { written: vec![None; n], places: Vec::new(), first: vec![NONE; n], next: Vec::new() }
    }
}

impl Emitter<'_> {
    pub(super) fn guard(&mut self, c: Ref, expected: bool, reason: Reason, state: StateId) {
        let outcome = self.condition(c);
        let exit = self.exit(state, reason);
        self.jump_on(outcome, !expected, exit);
        if self.count_guards {
            self.count_down(Target::GuardCountdown, exit);
        }
    }
    /// Leaves if the unit's heat is used up.
    pub(super) fn count(&mut self, state: StateId) {
        let exit = self.exit(state, Reason::Hot);
        self.count_down(Target::Heat, exit);
    }
    /// Decrements a word, and goes to `exit` if that made it 0.
    fn count_down(&mut self, word: Target, exit: Label) {
        let word = self.code.word(word);
        self.code.load_word_at(reg::RAX, word);
        self.code.decrement(reg::RAX, 0);
        self.code.jump_if(cc::EQUAL, exit);
    }
    /// The number of an exit in the table.
    fn exit_number(&mut self, state: StateId, reason: Reason) -> u32 {
        let mut at = self.exits.first[state.index()];
        while at != NONE {
            if self.exit_table[at as usize].reason == reason {
                return at;
            }
            at = self.exits.next[at as usize];
        }
        let number = self.exit_table.len() as u32;
        self.exit_table.push(Exit { state, reason });
        self.exits.next.push(self.exits.first[state.index()]);
        self.exits.first[state.index()] = number;
        number
    }
    /// The label of an exit for values where they are now.
    pub(super) fn exit(&mut self, state: StateId, reason: Reason) -> Label {
        let number = self.exit_number(state, reason);
        let known = self.exits.written[state.index()].filter(|w| self.are_in_place(state, w.places));
        if let Some(known) = known.filter(|w| w.number == number) {
            return known.head;
        }
        let head = self.code.label();
        let section = self.go_far(head);
        // The pointer to the thread's inline state is needed no more.
        self.code.target(reg::FAST, Target::Exit(number));
        let written = match known {
            Some(known) => {
                self.code.jump(known.tail);
                Written { head, number, ..known }
            }
            None => {
                let places = self.exits.places.len() as u32;
                let unit = self.unit;
                let mut list = std::mem::take(&mut self.exits.places);
                each_state_use(unit, state, |v| list.push(self.place(v)));
                self.exits.places = list;
                let tail = self.code.label();
                self.code.bind(tail);
                self.write_frames(state);
                asm!(self.code; mov rax, Rq(reg::FAST); xor edx, edx);
                self.code.jump(self.epilogue);
                Written { tail, places, head, number }
            }
        };
        self.exits.written[state.index()] = Some(written);
        self.code.switch(section);
        head
    }
    fn are_in_place(&self, state: StateId, places: u32) -> bool {
        let mut known = self.exits.places[places as usize..].iter();
        let mut same = true;
        each_state_use(self.unit, state, |v| same &= known.next() == Some(&self.place(v)));
        same
    }
    /// Leaves from here.
    pub(super) fn leave_here(&mut self, state: StateId, reason: Reason) {
        let number = self.exit_number(state, reason);
        self.write_frames(state);
        self.code.target(reg::RAX, Target::Exit(number));
        asm!(self.code; xor edx, edx);
        self.code.jump(self.epilogue);
    }
    /// An exit after a call whose result is `v`, which made the unit invalid. What frames held during the call is gone.
    pub(super) fn invalid_exit(&mut self, state: StateId, v: Ref) -> Label {
        let number = self.exit_number(state, Reason::Invalidated);
        let label = self.code.label();
        let section = self.go_far(label);
        self.write_frames(state);
        let place = self.place(v);
        self.read(reg::RDX, place);
        self.code.target(reg::RAX, Target::Exit(number));
        self.code.jump(self.epilogue);
        self.code.switch(section);
        label
    }
    /// Writes the frames of a state to memory. Nothing changes but scratch registers.
    pub(super) fn write_frames(&mut self, state: StateId) {
        let unit = self.unit;
        if unit.registers_in_memory {
            return;
        }
        for (id, frame) in unit.frames(state) {
            let at = 8 * frame.offset as i32;
            // The unit's own function is where it was.
            if frame.caller.is_some() || !matches!(unit.inst(frame.function), Inst::Function()) {
                self.store_tagged(frame.function, reg::FRAME, at - 8);
            }
            for (r, v) in unit.registers_of(id) {
                self.store_tagged(*v, reg::FRAME, at + 8 * i32::from(*r));
            }
        }
    }
}
