//! What holds along paths: initialisation, callee windows, replaced operands, suspensions.

use super::{Checked, Fault};
use crate::code::Code;
use crate::flow::Flow;
use crate::liveness::{Liveness, TooComplex};
use crate::opcode::{OpcodeInfo, Operand};
use crate::registers::first_in;
use crate::suspension::Assigned;

impl From<TooComplex> for Fault {
    fn from(_: TooComplex) -> Fault {
        Fault::TooComplex
    }
}

/// Needs a code whose fields and exception table are right.
pub(super) fn check(code: &Code, table: &[OpcodeInfo]) -> Checked {
    let flow = Flow::new(code, table);
    let live = Liveness::with_flow(code, table, &flow).map_err(|e| (None, e.into()))?;
    let registers = usize::from(code.registers);
    let entry = live.live_in(0);
    if let Some(register) = first_in(entry.words(), code.variables.len()..registers) {
        return Err((reader(code, table, &live, register), Fault::Uninitialised(register as u16)));
    }
    for (at, i) in code.instructions.iter().enumerate() {
        let Some(info) = table.get(usize::from(i.op)) else { continue };
        for (operand, range) in info.accesses(i) {
            match operand {
                Operand::Window { .. } => {
                    if let Some(register) = live.survivor(code, table, &flow, at, range.start..registers) {
                        return Err((Some(at), Fault::Clobbered(register as u16)));
                    }
                }
                Operand::ReadWrite if info.may_raise() && range.start >= code.variables.len() => {
                    if let Some((handler, exception)) = flow.handler(code, flow.block_of(at))
                        && range.start != exception
                        && live.live_in(flow.range(handler).start).contains(range.start as u16)
                    {
                        return Err((Some(at), Fault::Replaced(range.start as u16)));
                    }
                }
                _ => {}
            }
        }
    }
    if code.suspensions.is_empty() {
        return Ok(());
    }
    let assigned = Assigned::compute(code, table, &flow, &live).map_err(|e| (None, e.into()))?;
    assigned.suspensions(|at, live, dirty| {
        let number = code.instructions[at].d as usize;
        let lists = &code.suspensions[number];
        if live.iter().eq(lists.live.iter().copied()) && dirty.iter().eq(lists.dirty.iter().copied()) {
            Ok(())
        } else {
            Err((Some(at), Fault::SuspensionLists(number)))
        }
    })
}

/// An instruction that reads `register`, which is live at the entry. For the message: the first one in the order of the
/// code that is live-in and a reader, which need not be on the offending path.
fn reader(code: &Code, table: &[OpcodeInfo], live: &Liveness, register: usize) -> Option<usize> {
    code.instructions.iter().enumerate().position(|(at, i)| {
        live.live_in(at).contains(register as u16)
            && table.get(usize::from(i.op)).is_some_and(|info| {
                info.accesses(i).any(|(operand, range)| operand.reads() && range.contains(&register))
            })
    })
}
