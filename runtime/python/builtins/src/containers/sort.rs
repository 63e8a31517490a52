//! `list.sort`: what is sorted are numbers of items, so that the items themselves stay in arrays of the heap while
//! comparisons run whatever they like.
//!
//! The list is empty while it is sorted, as under CPython, which tells who changes it meanwhile. Keys that are all exact
//! strings, all small integers or all floats are compared without asking their types again.

use python_algorithms::timsort;
use python_objects::compare::CompareOp;
use python_objects::{Object, Py, R, Stop, Value, list, string};
use python_text::Units;
use smallvec::SmallVec;
use std::cell::Cell;
use vm_api::heap::OutOfMemory;

/// Comparisons between two polls.
const POLL: u32 = 1 << 14;

/// Sorts a list in place, stably, by `key(item)` if there is a key function.
pub(crate) fn sort(py: Py<'_>, l: Object, key: Option<Value>, reverse: bool) -> R<()> {
    let n = list::length(l);
    if n == 0 {
        return Ok(());
    }
    let items = list::array(l);
    // Nobody can add an item, even if it is taken out again, without giving the list another array. Clearing it, which takes
    // the array away, is no change, as under CPython.
    let marker = py.new_array(0)?.value();
    py.list_replace(l, marker, 0);
    let r = sorted_order(py, items, n, key, reverse);
    let storage = list::storage(l);
    let changed = !storage.is_empty() && storage != marker;
    match r {
        // On an error in a comparison the items keep the order reached.
        Ok(Sorted { items, result }) => {
            py.list_replace(l, items.value(), n);
            result?;
        }
        Err(stop) => {
            py.list_replace(l, items.value(), n);
            return Err(stop);
        }
    }
    if changed { py.value_error("list modified during sort") } else { Ok(()) }
}

/// The items in the order reached, and whether it is the final one.
struct Sorted {
    items: Object,
    result: R<()>,
}

fn sorted_order(py: Py<'_>, items: Object, n: usize, key: Option<Value>, reverse: bool) -> R<Sorted> {
    let keys = match key {
        None => items,
        Some(f) => {
            let keys = py.new_array(n)?;
            for i in 0..n {
                let k = py.call(f, &[items.element(i)])?;
                py.heap().store_element(keys, i, k);
                if i & 0xFFF == 0xFFF {
                    py.poll()?;
                }
            }
            keys
        }
    };
    let Ok(count) = u32::try_from(n) else { return Err(py.out_of_memory(OutOfMemory)) };
    let mut polls = 0;
    let mut poll = || -> Result<(), Stop> {
        polls += 1;
        if polls % POLL == 0 { py.poll() } else { Ok(()) }
    };
    match homogeneous(keys, n) {
        Keys::Ints => run(
            py,
            items,
            count,
            reverse,
            |i| (keys.element(i as usize).as_int(), i),
            |a, b| {
                poll()?;
                Ok(a.0 < b.0)
            },
            |pair| pair.1,
        ),
        Keys::Floats => run(
            py,
            items,
            count,
            reverse,
            |i| (keys.element(i as usize).as_float(), i),
            |a, b| {
                poll()?;
                Ok(a.0 < b.0)
            },
            |pair| pair.1,
        ),
        Keys::Narrow => run(
            py,
            items,
            count,
            reverse,
            |i| (beginning(Object::of(keys.element(i as usize))), i),
            |a, b| {
                poll()?;
                if a.0 != b.0 {
                    return Ok(a.0 < b.0);
                }
                let (a, b) = (Object::of(keys.element(a.1 as usize)), Object::of(keys.element(b.1 as usize)));
                Ok(string::compare(a, b).is_lt())
            },
            |pair| pair.1,
        ),
        Keys::Strings => run(
            py,
            items,
            count,
            reverse,
            |i| i,
            |a, b| {
                poll()?;
                let (a, b) = (Object::of(keys.element(a as usize)), Object::of(keys.element(b as usize)));
                Ok(string::compare(a, b).is_lt())
            },
            |i| i,
        ),
        Keys::Any => run(
            py,
            items,
            count,
            reverse,
            |i| i,
            |a, b| {
                poll()?;
                py.compare(CompareOp::Lt, keys.element(a as usize), keys.element(b as usize))
            },
            |i| i,
        ),
    }
}

/// What all keys are.
enum Keys {
    Ints,
    Floats,
    /// Strings of one byte a code point.
    Narrow,
    Strings,
    Any,
}

fn homogeneous(keys: Object, n: usize) -> Keys {
    let all = |is: fn(Value) -> bool| (0..n).all(|i| is(keys.element(i)));
    let first = keys.element(0);
    if first.is_int() && all(Value::is_int) {
        Keys::Ints
    } else if first.is_float() && all(Value::is_float) {
        Keys::Floats
    } else if is_string(first) && all(is_string) {
        if all(is_narrow) { Keys::Narrow } else { Keys::Strings }
    } else {
        Keys::Any
    }
}
fn is_string(v: Value) -> bool {
    Object::from_value(v).is_some_and(string::is_exact)
}

/// The first eight code points of a string of one byte each as a number. Where two strings' differ, so do the strings, in the
/// same order: what is behind the end of a short one counts as least.
fn beginning(s: Object) -> u64 {
    let Units::One(units) = string::units(s) else { return 0 };
    let mut bytes = [0; 8];
    let n = units.len().min(8);
    bytes[..n].copy_from_slice(&units[..n]);
    u64::from_be_bytes(bytes)
}

fn is_narrow(v: Value) -> bool {
    matches!(string::units(Object::of(v)), Units::One(_))
}

/// What lies in a row for sorting: that of a short list on the native stack.
type Row<T> = SmallVec<[Cell<T>; 32]>;

/// Sorts what `entry` gives for each number below `count`; `number` gives the number back.
fn run<T: Copy>(
    py: Py<'_>,
    items: Object,
    count: u32,
    reverse: bool,
    entry: impl Fn(u32) -> T,
    less: impl FnMut(T, T) -> Result<bool, Stop>,
    number: impl Fn(T) -> u32,
) -> R<Sorted> {
    let (mut cells, mut scratch) = (Row::new(), Row::new());
    fill(py, &mut cells, count as usize, |i| entry(i as u32))?;
    fill(py, &mut scratch, timsort::scratch_len(cells.len()), |i| cells[i].get())?;
    // Reversing before and after keeps equal items in their order.
    if reverse {
        timsort::reverse(&cells);
    }
    let result = timsort::sort(&cells, &scratch, less);
    if reverse {
        timsort::reverse(&cells);
    }
    // Finished even if it was interrupted: the list gets its items back in the order reached.
    Ok(match permute(py, items, &cells, number) {
        Ok(items) => Sorted { items, result },
        Err(stop) => Sorted { items, result: Err(stop) },
    })
}

/// Puts what `get` gives for the numbers below `n` into an empty row.
fn fill<T>(py: Py<'_>, row: &mut Row<T>, n: usize, get: impl Fn(usize) -> T) -> R<()> {
    row.reserve_exact(n);
    py.in_pieces(n, |from, to| (from..to).for_each(|i| row.push(Cell::new(get(i)))))
}

/// A new array of the items in this order.
fn permute<T: Copy>(py: Py<'_>, items: Object, order: &[Cell<T>], number: impl Fn(T) -> u32) -> R<Object> {
    let array = py.new_array(order.len())?;
    for (to, from) in order.iter().enumerate() {
        py.heap().store_element(array, to, items.element(number(from.get()) as usize));
        if to & 0xFFFF == 0xFFFF {
            py.poll()?;
        }
    }
    Ok(array)
}
