//! A hash of an opcode table.

use super::FORMAT_VERSION;
use crate::opcode::{Immediate, OpcodeInfo, Operand, SlotKind};

/// FNV-1a of 64 bits over all that the rows say, and the version of the form. Not a defence against malice: a file that
/// lies about it is still verified.
pub fn fingerprint(table: &[OpcodeInfo]) -> u64 {
    let mut hash = Fnv(0xCBF2_9CE4_8422_2325);
    hash.add(&FORMAT_VERSION.to_le_bytes());
    hash.add(&(table.len() as u64).to_le_bytes());
    for info in table {
        hash.add(&(info.name.len() as u64).to_le_bytes());
        hash.add(info.name.as_bytes());
        info.operands.iter().for_each(|&o| hash.add(&operand(o)));
        hash.add(&[
            immediate(info.immediate),
            slot(info.slot),
            info.ends.into(),
            info.raises.into(),
            info.skips_next.into(),
        ]);
    }
    hash.0
}

struct Fnv(u64);

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
}

fn operand(operand: Operand) -> [u8; 2] {
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

fn immediate(immediate: Immediate) -> u8 {
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

fn slot(kind: SlotKind) -> u8 {
    match kind {
        SlotKind::None => 0,
        SlotKind::Operands => 1,
        SlotKind::Shape => 2,
        SlotKind::Call => 3,
        SlotKind::Branch => 4,
    }
}
