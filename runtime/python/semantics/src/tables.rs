//! Bounded probes of hash tables: small integers and strings as keys, a few slots, and the key itself or none with its hash.
//!
//! A key that equals a stored one without being it (a string that is not interned, `1.0` for `1`) has the same hash, so a
//! probe that meets only other hashes has seen no equal key. Whatever is met beside goes to the stub: a deleted slot, a full
//! neighbourhood, the same hash at another key.

use crate::attributes::has_shape;
use python_objects::dict;
use python_objects::kind::{shape, special};
use python_objects::{set, string};
use vm_api::code::Instruction;
use vm_api::engine::{Cond, IntOp, Machine, R, bit};
use vm_api::heap::Value;

/// Slots that are looked at.
const PROBES: usize = 3;
/// By how much each probe of a table shifts the hash.
const PERTURB_SHIFT: i64 = 5;

/// Where paths meet that have hashed a key of a dictionary.
pub(crate) const HASHED: u32 = 100;
/// The same of a set.
pub(crate) const HASHED_IN_SET: u32 = HASHED + 1;

/// What a probe found.
#[derive(Clone, Copy)]
pub(crate) enum Probed<P, I> {
    /// The element of the array that belongs to the key: of a dictionary's entries the value, of a set's keys the key.
    At(P, I),
    /// Surely not there.
    Missing,
}

/// The bits of feedback that say which keys a table was asked for.
#[derive(Clone, Copy)]
pub(crate) struct Keys {
    /// Small integers.
    pub(crate) int: u32,
    /// Strings.
    pub(crate) str: u32,
}

impl Keys {
    /// Either.
    pub(crate) const fn any(self) -> u32 {
        self.int | self.str
    }
}

/// The hash of a key that has one at hand; paths meet at `place`.
#[inline(always)]
fn hash<M: Machine>(m: &M, i: &Instruction, key: M::Val, seen: Keys, place: u32) -> R<Option<M::Int>> {
    if m.spec(m.is_int(key), i.feedback, seen.int) {
        let x = m.int(key);
        // -1 is no hash.
        if m.rare(m.int_cmp(Cond::Eq, x, m.int_const(-1)), i.feedback, bit::RARE) {
            return Ok(None);
        }
        return m.meet_with(place, x).map(Some);
    }
    if m.spec(m.is_object(key), i.feedback, seen.str)
        && m.spec(has_shape(m, m.ptr(key), shape::STR), i.feedback, seen.str)
    {
        let h = m.load_word(m.ptr(key), string::HASH_OFFSET);
        if m.rare(m.int_cmp(Cond::Eq, h, m.int_const(0)), i.feedback, bit::RARE) {
            return Ok(None);
        }
        return m.meet_with(place, h).map(Some);
    }
    Ok(None)
}

/// Is the lower half of the hash that stands at an offset that of `hash`?
#[inline(always)]
fn same_hash<M: Machine>(m: &M, table: M::Ptr, at: M::Int, hash: M::Int) -> M::Bool {
    let low = m.int_op(IntOp::And, hash, m.int_const(0xFFFF_FFFF));
    m.int_cmp(Cond::Eq, m.load_u32(table, at), low)
}

/// The next slot, by CPython's recurrence, and what is left of the hash.
#[inline(always)]
fn advance<M: Machine>(m: &M, slot: M::Int, rest: M::Int, mask: M::Int) -> (M::Int, M::Int) {
    let rest = m.int_op(IntOp::Shr, rest, m.int_const(PERTURB_SHIFT));
    let five = m.int_op(IntOp::Add, slot, m.int_op(IntOp::Shl, slot, m.int_const(2)));
    let next = m.int_op(IntOp::Add, five, m.int_op(IntOp::Add, rest, m.int_const(1)));
    (m.int_op(IntOp::And, next, mask), rest)
}

/// Where dictionary `d` has `key`; `None`: ask the stub.
#[inline(always)]
pub(crate) fn in_dict<M: Machine>(
    m: &M,
    i: &Instruction,
    d: M::Ptr,
    key: M::Val,
    seen: Keys,
) -> R<Option<Probed<M::Ptr, M::Int>>> {
    let Some(hash) = hash(m, i, key, seen, HASHED)? else { return Ok(None) };
    let table = m.load(d, dict::offset::TABLE);
    if !m.test(m.is_object(table)) {
        return Ok(Some(Probed::Missing));
    }
    let (table, entries) = (m.ptr(table), m.ptr(m.load(d, dict::offset::ENTRIES)));
    let (one, two, three) = (m.int_const(1), m.int_const(2), m.int_const(3));
    let (slots, indices) = (m.load_word(table, dict::offset::SLOTS), m.int_const(i64::from(dict::offset::INDICES)));
    let hashes = m.int_op(IntOp::Add, indices, m.int_op(IntOp::Shl, slots, two));
    let mask = m.int_op(IntOp::Sub, slots, one);
    let (mut slot, mut rest) = (m.int_op(IntOp::And, hash, mask), hash);
    for probe in 0..PROBES {
        if probe > 0 {
            (slot, rest) = advance(m, slot, rest, mask);
        }
        let index = m.load_u32(table, m.int_op(IntOp::Add, indices, m.int_op(IntOp::Shl, slot, two)));
        if m.test(m.int_cmp(Cond::Eq, index, m.int_const(0))) {
            return Ok(Some(Probed::Missing));
        }
        if m.rare(m.int_cmp(Cond::Eq, index, m.int_const(i64::from(dict::DELETED))), i.feedback, bit::RARE) {
            return Ok(None);
        }
        let entry = m.int_op(IntOp::Sub, index, one);
        let at = m.int_op(IntOp::Shl, entry, one);
        if m.test(m.same(m.load_element(entries, at), key)) {
            return Ok(Some(Probed::At(entries, m.int_op(IntOp::Add, at, one))));
        }
        let of_entry = m.int_op(IntOp::Add, hashes, m.int_op(IntOp::Shl, entry, three));
        if m.rare(same_hash(m, table, of_entry, hash), i.feedback, bit::RARE) {
            return Ok(None);
        }
    }
    Ok(None)
}

/// Where set `s` has `key`; `None`: ask the stub.
#[inline(always)]
pub(crate) fn in_set<M: Machine>(
    m: &M,
    i: &Instruction,
    s: M::Ptr,
    key: M::Val,
    seen: Keys,
) -> R<Option<Probed<M::Ptr, M::Int>>> {
    let Some(hash) = hash(m, i, key, seen, HASHED_IN_SET)? else { return Ok(None) };
    let keys = m.load(s, set::offset::KEYS);
    if !m.test(m.is_object(keys)) {
        return Ok(Some(Probed::Missing));
    }
    let (keys, hashes) = (m.ptr(keys), m.ptr(m.load(s, set::offset::HASHES)));
    let (one, three, first) = (m.int_const(1), m.int_const(3), m.int_const(i64::from(set::offset::FIRST_HASH)));
    let mask = m.load_word(s, set::offset::MASK);
    let (mut slot, mut rest) = (m.int_op(IntOp::And, hash, mask), hash);
    let mut neighbours = false;
    for probe in 0..PROBES {
        if probe == 1 {
            let end = m.int_op(IntOp::Add, slot, m.int_const(set::LINEAR_PROBES as i64));
            neighbours = m.test(m.int_cmp(Cond::Le, end, mask));
        }
        if probe > 0 && neighbours {
            slot = m.int_op(IntOp::Add, slot, one);
        } else if probe == 2 {
            // The slot after that may have neighbours again.
            return Ok(None);
        } else if probe == 1 {
            (slot, rest) = advance(m, slot, rest, mask);
        }
        let found = m.load_element(keys, slot);
        if m.test(m.same(found, key)) {
            return Ok(Some(Probed::At(keys, slot)));
        }
        if m.test(m.is_word(found, Value::EMPTY.bits())) {
            return Ok(Some(Probed::Missing));
        }
        if m.rare(m.is_word(found, special::DUMMY.bits()), i.feedback, bit::RARE) {
            return Ok(None);
        }
        let of_slot = m.int_op(IntOp::Add, first, m.int_op(IntOp::Shl, slot, three));
        if m.rare(same_hash(m, hashes, of_slot, hash), i.feedback, bit::RARE) {
            return Ok(None);
        }
    }
    Ok(None)
}
