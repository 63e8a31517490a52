//! How fast units are compiled: printed, not judged, since machines differ.

use jit_template::Template;
use std::time::Instant;
use vm_api::engine::Backend;
use vm_api::engine::backend::{CompileOptions, CompiledCode, Lowering, PlainCompileEnv, StackLowering};
use vm_api::vir::{
    BlockId, CodeRef, Effects, FeedbackRef, FrameState, Inst, IntOp, List, Ref, Resume, StateId, StubCall,
    StubOperands, Terminator, Unit, UnitKind, VectorRef, verify,
};

const VECTOR: VectorRef = VectorRef(0);
const REGISTERS: u16 = 16;

/// A baseline unit under construction: what bytecode instructions become whose registers are in memory.
struct Baseline {
    unit: Unit,
    at: BlockId,
    function: Ref,
    position: u32,
}

impl Baseline {
    fn push(&mut self, inst: Inst) -> Ref {
        self.unit.push(self.at, inst)
    }
    fn state(&mut self, resume: Resume) -> StateId {
        let (function, position) = (self.function, self.position);
        let frame = FrameState {
            caller: None,
            code: CodeRef(0),
            feedback: VECTOR,
            position,
            resume,
            offset: 0,
            function,
            registers: List::EMPTY,
        };
        self.unit.add_state(frame, &[])
    }
    /// Branches; goes on where it holds, and gives the other side.
    fn test(&mut self, c: Ref) -> BlockId {
        let (yes, no) = (self.unit.add_block(), self.unit.add_block());
        self.unit.terminate(self.at, Terminator::Branch(c, yes, no));
        self.at = yes;
        no
    }
    fn finish(&mut self, destination: u16, v: Ref, next: BlockId) {
        self.push(Inst::SetReg(destination, v));
        self.unit.terminate(self.at, Terminator::Jump(next, List::EMPTY));
    }
    /// The slow path: a stub that may raise.
    fn slow(&mut self, at: BlockId, operands: [Ref; 2], destination: u16, next: BlockId) {
        self.at = at;
        let state = self.state(Resume::Execute);
        let empty = self.push(Inst::ConstWord(0));
        let stub = self.unit.use_stub(0, false, "binary", Effects::ANY);
        let feedback = FeedbackRef { vector: VECTOR, slot: self.position };
        let operands = StubOperands::Fixed([operands[0], operands[1], empty]);
        let call = StubCall { stub, operands, immediate: 0, feedback, state: Some(state) };
        let call = self.unit.add_stub_call(call);
        let v = self.push(Inst::Stub(call));
        let ok = self.push(Inst::Ok(v));
        let raised = self.test(ok);
        self.finish(destination, v, next);
        self.unit.blocks[raised.index()].cold = true;
        self.unit.terminate(raised, Terminator::Fail);
    }
    /// An addition of two registers.
    fn add(&mut self, x: u16, y: u16, destination: u16) {
        let next = self.unit.add_block();
        let state = self.state(Resume::Execute);
        self.push(Inst::State(state));
        let (x, y) = (self.push(Inst::GetReg(x)), self.push(Inst::GetReg(y)));
        let both = self.push(Inst::BothInt(x, y));
        let other = self.test(both);
        let (a, b) = (self.push(Inst::UntagInt(x)), self.push(Inst::UntagInt(y)));
        let sum = self.push(Inst::IntArith(IntOp::Add, a, b));
        let overflow = self.push(Inst::Overflow(IntOp::Add, a, b, sum));
        let fits = self.test(overflow);
        self.slow(self.at, [x, y], destination, next);
        self.at = fits;
        let v = self.push(Inst::TagInt(sum));
        self.finish(destination, v, next);
        self.at = other;
        let both = self.push(Inst::BothFloat(x, y));
        let other = self.test(both);
        self.push(Inst::Record(FeedbackRef { vector: VECTOR, slot: self.position }, 2));
        let (a, b) = (self.push(Inst::UntagFloat(x)), self.push(Inst::UntagFloat(y)));
        let sum = self.push(Inst::FloatOp(vm_api::vir::FloatOp::Add, a, b));
        let v = self.push(Inst::TagFloat(sum));
        self.finish(destination, v, next);
        self.slow(other, [x, y], destination, next);
        self.at = next;
        self.position += 1;
    }
    /// An attribute load by an inline cache.
    fn attribute(&mut self, x: u16, destination: u16) {
        let next = self.unit.add_block();
        let state = self.state(Resume::Execute);
        self.push(Inst::State(state));
        let slot = FeedbackRef { vector: VECTOR, slot: self.position };
        let x = self.push(Inst::GetReg(x));
        let is = self.push(Inst::IsObject(x));
        let other = self.test(is);
        let p = self.push(Inst::UntagPtr(x));
        let shape = self.push(Inst::Shape(p));
        let cached = self.push(Inst::SlotShape(slot));
        let same = self.push(Inst::IntCmp(vm_api::vir::Cond::Eq, shape, cached));
        let miss = self.test(same);
        let at = self.push(Inst::SlotPayload(slot));
        let v = self.push(Inst::LoadAt(p, at));
        self.finish(destination, v, next);
        self.slow(other, [x, x], destination, next);
        self.slow(miss, [x, x], destination, next);
        self.at = next;
        self.position += 1;
    }
    /// A jump backwards with its poll.
    fn back(&mut self, header: BlockId) {
        let next = self.unit.add_block();
        let state = self.state(Resume::Execute);
        self.push(Inst::State(state));
        let x = self.push(Inst::GetReg(1));
        let none = self.push(Inst::IsWord(x, 2));
        let goes_on = self.test(none);
        self.unit.terminate(self.at, Terminator::Jump(next, List::EMPTY));
        self.at = goes_on;
        let ok = self.push(Inst::Poll(state));
        let raised = self.test(ok);
        self.unit.terminate(self.at, Terminator::Jump(header, List::EMPTY));
        self.unit.blocks[raised.index()].cold = true;
        self.unit.terminate(raised, Terminator::Fail);
        self.at = next;
        self.position += 1;
    }
}

/// A unit of so many bytecode instructions, with a loop around every twenty.
fn baseline(instructions: u32) -> Unit {
    let mut unit = Unit::new("baseline", UnitKind::Function, CodeRef(0), REGISTERS);
    (unit.registers_in_memory, unit.feedback) = (true, VECTOR);
    let at = unit.add_block();
    let function = unit.push(at, Inst::Function());
    let mut b = Baseline { unit, at, function, position: 0 };
    let mut header = b.at;
    while b.position < instructions {
        let r = (b.position % 13) as u16;
        match b.position % 20 {
            0 => {
                header = b.unit.add_block();
                b.unit.terminate(b.at, Terminator::Jump(header, List::EMPTY));
                b.at = header;
                b.add(r, r + 1, r + 2);
            }
            19 => b.back(header),
            n if n % 3 == 0 => b.attribute(r, r + 1),
            _ => b.add(r, r + 1, r + 2),
        }
    }
    let v = b.push(Inst::GetReg(0));
    b.unit.terminate(b.at, Terminator::Return(v));
    b.unit
}

fn compiled(unit: &Unit) -> usize {
    let environment =
        PlainCompileEnv { options: CompileOptions::default(), lowering: Lowering::new(true, StackLowering::default()) };
    match Template.compile(unit, &environment) {
        Ok(CompiledCode::Native(code)) => code.bytes.len(),
        other => panic!("{other:?}"),
    }
}

/// Work and code grow with the unit, not with its square.
#[test]
fn code_grows_with_the_unit() {
    let (small, large) = (baseline(400), baseline(4000));
    verify(&small).expect("a unit of this file");
    let (few, many) = (compiled(&small), compiled(&large));
    assert!(many < 11 * few, "{few} and {many} bytes");
}

#[test]
#[ignore = "a measurement: run it optimized, with --nocapture"]
fn compile_speed() {
    for instructions in [50, 500, 5000, 50_000] {
        let unit = baseline(instructions);
        let rounds = 200_000 / instructions;
        let begin = Instant::now();
        let bytes: usize = (0..rounds).map(|_| compiled(&unit)).sum();
        let seconds = begin.elapsed().as_secs_f64();
        let per_second = |n: usize| n as f64 * f64::from(rounds) / seconds / 1e6;
        println!(
            "{instructions} bytecode instructions, {} of VIR, {} bytes: {:.2} million bytecode instructions a second, {:.1} of VIR",
            unit.insts.len(),
            bytes / rounds as usize,
            per_second(instructions as usize),
            per_second(unit.insts.len()),
        );
    }
}
