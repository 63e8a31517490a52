//! The instructions that code consists of, as functions of registers and displacements.
//!
//! A register is its number. As the base of an address any may stand but `rsp` and `r12`, whose encoding would mean something
//! else: the stack pointer has functions of its own, and `r12` holds no address. None of the moves changes the flags.

use super::code::{Code, Label};
use dynasm::dynasm;
use dynasmrt::DynasmApi;
use vm_api::engine::backend::Target;

/// Registers by number.
pub(super) mod reg {
    /// Scratch: holds nothing from one instruction to the next. Results of calls come here.
    pub(crate) const RAX: u8 = 0;
    pub(crate) const RCX: u8 = 1;
    pub(crate) const RDX: u8 = 2;
    /// Register 0 of the unit's own frame.
    pub(crate) const FRAME: u8 = 3;
    /// The stack pointer.
    pub(crate) const RSP: u8 = 4;
    pub(crate) const RBP: u8 = 5;
    pub(crate) const RSI: u8 = 6;
    pub(crate) const RDI: u8 = 7;
    pub(crate) const R8: u8 = 8;
    pub(crate) const R9: u8 = 9;
    pub(crate) const R10: u8 = 10;
    pub(crate) const R11: u8 = 11;
    /// The tag of small integers.
    pub(crate) const TAG: u8 = 12;
    /// The thread.
    pub(crate) const THREAD: u8 = 13;
    /// The thread's inline state.
    pub(crate) const FAST: u8 = 14;
    pub(crate) const R15: u8 = 15;
    /// Scratch for floats: the last two of the sixteen.
    pub(crate) const XMM14: u8 = 14;
    pub(crate) const XMM15: u8 = 15;
}

/// Condition codes; each differs from its negation in the lowest bit.
pub(super) mod cc {
    pub(crate) const OVERFLOW: u8 = 0;
    pub(crate) const BELOW: u8 = 2;
    pub(crate) const ABOVE_EQUAL: u8 = 3;
    pub(crate) const EQUAL: u8 = 4;
    pub(crate) const NOT_EQUAL: u8 = 5;
    pub(crate) const BELOW_EQUAL: u8 = 6;
    pub(crate) const ABOVE: u8 = 7;
    pub(crate) const NEGATIVE: u8 = 8;
    pub(crate) const PARITY: u8 = 10;
    pub(crate) const NO_PARITY: u8 = 11;
    pub(crate) const LESS: u8 = 12;
    pub(crate) const GREATER_EQUAL: u8 = 13;
    pub(crate) const LESS_EQUAL: u8 = 14;
    pub(crate) const GREATER: u8 = 15;
}

/// Operations that may have a constant operand, by their numbers in instructions.
pub(super) mod arithmetic {
    pub(crate) const ADD: u8 = 0;
    pub(crate) const OR: u8 = 1;
    pub(crate) const AND: u8 = 4;
    pub(crate) const SUB: u8 = 5;
    pub(crate) const XOR: u8 = 6;
    pub(crate) const CMP: u8 = 7;
}

/// Assembles.
macro_rules! asm {
    ($code:expr; $($t:tt)*) => {{
        let mut chunk = $code.ops();
        let ops = &mut chunk;
        dynasm!(ops; .arch x64; $($t)*);
    }};
}
pub(super) use asm;

/// Declares operations on a register and memory, with the short form of the displacement where it fits.
macro_rules! memory_operations {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $ty:ty),*) $op:ident { $($before:tt)* } $size:ident[$base:ident $at:ident] { $($after:tt)* };)*) => {
        impl Code { $(
            $(#[$doc])*
            pub(super) fn $name(&mut self, $($arg: $ty),*) {
                match i8::try_from($at) {
                    Ok($at) => asm!(self; $op $($before)* $size [BYTE Rq($base) + $at] $($after)*),
                    Err(_) => asm!(self; $op $($before)* $size [DWORD Rq($base) + $at] $($after)*),
                }
            }
        )* }
    };
}

memory_operations! {
    /// A word into `r`.
    load(r: u8, base: u8, at: i32) mov { Rq(r), } QWORD[base at] {};
    /// 32 bits into `r`, zero-extended.
    load_u32(r: u8, base: u8, at: i32) mov { Rd(r), } DWORD[base at] {};
    /// 32 bits into `r`, sign-extended.
    load_i32(r: u8, base: u8, at: i32) movsxd { Rq(r), } DWORD[base at] {};
    /// 16 bits into `r`, zero-extended.
    load_u16(r: u8, base: u8, at: i32) movzx { Rd(r), } WORD[base at] {};
    /// A byte into `r`, zero-extended.
    load_u8(r: u8, base: u8, at: i32) movzx { Rd(r), } BYTE[base at] {};
    /// `r` into a word.
    store(base: u8, at: i32, r: u8) mov {} QWORD[base at] { , Rq(r) };
    /// The low half of `r` into 32 bits.
    store_u32(base: u8, at: i32, r: u8) mov {} DWORD[base at] { , Rd(r) };
    /// A small constant into a word.
    store_imm(base: u8, at: i32, x: i32) mov {} QWORD[base at] { , DWORD x };
    /// A constant into 32 bits.
    store_u32_imm(base: u8, at: i32, x: i32) mov {} DWORD[base at] { , DWORD x };
    /// A float out of a word.
    load_float(r: u8, base: u8, at: i32) movsd { Rx(r), } QWORD[base at] {};
    /// A float into a word.
    store_float(base: u8, at: i32, r: u8) movsd {} QWORD[base at] { , Rx(r) };
    /// Compares a word with a register.
    compare_memory(base: u8, at: i32, r: u8) cmp {} QWORD[base at] { , Rq(r) };
    /// Compares a register with a word.
    compare_with_memory(r: u8, base: u8, at: i32) cmp { Rq(r), } QWORD[base at] {};
    /// Compares a word with a small constant.
    compare_memory_imm(base: u8, at: i32, x: i32) cmp {} QWORD[base at] { , DWORD x };
    /// Compares 32 bits with a small constant.
    compare_u32_imm(base: u8, at: i32, x: i32) cmp {} DWORD[base at] { , DWORD x };
    /// Compares a byte with a constant.
    compare_u8_imm(base: u8, at: i32, x: i8) cmp {} BYTE[base at] { , BYTE x };
    /// Tests 32 bits.
    test_u32_imm(base: u8, at: i32, x: i32) test {} DWORD[base at] { , DWORD x };
    /// Tests a byte with the low byte of `rax`.
    test_u8_al(base: u8, at: i32) test {} BYTE[base at] { , al };
    /// Sets bits of 32 bits.
    or_u32_imm(base: u8, at: i32, x: i32) or {} DWORD[base at] { , DWORD x };
    /// Adds to 32 bits.
    add_u32_imm(base: u8, at: i32, x: i32) add {} DWORD[base at] { , DWORD x };
    /// Takes one from a word; the flags say whether it is zero.
    decrement(base: u8, at: i32) sub {} QWORD[base at] { , BYTE 1 };
    /// Takes a small constant from a word.
    subtract_imm(base: u8, at: i32, x: i32) sub {} QWORD[base at] { , DWORD x };
    /// Calls the address in a word.
    call_memory(base: u8, at: i32) call {} QWORD[base at] {};
    /// Adds a word to `r`.
    add_memory(r: u8, base: u8, at: i32) add { Rq(r), } QWORD[base at] {};
}

impl Code {
    // ---- moves

    /// An address. (Not by the table: it reads nothing, so it has no size.)
    pub(super) fn address(&mut self, r: u8, base: u8, disp: i32) {
        match i8::try_from(disp) {
            Ok(disp) => asm!(self; lea Rq(r), [BYTE Rq(base) + disp]),
            Err(_) => asm!(self; lea Rq(r), [DWORD Rq(base) + disp]),
        }
    }
    pub(super) fn copy(&mut self, to: u8, from: u8) {
        if to != from {
            asm!(self; mov Rq(to), Rq(from));
        }
    }
    pub(super) fn copy_float(&mut self, to: u8, from: u8) {
        if to != from {
            asm!(self; movaps Rx(to), Rx(from));
        }
    }
    /// A constant, in the shortest form that leaves the flags.
    pub(super) fn constant(&mut self, r: u8, bits: u64) {
        if let Ok(x) = u32::try_from(bits) {
            asm!(self; mov Rd(r), DWORD x as i32);
        } else if let Ok(x) = i32::try_from(bits as i64) {
            asm!(self; mov Rq(r), DWORD x);
        } else {
            asm!(self; mov Rq(r), QWORD bits as i64);
        }
    }
    /// The address of a target.
    pub(super) fn target(&mut self, r: u8, target: Target) {
        asm!(self; mov Rq(r), QWORD 0);
        self.immediate(target);
    }
    /// The word at a label.
    pub(super) fn load_word_at(&mut self, r: u8, label: Label) {
        asm!(self; mov Rq(r), [rip + 0]);
        self.fixup(label);
    }
    /// Calls the address in the word at a label.
    pub(super) fn call_word_at(&mut self, label: Label) {
        asm!(self; call QWORD [rip + 0]);
        self.fixup(label);
    }
    pub(super) fn load_slot(&mut self, r: u8, at: i32) {
        match i8::try_from(at) {
            Ok(at) => asm!(self; mov Rq(r), [BYTE rsp + at]),
            Err(_) => asm!(self; mov Rq(r), [DWORD rsp + at]),
        }
    }
    pub(super) fn store_slot(&mut self, at: i32, r: u8) {
        match i8::try_from(at) {
            Ok(at) => asm!(self; mov [BYTE rsp + at], Rq(r)),
            Err(_) => asm!(self; mov [DWORD rsp + at], Rq(r)),
        }
    }
    pub(super) fn load_slot_float(&mut self, r: u8, at: i32) {
        asm!(self; movsd Rx(r), [DWORD rsp + at]);
    }
    pub(super) fn store_slot_float(&mut self, at: i32, r: u8) {
        asm!(self; movsd [DWORD rsp + at], Rx(r));
    }
    /// A byte of 0 or 1 by a condition, zero-extended. Not for `rax`.
    pub(super) fn set_if(&mut self, cc: u8, r: u8) {
        self.ops().put([0x40 | r >> 3, 0x0F, 0x90 | cc, 0xC0 | r & 7]);
        asm!(self; movzx Rd(r), Rb(r));
    }

    // ---- arithmetic

    /// An operation of [`arithmetic`] on a register and a constant. By hand: the assembler has no way to ask for the short form.
    pub(super) fn arithmetic_imm(&mut self, operation: u8, r: u8, x: i32) {
        let (rex, which) = (0x48 | r >> 3, 0xC0 | operation << 3 | r & 7);
        match i8::try_from(x) {
            Ok(x) => self.ops().put([rex, 0x83, which, x as u8]),
            Err(_) => {
                let [a, b, c, d] = x.to_le_bytes();
                self.ops().put([rex, 0x81, which, a, b, c, d]);
            }
        }
    }
    /// Compares a register with a constant that has 32 bits.
    pub(super) fn compare_imm(&mut self, r: u8, x: i32) {
        if x == 0 {
            return asm!(self; test Rq(r), Rq(r));
        }
        self.arithmetic_imm(arithmetic::CMP, r, x);
    }
    pub(super) fn shift_left(&mut self, r: u8, n: u32) {
        asm!(self; shl Rq(r), BYTE n as i8);
    }
    pub(super) fn shift_right(&mut self, r: u8, n: u32) {
        asm!(self; shr Rq(r), BYTE n as i8);
    }
    pub(super) fn shift_right_signed(&mut self, r: u8, n: u32) {
        asm!(self; sar Rq(r), BYTE n as i8);
    }
}
