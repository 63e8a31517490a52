//! The schema of an instruction set: per opcode, what each field is.

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
    /// First register of a window that is read; its length is the next used field (a [`Operand::Count`]) plus `extra`.
    Window {
        /// Registers beyond the counted ones.
        extra: u8,
    },
    /// A number of registers.
    Count,
    /// A plain number (flags, operator codes, small constants).
    Number,
    /// An index into the names of the code.
    Name,
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
}

impl OpcodeInfo {
    /// May control go to `next + d`?
    pub const fn jumps(&self) -> bool {
        matches!(self.immediate, Immediate::Jump | Immediate::Branch | Immediate::LoopBack)
    }
}
