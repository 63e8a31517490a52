//! Calls: stubs, language code, helpers, polls.

use super::{Region, Translator, signature};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::types::{I8, I32, I64};
use cranelift_codegen::ir::{
    self, AbiParam, InstBuilder, SigRef, Signature, StackSlot, StackSlotData, StackSlotKind, Value,
};
use cranelift_codegen::isa::CallConv;
use std::collections::{BTreeMap, HashSet};
use vm_api::engine::backend::{Completion, Helper, REGISTER_ROOM, Target};
use vm_api::engine::bit;
use vm_api::heap::fast;
use vm_api::vir::cfg::ControlFlow;
use vm_api::vir::{
    Block, Callee, FeedbackRef, FrameState, Inst, Invoke, InvokeId, List, Reason, Ref, Resume, StateId, StubCallId,
    StubOperands, Terminator, Unit, VectorRef,
};

/// Polls of a unit whose addresses are kept in memory; loops have one each.
const MOST_KEPT: usize = 8;

/// Addresses that are kept in memory for the slow paths of polls ([`Translator::keep_out_of_loops`]).
pub(super) struct Kept {
    slot: StackSlot,
    /// Where those of the sites are, by their states.
    sites: BTreeMap<StateId, u32>,
}

impl Kept {
    const UNIT: u32 = 0;
    const VALID: u32 = 8;
    const FIRST_SITE: u32 = 16;
}

/// The polls that are the last of their blocks, which branch on them, and that nothing else asks for.
pub(super) fn branched_polls(unit: &Unit, cfg: &ControlFlow) -> HashSet<Ref> {
    let blocks = || cfg.order.iter().map(|b| unit.block(*b));
    let last = |block: &Block| match (block.insts.last(), &block.terminator) {
        (Some(v), Terminator::Branch(c, ..)) if v == c && matches!(unit.inst(*v), Inst::Poll(_)) => Some(*v),
        _ => None,
    };
    let mut found: HashSet<Ref> = blocks().filter_map(last).collect();
    if found.is_empty() {
        return found;
    }
    for block in blocks() {
        for v in &block.insts {
            unit.each_operand(&unit.inst(*v), |_, x| _ = found.remove(&x));
        }
        let own = last(block);
        unit.each_terminator_ref(&block.terminator, |x| {
            if own != Some(x) {
                found.remove(&x);
            }
        });
    }
    for state in 0..unit.states.len() {
        unit.each_state_ref(StateId(state as u32), |x| _ = found.remove(&x));
    }
    found
}

impl Translator<'_> {
    /// Calls; `None` if it is something else, else what it defines.
    pub(super) fn call(&mut self, inst: &Inst) -> Option<Option<Value>> {
        Some(match *inst {
            Inst::Stub(call) => Some(self.stub(inst, call)),
            Inst::Invoke(call) => Some(self.invoke(call)),
            Inst::Poll(state) => Some(self.poll(state)),
            Inst::StillValid() => {
                let valid = self.valid();
                Some(self.ins().icmp_imm_u(ir::condcodes::IntCC::NotEqual, valid, 0))
            }
            Inst::SimpleParameters(code) => {
                let unit = self.unit_at(code);
                let (flags, at) = (self.flags(Region::State), self.lowering.stack.unit_simple_parameters as i32);
                Some(self.ins().sload32(flags, unit, at))
            }
            Inst::Trace(state) => {
                self.site(Some(state));
                let FrameState { code, position, offset, .. } = *self.unit.state(state);
                let [code, position, offset] = [code.0, position, offset].map(|x| self.ins().iconst(I32, i64::from(x)));
                let arguments = [self.thread, code, position, offset];
                Some(self.helper_result(Helper::Trace, &[I64, I32, I32, I32], I64, &arguments))
            }
            _ => return None,
        })
    }

    // ---- helpers

    fn helper(
        &mut self,
        helper: Helper,
        params: &[ir::Type],
        returns: &[ir::Type],
        arguments: &[Value],
    ) -> Option<Value> {
        let convention = self.convention;
        self.call_target(Target::Helper(helper), || signature(convention, params, returns), arguments)
    }
    /// A helper of a slow path, beside which values stay in registers where the VM has it so.
    pub(super) fn slow_call(&mut self, helper: Helper, params: &[ir::Type], arguments: &[Value]) {
        debug_assert!(helper.keeps_registers(), "{helper:?} is of no slow path");
        if !self.lowering.keeps_registers {
            self.helper(helper, params, &[], arguments);
            return;
        }
        self.call_target(Target::Keeping(helper), || signature(CallConv::PreserveAll, params, &[]), arguments);
    }
    /// The same of one that has a word as its result.
    pub(super) fn slow_result(&mut self, helper: Helper, params: &[ir::Type], arguments: &[Value]) -> Value {
        if !self.lowering.keeps_registers {
            return self.helper_result(helper, params, I64, arguments);
        }
        // Not the window, which may hold the operands of a call that boxes words before.
        let slot = match self.result {
            Some(slot) => slot,
            None => {
                let data = StackSlotData::new(StackSlotKind::ExplicitSlot, 8, 3);
                *self.result.insert(self.builder.create_sized_stack_slot(data))
            }
        };
        let address = self.ins().stack_addr(I64, slot, 0);
        self.slow_call(helper, &[params, &[I64]].concat(), &[arguments, &[address]].concat());
        self.load(Region::Frame, I64, address, 0)
    }
    /// A helper that returns something.
    pub(super) fn helper_result(
        &mut self,
        helper: Helper,
        params: &[ir::Type],
        result: ir::Type,
        arguments: &[Value],
    ) -> Value {
        match self.helper(helper, params, &[result], arguments) {
            Some(value) => value,
            None => unreachable!("its signature has a result"),
        }
    }
    fn call_target(
        &mut self,
        target: Target,
        signature: impl FnOnce() -> Signature,
        arguments: &[Value],
    ) -> Option<Value> {
        let function = self.symbols.function(self.builder.func, target, signature);
        let call = self.ins().call(function, arguments);
        self.builder.inst_results(call).first().copied()
    }

    // ---- sites

    /// Says where the frames stand during what is called next: at `state`, whose frames are written, or where the registers in
    /// memory are up to date.
    pub(super) fn site(&mut self, state: Option<StateId>) {
        let state = state.or(self.position);
        let number = self.site_number(state);
        if let (Some(state), false) = (state, self.unit.registers_in_memory) {
            self.write_frames(state);
        }
        let (unit, site) = match state.and_then(|state| self.kept_site(state)) {
            Some(site) => (self.kept(Kept::UNIT), self.kept(site)),
            None => (self.address(Target::Unit(self.unit.code)), self.address(Target::Site(number))),
        };
        let (thread, registers, stack) = (self.thread, self.registers, &self.lowering.stack);
        self.store(Region::State, unit, thread, stack.current_unit);
        self.store(Region::State, registers, thread, stack.current_registers);
        self.store(Region::State, site, thread, stack.current_site);
    }
    /// The number of a site whose frames are written.
    fn site_number(&mut self, state: Option<StateId>) -> u32 {
        let next = self.sites.len() as u32;
        let number = *self.site_numbers.entry(state).or_insert(next);
        if number == next {
            self.sites.push(state);
        }
        number
    }
    /// Puts what the slow paths of polls need of addresses into memory. As values they would be taken to be worth a register each,
    /// through all of a loop, for a path that is hardly ever taken.
    pub(super) fn keep_out_of_loops(&mut self, cfg: &ControlFlow) {
        let polls =
            cfg.order.iter().flat_map(|b| &self.unit.block(*b).insts).filter_map(|v| match self.unit.inst(*v) {
                Inst::Poll(state) => Some(state),
                _ => None,
            });
        let states: Vec<StateId> = polls.take(MOST_KEPT).collect();
        if states.is_empty() {
            return;
        }
        let sites: BTreeMap<StateId, u32> = states.into_iter().zip((Kept::FIRST_SITE..).step_by(8)).collect();
        let size = Kept::FIRST_SITE + 8 * MOST_KEPT as u32;
        let slot = self.builder.create_sized_stack_slot(StackSlotData::new(StackSlotKind::ExplicitSlot, size, 3));
        let mut targets = vec![(Target::Unit(self.unit.code), Kept::UNIT), (Target::Valid, Kept::VALID)];
        targets.extend(sites.iter().map(|(state, offset)| (Target::Site(self.site_number(Some(*state))), *offset)));
        for (target, offset) in targets {
            let (address, at) = (self.address(target), self.ins().stack_addr(I64, slot, 0));
            self.store(Region::Frame, address, at, offset);
        }
        self.kept = Some(Kept { slot, sites });
    }
    /// Where the address of the site at a state is kept, if it is.
    fn kept_site(&self, state: StateId) -> Option<u32> {
        self.kept.as_ref()?.sites.get(&state).copied()
    }
    /// An address that is kept.
    fn kept(&mut self, offset: u32) -> Value {
        let Some(Kept { slot, .. }) = self.kept else { unreachable!("a site is kept") };
        let at = self.ins().stack_addr(I64, slot, 0);
        self.load(Region::Frame, I64, at, offset)
    }
    fn poll(&mut self, state: StateId) -> Value {
        let due = self.poll_due();
        let good = |t: &mut Self| t.ins().iconst(I8, 1);
        self.rarely_instead(due, I8, good, |t| t.polled(state))
    }
    /// Polls, and goes on at `yes`, or at `no` with an exception: without a place where the poll and its absence meet.
    pub(super) fn poll_and_branch(&mut self, state: StateId, yes: ir::Block, no: ir::Block) {
        let due = self.poll_due();
        let slow = self.fresh_block(true);
        self.branch(due, slow, yes);
        self.builder.switch_to_block(slow);
        let ok = self.polled(state);
        self.branch(ok, yes, no);
    }
    fn poll_due(&mut self) -> Value {
        let fast = self.fast;
        self.load(Region::State, I32, fast, fast::offset::POLL)
    }
    /// What a poll that is due says. If the unit is not valid any more, it is left.
    fn polled(&mut self, state: StateId) -> Value {
        self.site(Some(state));
        let result = self.slow_result(Helper::Poll, &[I64], &[self.thread]);
        let ok = self.ins().icmp_imm_u(IntCC::NotEqual, result, 0);
        let valid = match self.kept_site(state) {
            Some(_) => {
                let address = self.kept(Kept::VALID);
                self.load(Region::State, I64, address, 0)
            }
            None => self.valid(),
        };
        let invalid = self.is_zero(valid);
        let leaves = self.ins().band(ok, invalid);
        let (on, out) = (self.fresh_block(true), self.exit(state, Reason::Invalidated));
        self.branch(leaves, out, on);
        self.builder.switch_to_block(on);
        ok
    }

    // ---- stubs

    fn stub(&mut self, inst: &Inst, call: StubCallId) -> Value {
        let (unit, facts) = (self.unit, self.unit.facts(inst));
        let call = &unit.stub_calls[call.index()];
        let slot = self.stub_slot(call.feedback);
        let mut arguments = vec![self.thread, slot];
        match call.operands {
            StubOperands::Fixed(refs) => arguments.extend(refs.iter().map(|v| self.value(*v))),
            StubOperands::Window(list) => {
                let (address, count) = self.filled_window(list);
                arguments.extend([address, count]);
            }
            StubOperands::Registers { base, count } => {
                let registers = self.registers;
                let address = self.ins().iadd_imm_s(registers, 8 * i64::from(base));
                let count = self.int(count.into());
                arguments.extend([address, count]);
            }
        }
        if facts.collects || facts.runs_language {
            self.site(call.state);
        }
        arguments.push(self.ins().iconst(I32, i64::from(call.immediate)));
        let (convention, count) = (self.convention, arguments.len());
        let signature = || {
            let mut signature = signature(convention, &[I64; 5][..count - 1], &[I64]);
            signature.params.push(AbiParam::new(I32).sext());
            signature
        };
        let target = Target::Stub(unit.stubs[call.stub.index()].number);
        let result = match self.call_target(target, signature, &arguments) {
            Some(result) => result,
            None => unreachable!("its signature has a result"),
        };
        if let Some(state) = call.state.filter(|s| unit.state(*s).resume != Resume::Execute) {
            self.leave_if_invalid(state, result);
        }
        result
    }
    /// The slot that a stub gets, with the note that the stub ran.
    fn stub_slot(&mut self, slot: FeedbackRef) -> Value {
        if !slot.is_some() {
            return self.int(0);
        }
        let slot = self.address(Target::Feedback(slot));
        self.record(slot, bit::OTHER);
        slot
    }
    /// Operands in the native frame, where the collector finds them.
    fn filled_window(&mut self, list: List) -> (Value, Value) {
        let unit = self.unit;
        let count = self.int(list.len.into());
        if list.len == 0 {
            return (self.registers, count);
        }
        let slot = self.window(list.len);
        let address = self.ins().stack_addr(I64, slot, 0);
        for (i, v) in (0..).zip(unit.operands(list)) {
            let v = self.value(*v);
            self.store(Region::Frame, v, address, 8 * i);
        }
        (address, count)
    }

    // ---- language code

    fn invoke(&mut self, call: InvokeId) -> Value {
        let unit = self.unit;
        let call = &unit.invokes[call.index()];
        let result = match call.feedback {
            VectorRef::NONE if self.lowering.stack.linked => self.linked(call),
            vector => self.invoke_by_helper(call, vector),
        };
        self.leave_if_invalid(call.state, result);
        result
    }
    /// Leaves if the unit became invalid during a call with this result.
    fn leave_if_invalid(&mut self, state: StateId, result: Value) {
        let valid = self.valid();
        let (on, out) = (self.fresh_block(false), self.fresh_block(true));
        self.branch(valid, on, out);
        self.builder.switch_to_block(out);
        self.leave(state, Reason::Invalidated, Some(result));
        self.builder.switch_to_block(on);
    }
    fn invoke_by_helper(&mut self, call: &Invoke, vector: VectorRef) -> Value {
        let code = match call.callee {
            Callee::Known(code) => self.int(code.0.into()),
            Callee::Computed(x) => self.value(x),
        };
        let vector = match vector {
            VectorRef::NONE => self.int(0),
            vector => self.address(Target::Vector(vector)),
        };
        self.site(Some(call.state));
        let registers = self.placed(call);
        let count = self.ins().iconst(I32, i64::from(call.arguments.len.max(call.in_place.into())));
        let arguments = [self.thread, code, vector, registers, count];
        self.helper_result(Helper::Invoke, &[I64, I64, I64, I64, I32], I64, &arguments)
    }
    /// Writes a call's function and arguments; the callee's registers.
    fn placed(&mut self, call: &Invoke) -> Value {
        let unit = self.unit;
        let function = self.value(call.function);
        self.store_register(function, call.offset, None);
        for (i, v) in (0..).zip(unit.operands(call.arguments)) {
            let v = self.value(*v);
            self.store_register(v, call.offset + i, Some(0));
        }
        let registers = self.registers;
        self.ins().iadd_imm_s(registers, 8 * i64::from(call.offset))
    }
    /// A call of the entry that the invoked unit names.
    fn linked(&mut self, call: &Invoke) -> Value {
        let (thread, own, stack) = (self.thread, self.registers, &self.lowering.stack);
        let callee = match call.callee {
            Callee::Known(code) => self.address(Target::Unit(code)),
            Callee::Computed(x) => self.unit_at(x),
        };
        let site = self.site_number(Some(call.state));
        if !self.unit.registers_in_memory {
            self.write_frames(call.state);
        }
        let registers = self.placed(call);
        // The entry of a unit looks whether there is room for the records that its calls push.
        let record = self.load(Region::State, I64, thread, stack.frame_top);
        let (unit, site, nothing) =
            (self.address(Target::Unit(self.unit.code)), self.address(Target::Site(site)), self.int(0));
        self.store(Region::State, unit, record, stack.record_unit);
        self.store(Region::State, nothing, record, stack.record_pc);
        self.store(Region::State, own, record, stack.record_registers);
        self.store(Region::State, site, record, stack.record_site);
        let kind = self.ins().iconst(I32, i64::from(stack.record_kind_bits));
        self.store(Region::State, kind, record, stack.record_kind);
        let top = self.ins().iadd_imm_s(record, i64::from(stack.record_bytes));
        self.store(Region::State, top, thread, stack.frame_top);
        let entry = self.load(Region::State, I64, callee, stack.unit_entry);
        let signature = self.entry_signature();
        let called = self.ins().call_indirect(signature, entry, &[thread, registers, callee]);
        let [status, word] = [0, 1].map(|i| self.builder.inst_results(called)[i]);
        let popped = |t: &mut Self| {
            let top = t.load(Region::State, I64, thread, stack.frame_top);
            let record = t.ins().iadd_imm_s(top, -i64::from(stack.record_bytes));
            t.store(Region::State, record, thread, stack.frame_top);
            word
        };
        self.rarely_instead(status, I64, popped, |t| {
            t.helper_result(Helper::Finish, &[I64; 4], I64, &[thread, status, word, registers])
        })
    }
    fn entry_signature(&mut self) -> SigRef {
        if let Some(known) = self.entry_signature {
            return known;
        }
        let signature = signature(self.convention, &[I64; 3], &[I64, I64]);
        *self.entry_signature.insert(self.builder.import_signature(signature))
    }
    /// The unit of the code with this index.
    fn unit_at(&mut self, index: Ref) -> Value {
        let (index, thread) = (self.value(index), self.thread);
        let table = self.load(Region::State, I64, thread, self.lowering.stack.units);
        let bytes = self.ins().ishl_imm_u(index, 3);
        let at = self.ins().iadd(table, bytes);
        self.load(Region::State, I64, at, 0)
    }
    fn valid(&mut self) -> Value {
        let word = self.address(Target::Valid);
        self.load(Region::State, I64, word, 0)
    }

    // ---- entering

    /// Goes on only if the code may run now.
    pub(super) fn look_for_room(&mut self, unit: Value) {
        let (thread, stack) = (self.thread, &self.lowering.stack);
        let refused = self.fresh_block(true);
        let refuse_if = |t: &mut Self, c: Value| {
            let on = t.fresh_block(false);
            t.branch(c, refused, on);
            t.builder.switch_to_block(on);
        };
        let top = self.load(Region::State, I64, thread, stack.frame_top);
        let end = self.ins().iadd_imm_s(top, i64::from(stack.record_room));
        let limit = self.load(Region::State, I64, thread, stack.frame_limit);
        let full = self.ins().icmp(IntCC::UnsignedGreaterThan, end, limit);
        refuse_if(self, full);
        let (registers, words) = (self.registers, i64::from(self.unit.extent) + i64::from(REGISTER_ROOM));
        let end = self.ins().iadd_imm_s(registers, 8 * words);
        let limit = self.load(Region::State, I64, thread, stack.register_limit);
        let full = self.ins().icmp(IntCC::UnsignedGreaterThan, end, limit);
        refuse_if(self, full);
        let here = self.ins().get_stack_pointer(I64);
        let limit = self.load(Region::State, I64, thread, stack.native_limit);
        let full = self.ins().icmp(IntCC::UnsignedLessThan, here, limit);
        refuse_if(self, full);
        let fast = if stack.entry_fast == self.lowering.thread_fast {
            self.fast
        } else {
            self.constant_load(thread, stack.entry_fast)
        };
        let due = self.load(Region::State, I32, fast, fast::offset::POLL);
        refuse_if(self, due);
        let on = self.builder.current_block();
        self.builder.switch_to_block(refused);
        let status = self.int(Completion::REFUSED as i64);
        self.ins().return_(&[status, unit]);
        if let Some(on) = on {
            self.builder.switch_to_block(on);
        }
    }
}
