//! Items, slices, iteration, unpacking.

use super::Operands;
use python_objects::kind::{Kind, shape, special};
use python_objects::slice::Bounds;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, list, string};

/// `a[b]`; a `__getitem__` in Python is prepared.
pub(super) fn load(py: Py<'_>, o: Operands) -> R {
    if let Some(target) = Object::from_value(o.a)
        && py.object_kind(target) == Kind::OBJECT
        && let Some(f) = py.lookup(py.class_of(o.a), sym::GETITEM)
        && let Some(f) = py.of_kind(f, Kind::FUNCTION)
    {
        return super::calls::prepare(py, f, Args::of(&[o.a, o.b]), Value::EMPTY, None);
    }
    py.get_item(o.a, o.b)
}
pub(super) fn store(py: Py<'_>, o: Operands) -> R {
    py.set_item(o.a, o.b, o.c)?;
    Ok(Value::NONE)
}
pub(super) fn delete(py: Py<'_>, o: Operands) -> R {
    py.delete_item(o.a, o.b)?;
    Ok(Value::NONE)
}
fn new_slice(py: Py<'_>, start: Value, stop: Value, step: Value) -> R {
    Ok(py.new_object(shape::SLICE, 4, &[start, stop, step])?.value())
}
pub(super) fn slice_of(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    new_slice(py, w.at(1), w.at(2), Value::NONE)
}
pub(super) fn build_slice(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    new_slice(py, w.at(0), w.at(1), w.opt(2).unwrap_or(Value::NONE))
}
/// `v[start:stop]` of an exact built-in sequence, with plain bounds; `None` for others.
fn exact_slice(py: Py<'_>, v: Value, start: Value, stop: Value) -> R<Option<Value>> {
    let (Some(o), Some(bounds)) = (Object::from_value(v), Bounds::of_integers(start, stop)) else { return Ok(None) };
    let range = |length: usize| bounds.fit(length).range();
    Ok(Some(match o.shape() {
        shape::LIST => match range(list::length(o)) {
            r if r.is_empty() => py.new_list(0)?.value(),
            r => py.list_of_elements(list::array(o), r.start, r.end)?.value(),
        },
        shape::TUPLE => {
            let r = range(o.length());
            py.tuple_slice(o, r.start, r.end)?
        }
        shape::STR => {
            let r = range(string::length(o));
            py.substring(o, r.start, r.end)?.value()
        }
        _ => return Ok(None),
    }))
}
pub(super) fn load_slice(py: Py<'_>, w: Args<'_>, immediate: i32) -> R {
    if let Some(part) = exact_slice(py, w.at(0), w.at(1), w.at(2))? {
        return Ok(part);
    }
    let slice = slice_of(py, w, immediate)?;
    py.get_item(w.at(0), slice)
}
pub(super) fn for_iter(py: Py<'_>, o: Operands) -> R {
    Ok(py.next(o.a)?.unwrap_or(special::END))
}
pub(super) fn get_iter(py: Py<'_>, o: Operands) -> R {
    py.iter(o.a)
}
pub(super) fn get_len(py: Py<'_>, o: Operands) -> R {
    let n = py.length(o.a)?;
    py.int_usize(n)
}

/// Exactly so many items, as an array or tuple.
pub(super) fn unpack(py: Py<'_>, o: Operands) -> R {
    let count = o.immediate as usize;
    if let Some(t) = Object::from_value(o.a) {
        let n = match t.shape() {
            shape::TUPLE => Some(t.length()),
            shape::LIST => Some(list::length(t)),
            _ => None,
        };
        if let Some(n) = n {
            return match n.cmp(&count) {
                std::cmp::Ordering::Equal if t.shape() == shape::TUPLE || n == 0 => {
                    Ok(if n == 0 { py.empty_tuple() } else { o.a })
                }
                std::cmp::Ordering::Equal => Ok(list::array(t).value()),
                std::cmp::Ordering::Less => not_enough(py, count, n, false),
                std::cmp::Ordering::Greater => too_many(py, count),
            };
        }
    }
    let iterator = unpackable(py, o.a)?;
    let items = py.new_list(count)?;
    for got in 0..count {
        match py.next(iterator)? {
            Some(v) => py.list_push(items, v)?,
            None => return not_enough(py, count, got, false),
        }
    }
    if py.next(iterator)?.is_some() {
        return too_many(py, count);
    }
    py.list_to_tuple(items)
}
fn unpackable(py: Py<'_>, v: Value) -> R {
    if !py.is_iterable(v) {
        return py.type_error(&format!("cannot unpack non-iterable {} object", py.class_name(v)));
    }
    py.iter(v)
}
fn not_enough(py: Py<'_>, expected: usize, got: usize, at_least: bool) -> R {
    let at_least = if at_least { "at least " } else { "" };
    py.err(Exc::ValueError, &format!("not enough values to unpack (expected {at_least}{expected}, got {got})"))
}
fn too_many(py: Py<'_>, expected: usize) -> R {
    py.err(Exc::ValueError, &format!("too many values to unpack (expected {expected})"))
}

/// An array of the window's values: items before and after, and between them a list of the others.
pub(super) fn unpack_ex(py: Py<'_>, o: Operands) -> R {
    let (count, before) = ((o.immediate >> 16) as usize, (o.immediate & 0xFFFF) as usize);
    let after = count - before - 1;
    let iterator = unpackable(py, o.a)?;
    let items = py.new_list(count)?;
    while let Some(v) = py.next(iterator)? {
        py.list_push(items, v)?;
    }
    let n = list::length(items);
    if n < before + after {
        return not_enough(py, before + after, n, true);
    }
    let rest =
        if n == before + after { py.new_list(0)? } else { py.list_of_elements(list::array(items), before, n - after)? };
    let array = py.new_array(count)?;
    for k in 0..count {
        let v = match k {
            k if k < before => list::item(items, k),
            k if k == before => rest.value(),
            k => list::item(items, n - after + (k - before - 1)),
        };
        py.heap().store_element(array, k, v);
    }
    Ok(array.value())
}
