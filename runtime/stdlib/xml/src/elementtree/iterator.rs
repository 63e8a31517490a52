//! Iterators over an element and all below it, in the order of the document: elements (`iter`), or texts (`itertext`).
//!
//! The elements that are open are on a stack, each with the number of children passed. Elements that change meanwhile are
//! seen as they are then.

use super::element::{ELEMENT, child, word as element_word};
use super::element_methods::this;
use python_objects::kind::special;
use python_objects::{Args, Native, Object, Py, R, TypeSpec, Value, string};
use vm_api::heap::Layout;

pub(super) static ITERATOR: TypeSpec =
    TypeSpec::new("_elementtree", "_element_iterator", Layout::Bitmap { words: 6, bits: 0b1110 }, METHODS, "");
mod word {
    /// The element to begin with, EMPTY once that is done.
    pub(super) const ROOT: usize = 1;
    /// The tag that is wanted, None for any.
    pub(super) const TAG: usize = 2;
    /// An array: elements and numbers of children passed, in turn.
    pub(super) const STACK: usize = 3;
    /// How many elements are open, raw.
    pub(super) const DEPTH: usize = 4;
    /// Are texts told? Raw.
    pub(super) const TEXTS: usize = 5;
}
static METHODS: &[Native] = &[
    Native::wrapper("__iter__", "self, /", |_, args| Ok(args.at(0)), "Implement iter(self)."),
    Native::wrapper("__next__", "self, /", next, "Implement next(self)."),
];

fn make(py: Py<'_>, root: Object, tag: Value, texts: bool) -> R {
    let o = py.new_native(&ITERATOR)?;
    o.init(word::ROOT, root.value());
    o.init(word::TAG, tag);
    o.set_word(word::TEXTS, u64::from(texts));
    Ok(o.value())
}
/// `Element.iter`
pub(super) fn iterate(py: Py<'_>, args: Args<'_>) -> R {
    let tag = args.opt(1).unwrap_or(Value::NONE);
    let is_any = match (string::exact_or_payload(py, tag), py.as_bytes(tag)) {
        (Some(s), _) => string::is(s, "*"),
        (None, Some(b)) => python_objects::bytes::slice(b) == b"*",
        (None, None) => false,
    };
    make(py, this(py, args)?, if is_any { Value::NONE } else { tag }, false)
}
/// `Element.itertext`
pub(super) fn iterate_text(py: Py<'_>, args: Args<'_>) -> R {
    make(py, this(py, args)?, Value::NONE, true)
}
fn push(py: Py<'_>, o: Object, element: Object) -> R<()> {
    let depth = o.word(word::DEPTH) as usize;
    let old = Object::from_value(o.get(word::STACK));
    let stack = match old {
        Some(stack) if 2 * depth < stack.length() => stack,
        _ => {
            let larger = py.new_array((4 * depth).max(8))?;
            if let Some(old) = old {
                py.copy_elements(old, 0, larger, 0, 2 * depth)?;
            }
            py.store(o, word::STACK, larger.value());
            larger
        }
    };
    py.heap().store_element(stack, 2 * depth, element.value());
    py.heap().store_element(stack, 2 * depth + 1, Value::int(0));
    o.set_word(word::DEPTH, depth as u64 + 1);
    Ok(())
}
/// What comes next, or an element that is done, by whether the latter.
fn step(py: Py<'_>, o: Object) -> R<Option<(Object, bool)>> {
    let depth = o.word(word::DEPTH) as usize;
    let (Some(top), Some(stack)) = (depth.checked_sub(1), Object::from_value(o.get(word::STACK))) else {
        let Some(root) = Object::from_value(o.get(word::ROOT)) else { return Ok(None) };
        py.store(o, word::ROOT, Value::EMPTY);
        push(py, o, root)?;
        return Ok(Some((root, false)));
    };
    let (parent, passed) = (Object::of(stack.element(2 * top)), stack.element(2 * top + 1).as_int());
    if let Some(c) = child(parent, passed as usize) {
        py.heap().store_element(stack, 2 * top + 1, Value::int(passed + 1));
        push(py, o, c)?;
        return Ok(Some((c, false)));
    }
    py.heap().store_element(stack, 2 * top, Value::EMPTY);
    o.set_word(word::DEPTH, top as u64);
    Ok(Some((parent, true)))
}
fn next(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.native_self(args.at(0), &ITERATOR)?;
    let (tag, texts) = (o.get(word::TAG), o.word(word::TEXTS) != 0);
    loop {
        py.poll()?;
        let Some((element, is_done)) = step(py, o)? else { return Ok(special::END) };
        debug_assert!(py.of_kind(element.value(), ELEMENT.kind).is_some());
        if texts {
            // The text behind the element to begin with is not within it.
            let text = match is_done {
                false => element.get(element_word::TEXT),
                true if o.word(word::DEPTH) > 0 => element.get(element_word::TAIL),
                true => Value::NONE,
            };
            if text != Value::NONE && py.truth(text)? {
                return Ok(text);
            }
        } else if !is_done && (tag == Value::NONE || py.equal_or_same(element.get(element_word::TAG), tag)?) {
            return Ok(element.value());
        }
    }
}
