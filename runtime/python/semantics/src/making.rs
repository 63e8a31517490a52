//! Displays: small tuples inline, appending to a list with room, everything else by stub.

use crate::stub::{BUILD_TUPLE, LIST_APPEND};
use crate::{NO_SLOT, nothing};
use python_objects::kind::shape;
use python_objects::list;
use vm_api::code::Instruction;
use vm_api::engine::{Cond, IntOp, Machine, R};

/// Tuples up to this length are made inline.
const FEW: u16 = 8;

/// `a` = tuple of the `c` registers from `b`
#[inline(always)]
pub(crate) fn tuple<M: Machine>(m: &M, i: &Instruction) -> R {
    if i.c == 0 || i.c > FEW {
        m.set(i.a, m.stub_window(&BUILD_TUPLE, i.b, i.c, 0, NO_SLOT)?);
        return Ok(());
    }
    let t = m.alloc(shape::TUPLE, 2 + u32::from(i.c))?;
    m.init_word(t, 8, m.int_const(i64::from(i.c)));
    for k in 0..i.c {
        m.init(t, 16 + 8 * u32::from(k), m.get(i.b + k));
    }
    m.set(i.a, m.make_object(t));
    Ok(())
}

/// Appends `b` to list `a`, which a comprehension made.
#[inline(always)]
pub(crate) fn list_append<M: Machine>(m: &M, i: &Instruction) -> R {
    let (l, v) = (m.get(i.a), m.get(i.b));
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
    m.stub(&LIST_APPEND, [l, v, nothing(m)], 0, NO_SLOT)?;
    Ok(())
}
