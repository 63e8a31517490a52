//! Feedback: reading and recording it inline.

use super::{Region, Translator};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I32, I64};
use cranelift_codegen::ir::{InstBuilder, Value};
use std::mem::offset_of;
use vm_api::engine::backend::Target;
use vm_api::engine::{FeedbackSlot, bit};
use vm_api::vir::{FeedbackRef, Inst};

const BITS: u32 = offset_of!(FeedbackSlot, bits) as u32;
const COUNT: u32 = offset_of!(FeedbackSlot, count) as u32;
const KEY: u32 = offset_of!(FeedbackSlot, key) as u32;
const VALUE: u32 = offset_of!(FeedbackSlot, value) as u32;

impl Translator<'_> {
    /// Feedback; `None` if it is something else, else what it defines.
    pub(super) fn feedback(&mut self, inst: &Inst) -> Option<Option<Value>> {
        Some(match *inst {
            Inst::SlotShape(slot) => {
                let key = self.slot_word(slot, KEY);
                Some(self.ins().ushr_imm_u(key, 32))
            }
            Inst::SlotPayload(slot) => {
                let key = self.slot_word(slot, KEY);
                let payload = self.ins().ireduce(I32, key);
                Some(self.ins().uextend(I64, payload))
            }
            Inst::SlotValue(slot) => {
                let v = self.slot_word(slot, VALUE);
                self.weak_read(v);
                Some(v)
            }
            Inst::Record(slot, bits) => {
                let slot = self.address(Target::Feedback(slot));
                self.record(slot, bits);
                None
            }
            Inst::RecordExpected(slot, x) => {
                let x = self.value(x);
                let slot = self.address(Target::Feedback(slot));
                let key = self.load(Region::State, I64, slot, KEY);
                let other = self.ins().icmp(IntCC::NotEqual, key, x);
                self.rarely(other, |t| t.refill(slot, x));
                None
            }
            _ => return None,
        })
    }
    fn slot_word(&mut self, slot: FeedbackRef, at: u32) -> Value {
        let slot = self.address(Target::Feedback(slot));
        self.load(Region::State, I64, slot, at)
    }
    /// Sets bits of the slot at an address.
    pub(super) fn record(&mut self, slot: Value, bits: u32) {
        let old = self.load(Region::State, I32, slot, BITS);
        let new = self.ins().bor_imm_u(old, i64::from(bits));
        self.store(Region::State, new, slot, BITS);
    }
    /// [`FeedbackSlot::fill`] with another key than it has, and no value.
    fn refill(&mut self, slot: Value, key: Value) {
        let bits = self.load(Region::State, I32, slot, BITS);
        let count = self.load(Region::State, I32, slot, COUNT);
        let filled = self.ins().band_imm_u(bits, i64::from(bit::CACHED));
        let more = self.ins().iadd_imm_s(count, 1);
        let count = self.ins().select(filled, more, count);
        let most = self.ins().iconst(I32, i64::from(FeedbackSlot::MOST_REFILLS));
        let many = self.ins().icmp(IntCC::UnsignedGreaterThan, count, most);
        let refilled = self.ins().iconst(I32, i64::from(bit::CACHED | bit::POLYMORPHIC));
        let often = self.ins().iconst(I32, i64::from(bit::CACHED | bit::POLYMORPHIC | bit::MEGAMORPHIC));
        let once = self.ins().iconst(I32, i64::from(bit::CACHED));
        let again = self.ins().select(many, often, refilled);
        let new = self.ins().select(filled, again, once);
        let bits = self.ins().bor(bits, new);
        let empty = self.int(0);
        self.store(Region::State, bits, slot, BITS);
        self.store(Region::State, count, slot, COUNT);
        self.store(Region::State, key, slot, KEY);
        self.store(Region::State, empty, slot, VALUE);
    }
}
