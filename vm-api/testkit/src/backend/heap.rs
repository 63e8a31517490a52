//! The sandbox's behaviour on a real heap.

use super::{Ran, Runner};
use crate::Create;
use crate::mock::MockVm;
use std::collections::BTreeMap;
use vm_engine::backend::{CompileOptions, Lowering, PlainCompileEnv, StackLowering};
use vm_engine::{Backend, Bailout, CompiledCode};
use vm_heap::{CollectKind, HeapOptions, Object, ShapeIndex, Trigger, Value};
use vm_vir::eval::sandbox::{StubResult, answer, box_word, call_stub, describe, describe_call, describe_exit};
use vm_vir::eval::{
    Arguments, Environment, EvalStack, HeapMemory, Leave, Outcome, Program, Sandbox, Site, Store, Trap, Width, evaluate,
};
use vm_vir::filetest::{Setup, result};
use vm_vir::{CellId, CodeRef, FeedbackRef, FrameState, Invoke, StateId, StubCall, Unit};

/// An environment over a [`MockVm`] that behaves as [`vm_vir::eval::Sandbox`] does, only that memory is a heap's and `collect`
/// collects. No native stack is scanned, so what the evaluator forgets to root is lost.
pub struct HeapSandbox<'v> {
    vm: &'v MockVm,
    stack: EvalStack<'v>,
    memory: HeapMemory<'v>,
    events: Vec<String>,
    fuel: u64,
    deopt_every: Option<u64>,
    passed: u64,
    heat: u64,
    valid: bool,
    feedback: BTreeMap<(u32, u32), u64>,
    /// Slots of the mock: the pending exception, cells, roots, registers.
    exception: usize,
    cells: std::ops::Range<usize>,
    roots: std::ops::Range<usize>,
    registers: std::ops::Range<usize>,
}

impl<'v> HeapSandbox<'v> {
    /// Most slots of all evaluations.
    const SLOTS: usize = 1 << 16;

    /// Surroundings for one run of `unit`.
    pub fn new(vm: &'v MockVm, unit: &Unit, setup: &Setup) -> HeapSandbox<'v> {
        let push = |words: &[u64], count: usize| {
            let start = vm.depth();
            Setup::values(words).for_each(|v| _ = vm.push(v));
            (words.len()..count).for_each(|_| _ = vm.push(Value::EMPTY));
            start..vm.depth()
        };
        HeapSandbox {
            vm,
            stack: EvalStack::new(&vm.heap, HeapSandbox::SLOTS),
            memory: HeapMemory { heap: &vm.heap },
            events: Vec::new(),
            fuel: setup.fuel,
            deopt_every: setup.deopt_every,
            passed: 0,
            heat: Sandbox::HEAT,
            valid: true,
            feedback: BTreeMap::new(),
            exception: vm.push(Value::EMPTY),
            cells: push(&setup.cells, 0),
            roots: push(&setup.roots, 0),
            registers: push(&setup.registers, unit.extent as usize),
        }
    }
    fn argument(&self, arguments: Arguments, i: usize) -> Option<Value> {
        match arguments {
            Arguments::Slots { first, count } => (i < count).then(|| self.slot(first + i)),
            Arguments::Registers { base, count } => {
                let slot = self.registers.start + base as usize + i;
                (i < count as usize && self.registers.contains(&slot)).then(|| self.vm.get(slot))
            }
        }
    }
    fn arguments(&self, arguments: Arguments) -> impl Iterator<Item = Value> {
        (0..).map_while(move |i| self.argument(arguments, i))
    }
    fn event(&mut self, what: &str, arguments: Arguments) {
        let line = describe_call(what, self.arguments(arguments));
        self.fuel = self.fuel.saturating_sub(line.len() as u64 / 8);
        self.events.push(line);
    }
    /// Every value that calls and exits see must be one that is alive.
    fn check(&self, v: Value) -> Value {
        if let Some(o) = Object::from_value(v) {
            assert!(self.vm.heap.layouts().get(o.shape()).is_some(), "{v:?} is no live object");
        }
        v
    }
}

impl Environment for HeapSandbox<'_> {
    fn charge(&mut self, count: u64) -> Result<(), Trap> {
        self.fuel = self.fuel.checked_sub(count).ok_or(Trap::Fuel)?;
        Ok(())
    }
    fn force_exit(&mut self) -> bool {
        self.passed += 1;
        self.deopt_every.is_some_and(|n| n != 0 && self.passed.is_multiple_of(n))
    }
    fn count_down(&mut self) -> bool {
        self.heat = self.heat.wrapping_sub(1);
        self.heat == 0
    }
    fn pass_state(&mut self, _frame: &FrameState) {
        // Nobody looks at the frames.
    }
    fn still_valid(&self) -> bool {
        self.valid
    }
    fn enter(&mut self, count: usize) -> Result<usize, Trap> {
        self.stack.enter(count)
    }
    fn leave(&mut self, base: usize) {
        self.stack.leave(base);
    }
    fn slot(&self, i: usize) -> Value {
        self.stack.slot(i)
    }
    fn set_slot(&mut self, i: usize, v: Value) {
        self.stack.set_slot(i, v);
    }
    fn register(&self, r: u16) -> Value {
        self.vm.get(self.registers.start + usize::from(r))
    }
    fn set_register(&mut self, r: u16, v: Value) {
        self.vm.set(self.registers.start + usize::from(r), v);
    }
    fn function(&self) -> Value {
        Value::NONE
    }
    fn cell(&self, cell: CellId) -> Result<Value, Trap> {
        let slot = self.cells.start + cell.index();
        if self.cells.contains(&slot) { Ok(self.vm.get(slot)) } else { Err(Trap::Refused("a cell without a value")) }
    }
    fn root(&self, i: u32) -> Result<Value, Trap> {
        let slot = self.roots.start + i as usize;
        if self.roots.contains(&slot) { Ok(self.vm.get(slot)) } else { Err(Trap::Refused("a root without a value")) }
    }
    fn set_root(&mut self, i: u32, v: Value) -> Result<(), Trap> {
        let slot = self.roots.start + i as usize;
        if !self.roots.contains(&slot) {
            return Err(Trap::Refused("a root without a value"));
        }
        self.vm.set(slot, v);
        Ok(())
    }
    fn load(&mut self, address: u64, offset: i64, width: Width) -> Result<u64, Trap> {
        self.memory.load(address, offset, width)
    }
    fn store(&mut self, address: u64, offset: i64, bits: u64, how: Store) -> Result<(), Trap> {
        self.memory.store(address, offset, bits, how)
    }
    fn set_shape(&mut self, address: u64, shape: ShapeIndex) -> Result<(), Trap> {
        self.memory.set_shape(address, shape)
    }
    fn alloc(&mut self, shape: ShapeIndex, words: u32) -> Result<u64, Trap> {
        Ok(self.memory.alloc(shape, words)?.unwrap_or_else(|_| {
            self.set_exception(Value::int(-1));
            0
        }))
    }
    fn box_word(&mut self, x: i64) -> Result<Value, Trap> {
        Ok(box_word(x))
    }
    fn feedback_key(&self, slot: FeedbackRef) -> Result<u64, Trap> {
        Ok(self.feedback.get(&(slot.vector.0, slot.slot)).copied().unwrap_or(0))
    }
    fn feedback_value(&self, _slot: FeedbackRef) -> Result<Value, Trap> {
        Ok(Value::EMPTY)
    }
    fn record(&mut self, slot: FeedbackRef, bits: u32) -> Result<(), Trap> {
        self.events.push(format!("record {}[{}] {bits}", slot.vector, slot.slot));
        Ok(())
    }
    fn record_expected(&mut self, slot: FeedbackRef, x: i64) -> Result<(), Trap> {
        self.feedback.insert((slot.vector.0, slot.slot), x as u64);
        Ok(())
    }
    fn poll(&mut self, _site: &Site<'_>) -> Result<bool, Trap> {
        self.events.push("poll".into());
        self.vm.poll();
        Ok(true)
    }
    fn stub(&mut self, site: &Site<'_>, call: &StubCall, arguments: Arguments) -> Result<Value, Trap> {
        let stub = &site.program.unit().stubs[call.stub.index()];
        self.arguments(arguments).for_each(|v| _ = self.check(v));
        self.event(&format!("stub {} {}", stub.name, call.immediate), arguments);
        Ok(match call_stub(&stub.name, call.immediate, self.arguments(arguments)) {
            StubResult::Value(v) => v,
            StubResult::Raise(e) => {
                self.set_exception(e);
                Value::EMPTY
            }
            StubResult::Invalidate => {
                self.valid = false;
                Value::NONE
            }
            StubResult::Collect => {
                let kind = if call.immediate == 0 { CollectKind::Full } else { CollectKind::Minor };
                self.vm.heap.collect(kind, Trigger::Explicit);
                // Read after the collection: it may have moved.
                self.argument(arguments, 0).unwrap_or(Value::NONE)
            }
        })
    }
    fn invoke(
        &mut self,
        _site: &Site<'_>,
        invoke: &Invoke,
        code: CodeRef,
        function: Value,
        arguments: Arguments,
    ) -> Result<Value, Trap> {
        self.event(&format!("invoke {code} {} + {}", describe(function), invoke.offset), arguments);
        Ok(answer(&code.to_string(), self.arguments(arguments)))
    }
    fn simple_parameters(&self, code: CodeRef) -> Result<i64, Trap> {
        Ok(i64::from(code.0 % 4) - 1)
    }
    fn exception(&self) -> Value {
        self.vm.get(self.exception)
    }
    fn set_exception(&mut self, exception: Value) {
        self.vm.set(self.exception, exception);
    }
    fn trace(&mut self, site: &Site<'_>, state: StateId) -> Result<Value, Trap> {
        let FrameState { code, position, .. } = *site.program.unit().state(state);
        self.events.push(format!("trace {code} {position}"));
        Ok(Value::int(i64::from(position)))
    }
    fn leave_for(&mut self, site: &Site<'_>, leave: Leave) -> Result<Outcome, Trap> {
        let unit = site.program.unit();
        for (id, _) in unit.frames(leave.state) {
            for (_, v) in unit.registers_of(id) {
                self.check(site.value(self, *v)?);
            }
        }
        let line = describe_exit(self, site, leave)?;
        self.events.push(line);
        Ok(Outcome::Exit { state: leave.state, reason: leave.reason })
    }
}

/// Compiles units with a backend that makes programs for the evaluator, and evaluates them on a fresh heap each.
pub struct EvalRunner<B> {
    /// The backend.
    pub backend: B,
    /// The collector.
    pub create: Create,
    /// Its heap's options.
    pub options: HeapOptions,
    /// Allocations of all runs so far, if the options count them.
    pub allocations: u64,
}

impl<B: Backend> Runner for EvalRunner<B> {
    fn run(&mut self, unit: &Unit, setup: &Setup) -> Result<Ran, Bailout> {
        let environment = PlainCompileEnv {
            options: CompileOptions::default(),
            lowering: Lowering::new(true, StackLowering::default()),
        };
        let program: Program = match self.backend.compile(unit, &environment)? {
            CompiledCode::Program(program) => program,
            CompiledCode::Native(_) => return Err(Bailout::Unsupported("machine code has a runner of its own".into())),
        };
        let vm = MockVm::new(self.create, self.options.clone());
        let mut sandbox = HeapSandbox::new(&vm, unit, setup);
        let outcome = setup.with_arguments(|arguments| evaluate(&program, arguments, &mut sandbox));
        let Some(outcome) = outcome else { return Err(Bailout::Unsupported("so many arguments".into())) };
        let mut events = std::mem::take(&mut sandbox.events);
        let result = result(outcome, &sandbox, &mut events);
        drop(sandbox);
        self.allocations += vm.heap.stress().allocations();
        Ok((events, result))
    }
}
