//! Comparisons, alone and fused with a branch.

use crate::arithmetic::floats;
use crate::control::taken;
use crate::nothing;
use crate::stub::{COMPARE, CONTAINS};
use vm_api::code::Instruction;
use vm_api::engine::{Cond, Machine, R, bit};

/// The conditions of the six comparisons, in the order of their opcodes.
const CONDITIONS: [Cond; 6] = [Cond::Lt, Cond::Le, Cond::Eq, Cond::Ne, Cond::Gt, Cond::Ge];

/// The answer, if both are numbers.
#[inline(always)]
fn quick<M: Machine>(m: &M, feedback: u32, op: u16, a: M::Val, b: M::Val) -> Option<M::Bool> {
    let c = CONDITIONS[usize::from(op)];
    if m.spec(m.both_int(a, b), feedback, bit::INT) {
        return Some(m.int_cmp(c, m.int(a), m.int(b)));
    }
    floats(m, a, b, feedback).map(|(x, y)| m.float_cmp(c, x, y))
}

/// `a = b op c`
#[inline(always)]
pub(crate) fn compare<M: Machine>(m: &M, i: &Instruction, op: u16, b: M::Val) -> R {
    let a = m.get(i.b);
    match quick(m, i.feedback, op, a, b) {
        Some(c) => {
            m.set(i.a, m.make_bool(c));
            Ok(())
        }
        None => m.call_stub_fixed(&COMPARE, [a, b, nothing(m)], i32::from(op), i.a, i.feedback),
    }
}

/// Goes on unless `b op c`, which `jump_if_false` decides if the answer is no truth value.
#[inline(always)]
pub(crate) fn branch<M: Machine>(m: &M, i: &Instruction, op: u16, b: M::Val) -> R {
    let a = m.get(i.b);
    match quick(m, i.feedback, op, a, b) {
        Some(c) => {
            taken(m, i, m.test(c));
            Ok(())
        }
        None => m.call_stub_fixed(&COMPARE, [a, b, nothing(m)], i32::from(op), i.a, i.feedback),
    }
}

/// Goes on unless `b in c` (`not in` for `negated` 1).
#[inline(always)]
pub(crate) fn branch_contains<M: Machine>(m: &M, i: &Instruction, c: M::Val, negated: i32) -> R {
    let r = m.stub(&CONTAINS, [m.get(i.b), c, nothing(m)], negated, i.feedback)?;
    m.set(i.a, r);
    Ok(())
}
