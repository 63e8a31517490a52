//! Iteration: the frequent iterators inline, generators without native recursion, everything else by stub. The inline cache of
//! `iter` holds the shapes of subclasses of `list` that iterate as it does.

use crate::attributes::{entry, has_shape};
use crate::generators;
use crate::stub::{FOR_ITER, GET_ITER};
use crate::{LAST, nothing, to};
use python_objects::kind::{shape, special};
use python_objects::{dict, list};
use vm_api::code::Instruction;
use vm_api::engine::{Cond, IntOp, Machine, R, bit};
use vm_api::heap::{ShapeIndex, Value};

/// Is this what a finished iteration delivers: END, or a completion (a generator's returned value, which loops ignore)?
#[inline(always)]
pub(crate) fn is_end<M: Machine>(m: &M, v: M::Val) -> bool {
    m.test(m.is_word(v, special::END.bits()))
        || (m.test(m.is_object(v)) && m.test(has_shape(m, m.ptr(v), shape::COMPLETION)))
}

/// Bits of the feedback of iteration: what was iterated over.
mod seen {
    use super::bit;
    pub(super) const LIST: u32 = bit::SECOND;
    pub(super) const TUPLE: u32 = bit::THIRD;
    /// A dictionary, or an iterator over its keys.
    pub(super) const KEYS: u32 = bit::FOURTH;
    pub(super) const VALUES: u32 = bit::SEVENTH;
    pub(super) const ITEMS: u32 = bit::OBJECT;
    /// An instance of a subclass of `list`, of which no iterator over items is asked for.
    pub(super) const INHERITED: u32 = bit::OBJECT;
    pub(super) const ENUMERATE: u32 = bit::FIFTH;
    pub(super) const RANGE: u32 = bit::FLOAT;
    pub(super) const LOOP_RANGE: u32 = bit::EIGHTH;
    pub(super) const LOOP_LIST: u32 = bit::NINTH;
    pub(super) const GENERATOR: u32 = bit::SIXTH;
    /// With the bit that a failed guard leaves: integers are no iterators.
    pub(super) const ANY: u32 =
        LIST | LOOP_LIST | TUPLE | KEYS | VALUES | ITEMS | ENUMERATE | RANGE | LOOP_RANGE | GENERATOR | bit::INT;
}

/// What an iterator gave.
enum Next<V> {
    Item(V),
    End,
    /// The stub knows.
    Ask,
}

/// The next item of an iterator over a dictionary, of shape `of`. The entry after the last item may be a deleted one.
#[inline(always)]
fn next_of_dict<M: Machine>(m: &M, i: &Instruction, iterator: M::Val, of: ShapeIndex) -> R<Next<M::Val>> {
    let p = m.ptr(iterator);
    let over = m.load(p, dict::iterator::OVER);
    if !m.test(m.is_object(over)) {
        return Ok(Next::End);
    }
    let (d, counts, upper) = (m.ptr(over), m.load_word(p, dict::iterator::COUNTS), m.int_const(32));
    let expected = m.int_op(IntOp::And, counts, m.int_const(0xFFFF_FFFF));
    if m.rare(m.int_cmp(Cond::Ne, m.load_word(d, dict::offset::USED), expected), i.feedback, bit::RARE) {
        return Ok(Next::Ask);
    }
    let at = m.load_word(p, dict::iterator::POSITION);
    if m.test(m.int_cmp(Cond::Ge, at, m.load_word(d, dict::offset::FILL))) {
        m.store(p, dict::iterator::OVER, nothing(m));
        return Ok(Next::End);
    }
    let entries = m.ptr(m.load(d, dict::offset::ENTRIES));
    let first = m.int_op(IntOp::Shl, at, m.int_const(1));
    let key = m.load_element(entries, first);
    let none_left = m.int_cmp(Cond::Eq, m.int_op(IntOp::Shr, counts, upper), m.int_const(0));
    if m.rare(m.is_word(key, Value::EMPTY.bits()), i.feedback, bit::RARE) || m.rare(none_left, i.feedback, bit::RARE) {
        return Ok(Next::Ask);
    }
    let value = || m.load_element(entries, m.int_op(IntOp::Add, first, m.int_const(1)));
    let item = match of {
        shape::DICT_KEY_ITERATOR => key,
        shape::DICT_VALUE_ITERATOR => value(),
        _ => pair(m, key, value())?,
    };
    let p = m.ptr(iterator);
    m.store_word(p, dict::iterator::POSITION, m.int_op(IntOp::Add, at, m.int_const(1)));
    m.store_word(p, dict::iterator::COUNTS, m.int_op(IntOp::Sub, counts, m.int_const(1 << 32)));
    Ok(Next::Item(item))
}

#[inline(always)]
fn pair<M: Machine>(m: &M, first: M::Val, second: M::Val) -> R<M::Val> {
    let t = m.alloc(shape::TUPLE, 4)?;
    m.init_word(t, 8, m.int_const(2));
    m.init(t, 16, first);
    m.init(t, 24, second);
    Ok(m.make_object(t))
}

/// The next pair of an `enumerate` over a list, unless that is for the stub.
#[inline(always)]
fn next_enumerated<M: Machine>(m: &M, iterator: M::Val) -> R<Option<M::Val>> {
    let p = m.ptr(iterator);
    let (count, inner, one) = (m.load(p, 8), m.load(p, 16), m.int_const(1));
    if !m.test(m.is_object(inner)) || !m.test(has_shape(m, m.ptr(inner), shape::LIST_ITERATOR)) {
        return Ok(None);
    }
    let inside = m.ptr(inner);
    let (over, at) = (m.load(inside, 16), m.load_word(inside, 8));
    if !m.test(m.is_object(over)) || !m.test(m.is_int(count)) {
        return Ok(None);
    }
    let (l, next) = (m.ptr(over), m.int_op(IntOp::Add, m.int(count), one));
    if !m.test(m.int_cmp(Cond::Lt, at, m.load_word(l, list::offset::LENGTH))) || !m.test(m.int_fits(next)) {
        return Ok(None);
    }
    let v = m.load_element(m.ptr(m.load(l, list::offset::ITEMS)), at);
    let pair = pair(m, count, v)?;
    m.store_word(m.ptr(inner), 8, m.int_op(IntOp::Add, at, one));
    m.store(m.ptr(iterator), 8, m.make_int(next));
    Ok(Some(pair))
}

/// Next item of iterator `b` into `destination`; the slow path leaves item or end in `a`, where the branch behind finds it.
#[inline(always)]
pub(crate) fn for_iter<M: Machine>(m: &M, i: &Instruction, destination: u16) -> R {
    let iterator = m.get(i.b);
    if m.spec(m.is_object(iterator), i.feedback, seen::ANY) {
        let p = m.ptr(iterator);
        let one = m.int_const(1);
        if m.spec(has_shape(m, p, shape::LOOP_RANGE), i.feedback, seen::LOOP_RANGE)
            || m.spec(has_shape(m, p, shape::RANGE_ITERATOR), i.feedback, seen::RANGE)
        {
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
        if m.spec(has_shape(m, p, shape::LOOP_LIST), i.feedback, seen::LOOP_LIST)
            || m.spec(has_shape(m, p, shape::LIST_ITERATOR), i.feedback, seen::LIST)
        {
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
        if m.spec(has_shape(m, p, shape::TUPLE_ITERATOR), i.feedback, seen::TUPLE) {
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
        for (of, seen) in [
            (shape::DICT_KEY_ITERATOR, seen::KEYS),
            (shape::DICT_VALUE_ITERATOR, seen::VALUES),
            (shape::DICT_ITEM_ITERATOR, seen::ITEMS),
        ] {
            if m.spec(has_shape(m, p, of), i.feedback, seen) {
                return match next_of_dict(m, i, iterator, of)? {
                    Next::Item(v) => {
                        m.set(destination, v);
                        m.jump(1);
                        Ok(())
                    }
                    Next::End => {
                        m.jump(i.d);
                        Ok(())
                    }
                    Next::Ask => {
                        m.meet(LAST)?;
                        to(m, i, &FOR_ITER, [iterator, nothing(m), nothing(m)], 0)
                    }
                };
            }
        }
        if m.spec(has_shape(m, p, shape::ENUMERATE), i.feedback, seen::ENUMERATE)
            && let Some(pair) = next_enumerated(m, iterator)?
        {
            m.set(destination, pair);
            m.jump(1);
            return Ok(());
        }
        if m.spec(has_shape(m, p, shape::GENERATOR), i.feedback, seen::GENERATOR) {
            return generators::resume(m, i, iterator, p, m.word(Value::NONE.bits()));
        }
    }
    m.meet(LAST)?;
    to(m, i, &FOR_ITER, [iterator, nothing(m), nothing(m)], 0)
}

/// `a = iter(b)`
#[inline(always)]
pub(crate) fn get_iter<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.b);
    if m.spec(m.is_object(v), i.feedback, seen::ANY) {
        let p = m.ptr(v);
        if m.spec(has_shape(m, p, shape::GENERATOR), i.feedback, seen::GENERATOR) {
            m.set(i.a, v);
            return Ok(());
        }
        let of_list = if i.c == 1 { shape::LOOP_LIST } else { shape::LIST_ITERATOR };
        for (over, of, seen) in [(shape::LIST, of_list, seen::LIST), (shape::TUPLE, shape::TUPLE_ITERATOR, seen::TUPLE)]
        {
            if m.spec(has_shape(m, p, over), i.feedback, seen) {
                let iterator = m.alloc(of, 3)?;
                m.init(iterator, 16, v);
                m.set(i.a, m.make_object(iterator));
                return Ok(());
            }
        }
        if m.spec(has_shape(m, p, shape::DICT), i.feedback, seen::KEYS) {
            let n = m.load_word(p, dict::offset::USED);
            let counts = m.int_op(IntOp::Or, n, m.int_op(IntOp::Shl, n, m.int_const(32)));
            let iterator = m.alloc(shape::DICT_KEY_ITERATOR, 4)?;
            m.init_word(iterator, dict::iterator::COUNTS, counts);
            m.init(iterator, dict::iterator::OVER, v);
            m.set(i.a, m.make_object(iterator));
            return Ok(());
        }
        if m.spec(has_shape(m, p, shape::RANGE), i.feedback, seen::RANGE) {
            let [start, stop, step, length] = [8, 16, 24, 32].map(|offset| m.load(p, offset));
            if !m.rare(m.not(m.both_int(start, stop)), i.feedback, bit::RARE)
                && !m.rare(m.not(m.both_int(step, length)), i.feedback, bit::RARE)
            {
                let [start, step, length] = [start, step, length].map(|v| m.int(v));
                // What comes after the last item is at most a step beyond the bounds.
                let end = m.int_op(IntOp::Add, start, m.int_op(IntOp::Mul, length, step));
                if !m.rare(m.not(m.int_fits(end)), i.feedback, bit::RARE) {
                    let of = if i.c == 1 { shape::LOOP_RANGE } else { shape::RANGE_ITERATOR };
                    let iterator = m.alloc(of, 4)?;
                    m.init_word(iterator, 8, start);
                    m.init_word(iterator, 16, length);
                    m.init_word(iterator, 24, step);
                    m.set(i.a, m.make_object(iterator));
                    return Ok(());
                }
            }
        }
        // The bit says that there are such lists beside others.
        if m.spec(m.bool_const(true), i.feedback, seen::INHERITED) && entry(m, i, p).is_some() {
            let iterator = m.alloc(shape::LIST_ITERATOR, 3)?;
            m.init(iterator, 16, v);
            m.set(i.a, m.make_object(iterator));
            return Ok(());
        }
    }
    m.meet(LAST)?;
    to(m, i, &GET_ITER, [v, nothing(m), nothing(m)], 0)
}
