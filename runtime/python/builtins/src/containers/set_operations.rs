//! What `set`, `frozenset` and the views of dictionaries compute, with CPython's order of insertion: see
//! [`python_algorithms::set_table`]. Operands are any iterables unless said otherwise.

use python_algorithms::set_table::{MIN_SLOTS, merge_slots, slots_after_discards};
use python_objects::kind::shape;
use python_objects::{Kind, Object, Py, R, Value, dict, set};

/// The exact dictionary, whose hashes need not be computed again.
fn exact_dict(v: Value) -> Option<Object> {
    Object::from_value(v).filter(|o| o.shape() == shape::DICT)
}
/// An empty set of the built-in type that `s` belongs to or inherits from.
pub(crate) fn empty_like(py: Py<'_>, s: Object) -> R<Object> {
    py.new_set(if py.object_kind(s) == Kind::FROZENSET { shape::FROZENSET } else { shape::SET })
}
/// A copy, of the built-in type.
pub(crate) fn copy(py: Py<'_>, s: Object) -> R<Object> {
    let r = empty_like(py, s)?;
    py.set_merge(r, s)?;
    Ok(r)
}
/// Runs `f` on each item of a set and its hash.
fn each_item(py: Py<'_>, s: Object, mut f: impl FnMut(Value, i64) -> R<()>) -> R<()> {
    let mut i = 0;
    while let Some((at, v)) = set::next_item(s, i) {
        f(v, set::item_hash(s, at))?;
        i = at + 1;
        if i & 0xFFF == 0 {
            py.poll()?;
        }
    }
    Ok(())
}
/// Runs `f` on each key of a dictionary and its hash.
fn each_key(py: Py<'_>, d: Object, mut f: impl FnMut(Value, i64) -> R<()>) -> R<()> {
    let mut i = 0;
    while let Some((at, key, _)) = dict::next_entry(d, i) {
        f(key, dict::entry_hash(d, at))?;
        i = at + 1;
        if i & 0xFFF == 0 {
            py.poll()?;
        }
    }
    Ok(())
}

/// `s |= from`
pub(crate) fn update(py: Py<'_>, s: Object, from: Value) -> R<()> {
    if let Some(other) = py.as_any_set(from) {
        return py.set_merge(s, other);
    }
    if let Some(d) = exact_dict(from) {
        let (fill, mask) = (set::fill(s), set::slots(s).max(MIN_SLOTS) - 1);
        if let Some(n) = merge_slots(fill, set::length(s), mask, dict::length(d)) {
            py.set_resize(s, n)?;
        }
        return each_key(py, d, |key, hash| py.set_add_hashed(s, key, hash).map(|_| ()));
    }
    py.each(from, |v| py.set_add(s, v).map(|_| ()))
}
/// `s & other`, of the built-in type of `s`.
pub(crate) fn intersection(py: Py<'_>, s: Object, other: Value) -> R<Object> {
    if s.value() == other {
        return copy(py, s);
    }
    let r = empty_like(py, s)?;
    if let Some(other) = py.as_any_set(other) {
        let (few, many) = if set::length(other) > set::length(s) { (s, other) } else { (other, s) };
        each_item(py, few, |v, hash| {
            if py.set_contains_hashed(many, v, hash)? {
                py.set_add_hashed(r, v, hash)?;
            }
            Ok(())
        })?;
        return Ok(r);
    }
    let iterator = py.iter(other)?;
    while let Some(v) = py.next(iterator)? {
        let hash = py.hash(v)?;
        if py.set_contains_hashed(s, v, hash)? {
            py.set_add_hashed(r, v, hash)?;
            // There cannot be more.
            if set::length(r) >= set::length(s) {
                break;
            }
        }
    }
    Ok(r)
}
/// `s -= other`
pub(crate) fn difference_update(py: Py<'_>, s: Object, other: Value) -> R<()> {
    if s.value() == other {
        py.set_clear(s);
        return Ok(());
    }
    match py.as_any_set(other) {
        Some(mut set) => {
            if set::length(set) >> 3 > set::length(s) {
                set = intersection(py, s, other)?;
            }
            each_item(py, set, |v, hash| py.set_discard_hashed(s, v, hash).map(|_| ()))?;
        }
        None => py.each(other, |v| py.set_discard(s, v).map(|_| ()))?,
    }
    let slots = set::slots(s);
    if slots > 0
        && let Some(n) = slots_after_discards(set::fill(s), set::length(s), slots - 1)
    {
        py.set_resize(s, n)?;
    }
    Ok(())
}
/// `s - other`, of the built-in type of `s`.
pub(crate) fn difference(py: Py<'_>, s: Object, other: Value) -> R<Object> {
    let (set, dictionary) = (py.as_any_set(other), exact_dict(other));
    let size = match (set, dictionary) {
        (Some(set), _) => Some(set::length(set)),
        (_, Some(d)) => Some(dict::length(d)),
        _ => None,
    };
    if size.is_none_or(|n| set::length(s) >> 2 > n) {
        let r = copy(py, s)?;
        difference_update(py, r, other)?;
        return Ok(r);
    }
    let r = empty_like(py, s)?;
    each_item(py, s, |v, hash| {
        let there = match (set, dictionary) {
            (Some(set), _) => py.set_contains_hashed(set, v, hash)?,
            (_, Some(d)) => py.dict_find(d, v, hash)?.is_some(),
            _ => false,
        };
        if !there {
            py.set_add_hashed(r, v, hash)?;
        }
        Ok(())
    })?;
    Ok(r)
}
/// `s ^= other`
pub(crate) fn symmetric_difference_update(py: Py<'_>, s: Object, other: Value) -> R<()> {
    if s.value() == other {
        py.set_clear(s);
        return Ok(());
    }
    let toggle = |v: Value, hash: i64| -> R<()> {
        if !py.set_discard_hashed(s, v, hash)? {
            py.set_add_hashed(s, v, hash)?;
        }
        Ok(())
    };
    if let Some(d) = exact_dict(other) {
        return each_key(py, d, toggle);
    }
    let other = match py.as_any_set(other) {
        Some(set) => set,
        None => {
            let made = empty_like(py, s)?;
            update(py, made, other)?;
            made
        }
    };
    each_item(py, other, toggle)
}
/// `s ^ other`, of the built-in type of `s`.
pub(crate) fn symmetric_difference(py: Py<'_>, s: Object, other: Value) -> R<Object> {
    let r = empty_like(py, s)?;
    update(py, r, other)?;
    symmetric_difference_update(py, r, s.value())?;
    Ok(r)
}
/// Have they no item in common?
pub(crate) fn is_disjoint(py: Py<'_>, s: Object, other: Value) -> R<bool> {
    if s.value() == other {
        return Ok(set::length(s) == 0);
    }
    let mut disjoint = true;
    if let Some(other) = py.as_any_set(other) {
        let (few, many) = if set::length(other) > set::length(s) { (s, other) } else { (other, s) };
        let mut i = 0;
        while let Some((at, v)) = set::next_item(few, i) {
            i = at + 1;
            if py.set_contains_hashed(many, v, set::item_hash(few, at))? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    let iterator = py.iter(other)?;
    while let Some(v) = py.next(iterator)? {
        if py.set_contains(s, v)? {
            disjoint = false;
            break;
        }
    }
    Ok(disjoint)
}
