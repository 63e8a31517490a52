//! The methods of elements that make, change and show them.

use super::element::{self, ELEMENT, as_element, check_child, child, expected_element, word};
use super::iterator;
use python_objects::{Args, Exc, Native, Object, Py, R, Value};

pub(super) static METHODS: &[Native] = &[
    Native::static_method("__new__", "type, /, *args, **kwargs", new, "Create and return a new object.")
        .ignoring_arguments(),
    Native::wrapper(
        "__init__",
        "self, tag=<unrepresentable>, attrib=<unrepresentable>, /, **extra",
        init,
        "Initialize self.",
    ),
    Native::wrapper("__repr__", "self, /", repr, "Return repr(self)."),
    Native::getter("tag", |py, args| field(py, args, word::TAG), "What kind of data this element stands for.")
        .in_word(word::TAG),
    Native::setter("tag", |py, args| set_field(py, args, word::TAG)).in_word(word::TAG),
    Native::getter("text", |py, args| field(py, args, word::TEXT), "The text behind the start tag, or None.")
        .in_word(word::TEXT),
    Native::setter("text", |py, args| set_field(py, args, word::TEXT)).in_word(word::TEXT),
    Native::getter("tail", |py, args| field(py, args, word::TAIL), "The text behind the end tag, or None.")
        .in_word(word::TAIL),
    Native::setter("tail", |py, args| set_field(py, args, word::TAIL)).in_word(word::TAIL),
    Native::getter("attrib", attributes, "A dictionary of the element's attributes.").in_word(word::ATTRIBUTES),
    Native::setter("attrib", set_attributes),
    Native::method("append", "self, subelement, /", append, ""),
    Native::method("clear", "self, /", clear, ""),
    Native::method("extend", "self, elements, /", extend, ""),
    Native::method("get", "self, /, key, default=None", get, ""),
    Native::method("insert", "self, index, subelement, /", insert, ""),
    Native::method("items", "self, /", |py, args| entries(py, args, |py, k, v| py.tuple(&[k, v])), ""),
    Native::method("iter", "self, /, tag=None", iterator::iterate, ""),
    Native::method("itertext", "self, /", iterator::iterate_text, ""),
    Native::method("keys", "self, /", |py, args| entries(py, args, |_, k, _| Ok(k)), ""),
    Native::method("makeelement", "self, tag, attrib, /", make_element, ""),
    Native::method("remove", "self, subelement, /", remove, ""),
    Native::method("set", "self, key, value, /", set, ""),
];

#[inline]
pub(super) fn this(py: Py<'_>, args: Args<'_>) -> R<Object> {
    py.native_self(args.at(0), &ELEMENT)
}
fn new(py: Py<'_>, args: Args<'_>) -> R {
    let o = py.new_native_of(args.at(0), &ELEMENT)?;
    for word in [word::TAG, word::TEXT, word::TAIL] {
        o.init(word, Value::NONE);
    }
    Ok(o.value())
}
fn init(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let Some(tag) = args.opt(1) else { return py.type_error("Element() takes at least 1 argument (0 given)") };
    let attributes = element::attributes_of_call(py, args.at(2), args.at(3), "Element() argument 2")?;
    // As with CPython's, what an element has of attributes and children goes together.
    if !attributes.is_empty() {
        py.store(o, word::ATTRIBUTES, attributes);
        element::clear(py, o);
    }
    py.store(o, word::TAG, tag);
    py.store(o, word::TEXT, Value::NONE);
    py.store(o, word::TAIL, Value::NONE);
    Ok(Value::NONE)
}
fn repr(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let mut out = b"<Element ".to_vec();
    let mut is_within = true;
    py.nested(o.value(), &mut out, b"", |py, out| {
        is_within = false;
        py.repr_into(o.get(word::TAG), out)
    })?;
    if is_within {
        let class = py.class_name(o.value());
        return py.err(Exc::RuntimeError, &format!("reentrant call inside {class}.__repr__"));
    }
    out.extend_from_slice(format!(" at {}>", py.address_text(o.value())).as_bytes());
    py.str_from_wtf8(&out).map(Object::value)
}
fn field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    Ok(this(py, args)?.get(word))
}
/// The value that an attribute is set to.
fn value(py: Py<'_>, args: Args<'_>) -> R {
    if args.at(1).is_empty() { py.err(Exc::AttributeError, "can't delete element attribute") } else { Ok(args.at(1)) }
}
fn set_field(py: Py<'_>, args: Args<'_>, word: usize) -> R {
    let o = this(py, args)?;
    py.store(o, word, value(py, args)?);
    Ok(Value::NONE)
}
fn attributes(py: Py<'_>, args: Args<'_>) -> R {
    element::attributes(py, this(py, args)?).map(Object::value)
}
fn set_attributes(py: Py<'_>, args: Args<'_>) -> R {
    let (o, v) = (this(py, args)?, value(py, args)?);
    if py.as_dict(v).is_none() {
        return py.type_error(&format!("attrib must be dict, not {}", py.class_name(v)));
    }
    py.store(o, word::ATTRIBUTES, v);
    Ok(Value::NONE)
}
fn append(py: Py<'_>, args: Args<'_>) -> R {
    let (o, v) = (this(py, args)?, args.at(1));
    if as_element(py, v).is_none() {
        return expected_element(py, "append() argument 1", v);
    }
    element::push(py, o, v)?;
    Ok(Value::NONE)
}
fn clear(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    element::clear(py, o);
    py.store(o, word::ATTRIBUTES, Value::EMPTY);
    py.store(o, word::TEXT, Value::NONE);
    py.store(o, word::TAIL, Value::NONE);
    Ok(Value::NONE)
}
fn extend(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let items = super::element_items::sequence(py, args.at(1))?;
    let mut i = 0;
    while let Some(v) = python_objects::list::get(items, i) {
        check_child(py, v)?;
        element::push(py, o, v)?;
        i += 1;
    }
    Ok(Value::NONE)
}
fn get(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let default = args.opt(2).unwrap_or(Value::NONE);
    match Object::from_value(o.get(word::ATTRIBUTES)) {
        Some(d) => Ok(py.dict_get(d, args.at(1))?.unwrap_or(default)),
        None => Ok(default),
    }
}
fn set(py: Py<'_>, args: Args<'_>) -> R {
    let d = element::attributes(py, this(py, args)?)?;
    py.dict_set(d, args.at(1), args.at(2))?;
    Ok(Value::NONE)
}
fn insert(py: Py<'_>, args: Args<'_>) -> R {
    let o = this(py, args)?;
    let i = py.index_i64(args.at(1))?;
    if as_element(py, args.at(2)).is_none() {
        return expected_element(py, "insert() argument 2", args.at(2));
    }
    let new = Object::of(py.list(&[args.at(2)])?);
    let n = element::length(o) as i64;
    let at = if i < 0 { i.saturating_add(n).max(0) } else { i.min(n) } as usize;
    element::splice(py, o, at, at, Some(new))?;
    Ok(Value::NONE)
}
/// A list of something of each attribute.
fn entries(py: Py<'_>, args: Args<'_>, get: fn(Py<'_>, Value, Value) -> R) -> R {
    let Some(d) = Object::from_value(this(py, args)?.get(word::ATTRIBUTES)) else {
        return py.new_list(0).map(Object::value);
    };
    let (l, mut i) = (py.new_list(python_objects::dict::length(d))?, 0);
    while let Some((at, key, value)) = python_objects::dict::next_entry(d, i) {
        i = at + 1;
        py.list_push(l, get(py, key, value)?)?;
    }
    Ok(l.value())
}
fn make_element(py: Py<'_>, args: Args<'_>) -> R {
    this(py, args)?;
    let Some(given) = py.as_dict(args.at(2)) else {
        let class = element::shown_class(py, args.at(2));
        return py.type_error(&format!("makeelement() argument 2 must be dict, not {class}"));
    };
    let attributes = element::copied(py, given, None)?;
    Ok(element::make(py, &*super::kept::get(py)?, args.at(1), attributes)?.value())
}
/// Removes a child: the very one, or the first that equals it.
fn remove(py: Py<'_>, args: Args<'_>) -> R {
    let (o, v) = (this(py, args)?, args.at(1));
    if as_element(py, v).is_none() {
        return expected_element(py, "remove() argument", v);
    }
    let mut found = (0..element::length(o)).find(|i| child(o, *i).is_some_and(|c| c.value() == v));
    let mut i = 0;
    while found.is_none()
        && let Some(c) = child(o, i)
    {
        if py.equal_or_same(c.value(), v)? {
            found = Some(i);
        }
        i += 1;
        py.poll()?;
    }
    // Comparing may have changed the children.
    match found.filter(|i| *i < element::length(o)) {
        Some(i) => element::splice(py, o, i, i + 1, None)?,
        None => return py.value_error("list.remove(x): x not in list"),
    }
    Ok(Value::NONE)
}
