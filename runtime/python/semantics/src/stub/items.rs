//! Items, slices, iteration, unpacking.

use super::{Operands, Site};
use crate::items::ARRAYS;
use python_objects::bytes::{NATIVE_ARRAY, array_offset};
use python_objects::generator::Step;
use python_objects::kind::{Kind, class as builtin, shape, special};
use python_objects::slice::Selection;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, bytes, class, list, string};

/// A slice's start, stop and step.
type Bounds = [Value; 3];

/// The slice object's bounds.
fn slice(key: Value) -> Option<Bounds> {
    Object::from_value(key).filter(|key| key.shape() == shape::SLICE).map(|key| [key.get(1), key.get(2), key.get(3)])
}
/// What bounds select of a sequence of this length if they are small integers or None.
#[inline(always)]
fn selected([start, stop, step]: Bounds, length: usize) -> Option<Selection> {
    Selection::of_integers(start, stop, step, length)
}
/// `a[b]`; a `__getitem__` in Python is prepared.
pub(super) fn load(py: Py<'_>, o: Operands) -> R {
    if let Some(target) = Object::from_value(o.a) {
        if let Some(bounds) = slice(o.b)
            && let Some(part) = part(py, target, bounds)?
        {
            return Ok(part);
        }
        note_array(py, o.site, target);
        if py.object_kind(target) == Kind::OBJECT
            && let Some(f) = py.lookup(py.class_of(o.a), sym::GETITEM)
            && let Some(f) = py.of_kind(f, Kind::FUNCTION)
        {
            let class = py.class_of(o.a);
            if o.site.wants() && py.may_cache(class, sym::GETITEM) {
                o.site.add(py, target.shape().0, py.function_code(f)?.0, f.value());
            }
            return super::calls::prepare(py, f, o.a, Args::of(&[o.b]), Value::EMPTY, None);
        }
    }
    py.get_item(o.a, o.b)
}
/// Notes what the items of an array of numbers are, if its class is no program's.
fn note_array(py: Py<'_>, site: Site, o: Object) {
    if py.object_kind(o) != NATIVE_ARRAY || !site.wants() || class::has(py.class_of(o.value()), class::flag::HEAP) {
        return;
    }
    let code = o.word(array_offset::CODE as usize / 8) as u32;
    if [array_offset::DOUBLES, array_offset::INTS].contains(&code) {
        site.add(py, o.shape().0, ARRAYS | code, Value::EMPTY);
    }
}
pub(super) fn store(py: Py<'_>, o: Operands) -> R {
    if let Some(target) = Object::from_value(o.a).filter(|_| o.c.is_float()) {
        note_array(py, o.site, target);
    }
    py.set_item(o.a, o.b, o.c)?;
    Ok(Value::NONE)
}
pub(super) fn delete(py: Py<'_>, o: Operands) -> R {
    py.delete_item(o.a, o.b)?;
    Ok(Value::NONE)
}
/// Longer parts with steps are made where signals are looked for.
const MOST: usize = 1 << 12;

/// What the bounds select of an exact built-in sequence; `None` for others, and where they are not small integers or None.
fn part(py: Py<'_>, o: Object, bounds: Bounds) -> R<Option<Value>> {
    let selected = |length: usize| selected(bounds, length);
    Ok(Some(match o.shape() {
        shape::LIST => match selected(list::length(o)) {
            Some(s) if s.count == 0 => py.new_list(0)?.value(),
            Some(s) if s.step == 1 => py.list_of_elements(list::array(o), s.range().start, s.range().end)?.value(),
            Some(s) if s.step == -1 => py.list_of_reversed(list::array(o), s.start as usize, s.count)?.value(),
            Some(s) if s.count < MOST => py.list_of_chosen(list::array(o), s.count, s.indices())?.value(),
            _ => return Ok(None),
        },
        shape::TUPLE => match selected(o.length()) {
            Some(s) if s.step == 1 => py.tuple_slice(o, s.range().start, s.range().end)?,
            _ => return Ok(None),
        },
        shape::BYTES => match selected(bytes::slice(o).len()) {
            Some(s) if s.step == 1 => py.bytes(&bytes::slice(o)[s.range()])?.value(),
            _ => return Ok(None),
        },
        shape::STR | shape::STR_VIEW => match selected(string::length(o)) {
            Some(s) if s.step == 1 => py.substring(o, s.range().start, s.range().end)?.value(),
            _ => return Ok(None),
        },
        _ => return Ok(None),
    }))
}
/// Replaces as many items of an exact list by those of another one; false if that is not what is wanted.
fn replace(py: Py<'_>, target: Object, bounds: Bounds, items: Object) -> bool {
    match selected(bounds, list::length(target)) {
        Some(s) if s.step == 1 && s.count == list::length(items) && items != target => {
            if s.count > 0 {
                py.heap().copy_elements(list::array(items), 0, list::array(target), s.range().start, s.count);
            }
            true
        }
        _ => false,
    }
}
/// Replaces as many items of an exact list by those selected of an exact list, the same one perhaps; false if that is not what is
/// wanted.
#[inline(always)]
fn replace_by_part(py: Py<'_>, target: Object, t: Selection, source: Object, s: Selection) -> bool {
    if t.step != 1 || t.count != s.count || t.count >= MOST {
        return false;
    }
    if t.count == 0 {
        return true;
    }
    let (heap, from, into, to) = (py.heap(), list::array(source), list::array(target), t.start as usize);
    match s.step {
        // In place.
        -1 if source == target => {
            if s.at(t.count - 1) != to {
                return false;
            }
            heap.reverse_elements(into, to, to + t.count);
        }
        -1 => heap.copy_reversed(from, s.at(0), into, to, t.count),
        1 if source == target => heap.move_elements(into, s.range().start, to, t.count),
        1 => heap.copy_elements(from, s.range().start, into, to, t.count),
        _ => return false,
    }
    true
}
/// Reverses what is selected forwards by one pair of bounds and backwards by the other, if that is the same part of an exact list.
#[inline(always)]
fn reverse_part(py: Py<'_>, l: Value, [low, high]: [Value; 2], [last, before]: [Value; 2]) -> Option<()> {
    let l = Object::from_value(l).filter(|o| o.shape() == shape::LIST)?;
    let n = list::length(l);
    let forwards = Selection::within(low, high, Value::NONE, n)?;
    let backwards = Selection::within(last, before, Value::int(-1), n)?;
    let same = forwards.count == backwards.count && forwards.start + forwards.count as i64 == backwards.start + 1;
    if !same || forwards.count >= MOST {
        return None;
    }
    // An empty list may have no array.
    if forwards.count == 0 {
        return Some(());
    }
    py.heap().reverse_elements(list::array(l), forwards.range().start, forwards.range().end);
    Some(())
}
pub(super) fn reverse_start(py: Py<'_>, o: Operands) -> R {
    Ok(Value::bool(reverse_part(py, o.a, [Value::NONE, o.b], [o.c, Value::NONE]).is_some()))
}
#[inline(always)]
pub(super) fn move_slice(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    let exact = |v: Value| Object::from_value(v).filter(|o| o.shape() == shape::LIST);
    let Some(target) = exact(w.at(0)) else { return Ok(Value::FALSE) };
    let Some(source) = (if w.at(3) == w.at(0) { Some(target) } else { exact(w.at(3)) }) else {
        return Ok(Value::FALSE);
    };
    Ok(Value::bool(match (within([w.at(1), w.at(2), Value::NONE], target), within(of_source(w), source)) {
        (Some(t), Some(s)) => replace_by_part(py, target, t, source, s),
        _ => fit_and_replace(py, target, source, w),
    }))
}
/// The second bounds of a [`move_slice`].
#[inline(always)]
fn of_source(w: Args<'_>) -> Bounds {
    [w.at(4), w.at(5), if w.len() > 6 { w.at(6) } else { Value::NONE }]
}
/// What bounds within the list select.
#[inline(always)]
fn within([start, stop, step]: Bounds, l: Object) -> Option<Selection> {
    Selection::within(start, stop, step, list::length(l))
}
/// [`move_slice`] with bounds of which some do not lie within the lists.
#[inline(never)]
fn fit_and_replace(py: Py<'_>, target: Object, source: Object, w: Args<'_>) -> bool {
    let bounds = [w.at(1), w.at(2), Value::NONE];
    match (selected(bounds, list::length(target)), selected(of_source(w), list::length(source))) {
        (Some(t), Some(s)) => replace_by_part(py, target, t, source, s),
        _ => false,
    }
}
pub(super) fn load_slice(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    let step = if w.len() > 3 { w.at(3) } else { Value::NONE };
    let bounds = [w.at(1), w.at(2), step];
    if let Some(o) = Object::from_value(w.at(0)) {
        if o.shape() == shape::LIST
            && let Some(s) = within(bounds, o).filter(|s| s.step == 1 && s.count > 0)
        {
            return Ok(py.list_of_elements(list::array(o), s.range().start, s.range().end)?.value());
        }
        if let Some(part) = part(py, o, bounds)? {
            return Ok(part);
        }
    }
    let slice = py.new_object(shape::SLICE, 4, &[w.at(1), w.at(2), step])?;
    py.get_item(w.at(0), slice.value())
}
pub(super) fn store_slice(py: Py<'_>, w: Args<'_>, _: i32) -> R {
    if let (Some(target), Some(items)) = (Object::from_value(w.at(0)), Object::from_value(w.at(3)))
        && target.shape() == shape::LIST
        && items.shape() == shape::LIST
        && replace(py, target, [w.at(1), w.at(2), Value::NONE], items)
    {
        return Ok(Value::NONE);
    }
    let slice = py.new_object(shape::SLICE, 4, &[w.at(1), w.at(2), Value::NONE])?;
    py.set_item(w.at(0), slice.value(), w.at(3))?;
    Ok(Value::NONE)
}
/// A generator's returned value is delivered, as where the engine resumes it: tracers see it.
pub(super) fn for_iter(py: Py<'_>, o: Operands) -> R {
    if let Some(g) = py.of_kind(o.a, Kind::GENERATOR) {
        py.poll()?;
        return match py.resume_generator(g, Value::NONE)? {
            Step::Yielded(v) => Ok(v),
            Step::Returned(v) => py.completion(v),
        };
    }
    Ok(py.next(o.a)?.unwrap_or(special::END))
}
pub(super) fn get_iter(py: Py<'_>, o: Operands) -> R {
    if let Some(l) = py.as_list(o.a).filter(|l| l.shape() != shape::LIST && o.site.wants()) {
        let class = py.class_of(o.a);
        let inherits = py.lookup(class, sym::ITER) == py.lookup(py.builtin_class(builtin::LIST), sym::ITER);
        if inherits && py.may_cache(class, sym::ITER) {
            o.site.add(py, l.shape().0, 0, Value::EMPTY);
        }
    }
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
