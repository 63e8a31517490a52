//! Items of sequences, and unpacking. The inline cache of an item holds the `__getitem__` of
//! instances' classes, or what the items of arrays of numbers are.

use crate::attributes::{entry, has_shape};
use crate::stub::{GET_ITEM, LOAD_SLICE, SLICE, STORE_ITEM, STORE_LIST_SLICE, STORE_SLICE, UNPACK, UNPACK_EX};
use crate::tables::{HASHED, HASHED_IN_SET, Probed, in_dict};
use crate::{LAST, NO_SLOT, nothing, run, window_to};
use python_objects::bytes::array_offset;
use python_objects::kind::shape;
use python_objects::py::root;
use python_objects::{bytes, dict, function, list, string};
use vm_api::code::Instruction;
use vm_api::engine::{After, Cond, IntOp, Machine, R, bit};
use vm_api::heap::Value;

/// Bits of the feedback of items.
mod seen {
    use super::bit;
    use crate::tables::Keys;
    pub(super) const LIST: u32 = bit::SECOND;
    pub(super) const TUPLE: u32 = bit::THIRD;
    pub(super) const STR: u32 = bit::FOURTH;
    pub(super) const BYTES: u32 = bit::FIFTH;
    pub(super) const DICT: Keys = Keys { int: bit::SIXTH, str: bit::SEVENTH };
    pub(super) const INSTANCE: u32 = bit::OBJECT;
    /// With the bit that a failed guard leaves: integers are no containers.
    pub(super) const ANY: u32 = LIST | TUPLE | STR | BYTES | DICT.any() | INSTANCE | bit::INT;
}

/// Where paths meet: what is asked for is no element of a list or tuple.
const NO_ELEMENT: u32 = 1;
const _: () = assert!(NO_ELEMENT < HASHED && HASHED_IN_SET < NOT_IN_DICT);
/// Nor is it in a dictionary.
const NOT_IN_DICT: u32 = HASHED_IN_SET + 1;
/// Nor is it a unit of a string or of bytes.
const NO_UNIT: u32 = NOT_IN_DICT + 1;

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
    if !m.spec(m.is_object(container), feedback, seen::ANY)
        || !m.spec(m.is_int(index), feedback, seen::LIST | seen::TUPLE)
    {
        return None;
    }
    let p = m.ptr(container);
    let (length, is_list) = if m.spec(has_shape(m, p, shape::LIST), feedback, seen::LIST) {
        (m.load_word(p, list::offset::LENGTH), true)
    } else if m.spec(has_shape(m, p, shape::TUPLE), feedback, seen::TUPLE) {
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
    if !m.spec(m.is_object(container), feedback, seen::ANY)
        || !m.spec(m.is_int(index), feedback, seen::STR | seen::BYTES)
    {
        return None;
    }
    let p = m.ptr(container);
    let byte = |at, content: u32| m.load_u8(p, m.int_op(IntOp::Add, at, m.int_const(i64::from(content))));
    if m.spec(has_shape(m, p, shape::STR), feedback, seen::STR) {
        let wide = m.int_op(IntOp::And, m.load_word(p, string::INFO_OFFSET), m.int_const(string::WIDTH_BITS));
        if m.rare(m.int_cmp(Cond::Ne, wide, m.int_const(0)), feedback, bit::RARE) {
            return None;
        }
        let length = m.int_op(IntOp::Sub, m.load_word(p, string::SIZE_OFFSET), m.int_const(string::EMPTY_BYTES));
        let at = position(m, index, length, feedback)?;
        return Some(m.load_element(m.ptr(m.root(root::CHARACTERS)), byte(at, string::UNITS_OFFSET)));
    }
    if m.spec(has_shape(m, p, shape::BYTES), feedback, seen::BYTES) {
        let length = m.int_op(IntOp::Sub, m.load_word(p, bytes::offset::SIZE), m.int_const(bytes::offset::EMPTY));
        let at = position(m, index, length, feedback)?;
        return Some(m.make_int(byte(at, bytes::offset::CONTENT)));
    }
    None
}

/// Is it a dictionary?
#[inline(always)]
fn dictionary<M: Machine>(m: &M, container: M::Val, feedback: u32) -> Option<M::Ptr> {
    if m.spec(m.is_object(container), feedback, seen::ANY) {
        let p = m.ptr(container);
        return m.spec(has_shape(m, p, shape::DICT), feedback, seen::DICT.any()).then_some(p);
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
    m.meet(NO_ELEMENT)?;
    if let Some(d) = dictionary(m, container, i.feedback)
        && let Some(Probed::At(entries, at)) = in_dict(m, i, d, index, seen::DICT)?
    {
        m.set(i.a, m.load_element(entries, at));
        return Ok(());
    }
    m.meet(NOT_IN_DICT)?;
    if let Some(v) = unit(m, container, index, i.feedback) {
        m.set(i.a, v);
        return Ok(());
    }
    m.meet(NO_UNIT)?;
    if load_by_method(m, i, container, index)? {
        return Ok(());
    }
    m.meet(LAST)?;
    m.call_stub_fixed(&GET_ITEM, [container, index, nothing(m)], 0, i.a, i.feedback)
}

/// From here on, payloads hold the code of the items of arrays.
pub(crate) const ARRAYS: u32 = 1 << 31;

/// Where an array of numbers has item `index`, in the buffer of its content, if its items are those of the payload: doubles, or
/// C's ints.
#[inline(always)]
fn place<M: Machine>(
    m: &M,
    i: &Instruction,
    array: M::Ptr,
    payload: M::Int,
    index: M::Val,
) -> Option<(M::Ptr, M::Int)> {
    if !m.spec(m.is_int(index), i.feedback, seen::INSTANCE) {
        return None;
    }
    let code = m.int_op(IntOp::Xor, payload, m.int_const(i64::from(ARRAYS)));
    if m.rare(m.int_cmp(Cond::Ne, m.load_word(array, array_offset::CODE), code), i.feedback, bit::RARE) {
        return None;
    }
    let doubles = m.test(m.int_cmp(Cond::Eq, code, m.int_const(i64::from(array_offset::DOUBLES))));
    let size = m.int_const(if doubles { 3 } else { 2 });
    let content = m.ptr(m.load(array, array_offset::CONTENT));
    let at = position(m, index, m.int_op(IntOp::Shr, m.load_word(content, array_offset::BYTES), size), i.feedback)?;
    let first = m.int_const(i64::from(array_offset::FIRST));
    Some((m.ptr(m.load(content, array_offset::BUFFER)), m.int_op(IntOp::Add, first, m.int_op(IntOp::Shl, at, size))))
}

/// Item `index` of an array of numbers.
#[inline(always)]
fn number<M: Machine>(m: &M, i: &Instruction, array: M::Ptr, payload: M::Int, index: M::Val) -> Option<M::Val> {
    let (buffer, at) = place(m, i, array, payload, index)?;
    if m.test(m.int_cmp(Cond::Eq, payload, m.int_const(i64::from(ARRAYS | array_offset::DOUBLES)))) {
        let x = m.load_float(buffer, at);
        // Bits of a NaN may be anything; the stub gives the usual ones.
        return (!m.rare(m.not(m.float_cmp(Cond::Eq, x, x)), i.feedback, bit::RARE)).then(|| m.make_float(x));
    }
    let half = m.int_const(32);
    Some(m.make_int(m.int_op(IntOp::Sar, m.int_op(IntOp::Shl, m.load_u32(buffer, at), half), half)))
}

/// Stores a float into an array of doubles; false if it is something else.
#[inline(always)]
fn store_number<M: Machine>(m: &M, i: &Instruction, array: M::Val, index: M::Val, v: M::Val) -> bool {
    if !m.spec(m.is_object(array), i.feedback, seen::ANY) {
        return false;
    }
    let Some(entry) = entry(m, i, m.ptr(array)) else { return false };
    if !m.spec(m.bool_const(true), i.feedback, seen::INSTANCE) || !m.spec(m.is_float(v), i.feedback, seen::INSTANCE) {
        return false;
    }
    let payload = m.entry_payload(entry);
    let doubles = m.int_const(i64::from(ARRAYS | array_offset::DOUBLES));
    if !m.test(m.int_cmp(Cond::Eq, payload, doubles)) {
        return false;
    }
    let Some((buffer, at)) = place(m, i, m.ptr(array), payload, index) else { return false };
    m.store_float(buffer, at, m.float(v));
    true
}

/// Calls the `__getitem__` of an instance, if the inline cache knows it: a function that takes both as they are.
#[inline(always)]
fn load_by_method<M: Machine>(m: &M, i: &Instruction, container: M::Val, index: M::Val) -> R<bool> {
    if !m.spec(m.is_object(container), i.feedback, seen::ANY) {
        return Ok(false);
    }
    let Some(entry) = entry(m, i, m.ptr(container)) else { return Ok(false) };
    // Beside containers that are not in the cache.
    if !m.spec(m.bool_const(true), i.feedback, seen::INSTANCE) {
        return Ok(false);
    }
    let f = m.entry_value(entry);
    if m.test(m.int_cmp(Cond::Ge, m.entry_payload(entry), m.int_const(i64::from(ARRAYS)))) {
        return Ok(match number(m, i, m.ptr(container), m.entry_payload(entry), index) {
            Some(v) => {
                m.set(i.a, v);
                true
            }
            None => false,
        });
    }
    if m.rare(m.is_word(f, Value::EMPTY.bits()), i.feedback, bit::RARE) {
        return Ok(false);
    }
    // The function may have been given another code since.
    let (index_now, cached) = (m.int(m.load(m.ptr(f), 8 * function::word::CODE as u32)), m.entry_payload(entry));
    let code = m.code(cached);
    let takes_two = m.int_cmp(Cond::Eq, m.simple_parameters(code), m.int_const(2));
    if m.rare(m.int_cmp(Cond::Ne, index_now, cached), i.feedback, bit::RARE) || !m.test(takes_two) {
        return Ok(false);
    }
    m.invoke_with(code, f, &[container, index], i.a, After::Next)?;
    Ok(true)
}

/// `a[index] = v`
#[inline(always)]
pub(crate) fn store<M: Machine>(m: &M, i: &Instruction, index: M::Val, v: M::Val) -> R {
    let container = m.get(i.a);
    if m.spec(m.is_object(container), i.feedback, seen::ANY)
        && m.spec(has_shape(m, m.ptr(container), shape::LIST), i.feedback, seen::LIST)
        && let Some((array, at)) = element(m, container, index, i.feedback)
    {
        m.store_element(array, at, v);
        return Ok(());
    }
    m.meet(NO_ELEMENT)?;
    if let Some(d) = dictionary(m, container, i.feedback)
        // Where caches may hold values.
        && !m.rare(m.int_cmp(Cond::Ne, m.load_word(d, dict::offset::VERSION), m.int_const(0)), i.feedback, bit::RARE)
        && let Some(Probed::At(entries, at)) = in_dict(m, i, d, index, seen::DICT)?
    {
        m.store_element(entries, at, v);
        return Ok(());
    }
    m.meet(NOT_IN_DICT)?;
    if store_number(m, i, container, index, v) {
        return Ok(());
    }
    m.meet(LAST)?;
    run(m, &STORE_ITEM, [container, index, v], i)
}

/// Are the bounds of a slice in these registers integers, or nothing?
#[inline(always)]
fn are_plain_bounds<M: Machine>(m: &M, bounds: u16) -> bool {
    let is_plain = |v| m.test(m.is_int(v)) || m.test(m.is_word(v, Value::NONE.bits()));
    is_plain(m.get(bounds)) && is_plain(m.get(bounds + 1))
}

/// Where paths meet that take a slice of what can be sliced.
const SLICED: u32 = 0;

/// `a = b[b+1 : b+2]`, or `b[b+1 : b+2 : b+3]`: backwards if it is to be plain.
#[inline(always)]
pub(crate) fn load_slice<M: Machine>(m: &M, i: &Instruction) -> R {
    let container = m.get(i.b);
    if m.spec(m.is_object(container), i.feedback, seen::LIST | seen::STR | seen::TUPLE | seen::BYTES) {
        let p = m.ptr(container);
        let sliced = m.spec(has_shape(m, p, shape::LIST), i.feedback, seen::LIST)
            || m.spec(has_shape(m, p, shape::STR), i.feedback, seen::STR)
            || m.spec(has_shape(m, p, shape::TUPLE), i.feedback, seen::TUPLE)
            || m.spec(has_shape(m, p, shape::BYTES), i.feedback, seen::BYTES);
        let is_plain_step = || i.c == 3 || m.test(m.is_word(m.get(i.b + 3), Value::int(-1).bits()));
        if sliced && are_plain_bounds(m, i.b + 1) && is_plain_step() {
            m.meet(SLICED)?;
            return window_to(m, i, &SLICE, i.b, i.c, 0);
        }
    }
    m.meet(LAST)?;
    window_to(m, i, &LOAD_SLICE, i.b, i.c, 0)
}

/// `a[a+1 : a+2] = a+3`
#[inline(always)]
pub(crate) fn store_slice<M: Machine>(m: &M, i: &Instruction) -> R {
    let (container, v) = (m.get(i.a), m.get(i.a + 3));
    let is_plain = m.spec(m.is_object(container), i.feedback, bit::SECOND | bit::THIRD)
        && m.spec(has_shape(m, m.ptr(container), shape::LIST), i.feedback, bit::SECOND | bit::THIRD)
        && m.spec(m.is_object(v), i.feedback, bit::SECOND | bit::THIRD)
        && m.spec(has_shape(m, m.ptr(v), shape::LIST), i.feedback, bit::THIRD)
        && are_plain_bounds(m, i.a + 1);
    m.meet(if is_plain { SLICED } else { LAST })?;
    m.stub_window(if is_plain { &STORE_LIST_SLICE } else { &STORE_SLICE }, i.a, 4, 0, i.feedback)?;
    Ok(())
}

/// The `c` registers from `b` = the items of iterable `a`
#[inline(always)]
pub(crate) fn unpack<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.a);
    let count = m.int_const(i64::from(i.c));
    let mut array = None;
    if m.spec(m.is_object(v), i.feedback, seen::TUPLE | seen::LIST) {
        let p = m.ptr(v);
        if m.spec(has_shape(m, p, shape::TUPLE), i.feedback, seen::TUPLE) {
            if !m.rare(m.int_cmp(Cond::Ne, m.load_word(p, 8), count), i.feedback, bit::RARE) {
                array = Some(p);
            }
        } else if m.spec(has_shape(m, p, shape::LIST), i.feedback, seen::LIST)
            && !m.rare(m.int_cmp(Cond::Ne, m.load_word(p, list::offset::LENGTH), count), i.feedback, bit::RARE)
            && i.c != 0
        {
            array = Some(m.ptr(m.load(p, list::offset::ITEMS)));
        }
    }
    let array = match array {
        Some(array) => array,
        None => {
            m.meet(LAST)?;
            m.ptr(m.stub(&UNPACK, [v, nothing(m), nothing(m)], i32::from(i.c), i.feedback)?)
        }
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
