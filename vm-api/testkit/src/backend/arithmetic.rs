//! Random units of arithmetic, tests, tags and control flow, which touch no memory.

use vm_vir::{
    BlockId, CodeRef, Cond, FloatOp, FrameState, Inst, IntOp, List, Reason, Ref, Resume, StateId, Terminator, Type,
    Unit, UnitKind, VectorRef,
};

/// A source of decisions: numbers that a test framework can shrink. Zeros when it runs dry.
pub struct Choices<'c> {
    numbers: std::slice::Iter<'c, u32>,
}

impl<'c> Choices<'c> {
    /// Decisions that come from numbers.
    pub fn new(numbers: &'c [u32]) -> Choices<'c> {
        Choices { numbers: numbers.iter() }
    }
    /// The next number.
    pub fn number(&mut self) -> u32 {
        self.numbers.next().copied().unwrap_or(0)
    }
    /// The next number, brought below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.number() as usize % n.max(1)
    }
    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

const INTS: [i64; 10] = [0, 1, -1, 2, 7, 63, 1 << 40, i64::MAX, i64::MIN, -(1 << 49)];
const FLOATS: [f64; 6] = [0.0, -0.0, 1.5, -2.5, 1e300, f64::INFINITY];

/// The one frame state: nothing has an effect, so it holds everywhere.
const STATE: StateId = StateId(0);

struct Builder<'a, 'c> {
    choices: &'a mut Choices<'c>,
    unit: Unit,
    block: BlockId,
    /// Values that may be used here.
    scope: Vec<Ref>,
    /// Are there integers of any word as values?
    words: bool,
}

impl Builder<'_, '_> {
    fn push(&mut self, inst: Inst) -> Ref {
        let v = self.unit.push(self.block, inst);
        if inst.result() != Type::Void {
            self.scope.push(v);
        }
        v
    }
    /// Some value of a type, made if there is none.
    fn some(&mut self, ty: Type) -> Ref {
        let fitting: Vec<Ref> = self.scope.iter().copied().filter(|v| self.unit.ty(*v) == ty).collect();
        if !fitting.is_empty() && self.choices.below(5) != 0 {
            return self.choices.of(&fitting);
        }
        match ty {
            Type::I64 => {
                let x = self.choices.of(&INTS);
                self.push(Inst::ConstInt(x))
            }
            Type::F64 => {
                let x = self.choices.of(&FLOATS);
                self.push(Inst::ConstFloat(x.into()))
            }
            Type::Bool => {
                let x = self.choices.below(2) == 0;
                self.push(Inst::ConstBool(x))
            }
            _ => {
                let x = self.some(Type::F64);
                self.push(Inst::TagFloat(x))
            }
        }
    }
    fn int(&mut self) -> Ref {
        self.some(Type::I64)
    }
    fn float(&mut self) -> Ref {
        self.some(Type::F64)
    }
    /// An integer in the small range.
    fn small(&mut self) -> Ref {
        let x = self.int();
        let shift = self.push(Inst::ConstInt(14));
        let x = self.push(Inst::IntOp(IntOp::Sar, x, shift));
        if self.choices.below(2) == 0 {
            return x;
        }
        let boxed = self.push(Inst::TagInt(x));
        self.push(Inst::UntagInt(boxed))
    }
    fn step(&mut self) {
        match self.choices.below(if self.words { 18 } else { 16 }) {
            0 => _ = self.int(),
            1 => {
                let op = self.choices.of(&[IntOp::Add, IntOp::Sub, IntOp::Mul, IntOp::And, IntOp::Or, IntOp::Xor]);
                let (x, y) = (self.int(), self.int());
                self.push(Inst::IntOp(op, x, y));
            }
            2 => {
                let op = self.choices.of(&[IntOp::FloorDiv, IntOp::Mod]);
                let divisor =
                    self.choices.of(&[1, -1, 2, 3, 7, -7, 641, 1024, 1_000_003, i64::MAX - 1, i64::MAX, i64::MIN]);
                let x = self.int();
                let y = self.push(Inst::ConstInt(divisor));
                self.push(Inst::IntOp(op, x, y));
            }
            3 => {
                let op = self.choices.of(&[IntOp::Shl, IntOp::Sar, IntOp::Shr]);
                let amount = self.choices.below(64) as i64;
                let x = self.int();
                let y = self.push(Inst::ConstInt(amount));
                self.push(Inst::IntOp(op, x, y));
            }
            4 | 5 => {
                let op = self.choices.of(&[IntOp::Add, IntOp::Sub, IntOp::Mul]);
                let (x, y) = (self.small(), self.small());
                let result = self.push(Inst::IntArith(op, x, y));
                let overflow = self.push(Inst::Overflow(op, x, y, result));
                // Where it overflows, the result is any word, so it must not be used there.
                if self.choices.below(2) == 0 {
                    self.push(Inst::Guard(overflow, false, Reason::Rare, STATE));
                } else {
                    self.scope.retain(|v| *v != result);
                }
            }
            6 => {
                let (c, x, y) = (self.choices.of(Cond::ALL), self.int(), self.int());
                self.push(Inst::IntCmp(c, x, y));
            }
            7 => {
                let c = self.choices.of(&[Cond::Eq, Cond::Ne, Cond::Lt, Cond::Le, Cond::Gt, Cond::Ge]);
                let (x, y) = (self.float(), self.float());
                self.push(Inst::FloatCmp(c, x, y));
            }
            8 => {
                let op = self.choices.of(FloatOp::ALL);
                let x = self.float();
                let y = if op.is_unary() { x } else { self.float() };
                self.push(Inst::FloatOp(op, x, y));
            }
            9 => {
                let x = self.int();
                self.push(Inst::IntToFloat(x));
            }
            10 => {
                let x = self.some(Type::Bool);
                self.push(Inst::Not(x));
            }
            11 => {
                let x = self.some(Type::Bool);
                self.push(Inst::BoolToInt(x));
            }
            12 => {
                let x = self.int();
                self.push(Inst::IntFits(x));
            }
            13 => {
                let x = self.small();
                let boxed = self.push(Inst::TagInt(x));
                self.push(Inst::UntagInt(boxed));
            }
            14 => {
                let x = self.some(Type::Bool);
                let boxed = self.push(Inst::TagBool(x));
                self.push(Inst::IsInt(boxed));
                self.push(Inst::UntagBool(boxed));
            }
            16 => {
                let op = self.choices.of(&[IntOp::Add, IntOp::Sub, IntOp::Mul]);
                let (x, y) = (self.int(), self.int());
                let result = self.push(Inst::WordArith(op, x, y));
                let overflow = self.push(Inst::WordOverflow(op, x, y, result));
                if self.choices.below(2) == 0 {
                    self.push(Inst::Guard(overflow, false, Reason::Rare, STATE));
                } else {
                    self.scope.retain(|v| *v != result);
                }
            }
            17 => {
                let x = self.int();
                self.push(Inst::BoxWord(x));
            }
            _ => {
                let (x, y) = (self.some(Type::Tagged), self.some(Type::Tagged));
                self.push(Inst::BothFloat(x, y));
                self.push(Inst::Same(x, y));
            }
        }
    }
}

/// The unit that these numbers describe: blocks that use what the entry defines, their own parameters and their own values. The
/// entry takes one small integer, one float and one truth value. It may run forever. `words`: with integers of any word as values, and one
/// in its frame state.
pub fn arithmetic_unit(numbers: &[u32], words: bool) -> Unit {
    let choices = &mut Choices::new(numbers);
    let mut unit = Unit::new("random", UnitKind::Function, CodeRef(0), 3);
    unit.feedback = VectorRef(0);
    let entry = unit.add_block();
    let arguments: Vec<Ref> = (0..3).map(|r| unit.add_entry(r)).collect();
    let mut b = Builder { choices, unit, block: entry, scope: arguments.clone(), words };
    let function = b.push(Inst::Function());
    let state = FrameState {
        caller: None,
        code: CodeRef(0),
        feedback: VectorRef(0),
        position: 0,
        resume: Resume::Execute,
        offset: 0,
        function,
        registers: List::EMPTY,
    };
    let x = b.push(Inst::UntagInt(arguments[0]));
    let mut registers = vec![(0, arguments[0]), (2, arguments[2])];
    if words {
        let large = b.push(Inst::ConstInt(0x3_0001));
        let large = b.push(Inst::IntOp(IntOp::Mul, x, large));
        // Nothing else may use it.
        registers.insert(1, (1, b.unit.push(b.block, Inst::TagWord(large))));
    }
    b.unit.add_state(state, &registers);
    b.push(Inst::State(STATE));
    b.push(Inst::UntagFloat(arguments[1]));
    b.push(Inst::UntagBool(arguments[2]));
    // The first half of the blocks have no parameters, so branches can lead there.
    let count = 2 + b.choices.below(6);
    let plain = count / 2;
    for i in 0..count {
        let block = b.unit.add_block();
        b.unit.blocks[block.index()].cold = b.choices.below(4) == 0;
        if i >= plain {
            for _ in 0..b.choices.below(4) {
                let ty = b.choices.of(&[Type::I64, Type::F64, Type::Bool, Type::Tagged]);
                b.unit.add_param(block, ty);
            }
        }
    }
    let mut common = Vec::new();
    for i in 0..=count {
        b.block = BlockId(i as u32);
        if i > 0 {
            b.scope = common.clone();
            b.scope.extend(&b.unit.blocks[i].params);
        }
        for _ in 0..b.choices.below(8) {
            b.step();
        }
        if b.choices.below(3) == 0 {
            let (c, expected) = (b.some(Type::Bool), b.choices.below(2) == 0);
            b.push(Inst::Guard(c, expected, Reason::Speculation, STATE));
        }
        end(&mut b, count, plain);
        if i == 0 {
            common.clone_from(&b.scope);
        }
    }
    b.unit
}

fn end(b: &mut Builder<'_, '_>, count: usize, plain: usize) {
    let any = |b: &mut Builder<'_, '_>, n: usize| BlockId(1 + b.choices.below(n) as u32);
    let terminator = match b.choices.below(8) {
        0 | 1 => {
            let v = match b.choices.below(3) {
                0 => {
                    let x = b.small();
                    b.push(Inst::TagInt(x))
                }
                1 => {
                    let x = b.some(Type::Bool);
                    b.push(Inst::TagBool(x))
                }
                _ => {
                    let x = b.float();
                    b.push(Inst::TagFloat(x))
                }
            };
            Terminator::Return(v)
        }
        2 | 3 if plain > 0 => {
            let (c, yes, no) = (b.some(Type::Bool), any(b, plain), any(b, plain));
            Terminator::Branch(c, yes, no)
        }
        _ => {
            let target = any(b, count);
            let types: Vec<Type> = b.unit.block(target).params.iter().map(|v| b.unit.ty(*v)).collect();
            let given: Vec<Ref> = types.into_iter().map(|ty| b.some(ty)).collect();
            Terminator::Jump(target, b.unit.list(&given))
        }
    };
    b.unit.terminate(b.block, terminator);
}
