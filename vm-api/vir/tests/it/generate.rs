//! Random units together with a model of them: a second evaluator, written without looking at the first.

use vm_heap::Value;
use vm_vir::{
    BlockId, CodeRef, Cond, FloatOp, FrameState, Inst, IntOp, List, Reason, Ref, Resume, Terminator, Type, Unit,
    UnitKind, VectorRef,
};

/// A source of decisions: numbers that a test framework can shrink. Zeros when it runs dry.
pub(crate) struct Choices<'c> {
    numbers: std::slice::Iter<'c, u32>,
}

impl<'c> Choices<'c> {
    pub(crate) fn new(numbers: &'c [u32]) -> Choices<'c> {
        Choices { numbers: numbers.iter() }
    }
    pub(crate) fn next(&mut self) -> u32 {
        self.numbers.next().copied().unwrap_or(0)
    }
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.next() as usize % n.max(1)
    }
    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

/// What the model computes with.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Word {
    Int(i64),
    Float(f64),
    Bool(bool),
}

/// A generated unit. The entry takes one small integer, one float and one truth value.
pub(crate) struct Generated {
    pub(crate) unit: Unit,
}

const INTS: [i64; 10] = [0, 1, -1, 2, 7, 63, 1 << 40, i64::MAX, i64::MIN, -(1 << 49)];
const FLOATS: [f64; 6] = [0.0, -0.0, 1.5, -2.5, 1e300, f64::INFINITY];

struct Builder<'a, 'c> {
    choices: &'a mut Choices<'c>,
    unit: Unit,
    block: BlockId,
    /// Values that may be used here.
    scope: Vec<Ref>,
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
        self.push(Inst::IntOp(IntOp::Sar, x, shift))
    }
    fn step(&mut self) {
        match self.choices.below(16) {
            0 => _ = self.int(),
            1 => {
                let op = self.choices.of(&[IntOp::Add, IntOp::Sub, IntOp::Mul, IntOp::And, IntOp::Or, IntOp::Xor]);
                let (x, y) = (self.int(), self.int());
                self.push(Inst::IntOp(op, x, y));
            }
            2 => {
                let op = self.choices.of(&[IntOp::Div, IntOp::Rem]);
                let divisor = self.choices.of(&[1, -1, 3, -7, i64::MAX, i64::MIN]);
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
                self.push(Inst::Overflow(op, x, y, result));
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
            _ => {
                let (x, y) = (self.some(Type::Tagged), self.some(Type::Tagged));
                self.push(Inst::BothFloat(x, y));
                self.push(Inst::Same(x, y));
            }
        }
    }
}

/// Makes a unit: blocks that use what the entry defines, their own parameters and their own values.
pub(crate) fn generate(choices: &mut Choices<'_>) -> Generated {
    let mut unit = Unit::new("random", UnitKind::Function, CodeRef(0), 3);
    unit.feedback = VectorRef(0);
    let entry = unit.add_block();
    let arguments: Vec<Ref> = (0..3).map(|r| unit.add_entry(r)).collect();
    let mut b = Builder { choices, unit, block: entry, scope: arguments.clone() };
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
    let state = b.unit.add_state(state, &[(0, arguments[0]), (2, arguments[2])]);
    b.push(Inst::State(state));
    b.push(Inst::UntagInt(arguments[0]));
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
            b.push(Inst::Guard(c, expected, Reason::Speculation, state));
        }
        end(&mut b, count, plain);
        if i == 0 {
            common.clone_from(&b.scope);
        }
    }
    Generated { unit: b.unit }
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

/// How the model ends.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum End {
    Return(Tagged),
    Exit,
    OutOfFuel,
}

/// A tagged value of the model's.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Tagged {
    Int(i64),
    Float(f64),
    Bool(bool),
    /// What the sandbox gives as the running function.
    None,
}

impl Tagged {
    pub(crate) fn value(self) -> Value {
        match self {
            Tagged::Int(x) => Value::int(x),
            Tagged::Float(x) => Value::float(x),
            Tagged::Bool(x) => Value::bool(x),
            Tagged::None => Value::NONE,
        }
    }
}

/// Model values: raw or tagged.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Any {
    Raw(Word),
    Boxed(Tagged),
    Nothing,
}

/// Runs the model, with the evaluator's accounting of steps.
pub(crate) fn model(unit: &Unit, arguments: [Tagged; 3], mut fuel: u64) -> End {
    let mut values = vec![Any::Nothing; unit.insts.len()];
    for (v, a) in unit.blocks[0].params.iter().zip(arguments) {
        values[v.index()] = Any::Boxed(a);
    }
    let mut at = 0;
    loop {
        let block = &unit.blocks[at];
        let cost = block.insts.len() as u64 + 1;
        if fuel < cost {
            return End::OutOfFuel;
        }
        fuel -= cost;
        for v in &block.insts {
            if let Inst::Guard(c, expected, ..) = unit.inst(*v) {
                if values[c.index()] != Any::Raw(Word::Bool(expected)) {
                    return End::Exit;
                }
                continue;
            }
            values[v.index()] = compute(&unit.inst(*v), &values);
        }
        match block.terminator {
            Terminator::Return(v) => match values[v.index()] {
                Any::Boxed(x) => return End::Return(x),
                other => panic!("{other:?} is returned"),
            },
            Terminator::Branch(c, yes, no) => {
                at = if values[c.index()] == Any::Raw(Word::Bool(true)) { yes.index() } else { no.index() };
            }
            Terminator::Jump(target, list) => {
                let given: Vec<Any> = unit.operands(list).iter().map(|v| values[v.index()]).collect();
                at = target.index();
                unit.blocks[at].params.iter().zip(given).for_each(|(p, x)| values[p.index()] = x);
            }
            other => panic!("{other:?} is not generated"),
        }
    }
}

fn compute(inst: &Inst, values: &[Any]) -> Any {
    let int = |v: Ref| match values[v.index()] {
        Any::Raw(Word::Int(x)) => i128::from(x),
        other => panic!("{other:?} is no integer"),
    };
    let float = |v: Ref| match values[v.index()] {
        Any::Raw(Word::Float(x)) => x,
        other => panic!("{other:?} is no float"),
    };
    let truth = |v: Ref| values[v.index()] == Any::Raw(Word::Bool(true));
    let boxed = |v: Ref| match values[v.index()] {
        Any::Boxed(x) => x,
        other => panic!("{other:?} is not tagged"),
    };
    let small = |x: i128| (-(1i128 << 49)..1 << 49).contains(&x);
    let unsigned = |x: i128| x.rem_euclid(1 << 64);
    Any::Raw(match *inst {
        Inst::State(_) => return Any::Nothing,
        Inst::Function() => return Any::Boxed(Tagged::None),
        Inst::ConstInt(x) => Word::Int(x),
        Inst::ConstFloat(x) => Word::Float(x.get()),
        Inst::ConstBool(x) => Word::Bool(x),
        Inst::IntArith(op, x, y) | Inst::IntOp(op, x, y) => {
            let (x, y) = (int(x), int(y));
            Word::Int(match op {
                IntOp::Add => x + y,
                IntOp::Sub => x - y,
                IntOp::Mul => x * y,
                IntOp::Div => x / y,
                IntOp::Rem => x % y,
                IntOp::And => x & y,
                IntOp::Or => x | y,
                IntOp::Xor => x ^ y,
                IntOp::Shl => x << y,
                IntOp::Sar => x.div_euclid(1 << y),
                IntOp::Shr => unsigned(x) / (1 << y),
            } as i64)
        }
        Inst::Overflow(op, x, y, _) => {
            let (x, y) = (int(x), int(y));
            Word::Bool(!small(match op {
                IntOp::Add => x + y,
                IntOp::Sub => x - y,
                _ => x * y,
            }))
        }
        Inst::IntCmp(c, x, y) => {
            let (x, y) = (int(x), int(y));
            Word::Bool(match c {
                Cond::Eq => x == y,
                Cond::Ne => x != y,
                Cond::Lt => x < y,
                Cond::Le => x <= y,
                Cond::Gt => y < x,
                Cond::Ge => y <= x,
                Cond::ULt => unsigned(x) < unsigned(y),
                Cond::ULe => unsigned(x) <= unsigned(y),
            })
        }
        Inst::FloatCmp(c, x, y) => {
            let order = float(x).partial_cmp(&float(y));
            Word::Bool(match c {
                Cond::Eq => order.is_some_and(|o| o.is_eq()),
                Cond::Ne => !order.is_some_and(|o| o.is_eq()),
                Cond::Lt => order.is_some_and(|o| o.is_lt()),
                Cond::Le => order.is_some_and(|o| o.is_le()),
                Cond::Gt => order.is_some_and(|o| o.is_gt()),
                _ => order.is_some_and(|o| o.is_ge()),
            })
        }
        Inst::FloatOp(op, x, y) => {
            let (x, y) = (float(x), float(y));
            Word::Float(match op {
                FloatOp::Add => x + y,
                FloatOp::Sub => x - y,
                FloatOp::Mul => x * y,
                FloatOp::Div => x / y,
                FloatOp::Neg => f64::from_bits(x.to_bits() ^ 1 << 63),
                FloatOp::Abs => f64::from_bits(x.to_bits() & !(1 << 63)),
                FloatOp::Sqrt => x.sqrt(),
                FloatOp::Floor => x.floor(),
            })
        }
        Inst::IntToFloat(x) => Word::Float(int(x) as f64),
        Inst::Not(x) => Word::Bool(!truth(x)),
        Inst::BoolToInt(x) => Word::Int(i64::from(truth(x))),
        Inst::IntFits(x) => Word::Bool(small(int(x))),
        Inst::TagInt(x) => return Any::Boxed(Tagged::Int(int(x) as i64)),
        Inst::TagFloat(x) => return Any::Boxed(Tagged::Float(float(x))),
        Inst::TagBool(x) => return Any::Boxed(Tagged::Bool(truth(x))),
        Inst::UntagInt(v) | Inst::UntagFloat(v) | Inst::UntagBool(v) => match boxed(v) {
            Tagged::Int(x) => Word::Int(x),
            Tagged::Float(x) => Word::Float(x),
            Tagged::Bool(x) => Word::Bool(x),
            Tagged::None => panic!("nothing to untag"),
        },
        Inst::IsInt(v) => Word::Bool(matches!(boxed(v), Tagged::Int(_))),
        Inst::BothFloat(v, w) => Word::Bool(matches!((boxed(v), boxed(w)), (Tagged::Float(_), Tagged::Float(_)))),
        Inst::Same(v, w) => Word::Bool(boxed(v).value() == boxed(w).value()),
        other => panic!("{other:?} is not generated"),
    })
}
