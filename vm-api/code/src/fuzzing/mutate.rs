//! Damage to one field of a code.

use super::{Bytes, TABLE};
use crate::code::Code;
use crate::opcode::SlotKind;

/// Changes some field of `code` to something else that `bytes` say.
pub fn mutate(code: &mut Code, bytes: &mut Bytes<'_>) {
    let small = |bytes: &mut Bytes<'_>| match bytes.below(8) {
        0 => u32::MAX,
        1 => u32::from(u16::MAX),
        _ => u32::from(bytes.byte() >> 2),
    };
    let at = bytes.below(code.instructions.len().max(1));
    let Some(i) = code.instructions.get_mut(at) else { return };
    match bytes.below(19) {
        0 => i.op = bytes.below(TABLE.len() + 1) as u16,
        1 | 2 => i.a = small(bytes) as u16,
        3 | 4 => i.b = small(bytes) as u16,
        5 => i.c = small(bytes) as u16,
        6 | 7 => i.d = small(bytes).cast_signed().wrapping_sub(20),
        8 => i.feedback = small(bytes),
        9 => code.registers = small(bytes) as u16,
        10 => code.variables = code.variables.iter().skip(1).cloned().collect(),
        11 => code.feedback = code.feedback.iter().map(|_| SlotKind::Shape).collect(),
        12 => code.positions[at].line = small(bytes),
        13 => code.parameters.positional = small(bytes) as u16,
        14 | 15 => {
            if let Some(e) = code.exceptions.get_mut(at % 4) {
                match bytes.below(4) {
                    0 => e.start = small(bytes),
                    1 => e.end = small(bytes),
                    2 => e.handler = small(bytes),
                    _ => e.register = small(bytes) as u16,
                }
            }
        }
        16 => {
            if let Some(s) = code.suspensions.get_mut(at % 4) {
                let list = if bytes.below(2) == 0 { &mut s.live } else { &mut s.dirty };
                *list = list.iter().skip(1).copied().collect();
            }
        }
        17 => code.caught = Some(small(bytes) as u16),
        _ => {
            let other = bytes.below(code.instructions.len());
            code.instructions.swap(at, other);
        }
    }
}
