//! Feedback: reading and recording it inline.

use super::Emitter;
use super::ops::{cc, reg};
use std::mem::offset_of;
use vm_api::engine::backend::Target;
use vm_api::engine::{FeedbackSlot, bit};
use vm_api::vir::{Inst, Ref};

const BITS: i32 = offset_of!(FeedbackSlot, bits) as i32;
const COUNT: i32 = offset_of!(FeedbackSlot, count) as i32;
const KEY: i32 = offset_of!(FeedbackSlot, key) as i32;
const VALUE: i32 = offset_of!(FeedbackSlot, value) as i32;

impl Emitter<'_> {
    /// Feedback; false if it is something else.
    pub(super) fn feedback(&mut self, v: Ref, inst: &Inst) -> bool {
        match *inst {
            // The upper half of the key.
            Inst::SlotShape(slot) => {
                let d = self.define(v);
                self.code.target(reg::RAX, Target::Feedback(slot));
                self.code.load_u32(d, reg::RAX, KEY + 4);
            }
            Inst::SlotPayload(slot) => {
                let d = self.define(v);
                self.code.target(reg::RAX, Target::Feedback(slot));
                self.code.load_u32(d, reg::RAX, KEY);
            }
            Inst::SlotValue(slot) => {
                let d = self.define(v);
                self.code.target(reg::RAX, Target::Feedback(slot));
                self.code.load(d, reg::RAX, VALUE);
                self.weak_read(d);
            }
            Inst::Record(slot, bits) => {
                self.code.target(reg::RAX, Target::Feedback(slot));
                self.code.or_u32_imm(reg::RAX, BITS, bits as i32);
            }
            Inst::RecordExpected(slot, x) => {
                let x = self.get(x);
                self.code.target(reg::RAX, Target::Feedback(slot));
                self.code.compare_memory(reg::RAX, KEY, x);
                self.far(cc::NOT_EQUAL, |e| e.refill(x));
            }
            _ => return false,
        }
        true
    }
    /// [`FeedbackSlot::fill`] of the slot at the address in the scratch register with another key than it has, and no value.
    fn refill(&mut self, key: u8) {
        let fill = self.code.label();
        let slot = reg::RAX;
        self.code.test_u32_imm(slot, BITS, bit::CACHED as i32);
        self.code.jump_if(cc::EQUAL, fill);
        self.code.add_u32_imm(slot, COUNT, 1);
        self.code.or_u32_imm(slot, BITS, bit::POLYMORPHIC as i32);
        self.code.compare_u32_imm(slot, COUNT, FeedbackSlot::MOST_REFILLS as i32);
        self.code.jump_if(cc::BELOW_EQUAL, fill);
        self.code.or_u32_imm(slot, BITS, bit::MEGAMORPHIC as i32);
        self.code.bind(fill);
        self.code.or_u32_imm(slot, BITS, bit::CACHED as i32);
        self.code.store(slot, KEY, key);
        self.code.store_imm(slot, VALUE, 0);
    }
}
