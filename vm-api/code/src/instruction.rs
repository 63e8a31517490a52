//! One instruction.

/// A fixed-width instruction. What the fields mean is the opcode's affair ([`crate::OpcodeInfo`]).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C, align(16))]
pub struct Instruction {
    /// Index into the language's opcode table.
    pub op: u16,
    /// Usually the destination register.
    pub a: u16,
    /// Usually the first source register.
    pub b: u16,
    /// Usually the second source register, or a small number.
    pub c: u16,
    /// Immediate: jump distance, constant index, number.
    pub d: i32,
    /// Index of the feedback slot; [`Instruction::NO_FEEDBACK`] if the opcode has none.
    pub feedback: u32,
}

impl Instruction {
    /// No feedback slot.
    pub const NO_FEEDBACK: u32 = u32::MAX;

    /// An instruction without a feedback slot.
    pub const fn new(op: u16, a: u16, b: u16, c: u16, d: i32) -> Instruction {
        Instruction { op, a, b, c, d, feedback: Instruction::NO_FEEDBACK }
    }
}
