//! Calls: stubs, language code, helpers, polls.

use super::{Region, Translator, signature};
use cranelift_codegen::ir::types::{I8, I32, I64};
use cranelift_codegen::ir::{self, AbiParam, InstBuilder, Signature, Value};
use vm_api::engine::backend::{Helper, Target};
use vm_api::engine::bit;
use vm_api::heap::fast;
use vm_api::vir::{Callee, FeedbackRef, Inst, InvokeId, List, Reason, StateId, StubCallId, StubOperands, VectorRef};

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
                let arguments = [self.thread, self.value(code)];
                Some(self.helper_result(Helper::SimpleParameters, &[I64, I64], I64, &arguments))
            }
            Inst::Trace(code, position, function) => {
                self.site(None);
                let code = self.ins().iconst(I32, i64::from(code.0));
                let position = self.ins().iconst(I32, i64::from(position));
                let arguments = [self.thread, code, position, self.value(function)];
                self.helper(Helper::Trace, &[I64, I32, I32, I64], &[], &arguments);
                None
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
    /// A helper that takes words and returns nothing.
    pub(super) fn helper_call(&mut self, helper: Helper, arguments: &[Value]) {
        self.helper(helper, &[I64; 4][..arguments.len()], &[], arguments);
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
        let next = self.sites.len() as u32;
        let number = *self.site_numbers.entry(state).or_insert(next);
        if number == next {
            self.sites.push(state);
        }
        if let (Some(state), false) = (state, self.unit.registers_in_memory) {
            self.write_frames(state);
        }
        let (number, thread) = (self.int(number.into()), self.thread);
        self.store(Region::State, number, thread, self.lowering.thread_site);
    }
    fn poll(&mut self, state: StateId) -> Value {
        let fast = self.fast;
        let due = self.load(Region::State, I32, fast, fast::offset::POLL);
        let good = |t: &mut Self| t.ins().iconst(I8, 1);
        self.rarely_instead(due, I8, good, |t| {
            t.site(Some(state));
            let result = t.helper_result(Helper::Poll, &[I64], I64, &[t.thread]);
            t.ins().icmp_imm_u(ir::condcodes::IntCC::NotEqual, result, 0)
        })
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
        match self.call_target(target, signature, &arguments) {
            Some(result) => result,
            None => unreachable!("its signature has a result"),
        }
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
        let code = match call.callee {
            Callee::Known(code) => self.int(code.0.into()),
            Callee::Computed(x) => self.value(x),
        };
        let vector = match call.feedback {
            VectorRef::NONE => self.int(0),
            vector => self.address(Target::Vector(vector)),
        };
        self.site(Some(call.state));
        let function = self.value(call.function);
        self.store_register(function, call.offset, None);
        for (i, v) in (0..).zip(unit.operands(call.arguments)) {
            let v = self.value(*v);
            self.store_register(v, call.offset + i, Some(0));
        }
        let registers = self.registers;
        let registers = self.ins().iadd_imm_s(registers, 8 * i64::from(call.offset));
        let count = self.ins().iconst(I32, i64::from(call.arguments.len.max(call.in_place.into())));
        let arguments = [self.thread, code, vector, registers, count];
        let result = self.helper_result(Helper::Invoke, &[I64, I64, I64, I64, I32], I64, &arguments);
        let valid = self.valid();
        let (on, out) = (self.fresh_block(false), self.fresh_block(true));
        self.branch(valid, on, out);
        self.builder.switch_to_block(out);
        self.leave(call.state, Reason::Invalidated, Some(result));
        self.builder.switch_to_block(on);
        result
    }
    fn valid(&mut self) -> Value {
        let word = self.address(Target::Valid);
        self.load(Region::State, I64, word, 0)
    }
}
