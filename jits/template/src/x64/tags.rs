//! What the encoding of values says: tests, tags and untags.

use super::Emitter;
use super::operands::Place;
use super::ops::{asm, cc, reg};
use super::registers::FLOATS;
use dynasm::dynasm;
use dynasmrt::DynasmApi;
use vm_api::engine::backend::{Bailout, Lowering};
use vm_api::vir::{Inst, Ref, Type};

/// A float's distance from the first, in units of the high bits that tell it apart, and how many such units there are.
struct FloatTest {
    shift: i8,
    first: i32,
    count: i32,
}

fn float_test(lowering: &Lowering) -> Option<FloatTest> {
    let e = lowering.encoding;
    let shift = e.double_offset.trailing_zeros().min(e.int_tag.trailing_zeros());
    let first = i32::try_from(e.double_offset >> shift).ok()?;
    let count = i32::try_from((e.int_tag - e.double_offset) >> shift).ok()?;
    // The words shifted down must fit 32 bits, too.
    (shift >= 32).then_some(FloatTest { shift: shift as i8, first, count })
}

/// Refuses encodings for which this has no instructions.
pub(super) fn supported(lowering: &Lowering) -> Result<(), Bailout> {
    let e = lowering.encoding;
    let pointer = e.not_pointer_mask;
    let short = i32::try_from(pointer.rotate_left(pointer.leading_ones())).is_ok();
    let truth = matches!(e.true_bits.wrapping_sub(e.false_bits), 1 | 2 | 4 | 8) && e.true_bits < 128;
    if float_test(lowering).is_some() && short && truth {
        return Ok(());
    }
    Err(Bailout::Unsupported("this encoding of values".into()))
}

impl Emitter<'_> {
    /// Tags and untags; false if it is something else.
    pub(super) fn tag(&mut self, v: Ref, inst: &Inst) -> bool {
        let e = self.lowering.encoding;
        match *inst {
            Inst::UntagInt(x) => {
                let d = self.define_from(v, x);
                self.code.shift_left(d, e.int_shift);
                if !self.is_shifted(v) {
                    self.code.shift_right_signed(d, e.int_shift);
                }
            }
            Inst::UntagFloat(x) => {
                let x = self.get(x);
                let d = self.define_float(v);
                self.code.constant(reg::RAX, e.double_offset.wrapping_neg());
                asm!(self.code; add rax, Rq(x); movq Rx(d), rax);
            }
            // A pointer is its own bits.
            Inst::UntagPtr(x) | Inst::TagPtr(x) => _ = self.define_from(v, x),
            Inst::TagInt(x) => {
                let d = self.define_from(v, x);
                self.tag_int(d, self.is_shifted(x));
            }
            Inst::TagFloat(x) => {
                let x = self.get_float(x);
                let d = self.define(v);
                self.code.constant(reg::RAX, e.double_offset);
                asm!(self.code; movq Rq(d), Rx(x); add Rq(d), rax);
            }
            Inst::TagBool(x) => {
                let x = self.held(x);
                let d = self.define(v);
                self.tag_bool(d, x);
            }
            _ => return false,
        }
        true
    }
    fn tag_int(&mut self, d: u8, shifted: bool) {
        if shifted {
            self.code.shift_right(d, self.lowering.encoding.int_shift);
        }
        asm!(self.code; or Rq(d), Rq(reg::TAG));
    }
    fn tag_bool(&mut self, d: u8, x: u8) {
        let e = self.lowering.encoding;
        let no = e.false_bits as i8;
        match e.true_bits - e.false_bits {
            1 => asm!(self.code; lea Rq(d), [DWORD Rq(x) * 1 + i32::from(no)]),
            2 => asm!(self.code; lea Rq(d), [DWORD Rq(x) * 2 + i32::from(no)]),
            4 => asm!(self.code; lea Rq(d), [DWORD Rq(x) * 4 + i32::from(no)]),
            _ => asm!(self.code; lea Rq(d), [DWORD Rq(x) * 8 + i32::from(no)]),
        }
    }
    /// Stores a value of any type, tagged, to memory that is no slot. Nothing changes but scratch registers.
    pub(super) fn store_tagged(&mut self, v: Ref, base: u8, at: i32) {
        let (place, ty, e) = (self.place(v), self.ty(v), self.lowering.encoding);
        match (ty, place) {
            (Type::Tagged | Type::Ptr | Type::Void, Place::Register(r)) => self.code.store(base, at, r),
            (_, Place::Constant(bits)) => {
                let tagged = match ty {
                    Type::I64 => bits | e.int_tag,
                    Type::F64 => bits.wrapping_add(e.double_offset),
                    Type::Bool if bits != 0 => e.true_bits,
                    Type::Bool => e.false_bits,
                    Type::Tagged | Type::Ptr | Type::Void => bits,
                };
                match i32::try_from(tagged as i64) {
                    Ok(x) => self.code.store_imm(base, at, x),
                    Err(_) => {
                        self.code.constant(reg::RAX, tagged);
                        self.code.store(base, at, reg::RAX);
                    }
                }
            }
            (Type::F64, Place::Register(r)) => {
                let r = r - FLOATS;
                self.code.constant(reg::RAX, e.double_offset);
                asm!(self.code; movq Rx(reg::XMM15), rax; paddq Rx(reg::XMM15), Rx(r));
                self.code.store_float(base, at, reg::XMM15);
            }
            (Type::F64, place) => {
                self.read_float(reg::XMM14, place);
                self.code.constant(reg::RAX, e.double_offset);
                asm!(self.code; movq Rx(reg::XMM15), rax; paddq Rx(reg::XMM15), Rx(reg::XMM14));
                self.code.store_float(base, at, reg::XMM15);
            }
            (_, place) => {
                self.read(reg::RAX, place);
                match ty {
                    Type::I64 => self.tag_int(reg::RAX, self.is_shifted(v)),
                    Type::Bool => self.tag_bool(reg::RAX, reg::RAX),
                    _ => {}
                }
                self.code.store(base, at, reg::RAX);
            }
        }
    }

    // ---- tests

    /// Tests of tagged words and addresses: the condition code that says yes.
    pub(super) fn tag_test(&mut self, inst: &Inst) -> u8 {
        let e = self.lowering.encoding;
        match *inst {
            Inst::IsInt(x) => {
                let x = self.get(x);
                asm!(self.code; cmp Rq(x), Rq(reg::TAG));
                cc::ABOVE_EQUAL
            }
            Inst::BothInt(x, y) => {
                let (x, y) = (self.get(x), self.get(y));
                asm!(self.code; mov rax, Rq(x); and rax, Rq(y); cmp rax, Rq(reg::TAG));
                cc::ABOVE_EQUAL
            }
            Inst::IsFloat(x) => {
                let x = self.get(x);
                let count = self.float_units(reg::RAX, x);
                asm!(self.code; cmp eax, count);
                cc::BELOW
            }
            Inst::BothFloat(x, y) => {
                let (x, y) = (self.get(x), self.get(y));
                let other = self.temporary();
                let count = self.float_units(reg::RAX, x);
                self.float_units(other, y);
                // The larger of both.
                asm!(self.code; cmp eax, Rd(other); cmovb eax, Rd(other); cmp eax, count);
                cc::BELOW
            }
            Inst::IsObject(x) => {
                let x = self.get(x);
                self.test_object(x);
                cc::EQUAL
            }
            Inst::IsBool(x) => {
                let x = self.get(x);
                let mask = !((e.true_bits ^ e.false_bits) as i32);
                let bits = (e.false_bits & e.true_bits) as i32;
                asm!(self.code; mov rax, Rq(x); and rax, DWORD mask; cmp rax, DWORD bits);
                cc::EQUAL
            }
            Inst::Same(x, y) => {
                let x = self.get(x);
                match self.small_constant(y) {
                    Some(n) => self.code.compare_imm(x, n),
                    None => {
                        let y = self.get(y);
                        asm!(self.code; cmp Rq(x), Rq(y));
                    }
                }
                cc::EQUAL
            }
            Inst::IsWord(x, bits) => {
                let x = self.get(x);
                self.compare_bits(x, bits);
                cc::EQUAL
            }
            Inst::UntagBool(x) => {
                let x = self.get(x);
                self.compare_bits(x, e.true_bits);
                cc::EQUAL
            }
            Inst::Ok(x) | Inst::Allocated(x) => {
                let x = self.get(x);
                asm!(self.code; test Rq(x), Rq(x));
                cc::NOT_EQUAL
            }
            _ => unreachable!("{} is no test", inst.name()),
        }
    }
    fn compare_bits(&mut self, x: u8, bits: u64) {
        match i32::try_from(bits as i64) {
            Ok(n) => self.code.compare_imm(x, n),
            Err(_) => {
                self.code.constant(reg::RAX, bits);
                asm!(self.code; cmp Rq(x), rax);
            }
        }
    }
    /// Has the flags say "equal" if a word is an object's.
    pub(super) fn test_object(&mut self, x: u8) {
        let mask = self.lowering.encoding.not_pointer_mask;
        // As the value's own test does it: an alignment lower, zero has all high bits; rotated, the mask is short.
        let (rotation, alignment) = (mask.leading_ones(), 1 << mask.trailing_ones());
        self.code.address(reg::RAX, x, -alignment);
        let bits = mask.rotate_left(rotation) as i32;
        asm!(self.code; rol rax, BYTE rotation as i8; test eax, DWORD bits);
    }
    /// How far a word is from the first float, in `d`; floats are nearer than what is returned.
    fn float_units(&mut self, d: u8, x: u8) -> i32 {
        // The encoding was looked at before.
        let test = float_test(self.lowering).unwrap_or(FloatTest { shift: 0, first: 0, count: 0 });
        self.code.copy(d, x);
        asm!(self.code; shr Rq(d), BYTE test.shift; sub Rd(d), DWORD test.first);
        test.count
    }
}
