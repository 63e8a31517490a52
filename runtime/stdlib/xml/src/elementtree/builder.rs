//! `TreeBuilder`: what it has made so far, and how that grows by what it is told.
//!
//! Text is kept back until something else is told, and then becomes the text of the element that was opened last, or the
//! tail of what ended last.

use super::builder_methods::METHODS;
use super::element::{self, check_child, word as element_word};
use super::events;
use super::kept::{self, Kept};
use python_objects::operator::BinaryOp;
use python_objects::{Exc, Object, Py, R, TypeSpec, Value, list, string};

pub(super) static BUILDER: TypeSpec =
    TypeSpec::values("xml.etree.ElementTree", "TreeBuilder", 18, METHODS, "").inheritable();

/// Fields. EMPTY: it is not there.
pub(super) mod word {
    /// The outermost element.
    pub(crate) const ROOT: usize = 1;
    /// The innermost element that is open.
    pub(crate) const THIS: usize = 2;
    /// The element that was opened or closed last.
    pub(crate) const LAST: usize = 3;
    /// What text is the tail of.
    pub(crate) const TAIL_OF: usize = 4;
    /// Text that is kept back: what came, or a list of that.
    pub(crate) const DATA: usize = 5;
    /// A list of what was `THIS` before, an EMPTY one as None.
    pub(crate) const STACK: usize = 6;
    pub(crate) const ELEMENT_FACTORY: usize = 7;
    pub(crate) const COMMENT_FACTORY: usize = 8;
    pub(crate) const INSTRUCTION_FACTORY: usize = 9;
    /// True or EMPTY: are comments, processing instructions put into the tree?
    pub(crate) const INSERTS_COMMENTS: usize = 10;
    pub(crate) const INSERTS_INSTRUCTIONS: usize = 11;
    /// What takes events, and what they are called if they are wanted, in the order of [`events::NAMES`].
    pub(crate) const APPEND: usize = 12;
    pub(crate) const EVENTS: usize = 13;
}

fn is_there(o: Object, word: usize) -> Option<Value> {
    Some(o.get(word)).filter(|v| !v.is_empty())
}

/// Text.
pub(super) fn data(py: Py<'_>, o: Object, v: Value) -> R<()> {
    match is_there(o, word::DATA) {
        // Before the outermost element there is none.
        None if o.get(word::LAST).is_empty() => {}
        None => py.store(o, word::DATA, v),
        Some(known) => match py.as_list(known) {
            Some(parts) => py.list_push(parts, v)?,
            None => {
                let parts = py.list(&[known, v])?;
                py.store(o, word::DATA, parts);
            }
        },
    }
    Ok(())
}
/// Gives text that was kept back to its element.
#[inline]
pub(super) fn flush(py: Py<'_>, o: Object, kept: &Kept) -> R<()> {
    if o.get(word::DATA).is_empty() { Ok(()) } else { flush_data(py, o, kept) }
}
fn flush_data(py: Py<'_>, o: Object, kept: &Kept) -> R<()> {
    let mut text = o.get(word::DATA);
    py.store(o, word::DATA, Value::EMPTY);
    let (target, word, name) = match is_there(o, word::TAIL_OF) {
        None => (o.get(word::LAST), element_word::TEXT, kept.names.text),
        Some(v) => (v, element_word::TAIL, kept.names.tail),
    };
    if let Some(parts) = py.as_list(text) {
        text = joined(py, parts)?;
    }
    if let Some(element) = Object::from_value(target).filter(|e| e.shape() == kept.element_shape) {
        let text = match element.get(word) {
            Value::NONE => text,
            before => py.binary(BinaryOp::Add, before, text)?,
        };
        py.store(element, word, text);
        return Ok(());
    }
    let before = py.get_attribute(target, name)?;
    let text = if before == Value::NONE { text } else { py.binary(BinaryOp::Add, before, text)? };
    py.set_attribute(target, name, Some(text))
}
/// `"".join(parts)`
fn joined(py: Py<'_>, parts: Object) -> R {
    let mut all = Vec::new();
    for i in 0..list::length(parts) {
        let v = list::item(parts, i);
        let Some(s) = string::exact_or_payload(py, v) else {
            let class = py.class_name(v);
            return py.type_error(&format!("sequence item {i}: expected str instance, {class} found"));
        };
        string::push_wtf8(s, &mut all);
    }
    py.str_from_wtf8(&all).map(Object::value)
}
/// Puts what a factory made into what another one made.
fn add_child(py: Py<'_>, kept: &Kept, parent: Value, v: Value) -> R<()> {
    match Object::from_value(parent).filter(|p| p.shape() == kept.element_shape) {
        Some(parent) => {
            check_child(py, v)?;
            element::push(py, parent, v)
        }
        None => py.call_method(parent, kept.names.append, &[v]).map(|_| ()),
    }
}
/// The start of an element. `attributes`: a dictionary, which becomes the element's, or EMPTY.
pub(super) fn start(py: Py<'_>, o: Object, kept: &Kept, tag: Value, attributes: Value) -> R {
    flush(py, o, kept)?;
    let node = match is_there(o, word::ELEMENT_FACTORY) {
        None => element::make(py, kept, tag, attributes)?.value(),
        Some(factory) => {
            let attributes = if attributes.is_empty() { py.new_dict()?.value() } else { attributes };
            py.call(factory, &[tag, attributes])?
        }
    };
    let this = o.get(word::THIS);
    py.store(o, word::TAIL_OF, Value::EMPTY);
    if !this.is_empty() {
        add_child(py, kept, this, node)?;
    } else if o.get(word::ROOT).is_empty() {
        py.store(o, word::ROOT, node);
    } else {
        let e = py.call(kept.parse_error(py).value(), &[py.str("multiple elements on top level")?])?;
        return Err(py.throw(py.make_exception(e)?));
    }
    let stack = match Object::from_value(o.get(word::STACK)) {
        Some(stack) => stack,
        None => {
            let stack = py.new_list(16)?;
            py.store(o, word::STACK, stack.value());
            stack
        }
    };
    py.list_push(stack, if this.is_empty() { Value::NONE } else { this })?;
    py.store(o, word::THIS, node);
    py.store(o, word::LAST, node);
    events::tell(py, o, events::START, node)?;
    Ok(node)
}
/// The end of the innermost element.
pub(super) fn end(py: Py<'_>, o: Object, kept: &Kept) -> R {
    flush(py, o, kept)?;
    let stack = Object::from_value(o.get(word::STACK)).filter(|stack| list::length(*stack) > 0);
    let Some(stack) = stack else { return py.err(Exc::IndexError, "pop from empty stack") };
    let ended = o.get(word::THIS);
    let this = py.list_pop(stack, list::length(stack) - 1);
    py.store(o, word::LAST, ended);
    py.store(o, word::TAIL_OF, ended);
    py.store(o, word::THIS, if this == Value::NONE { Value::EMPTY } else { this });
    events::tell(py, o, events::END, ended)?;
    Ok(ended)
}
/// Puts what is no element into the tree, if that is wanted.
fn add_single(py: Py<'_>, o: Object, kept: &Kept, inserts: usize, node: Value) -> R<()> {
    if let (Some(_), Some(this)) = (is_there(o, inserts), is_there(o, word::THIS)) {
        add_child(py, kept, this, node)?;
        py.store(o, word::TAIL_OF, node);
    }
    Ok(())
}
/// A comment. Without a factory it is its text.
pub(super) fn comment(py: Py<'_>, o: Object, text: Value) -> R {
    let kept = kept::get(py)?;
    flush(py, o, &kept)?;
    let node = match is_there(o, word::COMMENT_FACTORY) {
        None => text,
        Some(factory) => {
            let node = py.call(factory, &[text])?;
            add_single(py, o, &kept, word::INSERTS_COMMENTS, node)?;
            node
        }
    };
    events::tell(py, o, events::COMMENT, node)?;
    Ok(node)
}
/// Does anybody want to know of processing instructions?
pub(super) fn wants_instructions(o: Object) -> bool {
    is_there(o, word::INSERTS_INSTRUCTIONS).is_some() || events::is_wanted(o, events::INSTRUCTION)
}
/// A processing instruction. Without a factory it is a pair.
pub(super) fn instruction(py: Py<'_>, o: Object, target: Value, text: Value) -> R {
    let kept = kept::get(py)?;
    flush(py, o, &kept)?;
    let node = match is_there(o, word::INSTRUCTION_FACTORY) {
        None => py.tuple(&[target, text])?,
        Some(factory) => {
            let node = py.call(factory, &[target, text])?;
            add_single(py, o, &kept, word::INSERTS_INSTRUCTIONS, node)?;
            node
        }
    };
    events::tell(py, o, events::INSTRUCTION, node)?;
    Ok(node)
}
/// The outermost element, or None.
pub(super) fn close(o: Object) -> Value {
    is_there(o, word::ROOT).unwrap_or(Value::NONE)
}
