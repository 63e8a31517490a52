//! A hash of an opcode table.

use super::FORMAT_VERSION;
use crate::opcode::{Immediate, OpcodeInfo, Operand, SlotKind};

/// FNV-1a of 64 bits over all that the rows say, and the version of the form. Not a defence against malice: a file that
/// lies about it is still verified.
pub const fn fingerprint(table: &[OpcodeInfo]) -> u64 {
    let mut hash = add(0xCBF2_9CE4_8422_2325, &FORMAT_VERSION.to_le_bytes());
    hash = add(hash, &(table.len() as u64).to_le_bytes());
    let mut at = 0;
    while at < table.len() {
        let info = &table[at];
        hash = add(hash, &(info.name.len() as u64).to_le_bytes());
        hash = add(hash, info.name.as_bytes());
        let [a, b, c] = info.operands;
        hash = add(add(add(hash, &operand(a)), &operand(b)), &operand(c));
        let rest =
            [immediate(info.immediate), slot(info.slot), info.ends as u8, info.raises as u8, info.skips_next as u8];
        hash = add(hash, &rest);
        at += 1;
    }
    hash
}

const fn add(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01B3);
        at += 1;
    }
    hash
}

const fn operand(operand: Operand) -> [u8; 2] {
    match operand {
        Operand::Unused => [0, 0],
        Operand::Read => [1, 0],
        Operand::Write => [2, 0],
        Operand::ReadWrite => [3, 0],
        Operand::Window { extra } => [4, extra],
        Operand::WindowRead { extra } => [5, extra],
        Operand::WindowWrite { extra } => [6, extra],
        Operand::Count => [7, 0],
        Operand::Number => [8, 0],
        Operand::Name => [9, 0],
        Operand::Constant => [10, 0],
        Operand::Free => [11, 0],
    }
}

const fn immediate(immediate: Immediate) -> u8 {
    match immediate {
        Immediate::Unused => 0,
        Immediate::Jump => 1,
        Immediate::Branch => 2,
        Immediate::LoopBack => 3,
        Immediate::Constant => 4,
        Immediate::Name => 5,
        Immediate::Free => 6,
        Immediate::Suspension => 7,
        Immediate::Number => 8,
    }
}

const fn slot(kind: SlotKind) -> u8 {
    match kind {
        SlotKind::None => 0,
        SlotKind::Operands => 1,
        SlotKind::Shape => 2,
        SlotKind::Call => 3,
        SlotKind::Branch => 4,
    }
}
