//! What suspended frames keep: computes the lists that [`Suspension`] defines.

use crate::code::{Code, Suspension};
use crate::flow::{Flow, Worklist};
use crate::instruction::Instruction;
use crate::liveness::{Liveness, MAX_WORK, TooComplex};
use crate::opcode::OpcodeInfo;
use crate::registers::{Registers, insert, union, words};

/// Forward dataflow: which registers may have been assigned since the last resumption, before each block.
pub(crate) struct Assigned<'a> {
    code: &'a Code,
    table: &'a [OpcodeInfo],
    flow: &'a Flow,
    live: &'a Liveness,
    words: usize,
    entry: Vec<u64>,
}

impl<'a> Assigned<'a> {
    pub(crate) fn compute(
        code: &'a Code,
        table: &'a [OpcodeInfo],
        flow: &'a Flow,
        live: &'a Liveness,
    ) -> Result<Assigned<'a>, TooComplex> {
        let words = words(usize::from(code.registers));
        let mut this = Assigned { code, table, flow, live, words, entry: vec![0; flow.len() * words] };
        this.solve()?;
        Ok(this)
    }

    fn solve(&mut self) -> Result<(), TooComplex> {
        let words = self.words;
        let mut list = Worklist::new(self.flow.len(), true);
        let mut work = 0;
        let mut row = vec![0u64; words];
        let mut caught = vec![0u64; words];
        // Forward, so the first block is the most urgent; the list gives the highest number first.
        let last = self.flow.len().wrapping_sub(1);
        while let Some(b) = list.pop().map(|b| last - b) {
            row.copy_from_slice(self.row(b));
            caught.fill(0);
            let mut raises = false;
            for at in self.flow.range(b) {
                let i = &self.code.instructions[at];
                work += words + 4;
                let Some(info) = self.table.get(usize::from(i.op)) else { continue };
                if info.suspends() {
                    row.fill(0);
                }
                if info.may_raise() {
                    raises = true;
                    union(&mut caught, &row);
                }
                work += write(&mut row, info, i);
            }
            for s in self.flow.successors(b) {
                if union(&mut self.entry[s * words..][..words], &row) {
                    list.push(last - s);
                }
            }
            if raises && let Some((handler, register)) = self.flow.handler(self.code, b) {
                insert(&mut caught, register..register + 1);
                if union(&mut self.entry[handler * words..][..words], &caught) {
                    list.push(last - handler);
                }
            }
            if work > MAX_WORK {
                return Err(TooComplex);
            }
        }
        Ok(())
    }

    fn row(&self, b: usize) -> &[u64] {
        &self.entry[b * self.words..][..self.words]
    }

    /// Calls `f` with each suspending instruction's index, and its live and its dirty registers.
    pub(crate) fn suspensions<E>(
        &self,
        mut f: impl FnMut(usize, Registers<'_>, Registers<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut row = vec![0u64; self.words];
        for b in 0..self.flow.len() {
            row.copy_from_slice(self.row(b));
            for at in self.flow.range(b) {
                let i = &self.code.instructions[at];
                let Some(info) = self.table.get(usize::from(i.op)) else { continue };
                if info.suspends() {
                    let live = self.live.across(self.code, self.table, self.flow, at);
                    let dirty: Vec<u64> = live.iter().zip(&row).map(|(a, b)| a & b).collect();
                    f(at, Registers { row: live.into() }, Registers { row: dirty.into() })?;
                    row.fill(0);
                }
                write(&mut row, info, i);
            }
        }
        Ok(())
    }
}

/// Adds what `i` writes; returns the words looked at.
fn write(row: &mut [u64], info: &OpcodeInfo, i: &Instruction) -> usize {
    let mut work = 0;
    for (_, regs) in info.accesses(i).filter(|(o, _)| o.writes()) {
        work += regs.len() / 64;
        insert(row, regs);
    }
    work
}

impl Code {
    /// Numbers the suspension points in the order of their instructions and computes what each keeps. Whoever removes or
    /// moves instructions calls it afterwards.
    ///
    /// # Errors
    /// The analysis would take too long.
    pub fn number_suspensions(&mut self, table: &[OpcodeInfo]) -> Result<(), TooComplex> {
        let mut count = 0;
        for i in &mut self.instructions {
            if table.get(usize::from(i.op)).is_some_and(OpcodeInfo::suspends) {
                i.d = count;
                count += 1;
            }
        }
        self.suspensions = compute(self, table, count as usize)?;
        Ok(())
    }
}

/// The suspensions that `code` ought to have, by number. The numbers must be right: `0..count`, each on one instruction.
fn compute(code: &Code, table: &[OpcodeInfo], count: usize) -> Result<Box<[Suspension]>, TooComplex> {
    let mut out = vec![Suspension::default(); count];
    if count > 0 {
        let flow = Flow::new(code, table);
        let live = Liveness::with_flow(code, table, &flow)?;
        let assigned = Assigned::compute(code, table, &flow, &live)?;
        let done: Result<(), std::convert::Infallible> = assigned.suspensions(|at, live, dirty| {
            if let Some(s) = usize::try_from(code.instructions[at].d).ok().and_then(|d| out.get_mut(d)) {
                *s = Suspension { live: live.iter().collect(), dirty: dirty.iter().collect() };
            }
            Ok(())
        });
        match done {
            Ok(()) => {}
        }
    }
    Ok(out.into())
}
