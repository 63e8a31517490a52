//! The instruction set: one table, from which the enum, the schema for engines and the listings come.
//!
//! Calls use a **window** of registers: `b - 1` is scratch, `b` holds what is called or the receiver, the arguments
//! follow. The handler puts the closure into `b - 1` and the receiver into `b`, so that register 0 of every callee is
//! its receiver (a plain function finds itself there and never looks). Names of properties are constants of kind
//! `Bytes`, linked to symbol numbers; names of globals are tuples, linked to the global's cell; see [`crate::link`].

use vm_code::{Immediate, OpcodeInfo, Operand, SlotKind};

/// Declares [`Op`] and [`OPCODES`]. A row: variant, name in listings, fields `a b c`, field `d`, feedback, flags, meaning.
macro_rules! opcodes {
    ($($op:ident $name:literal [$a:expr, $b:expr, $c:expr] $d:ident $slot:ident $($flag:ident)* : $doc:literal)*) => {
        /// An opcode of Lox.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u16)]
        pub enum Op { $(#[doc = $doc] $op),* }

        impl Op {
            /// The opcode with this number.
            ///
            /// # Safety
            /// There must be one. Engines run verified code only.
            #[inline(always)]
            pub unsafe fn of(number: u16) -> Op {
                debug_assert!(usize::from(number) < OPCODES.len());
                // SAFETY: the caller's; variants are numbered from 0 on without gaps, as u16.
                unsafe { std::mem::transmute::<u16, Op>(number) }
            }
        }

        /// The schema, by opcode number.
        pub const OPCODES: &[OpcodeInfo] = &[$({
            let flags: &[Flag] = &[$(Flag::$flag),*];
            OpcodeInfo {
                name: $name,
                operands: [$a, $b, $c],
                immediate: Immediate::$d,
                slot: SlotKind::$slot,
                ends: has(flags, Flag::Ends),
                raises: has(flags, Flag::Raises),
                skips_next: false,
            }
        }),*];
    };
}

#[derive(Clone, Copy)]
enum Flag {
    Ends,
    Raises,
}

const fn has(flags: &[Flag], wanted: Flag) -> bool {
    let mut i = 0;
    while i < flags.len() {
        if flags[i] as u8 == wanted as u8 {
            return true;
        }
        i += 1;
    }
    false
}

const __: Operand = Operand::Unused;
const R: Operand = Operand::Read;
const W: Operand = Operand::Write;
const N: Operand = Operand::Number;
const ARGUMENTS: Operand = Operand::Count;
/// Callee or receiver, then the counted arguments.
const CALL: Operand = Operand::Window { extra: 1 };
/// Receiver, the counted arguments, then the superclass.
const SUPER: Operand = Operand::Window { extra: 2 };
const CELLS: Operand = Operand::WindowRead { extra: 0 };

opcodes! {
    LoadConstant    "load_constant"     [W, __, __]             Constant    None                : "`a` = constant"
    Move            "move"              [W, R, __]              Unused      None                : "`a` = `b`"

    Add             "add"               [W, R, R]               Unused      Operands    Raises  : "`a` = `b` + `c`, of numbers or strings"
    Subtract        "subtract"          [W, R, R]               Unused      Operands    Raises  : "`a` = `b` - `c`"
    Multiply        "multiply"          [W, R, R]               Unused      Operands    Raises  : "`a` = `b` * `c`"
    Divide          "divide"            [W, R, R]               Unused      Operands    Raises  : "`a` = `b` / `c`"
    Negate          "negate"            [W, R, __]              Unused      Operands    Raises  : "`a` = -`b`"
    Not             "not"               [W, R, __]              Unused      Operands            : "`a` = !`b`"
    Equal           "equal"             [W, R, R]               Unused      Operands            : "`a` = `b` == `c`"
    Less            "less"              [W, R, R]               Unused      Operands    Raises  : "`a` = `b` < `c`"
    LessEqual       "less_equal"        [W, R, R]               Unused      Operands    Raises  : "`a` = !(`c` < `b`)"

    Jump            "jump"              [__, __, __]            Jump        None        Ends    : "goes on at the target"
    Loop            "loop"              [__, __, __]            LoopBack    None        Ends Raises : "goes back to the target: a safepoint"
    JumpIf          "jump_if"           [R, __, N]              Branch      Operands            : "jumps if the truth of `a` is `c`"
    JumpIfEqual     "jump_if_equal"     [R, R, N]               Branch      Operands            : "jumps if `a` == `b` is `c`"
    JumpIfLess      "jump_if_less"      [R, R, N]               Branch      Operands    Raises  : "jumps if `a` < `b` is `c`"

    DefineGlobal    "define_global"     [R, __, __]             Constant    None                : "global = `a`"
    GetGlobal       "get_global"        [W, __, __]             Constant    Operands    Raises  : "`a` = global, if it is defined"
    SetGlobal       "set_global"        [R, __, __]             Constant    Operands    Raises  : "global = `a`, if it is defined"

    NewCell         "new_cell"          [W, R, __]              Unused      None        Raises  : "`a` = a new cell that holds `b`"
    GetCell         "get_cell"          [W, R, __]              Unused      None                : "`a` = what the cell `b` holds"
    SetCell         "set_cell"          [R, R, __]              Unused      None                : "the cell `a` holds `b`"
    GetCapture      "get_capture"       [W, __, __]             Free        None                : "`a` = what the running closure's cell `d` holds"
    SetCapture      "set_capture"       [R, __, __]             Free        None                : "the running closure's cell `d` holds `a`"
    GetCaptureCell  "get_capture_cell"  [W, __, __]             Free        None                : "`a` = the running closure's cell `d`"
    Closure         "closure"           [W, CELLS, ARGUMENTS]   Constant    None        Raises  : "`a` = a closure of code `d` over the cells"

    Call            "call"              [W, CALL, ARGUMENTS]    Unused      Call        Raises  : "`a` = result of calling `b`"
    Invoke          "invoke"            [W, CALL, ARGUMENTS]    Constant    Shape       Raises  : "`a` = result of calling `b`'s property `d`"
    SuperInvoke     "super_invoke"      [W, SUPER, ARGUMENTS]   Constant    Shape       Raises  : "`a` = result of calling the superclass's method `d` on `b`"
    Return          "return"            [R, __, __]             Unused      None        Ends    : "returns `a`"

    GetProperty     "get_property"      [W, R, __]              Constant    Shape       Raises  : "`a` = `b`'s field or bound method `d`"
    SetProperty     "set_property"      [R, R, __]              Constant    Shape       Raises  : "`a`'s field `d` = `b`"
    GetSuper        "get_super"         [W, R, R]               Constant    None        Raises  : "`a` = method `d` of class `c`, bound to `b`"

    Class           "class"             [W, __, __]             Constant    None        Raises  : "`a` = a new class named by the string `d`"
    Inherit         "inherit"           [R, R, __]              Unused      None        Raises  : "the new class `a` begins with the methods of `b`"
    Method          "method"            [R, R, __]              Constant    None        Raises  : "the new class `a` has the closure `b` as its method `d`"

    Print           "print"             [R, __, __]             Unused      None        Raises  : "prints `a` and a line break"
}
