//! What an element is: its words, its children, how one is made.
//!
//! Children are in an array with room to spare (EMPTY before the first), of which the first [`length`] places are in use; the
//! others are EMPTY, so that they keep nothing alive. All children are elements. Whatever may run Python code may change
//! them: who does so in a loop asks for each child anew, by [`child`].

use super::kept::Kept;
use super::{element_copy, element_find, element_items, element_methods};
use python_objects::{Object, Py, R, TypeSpec, Value, dict};
use vm_api::heap::{Layout, OutOfMemory};

pub(super) static ELEMENT: TypeSpec =
    TypeSpec::new("xml.etree.ElementTree", "Element", LAYOUT, element_methods::METHODS, "")
        .with_methods(element_find::METHODS)
        .with_methods(element_items::METHODS)
        .with_methods(element_copy::METHODS)
        .inheritable()
        .weakly_referenced();

const LAYOUT: Layout = Layout::Bitmap { words: 7, bits: 0b11_1110 };
pub(super) mod word {
    pub(crate) const TAG: usize = 1;
    pub(crate) const TEXT: usize = 2;
    pub(crate) const TAIL: usize = 3;
    /// A dictionary, EMPTY as long as there was none.
    pub(crate) const ATTRIBUTES: usize = 4;
    pub(super) const CHILDREN: usize = 5;
    /// How many children there are, raw.
    pub(super) const LENGTH: usize = 6;
}
/// Room for the first children.
pub(super) const FIRST_ROOM: usize = 4;

/// The element that a value is.
#[inline]
pub(super) fn as_element(py: Py<'_>, v: Value) -> Option<Object> {
    py.of_kind(v, ELEMENT.kind)
}
/// The TypeError for an argument that is none. `what` names it.
#[cold]
pub(super) fn expected_element<T>(py: Py<'_>, what: &str, v: Value) -> R<T> {
    py.type_error(&format!("{what} must be xml.etree.ElementTree.Element, not {}", shown_class(py, v)))
}
/// The class of an argument as messages about it say it.
pub(super) fn shown_class(py: Py<'_>, v: Value) -> String {
    if v == Value::NONE { "None".to_owned() } else { py.class_name(v) }
}
/// A child-to-be: TypeError unless it is an element.
#[inline]
pub(super) fn check_child(py: Py<'_>, v: Value) -> R<()> {
    match as_element(py, v) {
        Some(_) => Ok(()),
        None => py.type_error(&format!("expected an Element, not \"{}\"", py.class_name(v))),
    }
}

/// A fresh instance of the very class. `attributes`: a dictionary, which becomes its own, or EMPTY.
#[inline]
pub(super) fn make(py: Py<'_>, kept: &Kept, tag: Value, attributes: Value) -> R<Object> {
    let o = py.alloc(kept.element_shape, 7)?;
    o.init(word::TAG, tag);
    o.init(word::TEXT, Value::NONE);
    o.init(word::TAIL, Value::NONE);
    o.init(word::ATTRIBUTES, attributes);
    Ok(o)
}
/// The attributes that a call gives an element: those of a dictionary, and keywords. A dictionary of its own, or EMPTY.
/// `what` names the argument with the dictionary.
pub(super) fn attributes_of_call(py: Py<'_>, given: Value, keywords: Value, what: &str) -> R {
    let keywords = Object::from_value(keywords);
    let is_positional = !given.is_empty();
    let given = match keywords {
        Some(keywords) if !is_positional => py.dict_remove(keywords, py.str("attrib")?)?,
        _ => Some(given).filter(|_| is_positional),
    };
    let Some(given) = given else { return Ok(keywords.map_or(Value::EMPTY, Object::value)) };
    let Some(given) = py.as_dict(given) else {
        return match is_positional {
            true => py.type_error(&format!("{what} must be dict, not {}", shown_class(py, given))),
            false => py.type_error(&format!("attrib must be dict, not {}", py.class_name(given))),
        };
    };
    copied(py, given, keywords)
}
/// A copy of a dictionary, with more entries perhaps; EMPTY if there are none.
pub(super) fn copied(py: Py<'_>, given: Object, more: Option<Object>) -> R {
    let more = more.filter(|more| dict::length(*more) > 0);
    if dict::length(given) == 0 && more.is_none() {
        return Ok(Value::EMPTY);
    }
    let copy = py.dict_copy(given)?;
    if let Some(more) = more {
        py.dict_copy_into(copy, more)?;
    }
    Ok(copy.value())
}
/// The dictionary of attributes, made if there is none.
pub(super) fn attributes(py: Py<'_>, o: Object) -> R<Object> {
    if let Some(d) = Object::from_value(o.get(word::ATTRIBUTES)) {
        return Ok(d);
    }
    let d = py.new_dict()?;
    py.store(o, word::ATTRIBUTES, d.value());
    Ok(d)
}

// ---- children

/// How many there are.
#[inline]
pub(super) fn length(o: Object) -> usize {
    o.word(word::LENGTH) as usize
}
/// How many have room.
pub(super) fn room(o: Object) -> usize {
    array(o).map_or(0, Object::length)
}
#[inline]
fn array(o: Object) -> Option<Object> {
    Object::from_value(o.get(word::CHILDREN))
}
/// A child, if it is (still) there.
#[inline]
pub(super) fn child(o: Object, i: usize) -> Option<Object> {
    let children = array(o).filter(|_| i < length(o))?;
    Some(Object::of(children.element(i)))
}
/// A list of children.
pub(super) fn children(py: Py<'_>, o: Object, from: usize, to: usize) -> R<Object> {
    match array(o) {
        Some(children) if from < to => py.list_of_elements(children, from, to),
        _ => py.new_list(0),
    }
}
/// Replaces child `i`, in range.
pub(super) fn set(py: Py<'_>, o: Object, i: usize, v: Value) {
    if let Some(children) = array(o).filter(|_| i < length(o)) {
        py.heap().store_element(children, i, v);
    }
}
/// Makes room for more children.
fn reserve(py: Py<'_>, o: Object, more: usize) -> R<Object> {
    let n = length(o);
    let needed = n.checked_add(more).filter(|n| *n < 1 << 40).ok_or(OutOfMemory).map_err(|e| py.out_of_memory(e))?;
    let old = array(o);
    if let Some(children) = old.filter(|children| needed <= children.length()) {
        return Ok(children);
    }
    let size = match needed {
        ..=FIRST_ROOM => FIRST_ROOM,
        5..9 => needed + 3,
        _ => needed + needed / 2 + 3,
    };
    let children = py.new_array(size)?;
    if let Some(old) = old {
        py.copy_elements(old, 0, children, 0, n)?;
    }
    py.store(o, word::CHILDREN, children.value());
    Ok(children)
}
/// Adds a child at the end.
#[inline]
pub(super) fn push(py: Py<'_>, o: Object, v: Value) -> R<()> {
    let n = length(o);
    let children = match array(o) {
        Some(children) if n < children.length() => children,
        _ => reserve(py, o, 1)?,
    };
    py.heap().store_element(children, n, v);
    o.set_word(word::LENGTH, n as u64 + 1);
    Ok(())
}
/// Puts the elements of a list in the place of the children from `from` to `to`, in range.
pub(super) fn splice(py: Py<'_>, o: Object, from: usize, to: usize, new: Option<Object>) -> R<()> {
    let (n, count) = (length(o), new.map_or(0, python_objects::list::length));
    let left = n - (to - from);
    if let Some(children) = if count > to - from { Some(reserve(py, o, count - (to - from))?) } else { array(o) } {
        if to < n && from + count != to {
            py.heap().move_elements(children, to, from + count, n - to);
        }
        if let Some(new) = new.filter(|_| count > 0) {
            py.copy_elements(python_objects::list::array(new), 0, children, from, count)?;
        }
        for i in left + count..n {
            py.heap().store_element(children, i, Value::EMPTY);
        }
    }
    o.set_word(word::LENGTH, (left + count) as u64);
    Ok(())
}
/// Keeps the children for whose places `keeps` says so.
pub(super) fn retain(py: Py<'_>, o: Object, keeps: impl Fn(usize) -> bool) {
    let Some(children) = array(o) else { return };
    let (n, mut kept) = (length(o), 0);
    for i in (0..n).filter(|i| keeps(*i)) {
        py.heap().store_element(children, kept, children.element(i));
        kept += 1;
    }
    for i in kept..n {
        py.heap().store_element(children, i, Value::EMPTY);
    }
    o.set_word(word::LENGTH, kept as u64);
}
/// Removes them all.
pub(super) fn clear(py: Py<'_>, o: Object) {
    py.store(o, word::CHILDREN, Value::EMPTY);
    o.set_word(word::LENGTH, 0);
}
