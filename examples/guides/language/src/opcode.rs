//! The instruction set: for engines, what each field of an instruction is; what it means stands in `semantics`.

use vm_api::code::{Immediate, OpcodeInfo, Operand, SlotKind};

/// Numbers the rows of the table.
macro_rules! opcodes {
    ($($name:ident $text:literal [$a:expr, $b:expr, $c:expr] $d:ident $slot:ident ends: $ends:literal raises: $raises:literal;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "they only number the constants")]
        enum Number { $($name),* }
        $(#[doc = concat!("`", $text, "`")] pub const $name: u16 = Number::$name as u16;)*
        /// The schema, by opcode number.
        pub const OPCODES: &[OpcodeInfo] = &[$(OpcodeInfo {
            name: $text,
            operands: [$a, $b, $c],
            immediate: Immediate::$d,
            slot: SlotKind::$slot,
            ends: $ends,
            raises: $raises,
            skips_next: false,
        }),*];
    };
}

const O: Operand = Operand::Unused;
const R: Operand = Operand::Read;
const W: Operand = Operand::Write;
/// The callee, then the counted arguments.
const CALL_WINDOW: Operand = Operand::Window { extra: 1 };
const ARGUMENTS: Operand = Operand::Count;

opcodes! {
    CONSTANT    "constant"    [W, O, O]                     Constant None     ends: false raises: false;
    MOVE        "move"        [W, R, O]                     Unused   None     ends: false raises: false;
    ADD         "add"         [W, R, R]                     Unused   Operands ends: false raises: true;
    SUBTRACT    "subtract"    [W, R, R]                     Unused   Operands ends: false raises: true;
    MULTIPLY    "multiply"    [W, R, R]                     Unused   Operands ends: false raises: true;
    LESS        "less"        [W, R, R]                     Unused   Operands ends: false raises: true;
    JUMP_UNLESS "jump_unless" [R, O, O]                     Branch   None     ends: false raises: true;
    LOOP        "loop"        [O, O, O]                     LoopBack None     ends: true  raises: true;
    CALL        "call"        [W, CALL_WINDOW, ARGUMENTS]   Number   Call     ends: false raises: true;
    RETURN      "return"      [R, O, O]                     Unused   None     ends: true  raises: false;
    PRINT       "print"       [R, O, O]                     Unused   None     ends: false raises: true;
}
