//! Items of sequences, and unpacking.

use crate::attributes::has_shape;
use crate::making;
use crate::stub::{GET_ITEM, LOAD_SLICE, SLICE, STORE_ITEM, STORE_LIST_SLICE, UNPACK, UNPACK_EX};
use crate::tables::{Probed, in_dict};
use crate::{NO_SLOT, nothing, run, window_to};
use python_objects::kind::shape;
use python_objects::py::root;
use python_objects::{bytes, list, string};
use vm_api::code::Instruction;
use vm_api::engine::{Cond, IntOp, Machine, R, bit};
use vm_api::heap::Value;

/// The position that `index` counts from either end, if it is in range.
#[inline(always)]
fn position<M: Machine>(m: &M, index: M::Val, length: M::Int, feedback: u32) -> Option<M::Int> {
    let (mut at, zero) = (m.int(index), m.int_const(0));
    if m.test(m.int_cmp(Cond::Lt, at, zero)) {
        at = m.int_op(IntOp::Add, at, length);
        if m.rare(m.int_cmp(Cond::Lt, at, zero), feedback, bit::RARE) {
            return None;
        }
    }
    (!m.rare(m.int_cmp(Cond::Ge, at, length), feedback, bit::RARE)).then_some(at)
}

/// The array of a list or tuple with the position that `index` counts from either end, if it is in range.
#[inline(always)]
fn element<M: Machine>(m: &M, container: M::Val, index: M::Val, feedback: u32) -> Option<(M::Ptr, M::Int)> {
    if !m.spec(m.is_object(container), feedback, bit::OBJECT) || !m.spec(m.is_int(index), feedback, bit::OBJECT) {
        return None;
    }
    let p = m.ptr(container);
    let (length, is_list) = if m.spec(has_shape(m, p, shape::LIST), feedback, bit::SECOND) {
        (m.load_word(p, list::offset::LENGTH), true)
    } else if m.spec(has_shape(m, p, shape::TUPLE), feedback, bit::THIRD) {
        (m.load_word(p, 8), false)
    } else {
        return None;
    };
    let at = position(m, index, length, feedback)?;
    let array = if is_list { m.ptr(m.load(p, list::offset::ITEMS)) } else { p };
    Some((array, at))
}

/// A byte of `bytes`, or the string of one unit of a string with one-byte units.
#[inline(always)]
fn unit<M: Machine>(m: &M, container: M::Val, index: M::Val, feedback: u32) -> Option<M::Val> {
    if !m.spec(m.is_object(container), feedback, bit::OBJECT) || !m.spec(m.is_int(index), feedback, bit::OBJECT) {
        return None;
    }
    let p = m.ptr(container);
    let byte = |at, content: u32| m.load_u8(p, m.int_op(IntOp::Add, at, m.int_const(i64::from(content))));
    if m.spec(has_shape(m, p, shape::STR), feedback, bit::FOURTH) {
        let wide = m.int_op(IntOp::And, m.load_word(p, string::INFO_OFFSET), m.int_const(string::WIDTH_BITS));
        if m.rare(m.int_cmp(Cond::Ne, wide, m.int_const(0)), feedback, bit::RARE) {
            return None;
        }
        let length = m.int_op(IntOp::Sub, m.load_word(p, string::SIZE_OFFSET), m.int_const(string::EMPTY_BYTES));
        let at = position(m, index, length, feedback)?;
        return Some(m.load_element(m.ptr(m.root(root::CHARACTERS)), byte(at, string::UNITS_OFFSET)));
    }
    if m.spec(has_shape(m, p, shape::BYTES), feedback, bit::FIFTH) {
        let length = m.int_op(IntOp::Sub, m.load_word(p, bytes::offset::SIZE), m.int_const(bytes::offset::EMPTY));
        let at = position(m, index, length, feedback)?;
        return Some(m.make_int(byte(at, bytes::offset::CONTENT)));
    }
    None
}

/// Is it a dictionary?
#[inline(always)]
fn dictionary<M: Machine>(m: &M, container: M::Val, feedback: u32) -> Option<M::Ptr> {
    if m.spec(m.is_object(container), feedback, bit::OBJECT) {
        let p = m.ptr(container);
        return m.spec(has_shape(m, p, shape::DICT), feedback, bit::FLOAT).then_some(p);
    }
    None
}

/// `a = b[index]`
#[inline(always)]
pub(crate) fn load<M: Machine>(m: &M, i: &Instruction, index: M::Val) -> R {
    let container = m.get(i.b);
    if let Some((array, at)) = element(m, container, index, i.feedback) {
        m.set(i.a, m.load_element(array, at));
        return Ok(());
    }
    if let Some(d) = dictionary(m, container, i.feedback)
        && let Some(Probed::At(entries, at)) = in_dict(m, i, d, index)
    {
        m.set(i.a, m.load_element(entries, at));
        return Ok(());
    }
    if let Some(v) = unit(m, container, index, i.feedback) {
        m.set(i.a, v);
        return Ok(());
    }
    m.call_stub_fixed(&GET_ITEM, [container, index, nothing(m)], 0, i.a, i.feedback)
}

/// `a[index] = v`
#[inline(always)]
pub(crate) fn store<M: Machine>(m: &M, i: &Instruction, index: M::Val, v: M::Val) -> R {
    let container = m.get(i.a);
    if m.spec(m.is_object(container), i.feedback, bit::OBJECT)
        && m.spec(has_shape(m, m.ptr(container), shape::LIST), i.feedback, bit::SECOND)
        && let Some((array, at)) = element(m, container, index, i.feedback)
    {
        m.store_element(array, at, v);
        return Ok(());
    }
    if let Some(d) = dictionary(m, container, i.feedback)
        && let Some(Probed::At(entries, at)) = in_dict(m, i, d, index)
    {
        m.store_element(entries, at, v);
        return Ok(());
    }
    run(m, &STORE_ITEM, [container, index, v], i)
}

/// Are these bounds of a slice integers, or nothing?
#[inline(always)]
fn are_plain_bounds<M: Machine>(m: &M, bounds: [M::Val; 2]) -> bool {
    bounds.into_iter().all(|v| m.test(m.is_int(v)) || m.test(m.is_word(v, Value::NONE.bits())))
}

/// `a = b[b+1 : b+2]`
#[inline(always)]
pub(crate) fn load_slice<M: Machine>(m: &M, i: &Instruction) -> R {
    let container = m.get(i.b);
    if m.spec(m.is_object(container), i.feedback, bit::OBJECT) {
        let p = m.ptr(container);
        let sliced = m.spec(has_shape(m, p, shape::LIST), i.feedback, bit::SECOND)
            || m.spec(has_shape(m, p, shape::STR), i.feedback, bit::THIRD)
            || m.spec(has_shape(m, p, shape::TUPLE), i.feedback, bit::FOURTH);
        if sliced && are_plain_bounds(m, [m.get(i.b + 1), m.get(i.b + 2)]) {
            return window_to(m, i, &SLICE, i.b, 3, 0);
        }
    }
    window_to(m, i, &LOAD_SLICE, i.b, 3, 0)
}

/// `a[a+1 : a+2] = b`
#[inline(always)]
pub(crate) fn store_slice<M: Machine>(m: &M, i: &Instruction) -> R {
    let (container, v) = (m.get(i.a), m.get(i.b));
    let bounds = [m.get(i.a + 1), m.get(i.a + 2)];
    let is_plain = m.spec(m.is_object(container), i.feedback, bit::OBJECT)
        && m.spec(has_shape(m, m.ptr(container), shape::LIST), i.feedback, bit::SECOND)
        && m.spec(m.is_object(v), i.feedback, bit::OBJECT)
        && m.spec(has_shape(m, m.ptr(v), shape::LIST), i.feedback, bit::THIRD)
        && are_plain_bounds(m, bounds);
    let slice = making::new_slice(m, [bounds[0], bounds[1], m.word(Value::NONE.bits())])?;
    run(m, if is_plain { &STORE_LIST_SLICE } else { &STORE_ITEM }, [container, slice, v], i)
}

/// The `c` registers from `b` = the items of iterable `a`
#[inline(always)]
pub(crate) fn unpack<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.a);
    let count = m.int_const(i64::from(i.c));
    let mut array = None;
    if m.spec(m.is_object(v), i.feedback, bit::OBJECT) {
        let p = m.ptr(v);
        if m.spec(has_shape(m, p, shape::TUPLE), i.feedback, bit::SECOND) {
            if !m.rare(m.int_cmp(Cond::Ne, m.load_word(p, 8), count), i.feedback, bit::RARE) {
                array = Some(p);
            }
        } else if m.spec(has_shape(m, p, shape::LIST), i.feedback, bit::THIRD)
            && !m.rare(m.int_cmp(Cond::Ne, m.load_word(p, list::offset::LENGTH), count), i.feedback, bit::RARE)
            && i.c != 0
        {
            array = Some(m.ptr(m.load(p, list::offset::ITEMS)));
        }
    }
    let array = match array {
        Some(array) => array,
        None => m.ptr(m.stub(&UNPACK, [v, nothing(m), nothing(m)], i32::from(i.c), i.feedback)?),
    };
    for k in 0..i.c {
        m.set(i.b + k, m.load_element(array, m.int_const(i64::from(k))));
    }
    Ok(())
}

/// The same; register number `d` of the window receives a list of what the others leave over.
#[inline(always)]
pub(crate) fn unpack_ex<M: Machine>(m: &M, i: &Instruction) -> R {
    let immediate = i32::from(i.c) << 16 | i.d;
    let array = m.ptr(m.stub(&UNPACK_EX, [m.get(i.a), nothing(m), nothing(m)], immediate, NO_SLOT)?);
    for k in 0..i.c {
        m.set(i.b + k, m.load_element(array, m.int_const(i64::from(k))));
    }
    Ok(())
}
