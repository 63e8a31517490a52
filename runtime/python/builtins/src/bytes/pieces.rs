//! `bytes` and `bytearray`: splitting and joining.

use super::{buffer, finished, made, this};
use crate::string::{joinable, reverse};
use crate::text::most;
use python_objects::{Args, Native, Object, Py, R, Value};
use python_text::{Alphabet, Units, find, split};
use std::ops::Range;

pub(super) static METHODS: &[Native] = &[
    Native::method(
        "split",
        "self, /, sep=None, maxsplit=-1",
        split_left,
        "A list of the sections between separators, from the left.",
    ),
    Native::method(
        "rsplit",
        "self, /, sep=None, maxsplit=-1",
        split_right,
        "A list of the sections between separators, split from the right.",
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
    Native::method("join", "self, iterable_of_bytes, /", join, "The bytes of an iterable with these between them."),
];

/// A list of the parts in these ranges, of the kind of `self`.
fn sections(py: Py<'_>, args: Args<'_>, content: &[u8], ranges: impl Iterator<Item = Range<usize>>) -> R<Object> {
    let l = py.new_list(0)?;
    for (i, range) in ranges.enumerate() {
        let piece = made(py, args, &content[range])?;
        py.list_push(l, piece)?;
        if i & 0xFFF == 0xFFF {
            py.poll()?;
        }
    }
    Ok(l)
}

fn split_left(py: Py<'_>, args: Args<'_>) -> R {
    let most = most(py, args.opt(2))?;
    let content = this(py, args)?;
    let units = Units::One(&content);
    let Some(separator) = args.some(1) else {
        return Ok(sections(py, args, &content, split::split_words(units, Alphabet::Ascii, most))?.value());
    };
    let separator = buffer(py, separator)?;
    match split::split(units, Units::One(&separator), most) {
        Some(ranges) => Ok(sections(py, args, &content, ranges)?.value()),
        None => py.value_error("empty separator"),
    }
}

fn split_right(py: Py<'_>, args: Args<'_>) -> R {
    let most = most(py, args.opt(2))?;
    let content = this(py, args)?;
    let units = Units::One(&content);
    let l = match args.some(1) {
        None => sections(py, args, &content, split::rsplit_words(units, Alphabet::Ascii, most))?,
        Some(separator) => {
            let separator = buffer(py, separator)?;
            match split::rsplit(units, Units::One(&separator), most) {
                Some(ranges) => sections(py, args, &content, ranges)?,
                None => return py.value_error("empty separator"),
            }
        }
    };
    reverse(py, l);
    Ok(l.value())
}

fn split_lines(py: Py<'_>, args: Args<'_>) -> R {
    let keep = match args.opt(1) {
        Some(v) => py.truth(v)?,
        None => false,
    };
    let content = this(py, args)?;
    let ranges = split::split_lines(Units::One(&content), Alphabet::Ascii, keep);
    Ok(sections(py, args, &content, ranges)?.value())
}

fn partition(py: Py<'_>, args: Args<'_>, from_right: bool) -> R {
    let separator = buffer(py, args.at(1))?;
    if separator.is_empty() {
        return py.value_error("empty separator");
    }
    let content = this(py, args)?;
    let (text, needle) = (Units::One(&content), Units::One(&separator));
    let at = if from_right { find::rfind(text, needle) } else { find::find(text, needle) };
    let parts: [&[u8]; 3] = match at {
        Some(i) => [&content[..i], &separator, &content[i + separator.len()..]],
        None if from_right => [&[], &[], &content],
        None => [&content, &[], &[]],
    };
    let (a, b, c) = (made(py, args, parts[0])?, made(py, args, parts[1])?, made(py, args, parts[2])?);
    py.tuple(&[a, b, c])
}

fn join(py: Py<'_>, args: Args<'_>) -> R {
    let Some(items) = joinable(py, args.at(1))? else { return py.type_error("can only join an iterable") };
    let separator = this(py, args)?;
    let mut out = py.text_builder();
    for i in 0..items.length() {
        let item: Value = items.element(i);
        let Some(piece) = py.content_of(item) else {
            return py.type_error(&format!(
                "sequence item {i}: expected a bytes-like object, {} found",
                py.class_name(item)
            ));
        };
        if i > 0 {
            out.push_units(Units::One(&separator));
        }
        out.push_units(Units::One(&piece));
    }
    finished(py, args, out)
}
