//! Variables: cells, globals, names.
//!
//! Global names are cached by dictionary version ([`python_objects::dict`]): the slot's key holds the version of the globals and
//! the element of the entries' array, and its value what the entry holds if the version says so; for a builtin, the version of the
//! globals (which lack the name), the element with [`IN_BUILTINS`], and as its value the version of the builtins' dictionary.

use crate::attributes::has_shape;
use crate::stub::*;
use crate::{LAST, nothing, run, to};
use python_objects::dict::{DEFINITIONS, offset};
use python_objects::function::word;
use python_objects::kind::shape;
use vm_api::code::Instruction;
use vm_api::engine::{Cond, FixedStub, IntOp, Machine, R, bit};
use vm_api::heap::Value;

const GLOBALS: u32 = word::GLOBALS as u32 * 8;
const CLOSURE: u32 = word::CLOSURE as u32 * 8;
const NAMESPACE: u32 = word::NAMESPACE as u32 * 8;
const BUILTINS: u32 = word::BUILTINS as u32 * 8;
/// Where the ways to replacing a value meet.
const REPLACED: u32 = 0;
/// Payload bit: the entry is in the dictionary of builtins.
pub(crate) const IN_BUILTINS: u32 = 1 << 31;

/// Raises UnboundLocalError for a register that is unbound.
#[inline(always)]
pub(crate) fn check_local<M: Machine>(m: &M, i: &Instruction) -> R {
    if m.test(m.is_word(m.get(i.a), Value::EMPTY.bits())) {
        m.stub(&UNBOUND_LOCAL, [m.function(), nothing(m), nothing(m)], i32::from(i.a), crate::NO_SLOT)?;
    }
    Ok(())
}

#[inline(always)]
pub(crate) fn delete_local<M: Machine>(m: &M, i: &Instruction) -> R {
    check_local(m, i)?;
    m.set(i.a, nothing(m));
    Ok(())
}

#[inline(always)]
pub(crate) fn make_cell<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.a);
    let cell = m.alloc(shape::CELL, 2)?;
    m.init(cell, 8, v);
    m.set(i.a, m.make_object(cell));
    Ok(())
}

/// Cell `b` of the running function's closure.
#[inline(always)]
pub(crate) fn free_cell<M: Machine>(m: &M, i: &Instruction) -> M::Val {
    let closure = m.ptr(m.load(m.ptr(m.function()), CLOSURE));
    m.load_element(closure, m.int_const(i64::from(i.b)))
}

/// `a` = the cell's content.
#[inline(always)]
pub(crate) fn load_cell<M: Machine>(m: &M, i: &Instruction, cell: M::Val, unbound: &'static FixedStub) -> R {
    let v = m.load(m.ptr(cell), 8);
    if m.test(m.is_word(v, Value::EMPTY.bits())) {
        m.stub(unbound, [m.function(), nothing(m), nothing(m)], i32::from(i.b), crate::NO_SLOT)?;
    }
    m.set(i.a, v);
    Ok(())
}

#[inline(always)]
pub(crate) fn delete_cell<M: Machine>(m: &M, cell: M::Val, i: &Instruction, unbound: &'static FixedStub) -> R {
    let v = m.load(m.ptr(cell), 8);
    if m.test(m.is_word(v, Value::EMPTY.bits())) {
        let number = if i.op == python_compile::opcodes::DELETE_CELL { i.a } else { i.b };
        m.stub(unbound, [m.function(), nothing(m), nothing(m)], i32::from(number), crate::NO_SLOT)?;
    }
    m.store(m.ptr(cell), 8, nothing(m));
    Ok(())
}

#[inline(always)]
pub(crate) fn load_from_dict_or_free<M: Machine>(m: &M, i: &Instruction) -> R {
    let closure = m.ptr(m.load(m.ptr(m.function()), CLOSURE));
    let cell = m.load_element(closure, m.int_const(i64::from(i.c)));
    to(m, i, &LOAD_FROM_DICT_OR_FREE, [m.get(i.b), cell, m.function()], i32::from(i.c))
}

/// The value that a dictionary's version, which the slot's key is, stands for: an object. What else the slot may hold as its value
/// is none.
#[inline(always)]
pub(crate) fn settled<M: Machine>(m: &M, i: &Instruction) -> Option<M::Val> {
    let v = m.cached_value(i.feedback);
    m.test(m.is_object(v)).then_some(v)
}

/// The cached place of a name in `dict`, or in the builtins.
#[inline(always)]
fn cached<M: Machine>(m: &M, i: &Instruction, dict: M::Val) -> Option<M::Val> {
    let d = m.ptr(dict);
    let version = m.load_word(d, offset::VERSION);
    if !m.spec(m.int_cmp(Cond::Eq, version, m.cached_shape(i.feedback)), i.feedback, bit::CACHED) {
        return None;
    }
    if let Some(v) = settled(m, i) {
        return Some(v);
    }
    let place = m.cached_payload(i.feedback);
    let in_builtins = m.int_const(i64::from(IN_BUILTINS));
    let (entries, at) = if m.test(m.int_cmp(Cond::Lt, place, in_builtins)) {
        (m.load(d, offset::ENTRIES), place)
    } else {
        let builtins = m.ptr(m.load(m.ptr(m.function()), BUILTINS));
        let version = m.make_int(m.load_word(builtins, offset::VERSION));
        if !m.spec(m.same(version, m.cached_value(i.feedback)), i.feedback, bit::CACHED) {
            return None;
        }
        (m.load(builtins, offset::ENTRIES), m.int_op(IntOp::Xor, place, in_builtins))
    };
    Some(m.load_element(m.ptr(entries), at))
}

#[inline(always)]
pub(crate) fn load_global<M: Machine>(m: &M, i: &Instruction) -> R {
    let globals = m.load(m.ptr(m.function()), GLOBALS);
    match cached(m, i, globals) {
        Some(v) => {
            m.set(i.a, v);
            Ok(())
        }
        None => {
            m.meet(LAST)?;
            to(m, i, &LOAD_GLOBAL, [m.function(), nothing(m), nothing(m)], i.d)
        }
    }
}

#[inline(always)]
pub(crate) fn load_name<M: Machine>(m: &M, i: &Instruction) -> R {
    let namespace = m.load(m.ptr(m.function()), NAMESPACE);
    if m.spec(is_dict(m, namespace), i.feedback, bit::OBJECT)
        && let Some(v) = cached(m, i, namespace)
    {
        m.set(i.a, v);
        return Ok(());
    }
    m.meet(LAST)?;
    to(m, i, &LOAD_NAME, [m.function(), nothing(m), nothing(m)], i.d)
}

#[inline(always)]
fn is_dict<M: Machine>(m: &M, v: M::Val) -> M::Bool {
    m.int_cmp(Cond::Eq, m.shape(m.ptr(v)), m.int_const(i64::from(shape::DICT.0)))
}

/// Replaces the value of an entry whose place is cached, unless it is a definition.
#[inline(always)]
fn replace<M: Machine>(m: &M, i: &Instruction, dict: M::Val) -> R<bool> {
    let d = m.ptr(dict);
    let version = m.load_word(d, offset::VERSION);
    if !m.spec(m.int_cmp(Cond::Eq, version, m.cached_shape(i.feedback)), i.feedback, bit::CACHED) {
        return Ok(false);
    }
    let (entries, at) = (m.ptr(m.load(d, offset::ENTRIES)), m.cached_payload(i.feedback));
    let old = m.load_element(entries, at);
    if m.test(m.is_object(old)) {
        let old = m.ptr(old);
        for shape in DEFINITIONS {
            if m.rare(has_shape(m, old, shape), i.feedback, bit::RARE) {
                return Ok(false);
            }
        }
    }
    m.meet(REPLACED)?;
    m.store_element(entries, at, m.get(i.a));
    Ok(true)
}

#[inline(always)]
pub(crate) fn store_global<M: Machine>(m: &M, i: &Instruction) -> R {
    if replace(m, i, m.load(m.ptr(m.function()), GLOBALS))? {
        return Ok(());
    }
    m.meet(LAST)?;
    run(m, &STORE_GLOBAL, [m.function(), m.get(i.a), nothing(m)], i)
}

#[inline(always)]
pub(crate) fn store_name<M: Machine>(m: &M, i: &Instruction) -> R {
    let namespace = m.load(m.ptr(m.function()), NAMESPACE);
    if m.spec(is_dict(m, namespace), i.feedback, bit::OBJECT) && replace(m, i, namespace)? {
        return Ok(());
    }
    m.meet(LAST)?;
    run(m, &STORE_NAME, [m.function(), m.get(i.a), nothing(m)], i)
}
