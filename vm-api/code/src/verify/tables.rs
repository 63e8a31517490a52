//! Header, exception table, positions.

use super::{Checked, Fault};
use crate::code::{Code, code_flag};
use crate::instruction::Instruction;
use crate::opcode::OpcodeInfo;

pub(super) fn header(code: &Code) -> Checked {
    let p = &code.parameters;
    let variables = code.variables.len();
    if p.positional_only > p.positional || p.registers() > variables || variables > usize::from(code.registers) {
        return Err((None, Fault::RegisterCounts));
    }
    let ascending = code.cells.windows(2).all(|w| w[0] < w[1]);
    if !ascending || code.cells.iter().any(|&c| usize::from(c) >= variables) {
        return Err((None, Fault::Cells));
    }
    Ok(())
}

pub(super) fn exceptions(code: &Code) -> Checked {
    let n = code.instructions.len();
    // Of the ranges seen, those that lie in no other: disjoint and ascending.
    let mut outermost: Vec<(u32, u32)> = Vec::new();
    for (k, e) in code.exceptions.iter().enumerate() {
        if e.start >= e.end || e.end as usize > n || e.handler as usize >= n || e.handler < e.end {
            return Err((None, Fault::ExceptionRange(k)));
        }
        if e.register >= code.registers {
            return Err((None, Fault::ExceptionRegister(k)));
        }
        let previous = k.checked_sub(1).map(|j| &code.exceptions[j]);
        if previous.is_some_and(|p| p.end > e.end || p.end == e.end && p.start < e.start) {
            return Err((None, Fault::ExceptionOrder(k)));
        }
        while outermost.last().is_some_and(|&(start, _)| start >= e.start) {
            outermost.pop();
        }
        if outermost.last().is_some_and(|&(_, end)| end > e.start) {
            return Err((None, Fault::ExceptionOrder(k)));
        }
        outermost.push((e.start, e.end));
    }
    Ok(())
}

/// Needs a code whose instructions and exception table are right.
pub(super) fn caught(code: &Code, table: &[OpcodeInfo]) -> Checked {
    let Some(register) = code.caught else { return Ok(()) };
    let r = usize::from(register);
    let own = r >= code.parameters.registers()
        && r + 1 == code.variables.len()
        && !code.cells.contains(&register)
        && code.exceptions.iter().all(|e| e.register != register)
        && code.flags & code_flag::SUSPENDS == 0;
    if !own {
        return Err((None, Fault::Caught(register)));
    }
    let names = |i: &Instruction| {
        table.get(usize::from(i.op)).is_some_and(|info| info.accesses(i).any(|(_, range)| range.contains(&r)))
    };
    match code.instructions.iter().position(names) {
        Some(at) => Err((Some(at), Fault::Caught(register))),
        None => Ok(()),
    }
}

pub(super) fn positions(code: &Code) -> Checked {
    if code.positions.len() != code.instructions.len() {
        return Err((None, Fault::PositionCount));
    }
    match code.positions.iter().position(|p| p.line > p.end_line) {
        Some(at) => Err((Some(at), Fault::PositionLines)),
        None => Ok(()),
    }
}
