//! Execution of a verified code with made-up values: a check of the verifier's and the analyses' promises.
//!
//! Two machines take the same path. The ideal one never loses a register. The real one loses all that it may: what a callee
//! overwrites, what liveness calls dead, and on suspension everything that the lists do not keep. Whatever an instruction
//! reads must be the same in both.

use super::{Bytes, TABLE};
use crate::code::Code;
use crate::instruction::Instruction;
use crate::liveness::Liveness;
use crate::opcode::{OpcodeInfo, Operand};

const STEPS: usize = 500;

/// Takes a path through `code`, which must be verified and of this module's table.
///
/// # Panics
///
/// If the machines differ.
pub fn walk(code: &Code, decisions: &mut Bytes<'_>) {
    let live = Liveness::compute(code, &TABLE).expect("the verifier refuses codes that cannot be analysed");
    let drop_variables = decisions.byte() & 1 != 0;
    let registers = usize::from(code.registers);
    let start: Vec<Option<u64>> = (0..registers).map(|r| (r < code.variables.len()).then_some(r as u64)).collect();
    let mut walker = Walker {
        code,
        live,
        drop_variables,
        next: registers as u64,
        ideal: start.clone(),
        object: start.clone(),
        real: start,
        seed: decisions.rest().iter().fold(0x9E37_79B9, |s, &b| (s ^ u64::from(b)).wrapping_mul(0x0100_0000_01B3)),
    };
    let mut at = 0;
    for _ in 0..STEPS {
        match walker.step(at) {
            Some(next) => at = next,
            None => return,
        }
    }
}

struct Walker<'a> {
    code: &'a Code,
    live: Liveness,
    /// Lose dead variables too?
    drop_variables: bool,
    /// The next value.
    next: u64,
    ideal: Vec<Option<u64>>,
    real: Vec<Option<u64>>,
    /// The generator-like object.
    object: Vec<Option<u64>>,
    seed: u64,
}

impl Walker<'_> {
    fn decide(&mut self, odds: u64) -> bool {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.seed >> 33).is_multiple_of(odds)
    }

    fn write(&mut self, register: usize) {
        self.next += 1;
        (self.ideal[register], self.real[register]) = (Some(self.next), Some(self.next));
    }

    /// Executes the instruction `at`; returns the next one's index, unless execution ends.
    fn step(&mut self, at: usize) -> Option<usize> {
        let i = self.code.instructions[at];
        let info = &TABLE[usize::from(i.op)];
        self.lose(at);
        for register in info.accesses(&i).filter(|(o, _)| o.reads()).flat_map(|(_, r)| r) {
            assert!(self.real[register].is_some(), "instruction {at} reads r{register}, which is lost");
            assert_eq!(self.real[register], self.ideal[register], "instruction {at} reads an old value of r{register}");
        }
        for (_, window) in info.accesses(&i).filter(|(o, _)| matches!(o, Operand::Window { .. })) {
            self.real[window.start..].fill(None);
        }
        if info.suspends() {
            self.suspend(&i);
        }
        if info.raises && info.ends || info.may_raise() && self.decide(4) {
            for (_, replaced) in info.accesses(&i).filter(|(o, _)| *o == Operand::ReadWrite) {
                if replaced.start >= self.code.variables.len() {
                    self.real[replaced].fill(None);
                }
            }
            let entry = self.code.handler(at as u32)?;
            self.write(usize::from(entry.register));
            return Some(entry.handler as usize);
        }
        for register in info.accesses(&i).filter(|(o, _)| o.writes()).flat_map(|(_, r)| r) {
            self.write(register);
        }
        self.next_instruction(at, info, &i)
    }

    fn next_instruction(&mut self, at: usize, info: &OpcodeInfo, i: &Instruction) -> Option<usize> {
        if info.jumps() && (!info.falls_through() || self.decide(2)) {
            return Code::target(at, i);
        }
        let next = if info.skips_next && self.decide(2) { at + 2 } else { at + 1 };
        info.falls_through().then_some(next)
    }

    /// Loses what is dead before the instruction `at`.
    fn lose(&mut self, at: usize) {
        let kept = if self.drop_variables { self.live.live_in(at) } else { self.live.frame_in(at) };
        for (register, value) in self.real.iter_mut().enumerate() {
            if !kept.contains(register as u16) {
                *value = None;
            }
        }
    }

    fn suspend(&mut self, i: &Instruction) {
        let lists = &self.code.suspensions[i.d as usize];
        for &register in &lists.dirty {
            self.object[usize::from(register)] = self.real[usize::from(register)];
        }
        self.real.fill(None);
        for &register in &lists.live {
            let register = usize::from(register);
            self.real[register] = self.object[register];
            // A dead variable is still seen by debuggers; the other machine says what it holds.
            if !self.drop_variables {
                assert_eq!(self.real[register], self.ideal[register], "r{register} is lost in a suspended frame");
            }
        }
    }
}
