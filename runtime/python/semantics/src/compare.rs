//! Comparisons and containment, alone and fused with a branch.

use crate::arithmetic::floats;
use crate::attributes::has_shape;
use crate::control::taken;
use crate::stub::{COMPARE, CONTAINS};
use crate::tables::{Probed, in_dict, in_set};
use crate::{nothing, to};
use python_objects::kind::shape;
use python_objects::list;
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

/// Items of a list or tuple that are looked at.
const FEW: i64 = 4;

/// Is `item` in the container? `None`: ask the stub.
#[inline(always)]
fn contained<M: Machine>(m: &M, i: &Instruction, item: M::Val, container: M::Val) -> Option<bool> {
    if !m.spec(m.is_object(container), i.feedback, bit::OBJECT) {
        return None;
    }
    let p = m.ptr(container);
    if m.spec(has_shape(m, p, shape::DICT), i.feedback, bit::FLOAT) {
        return in_dict(m, i, p, item).map(|found| matches!(found, Probed::At(..)));
    }
    if m.spec(has_shape(m, p, shape::SET), i.feedback, bit::FLOAT)
        || m.spec(has_shape(m, p, shape::FROZENSET), i.feedback, bit::FLOAT)
    {
        return in_set(m, i, p, item).map(|found| matches!(found, Probed::At(..)));
    }
    let (array, length) = if m.spec(has_shape(m, p, shape::LIST), i.feedback, bit::SECOND) {
        let items = m.load(p, list::offset::ITEMS);
        if !m.test(m.is_object(items)) {
            return Some(false);
        }
        (m.ptr(items), m.load_word(p, list::offset::LENGTH))
    } else if m.spec(has_shape(m, p, shape::TUPLE), i.feedback, bit::SECOND) {
        (p, m.load_word(p, 8))
    } else {
        return None;
    };
    // A float need not equal itself; other values may be equal without being the same.
    if m.test(m.is_float(item)) {
        return None;
    }
    for k in 0..FEW {
        let k = m.int_const(k);
        if m.test(m.int_cmp(Cond::Ge, k, length)) {
            return Some(false);
        }
        let v = m.load_element(array, k);
        if m.test(m.same(v, item)) {
            return Some(true);
        }
        if !m.test(m.both_int(v, item)) {
            return None;
        }
    }
    None
}

/// `a = b in c` (`not in` for `negated` 1)
#[inline(always)]
pub(crate) fn contains<M: Machine>(m: &M, i: &Instruction, c: M::Val, negated: i32) -> R {
    let item = m.get(i.b);
    if let Some(found) = contained(m, i, item, c) {
        m.set(i.a, m.make_bool(m.bool_const(found == (negated == 0))));
        return Ok(());
    }
    to(m, i, &CONTAINS, [item, c, nothing(m)], negated)
}

/// Goes on unless `b in c` (`not in` for `negated` 1).
#[inline(always)]
pub(crate) fn branch_contains<M: Machine>(m: &M, i: &Instruction, c: M::Val, negated: i32) -> R {
    let item = m.get(i.b);
    if let Some(found) = contained(m, i, item, c) {
        taken(m, i, found == (negated == 0));
        return Ok(());
    }
    to(m, i, &CONTAINS, [item, c, nothing(m)], negated)
}
