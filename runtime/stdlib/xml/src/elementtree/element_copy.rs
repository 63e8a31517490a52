//! Copies of elements, and the state that pickling and `copy` see.

use super::element::{self, check_child, child, word};
use super::element_methods::this;
use super::kept::{self, Kept};
use python_objects::kind::shape;
use python_objects::{Args, Native, Object, Py, R, Value, dict, list};

pub(super) static METHODS: &[Native] = &[
    Native::method("__copy__", "self, /", copy, ""),
    Native::method("__deepcopy__", "self, memo, /", deep_copy, ""),
    Native::method("__getstate__", "self, /", state, ""),
    Native::method("__setstate__", "self, state, /", set_state, ""),
    Native::method("__sizeof__", "self, /", size, ""),
];

fn copy(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    // Attributes are shared, as CPython's copies share them.
    let copy = element::make(py, &*kept::get(py)?, o.get(word::TAG), o.get(word::ATTRIBUTES))?;
    copy.init(word::TEXT, o.get(word::TEXT));
    copy.init(word::TAIL, o.get(word::TAIL));
    let children = element::children(py, o, 0, element::length(o))?;
    element::splice(py, copy, 0, 0, Some(children))?;
    Ok(copy.value())
}
fn deep_copy(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(memo) = py.as_dict(args.at(1)) else {
        return py.type_error(&format!("__deepcopy__() argument must be dict, not {}", py.class_name(args.at(1))));
    };
    copy_element(py, &*kept::get(py)?, o, memo)
}
fn copy_element(py: Py<'_>, kept: &Kept, o: Object, memo: Object) -> R {
    let _nesting = py.descend(" while copying an element")?;
    let tag = copy_part(py, kept, o.get(word::TAG), memo)?;
    let attributes = match o.get(word::ATTRIBUTES) {
        d if d.is_empty() => d,
        d => copy_part(py, kept, d, memo)?,
    };
    if !attributes.is_empty() && py.as_dict(attributes).is_none() {
        return py.type_error(&format!("attrib must be dict, not {}", py.class_name(attributes)));
    }
    let copy = element::make(py, kept, tag, attributes)?;
    for word in [word::TEXT, word::TAIL] {
        let part = copy_part(py, kept, o.get(word), memo)?;
        py.store(copy, word, part);
    }
    let mut i = 0;
    while let Some(c) = child(o, i) {
        let c = copy_part(py, kept, c.value(), memo)?;
        check_child(py, c)?;
        element::push(py, copy, c)?;
        i += 1;
    }
    let id = py.int_u64(py.identity(o.value()))?;
    py.dict_set(memo, id, copy.value())?;
    Ok(copy.value())
}
/// `copy.deepcopy(v, memo)`, for what is frequent without calling it.
fn copy_part(py: Py<'_>, kept: &Kept, v: Value, memo: Object) -> R {
    let Some(o) = Object::from_value(v) else { return Ok(v) };
    let is_text = |v: Value| Object::from_value(v).is_some_and(python_objects::string::is_exact);
    if is_text(v) {
        return Ok(v);
    }
    if o.shape() == kept.element_shape || o.shape() == shape::DICT {
        let id = py.int_u64(py.identity(v))?;
        if let Some(known) = py.dict_get(memo, id)? {
            return Ok(known);
        }
        if o.shape() == kept.element_shape {
            return copy_element(py, kept, o, memo);
        }
        let (mut i, mut is_plain) = (0, true);
        while let Some((at, key, value)) = dict::next_entry(o, i) {
            i = at + 1;
            is_plain &= is_text(key) && is_text(value);
        }
        if is_plain {
            let copy = py.dict_copy(o)?;
            py.dict_set(memo, id, copy.value())?;
            return Ok(copy.value());
        }
    }
    py.call(kept.deepcopy(py), &[v, memo.value()])
}

fn state(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let children = element::children(py, o, 0, element::length(o))?;
    let attributes = match o.get(word::ATTRIBUTES) {
        d if d.is_empty() => py.new_dict()?.value(),
        d => d,
    };
    let state = py.new_dict()?;
    for (name, v) in [
        ("tag", o.get(word::TAG)),
        ("_children", children.value()),
        ("attrib", attributes),
        ("text", o.get(word::TEXT)),
        ("tail", o.get(word::TAIL)),
    ] {
        py.dict_set_text(state, name, v)?;
    }
    Ok(state.value())
}
fn set_state(py: Py<'_>, args: Args<'_>) -> R {
    let (o, given) = (this(py, args)?, args.at(1));
    let Some(state) = py.as_dict(given) else {
        let shown = py.repr_text(given)?;
        return py.type_error(&format!("Don't know how to unpickle \"{shown}\" as an Element"));
    };
    let names = ["tag", "attrib", "text", "tail", "_children"];
    let mut parts = [Value::EMPTY; 5];
    let mut i = 0;
    while let Some((at, key, value)) = dict::next_entry(state, i) {
        i = at + 1;
        let Some(key) = python_objects::string::exact_or_payload(py, key) else {
            return py.type_error("keywords must be strings");
        };
        match names.iter().position(|name| python_objects::string::is(key, name)) {
            Some(part) => parts[part] = value,
            None => {
                let key = python_objects::string::to_rust(key);
                return py.type_error(&format!("'{key}' is an invalid keyword argument for this function"));
            }
        }
    }
    let [tag, attributes, text, tail, children] = parts;
    if tag.is_empty() {
        return py.type_error("tag may not be NULL");
    }
    if !attributes.is_empty() && py.as_dict(attributes).is_none() {
        return py.type_error(&format!("attrib must be dict, not {}", py.class_name(attributes)));
    }
    let or_none = |v: Value| if v.is_empty() { Value::NONE } else { v };
    py.store(o, word::TAG, tag);
    py.store(o, word::TEXT, or_none(text));
    py.store(o, word::TAIL, or_none(tail));
    if children.is_empty() {
        element::clear(py, o);
    } else {
        let Some(children) = py.as_list(children) else { return py.type_error("'_children' is not a list") };
        for i in 0..list::length(children) {
            check_child(py, list::item(children, i))?;
        }
        element::splice(py, o, 0, element::length(o), Some(children))?;
    }
    py.store(o, word::ATTRIBUTES, attributes);
    Ok(Value::NONE)
}
/// What CPython's takes: five words, eight more with attributes or children, and room for more than the first few children.
fn size(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let room = element::room(o);
    let has_more = room > 0 || !o.get(word::ATTRIBUTES).is_empty();
    let beyond = if room > element::FIRST_ROOM { 8 * room } else { 0 };
    py.int_usize(56 + if has_more { 64 } else { 0 } + beyond)
}
