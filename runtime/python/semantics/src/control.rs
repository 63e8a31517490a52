//! Truth and branches.

use crate::nothing;
use crate::stub::TRUTH;
use vm_api::code::Instruction;
use vm_api::engine::{Cond, Machine, R, bit};
use vm_api::heap::Value;

/// The truth of a value.
#[inline(always)]
pub(crate) fn truth<M: Machine>(m: &M, v: M::Val, i: &Instruction) -> R<M::Bool> {
    if m.spec(m.is_bool(v), i.feedback, bit::INT) {
        return Ok(m.boolean(v));
    }
    if m.spec(m.is_int(v), i.feedback, bit::SECOND) {
        return Ok(m.int_cmp(Cond::Ne, m.int(v), m.int_const(0)));
    }
    if m.spec(m.is_word(v, Value::NONE.bits()), i.feedback, bit::THIRD) {
        return Ok(m.bool_const(false));
    }
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
