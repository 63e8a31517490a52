//! Random units in which more lives than there are registers: long blocks, trees of blocks, calls in between, a loop whose
//! parameters change places, and frame states that mention everything.

use super::{COLLECTORS, random, runner};
use proptest::prelude::*;
use vm_api::heap::Value;
use vm_api::heap::stress::Stress;
use vm_api::heap::value::{INT_MAX, INT_MIN};
use vm_api::vir::eval::{Program, Trap};
use vm_api::vir::filetest::Setup;
use vm_api::vir::{
    BlockId, CodeRef, Cond, Effects, FeedbackRef, FloatOp, FrameState, Inst, IntOp, List, Reason, Ref, Resume, StateId,
    StubCall, StubId, StubOperands, Terminator, Type, Unit, UnitKind, VectorRef,
};
use vm_testkit::backend::{Choices, Runner};

/// Registers that a frame state may mention.
const REGISTERS: u16 = 48;
/// Types of the loop's parameters; the first is the number of rounds.
const PARAMS: [Type; 8] =
    [Type::I64, Type::I64, Type::I64, Type::F64, Type::F64, Type::Bool, Type::Tagged, Type::Tagged];

struct Random<'c> {
    choices: Choices<'c>,
    unit: Unit,
    at: BlockId,
    /// Values that may be used. All raw words among them are small integers.
    scope: Vec<Ref>,
    function: Ref,
    stub: StubId,
    header: BlockId,
    blocks_left: usize,
}

impl Random<'_> {
    fn push(&mut self, inst: Inst) -> Ref {
        let v = self.unit.push(self.at, inst);
        if !matches!(inst.result(), Type::Void | Type::I64) {
            self.scope.push(v);
        }
        v
    }
    /// Brings a word to the range of small integers.
    fn small(&mut self, x: Ref) -> Ref {
        let shift = self.push(Inst::ConstInt(14));
        let v = self.push(Inst::IntOp(IntOp::Sar, x, shift));
        self.scope.push(v);
        v
    }
    fn some(&mut self, ty: Type) -> Ref {
        let fitting: Vec<Ref> = self.scope.iter().copied().filter(|v| self.unit.ty(*v) == ty).collect();
        fitting[self.choices.below(fitting.len())]
    }
    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.choices.below(items.len())]
    }
    /// A state here, with some of what there is.
    fn state(&mut self) -> StateId {
        let mut registers = Vec::new();
        let all = self.choices.below(3) == 0;
        for v in self.scope.clone().into_iter().rev().take(REGISTERS.into()) {
            if all || self.choices.below(3) == 0 {
                registers.push((registers.len() as u16, v));
            }
        }
        let frame = FrameState {
            caller: None,
            code: CodeRef(0),
            feedback: VectorRef::NONE,
            position: 1,
            resume: Resume::Execute,
            offset: 0,
            function: self.function,
            registers: List::EMPTY,
        };
        let state = self.unit.add_state(frame, &registers);
        self.push(Inst::State(state));
        state
    }
    fn step(&mut self) {
        match self.choices.below(18) {
            0 => {
                let n = self.of(&[0, 1, -1, 7, 1 << 30, INT_MAX, INT_MIN]);
                let v = self.push(Inst::ConstInt(n));
                self.scope.push(v);
            }
            1 | 2 => {
                let op = self.of(&[IntOp::Add, IntOp::Sub, IntOp::Mul, IntOp::And, IntOp::Or, IntOp::Xor]);
                let (x, y) = (self.some(Type::I64), self.some(Type::I64));
                let v = self.push(Inst::IntOp(op, x, y));
                self.small(v);
            }
            3 => {
                let (op, x, one) = (self.of(&[IntOp::FloorDiv, IntOp::Mod]), self.some(Type::I64), 1);
                let y = self.some(Type::I64);
                let one = self.push(Inst::ConstInt(one));
                let y = self.push(Inst::IntOp(IntOp::Or, y, one));
                let v = self.push(Inst::IntOp(op, x, y));
                self.small(v);
            }
            4 => {
                let (op, x, y) =
                    (self.of(&[IntOp::Shl, IntOp::Sar, IntOp::Shr]), self.some(Type::I64), self.some(Type::I64));
                let mask = self.push(Inst::ConstInt(63));
                let y = self.push(Inst::IntOp(IntOp::And, y, mask));
                let v = self.push(Inst::IntOp(op, x, y));
                self.small(v);
            }
            5 | 6 => {
                let op = self.of(&[IntOp::Add, IntOp::Sub, IntOp::Mul]);
                let (x, y) = (self.some(Type::I64), self.some(Type::I64));
                let state = self.state();
                let v = self.push(Inst::IntArith(op, x, y));
                if self.choices.below(4) == 0 {
                    self.push(Inst::ConstBool(true));
                }
                let overflow = self.push(Inst::Overflow(op, x, y, v));
                self.push(Inst::Guard(overflow, false, Reason::Rare, state));
                self.scope.push(v);
            }
            7 | 8 => {
                let op = self.of(FloatOp::ALL);
                let x = self.some(Type::F64);
                let y = if op.is_unary() { x } else { self.some(Type::F64) };
                self.push(Inst::FloatOp(op, x, y));
            }
            9 => {
                let (c, x, y) = (self.of(Cond::ALL), self.some(Type::I64), self.some(Type::I64));
                self.push(Inst::IntCmp(c, x, y));
            }
            10 => {
                let c = self.of(&[Cond::Eq, Cond::Ne, Cond::Lt, Cond::Le, Cond::Gt, Cond::Ge]);
                let (x, y) = (self.some(Type::F64), self.some(Type::F64));
                self.push(Inst::FloatCmp(c, x, y));
            }
            11 => {
                let x = self.some(Type::I64);
                let tagged = self.push(Inst::TagInt(x));
                let again = self.push(Inst::UntagInt(tagged));
                self.scope.push(again);
            }
            12 => {
                let x = self.some(Type::F64);
                self.push(Inst::TagFloat(x));
            }
            13 => {
                let x = self.some(Type::Bool);
                self.push(Inst::TagBool(x));
                let n = self.push(Inst::BoolToInt(x));
                self.scope.push(n);
                self.push(Inst::Not(x));
            }
            14 => {
                let x = self.some(Type::I64);
                self.push(Inst::IntToFloat(x));
            }
            15 => {
                let operands = [0; 3].map(|_| self.some(Type::Tagged));
                let (stub, operands) = (self.stub, StubOperands::Fixed(operands));
                let (immediate, feedback) = (0, FeedbackRef::NONE);
                let call = self.unit.add_stub_call(StubCall { stub, operands, immediate, feedback, state: None });
                self.push(Inst::Stub(call));
            }
            16 => {
                let state = self.state();
                self.push(Inst::Poll(state));
            }
            _ => {
                let (c, expected) = (self.some(Type::Bool), self.choices.below(2) == 0);
                let state = self.state();
                let reason = self.of(&[Reason::Speculation, Reason::Rare]);
                self.push(Inst::Guard(c, expected, reason, state));
            }
        }
    }
    fn steps(&mut self) {
        for _ in 0..self.choices.below(24) {
            self.step();
        }
    }
    /// A block and what is below it.
    fn tree(&mut self) {
        self.steps();
        let (at, scope) = (self.at, self.scope.clone());
        let kind = if self.blocks_left < 2 { 3 } else { self.choices.below(4) };
        match kind {
            0 | 1 => {
                self.blocks_left -= 2;
                let (c, yes, no) = (self.some(Type::Bool), self.unit.add_block(), self.unit.add_block());
                self.unit.terminate(at, Terminator::Branch(c, yes, no));
                for b in [yes, no] {
                    self.unit.blocks[b.index()].cold = self.choices.below(4) == 0;
                    (self.at, self.scope) = (b, scope.clone());
                    self.tree();
                }
            }
            2 => {
                self.blocks_left -= 1;
                let next = self.unit.add_block();
                let given: Vec<Ref> = PARAMS.iter().map(|ty| self.some(*ty)).collect();
                let list = self.unit.list(&given);
                self.unit.terminate(at, Terminator::Jump(next, list));
                self.scope.extend(PARAMS.map(|ty| self.unit.add_param(next, ty)));
                self.at = next;
                self.tree();
            }
            _ => {
                let rounds = self.push(Inst::ConstInt(3));
                let mut given = vec![rounds];
                given.extend(PARAMS[1..].iter().map(|ty| self.some(*ty)));
                let list = self.unit.list(&given);
                self.unit.terminate(at, Terminator::Jump(self.header, list));
            }
        }
    }
    /// The loop, which knows what `common` says and its parameters.
    fn rounds(&mut self, common: &[Ref]) {
        let params: Vec<Ref> = self.unit.block(self.header).params.clone();
        (self.at, self.scope) = (self.header, [common, &params].concat());
        self.steps();
        let (zero, one) = (self.push(Inst::ConstInt(0)), self.push(Inst::ConstInt(1)));
        let more = self.push(Inst::IntCmp(Cond::Gt, params[0], zero));
        let (again, out) = (self.unit.add_block(), self.unit.add_block());
        self.unit.terminate(self.at, Terminator::Branch(more, again, out));
        let scope = self.scope.clone();
        self.at = again;
        self.steps();
        let mut given = vec![self.push(Inst::IntOp(IntOp::Sub, params[0], one))];
        // Often parameters in other places.
        for ty in &PARAMS[1..] {
            let fitting: Vec<Ref> = params[1..].iter().copied().filter(|v| self.unit.ty(*v) == *ty).collect();
            given.push(if self.choices.below(3) == 0 { self.some(*ty) } else { self.of(&fitting) });
        }
        let list = self.unit.list(&given);
        self.unit.terminate(self.at, Terminator::Jump(self.header, list));
        (self.at, self.scope) = (out, scope);
        let state = self.state();
        self.unit.terminate(out, Terminator::Exit(state, Reason::Unreached));
    }
}

fn unit(numbers: &[u32]) -> Unit {
    let mut unit = Unit::new("pressure", UnitKind::Function, CodeRef(0), REGISTERS);
    let entry = unit.add_block();
    let arguments: Vec<Ref> = (0..3).map(|r| unit.add_entry(r)).collect();
    let function = unit.push(entry, Inst::Function());
    let effects = Effects { collects: true, writes: false, runs_language: false, raises: false };
    let stub = unit.use_stub(0, false, "collect", effects);
    let header = unit.add_block();
    PARAMS.iter().for_each(|ty| _ = unit.add_param(header, *ty));
    let (choices, scope) = (Choices::new(numbers), arguments.clone());
    let mut r = Random { choices, unit, at: entry, scope, function, stub, header, blocks_left: 12 };
    let x = r.push(Inst::UntagInt(arguments[0]));
    r.scope.push(x);
    r.push(Inst::UntagFloat(arguments[1]));
    r.push(Inst::UntagBool(arguments[2]));
    r.steps();
    let common = r.scope.clone();
    r.tree();
    r.rounds(&common);
    r.unit
}

#[test]
fn random_units_under_pressure_agree_with_the_evaluator() {
    let numbers = prop::collection::vec(any::<u32>(), 0..1000);
    let ints = prop_oneof![Just(INT_MIN), Just(INT_MAX), -3..3i64, INT_MIN..INT_MAX];
    random(150, (numbers, ints, -1e3..1e3f64, any::<bool>()), |(numbers, x, y, z)| {
        let unit = unit(&numbers);
        let program = Program::new(unit.clone()).map_err(|e| TestCaseError::fail(format!("{e}\n{unit}")))?;
        let mut runner = runner(COLLECTORS[3].1, Stress::Safepoint(1));
        for deopt_every in [None, Some(1), Some(2), Some(5), Some(11)] {
            let setup = Setup {
                arguments: [Value::int(x), Value::float(y), Value::bool(z)].map(Value::bits).into(),
                cells: Box::new([]),
                roots: Box::new([]),
                registers: Box::new([]),
                deopt_every,
                fuel: 20_000,
            };
            let expected = setup.run(&program);
            prop_assert_ne!(&expected.1, &format!("trap {}", Trap::Fuel));
            prop_assert_eq!(runner.run(&unit, &setup), Ok(expected), "{}", unit);
        }
        Ok(())
    });
}
