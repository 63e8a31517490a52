//! Comparisons and containment, alone and fused with a branch.
//!
//! The inline cache of a comparison holds the shapes of instances whose classes leave `==` and `!=` to `object`.

use crate::arithmetic::{self, floats};
use crate::attributes::{entry, has_shape};
use crate::control::taken;
use crate::stub::{COMPARE, CONTAINS};
use crate::tables::{Keys, Probed, in_dict, in_set};
use crate::{LAST, nothing, to};
use python_objects::kind::shape;
use python_objects::list;
use vm_api::code::Instruction;
use vm_api::engine::{Cond, IntOp, Machine, R, bit};

/// The conditions of the six comparisons, in the order of their opcodes.
const CONDITIONS: [Cond; 6] = [Cond::Lt, Cond::Le, Cond::Eq, Cond::Ne, Cond::Gt, Cond::Ge];

/// Where paths meet on which the operands are not both numbers.
const NO_NUMBERS: u32 = arithmetic::BEHIND_WORDS;

/// The answer, if both are numbers, or if equality is asked for of what is compared by identity.
#[inline(always)]
fn quick<M: Machine>(m: &M, i: &Instruction, op: u16, a: M::Val, b: M::Val) -> R<Option<M::Bool>> {
    let c = CONDITIONS[usize::from(op)];
    if let Some((x, y)) = arithmetic::words(m, i, a, b)? {
        return Ok(Some(m.int_cmp(c, x, y)));
    }
    if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        return Ok(Some(m.int_cmp(c, m.int(a), m.int(b))));
    }
    if let Some((x, y)) = floats(m, a, b, i.feedback) {
        return Ok(Some(m.float_cmp(c, x, y)));
    }
    m.meet(NO_NUMBERS)?;
    let same = match c {
        Cond::Eq | Cond::Ne => same_instance(m, i, a, b),
        _ => None,
    };
    Ok(same.map(|same| if c == Cond::Eq { same } else { m.not(same) }))
}

/// Are they the same, if `a` is compared by identity and so is `b`, or it is no object?
#[inline(always)]
fn same_instance<M: Machine>(m: &M, i: &Instruction, a: M::Val, b: M::Val) -> Option<M::Bool> {
    if !m.spec(m.is_object(a), i.feedback, seen::WITH_INSTANCE | seen::WITH_OTHER) {
        return None;
    }
    entry(m, i, m.ptr(a))?;
    if m.spec(m.is_object(b), i.feedback, seen::WITH_INSTANCE) {
        entry(m, i, m.ptr(b))?;
        return Some(m.same(a, b));
    }
    // Numbers and constants know nothing of such an instance.
    m.spec(m.not(m.is_object(b)), i.feedback, seen::WITH_OTHER).then(|| m.bool_const(false))
}

/// `a = b op c`
#[inline(always)]
pub(crate) fn compare<M: Machine>(m: &M, i: &Instruction, op: u16, b: M::Val) -> R {
    let a = m.get(i.b);
    match quick(m, i, op, a, b)? {
        Some(c) => {
            m.set(i.a, m.make_bool(c));
            Ok(())
        }
        None => {
            m.meet(LAST)?;
            m.call_stub_fixed(&COMPARE, [a, b, nothing(m)], i32::from(op), i.a, i.feedback)
        }
    }
}

/// Goes on unless `b op c`, which `jump_if_false` decides if the answer is no truth value.
#[inline(always)]
pub(crate) fn branch<M: Machine>(m: &M, i: &Instruction, op: u16, b: M::Val) -> R {
    let a = m.get(i.b);
    match quick(m, i, op, a, b)? {
        Some(c) => {
            taken(m, i, m.test(c));
            Ok(())
        }
        None => {
            m.meet(LAST)?;
            m.call_stub_fixed(&COMPARE, [a, b, nothing(m)], i32::from(op), i.a, i.feedback)
        }
    }
}

/// Items of a list or tuple that are looked at.
const FEW: i64 = 4;

/// Bits of the feedback of comparisons and of containment.
pub(crate) mod seen {
    use super::{Keys, bit};
    /// An instance was compared by identity with another one.
    pub(crate) const WITH_INSTANCE: u32 = bit::FOURTH;
    /// The same with what is no object.
    pub(crate) const WITH_OTHER: u32 = bit::FIFTH;
    pub(super) const LIST: u32 = bit::SECOND;
    pub(super) const TUPLE: u32 = bit::THIRD;
    pub(super) const DICT: Keys = Keys { int: bit::FOURTH, str: bit::FIFTH };
    pub(super) const SET: Keys = Keys { int: bit::SIXTH, str: bit::SEVENTH };
    /// Any container; with the bit that a failed guard leaves: integers are none.
    pub(super) const ANY: u32 = LIST | TUPLE | DICT.any() | SET.any() | bit::INT;
}
const _: () = assert!(shape::FROZENSET.0 == shape::SET.0 + 1);

/// Is it an exact set or frozenset?
#[inline(always)]
fn is_set<M: Machine>(m: &M, p: M::Ptr) -> M::Bool {
    m.int_cmp(Cond::ULe, m.int_op(IntOp::Sub, m.shape(p), m.int_const(i64::from(shape::SET.0))), m.int_const(1))
}

/// Is `item` in the container? `None`: ask the stub.
#[inline(always)]
fn contained<M: Machine>(m: &M, i: &Instruction, item: M::Val, container: M::Val) -> R<Option<bool>> {
    if !m.spec(m.is_object(container), i.feedback, seen::ANY) {
        return Ok(None);
    }
    let p = m.ptr(container);
    if m.spec(has_shape(m, p, shape::DICT), i.feedback, seen::DICT.any()) {
        return Ok(in_dict(m, i, p, item, seen::DICT)?.map(|found| matches!(found, Probed::At(..))));
    }
    if m.spec(is_set(m, p), i.feedback, seen::SET.any()) {
        return Ok(in_set(m, i, p, item, seen::SET)?.map(|found| matches!(found, Probed::At(..))));
    }
    let (array, length) = if m.spec(has_shape(m, p, shape::LIST), i.feedback, seen::LIST) {
        let items = m.load(p, list::offset::ITEMS);
        if !m.test(m.is_object(items)) {
            return Ok(Some(false));
        }
        (m.ptr(items), m.load_word(p, list::offset::LENGTH))
    } else if m.spec(has_shape(m, p, shape::TUPLE), i.feedback, seen::TUPLE) {
        (p, m.load_word(p, 8))
    } else {
        return Ok(None);
    };
    // A float need not equal itself; other values may be equal without being the same.
    if m.test(m.is_float(item)) {
        return Ok(None);
    }
    for k in 0..FEW {
        let k = m.int_const(k);
        if m.test(m.int_cmp(Cond::Ge, k, length)) {
            return Ok(Some(false));
        }
        let v = m.load_element(array, k);
        if m.test(m.same(v, item)) {
            return Ok(Some(true));
        }
        if !m.test(m.both_int(v, item)) {
            return Ok(None);
        }
    }
    Ok(None)
}

/// `a = b in c` (`not in` for `negated` 1)
#[inline(always)]
pub(crate) fn contains<M: Machine>(m: &M, i: &Instruction, c: M::Val, negated: i32) -> R {
    let item = m.get(i.b);
    if let Some(found) = contained(m, i, item, c)? {
        m.set(i.a, m.make_bool(m.bool_const(found == (negated == 0))));
        return Ok(());
    }
    m.meet(LAST)?;
    to(m, i, &CONTAINS, [item, c, nothing(m)], negated)
}

/// Goes on unless `b in c` (`not in` for `negated` 1).
#[inline(always)]
pub(crate) fn branch_contains<M: Machine>(m: &M, i: &Instruction, c: M::Val, negated: i32) -> R {
    let item = m.get(i.b);
    if let Some(found) = contained(m, i, item, c)? {
        taken(m, i, found == (negated == 0));
        return Ok(());
    }
    m.meet(LAST)?;
    to(m, i, &CONTAINS, [item, c, nothing(m)], negated)
}
