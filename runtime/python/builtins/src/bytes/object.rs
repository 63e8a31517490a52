//! `bytes` and `bytearray`: what every sequence has.

use super::{RANGE, buffer, byte, made, made_with, this};
use crate::wrappers::repetitions;
use python_objects::kind::Kind;
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Native, Py, R, Value};
use python_text::{Units, find};

pub(super) static METHODS: &[Native] = &[
    Native::wrapper("__contains__", "self, key, /", contains, "Return key in self."),
    Native::wrapper("__getitem__", "self, key, /", get_item, "Return self[key]."),
    Native::wrapper("__add__", "self, value, /", add, "Return self+value."),
    Native::wrapper("__mul__", "self, value, /", multiply, "Return self*value."),
    Native::wrapper("__rmul__", "self, value, /", multiply, "Return value*self."),
];

pub(super) static SIZE: &[Native] =
    &[Native::method("__sizeof__", "self, /", size, "Returns the size of the object in memory, in bytes.")];

fn contains(py: Py<'_>, args: Args<'_>) -> R {
    let key = args.at(1);
    if py.as_int(key).is_some() || py.content_of(key).is_none() && py.special(key, sym::INDEX).is_some() {
        let b = byte(py, key, RANGE)?;
        return Ok(Value::bool(this(py, args)?.contains(&b)));
    }
    let needle = buffer(py, key)?;
    let found = find::contains(Units::One(&this(py, args)?), Units::One(&needle), &mut py.work());
    found.map(Value::bool).map_err(|e| py.interrupted(e))
}

fn get_item(py: Py<'_>, args: Args<'_>) -> R {
    let key = args.at(1);
    let is_array = py.kind(args.at(0)) == Kind::BYTEARRAY;
    if let Some(slice) = py.as_slice(key) {
        let bounds = py.slice_bounds(slice)?;
        let content = this(py, args)?;
        let selection = bounds.fit(content.len());
        if selection.step == 1 {
            return made(py, args, &content[selection.range()]);
        }
        let (mut indices, mut picked) = (selection.indices(), Vec::with_capacity(selection.count));
        py.in_pieces(selection.count, |a, b| picked.extend(indices.by_ref().take(b - a).map(|i| content[i])))?;
        return made(py, args, &picked);
    }
    if py.as_int(key).is_none() && py.special(key, sym::INDEX).is_none() {
        let name = if is_array { "bytearray" } else { "byte" };
        return py.type_error(&format!("{name} indices must be integers or slices, not {}", py.class_name(key)));
    }
    let i = py.index_fitting(key, Exc::IndexError)?;
    if is_array {
        let b = python_objects::Object::of(args.at(0));
        let i = py.checked_index(i, python_objects::bytes::array_length(b), "bytearray index out of range")?;
        return Ok(Value::int(i64::from(py.bytearray_get(b, i))));
    }
    let content = this(py, args)?;
    let i = py.checked_index(i, content.len(), "index out of range")?;
    Ok(Value::int(i64::from(content[i])))
}

fn add(py: Py<'_>, args: Args<'_>) -> R {
    let (this, Some(other)) = (this(py, args)?, py.content_of(args.at(1))) else {
        let own = if py.kind(args.at(0)) == Kind::BYTEARRAY { "bytearray" } else { "bytes" };
        return py.type_error(&format!("can't concat {} to {own}", py.class_name(args.at(1))));
    };
    if py.kind(args.at(0)) == Kind::BYTEARRAY {
        return made_with(py, args, |out| {
            out.push_units(Units::One(&this));
            out.push_units(Units::One(&other));
        });
    }
    Ok(py.bytes_joined(&this, &other)?.value())
}

fn multiply(py: Py<'_>, args: Args<'_>) -> R {
    let n = repetitions(py, args.at(1))?;
    if n == 1
        && let Some(exact) = py.as_bytes(args.at(0)).filter(|o| o.value() == args.at(0))
    {
        return Ok(exact.value());
    }
    let content = this(py, args)?;
    py.check_bits(content.len() as u128 * n as u128 * 8)?;
    if py.kind(args.at(0)) == Kind::BYTEARRAY {
        return Ok(py.bytearray_repeated(&content, n)?.value());
    }
    Ok(py.bytes_repeated(&content, n)?.value())
}

fn size(py: Py<'_>, args: Args<'_>) -> R {
    // As CPython counts: a header, and a zero behind the content.
    let n = this(py, args)?.len();
    py.int_usize(if n == 0 { 56 } else { 57 + n })
}
