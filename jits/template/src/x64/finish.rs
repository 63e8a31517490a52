//! Prologue and epilogue; what the VM takes; listings.

use super::Emitter;
use super::code::{Finished, Section};
use super::ops::{arithmetic, asm, cc, reg};
use dynasm::dynasm;
use dynasmrt::DynasmApi;
use iced_x86::{Decoder, DecoderOptions, Formatter, Instruction, IntelFormatter};
use std::fmt::Write;
use vm_api::engine::backend::{Bailout, CompileOptions, Completion, NativeCode, REGISTER_ROOM};
use vm_api::heap::fast;
use vm_api::vir::Unit;

/// Registers that calls preserve, in the order in which they are pushed.
const PRESERVED: [u8; 6] = [reg::FRAME, reg::RBP, reg::TAG, reg::THREAD, reg::FAST, reg::R15];
const ALWAYS: u32 = 1 << reg::FRAME | 1 << reg::TAG | 1 << reg::THREAD | 1 << reg::FAST;

impl Emitter<'_> {
    pub(super) fn finish(mut self, options: &CompileOptions) -> Result<NativeCode, Bailout> {
        let pushed = PRESERVED.iter().copied().filter(|r| (ALWAYS | self.touched) >> r & 1 != 0);
        let pushed: Vec<u8> = pushed.collect();
        let slots = i64::from(self.plan.home_slots) + i64::from(self.slots_max);
        let linkage = 8 + 8 * pushed.len() as i64;
        // The stack pointer is aligned where calls stand.
        let words = linkage + i64::from(self.window) + 8 * slots;
        let frame = words + words % 16 - linkage;
        let frame = i32::try_from(frame).map_err(|_| Bailout::TooLarge)?;
        let stack = u32::try_from(i64::from(frame) + linkage).map_err(|_| Bailout::TooLarge)?;

        self.code.switch(Section::Front);
        for r in pushed.iter().copied() {
            asm!(self.code; push Rq(r));
        }
        if frame > 0 {
            asm!(self.code; sub rsp, DWORD frame);
        }
        self.code.copy(reg::THREAD, reg::RDI);
        self.code.copy(reg::FRAME, reg::RSI);
        self.code.load(reg::FAST, reg::THREAD, self.lowering.thread_fast as i32);
        self.look_for_room();
        self.code.constant(reg::TAG, self.lowering.encoding.int_tag);
        // The entry follows, unless it is cold.
        if self.graph.cold[0] {
            self.code.jump(self.labels[0]);
        }

        self.code.switch(Section::Hot);
        self.code.bind(self.epilogue);
        if frame > 0 {
            asm!(self.code; add rsp, DWORD frame);
        }
        for r in pushed.iter().copied().rev() {
            asm!(self.code; pop Rq(r));
        }
        asm!(self.code; ret);

        let finished = self.code.finish().ok_or(Bailout::TooLarge)?;
        let listing = options.listing.then(|| list(self.unit, &finished));
        Ok(NativeCode {
            bytes: finished.bytes,
            alignment: 16,
            entry: 0,
            stack,
            relocations: finished.relocations,
            exits: self.exit_table,
            sites: self.sites,
            maps: Vec::new(),
            origins: if options.origins { finished.origins } else { Vec::new() },
            listing,
        })
    }
}

impl Emitter<'_> {
    /// Goes on only if the code may run now; the unit is where it was passed.
    fn look_for_room(&mut self) {
        let stack = &self.lowering.stack;
        let refused = self.code.label();
        self.code.load(reg::RAX, reg::THREAD, stack.frame_top as i32);
        self.code.arithmetic_imm(arithmetic::ADD, reg::RAX, stack.record_room as i32);
        self.code.compare_with_memory(reg::RAX, reg::THREAD, stack.frame_limit as i32);
        self.code.jump_if(cc::ABOVE, refused);
        // The extent was looked at before, so this fits.
        self.code.address(reg::RAX, reg::FRAME, 8 * (self.unit.extent + REGISTER_ROOM) as i32);
        self.code.compare_with_memory(reg::RAX, reg::THREAD, stack.register_limit as i32);
        self.code.jump_if(cc::ABOVE, refused);
        self.code.compare_with_memory(reg::RSP, reg::THREAD, stack.native_limit as i32);
        self.code.jump_if(cc::BELOW, refused);
        self.code.load(reg::RAX, reg::THREAD, stack.entry_fast as i32);
        self.code.compare_u32_imm(reg::RAX, fast::offset::POLL as i32, 0);
        self.code.jump_if(cc::NOT_EQUAL, refused);
        let section = self.code.switch(Section::Far);
        self.code.bind(refused);
        self.code.constant(reg::RAX, Completion::REFUSED);
        self.code.jump(self.epilogue);
        self.code.switch(section);
    }
}

/// The code in readable form: each instruction of VIR in front of what was made of it, and the words that are filled in.
fn list(unit: &Unit, code: &Finished) -> String {
    let mut text = String::new();
    let mut formatter = IntelFormatter::new();
    let mut decoder = Decoder::with_ip(64, &code.bytes[..code.end as usize], 0, DecoderOptions::NONE);
    let mut origins = code.origins.iter().peekable();
    let mut instruction = Instruction::default();
    // Writing to a string does not fail.
    while decoder.can_decode() {
        let at = decoder.ip();
        while let Some((_, v)) = origins.next_if(|(start, _)| u64::from(*start) <= at) {
            _ = writeln!(text, "{v} {}", unit.inst(*v).name());
        }
        decoder.decode_out(&mut instruction);
        _ = write!(text, "  {at:6x}  ");
        formatter.format(&instruction, &mut text);
        text.push('\n');
    }
    for r in &code.relocations {
        _ = writeln!(text, "  {:6x}  {:?}", r.offset, r.target);
    }
    text
}
