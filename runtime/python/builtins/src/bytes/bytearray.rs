//! `bytearray`: construction, and the methods that change it.

use super::construct::{Source, content_from, content_of_iterable};
use super::{RANGE, byte, this};
use crate::wrappers::repetitions;
use crate::wrappers::{new_class, wrong_self};
use python_objects::bytes::array_length;
use python_objects::kind::{Kind, class};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Object, Py, R, Value};

pub(super) static METHODS: &[Native] = &[
    Native::static_method("__new__", "cls, *args, **kwargs", new, "Create and return a new object."),
    Native::wrapper("__init__", "self, /, source=b'', encoding='utf-8', errors='strict'", init, "Initialize self."),
    Native::wrapper("__setitem__", "self, key, value, /", set_item, "Set self[key] to value."),
    Native::wrapper("__delitem__", "self, key, /", |py, a| assign(py, a, None), "Delete self[key]."),
    Native::wrapper("__iadd__", "self, value, /", add_in_place, "Implement self+=value."),
    Native::wrapper("__imul__", "self, value, /", multiply_in_place, "Implement self*=value."),
    Native::method("append", "self, item, /", append, "Append a single item to the end of the bytearray."),
    Native::method(
        "extend",
        "self, iterable_of_ints, /",
        extend,
        "Append all the items from the iterable to the end of the bytearray.",
    ),
    Native::method(
        "insert",
        "self, index, item, /",
        insert,
        "Insert a single item into the bytearray before the given index.",
    ),
    Native::method("pop", "self, index=-1, /", pop, "Remove and return a single item from the bytearray."),
    Native::method("remove", "self, value, /", remove, "Remove the first occurrence of a value in the bytearray."),
    Native::method("reverse", "self, /", reverse, "Reverse the order of the values in place."),
    Native::method("clear", "self, /", clear, "Remove all items from the bytearray."),
    Native::method("copy", "self, /", copy, "Return a copy of the bytearray."),
    Native::method("__alloc__", "self, /", allocated, "Return the number of bytes actually allocated."),
    Native::method("__reduce__", "self, /", |py, a| reduce(py, a, 2), "Return state information for pickling."),
    Native::method(
        "__reduce_ex__",
        "self, proto=0, /",
        |py, a| {
            let protocol = match a.opt(1) {
                Some(v) => py.index_i32(v)?,
                None => 0,
            };
            reduce(py, a, protocol)
        },
        "Return state information for pickling.",
    ),
];

/// The bytearray itself.
fn array(py: Py<'_>, args: Args<'_>) -> R<Object> {
    match py.of_kind(args.at(0), Kind::BYTEARRAY) {
        Some(b) => Ok(b),
        None => wrong_self(py, args.at(0)),
    }
}

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = new_class(py, args.at(0), class::BYTEARRAY)?;
    Ok(py.alloc_instance(class)?.value())
}

fn init(py: Py<'_>, args: Args<'_>) -> R {
    let b = array(py, args)?;
    let fresh = match content_from(py, args, RANGE)? {
        Source::Content(content) => py.bytearray(&content)?,
        Source::Zeros(n) => py.bytearray_zeroed(n)?,
    };
    py.bytearray_adopt(b, fresh)?;
    Ok(Value::NONE)
}

fn set_item(py: Py<'_>, args: Args<'_>) -> R {
    assign(py, args, Some(args.at(2)))
}

/// What may be assigned to a slice.
fn assigned(py: Py<'_>, v: Value) -> R<Vec<u8>> {
    const REFUSED: &str = "can assign only bytes, buffers, or iterables of ints in range(0, 256)";
    if py.content_of(v).is_none() && (py.as_int(v).is_some() || py.kind(v) == Kind::STR || !has_iterator(py, v)) {
        return py.type_error(REFUSED);
    }
    content_of_iterable(py, v, RANGE)
}

fn has_iterator(py: Py<'_>, v: Value) -> bool {
    py.special(v, sym::ITER).is_some() || py.special(v, sym::GETITEM).is_some()
}

/// `self[key] = value`, or `del self[key]`.
fn assign(py: Py<'_>, args: Args<'_>, value: Option<Value>) -> R {
    let (b, key) = (array(py, args)?, args.at(1));
    let Some(slice) = py.as_slice(key) else {
        if py.as_int(key).is_none() && py.special(key, sym::INDEX).is_none() {
            return py.type_error(&format!("bytearray indices must be integers or slices, not {}", py.class_name(key)));
        }
        let i = py.index_fitting(key, Exc::IndexError)?;
        let new = match value {
            Some(v) => Some(byte(py, v, RANGE)?),
            None => None,
        };
        // Both conversions may have changed the array.
        let i = py.checked_index(i, array_length(b), "bytearray index out of range")?;
        match new {
            Some(new) => py.bytearray_write(b, i, &[new]),
            None => py.bytearray_splice(b, i, i + 1, &[])?,
        }
        return Ok(Value::NONE);
    };
    let bounds = py.slice_bounds(slice)?;
    let new = match value {
        Some(v) => assigned(py, v)?,
        None => Vec::new(),
    };
    let selection = bounds.fit(array_length(b));
    if selection.step == 1 {
        let range = selection.range();
        py.bytearray_splice(b, range.start, range.end, &new)?;
        return Ok(Value::NONE);
    }
    let mut content = py.bytearray_content(b);
    if new.is_empty() {
        let mut gone = vec![false; content.len()];
        let (mut indices, mut rest) = (selection.indices(), Vec::with_capacity(content.len() - selection.count));
        py.in_pieces(selection.count, |a, b| indices.by_ref().take(b - a).for_each(|i| gone[i] = true))?;
        py.in_pieces(content.len(), |a, b| {
            rest.extend(content[a..b].iter().zip(&gone[a..b]).filter(|(_, gone)| !**gone).map(|(b, _)| *b));
        })?;
        py.bytearray_splice(b, 0, content.len(), &rest)?;
        return Ok(Value::NONE);
    }
    if new.len() != selection.count {
        return py.value_error(&format!(
            "attempt to assign bytes of size {} to extended slice of size {}",
            new.len(),
            selection.count
        ));
    }
    let mut indices = selection.indices();
    py.in_pieces(selection.count, |a, b| new[a..b].iter().zip(&mut indices).for_each(|(b, i)| content[i] = *b))?;
    py.bytearray_write(b, 0, &content);
    Ok(Value::NONE)
}

fn add_in_place(py: Py<'_>, args: Args<'_>) -> R {
    let b = array(py, args)?;
    let Some(content) = py.content_of(args.at(1)) else {
        return py.type_error(&format!("can't concat {} to {}", py.class_name(args.at(1)), py.class_name(args.at(0))));
    };
    let n = array_length(b);
    py.bytearray_splice(b, n, n, &content)?;
    Ok(args.at(0))
}

fn multiply_in_place(py: Py<'_>, args: Args<'_>) -> R {
    let b = array(py, args)?;
    let n = repetitions(py, args.at(1))?;
    let content = py.bytearray_content(b);
    py.check_bits(content.len() as u128 * n as u128 * 8)?;
    let all = py.bytearray_repeated(&content, n)?;
    py.bytearray_adopt(b, all)?;
    Ok(args.at(0))
}

fn append(py: Py<'_>, args: Args<'_>) -> R {
    let new = byte(py, args.at(1), RANGE)?;
    let b = array(py, args)?;
    let n = array_length(b);
    py.bytearray_splice(b, n, n, &[new])?;
    Ok(Value::NONE)
}

fn extend(py: Py<'_>, args: Args<'_>) -> R {
    let v = args.at(1);
    let content = match py.content_of(v) {
        Some(content) => content.to_vec(),
        None => {
            let iterator = py.iter(v);
            let Some(iterator) = py.caught(iterator, Exc::TypeError)? else {
                return py.type_error(&format!("can't extend bytearray with {}", py.class_name(v)));
            };
            let mut out = py.text_builder();
            py.each(iterator, |item| {
                out.push(u32::from(byte(py, item, RANGE)?));
                out.refusal().map_or(Ok(()), |refused| Err(py.refused(refused)))
            })?;
            out.finish_bytes().map_err(|refused| py.refused(refused))?
        }
    };
    let b = array(py, args)?;
    let n = array_length(b);
    py.bytearray_splice(b, n, n, &content)?;
    Ok(Value::NONE)
}

fn insert(py: Py<'_>, args: Args<'_>) -> R {
    let i = py.index_i64(args.at(1))?;
    let new = byte(py, args.at(2), RANGE)?;
    let b = array(py, args)?;
    let n = array_length(b);
    let at = if i < 0 { i.saturating_add(n as i64).max(0) } else { i.min(n as i64) } as usize;
    py.bytearray_splice(b, at, at, &[new])?;
    Ok(Value::NONE)
}

fn pop(py: Py<'_>, args: Args<'_>) -> R {
    let i = match args.opt(1) {
        Some(v) => py.index_i64(v)?,
        None => -1,
    };
    let b = array(py, args)?;
    let n = array_length(b);
    if n == 0 {
        return py.err(Exc::IndexError, "pop from empty bytearray");
    }
    let i = py.checked_index(i, n, "pop index out of range")?;
    let popped = py.bytearray_get(b, i);
    py.bytearray_splice(b, i, i + 1, &[])?;
    Ok(Value::int(i64::from(popped)))
}

fn remove(py: Py<'_>, args: Args<'_>) -> R {
    let gone = byte(py, args.at(1), RANGE)?;
    let b = array(py, args)?;
    match py.bytearray_content(b).iter().position(|b| *b == gone) {
        Some(i) => {
            py.bytearray_splice(b, i, i + 1, &[])?;
            Ok(Value::NONE)
        }
        None => py.value_error("value not found in bytearray"),
    }
}

fn reverse(py: Py<'_>, args: Args<'_>) -> R {
    let b = array(py, args)?;
    let content = py.bytearray_content(b);
    let mut reversed = Vec::with_capacity(content.len());
    let mut rest = content.iter().rev();
    py.in_pieces(content.len(), |a, b| reversed.extend(rest.by_ref().take(b - a)))?;
    py.bytearray_write(b, 0, &reversed);
    Ok(Value::NONE)
}

fn clear(py: Py<'_>, args: Args<'_>) -> R {
    let b = array(py, args)?;
    py.bytearray_splice(b, 0, array_length(b), &[])?;
    Ok(Value::NONE)
}

fn copy(py: Py<'_>, args: Args<'_>) -> R {
    Ok(py.bytearray(&this(py, args)?)?.value())
}

fn allocated(py: Py<'_>, args: Args<'_>) -> R {
    let b = array(py, args)?;
    // One more, as for the zero that CPython keeps behind the content.
    py.int_usize(python_objects::bytes::array_buffer(b).map_or(0, Object::length) + 1)
}

fn reduce(py: Py<'_>, args: Args<'_>, protocol: i32) -> R {
    let b = array(py, args)?;
    let content = py.bytearray_content(b);
    let arguments = if content.is_empty() {
        py.empty_tuple()
    } else if protocol < 3 {
        let mut text = py.text_builder();
        text.push_units(python_text::Units::One(&content));
        let (text, encoding) = (py.finish_text(text)?.value(), py.str("latin-1")?);
        py.tuple(&[text, encoding])?
    } else {
        let content = py.bytes(&content)?.value();
        py.tuple(&[content])?
    };
    let state = py.call_method(args.at(0), sym::GETSTATE, &[])?;
    py.tuple(&[py.class_of(args.at(0)).value(), arguments, state])
}
