//! Leaving for the interpreter.
//!
//! Each exit is a cold block, shared by the guards that leave at the same state for the same reason; it goes on to the block that
//! writes the state's frames, which all exits at that state share. What a state mentions dominates each of its guards, hence also
//! where they meet.

use super::{Region, Translator};
use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{self, InstBuilder, Value};
use std::collections::{BTreeMap, HashMap};
use vm_api::engine::backend::{Exit, Target};
use vm_api::vir::{Inst, Reason, Ref, StateId};

/// The exits of a unit.
#[derive(Default)]
pub(super) struct Exits {
    table: Vec<Exit>,
    /// Block and number of each; those after calls have no block, since each has a result of its own.
    known: HashMap<(StateId, Reason), (u32, Option<ir::Block>)>,
    /// The blocks that write frames, in the order in which they came up.
    tails: Vec<(StateId, ir::Block)>,
    tail_of: HashMap<StateId, ir::Block>,
}

impl Exits {
    pub(super) fn into_table(self) -> Vec<Exit> {
        self.table
    }
    fn number(&mut self, state: StateId, reason: Reason) -> u32 {
        let table = &mut self.table;
        let new = || {
            table.push(Exit { state, reason });
            (table.len() as u32 - 1, None)
        };
        self.known.entry((state, reason)).or_insert_with(new).0
    }
}

impl Translator<'_> {
    pub(super) fn guard(&mut self, c: Ref, expected: bool, reason: Reason, state: StateId) {
        let exit = self.exit(state, reason);
        let on = self.fresh_block(false);
        let (c, negated) = self.condition(c);
        if expected != negated {
            self.branch(c, on, exit)
        } else {
            self.branch(c, exit, on)
        }
        self.builder.switch_to_block(on);
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
    fn count_down(&mut self, word: Target, exit: ir::Block) {
        let word = self.address(word);
        let left = self.load(Region::State, I64, word, 0);
        let left = self.ins().iadd_imm_s(left, -1);
        self.store(Region::State, left, word, 0);
        let on = self.fresh_block(false);
        self.branch(left, on, exit);
        self.builder.switch_to_block(on);
    }
    /// The block that leaves at a state for a reason.
    pub(super) fn exit(&mut self, state: StateId, reason: Reason) -> ir::Block {
        let number = self.exits.number(state, reason);
        if let Some((_, Some(block))) = self.exits.known.get(&(state, reason)) {
            return *block;
        }
        let block = self.fresh_block(true);
        self.exits.known.insert((state, reason), (number, Some(block)));
        block
    }
    /// Leaves from here.
    pub(super) fn leave(&mut self, state: StateId, reason: Reason, result: Option<Value>) {
        let number = self.exits.number(state, reason);
        let status = self.address(Target::Exit(number));
        let word = match result {
            Some(word) => word,
            None => self.int(0),
        };
        let tail = self.tail(state);
        self.jump(tail, &[status, word]);
    }
    fn tail(&mut self, state: StateId) -> ir::Block {
        if let Some(known) = self.exits.tail_of.get(&state) {
            return *known;
        }
        let block = self.fresh_block(true);
        self.builder.append_block_param(block, I64);
        self.builder.append_block_param(block, I64);
        self.exits.tails.push((state, block));
        self.exits.tail_of.insert(state, block);
        block
    }
    /// Writes what all exits go to. To be called when everything else is translated.
    pub(super) fn write_exits(&mut self) {
        self.builder.set_srcloc(ir::SourceLoc::default());
        for number in 0..self.exits.table.len() {
            let Exit { state, reason } = self.exits.table[number];
            if let Some((_, Some(block))) = self.exits.known.get(&(state, reason)).copied() {
                self.builder.switch_to_block(block);
                self.leave(state, reason, None);
            }
        }
        for (state, block) in std::mem::take(&mut self.exits.tails) {
            self.builder.switch_to_block(block);
            self.write_frames(state);
            let [status, word] = [0, 1].map(|i| self.builder.block_params(block)[i]);
            self.ins().return_(&[status, word]);
        }
    }
    /// Writes what the frames of a state hold to where the interpreter has it.
    pub(super) fn write_frames(&mut self, state: StateId) {
        let unit = self.unit;
        // Boxing may collect, and then what is written already would not be seen.
        let frames = || unit.frames(state).flat_map(|(id, _)| unit.registers_of(id));
        let words =
            frames().filter_map(|(_, v)| if let Inst::TagWord(x) = unit.inst(*v) { Some((*v, x)) } else { None });
        let boxed: BTreeMap<Ref, Value> = words.map(|(v, x)| (v, self.boxed(x))).collect();
        for (id, frame) in unit.frames(state) {
            // The unit's own function is where it was.
            if frame.caller.is_some() || !matches!(unit.inst(frame.function), Inst::Function()) {
                let function = self.value(frame.function);
                self.store_register(function, frame.offset, None);
            }
            for (r, v) in unit.registers_of(id) {
                let v = match boxed.get(v) {
                    Some(boxed) => *boxed,
                    None => self.tagged(*v),
                };
                self.store_register(v, frame.offset, Some(*r));
            }
        }
    }
}
