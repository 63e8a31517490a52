//! A deque's storage: an array used as a ring.
//!
//! Words: array (EMPTY: none yet), first place in use, length, greatest length (`u64::MAX`: none), number of changes of the
//! length, by which iterators notice that the deque changed. Places not in use are EMPTY. The array's length is a power
//! of two.

use python_objects::{Object, Py, R, Value};
use vm_api::heap::Layout;

/// Layout of a deque.
pub(super) const LAYOUT: Layout = Layout::Bitmap { words: 6, bits: 0b10 };
const ARRAY: usize = 1;
const FIRST: usize = 2;
const LENGTH: usize = 3;
const MAXIMUM: usize = 4;
const CHANGES: usize = 5;

/// Number of items.
#[inline]
pub(super) fn length(o: Object) -> usize {
    o.word(LENGTH) as usize
}
/// Greatest length, if there is one.
pub(super) fn maximum(o: Object) -> Option<usize> {
    Some(o.word(MAXIMUM)).filter(|m| *m != u64::MAX).map(|m| m as usize)
}
/// Number of changes.
pub(super) fn changes(o: Object) -> u64 {
    o.word(CHANGES)
}
fn changed(o: Object) {
    o.set_word(CHANGES, o.word(CHANGES).wrapping_add(1) & ((1 << 48) - 1));
}
#[inline]
fn place(o: Object, array: Object, i: usize) -> usize {
    (o.word(FIRST) as usize + i) & (array.length() - 1)
}
/// Item `i`, if there is one.
#[inline]
pub(super) fn get(o: Object, i: usize) -> Option<Value> {
    if i >= length(o) {
        return None;
    }
    let array = Object::of(o.get(ARRAY));
    Some(array.element(place(o, array, i)))
}
/// Replaces item `i`, in range.
pub(super) fn set(py: Py<'_>, o: Object, i: usize, v: Value) {
    if i < length(o) {
        let array = Object::of(o.get(ARRAY));
        py.heap().store_element(array, place(o, array, i), v);
    }
}
/// Makes an empty deque with this greatest length of a fresh or used one.
pub(super) fn reset(py: Py<'_>, o: Object, maximum: Option<usize>) {
    clear(py, o);
    o.set_word(MAXIMUM, maximum.map_or(u64::MAX, |m| m as u64));
}
/// Empties it.
pub(super) fn clear(py: Py<'_>, o: Object) {
    py.store(o, ARRAY, Value::EMPTY);
    o.set_word(FIRST, 0);
    o.set_word(LENGTH, 0);
    changed(o);
}
fn grow(py: Py<'_>, o: Object) -> R<()> {
    let n = length(o);
    let old = Object::from_value(o.get(ARRAY));
    if old.is_some_and(|a| a.length() > n) {
        return Ok(());
    }
    let larger = py.new_array((n * 2).max(8))?;
    if let Some(old) = old {
        let first = o.word(FIRST) as usize;
        let head = (old.length() - first).min(n);
        py.copy_elements(old, first, larger, 0, head)?;
        py.copy_elements(old, 0, larger, head, n - head)?;
    }
    py.store(o, ARRAY, larger.value());
    o.set_word(FIRST, 0);
    Ok(())
}
/// Appends at the right; what exceeds the greatest length goes at the left.
pub(super) fn push_right(py: Py<'_>, o: Object, v: Value) -> R<()> {
    if maximum(o) == Some(0) {
        return Ok(());
    }
    grow(py, o)?;
    let (array, n) = (Object::of(o.get(ARRAY)), length(o));
    py.heap().store_element(array, place(o, array, n), v);
    o.set_word(LENGTH, n as u64 + 1);
    changed(o);
    if maximum(o).is_some_and(|m| n + 1 > m) {
        pop_left(py, o);
    }
    Ok(())
}
/// Appends at the left.
pub(super) fn push_left(py: Py<'_>, o: Object, v: Value) -> R<()> {
    if maximum(o) == Some(0) {
        return Ok(());
    }
    grow(py, o)?;
    let (array, n) = (Object::of(o.get(ARRAY)), length(o));
    let first = (o.word(FIRST) as usize).wrapping_sub(1) & (array.length() - 1);
    py.heap().store_element(array, first, v);
    o.set_word(FIRST, first as u64);
    o.set_word(LENGTH, n as u64 + 1);
    changed(o);
    if maximum(o).is_some_and(|m| n + 1 > m) {
        pop_right(py, o);
    }
    Ok(())
}
/// Removes and returns the rightmost item.
pub(super) fn pop_right(py: Py<'_>, o: Object) -> Option<Value> {
    let n = length(o).checked_sub(1)?;
    let array = Object::of(o.get(ARRAY));
    let at = place(o, array, n);
    let v = array.element(at);
    py.heap().store_element(array, at, Value::EMPTY);
    o.set_word(LENGTH, n as u64);
    changed(o);
    Some(v)
}
/// Removes and returns the leftmost item.
pub(super) fn pop_left(py: Py<'_>, o: Object) -> Option<Value> {
    let n = length(o).checked_sub(1)?;
    let array = Object::of(o.get(ARRAY));
    let at = place(o, array, 0);
    let v = array.element(at);
    py.heap().store_element(array, at, Value::EMPTY);
    o.set_word(FIRST, place(o, array, 1) as u64);
    o.set_word(LENGTH, n as u64);
    changed(o);
    Some(v)
}
/// Turns the items `n` places to the right (to the left if negative).
pub(super) fn rotate(py: Py<'_>, o: Object, n: i64) -> R<()> {
    let count = length(o);
    if count < 2 {
        return Ok(());
    }
    let n = n.rem_euclid(count as i64) as usize;
    if n == 0 {
        return Ok(());
    }
    if n <= count / 2 {
        for _ in 0..n {
            if let Some(v) = pop_right(py, o) {
                push_left(py, o, v)?;
            }
        }
    } else {
        for _ in 0..count - n {
            if let Some(v) = pop_left(py, o) {
                push_right(py, o, v)?;
            }
        }
    }
    Ok(())
}
/// Removes item `i`, in range, moving those of the shorter side.
pub(super) fn remove(py: Py<'_>, o: Object, i: usize) {
    let n = length(o);
    if i >= n {
        return;
    }
    let array = Object::of(o.get(ARRAY));
    if i < n / 2 {
        for j in (0..i).rev() {
            let v = array.element(place(o, array, j));
            py.heap().store_element(array, place(o, array, j + 1), v);
        }
        pop_left(py, o);
    } else {
        for j in i + 1..n {
            let v = array.element(place(o, array, j));
            py.heap().store_element(array, place(o, array, j - 1), v);
        }
        pop_right(py, o);
    }
}
/// Inserts before item `i`, at most the length. The caller has checked the greatest length.
pub(super) fn insert(py: Py<'_>, o: Object, i: usize, v: Value) -> R<()> {
    let n = length(o);
    if i < n / 2 {
        push_left(py, o, v)?;
        let array = Object::of(o.get(ARRAY));
        for j in 0..i {
            let w = array.element(place(o, array, j + 1));
            py.heap().store_element(array, place(o, array, j), w);
        }
    } else {
        push_right(py, o, v)?;
        let array = Object::of(o.get(ARRAY));
        for j in (i..n).rev() {
            let w = array.element(place(o, array, j));
            py.heap().store_element(array, place(o, array, j + 1), w);
        }
    }
    set(py, o, i, v);
    Ok(())
}
/// A list of the items.
pub(super) fn to_list(py: Py<'_>, o: Object) -> R<Object> {
    let l = py.new_list(length(o))?;
    let mut i = 0;
    while let Some(v) = get(o, i) {
        py.list_push(l, v)?;
        i += 1;
    }
    Ok(l)
}
