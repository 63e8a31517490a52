//! Attributes: polymorphic inline caches keyed by shape (for modules by the version of their dictionary, one at a time).
//!
//! An entry's key holds the shape and a place; see [`place`]. Classes, which share a shape, are told apart by their numbers:
//! see [`class_key`]. What a class's dictionary holds is in the entry's value. Caches of
//! class attributes are flushed when a class changes under them ([`python_objects::class`]), which `assume` tells compilers.

use crate::stub::{FIND_METHOD, LOAD_ATTR, LOAD_SUPER, STORE_ATTR};
use crate::variables::settled;
use crate::{LAST, nothing, run, super_immediate};
use python_objects::class;
use python_objects::dict::offset;
use python_objects::kind::{class as builtin, shape};
use python_objects::py::root;
use python_objects::state::FIRST_VERSION;
use vm_api::code::Instruction;
use vm_api::engine::{Cond, IntOp, Machine, R, bit};
use vm_api::heap::{LayoutTable, ShapeIndex, Value};

/// Where an attribute is.
pub(crate) mod place {
    /// Below this: byte offset of a slot within the object.
    pub(crate) const CLASS_VALUE: u32 = 1 << 16;
    /// For method windows: the entry's value is what is called, without the object.
    pub(crate) const PLAIN_VALUE: u32 = CLASS_VALUE + 1;
    /// From here on: element of the overflow array in word 1. Exactly `CLASS_VALUE`: the slot's value is the attribute, or the
    /// function to bind.
    pub(crate) const OVERFLOW: u32 = 1 << 17;
    /// From here on: the value is as for `CLASS_VALUE`, unless the object has a dictionary in the word at so many bytes (and, if
    /// that is odd, one byte less: then as for `PLAIN_VALUE`).
    pub(crate) const UNLESS_DICT: u32 = 1 << 24;
    /// For stores: the attribute is new. Bits 0 to 7: the word; from bit 8 on: the shape that the object gets.
    pub(crate) const ADDS: u32 = 1 << 31;
}

/// Bits of the feedback of attributes; those of instances are said by the inline cache.
pub(crate) mod seen {
    use super::bit;
    pub(crate) const MODULE: u32 = bit::SECOND;
    pub(crate) const CLASS: u32 = bit::THIRD;
    /// With the bit that a failed guard leaves: integers are on no path of their own.
    pub(crate) const ANY: u32 = bit::OBJECT | MODULE | CLASS | bit::INT;
    /// What `super` is asked for.
    pub(crate) const SUPER: u32 = bit::OBJECT | bit::INT;
}

#[inline(always)]
pub(crate) fn has_shape<M: Machine>(m: &M, p: M::Ptr, s: ShapeIndex) -> M::Bool {
    m.int_cmp(Cond::Eq, m.shape(p), m.int_const(i64::from(s.0)))
}

/// The value in a module's dictionary whose version and place are cached.
#[inline(always)]
fn of_module<M: Machine>(m: &M, i: &Instruction, module: M::Ptr) -> Option<M::Val> {
    let d = m.ptr(m.load(module, 8));
    let version = m.load_word(d, offset::VERSION);
    if m.spec(m.int_cmp(Cond::Eq, version, m.cached_shape(i.feedback)), i.feedback, bit::CACHED) {
        return Some(match settled(m, i) {
            Some(v) => v,
            None => m.load_element(m.ptr(m.load(d, offset::ENTRIES)), m.cached_payload(i.feedback)),
        });
    }
    None
}

/// The object's entry in the inline cache.
#[inline(always)]
pub(crate) fn entry<M: Machine>(m: &M, i: &Instruction, p: M::Ptr) -> Option<M::Entry> {
    let entry = m.cached(m.shape(p), i.feedback)?;
    m.assume(root::TYPE_EPOCH);
    Some(entry)
}

/// What stands in keys for class number 0: above all shapes, below all versions of dictionaries.
pub(crate) const CLASS_KEYS: u32 = LayoutTable::CAPACITY as u32;
const _: () = assert!((FIRST_VERSION as u32) > CLASS_KEYS);

/// What stands in keys in the place of a shape for a class as an object; `None` if numbers have run out.
pub(crate) fn class_key(number: u32) -> Option<u32> {
    number.checked_add(CLASS_KEYS).filter(|key| *key < FIRST_VERSION as u32)
}

/// The same of a class at hand.
#[inline(always)]
pub(crate) fn class_key_of<M: Machine>(m: &M, class: M::Ptr) -> M::Int {
    let number = m.load_word(class, 8 * class::word::NUMBER as u32);
    m.int_op(IntOp::Add, number, m.int_const(i64::from(CLASS_KEYS)))
}

/// What the inline cache holds of an attribute of a class, and whether the class is its first argument.
#[inline(always)]
fn of_class<M: Machine>(m: &M, i: &Instruction, class: M::Ptr) -> Option<(M::Val, M::Int)> {
    let entry = m.cached(class_key_of(m, class), i.feedback)?;
    m.assume(root::TYPE_EPOCH);
    let v = m.entry_value(entry);
    if m.rare(m.is_word(v, Value::EMPTY.bits()), i.feedback, bit::RARE) {
        return None;
    }
    Some((v, m.entry_payload(entry)))
}

#[inline(always)]
fn is_below<M: Machine>(m: &M, at: M::Int, bound: u32) -> bool {
    m.test(m.int_cmp(Cond::Lt, at, m.int_const(i64::from(bound))))
}

/// What is at this place of the object, or of its entry in the cache.
#[inline(always)]
fn placed<M: Machine>(m: &M, p: M::Ptr, entry: M::Entry, at: M::Int) -> M::Val {
    if is_below(m, at, place::CLASS_VALUE) {
        m.load_at(p, at)
    } else if is_below(m, at, place::OVERFLOW) {
        m.entry_value(entry)
    } else if is_below(m, at, place::UNLESS_DICT) {
        let overflow = m.ptr(m.load(p, 8));
        m.load_element(overflow, m.int_op(IntOp::Xor, at, m.int_const(i64::from(place::OVERFLOW))))
    } else {
        let word = m.int_op(IntOp::And, at, m.int_const(i64::from(place::UNLESS_DICT - 2)));
        if m.test(m.is_word(m.load_at(p, word), Value::EMPTY.bits())) { m.entry_value(entry) } else { nothing(m) }
    }
}

/// Is what an object without a dictionary gives a function that takes the object as its first argument?
#[inline(always)]
fn binds_without_dict<M: Machine>(m: &M, at: M::Int) -> bool {
    let odd = m.int_op(IntOp::And, at, m.int_const(1));
    !is_below(m, at, place::UNLESS_DICT) && m.test(m.int_cmp(Cond::Eq, odd, m.int_const(0)))
}

/// `a` = attribute `d` of `b`
#[inline(always)]
pub(crate) fn load<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.b);
    if m.spec(m.is_object(v), i.feedback, seen::ANY) {
        let p = m.ptr(v);
        if let Some(entry) = entry(m, i, p) {
            let at = m.entry_payload(entry);
            let r = placed(m, p, entry, at);
            // An unset `__slots__` member, or a cached object that died.
            if !m.rare(m.is_word(r, Value::EMPTY.bits()), i.feedback, bit::RARE) {
                m.set(i.a, r);
                return Ok(());
            }
        } else if m.spec(has_shape(m, p, shape::MODULE), i.feedback, seen::MODULE) {
            if let Some(r) = of_module(m, i, p) {
                m.set(i.a, r);
                return Ok(());
            }
        } else if m.spec(has_shape(m, p, shape::TYPE), i.feedback, seen::CLASS)
            && let Some((r, _)) = of_class(m, i, p)
        {
            m.set(i.a, r);
            return Ok(());
        }
    }
    m.meet(LAST)?;
    m.call_stub_fixed(&LOAD_ATTR, [v, nothing(m), nothing(m)], i.d, i.a, i.feedback)
}

/// attribute `d` of `a` = `b`
#[inline(always)]
pub(crate) fn store<M: Machine>(m: &M, i: &Instruction) -> R {
    let (object, v) = (m.get(i.a), m.get(i.b));
    if m.spec(m.is_object(object), i.feedback, seen::ANY) {
        let p = m.ptr(object);
        if let Some(entry) = entry(m, i, p) {
            let at = m.entry_payload(entry);
            if is_below(m, at, place::CLASS_VALUE) {
                m.store_at(p, at, v);
            } else if is_below(m, at, place::UNLESS_DICT) {
                let overflow = m.ptr(m.load(p, 8));
                m.store_element(overflow, m.int_op(IntOp::Xor, at, m.int_const(i64::from(place::OVERFLOW))), v);
            } else {
                let word = m.int_op(IntOp::And, at, m.int_const(0xFF));
                let next = m.int_op(IntOp::And, m.int_op(IntOp::Shr, at, m.int_const(8)), m.int_const(0x7F_FFFF));
                m.store_at(p, m.int_op(IntOp::Shl, word, m.int_const(3)), v);
                m.set_shape(p, next);
            }
            return Ok(());
        }
    }
    m.meet(LAST)?;
    run(m, &STORE_ATTR, [object, v, nothing(m)], i)
}

/// Fills a method window from a stub's two results.
#[inline(always)]
pub(crate) fn set_pair<M: Machine>(m: &M, base: u16, second: M::Val) {
    m.set(base, m.root(root::METHOD_FUNCTION));
    m.set(base + 1, second);
}

/// (`a`, `a+1`) = method `d` of the `super` of class `b+1` and object `b+2`, where `b` is what the name `super` gave. The inline
/// cache holds the method by the object's shape, with the number of the class.
#[inline(always)]
pub(crate) fn load_super_method<M: Machine>(m: &M, i: &Instruction) -> R {
    let [callee, class, object] = [i.b, i.b + 1, i.b + 2].map(|r| m.get(r));
    if m.spec(m.is_object(object), i.feedback, seen::SUPER)
        && let Some(entry) = entry(m, i, m.ptr(object))
        && m.spec(m.same(callee, m.root(builtin::SUPER)), i.feedback, seen::SUPER)
        && m.spec(m.is_object(class), i.feedback, seen::SUPER)
        && m.spec(has_shape(m, m.ptr(class), shape::TYPE), i.feedback, seen::SUPER)
    {
        let number = m.load_word(m.ptr(class), 8 * class::word::NUMBER as u32);
        let f = m.entry_value(entry);
        if m.spec(m.int_cmp(Cond::Eq, number, m.entry_payload(entry)), i.feedback, seen::SUPER)
            && !m.rare(m.is_word(f, Value::EMPTY.bits()), i.feedback, bit::RARE)
        {
            m.set(i.a, f);
            m.set(i.a + 1, object);
            return Ok(());
        }
    }
    m.meet(LAST)?;
    let r = m.stub(&LOAD_SUPER, [callee, class, object], super_immediate(i, true), i.feedback)?;
    set_pair(m, i.a, r);
    Ok(())
}

/// (`a`, `a+1`) = method `d` of `b`
#[inline(always)]
pub(crate) fn load_method<M: Machine>(m: &M, i: &Instruction) -> R {
    let v = m.get(i.b);
    if m.spec(m.is_object(v), i.feedback, seen::ANY) {
        let p = m.ptr(v);
        if let Some(entry) = entry(m, i, p) {
            let at = m.entry_payload(entry);
            // Methods of plain instances: one test decides.
            let binds = m.test(m.int_cmp(Cond::Eq, at, m.int_const(i64::from(place::CLASS_VALUE))));
            let f = if binds { m.entry_value(entry) } else { placed(m, p, entry, at) };
            if !m.rare(m.is_word(f, Value::EMPTY.bits()), i.feedback, bit::RARE) {
                if binds || binds_without_dict(m, at) {
                    m.set(i.a, f);
                    m.set(i.a + 1, v);
                } else {
                    m.set(i.a, nothing(m));
                    m.set(i.a + 1, f);
                }
                return Ok(());
            }
        } else if m.spec(has_shape(m, p, shape::MODULE), i.feedback, seen::MODULE) {
            if let Some(f) = of_module(m, i, p) {
                m.set(i.a, nothing(m));
                m.set(i.a + 1, f);
                return Ok(());
            }
        } else if m.spec(has_shape(m, p, shape::TYPE), i.feedback, seen::CLASS)
            && let Some((f, takes_class)) = of_class(m, i, p)
        {
            if m.test(m.int_cmp(Cond::Eq, takes_class, m.int_const(0))) {
                m.set(i.a, nothing(m));
                m.set(i.a + 1, f);
            } else {
                m.set(i.a, f);
                m.set(i.a + 1, v);
            }
            return Ok(());
        }
    }
    m.meet(LAST)?;
    let r = m.stub(&FIND_METHOD, [v, nothing(m), nothing(m)], i.d, i.feedback)?;
    set_pair(m, i.a, r);
    Ok(())
}
