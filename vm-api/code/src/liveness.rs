//! Which registers are live where: backwards dataflow over blocks, exception edges included.
//!
//! # Meaning
//!
//! A register is live before an instruction if some path from there reads it before writing it. An instruction that may
//! raise under a handler leads there with the registers from before it, plus the exception in the handler's register.
//!
//! Named variables (registers below `variables.len()`) stay in frames even where they are dead in this sense, since
//! `locals()`, debuggers and tracebacks see them, and since a program can notice when the object in one is freed. So there
//! are two views: [`Liveness::live_in`] and [`Liveness::live_out`] say what the instructions still read, which is what an
//! optimizer of values wants; [`Liveness::frame_in`] and [`Liveness::frame_out`] add every named variable, which is what
//! frame states, stack maps and suspended frames hold.

use crate::code::Code;
use crate::flow::{Flow, Worklist, target};
use crate::instruction::Instruction;
use crate::opcode::OpcodeInfo;
use crate::registers::{Registers, first_in, insert, remove, union, union_without, words};
use std::borrow::Cow;
use std::ops::Range;

/// Words of liveness that one code may need: instructions times words of registers. The verifier refuses larger codes, so
/// for a verified one the analyses succeed.
pub const MAX_TABLE_WORDS: usize = 1 << 24;

/// Words that an analysis may look at before it gives up; real code stays below a hundredth.
pub(crate) const MAX_WORK: usize = 1 << 31;

/// The code has too many registers and instructions to analyse.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TooComplex;

impl std::fmt::Display for TooComplex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("too many registers and instructions to analyse")
    }
}

impl std::error::Error for TooComplex {}

/// Live registers of every instruction of one code.
#[derive(Clone, Debug)]
pub struct Liveness {
    words: usize,
    variables: usize,
    /// One row per instruction: live before it.
    rows: Box<[u64]>,
    /// Per instruction: the one it jumps to, and whether control also goes to the next.
    exits: Box<[(u32, bool)]>,
}

impl Liveness {
    /// Analyses `code`. Total: malformed operands count as far as they lie inside the frame.
    pub fn compute(code: &Code, table: &[OpcodeInfo]) -> Result<Liveness, TooComplex> {
        Liveness::with_flow(code, table, &Flow::new(code, table))
    }

    pub(crate) fn with_flow(code: &Code, table: &[OpcodeInfo], flow: &Flow) -> Result<Liveness, TooComplex> {
        let (n, words) = (code.instructions.len(), words(usize::from(code.registers)));
        if n.saturating_mul(words) > MAX_TABLE_WORDS || n >= u32::MAX as usize {
            return Err(TooComplex);
        }
        let exits = code.instructions.iter().enumerate().map(|(at, i)| {
            table.get(usize::from(i.op)).map_or((u32::MAX, false), |info| {
                let to = target(code, info, at, i).map_or(u32::MAX, |t| t as u32);
                (to, info.falls_through() && at + 1 < n)
            })
        });
        let exits = exits.collect();
        let mut live = Liveness { words, variables: code.variables.len(), rows: vec![0; n * words].into(), exits };
        if words == 1 {
            live.solve_narrow(code, table, flow)?
        } else {
            live.solve(code, table, flow)?
        }
        Ok(live)
    }

    /// [`Liveness::solve`] for frames of at most 64 registers, as nearly all have: sets are words.
    fn solve_narrow(&mut self, code: &Code, table: &[OpcodeInfo], flow: &Flow) -> Result<(), TooComplex> {
        // What each instruction reads and keeps, and whether it may raise.
        let effects: Vec<(u64, u64, bool)> = code
            .instructions
            .iter()
            .map(|i| match table.get(usize::from(i.op)) {
                Some(info) => {
                    let (read, written) = info.masks(i);
                    (read, !written, info.may_raise())
                }
                None => (0, u64::MAX, false),
            })
            .collect();
        let mut work = 0;
        let mut list = Worklist::new(flow.len(), true);
        while let Some(b) = list.pop() {
            let range = flow.range(b);
            let mut row = flow.successors(b).fold(0, |row, s| row | self.rows[flow.range(s).start]);
            let caught = flow.handler(code, b).map_or(0, |(handler, register)| {
                let but = 1u64.checked_shl(register as u32).unwrap_or(0);
                self.rows[flow.range(handler).start] & !but
            });
            work += 5 * range.len();
            let first = range.start;
            let before = self.rows[first];
            for (live, &(read, kept, raises)) in self.rows[range.clone()].iter_mut().zip(&effects[range]).rev() {
                row = row & kept | read | if raises { caught } else { 0 };
                *live = row;
            }
            if row != before {
                flow.predecessors(b).for_each(|p| list.push(p));
            }
            if work > MAX_WORK {
                return Err(TooComplex);
            }
        }
        // Registers beyond the frame of a malformed code.
        if code.registers < 64 {
            self.rows.iter_mut().for_each(|row| *row &= (1 << code.registers) - 1);
        }
        Ok(())
    }

    fn solve(&mut self, code: &Code, table: &[OpcodeInfo], flow: &Flow) -> Result<(), TooComplex> {
        let mut work = 0;
        let mut list = Worklist::new(flow.len(), true);
        let mut row = vec![0; self.words];
        let mut caught = vec![0; self.words];
        while let Some(b) = list.pop() {
            let range = flow.range(b);
            row.fill(0);
            for s in flow.successors(b) {
                union(&mut row, self.row(flow.range(s).start));
            }
            let handler = flow.handler(code, b);
            let handled = handler.is_some();
            if let Some((handler, register)) = handler {
                caught.fill(0);
                union_without(&mut caught, self.row(flow.range(handler).start), register);
            }
            let mut changed = false;
            for at in range.rev() {
                let i = &code.instructions[at];
                work += self.words + 4;
                if let Some(info) = table.get(usize::from(i.op)) {
                    work += step(&mut row, info, i);
                    if info.may_raise() && handled {
                        union(&mut row, &caught);
                    }
                }
                let start = at * self.words;
                changed = union(&mut self.rows[start..start + self.words], &row);
            }
            if changed {
                flow.predecessors(b).for_each(|p| list.push(p));
            }
            if work > MAX_WORK {
                return Err(TooComplex);
            }
        }
        // Registers beyond the frame of a malformed code.
        let registers = usize::from(code.registers);
        for at in 0..code.instructions.len() {
            remove(&mut self.rows[at * self.words..][..self.words], registers..self.words * 64);
        }
        Ok(())
    }

    fn row(&self, at: usize) -> &[u64] {
        &self.rows[at * self.words..][..self.words]
    }

    /// Registers that are read after the instruction `at` has begun, before being written. Empty if `at` is no instruction.
    pub fn live_in(&self, at: usize) -> Registers<'_> {
        Registers { row: Cow::Borrowed(if at < self.exits.len() { self.row(at) } else { &[] }) }
    }

    /// Registers that are read after the instruction `at` has completed normally, its results included.
    pub fn live_out(&self, at: usize) -> Registers<'_> {
        let row = match self.exits.get(at) {
            Some(&(u32::MAX, false)) | None => Cow::Owned(vec![0; self.words]),
            Some(&(u32::MAX, true)) => Cow::Borrowed(self.row(at + 1)),
            Some(&(to, false)) => Cow::Borrowed(self.row(to as usize)),
            Some(&(to, true)) => {
                let mut row = self.row(to as usize).to_vec();
                union(&mut row, self.row(at + 1));
                Cow::Owned(row)
            }
        };
        Registers { row }
    }

    /// [`Liveness::live_in`] and every named variable.
    pub fn frame_in(&self, at: usize) -> Registers<'_> {
        self.with_variables(self.live_in(at))
    }

    /// [`Liveness::live_out`] and every named variable.
    pub fn frame_out(&self, at: usize) -> Registers<'_> {
        self.with_variables(self.live_out(at))
    }

    fn with_variables<'a>(&self, set: Registers<'a>) -> Registers<'a> {
        let mut row = set.row.into_owned();
        row.resize(self.words, 0);
        insert(&mut row, 0..self.variables);
        Registers { row: row.into() }
    }

    /// [`Liveness::across`] where sets are words.
    fn across_narrow(&self, code: &Code, info: Option<&OpcodeInfo>, flow: &Flow, at: usize) -> u64 {
        let mut row = match self.exits[at] {
            (u32::MAX, false) => 0,
            (u32::MAX, true) => self.rows[at + 1],
            (to, false) => self.rows[to as usize],
            (to, true) => self.rows[to as usize] | self.rows[at + 1],
        };
        if let Some(info) = info {
            row &= !info.masks(&code.instructions[at]).1;
            if info.may_raise()
                && let Some((handler, register)) = flow.handler(code, flow.block_of(at))
            {
                row |= self.rows[flow.range(handler).start] & !1u64.checked_shl(register as u32).unwrap_or(0);
            }
        }
        row | if self.variables >= 64 { u64::MAX } else { (1 << self.variables) - 1 }
    }

    /// The lowest register in `range` that must survive the instruction `at` of `code`.
    pub(crate) fn survivor(
        &self,
        code: &Code,
        table: &[OpcodeInfo],
        flow: &Flow,
        at: usize,
        range: Range<usize>,
    ) -> Option<usize> {
        if self.words == 1 {
            let info = table.get(usize::from(code.instructions[at].op));
            first_in(&[self.across_narrow(code, info, flow, at)], range)
        } else {
            first_in(&self.across(code, table, flow, at), range)
        }
    }

    /// What must survive the instruction `at` of `code`: what is live after it and not written by it, what its handler
    /// reads, and every named variable: one that the instruction writes too, since it may raise instead.
    pub(crate) fn across(&self, code: &Code, table: &[OpcodeInfo], flow: &Flow, at: usize) -> Vec<u64> {
        let i = &code.instructions[at];
        let mut row = self.live_out(at).row.into_owned();
        if let Some(info) = table.get(usize::from(i.op)) {
            for (_, regs) in info.accesses(i).filter(|(o, _)| o.writes()) {
                remove(&mut row, regs);
            }
            if info.may_raise()
                && let Some((handler, register)) = flow.handler(code, flow.block_of(at))
            {
                union_without(&mut row, self.row(flow.range(handler).start), register);
            }
        }
        insert(&mut row, 0..self.variables);
        row
    }
}

/// Takes `row` from after `i` to before it; returns the words looked at beyond the first.
fn step(row: &mut [u64], info: &OpcodeInfo, i: &Instruction) -> usize {
    let mut work = 0;
    for (operand, regs) in info.accesses(i) {
        if operand.writes() {
            work += regs.len() / 64;
            remove(row, regs);
        }
    }
    for (operand, regs) in info.accesses(i) {
        if operand.reads() {
            work += regs.len() / 64;
            insert(row, regs);
        }
    }
    work
}
