//! Arithmetic on raw words, floats and conditions.
//!
//! Small integers that come out of their tags only to be added or compared stay shifted up: then the machine's own overflow is
//! theirs, and tagging is one shift down and the tag.

use super::Emitter;
use super::operands::Place;
use super::ops::{arithmetic, asm, cc, reg};
use super::registers::FLOATS;
use crate::plan::flag;
use dynasm::dynasm;
use dynasmrt::DynasmApi;
use vm_api::engine::backend::Helper;
use vm_api::vir::{FloatOp, Inst, IntOp, Ref};

impl Emitter<'_> {
    /// Arithmetic; false if it is something else.
    pub(super) fn number(&mut self, v: Ref, inst: &Inst) -> bool {
        match *inst {
            Inst::IntArith(op, x, y) if self.has(v, flag::PAIRED) => {
                let d = self.checked(op, x, y, Some(v));
                debug_assert!(self.plan.values[v.index()].reg == d);
            }
            Inst::IntArith(op, x, y) | Inst::IntOp(op, x, y) => self.int_op(v, op, x, y),
            Inst::FloatOp(op, x, y) => self.float_op(v, op, x, y),
            Inst::IntToFloat(x) => {
                let x = self.get(x);
                let d = self.define_float(v);
                // Else it would wait for what was there before.
                asm!(self.code; xorps Rx(d), Rx(d); cvtsi2sd Rx(d), Rq(x));
            }
            Inst::FloatToInt(x) => {
                let x = self.get_float(x);
                let d = self.define(v);
                asm!(self.code; cvttsd2si Rq(d), Rx(x));
            }
            Inst::Not(x) => {
                let d = self.define_from(v, x);
                asm!(self.code; xor Rd(d), BYTE 1);
            }
            Inst::BoolToInt(x) => _ = self.define_from(v, x),
            _ => return false,
        }
        true
    }
    /// The flags of arithmetic whose result was made elsewhere.
    pub(super) fn overflow(&mut self, op: IntOp, x: Ref, y: Ref) {
        self.checked(op, x, y, None);
    }
    /// Arithmetic on small integers so that the flags tell of overflow; the result is shifted up. Without a name it goes nowhere.
    fn checked(&mut self, op: IntOp, x: Ref, y: Ref, v: Option<Ref>) -> u8 {
        let shift = self.lowering.encoding.int_shift;
        if op == IntOp::Mul {
            // One factor as it is, the other shifted up.
            let mut factor = self.get(x);
            if x == y {
                let copy = self.temporary();
                self.code.copy(copy, factor);
                factor = copy;
            }
            let d = self.shifted_up(y, v);
            asm!(self.code; imul Rq(d), Rq(factor));
            return d;
        }
        let constant = match self.unit.inst(y) {
            Inst::ConstInt(n) => n.checked_mul(1 << shift).and_then(|n| i32::try_from(n).ok()),
            _ => None,
        };
        if let Some(n) = constant {
            let d = self.shifted_up(x, v);
            let operation = if op == IntOp::Add { arithmetic::ADD } else { arithmetic::SUB };
            self.code.arithmetic_imm(operation, d, n);
            return d;
        }
        let other = if self.is_shifted(y) {
            self.held(y)
        } else {
            let y = self.get(y);
            let other = self.temporary();
            self.code.copy(other, y);
            self.code.shift_left(other, shift);
            other
        };
        let d = self.shifted_up(x, v);
        match op {
            IntOp::Add => asm!(self.code; add Rq(d), Rq(other)),
            _ => asm!(self.code; sub Rq(d), Rq(other)),
        }
        d
    }
    /// A copy of a number, shifted up, as the place of a result.
    fn shifted_up(&mut self, x: Ref, v: Option<Ref>) -> u8 {
        let d = match v {
            Some(v) => self.define_from(v, x),
            None => {
                let d = self.temporary();
                let place = self.place(x);
                self.read(d, place);
                d
            }
        };
        if !self.is_shifted(x) {
            self.code.shift_left(d, self.lowering.encoding.int_shift);
        }
        d
    }
    fn int_op(&mut self, v: Ref, op: IntOp, x: Ref, y: Ref) {
        match op {
            IntOp::FloorDiv | IntOp::Mod => return self.division(v, op, x, y),
            IntOp::Shl | IntOp::Sar | IntOp::Shr => return self.shift(v, op, x, y),
            _ => {}
        }
        let (x, y) = if self.small_constant(x).is_some() && op != IntOp::Sub { (y, x) } else { (x, y) };
        if let Some(n) = self.small_constant(y) {
            let d = self.plain_from(v, x);
            let operation = match op {
                IntOp::Add => arithmetic::ADD,
                IntOp::Sub => arithmetic::SUB,
                IntOp::And => arithmetic::AND,
                IntOp::Or => arithmetic::OR,
                IntOp::Xor => arithmetic::XOR,
                _ => return asm!(self.code; imul Rq(d), Rq(d), DWORD n),
            };
            return self.code.arithmetic_imm(operation, d, n);
        }
        let y = self.get(y);
        let d = self.plain_from(v, x);
        match op {
            IntOp::Add => asm!(self.code; add Rq(d), Rq(y)),
            IntOp::Sub => asm!(self.code; sub Rq(d), Rq(y)),
            IntOp::And => asm!(self.code; and Rq(d), Rq(y)),
            IntOp::Or => asm!(self.code; or Rq(d), Rq(y)),
            IntOp::Xor => asm!(self.code; xor Rq(d), Rq(y)),
            _ => asm!(self.code; imul Rq(d), Rq(y)),
        }
    }
    /// The register of a result, with the number `x` in it as it is.
    fn plain_from(&mut self, v: Ref, x: Ref) -> u8 {
        let d = self.define_from(v, x);
        if self.is_shifted(x) {
            self.code.shift_right_signed(d, self.lowering.encoding.int_shift);
        }
        d
    }
    fn shift(&mut self, v: Ref, op: IntOp, x: Ref, y: Ref) {
        if let Some(n) = self.small_constant(y) {
            let d = self.plain_from(v, x);
            return match op {
                IntOp::Shl => self.code.shift_left(d, n as u32 & 63),
                IntOp::Sar => self.code.shift_right_signed(d, n as u32 & 63),
                _ => self.code.shift_right(d, n as u32 & 63),
            };
        }
        self.take(reg::RCX);
        let y = self.get(y);
        self.code.copy(reg::RCX, y);
        let d = self.plain_from(v, x);
        match op {
            IntOp::Shl => asm!(self.code; shl Rq(d), cl),
            IntOp::Sar => asm!(self.code; sar Rq(d), cl),
            _ => asm!(self.code; shr Rq(d), cl),
        }
    }
    /// Division by anything but zero, rounded down. The machine's own truncates, and traps where the smallest number is divided by -1,
    /// which here wraps.
    fn division(&mut self, v: Ref, op: IntOp, x: Ref, y: Ref) {
        self.take(reg::RDX);
        let (a, b) = (self.get(x), self.get(y));
        self.code.copy(reg::RAX, a);
        let known = matches!(self.unit.inst(y), Inst::ConstInt(n) if n != -1);
        if known {
            asm!(self.code; cqo; idiv Rq(b));
        } else {
            self.code.compare_imm(b, -1);
            let (minus, back) = (self.code.label(), self.code.label());
            self.code.jump_if(cc::EQUAL, minus);
            asm!(self.code; cqo; idiv Rq(b));
            self.far_at(minus, back, |e| asm!(e.code; neg rax; xor edx, edx));
        }
        // Where the remainder has another sign than the divisor, the quotient was rounded up.
        let (up, back) = (self.code.label(), self.code.label());
        if op == IntOp::Mod {
            asm!(self.code; mov rax, rdx; xor rax, Rq(b));
            self.code.jump_if(cc::NEGATIVE, up);
            self.far_at(up, back, |e| {
                let zero = e.code.label();
                asm!(e.code; test rdx, rdx);
                e.code.jump_if(cc::EQUAL, zero);
                asm!(e.code; add rdx, Rq(b));
                e.code.bind(zero);
            });
        } else {
            asm!(self.code; xor rdx, Rq(b));
            self.code.jump_if(cc::NEGATIVE, up);
            self.far_at(up, back, |e| {
                let zero = e.code.label();
                asm!(e.code; cmp rdx, Rq(b));
                e.code.jump_if(cc::EQUAL, zero);
                asm!(e.code; sub rax, 1);
                e.code.bind(zero);
            });
        }
        let d = self.define(v);
        self.code.copy(d, if op == IntOp::FloorDiv { reg::RAX } else { reg::RDX });
    }

    // ---- floats

    fn float_op(&mut self, v: Ref, op: FloatOp, x: Ref, y: Ref) {
        match op {
            FloatOp::Add | FloatOp::Sub | FloatOp::Mul | FloatOp::Div => {
                let y = self.get_float(y);
                let d = self.define_float_from(v, x);
                match op {
                    FloatOp::Add => asm!(self.code; addsd Rx(d), Rx(y)),
                    FloatOp::Sub => asm!(self.code; subsd Rx(d), Rx(y)),
                    FloatOp::Mul => asm!(self.code; mulsd Rx(d), Rx(y)),
                    _ => asm!(self.code; divsd Rx(d), Rx(y)),
                }
            }
            FloatOp::Neg | FloatOp::Abs => {
                let d = self.define_float_from(v, x);
                let sign = 1u64 << 63;
                self.code.constant(reg::RAX, if op == FloatOp::Neg { sign } else { !sign });
                asm!(self.code; movq Rx(reg::XMM15), rax);
                if op == FloatOp::Neg {
                    asm!(self.code; xorps Rx(d), Rx(reg::XMM15));
                } else {
                    asm!(self.code; andps Rx(d), Rx(reg::XMM15));
                }
            }
            FloatOp::Sqrt => {
                let x = self.get_float(x);
                let d = self.define_float(v);
                asm!(self.code; sqrtsd Rx(d), Rx(x));
            }
            FloatOp::Floor if self.has_floor => {
                let x = self.get_float(x);
                let d = self.define_float(v);
                asm!(self.code; roundsd Rx(d), Rx(x), BYTE 9);
            }
            FloatOp::Floor => self.float_helper(v, Helper::Floor, &[x]),
            FloatOp::Pow => self.float_helper(v, Helper::Pow, &[x, y]),
        }
    }
    /// A function of the runtime on one double or two.
    fn float_helper(&mut self, v: Ref, helper: Helper, operands: &[Ref]) {
        let mut places: Vec<Place> = operands.iter().map(|operand| self.place(*operand)).collect();
        self.spill_live();
        if let [_, second @ Place::Register(FLOATS)] = &mut places[..] {
            // The first one goes where this is.
            self.code.copy_float(reg::XMM15, 0);
            *second = Place::Register(FLOATS + reg::XMM15);
        }
        for (register, place) in (0..).zip(places) {
            self.read_float(register, place);
        }
        self.call_helper(helper);
        self.after_call();
        let d = self.define_float(v);
        self.code.copy_float(d, 0);
    }
}
