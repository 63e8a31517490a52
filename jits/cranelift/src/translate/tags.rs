//! Constants, and what the encoding of values says.

use super::Translator;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{F64, I8, I64};
use cranelift_codegen::ir::{InstBuilder, MemFlagsData, Value};
use vm_api::engine::backend::Helper;
use vm_api::vir::{Inst, Ref, Type};

impl Translator<'_> {
    /// Tests, tags and untags; `None` if it is something else.
    pub(super) fn tag(&mut self, inst: &Inst) -> Option<Value> {
        let encoding = self.lowering.encoding;
        Some(match *inst {
            Inst::ConstInt(x) => self.int(x),
            Inst::ConstFloat(x) => self.ins().f64const(x.get()),
            Inst::ConstBool(x) => self.ins().iconst(I8, i64::from(x)),
            Inst::ConstWord(bits) => self.word(bits),
            Inst::IsInt(x) => {
                let x = self.value(x);
                self.is_int(x)
            }
            Inst::BothInt(x, y) => {
                let (x, y) = (self.value(x), self.value(y));
                let both = self.ins().band(x, y);
                self.is_int(both)
            }
            Inst::IsFloat(x) => self.is_float(x),
            Inst::BothFloat(x, y) => {
                let (x, y) = (self.is_float(x), self.is_float(y));
                self.ins().band(x, y)
            }
            Inst::IsObject(x) => {
                let x = self.value(x);
                self.is_object(x)
            }
            Inst::IsBool(x) => {
                let x = self.value(x);
                let masked = self.ins().band_imm_s(x, !((encoding.true_bits ^ encoding.false_bits) as i64));
                let bits = self.word(encoding.false_bits & encoding.true_bits);
                self.ins().icmp(IntCC::Equal, masked, bits)
            }
            Inst::Same(x, y) => {
                let (x, y) = (self.value(x), self.value(y));
                self.ins().icmp(IntCC::Equal, x, y)
            }
            Inst::IsWord(x, bits) => {
                let (x, bits) = (self.value(x), self.word(bits));
                self.ins().icmp(IntCC::Equal, x, bits)
            }
            Inst::Ok(x) | Inst::Allocated(x) => {
                let x = self.value(x);
                self.ins().icmp_imm_u(IntCC::NotEqual, x, 0)
            }
            Inst::UntagInt(x) => {
                let x = self.value(x);
                self.sign_extended(x)
            }
            Inst::UntagFloat(x) => {
                let x = self.value(x);
                let bits = self.ins().iadd_imm_s(x, (encoding.double_offset as i64).wrapping_neg());
                self.ins().bitcast(F64, MemFlagsData::new(), bits)
            }
            Inst::UntagBool(x) => {
                let (x, bits) = (self.value(x), self.word(encoding.true_bits));
                self.ins().icmp(IntCC::Equal, x, bits)
            }
            // A pointer is its own bits.
            Inst::UntagPtr(x) | Inst::TagPtr(x) => self.value(x),
            Inst::TagInt(x) | Inst::TagFloat(x) | Inst::TagBool(x) => self.tagged(x),
            Inst::BoxWord(x) => self.boxed(x),
            _ => return None,
        })
    }
    /// A value of any type, tagged.
    pub(super) fn tagged(&mut self, v: Ref) -> Value {
        let (x, encoding) = (self.value(v), self.lowering.encoding);
        match self.unit.ty(v) {
            Type::I64 => self.ins().bor_imm_s(x, encoding.int_tag as i64),
            Type::F64 => {
                let bits = self.ins().bitcast(I64, MemFlagsData::new(), x);
                self.ins().iadd_imm_s(bits, encoding.double_offset as i64)
            }
            Type::Bool => {
                let (yes, no) = (self.word(encoding.true_bits), self.word(encoding.false_bits));
                self.ins().select(x, yes, no)
            }
            // The verifier lets no address be tagged by this.
            Type::Tagged | Type::Ptr | Type::Void => x,
        }
    }
    /// An integer of any word as a value: a call where it is not small.
    pub(super) fn boxed(&mut self, x: Ref) -> Value {
        let word = self.value(x);
        let fits = self.sign_extended(word);
        let is_large = self.ins().icmp(IntCC::NotEqual, fits, word);
        let small = |t: &mut Self| t.tagged(x);
        self.rarely_instead(is_large, I64, small, |t| {
            t.site(None);
            t.slow_result(Helper::BoxWord, &[I64, I64], &[t.thread, word])
        })
    }
    pub(super) fn is_int(&mut self, x: Value) -> Value {
        let least = self.word(self.lowering.encoding.int_tag);
        self.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, x, least)
    }
    fn is_float(&mut self, x: Ref) -> Value {
        let (x, encoding) = (self.value(x), self.lowering.encoding);
        // One comparison: what is below the first float wraps.
        let above = self.ins().iadd_imm_s(x, (encoding.double_offset as i64).wrapping_neg());
        let end = self.word(encoding.int_tag - encoding.double_offset);
        self.ins().icmp(IntCC::UnsignedLessThan, above, end)
    }
    pub(super) fn is_object(&mut self, x: Value) -> Value {
        let mask = self.lowering.encoding.not_pointer_mask;
        // As the value's own test does it: an alignment lower, zero has all high bits; rotated, the mask is short.
        let (rotation, alignment) = (mask.leading_ones(), 1 << mask.trailing_ones());
        let below = self.ins().iadd_imm_s(x, -alignment);
        let rotated = self.ins().rotl_imm_u(below, i64::from(rotation));
        let bits = self.ins().band_imm_u(rotated, mask.rotate_left(rotation) as i64);
        self.is_zero(bits)
    }
    /// The integer in the low bits of a word.
    pub(super) fn sign_extended(&mut self, x: Value) -> Value {
        let shift = i64::from(self.lowering.encoding.int_shift);
        let high = self.ins().ishl_imm_u(x, shift);
        self.ins().sshr_imm_u(high, shift)
    }
}
