//! Displays: small tuples and lists, slices and what is empty inline, appending to a list with room, the rest by stub.

use crate::stub::{BUILD_DICT, BUILD_LIST, BUILD_SET, BUILD_TUPLE, LIST_APPEND};
use crate::{LAST, NO_SLOT, nothing, window_to};
use python_objects::kind::shape;
use python_objects::{dict, list, set};
use vm_api::code::Instruction;
use vm_api::engine::{Cond, IntOp, Machine, R};
use vm_api::heap::{ShapeIndex, Value};

/// Tuples and lists up to this length are made inline.
const FEW: u16 = 8;

/// An array of so many values from register `base` on.
#[inline(always)]
pub(crate) fn array<M: Machine>(m: &M, shape: ShapeIndex, base: u16, count: u16) -> R<M::Val> {
    let array = m.alloc(shape, 2 + u32::from(count))?;
    m.init_word(array, 8, m.int_const(i64::from(count)));
    for k in 0..count {
        m.init(array, 16 + 8 * u32::from(k), m.get(base + k));
    }
    Ok(m.make_object(array))
}

/// An object of two words around a value.
#[inline(always)]
pub(crate) fn boxed<M: Machine>(m: &M, shape: ShapeIndex, v: M::Val) -> R<M::Val> {
    let p = m.alloc(shape, 2)?;
    m.init(p, 8, v);
    Ok(m.make_object(p))
}

/// `a` = tuple of the `c` registers from `b`
#[inline(always)]
pub(crate) fn tuple<M: Machine>(m: &M, i: &Instruction) -> R {
    if i.c == 0 || i.c > FEW {
        m.set(i.a, m.stub_window(&BUILD_TUPLE, i.b, i.c, 0, NO_SLOT)?);
        return Ok(());
    }
    m.set(i.a, array(m, shape::TUPLE, i.b, i.c)?);
    Ok(())
}

/// `a` = list of the `c` registers from `b`
#[inline(always)]
pub(crate) fn list<M: Machine>(m: &M, i: &Instruction) -> R {
    if i.c > FEW {
        return window_to(m, i, &BUILD_LIST, i.b, i.c, 0);
    }
    let items = if i.c == 0 { nothing(m) } else { array(m, shape::ARRAY, i.b, i.c)? };
    let l = m.alloc(shape::LIST, list::WORDS)?;
    m.init_word(l, list::offset::LENGTH, m.int_const(i64::from(i.c)));
    m.init(l, list::offset::ITEMS, items);
    m.set(i.a, m.make_object(l));
    Ok(())
}

/// `a` = set of the `c` registers from `b`
#[inline(always)]
pub(crate) fn set<M: Machine>(m: &M, i: &Instruction) -> R {
    if i.c > 0 {
        return window_to(m, i, &BUILD_SET, i.b, i.c, 0);
    }
    m.set(i.a, m.make_object(m.alloc(shape::SET, set::WORDS as u32)?));
    Ok(())
}

/// `a` = dict of the `c` registers from `b`
#[inline(always)]
pub(crate) fn dict<M: Machine>(m: &M, i: &Instruction) -> R {
    if i.c > 0 {
        return window_to(m, i, &BUILD_DICT, i.b, i.c, 0);
    }
    m.set(i.a, m.make_object(m.alloc(shape::DICT, dict::WORDS)?));
    Ok(())
}

/// `a` = slice of the `c` registers from `b`
#[inline(always)]
pub(crate) fn slice<M: Machine>(m: &M, i: &Instruction) -> R {
    let step = if i.c > 2 { m.get(i.b + 2) } else { m.word(Value::NONE.bits()) };
    let s = m.alloc(shape::SLICE, 4)?;
    for (k, part) in [m.get(i.b), m.get(i.b + 1), step].into_iter().enumerate() {
        m.init(s, 8 + 8 * k as u32, part);
    }
    m.set(i.a, m.make_object(s));
    Ok(())
}

/// Appends `b` to list `a`, which a comprehension made.
#[inline(always)]
pub(crate) fn list_append<M: Machine>(m: &M, i: &Instruction) -> R {
    append(m, m.get(i.a), m.get(i.b))
}

/// Where paths meet on which a list has no room for another item.
const NO_ROOM: u32 = LAST - 1;

/// Appends `v` to list `l`.
#[inline(always)]
pub(crate) fn append<M: Machine>(m: &M, l: M::Val, v: M::Val) -> R {
    let p = m.ptr(l);
    let items = m.load(p, list::offset::ITEMS);
    if m.test(m.is_object(items)) {
        let (array, n) = (m.ptr(items), m.load_word(p, list::offset::LENGTH));
        if m.test(m.int_cmp(Cond::Lt, n, m.load_word(array, 8))) {
            m.store_element(array, n, v);
            m.store_word(p, list::offset::LENGTH, m.int_op(IntOp::Add, n, m.int_const(1)));
            return Ok(());
        }
    }
    m.meet(NO_ROOM)?;
    m.stub(&LIST_APPEND, [l, v, nothing(m)], 0, NO_SLOT)?;
    Ok(())
}
