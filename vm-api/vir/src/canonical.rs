//! Canonical numbering.

use crate::entity::{Ref, StateId};
use crate::inst::Inst;
use crate::unit::{List, StubOperands, Terminator, Unit};

const UNSEEN: u32 = u32::MAX;

impl Unit {
    /// The same unit with everything numbered in the order in which the blocks mention it: values by definition, calls and
    /// lists by use, frame states by number. What no block mentions is left out, except stubs and cells. The unit must be
    /// verified. `parse(&unit.canonical().to_string())` gives the canonical unit itself.
    pub fn canonical(&self) -> Unit {
        let mut renumber = Renumber { old: self, new: self.without_body(), states: vec![UNSEEN; self.states.len()] };
        let mut numbers = vec![UNSEEN; self.insts.len()];
        let mut count = 0;
        for block in &self.blocks {
            for v in block.params.iter().chain(&block.insts) {
                numbers[v.index()] = count;
                count += 1;
            }
        }
        renumber.copy_states();
        for block in &self.blocks {
            renumber.copy_block(block);
        }
        let mut new = renumber.new;
        let rename = |v: &mut Ref| v.0 = numbers[v.index()];
        new.each_ref_mut(rename);
        for v in new.blocks.iter_mut().flat_map(|b| b.params.iter_mut().chain(&mut b.insts)) {
            rename(v);
        }
        new
    }

    /// The unit without instructions, blocks, states and calls.
    fn without_body(&self) -> Unit {
        Unit {
            feedback: self.feedback,
            extent: self.extent,
            registers_in_memory: self.registers_in_memory,
            entry: self.entry.clone(),
            cells: self.cells.clone(),
            stubs: self.stubs.clone(),
            ..Unit::new(&self.name, self.kind, self.code, self.registers)
        }
    }
}

/// Copies into `new`. Values keep their old numbers until the end.
struct Renumber<'u> {
    old: &'u Unit,
    new: Unit,
    states: Vec<u32>,
}

impl Renumber<'_> {
    fn copy_states(&mut self) {
        let old = self.old;
        let mut used = vec![false; old.states.len()];
        let mut mark = |state: StateId| old.frames(state).for_each(|(s, _)| used[s.index()] = true);
        for block in &old.blocks {
            for v in &block.insts {
                match old.inst(*v) {
                    Inst::State(state) => mark(state),
                    inst => old.state_of(&inst).into_iter().for_each(&mut mark),
                }
            }
            if let Terminator::Exit(state, _) = block.terminator {
                mark(state);
            }
        }
        // Callers have lower numbers, so they are copied first.
        for (i, used) in used.iter().enumerate() {
            if *used {
                let mut state = *old.state(StateId(i as u32));
                state.caller = state.caller.map(|c| self.state(c));
                let registers = old.registers_of(StateId(i as u32));
                self.states[i] = self.new.add_state(state, registers).0;
            }
        }
    }
    fn state(&self, state: StateId) -> StateId {
        StateId(self.states[state.index()])
    }
    fn list(&mut self, list: List) -> List {
        if list.len == 0 { List::EMPTY } else { self.new.list(self.old.operands(list)) }
    }
    fn copy_block(&mut self, block: &crate::Block) {
        let id = self.new.add_block();
        for v in &block.params {
            self.new.add_inst(self.old.inst(*v));
        }
        for v in &block.insts {
            let inst = self.copy_inst(self.old.inst(*v));
            self.new.add_inst(inst);
        }
        let terminator = match block.terminator {
            Terminator::Jump(target, list) => Terminator::Jump(target, self.list(list)),
            Terminator::Exit(state, reason) => Terminator::Exit(self.state(state), reason),
            other => other,
        };
        let new = &mut self.new.blocks[id.index()];
        new.params.clone_from(&block.params);
        new.insts.clone_from(&block.insts);
        new.cold = block.cold;
        new.terminator = terminator;
    }
    fn copy_inst(&mut self, inst: Inst) -> Inst {
        match inst {
            Inst::State(s) => Inst::State(self.state(s)),
            Inst::Guard(c, expected, reason, s) => Inst::Guard(c, expected, reason, self.state(s)),
            Inst::Count(s) => Inst::Count(self.state(s)),
            Inst::Poll(s) => Inst::Poll(self.state(s)),
            Inst::Trace(s) => Inst::Trace(self.state(s)),
            Inst::Stub(call) => {
                let mut call = self.old.stub_calls[call.index()];
                if let StubOperands::Window(list) = call.operands {
                    call.operands = StubOperands::Window(self.list(list));
                }
                call.state = call.state.map(|s| self.state(s));
                Inst::Stub(self.new.add_stub_call(call))
            }
            Inst::Invoke(call) => {
                let mut call = self.old.invokes[call.index()];
                call.arguments = self.list(call.arguments);
                call.state = self.state(call.state);
                Inst::Invoke(self.new.add_invoke(call))
            }
            other => other,
        }
    }
}
