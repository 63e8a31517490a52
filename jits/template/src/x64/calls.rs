//! Calls: stubs, language code, helpers, polls.
//!
//! Before a call, what lives across it and is in a register that calls change is stored to its slot, where the collector finds it.
//! On slow paths in the middle of an instruction nothing may move, so such registers are kept in slots that nobody uses and
//! filled again.

use super::Emitter;
use super::FIRST_ELEMENT;
use super::code::Label;
use super::operands::Place;
use super::ops::{arithmetic, asm, cc, reg};
use super::registers::{CALLER_SAVED, FLOATS, registers};
use crate::graph::NONE;
use crate::plan::each_state_use;
use dynasm::dynasm;
use dynasmrt::DynasmApi;
use vm_api::engine::backend::{Helper, Target};
use vm_api::engine::bit;
use vm_api::heap::fast;
use vm_api::vir::{
    Callee, FrameState, Inst, Invoke, InvokeId, Reason, Ref, Resume, StateId, StubCallId, StubOperands, VectorRef,
};

/// What a call passes.
#[derive(Clone, Copy)]
pub(super) enum Argument {
    Thread,
    Word(u64),
    Value(Ref),
    /// What is in a register.
    Register(u8),
    /// The address of an element: of the array in a register, by the number in another.
    Element(u8, u8),
    /// The address of something the VM knows.
    Target(Target),
    /// The address of a register of the frame.
    Frame(i32),
    /// The address of the window.
    Window,
}

/// The registers that arguments are passed in.
const PARAMETERS: [u8; 6] = [reg::RDI, reg::RSI, reg::RDX, reg::RCX, reg::R8, reg::R9];

impl Emitter<'_> {
    /// Calls, and everything that is nothing else.
    pub(super) fn call(&mut self, v: Ref, inst: &Inst) {
        match *inst {
            Inst::Stub(call) => self.stub(v, inst, call),
            Inst::Invoke(call) => self.invoke(v, call),
            Inst::Poll(state) => self.poll(v, state),
            Inst::SimpleParameters(code) => {
                let index = self.get(code);
                self.unit_at(reg::RAX, index);
                let d = self.define(v);
                self.code.load_i32(d, reg::RAX, self.lowering.stack.unit_simple_parameters as i32);
            }
            Inst::Trace(state) => {
                self.site(Some(state));
                self.spill_live();
                let FrameState { code, position, offset, .. } = *self.unit.state(state);
                let [code, position, offset] = [code.0, position, offset].map(|x| Argument::Word(x.into()));
                self.pass_arguments(&[Argument::Thread, code, position, offset]);
                self.call_helper(Helper::Trace);
                self.result(v);
            }
            // All others were looked for before.
            _ => unreachable!("{} is no call", inst.name()),
        }
    }
    pub(super) fn call_helper(&mut self, helper: Helper) {
        let word = self.code.word(Target::Helper(helper));
        self.code.call_word_at(word);
    }
    /// The result of a call.
    fn result(&mut self, v: Ref) {
        self.after_call();
        let d = self.define(v);
        self.code.copy(d, reg::RAX);
    }
    /// After a call nothing is in registers that calls change.
    pub(super) fn after_call(&mut self) {
        self.vacate_all(CALLER_SAVED);
    }
    /// Stores what lives across a call.
    pub(super) fn spill_live(&mut self) {
        for r in registers(self.occupied & CALLER_SAVED) {
            let v = self.occupant[usize::from(r)];
            if self.is_live(v) {
                self.store(v);
            }
        }
    }
    /// Stores what an exit after a call needs.
    fn spill_state(&mut self, state: StateId) {
        let mut needed = Vec::new();
        each_state_use(self.unit, state, |v| needed.push(v));
        for v in needed {
            if matches!(self.place(v), Place::Register(r) if CALLER_SAVED >> r & 1 != 0) {
                self.store(v);
            }
        }
    }
    /// Brings arguments to where they are passed.
    fn pass_arguments(&mut self, arguments: &[Argument]) {
        // Those that are in registers first, all at once.
        let mut moves = [(0u8, 0u8); PARAMETERS.len()];
        let mut count = 0;
        for (argument, to) in arguments.iter().zip(PARAMETERS) {
            let from = match *argument {
                Argument::Register(r) => r,
                Argument::Value(v) => match self.place(v) {
                    Place::Register(r) => r,
                    _ => continue,
                },
                _ => continue,
            };
            moves[count] = (to, from);
            count += 1;
        }
        self.move_registers(&mut moves[..count]);
        for (argument, to) in arguments.iter().zip(PARAMETERS) {
            match *argument {
                Argument::Register(_) => {}
                Argument::Value(v) => {
                    let place = self.place(v);
                    if !matches!(place, Place::Register(_)) {
                        self.read(to, place);
                    }
                    if self.is_shifted(v) {
                        self.code.shift_right_signed(to, self.lowering.encoding.int_shift);
                    }
                }
                Argument::Thread => self.code.copy(to, reg::THREAD),
                Argument::Word(x) => self.code.constant(to, x),
                // It was made before, when its parts were still there.
                Argument::Element(..) => self.code.copy(to, reg::RAX),
                Argument::Target(target) => self.code.target(to, target),
                Argument::Frame(at) => self.code.address(to, reg::FRAME, at),
                Argument::Window => asm!(self.code; mov Rq(to), rsp),
            }
        }
    }
    fn move_registers(&mut self, moves: &mut [(u8, u8)]) {
        let mut rest = moves.len();
        while rest > 0 {
            let ready = (0..rest).find(|i| !(0..rest).any(|j| j != *i && moves[j].1 == moves[*i].0));
            let i = ready.unwrap_or(0);
            let (to, from) = moves[i];
            if ready.is_some() || to == from {
                self.code.copy(to, from);
            } else {
                // A circle: what was in the one is in the other now.
                asm!(self.code; xchg Rq(to), Rq(from));
                for m in &mut moves[..rest] {
                    m.1 = if m.1 == to {
                        from
                    } else if m.1 == from {
                        to
                    } else {
                        m.1
                    };
                }
            }
            rest -= 1;
            moves.swap(i, rest);
        }
    }

    /// Calls a helper in the middle of an instruction; all registers hold the same afterwards, but for that of the result.
    pub(super) fn slow_call(&mut self, helper: Helper, arguments: &[Argument], result: Option<u8>) {
        let used_slots = self.used_slots;
        let mut kept = [(0u8, 0i32); 32];
        let mut count = 0;
        let results = result.map_or(0, |r| 1 << r);
        for r in registers((self.occupied | self.locked) & CALLER_SAVED & !results) {
            let slot = self.new_slot();
            let at = self.slot_place(slot);
            match r.checked_sub(FLOATS) {
                Some(x) => self.code.store_slot_float(at, x),
                None => self.code.store_slot(at, r),
            }
            kept[count] = (r, at);
            count += 1;
        }
        if let Some(Argument::Element(p, i)) = arguments.last() {
            asm!(self.code; lea rax, [DWORD Rq(*p) + Rq(*i) * 8 + FIRST_ELEMENT]);
        }
        self.pass_arguments(arguments);
        self.call_helper(helper);
        if let Some(r) = result {
            self.code.copy(r, reg::RAX);
        }
        for (r, at) in &kept[..count] {
            match r.checked_sub(FLOATS) {
                Some(x) => self.code.load_slot_float(x, *at),
                None => self.code.load_slot(*r, *at),
            }
        }
        self.used_slots = used_slots;
    }

    // ---- sites

    /// Says where the frames stand during what is called next: at `state`, for which they are written to memory, or where the
    /// registers in memory are up to date.
    pub(super) fn site(&mut self, state: Option<StateId>) {
        let (stack, number) = (&self.lowering.stack, self.site_number(state));
        self.code.target(reg::RAX, Target::Unit(self.unit.code));
        self.code.store(reg::THREAD, stack.current_unit as i32, reg::RAX);
        self.code.store(reg::THREAD, stack.current_registers as i32, reg::FRAME);
        self.code.target(reg::RAX, Target::Site(number));
        self.code.store(reg::THREAD, stack.current_site as i32, reg::RAX);
        self.write_state(state);
    }
    /// The number of a site.
    fn site_number(&mut self, state: Option<StateId>) -> u32 {
        let stands = state.or(self.position);
        let index = stands.map_or(self.unit.states.len(), StateId::index);
        if self.site_of[index] == NONE {
            self.site_of[index] = self.sites.len() as u32;
            self.sites.push(stands);
        }
        self.site_of[index]
    }
    /// Writes the frames of a state, where they are not in memory anyway.
    fn write_state(&mut self, state: Option<StateId>) {
        if let Some(state) = state {
            self.write_frames(state);
        }
    }

    // ---- polls

    fn poll(&mut self, v: Ref, state: StateId) {
        let d = self.define(v);
        self.code.constant(d, 1);
        let invalid = self.exit(state, Reason::Invalidated);
        self.code.compare_u32_imm(reg::FAST, fast::offset::POLL as i32, 0);
        self.far(cc::NOT_EQUAL, |e| {
            e.site(Some(state));
            e.slow_call(Helper::Poll, &[Argument::Thread], None);
            let raised = e.code.label();
            asm!(e.code; test rax, rax);
            e.code.set_if(cc::NOT_EQUAL, d);
            e.code.jump_if(cc::EQUAL, raised);
            e.load_valid();
            e.code.jump_if(cc::EQUAL, invalid);
            e.code.bind(raised);
        });
    }
    /// A poll whose outcome decides where to go; if there is nothing to do, what comes next is `yes`.
    pub(super) fn poll_branch(&mut self, state: StateId, yes: Label, no: Label) {
        let invalid = self.exit(state, Reason::Invalidated);
        self.code.compare_u32_imm(reg::FAST, fast::offset::POLL as i32, 0);
        let there = self.code.label();
        self.code.jump_if(cc::NOT_EQUAL, there);
        let section = self.go_far(there);
        self.site(Some(state));
        self.slow_call(Helper::Poll, &[Argument::Thread], None);
        asm!(self.code; test rax, rax);
        self.code.jump_if(cc::EQUAL, no);
        self.load_valid();
        self.code.jump_if(cc::EQUAL, invalid);
        self.code.jump(yes);
        self.code.switch(section);
    }

    // ---- stubs

    fn stub(&mut self, v: Ref, inst: &Inst, call: StubCallId) {
        let (unit, facts) = (self.unit, self.unit.facts(inst));
        let call = &unit.stub_calls[call.index()];
        if facts.collects || facts.runs_language {
            self.site(call.state);
        }
        let waiting = call.state.filter(|s| unit.state(*s).resume != Resume::Execute);
        if let Some(state) = waiting {
            self.spill_state(state);
        }
        let slot = if call.feedback.is_some() {
            let slot = Target::Feedback(call.feedback);
            self.code.target(reg::RAX, slot);
            self.code.or_u32_imm(
                reg::RAX,
                std::mem::offset_of!(vm_api::engine::FeedbackSlot, bits) as i32,
                bit::OTHER as i32,
            );
            Argument::Target(slot)
        } else {
            Argument::Word(0)
        };
        let immediate = Argument::Word(u64::from(call.immediate as u32));
        match call.operands {
            StubOperands::Fixed([a, b, c]) => {
                self.spill_live();
                let operands = [a, b, c].map(Argument::Value);
                self.pass_arguments(&[Argument::Thread, slot, operands[0], operands[1], operands[2], immediate]);
            }
            StubOperands::Window(list) => {
                for (x, at) in unit.operands(list).iter().zip((0..).step_by(8)) {
                    let place = self.place(*x);
                    let r = if let Place::Register(r) = place { r } else { reg::RAX };
                    self.read(r, place);
                    self.code.store_slot(at, r);
                }
                self.spill_live();
                let count = Argument::Word(list.len.into());
                self.pass_arguments(&[Argument::Thread, slot, Argument::Window, count, immediate]);
            }
            StubOperands::Registers { base, count } => {
                self.spill_live();
                let (base, count) = (Argument::Frame(8 * i32::from(base)), Argument::Word(count.into()));
                self.pass_arguments(&[Argument::Thread, slot, base, count, immediate]);
            }
        }
        let stub = call.stub.index();
        let word = self.code.stub(stub, unit.stubs[stub].number);
        self.code.call_word_at(word);
        self.result(v);
        if let Some(state) = waiting {
            self.leave_if_invalid(state, v);
        }
    }

    // ---- language code

    fn invoke(&mut self, v: Ref, call: InvokeId) {
        let unit = self.unit;
        let call = &unit.invokes[call.index()];
        let linked = call.feedback == VectorRef::NONE && self.lowering.stack.linked;
        if linked {
            self.write_state(Some(call.state));
        } else {
            self.site(Some(call.state));
        }
        let window = 8 * call.offset as i32;
        self.store_tagged(call.function, reg::FRAME, window - 8);
        for (x, at) in unit.operands(call.arguments).iter().zip((window..).step_by(8)) {
            self.store_tagged(*x, reg::FRAME, at);
        }
        self.spill_state(call.state);
        self.spill_live();
        if linked {
            self.linked_call(call);
        } else {
            self.call_by_helper(call);
        }
        self.result(v);
        self.leave_if_invalid(call.state, v);
    }
    /// Calls the entry that the invoked unit names. What lives across the call is stored, so that registers may be used.
    fn linked_call(&mut self, call: &Invoke) {
        let (stack, window) = (&self.lowering.stack, 8 * call.offset as i32);
        match call.callee {
            Callee::Known(code) => self.code.target(reg::RDX, Target::Unit(code)),
            Callee::Computed(x) => {
                self.pass_arguments(&[Argument::Value(x)]);
                self.unit_at(reg::RDX, PARAMETERS[0]);
            }
        }
        let site = self.site_number(Some(call.state));
        self.code.load(reg::RAX, reg::THREAD, stack.frame_top as i32);
        self.code.target(reg::RCX, Target::Unit(self.unit.code));
        self.code.store(reg::RAX, stack.record_unit as i32, reg::RCX);
        self.code.store_imm(reg::RAX, stack.record_pc as i32, 0);
        self.code.store(reg::RAX, stack.record_registers as i32, reg::FRAME);
        self.code.target(reg::RCX, Target::Site(site));
        self.code.store(reg::RAX, stack.record_site as i32, reg::RCX);
        self.code.store_u32_imm(reg::RAX, stack.record_kind as i32, stack.record_kind_bits as i32);
        self.code.arithmetic_imm(arithmetic::ADD, reg::RAX, stack.record_bytes as i32);
        self.code.store(reg::THREAD, stack.frame_top as i32, reg::RAX);
        self.code.copy(reg::RDI, reg::THREAD);
        self.code.address(reg::RSI, reg::FRAME, window);
        self.code.call_memory(reg::RDX, stack.unit_entry as i32);
        asm!(self.code; test rax, rax);
        let (there, back) = (self.code.label(), self.code.label());
        self.code.jump_if(cc::NOT_EQUAL, there);
        self.code.subtract_imm(reg::THREAD, stack.frame_top as i32, stack.record_bytes as i32);
        self.far_at(there, back, |e| {
            // The word is where the third argument goes.
            e.code.copy(reg::RSI, reg::RAX);
            e.code.copy(reg::RDI, reg::THREAD);
            e.code.address(reg::RCX, reg::FRAME, window);
            e.call_helper(Helper::Finish);
            e.code.copy(reg::RDX, reg::RAX);
        });
        self.code.copy(reg::RAX, reg::RDX);
    }
    fn call_by_helper(&mut self, call: &Invoke) {
        let code = match call.callee {
            Callee::Known(code) => Argument::Word(code.0.into()),
            Callee::Computed(x) => Argument::Value(x),
        };
        let vector = match call.feedback {
            VectorRef::NONE => Argument::Word(0),
            vector => Argument::Target(Target::Vector(vector)),
        };
        let count = Argument::Word(call.arguments.len.max(call.in_place.into()).into());
        self.pass_arguments(&[Argument::Thread, code, vector, Argument::Frame(8 * call.offset as i32), count]);
        self.call_helper(Helper::Invoke);
    }
    /// The unit of the code whose index is in a register.
    fn unit_at(&mut self, to: u8, index: u8) {
        self.code.load(reg::RAX, reg::THREAD, self.lowering.stack.units as i32);
        asm!(self.code; mov Rq(to), [rax + Rq(index) * 8]);
    }
    /// Leaves if the unit became invalid during a call, whose result is `v`.
    fn leave_if_invalid(&mut self, state: StateId, v: Ref) {
        self.load_valid();
        let exit = self.invalid_exit(state, v);
        self.code.jump_if(cc::EQUAL, exit);
    }
    /// Has the flags say "not equal" if the unit is still valid.
    pub(super) fn load_valid(&mut self) {
        let word = self.code.word(Target::Valid);
        self.code.load_word_at(reg::RAX, word);
        self.code.compare_memory_imm(reg::RAX, 0, 0);
    }
}
