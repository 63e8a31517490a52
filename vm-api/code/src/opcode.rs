//! The schema of an instruction set: per opcode, what each field is.

use crate::instruction::Instruction;
use std::ops::Range;

/// What one of the register fields `a`, `b`, `c` of an instruction is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// Not used; must be 0.
    Unused,
    /// A register that is read.
    Read,
    /// A register that is written when the instruction completes.
    Write,
    /// A register that is read, then written.
    ReadWrite,
    /// First register of a callee's window: the arguments are read, and the callee's frame may lie over them and over
    /// all that is above, so that no register from here on survives the instruction (except one that it writes). The
    /// window's length is the next used field, if that is a [`Operand::Count`], plus `extra`.
    Window {
        /// Registers beyond the counted ones.
        extra: u8,
    },
    /// First register of a window that is read and stays as it is; length as for [`Operand::Window`].
    WindowRead {
        /// Registers beyond the counted ones.
        extra: u8,
    },
    /// First register of a window that is written when the instruction completes; length as for [`Operand::Window`].
    WindowWrite {
        /// Registers beyond the counted ones.
        extra: u8,
    },
    /// A number of registers.
    Count,
    /// A plain number (flags, operator codes, small constants).
    Number,
    /// An index into the names of the code.
    Name,
    /// An index into the constants.
    Constant,
    /// An index into the names of the enclosing functions' variables ([`crate::Code::free`]).
    Free,
}

/// What the field `d` of an instruction is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Immediate {
    /// Not used; must be 0.
    Unused,
    /// Distance to another instruction, from the next one.
    Jump,
    /// The same, but only taken or passed conditionally: control may also fall through.
    Branch,
    /// A jump back to a loop head: a safepoint. Unconditional.
    LoopBack,
    /// Index into the constants.
    Constant,
    /// Index into the names.
    Name,
    /// Index into the names of the enclosing functions' variables ([`crate::Code::free`]).
    Free,
    /// The instruction suspends the frame, and `d` is the number of the suspension point. It may raise when the frame is
    /// resumed, whatever [`OpcodeInfo::raises`] says.
    Suspension,
    /// A plain number.
    Number,
}

/// What an opcode keeps in its feedback slot. Bits and caches of all kinds have the same size in memory
/// (`vm_engine::FeedbackSlot`); the kind says how they are printed and reset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SlotKind {
    /// No slot.
    None,
    /// Kinds of operands seen.
    Operands,
    /// Inline cache keyed by shape.
    Shape,
    /// What was called.
    Call,
    /// Which way a branch went.
    Branch,
}

/// One row of a language's opcode table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OpcodeInfo {
    /// Name in listings, lower case with underscores.
    pub name: &'static str,
    /// Fields `a`, `b`, `c`.
    pub operands: [Operand; 3],
    /// Field `d`.
    pub immediate: Immediate,
    /// The feedback slot.
    pub slot: SlotKind,
    /// Does control never reach the next instruction (return, raise, jump)?
    pub ends: bool,
    /// May it raise?
    pub raises: bool,
    /// May control also go past the next instruction? That one is then a plain branch that reads register `a`, which this
    /// instruction writes, and has the same target: a fast path jumps there or skips it, a slow path leaves the decision
    /// to it. Liveness needs no edge for the skip, since all that it could reach is live at the branch.
    pub skips_next: bool,
}

impl OpcodeInfo {
    /// May control go to `next + d`?
    pub const fn jumps(&self) -> bool {
        matches!(self.immediate, Immediate::Jump | Immediate::Branch | Immediate::LoopBack)
    }

    /// May control go to the next instruction?
    pub const fn falls_through(&self) -> bool {
        !self.ends && !matches!(self.immediate, Immediate::Jump | Immediate::LoopBack)
    }

    /// Does it suspend the frame?
    pub const fn suspends(&self) -> bool {
        matches!(self.immediate, Immediate::Suspension)
    }

    /// May an exception handler be entered from it?
    pub const fn may_raise(&self) -> bool {
        self.raises || self.suspends()
    }

    /// The register operands of `i`, an instruction of this opcode, each with the registers it stands for. Total: the
    /// ranges of a malformed instruction may lie outside the frame.
    pub fn accesses(&self, i: &Instruction) -> impl Iterator<Item = (Operand, Range<usize>)> {
        let fields = [i.a, i.b, i.c];
        let operands = self.operands;
        (0..3).filter_map(move |k| {
            let first = usize::from(fields[k]);
            let length = match operands[k] {
                Operand::Read | Operand::Write | Operand::ReadWrite => 1,
                Operand::Window { extra } | Operand::WindowRead { extra } | Operand::WindowWrite { extra } => {
                    window(&operands, fields, k, extra)
                }
                _ => return None,
            };
            Some((operands[k], first..first + length))
        })
    }

    /// Of the first 64 registers, those that `i` reads and those that it writes, as bits.
    #[inline]
    pub(crate) fn masks(&self, i: &Instruction) -> (u64, u64) {
        let fields = [i.a, i.b, i.c];
        let (mut read, mut written) = (0, 0);
        for k in 0..3 {
            match self.operands[k] {
                Operand::Read => read |= bits(fields[k], 1),
                Operand::Write => written |= bits(fields[k], 1),
                Operand::ReadWrite => {
                    read |= bits(fields[k], 1);
                    written |= bits(fields[k], 1);
                }
                Operand::Window { extra } | Operand::WindowRead { extra } => {
                    read |= bits(fields[k], window(&self.operands, fields, k, extra));
                }
                Operand::WindowWrite { extra } => {
                    written |= bits(fields[k], window(&self.operands, fields, k, extra));
                }
                _ => {}
            }
        }
        (read, written)
    }
}

/// The length of the window that operand `k` is.
#[inline]
fn window(operands: &[Operand; 3], fields: [u16; 3], k: usize, extra: u8) -> usize {
    let next = (k + 1..3).find(|&j| operands[j] != Operand::Unused);
    let counted = next.filter(|&j| operands[j] == Operand::Count).map_or(0, |j| usize::from(fields[j]));
    counted + usize::from(extra)
}

/// `length` bits from bit `first` on, as far as there are so many.
#[inline]
fn bits(first: u16, length: usize) -> u64 {
    let all = if length >= 64 { u64::MAX } else { (1 << length) - 1 };
    all.checked_shl(first.into()).unwrap_or(0)
}

impl Operand {
    /// Is it a register, or the first of some?
    pub const fn is_register(self) -> bool {
        self.reads() || self.writes()
    }
    /// Are the registers read?
    pub const fn reads(self) -> bool {
        matches!(self, Operand::Read | Operand::ReadWrite | Operand::Window { .. } | Operand::WindowRead { .. })
    }
    /// Are the registers written when the instruction completes?
    pub const fn writes(self) -> bool {
        matches!(self, Operand::Write | Operand::ReadWrite | Operand::WindowWrite { .. })
    }
}
