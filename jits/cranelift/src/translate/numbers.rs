//! Arithmetic on raw words, floats and conditions.

use super::Translator;
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::types::{F64, I64};
use cranelift_codegen::ir::{InstBuilder, Value};
use std::collections::HashMap;
use vm_api::engine::backend::Helper;
use vm_api::vir::cfg::ControlFlow;
use vm_api::vir::{Cond, FloatOp, Inst, IntOp, Ref, Unit};

/// The results that are made together with their overflow. Products, since nothing else tells whether they are small; except those with a
/// number so near zero that the machine's word holds them. And sums of what was just untagged, which so needs one shift instead of two. Sums
/// of numbers that were raw before are made and compared as they are: that is as much code, but the sum is there earlier, for the loop that
/// carries it.
pub(super) fn checked(unit: &Unit, cfg: &ControlFlow, int_shift: u32) -> HashMap<Ref, Option<Value>> {
    let fresh = |x: Ref| matches!(unit.inst(x), Inst::UntagInt(_) | Inst::ConstInt(_));
    // A small integer is below 2^(63 - int_shift) in magnitude.
    let near_zero = |x: Ref| matches!(unit.inst(x), Inst::ConstInt(n) if n.unsigned_abs() < 1 << int_shift);
    let insts = cfg.order.iter().flat_map(|b| &unit.block(*b).insts);
    let asked = insts.filter_map(|v| match unit.inst(*v) {
        Inst::Overflow(IntOp::Mul, x, y, _) if near_zero(x) || near_zero(y) => None,
        Inst::Overflow(op, x, y, result) if op == IntOp::Mul || fresh(x) && fresh(y) => Some((result, None)),
        _ => None,
    });
    asked.collect()
}

impl Translator<'_> {
    /// Arithmetic; `None` if it is something else.
    pub(super) fn number(&mut self, v: Ref, inst: &Inst) -> Option<Value> {
        Some(match *inst {
            Inst::IntArith(op, x, y) if self.checked.contains_key(&v) => self.checked_result(v, op, x, y),
            Inst::WordArith(op, x, y) => self.word_result(v, op, x, y),
            Inst::WordOverflow(_, _, _, result) => match self.checked.get(&result) {
                Some(Some(overflow)) => *overflow,
                _ => unreachable!("{result} was made with its overflow"),
            },
            Inst::IntArith(op, x, y) | Inst::IntOp(op, x, y) => self.int_op(op, x, y),
            Inst::Overflow(_, _, _, result) => match self.checked.get(&result) {
                Some(Some(overflow)) => *overflow,
                _ => {
                    let result = self.value(result);
                    let fits = self.sign_extended(result);
                    self.ins().icmp(IntCC::NotEqual, fits, result)
                }
            },
            Inst::IntCmp(c, x, y) => {
                let (x, y) = (self.value(x), self.value(y));
                self.ins().icmp(int_condition(c), x, y)
            }
            Inst::IntFits(x) => {
                let x = self.value(x);
                let fits = self.sign_extended(x);
                self.ins().icmp(IntCC::Equal, fits, x)
            }
            Inst::FloatOp(op, x, y) => {
                let (x, y) = (self.value(x), self.value(y));
                self.float_op(op, x, y)
            }
            Inst::FloatCmp(c, x, y) => {
                let (x, y) = (self.value(x), self.value(y));
                self.ins().fcmp(float_condition(c), x, y)
            }
            Inst::IntToFloat(x) => {
                let x = self.value(x);
                self.ins().fcvt_from_sint(F64, x)
            }
            Inst::FloatToInt(x) => {
                let x = self.value(x);
                // Tests before it made sure that it fits.
                self.ins().fcvt_to_sint(I64, x)
            }
            Inst::Not(x) => {
                let x = self.value(x);
                self.ins().bxor_imm_u(x, 1)
            }
            Inst::BoolToInt(x) => {
                let x = self.value(x);
                self.ins().uextend(I64, x)
            }
            _ => return None,
        })
    }
    /// What small integers make, and whether it is one: shifted up, it overflows the machine's word exactly when it is not.
    fn checked_result(&mut self, v: Ref, op: IntOp, x: Ref, y: Ref) -> Value {
        let shift = i64::from(self.lowering.encoding.int_shift);
        let high = self.shifted_up(x);
        let (result, overflow) = match op {
            IntOp::Add => {
                let y = self.shifted_up(y);
                self.ins().sadd_overflow(high, y)
            }
            IntOp::Sub => {
                let y = self.shifted_up(y);
                self.ins().ssub_overflow(high, y)
            }
            _ => {
                let y = self.value(y);
                self.ins().smul_overflow(high, y)
            }
        };
        self.checked.insert(v, Some(overflow));
        self.ins().sshr_imm_u(result, shift)
    }
    /// What words make, and whether it is too large for one.
    fn word_result(&mut self, v: Ref, op: IntOp, x: Ref, y: Ref) -> Value {
        let (x, y) = (self.value(x), self.value(y));
        let (result, overflow) = match op {
            IntOp::Add => self.ins().sadd_overflow(x, y),
            IntOp::Sub => self.ins().ssub_overflow(x, y),
            _ => self.ins().smul_overflow(x, y),
        };
        self.checked.insert(v, Some(overflow));
        result
    }
    /// A small integer at the upper end of a word, where a tagged one is by one shift.
    fn shifted_up(&mut self, x: Ref) -> Value {
        let shift = self.lowering.encoding.int_shift;
        let low = match self.unit.inst(x) {
            Inst::ConstInt(n) => return self.int(n << shift),
            Inst::UntagInt(v) => self.value(v),
            _ => self.value(x),
        };
        self.ins().ishl_imm_u(low, i64::from(shift))
    }
    fn int_op(&mut self, op: IntOp, x: Ref, y: Ref) -> Value {
        if matches!(op, IntOp::FloorDiv | IntOp::Mod) {
            return self.division(op, x, y);
        }
        let (x, y) = (self.value(x), self.value(y));
        match op {
            IntOp::Add => self.ins().iadd(x, y),
            IntOp::Sub => self.ins().isub(x, y),
            IntOp::Mul => self.ins().imul(x, y),
            IntOp::And => self.ins().band(x, y),
            IntOp::Or => self.ins().bor(x, y),
            IntOp::Xor => self.ins().bxor(x, y),
            IntOp::Shl => self.ins().ishl(x, y),
            IntOp::Sar => self.ins().sshr(x, y),
            IntOp::Shr => self.ins().ushr(x, y),
            IntOp::FloorDiv | IntOp::Mod => unreachable!("divisions are above"),
        }
    }
    /// Division by anything but zero, rounded down.
    fn division(&mut self, op: IntOp, x: Ref, y: Ref) -> Value {
        let (dividend, divisor) = (self.value(x), self.value(y));
        if let Inst::ConstInt(n) = self.unit.inst(y)
            && n > 1
        {
            return self.division_by_natural(op, dividend, n);
        }
        // The machine's own traps where the smallest number is divided by -1, which here wraps.
        let is_minus_one = self.ins().icmp_imm_s(IntCC::Equal, divisor, -1);
        let divided = |t: &mut Self| t.floor_division(op, dividend, divisor);
        self.rarely_instead(is_minus_one, I64, divided, |t| match op {
            IntOp::FloorDiv => t.ins().ineg(dividend),
            _ => t.int(0),
        })
    }
    /// The machine's division, which truncates, rounded down.
    fn floor_division(&mut self, op: IntOp, dividend: Value, divisor: Value) -> Value {
        let remainder = self.ins().srem(dividend, divisor);
        let truncated = if op == IntOp::FloorDiv { self.ins().sdiv(dividend, divisor) } else { remainder };
        let signs = self.ins().bxor(remainder, divisor);
        let differ = self.ins().icmp_imm_s(IntCC::SignedLessThan, signs, 0);
        self.rarely_instead(
            differ,
            I64,
            |_| truncated,
            |t| {
                let down = match op {
                    IntOp::FloorDiv => t.ins().iadd_imm_s(truncated, -1),
                    _ => t.ins().iadd(truncated, divisor),
                };
                let is_exact = t.is_zero(remainder);
                t.ins().select(is_exact, truncated, down)
            },
        )
    }
    /// Division by `n` above 1. Dividends are mostly not negative: for those, a multiplication that is exact for 63 bits does, without
    /// what corrects signs, which a loop that carries the result would wait for. (Granlund and Montgomery, PLDI 1994.)
    fn division_by_natural(&mut self, op: IntOp, dividend: Value, n: i64) -> Value {
        let bits = i64::BITS - (n - 1).leading_zeros();
        if n.count_ones() == 1 {
            return match op {
                IntOp::FloorDiv => self.ins().sshr_imm_u(dividend, i64::from(bits)),
                _ => self.ins().band_imm_u(dividend, n - 1),
            };
        }
        let is_negative = self.ins().icmp_imm_s(IntCC::SignedLessThan, dividend, 0);
        let natural = |t: &mut Self| {
            // 2^(63 + bits) / n, rounded up, which is below 2^64 since n is above 2^(bits - 1).
            let multiplier = (1u128 << (63 + bits)) / n as u128 + 1;
            let multiplier = t.int(multiplier as u64 as i64);
            let high = t.ins().umulhi(dividend, multiplier);
            let quotient = t.ins().ushr_imm_u(high, i64::from(bits - 1));
            if op == IntOp::FloorDiv {
                return quotient;
            }
            let product = t.ins().imul_imm_s(quotient, n);
            t.ins().isub(dividend, product)
        };
        self.rarely_instead(is_negative, I64, natural, |t| {
            let divisor = t.int(n);
            t.floor_division(op, dividend, divisor)
        })
    }
    fn float_op(&mut self, op: FloatOp, x: Value, y: Value) -> Value {
        match op {
            FloatOp::Add => self.ins().fadd(x, y),
            FloatOp::Sub => self.ins().fsub(x, y),
            FloatOp::Mul => self.ins().fmul(x, y),
            FloatOp::Div => self.ins().fdiv(x, y),
            FloatOp::Neg => self.ins().fneg(x),
            FloatOp::Abs => self.ins().fabs(x),
            FloatOp::Sqrt => self.ins().sqrt(x),
            FloatOp::Floor if self.has_floor => self.ins().floor(x),
            FloatOp::Floor => self.helper_result(Helper::Floor, &[F64], F64, &[x]),
            FloatOp::Pow => self.helper_result(Helper::Pow, &[F64, F64], F64, &[x, y]),
        }
    }
}

fn int_condition(c: Cond) -> IntCC {
    match c {
        Cond::Eq => IntCC::Equal,
        Cond::Ne => IntCC::NotEqual,
        Cond::Lt => IntCC::SignedLessThan,
        Cond::Le => IntCC::SignedLessThanOrEqual,
        Cond::Gt => IntCC::SignedGreaterThan,
        Cond::Ge => IntCC::SignedGreaterThanOrEqual,
        Cond::ULt => IntCC::UnsignedLessThan,
        Cond::ULe => IntCC::UnsignedLessThanOrEqual,
    }
}

fn float_condition(c: Cond) -> FloatCC {
    match c {
        Cond::Eq => FloatCC::Equal,
        Cond::Ne => FloatCC::NotEqual,
        // The verifier lets no unsigned condition come here.
        Cond::Lt | Cond::ULt => FloatCC::LessThan,
        Cond::Le | Cond::ULe => FloatCC::LessThanOrEqual,
        Cond::Gt => FloatCC::GreaterThan,
        Cond::Ge => FloatCC::GreaterThanOrEqual,
    }
}
