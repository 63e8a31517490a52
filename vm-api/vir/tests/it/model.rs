//! A model of random units ([`vm_testkit::backend::arithmetic_unit`]): a second evaluator, written without looking at the first.

use vm_heap::Value;
use vm_vir::{Cond, FloatOp, Inst, IntOp, Ref, Terminator, Unit};

/// What the model computes with.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Word {
    Int(i64),
    Float(f64),
    Bool(bool),
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
        Inst::State(_) | Inst::TagWord(_) => return Any::Nothing,
        Inst::Function() => return Any::Boxed(Tagged::None),
        Inst::ConstInt(x) => Word::Int(x),
        Inst::ConstFloat(x) => Word::Float(x.get()),
        Inst::ConstBool(x) => Word::Bool(x),
        Inst::IntArith(op, x, y) | Inst::IntOp(op, x, y) | Inst::WordArith(op, x, y) => {
            let (x, y) = (int(x), int(y));
            Word::Int(match op {
                IntOp::Add => x + y,
                IntOp::Sub => x - y,
                IntOp::Mul => x * y,
                IntOp::FloorDiv => (x - modulo(x, y)) / y,
                IntOp::Mod => modulo(x, y),
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
        Inst::WordOverflow(op, x, y, _) => {
            let (x, y) = (int(x), int(y));
            let exact = match op {
                IntOp::Add => x + y,
                IntOp::Sub => x - y,
                _ => x * y,
            };
            Word::Bool(exact != i128::from(exact as i64))
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
                FloatOp::Pow => x.powf(y),
            })
        }
        Inst::IntToFloat(x) => Word::Float(int(x) as f64),
        Inst::Not(x) => Word::Bool(!truth(x)),
        Inst::BoolToInt(x) => Word::Int(i64::from(truth(x))),
        Inst::IntFits(x) => Word::Bool(small(int(x))),
        Inst::TagInt(x) => return Any::Boxed(Tagged::Int(int(x) as i64)),
        Inst::BoxWord(x) => {
            let x = int(x);
            // As sandboxes do it.
            return Any::Boxed(if small(x) { Tagged::Int(x as i64) } else { Tagged::Float(x as f64) });
        }
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

/// The remainder with the sign of the divisor.
fn modulo(x: i128, y: i128) -> i128 {
    match x.rem_euclid(y) {
        r if r != 0 && y < 0 => r + y,
        r => r,
    }
}
