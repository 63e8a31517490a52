//! `str`: construction, and what every sequence has.

use super::{optional_text, this};
use crate::wrappers::{new_class, repetitions};
use python_algorithms::work::BLOCK;
use python_objects::kind::{Kind, class};
use python_objects::py::root;
use python_objects::{Args, Exc, Native, Object, Py, R, Value, string};
use python_text::find;

pub(super) static METHODS: &[Native] = &[
    Native::static_method(
        "__new__",
        "cls, object='', encoding='utf-8', errors='strict'",
        new,
        "Create and return a new object.",
    ),
    Native::wrapper("__str__", "self, /", |py, a| Ok(this(py, a)?.value()), "Return str(self)."),
    Native::wrapper("__contains__", "self, key, /", contains, "Return key in self."),
    Native::wrapper("__getitem__", "self, key, /", get_item, "Return self[key]."),
    Native::wrapper("__add__", "self, value, /", add, "Return self+value."),
    Native::wrapper("__mul__", "self, value, /", multiply, "Return self*value."),
    Native::wrapper("__rmul__", "self, value, /", multiply, "Return value*self."),
    Native::method("__getnewargs__", "self, /", new_arguments, ""),
    Native::method("__sizeof__", "self, /", size, "Return the size of the string in memory, in bytes."),
];

fn new(py: Py<'_>, args: Args<'_>) -> R {
    let class = new_class(py, args.at(0), class::STR)?;
    let encoding = optional_text(py, args.opt(2), "str() argument 'encoding'")?;
    let errors = optional_text(py, args.opt(3), "str() argument 'errors'")?;
    let Some(v) = args.opt(1) else { return py.box_instance(class, py.root(root::EMPTY_STRING)) };
    let s = if encoding.is_none() && errors.is_none() {
        let s = py.str_of(v)?;
        if class.value() == py.root(class::STR) {
            // `str(v)` may be an instance of a subclass, if that is what `__str__` returned.
            return Ok(s.value());
        }
        string::exact_or_payload(py, s.value()).unwrap_or(s)
    } else {
        if py.kind(v) == Kind::STR {
            return py.type_error("decoding str is not supported");
        }
        let Some(content) = py.content_of(v) else {
            return py.type_error(&format!("decoding to str: need a bytes-like object, {} found", py.class_name(v)));
        };
        super::decode(py, v, &content, encoding, errors)?
    };
    py.box_instance(class, s.value())
}

fn contains(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    match py.units_of(args.at(1)) {
        Some(needle) => {
            let found = find::contains(string::units(s), needle, &mut py.work());
            found.map(Value::bool).map_err(|e| py.interrupted(e))
        }
        None => {
            py.type_error(&format!("'in <string>' requires string as left operand, not {}", py.class_name(args.at(1))))
        }
    }
}

fn get_item(py: Py<'_>, args: Args<'_>) -> R {
    let (s, key) = (this(py, args)?, args.at(1));
    let n = string::length(s);
    if let Some(slice) = py.as_slice(key) {
        let selection = py.slice_indices(slice, n)?;
        if selection.step == 1 {
            let range = selection.range();
            return Ok(py.substring(s, range.start, range.end)?.value());
        }
        let units = string::units(s);
        return Ok(py
            .text_with(|out| {
                for i in selection.indices() {
                    out.push(units.get(i).unwrap_or_default());
                    if out.refuses() {
                        return;
                    }
                }
            })?
            .value());
    }
    if py.as_int(key).is_none() && py.special(key, python_objects::symbol::sym::INDEX).is_none() {
        return py.type_error(&format!("string indices must be integers, not '{}'", py.class_name(key)));
    }
    let i = py.checked_index(py.index_fitting(key, Exc::IndexError)?, n, "string index out of range")?;
    Ok(py.character(string::at(s, i))?.value())
}

fn add(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    match string::exact_or_payload(py, args.at(1)) {
        Some(other) => Ok(py.concat(s, other)?.value()),
        None => py.type_error(&format!("can only concatenate str (not \"{}\") to str", py.class_name(args.at(1)))),
    }
}

fn multiply(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    let n = repetitions(py, args.at(1))?;
    Ok(repeat(py, s, n)?.value())
}

fn repeat(py: Py<'_>, s: Object, n: usize) -> R<Object> {
    let length = string::length(s);
    if length == 0 || n == 0 {
        return Ok(Object::of(py.root(root::EMPTY_STRING)));
    }
    if n == 1 {
        return Ok(s);
    }
    let all = length as u128 * n as u128;
    py.check_bits(all * 8)?;
    if let Some(text) = string::ascii(s)
        && all < BLOCK as u128
    {
        return py.ascii_with(all as usize, |to| match *text.as_bytes() {
            [byte] => to.fill(byte),
            ref text => to.chunks_exact_mut(length).for_each(|part| part.copy_from_slice(text)),
        });
    }
    let mut b = py.str_builder(all as usize, string::most(s))?;
    // In long pieces of whole repetitions.
    let piece = (BLOCK / length).max(1);
    for from in (0..n).step_by(piece) {
        let count = piece.min(n - from);
        if length == 1 {
            b.push_repeated(string::at(s, 0), count);
        } else {
            for _ in 0..count {
                py.push_units(&mut b, string::units(s))?;
            }
        }
        py.poll()?;
    }
    Ok(b.finish())
}

/// A copy, as CPython has it.
fn new_arguments(py: Py<'_>, args: Args<'_>) -> R {
    let copy = py.str_from_units(string::units(this(py, args)?))?;
    py.tuple(&[copy.value()])
}

fn size(py: Py<'_>, args: Args<'_>) -> R {
    // As CPython 3.12 counts: a header, and one more unit than there are characters.
    let s = this(py, args)?;
    let (header, width) = match string::units(s) {
        _ if string::is_ascii(s) => (40, 1),
        string::Units::One(_) => (56, 1),
        string::Units::Two(_) => (56, 2),
        string::Units::Four(_) => (56, 4),
    };
    py.int_usize(header + (string::length(s) + 1) * width)
}
