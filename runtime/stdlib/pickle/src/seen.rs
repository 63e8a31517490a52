//! The pickler's memo: the numbers of objects by their identity.
//!
//! A table in a leaf of the heap, of two raw words a slot: a key, which is never zero, and the number. It is made with the first
//! entry, and at most half of it is used. The objects themselves are in a list of the pickler, in the order in which they
//! came: that keeps them alive, and so the keys theirs.

use python_objects::{Object, Py, R, Value};
use vm_api::heap::{Layout, OutOfMemory};

/// Slots of the first table.
const FIRST: usize = 64;
const SLOT_BYTES: usize = 16;

/// What an object is known by.
#[inline]
pub(crate) fn key_of(py: Py<'_>, v: Value) -> u64 {
    // Identities of objects and the words of immediate values are all different, and below the largest.
    py.identity(v).wrapping_add(1)
}
fn slots(table: Object) -> usize {
    table.length() / SLOT_BYTES
}
/// Where a key is, or would be.
#[inline]
fn place(table: Object, key: u64) -> (usize, bool) {
    let slots = slots(table);
    // The high bits of the product depend on all of the key's.
    let mut slot = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - slots.ilog2())) as usize;
    loop {
        match table.word(Layout::FIRST_ELEMENT + 2 * slot) {
            0 => return (slot, false),
            found if found == key => return (slot, true),
            _ => slot = (slot + 1) & (slots - 1),
        }
    }
}
fn put(table: Object, slot: usize, key: u64, number: i64) {
    table.set_word(Layout::FIRST_ELEMENT + 2 * slot, key);
    table.set_word(Layout::FIRST_ELEMENT + 2 * slot + 1, number as u64);
}
/// The number of a key in what may be a table.
#[inline]
pub(crate) fn get(table: Value, key: u64) -> Option<i64> {
    let table = Object::from_value(table)?;
    let (slot, is_there) = place(table, key);
    is_there.then(|| table.word(Layout::FIRST_ELEMENT + 2 * slot + 1) as i64)
}
/// Gives a key its number, in the table that word `word` of `owner` has; `count` keys are there. Was it there already?
#[inline]
pub(crate) fn set(py: Py<'_>, owner: Object, word: usize, count: usize, key: u64, number: i64) -> R<bool> {
    let table = match Object::from_value(owner.get(word)) {
        Some(table) if 2 * count < slots(table) => table,
        old => grown(py, owner, word, old)?,
    };
    let (slot, was_there) = place(table, key);
    put(table, slot, key, number);
    Ok(was_there)
}
#[cold]
fn grown(py: Py<'_>, owner: Object, word: usize, old: Option<Object>) -> R<Object> {
    let size = match old {
        None => FIRST,
        Some(old) => 4 * slots(old),
    };
    let Some(bytes) = size.checked_mul(SLOT_BYTES) else { return Err(py.out_of_memory(OutOfMemory)) };
    let table = py.new_leaf(bytes)?;
    if let Some(old) = old {
        py.in_pieces(slots(old), |from, to| {
            for i in from..to {
                let key = old.word(Layout::FIRST_ELEMENT + 2 * i);
                if key != 0 {
                    let number = old.word(Layout::FIRST_ELEMENT + 2 * i + 1) as i64;
                    put(table, place(table, key).0, key, number);
                }
            }
        })?;
    }
    py.store(owner, word, table.value());
    Ok(table)
}
