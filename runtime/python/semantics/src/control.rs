//! Truth and branches. The inline cache holds the shapes of instances that are always true, since their classes say nothing.

use crate::attributes::{entry, has_shape};
use crate::stub::TRUTH;
use crate::{LAST, nothing};
use python_objects::kind::shape;
use python_objects::{bytes, dict, list, set, string};
use vm_api::code::Instruction;
use vm_api::engine::{Cond, IntOp, Machine, R, bit};
use vm_api::heap::Value;

/// Where containers keep their lengths, and strings theirs in bytes.
const LENGTH: u32 = 8;
const _: () = assert!(list::offset::LENGTH == LENGTH && dict::offset::USED == LENGTH && set::offset::USED == LENGTH);
/// Shapes of these containers follow one another.
const _: () = {
    let row = [shape::TUPLE, shape::LIST, shape::DICT, shape::SET, shape::FROZENSET];
    let mut i = 0;
    while i < row.len() {
        assert!(row[i].0 == shape::TUPLE.0 + i as u32);
        i += 1;
    }
};

/// Is it an exact tuple, list, dictionary, set or frozenset?
#[inline(always)]
fn is_container<M: Machine>(m: &M, p: M::Ptr) -> M::Bool {
    let above = m.int_op(IntOp::Sub, m.shape(p), m.int_const(i64::from(shape::TUPLE.0)));
    m.int_cmp(Cond::ULe, above, m.int_const(i64::from(shape::FROZENSET.0 - shape::TUPLE.0)))
}

/// The truth of a value.
#[inline(always)]
pub(crate) fn truth<M: Machine>(m: &M, v: M::Val, i: &Instruction) -> R<M::Bool> {
    if let Some(x) = m.known_word(v) {
        return Ok(m.int_cmp(Cond::Ne, x, m.int_const(0)));
    }
    if m.spec(m.is_bool(v), i.feedback, bit::INT) {
        return Ok(m.boolean(v));
    }
    if m.spec(m.is_int(v), i.feedback, bit::SECOND) {
        return Ok(m.int_cmp(Cond::Ne, m.int(v), m.int_const(0)));
    }
    if m.spec(m.is_word(v, Value::NONE.bits()), i.feedback, bit::THIRD) {
        return Ok(m.bool_const(false));
    }
    if m.spec(m.is_object(v), i.feedback, bit::FOURTH | bit::FIFTH | bit::FLOAT | bit::OBJECT) {
        let p = m.ptr(v);
        if m.spec(is_container(m, p), i.feedback, bit::FOURTH) {
            return Ok(m.int_cmp(Cond::Ne, m.load_word(p, LENGTH), m.int_const(0)));
        }
        if m.spec(has_shape(m, p, shape::STR), i.feedback, bit::FIFTH) {
            return Ok(m.int_cmp(Cond::Ne, m.load_word(p, LENGTH), m.int_const(string::EMPTY_BYTES)));
        }
        if m.spec(has_shape(m, p, shape::BYTES), i.feedback, bit::FLOAT) {
            return Ok(m.int_cmp(Cond::Ne, m.load_word(p, bytes::offset::SIZE), m.int_const(bytes::offset::EMPTY)));
        }
        // The bit says that there are such instances beside others.
        if m.spec(m.bool_const(true), i.feedback, bit::OBJECT) && entry(m, i, p).is_some() {
            return Ok(m.bool_const(true));
        }
    }
    m.meet(LAST)?;
    Ok(m.boolean(m.stub(&TRUTH, [v, nothing(m), nothing(m)], 0, i.feedback)?))
}

/// Jumps if the truth of `a` is `when`.
#[inline(always)]
pub(crate) fn jump_if<M: Machine>(m: &M, i: &Instruction, when: bool) -> R {
    if m.test(truth(m, m.get(i.a), i)?) == when {
        m.jump(i.d);
    }
    Ok(())
}

/// Jumps on a condition.
#[inline(always)]
pub(crate) fn jump_when<M: Machine>(m: &M, i: &Instruction, c: M::Bool) {
    if m.test(c) {
        m.jump(i.d);
    }
}

/// The first of a pair knows: skips the branch behind it, or goes where that would go.
#[inline(always)]
pub(crate) fn taken<M: Machine>(m: &M, i: &Instruction, holds: bool) {
    m.jump(if holds { 1 } else { i.d });
}

/// Goes on unless the truth of `b` is `when`.
#[inline(always)]
pub(crate) fn branch<M: Machine>(m: &M, i: &Instruction, when: bool) -> R {
    let c = truth(m, m.get(i.b), i)?;
    taken(m, i, m.test(c) == when);
    Ok(())
}
