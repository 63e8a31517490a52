//! The fields of each instruction, and the tables that instructions own entries of.

use super::{Checked, Fault};
use crate::code::{Code, code_flag};
use crate::instruction::Instruction;
use crate::opcode::{Immediate, OpcodeInfo, Operand, SlotKind};

pub(super) fn check(code: &Code, table: &[OpcodeInfo]) -> Checked {
    let mut slots = vec![false; code.feedback.len()];
    let mut points = vec![false; code.suspensions.len()];
    for (at, i) in code.instructions.iter().enumerate() {
        let check = || {
            let info = table.get(usize::from(i.op)).ok_or(Fault::Opcode(i.op))?;
            operands(code, info, i)?;
            immediate(code, info, at, i)?;
            slot(code, info, i, &mut slots)?;
            if info.skips_next {
                pair(code, table, at, i)?;
            }
            if info.suspends() {
                point(code, i, &mut points)?;
            }
            Ok(info)
        };
        let info = { check }().map_err(|fault| (Some(at), fault))?;
        if at + 1 == code.instructions.len() && info.falls_through() {
            return Err((Some(at), Fault::FallsOff));
        }
    }
    if code.instructions.is_empty() {
        return Err((None, Fault::NoInstructions));
    }
    if let Some(slot) = slots.iter().position(|used| !used) {
        return Err((None, Fault::FeedbackUnused(slot as u32)));
    }
    if let Some(number) = points.iter().position(|used| !used) {
        return Err((None, Fault::SuspensionCount(number)));
    }
    Ok(())
}

fn operands(code: &Code, info: &OpcodeInfo, i: &Instruction) -> Result<(), Fault> {
    for (name, field, operand) in
        [('a', i.a, info.operands[0]), ('b', i.b, info.operands[1]), ('c', i.c, info.operands[2])]
    {
        let (index, number) = (usize::from(field), i64::from(field));
        match operand {
            Operand::Unused if field != 0 => return Err(Fault::UnusedField(name)),
            Operand::Name if index >= code.names.len() => return Err(Fault::NameIndex(number)),
            Operand::Constant if index >= code.constants.len() => return Err(Fault::ConstantIndex(number)),
            Operand::Free if index >= code.free.len() => return Err(Fault::FreeIndex(number)),
            _ => {}
        }
    }
    match info.accesses(i).find(|(_, range)| range.end > usize::from(code.registers)) {
        Some((_, range)) => Err(Fault::Register(range.end - 1)),
        None => Ok(()),
    }
}

fn immediate(code: &Code, info: &OpcodeInfo, at: usize, i: &Instruction) -> Result<(), Fault> {
    let below = |n: usize| usize::try_from(i.d).is_ok_and(|d| d < n);
    let number = i64::from(i.d);
    match info.immediate {
        Immediate::Unused if i.d != 0 => Err(Fault::UnusedField('d')),
        Immediate::Constant if !below(code.constants.len()) => Err(Fault::ConstantIndex(number)),
        Immediate::Name if !below(code.names.len()) => Err(Fault::NameIndex(number)),
        Immediate::Free if !below(code.free.len()) => Err(Fault::FreeIndex(number)),
        Immediate::Jump | Immediate::Branch | Immediate::LoopBack => {
            let target = Code::target(at, i).filter(|&t| t < code.instructions.len()).ok_or(Fault::JumpTarget)?;
            if (target <= at) == (info.immediate == Immediate::LoopBack) { Ok(()) } else { Err(Fault::JumpDirection) }
        }
        _ => Ok(()),
    }
}

fn pair(code: &Code, table: &[OpcodeInfo], at: usize, i: &Instruction) -> Result<(), Fault> {
    let next = code.instructions.get(at + 1).ok_or(Fault::Pair)?;
    let info = table.get(usize::from(next.op)).ok_or(Fault::Pair)?;
    let plain = info.immediate == Immediate::Branch && !info.skips_next && !info.ends && info.operands[0].reads();
    if plain && next.a == i.a && Code::target(at + 1, next) == Code::target(at, i) { Ok(()) } else { Err(Fault::Pair) }
}

fn slot(code: &Code, info: &OpcodeInfo, i: &Instruction, slots: &mut [bool]) -> Result<(), Fault> {
    if info.slot == SlotKind::None {
        return if i.feedback == Instruction::NO_FEEDBACK { Ok(()) } else { Err(Fault::UnusedField('f')) };
    }
    let slot = i.feedback as usize;
    if code.feedback.get(slot) != Some(&info.slot) {
        return Err(Fault::FeedbackKind(i.feedback));
    }
    if std::mem::replace(&mut slots[slot], true) { Err(Fault::FeedbackShared(i.feedback)) } else { Ok(()) }
}

fn point(code: &Code, i: &Instruction, points: &mut [bool]) -> Result<(), Fault> {
    if code.flags & code_flag::SUSPENDS == 0 {
        return Err(Fault::SuspendsUnflagged);
    }
    let number = usize::try_from(i.d).ok().filter(|&d| d < points.len()).ok_or(Fault::SuspensionNumber(i.d))?;
    if std::mem::replace(&mut points[number], true) { Err(Fault::SuspensionCount(number)) } else { Ok(()) }
}
