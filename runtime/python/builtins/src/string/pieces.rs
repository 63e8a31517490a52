//! `str`: splitting and joining.

use super::{plain_text, this};
use crate::text::most;
use python_objects::py::root;
use python_objects::{Args, Exc, Kind, Native, Object, Py, R, Value, list, string};
use python_text::{Alphabet, find, split};
use std::ops::Range;

pub(super) static METHODS: &[Native] = &[
    Native::method(
        "split",
        "self, /, sep=None, maxsplit=-1",
        split_left,
        "A list of the substrings between separators, from the left.",
    ),
    Native::method(
        "rsplit",
        "self, /, sep=None, maxsplit=-1",
        split_right,
        "A list of the substrings between separators, split from the right.",
    ),
    Native::method("splitlines", "self, /, keepends=False", split_lines, "A list of the lines."),
    Native::method(
        "partition",
        "self, sep, /",
        |py, a| partition(py, a, false),
        "The part before the first separator, the separator, and the part after it.",
    ),
    Native::method(
        "rpartition",
        "self, sep, /",
        |py, a| partition(py, a, true),
        "The part before the last separator, the separator, and the part after it.",
    ),
    Native::method("join", "self, iterable, /", join, "The strings of an iterable with this one between them."),
];

/// A list of the substrings in these ranges.
fn substrings(py: Py<'_>, s: Object, ranges: impl Iterator<Item = Range<usize>>) -> R<Object> {
    let l = py.new_list(0)?;
    for (i, range) in ranges.enumerate() {
        let piece = py.substring(s, range.start, range.end)?;
        py.list_push(l, piece.value())?;
        if i & 0xFFF == 0xFFF {
            py.poll()?;
        }
    }
    Ok(l)
}

fn separator(py: Py<'_>, v: Option<Value>) -> R<Option<Object>> {
    match v {
        None => Ok(None),
        Some(v) => match string::exact_or_payload(py, v) {
            Some(s) => Ok(Some(s)),
            None => py.type_error(&format!("must be str or None, not {}", py.class_name(v))),
        },
    }
}

fn split_left(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    let most = most(py, args.opt(2))?;
    let units = string::units(s);
    let Some(separator) = separator(py, args.some(1))? else {
        return Ok(substrings(py, s, split::split_words(units, Alphabet::Unicode, most))?.value());
    };
    match split::split(units, string::units(separator), most) {
        Some(ranges) => Ok(substrings(py, s, ranges)?.value()),
        None => py.value_error("empty separator"),
    }
}

fn split_right(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    let most = most(py, args.opt(2))?;
    let units = string::units(s);
    let l = match separator(py, args.some(1))? {
        None => substrings(py, s, split::rsplit_words(units, Alphabet::Unicode, most))?,
        Some(separator) => match split::rsplit(units, string::units(separator), most) {
            Some(ranges) => substrings(py, s, ranges)?,
            None => return py.value_error("empty separator"),
        },
    };
    reverse(py, l);
    Ok(l.value())
}

/// Turns a list that only the caller knows around.
pub(crate) fn reverse(py: Py<'_>, l: Object) {
    let n = list::length(l);
    for i in 0..n / 2 {
        let (a, b) = (list::item(l, i), list::item(l, n - 1 - i));
        py.list_set(l, i, b);
        py.list_set(l, n - 1 - i, a);
    }
}

fn split_lines(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    let keep = match args.opt(1) {
        Some(v) => py.truth(v)?,
        None => false,
    };
    Ok(substrings(py, s, split::split_lines(string::units(s), Alphabet::Unicode, keep))?.value())
}

fn partition(py: Py<'_>, args: Args<'_>, from_right: bool) -> R {
    let (s, separator) = (this(py, args)?, plain_text(py, args.at(1))?);
    if string::length(separator) == 0 {
        return py.value_error("empty separator");
    }
    let (text, needle) = (string::units(s), string::units(separator));
    let at = if from_right { find::rfind(text, needle) } else { find::find(text, needle) };
    let empty = py.root(root::EMPTY_STRING);
    match at {
        Some(i) => {
            let before = py.substring(s, 0, i)?.value();
            let after = py.substring(s, i + string::length(separator), string::length(s))?.value();
            py.tuple(&[before, separator.value(), after])
        }
        None if from_right => py.tuple(&[empty, empty, s.value()]),
        None => py.tuple(&[s.value(), empty, empty]),
    }
}

fn join(py: Py<'_>, args: Args<'_>) -> R {
    let s = this(py, args)?;
    Ok(join_strings(py, s, args.at(1))?.value())
}

/// `separator.join(iterable)`
fn join_strings(py: Py<'_>, separator: Object, iterable: Value) -> R<Object> {
    // A tuple: Python code that runs meanwhile cannot change it.
    let items = match joinable(py, iterable)? {
        Some(items) => items,
        None => return py.type_error("can only join an iterable"),
    };
    let n = items.length();
    let (mut total, mut most) = (0u128, if n > 1 { string::most(separator) } else { 0 });
    for i in 0..n {
        let Some(piece) = string::exact_or_payload(py, items.element(i)) else {
            return py.type_error(&format!(
                "sequence item {i}: expected str instance, {} found",
                py.class_name(items.element(i))
            ));
        };
        total += string::length(piece) as u128;
        most = most.max(string::most(piece));
    }
    if n == 0 {
        return Ok(Object::of(py.root(root::EMPTY_STRING)));
    }
    if n == 1
        && let Some(only) = string::exact_or_payload(py, items.element(0))
    {
        return Ok(only);
    }
    total += string::length(separator) as u128 * (n as u128 - 1);
    py.check_bits(total * 8)?;
    if total == 0 {
        return Ok(Object::of(py.root(root::EMPTY_STRING)));
    }
    let mut b = py.str_builder(total as usize, most)?;
    for i in 0..n {
        if i > 0 {
            b.push_units(string::units(separator));
        }
        if let Some(piece) = string::exact_or_payload(py, items.element(i)) {
            b.push_units(string::units(piece));
        }
    }
    Ok(b.finish())
}

/// The items of an iterable as a tuple; `None` if it is none.
pub(crate) fn joinable(py: Py<'_>, iterable: Value) -> R<Option<Object>> {
    if matches!(py.kind(iterable), Kind::LIST | Kind::TUPLE) {
        return py.tuple_from(iterable).map(Some);
    }
    let iterator = py.iter(iterable);
    match py.caught(iterator, Exc::TypeError)? {
        Some(iterator) => py.tuple_from(iterator).map(Some),
        None => Ok(None),
    }
}
