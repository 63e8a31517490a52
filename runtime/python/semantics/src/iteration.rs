//! Iteration: the frequent iterators inline, generators without native recursion, everything else by stub.

use crate::attributes::has_shape;
use crate::generators;
use crate::stub::{FOR_ITER, GET_ITER};
use crate::{nothing, to};
use python_objects::kind::{shape, special};
use python_objects::list;
use vm_api::code::Instruction;
use vm_api::engine::{Cond, IntOp, Machine, R, bit};
use vm_api::heap::Value;

/// Is this what a finished iteration delivers: END, or a completion (a generator's returned value, which loops ignore)?
#[inline(always)]
pub(crate) fn is_end<M: Machine>(m: &M, v: M::Val) -> bool {
    m.test(m.is_word(v, special::END.bits()))
        || (m.test(m.is_object(v)) && m.test(has_shape(m, m.ptr(v), shape::COMPLETION)))
}

/// Next item of iterator `b` into `destination`; the slow path leaves item or end in `a`, where the branch behind finds it.
#[inline(always)]
pub(crate) fn for_iter<M: Machine>(m: &M, i: &Instruction, destination: u16) -> R {
    let iterator = m.get(i.b);
    if m.spec(m.is_object(iterator), i.feedback, bit::OBJECT) {
        let p = m.ptr(iterator);
        let one = m.int_const(1);
        if m.spec(has_shape(m, p, shape::RANGE_ITERATOR), i.feedback, bit::FLOAT) {
            let left = m.load_word(p, 16);
            if m.test(m.int_cmp(Cond::Eq, left, m.int_const(0))) {
                m.jump(i.d);
                return Ok(());
            }
            let v = m.load_word(p, 8);
            m.store_word(p, 8, m.int_op(IntOp::Add, v, m.load_word(p, 24)));
            m.store_word(p, 16, m.int_op(IntOp::Sub, left, one));
            m.set(destination, m.make_int(v));
            m.jump(1);
            return Ok(());
        }
        if m.spec(has_shape(m, p, shape::LIST_ITERATOR), i.feedback, bit::SECOND) {
            let over = m.load(p, 16);
            if m.test(m.is_object(over)) {
                let (l, at) = (m.ptr(over), m.load_word(p, 8));
                if m.test(m.int_cmp(Cond::Lt, at, m.load_word(l, list::offset::LENGTH))) {
                    let v = m.load_element(m.ptr(m.load(l, list::offset::ITEMS)), at);
                    m.store_word(p, 8, m.int_op(IntOp::Add, at, one));
                    m.set(destination, v);
                    m.jump(1);
                    return Ok(());
                }
                m.store(p, 16, m.word(Value::EMPTY.bits()));
            }
            m.jump(i.d);
            return Ok(());
        }
        if m.spec(has_shape(m, p, shape::TUPLE_ITERATOR), i.feedback, bit::THIRD) {
            let over = m.load(p, 16);
            if m.test(m.is_object(over)) {
                let (t, at) = (m.ptr(over), m.load_word(p, 8));
                if m.test(m.int_cmp(Cond::Lt, at, m.load_word(t, 8))) {
                    let v = m.load_element(t, at);
                    m.store_word(p, 8, m.int_op(IntOp::Add, at, one));
                    m.set(destination, v);
                    m.jump(1);
                    return Ok(());
                }
                m.store(p, 16, m.word(Value::EMPTY.bits()));
            }
            m.jump(i.d);
            return Ok(());
        }
        if m.test(has_shape(m, p, shape::GENERATOR)) {
            return generators::resume(m, i, iterator, p, m.word(Value::NONE.bits()));
        }
    }
    to(m, i, &FOR_ITER, [iterator, nothing(m), nothing(m)], 0)
}

/// `a = iter(b)`
#[inline(always)]
pub(crate) fn get_iter<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.b);
    if m.spec(m.is_object(v), i.feedback, bit::OBJECT) {
        let p = m.ptr(v);
        if m.spec(has_shape(m, p, shape::GENERATOR), i.feedback, bit::SECOND) {
            m.set(i.a, v);
            return Ok(());
        }
        if m.spec(has_shape(m, p, shape::LIST), i.feedback, bit::THIRD) {
            let iterator = m.alloc(shape::LIST_ITERATOR, 3)?;
            m.init(iterator, 16, v);
            m.set(i.a, m.make_object(iterator));
            return Ok(());
        }
        if m.spec(has_shape(m, p, shape::RANGE), i.feedback, bit::FLOAT) {
            let [start, stop, step, length] = [8, 16, 24, 32].map(|offset| m.load(p, offset));
            if m.test(m.both_int(start, stop)) && m.test(m.both_int(step, length)) {
                let [start, step, length] = [start, step, length].map(|v| m.int(v));
                // What comes after the last item is at most a step beyond the bounds.
                let end = m.int_op(IntOp::Add, start, m.int_op(IntOp::Mul, length, step));
                if m.test(m.int_fits(end)) {
                    let iterator = m.alloc(shape::RANGE_ITERATOR, 4)?;
                    m.init_word(iterator, 8, start);
                    m.init_word(iterator, 16, length);
                    m.init_word(iterator, 24, step);
                    m.set(i.a, m.make_object(iterator));
                    return Ok(());
                }
            }
        }
    }
    to(m, i, &GET_ITER, [v, nothing(m), nothing(m)], 0)
}
