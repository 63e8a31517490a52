//! Which instructions gave a register the value that it has somewhere.

use crate::code::Code;
use crate::opcode::OpcodeInfo;

/// Where a register's value may have come from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Definition {
    /// The frame began with it.
    Entry,
    /// This instruction wrote it.
    Instruction(u32),
    /// It is the exception that the handler which begins at this instruction got.
    Handler(u32),
}

/// The definitions of `register` that reach instruction `at` before it begins, ascending. Of verified code.
pub fn definitions(code: &Code, table: &[OpcodeInfo], at: u32, register: u16) -> Vec<Definition> {
    let count = code.instructions.len();
    let writes = |at: usize| {
        let i = &code.instructions[at];
        let mut accesses = table[usize::from(i.op)].accesses(i);
        accesses.any(|(operand, range)| operand.writes() && range.contains(&usize::from(register)))
    };
    // What control comes from, by instruction; jumps first.
    let mut sources: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (from, i) in code.instructions.iter().enumerate() {
        let info = &table[usize::from(i.op)];
        if info.jumps()
            && let Some(to) = Code::target(from, i).filter(|to| *to < count)
        {
            sources[to].push(from);
        }
        if info.falls_through() && from + 1 < count {
            sources[from + 1].push(from);
        }
    }
    let mut found = Vec::new();
    let mut seen = vec![false; count];
    let mut work = vec![at as usize];
    while let Some(at) = work.pop() {
        if at >= count || std::mem::replace(&mut seen[at], true) {
            continue;
        }
        if at == 0 {
            found.push(Definition::Entry);
        }
        for &from in &sources[at] {
            if writes(from) {
                found.push(Definition::Instruction(from as u32));
            } else {
                work.push(from);
            }
        }
        for entry in code.exceptions.iter().filter(|entry| entry.handler as usize == at) {
            if entry.register == register {
                found.push(Definition::Handler(entry.handler));
            } else {
                // Its registers are those from before what raised.
                work.extend(entry.start as usize..(entry.end as usize).min(count));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
