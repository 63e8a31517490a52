//! A small opcode table in which every kind of operand, immediate and slot occurs.

use crate::opcode::{Immediate, OpcodeInfo, Operand, SlotKind};

const U: Operand = Operand::Unused;
const R: Operand = Operand::Read;
const W: Operand = Operand::Write;

/// Declares the rows, and a constant with the number of each.
macro_rules! opcodes {
    ($($name:ident $number:literal [$a:expr, $b:expr, $c:expr] $immediate:ident $slot:ident $ends:literal $raises:literal;)*) => {
        /// The opcode table.
        pub const TABLE: [OpcodeInfo; [$($number),*].len()] = [$(OpcodeInfo {
            name: stringify!($name),
            operands: [$a, $b, $c],
            immediate: Immediate::$immediate,
            slot: SlotKind::$slot,
            ends: $ends,
            raises: $raises,
            skips_next: $number == op::less_or_skip,
        }),*];
        /// Numbers of the opcodes.
        #[allow(non_upper_case_globals)]
        pub mod op {
            $(#[doc = stringify!($name)] pub const $name: u16 = $number;)*
        }
    };
}

opcodes! {
    // name         number [a, b, c]                                                    immediate  slot     ends  raises
    constant        0  [W, U, U]                                                        Constant   None     false false;
    copy            1  [W, R, U]                                                        Unused     None     false false;
    add             2  [W, R, R]                                                        Unused     Operands false true;
    jump            3  [U, U, U]                                                        Jump       None     true  false;
    branch          4  [R, U, U]                                                        Branch     Branch   false false;
    loop_back       5  [U, U, U]                                                        LoopBack   None     true  false;
    call            6  [W, Operand::Window { extra: 1 }, Operand::Count]                Number     Call     false true;
    give            7  [R, U, U]                                                        Unused     None     true  false;
    throw           8  [R, U, U]                                                        Unused     None     true  true;
    get_name        9  [W, U, U]                                                        Name       Shape    false true;
    suspend         10 [W, R, U]                                                        Suspension None     false false;
    tuple           11 [W, Operand::WindowRead { extra: 0 }, Operand::Count]            Unused     None     false false;
    unpack          12 [R, Operand::WindowWrite { extra: 0 }, Operand::Count]           Unused     None     false true;
    increment       13 [Operand::ReadWrite, U, Operand::Number]                         Unused     Operands false true;
    get_free        14 [W, Operand::Free, U]                                            Unused     None     false false;
    set_name        15 [Operand::Name, R, U]                                            Unused     Shape    false true;
    add_constant    16 [W, R, Operand::Constant]                                        Unused     Operands false true;
    closure_of      17 [W, U, U]                                                        Free       None     false false;
    nothing         18 [U, U, U]                                                        Unused     None     false false;
    less_or_skip    19 [W, R, R]                                                        Branch     Operands false true;
}
