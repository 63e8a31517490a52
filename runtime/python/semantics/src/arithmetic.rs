//! Operators: integers and floats inline, everything else by stub.

use crate::{LAST, nothing, to};
use vm_api::code::Instruction;
use vm_api::engine::{Cond, FixedCallStub, FloatOp, IntOp, Machine, R, bit};
use vm_api::heap::Value;

/// Both operands as doubles, unless both are integers or one is no number.
#[inline(always)]
pub(crate) fn floats<M: Machine>(m: &M, a: M::Val, b: M::Val, feedback: u32) -> Option<(M::Flt, M::Flt)> {
    if m.spec(m.both_float(a, b), feedback, bit::FLOAT) {
        Some((m.float(a), m.float(b)))
    } else if m.spec(m.is_float(a), feedback, bit::SECOND) && m.spec(m.is_int(b), feedback, bit::SECOND) {
        Some((m.float(a), m.int_to_float(m.int(b))))
    } else if m.spec(m.is_int(a), feedback, bit::THIRD) && m.spec(m.is_float(b), feedback, bit::THIRD) {
        Some((m.int_to_float(m.int(a)), m.float(b)))
    } else {
        None
    }
}

/// Any operator by stub: the immediate is its number in `python_objects::operator::BINARY`.
#[inline(always)]
pub(crate) fn general<M: Machine>(m: &M, i: &Instruction, b: M::Val, slow: &'static FixedCallStub, op: i32) -> R {
    m.meet(LAST)?;
    m.call_stub_fixed(slow, [m.get(i.b), b, nothing(m)], op, i.a, i.feedback)
}

/// `a` = the integer, unless it is too large for a small one: then the stub must compute it.
#[inline(always)]
fn fits<M: Machine>(m: &M, i: &Instruction, r: M::Int, over: M::Bool) -> bool {
    let fits = !m.rare(over, i.feedback, bit::RARE);
    if fits {
        m.set(i.a, m.make_int(r));
    }
    fits
}

/// `+`, `-`, `*`
#[inline(always)]
pub(crate) fn checked<M: Machine>(
    m: &M,
    i: &Instruction,
    int: IntOp,
    float: FloatOp,
    b: M::Val,
    slow: &'static FixedCallStub,
    op: i32,
) -> R {
    let a = m.get(i.b);
    if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        let (r, over) = m.int_arith(int, m.int(a), m.int(b));
        if fits(m, i, r, over) {
            return Ok(());
        }
    } else if let Some((x, y)) = floats(m, a, b, i.feedback) {
        m.set(i.a, m.make_float(m.float_op(float, x, y)));
        return Ok(());
    }
    general(m, i, b, slow, op)
}

/// `/`: small integers are exact as doubles, so that one division rounds correctly.
#[inline(always)]
pub(crate) fn true_divide<M: Machine>(m: &M, i: &Instruction, b: M::Val, slow: &'static FixedCallStub) -> R {
    let a = m.get(i.b);
    let operands = if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        Some((m.int_to_float(m.int(a)), m.int_to_float(m.int(b))))
    } else {
        floats(m, a, b, i.feedback)
    };
    if let Some((x, y)) = operands
        && !m.rare(m.float_cmp(Cond::Eq, y, m.float_const(0.0)), i.feedback, bit::RARE)
    {
        m.set(i.a, m.make_float(m.float_op(FloatOp::Div, x, y)));
        return Ok(());
    }
    general(m, i, b, slow, 4)
}

/// `%` of integers: the remainder with the divisor's sign.
#[inline(always)]
pub(crate) fn modulo<M: Machine>(m: &M, i: &Instruction, b: M::Val, slow: &'static FixedCallStub) -> R {
    let a = m.get(i.b);
    if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        let (x, y, zero) = (m.int(a), m.int(b), m.int_const(0));
        if !m.rare(m.int_cmp(Cond::Eq, y, zero), i.feedback, bit::RARE) {
            let r = m.int_op(IntOp::Rem, x, y);
            // The signs differ if and only if the exclusive or is negative; a remainder of zero is right as it is.
            if m.test(m.int_cmp(Cond::Lt, m.int_op(IntOp::Xor, r, y), zero)) && m.test(m.int_cmp(Cond::Ne, r, zero)) {
                m.set(i.a, m.make_int(m.int_op(IntOp::Add, r, y)));
            } else {
                m.set(i.a, m.make_int(r));
            }
            return Ok(());
        }
    }
    general(m, i, b, slow, 5)
}

/// `//` of integers.
#[inline(always)]
pub(crate) fn floor_divide<M: Machine>(m: &M, i: &Instruction, b: M::Val, slow: &'static FixedCallStub) -> R {
    let a = m.get(i.b);
    if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        let (x, y, zero) = (m.int(a), m.int(b), m.int_const(0));
        if !m.rare(m.int_cmp(Cond::Eq, y, zero), i.feedback, bit::RARE) {
            let (q, r) = (m.int_op(IntOp::Div, x, y), m.int_op(IntOp::Rem, x, y));
            let q = if m.test(m.int_cmp(Cond::Lt, m.int_op(IntOp::Xor, r, y), zero))
                && m.test(m.int_cmp(Cond::Ne, r, zero))
            {
                m.int_op(IntOp::Sub, q, m.int_const(1))
            } else {
                q
            };
            // Only the smallest integer divided by -1 leaves the range.
            if fits(m, i, q, m.not(m.int_fits(q))) {
                return Ok(());
            }
        }
    }
    general(m, i, b, slow, 12)
}

/// `**`: a square inline, and positive floats to the power of floats, of which none raises but by its infinite result; the rest by stub.
#[inline(always)]
pub(crate) fn power<M: Machine>(m: &M, i: &Instruction, b: M::Val, slow: &'static FixedCallStub) -> R {
    let a = m.get(i.b);
    if m.spec(m.is_word(b, Value::int(2).bits()), i.feedback, bit::INT) {
        if m.spec(m.is_float(a), i.feedback, bit::FLOAT) {
            let x = m.float(a);
            let r = m.float_op(FloatOp::Mul, x, x);
            // An infinite square is an OverflowError unless the operand was infinite: let the stub tell.
            if !m.rare(m.not(m.float_cmp(Cond::Lt, r, m.float_const(f64::INFINITY))), i.feedback, bit::RARE) {
                m.set(i.a, m.make_float(r));
                return Ok(());
            }
        } else if m.spec(m.is_int(a), i.feedback, bit::INT) {
            let (r, over) = m.int_arith(IntOp::Mul, m.int(a), m.int(a));
            if fits(m, i, r, over) {
                return Ok(());
            }
        }
    } else if let Some((x, y)) = floats(m, a, b, i.feedback)
        && !m.rare(m.not(m.float_cmp(Cond::Gt, x, m.float_const(0.0))), i.feedback, bit::RARE)
    {
        let r = m.float_op(FloatOp::Pow, x, y);
        if !m.rare(m.not(m.float_cmp(Cond::Lt, r, m.float_const(f64::INFINITY))), i.feedback, bit::RARE) {
            m.set(i.a, m.make_float(r));
            return Ok(());
        }
    }
    general(m, i, b, slow, 6)
}

/// `<<` by few bits, so that the result fits a word.
#[inline(always)]
pub(crate) fn shift_left<M: Machine>(m: &M, i: &Instruction, b: M::Val, slow: &'static FixedCallStub) -> R {
    let a = m.get(i.b);
    if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        let (x, y) = (m.int(a), m.int(b));
        let few = m.int_const(14);
        if !m.rare(m.int_cmp(Cond::Lt, y, m.int_const(0)), i.feedback, bit::RARE)
            && !m.rare(m.int_cmp(Cond::Ge, y, few), i.feedback, bit::RARE)
        {
            let r = m.int_op(IntOp::Shl, x, y);
            if fits(m, i, r, m.not(m.int_fits(r))) {
                return Ok(());
            }
        }
    }
    general(m, i, b, slow, 7)
}

/// `>>`
#[inline(always)]
pub(crate) fn shift_right<M: Machine>(m: &M, i: &Instruction, b: M::Val, slow: &'static FixedCallStub) -> R {
    let a = m.get(i.b);
    if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        let (x, y) = (m.int(a), m.int(b));
        if !m.rare(m.int_cmp(Cond::Lt, y, m.int_const(0)), i.feedback, bit::RARE)
            && !m.rare(m.int_cmp(Cond::Ge, y, m.int_const(64)), i.feedback, bit::RARE)
        {
            m.set(i.a, m.make_int(m.int_op(IntOp::Sar, x, y)));
            return Ok(());
        }
    }
    general(m, i, b, slow, 8)
}

/// `&`, `|`, `^`
#[inline(always)]
pub(crate) fn bitwise<M: Machine>(
    m: &M,
    i: &Instruction,
    int: IntOp,
    b: M::Val,
    slow: &'static FixedCallStub,
    op: i32,
) -> R {
    let a = m.get(i.b);
    if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        m.set(i.a, m.make_int(m.int_op(int, m.int(a), m.int(b))));
        return Ok(());
    }
    general(m, i, b, slow, op)
}

/// `-a`
#[inline(always)]
pub(crate) fn negate<M: Machine>(m: &M, i: &Instruction) -> R {
    let a = m.get(i.b);
    if m.spec(m.is_int(a), i.feedback, bit::INT) {
        let (r, over) = m.int_arith(IntOp::Sub, m.int_const(0), m.int(a));
        if fits(m, i, r, over) {
            return Ok(());
        }
    } else if m.spec(m.is_float(a), i.feedback, bit::FLOAT) {
        let x = m.float(a);
        m.set(i.a, m.make_float(m.float_op(FloatOp::Neg, x, x)));
        return Ok(());
    }
    m.meet(LAST)?;
    to(m, i, &crate::stub::UNARY, [a, nothing(m), nothing(m)], 0)
}

/// `~a`
#[inline(always)]
pub(crate) fn invert<M: Machine>(m: &M, i: &Instruction) -> R {
    let a = m.get(i.b);
    if m.spec(m.is_int(a), i.feedback, bit::INT) {
        m.set(i.a, m.make_int(m.int_op(IntOp::Xor, m.int(a), m.int_const(-1))));
        return Ok(());
    }
    m.meet(LAST)?;
    to(m, i, &crate::stub::UNARY, [a, nothing(m), nothing(m)], 2)
}
