//! Operators: integers and floats inline, everything else by stub.
//!
//! Integers that are not small but fit a word are computed with as words by engines that can keep them so, where the stub has seen them
//! and nothing else ([`seen`]).

use crate::{LAST, nothing, to};
use vm_api::code::Instruction;
use vm_api::engine::{Cond, FixedCallStub, FloatOp, IntOp, Machine, R, bit};
use vm_api::heap::Value;
use vm_api::heap::value::INT_MAX;

/// Bits of the feedback of operators and comparisons of numbers.
pub(crate) mod seen {
    use vm_api::engine::bit;
    /// Integers that fit words, with a result that does, not all of them small: by the stub.
    pub(crate) const WORDS: u32 = bit::EIGHTH;
    /// Anything else by the stub, where it had been words.
    pub(crate) const NO_WORDS: u32 = bit::NINTH;
    /// What other kinds of numbers leave.
    pub(super) const OTHER_NUMBERS: u32 = bit::FLOAT | bit::SECOND | bit::THIRD;
}

/// Where paths meet on which an operand is a small integer or a larger word.
const FIRST_WORD: u32 = 0;
const SECOND_WORD: u32 = 1;
/// The first place behind those.
pub(crate) const BEHIND_WORDS: u32 = 2;

/// Is the handler to compute with words?
#[inline(always)]
fn takes_words<M: Machine>(m: &M, i: &Instruction) -> bool {
    m.takes_words(i.feedback, seen::WORDS, seen::NO_WORDS | seen::OTHER_NUMBERS)
}

/// Both operands as words, if the handler is to compute with those.
#[inline(always)]
pub(crate) fn words<M: Machine>(m: &M, i: &Instruction, a: M::Val, b: M::Val) -> R<Option<(M::Int, M::Int)>> {
    if !takes_words(m, i) {
        return Ok(None);
    }
    Ok(Some((m.word_of(a, FIRST_WORD)?, m.word_of(b, SECOND_WORD)?)))
}

/// Is this not so? If it is, the stub must compute what words do not hold.
#[inline(always)]
fn unless<M: Machine>(m: &M, i: &Instruction, c: M::Bool) -> bool {
    !m.rare(c, i.feedback, seen::NO_WORDS)
}

/// Is the word known to be a small integer that is not negative?
#[inline(always)]
fn is_natural<M: Machine>(m: &M, x: M::Int) -> bool {
    m.known(x).is_some_and(|x| (0..=INT_MAX).contains(&x))
}

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
    if let Some((x, y)) = words(m, i, a, b)? {
        let (r, over) = m.word_arith(int, x, y);
        if unless(m, i, over) {
            m.set(i.a, m.make_word(r));
            return Ok(());
        }
    } else if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
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
    let zero = m.int_const(0);
    if let Some((x, y)) = words(m, i, a, b)? {
        if unless(m, i, m.int_cmp(Cond::Eq, y, zero)) {
            let r = m.int_op(IntOp::Mod, x, y);
            m.set(i.a, if is_natural(m, y) { m.make_int(r) } else { m.make_word(r) });
            return Ok(());
        }
    } else if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        let (x, y) = (m.int(a), m.int(b));
        if !m.rare(m.int_cmp(Cond::Eq, y, zero), i.feedback, bit::RARE) {
            m.set(i.a, m.make_int(m.int_op(IntOp::Mod, x, y)));
            return Ok(());
        }
    }
    general(m, i, b, slow, 5)
}

/// `//` of integers.
#[inline(always)]
pub(crate) fn floor_divide<M: Machine>(m: &M, i: &Instruction, b: M::Val, slow: &'static FixedCallStub) -> R {
    let a = m.get(i.b);
    let zero = m.int_const(0);
    if let Some((x, y)) = words(m, i, a, b)? {
        // The smallest word divided by -1 is none.
        let minus = m.int_const(-1);
        if unless(m, i, m.int_cmp(Cond::Eq, y, zero)) && unless(m, i, m.int_cmp(Cond::Eq, y, minus)) {
            m.set(i.a, m.make_word(m.int_op(IntOp::FloorDiv, x, y)));
            return Ok(());
        }
    } else if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
        let (x, y) = (m.int(a), m.int(b));
        if !m.rare(m.int_cmp(Cond::Eq, y, zero), i.feedback, bit::RARE) {
            let q = m.int_op(IntOp::FloorDiv, x, y);
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
        } else if takes_words(m, i) {
            let x = m.word_of(a, FIRST_WORD)?;
            let (r, over) = m.word_arith(IntOp::Mul, x, x);
            if unless(m, i, over) {
                m.set(i.a, m.make_word(r));
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
    if let Some((x, y)) = words(m, i, a, b)? {
        if unless(m, i, m.int_cmp(Cond::Lt, y, m.int_const(0))) && unless(m, i, m.int_cmp(Cond::Ge, y, m.int_const(64)))
        {
            let r = m.int_op(IntOp::Shl, x, y);
            if unless(m, i, m.int_cmp(Cond::Ne, m.int_op(IntOp::Sar, r, y), x)) {
                m.set(i.a, m.make_word(r));
                return Ok(());
            }
        }
    } else if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
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
    if let Some((x, y)) = words(m, i, a, b)? {
        if unless(m, i, m.int_cmp(Cond::Lt, y, m.int_const(0))) && unless(m, i, m.int_cmp(Cond::Ge, y, m.int_const(64)))
        {
            m.set(i.a, m.make_word(m.int_op(IntOp::Sar, x, y)));
            return Ok(());
        }
    } else if m.spec(m.both_int(a, b), i.feedback, bit::INT) {
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
    if let Some((x, y)) = words(m, i, a, b)? {
        let r = m.int_op(int, x, y);
        let is_small = int == IntOp::And && (is_natural(m, x) || is_natural(m, y));
        m.set(i.a, if is_small { m.make_int(r) } else { m.make_word(r) });
        return Ok(());
    }
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
    if takes_words(m, i) {
        let (r, over) = m.word_arith(IntOp::Sub, m.int_const(0), m.word_of(a, FIRST_WORD)?);
        if unless(m, i, over) {
            m.set(i.a, m.make_word(r));
            return Ok(());
        }
    } else if m.spec(m.is_int(a), i.feedback, bit::INT) {
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
    if takes_words(m, i) {
        m.set(i.a, m.make_word(m.int_op(IntOp::Xor, m.word_of(a, FIRST_WORD)?, m.int_const(-1))));
        return Ok(());
    }
    if m.spec(m.is_int(a), i.feedback, bit::INT) {
        m.set(i.a, m.make_int(m.int_op(IntOp::Xor, m.int(a), m.int_const(-1))));
        return Ok(());
    }
    m.meet(LAST)?;
    to(m, i, &crate::stub::UNARY, [a, nothing(m), nothing(m)], 2)
}
